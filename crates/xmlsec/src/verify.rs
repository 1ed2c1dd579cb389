//! Checking a signature.

use roxmltree::Node;

use crate::signature::Signature;
use crate::{Document, SignatureAlgorithm, SignatureError, VerifyingKey, attribute, canonical};

/// What was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The element in canonical form, without its signature: the very octets that were hashed. What
    /// the element says is read from these and from nothing else.
    pub octets: String,
    /// Which of the keys signed it.
    pub key_index: usize,
    /// What it was signed with.
    pub algorithm: SignatureAlgorithm,
}

/// Checks that `element`, which the caller found by its place in `document`, is signed by one of
/// `keys` with one of `algorithms` (XML Signature 1.1 section 3.2, in the order that does least for
/// strangers: form, signature, digest).
///
/// # Errors
///
/// The first fault found; see [`SignatureError`].
pub fn verify_enveloped(
    document: &Document<'_>,
    element: Node<'_, '_>,
    keys: &[VerifyingKey],
    algorithms: &[SignatureAlgorithm],
) -> Result<Verified, SignatureError> {
    let signature = Signature::of(element)?;
    if !algorithms.contains(&signature.algorithm) {
        return Err(SignatureError::Algorithm);
    }
    refers_to(document, element, &signature)?;
    let signed_info = canonical::canonical_with_prefixes(signature.signed_info, &signature.signed_info_prefixes);
    let key_index = signer(signature.algorithm, keys, signed_info.as_bytes(), &signature.value)?;
    if signature.digest_value == signature.digest.of(b"").as_ref() {
        return Err(SignatureError::Empty);
    }
    let octets = canonical::canonical_without(element, signature.node, &signature.prefixes);
    let digest = signature.digest.of(octets.as_bytes());
    if signature.digest_value.len() != digest.as_ref().len() {
        return Err(SignatureError::DigestAlgorithm);
    }
    if signature.digest_value != digest.as_ref() {
        return Err(SignatureError::Digest);
    }
    Ok(Verified { octets, key_index, algorithm: signature.algorithm })
}

/// Checks a signature over octets as they came, as over the raw query of SAML's HTTP-Redirect
/// binding (Bindings for SAML 2.0 section 3.4.4.1); gives the index of the key that signed.
///
/// # Errors
///
/// [`SignatureError::Key`].
pub fn verify_detached(
    algorithm: SignatureAlgorithm,
    keys: &[VerifyingKey],
    octets: &[u8],
    signature: &[u8],
) -> Result<usize, SignatureError> {
    signer(algorithm, keys, octets, signature)
}

fn signer(
    algorithm: SignatureAlgorithm,
    keys: &[VerifyingKey],
    octets: &[u8],
    signature: &[u8],
) -> Result<usize, SignatureError> {
    keys.iter().position(|key| key.verifies(algorithm, octets, signature)).ok_or(SignatureError::Key)
}

/// Whether the reference is to the element, by an `ID` that nothing else in the document has.
fn refers_to(
    document: &Document<'_>,
    element: Node<'_, '_>,
    signature: &Signature<'_, '_>,
) -> Result<(), SignatureError> {
    if element.attributes().any(|attribute| attribute.namespace().is_some() && is_identifier(attribute.name())) {
        return Err(if attribute(element, "ID").is_some() { SignatureError::IdNamespace } else { SignatureError::Id });
    }
    let id = attribute(element, "ID").filter(|id| !id.is_empty()).ok_or(SignatureError::Id)?;
    let target =
        signature.uri.strip_prefix('#').filter(|target| !target.is_empty()).ok_or(SignatureError::Reference)?;
    if target != id {
        let meant = document.root().descendants().find(|node| identifiers(*node).any(|value| value == target));
        return Err(match meant {
            Some(meant) if meant == element => SignatureError::Id,
            Some(meant) if meant.ancestors().any(|node| node == signature.node) => SignatureError::NotRootOfTrust,
            Some(_) => SignatureError::Position,
            None => SignatureError::Reference,
        });
    }
    let bearers = document.root().descendants().flat_map(identifiers).filter(|value| *value == id).count();
    if bearers == 1 { Ok(()) } else { Err(SignatureError::DuplicateId) }
}

/// The values of all attributes that some reader might take for an identifier.
fn identifiers<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    node.attributes().filter(|attribute| is_identifier(attribute.name())).map(|attribute| attribute.value())
}

fn is_identifier(name: &str) -> bool {
    name.eq_ignore_ascii_case("id")
}
