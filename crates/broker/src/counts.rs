//! How sign-ins end, counted for whoever watches over the gateway: by way and outcome, never by person.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use journey::Shortfall;
use model::Method;

use crate::{AccountSignIn, Broker, Fault, Next};

/// Where a sign-in leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignInTo {
    /// Through the broker, to a service.
    Service,
    /// To the account's own pages.
    Account,
}

/// How a step of a sign-in ended. A right password that leads to the page for the code is no end, nor is a right code
/// that leads to the page that shows what the service receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignInOutcome {
    /// Signed in.
    Answered,
    /// Name or password differ.
    PasswordDiffered,
    /// The code differs, or was used before.
    CodeDiffered,
    /// Too many tries.
    Limited,
    /// The sign-in cannot suffice.
    Short,
    /// The account, or its authenticator, is frozen.
    Frozen,
    /// The person went back to the service.
    Cancelled,
    /// Too much waited to be hashed.
    Busy,
}

/// What is told apart: where it leads, by which method (none when the person went back), and its end.
pub type SignIn = (SignInTo, Option<Method>, SignInOutcome);

/// The ends of sign-ins in this process, from its start.
#[derive(Debug, Default)]
pub(crate) struct SignIns(Mutex<BTreeMap<SignIn, u64>>);

impl SignIns {
    fn count(&self, to: SignInTo, method: Option<Method>, outcome: SignInOutcome) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((to, method, outcome)).or_default() += 1;
    }
}

impl Broker {
    /// How many sign-ins ended how.
    pub fn sign_ins(&self) -> BTreeMap<SignIn, u64> {
        self.0.sign_ins.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts a step of a sign-in to a service, and hands it on.
    pub(crate) fn counted(&self, method: Method, step: Result<Next, Fault>) -> Result<Next, Fault> {
        let outcome = match &step {
            Ok(next) => end_at_service(next),
            Err(fault) => refused(fault),
        };
        if let Some(outcome) = outcome {
            self.0.sign_ins.count(SignInTo::Service, Some(method), outcome);
        }
        step
    }

    /// Counts a sign-in that was answered once its person had seen what the service receives.
    pub(crate) fn count_answered(&self, method: Method) {
        self.0.sign_ins.count(SignInTo::Service, Some(method), SignInOutcome::Answered);
    }

    /// Counts that somebody went back to the service.
    pub(crate) fn count_cancelled(&self) {
        self.0.sign_ins.count(SignInTo::Service, None, SignInOutcome::Cancelled);
    }

    /// Counts a step of a sign-in to the account's own pages, and hands it on.
    pub(crate) fn counted_own(
        &self,
        method: Method,
        step: Result<AccountSignIn, Fault>,
    ) -> Result<AccountSignIn, Fault> {
        let outcome = match &step {
            Ok(signed_in) => end_at_account(signed_in),
            Err(fault) => refused(fault),
        };
        if let Some(outcome) = outcome {
            self.0.sign_ins.count(SignInTo::Account, Some(method), outcome);
        }
        step
    }
}

fn end_at_service(next: &Next) -> Option<SignInOutcome> {
    match next {
        Next::AskCode | Next::AskConsent { .. } => None,
        Next::PasswordDiffered { .. } => Some(SignInOutcome::PasswordDiffered),
        Next::CodeDiffered { .. } | Next::CodeReused => Some(SignInOutcome::CodeDiffered),
        Next::Limited { .. } | Next::StartOver { .. } => Some(SignInOutcome::Limited),
        Next::Short(Shortfall::Frozen) => Some(SignInOutcome::Frozen),
        Next::Short(_) => Some(SignInOutcome::Short),
        Next::Answer { is_positive: true, .. } => Some(SignInOutcome::Answered),
        Next::Answer { is_positive: false, .. } => Some(SignInOutcome::Short),
    }
}

fn end_at_account(signed_in: &AccountSignIn) -> Option<SignInOutcome> {
    match signed_in {
        AccountSignIn::AskCode { .. } => None,
        AccountSignIn::SignedIn { .. } => Some(SignInOutcome::Answered),
        AccountSignIn::PasswordDiffered { .. } => Some(SignInOutcome::PasswordDiffered),
        AccountSignIn::CodeDiffered { .. } | AccountSignIn::CodeReused => Some(SignInOutcome::CodeDiffered),
        AccountSignIn::Limited { .. } | AccountSignIn::StartOver { .. } => Some(SignInOutcome::Limited),
        AccountSignIn::Frozen => Some(SignInOutcome::Frozen),
    }
}

/// Of the faults, what the load is to blame for; a stale form or a lapsed sign-in is no end of one.
fn refused(fault: &Fault) -> Option<SignInOutcome> {
    match fault {
        Fault::Busy { .. } => Some(SignInOutcome::Busy),
        Fault::NoJourney
        | Fault::Over
        | Fault::NoSession
        | Fault::Gone
        | Fault::Stale
        | Fault::TooMany { .. }
        | Fault::Unavailable(_)
        | Fault::Damaged(_) => None,
    }
}
