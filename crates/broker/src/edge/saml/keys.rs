//! The keys that sign SAML, each in the certificate that partners expect around it.

use data_encoding::HEXLOWER;
use model::{Secret, Timestamp};
use saml::Signer;
use store::record::SigningKeyRecord;
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, KeyType, SignatureAlgorithm, SigningKey};

/// What every partner checks.
pub(crate) const USUAL: SignatureAlgorithm = SignatureAlgorithm::RsaSha256;
/// What we sign with and the bits of the keys: the usual one, and one for services whose metadata names it, which
/// costs a tenth.
pub(crate) const SIGNED_WITH: [(SignatureAlgorithm, u16); 2] = [(USUAL, 2048), (SignatureAlgorithm::EcdsaSha256, 256)];
/// How long a certificate says that it is good, in seconds: longer than any key is used, since it only carries
/// the key and partners that look at its time should not stop at it.
const LIFE: i64 = 20 * 365 * 24 * 3600;

/// A key could not be made or opened.
#[derive(Debug)]
pub(crate) struct KeyFault;

/// A key and its certificate, which is the same at every node. RSA signs without randomness, so that the certificate
/// can be made again; ECDSA's is made once and rests beside the key.
pub(crate) struct SamlKey {
    name: String,
    key: SigningKey,
    certificate: Certificate,
}

impl SamlKey {
    /// A new one: its name, which is the SHA-256 of its public half, and what is sealed of it.
    pub(crate) fn generate(
        algorithm: SignatureAlgorithm,
        published_at: Timestamp,
        host: &str,
    ) -> Result<(String, Secret<Vec<u8>>), KeyFault> {
        let is_rsa = algorithm == USUAL;
        let key = SigningKey::generate(if is_rsa { KeyType::Rsa2048 } else { KeyType::P256 }).map_err(|_| KeyFault)?;
        let pkcs8 = key.to_pkcs8_der().map_err(|_| KeyFault)?;
        let name = idp::keys::fingerprint(key.verifying_key().spki_der());
        if is_rsa {
            return Ok((name, Secret::new(pkcs8.to_vec())));
        }
        let certificate = certificate(&key, &name, published_at, host)?;
        let length = u16::try_from(pkcs8.len()).map_err(|_| KeyFault)?;
        Ok((name, Secret::new([&length.to_be_bytes()[..], &pkcs8, &certificate].concat())))
    }

    /// The key that a record holds, whose sealed part says `private`, with its certificate for `host`.
    pub(crate) fn open(
        record: &SigningKeyRecord,
        algorithm: SignatureAlgorithm,
        private: &[u8],
        host: &str,
    ) -> Result<Self, KeyFault> {
        let read = |pkcs8| SigningKey::from_pkcs8_der(algorithm, pkcs8).map_err(|_| KeyFault);
        let (key, der) = if algorithm == USUAL {
            let key = read(private)?;
            let der = certificate(&key, &record.kid, record.published_at, host)?;
            (key, der)
        } else {
            let (length, rest) = private.split_first_chunk().ok_or(KeyFault)?;
            let (pkcs8, der) = rest.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(KeyFault)?;
            (read(pkcs8)?, der.to_vec())
        };
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

/// A key's certificate, in DER.
fn certificate(key: &SigningKey, name: &str, published_at: Timestamp, host: &str) -> Result<Vec<u8>, KeyFault> {
    let serial = HEXLOWER.decode(name.as_bytes()).map_err(|_| KeyFault)?;
    let serial = serial.get(..16).ok_or(KeyFault)?;
    let not_before = published_at.seconds();
    // A host's name may be longer than a common name (RFC 5280 appendix A.1).
    let common_name: String = host.chars().take(64).collect();
    let request = Request { common_name: &common_name, not_before, not_after: not_before + LIFE, serial };
    self_signed(key, &request).map_err(|_| KeyFault)
}
