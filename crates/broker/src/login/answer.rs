//! The positive answer of a sign-in: what its last commit writes.

use journey::{Event, Login, Stage, advance};
use model::{AuthenticationContext, Timestamp};
use store::record::{Account, AuditRecord, SessionKind, SessionRecord, Version};
use store::{Change, Op};

use super::Next;
use crate::edge::Onward;
use crate::session::SessionHandle;
use crate::{Broker, DeviceCookie, Fault, audit_of, told};

/// A positive answer that waits for its commit.
pub(super) struct Answer {
    record: SessionRecord,
    handle: SessionHandle,
    ops: Vec<Op>,
    onward: Onward,
    told: String,
    at: Timestamp,
}

impl Answer {
    pub(super) fn change(&self) -> Change {
        let audit =
            AuditRecord { detail: self.told.clone(), ..audit_of(self.at, &self.record.person, "login.answered") };
        Change::new(audit).with_all(self.ops.iter().cloned())
    }

    pub(super) fn into_next(self, device: Option<DeviceCookie>) -> Next {
        Next::Answer { onward: self.onward, session: self.handle, device }
    }
}

impl Broker {
    /// Everything that the last commit of a sign-in writes, and the answer it makes true.
    pub(super) async fn prepare_answer(
        &self,
        id: &str,
        seen: Version,
        login: &Login,
        account: &Account,
        context: AuthenticationContext,
    ) -> Result<Answer, Fault> {
        let now = self.now();
        let (mut record, handle) = self.draw_session(SessionKind::SingleSignOn, account, context, None);
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
        let reply = self.reply(login, account, &context, &record, known.as_ref()).await?;
        let signed_in = advance(
            login.stage.clone(),
            Event::Matched { person: record.person.clone(), context },
            login.expires_at,
            now,
        );
        let stage = advance(signed_in, Event::Answered, login.expires_at, now);
        if stage != Stage::Answered {
            // The facts do not fit the stage (any more): nothing is answered.
            return Err(Fault::Stale);
        }
        let mut ops = vec![Op::ReplaceLogin { id: id.to_owned(), seen, login: Login { stage, ..login.clone() } }];
        ops.extend(session_op);
        ops.extend(reply.ops);
        let told = told(&context, &login.service);
        Ok(Answer { record, handle, ops, onward: reply.onward, told, at: now })
    }
}
