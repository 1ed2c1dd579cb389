//! Reading elements: found by namespace and local name alone, each as often as its schema allows.

use xmlsec::{Namespace, Node};

/// Assertions (SAML Core section 1.2).
pub(crate) const SAML: Namespace<'static> = Namespace { prefix: "saml", uri: "urn:oasis:names:tc:SAML:2.0:assertion" };
/// Protocol messages (SAML Core section 1.2).
pub(crate) const SAMLP: Namespace<'static> = Namespace { prefix: "samlp", uri: "urn:oasis:names:tc:SAML:2.0:protocol" };
/// SAML 2.0 Protocol Extension for Asynchronous Single Logout section 2.
pub(crate) const ASLO: Namespace<'static> =
    Namespace { prefix: "aslo", uri: "urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo" };
/// SOAP 1.1 section 3.
pub(crate) const SOAP: Namespace<'static> =
    Namespace { prefix: "soap", uri: "http://schemas.xmlsoap.org/soap/envelope/" };
/// Metadata (SAML Metadata section 2.1).
pub(crate) const MD: Namespace<'static> = Namespace { prefix: "md", uri: "urn:oasis:names:tc:SAML:2.0:metadata" };
/// SAML V2.0 Metadata Profile for Algorithm Support section 2.
pub(crate) const ALG: Namespace<'static> =
    Namespace { prefix: "alg", uri: "urn:oasis:names:tc:SAML:metadata:algsupport" };
/// SAML V2.0 Metadata Extension for Entity Attributes section 2.
pub(crate) const MDATTR: Namespace<'static> =
    Namespace { prefix: "mdattr", uri: "urn:oasis:names:tc:SAML:metadata:attribute" };
/// SAML V2.0 Metadata Extensions for Login and Discovery User Interface section 2.
pub(crate) const MDUI: Namespace<'static> = Namespace { prefix: "mdui", uri: "urn:oasis:names:tc:SAML:metadata:ui" };
/// Shibboleth Metadata Profile.
pub(crate) const SHIBMD: Namespace<'static> = Namespace { prefix: "shibmd", uri: "urn:mace:shibboleth:metadata:1.0" };
/// `xml:lang`.
pub(crate) const XML: Namespace<'static> = Namespace { prefix: "xml", uri: "http://www.w3.org/XML/1998/namespace" };

/// The longest identifier that is read, in bytes: of an entity (SAML Core section 8.3.6), a class, an attribute.
pub const URI_BYTES_MAX: usize = 1024;
/// The longest `ID` that is read, in bytes.
pub const ID_BYTES_MAX: usize = 256;

/// Where a message or metadata is not as its schema wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {name} {fault}")]
pub struct FormError {
    /// From 1.
    pub line: u32,
    /// The element or attribute.
    pub name: &'static str,
    /// What is wrong with it.
    pub fault: FormFault,
}

/// What is wrong with an element or attribute; the text continues its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// It is needed.
    #[error("is missing")]
    Missing,
    /// It is there too often.
    #[error("is there more often than it may be")]
    Repeated,
    /// It may not be there.
    #[error("may not be there")]
    Unexpected,
    /// It has a value that is not allowed.
    #[error("has a value that is not allowed")]
    Invalid,
    /// It is longer than its limit.
    #[error("is too long")]
    TooLong,
}

/// An element that is read.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a, 'i>(pub(crate) Node<'a, 'i>);

impl<'a, 'i> Element<'a, 'i> {
    pub(crate) fn is(self, namespace: Namespace<'_>, name: &str) -> bool {
        namespace.is(self.0, name)
    }

    /// The line on which it begins.
    pub(crate) fn line(self) -> u32 {
        self.0.document().text_pos_at(self.0.range().start).row
    }

    pub(crate) fn wrong(self, name: &'static str, fault: FormFault) -> FormError {
        FormError { line: self.line(), name, fault }
    }

    /// All child elements.
    pub(crate) fn elements(self) -> impl Iterator<Item = Element<'a, 'i>> {
        self.0.children().filter(Node::is_element).map(Element)
    }

    /// The child elements of that name.
    pub(crate) fn all(
        self,
        namespace: Namespace<'static>,
        name: &'static str,
    ) -> impl Iterator<Item = Element<'a, 'i>> {
        self.elements().filter(move |child| child.is(namespace, name))
    }

    /// The child element of that name, of which there may be one.
    pub(crate) fn optional(
        self,
        namespace: Namespace<'static>,
        name: &'static str,
    ) -> Result<Option<Element<'a, 'i>>, FormError> {
        let mut all = self.all(namespace, name);
        match (all.next(), all.next()) {
            (child, None) => Ok(child),
            (_, Some(second)) => Err(second.wrong(name, FormFault::Repeated)),
        }
    }

