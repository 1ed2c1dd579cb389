//! Writing elements directly in exclusive-canonical form.

use std::ops::Range;

use crate::{Namespace, escape};

/// Writes elements as Exclusive XML Canonicalization 1.0 would: each namespace is declared where it
/// is first used, attributes are sorted, nothing is abbreviated. What comes out can be hashed as it is.
///
/// Names are ours and written as they are; texts and values may be anyone's and are escaped.
#[derive(Debug, Default)]
pub struct Writer<'a> {
    octets: String,
    /// Open elements, and how many declarations there were before each.
    open: Vec<(Namespace<'a>, &'a str, usize)>,
    rendered: Vec<Namespace<'a>>,
    /// Of the start tag that is not yet closed; their values stand escaped in `values`.
    attributes: Vec<(Namespace<'a>, &'a str, Range<usize>)>,
    values: String,
    is_tag_open: bool,
    is_unwritable: bool,
}

/// A text or value has a character that XML 1.0 cannot express (section 2.2), as most below U+0020.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text has a character that XML cannot express")]
pub struct Unwritable;

/// The room at the start, in octets: what is signed is this long at most, most often.
const OCTETS: usize = 8 * 1024;

/// The prefix and the name of what is in no namespace.
const NONE: Namespace<'static> = Namespace { prefix: "", uri: "" };

impl<'a> Writer<'a> {
    /// An empty one, with room for most messages.
    pub fn new() -> Self {
        Self { octets: String::with_capacity(OCTETS), ..Self::default() }
    }

    /// Begins an element.
    pub fn start(&mut self, namespace: Namespace<'a>, local: &'a str) -> &mut Self {
        self.close_tag();
        self.open.push((namespace, local, self.rendered.len()));
        self.is_tag_open = true;
        self
    }

    /// Adds an attribute without a namespace to the element that was just begun.
    pub fn attribute(&mut self, local: &'a str, value: &str) -> &mut Self {
        self.attribute_in(NONE, local, value)
    }

    /// Adds an attribute with a namespace, whose prefix must not be empty, to the element that was
    /// just begun.
    pub fn attribute_in(&mut self, namespace: Namespace<'a>, local: &'a str, value: &str) -> &mut Self {
        self.judge(value);
        let begin = self.values.len();
        escape::attribute(value, &mut self.values);
        self.attributes.push((namespace, local, begin..self.values.len()));
        self
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.close_tag();
        self.judge(text);
        escape::text(text, &mut self.octets);
        self
    }

    /// Adds an element that is canonical already, such as a signed assertion. Together they are
    /// canonical if no open element uses a prefix that it declares itself.
    pub fn element(&mut self, canonical: &str) -> &mut Self {
        self.close_tag();
        self.octets.push_str(canonical);
        self
    }

    /// Ends the innermost open element.
    pub fn end(&mut self) -> &mut Self {
        self.close_tag();
        if let Some((namespace, local, rendered)) = self.open.pop() {
            self.octets.push_str("</");
            push_name(namespace.prefix, local, &mut self.octets);
            self.octets.push('>');
            self.rendered.truncate(rendered);
        }
        self
    }

    /// An element with nothing but a text.
    pub fn leaf(&mut self, namespace: Namespace<'a>, local: &'a str, text: &str) -> &mut Self {
        self.start(namespace, local).text(text).end()
    }

    /// Where the next child would begin, in octets from the start: there a signature of what is
    /// written goes once it is complete.
    pub fn position(&mut self) -> usize {
        self.close_tag();
        self.octets.len()
    }

    /// What was written, all elements ended.
    ///
    /// # Errors
    ///
    /// [`Unwritable`].
    pub fn finish(mut self) -> Result<String, Unwritable> {
        while !self.open.is_empty() {
            self.end();
        }
        if self.is_unwritable { Err(Unwritable) } else { Ok(self.octets) }
    }

