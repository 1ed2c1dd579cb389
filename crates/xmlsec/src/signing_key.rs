//! A private key and what it signs.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use zeroize::Zeroizing;

use crate::{KeyError, Namespace, SignatureAlgorithm, VerifyingKey, Writer, base64, signature};

/// A private key, for one algorithm only. Reading it costs much, signing little: keep it.
pub struct SigningKey {
    private: Private,
    algorithm: SignatureAlgorithm,
    public: VerifyingKey,
}

enum Private {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

/// The kind of a new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// RSA of 2048 bits.
    Rsa2048,
    /// RSA of 3072 bits, which takes some seconds to find.
    Rsa3072,
    /// P-256.
    P256,
}

/// A signature cannot be made. This is a fault of ours, not of anyone's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature could not be made")]
pub struct SignError;

/// What `algorithm` signs with.
enum Scheme {
    Rsa(&'static dyn RsaEncoding),
    Ec(&'static EcdsaSigningAlgorithm),
}

impl Scheme {
    fn of(algorithm: SignatureAlgorithm) -> Self {
        match algorithm {
            SignatureAlgorithm::RsaSha256 => Scheme::Rsa(&RSA_PKCS1_SHA256),
            SignatureAlgorithm::RsaSha384 => Scheme::Rsa(&RSA_PKCS1_SHA384),
            SignatureAlgorithm::RsaSha512 => Scheme::Rsa(&RSA_PKCS1_SHA512),
            SignatureAlgorithm::RsaPssSha256 => Scheme::Rsa(&RSA_PSS_SHA256),
            SignatureAlgorithm::EcdsaSha256 => Scheme::Ec(&ECDSA_P256_SHA256_FIXED_SIGNING),
            SignatureAlgorithm::EcdsaSha384 => Scheme::Ec(&ECDSA_P384_SHA384_FIXED_SIGNING),
        }
    }
}

impl SigningKey {
    /// A new key, for RSASSA-PKCS1-v1_5 with SHA-256 or for ECDSA with SHA-256.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`].
    pub fn generate(key_type: KeyType) -> Result<Self, KeyError> {
        let rsa = |size| RsaKeyPair::generate(size).map(Private::Rsa).map_err(|_| KeyError::Rejected);
        let (private, algorithm) = match key_type {
            KeyType::Rsa2048 => (rsa(KeySize::Rsa2048)?, SignatureAlgorithm::RsaSha256),
            KeyType::Rsa3072 => (rsa(KeySize::Rsa3072)?, SignatureAlgorithm::RsaSha256),
            KeyType::P256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Rejected)?;
                (Private::Ec(pair), SignatureAlgorithm::EcdsaSha256)
            }
        };
        Self::new(private, algorithm)
    }

    /// Reads an unencrypted PKCS #8 private key (RFC 5958) for an algorithm of its type.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`] when it is of another type, damaged, or too small.
    pub fn from_pkcs8_der(algorithm: SignatureAlgorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let private = match Scheme::of(algorithm) {
            Scheme::Rsa(_) => RsaKeyPair::from_pkcs8(pkcs8).map(Private::Rsa),
            Scheme::Ec(curve) => EcdsaKeyPair::from_pkcs8(curve, pkcs8).map(Private::Ec),
        };
        Self::new(private.map_err(|_| KeyError::Rejected)?, algorithm)
    }

