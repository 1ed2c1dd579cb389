//! Reading a document within limits.

use roxmltree::{Node, ParsingOptions};

use crate::scan;

/// How much a document may hold, and what besides elements, attributes and texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets in all.
    pub bytes: usize,
    /// Nodes in all (elements, texts, remarks), and as many attributes again.
    pub nodes: u32,
    /// Elements inside one another; the root has depth 1.
    pub depth: u32,
    /// What is done with comments and the like.
    pub remarks: Remarks,
}

/// Comments, processing instructions and CDATA sections: canonicalization drops the first, so a text
/// that one of them splits reads differently before and after (VU#475445).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remarks {
    /// Refused, and a byte order mark too: what a message needs.
    Refused,
    /// Read, and a byte order mark too: metadata files hold licences and dates in comments.
    Read,
}

impl Limits {
    /// A protocol message.
    pub const MESSAGE: Limits = Limits { bytes: 256 * 1024, nodes: 2_000, depth: 32, remarks: Remarks::Refused };
    /// A metadata file.
    pub const METADATA: Limits = Limits { bytes: 1024 * 1024, nodes: 20_000, depth: 100, remarks: Remarks::Read };
}

/// A document that was read within its limits. It is only a means: what a signed message says is
/// read from [`crate::Verified::octets`].
///
/// Invariant: UTF-8 and well-formed with namespaces, without a DTD, all namespaces are absolute.
#[derive(Debug)]
pub struct Document<'i> {
    tree: roxmltree::Document<'i>,
}

/// Why a document is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// No UTF-8, or declared as something else, or with a byte order mark, NUL or lone carriage returns.
    #[error("the document is not in plain UTF-8")]
    Encoding,
    /// More than the limits allow, [`crate::ATTRIBUTES_MAX`] and [`crate::NAMESPACES_MAX`] included.
    #[error("the document is larger, deeper or wider than allowed")]
    Limits,
    /// A document type declaration.
    #[error("the document has a document type declaration")]
    Dtd,
    /// A comment in a message.
    #[error("the document has a comment")]
    Comment,
    /// A processing instruction in a message.
    #[error("the document has a processing instruction")]
    ProcessingInstruction,
    /// A CDATA section in a message.
    #[error("the document has a CDATA section")]
    Cdata,
    /// An entity other than the five of XML 1.0 section 4.6.
    #[error("the document refers to an entity")]
    Entity,
    /// A namespace that is no absolute URI, for which canonicalization is not defined (Canonical XML
    /// 1.0 section 1.3).
    #[error("the document declares a relative namespace")]
    RelativeNamespace,
    /// Not XML 1.0 with namespaces.
    #[error("the document is not well-formed")]
    NotWellFormed,
}

impl XmlError {
    /// The word that the audit trail knows this by.
    pub const fn code(self) -> &'static str {
        match self {
            XmlError::Encoding => "encoding",
            XmlError::Limits => "limits",
            XmlError::Dtd => "dtd",
            XmlError::Comment => "comment",
            XmlError::ProcessingInstruction => "pi",
            XmlError::Cdata => "cdata",
            XmlError::Entity => "entity",
            XmlError::RelativeNamespace => "ns-relative",
            XmlError::NotWellFormed => "not-wellformed",
        }
    }
}

impl<'i> Document<'i> {
    /// Reads a document (XML 1.0, Namespaces in XML 1.0).
    ///
    /// # Errors
    ///
    /// The first fault found; see [`XmlError`].
    pub fn parse(octets: &'i [u8], limits: &Limits) -> Result<Self, XmlError> {
        if octets.len() > limits.bytes {
            return Err(XmlError::Limits);
        }
        let text = std::str::from_utf8(octets).map_err(|_| XmlError::Encoding)?;
        scan::scan(text, limits)?;
        // The root of the tree, which is above the root element, counts as one more.
        let options = ParsingOptions { allow_dtd: false, nodes_limit: limits.nodes + 1, ..ParsingOptions::default() };
        let tree = roxmltree::Document::parse_with_options(text, options).map_err(|error| refusal(&error))?;
        let document = Self { tree };
        document.check(limits)?;
        Ok(document)
    }

    /// The root element.
    pub fn root(&self) -> Node<'_, 'i> {
        self.tree.root_element()
    }

    /// The rules for which the tree is asked, and once more those that the scan found kept, so that
    /// nothing hangs on the scan and the parser seeing a remark alike.
    fn check(&self, limits: &Limits) -> Result<(), XmlError> {
        for node in self.tree.descendants() {
            if limits.remarks == Remarks::Refused && node.is_comment() {
                return Err(XmlError::Comment);
            }
            if limits.remarks == Remarks::Refused && node.is_pi() {
                return Err(XmlError::ProcessingInstruction);
            }
            for namespace in node.namespaces() {
                if !is_absolute(namespace.uri()) {
                    return Err(XmlError::RelativeNamespace);
                }
                if namespace.uri().len() > scan::NAMESPACE_BYTES_MAX {
                    return Err(XmlError::Limits);
                }
            }
        }
        Ok(())
    }
}

/// The value of the attribute of this name that is in no namespace. The parser's own look-up by a bare
/// name takes an attribute of any namespace for it, so that `evil:ID` could stand in for `ID`.
pub fn attribute<'a>(element: Node<'a, '_>, local: &str) -> Option<&'a str> {
    let mut plain = element.attributes().filter(|attribute| attribute.namespace().is_none());
    plain.find(|attribute| attribute.name() == local).map(|attribute| attribute.value())
}

/// Whether a namespace has a scheme (RFC 3986 section 3.1); the empty one takes the default away.
fn is_absolute(uri: &str) -> bool {
    uri.is_empty()
        || uri.split_once(':').is_some_and(|(scheme, _)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        })
}

fn refusal(error: &roxmltree::Error) -> XmlError {
    match error {
        roxmltree::Error::DtdDetected => XmlError::Dtd,
        roxmltree::Error::UnknownEntityReference(..) => XmlError::Entity,
        roxmltree::Error::NodesLimitReached => XmlError::Limits,
        _ => XmlError::NotWellFormed,
    }
}

#[cfg(test)]
mod tests {
    use super::is_absolute;

    #[test]
    fn a_namespace_has_a_scheme() {
        for uri in ["", "urn:oasis:names:tc:SAML:2.0:assertion", "http://www.w3.org/2000/09/xmldsig#", "a+b-c.1:x"] {
            assert!(is_absolute(uri), "{uri:?}");
        }
        for uri in ["../x", "x", "/x", "//host/x", ":x", "1a:x", "a/b:c", "#x", " urn:x"] {
            assert!(!is_absolute(uri), "{uri:?}");
        }
    }
}
