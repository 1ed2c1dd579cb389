//! Encrypting a message.

use aws_lc_rs::aead::{Aad, RandomizedNonceKey};
use serde_json::{Map, Value};

use super::{ContentEncryption, DecryptionKey, ECDH_ES, EncryptionKey, PARTY_BYTES_MAX, TAG_BYTES};
use crate::base64url;

/// What both sides mix into the agreed key (RFC 7518 sections 4.6.1.2 and 4.6.1.3); empty is absent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parties<'a> {
    /// Of the sender.
    pub apu: &'a [u8],
    /// Of the receiver.
    pub apv: &'a [u8],
}

/// A message cannot be encrypted. This is a fault of ours, not of anyone's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncryptError {
    /// A party's information is longer than [`PARTY_BYTES_MAX`].
    #[error("the information about a party is too long")]
    Party,
    /// The cryptographic library refused.
    #[error("the message could not be encrypted")]
    Cipher,
}

/// `plaintext` encrypted to `receiver`, in the compact serialisation (RFC 7516 section 5.1). The ephemeral
/// key and the initialisation vector are drawn by the cryptographic library, anew for each message.
///
/// # Errors
///
/// See [`EncryptError`].
pub fn encrypt(
    receiver: &EncryptionKey,
    encryption: ContentEncryption,
    parties: Parties<'_>,
    plaintext: &[u8],
) -> Result<String, EncryptError> {
    if [parties.apu, parties.apv].iter().any(|party| party.len() > PARTY_BYTES_MAX) {
        return Err(EncryptError::Party);
    }
    let ephemeral = DecryptionKey::generate(None).map_err(|_| EncryptError::Cipher)?;
    let mut header = Map::new();
    header.insert("alg".to_owned(), ECDH_ES.into());
    header.insert("enc".to_owned(), encryption.as_str().into());
    header.insert("epk".to_owned(), ephemeral.public_key().bare_members());
    if let Some(kid) = receiver.kid() {
        header.insert("kid".to_owned(), kid.into());
    }
    for (name, party) in [("apu", parties.apu), ("apv", parties.apv)] {
        if !party.is_empty() {
            header.insert(name.to_owned(), base64url::encode(party).into());
        }
    }
    let mut message = base64url::encode(Value::Object(header).to_string().as_bytes());
    let content_key = ephemeral.agree(receiver, encryption, parties).ok_or(EncryptError::Cipher)?;
    let cipher = RandomizedNonceKey::new(encryption.cipher(), &content_key).map_err(|_| EncryptError::Cipher)?;
    let mut sealed = plaintext.to_vec();
    let nonce = cipher
        .seal_in_place_append_tag(Aad::from(message.as_bytes()), &mut sealed)
        .map_err(|_| EncryptError::Cipher)?;
    let (ciphertext, tag) = sealed.split_at(sealed.len() - TAG_BYTES);
    message.push('.');
    for part in [nonce.as_ref(), ciphertext, tag] {
        message.push('.');
        base64url::append(part, &mut message);
    }
    Ok(message)
}