    /// Writes the start tag, now that its attributes are known.
    fn close_tag(&mut self) {
        if !std::mem::take(&mut self.is_tag_open) {
            return;
        }
        let Some(&(namespace, local, mark)) = self.open.last() else { return };
        self.octets.push('<');
        push_name(namespace.prefix, local, &mut self.octets);
        for used in std::iter::once(namespace).chain(self.attributes.iter().map(|attribute| attribute.0)) {
            let above = self.rendered.iter().rev().find(|above| above.prefix == used.prefix);
            let is_attribute_without = used == NONE && namespace != NONE;
            let is_known = above.map_or(used.uri.is_empty(), |above| above.uri == used.uri);
            if !is_attribute_without && !is_known {
                self.rendered.push(used);
            }
        }
        self.rendered[mark..].sort_unstable_by_key(|declared| declared.prefix);
        for declared in &self.rendered[mark..] {
            self.octets.push_str(if declared.prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.octets.push_str(declared.prefix);
            self.octets.push_str("=\"");
            escape::attribute(declared.uri, &mut self.octets);
            self.octets.push('"');
        }
        if self.attributes.len() > 1 {
            self.attributes.sort_unstable_by_key(|(namespace, local, _)| (namespace.uri, *local));
        }
        for (namespace, local, value) in self.attributes.drain(..) {
            self.octets.push(' ');
            push_name(namespace.prefix, local, &mut self.octets);
            self.octets.push_str("=\"");
            self.octets.push_str(&self.values[value]);
            self.octets.push('"');
        }
        self.values.clear();
        self.octets.push('>');
    }

    fn judge(&mut self, text: &str) {
        self.is_unwritable |= !escape::is_writable(text);
    }
}

fn push_name(prefix: &str, local: &str, to: &mut String) {
    if !prefix.is_empty() {
        to.push_str(prefix);
        to.push(':');
    }
    to.push_str(local);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Limits, canonical};

    const A: Namespace<'_> = Namespace { prefix: "a", uri: "urn:a" };
    const B: Namespace<'_> = Namespace { prefix: "b", uri: "urn:b" };
    const PLAIN: Namespace<'_> = Namespace { prefix: "", uri: "urn:plain" };

    #[test]
    fn what_is_written_is_canonical() {
        let mut writer = Writer::new();
        writer.start(B, "root").attribute("z", "\"<&>\t\n\r'").attribute_in(A, "y", "ű").attribute("b", "");
        writer.leaf(A, "x", "\"<&>\t\n\r'").start(A, "y").attribute_in(A, "m", "1").attribute_in(B, "c", "2").end();
        writer
            .start(PLAIN, "p")
            .start(NONE, "q")
            .attribute("r", "")
            .start(NONE, "s")
            .end()
            .end()
            .end()
            .leaf(B, "t", "");
        let written = writer.finish().unwrap();
        assert_eq!(
            written,
            "<b:root xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" b=\"\" z=\"&quot;&lt;&amp;>&#x9;&#xA;&#xD;'\" a:y=\"ű\">\
             <a:x>\"&lt;&amp;&gt;\t\n&#xD;'</a:x><a:y a:m=\"1\" b:c=\"2\"></a:y>\
             <p xmlns=\"urn:plain\"><q xmlns=\"\" r=\"\"><s></s></q></p><b:t></b:t></b:root>"
        );
        let document = Document::parse(written.as_bytes(), &Limits::MESSAGE).unwrap();
        assert_eq!(canonical(document.root()), written);
    }

    #[test]
    fn a_character_that_xml_cannot_express_is_refused() {
        for text in ["\0", "a\u{1}", "\u{b}", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
            let mut writer = Writer::new();
            writer.leaf(A, "x", text);
            assert_eq!(writer.finish(), Err(Unwritable), "{text:?}");
            let mut writer = Writer::new();
            writer.start(A, "x").attribute("y", text);
            assert_eq!(writer.finish(), Err(Unwritable), "{text:?}");
        }
        let mut writer = Writer::new();
        writer.leaf(A, "x", "\t\n\r \u{7f}ő\u{fffd}\u{10ffff}");
        assert!(writer.finish().is_ok());
    }
}
