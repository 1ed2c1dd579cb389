//! The ID token of another provider (OpenID Connect Core 1.0 section 3.1.3.7).

use jose::{Algorithm, Expected, JwkSet, JwsError, TokenType};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::jwt::{Audience, NumericDate};

/// The longest name of a person, in bytes (OpenID Connect Core 1.0 section 2: 255 ASCII characters).
const SUBJECT_BYTES_MAX: usize = 255;

/// What an ID token must be to be believed. Times are seconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub struct IdTokenExpectation<'a> {
    /// The provider's keys.
    pub keys: &'a JwkSet,
    /// The provider.
    pub issuer: &'a str,
    /// The client.
    pub client_id: &'a str,
    /// What the request sent.
    pub nonce: &'a str,
    /// The contexts of which it must name one; any will do where there are none.
    pub contexts: &'a [String],
    /// The present instant.
    pub now: i64,
    /// How far the clocks may differ, in seconds.
    pub skew: i64,
    /// When the person must have signed in at the earliest.
    pub authenticated_since: i64,
}

/// Why it is not believed. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenFault {
    /// Its form or signature.
    #[error(transparent)]
    Token(#[from] JwsError),
    /// Another provider.
    #[error("the ID token is of another issuer")]
    Issuer,
    /// For somebody else, or for others too.
    #[error("the ID token is for another client")]
    Audience,
    /// Not the answer to this request.
    #[error("the ID token has another nonce")]
    Nonce,
    /// Over, or not begun.
    #[error("the ID token is out of its time")]
    Time,
    /// It does not say when the person signed in, or that was too long ago.
    #[error("the sign-in is too old, or its time is not told")]
    AuthTime,
    /// Nobody's name, or one too long.
    #[error("the ID token names nobody")]
    Subject,
    /// Another context than those that were asked for.
    #[error("the sign-in was not as was asked")]
    Context,
}

/// Who signed in, by a provider's word.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceivedIdToken {
    /// The person, as the provider knows them.
    pub sub: String,
    /// When they signed in.
    pub auth_time: i64,
    /// All claims.
    pub claims: Map<String, Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: NumericDate,
    iat: NumericDate,
    nonce: Option<String>,
    auth_time: Option<NumericDate>,
    acr: Option<String>,
}

impl ReceivedIdToken {
    /// Checks it.
    ///
    /// # Errors
    ///
    /// The first [`IdTokenFault`].
    pub fn verify(token: &str, expected: &IdTokenExpectation<'_>) -> Result<Self, IdTokenFault> {
        let typ = TokenType::AbsentOr(&["JWT"]);
        let verified = jose::verify(token, &Expected { typ, algorithms: &Algorithm::ALL, keys: expected.keys })?;
        let claims: Claims = verified.json()?;
        let IdTokenExpectation { now, skew, .. } = *expected;
        if claims.iss != expected.issuer {
            return Err(IdTokenFault::Issuer);
        }
        let for_us = claims.aud.single() == Some(expected.client_id);
        if !for_us || claims.azp.is_some_and(|azp| azp != expected.client_id) {
            return Err(IdTokenFault::Audience);
        }
        if claims.nonce.as_deref() != Some(expected.nonce) {
            return Err(IdTokenFault::Nonce);
        }
        if claims.exp.0.saturating_add(skew) <= now || claims.iat.0 > now.saturating_add(skew) {
            return Err(IdTokenFault::Time);
        }
        let NumericDate(auth_time) = claims.auth_time.ok_or(IdTokenFault::AuthTime)?;
        if auth_time.saturating_add(skew) < expected.authenticated_since || auth_time > now.saturating_add(skew) {
            return Err(IdTokenFault::AuthTime);
        }
        if claims.sub.is_empty() || claims.sub.len() > SUBJECT_BYTES_MAX {
            return Err(IdTokenFault::Subject);
        }
        let contexts = expected.contexts;
        if !contexts.is_empty() && !claims.acr.is_some_and(|acr| contexts.contains(&acr)) {
            return Err(IdTokenFault::Context);
        }
        Ok(Self { sub: claims.sub, auth_time, claims: verified.json()? })
    }
}

#[cfg(test)]
mod tests {
    use jose::{JwkSet, SigningKey};
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_767_225_600;

    fn claims() -> Value {
        json!({
            "iss": "https://idp.example", "sub": "anna", "aud": "kapu", "exp": NOW + 60, "iat": NOW, "nonce": "n",
            "auth_time": NOW - 10, "acr": "urn:example:mfa", "family_name": "Minta",
        })
    }

    fn verify(key: &SigningKey, claims: &Value, keys: &JwkSet) -> Result<ReceivedIdToken, IdTokenFault> {
        let token = key.sign("JWT", claims).unwrap();
        let expected = IdTokenExpectation {
            keys,
            issuer: "https://idp.example",
            client_id: "kapu",
            nonce: "n",
            contexts: &["urn:example:mfa".to_owned()],
            now: NOW,
            skew: 30,
            authenticated_since: NOW - 3600,
        };
        ReceivedIdToken::verify(&token, &expected)
    }

    #[test]
    fn a_good_token_says_who_and_when() {
        for algorithm in Algorithm::ALL {
            let key = SigningKey::generate(algorithm).unwrap();
            let keys = JwkSet::new(vec![key.public_jwk()]).unwrap();
            let read = verify(&key, &claims(), &keys).unwrap();
            assert_eq!((read.sub.as_str(), read.auth_time), ("anna", NOW - 10));
            assert_eq!(read.claims["family_name"], "Minta");
        }
    }

    #[test]
    fn o24_what_differs_in_one_claim_is_refused() {
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let keys = JwkSet::new(vec![key.public_jwk()]).unwrap();
        #[rustfmt::skip]
        let table = [
            ("iss",       json!("https://idp.example/"),     IdTokenFault::Issuer),
            ("aud",       json!("other"),                    IdTokenFault::Audience),
            ("aud",       json!(["kapu", "other"]),          IdTokenFault::Audience),
            ("azp",       json!("other"),                    IdTokenFault::Audience),
            ("nonce",     json!("m"),                        IdTokenFault::Nonce),
            ("nonce",     json!(null),                       IdTokenFault::Nonce),
            ("exp",       json!(NOW - 30),                   IdTokenFault::Time),
            ("iat",       json!(NOW + 31),                   IdTokenFault::Time),
            ("auth_time", json!(null),                       IdTokenFault::AuthTime),
            ("auth_time", json!(NOW - 3631),                 IdTokenFault::AuthTime),
            ("auth_time", json!(NOW + 31),                   IdTokenFault::AuthTime),
            ("sub",       json!(""),                         IdTokenFault::Subject),
            ("sub",       json!("a".repeat(256)),            IdTokenFault::Subject),
            ("acr",       json!("urn:example:password"),     IdTokenFault::Context),
            ("acr",       json!(null),                       IdTokenFault::Context),
            ("sub",       json!(7),                          IdTokenFault::Token(JwsError::Payload)),
        ];
        for (claim, value, fault) in table {
            let mut claims = claims();
            claims[claim] = value;
            assert_eq!(verify(&key, &claims, &keys), Err(fault), "{claim}: {}", claims[claim]);
        }
    }

    #[test]
    fn o24_a_key_of_somebody_else_is_not_taken() {
        let [key, other] = [(); 2].map(|()| SigningKey::generate(Algorithm::Es256).unwrap());
        let keys = JwkSet::new(vec![other.public_jwk()]).unwrap();
        assert_eq!(verify(&key, &claims(), &keys), Err(IdTokenFault::Token(JwsError::UnknownKey)));
    }
}
