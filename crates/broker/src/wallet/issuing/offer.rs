//! An offer of credentials to a person, after password and live code. It is fetched from an address that holds a
//! handle; the code in it is derived from that handle, so that it rests nowhere.

use ::wallet::openid4vci::{CredentialOffer, OfferLink, PreAuthorized, SecretText, TransactionCode};
use data_encoding::HEXLOWER;
use idp::Purpose;
use idp::keys::digest_handle;
use idp::one_time_code::ContactCode;
use idp::totp;
use model::{Handle, Loa, Secret, Timestamp, limits};
use store::record::{Account, AuthenticatorState, IssuingGround, OfferRecord};
use store::{Change, Issuing, Op};

use super::metadata::{FORMATS, configuration_id};
use crate::attempts::{Bucket, Reserved};
use crate::letter::LetterContent;
use crate::{AccountSession, Broker, Caller, Enroller, FactorChange, Fault, audit_of};

/// Digits of the code that is mailed.
const MAILED_DIGITS: u32 = 6;

/// Why a person is offered nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOffered {
    /// No authenticator app is in use.
    NoSecondFactor,
    /// The authenticator may not be used before this.
    OnHold {
        /// From when it may.
        until: Timestamp,
    },
    /// It is not sure enough that the authenticator is its owner's: it was bound by the password or by a mailed code.
    NotAssured,
}

/// What became of asking for an offer.
#[derive(Debug)]
pub enum OfferMade {
    /// It is made, and a code is mailed.
    Made(OfferView),
    /// The person is offered nothing.
    Not(NotOffered),
    /// Password or code were not right, or there were too many tries or offers.
    Unproved(FactorChange),
}

/// An offer, to be shown once. It is not printed: whoever sees it and the mailbox may take it.
pub struct OfferView {
    /// The link that a wallet opens.
    pub link: Secret<String>,
    /// Where the offer is, for a wallet that has an address of its own for offers.
    pub reference: Secret<String>,
    /// Where the code was mailed to.
    pub mailed_to: model::Email,
    /// When it lapses.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for OfferView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OfferView").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// On what ground credentials would be issued to a person, if on any: never more than is known of the authenticator.
pub(crate) fn ground_of(account: &Account, now: Timestamp) -> Result<IssuingGround, NotOffered> {
    let bound = account.authenticator.as_ref().filter(|bound| bound.state == AuthenticatorState::Active);
    let bound = bound.ok_or(NotOffered::NoSecondFactor)?;
    if now < bound.usable_from {
        return Err(NotOffered::OnHold { until: bound.usable_from });
    }
    // High would need a certified key in the wallet.
    let loa = bound.binding.loa().min(Loa::Substantial);
    if loa < Loa::Substantial {
        return Err(NotOffered::NotAssured);
    }
    Ok(IssuingGround { loa, provenance: bound.binding })
}

impl Broker {
    /// Makes an offer in place of a former one, and mails the code that goes with it.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] where no credentials are issued.
    pub async fn offer_credentials(
        &self,
        session: &AccountSession,
        typed: &Secret<String>,
        code: &totp::Code,
        caller: &Caller,
    ) -> Result<OfferMade, Fault> {
        self.issuer()?;
        let account = self.account(session.person()).await?;
        if let Err(reason) = ground_of(&account, self.now()) {
            return Ok(OfferMade::Not(reason));
        }
        if let Reserved::Refused { until } =
            self.reserve("credential-offer.attempt", self.offer_buckets(session)).await?
        {
            return Ok(OfferMade::Unproved(FactorChange::Limited { until }));
        }
        let reference = Handle::draw(self.random());
        let digest = digest_handle(&self.pre_authorized_code(&reference));
        let mailed = ContactCode::draw(self.random());
        let now = self.now();
        let expires_at = now + limits::CREDENTIAL_OFFER;
        let enroller = Enroller::Account(session.clone());
        let proved = self.prove(&enroller, AuthenticatorState::Active, typed, code, caller, |account, _| {
            let person = account.person.id.clone();
            // Another authenticator may have taken its place since the account was looked at.
            let Ok(ground) = ground_of(account, now) else {
                return Change::new(audit_of(now, &person, "credential-offer.refused"));
            };
            let offer = OfferRecord {
                digest: digest.clone(),
                person: person.clone(),
                ground,
                mac: HEXLOWER.encode(&mailed.digest(self.keys(), digest.as_str())),
                tries: 0,
                expires_at,
                spent_at: None,
            };
            let letter = LetterContent::WalletCode { code: mailed.expose().expose().clone() };
            Change::new(audit_of(now, &person, "credential-offer.made"))
                .with(Op::Issuing(Issuing::Offer(offer)))
                .deliver(self.letter(account, now, letter))
        });
        match proved.await? {
            FactorChange::Done if self.store().offer(&digest).await?.is_some() => {
                let mailed_to = account.person.email;
                Ok(OfferMade::Made(self.offer_view(&reference, mailed_to, expires_at)?))
            }
            FactorChange::Done => Ok(OfferMade::Not(NotOffered::NotAssured)),
            other => Ok(OfferMade::Unproved(other)),
        }
    }

    fn offer_view(
        &self,
        reference: &Handle,
        mailed_to: model::Email,
        expires_at: Timestamp,
    ) -> Result<OfferView, Fault> {
        let config = &self.issuer()?.config;
        let reference = format!("{}{}/{}", config.origin, config.paths.offer, reference.expose());
        let link = OfferLink::Reference(reference.clone()).write(&config.link);
        Ok(OfferView { link: Secret::new(link), reference: Secret::new(reference), mailed_to, expires_at })
    }

    /// The offer at an address (`OpenID4VCI` 1.0 section 4.1.3), as JSON.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when it was used, has lapsed or never was.
    pub async fn credential_offer(&self, reference: &Handle) -> Result<Secret<String>, Fault> {
        let config = &self.issuer()?.config;
        let code = self.pre_authorized_code(reference);
        let offer = self.store().offer(&digest_handle(&code)).await?;
        let is_open = |offer: &OfferRecord| offer.spent_at.is_none() && self.now() < offer.expires_at;
        offer.filter(is_open).ok_or(Fault::Gone)?;
        let transaction_code =
            TransactionCode { input_mode: Some("numeric".to_owned()), length: Some(MAILED_DIGITS), description: None };
        let offer = CredentialOffer {
            issuer: config.origin.clone(),
            configurations: FORMATS.map(|format| configuration_id(format).to_owned()).to_vec(),
            pre_authorized: Some(PreAuthorized {
                code: SecretText::new(code.expose().to_owned()),
                transaction_code: Some(transaction_code),
            }),
        };
        Ok(Secret::new(offer.to_json()))
    }

    /// The code of the offer at an address.
    fn pre_authorized_code(&self, reference: &Handle) -> Handle {
        let mac = self.keys().mac(Purpose::CredentialOffer, &[reference.expose().as_bytes()]);
        Handle::parse(&HEXLOWER.encode(&mac)).unwrap_or_else(|| unreachable!("32 bytes in hexadecimal are a handle"))
    }

    fn offer_buckets(&self, session: &AccountSession) -> Vec<Bucket> {
        let bucket = |name: &str, limit, window| Bucket {
            key: self.bucket_key(name, &[session.person().as_str()]),
            limit,
            window,
        };
        vec![
            bucket("credential-offer", limits::CREDENTIAL_OFFERS, limits::CREDENTIAL_OFFERS_WINDOW),
            bucket("credential-offer-year", limits::CREDENTIAL_OFFERS_YEAR, limits::CREDENTIAL_OFFERS_YEAR_WINDOW),
        ]
    }
}
