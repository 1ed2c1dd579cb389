//! Opening an encrypted message.

use std::fmt;

use aws_lc_rs::aead::{Aad, Nonce, RandomizedNonceKey};

use super::header::Header;
use super::{ContentEncryption, DecryptionKey, IV_BYTES, Parties, TAG_BYTES};
use crate::base64url;

/// What the caller expects of an encrypted message.
#[derive(Clone, Copy, Debug)]
pub struct JweExpected<'a> {
    /// How it may be encrypted: what was offered to the sender.
    pub encryptions: &'a [ContentEncryption],
    /// The longest message that is looked at, in bytes of its text.
    pub bytes_max: usize,
}

/// A message that was encrypted to our key, by anybody.
#[derive(Clone, PartialEq, Eq)]
pub struct Decrypted {
    /// What it says.
    pub plaintext: Vec<u8>,
    /// What the sender says of itself (`apu`, RFC 7518 section 4.6.1.2); empty where it says nothing.
    pub apu: Vec<u8>,
    /// What the sender says of the receiver (`apv`, RFC 7518 section 4.6.1.3); empty where it says nothing.
    pub apv: Vec<u8>,
    /// How it was encrypted.
    pub encryption: ContentEncryption,
}

/// Why a message is refused. For the log; the sender learns no more than "invalid".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JweError {
    /// More bytes than the caller allows.
    #[error("the encrypted message is too long")]
    TooLong,
    /// Not five parts, or an encrypted key where the key is agreed upon directly.
    #[error("the encrypted message has not the five parts of a direct key agreement")]
    Form,
    /// A part is not canonical base64url, or of another length than its algorithm's.
    #[error("a part of the encrypted message is not canonical base64url, or of a wrong length")]
    Encoding,
    /// The header is no JSON object, or has a member of the wrong type, twice, or too long.
    #[error("the header of the encrypted message is malformed")]
    Header,
    /// The header has `zip`, `crit`, or a key of the sender's choice.
    #[error("the header of the encrypted message has a member that is not accepted")]
    RefusedMember,
    /// `alg` or `enc` is not among those that are expected.
    #[error("the encrypted message is encrypted otherwise than expected")]
    Algorithm,
    /// `kid` names another key.
    #[error("the message is encrypted to another key")]
    UnknownKey,
    /// `epk` is missing, or no public key on P-256.
    #[error("the sender's ephemeral key is no public key on P-256")]
    EphemeralKey,
    /// Encrypted to another key, or changed on the way.
    #[error("the message does not open")]
    Sealed,
}

/// Opens a message in the compact serialisation (RFC 7516 section 5.2). A message without `kid` is tried
/// with `key` as well; one that names another is refused.
///
/// # Errors
///
/// The first fault found; see [`JweError`].
pub fn decrypt(key: &DecryptionKey, message: &str, expected: &JweExpected<'_>) -> Result<Decrypted, JweError> {
    if message.len() > expected.bytes_max {
        return Err(JweError::TooLong);
    }
    let mut parts = message.split('.');
    let mut part = || parts.next().ok_or(JweError::Form);
    let (protected, encrypted_key, iv, ciphertext, tag) = (part()?, part()?, part()?, part()?, part()?);
    if parts.next().is_some() || !encrypted_key.is_empty() {
        return Err(JweError::Form);
    }
    let decode = |part| base64url::decode(part).ok_or(JweError::Encoding);
    let header = Header::parse(&decode(protected)?)?;
    if !expected.encryptions.contains(&header.encryption) {
        return Err(JweError::Algorithm);
    }
    if header.kid.as_deref().is_some_and(|kid| key.public_key().kid() != Some(kid)) {
        return Err(JweError::UnknownKey);
    }
    let iv: [u8; IV_BYTES] = decode(iv)?.try_into().map_err(|_| JweError::Encoding)?;
    let (mut sealed, tag) = (decode(ciphertext)?, decode(tag)?);
    if tag.len() != TAG_BYTES {
        return Err(JweError::Encoding);
    }
    sealed.extend_from_slice(&tag);
    let parties = Parties { apu: &header.apu, apv: &header.apv };
    let content_key = key.agree(&header.ephemeral, header.encryption, parties).ok_or(JweError::EphemeralKey)?;
    let cipher = RandomizedNonceKey::new(header.encryption.cipher(), &content_key).map_err(|_| JweError::Sealed)?;
    let opened = cipher
        .open_in_place(Nonce::assume_unique_for_key(iv), Aad::from(protected.as_bytes()), &mut sealed)
        .map_err(|_| JweError::Sealed)?
        .len();
    sealed.truncate(opened);
    Ok(Decrypted { plaintext: sealed, apu: header.apu, apv: header.apv, encryption: header.encryption })
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypted").field("encryption", &self.encryption).finish_non_exhaustive()
    }
}
