//! Signature algorithms and the keys that go with them.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, EcdsaKeyPair, KeyPair,
    ParsedPublicKey, VerificationAlgorithm,
};
use coset::iana;
use zeroize::Zeroizing;

/// A signature algorithm of RFC 9053 section 2.1, each with the one curve that ISO/IEC 18013-5 section
/// 9.1.2.4 puts beside it. There are no others here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384. Of issuers only; nothing here signs with it.
    Es384,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 2] = [Algorithm::Es256, Algorithm::Es384];

    pub(crate) const fn registered(self) -> iana::Algorithm {
        match self {
            Algorithm::Es256 => iana::Algorithm::ES256,
            Algorithm::Es384 => iana::Algorithm::ES384,
        }
    }

    fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Algorithm::Es256 => &ECDSA_P256_SHA256_FIXED,
            Algorithm::Es384 => &ECDSA_P384_SHA384_FIXED,
        }
    }

    /// What comes before the point in its `SubjectPublicKeyInfo` (RFC 5480 section 2).
    const fn spki_prefix(self) -> &'static [u8] {
        match self {
            Algorithm::Es256 => &[
                0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d,
                3, 1, 7, 3, 0x42, 0,
            ],
            Algorithm::Es384 => &[
                0x30, 0x76, 0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22, 3,
                0x62, 0,
            ],
        }
    }

    /// The octets of one coordinate.
    const fn coordinate_bytes(self) -> usize {
        match self {
            Algorithm::Es256 => 32,
            Algorithm::Es384 => 48,
        }
    }
}

/// A public key: a point on P-256 or P-384.
///
/// Invariant: the point is on its curve, so a signature is the only thing left to judge.
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    /// Uncompressed (SEC 1 section 2.3.3).
    point: Vec<u8>,
    parsed: ParsedPublicKey,
}

/// A key cannot be made, read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The cryptographic library could not make a key.
    #[error("the key could not be generated")]
    Generation,
    /// No point on the curve, another curve, or another form of it.
    #[error("this is no public key on P-256 or P-384")]
    Foreign,
    /// No PKCS #8 private key on P-256.
    #[error("this is no PKCS #8 private key on P-256")]
    Rejected,
    /// The key could not be written.
    #[error("the key could not be encoded")]
    Encoding,
}

impl VerifyingKey {
    /// Reads the `SubjectPublicKeyInfo` of a certificate, in DER: a named curve and an uncompressed point,
    /// as RFC 5480 section 2.2 has it.
    ///
    /// # Errors
    ///
    /// [`KeyError::Foreign`].
    pub fn from_spki_der(spki: &[u8]) -> Result<Self, KeyError> {
        let mut points = Algorithm::ALL.into_iter().filter_map(|algorithm| {
            let point = spki.strip_prefix(algorithm.spki_prefix())?;
            Some((algorithm, point))
        });
        let (algorithm, point) = points.next().ok_or(KeyError::Foreign)?;
        Self::from_point(algorithm, point)
    }

    /// The key with these coordinates on the curve of `algorithm`, each at its full length, as a JWK has
    /// them (RFC 7518 section 6.2.1).
    ///
    /// # Errors
    ///
    /// [`KeyError::Foreign`].
    pub fn from_coordinates(algorithm: Algorithm, x: &[u8], y: &[u8]) -> Result<Self, KeyError> {
        let is_whole = [x, y].iter().all(|coordinate| coordinate.len() == algorithm.coordinate_bytes());
        if !is_whole {
            return Err(KeyError::Foreign);
        }
        Self::from_point(algorithm, &[&[4], x, y].concat())
    }

    fn from_point(algorithm: Algorithm, point: &[u8]) -> Result<Self, KeyError> {
        if point.len() != 1 + 2 * algorithm.coordinate_bytes() || point[0] != 4 {
            return Err(KeyError::Foreign);
        }
        let parsed = ParsedPublicKey::new(algorithm.verification(), point).map_err(|_| KeyError::Foreign)?;
        Ok(Self { algorithm, point: point.to_vec(), parsed })
    }

