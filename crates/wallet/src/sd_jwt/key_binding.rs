//! The holder's own token: who shows this credential holds its key, and means us (RFC 9901 section 4.3).

use jose::{Jwk, JwsError, SignError, SigningKey, TokenType};
use serde::{Deserialize, Serialize};

use super::disclosure::digest_of;
use super::{ALGORITHMS, KEY_BINDING_TYP};

/// How long ago a presentation may have been made, in seconds.
pub const KEY_BINDING_AGE_MAX: i64 = 300;
/// How far the holder's clock may be ahead of ours, in seconds.
pub const KEY_BINDING_AHEAD_MAX: i64 = 60;

/// What the holder's token must say.
#[derive(Clone, Copy, Debug)]
pub struct KeyBindingExpected<'a> {
    /// Who is meant: the whole client identifier, or `origin:` and the origin.
    pub audience: &'a str,
    /// What the request sent.
    pub nonce: &'a str,
}

/// Why it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyBindingFault {
    /// There is none.
    #[error("the credential is shown without a proof of its holder's key")]
    Missing,
    /// Its form, or it is not signed by the key in the credential.
    #[error("the holder's token: {0}")]
    Token(#[from] JwsError),
    /// It is meant for somebody else.
    #[error("the presentation is meant for another verifier")]
    Audience,
    /// It answers another request.
    #[error("the presentation answers another request")]
    Nonce,
    /// It was made more than [`KEY_BINDING_AGE_MAX`] ago, or more than [`KEY_BINDING_AHEAD_MAX`] ahead.
    #[error("the presentation was not made now")]
    Time,
    /// It was made for other disclosures, or for another credential.
    #[error("the holder's token is not about these disclosures")]
    Hash,
}

#[derive(Deserialize)]
struct Claims {
    iat: f64,
    aud: String,
    nonce: String,
    sd_hash: String,
}

/// Checks `token`, which follows `presented`: the issuer's token and the disclosures with all their tildes.
pub(super) fn verify(
    token: &str,
    presented: &str,
    holder: &Jwk,
    expected: &KeyBindingExpected<'_>,
    now: i64,
) -> Result<(), KeyBindingFault> {
    let verified = jose::verify_by_key(token, TokenType::Stated(KEY_BINDING_TYP), &ALGORITHMS, holder)?;
    let claims: Claims = verified.json()?;
    if claims.aud != expected.audience {
        return Err(KeyBindingFault::Audience);
    }
    if claims.nonce != expected.nonce {
        return Err(KeyBindingFault::Nonce);
    }
    #[expect(clippy::cast_precision_loss, reason = "an instant of the next million years is exact")]
    let age = now as f64 - claims.iat;
    #[expect(clippy::cast_precision_loss, reason = "two small constants")]
    let (oldest, newest) = (KEY_BINDING_AGE_MAX as f64, -(KEY_BINDING_AHEAD_MAX as f64));
    if !(newest..=oldest).contains(&age) {
        return Err(KeyBindingFault::Time);
    }
    if claims.sd_hash != digest_of(presented) {
        return Err(KeyBindingFault::Hash);
    }
    Ok(())
}

/// The holder's token for `presented`, an SD-JWT that ends with a tilde.
pub(super) fn sign(
    presented: &str,
    holder: &SigningKey,
    expected: &KeyBindingExpected<'_>,
    now: i64,
) -> Result<String, SignError> {
    #[derive(Serialize)]
    struct Written<'a> {
        iat: i64,
        aud: &'a str,
        nonce: &'a str,
        sd_hash: String,
    }
    let KeyBindingExpected { audience: aud, nonce } = *expected;
    holder.sign(KEY_BINDING_TYP, &Written { iat: now, aud, nonce, sd_hash: digest_of(presented) })
}
