//! Checking a token that brings its signer's public key along (RFC 7515 section 4.1.3). It proves that the
//! sender holds that key, and says nothing of who the sender is.

use serde_json::Value;

use crate::verify::Parts;
use crate::{Algorithm, Jwk, JwsError, TOKEN_BYTES_MAX, TokenType, Verified};

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
    let parts = Parts::read(token, TOKEN_BYTES_MAX)?;
    let algorithm = parts.algorithm(typ, algorithms)?;
    if parts.header.kid.is_some() || parts.header.x5c.is_some() {
        return Err(JwsError::RefusedMember);
    }
    let members = parts.header.jwk.as_ref().and_then(Value::as_object).ok_or(JwsError::Header)?;
    let key = Jwk::from_members(members).map_err(|_| JwsError::Header)?;
    let verified = parts.verified_by(&key, algorithm)?;
    Ok((verified, key))
}
