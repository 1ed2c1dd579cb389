//! The answer of another identity provider comes back to the browser that began.

use idp::keys::digest_handle;
use journey::{Event, Flow, Linking, Login, SecondFactor, Shortfall, Standing, advance};
use model::{Handle, Method};
use oidc::relying_party::{AuthorizationAnswer, AuthorizationError};
use store::record::{Account, LinkRecord};
use store::{Change, Committed, Op};

use super::ask::upstream_audit;
use super::oidc::NoIdentity;
use super::{Answered, Asked, Identity, Outcome, Resting, Upstream, UpstreamProtocol};
use crate::login::{Identified, LoginView, Next};
use crate::{Broker, Fault};

/// An answer, in the sign-in that it belongs to.
#[derive(Debug)]
pub struct Arrival {
    /// The sign-in, as it was before.
    pub view: LoginView,
    /// Whose answer it is: its name in forms.
    pub upstream: String,
    /// What it came to.
    pub arrived: Arrived,
}

/// What an answer came to.
#[derive(Debug)]
pub enum Arrived {
    /// An account is linked with the identity; the sign-in goes on.
    Known(Next),
    /// No account is: the page that says so.
    Unknown,
    /// No account is, and none can be here: the service does not take the sign-in that would connect it.
    Unlinkable,
    /// The person went back, or did not sign in as was asked.
    Declined,
    /// The answer is not believed.
    Refused,
    /// The provider cannot be used now.
    Down,
}

impl Broker {
    /// Takes the answer that a redirect from `id` brought. It is used up whatever becomes of it.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] when it answers nothing of this browser's, or comes from another than was asked (rows O27
    /// and P28); [`Fault::Over`] when the sign-in is over.
    pub async fn upstream_answer(
        &self,
        id: &str,
        query: &str,
        browser: &Handle,
        present: Option<&Handle>,
    ) -> Result<Arrival, Fault> {
        let upstream = self.upstream(id).ok_or(Fault::NoJourney)?;
        let UpstreamProtocol::OpenIdConnect { client_id, client_secret, .. } = &upstream.protocol else {
            return Err(Fault::NoJourney);
        };
        let answer = AuthorizationAnswer::parse(query).ok_or(Fault::NoJourney)?;
        let handle = Handle::parse(&answer.state).ok_or(Fault::NoJourney)?;
        let asked = self.take_asked(upstream, &handle, browser, answer.iss.as_deref()).await?;
        let view = self.login_view(&asked.login, browser).await?;
        let redeemed = match &answer.outcome {
            Ok(code) => self.identity_by_code(upstream, (client_id, client_secret), (&handle, &asked), code).await,
            Err(AuthorizationError::Failed) => Err(NoIdentity::Refused),
            Err(AuthorizationError::Declined) => {
                return Ok(Arrival { view, upstream: id.to_owned(), arrived: Arrived::Declined });
            }
        };
        let arrived = match redeemed {
            Ok(identity) => self.identified(&view, upstream, &identity, present).await?,
            Err(NoIdentity::Refused) => Arrived::Refused,
            Err(NoIdentity::Down) => Arrived::Down,
        };
        Ok(Arrival { view, upstream: id.to_owned(), arrived })
    }

    /// Takes what was put aside of a posted response, in the browser that began.
    ///
    /// # Errors
    ///
    /// As [`Broker::upstream_answer`].
    pub async fn upstream_fetched(
        &self,
        id: &str,
        handle: &Handle,
        browser: &Handle,
        present: Option<&Handle>,
    ) -> Result<Arrival, Fault> {
        let upstream = self.upstream(id).ok_or(Fault::NoJourney)?;
        let now = self.now();
        let digest = digest_handle(handle);
        let stored = self.store().upstream_request(&digest, now).await?.ok_or(Fault::NoJourney)?;
        let Resting::Answered(answered) = Resting::read(&stored)? else { return Err(Fault::NoJourney) };
        let Answered { upstream: of, login, browser: began, outcome } = answered;
        let good = of == upstream.id && began == digest_handle(browser);
        let event = if good { "upstream.answered" } else { "upstream.other-browser" };
        let change =
            Change::new(upstream_audit(now, event, upstream)).with(Op::TakeUpstreamRequest { digest, at: now });
        match self.store().commit(change).await? {
            Committed::Done if good => {}
            Committed::Done | Committed::Refused(_) => return Err(Fault::NoJourney),
        }
        let view = self.login_view(&login, browser).await?;
        let arrived = match outcome {
            Outcome::Identified(identity) => self.identified(&view, upstream, &identity, present).await?,
            Outcome::Declined => Arrived::Declined,
            Outcome::Refused => Arrived::Refused,
        };
        Ok(Arrival { view, upstream: id.to_owned(), arrived })
    }

