//! Kapu as the portal knows it: an identity provider, described by its metadata, which is fetched by HTTP.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Clock, Lang, Random};
use service_kit::{
    Comparison, ContextKind, IdentityProvider, KitError, Logout, LogoutAnswer, LogoutAsked, LogoutMessage,
    LogoutOutcome, Loopback, Participant, Pending, PostedResponse, RequestedAuthnContext, ResponseError, Service,
    SignIn, SignedIn, Started, Status, StatusCode, StatusReason, WantedContext, may_ask_again,
};

use super::METADATA;
use crate::demo::Demo;
use crate::portal::back_channel::BackChannel;
use crate::portal::demand::{Demand, Failure};

const APP: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp";
const WALLET: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr";
const SUBSTANTIAL: &str = "http://eidas.europa.eu/NotNotified/LoA/substantial";
const HIGH: &str = "http://eidas.europa.eu/NotNotified/LoA/high";

/// Kapu, as one of its services knows it.
pub(super) struct Kau {
    origin: String,
    service: Service,
    channel: BackChannel,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    known: Mutex<Known>,
    /// Held by whoever asks Kapu, so that it is asked once; never by whoever knows enough.
    asking: tokio::sync::Mutex<()>,
}

/// What was read of Kapu, and when it was asked last, in seconds since the epoch.
#[derive(Default)]
struct Known {
    idp: Option<Arc<IdentityProvider>>,
    asked_at: Option<i64>,
}

impl Known {
    fn valid(&self, now: i64) -> Option<Arc<IdentityProvider>> {
        self.idp.clone().filter(|idp| idp.is_valid(now))
    }

    /// What will do without asking Kapu.
    fn enough(&self, now: i64) -> Option<Arc<IdentityProvider>> {
        self.valid(now).filter(|idp| !idp.is_due(now) || self.was_just_asked(now))
    }

    fn was_just_asked(&self, now: i64) -> bool {
        self.asked_at.is_some_and(|asked_at| !may_ask_again(asked_at, now))
    }
}

/// Why a message leads nowhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the identity provider's metadata cannot be had")]
    Unreachable,
    #[error(transparent)]
    Kit(#[from] KitError),
}

impl Kau {
    pub(super) fn new(origin: &str, service: Service, demo: &Demo) -> Result<Self, reqwest::Error> {
        Ok(Self {
            origin: origin.to_owned(),
            service,
            channel: BackChannel::new()?,
            clock: Arc::clone(&demo.clock),
            random: Arc::clone(&demo.random),
            known: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        })
    }

    /// What the portal says of itself.
    pub(super) fn own_metadata(&self) -> Result<String, KitError> {
        self.service.metadata(&mut |octets| self.random.fill(octets))
    }

    /// Where the browser goes to sign in.
    pub(super) async fn sign_in(&self, demand: Demand, lang: Lang) -> Result<Started, Refusal> {
        let idp = self.idp().await?;
        let now = self.clock.now().seconds();
        let fill = &mut |octets: &mut [u8]| self.random.fill(octets);
        Ok(in_language(self.service.sign_in(&idp, &self.wanted(demand), None, now, fill)?, lang))
    }

    /// Who signed in, by the response to what was begun at `begun`.
    pub(super) async fn take_response(
        &self,
        posted: &PostedResponse,
        request_id: &str,
        demand: Demand,
        begun: i64,
    ) -> Result<SignedIn, Refusal> {
        let sign_in = self.wanted(demand);
        let pending = Pending { request_id, sign_in: &sign_in, begun };
        let now = self.clock.now().seconds();
        self.asking(|idp| self.service.take_response(idp, posted, &pending, now)).await
    }

    /// Where the browser goes to be signed out of Kapu too. Absent when Kapu does not say where.
    pub(super) async fn logout(&self, participant: &Participant, lang: Lang) -> Option<Started> {
        let idp = self.idp().await.ok()?;
        let now = self.clock.now().seconds();
        let fill = &mut |octets: &mut [u8]| self.random.fill(octets);
        let started = self.service.logout(&idp, participant, None, now, fill);
        let started =
            started.inspect_err(|error| tracing::warn!(code = error.code(), "Kapu cannot be asked for a logout"));
        started.ok().map(|started| in_language(started, lang))
    }

    pub(super) async fn take_logout(&self, message: &LogoutMessage) -> Result<Logout, Refusal> {
        let now = self.clock.now().seconds();
        self.asking(|idp| self.service.take_logout(idp, message, now)).await
    }

    pub(super) async fn answer_logout(&self, asked: &LogoutAsked) -> Result<LogoutAnswer, Refusal> {
        let idp = self.idp().await?;
        let now = self.clock.now().seconds();
        let fill = &mut |octets: &mut [u8]| self.random.fill(octets);
        Ok(self.service.answer_logout(&idp, asked, LogoutOutcome::Ended, now, fill)?)
    }

