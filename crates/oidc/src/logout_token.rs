//! The logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4).

use std::collections::BTreeMap;

use jose::{Algorithm, Expected, JwkSet, JwsError, SignError, SigningKey, TokenType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::CLOCK_SKEW_MAX;
use crate::jwt::{Audience, NumericDate};

/// The `typ` that keeps it apart from every other token.
const TYP: &str = "logout+jwt";
/// The one event.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Tells a client that a session ended. Times are seconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutToken {
    /// Our issuer.
    pub iss: String,
    /// The client.
    pub aud: String,
    /// When it was made.
    pub iat: i64,
    /// When it expires; the standard advises at most two minutes.
    pub exp: i64,
    /// Its identifier, used once.
    pub jti: String,
    /// The person, as the client knows them. At least one of `sub` and `sid` is there.
    pub sub: Option<String>,
    /// The session.
    pub sid: Option<String>,
}

impl LogoutToken {
    /// Signs it.
    ///
    /// # Errors
    ///
    /// See [`SignError`].
    pub fn sign(&self, key: &SigningKey) -> Result<String, SignError> {
        #[derive(Serialize)]
        struct Payload<'a> {
            iss: &'a str,
            aud: &'a str,
            iat: i64,
            exp: i64,
            jti: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            sub: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            sid: Option<&'a str>,
            events: BTreeMap<&'a str, Map<String, Value>>,
        }
        let payload = Payload {
            iss: &self.iss,
            aud: &self.aud,
            iat: self.iat,
            exp: self.exp,
            jti: &self.jti,
            sub: self.sub.as_deref(),
            sid: self.sid.as_deref(),
            events: BTreeMap::from([(EVENT, Map::new())]),
        };
        key.sign(TYP, &payload)
    }
}

/// What a client expects of a logout token.
#[derive(Clone, Copy, Debug)]
pub struct LogoutTokenExpectation<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// The provider's keys.
    pub keys: &'a JwkSet,
    /// The algorithms registered for ID tokens.
    pub algorithms: &'a [Algorithm],
    /// The client itself.
    pub client_id: &'a str,
    /// Seconds since the epoch.
    pub now: i64,
}

/// Why a client refuses a logout token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoutTokenError {
    /// No good signature of the provider's, another type, or a claim is missing or of another type.
    #[error(transparent)]
    Token(#[from] JwsError),
    /// From another issuer.
    #[error("the logout token is of another issuer")]
    Issuer,
    /// For another client, or for several.
    #[error("the logout token is for another client")]
    Audience,
    /// `exp` has passed, or `iat` is ahead.
    #[error("the logout token is out of its time")]
    Time,
    /// The event is missing.
    #[error("the logout token names no logout event")]
    Event,
    /// It has a nonce, so it may be an ID token.
    #[error("the logout token has a nonce")]
    Nonce,
    /// Neither `sub` nor `sid`.
    #[error("the logout token names neither person nor session")]
    Subject,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: NumericDate,
    exp: NumericDate,
    jti: String,
    sub: Option<String>,
    sid: Option<String>,
    events: Map<String, Value>,
}

impl LogoutToken {
    /// Checks a logout token, as a client must (section 2.6). The caller consumes `jti` once.
    ///
    /// # Errors
    ///
    /// See [`LogoutTokenError`].
    pub fn verify(token: &str, expected: &LogoutTokenExpectation<'_>) -> Result<Self, LogoutTokenError> {
        let (typ, algorithms, keys) = (TokenType::Stated(TYP), expected.algorithms, expected.keys);
        let verified = jose::verify(token, &Expected { typ, algorithms, keys })?;
        // Even an empty one, which would read as left out below.
        if verified.json::<Map<String, Value>>()?.contains_key("nonce") {
            return Err(LogoutTokenError::Nonce);
        }
        let claims: Claims = verified.json()?;
        let (NumericDate(iat), NumericDate(exp)) = (claims.iat, claims.exp);
        if claims.iss != expected.issuer {
            return Err(LogoutTokenError::Issuer);
        }
        if claims.aud.single() != Some(expected.client_id) {
            return Err(LogoutTokenError::Audience);
        }
        if exp <= expected.now || iat > expected.now.saturating_add(CLOCK_SKEW_MAX) {
            return Err(LogoutTokenError::Time);
        }
        if !claims.events.get(EVENT).is_some_and(Value::is_object) {
            return Err(LogoutTokenError::Event);
        }
        if claims.sub.is_none() && claims.sid.is_none() {
            return Err(LogoutTokenError::Subject);
        }
        let aud = expected.client_id.to_owned();
        Ok(Self { iss: claims.iss, aud, iat, exp, jti: claims.jti, sub: claims.sub, sid: claims.sid })
    }
}

#[cfg(test)]
mod tests;
