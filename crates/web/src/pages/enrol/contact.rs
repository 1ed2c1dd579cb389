//! The proof that the account is the person's: a code mailed to the registered contact.

use askama::Template;
use ui::{Frame, Page, Problem};

use super::super::{Progress, Text, Texts as _, fields, paths};

/// `/igenyles/kapcsolat`: a code will be mailed.
#[derive(Template)]
#[template(path = "enrol/contact.html")]
pub struct Contact {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where "Kód küldése" is posted.
    pub action: String,
    /// Which step this is.
    pub progress: Progress,
    /// The address as `k•••@p•••.hu`.
    pub masked: String,
    /// Whether a wallet may prove it instead.
    pub has_wallets: bool,
    /// Why nothing was sent.
    pub problem: Option<ContactProblem>,
}

/// Why no contact code was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactProblem {
    /// Three codes in an hour were sent.
    TooMany {
        /// Clock time of the next: "14:50".
        until: String,
    },
}

impl ContactProblem {
    fn message(&self, t: Text) -> String {
        match self {
            ContactProblem::TooMany { until } => t.contact_too_many(until),
        }
    }
}

impl Page for Contact {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().contact_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let problem = |problem: &ContactProblem| Problem { field: "kuldes", message: problem.message(self.t()) };
        self.problem.iter().map(problem).collect()
    }
}

/// `/igenyles/kapcsolat/kod`: the mailed code.
#[derive(Template)]
#[template(path = "enrol/contact_code.html")]
pub struct ContactCode {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where the code is posted.
    pub action: String,
    /// Where a new code is asked for (POST).
    pub resend: String,
    /// Which step this is.
    pub progress: Progress,
    /// The address as `k•••@p•••.hu`.
    pub masked: String,
    /// What was wrong.
    pub problem: Option<ContactCodeProblem>,
}

/// What can be wrong with a mailed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactCodeProblem {
    /// Nothing was typed.
    Missing,
    /// Not six digits.
    Length {
        /// How many digits were typed.
        typed: usize,
    },
    /// Something else than digits, spaces and dashes, or far too long.
    NotDigits,
    /// Wrong or run out.
    Wrong,
    /// Five wrong: this code is dead, ask for a new one.
    TooManyTries,
    /// Three codes in an hour were sent.
    TooManyCodes {
        /// Clock time of the next: "14:50".
        until: String,
    },
}

impl ContactCodeProblem {
    fn message(&self, t: Text) -> String {
        match self {
            ContactCodeProblem::Missing => t.contact_code_missing().into(),
            ContactCodeProblem::Length { typed } => t.code_length(typed),
            ContactCodeProblem::NotDigits => t.code_not_digits().into(),
            ContactCodeProblem::Wrong => t.contact_code_wrong().into(),
            ContactCodeProblem::TooManyTries => t.contact_code_dead().into(),
            ContactCodeProblem::TooManyCodes { until } => t.contact_too_many(until),
        }
    }
}

impl Page for ContactCode {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().contact_code_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let problem =
            |problem: &ContactCodeProblem| Problem { field: fields::CODE, message: problem.message(self.t()) };
        self.problem.iter().map(problem).collect()
    }
}
