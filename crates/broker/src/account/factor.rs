//! "Aktiválás és inaktiválás", and "Beállítás másik eszközre": what changes the factor asks for
//! password and live code.

use idp::totp;
use journey::SecondFactor;
use model::{Binding, Secret, Timestamp};
use store::record::{Account, AuthenticatorState};
use store::{Change, Op};

use crate::credentials::{CodeCheck, PasswordCheck};
use crate::letter::Notice;
use crate::{AccountSession, Broker, Caller, Enroller, Fault, audit_of};

/// What "Aktiválás és inaktiválás" shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The state of Ügyfélkapu+.
    pub second_factor: SecondFactor,
    /// Its label in the app; `None` without an authenticator.
    pub label: Option<String>,
    /// When it was bound.
    pub bound_at: Option<Timestamp>,
    /// When its state last changed.
    pub changed_at: Option<Timestamp>,
}

/// What became of a change of the factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorChange {
    /// It is done.
    Done,
    /// The password differs.
    PasswordDiffered,
    /// The code differs.
    CodeDiffered,
    /// The code was used before.
    CodeReused,
    /// Too many tries.
    Limited {
        /// From when one more is admitted.
        until: Timestamp,
    },
    /// The authenticator is frozen.
    Frozen,
    /// The state is not (any more) one that this changes.
    NotApplicable,
}

/// How long a switched-off authenticator can be switched on again; later the person enrols anew
/// (`security.md` section 4.2).
const INACTIVE_KEPT: std::time::Duration = std::time::Duration::from_hours(90 * 24);

impl Broker {
    /// The state of Ügyfélkapu+.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn status(&self, enroller: &Enroller) -> Result<Status, Fault> {
        let account = self.account(enroller.person()).await?;
        let bound = account.authenticator.as_ref();
        Ok(Status {
            second_factor: account.facts().second_factor,
            label: bound.map(|bound| totp::label(enroller.user_name(), bound.nth)),
            bound_at: bound.map(|bound| bound.bound_at),
            changed_at: bound.map(|bound| bound.changed_at),
        })
    }

    /// Switches the authenticator off. All other sessions end.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn inactivate(
        &self,
        session: &AccountSession,
        typed: &Secret<String>,
        code: &totp::Code,
        caller: &Caller,
    ) -> Result<FactorChange, Fault> {
        let enroller = Enroller::Account(session.clone());
        self.switch(&enroller, AuthenticatorState::Active, typed, code, caller).await
    }

    /// Switches a kept authenticator on again.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn activate(
        &self,
        enroller: &Enroller,
        typed: &Secret<String>,
        code: &totp::Code,
        caller: &Caller,
    ) -> Result<FactorChange, Fault> {
        self.switch(enroller, AuthenticatorState::Inactive, typed, code, caller).await
    }

    async fn switch(
        &self,
        enroller: &Enroller,
        from: AuthenticatorState,
        typed: &Secret<String>,
        code: &totp::Code,
        caller: &Caller,
    ) -> Result<FactorChange, Fault> {
        let (to, event, notice) = match from {
            AuthenticatorState::Active => {
                (AuthenticatorState::Inactive, "authenticator.inactivated", Notice::Inactivated)
            }
            AuthenticatorState::Inactive => (AuthenticatorState::Active, "authenticator.activated", Notice::Activated),
            AuthenticatorState::Frozen => return Ok(FactorChange::Frozen),
        };
        let now = self.now();
        self.prove(enroller, from, typed, code, caller, |account, authenticator| {
            let change = Change::new(audit_of(now, &account.person.id, event))
                .with(Op::SetAuthenticatorState { authenticator: authenticator.to_owned(), from, to, at: now })
                .with(Op::EndSessionsOf { person: account.person.id.clone(), except: Some(enroller.digest().clone()) })
                .with(Op::DropEnrolment { person: account.person.id.clone() });
            self.notify(change, account, notice, now)
        })
        .await
    }

    /// "Beállítás másik eszközre": password and live code begin an enrolment that will replace the
    /// authenticator at "Befejezés". Until then the old one works on.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn begin_on_other_device(
        &self,
        session: &AccountSession,
        typed: &Secret<String>,
        code: &totp::Code,
        caller: &Caller,
    ) -> Result<FactorChange, Fault> {
        let enroller = Enroller::Account(session.clone());
        let account = self.account(session.person()).await?;
        self.limit_enrolments(&account).await?;
        self.prove(&enroller, AuthenticatorState::Active, typed, code, caller, |account, _| {
            let loa = account.authenticator.as_ref().map_or(model::Loa::Low, |bound| bound.binding.loa());
            self.enrolment_begun(&enroller, account, Some(Binding::LiveFactor(loa)))
        })
        .await
    }

    /// Checks password and live code of an authenticator in `state`, and commits what they allow.
    pub(crate) async fn prove(
        &self,
        enroller: &Enroller,
        state: AuthenticatorState,
        typed: &Secret<String>,
        code: &totp::Code,
        caller: &Caller,
        change: impl Fn(&Account, &str) -> Change,
    ) -> Result<FactorChange, Fault> {
        let (account, reservation) = match self.check_password(enroller.user_name().as_str(), typed, caller).await? {
            PasswordCheck::Matched { account, reservation } => (account, reservation),
            PasswordCheck::Differed { .. } => return Ok(FactorChange::PasswordDiffered),
            PasswordCheck::Limited { until } => return Ok(FactorChange::Limited { until }),
        };
        if account.person.id != *enroller.person() {
            return Err(Fault::NoSession);
        }
        let kept = |changed: Timestamp| state != AuthenticatorState::Inactive || self.now() < changed + INACTIVE_KEPT;
        let authenticator = account.authenticator.clone();
        let Some(authenticator) = authenticator.filter(|bound| bound.state == state && kept(bound.changed_at)) else {
            self.commit_released(&reservation, || self.told(enroller.person(), "password.matched")).await?;
            return Ok(FactorChange::NotApplicable);
        };
        let id = authenticator.id.clone();
        let made = || change(&account, &id);
        let check = self.check_code(&account, &authenticator, code, Some(&reservation), made).await?;
        if check != CodeCheck::Matched {
            self.commit_released(&reservation, || self.told(enroller.person(), "password.matched")).await?;
        }
        Ok(match check {
            CodeCheck::Matched => {
                self.wake_delivery();
                FactorChange::Done
            }
            CodeCheck::Reused => FactorChange::CodeReused,
            CodeCheck::Differed { .. } => FactorChange::CodeDiffered,
            CodeCheck::Wait { until } => FactorChange::Limited { until },
            CodeCheck::Frozen => FactorChange::Frozen,
            CodeCheck::Stale => FactorChange::NotApplicable,
        })
    }
}
