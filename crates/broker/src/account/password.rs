//! Changing the password.

use idp::password::{Password, PasswordError, Weakness, judge};
use model::{Secret, Timestamp, UserName};
use store::{Change, Committed, Op};

use crate::credentials::PasswordCheck;
use crate::letter::Notice;
use crate::{AccountSession, Broker, Caller, Fault, audit_of};

/// A new password, typed twice.
#[derive(Debug)]
pub struct NewPassword {
    /// The first time.
    pub first: Secret<String>,
    /// The second time.
    pub again: Secret<String>,
}

/// What became of a change of password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordChanged {
    /// It is changed; all other sessions are ended.
    Done,
    /// The old password differs.
    OldDiffered,
    /// The two new ones differ.
    AgainDiffers,
    /// The new one holds what no password can.
    Unusable(PasswordError),
    /// The new one is easily guessed.
    Weak(Weakness),
    /// Too many tries.
    Limited {
        /// From when one more is admitted.
        until: Timestamp,
    },
}

impl NewPassword {
    /// Whether it may be set for this user name.
    pub(crate) fn check(&self, name: &UserName) -> Result<Password, PasswordChanged> {
        let password = Password::parse(&self.first).map_err(PasswordChanged::Unusable)?;
        judge(&password, name).map_err(PasswordChanged::Weak)?;
        if self.first.expose() != self.again.expose() {
            return Err(PasswordChanged::AgainDiffers);
        }
        Ok(password)
    }
}

impl Broker {
    /// Changes the password. An enrolment under way is dropped (T21), known devices are unknown
    /// again, and all other sessions end.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn change_password(
        &self,
        session: &AccountSession,
        old: &Secret<String>,
        new: &NewPassword,
        caller: &Caller,
    ) -> Result<PasswordChanged, Fault> {
        let password = match new.check(session.user_name()) {
            Ok(password) => password,
            Err(refusal) => return Ok(refusal),
        };
        let (account, reservation) = match self.check_password(session.user_name().as_str(), old, caller).await? {
            PasswordCheck::Matched { account, reservation } => (account, reservation),
            PasswordCheck::Differed { .. } => return Ok(PasswordChanged::OldDiffered),
            PasswordCheck::Limited { until } => return Ok(PasswordChanged::Limited { until }),
        };
        if account.person.id != *session.person() {
            return Err(Fault::NoSession);
        }
        let hash = password.hash(self.hasher(), self.random()).await?;
        let now = self.now();
        let person = account.person.id.clone();
        let change = || {
            let change = Change::new(audit_of(now, &person, "password.changed"))
                .with(Op::SetPassword {
                    person: person.clone(),
                    seen: account.password.clone(),
                    hash: hash.clone(),
                    at: now,
                })
                .with(Op::DropEnrolment { person: person.clone() })
                .with(Op::EndSessionsOf { person: person.clone(), except: Some(session.digest().clone()) })
                .with(Op::RaiseEpoch { person: person.clone() });
            self.notify(change, &account, Notice::PasswordChanged, now)
        };
        match self.commit_released(&reservation, change).await? {
            Committed::Done => {
                self.wake_delivery();
                Ok(PasswordChanged::Done)
            }
            Committed::Refused(_) => Ok(PasswordChanged::OldDiffered),
        }
    }
}
