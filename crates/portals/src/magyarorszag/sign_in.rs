//! One sign-in under way: what is asked for, and what it is recognised by.

use model::{Handle, HandleDigest, Timestamp};

use crate::portal::demand::{Demand, Failure};
use crate::visitor::{Visitor, stored};

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

/// From `error` in an authentication response (RFC 6749 section 4.1.2.1, `OpenID` Connect Core
/// section 3.1.2.6, and its Unmet Authentication Requirements 1.0).
pub(super) fn failure_of(error: &str) -> Failure {
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
