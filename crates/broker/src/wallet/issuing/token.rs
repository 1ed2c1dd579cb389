//! A code becomes a token for credentials: an offer's with what was mailed, or one of the authorization endpoint.

use ::wallet::openid4vci::{GrantedDetails, IssuanceError, SecretText, TokenGrant, TokenRequest, TokenResponse};
use data_encoding::HEXLOWER;
use idp::keys::digest_handle;
use idp::one_time_code::ContactCode;
use model::{Handle, limits};
use store::record::{IssuingTokenRecord, OfferRecord};
use store::{Change, Committed, Issuing, Op};

use super::IssuingRefusal;
use super::clients::{NOT_ATTESTED, ShownWallet};
use super::possession::{Possession, USED_BEFORE};
use super::redeem::Shown;
use crate::edge::openid4vci::Reply;
use crate::{Broker, Fault, audit_of};

impl Broker {
    /// Takes a token request (`OpenID4VCI` 1.0 section 6) and gives the body of the answer. With a proof of possession
    /// the token is bound to its key.
    ///
    /// # Errors
    ///
    /// [`IssuingRefusal::Request`] in the words of section 6.3.
    pub async fn credential_token(&self, body: &str, shown: &ShownWallet<'_>) -> Result<String, IssuingRefusal> {
        let issuer = self.issuer()?;
        let TokenRequest { grant, client_id } = TokenRequest::parse(body)?;
        let attested = self.attested(issuer, shown, client_id.as_deref())?;
        let possession = self.possession_at(shown.dpop, issuer.config.paths.token)?;
        match grant {
            TokenGrant::PreAuthorized { code, transaction_code } => {
                let attested = attested.map(|attested| attested.used);
                self.redeem_offer(&code, transaction_code, attested, possession).await
            }
            TokenGrant::AuthorizationCode { code, redirect_uri, code_verifier } => {
                let shown = Shown { attested, possession, redirect_uri: &redirect_uri, code_verifier: &code_verifier };
                self.redeem_code(&code, shown).await
            }
        }
    }

    /// Redeems an offer's code. A try is written down before what was typed is looked at.
    async fn redeem_offer(
        &self,
        code: &SecretText,
        typed: Option<SecretText>,
        attested: Option<Op>,
        possession: Option<Possession>,
    ) -> Result<String, IssuingRefusal> {
        let unknown = || IssuanceError::InvalidGrant.because("the code is unknown, used or has lapsed");
        let handle = Handle::parse(code.expose()).ok_or_else(unknown)?;
        let offer = self.store().offer(&digest_handle(&handle)).await.map_err(Fault::from)?.ok_or_else(unknown)?;
        if offer.spent_at.is_some() || self.now() >= offer.expires_at {
            return Err(unknown().into());
        }
        let typed =
            typed.ok_or(IssuanceError::InvalidRequest.because("tx_code is missing: the code that was mailed"))?;
        self.try_offer(&offer, &typed).await?;
        self.spend_offer(&offer, attested, possession).await
    }

    async fn try_offer(&self, offer: &OfferRecord, typed: &SecretText) -> Result<(), IssuingRefusal> {
        let refused = |description| IssuingRefusal::from(IssuanceError::InvalidGrant.because(description));
        let now = self.now();
        let attempt = Issuing::TryOffer { digest: offer.digest.clone(), most: limits::CREDENTIAL_OFFER_TRIES, at: now };
        let change = Change::new(audit_of(now, &offer.person, "credential-offer.tried")).with(Op::Issuing(attempt));
        if self.store().commit(change).await.map_err(Fault::from)? != Committed::Done {
            return Err(refused("the code was tried too often, used or has lapsed"));
        }
        let mac = HEXLOWER.decode(offer.mac.as_bytes()).map_err(|_| Fault::Damaged("offer"))?;
        let typed = ContactCode::parse(typed.expose()).ok();
        if typed.is_some_and(|typed| typed.matches(self.keys(), offer.digest.as_str(), &mac)) {
            return Ok(());
        }
        let change = Change::new(audit_of(self.now(), &offer.person, "credential-offer.differed"));
        self.store().commit(change).await.map_err(Fault::from)?;
        Err(refused("tx_code is not the code that was mailed"))
    }

    async fn spend_offer(
        &self,
        offer: &OfferRecord,
        attested: Option<Op>,
        possession: Option<Possession>,
    ) -> Result<String, IssuingRefusal> {
        let now = self.now();
        let token = Handle::draw(self.random());
        let (holder, used) = possession.map(|Possession { thumbprint, used }| (thumbprint, used)).unzip();
        let (is_attested, is_bound) = (attested.is_some(), holder.is_some());
        let record = IssuingTokenRecord {
            digest: digest_handle(&token),
            person: offer.person.clone(),
            ground: offer.ground,
            holder,
            remaining: limits::CREDENTIALS_A_TOKEN,
            expires_at: now + limits::ACCESS_TOKEN,
            code: None,
            scope: None,
        };
        let change = Change::new(audit_of(now, &offer.person, "credential-offer.redeemed"))
            .with_all(attested.into_iter().chain(used))
            .with(Op::Issuing(Issuing::SpendOffer { digest: offer.digest.clone(), at: now }))
            .with(Op::Issuing(Issuing::IssueToken(record)));
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => Ok(answer(&token, is_bound, None)),
            Committed::Refused(0) if is_attested => Err(NOT_ATTESTED),
            Committed::Refused(index) if is_bound && index == usize::from(is_attested) => Err(USED_BEFORE.into()),
            // Used at the same time by somebody else.
            Committed::Refused(_) => {
                Err(IssuanceError::InvalidGrant.because("the code is unknown, used or has lapsed").into())
            }
        }
    }
}

/// What is answered with a token: for what it is good where a wallet asked for that, in the terms in which it asked. A
/// configuration has one credential, so that is identified by its name.
pub(super) fn answer(token: &Handle, is_bound: bool, asked: Option<&Reply>) -> String {
    let token_type = if is_bound { "DPoP" } else { "Bearer" };
    let details = asked.map_or(&[][..], |asked| &asked.details);
    let response = TokenResponse {
        access_token: SecretText::new(token.expose().to_owned()),
        token_type: token_type.to_owned(),
        expires_in: limits::ACCESS_TOKEN.as_secs(),
        scope: asked.map(|asked| asked.scope.clone()).filter(|scope| !scope.is_empty()),
        details: details.iter().map(|id| GrantedDetails::new(id, id)).collect(),
    };
    response.to_json()
}
