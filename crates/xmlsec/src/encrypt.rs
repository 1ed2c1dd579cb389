//! Encrypting to a partner.

use std::fmt;

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey, PublicEncryptingKey,
};
use zeroize::Zeroizing;

use crate::{KeyError, Namespace, VerifyingKey, Writer, base64};

/// How the content key is encrypted (XML Encryption 1.1 section 5.5.2). There is no RSA 1.5 here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTransport {
    /// `rsa-oaep-mgf1p` with SHA-1, which every partner knows and Kantara's deployment profile demands. OAEP
    /// does not rest on what SHA-1 has lost.
    OaepMgf1Sha1,
    /// `rsa-oaep` of XML Encryption 1.1 with SHA-256 and MGF1 with SHA-256, for partners whose metadata
    /// says so.
    OaepSha256,
}

/// What encrypts the content (XML Encryption 1.1 section 5.2.4). There is no CBC here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataCipher {
    /// AES-GCM with a key of 128 bits.
    Aes128Gcm,
    /// AES-GCM with a key of 256 bits.
    Aes256Gcm,
}

/// Something cannot be encrypted. This is a fault of ours, not of anyone's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the element could not be encrypted")]
pub struct EncryptError;

impl KeyTransport {
    pub(crate) const ALL: [KeyTransport; 2] = [KeyTransport::OaepMgf1Sha1, KeyTransport::OaepSha256];

    /// Its identifier.
    pub const fn uri(self) -> &'static str {
        match self {
            KeyTransport::OaepMgf1Sha1 => "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
            KeyTransport::OaepSha256 => "http://www.w3.org/2009/xmlenc11#rsa-oaep",
        }
    }

    pub(crate) const fn digest_uri(self) -> &'static str {
        match self {
            KeyTransport::OaepMgf1Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            KeyTransport::OaepSha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
        }
    }

    /// The identifier of the mask function, where it can be chosen.
    pub(crate) const fn mask_uri(self) -> Option<&'static str> {
        match self {
            KeyTransport::OaepMgf1Sha1 => None,
            KeyTransport::OaepSha256 => Some("http://www.w3.org/2009/xmlenc11#mgf1sha256"),
        }
    }

    pub(crate) fn oaep(self) -> &'static OaepAlgorithm {
        match self {
            KeyTransport::OaepMgf1Sha1 => &OAEP_SHA1_MGF1SHA1,
            KeyTransport::OaepSha256 => &OAEP_SHA256_MGF1SHA256,
        }
    }
}

impl DataCipher {
    pub(crate) const ALL: [DataCipher; 2] = [DataCipher::Aes128Gcm, DataCipher::Aes256Gcm];

    /// Its identifier.
    pub const fn uri(self) -> &'static str {
        match self {
            DataCipher::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            DataCipher::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        }
    }

    pub(crate) fn aead(self) -> &'static Algorithm {
        match self {
            DataCipher::Aes128Gcm => &AES_128_GCM,
            DataCipher::Aes256Gcm => &AES_256_GCM,
        }
    }
}

/// A partner's RSA key to encrypt to, within the same limits as a [`VerifyingKey`].
pub struct EncryptionKey(OaepPublicEncryptingKey);

impl EncryptionKey {
    /// Reads a `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
    ///
    /// # Errors
    ///
    /// See [`KeyError`]; [`KeyError::Foreign`] also when it is not RSA.
    pub fn from_spki_der(spki: &[u8]) -> Result<Self, KeyError> {
        VerifyingKey::from_spki_der(spki)?;
        let key = PublicEncryptingKey::from_der(spki).map_err(|_| KeyError::Foreign)?;
        OaepPublicEncryptingKey::new(key).map(Self).map_err(|_| KeyError::Foreign)
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EncryptionKey").field(&self.0.key_size_bits()).finish()
    }
}

/// The `xenc:EncryptedData` of an element that is given as octets, in canonical form, with the content
/// key inside (XML Encryption 1.1 section 3). `fill` fills with random octets.
///
/// # Errors
///
/// [`EncryptError`].
pub fn encrypt(
    octets: &[u8],
    recipient: &EncryptionKey,
    transport: KeyTransport,
    cipher: DataCipher,
    fill: &mut dyn FnMut(&mut [u8]),
) -> Result<String, EncryptError> {
    let mut key = Zeroizing::new(vec![0; cipher.aead().key_len()]);
    let mut nonce = [0; NONCE_LEN];
    fill(&mut key);
    fill(&mut nonce);
    // Nonce, then ciphertext and tag (section 5.2.4).
    let mut content = [&nonce[..], octets].concat();
    let sealing = UnboundKey::new(cipher.aead(), &key).map(LessSafeKey::new).map_err(|_| EncryptError)?;
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = sealing.seal_in_place_separate_tag(nonce, Aad::empty(), &mut content[NONCE_LEN..]);
    content.extend_from_slice(tag.map_err(|_| EncryptError)?.as_ref());
    let mut wrapped = vec![0; recipient.0.ciphertext_size()];
    let wrapped = recipient.0.encrypt(transport.oaep(), &key, &mut wrapped, None).map_err(|_| EncryptError)?;
    write(transport, cipher, wrapped, &content)
}

fn write(transport: KeyTransport, cipher: DataCipher, wrapped: &[u8], content: &[u8]) -> Result<String, EncryptError> {
    let (ds, xenc, xenc11) = (Namespace::DS, Namespace::XENC, Namespace::XENC11);
    let mut writer = Writer::new();
    writer.start(xenc, "EncryptedData").attribute("Type", "http://www.w3.org/2001/04/xmlenc#Element");
    writer.start(xenc, "EncryptionMethod").attribute("Algorithm", cipher.uri()).end();
    writer.start(ds, "KeyInfo").start(xenc, "EncryptedKey");
    writer.start(xenc, "EncryptionMethod").attribute("Algorithm", transport.uri());
    writer.start(ds, "DigestMethod").attribute("Algorithm", transport.digest_uri()).end();
    if let Some(mask) = transport.mask_uri() {
        writer.start(xenc11, "MGF").attribute("Algorithm", mask).end();
    }
    writer.end().start(xenc, "CipherData").leaf(xenc, "CipherValue", &base64::encode(wrapped)).end();
    writer.end().end().start(xenc, "CipherData").leaf(xenc, "CipherValue", &base64::encode(content)).end();
    writer.finish().map_err(|_| EncryptError)
}
