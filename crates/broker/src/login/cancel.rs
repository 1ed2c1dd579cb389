//! The person goes back to the service, which is told; and what is left of single sign-on then.

use journey::{Event, Login, Stage, advance};
use model::{Handle, LegalBasis, PersonId, Service};
use store::record::{SessionKind, SessionRecord, Version};
use store::{Change, Committed, Op};

use super::ConsentView;
use crate::edge::Onward;
use crate::wallet::presenting::proof_reply;
use crate::{Broker, Fault, audit, audit_of};

/// A sign-in that was given up.
#[derive(Debug)]
pub struct Cancelled {
    /// Who asked for it.
    pub service: Service,
    /// The negative answer.
    pub onward: Onward,
    /// What is left at KAÜ.
    pub left: Left,
}

/// What a sign-in that was given up leaves at KAÜ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// What there was before it.
    AsBefore,
    /// Nobody is signed in any more: the session that it had begun ended with it.
    SignedOut,
    /// The person is signed in, though the service received nothing.
    SignedIn,
}

/// What became of declining what a page showed.
#[derive(Debug)]
pub enum Declined {
    /// The service is told.
    Done(Cancelled),
    /// The page showed something else: it is to be read again.
    Changed,
}

impl Broker {
    /// The person goes back to the service: a negative answer, once. `present` is the single sign-on cookie.
    ///
    /// # Errors
    ///
    /// As [`Broker::login_view`].
    pub async fn cancel(&self, id: &str, browser: &Handle, present: Option<&Handle>) -> Result<Cancelled, Fault> {
        let (seen, login, service) = self.live_login(id, browser).await?;
        let session = match (&login.stage, present) {
            // Before that nothing had begun.
            (Stage::AwaitingConsent { .. }, Some(handle)) => self.session(SessionKind::SingleSignOn, handle).await?,
            _ => None,
        };
        let (left, ended) = self.left(id, &login, session.as_ref()).await?;
        self.go_back((id, seen), login, service, None, left, ended).await
    }

    /// The person declines what the page showed, `shown`. What was agreed to before is thereby withdrawn.
    ///
    /// # Errors
    ///
    /// As [`Broker::cancel`].
    pub async fn decline(&self, view: &ConsentView, shown: &str) -> Result<Declined, Fault> {
        let ConsentView { id, service, disclosure, session, seen, login, .. } = view;
        if shown != view.shown() {
            return Ok(Declined::Changed);
        }
        let person = &session.person;
        let known = self.store().consent(person, &login.service).await?;
        let withdrawn = known.filter(|_| disclosure.basis() == LegalBasis::Consent).map(|known| known.service);
        let withdrawal = withdrawn.map(|service| Op::WithdrawConsent { person: person.clone(), service });
        let (left, mut ops) = self.left(id, login, Some(session)).await?;
        ops.splice(0..0, withdrawal);
        let done = self.go_back((id, *seen), login.clone(), service.clone(), Some(person), left, ops).await?;
        Ok(Declined::Done(done))
    }

    /// What giving up leaves, and what makes it so.
    async fn left(&self, id: &str, login: &Login, session: Option<&SessionRecord>) -> Result<(Left, Vec<Op>), Fault> {
        let (Stage::AwaitingConsent { person, .. }, Some(session)) = (&login.stage, session) else {
            return Ok((Left::AsBefore, Vec::new()));
        };
        if session.person == *person && self.is_of_this_alone(id, session).await? {
            let session = || session.digest.clone();
            let as_seen = Op::ExpectParticipations { session: session(), count: 0 };
            return Ok((Left::SignedOut, vec![as_seen, Op::EndSession { digest: session() }]));
        }
        Ok((Left::SignedIn, Vec::new()))
    }

    /// Whether single sign-on, begun by the sign-in `id`, has served nothing else.
    async fn is_of_this_alone(&self, id: &str, session: &SessionRecord) -> Result<bool, Fault> {
        let is_of_this = session.login_id.as_deref() == Some(id);
        Ok(is_of_this && self.store().participations(&session.digest).await?.is_empty())
    }

    /// What will be left at KAÜ when a wallet has its answer. Where single sign-on began for that alone, the browser forgets it:
    /// there is no service from which the person would sign out. The code rests on the session, so that stays.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn left_by_wallet(&self, view: &ConsentView) -> Result<Left, Fault> {
        let is_forgotten = !view.credentials.is_empty() && self.is_of_this_alone(&view.id, &view.session).await?;
        Ok(if is_forgotten { Left::SignedOut } else { Left::SignedIn })
    }

    async fn go_back(
        &self,
        (id, seen): (&str, Version),
        login: Login,
        service: Service,
        person: Option<&PersonId>,
        left: Left,
        ops: Vec<Op>,
    ) -> Result<Cancelled, Fault> {
        let now = self.now();
        let onward = self.refusal(&login).await?;
        let is_sign_in = proof_reply(&login)?.is_none();
        let stage = advance(login.stage.clone(), Event::Cancelled, login.expires_at, now);
        let told =
            person.map_or_else(|| audit(now, "login.cancelled"), |person| audit_of(now, person, "login.declined"));
        let change = Change::new(told)
            .with(Op::ReplaceLogin { id: id.to_owned(), seen, login: Login { stage, linking: None, ..login } })
            .with_all(ops);
        match self.store().commit(change).await? {
            Committed::Done => {
                if is_sign_in {
                    self.count_cancelled();
                }
                self.wake_delivery();
                Ok(Cancelled { service, onward, left })
            }
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }
}