    /// What a demand is in SAML: how the person is to be authenticated, and whether anew.
    fn wanted(&self, demand: Demand) -> SignIn {
        let minimum = |class: &str, accepted: &[&str]| WantedContext {
            requested: RequestedAuthnContext {
                comparison: Comparison::Minimum,
                kind: ContextKind::Class,
                references: vec![class.to_owned()],
            },
            accepted: accepted.iter().map(|class| (*class).to_owned()).collect(),
        };
        let passkey = format!("{}/methods/passkey", self.origin);
        let context = match demand {
            Demand::Ordinary | Demand::Fresh | Demand::Adult => minimum(APP, &[APP, &passkey, WALLET]),
            Demand::Substantial => minimum(SUBSTANTIAL, &[SUBSTANTIAL, HIGH]),
        };
        SignIn { force_authn: demand == Demand::Fresh, context: Some(context), ..SignIn::default() }
    }

    /// Does `work` with what is known of Kapu; a key that is not known yet is looked for once.
    async fn asking<T>(&self, work: impl Fn(&IdentityProvider) -> Result<T, KitError>) -> Result<T, Refusal> {
        let idp = self.idp().await?;
        match work(&idp) {
            Err(error) if error.is_unknown_key() => match self.newer(&idp).await {
                Some(newer) => Ok(work(&newer)?),
                None => Err(error.into()),
            },
            done => Ok(done?),
        }
    }

    /// Kapu's metadata, read again when that is due. While Kapu does not answer, what it said last is good until it
    /// ends (`validUntil`).
    async fn idp(&self) -> Result<Arc<IdentityProvider>, Refusal> {
        if let Some(idp) = self.known().enough(self.clock.now().seconds()) {
            return Ok(idp);
        }
        let _alone = self.asking.lock().await;
        let now = self.clock.now().seconds();
        if let Some(idp) = self.known().enough(now) {
            return Ok(idp);
        }
        let fetched = self.fetch(now).await;
        fetched.or_else(|| self.known().valid(now)).ok_or(Refusal::Unreachable)
    }

    /// Kapu's metadata as it is now, after `seen` did not have a key. Absent when it was asked just before.
    async fn newer(&self, seen: &Arc<IdentityProvider>) -> Option<Arc<IdentityProvider>> {
        let _alone = self.asking.lock().await;
        let now = self.clock.now().seconds();
        let known = self.known().idp.clone().filter(|idp| !Arc::ptr_eq(idp, seen));
        if known.is_some() {
            return known;
        }
        if self.known().was_just_asked(now) {
            return None;
        }
        self.fetch(now).await
    }

    /// Asks Kapu. What is known meanwhile is good for everybody else.
    async fn fetch(&self, now: i64) -> Option<Arc<IdentityProvider>> {
        self.known().asked_at = Some(now);
        // Its entity ID is where its metadata is (SAML Metadata section 4.1).
        let address = format!("{}{METADATA}", self.origin);
        let octets = self.channel.fetch(&address).await;
        let octets = octets.inspect_err(|error| {
            tracing::warn!(error = error as &dyn Error, "the identity provider's metadata cannot be fetched");
        });
        let read = IdentityProvider::read(&octets.ok()?, &address, Loopback::Allowed, now);
        let read = read.inspect_err(|error| {
            tracing::warn!(error = error as &dyn Error, "the identity provider's metadata is refused");
        });
        let idp = Arc::new(read.ok()?);
        self.known().idp = Some(Arc::clone(&idp));
        Some(idp)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Each field is written as a whole.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Refusal {
    /// What the person is told when a sign-in led nowhere.
    pub(super) fn failure(&self) -> Failure {
        match self {
            Refusal::Unreachable => Failure::Unreachable,
            Refusal::Kit(KitError::Response(ResponseError::Status(status))) => of_status(status),
            Refusal::Kit(KitError::Response(ResponseError::InResponseTo)) => Failure::Stale,
            Refusal::Kit(error) => {
                tracing::warn!(code = error.code(), error = error as &dyn Error, "the response is not plausible");
                Failure::Implausible
            }
        }
    }
}

/// Hands the language on as Kapu's own language links do. SAML has no word for it, and passes over parameters that are
/// not its own (Bindings section 3.4.4.1).
fn in_language(started: Started, lang: Lang) -> Started {
    Started { location: format!("{}&lang={}", started.location, lang.tag()), ..started }
}

/// From the status of a response (SAML Core section 3.2.2.2).
fn of_status(status: &Status) -> Failure {
    match (status.code, status.reason) {
        (_, Some(StatusReason::AuthnFailed | StatusReason::RequestDenied)) => Failure::Cancelled,
        (_, Some(StatusReason::NoAuthnContext)) => Failure::NotEnough,
        (_, Some(StatusReason::NoPassive)) => Failure::Interaction,
        (StatusCode::Responder, _) => Failure::Busy,
        (StatusCode::Success | StatusCode::Requester | StatusCode::VersionMismatch, _) => Failure::Refused,
    }
}
