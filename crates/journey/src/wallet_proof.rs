//! What a wallet's presentation is worth as a proof of whose an account is, beside a sign-in.
//!
//! It is a strong proof (`security.md` section 4.1, class A), and never one from a factor that it vouches for: whatever
//! an authenticator vouched for says nothing in that authenticator's favour.

use model::{Binding, Loa, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Facts, SecondFactor, Standing};

/// What such a proof is for. Each is good for one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofAim {
    /// To enrol an authenticator, in place of the mailed code.
    Enrolment,
    /// To lift the provenance of the authenticator in use.
    Lift,
    /// To open an account again that is frozen, or whose authenticator is.
    Unfreeze,
}

impl ProofAim {
    /// All of them.
    pub const ALL: [ProofAim; 3] = [ProofAim::Enrolment, ProofAim::Lift, ProofAim::Unfreeze];

    /// Its name in the audit.
    pub const fn as_str(self) -> &'static str {
        match self {
            ProofAim::Enrolment => "enrolment",
            ProofAim::Lift => "lift",
            ProofAim::Unfreeze => "unfreeze",
        }
    }
}

/// What a wallet showed: whose its credential is, how sure, and what that stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletProof {
    /// Whose it is.
    pub person: PersonId,
    /// The credential's own level of assurance, and never more than what connects it with the person.
    pub loa: Loa,
    /// What connects it with the person.
    pub ground: ProofGround,
}

/// What connects a credential with a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofGround {
    /// A sign-in with the account's authenticator linked it: it falls with that authenticator.
    Link,
    /// It was issued here, by a code of the authenticator that the person then had.
    Issued {
        /// How that authenticator was bound.
        provenance: Binding,
        /// When.
        at: Timestamp,
    },
}

/// Why what was shown proves nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproved {
    /// It is somebody else's.
    SomebodyElse,
    /// There is nothing that it could be for (any more).
    NotNeeded,
    /// It is not surer than what there is without it.
    TooWeak,
    /// It stands on the very authenticator that it would speak for.
    OwnWord,
}

impl WalletProof {
    /// Whether it proves that the account of `owner` is theirs, for `aim`. `bound_at` is when the account's
    /// authenticator was bound, if there is one: a person has one at a time, so what was issued since then was issued by
    /// its code.
    ///
    /// # Errors
    ///
    /// [`Unproved`].
    pub fn proves(
        &self,
        aim: ProofAim,
        owner: &PersonId,
        facts: &Facts,
        bound_at: Option<Timestamp>,
    ) -> Result<(), Unproved> {
        if self.person != *owner {
            return Err(Unproved::SomebodyElse);
        }
        let is_needed = match (aim, facts.standing, facts.second_factor) {
            (ProofAim::Lift, Standing::Open, SecondFactor::Active { binding, .. }) => binding.loa() < Loa::Substantial,
            (ProofAim::Enrolment, Standing::Open, SecondFactor::None | SecondFactor::Inactive)
            | (ProofAim::Unfreeze, Standing::Frozen, _)
            | (ProofAim::Unfreeze, Standing::Open, SecondFactor::Frozen) => true,
            (ProofAim::Enrolment | ProofAim::Lift | ProofAim::Unfreeze, Standing::Open | Standing::Frozen, _) => false,
        };
        if !is_needed {
            return Err(Unproved::NotNeeded);
        }
        if self.loa < Loa::Substantial {
            return Err(Unproved::TooWeak);
        }
        if self.is_own_word(aim, bound_at) { Err(Unproved::OwnWord) } else { Ok(()) }
    }

    /// Whether the authenticator speaks for itself.
    fn is_own_word(&self, aim: ProofAim, bound_at: Option<Timestamp>) -> bool {
        match (self.ground, aim) {
            // What was issued here is worth no more than the authenticator was whose place the new one takes.
            (ProofGround::Issued { .. }, ProofAim::Enrolment) => false,
            // A new authenticator has vouched for nothing; but a link is closed while its own is off.
            (ProofGround::Link, ProofAim::Enrolment) => bound_at.is_some(),
            (ProofGround::Link, ProofAim::Lift | ProofAim::Unfreeze) => true,
            (ProofGround::Issued { at, .. }, ProofAim::Lift) => is_by(bound_at, at),
            // What a clerk said of the person stays said when the authenticator is frozen. What an authenticator
            // inherited from another is its own word.
            (ProofGround::Issued { provenance, at }, ProofAim::Unfreeze) => {
                is_by(bound_at, at) && !provenance.is_of_others()
            }
        }
    }
}

/// Whether something was issued by a code of the authenticator that was bound then. With none left it cannot be told.
fn is_by(bound_at: Option<Timestamp>, issued_at: Timestamp) -> bool {
    bound_at.is_none_or(|bound_at| issued_at >= bound_at)
}

#[cfg(test)]
mod tests;
