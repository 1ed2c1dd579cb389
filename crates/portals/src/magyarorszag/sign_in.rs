//! One sign-in under way: what is asked for, what it is recognised by, and how it may fail.

use model::{Handle, HandleDigest, Timestamp};

use crate::visitor::{Visitor, stored};

/// What the portal asks of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// Whatever the person's session at Kapu gives.
    Ordinary,
    /// The factors shown now.
    Fresh,
    /// Level of assurance *substantial* or better.
    Substantial,
}

impl Demand {
    pub(super) const ALL: [Demand; 3] = [Demand::Ordinary, Demand::Fresh, Demand::Substantial];

    /// The name in the database.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Demand::Ordinary => "ordinary",
            Demand::Fresh => "fresh",
            Demand::Substantial => "substantial",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Demand::ALL.into_iter().find(|demand| demand.as_str() == name)
    }
}

/// A sign-in under way. Nonce and verifier follow from the visitor's cookie and the state, so the
/// answer is worth something in this one browser only, and nothing secret is stored.
pub(super) struct Attempt {
    /// `state`, as the browser carries it.
    pub(super) state: Handle,
    /// `nonce`.
    pub(super) nonce: String,
    /// `code_verifier` (RFC 7636 section 4.1).
    pub(super) verifier: String,
    pub(super) demand: Demand,
    pub(super) begun: Timestamp,
}

impl Attempt {
    pub(super) fn new(visitor: &Visitor, state: Handle, demand: Demand, begun: Timestamp) -> Self {
        let nonce = visitor.derived(&format!("nonce {}", state.expose()));
        let verifier = visitor.derived(&format!("verifier {}", state.expose()));
        Self { state, nonce, verifier, demand, begun }
    }

    /// What is stored of the state.
    pub(super) fn digest(&self) -> HandleDigest {
        stored(&self.state)
    }
}

/// Why nobody was signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The person gave up at Kapu.
    Cancelled,
    /// The sign-in could not be as high as asked for.
    NotEnough,
    /// Kapu would have had to ask the person something.
    Interaction,
    /// Kapu says that it cannot now.
    Busy,
    /// Kapu does not accept what the portal sent.
    Refused,
    /// The answer belongs to no sign-in of this browser.
    Stale,
    /// The answer is not what Kapu would say.
    Implausible,
    /// Kapu does not answer.
    Unreachable,
}

impl Failure {
    const ALL: [Failure; 8] = [
        Failure::Cancelled,
        Failure::NotEnough,
        Failure::Interaction,
        Failure::Busy,
        Failure::Refused,
        Failure::Stale,
        Failure::Implausible,
        Failure::Unreachable,
    ];

    /// What the page is called in its address.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Failure::Cancelled => "megszakitva",
            Failure::NotEnough => "nem-eleg",
            Failure::Interaction => "kerdes",
            Failure::Busy => "foglalt",
            Failure::Refused => "elutasitva",
            Failure::Stale => "lejart",
            Failure::Implausible => "hibas-valasz",
            Failure::Unreachable => "nem-erheto-el",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Failure::ALL.into_iter().find(|failure| failure.as_str() == name)
    }

    /// From `error` in an authentication response (RFC 6749 section 4.1.2.1, `OpenID` Connect Core
    /// section 3.1.2.6, and its Unmet Authentication Requirements 1.0).
    pub(super) fn from_error(error: &str) -> Self {
        match error {
            "access_denied" => Failure::Cancelled,
            "unmet_authentication_requirements" => Failure::NotEnough,
            "login_required" | "interaction_required" | "account_selection_required" | "consent_required" => {
                Failure::Interaction
            }
            "temporarily_unavailable" | "server_error" => Failure::Busy,
            _ => Failure::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for demand in Demand::ALL {
            assert_eq!(Demand::from_name(demand.as_str()), Some(demand));
        }
        for failure in Failure::ALL {
            assert_eq!(Failure::from_name(failure.as_str()), Some(failure));
        }
        assert_eq!(Failure::from_name("megszakítva"), None);
    }
}
