//! Ügyfélkapu: the account's own pages.

use askama::Template;
use ui::{Frame, Page, Problem};

use super::status::FactorState;
use super::{Onward, PasswordProblem, Text, Texts as _, fields, paths};

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

/// `/fiok`: the account's first page.
#[derive(Template)]
#[template(path = "account/home.html")]
pub struct Home {
    /// The frame, with the band of who is signed in.
    pub frame: Frame,
    /// The person's name as written in the page's language.
    pub name: String,
    /// The state of Ügyfélkapu+.
    pub state: FactorState,
    /// What has just happened.
    pub done: Option<HomeDone>,
    /// Where it goes on, when the person came from a service.
    pub onward: Option<Onward>,
    /// Whether identities of other identity providers can be connected here.
    pub has_upstreams: bool,
    /// Whether credentials for wallets are issued here.
    pub has_wallet: bool,
}

/// What has just happened on the account's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeDone {
    /// The password was changed.
    PasswordChanged,
}

impl Page for Home {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().home_heading(&self.name)
    }
}

/// `/adataim`: what is kept of the person, as written in the page's language.
#[derive(Template)]
#[template(path = "account/own_data.html")]
pub struct OwnData {
    /// The frame, with the band of who is signed in.
    pub frame: Frame,
    /// Name.
    pub name: String,
    /// Name at birth.
    pub birth_name: String,
    /// Place of birth.
    pub birth_place: String,
    /// Date of birth.
    pub birth_date: String,
    /// Mother's name at birth.
    pub mothers_name: String,
    /// Nationalities, joined by commas.
    pub nationalities: String,
    /// Contact address.
    pub email: String,
    /// User name.
    pub user_name: String,
}

impl Page for OwnData {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().own_data_heading().into()
    }
}

/// What is wrong with a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPasswordProblem {
    /// Nothing was typed.
    Missing,
    /// Too few characters.
    TooShort {
        /// The fewest.
        least: usize,
    },
    /// Too many characters.
    TooLong {
        /// The most.
        most: usize,
    },
    /// A character that no keyboard types into the field.
    Control,
    /// It holds the user name.
    UserName,
    /// It holds the service's name or the word for "password".
    ServiceWord,
    /// Common words and sequences.
    Predictable,
    /// The second one was not typed.
    AgainMissing,
    /// The two differ.
    Differ,
}

impl NewPasswordProblem {
    fn problem(self, t: Text) -> Problem {
        use NewPasswordProblem as P;
        let (field, message) = match self {
            P::Missing => (fields::NEW_PASSWORD, t.new_password_missing().into()),
            P::TooShort { least } => (fields::NEW_PASSWORD, t.new_password_short(least)),
            P::TooLong { most } => (fields::NEW_PASSWORD, t.new_password_long(most)),
            P::Control => (fields::NEW_PASSWORD, t.new_password_control().into()),
            P::UserName => (fields::NEW_PASSWORD, t.new_password_user_name().into()),
            P::ServiceWord => (fields::NEW_PASSWORD, t.new_password_service_word().into()),
            P::Predictable => (fields::NEW_PASSWORD, t.new_password_predictable().into()),
            P::AgainMissing => (fields::NEW_PASSWORD_AGAIN, t.new_password_again_missing().into()),
            P::Differ => (fields::NEW_PASSWORD_AGAIN, t.new_password_differ().into()),
        };
        Problem { field, message }
    }
}

/// `/jelszo`: change of the password.
#[derive(Template)]
#[template(path = "account/change_password.html")]
pub struct ChangePassword {
    /// The frame, with the band of who is signed in.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// For password managers.
    pub user_name: String,
    /// The fewest characters of a new password.
    pub least: usize,
    /// What was wrong.
    pub problems: Vec<ChangePasswordProblem>,
}

/// What can be wrong with a change of the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangePasswordProblem {
    /// The old one was not typed.
    OldMissing,
    /// The old one is not right.
    OldWrong,
    /// Something about the new one.
    New(NewPasswordProblem),
}

impl Page for ChangePassword {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().change_password_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let t = self.t();
        let old = |message: &str| Problem { field: fields::PASSWORD, message: message.into() };
        let problem = |problem: &ChangePasswordProblem| match problem {
            ChangePasswordProblem::OldMissing => old(t.old_password_missing()),
            ChangePasswordProblem::OldWrong => old(t.old_password_wrong()),
            ChangePasswordProblem::New(new) => new.problem(t),
        };
        self.problems.iter().map(problem).collect()
    }
}

/// `/aktivalas-kod`: an account gets its password by a mailed code.
#[derive(Template)]
#[template(path = "account/activate.html")]
pub struct Activate {
    /// The frame.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// Kept after an error.
    pub user_name: String,
    /// The fewest characters of a new password.
    pub least: usize,
    /// What was wrong.
    pub problems: Vec<ActivateProblem>,
}

/// What can be wrong with an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivateProblem {
    /// No user name.
    NameMissing,
    /// No code.
    CodeMissing,
    /// Another number of characters than a code has.
    CodeLength {
        /// How many were typed.
        typed: usize,
    },
    /// A character that no code has.
    CodeCharacter,
    /// Name or code is wrong, or the code has run out; says not which.
    Wrong,
    /// Something about the new password.
    New(NewPasswordProblem),
}

impl Page for Activate {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().activate_account_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let t = self.t();
        let code = |message: String| Problem { field: fields::ACTIVATION_CODE, message };
        let problem = |problem: &ActivateProblem| match problem {
            ActivateProblem::NameMissing => Problem { field: fields::USER_NAME, message: t.name_missing().into() },
            ActivateProblem::CodeMissing => code(t.activation_code_missing().into()),
            ActivateProblem::CodeLength { typed } => code(t.activation_code_length(typed)),
            ActivateProblem::CodeCharacter => code(t.activation_code_character().into()),
            ActivateProblem::Wrong => code(t.activation_code_wrong().into()),
            ActivateProblem::New(new) => new.problem(t),
        };
        self.problems.iter().map(problem).collect()
    }
}

/// The account is frozen: shown after a right password.
#[derive(Template)]
#[template(path = "account/frozen.html")]
pub struct Frozen {
    /// The frame.
    pub frame: Frame,
    /// Whether a wallet may open it.
    pub has_wallets: bool,
}

impl Page for Frozen {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().frozen_heading().into()
    }
}
