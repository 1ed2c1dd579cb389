//! A sign-in at the broker, on the way to a service: loads, asks the pure machine, does, saves.
//!
//! A step never leads to another step. Every step returns what is true now as a [`Next`].

mod answer;
mod cancel;
mod code;
mod consent;
mod identified;

pub(crate) use identified::Identified;

pub use cancel::{Cancelled, Declined, Left};
pub use consent::{ConsentStep, ConsentView, Consented};

use idp::keys::digest_handle;
use journey::{Demand, Event, Linking, Login, Offer, Passage, ProofAim, Shortfall, Stage, advance};
use model::{AuthenticationContext, Handle, Loa, Method, PersonId, Secret, Service, Timestamp, limits};
use store::record::{Account, LoginRecord, Version, Versioned};
use store::{Change, Committed, Op};

use crate::attempts::Reservation;
use crate::credentials::PasswordCheck;
use crate::edge::Onward;
use crate::session::SessionHandle;
use crate::upstream::{Upstream, UpstreamView};
use crate::wallet::presenting::proof_reply;
use crate::{Broker, Caller, DeviceCookie, Fault, audit, audit_of};

/// A method on the sign-in page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodView {
    /// Which.
    pub method: Method,
    /// How it is shown; never [`Offer::Absent`].
    pub offer: Offer,
}

/// A sign-in under way, for its pages.
#[derive(Clone, Debug)]
pub struct LoginView {
    /// Names it in addresses.
    pub id: String,
    /// Who asks.
    pub service: Service,
    /// The methods to show, strongest habit first.
    pub methods: Vec<MethodView>,
    /// The other identity providers to show.
    pub upstreams: Vec<UpstreamView>,
    /// An identity that waits to be connected with the account.
    pub linking: Option<Linking>,
    /// Whether the cut-over has come.
    pub cut_over: bool,
    /// A name to put into the form.
    pub name_hint: Option<String>,
    /// What it proves to a page of the account, where it signs nobody in.
    pub proof: Option<ProofAim>,
    /// Where it stands.
    pub stage: Stage,
    /// As it rests: what a step is taken from, if it is still the one that was read.
    pub(crate) seen: Version,
    pub(crate) login: Login,
}

impl LoginView {
    /// Whether a method can be chosen.
    pub fn offers(&self, method: Method) -> bool {
        self.methods.iter().any(|shown| shown.method == method && shown.offer == Offer::Offered)
    }

    /// What the request asks of the sign-in.
    pub(crate) fn demand(&self) -> &Demand {
        &self.login.demand
    }
}

/// What was typed into the form of user name and password.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// The user name, as typed.
    pub name: &'a str,
    /// The password, as typed.
    pub password: &'a Secret<String>,
}

/// What comes next in a sign-in.
#[derive(Debug)]
pub enum Next {
    /// The page for the code.
    AskCode,
    /// Name or password differ; how many more tries there are.
    PasswordDiffered {
        /// Tries left.
        left: u32,
    },
    /// The code differs; how often in a row.
    CodeDiffered {
        /// Wrong codes since the last success or wait.
        in_row: u32,
    },
    /// The code was used before.
    CodeReused,
    /// Too many tries.
    Limited {
        /// From when one more is admitted.
        until: Timestamp,
    },
    /// Too many wrong codes: back to the password, and wait.
    StartOver {
        /// From when a code is checked again.
        until: Timestamp,
    },
    /// The sign-in cannot suffice; the page says why.
    Short(Shortfall),
    /// The page that shows what the service receives, and the cookies of the session that has begun.
    AskConsent {
        /// The single sign-on session.
        session: SessionHandle,
        /// The known device, after both factors.
        device: Option<DeviceCookie>,
    },
    /// The answer to the service, and the cookies of a new session and of a known device.
    Answer {
        /// How it travels.
        onward: Onward,
        /// The single sign-on session.
        session: SessionHandle,
        /// The known device, after both factors.
        device: Option<DeviceCookie>,
        /// Whether it says who signed in; if not, another person was asked for.
        is_positive: bool,
    },
}

/// Whether a text has the form of a sign-in's name: 32 hexadecimal digits.
pub fn is_login_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The order in which methods are shown: the strongest first, where it can be used.
const SHOWN: [Method; 5] =
    [Method::Wallet, Method::AuthenticatorApp, Method::Passkey, Method::EmailedCode, Method::Password];

