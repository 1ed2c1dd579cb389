//! A private key and what it signs.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use data_encoding::BASE64;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{Algorithm, Jwk, base64url};

/// A private key, for one algorithm only. Reading it costs much, signing little: keep it.
pub struct SigningKey {
    private: Private,
    public: Jwk,
    kid: String,
}

enum Private {
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair, RsaPadding),
}

#[derive(Clone, Copy)]
enum RsaPadding {
    Pkcs1,
    Pss,
}

/// A private key cannot be made, read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The cryptographic library could not make a key.
    #[error("the key could not be generated")]
    Generation,
    /// No PKCS #8 private key of the algorithm's type, or one that is unsafe.
    #[error("this is no PKCS #8 private key that fits the algorithm")]
    Rejected,
    /// The key could not be written.
    #[error("the key could not be encoded")]
    Encoding,
}

/// A token cannot be signed. This is a fault of ours, not of anyone's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The payload is no JSON.
    #[error("the payload could not be written as JSON")]
    Payload,
    /// The cryptographic library refused.
    #[error("the signature could not be made")]
    Signature,
}

impl SigningKey {
    /// A new key: P-256, or RSA of 2048 bits (which takes some tenths of a second).
    ///
    /// # Errors
    ///
    /// [`KeyError::Generation`].
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        let private = match Kind::of(algorithm) {
            Kind::P256 => Private::P256(
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Generation)?,
            ),
            Kind::Rsa(padding) => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
                Private::Rsa(pair, padding)
            }
        };
        Self::new(private)
    }

    /// Reads an unencrypted PKCS #8 private key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`] when it is of another type, damaged, or too small.
    pub fn from_pkcs8(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let private = match Kind::of(algorithm) {
            Kind::P256 => Private::P256(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(|_| KeyError::Rejected)?,
            ),
            Kind::Rsa(padding) => Private::Rsa(RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError::Rejected)?, padding),
        };
        Self::new(private)
    }

    fn new(private: Private) -> Result<Self, KeyError> {
        let public = match &private {
            Private::P256(pair) => {
                // SEC 1 section 2.3.3: the byte 4, then both coordinates.
                let point = pair.public_key().as_ref().get(1..65).ok_or(KeyError::Rejected)?;
                let (x, y) = point.split_at(32);
                Jwk::of_p256(x, y)
            }
            Private::Rsa(pair, padding) => {
                let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
                Jwk::of_rsa(
                    padding.algorithm(),
                    n.big_endian_without_leading_zero(),
                    e.big_endian_without_leading_zero(),
                )
            }
        }
        .map_err(|_| KeyError::Rejected)?;
        let kid = public.thumbprint();
        Ok(Self { private, public, kid })
    }

    /// The key as PKCS #8, to be sealed and stored. The copy is overwritten when dropped.
    ///
    /// # Errors
    ///
    /// [`KeyError::Encoding`].
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let bytes = match &self.private {
            Private::P256(pair) => pair.to_pkcs8v1().map_err(|_| KeyError::Encoding)?.as_ref().to_vec(),
            Private::Rsa(pair, _) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Encoding)?;
                der.as_ref().to_vec()
            }
        };
        Ok(Zeroizing::new(bytes))
    }

    /// The algorithm that this key signs with.
    pub fn algorithm(&self) -> Algorithm {
        match &self.private {
            Private::P256(_) => Algorithm::Es256,
            Private::Rsa(_, padding) => padding.algorithm(),
        }
    }

    /// The key's name: its thumbprint (RFC 7638).
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, for our key set.
    pub fn public_jwk(&self) -> Jwk {
        self.public.clone()
    }

    /// `payload` as a signed token in the compact serialisation (RFC 7515 section 7.1). `typ` says
    /// what kind of token it is, so that it is not taken for another (RFC 8725 section 3.11).
    ///
    /// # Errors
    ///
    /// See [`SignError`].
    pub fn sign(&self, typ: &str, payload: &impl Serialize) -> Result<String, SignError> {
        self.sign_under(
            &Header { alg: self.algorithm().as_str(), kid: Some(&self.kid), typ, x5c: None, jwk: None },
            payload,
        )
    }

    /// The same with the signer's certificates instead of the key's name (RFC 7515 section 4.1.6): DER, the
    /// signer's own first, each signed by the next.
    ///
    /// # Errors
    ///
    /// See [`SignError`].
    pub fn sign_with_chain(&self, typ: &str, chain: &[Vec<u8>], payload: &impl Serialize) -> Result<String, SignError> {
        let x5c = Some(chain.iter().map(|certificate| BASE64.encode(certificate)).collect());
        self.sign_under(&Header { alg: self.algorithm().as_str(), kid: None, typ, x5c, jwk: None }, payload)
    }

    /// The same with the public key itself (RFC 7515 section 4.1.3): proves that whoever sends the token holds it.
    ///
    /// # Errors
    ///
    /// See [`SignError`].
    pub fn sign_with_own_key(&self, typ: &str, payload: &impl Serialize) -> Result<String, SignError> {
        let jwk = Some(self.public.bare());
        self.sign_under(&Header { alg: self.algorithm().as_str(), kid: None, typ, x5c: None, jwk }, payload)
    }

    fn sign_under(&self, header: &Header<'_>, payload: &impl Serialize) -> Result<String, SignError> {
        let header = serde_json::to_vec(header).map_err(|_| SignError::Payload)?;
        let payload = serde_json::to_vec(payload).map_err(|_| SignError::Payload)?;
        let mut token = String::with_capacity((header.len() + payload.len()) * 4 / 3 + 400);
        base64url::append(&header, &mut token);
        token.push('.');
        base64url::append(&payload, &mut token);
        let signature = self.signature(token.as_bytes()).ok_or(SignError::Signature)?;
        token.push('.');
        base64url::append(&signature, &mut token);
        Ok(token)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the library draws the nonce of a signature itself and takes this for form's sake"
    )]
    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.private {
            Private::P256(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            Private::Rsa(pair, padding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding.encoding(), &random, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    typ: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    x5c: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwk: Option<serde_json::Value>,
}

enum Kind {
    P256,
    Rsa(RsaPadding),
}

impl Kind {
    fn of(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => Kind::P256,
            Algorithm::Rs256 => Kind::Rsa(RsaPadding::Pkcs1),
            Algorithm::Ps256 => Kind::Rsa(RsaPadding::Pss),
        }
    }
}

impl RsaPadding {
    fn algorithm(self) -> Algorithm {
        match self {
            RsaPadding::Pkcs1 => Algorithm::Rs256,
            RsaPadding::Pss => Algorithm::Ps256,
        }
    }

    fn encoding(self) -> &'static dyn RsaEncoding {
        match self {
            RsaPadding::Pkcs1 => &RSA_PKCS1_SHA256,
            RsaPadding::Pss => &RSA_PSS_SHA256,
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { private: _, public, kid: _ } = self;
        f.debug_struct("SigningKey").field("public", public).finish_non_exhaustive()
    }
}
