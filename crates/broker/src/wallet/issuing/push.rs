//! A wallet puts its request aside before its person's browser comes (RFC 9126).

use ::wallet::openid4vci::{AuthorizationRequest, IssuanceError, PushedResponse};
use idp::keys::digest_handle;
use model::{Handle, limits};
use oidc::CodeChallenge;
use store::record::PushedRequestRecord;
use store::{Change, Committed, Issuing, Op};

use super::IssuingRefusal;
use super::clients::{Attested, NOT_ATTESTED, ShownWallet};
use super::metadata::format_of;
use super::possession::USED_BEFORE;
use crate::edge::oidc::stored;
use crate::edge::openid4vci::Reply;
use crate::{Broker, Fault, audit};

impl Broker {
    /// Takes a request that a wallet pushes, and gives the body of the answer.
    ///
    /// # Errors
    ///
    /// [`IssuingRefusal::Request`] in the words of RFC 9126 section 2.3.
    pub async fn push_request(&self, body: &str, shown: &ShownWallet<'_>) -> Result<String, IssuingRefusal> {
        let issuer = self.issuer()?;
        let request = AuthorizationRequest::parse(body)?;
        let attested = self.attested(issuer, shown, Some(&request.client_id))?;
        let Attested { wallet, used } = attested.ok_or(NOT_ATTESTED)?;
        if !wallet.allows_redirect(&request.redirect_uri) {
            let description = "the redirect_uri is not one of this wallet's";
            return Err(IssuanceError::InvalidRequest.because(description).into());
        }
        let possession = self.possession_at(shown.dpop, issuer.config.paths.push)?;
        let mut reply = reply_of(request)?;
        let mut writes = vec![used];
        if let Some(possession) = possession {
            if reply.dpop_jkt.as_ref().is_some_and(|stated| *stated != possession.thumbprint) {
                let description = "dpop_jkt is not the key of the proof";
                return Err(IssuanceError::InvalidDpopProof.because(description).into());
            }
            reply.dpop_jkt = Some(possession.thumbprint);
            writes.push(possession.used);
        }
        let (reference, now) = (Handle::draw(self.random()), self.now());
        let pushed = PushedRequestRecord {
            digest: digest_handle(&reference),
            client: self.wallet_service_id(wallet)?,
            request: stored::write(&reply)?,
            expires_at: now + limits::PUSHED_REQUEST,
        };
        let change = Change::new(audit(now, "credential-request.pushed"))
            .with_all(writes)
            .with(Op::Issuing(Issuing::Push(pushed)));
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => Ok(PushedResponse::new(reference.expose(), limits::PUSHED_REQUEST.as_secs()).to_json()),
            Committed::Refused(0) => Err(NOT_ATTESTED),
            Committed::Refused(_) => Err(USED_BEFORE.into()),
        }
    }
}

/// What is kept of a request. Scopes beyond what is issued here are left out, and the token says so (RFC 6749 section
/// 3.3); details are understood or refused (RFC 9396 section 5).
fn reply_of(request: AuthorizationRequest) -> Result<Reply, IssuingRefusal> {
    let AuthorizationRequest { redirect_uri, state, code_challenge, scopes, details, dpop_jkt, .. } = request;
    if CodeChallenge::parse(&code_challenge).is_none() {
        let description = "code_challenge is not 43 characters of base64url";
        return Err(IssuanceError::InvalidRequest.because(description).into());
    }
    let known: Vec<String> = scopes.into_iter().filter(|scope| format_of(scope).is_some()).collect();
    if details.iter().any(|id| format_of(id).is_none()) {
        let description = "authorization_details name a configuration that is not issued here";
        return Err(IssuanceError::InvalidAuthorizationDetails.because(description).into());
    }
    if known.is_empty() && details.is_empty() {
        return Err(IssuanceError::InvalidScope.because("no credential is issued for this scope").into());
    }
    Ok(Reply { redirect_uri, state, challenge: code_challenge, scope: known.join(" "), details, dpop_jkt })
}