impl Broker {
    /// Draws the name of a sign-in for addresses: 128 random bits.
    pub(crate) fn draw_login_id(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.random().bytes::<16>())
    }

    /// A sign-in of this browser.
    pub(crate) async fn find_login(&self, id: &str, browser: &Handle) -> Result<Versioned<LoginRecord>, Fault> {
        if !is_login_id(id) {
            return Err(Fault::NoJourney);
        }
        let found = self.store().login(id).await?.ok_or(Fault::NoJourney)?;
        if found.value.browser == digest_handle(browser) { Ok(found) } else { Err(Fault::NoJourney) }
    }

    async fn live_login(&self, id: &str, browser: &Handle) -> Result<(Version, Login, Service), Fault> {
        let found = self.find_login(id, browser).await?;
        let login = found.value.login;
        if is_over(&login, self.now()) {
            return Err(Fault::Over);
        }
        let service = self.asker_of(&login).await?.ok_or(Fault::NoJourney)?;
        Ok((found.version, login, service))
    }

    /// Whether a sign-in is over, or forgotten: what was asked for it serves nobody any more.
    pub(crate) async fn is_login_over(&self, id: &str) -> Result<bool, Fault> {
        let found = self.store().login(id).await?;
        Ok(found.is_none_or(|found| is_over(&found.value.login, self.now())))
    }

    /// The page of a sign-in.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] when it is not this browser's, [`Fault::Over`] when it was answered or
    /// its time is up.
    pub async fn login_view(&self, id: &str, browser: &Handle) -> Result<LoginView, Fault> {
        let (seen, login, service) = self.live_login(id, browser).await?;
        let now = self.now();
        let stage = if login.stage.code_overdue(now) { Stage::Open } else { login.stage.clone() };
        let policy = self.policy();
        let offer = |method| policy.offer(now, &service.terms, &login.demand, method);
        let shown = SHOWN.into_iter().map(|method| MethodView { method, offer: offer(method) });
        let mut methods: Vec<MethodView> = shown.filter(|view| view.offer != Offer::Absent).collect();
        // What cannot be used yet does not stand above what can.
        methods.sort_by_key(|view| view.offer == Offer::NotYet);
        let upstreams = self.offered_upstreams(|upstream: &Upstream| {
            policy.offer_upstream(now, &service.terms, &login.demand, upstream.level, upstream.loa)
        });
        let cut_over = policy.cut_over(now);
        let (name_hint, linking) = (login.name_hint.clone(), login.linking.clone());
        let proof = proof_reply(&login)?.map(|reply| reply.aim());
        let id = id.to_owned();
        Ok(LoginView { id, service, methods, upstreams, linking, cut_over, name_hint, proof, stage, seen, login })
    }

    /// The service that a sign-in will return to, for the band on Ügyfélkapu's pages. It tells
    /// nothing but the service and needs no cookie: the two origins share none.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn login_service(&self, id: &str) -> Result<Option<Service>, Fault> {
        let Some(found) = (if is_login_id(id) { self.store().login(id).await? } else { None }) else { return Ok(None) };
        if self.now() >= found.value.login.expires_at {
            return Ok(None);
        }
        self.asker_of(&found.value.login).await
    }

    /// Who asks for a sign-in: a service, or a page of the account for a proof.
    async fn asker_of(&self, login: &Login) -> Result<Option<Service>, Fault> {
        match proof_reply(login)? {
            Some(reply) => Ok(Some(reply.service())),
            None => self.service(&login.service).await,
        }
    }

    /// The person goes to Ügyfélkapu to enrol: the request is kept longer meanwhile.
    ///
    /// # Errors
    ///
    /// As [`Broker::login_view`].
    pub async fn went_to_enrol(&self, id: &str, browser: &Handle) -> Result<(), Fault> {
        let (seen, login, _) = self.live_login(id, browser).await?;
        let now = self.now();
        let stage = advance(login.stage.clone(), Event::WentToEnrol, login.expires_at, now);
        let expires_at = login.expires_at.max(now + limits::TRANSACTION_WHILE_ENROLLING);
        let change = Change::new(audit(now, "login.enrolling")).with(Op::ReplaceLogin {
            id: id.to_owned(),
            seen,
            login: Login { stage, expires_at, ..login },
        });
        // A stale version means that another tab moved it: nothing is lost by its not being longer.
        let _: Committed = self.store().commit(change).await?;
        Ok(())
    }

    /// Takes user name and password for a method.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when the method is not offered, or another window moved the sign-in since it was read.
    pub async fn offer_password(
        &self,
        view: &LoginView,
        method: Method,
        typed: Typed<'_>,
        present: Option<&Handle>,
        caller: &Caller,
    ) -> Result<Next, Fault> {
        self.counted(method, self.take_password(view, method, typed, present, caller).await)
    }

    async fn take_password(
        &self,
        view: &LoginView,
        method: Method,
        typed: Typed<'_>,
        present: Option<&Handle>,
        caller: &Caller,
    ) -> Result<Next, Fault> {
        let LoginView { id, seen, service, .. } = view;
        let seen = *seen;
        let login = in_session(view.login.clone(), present);
        if self.policy().offer(self.now(), &service.terms, &login.demand, method) != Offer::Offered {
            return Err(Fault::Stale);
        }
        let (account, reservation) = match self.check_password(typed.name, typed.password, caller).await? {
            PasswordCheck::Matched { account, reservation } => (account, reservation),
            PasswordCheck::Differed { left } => return Ok(Next::PasswordDiffered { left }),
            PasswordCheck::Limited { until } => return Ok(Next::Limited { until }),
        };
        let now = self.now();
        let passage = self.policy().after_password(now, &service.terms, &login.demand, &account.facts());
        match passage {
            Passage::Enter => {
                let at = login.demand.proved_at(now);
                let context = AuthenticationContext { method: Method::Password, loa: Loa::Low, at };
                self.enter(&login, (id, seen), service, &account, context, &reservation).await
            }
            Passage::AskCode => {
                let event = Event::PasswordMatched {
                    person: account.person.id.clone(),
                    user_name: account.user_name.as_str().to_owned(),
                    until: now + limits::CODE_AFTER_PASSWORD,
                };
                self.step((id, seen), &login, event, &account.person.id, "password.matched", &reservation).await?;
                Ok(Next::AskCode)
            }
            Passage::Short(shortfall) => {
                let event = Event::FellShort(shortfall);
                self.step((id, seen), &login, event, &account.person.id, "login.short", &reservation).await?;
                Ok(Next::Short(shortfall))
            }
        }
    }

    /// Saves one step after a right password.
    async fn step(
        &self,
        (id, seen): (&str, Version),
        login: &Login,
        event: Event,
        person: &PersonId,
        told: &'static str,
        reservation: &Reservation,
    ) -> Result<(), Fault> {
        let now = self.now();
        let moved = Login { stage: advance(login.stage.clone(), event, login.expires_at, now), ..login.clone() };
        let change = || {
            Change::new(audit_of(now, person, told)).with(Op::ReplaceLogin {
                id: id.to_owned(),
                seen,
                login: moved.clone(),
            })
        };
        match self.commit_released(reservation, change).await? {
            Committed::Done => Ok(()),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }

    /// The password alone suffices: before the cut-over, for an account without a second factor.
    async fn enter(
        &self,
        login: &Login,
        (id, seen): (&str, Version),
        service: &Service,
        account: &Account,
        context: AuthenticationContext,
        reservation: &Reservation,
    ) -> Result<Next, Fault> {
        let now = self.now();
        if let Err(shortfall) = self.policy().admit(now, &service.terms, &login.demand, &context) {
            let person = &account.person.id;
            self.step((id, seen), login, Event::FellShort(shortfall), person, "login.short", reservation).await?;
            return Ok(Next::Short(shortfall));
        }
        let answer = self.prepare_answer(id, seen, login, account, context, None).await?;
        match self.commit_released(reservation, || answer.change()).await? {
            Committed::Done => Ok(answer.into_next(None)),
            Committed::Refused(_) => Err(self.overtaken(login).await?),
        }
    }
}

/// Whether nothing comes of a sign-in any more.
fn is_over(login: &Login, now: Timestamp) -> bool {
    matches!(login.stage, Stage::Answered | Stage::Refused(_)) || now >= login.expires_at
}

/// The single sign-on session that this very request brought, rather than the one that the sign-in
/// began with: another window may have signed in meanwhile, and its session is to be renewed or ended.
pub(crate) fn in_session(login: Login, present: Option<&Handle>) -> Login {
    let session = present.map(digest_handle).or(login.session);
    Login { session, ..login }
}
