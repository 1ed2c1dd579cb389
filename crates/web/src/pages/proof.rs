//! A wallet proves that an account is its owner's: the page that asks, and what became of it.

use askama::Template;
use journey::ProofAim;
use ui::{Frame, Page, Problem};

use super::status::StatusProblem;
use super::{Text, Texts as _, fields, paths};

/// `/igenyles/dap`, `/megerosites`, `/feloldas`: what will be asked of the wallet, and what for.
#[derive(Template)]
#[template(path = "account/prove.html")]
pub struct Prove {
    /// The frame.
    pub frame: Frame,
    /// What for.
    pub aim: ProofAim,
    /// Where the button is posted.
    pub action: String,
}

/// Below those: what was shown is good.
#[derive(Template)]
#[template(path = "account/proved.html")]
pub struct Proved {
    /// The frame.
    pub frame: Frame,
    /// What for.
    pub aim: ProofAim,
    /// Where it is used (POST).
    pub action: String,
    /// The masked address to which letters go.
    pub address: String,
    /// What was wrong.
    pub problems: Vec<StatusProblem>,
}

/// What was shown proves nothing.
#[derive(Template)]
#[template(path = "account/not_proved.html")]
pub struct NotProved {
    /// The frame.
    pub frame: Frame,
    /// What for.
    pub aim: ProofAim,
    /// Why.
    pub why: Why,
}

/// Why what was shown proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody here is known by it.
    Unknown,
    /// It is another person's.
    SomebodyElse,
    /// There is nothing that it could be for.
    NotNeeded,
    /// It is not sure enough.
    TooWeak,
    /// It stands on the very authenticator that it would speak for.
    OwnWord,
    /// It was used, has lapsed, was revoked, or was asked for elsewhere.
    Over,
}

/// The account is open again.
#[derive(Template)]
#[template(path = "account/unfrozen.html")]
pub struct Unfrozen {
    /// The frame.
    pub frame: Frame,
}

/// What a proof is for, in a few words.
pub fn purpose(t: Text, aim: ProofAim) -> &'static str {
    match aim {
        ProofAim::Enrolment => t.proof_for_enrolment(),
        ProofAim::Lift => t.proof_for_lift(),
        ProofAim::Unfreeze => t.proof_for_unfreeze(),
    }
}

/// The page that asks for it.
pub const fn asking(aim: ProofAim) -> &'static str {
    match aim {
        ProofAim::Enrolment => paths::PROVE_ENROLMENT,
        ProofAim::Lift => paths::PROVE_LIFT,
        ProofAim::Unfreeze => paths::PROVE_UNFREEZE,
    }
}

/// The page to which somebody goes who does not prove it so.
const fn before(aim: ProofAim) -> &'static str {
    match aim {
        ProofAim::Enrolment => paths::ENROL_CONTACT,
        ProofAim::Lift => paths::STATUS,
        ProofAim::Unfreeze => paths::START,
    }
}

impl Why {
    fn heading(self, t: Text) -> &'static str {
        match self {
            Why::Unknown => t.not_proved_unknown_heading(),
            Why::SomebodyElse => t.not_proved_other_heading(),
            Why::NotNeeded => t.not_proved_needless_heading(),
            Why::TooWeak => t.not_proved_weak_heading(),
            Why::OwnWord => t.not_proved_own_heading(),
            Why::Over => t.not_proved_over_heading(),
        }
    }

    const fn lead(self, t: Text) -> &'static str {
        match self {
            Why::Unknown => t.not_proved_unknown(),
            Why::SomebodyElse => t.not_proved_other(),
            Why::NotNeeded => t.not_proved_needless(),
            Why::TooWeak => t.not_proved_weak(),
            Why::OwnWord => t.not_proved_own(),
            Why::Over => t.not_proved_over(),
        }
    }

    /// Whether trying again may help.
    const fn may_be_repeated(self) -> bool {
        match self {
            Why::Unknown | Why::SomebodyElse | Why::OwnWord | Why::Over => true,
            Why::NotNeeded | Why::TooWeak => false,
        }
    }
}

impl Prove {
    fn before(&self) -> &'static str {
        before(self.aim)
    }
}

impl NotProved {
    fn before(&self) -> &'static str {
        before(self.aim)
    }

    fn again(&self) -> &'static str {
        asking(self.aim)
    }

    fn lead(&self) -> &'static str {
        self.why.lead(self.t())
    }

    fn may_be_repeated(&self) -> bool {
        self.why.may_be_repeated()
    }

    fn is_needed(&self) -> bool {
        self.why != Why::NotNeeded
    }
}

impl Page for Prove {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        let t = self.t();
        match self.aim {
            ProofAim::Enrolment => t.prove_enrolment_heading(),
            ProofAim::Lift => t.prove_lift_heading(),
            ProofAim::Unfreeze => t.prove_unfreeze_heading(),
        }
        .into()
    }
}

impl Page for Proved {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        let t = self.t();
        match self.aim {
            ProofAim::Enrolment => t.proved_enrolment_heading(),
            ProofAim::Lift => t.proved_lift_heading(),
            ProofAim::Unfreeze => t.proved_unfreeze_heading(),
        }
        .into()
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}

impl Page for NotProved {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.why.heading(self.t()).into()
    }
}

impl Page for Unfrozen {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().unfrozen_heading().into()
    }
}
