//! Ügyfélkapu: the account's own pages.

use askama::Template;
use ui::{Frame, Page, Problem};

use super::{PasswordProblem, Texts as _, fields, paths};

/// `/` of Ügyfélkapu: sign-in.
#[derive(Template)]
#[template(path = "account/sign_in.html")]
pub struct SignIn {
    /// The frame; with the service's band when the person came with a transaction.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// Kept after an error.
    pub user_name: String,
    /// Why the page is shown.
    pub reason: SignInReason,
    /// What was wrong.
    pub problems: Vec<PasswordProblem>,
}

/// Why the sign-in of Ügyfélkapu is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInReason {
    /// The person came by themselves.
    Own,
    /// Sent by KAÜ to set up the second step.
    SetUp,
    /// The new account was activated, or the password changed: sign in with the new one.
    NewPassword,
}

impl Page for SignIn {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        match self.reason {
            SignInReason::Own | SignInReason::NewPassword => self.t().sign_in_heading().into(),
            SignInReason::SetUp => self.t().sign_in_set_up_heading().into(),
        }
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}
