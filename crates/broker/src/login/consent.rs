//! The person sees what the service receives, and agrees or goes back (`journeys.md` section 3 j).

use journey::{Asking, Decision, Demand, Disclosure, Event, Login, Stage, advance};
use model::{Handle, Person, Purpose, Release, Service, Timestamp, limits};
use store::record::{Account, AuditRecord, ConsentRecord, CredentialFormat, SessionKind, SessionRecord, Version};
use store::{Change, Committed, Op};

use crate::edge::{Beside, Onward, Outcome, Reply, SignedIn};
use crate::wallet::claims::Resting;
use crate::{Broker, Fault, WalletClaims, audit_of, told};

/// The page that shows what the service receives.
#[derive(Clone, Debug)]
pub struct ConsentView {
    /// Names the sign-in in addresses.
    pub id: String,
    /// Who receives it.
    pub service: Service,
    /// What is shown, and why it is passed on.
    pub disclosure: Disclosure,
    /// Of whom.
    pub person: Person,
    /// Whether the identifier among it is one that no other service knows.
    pub is_pairwise: bool,
    /// Why the service asks for all of it, as far as it says nothing more precise of a datum.
    pub purpose: Option<Purpose>,
    /// What a wallet gave of it, if one was asked.
    pub from_wallet: Option<WalletClaims>,
    /// What goes into a wallet, where it is one that asks.
    pub credentials: Vec<CredentialFormat>,
    account: Account,
    pub(super) session: SessionRecord,
    pub(super) seen: Version,
    pub(super) login: Login,
}

impl ConsentView {
    /// What the page shows, of whom and why, as its form says it back: which state of the sign-in that is.
    pub fn shown(&self) -> String {
        self.seen.0.to_string()
    }

    /// Whether the service asked for the page itself.
    pub fn asking(&self) -> Asking {
        self.login.demand.asking
    }

    /// What is asked of the sign-in at the moment of the answer. How old it may be was judged when the page was first
    /// shown, so that nobody has to read fast; unless the person signed in again since.
    fn demand(&self) -> Demand {
        match &self.login.stage {
            Stage::AwaitingConsent { context, .. } if *context == self.session.context => {
                Demand { max_age: None, ..self.login.demand.clone() }
            }
            _ => self.login.demand.clone(),
        }
    }
}

/// What there is to see.
#[derive(Debug)]
pub enum ConsentStep {
    /// The page.
    Show(Box<ConsentView>),
    /// Another page: the sign-in is at this stage.
    Elsewhere(Stage),
}

/// What comes after agreeing.
#[derive(Debug)]
pub enum Consented {
    /// The answer to the service.
    Answer(Onward),
    /// A negative answer: the service asked for another person.
    Refused(Onward),
    /// What the service receives is not what was shown (any more): the page is to be read again.
    Changed,
    /// The sign-in does not suffice (any more); its page says why.
    Short,
}

impl Broker {
    /// The page of a sign-in that waits for its person's consent. `present` is the single sign-on cookie: the page
    /// tells who the person is, so that it is shown in that person's session alone.
    ///
    /// # Errors
    ///
    /// As [`Broker::login_view`].
    pub async fn consent_view(
        &self,
        id: &str,
        browser: &Handle,
        present: Option<&Handle>,
    ) -> Result<ConsentStep, Fault> {
        let (seen, login, service) = self.live_login(id, browser).await?;
        let Stage::AwaitingConsent { person, disclosure, from_wallet, .. } = login.stage.clone() else {
            return Ok(ConsentStep::Elsewhere(login.stage));
        };
        let session = match present {
            Some(handle) => self.session(SessionKind::SingleSignOn, handle).await?,
            None => None,
        };
        // Signed out meanwhile, or somebody else signed in: both factors are asked for again.
        let Some(session) = session.filter(|session| session.person == person) else {
            return Ok(ConsentStep::Elsewhere(Stage::Open));
        };
        let account = self.account(&person).await?;
        let person = account.person.clone();
        let Beside { is_pairwise, purpose, credentials } = self.beside(&login).await?;
        let from_wallet = self.open_claims(from_wallet.as_deref(), Resting::Login(id))?;
        let id = id.to_owned();
        Ok(ConsentStep::Show(Box::new(ConsentView {
            id,
            service,
            disclosure,
            person,
            is_pairwise,
            purpose,
            from_wallet,
            credentials,
            account,
            session,
            seen,
            login,
        })))
    }

