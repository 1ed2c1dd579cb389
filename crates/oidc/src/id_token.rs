//! The ID token.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use jose::{Algorithm, Expected, JwkSet, JwsError, SignError, SigningKey, TokenType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::jwt::Audience;

/// The `typ` of an ID token.
const TYP: &str = "JWT";

/// What an ID token says (OpenID Connect Core 1.0 section 2). Times are seconds since the epoch.
/// There is one audience, so `azp` is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IdToken {
    /// Our issuer.
    pub iss: String,
    /// The person, as this client knows them.
    pub sub: String,
    /// The client.
    pub aud: String,
    /// When it expires.
    pub exp: i64,
    /// When it was made.
    pub iat: i64,
    /// When the person last showed a factor.
    pub auth_time: i64,
    /// As received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// What happened, or the requested value that it fulfils.
    pub acr: String,
    /// With what.
    pub amr: Vec<Amr>,
    /// The session at this client, for back-channel logout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// See [`at_hash`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// The level of assurance, a URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loa: Option<String>,
    /// Claims that were asked for in the ID token. They cannot replace the ones above.
    #[serde(skip)]
    pub claims: Map<String, Value>,
}

/// Authentication methods references (RFC 8176 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Amr {
    /// A password.
    Pwd,
    /// A one-time password.
    Otp,
    /// More than one factor.
    Mfa,
    /// A key in hardware.
    Hwk,
    /// A key in software.
    Swk,
    /// The person was seen to be present.
    User,
}

impl IdToken {
    /// Signs it.
    ///
    /// # Errors
    ///
    /// See [`SignError`].
    pub fn sign(&self, key: &SigningKey) -> Result<String, SignError> {
        let Ok(Value::Object(protocol)) = serde_json::to_value(self) else { return Err(SignError::Payload) };
        let mut payload = self.claims.clone();
        payload.extend(protocol);
        key.sign(TYP, &payload)
    }
}

/// The hash that binds an access token to the ID token beside it: the left half of its SHA-256 digest
/// (OpenID Connect Core 1.0 section 3.1.3.6).
pub fn at_hash(access_token: &str, algorithm: Algorithm) -> String {
    let hash = match algorithm {
        Algorithm::Es256 | Algorithm::Rs256 | Algorithm::Ps256 => digest(&SHA256, access_token.as_bytes()),
    };
    let (left, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    BASE64URL_NOPAD.encode(left)
}

/// An ID token of ours that a client shows us again, to say whom or which session it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdTokenHint {
    /// The person, as the client knows them.
    pub sub: String,
    /// The client that it was made for.
    pub aud: String,
    /// The session.
    pub sid: Option<String>,
}

#[derive(Deserialize)]
struct HintClaims {
    iss: String,
    sub: String,
    aud: Audience,
    sid: Option<String>,
}

impl IdTokenHint {
    /// Checks that we signed it, with a key that we still publish. It may have expired long ago
    /// (OpenID Connect Core 1.0 section 3.1.2.1, RP-Initiated Logout 1.0 section 2). That it was made
    /// for the client that shows it is the caller's to check.
    ///
    /// # Errors
    ///
    /// [`JwsError`]; [`JwsError::Payload`] also for another issuer or several audiences.
    pub fn verify(token: &str, keys: &JwkSet, issuer: &str) -> Result<Self, JwsError> {
        let expected = Expected { typ: TokenType::AbsentOr(&[TYP]), algorithms: &Algorithm::ALL, keys };
        let claims: HintClaims = jose::verify_json(token, &expected)?;
        match claims.aud.single() {
            Some(aud) if claims.iss == issuer => Ok(Self { aud: aud.to_owned(), sub: claims.sub, sid: claims.sid }),
            Some(_) | None => Err(JwsError::Payload),
        }
    }
}

#[cfg(test)]
mod tests;
