//! KAÜ: the sign-in page in front of every service.

use askama::Template;
use model::Method;
use ui::{Frame, Page, Problem};

use super::upstream::UpstreamOffer;
use super::{CodeProblem, Cutover, PasswordProblem, ServiceName, Texts as _, fields};

pub use super::go_on::{End, GoOn, GoOnByForm};

/// `/b/{id}`: how would you like to sign in?
#[derive(Template)]
#[template(path = "kau/choose.html")]
pub struct Choose {
    /// The frame, with the service's band.
    pub frame: Frame,
    /// Where the choice is posted.
    pub action: String,
    /// Who asks.
    pub service: ServiceName,
    /// The methods in the order shown.
    pub offers: Vec<Offer>,
    /// The other identity providers, below them.
    pub upstreams: Vec<UpstreamOffer>,
    /// The day of the change, and whether it has come.
    pub cutover: Cutover,
    /// Ügyfélkapu with the transaction: sign in with the password and set up the second step.
    pub enrol: String,
    /// What was wrong with the choice.
    pub problem: Option<ChooseProblem>,
}

/// A method and whether it can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub method: Method,
    /// As what it is shown.
    pub state: OfferState,
}

/// As what a method is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferState {
    /// A button.
    Offered,
    /// A button with the tag "used on this computer".
    Remembered,
    /// Text: the service asks for more.
    TooWeak,
    /// Text: the service has not allowed it.
    NotAllowed,
    /// Text: not built yet.
    NotYet,
}

/// What can be wrong with a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChooseProblem {
    /// Nothing, or nothing that is offered, was chosen.
    NotOffered,
    /// Another identity provider cannot be used now.
    UpstreamDown {
        /// What it is called.
        name: String,
    },
    /// The person did not sign in there.
    UpstreamDeclined {
        /// What it is called.
        name: String,
    },
    /// Its answer is not believed.
    UpstreamRefused {
        /// What it is called.
        name: String,
    },
    /// The identity is connected with no account, and cannot be here.
    UpstreamUnknown {
        /// What its provider is called.
        name: String,
    },
}

impl Offer {
    const fn is_button(self) -> bool {
        match self.state {
            OfferState::Offered | OfferState::Remembered => true,
            OfferState::TooWeak | OfferState::NotAllowed | OfferState::NotYet => false,
        }
    }

    fn name(self, t: super::Text) -> &'static str {
        match self.method {
            Method::Password => t.method_password(),
            Method::EmailedCode => t.method_email(),
            Method::AuthenticatorApp => t.method_app(),
            Method::Passkey => t.method_passkey(),
            Method::Wallet => t.method_wallet(),
            Method::Upstream(_) => t.method_upstream(),
        }
    }

    /// What the person needs for it, or why it cannot be chosen.
    fn need(self, t: super::Text) -> &'static str {
        match (self.state, self.method) {
            (OfferState::TooWeak, _) => t.method_too_weak(),
            (OfferState::NotAllowed, _) => t.method_not_allowed(),
            (OfferState::NotYet, _) => t.method_not_yet(),
            (OfferState::Offered | OfferState::Remembered, Method::Password) => t.method_password_need(),
            (OfferState::Offered | OfferState::Remembered, Method::EmailedCode) => t.method_email_need(),
            (OfferState::Offered | OfferState::Remembered, Method::AuthenticatorApp) => t.method_app_need(),
            (OfferState::Offered | OfferState::Remembered, Method::Passkey) => t.method_passkey_need(),
            (OfferState::Offered | OfferState::Remembered, Method::Wallet) => t.method_wallet_need(),
            (OfferState::Offered | OfferState::Remembered, Method::Upstream(_)) => t.method_upstream_two(),
        }
    }
}

