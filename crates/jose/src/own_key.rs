//! Checking a token that says itself which key signed it (RFC 7515 sections 4.1.3 and 4.1.4). It proves that the sender
//! holds that key, and says nothing of who the sender is.

use serde_json::{Map, Value};

use crate::verify::Parts;
use crate::{Algorithm, Jwk, JwsError, TOKEN_BYTES_MAX, TokenType, Verified};

/// What the header of such a token says of its key. Nobody has checked any of it yet.
#[derive(Debug)]
pub struct StatedKey<'a> {
    /// The public key itself (`jwk`).
    pub jwk: Option<Jwk>,
    /// Its name (`kid`).
    pub kid: Option<&'a str>,
    others: &'a Map<String, Value>,
}

impl StatedKey<'_> {
    /// A member that this kind of token defines.
    ///
    /// # Errors
    ///
    /// [`JwsError::Header`] when it is no text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, JwsError> {
        self.others.get(name).map(|value| value.as_str().ok_or(JwsError::Header)).transpose()
    }
}

/// Checks a token by the key in its own header, and gives that key.
///
/// # Errors
///
/// As [`crate::verify`]; [`JwsError::Header`] also when the header has no key that can be used, or a private
/// one; [`JwsError::RefusedMember`] when it names or brings another key beside.
pub fn verify_by_own_key(
    token: &str,
    typ: TokenType<'_>,
    algorithms: &[Algorithm],
) -> Result<(Verified, Jwk), JwsError> {
    let mut own = None;
    let verified = verify_by_stated_key(token, typ, algorithms, |stated| {
        let key = match (&stated.jwk, stated.kid) {
            (Some(key), None) => key.clone(),
            (None, None) => return Err(JwsError::Header),
            (_, Some(_)) => return Err(JwsError::RefusedMember),
        };
        own = Some(key.clone());
        Ok(key)
    })?;
    Ok((verified, own.ok_or(JwsError::Header)?))
}

/// Checks a token by the key that `key_of` finds by what its header says.
///
/// # Errors
///
/// As [`crate::verify`]; [`JwsError::Header`] also when the header brings a key that cannot be used, or a private one;
/// [`JwsError::RefusedMember`] when it brings certificates beside; and what `key_of` says.
pub fn verify_by_stated_key<E: From<JwsError>>(
    token: &str,
    typ: TokenType<'_>,
    algorithms: &[Algorithm],
    key_of: impl FnOnce(&StatedKey<'_>) -> Result<Jwk, E>,
) -> Result<Verified, E> {
    let parts = Parts::read(token, TOKEN_BYTES_MAX)?;
    let algorithm = parts.algorithm(typ, algorithms)?;
    if parts.header.x5c.is_some() {
        return Err(JwsError::RefusedMember.into());
    }
    let own = |value: &Value| Jwk::from_members(value.as_object()?).ok();
    let jwk = parts.header.jwk.as_ref().map(|value| own(value).ok_or(JwsError::Header)).transpose()?;
    let key = key_of(&StatedKey { jwk, kid: parts.header.kid.as_deref(), others: &parts.header.others })?;
    Ok(parts.verified_by(&key, algorithm)?)
}