    /// The person agrees to what the page showed, `shown`, or saw it where nothing is asked, and to those optional data
    /// that were `ticked`; the service is answered. Something ticked that was not offered makes it be read again.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when another window moved the sign-in since it was read.
    pub async fn consent(&self, view: &ConsentView, shown: &str, ticked: &Release) -> Result<Consented, Fault> {
        let ConsentView { login, session, account, disclosure, service, .. } = view;
        if shown != view.shown() {
            return Ok(Consented::Changed);
        }
        let Ok(decision) = disclosure.decided(ticked) else { return Ok(Consented::Changed) };
        let now = self.now();
        // The session's own: it may have begun since, and prove less.
        let context = &session.context;
        if let Err(shortfall) = self.policy().admit(now, &service.terms, &view.demand(), context) {
            self.move_consent(view, Event::FellShort(shortfall), "login.short", Vec::new()).await?;
            return Ok(Consented::Short);
        }
        let (decided, from_wallet) = (Some(&decision), view.from_wallet.as_ref());
        let signed_in = SignedIn { login, account, context, session, former: None, decided, from_wallet };
        let reply = match self.reply(&signed_in).await? {
            Outcome::Positive(reply) => reply,
            Outcome::Negative(Reply { ops, onward }) => {
                self.move_consent(view, Event::Cancelled, "login.other-person", ops).await?;
                return Ok(Consented::Refused(onward));
            }
            Outcome::ConsentDue(disclosure) => {
                let sealed = |claims| self.seal_claims(claims, Resting::Login(&view.id));
                let due = Event::ConsentDue { disclosure, from_wallet: from_wallet.map(sealed).transpose()? };
                self.move_consent(view, due, "login.consent-due", Vec::new()).await?;
                return Ok(Consented::Changed);
            }
        };
        let consented = advance(login.stage.clone(), Event::Consented, login.expires_at, now);
        let stage = advance(consented, Event::Answered, login.expires_at, now);
        if stage != Stage::Answered {
            return Err(Fault::Stale);
        }
        let known = self.store().consent(&session.person, &login.service).await?;
        let idle_until = (now + limits::SESSION_IDLE).min(session.ends_at);
        let detail = format!("consent={} {}", word(disclosure), told(context, &login.service));
        let audit = AuditRecord { detail, ..audit_of(now, &session.person, "login.answered") };
        let change = Change::new(audit)
            .with(replaced(view, stage))
            .with(Op::ExtendSession { digest: session.digest.clone(), idle_until })
            .with_all(remembered(view, decision, known, now))
            .with_all(reply.ops);
        match self.store().commit(change).await? {
            Committed::Done => {
                self.count_answered(context.method);
                Ok(Consented::Answer(reply.onward))
            }
            Committed::Refused(_) => Err(self.overtaken(login).await?),
        }
    }

    async fn move_consent(
        &self,
        view: &ConsentView,
        event: Event,
        told: &'static str,
        ops: Vec<Op>,
    ) -> Result<(), Fault> {
        let now = self.now();
        let stage = advance(view.login.stage.clone(), event, view.login.expires_at, now);
        let change = Change::new(audit_of(now, &view.session.person, told)).with(replaced(view, stage)).with_all(ops);
        match self.store().commit(change).await? {
            Committed::Done => Ok(()),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }
}

/// What was decided, over what was known. What is taken back takes the codes and tokens along that may tell it.
fn remembered(view: &ConsentView, decision: Decision, known: Option<ConsentRecord>, now: Timestamp) -> Vec<Op> {
    if view.asking() == Asking::EachTime {
        return Vec::new();
    }
    let (person, service) = (view.session.person.clone(), view.login.service.clone());
    let taken_back = known.as_ref().filter(|known| decision.takes_back(&known.decision)).map(|known| known.given_at);
    let decision = decision.over(known.as_ref().map(|known| &known.decision));
    let consent = ConsentRecord { person: person.clone(), service: service.clone(), decision, given_at: now };
    match taken_back {
        None => vec![Op::GiveConsent { consent, seen: known.map(|known| known.given_at) }],
        Some(given_at) => vec![
            Op::HoldConsent { person: person.clone(), service: service.clone(), given_at },
            Op::WithdrawConsent { person, service },
            Op::GiveConsent { consent, seen: None },
        ],
    }
}

fn replaced(view: &ConsentView, stage: Stage) -> Op {
    Op::ReplaceLogin { id: view.id.clone(), seen: view.seen, login: Login { stage, ..view.login.clone() } }
}

/// What the audit says of it.
fn word(disclosure: &Disclosure) -> &'static str {
    match disclosure.basis() {
        model::LegalBasis::Consent => "given",
        model::LegalBasis::Law => "seen",
    }
}
