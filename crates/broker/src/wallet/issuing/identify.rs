//! A clerk identifies a person who is present, with the phone in hand.

use idp::totp;
use model::{Binding, Loa, UserName};
use store::record::{AuditRecord, AuthenticatorState};
use store::{Change, Committed, Issuing, Op};

use crate::credentials::CodeCheck;
use crate::letter::Notice;
use crate::{Broker, Fault, audit_of};

/// What became of an identification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identified {
    /// The authenticator is now known to be its owner's.
    Done,
    /// It was already.
    Already,
    /// There is no authenticator in use that could be vouched for.
    NoSecondFactor,
    /// The code is not one that the person's app shows now.
    CodeDiffered,
}

impl Broker {
    /// `kapu person identify USER`: writes down that a clerk saw the person, and that the authenticator in use is
    /// theirs. With `code`, the person's app has to show it now; without, that is the clerk's word alone, which is worth
    /// less ([`Binding::ClerkWord`]), since whoever knew the password may have set up another app. What a clerk vouches
    /// for is this one authenticator: another one that takes its place is not better for it.
    ///
    /// # Errors
    ///
    /// [`Fault::NoSession`] when there is no such user name, [`Fault::Stale`] when something changed meanwhile.
    pub async fn identify(&self, name: &UserName, code: Option<&totp::Code>) -> Result<Identified, Fault> {
        let account = self.store().account_by_name(name).await?.ok_or(Fault::NoSession)?;
        let Some(bound) = account.authenticator.clone().filter(|bound| bound.state == AuthenticatorState::Active)
        else {
            return Ok(Identified::NoSecondFactor);
        };
        let (binding, is_known) = match code {
            Some(_) => (Binding::Clerk, bound.binding == Binding::Clerk),
            None => (Binding::ClerkWord, bound.binding.loa() >= Loa::Substantial),
        };
        if is_known {
            return Ok(Identified::Already);
        }
        let now = self.now();
        let change = || {
            let detail = format!("by=clerk code={}", if code.is_some() { "matched" } else { "unseen" });
            let audit = AuditRecord { detail, ..audit_of(now, &account.person.id, "person.identified") };
            let rebind = Issuing::Rebind { authenticator: bound.id.clone(), seen: bound.binding, binding };
            self.notify(Change::new(audit).with(Op::Issuing(rebind)), &account, Notice::PersonIdentified, now)
        };
        let checked = match code {
            Some(code) => self.check_code(&account, &bound, code, None, change).await?,
            None if self.store().commit(change()).await? == Committed::Done => CodeCheck::Matched,
            None => CodeCheck::Stale,
        };
        match checked {
            CodeCheck::Matched => {
                self.wake_delivery();
                Ok(Identified::Done)
            }
            CodeCheck::Differed { .. } | CodeCheck::Reused | CodeCheck::Wait { .. } | CodeCheck::Frozen => {
                Ok(Identified::CodeDiffered)
            }
            CodeCheck::Stale => Err(Fault::Stale),
        }
    }
}
