//! The pure machine: what a sign-in, an enrolment and a series of attempts may do next.
//!
//! Everything here is a total function of values. No clock, no randomness, no storage, no
//! protocol: the instant is a parameter, and facts ("the password matched") come in already
//! checked. The `serde` derives are the form in which a value rests in our own database.

mod consent;
mod demand;
mod enrolment;
mod flow;
mod linking;
mod login;
mod policy;
mod throttle;
mod wallet_proof;

#[cfg(test)]
mod testing;

pub use consent::{Asking, Decision, Disclosure, NotOffered};
pub use demand::{Acr, Comparison, Demand, Insistence};
pub use enrolment::{ContactCode, DeletionCodeDraft, Enrolment, EnrolmentEvent, EnrolmentStage, advance_enrolment};
pub use flow::Flow;
pub use linking::{IdentitySource, LinkFault, Linking, Stated};
pub use login::{Event, Login, Refusal, Stage, advance};
pub use policy::{
    Availability, Facts, Offer, OwnerProof, Passage, Policy, SecondFactor, Shortfall, Standing, Upstreams,
};
pub use throttle::{Attempts, TotpAdmission, TotpAttempts};
pub use wallet_proof::{ProofAim, ProofGround, Unproved, WalletProof};
