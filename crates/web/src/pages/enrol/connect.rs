//! Connecting the app: QR code, key, password and code.

use askama::Template;
use ui::{Frame, Page, Problem, QrCode};

use super::super::{CodeProblem, Progress, Text, Texts as _, fields, paths};

/// `/igenyles/osszekapcsolas`: QR code, key, password and code. Not `Debug`: it holds the key.
#[derive(Template)]
#[template(path = "enrol/connect.html")]
pub struct Connect {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// Back to the choice of an app.
    pub back: String,
    /// Which step this is.
    pub progress: Progress,
    /// The picture.
    pub qr: QrCode,
    /// The key in groups of four characters.
    pub key_groups: Vec<String>,
    /// The `otpauth:` address.
    pub otpauth: String,
    /// The user name, for password managers.
    pub user_name: String,
    /// The account's name in the app: "Kapu:kovacs.anna".
    pub label: String,
    /// The issuer in the app.
    pub issuer: String,
    /// Whether the password is still asked.
    pub password: PasswordState,
    /// What to know before.
    pub notice: Option<ConnectNotice>,
    /// What was wrong.
    pub problems: Vec<ConnectProblem>,
}

/// Whether the password is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordState {
    /// It is.
    Asked,
    /// It was right a moment ago.
    Confirmed,
}

/// What to know before connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectNotice {
    /// The picture of before ran out or was used up by wrong codes; this one is new.
    NewPicture,
    /// The last time it was not finished: delete the dead entry.
    Unfinished,
    /// The app already has an entry of ours: delete the old one afterwards.
    Replaces,
}

/// What can be wrong while connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectProblem {
    /// No password.
    PasswordMissing,
    /// The password is not right.
    PasswordWrong,
    /// Something about the code.
    Code(CodeProblem),
    /// The code belongs to another picture.
    OtherPicture,
    /// The phone's clock is slow.
    ClockSlow {
        /// By about how many minutes.
        minutes: u32,
    },
    /// The phone's clock is fast.
    ClockFast {
        /// By about how many minutes.
        minutes: u32,
    },
}

impl ConnectProblem {
    fn problem(self, t: Text) -> Problem {
        let (field, message) = match self {
            ConnectProblem::PasswordMissing => (fields::PASSWORD, t.password_missing().into()),
            ConnectProblem::PasswordWrong => (fields::PASSWORD, t.password_not_right().into()),
            ConnectProblem::Code(problem) => (fields::CODE, problem.message(t)),
            ConnectProblem::OtherPicture => (fields::CODE, t.connect_other_picture().into()),
            ConnectProblem::ClockSlow { minutes } => (fields::CODE, t.connect_clock_slow(minutes)),
            ConnectProblem::ClockFast { minutes } => (fields::CODE, t.connect_clock_fast(minutes)),
        };
        Problem { field, message }
    }
}

impl Page for Connect {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().connect_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}
