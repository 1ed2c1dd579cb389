//! The protected header of an encrypted message (RFC 7516 section 4).

use serde_json::{Map, Value};

use super::{ContentEncryption, ECDH_ES, EncryptionKey, JweError, PARTY_BYTES_MAX};
use crate::{base64url, json};

/// Header members that must not be ignored: `zip` changes what the plaintext is (RFC 7516 section
/// 4.1.3) and would let a short message become a huge one, `crit` announces what we do not know
/// (section 4.1.13). The others bring a key along, which must not be believed.
const REFUSED_MEMBERS: [&str; 6] = ["zip", "crit", "jwk", "jku", "x5u", "x5c"];

/// What we read of it.
pub(super) struct Header {
    pub(super) encryption: ContentEncryption,
    pub(super) kid: Option<String>,
    pub(super) ephemeral: EncryptionKey,
    pub(super) apu: Vec<u8>,
    pub(super) apv: Vec<u8>,
}

impl Header {
    pub(super) fn parse(text: &[u8]) -> Result<Self, JweError> {
        let members: Map<String, Value> = json::from_slice(text).map_err(|_| JweError::Header)?;
        if REFUSED_MEMBERS.iter().any(|name| members.contains_key(*name)) {
            return Err(JweError::RefusedMember);
        }
        let text = |name: &str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(JweError::Header),
        };
        if text("alg")?.ok_or(JweError::Header)? != ECDH_ES {
            return Err(JweError::Algorithm);
        }
        let encryption = ContentEncryption::from_name(text("enc")?.ok_or(JweError::Header)?);
        let party = |name: &str| {
            let decoded = base64url::decode(text(name)?.unwrap_or_default()).ok_or(JweError::Header)?;
            if decoded.len() > PARTY_BYTES_MAX { Err(JweError::Header) } else { Ok(decoded) }
        };
        let ephemeral = members.get("epk").and_then(Value::as_object).ok_or(JweError::EphemeralKey)?;
        Ok(Self {
            encryption: encryption.ok_or(JweError::Algorithm)?,
            kid: text("kid")?.map(str::to_owned),
            ephemeral: EncryptionKey::from_members(ephemeral).map_err(|_| JweError::EphemeralKey)?,
            apu: party("apu")?,
            apv: party("apv")?,
        })
    }
}