    /// The child element of that name, of which there must be one.
    pub(crate) fn required(
        self,
        namespace: Namespace<'static>,
        name: &'static str,
    ) -> Result<Element<'a, 'i>, FormError> {
        self.optional(namespace, name)?.ok_or_else(|| self.wrong(name, FormFault::Missing))
    }

    /// The attribute of that name, which is in no namespace.
    pub(crate) fn attribute(self, name: &str) -> Option<&'a str> {
        xmlsec::attribute(self.0, name)
    }

    /// The attribute of that name in that namespace.
    pub(crate) fn attribute_of(self, namespace: Namespace<'_>, name: &str) -> Option<&'a str> {
        let mut all = self.0.attributes();
        all.find(|a| a.name() == name && a.namespace() == Some(namespace.uri)).map(|a| a.value())
    }

    /// An attribute that must be there.
    pub(crate) fn attribute_required(self, name: &'static str) -> Result<&'a str, FormError> {
        self.attribute(name).ok_or_else(|| self.wrong(name, FormFault::Missing))
    }

    /// An identifier or address: not empty and not too long.
    pub(crate) fn attribute_uri(self, name: &'static str) -> Result<Option<String>, FormError> {
        self.attribute(name)
            .map(|value| checked(value, URI_BYTES_MAX).map_err(|fault| self.wrong(name, fault)))
            .transpose()
    }

    /// An identifier or address that must be there.
    pub(crate) fn uri_in(self, name: &'static str) -> Result<String, FormError> {
        self.attribute_uri(name)?.ok_or_else(|| self.wrong(name, FormFault::Missing))
    }

    /// An `xs:boolean`.
    pub(crate) fn attribute_flag(self, name: &'static str) -> Result<Option<bool>, FormError> {
        match self.attribute(name).map(str::trim) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(self.wrong(name, FormFault::Invalid)),
        }
    }

    /// An `xs:unsignedShort`.
    pub(crate) fn attribute_index(self, name: &'static str) -> Result<Option<u16>, FormError> {
        let Some(text) = self.attribute(name).map(str::trim) else { return Ok(None) };
        let index = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        index.map(Some).ok_or_else(|| self.wrong(name, FormFault::Invalid))
    }

    /// An instant, in seconds since the epoch.
    pub(crate) fn attribute_instant(self, name: &'static str) -> Result<Option<i64>, FormError> {
        let Some(text) = self.attribute(name) else { return Ok(None) };
        crate::instant::parse(text).map(Some).ok_or_else(|| self.wrong(name, FormFault::Invalid))
    }

    /// The `ID` (an `xs:ID`).
    pub(crate) fn id(self) -> Result<String, FormError> {
        let id = self.attribute_required("ID")?;
        if is_id(id) { Ok(id.to_owned()) } else { Err(self.wrong("ID", FormFault::Invalid)) }
    }

    /// The text, when there is no element within.
    pub(crate) fn text(self, name: &'static str) -> Result<String, FormError> {
        if self.elements().next().is_some() {
            return Err(self.wrong(name, FormFault::Invalid));
        }
        Ok(self.0.children().filter_map(|child| child.text()).collect())
    }

    /// The text as an identifier or address, white space around it aside (`xs:anyURI`).
    pub(crate) fn uri(self, name: &'static str) -> Result<String, FormError> {
        checked(self.text(name)?.trim(), URI_BYTES_MAX).map_err(|fault| self.wrong(name, fault))
    }

    /// Refuses child elements other than these.
    pub(crate) fn only(self, names: &[(Namespace<'_>, &str)], name: &'static str) -> Result<(), FormError> {
        let other = self.elements().find(|child| !names.iter().any(|(namespace, name)| child.is(*namespace, name)));
        other.map_or(Ok(()), |other| Err(other.wrong(name, FormFault::Unexpected)))
    }
}

/// A text that is not empty and not too long.
pub(crate) fn checked(text: &str, bytes_max: usize) -> Result<String, FormFault> {
    match text.len() {
        0 => Err(FormFault::Invalid),
        length if length > bytes_max => Err(FormFault::TooLong),
        _ => Ok(text.to_owned()),
    }
}

/// Whether the text is an `xs:ID` of reasonable length.
pub(crate) fn is_id(text: &str) -> bool {
    let mut chars = text.chars();
    text.len() <= ID_BYTES_MAX
        && chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|c| c.is_alphanumeric() || "._-".contains(c))
}
