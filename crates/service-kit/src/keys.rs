//! The keys of a service: one to sign, one to decrypt, each with a certificate of its own making.

use saml::Signer;
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, DecryptionKey, KeyType, SignatureAlgorithm, SigningKey};
use zeroize::Zeroizing;

use crate::{Fill, KitError};

/// How long a certificate says that it is valid, in seconds: ten years. A partner takes the key from metadata and
/// believes nothing else of it (SAML V2.0 Metadata Interoperability Profile section 2.6.1).
const CERTIFICATE_LIFE: i64 = 3652 * 86_400;

/// A key with its certificate, as it rests: unencrypted PKCS #8 and X.509, both in DER. Keep it where only the
/// service can read it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Which algorithm it signs with; also of a key that only decrypts.
    pub algorithm: SignatureAlgorithm,
    /// PKCS #8.
    pub private_key: Zeroizing<Vec<u8>>,
    /// X.509.
    pub certificate: Vec<u8>,
}

impl StoredKey {
    /// Makes a new key with a certificate in the name of `common_name`, at most 64 characters, from `now` on. A key to
    /// decrypt must be RSA, which takes a second to find.
    ///
    /// # Errors
    ///
    /// [`KitError::Key`] or [`KitError::Certificate`].
    pub fn draw(key_type: KeyType, common_name: &str, now: i64, fill: Fill<'_>) -> Result<Self, KitError> {
        let key = SigningKey::generate(key_type)?;
        let mut serial = [0; 16];
        fill(&mut serial);
        // Positive and not zero (RFC 5280 section 4.1.2.2).
        serial[0] = serial[0] & 0x3f | 0x40;
        let not_after = now.saturating_add(CERTIFICATE_LIFE);
        let certificate = self_signed(&key, &Request { common_name, not_before: now, not_after, serial: &serial })?;
        Ok(Self { algorithm: key.algorithm(), private_key: key.to_pkcs8_der()?, certificate })
    }
}

/// The keys of a service, ready to be used.
#[derive(Debug)]
pub struct ServiceKeys {
    signing: SigningKey,
    signing_certificate: Certificate,
    pub(crate) decryption: [DecryptionKey; 1],
    encryption_certificate: Certificate,
}

impl ServiceKeys {
    /// Reads the two keys.
    ///
    /// # Errors
    ///
    /// [`KitError::Key`] when one is damaged or of the wrong kind.
    pub fn read(signing: &StoredKey, decryption: &StoredKey) -> Result<Self, KitError> {
        let encryption_certificate = Certificate::parse(&decryption.certificate)?;
        // Partners must be able to encrypt to it.
        encryption_certificate.encryption_key()?;
        Ok(Self {
            signing: SigningKey::from_pkcs8_der(signing.algorithm, &signing.private_key)?,
            signing_certificate: Certificate::parse(&signing.certificate)?,
            decryption: [DecryptionKey::from_pkcs8_der(&decryption.private_key)?],
            encryption_certificate,
        })
    }

    pub(crate) const fn signing(&self) -> &SigningKey {
        &self.signing
    }

    pub(crate) const fn signing_certificate(&self) -> &Certificate {
        &self.signing_certificate
    }

    pub(crate) const fn encryption_certificate(&self) -> &Certificate {
        &self.encryption_certificate
    }

    pub(crate) const fn signer(&self) -> Signer<'_> {
        Signer { key: &self.signing, certificate: Some(&self.signing_certificate) }
    }
}
