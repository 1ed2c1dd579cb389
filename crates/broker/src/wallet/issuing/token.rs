//! An offer's code, and what was mailed with it, become a token for credentials.

use ::wallet::openid4vci::{IssuanceError, SecretText, TokenRequest, TokenResponse};
use data_encoding::HEXLOWER;
use idp::keys::digest_handle;
use idp::one_time_code::ContactCode;
use model::{Handle, limits};
use store::record::{IssuingTokenRecord, OfferRecord};
use store::{Change, Committed, Issuing, Op};

use super::IssuingRefusal;
use super::possession::Possession;
use crate::{Broker, Fault, audit_of};

impl Broker {
    /// Takes a token request (`OpenID4VCI` 1.0 section 6) and gives the body of the answer. A try is written down
    /// before what was typed is looked at. With a proof of possession the token is bound to its key.
    ///
    /// # Errors
    ///
    /// [`IssuingRefusal::Request`] in the words of section 6.3.
    pub async fn redeem_offer(&self, body: &str, dpop: Option<&str>) -> Result<String, IssuingRefusal> {
        let request = TokenRequest::parse(body)?;
        let possession = self.possession_for_token(dpop)?;
        let unknown = || IssuanceError::InvalidGrant.because("the code is unknown, used or has lapsed");
        let handle = Handle::parse(request.code.expose()).ok_or_else(unknown)?;
        let offer = self.store().offer(&digest_handle(&handle)).await.map_err(Fault::from)?.ok_or_else(unknown)?;
        if offer.spent_at.is_some() || self.now() >= offer.expires_at {
            return Err(unknown().into());
        }
        let typed = request.transaction_code;
        let typed =
            typed.ok_or(IssuanceError::InvalidRequest.because("tx_code is missing: the code that was mailed"))?;
        self.try_offer(&offer, &typed).await?;
        self.spend_offer(&offer, possession).await
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

    async fn spend_offer(&self, offer: &OfferRecord, possession: Option<Possession>) -> Result<String, IssuingRefusal> {
        let now = self.now();
        let token = Handle::draw(self.random());
        let (holder, used) = possession.map(|Possession { thumbprint, used }| (thumbprint, used)).unzip();
        let is_bound = holder.is_some();
        let token_type = if is_bound { "DPoP" } else { "Bearer" };
        let record = IssuingTokenRecord {
            digest: digest_handle(&token),
            person: offer.person.clone(),
            ground: offer.ground,
            holder,
            remaining: limits::CREDENTIALS_A_TOKEN,
            expires_at: now + limits::ACCESS_TOKEN,
        };
        let change = Change::new(audit_of(now, &offer.person, "credential-offer.redeemed"))
            .with_all(used)
            .with(Op::Issuing(Issuing::SpendOffer { digest: offer.digest.clone(), at: now }))
            .with(Op::Issuing(Issuing::IssueToken(record)));
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => {
                let response = TokenResponse {
                    access_token: SecretText::new(token.expose().to_owned()),
                    token_type: token_type.to_owned(),
                    expires_in: limits::ACCESS_TOKEN.as_secs(),
                };
                Ok(response.to_json())
            }
            Committed::Refused(0) if is_bound => {
                Err(IssuanceError::InvalidDpopProof.because("the proof of possession was used before").into())
            }
            // Used at the same time by somebody else.
            Committed::Refused(_) => {
                Err(IssuanceError::InvalidGrant.because("the code is unknown, used or has lapsed").into())
            }
        }
    }
}
