//! XML signatures and encryption, as little of them as SAML needs, in pure Rust over one parser.
//!
//! - [`Document::parse`] reads UTF-8 within [`Limits`]; there is no other way in, and no DTD, ever.
//! - [`verify_enveloped`] checks the signature of the one element that the caller points at, and
//!   returns the canonical octets that were hashed. Whoever reads a signed message parses those and
//!   drops the document they came from, so what is read is what was signed.
//! - [`SigningKey`] signs octets that are canonical already: [`Writer`] writes no others.
//! - [`encrypt`] and [`decrypt`] know AES-GCM under RSA-OAEP, nothing else.
//!
//! The nine rules that keep wrapped signatures out, each held by a test of its name:
//!
//! 1. One parser, and its limits are counted before anything grows.
//! 2. The caller picks the element by its place; nothing here searches for one.
//! 3. One `ds:Signature`, a direct child, of fixed shape: no Object, no Manifest.
//! 4. One Reference, to the element's own `ID`, which occurs once in the document.
//! 5. The transforms are enveloped-signature, then exclusive C14N; all algorithms come from closed lists.
//! 6. Keys come from the caller; `ds:KeyInfo` is not read.
//! 7. The signature is checked before any digest; a base64 element holds one text and nothing else.
//! 8. What was hashed is what is returned.
//! 9. Nothing outside of it is returned.
//!
//! Sources: Exclusive XML Canonicalization 1.0, XML Signature 1.1, XML Encryption 1.1, RFC 9231
//! (algorithm identifiers), RFC 5280 (certificates). Nothing here reads a clock; random numbers are
//! a parameter, but for those that the cryptographic library draws itself (keys, ECDSA, OAEP).

mod algorithm;
mod base64;
mod canonical;
pub mod certificate;
mod decrypt;
mod der;
mod document;
mod encrypt;
mod escape;
mod namespace;
mod scan;
mod signature;
mod signing_key;
mod verify;
mod verifying_key;
mod writer;

pub use algorithm::SignatureAlgorithm;
pub use canonical::{canonical, canonical_with_prefixes};
pub use certificate::Certificate;
pub use decrypt::{DecryptError, DecryptionKey, decrypt};
pub use document::{Document, Limits, Remarks, XmlError, attribute};
pub use encrypt::{DataCipher, EncryptError, EncryptionKey, KeyTransport, encrypt};
pub use namespace::Namespace;
pub use roxmltree::Node;
pub use scan::{ATTRIBUTES_MAX, NAMESPACES_MAX};
pub use signature::{PREFIXES_MAX, SignatureError};
pub use signing_key::{KeyType, SignError, SigningKey};
pub use verify::{Verified, verify_detached, verify_enveloped};
pub use verifying_key::{KeyError, PublicKeyType, RSA_BITS_MAX, RSA_BITS_MIN, VerifyingKey};
pub use writer::{Unwritable, Writer};