impl Page for Choose {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().choose_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let t = self.t();
        let message = |problem: &ChooseProblem| match problem {
            ChooseProblem::NotOffered => t.choose_not_offered().into(),
            ChooseProblem::UpstreamDown { name } => t.choose_upstream_down(name),
            ChooseProblem::UpstreamDeclined { name } => t.choose_upstream_declined(name),
            ChooseProblem::UpstreamRefused { name } => t.choose_upstream_refused(name),
            ChooseProblem::UpstreamUnknown { name } => t.choose_upstream_unknown(name),
        };
        self.problem.as_ref().map(|problem| Problem { field: "modok", message: message(problem) }).into_iter().collect()
    }
}

/// `/b/{id}/jelszo`: user name and password.
#[derive(Template)]
#[template(path = "kau/password.html")]
pub struct Password {
    /// The frame, with the service's band.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// Kept after an error.
    pub user_name: String,
    /// Which method was chosen; says whether a code follows.
    pub method: Method,
    /// Back to the choice of method.
    pub other_way: String,
    /// The identity provider whose identity the sign-in connects with the account.
    pub linking: Option<String>,
    /// What was wrong.
    pub problems: Vec<PasswordProblem>,
}

impl Page for Password {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().password_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}

/// `/b/{id}/kod` and, on Ügyfélkapu, `/kod`: the six-digit code.
#[derive(Template)]
#[template(path = "kau/code.html")]
pub struct Code {
    /// The frame.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// Back to the choice of method, or to the password.
    pub other_way: String,
    /// The page for a lost phone.
    pub lost: String,
    /// The identity provider whose identity the sign-in connects with the account.
    pub linking: Option<String>,
    /// What was wrong.
    pub problem: Option<CodeProblem>,
}

impl Page for Code {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().code_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let problem = |problem: CodeProblem| Problem { field: fields::CODE, message: problem.message(self.t()) };
        self.problem.map(problem).into_iter().collect()
    }
}

/// `/b/{id}/tovabb`: "Egy lépés hiányzik".
#[derive(Template)]
#[template(path = "kau/missing_step.html")]
pub struct MissingStep {
    /// The frame, with the service's band.
    pub frame: Frame,
    /// Who asks.
    pub service: ServiceName,
    /// What is missing.
    pub missing: Missing,
    /// Where the step is made: Ügyfélkapu with the transaction.
    pub set_up: String,
    /// Where the sign-in is begun anew.
    pub start_over: String,
    /// Back to the service.
    pub cancel: String,
    /// Back to the choice of method.
    pub other_way: String,
    /// Where a wallet may prove at Ügyfélkapu what is missing, if one may.
    pub prove: Option<String>,
}

/// Why a right password, or a right password and code, does not open a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// the day has come and there is no second step.
    SecondStep {
        /// The day: "2025. január 16.".
        date: String,
    },
    /// the second step is inactive.
    Active,
    /// before the day already, this service asks for a second step.
    Level,
    /// this service asks for a proof of identity that the account has not got.
    Assurance,
    /// the second step counts only from an instant.
    Held {
        /// "2025. január 19. 14:50".
        until: String,
    },
    /// the account is frozen.
    Frozen,
    /// The identity that was to be connected is somebody else's.
    SomebodyElse,
    /// This service takes the wallet on its own device alone.
    SameDevice,
    /// The sign-in is older than the service accepts.
    Freshness,
}

impl Page for MissingStep {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        match self.missing {
            Missing::SecondStep { .. } | Missing::Active | Missing::Level => self.t().missing_heading().into(),
            Missing::Assurance => self.t().missing_assurance_heading().into(),
            Missing::Held { .. } => self.t().missing_held_heading().into(),
            Missing::Frozen => self.t().frozen_heading().into(),
            Missing::SomebodyElse => self.t().missing_somebody_else_heading().into(),
            Missing::SameDevice => self.t().missing_same_device_heading().into(),
            Missing::Freshness => self.t().missing_freshness_heading().into(),
        }
    }
}

/// `/` of KAÜ: what it is.
#[derive(Template)]
#[template(path = "kau/start.html")]
pub struct Start {
    /// The frame.
    pub frame: Frame,
    /// Where Ügyfélkapu is.
    pub account: String,
}

impl Page for Start {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().start_heading().into()
    }
}
