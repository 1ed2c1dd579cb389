//! Decrypting what a partner sent.

use std::fmt;

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use roxmltree::Node;
use zeroize::Zeroizing;

use crate::{DataCipher, KeyError, KeyTransport, Namespace, attribute, base64};

/// Encrypted content keys that are tried, each with each of our keys: a private operation costs a
/// millisecond.
const ENCRYPTED_KEYS_MAX: usize = 4;

/// Our RSA key that others encrypt to. Reading it costs much: keep it.
pub struct DecryptionKey {
    key: PrivateDecryptingKey,
    oaep: OaepPrivateDecryptingKey,
}

/// Why something is not decrypted. For the audit trail; the sender learns no more than "invalid".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// Another algorithm than AES-GCM under RSA-OAEP. Nothing was decrypted.
    #[error("the encryption algorithm is not allowed")]
    Algorithm,
    /// A part is missing, repeated, elsewhere or no base64. Nothing was decrypted.
    #[error("the encrypted element has another form")]
    Form,
    /// None of our keys, or anything else that is wrong with a ciphertext: whoever sends many must not
    /// learn which (Manger 2001).
    #[error("the element could not be decrypted")]
    Failed,
}

impl DecryptError {
    /// The word that the audit trail knows this by.
    pub const fn code(self) -> &'static str {
        match self {
            DecryptError::Algorithm => "enc-alg",
            DecryptError::Form => "enc-form",
            DecryptError::Failed => "decrypt",
        }
    }
}

impl DecryptionKey {
    /// A new key of 3072 bits, which takes some seconds to find.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`].
    pub fn generate() -> Result<Self, KeyError> {
        Self::new(PrivateDecryptingKey::generate(KeySize::Rsa3072).map_err(|_| KeyError::Rejected)?)
    }

    /// Reads an unencrypted PKCS #8 private key (RFC 5958).
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`] when it is not RSA, damaged, or too small.
    pub fn from_pkcs8_der(pkcs8: &[u8]) -> Result<Self, KeyError> {
        Self::new(PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_| KeyError::Rejected)?)
    }

    fn new(key: PrivateDecryptingKey) -> Result<Self, KeyError> {
        let oaep = OaepPrivateDecryptingKey::new(key.clone()).map_err(|_| KeyError::Rejected)?;
        Ok(Self { key, oaep })
    }

    /// The key as PKCS #8, to be sealed and stored. The copy is overwritten when dropped.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`].
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der: Pkcs8V1Der<'_> = self.key.as_der().map_err(|_| KeyError::Rejected)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The public half as `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`].
    pub fn spki_der(&self) -> Result<Vec<u8>, KeyError> {
        let der: PublicKeyX509Der<'_> = self.key.public_key().as_der().map_err(|_| KeyError::Rejected)?;
        Ok(der.as_ref().to_vec())
    }

    /// The content key, or octets that are none.
    fn unwrap(&self, wrapped: &Wrapped, key_len: usize) -> (Zeroizing<Vec<u8>>, Fit) {
        let mut key = Zeroizing::new(vec![0; self.oaep.min_output_size()]);
        let opened = self.oaep.decrypt(wrapped.transport.oaep(), &wrapped.octets, &mut key, None);
        let fit = if opened.is_ok_and(|opened| opened.len() == key_len) { Fit::Yes } else { Fit::No };
        key.truncate(key_len);
        (key, fit)
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DecryptionKey").field(&self.oaep.key_size_bits()).finish()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
}

struct Wrapped {
    transport: KeyTransport,
    octets: Vec<u8>,
}

