//! Logout tokens (`OpenID` Connect Back-Channel Logout 1.0 section 2.4), checked by section 2.6.
//!
//! `openidconnect` has no type for them; its keys verify the signature.

use std::collections::BTreeMap;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use model::Timestamp;
use openidconnect::JsonWebKey;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The largest token, in bytes.
const TOKEN_BYTES: usize = 16 * 1024;
/// How far the issuer's clock and ours may differ.
const CLOCK_SKEW: Duration = Duration::from_mins(1);
/// The longest life that a token may claim; section 2.4 advises two minutes.
const LIFE: Duration = Duration::from_mins(10);
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A logout token whose issuer said so, to us, now.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LogoutToken {
    /// The token's own identifier, good for one use.
    pub(super) jti: String,
    /// Until when another token with this identifier would be accepted.
    pub(super) acceptable_until: Timestamp,
    /// Whose session ends.
    pub(super) ending: Ending,
}

/// Whose sessions end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// This one.
    Session(String),
    /// All of the person's.
    Subject(String),
    /// This one, if it is the person's.
    SessionOf {
        /// `sid`.
        sid: String,
        /// `sub`.
        subject: String,
    },
}

/// Why a logout token ends nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum LogoutTokenFault {
    #[error("the request does not carry exactly one logout_token")]
    Missing,
    #[error("the logout token is larger than 16 KiB")]
    TooLarge,
    #[error("the logout token is no JWS of three parts in base64url")]
    Form,
    #[error("the logout token's header is not what a logout token has")]
    Header,
    #[error("the logout token's typ is not logout+jwt")]
    Type,
    #[error("the logout token's alg is not the registered one")]
    Algorithm,
    #[error("the logout token's key is not the issuer's")]
    UnknownKey,
    #[error("the logout token's signature is wrong")]
    Signature,
    #[error("the logout token's claims are not what a logout token has")]
    Claims,
    #[error("the logout token is another issuer's")]
    Issuer,
    #[error("the logout token is for another client")]
    Audience,
    #[error("the logout token has expired, or is not of now")]
    Time,
    #[error("the logout token does not tell of a back-channel logout")]
    Event,
    #[error("the logout token has a nonce")]
    Nonce,
    #[error("the logout token names neither sid nor sub")]
    Nobody,
    #[error("the logout token has been used")]
    Replayed,
    #[error("the issuer's keys cannot be had")]
    Unreachable,
    #[error("the sessions cannot be ended now")]
    Unavailable,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    typ: String,
    kid: Option<String>,
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: i64,
    exp: i64,
    jti: String,
    events: BTreeMap<String, Value>,
    sid: Option<String>,
    sub: Option<String>,
    #[serde(default, deserialize_with = "present")]
    nonce: Presence,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Default, PartialEq, Eq)]
enum Presence {
    #[default]
    Absent,
    Present,
}

/// Present whatever the value: `null` is a value too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Presence, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| Presence::Present)
}

/// Checks the token. The order is that of the specification: nothing is believed before the signature.
pub(super) fn verify(
    token: &str,
    keys: &[CoreJsonWebKey],
    issuer: &str,
    client: &str,
    now: Timestamp,
) -> Result<LogoutToken, LogoutTokenFault> {
    if token.len() > TOKEN_BYTES {
        return Err(LogoutTokenFault::TooLarge);
    }
    let payload = signed_payload(token, keys)?;
    let claims: Claims = serde_json::from_slice(&payload).map_err(|_| LogoutTokenFault::Claims)?;
    if claims.iss != issuer {
        return Err(LogoutTokenFault::Issuer);
    }
    let ours = match &claims.aud {
        Audience::One(audience) => audience == client,
        Audience::Several(audiences) => audiences.iter().any(|audience| audience == client),
    };
    if !ours {
        return Err(LogoutTokenFault::Audience);
    }
    let (begins, ends) = (Timestamp::from_seconds(claims.iat), Timestamp::from_seconds(claims.exp));
    let is_of_now = begins <= now + CLOCK_SKEW && now < ends + CLOCK_SKEW && ends <= begins + LIFE;
    if !is_of_now {
        return Err(LogoutTokenFault::Time);
    }
    if !claims.events.get(EVENT).is_some_and(Value::is_object) {
        return Err(LogoutTokenFault::Event);
    }
    if claims.nonce == Presence::Present {
        return Err(LogoutTokenFault::Nonce);
    }
    if claims.jti.is_empty() {
        return Err(LogoutTokenFault::Claims);
    }
    let ending = match (claims.sid, claims.sub) {
        (Some(sid), Some(subject)) => Ending::SessionOf { sid, subject },
        (Some(sid), None) => Ending::Session(sid),
        (None, Some(subject)) => Ending::Subject(subject),
        (None, None) => return Err(LogoutTokenFault::Nobody),
    };
    Ok(LogoutToken { jti: claims.jti, acceptable_until: ends + CLOCK_SKEW, ending })
}

/// The payload, once its signature is the issuer's.
fn signed_payload(token: &str, keys: &[CoreJsonWebKey]) -> Result<Vec<u8>, LogoutTokenFault> {
    let (signed, signature) = token.rsplit_once('.').ok_or(LogoutTokenFault::Form)?;
    let (header, payload) = signed.split_once('.').ok_or(LogoutTokenFault::Form)?;
    let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| LogoutTokenFault::Form);
    let (header, payload, signature) = (decode(header)?, decode(payload)?, decode(signature)?);
    let header: Header = serde_json::from_slice(&header).map_err(|_| LogoutTokenFault::Header)?;
    if header.crit.is_some() {
        return Err(LogoutTokenFault::Header);
    }
    let typ = header.typ.to_ascii_lowercase();
    if typ.strip_prefix("application/").unwrap_or(&typ) != "logout+jwt" {
        return Err(LogoutTokenFault::Type);
    }
    if header.alg != "ES256" {
        return Err(LogoutTokenFault::Algorithm);
    }
    let named = |key: &&CoreJsonWebKey| match &header.kid {
        Some(kid) => key.key_id().is_some_and(|id| id.as_str() == kid),
        None => true,
    };
    let mut candidates = keys.iter().filter(named).peekable();
    if candidates.peek().is_none() {
        return Err(LogoutTokenFault::UnknownKey);
    }
    let algorithm = CoreJwsSigningAlgorithm::EcdsaP256Sha256;
    let is_signed_by = |key: &CoreJsonWebKey| key.verify_signature(&algorithm, signed.as_bytes(), &signature).is_ok();
    if candidates.any(is_signed_by) { Ok(payload) } else { Err(LogoutTokenFault::Signature) }
}
