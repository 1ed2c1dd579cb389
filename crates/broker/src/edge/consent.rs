//! No service is told of a person what the person did not see before (`journeys.md` section 3 j).
//!
//! Each edge says what it would pass on, in our words; a positive answer takes a [`Seen`], which only this module
//! makes.

use idp::keys::digest_handle;
use journey::{Asking, Decision, Disclosure, Event, Login, advance};
use model::{Handle, PersonId, Release, Service, limits};
use store::record::{ConsentRecord, LoginRecord, SessionRecord};
use store::{Change, Committed, Op};

use crate::{Broker, Fault, audit_of};

/// What the service may receive: the person saw it and, where there was a choice, ticked it; or there is nothing to see.
#[derive(Debug)]
pub(in crate::edge) struct Seen {
    release: Release,
    /// What was decided before, if the answer stands on that.
    known: Option<ConsentRecord>,
}

impl Seen {
    /// What it is.
    pub(in crate::edge) fn release(&self) -> &Release {
        &self.release
    }

    /// What the commit of the answer writes, so that it is refused once what it stands on was withdrawn.
    pub(in crate::edge) fn held(&self) -> Option<Op> {
        let ConsentRecord { person, service, given_at, .. } = self.known.clone()?;
        Some(Op::HoldConsent { person, service, given_at })
    }
}

/// Whether the person saw what the service receives.
pub(in crate::edge) enum Sight {
    /// It may be passed on.
    Seen(Seen),
    /// It is to be shown first.
    Due(Disclosure),
}

impl Broker {
    /// Whether the person saw what a service is about to receive. `decided` is what was decided this very moment, on a
    /// page that showed it.
    pub(in crate::edge) async fn sight(
        &self,
        disclosure: Disclosure,
        service: &Service,
        person: &PersonId,
        asking: Asking,
        decided: Option<&Decision>,
    ) -> Result<Sight, Fault> {
        let known = match decided {
            // The commit that answers writes it, over what was known.
            Some(_) => None,
            // Nothing to read where nothing is told.
            None if disclosure.tells_nothing() => None,
            None => self.store().consent(person, &service.id).await?,
        };
        let (decision, asking) = match decided {
            Some(decided) => (Some(decided.clone()), Asking::WhenDue),
            // What a wallet has just given nobody saw here before.
            None => (known.as_ref().map(|known| known.decision.clone().forgetting(&disclosure.given())), asking),
        };
        if disclosure.is_due(decision.as_ref(), asking) {
            return Ok(Sight::Due(disclosure));
        }
        let release = disclosure.told(decision.as_ref());
        Ok(Sight::Seen(Seen { release, known }))
    }

    /// Begins a sign-in that lacks nothing but the consent: single sign-on stands already. Gives its name.
    pub(in crate::edge) async fn begin_with_consent(
        &self,
        login: Login,
        browser: &Handle,
        session: &SessionRecord,
        disclosure: Disclosure,
    ) -> Result<String, Fault> {
        let now = self.now();
        let matched = Event::Matched { person: session.person.clone(), context: session.context };
        let signed_in = advance(login.stage.clone(), matched, login.expires_at, now);
        let due = Event::ConsentDue { disclosure, from_wallet: None };
        let stage = advance(signed_in, due, login.expires_at, now);
        let login = Login { stage, session: Some(session.digest.clone()), ..login };
        let record = LoginRecord { id: self.draw_login_id(), browser: digest_handle(browser), login };
        let id = record.id.clone();
        let idle_until = (now + limits::SESSION_IDLE).min(session.ends_at);
        let change = Change::new(audit_of(now, &session.person, "login.consent-due"))
            .with(Op::BeginLogin(record))
            .with(Op::ExtendSession { digest: session.digest.clone(), idle_until });
        match self.store().commit(change).await? {
            Committed::Done => Ok(id),
            // The session ended at this very moment.
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }
}
