//! An offer's code, and what was mailed with it, become a token for credentials.

use ::wallet::openid4vci::{IssuanceError, SecretText, TokenRequest, TokenResponse};
use data_encoding::HEXLOWER;
use idp::keys::digest_handle;
use idp::one_time_code::ContactCode;
use model::{Handle, HandleDigest, limits};
use oidc::bearer;
use store::record::{IssuingTokenRecord, OfferRecord};
use store::{Change, Committed, Issuing, Op};

use super::IssuingRefusal;
use crate::{Broker, Fault, audit_of};

/// A token as a request shows it.
#[derive(Clone, Copy, Debug)]
pub struct ShownToken<'a> {
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
}

const UNKNOWN: IssuingRefusal = IssuingRefusal::Bearer(bearer::INVALID_TOKEN);

impl Broker {
    /// Takes a token request (`OpenID4VCI` 1.0 section 6) and gives the body of the answer. A try is written down
    /// before what was typed is looked at.
    ///
    /// # Errors
    ///
    /// [`IssuingRefusal::Request`] in the words of section 6.3.
    pub async fn redeem_offer(&self, body: &str) -> Result<String, IssuingRefusal> {
        let request = TokenRequest::parse(body)?;
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
        self.spend_offer(&offer).await
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

    async fn spend_offer(&self, offer: &OfferRecord) -> Result<String, IssuingRefusal> {
        let now = self.now();
        let token = Handle::draw(self.random());
        let record = IssuingTokenRecord {
            digest: digest_handle(&token),
            person: offer.person.clone(),
            ground: offer.ground,
            holder: None,
            remaining: limits::CREDENTIALS_A_TOKEN,
            expires_at: now + limits::ACCESS_TOKEN,
        };
        let change = Change::new(audit_of(now, &offer.person, "credential-offer.redeemed"))
            .with(Op::Issuing(Issuing::SpendOffer { digest: offer.digest.clone(), at: now }))
            .with(Op::Issuing(Issuing::IssueToken(record)));
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => {
                let response = TokenResponse {
                    access_token: SecretText::new(token.expose().to_owned()),
                    token_type: "Bearer".to_owned(),
                    expires_in: limits::ACCESS_TOKEN.as_secs(),
                };
                Ok(response.to_json())
            }
            // Used at the same time by somebody else.
            Committed::Refused(_) => {
                Err(IssuanceError::InvalidGrant.because("the code is unknown, used or has lapsed").into())
            }
        }
    }

    /// The token that a request shows, if it is good.
    pub(super) async fn issuing_token(&self, shown: &ShownToken<'_>) -> Result<IssuingTokenRecord, IssuingRefusal> {
        let text = bearer::token(shown.authorization, None).map_err(IssuingRefusal::Bearer)?;
        let digest: HandleDigest = Handle::parse(text.expose()).map(|handle| digest_handle(&handle)).ok_or(UNKNOWN)?;
        let token = self.store().issuing_token(&digest).await.map_err(Fault::from)?;
        token.filter(|token| self.now() < token.expires_at).ok_or(UNKNOWN)
    }
}
