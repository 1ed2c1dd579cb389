//! Credential requests and answers that are encrypted beyond TLS (section 10): by a key that is agreed upon directly,
//! and never compressed.

use jose::{
    ContentEncryption, DecryptionKey, EncryptError, EncryptionKey, JweError, JweExpected, Parties, decrypt, encrypt,
};
use serde_json::{Map, Value};

use super::{IssuanceError, IssuanceFault, MESSAGE_BYTES_MAX};

/// The value of `alg` (RFC 7518 section 4.6).
pub(super) const ECDH_ES: &str = "ECDH-ES";
/// How contents may be encrypted.
pub const ENCRYPTIONS: [ContentEncryption; 2] = ContentEncryption::ALL;

/// How a wallet wants the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseEncryption {
    /// Its key.
    pub key: EncryptionKey,
    /// How the contents are encrypted.
    pub encryption: ContentEncryption,
}

/// Opens an encrypted request by the first of `keys` that fits, and gives what is in it.
///
/// # Errors
///
/// [`IssuanceError::InvalidEncryptionParameters`], whatever the reason is.
pub fn open_request(message: &str, keys: &[DecryptionKey]) -> Result<Vec<u8>, IssuanceFault> {
    let expected = JweExpected { encryptions: &ENCRYPTIONS, bytes_max: MESSAGE_BYTES_MAX };
    let mut fault = JweError::UnknownKey;
    for key in keys {
        match decrypt(key, message, &expected) {
            Ok(opened) => return Ok(opened.plaintext),
            Err(error) => fault = error,
        }
    }
    Err(IssuanceError::InvalidEncryptionParameters.because(match fault {
        JweError::RefusedMember => "the request has zip or another header member that is not taken",
        JweError::Algorithm => "the request is encrypted otherwise than the metadata say",
        JweError::TooLong => "the request is too long",
        JweError::Form
        | JweError::Encoding
        | JweError::Header
        | JweError::UnknownKey
        | JweError::EphemeralKey
        | JweError::Sealed => "the request does not open by the key of the metadata",
    }))
}

impl ResponseEncryption {
    /// Reads `credential_response_encryption` (section 8.2).
    pub(super) fn read(stated: &Value) -> Result<Self, IssuanceFault> {
        let invalid = |description| IssuanceError::InvalidEncryptionParameters.because(description);
        let members = stated.as_object().ok_or(invalid("credential_response_encryption is no object"))?;
        if members.contains_key("zip") {
            return Err(invalid("answers are not compressed"));
        }
        let is_ours = |members: &Map<String, Value>| members.get("alg").map(|alg| alg == ECDH_ES);
        // Drafts had it here; the standard has it in the key (section 10).
        if is_ours(members) == Some(false) {
            return Err(invalid("answers are encrypted by ECDH-ES alone"));
        }
        let encryption = members.get("enc").and_then(Value::as_str).and_then(ContentEncryption::from_name);
        let encryption = encryption.filter(|encryption| ENCRYPTIONS.contains(encryption));
        let encryption = encryption.ok_or(invalid("enc is missing, or none of the metadata"))?;
        let key = members.get("jwk").and_then(Value::as_object).ok_or(invalid("jwk is missing, or no object"))?;
        if is_ours(key) != Some(true) {
            return Err(invalid("the alg of jwk is missing, or none of the metadata"));
        }
        let key = EncryptionKey::from_members(key).map_err(|_| invalid("jwk is no public key on P-256"))?;
        Ok(Self { key, encryption })
    }

    /// An answer, encrypted.
    ///
    /// # Errors
    ///
    /// See [`EncryptError`].
    pub fn seal(&self, answer: &str) -> Result<String, EncryptError> {
        encrypt(&self.key, self.encryption, Parties::default(), answer.as_bytes())
    }
}
