//! Namespaces, and the prefixes that we write them with.

use roxmltree::Node;

/// A namespace and a prefix for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Namespace<'a> {
    /// The prefix that [`crate::Writer`] declares for it; empty for the default namespace.
    pub prefix: &'a str,
    /// Its name, compared character by character (Namespaces in XML 1.0 section 2.3).
    pub uri: &'a str,
}

impl Namespace<'_> {
    /// XML Signature (XML Signature 1.1 section 1.3).
    pub const DS: Namespace<'static> = Namespace { prefix: "ds", uri: "http://www.w3.org/2000/09/xmldsig#" };
    /// XML Encryption (XML Encryption 1.1 section 1.3).
    pub const XENC: Namespace<'static> = Namespace { prefix: "xenc", uri: "http://www.w3.org/2001/04/xmlenc#" };
    /// What XML Encryption 1.1 added.
    pub const XENC11: Namespace<'static> = Namespace { prefix: "xenc11", uri: "http://www.w3.org/2009/xmlenc11#" };
    /// Exclusive canonicalization, which is also that algorithm's name.
    pub(crate) const EXC: Namespace<'static> =
        Namespace { prefix: "ec", uri: "http://www.w3.org/2001/10/xml-exc-c14n#" };

    /// Whether `node` is the element `local` of this namespace. Its prefix says nothing.
    pub fn is(&self, node: Node<'_, '_>, local: &str) -> bool {
        node.is_element() && node.tag_name().name() == local && node.tag_name().namespace() == Some(self.uri)
    }
}
