//! Tokens for credentials, as requests show them: by whoever has them, or by the holder of the key that they are bound
//! to (RFC 9449). A proof of possession is used up by the commit of what it was shown for.

use ::wallet::dpop::{DPOP_AGE_MAX, DPOP_AHEAD_MAX, DpopExpected, DpopFault, DpopProof, verify_dpop};
use ::wallet::openid4vci::{IssuanceError, IssuanceFault};
use idp::keys::{digest_handle, digest_text};
use model::{Handle, Timestamp};
use oidc::bearer;
use store::Op;
use store::record::IssuingTokenRecord;

use super::IssuingRefusal;
use crate::{Broker, Fault};

/// A token as a request shows it.
#[derive(Clone, Copy, Debug)]
pub struct ShownToken<'a> {
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
    /// The header `DPoP`; empty where it came more than once.
    pub dpop: Option<&'a str>,
}

/// A token is bound to a key, and not shown by its holder (RFC 9449 section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPossessed {
    /// No such token, or one that is bound to no key or to another.
    #[error("the token is not good for this key")]
    Token,
    /// The proof is missing, not what it should be, or was used before.
    #[error("the proof of possession is not good")]
    Proof,
}

impl NotPossessed {
    /// The value of `WWW-Authenticate`.
    pub const fn www_authenticate(self) -> &'static str {
        match self {
            NotPossessed::Token => r#"DPoP algs="ES256", error="invalid_token""#,
            NotPossessed::Proof => r#"DPoP algs="ES256", error="invalid_dpop_proof""#,
        }
    }
}

/// The key that a token will be bound to.
pub(super) struct Possession {
    /// Its thumbprint.
    pub(super) thumbprint: String,
    /// The write that uses the proof up.
    pub(super) used: Op,
}

/// A token that is good for this request.
pub(super) struct GoodToken {
    pub(super) record: IssuingTokenRecord,
    /// The write that uses the proof of possession up, for a token that is bound to a key.
    pub(super) used: Option<Op>,
}

/// A proof with the request for a token, or for authorization, came twice.
pub(super) const USED_BEFORE: IssuanceFault =
    IssuanceError::InvalidDpopProof.because("the proof of possession was used before");

const UNKNOWN: IssuingRefusal = IssuingRefusal::Bearer(bearer::INVALID_TOKEN);

impl Broker {
    /// The key that the token which is asked for will be bound to, if a proof comes with the request to `path`.
    pub(super) fn possession_at(&self, dpop: Option<&str>, path: &str) -> Result<Option<Possession>, IssuingRefusal> {
        let Some(proof) = dpop else { return Ok(None) };
        let refused = |fault: DpopFault| {
            tracing::info!(%fault, "a proof of possession was refused");
            IssuanceError::InvalidDpopProof.because("the proof of possession is not what it should be")
        };
        let proof = self.verify_possession(proof, path, None).map_err(refused)?;
        let used = self.use_proof(&proof);
        Ok(Some(Possession { thumbprint: proof.thumbprint, used }))
    }

    /// The token that a request to `path` shows, if it is good, and shown by its holder if it is bound to a key.
    pub(super) async fn issuing_token(&self, shown: &ShownToken<'_>, path: &str) -> Result<GoodToken, IssuingRefusal> {
        if let Some(text) = shown.authorization.and_then(bound_token) {
            let record = self.stored_token(text).await?.ok_or(NotPossessed::Token)?;
            let Some(holder) = &record.holder else { return Err(NotPossessed::Token.into()) };
            let proof = self.verify_possession(shown.dpop.unwrap_or_default(), path, Some(text)).map_err(|fault| {
                tracing::info!(%fault, "a proof of possession was refused");
                NotPossessed::Proof
            })?;
            if proof.thumbprint != *holder {
                return Err(NotPossessed::Token.into());
            }
            return Ok(GoodToken { used: Some(self.use_proof(&proof)), record });
        }
        let text = bearer::token(shown.authorization, None).map_err(IssuingRefusal::Bearer)?;
        let record = self.stored_token(text.expose()).await?.ok_or(UNKNOWN)?;
        // One that is bound to a key is not good for whoever has it.
        if record.holder.is_some() {
            return Err(UNKNOWN);
        }
        Ok(GoodToken { record, used: None })
    }

    async fn stored_token(&self, text: &str) -> Result<Option<IssuingTokenRecord>, Fault> {
        let Some(handle) = Handle::parse(text) else { return Ok(None) };
        let token = self.store().issuing_token(&digest_handle(&handle)).await?;
        Ok(token.filter(|token| self.now() < token.expires_at))
    }

    fn verify_possession(&self, proof: &str, path: &str, access_token: Option<&str>) -> Result<DpopProof, DpopFault> {
        let origin = self.issuer().map_or("", |issuer| issuer.config.origin.as_str());
        let uri = format!("{origin}{path}");
        let expected = DpopExpected { method: "POST", uri: &uri, access_token, now: self.now().seconds() };
        verify_dpop(proof, &expected)
    }

    /// Remembered until the proof could not be believed any more.
    fn use_proof(&self, proof: &DpopProof) -> Op {
        let digest = digest_text(&format!("{}\n{}", proof.thumbprint, proof.jti));
        let expires_at = Timestamp::from_seconds(self.now().seconds() + DPOP_AGE_MAX + DPOP_AHEAD_MAX + 1);
        Op::UseOnce { kind: "dpop", digest, expires_at }
    }
}

/// The token in a header of the scheme `DPoP` (section 7.1).
fn bound_token(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("DPoP").then(|| token.trim_matches(' '))
}
