//! The one shape of `ds:Signature` that is accepted (XML Signature 1.1 section 4).

use roxmltree::Node;

use crate::algorithm::Digest;
use crate::{Namespace, SignatureAlgorithm, attribute, base64};

/// Prefixes in a `PrefixList`.
pub const PREFIXES_MAX: usize = 16;
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// Why a signature is refused. For the audit trail; the sender learns no more than "invalid".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The element has no signature of its own.
    #[error("the element is not signed")]
    Unsigned,
    /// The element has several signatures, or one of another element.
    #[error("the signature is not the one of the element that it stands in")]
    Position,
    /// The signature holds something that is no part of a signature, or is of something in itself.
    #[error("the signature holds what it should only refer to")]
    NotRootOfTrust,
    /// The signature has an Object or a Manifest.
    #[error("the signature has an object")]
    Object,
    /// The signature has no `SignedInfo` or several.
    #[error("the signature has not exactly one SignedInfo")]
    SignedInfo,
    /// A part of the signature is in another namespace.
    #[error("a part of the signature is in another namespace")]
    Namespace,
    /// A part of the signature is missing, repeated, misplaced or no base64.
    #[error("the signature has another form")]
    Form,
    /// The element has no `ID`, or is referred to by something else.
    #[error("the element is not known by an ID")]
    Id,
    /// The element has an identifier in a namespace.
    #[error("the element has an identifier in a namespace")]
    IdNamespace,
    /// The element's `ID` occurs elsewhere.
    #[error("the element's ID is not unique")]
    DuplicateId,
    /// Not one Reference, to the element itself.
    #[error("the signature does not refer to its element, and to it alone")]
    Reference,
    /// Other transforms than enveloped-signature and exclusive C14N.
    #[error("the transforms are not enveloped-signature and exclusive canonicalization")]
    Transform,
    /// Another canonicalization than the exclusive one without comments.
    #[error("the canonicalization is not the exclusive one without comments")]
    Canonicalization,
    /// More than [`PREFIXES_MAX`] prefixes.
    #[error("the list of inclusive prefixes is too long")]
    PrefixList,
    /// A signature algorithm that is not known or not allowed.
    #[error("the signature algorithm is not allowed")]
    Algorithm,
    /// A digest algorithm that is not allowed, or a digest that is shortened.
    #[error("the digest algorithm is not allowed")]
    DigestAlgorithm,
    /// The signature is none of the expected keys'.
    #[error("the signature is none of the expected keys'")]
    Key,
    /// The digest is that of nothing, which another verifier's failing canonicalization would produce.
    #[error("the digest is that of nothing")]
    Empty,
    /// The element is not what was signed.
    #[error("the element is not what was signed")]
    Digest,
}

impl SignatureError {
    /// The word that the audit trail knows this by.
    pub const fn code(self) -> &'static str {
        match self {
            SignatureError::Unsigned => "unsigned",
            SignatureError::Position => "sig-position",
            SignatureError::NotRootOfTrust => "sig-not-root-of-trust",
            SignatureError::Object => "ds-object",
            SignatureError::SignedInfo => "signedinfo≠1",
            SignatureError::Namespace => "sig-ns",
            SignatureError::Form => "sig-form",
            SignatureError::Id => "id-attr",
            SignatureError::IdNamespace => "attr-ns",
            SignatureError::DuplicateId => "dup-id",
            SignatureError::Reference => "reference",
            SignatureError::Transform => "transform",
            SignatureError::Canonicalization => "c14n-alg",
            SignatureError::PrefixList => "prefixlist>16",
            SignatureError::Algorithm => "sig-alg",
            SignatureError::DigestAlgorithm => "digest-alg",
            SignatureError::Key => "sig-key",
            SignatureError::Empty => "c14n-empty",
            SignatureError::Digest => "digest",
        }
    }
}

/// A signature whose shape is the accepted one. Nothing of it is true yet.
pub(crate) struct Signature<'a, 'i> {
    pub(crate) node: Node<'a, 'i>,
    pub(crate) signed_info: Node<'a, 'i>,
    pub(crate) signed_info_prefixes: Vec<&'a str>,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) value: Vec<u8>,
    pub(crate) uri: &'a str,
    pub(crate) prefixes: Vec<&'a str>,
    pub(crate) digest: Digest,
    pub(crate) digest_value: Vec<u8>,
}

impl<'a, 'i> Signature<'a, 'i> {
    /// Reads the signature that is a child of `element`.
    pub(crate) fn of(element: Node<'a, 'i>) -> Result<Self, SignatureError> {
        let mut signatures = element.children().filter(|child| Namespace::DS.is(*child, "Signature"));
        let node = signatures.next().ok_or(SignatureError::Unsigned)?;
        if signatures.next().is_some() {
            return Err(SignatureError::Position);
        }
        let (signed_info, value) = Self::outer(node)?;
        let [method, algorithm, reference] = Self::signed_info(signed_info)?;
        let signed_info_prefixes = exclusive(method).map_err(|error| match error {
            SignatureError::Transform => SignatureError::Canonicalization,
            other => other,
        })?;
        // A child would be a parameter, as HMACOutputLength.
        let has_parameters = !elements(algorithm)?.is_empty();
        let algorithm = SignatureAlgorithm::from_uri(uri_of(algorithm))
            .filter(|_| !has_parameters)
            .ok_or(SignatureError::Algorithm)?;
        let [transforms, method, digest_value] = elements(reference)?[..] else { return Err(SignatureError::Form) };
        is_named(transforms, "Transforms")?;
        is_named(method, "DigestMethod")?;
        is_named(digest_value, "DigestValue")?;
        let prefixes = Self::transforms(transforms)?;
        let digest = Digest::from_uri(uri_of(method)).ok_or(SignatureError::DigestAlgorithm)?;
        let digest_value = base64::content(digest_value).ok_or(SignatureError::Form)?;
        let uri = attribute(reference, "URI").ok_or(SignatureError::Reference)?;
        let value = base64::content(value).ok_or(SignatureError::Form)?;
        Ok(Self { node, signed_info, signed_info_prefixes, algorithm, value, uri, prefixes, digest, digest_value })
    }

