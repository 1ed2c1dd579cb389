//! The key that signs SAML, in the certificate that partners expect around it.

use data_encoding::HEXLOWER;
use model::Secret;
use saml::Signer;
use store::record::SigningKeyRecord;
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, KeyType, SignatureAlgorithm, SigningKey};

/// RSA with SHA-256: what every partner checks.
const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::RsaSha256;
/// How long a certificate says that it is good, in seconds: longer than any key is used, since it only carries
/// the key and partners that look at its time should not stop at it.
const LIFE: i64 = 20 * 365 * 24 * 3600;

/// A key could not be made or opened.
#[derive(Debug)]
pub(crate) struct KeyFault;

/// A key and its certificate, which is the same at every node: its signature has no randomness.
pub(crate) struct SamlKey {
    name: String,
    key: SigningKey,
    certificate: Certificate,
}

impl SamlKey {
    /// A new one: its name, which is the SHA-256 of its public half, and its PKCS #8 form.
    pub(crate) fn generate() -> Result<(String, Secret<Vec<u8>>), KeyFault> {
        let key = SigningKey::generate(KeyType::Rsa2048).map_err(|_| KeyFault)?;
        let private = key.to_pkcs8_der().map_err(|_| KeyFault)?;
        let name = idp::keys::fingerprint(key.verifying_key().spki_der());
        Ok((name, Secret::new(private.to_vec())))
    }

    /// The key that a record holds, with its certificate for `host`.
    pub(crate) fn open(record: &SigningKeyRecord, pkcs8: &[u8], host: &str) -> Result<Self, KeyFault> {
        let key = SigningKey::from_pkcs8_der(ALGORITHM, pkcs8).map_err(|_| KeyFault)?;
        let serial = HEXLOWER.decode(record.kid.as_bytes()).map_err(|_| KeyFault)?;
        let serial = serial.get(..16).ok_or(KeyFault)?;
        let not_before = record.published_at.seconds();
        // A host's name may be longer than a common name (RFC 5280 appendix A.1).
        let common_name: String = host.chars().take(64).collect();
        let request = Request { common_name: &common_name, not_before, not_after: not_before + LIFE, serial };
        let der = self_signed(&key, &request).map_err(|_| KeyFault)?;
        let certificate = Certificate::parse(&der).map_err(|_| KeyFault)?;
        Ok(Self { name: record.kid.clone(), key, certificate })
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Signs with it.
    pub(crate) fn signer(&self) -> Signer<'_> {
        Signer { key: &self.key, certificate: Some(&self.certificate) }
    }

    /// The certificate for metadata.
    pub(crate) fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}