/// The octets of an `xenc:EncryptedData` (XML Encryption 1.1 section 4.4), which are as untrusted as
/// they were before. Its content key stands in its `ds:KeyInfo`, or, as SAML also allows, beside it.
///
/// # Errors
///
/// See [`DecryptError`].
pub fn decrypt(encrypted_data: Node<'_, '_>, keys: &[DecryptionKey]) -> Result<Vec<u8>, DecryptError> {
    if !Namespace::XENC.is(encrypted_data, "EncryptedData") {
        return Err(DecryptError::Form);
    }
    let method = algorithm(encrypted_data)?;
    let cipher = DataCipher::ALL.into_iter().find(|cipher| attribute(method, "Algorithm") == Some(cipher.uri()));
    let cipher =
        cipher.filter(|_| method.children().all(|child| !child.is_element())).ok_or(DecryptError::Algorithm)?;
    let wrapped = encrypted_keys(encrypted_data)?;
    let content = cipher_value(encrypted_data)?;
    let (nonce, sealed) = content.split_first_chunk::<NONCE_LEN>().ok_or(DecryptError::Failed)?;
    let mut opened = None;
    for wrapped in &wrapped {
        for key in keys {
            let (key, fit) = key.unwrap(wrapped, cipher.aead().key_len());
            // Done with a wrong key too, so that both failures take as long as one.
            let plain = open(cipher, &key, *nonce, sealed);
            if fit == Fit::Yes && opened.is_none() {
                opened = plain;
            }
        }
    }
    opened.ok_or(DecryptError::Failed)
}

fn open(cipher: DataCipher, key: &[u8], nonce: [u8; NONCE_LEN], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(cipher.aead(), key).ok()?);
    let mut content = sealed.to_vec();
    let length = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut content).ok()?.len();
    content.truncate(length);
    Some(content)
}

/// The content keys inside `ds:KeyInfo` and beside the data, all of allowed algorithms.
fn encrypted_keys(data: Node<'_, '_>) -> Result<Vec<Wrapped>, DecryptError> {
    let key_info = data.children().filter(|child| Namespace::DS.is(*child, "KeyInfo"));
    let inside = key_info.flat_map(|key_info| key_info.children());
    let beside = data.parent().into_iter().flat_map(|parent| parent.children());
    let keys: Vec<Node<'_, '_>> = inside.chain(beside).filter(|key| Namespace::XENC.is(*key, "EncryptedKey")).collect();
    if keys.is_empty() || keys.len() > ENCRYPTED_KEYS_MAX {
        return Err(DecryptError::Form);
    }
    let read = |key: &Node<'_, '_>| Ok(Wrapped { transport: transport(*key)?, octets: cipher_value(*key)? });
    keys.iter().map(read).collect()
}

fn transport(encrypted_key: Node<'_, '_>) -> Result<KeyTransport, DecryptError> {
    let method = algorithm(encrypted_key)?;
    let name = attribute(method, "Algorithm");
    let transport = KeyTransport::ALL.into_iter().find(|transport| name == Some(transport.uri()));
    let transport = transport.ok_or(DecryptError::Algorithm)?;
    // Without these, both algorithms mean SHA-1 (section 5.5.2).
    let (mut digest, mut mask) = (KeyTransport::OaepMgf1Sha1.digest_uri(), None);
    for parameter in method.children().filter(Node::is_element) {
        let value = attribute(parameter, "Algorithm").unwrap_or_default();
        if Namespace::DS.is(parameter, "DigestMethod") {
            digest = value;
        } else if Namespace::XENC11.is(parameter, "MGF") {
            mask = Some(value);
        } else {
            return Err(DecryptError::Algorithm);
        }
    }
    let is_ours = digest == transport.digest_uri() && mask == transport.mask_uri();
    if is_ours { Ok(transport) } else { Err(DecryptError::Algorithm) }
}

fn algorithm<'a, 'i>(encrypted: Node<'a, 'i>) -> Result<Node<'a, 'i>, DecryptError> {
    only(encrypted, "EncryptionMethod")
}

fn cipher_value(encrypted: Node<'_, '_>) -> Result<Vec<u8>, DecryptError> {
    let value = only(only(encrypted, "CipherData")?, "CipherValue")?;
    base64::content(value).ok_or(DecryptError::Form)
}

/// The only child of this name.
fn only<'a, 'i>(parent: Node<'a, 'i>, local: &str) -> Result<Node<'a, 'i>, DecryptError> {
    let mut found = parent.children().filter(|child| Namespace::XENC.is(*child, local));
    let first = found.next().ok_or(DecryptError::Form)?;
    if found.next().is_some() { Err(DecryptError::Form) } else { Ok(first) }
}
