//! The pages as data. Each is a struct with plain fields and one template; it decides nothing and
//! knows no HTTP. Words come from `text/hu.ftl` and `text/en.ftl`; instants arrive already written
//! in the page's language and in Budapest's time.

pub mod account;
pub mod bands;
pub mod consent;
pub mod credentials;
pub mod enrol;
pub mod fault;
pub mod fields;
pub mod go_on;
pub mod help;
pub mod into_wallet;
pub mod kau;
pub mod lost;
pub mod mail;
pub mod paths;
pub mod proof;
pub mod sign_out;
pub mod status;
mod text;
pub mod upstream;
pub mod wallet;

use model::{Article, Lang, Service};
pub use text::Text;
use ui::Page;

/// A service's name and how to speak of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceName {
    /// The name in the page's language.
    pub name: String,
    /// The Hungarian article before it.
    pub article: Article,
}

impl ServiceName {
    /// The name of `service` in `lang`.
    pub fn of(service: &Service, lang: Lang) -> Self {
        Self { name: service.name(lang).to_owned(), article: service.article }
    }

    /// Inside a sentence: "a KENYSZI", "KENYSZI".
    pub fn the(&self, lang: Lang) -> String {
        match lang {
            Lang::Hu => format!("{} {}", self.article.as_str(), self.name),
            Lang::En => self.name.clone(),
        }
    }

    /// At the beginning of a sentence: "Az ePapír", "ePapír".
    pub fn the_first(&self, lang: Lang) -> String {
        match (lang, self.article) {
            (Lang::Hu, Article::A) => format!("A {}", self.name),
            (Lang::Hu, Article::Az) => format!("Az {}", self.name),
            (Lang::En, Article::A | Article::Az) => self.name.clone(),
        }
    }
}

impl Text {
    fn the(self, service: &ServiceName) -> String {
        service.the(self.lang())
    }

    fn the_first(self, service: &ServiceName) -> String {
        service.the_first(self.lang())
    }
}

/// On which side of the cut-over a page is shown, with the day written out: "2025. január 16.",
/// "16 January 2025".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cutover {
    /// The day is still to come.
    Before {
        /// The day.
        date: String,
    },
    /// The day has come.
    Since {
        /// The day.
        date: String,
    },
}

/// What is wrong with a six-digit code that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeProblem {
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
    /// Wrong for the second time or more: says to look at the clock.
    WrongAgain,
    /// The same session has used it already.
    Used,
}

impl CodeProblem {
    fn message(self, t: Text) -> String {
        match self {
            CodeProblem::Missing => t.code_missing().into(),
            CodeProblem::Length { typed } => t.code_length(typed),
            CodeProblem::NotDigits => t.code_not_digits().into(),
            CodeProblem::Wrong => t.code_wrong().into(),
            CodeProblem::WrongAgain => t.code_wrong_again().into(),
            CodeProblem::Used => t.code_used().into(),
        }
    }
}

/// What is wrong with a user name and password that were typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// No user name.
    NameMissing,
    /// No password.
    PasswordMissing,
    /// The two do not belong together; says not which is wrong.
    Wrong,
    /// The same, with the tries that are left.
    WrongFewLeft {
        /// Tries left before a wait.
        tries: u32,
    },
    /// After too many wrong codes the password is asked again.
    AfterWrongCodes,
}

impl PasswordProblem {
    fn field(self) -> &'static str {
        match self {
            PasswordProblem::NameMissing => fields::USER_NAME,
            PasswordProblem::PasswordMissing
            | PasswordProblem::Wrong
            | PasswordProblem::WrongFewLeft { .. }
            | PasswordProblem::AfterWrongCodes => fields::PASSWORD,
        }
    }

    fn message(self, t: Text) -> String {
        match self {
            PasswordProblem::NameMissing => t.name_missing().into(),
            PasswordProblem::PasswordMissing => t.password_missing().into(),
            PasswordProblem::Wrong => t.password_wrong().into(),
            PasswordProblem::WrongFewLeft { tries } => t.password_wrong_few_left(tries),
            PasswordProblem::AfterWrongCodes => t.password_after_wrong_codes().into(),
        }
    }

    fn problem(self, t: Text) -> ui::Problem {
        ui::Problem { field: self.field(), message: self.message(t) }
    }
}

/// Where a person goes on after the set-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onward {
    /// The service.
    pub service: ServiceName,
    /// Where its sign-in goes on.
    pub href: String,
}

/// Which step of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Counted from 1.
    pub step: u8,
    /// All steps.
    pub of: u8,
}

/// The texts of a page in its language.
trait Texts: Page {
    fn t(&self) -> Text {
        Text::of(self.frame().lang)
    }
}

impl<P: Page> Texts for P {}
