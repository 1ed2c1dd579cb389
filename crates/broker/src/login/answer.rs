//! What follows from the factors of a sign-in: its answer, or the page that comes before it, and what is written.

use journey::{Event, Login, Stage, advance};
use model::{AuthenticationContext, Timestamp};
use store::record::{Account, AuditRecord, SessionKind, SessionRecord, Version};
use store::{Change, Op};

use super::Next;
use crate::edge::{Onward, Outcome, Reply, SignedIn};
use crate::session::SessionHandle;
use crate::wallet::claims::Resting;
use crate::{Broker, DeviceCookie, Fault, WalletClaims, audit_of, told};

/// What the factors of a sign-in come to, waiting for its commit.
pub(crate) struct Answer {
    record: SessionRecord,
    handle: SessionHandle,
    ops: Vec<Op>,
    /// The answer to the service; none while the person is to see first what it receives.
    onward: Option<Onward>,
    is_positive: bool,
    told: String,
    at: Timestamp,
}

impl Answer {
    pub(crate) fn change(&self) -> Change {
        let event = match (&self.onward, self.is_positive) {
            (None, _) => "login.consent-due",
            (Some(_), true) => "login.answered",
            (Some(_), false) => "login.other-person",
        };
        let audit = AuditRecord { detail: self.told.clone(), ..audit_of(self.at, &self.record.person, event) };
        Change::new(audit).with_all(self.ops.iter().cloned())
    }

    pub(crate) fn into_next(self, device: Option<DeviceCookie>) -> Next {
        match self.onward {
            Some(onward) => Next::Answer { onward, session: self.handle, device, is_positive: self.is_positive },
            None => Next::AskConsent { session: self.handle, device },
        }
    }
}

impl Broker {
    /// Everything that the commit of the last factor writes, and what it makes true: the answer, or single sign-on
    /// and the page that shows what the service receives.
    pub(crate) async fn prepare_answer(
        &self,
        id: &str,
        seen: Version,
        login: &Login,
        account: &Account,
        context: AuthenticationContext,
        from_wallet: Option<&WalletClaims>,
    ) -> Result<Answer, Fault> {
        let now = self.now();
        let (mut record, handle) = self.draw_session(SessionKind::SingleSignOn, account, context, Some(id.to_owned()));
        let former = match &login.session {
            Some(digest) => self.store().session(SessionKind::SingleSignOn, digest, now).await?,
            None => None,
        };
        // What services know of somebody else's session is told of nobody else.
        let own = former.as_ref().filter(|former| former.person == record.person);
        let known = own.map(|former| former.digest.clone());
        if let Some(own) = own {
            // It goes on; it does not begin anew.
            (record.started_at, record.ends_at) = (own.started_at, own.ends_at);
            record.idle_until = record.idle_until.min(own.ends_at);
        }
        let session_op = match former {
            // The same person proves more: what hangs on the session goes on under the new handle.
            Some(old) if old.person == record.person => vec![Op::RenewSession {
                old: old.digest,
                new: record.digest.clone(),
                context,
                proved_at: now,
                idle_until: record.idle_until,
            }],
            // Somebody else sits at this browser now.
            Some(old) => vec![Op::EndSession { digest: old.digest }, Op::StartSession(record.clone())],
            None => vec![Op::StartSession(record.clone())],
        };
        let (former, decided) = (known.as_ref(), None);
        let signed_in = SignedIn { login, account, context: &context, session: &record, former, decided, from_wallet };
        let outcome = self.reply(&signed_in).await?;
        let is_positive = matches!(outcome, Outcome::Positive(_));
        let (event, session, reply_ops, onward) = match outcome {
            Outcome::Positive(Reply { ops, onward }) | Outcome::Negative(Reply { ops, onward }) => {
                (Event::Answered, login.session.clone(), ops, Some(onward))
            }
            Outcome::ConsentDue(disclosure) => {
                let sealed = from_wallet.map(|claims| self.seal_claims(claims, Resting::Login(id))).transpose()?;
                let due = Event::ConsentDue { disclosure, from_wallet: sealed };
                (due, Some(record.digest.clone()), Vec::new(), None)
            }
        };
        let matched = Event::Matched { person: record.person.clone(), context };
        let signed_in = advance(login.stage.clone(), matched, login.expires_at, now);
        let stage = advance(signed_in, event, login.expires_at, now);
        if !matches!((&stage, &onward), (Stage::Answered, Some(_)) | (Stage::AwaitingConsent { .. }, None)) {
            // The facts do not fit the stage (any more): nothing is answered.
            return Err(Fault::Stale);
        }
        let login_op = Op::ReplaceLogin {
            id: id.to_owned(),
            seen,
            login: Login { stage, session, linking: None, ..login.clone() },
        };
        let mut ops = vec![login_op];
        ops.extend(session_op);
        ops.extend(reply_ops);
        let told = told(&context, &login.service);
        Ok(Answer { record, handle, ops, onward, is_positive, told, at: now })
    }
}
