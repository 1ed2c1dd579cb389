//! A public key and what it checks.

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, VerificationAlgorithm,
};

use crate::SignatureAlgorithm;
use crate::der::{self, Reader};

/// The shortest RSA modulus, in bits (NIST SP 800-131A).
pub const RSA_BITS_MIN: usize = 2048;
/// The longest RSA modulus, in bits: checking takes the square of the length.
pub const RSA_BITS_MAX: usize = 8192;
const RSA_EXPONENT_MIN: u64 = 65_537;
/// A longer exponent slows checking down and serves nobody.
const RSA_EXPONENT_BYTES_MAX: usize = 4;

const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];

/// A public key that checks signatures: RSA of [`RSA_BITS_MIN`] to [`RSA_BITS_MAX`] bits, P-256 or
/// P-384.
///
/// Invariant: the numbers have been checked, so a signature is the only thing left to judge.
#[derive(Clone)]
pub struct VerifyingKey {
    spki: Vec<u8>,
    key_type: PublicKeyType,
    /// The key as each algorithm that it allows wants it.
    verifiers: Vec<(SignatureAlgorithm, ParsedPublicKey)>,
}

/// Why a key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No `SubjectPublicKeyInfo`, certificate or PKCS #8 key in DER.
    #[error("the key or certificate is no proper DER")]
    Form,
    /// Another type of key, or a point that is not on its curve.
    #[error("the key is neither RSA nor a point on P-256 or P-384")]
    Foreign,
    /// RSA with a modulus or exponent outside of what is safe.
    #[error("an RSA key has a modulus of 2048 to 8192 bits and an odd exponent from 65537")]
    Weak,
    /// A private key that the cryptographic library could not make, read or write.
    #[error("the private key cannot be used")]
    Rejected,
}

impl VerifyingKey {
    /// Reads a `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
    ///
    /// # Errors
    ///
    /// See [`KeyError`].
    pub fn from_spki_der(spki: &[u8]) -> Result<Self, KeyError> {
        let key_type = key_type(spki)?;
        let verifiers: &[(SignatureAlgorithm, &'static dyn VerificationAlgorithm)] = match key_type {
            PublicKeyType::Rsa { .. } => &[
                (SignatureAlgorithm::RsaSha256, &RSA_PKCS1_2048_8192_SHA256),
                (SignatureAlgorithm::RsaSha384, &RSA_PKCS1_2048_8192_SHA384),
                (SignatureAlgorithm::RsaSha512, &RSA_PKCS1_2048_8192_SHA512),
                (SignatureAlgorithm::RsaPssSha256, &RSA_PSS_2048_8192_SHA256),
            ],
            PublicKeyType::P256 => &[(SignatureAlgorithm::EcdsaSha256, &ECDSA_P256_SHA256_FIXED)],
            PublicKeyType::P384 => &[(SignatureAlgorithm::EcdsaSha384, &ECDSA_P384_SHA384_FIXED)],
        };
        let parsed = verifiers.iter().map(|(algorithm, verifier)| {
            Ok((*algorithm, ParsedPublicKey::new(*verifier, spki).map_err(|_| KeyError::Foreign)?))
        });
        Ok(Self { spki: spki.to_vec(), key_type, verifiers: parsed.collect::<Result<_, _>>()? })
    }

    /// The key of a certificate; see [`crate::Certificate`].
    ///
    /// # Errors
    ///
    /// See [`KeyError`].
    pub fn from_certificate_der(certificate: &[u8]) -> Result<Self, KeyError> {
        Ok(crate::Certificate::parse(certificate)?.into_key())
    }

    /// The key as `SubjectPublicKeyInfo`.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// What it is, and how long.
    pub fn key_type(&self) -> PublicKeyType {
        self.key_type
    }

    /// Whether it checks signatures of `algorithm`.
    pub fn allows(&self, algorithm: SignatureAlgorithm) -> bool {
        self.verifiers.iter().any(|(allowed, _)| *allowed == algorithm)
    }

    pub(crate) fn verifies(&self, algorithm: SignatureAlgorithm, octets: &[u8], signature: &[u8]) -> bool {
        let verifier = self.verifiers.iter().find(|(allowed, _)| *allowed == algorithm);
        verifier.is_some_and(|(_, verifier)| verifier.verify_sig(octets, signature).is_ok())
    }
}

/// What a public key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PublicKeyType {
    /// RSA.
    Rsa {
        /// The length of its modulus.
        bits: usize,
    },
    /// The curve P-256.
    P256,
    /// The curve P-384.
    P384,
}

fn key_type(spki: &[u8]) -> Result<PublicKeyType, KeyError> {
    let (algorithm, parameters, key) = parts(spki).ok_or(KeyError::Form)?;
    match algorithm {
        EC_PUBLIC_KEY => match Reader::new(parameters).read(der::OID) {
            Some(P256) => Ok(PublicKeyType::P256),
            Some(P384) => Ok(PublicKeyType::P384),
            Some(_) | None => Err(KeyError::Foreign),
        },
        RSA_ENCRYPTION => {
            let (modulus, exponent) = rsa_numbers(key).ok_or(KeyError::Form)?;
            let bits = bits(modulus);
            if is_safe(modulus, exponent) { Ok(PublicKeyType::Rsa { bits }) } else { Err(KeyError::Weak) }
        }
        _ => Err(KeyError::Foreign),
    }
}

/// The algorithm, its parameters, and the key itself.
fn parts(spki: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut outer = Reader::new(spki);
    let mut inner = Reader::new(outer.read(der::SEQUENCE)?);
    let algorithm = inner.read(der::SEQUENCE)?;
    let [0, key @ ..] = inner.read(der::BIT_STRING)? else { return None };
    let mut identifier = Reader::new(algorithm);
    let name = identifier.read(der::OID)?;
    let parameters = &algorithm[algorithm.len() - identifier.left()..];
    (outer.is_empty() && inner.is_empty()).then_some((name, parameters, key))
}

/// Modulus and exponent (RFC 8017 appendix A.1.1), without the zero that keeps them positive.
fn rsa_numbers(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut numbers = Reader::new(Reader::new(key).read(der::SEQUENCE)?);
    let [modulus, exponent] = [numbers.read(der::INTEGER)?, numbers.read(der::INTEGER)?];
    let unsigned = |number: &'_ [u8]| number.iter().take_while(|octet| **octet == 0).count();
    Some((&modulus[unsigned(modulus)..], &exponent[unsigned(exponent)..]))
}

fn bits(modulus: &[u8]) -> usize {
    modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize)
}

fn is_safe(modulus: &[u8], exponent: &[u8]) -> bool {
    let value = exponent.iter().take(RSA_EXPONENT_BYTES_MAX).fold(0, |value, octet| value << 8 | u64::from(*octet));
    (RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits(modulus))
        && modulus.last().is_some_and(|last| last & 1 == 1)
        && exponent.len() <= RSA_EXPONENT_BYTES_MAX
        && value >= RSA_EXPONENT_MIN
        && value & 1 == 1
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithms: Vec<_> = self.verifiers.iter().map(|(algorithm, _)| algorithm).collect();
        f.debug_struct("VerifyingKey").field("algorithms", &algorithms).finish_non_exhaustive()
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for VerifyingKey {}
