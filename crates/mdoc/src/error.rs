//! Why a document is refused.

use crate::cbor::CborError;

/// Why a document, or the response that brings it, is refused. For the log; whoever sent it learns no
/// more than that it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MdocError {
    /// Its CBOR is not within limits.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// A member is missing or of another type.
    #[error("the document is not of the form that ISO/IEC 18013-5 describes")]
    Form,
    /// Another version than 1.0 of the response or of the security object.
    #[error("the version is not 1.0")]
    Version,
    /// The response states an error instead of success (ISO/IEC 18013-5 section 8.3.2.1.2.3).
    #[error("the response states an error")]
    Status,
    /// None, or more than one: each answers for one person, and whose would count?
    #[error("the response does not hold exactly one document")]
    Documents,
    /// The document, or what the issuer signed of it, is of another type than asked.
    #[error("the document is of another type")]
    DocType,
    /// No `x5chain`, or more than [`crate::CERTIFICATES_MAX`] certificates in it.
    #[error("the issuer's certificates are missing or too many")]
    Chain,
    /// A header parameter that must be understood (RFC 9052 section 3.1).
    #[error("a critical header parameter is not understood")]
    Critical,
    /// Signed with another algorithm than ES256 or, by an issuer, ES384; or not that of the key.
    #[error("the signature's algorithm is not accepted")]
    Algorithm,
    /// The issuer's signature is not the key's.
    #[error("the issuer's signature is wrong")]
    IssuerSignature,
    /// Digests by another function than SHA-256, SHA-384 or SHA-512.
    #[error("the digest algorithm is not accepted")]
    DigestAlgorithm,
    /// An element that is not what the issuer signed.
    #[error("an element's digest is not the issuer's")]
    Digest,
    /// One element twice.
    #[error("an element occurs twice")]
    DuplicateElement,
    /// Before `validFrom`.
    #[error("the document is not yet valid")]
    NotYetValid,
    /// After `validUntil`.
    #[error("the document has expired")]
    Expired,
    /// A `status` of which no status list can be read: it could not be asked, so it counts as revoked.
    #[error("the document's status cannot be asked")]
    StatusMechanism,
    /// The device's key is no point on P-256.
    #[error("the device's key is not accepted")]
    DeviceKey,
    /// A MAC instead of a signature. It needs a key of the reader, and `OpenID4VP` names none.
    #[error("the device answers with a MAC, which OpenID4VP has no key for")]
    DeviceMac,
    /// The device's signature is not its key's over this very session.
    #[error("the device's signature is wrong, or of another session")]
    DeviceSignature,
    /// An element that was asked for is not there.
    #[error("an element that was asked for is missing")]
    Missing,
    /// The value of an element that was asked for cannot be read.
    #[error("an element's value cannot be read")]
    Value,
}
