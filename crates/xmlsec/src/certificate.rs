//! Certificates as SAML metadata has them: an envelope around a key.
//!
//! Trust comes from the metadata, so nothing of a certificate is believed but its key; its dates and
//! its signature are there to warn about (SAML V2.0 Metadata Interoperability Profile section 2.6.1).

mod self_signed;
mod time;

pub use self_signed::{Request, self_signed};

use crate::der::{self, Reader};
use crate::{EncryptionKey, KeyError, VerifyingKey};

/// `sha1WithRSAEncryption` and `ecdsa-with-SHA1` (RFC 3279 section 2.2).
const SHA1_SIGNATURES: [&[u8]; 2] =
    [&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1]];

/// A certificate whose key can be used (RFC 5280 section 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    key: VerifyingKey,
    not_before: i64,
    not_after: i64,
    signed_with_sha1: bool,
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    ///
    /// See [`KeyError`].
    pub fn parse(der: &[u8]) -> Result<Self, KeyError> {
        let fields = Fields::read(der).ok_or(KeyError::Form)?;
        Ok(Self {
            der: der.to_vec(),
            key: VerifyingKey::from_spki_der(fields.spki)?,
            not_before: fields.not_before,
            not_after: fields.not_after,
            signed_with_sha1: SHA1_SIGNATURES.contains(&fields.signature_algorithm),
        })
    }

    /// Its key.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    pub(crate) fn into_key(self) -> VerifyingKey {
        self.key
    }

    /// Its key, to encrypt to.
    ///
    /// # Errors
    ///
    /// [`KeyError::Foreign`] when it is not RSA.
    pub fn encryption_key(&self) -> Result<EncryptionKey, KeyError> {
        EncryptionKey::from_spki_der(self.key.spki_der())
    }

    /// The first second of its validity, in Unix time.
    pub fn not_before(&self) -> i64 {
        self.not_before
    }

    /// The last second of its validity, in Unix time.
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// Whether it was itself signed with SHA-1, which its owner should be told.
    pub fn signed_with_sha1(&self) -> bool {
        self.signed_with_sha1
    }

    /// The certificate as it was given.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

struct Fields<'d> {
    signature_algorithm: &'d [u8],
    not_before: i64,
    not_after: i64,
    spki: &'d [u8],
}

impl<'d> Fields<'d> {
    fn read(certificate: &'d [u8]) -> Option<Self> {
        let mut whole = Reader::new(certificate);
        let mut outer = Reader::new(whole.read(der::SEQUENCE)?);
        let mut body = Reader::new(outer.read(der::SEQUENCE)?);
        let signature_algorithm = Reader::new(outer.read(der::SEQUENCE)?).read(der::OID)?;
        outer.read(der::BIT_STRING)?;
        if !whole.is_empty() || !outer.is_empty() {
            return None;
        }
        if body.next_tag() == Some(der::CONTEXT_0) {
            body.read(der::CONTEXT_0)?;
        }
        body.read(der::INTEGER)?;
        let _signature = body.read(der::SEQUENCE)?;
        let _issuer = body.read(der::SEQUENCE)?;
        let mut validity = Reader::new(body.read(der::SEQUENCE)?);
        let (not_before, not_after) = (time::read(&mut validity)?, time::read(&mut validity)?);
        let _subject = body.read(der::SEQUENCE)?;
        let spki = body.whole(der::SEQUENCE)?;
        Some(Self { signature_algorithm, not_before, not_after, spki })
    }
}
