//! A lost phone, and "not me".

use askama::Template;
use ui::{Frame, Page, Problem};

use super::{Text, Texts as _, fields, paths};

/// `/elveszett`: user name, password and deletion code.
#[derive(Template)]
#[template(path = "lost/lost.html")]
pub struct Lost {
    /// The frame.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// Kept after an error.
    pub user_name: String,
    /// What was wrong.
    pub problems: Vec<LostProblem>,
}

/// What can be wrong with a report of a lost phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostProblem {
    /// No user name.
    NameMissing,
    /// No password.
    PasswordMissing,
    /// No deletion code.
    CodeMissing,
    /// Not twenty digits.
    CodeLength {
        /// How many digits were typed.
        typed: usize,
    },
    /// Something else than digits, spaces and dashes, or far too long.
    CodeNotDigits,
    /// a typing error in one group; no try was spent.
    Group {
        /// Which, counted from 1.
        number: u8,
    },
    /// Name, password or code is wrong; says not which.
    Wrong,
}

impl LostProblem {
    fn problem(self, t: Text) -> Problem {
        let (field, message) = match self {
            LostProblem::NameMissing => (fields::USER_NAME, t.name_missing().into()),
            LostProblem::PasswordMissing => (fields::PASSWORD, t.password_missing().into()),
            LostProblem::CodeMissing => (fields::DELETION_CODE, t.lost_code_missing().into()),
            LostProblem::CodeLength { typed } => (fields::DELETION_CODE, t.lost_code_length(typed)),
            LostProblem::CodeNotDigits => (fields::DELETION_CODE, t.code_not_digits().into()),
            LostProblem::Group { number } => (fields::DELETION_CODE, t.lost_code_group(number)),
            LostProblem::Wrong => (fields::DELETION_CODE, t.lost_wrong().into()),
        };
        Problem { field, message }
    }
}

impl Page for Lost {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().lost_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}

/// `/nem-en-voltam/…`: asks before it freezes the account.
#[derive(Template)]
#[template(path = "lost/not_me.html")]
pub struct NotMe {
    /// The frame.
    pub frame: Frame,
    /// Where the answer is posted.
    pub action: String,
}

impl Page for NotMe {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().not_me_heading().into()
    }
}

/// The account was frozen by its owner.
#[derive(Template)]
#[template(path = "lost/not_me_done.html")]
pub struct NotMeDone {
    /// The frame.
    pub frame: Frame,
}

impl Page for NotMeDone {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().not_me_done_heading().into()
    }
}
