//! A set of public keys (RFC 7517 section 5).

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Algorithm, Jwk, JwkError};

/// The longest set that is read, in bytes.
pub const SET_BYTES_MAX: usize = 64 * 1024;
/// The most keys of a set.
pub const SET_KEYS_MAX: usize = 32;

/// Public keys, each with a `kid` of its own or none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    keys: Vec<Jwk>,
}

/// Why a set is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkSetError {
    /// More than [`SET_BYTES_MAX`] bytes or [`SET_KEYS_MAX`] keys.
    #[error("the key set is larger than 64 KiB or 32 keys")]
    TooLarge,
    /// No object with an array `keys` of objects, or a member named twice.
    #[error("the key set is no JSON object with an array of keys")]
    Form,
    /// A key in it is damaged, weak or private.
    #[error("key {number} of the set is refused: {error}")]
    Key {
        /// Counted from one.
        number: usize,
        /// Why.
        error: JwkError,
    },
    /// Two keys with one `kid`: which of them checks would be a guess.
    #[error("two keys of the set have the same kid")]
    SameKid,
}

impl JwkSet {
    /// A set of our own keys.
    ///
    /// # Errors
    ///
    /// [`JwkSetError::SameKid`] or [`JwkSetError::TooLarge`].
    pub fn new(keys: Vec<Jwk>) -> Result<Self, JwkSetError> {
        if keys.len() > SET_KEYS_MAX {
            return Err(JwkSetError::TooLarge);
        }
        let mut kids = HashSet::new();
        if keys.iter().filter_map(Jwk::kid).any(|kid| !kids.insert(kid)) {
            return Err(JwkSetError::SameKid);
        }
        Ok(Self { keys })
    }

    /// Reads a set. A key for something else (encryption, another curve or algorithm) is skipped,
    /// as RFC 7517 section 5 says; a damaged, weak or private one refuses the whole set, because
    /// its owner should know.
    ///
    /// # Errors
    ///
    /// See [`JwkSetError`]. A set without a key of ours is no error; see [`JwkSet::is_empty`].
    pub fn parse(text: &[u8]) -> Result<Self, JwkSetError> {
        if text.len() > SET_BYTES_MAX {
            return Err(JwkSetError::TooLarge);
        }
        let members: Map<String, Value> = crate::json::from_slice(text).map_err(|_| JwkSetError::Form)?;
        let listed = members.get("keys").and_then(Value::as_array).ok_or(JwkSetError::Form)?;
        if listed.len() > SET_KEYS_MAX {
            return Err(JwkSetError::TooLarge);
        }
        let mut keys = Vec::with_capacity(listed.len());
        for (index, key) in listed.iter().enumerate() {
            match Jwk::from_members(key.as_object().ok_or(JwkSetError::Form)?) {
                Ok(key) => keys.push(key),
                Err(JwkError::Foreign) => {}
                Err(error) => {
                    return Err(JwkSetError::Key { number: index + 1, error });
                }
            }
        }
        Self::new(keys)
    }

    /// The keys.
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// Whether no key of the set can check a signature.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The one key that a token with this `kid` and algorithm can mean. A token without `kid` may
    /// mean only the single key that fits its algorithm (OpenID Connect Core 1.0 section 10.1).
    pub(crate) fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<&Jwk> {
        let mut fitting =
            self.keys.iter().filter(|key| key.allows(algorithm) && kid.is_none_or(|kid| key.kid() == Some(kid)));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Some(key),
            (None, _) | (Some(_), Some(_)) => None,
        }
    }
}