    /// The algorithm whose signatures it checks.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its two coordinates, x and y, each at its full length.
    pub fn coordinates(&self) -> (&[u8], &[u8]) {
        self.point[1..].split_at(self.algorithm.coordinate_bytes())
    }

    /// The key as `SubjectPublicKeyInfo`, in DER.
    pub fn to_spki_der(&self) -> Vec<u8> {
        [self.algorithm.spki_prefix(), &self.point].concat()
    }

    pub(crate) fn verifies(&self, octets: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(octets, signature).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { algorithm, point: _, parsed: _ } = self;
        f.debug_struct("VerifyingKey").field("algorithm", algorithm).finish_non_exhaustive()
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.point == other.point
    }
}

impl Eq for VerifyingKey {}

/// A private key on P-256 that signs with ES256: an issuer's or a device's. Reading it costs much,
/// signing little: keep it.
pub struct SigningKey {
    private: EcdsaKeyPair,
    public: VerifyingKey,
}

/// A signature cannot be made. This is a fault of ours, not of anyone's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature could not be made")]
pub struct SignError;

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Generation`].
    pub fn generate() -> Result<Self, KeyError> {
        Self::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Generation)?)
    }

    /// Reads an unencrypted PKCS #8 private key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`].
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8);
        Self::new(pair.map_err(|_| KeyError::Rejected)?)
    }

    fn new(private: EcdsaKeyPair) -> Result<Self, KeyError> {
        let public = VerifyingKey::from_point(Algorithm::Es256, private.public_key().as_ref())?;
        Ok(Self { private, public })
    }

    /// The key as PKCS #8, to be sealed and stored. The copy is overwritten when dropped.
    ///
    /// # Errors
    ///
    /// [`KeyError::Encoding`].
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let document = self.private.to_pkcs8v1().map_err(|_| KeyError::Encoding)?;
        Ok(Zeroizing::new(document.as_ref().to_vec()))
    }

    /// The public half.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the library draws the nonce of a signature itself and takes this for form's sake"
    )]
    pub(crate) fn sign(&self, octets: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.private.sign(&SystemRandom::new(), octets).map_err(|_| SignError)?;
        Ok(signature.as_ref().to_vec())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { private: _, public } = self;
        f.debug_struct("SigningKey").field("public", public).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_as_it_is_written_and_prints_nothing() {
        let key = SigningKey::generate().unwrap();
        let again = SigningKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.verifying_key(), key.verifying_key());
        let spki = key.verifying_key().to_spki_der();
        assert_eq!(VerifyingKey::from_spki_der(&spki).as_ref(), Ok(key.verifying_key()));
        let (x, y) = key.verifying_key().coordinates();
        assert_eq!(VerifyingKey::from_coordinates(Algorithm::Es256, x, y).as_ref(), Ok(key.verifying_key()));
        assert_eq!(format!("{key:?}"), "SigningKey { public: VerifyingKey { algorithm: Es256, .. }, .. }");
    }

    #[test]
    fn what_is_no_point_on_the_curve_is_refused() {
        let key = SigningKey::generate().unwrap();
        let mut spki = key.verifying_key().to_spki_der();
        assert!(VerifyingKey::from_spki_der(&spki[..spki.len() - 1]).is_err());
        spki[60] ^= 1;
        assert_eq!(VerifyingKey::from_spki_der(&spki), Err(KeyError::Foreign));
        let (x, y) = key.verifying_key().coordinates();
        for (x, y) in [(&x[1..], y), (x, &y[1..]), (y, x), (&[][..], &[][..])] {
            assert_eq!(VerifyingKey::from_coordinates(Algorithm::Es256, x, y), Err(KeyError::Foreign));
        }
        assert_eq!(VerifyingKey::from_coordinates(Algorithm::Es384, x, y), Err(KeyError::Foreign));
    }
}
