//! "Aktiválás és inaktiválás" and "Beállítás másik eszközre".

use askama::Template;
use ui::{Frame, Page, Problem};

use super::{CodeProblem, Cutover, Onward, Texts as _, fields, paths};

/// `/aktivalas`: the state of Ügyfélkapu+ and what can be done with it.
#[derive(Template)]
#[template(path = "status/status.html")]
pub struct Status {
    /// The frame.
    pub frame: Frame,
    /// The state.
    pub state: FactorState,
    /// What has just happened.
    pub done: Option<Done>,
    /// What may be done.
    pub deeds: Deeds,
    /// Whether a wallet may lift the provenance of the authenticator.
    pub can_be_lifted: bool,
    /// The day of the change, and whether it has come: says what "inactive" means.
    pub cutover: Cutover,
    /// Where it goes on, when the person came from a service.
    pub onward: Option<Onward>,
    /// What was wrong.
    pub problems: Vec<StatusProblem>,
}

/// The state of Ügyfélkapu+.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorState {
    /// Nothing was enrolled.
    None,
    /// It is asked at each sign-in.
    Active(Authenticator),
    /// It is not accepted before an instant.
    Held {
        /// Which.
        authenticator: Authenticator,
        /// From when it is accepted: "2025. január 19. 14:50".
        until: String,
    },
    /// It exists but is not accepted.
    Inactive(Authenticator),
}

/// The authenticator, as its owner knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// Its label in the app: "Kapu:kovacs.anna".
    pub label: String,
    /// Since when it is in this state: "2025. január 16. 14:50".
    pub since: String,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// "Befejezés".
    Enrolled,
    /// "Befejezés", and what was bound is held for a while.
    EnrolledOnHold,
    /// Activated.
    Activated,
    /// Inactivated.
    Inactivated,
}

/// What the session at hand may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deeds {
    /// Nothing, while it is held: whoever did not ask for it has the link in the letter.
    Wait,
    /// Look only; sign in afresh at `sign_in` for more.
    Look {
        /// Ügyfélkapu's sign-in.
        sign_in: String,
    },
    /// Activate, inactivate, set up another device.
    All {
        /// Where activation and inactivation are posted.
        action: String,
        /// "Beállítás másik eszközre".
        other_device: String,
        /// "Ügyfélkapu+ igénylése".
        enrol: String,
    },
}

/// What can be wrong with a password and code that confirm a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusProblem {
    /// No password.
    PasswordMissing,
    /// The password or the code is not right; says not which.
    Wrong,
    /// Something about the code.
    Code(CodeProblem),
}

impl StatusProblem {
    pub(super) fn problem(self, t: super::Text) -> Problem {
        let (field, message) = match self {
            StatusProblem::PasswordMissing => (fields::PASSWORD, t.password_missing().into()),
            StatusProblem::Wrong => (fields::PASSWORD, t.confirm_wrong().into()),
            StatusProblem::Code(problem) => (fields::CODE, problem.message(t)),
        };
        Problem { field, message }
    }
}

impl Page for Status {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        match self.done {
            Some(Done::Enrolled) => self.t().status_enrolled_heading().into(),
            Some(Done::EnrolledOnHold) => self.t().status_held_heading().into(),
            Some(Done::Activated | Done::Inactivated) | None => self.t().status_heading().into(),
        }
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}

/// `/masik-eszkoz`: password and live code open a new enrolment.
#[derive(Template)]
#[template(path = "status/other_device.html")]
pub struct OtherDevice {
    /// The frame.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// What was wrong.
    pub problems: Vec<StatusProblem>,
}

impl Page for OtherDevice {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().other_device_link().into()
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}
