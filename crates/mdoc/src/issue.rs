//! Issuing a document.

use std::collections::BTreeMap;

use ciborium::Value as Cbor;

use crate::cbor::{self, Limits};
use crate::cose::{self, CERTIFICATES_MAX};
use crate::key::{SignError, SigningKey, VerifyingKey};
use crate::mso::{DigestAlgorithm, Digests, Mso, StatusReference, Validity};
use crate::value::Element;

/// Octets of the salt of each element; ISO/IEC 18013-5 section 9.1.2.5 asks for 16 at least.
const SALT_BYTES: usize = 32;
/// Digest numbers lie below this (ISO/IEC 18013-5 section 9.1.2.4).
const DIGEST_ID_END: u32 = 1 << 31;
/// How often a number is drawn again that is taken already: with a thousand elements, once in a million.
const DRAWS_MAX: usize = 32;

/// What is to be issued, and to whom.
#[derive(Clone, Copy, Debug)]
pub struct Issuance<'a> {
    /// The type of document.
    pub doc_type: &'a str,
    /// All that it says.
    pub elements: &'a [Element],
    /// The key of the device that will show it, on P-256.
    pub device_key: &'a VerifyingKey,
    /// From when until when it holds. An issuer rounds these, so that its documents do not tell by their
    /// seconds which of them belong together.
    pub validity: Validity,
    /// Where its status stands.
    pub status: Option<&'a StatusReference>,
    /// The issuer's certificates in DER, the signer's first and without the root; from one to
    /// [`CERTIFICATES_MAX`].
    pub x5chain: &'a [&'a [u8]],
}

/// A document cannot be issued. This is a fault of ours, not of anyone's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// An element twice, an instant or a value that cannot be written, or more than anyone would read.
    #[error("the document cannot be written")]
    Unwritable,
    /// No certificate, or too many.
    #[error("the issuer's certificates are missing or too many")]
    Chain,
    /// The device's key is not on P-256.
    #[error("the device's key is not on P-256")]
    DeviceKey,
    /// The random numbers are not random.
    #[error("the random numbers repeat themselves")]
    Random,
    /// The signature could not be made.
    #[error(transparent)]
    Signature(#[from] SignError),
}

/// Issues a document: an `IssuerSigned` in CBOR, signed with ES256, its digests by SHA-256 under random
/// salts and numbers. `random` fills what it is given from a cryptographically secure source.
///
/// # Errors
///
/// See [`IssueError`].
pub fn issue(
    issuance: &Issuance<'_>,
    key: &SigningKey,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Vec<u8>, IssueError> {
    if !(1..=CERTIFICATES_MAX).contains(&issuance.x5chain.len()) {
        return Err(IssueError::Chain);
    }
    if issuance.device_key.algorithm() != key.verifying_key().algorithm() {
        return Err(IssueError::DeviceKey);
    }
    if !issuance.validity.is_well_formed() {
        return Err(IssueError::Unwritable);
    }
    let digest_algorithm = DigestAlgorithm::Sha256;
    let mut value_digests: BTreeMap<String, Digests> = BTreeMap::new();
    let mut namespaces: BTreeMap<&str, Vec<Cbor>> = BTreeMap::new();
    for (number, element) in issuance.elements.iter().enumerate() {
        let is_same =
            |other: &Element| (&other.namespace, &other.identifier) == (&element.namespace, &element.identifier);
        if issuance.elements[..number].iter().any(is_same) {
            return Err(IssueError::Unwritable);
        }
        let digests = value_digests.entry(element.namespace.clone()).or_default();
        let id = draw(digests, random)?;
        let octets = item(element, id, random)?;
        digests.insert(id, digest_algorithm.of_item(&octets));
        namespaces.entry(&element.namespace).or_default().push(cbor::embedded(octets));
    }
    let mso = Mso {
        digest_algorithm,
        value_digests,
        device_key: issuance.device_key.clone(),
        doc_type: issuance.doc_type.to_owned(),
        validity: issuance.validity,
        status: issuance.status.cloned(),
    };
    let issuer_auth = cose::sign(mso.write().ok_or(IssueError::Unwritable)?, issuance.x5chain, key)?;
    let namespaces = namespaces.into_iter().map(|(namespace, items)| (namespace.into(), Cbor::Array(items)));
    let issuer_signed = cbor::map([("nameSpaces", Cbor::Map(namespaces.collect())), ("issuerAuth", issuer_auth)]);
    let octets = cbor::write(&issuer_signed);
    // Nobody would read what we would not.
    crate::IssuerSigned::parse(&octets).map_err(|_| IssueError::Unwritable)?;
    Ok(octets)
}

/// An `IssuerSignedItem`.
fn item(element: &Element, id: u64, random: &mut dyn FnMut(&mut [u8])) -> Result<Vec<u8>, IssueError> {
    let mut salt = [0; SALT_BYTES];
    random(&mut salt);
    let octets = cbor::write(&cbor::map([
        ("digestID", id.into()),
        ("random", Cbor::Bytes(salt.to_vec())),
        ("elementIdentifier", element.identifier.as_str().into()),
        ("elementValue", element.value.write().ok_or(IssueError::Unwritable)?),
    ]));
    cbor::check(&octets, &Limits::MESSAGE).map_err(|_| IssueError::Unwritable)?;
    Ok(octets)
}

/// A number that no digest has yet, so that neither order nor count says what is not shown.
fn draw(digests: &Digests, random: &mut dyn FnMut(&mut [u8])) -> Result<u64, IssueError> {
    let mut draws = (0..DRAWS_MAX).map(|_| {
        let mut number = [0; 4];
        random(&mut number);
        u64::from(u32::from_le_bytes(number) % DIGEST_ID_END)
    });
    draws.find(|id| !digests.contains_key(id)).ok_or(IssueError::Random)
}
