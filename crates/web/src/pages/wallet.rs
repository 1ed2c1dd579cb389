//! Signing in by a wallet: the link and the picture, the digits, and what the phone shows.

use askama::Template;
use ui::{Frame, Page, Problem, QrCode};

use super::{Text, Texts as _, fields};

/// `/b/{id}/dap`: the wallet is opened, or what became of it.
#[derive(Template)]
#[template(path = "kau/wallet.html")]
pub struct Wallet {
    /// The frame, with the service's band.
    pub frame: Frame,
    /// Where the buttons are posted.
    pub action: String,
    /// Where a request through the browser is asked for.
    pub browser: String,
    /// The way without the wallet.
    pub other_way: String,
    /// The events of a page that shows this.
    pub events: String,
    /// What for.
    pub aim: Aim,
    /// How far it has come.
    pub state: WalletState,
    /// What was wrong.
    pub problem: Option<WalletProblem>,
}

/// What a wallet is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// To sign in.
    SignIn,
    /// To give what a service would like to have: its person signed in already.
    Give,
    /// To prove something to a page of the account: nobody is signed in by it.
    Prove,
}

/// How far it has come. Not `Debug`: whoever has the picture can answer it.
pub enum WalletState {
    /// The wallet is to be opened.
    Ask {
        /// Opens the wallet of this device.
        link: String,
        /// For another device's; none when it has run out.
        picture: Option<WalletPicture>,
    },
    /// A wallet has read the request.
    Underway,
    /// The person refused in the wallet.
    Refused,
    /// The approval came from another place.
    Elsewhere,
    /// The answer was not accepted.
    Failed,
    /// Nothing is under way.
    Lapsed,
    /// What was shown is not known as that of the person who signed in.
    NotTheirs,
}

/// A picture for another device's wallet.
pub struct WalletPicture {
    /// The picture.
    pub qr: QrCode,
    /// What may be typed instead.
    pub typed: String,
    /// Until when: "14:32:10".
    pub until: String,
}

/// What can be wrong with going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalletProblem {
    /// Nothing was approved yet.
    NotYet,
}

impl Wallet {
    /// Whether an approval may still come.
    pub fn is_open(&self) -> bool {
        match self.state {
            WalletState::Ask { .. } | WalletState::Underway => true,
            WalletState::Refused
            | WalletState::Elsewhere
            | WalletState::Failed
            | WalletState::Lapsed
            | WalletState::NotTheirs => false,
        }
    }
}

impl Page for Wallet {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        let t = self.t();
        match (&self.state, self.aim) {
            (WalletState::Ask { .. }, _) => t.wallet_heading(),
            (WalletState::Underway, _) => t.wallet_underway_heading(),
            (WalletState::Refused, Aim::SignIn) => t.wallet_refused_heading(),
            (WalletState::Refused, Aim::Give) => t.wallet_give_refused_heading(),
            (WalletState::Refused, Aim::Prove) => t.wallet_proof_refused_heading(),
            (WalletState::Elsewhere, _) => t.wallet_far_heading(),
            (WalletState::Failed, Aim::SignIn) => t.wallet_failed_heading(),
            (WalletState::Failed, Aim::Give) => t.wallet_give_failed_heading(),
            (WalletState::Failed, Aim::Prove) => t.wallet_proof_failed_heading(),
            (WalletState::Lapsed, _) => t.wallet_lapsed_heading(),
            (WalletState::NotTheirs, _) => t.wallet_give_not_theirs_heading(),
        }
        .into()
    }

    fn problems(&self) -> Vec<Problem> {
        let message = |problem: WalletProblem| match problem {
            WalletProblem::NotYet => self.t().wallet_not_yet().into(),
        };
        let problem = |problem| Problem { field: "jovahagyas", message: message(problem) };
        self.problem.map(problem).into_iter().collect()
    }
}

/// `/b/{id}/dap/szamok`: the digits that the phone shows are typed.
#[derive(Template)]
#[template(path = "kau/wallet_digits.html")]
pub struct WalletDigits {
    /// The frame, with the service's band.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// Where a new picture is asked for.
    pub anew: String,
    /// The way without the wallet.
    pub other_way: String,
    /// What for.
    pub aim: Aim,
    /// What was wrong.
    pub problem: Option<DigitsProblem>,
}

/// What can be wrong with the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigitsProblem {
    /// Nothing was typed.
    Missing,
    /// Not four digits.
    Count {
        /// How many were typed.
        typed: usize,
    },
    /// Something else than digits, spaces and dashes.
    NotDigits,
    /// They are not the phone's.
    Wrong {
        /// Tries left.
        left: u32,
    },
    /// The phone does not show any yet.
    NotShown,
}

impl DigitsProblem {
    fn message(self, t: Text) -> String {
        match self {
            DigitsProblem::Missing => t.wallet_digits_missing().into(),
            DigitsProblem::Count { typed } => t.wallet_digits_count(typed),
            DigitsProblem::NotDigits => t.wallet_digits_letters().into(),
            DigitsProblem::Wrong { left } => t.wallet_digits_wrong(left),
            DigitsProblem::NotShown => t.wallet_digits_not_shown().into(),
        }
    }
}

impl Page for WalletDigits {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().wallet_digits_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let problem = |problem: DigitsProblem| Problem { field: fields::CODE, message: problem.message(self.t()) };
        self.problem.map(problem).into_iter().collect()
    }
}

/// `/wallet/vissza` on a phone: the digits for the other device. Not `Debug`: it holds them.
#[derive(Template)]
#[template(path = "kau/wallet_phone.html")]
pub struct WalletPhone {
    /// The frame.
    pub frame: Frame,
    /// The digits, one by one.
    pub digits: Vec<char>,
    /// Where one signs in.
    pub service: String,
    /// Since when: "14:31".
    pub began: String,
    /// Until when: "14:33:10".
    pub until: String,
}

impl Page for WalletPhone {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().wallet_phone_heading().into()
    }
}

/// `/wallet/vissza` in another browser than the one that began on this device.
#[derive(Template)]
#[template(path = "kau/wallet_elsewhere.html")]
pub struct WalletElsewhere {
    /// The frame.
    pub frame: Frame,
}

impl Page for WalletElsewhere {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().wallet_elsewhere_heading().into()
    }
}

/// What people are told of an issuer of credentials in place of an identity provider's name.
pub fn named(t: Text, issuer: Option<&str>) -> String {
    match issuer {
        Some(issuer) => t.wallet_of(issuer),
        None => t.method_wallet().into(),
    }
}
