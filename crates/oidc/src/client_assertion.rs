//! `private_key_jwt`: a client proves itself by a signature (RFC 7523 section 3).

use jose::{Algorithm, Expected, JwkSet, JwsError, TokenType};
use serde::Deserialize;

use crate::jwt::{Audience, NumericDate};

/// The longest accepted time until `exp`, in seconds.
pub const LIFETIME_MAX: i64 = 3600;
/// How far a client's clock may be ahead of ours, in seconds, for `iat` and `nbf`.
pub const CLOCK_SKEW_MAX: i64 = 60;
/// The longest `jti`, in characters.
pub const JTI_CHARS_MAX: usize = 256;

/// What an assertion must be.
#[derive(Clone, Copy, Debug)]
pub struct AssertionExpectation<'a> {
    /// Who must be `iss` and `sub`.
    pub client_id: &'a str,
    /// The client's keys.
    pub keys: &'a JwkSet,
    /// The algorithms that its registration allows.
    pub algorithms: &'a [Algorithm],
    /// Who may be `aud`, alone: our issuer, and the URL of the token endpoint (OpenID Connect Core
    /// 1.0 section 9).
    pub audiences: &'a [&'a str],
    /// Seconds since the epoch.
    pub now: i64,
}

/// A good assertion. The caller consumes `jti` once and keeps it until `exp`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAssertion {
    /// Its identifier, unique for the client.
    pub jti: String,
    /// When it expires, in seconds since the epoch.
    pub exp: i64,
}

/// Why an assertion is refused; the client learns `invalid_client` and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    /// No good signature of the client's, or a claim is missing or of another type.
    #[error(transparent)]
    Token(#[from] JwsError),
    /// `iss` or `sub` is not the client.
    #[error("the assertion is about another client")]
    Client,
    /// `aud` is not ours alone.
    #[error("the assertion is for another receiver, or for several")]
    Audience,
    /// `exp` has passed.
    #[error("the assertion has expired")]
    Expired,
    /// `exp` is more than [`LIFETIME_MAX`] ahead.
    #[error("the assertion is valid for too long")]
    LongLived,
    /// `iat` or `nbf` is more than [`CLOCK_SKEW_MAX`] ahead.
    #[error("the assertion is from the future")]
    Early,
    /// `jti` is empty or longer than [`JTI_CHARS_MAX`].
    #[error("the assertion has no usable identifier")]
    Identifier,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: NumericDate,
    iat: Option<NumericDate>,
    nbf: Option<NumericDate>,
    jti: String,
}

impl ClientAssertion {
    /// Checks an assertion.
    ///
    /// # Errors
    ///
    /// See [`AssertionError`].
    pub fn verify(assertion: &str, expected: &AssertionExpectation<'_>) -> Result<Self, AssertionError> {
        let claims: Claims = jose::verify_json(
            assertion,
            &Expected {
                typ: TokenType::AbsentOr(&["JWT", "client-authentication+jwt"]),
                algorithms: expected.algorithms,
                keys: expected.keys,
            },
        )?;
        if claims.iss != expected.client_id || claims.sub != expected.client_id {
            return Err(AssertionError::Client);
        }
        if !claims.aud.single().is_some_and(|receiver| expected.audiences.contains(&receiver)) {
            return Err(AssertionError::Audience);
        }
        let NumericDate(exp) = claims.exp;
        if exp <= expected.now {
            return Err(AssertionError::Expired);
        }
        if exp > expected.now.saturating_add(LIFETIME_MAX) {
            return Err(AssertionError::LongLived);
        }
        let latest = NumericDate(expected.now.saturating_add(CLOCK_SKEW_MAX));
        if [claims.iat, claims.nbf].into_iter().flatten().any(|time| time > latest) {
            return Err(AssertionError::Early);
        }
        if claims.jti.is_empty() || claims.jti.chars().count() > JTI_CHARS_MAX {
            return Err(AssertionError::Identifier);
        }
        Ok(Self { jti: claims.jti, exp })
    }
}

#[cfg(test)]
mod tests;