    fn new(private: Private, algorithm: SignatureAlgorithm) -> Result<Self, KeyError> {
        let spki: Result<PublicKeyX509Der<'_>, _> = match &private {
            Private::Rsa(pair) => pair.public_key().as_der(),
            Private::Ec(pair) => pair.public_key().as_der(),
        };
        let public = VerifyingKey::from_spki_der(spki.map_err(|_| KeyError::Rejected)?.as_ref())?;
        Ok(Self { private, algorithm, public })
    }

    /// The key as PKCS #8, to be sealed and stored. The copy is overwritten when dropped.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`].
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der = match &self.private {
            Private::Ec(pair) => pair.to_pkcs8v1().map_err(|_| KeyError::Rejected)?.as_ref().to_vec(),
            Private::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Rejected)?;
                der.as_ref().to_vec()
            }
        };
        Ok(Zeroizing::new(der))
    }

    /// The algorithm that this key signs with.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The public half.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// A signature of these octets, as SAML's HTTP-Redirect binding wants it, not yet in base64.
    ///
    /// # Errors
    ///
    /// [`SignError`].
    pub fn sign_detached(&self, octets: &[u8]) -> Result<Vec<u8>, SignError> {
        self.sign(Scheme::of(self.algorithm), octets)
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 whatever the key's own RSA algorithm is, for its certificate.
    pub(crate) fn sign_certificate(&self, octets: &[u8]) -> Result<Vec<u8>, SignError> {
        match Scheme::of(self.algorithm) {
            Scheme::Rsa(_) => self.sign(Scheme::Rsa(&RSA_PKCS1_SHA256), octets),
            scheme @ Scheme::Ec(_) => self.sign(scheme, octets),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the library draws the nonce of a signature itself and takes this for form's sake"
    )]
    fn sign(&self, scheme: Scheme, octets: &[u8]) -> Result<Vec<u8>, SignError> {
        let random = SystemRandom::new();
        match (&self.private, scheme) {
            (Private::Ec(pair), Scheme::Ec(_)) => {
                Ok(pair.sign(&random, octets).map_err(|_| SignError)?.as_ref().to_vec())
            }
            (Private::Rsa(pair), Scheme::Rsa(encoding)) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, octets, &mut signature).map_err(|_| SignError)?;
                Ok(signature)
            }
            (Private::Ec(_), Scheme::Rsa(_)) | (Private::Rsa(_), Scheme::Ec(_)) => Err(SignError),
        }
    }

    /// The `ds:Signature` of an element, in canonical form: `canonical` is that element without it,
    /// `id` its `ID`. It belongs inside the element (SAML's schema puts it after the Issuer), which stays
    /// canonical thereby. With a certificate, `ds:KeyInfo` holds it for who looks there.
    ///
    /// # Errors
    ///
    /// [`SignError`].
    pub fn enveloped(&self, id: &str, canonical: &[u8], certificate: Option<&[u8]>) -> Result<String, SignError> {
        let digest = self.algorithm.digest();
        let digest_value = base64::encode(digest.of(canonical).as_ref());
        let ds = Namespace::DS;
        let mut writer = Writer::new();
        writer.start(ds, "SignedInfo");
        method(&mut writer, "CanonicalizationMethod", Namespace::EXC.uri);
        method(&mut writer, "SignatureMethod", self.algorithm.uri());
        writer.start(ds, "Reference").attribute("URI", &format!("#{id}")).start(ds, "Transforms");
        method(&mut writer, "Transform", signature::ENVELOPED);
        method(&mut writer, "Transform", Namespace::EXC.uri);
        writer.end();
        method(&mut writer, "DigestMethod", digest.uri());
        writer.leaf(ds, "DigestValue", &digest_value).end();
        let signed_info = writer.finish().map_err(|_| SignError)?;
        let value = base64::encode(&self.sign_detached(signed_info.as_bytes())?);

        let mut writer = Writer::new();
        // Alone it declares its prefix, inside of the signature that did so it does not.
        let declaration = format!(" xmlns:{}=\"{}\"", ds.prefix, ds.uri);
        writer.start(ds, "Signature").element(&signed_info.replacen(&declaration, "", 1)).leaf(
            ds,
            "SignatureValue",
            &value,
        );
        if let Some(certificate) = certificate {
            writer.start(ds, "KeyInfo").start(ds, "X509Data");
            writer.leaf(ds, "X509Certificate", &base64::encode(certificate)).end().end();
        }
        writer.finish().map_err(|_| SignError)
    }
}

fn method(writer: &mut Writer<'_>, local: &'static str, algorithm: &str) {
    writer.start(Namespace::DS, local).attribute("Algorithm", algorithm).end();
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { private: _, algorithm, public: _ } = self;
        f.debug_struct("SigningKey").field("algorithm", algorithm).finish_non_exhaustive()
    }
}