    /// `SignedInfo` and `SignatureValue`, after which there may be a `KeyInfo`, which nobody reads.
    fn outer(signature: Node<'a, 'i>) -> Result<(Node<'a, 'i>, Node<'a, 'i>), SignatureError> {
        let parts = elements(signature)?;
        // By the local name alone: another reader might be content with that.
        if parts.iter().filter(|part| part.tag_name().name() == "SignedInfo").count() != 1 {
            return Err(SignatureError::SignedInfo);
        }
        for part in &parts {
            match part.tag_name().name() {
                "SignedInfo" | "SignatureValue" | "KeyInfo"
                    if part.tag_name().namespace() != Some(Namespace::DS.uri) =>
                {
                    return Err(SignatureError::Namespace);
                }
                "SignedInfo" | "SignatureValue" | "KeyInfo" => {}
                "Object" | "Manifest" | "SignatureProperties" => return Err(SignatureError::Object),
                _ => return Err(SignatureError::NotRootOfTrust),
            }
        }
        let (signed_info, value) = match parts[..] {
            [signed_info, value] => (signed_info, value),
            [signed_info, value, key_info] if Namespace::DS.is(key_info, "KeyInfo") => (signed_info, value),
            _ => return Err(SignatureError::Form),
        };
        is_named(signed_info, "SignedInfo")?;
        is_named(value, "SignatureValue")?;
        Ok((signed_info, value))
    }

    /// `CanonicalizationMethod`, `SignatureMethod`, and one `Reference`.
    fn signed_info(signed_info: Node<'a, 'i>) -> Result<[Node<'a, 'i>; 3], SignatureError> {
        let parts = elements(signed_info)?;
        if parts.iter().filter(|part| part.tag_name().name() == "Reference").count() != 1 {
            return Err(SignatureError::Reference);
        }
        let [method, algorithm, reference] = parts[..] else { return Err(SignatureError::Form) };
        is_named(method, "CanonicalizationMethod")?;
        is_named(algorithm, "SignatureMethod")?;
        is_named(reference, "Reference")?;
        Ok([method, algorithm, reference])
    }

    /// Exactly the two transforms, in this order; gives the prefixes of the second.
    fn transforms(transforms: Node<'a, 'i>) -> Result<Vec<&'a str>, SignatureError> {
        let [enveloped, canonical] = elements(transforms)?[..] else { return Err(SignatureError::Transform) };
        is_named(enveloped, "Transform")?;
        is_named(canonical, "Transform")?;
        if uri_of(enveloped) != ENVELOPED || !elements(enveloped)?.is_empty() {
            return Err(SignatureError::Transform);
        }
        exclusive(canonical).map_err(|error| match error {
            // Some canonicalization, but another one.
            SignatureError::Transform if uri_of(canonical).contains("c14n") => SignatureError::Canonicalization,
            other => other,
        })
    }
}

/// The prefixes of an exclusive canonicalization (Exclusive XML Canonicalization 1.0 section 4).
fn exclusive<'a>(method: Node<'a, '_>) -> Result<Vec<&'a str>, SignatureError> {
    if uri_of(method) != Namespace::EXC.uri {
        return Err(SignatureError::Transform);
    }
    let list = match elements(method)?[..] {
        [] => "",
        [list] if Namespace::EXC.is(list, "InclusiveNamespaces") => attribute(list, "PrefixList").unwrap_or_default(),
        _ => return Err(SignatureError::Form),
    };
    let mut prefixes = list.split([' ', '\t', '\r', '\n']).filter(|prefix| !prefix.is_empty());
    let few: Vec<&str> = prefixes.by_ref().take(PREFIXES_MAX).collect();
    if prefixes.next().is_some() { Err(SignatureError::PrefixList) } else { Ok(few) }
}

/// The child elements, between which there is nothing but white space.
fn elements<'a, 'i>(parent: Node<'a, 'i>) -> Result<Vec<Node<'a, 'i>>, SignatureError> {
    let is_space = |node: Node<'_, '_>| {
        node.is_text() && node.text().unwrap_or_default().bytes().all(|byte| b" \t\r\n".contains(&byte))
    };
    let others: Vec<Node<'_, '_>> = parent.children().filter(|child| !is_space(*child)).collect();
    if others.iter().all(Node::is_element) { Ok(others) } else { Err(SignatureError::Form) }
}

fn is_named(part: Node<'_, '_>, local: &str) -> Result<(), SignatureError> {
    if Namespace::DS.is(part, local) {
        Ok(())
    } else if part.tag_name().name() == local {
        Err(SignatureError::Namespace)
    } else {
        Err(SignatureError::Form)
    }
}

fn uri_of<'a>(method: Node<'a, '_>) -> &'a str {
    attribute(method, "Algorithm").unwrap_or_default()
}