    /// Uses a request up by one conditional write, and gives it to the browser that began it.
    async fn take_asked(
        &self,
        upstream: &Upstream,
        handle: &Handle,
        browser: &Handle,
        iss: Option<&str>,
    ) -> Result<Asked, Fault> {
        let now = self.now();
        let digest = digest_handle(handle);
        let stored = self.store().upstream_request(&digest, now).await?.ok_or(Fault::NoJourney)?;
        let Resting::Asked(asked) = Resting::read(&stored)? else { return Err(Fault::NoJourney) };
        // Missing where it is promised, it is as wrong as another's (RFC 9207 section 2.4).
        let named = match iss {
            Some(iss) => iss == upstream.issuer(),
            None => self.provider(upstream).await.is_ok_and(|known| !known.metadata.names_itself),
        };
        let (event, good) = if asked.upstream != upstream.id || !named {
            ("upstream.mixed-up", false)
        } else if asked.browser != digest_handle(browser) {
            ("upstream.other-browser", false)
        } else {
            ("upstream.answered", true)
        };
        let change =
            Change::new(upstream_audit(now, event, upstream)).with(Op::TakeUpstreamRequest { digest, at: now });
        match self.store().commit(change).await? {
            Committed::Done if good => Ok(asked),
            Committed::Done | Committed::Refused(_) => Err(Fault::NoJourney),
        }
    }

    /// What an identity comes to: a sign-in to the account that it is linked with, or the page that says that it is not.
    async fn identified(
        &self,
        view: &LoginView,
        upstream: &Upstream,
        identity: &Identity,
        present: Option<&Handle>,
    ) -> Result<Arrived, Fault> {
        match self.store().link(upstream.issuer(), &identity.subject).await? {
            Some(link) => {
                let method = Method::Upstream(upstream.level);
                let next = self.counted(method, self.enter_linked(view, upstream, identity, &link, present).await)?;
                Ok(Arrived::Known(next))
            }
            None if !view.offers(Method::AuthenticatorApp) => Ok(Arrived::Unlinkable),
            None => {
                self.set_linking(view, Some(identity.linking(upstream)), "upstream.unknown").await?;
                Ok(Arrived::Unknown)
            }
        }
    }

    async fn enter_linked(
        &self,
        view: &LoginView,
        upstream: &Upstream,
        identity: &Identity,
        link: &LinkRecord,
        present: Option<&Handle>,
    ) -> Result<Next, Fault> {
        let account = self.account(&link.person).await?;
        let hold =
            Op::HoldLink { issuer: link.issuer.clone(), subject: link.subject.clone(), person: link.person.clone() };
        let identified = Identified {
            open: closed(&account),
            account: &account,
            method: Method::Upstream(upstream.level),
            loa: upstream.loa.min(upstream.level.best_loa()).min(link.loa),
            flow: Flow::SameDevice,
            at: identity.at,
            from_wallet: None,
            used: Vec::new(),
            held: hold,
        };
        self.enter_identified(view, identified, present).await
    }

    /// The person does not connect the identity (now): nothing of it is left.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when another window moved the sign-in since it was read.
    pub async fn drop_linking(&self, view: &LoginView) -> Result<(), Fault> {
        self.set_linking(view, None, "upstream.dropped").await
    }

    async fn set_linking(&self, view: &LoginView, linking: Option<Linking>, event: &'static str) -> Result<(), Fault> {
        let now = self.now();
        let login = view.login.clone();
        let stage = advance(login.stage.clone(), Event::StartedOver, login.expires_at, now);
        let change = Change::new(crate::audit(now, event)).with(Op::ReplaceLogin {
            id: view.id.clone(),
            seen: view.seen,
            login: Login { stage, linking, ..login },
        });
        match self.store().commit(change).await? {
            Committed::Done => Ok(()),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }
}

/// Why an account is closed to whatever links there are, if it is: they stand on its authenticator, and open nothing
/// while that is frozen or switched off.
pub(crate) fn closed(account: &Account) -> Result<(), Shortfall> {
    match (account.standing, account.facts().second_factor) {
        (Standing::Frozen, _) | (Standing::Open, SecondFactor::Frozen) => Err(Shortfall::Frozen),
        (Standing::Open, SecondFactor::Inactive | SecondFactor::None) => Err(Shortfall::Inactive),
        (Standing::Open, SecondFactor::Active { .. }) => Ok(()),
    }
}
