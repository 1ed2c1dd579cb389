//! Exclusive canonicalization without comments (Exclusive XML Canonicalization 1.0).
//!
//! Linear in what is read and written: the namespaces that the output declared on the way from the
//! apex to an element are one stack, and limits keep it short.

use roxmltree::{Attribute, Node};

use crate::escape;

/// The canonical form of an element and all in it; of any other node, nothing.
pub fn canonical(element: Node<'_, '_>) -> String {
    write(element, None, &[])
}

/// The same, with the prefixes of `InclusiveNamespaces` treated as Canonical XML 1.0 would, that is,
/// declared where they are in scope even if nothing uses them (section 3). `#default` stands for the
/// default namespace.
pub fn canonical_with_prefixes(element: Node<'_, '_>, prefixes: &[&str]) -> String {
    write(element, None, prefixes)
}

/// The same without one element, which is what the enveloped-signature transform leaves out (XML
/// Signature 1.1 section 6.6.4).
pub(crate) fn canonical_without(element: Node<'_, '_>, without: Node<'_, '_>, prefixes: &[&str]) -> String {
    write(element, Some(without), prefixes)
}

fn write(apex: Node<'_, '_>, without: Option<Node<'_, '_>>, prefixes: &[&str]) -> String {
    if !apex.is_element() {
        return String::new();
    }
    let mut canonical = Canonical {
        octets: String::with_capacity(apex.range().len() + 512),
        source: apex.document().input_text(),
        prefixes,
        rendered: Vec::new(),
        marks: Vec::new(),
        visible: Vec::new(),
        attributes: Vec::new(),
    };
    let mut node = apex;
    loop {
        if Some(node) != without {
            canonical.begin(node);
            if let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            canonical.end(node);
        }
        loop {
            if node == apex {
                return canonical.octets;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return canonical.octets };
            node = parent;
            canonical.end(node);
        }
    }
}

struct Canonical<'a, 'i> {
    octets: String,
    /// What was parsed: the tree knows no prefixes, but where each name stands.
    source: &'a str,
    prefixes: &'a [&'a str],
    /// Prefix and namespace of each declaration that was written from the apex to here.
    rendered: Vec<(&'a str, &'a str)>,
    /// For each open element, how many of them there were before it.
    marks: Vec<usize>,
    /// Of one element, the declarations to write; kept for its memory, as the next.
    visible: Vec<(&'a str, &'a str)>,
    attributes: Vec<Attribute<'a, 'i>>,
}

impl<'a, 'i: 'a> Canonical<'a, 'i> {
    fn begin(&mut self, node: Node<'a, 'i>) {
        if node.is_element() {
            self.start_tag(node);
        } else if let Some(text) = node.text().filter(|_| node.is_text()) {
            escape::text(text, &mut self.octets);
        } else if let Some(instruction) = node.pi() {
            self.octets.push_str("<?");
            self.octets.push_str(instruction.target);
            if let Some(value) = instruction.value {
                self.octets.push(' ');
                // The parser leaves the line ends of an instruction as they are (XML 1.0 section 2.11).
                self.octets.push_str(&value.replace("\r\n", "\n"));
            }
            self.octets.push_str("?>");
        }
    }

    fn end(&mut self, node: Node<'a, 'i>) {
        if node.is_element() {
            self.octets.push_str("</");
            self.octets.push_str(self.qualified_name(node));
            self.octets.push('>');
            self.rendered.truncate(self.marks.pop().unwrap_or(0));
        }
    }

    fn start_tag(&mut self, element: Node<'a, 'i>) {
        self.marks.push(self.rendered.len());
        let name = self.qualified_name(element);
        self.octets.push('<');
        self.octets.push_str(name);
        self.see(prefix(name), element.tag_name().namespace().unwrap_or_default());
        for attribute in element.attributes() {
            if let Some(namespace) = attribute.namespace() {
                self.see(self.attribute_prefix(&attribute), namespace);
            }
            self.attributes.push(attribute);
        }
        for prefix in self.prefixes {
            if *prefix == "#default" {
                self.see("", element.lookup_namespace_uri(None).unwrap_or_default());
            } else if let Some(namespace) = element.lookup_namespace_uri(Some(prefix)) {
                self.see(prefix, namespace);
            }
        }
        self.write_namespaces();
        self.write_attributes();
        self.octets.push('>');
    }

    /// Notes a declaration to be written, unless the output has it already (section 3, step 3.2).
    fn see(&mut self, prefix: &'a str, namespace: &'a str) {
        let above = self.rendered.iter().rev().find(|(above, _)| *above == prefix).map(|(_, namespace)| *namespace);
        // Without any declaration the default is none, and `xml` is what it is.
        let is_known = above == Some(namespace) || above.is_none() && namespace.is_empty() || prefix == "xml";
        if !is_known && !self.visible.iter().any(|(seen, _)| *seen == prefix) {
            self.visible.push((prefix, namespace));
        }
    }

    /// Sorted by prefix, the default first (Canonical XML 1.0 section 2.2).
    fn write_namespaces(&mut self) {
        self.visible.sort_unstable();
        for (prefix, namespace) in self.visible.drain(..) {
            self.octets.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.octets.push_str(prefix);
            self.octets.push_str("=\"");
            escape::attribute(namespace, &mut self.octets);
            self.octets.push('"');
            self.rendered.push((prefix, namespace));
        }
    }

    /// Sorted by namespace, those without first, then by local name.
    fn write_attributes(&mut self) {
        let mut attributes = std::mem::take(&mut self.attributes);
        if attributes.len() > 1 {
            attributes.sort_unstable_by_key(|attribute| (attribute.namespace(), attribute.name()));
        }
        for attribute in &attributes {
            self.octets.push(' ');
            if attribute.namespace().is_some() {
                self.octets.push_str(self.attribute_prefix(attribute));
                self.octets.push(':');
            }
            self.octets.push_str(attribute.name());
            self.octets.push_str("=\"");
            escape::attribute(attribute.value(), &mut self.octets);
            self.octets.push('"');
        }
        attributes.clear();
        self.attributes = attributes;
    }

    /// The name as it was written, which ends where its tag goes on.
    fn qualified_name(&self, element: Node<'a, 'i>) -> &'a str {
        let written = &self.source[element.range().start + 1..];
        let end = written.find([' ', '\t', '\r', '\n', '/', '>']).unwrap_or(written.len());
        &written[..end]
    }

    /// The prefix of an attribute that is in a namespace, as it was written.
    fn attribute_prefix(&self, attribute: &Attribute<'a, 'i>) -> &'a str {
        prefix(&self.source[attribute.range().start..])
    }
}

fn prefix(name: &str) -> &str {
    name.find([':', '=']).filter(|at| name[*at..].starts_with(':')).map_or("", |at| &name[..at])
}
