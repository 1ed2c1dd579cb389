//! An enrolment under way: from "Ügyfélkapu+ igénylése" to "Befejezés".

use model::{Binding, Timestamp, limits};
use serde::{Deserialize, Serialize};

/// An enrolment under way. It is bound to one session; nothing of it is active.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// When it began.
    pub started_at: Timestamp,
    /// When its last step was accepted.
    pub accepted_at: Timestamp,
    /// Which enrolment of this person it is, from 1: the apps overwrite equal labels.
    pub nth: u32,
    /// The user name that the person signed in with: the label in the app.
    pub user_name: String,
    /// Where it stands.
    pub stage: EnrolmentStage,
}

/// A mailed contact code that is still to be typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCode {
    /// Keyed digest of the code, bound to the session.
    pub mac: String,
    /// When it was mailed.
    pub sent_at: Timestamp,
    /// Wrong tries so far.
    pub tries: u32,
}

/// A deletion code that was drawn and is not in force yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionCodeDraft {
    /// The code, sealed: shown again until "Befejezés", then destroyed.
    pub sealed: String,
    /// Its Argon2id hash: what stays.
    pub hash: String,
}

/// Where an enrolment stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentStage {
    /// The registered contact is to be confirmed first.
    ProvingContact {
        /// The code that was mailed, if one was.
        code: Option<ContactCode>,
    },
    /// Something vouches for the person; no key yet.
    Vouched {
        /// What vouches.
        binding: Binding,
    },
    /// The key is shown; password and code are to be given.
    Connecting {
        /// What vouches.
        binding: Binding,
        /// The authenticator's key, sealed.
        sealed_key: String,
        /// When the password last matched on this page.
        password_at: Option<Timestamp>,
        /// Wrong codes for this key.
        wrong_codes: u32,
    },
    /// Password and code matched; the deletion code is shown.
    Confirmed {
        /// What vouches.
        binding: Binding,
        /// The authenticator's key, sealed.
        sealed_key: String,
        /// The time step that the set-up code used up.
        step: i64,
        /// The deletion code.
        deletion_code: DeletionCodeDraft,
    },
}

/// A fact, already checked by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolmentEvent {
    /// A contact code was mailed.
    CodeMailed(ContactCode),
    /// A wrong contact code was typed.
    ContactDiffered,
    /// The right one was.
    ContactMatched,
    /// A wallet proved who the person is.
    WalletProved,
    /// A key was drawn for the page with the QR code.
    KeyDrawn {
        /// The key, sealed.
        sealed_key: String,
    },
    /// The password matched on the page with the QR code.
    PasswordMatched,
    /// A wrong code was typed there.
    CodeDiffered,
    /// Password and code matched.
    Confirmed {
        /// The time step that the code used up.
        step: i64,
        /// The new deletion code.
        deletion_code: DeletionCodeDraft,
    },
}

/// Moves an enrolment. `None` when the event does not fit its stage, or the enrolment has lapsed:
/// the caller shows what is true and changes nothing.
///
/// Five wrong codes destroy the pending key, so that the next page shows a new picture.
pub fn advance_enrolment(enrolment: &Enrolment, event: EnrolmentEvent, now: Timestamp) -> Option<Enrolment> {
    use EnrolmentEvent as E;
    use EnrolmentStage::{Confirmed, Connecting, ProvingContact, Vouched};
    if now >= enrolment.expires_at() {
        return None;
    }
    let (stage, accepted) = match (enrolment.stage.clone(), event) {
        (ProvingContact { .. }, E::CodeMailed(code)) => (ProvingContact { code: Some(code) }, true),
        (ProvingContact { code: Some(code) }, E::ContactDiffered) => {
            let tries = code.tries + 1;
            let code = (tries < limits::CONTACT_CODE_TRIES).then_some(ContactCode { tries, ..code });
            (ProvingContact { code }, false)
        }
        (ProvingContact { code: Some(_) }, E::ContactMatched) => (Vouched { binding: Binding::ContactCode }, true),
        (ProvingContact { .. }, E::WalletProved) => (Vouched { binding: Binding::Wallet }, true),
        (Vouched { binding }, E::KeyDrawn { sealed_key }) => {
            (Connecting { binding, sealed_key, password_at: None, wrong_codes: 0 }, true)
        }
        (Connecting { binding, sealed_key, wrong_codes, .. }, E::PasswordMatched) => {
            (Connecting { binding, sealed_key, password_at: Some(now), wrong_codes }, true)
        }
        (Connecting { binding, sealed_key, password_at, wrong_codes }, E::CodeDiffered) => {
            let wrong_codes = wrong_codes + 1;
            if wrong_codes < limits::SETUP_CODE_TRIES {
                (Connecting { binding, sealed_key, password_at, wrong_codes }, false)
            } else {
                (Vouched { binding }, false)
            }
        }
        (Connecting { binding, sealed_key, .. }, E::Confirmed { step, deletion_code }) => {
            (Confirmed { binding, sealed_key, step, deletion_code }, true)
        }
        (ProvingContact { code: None }, E::ContactDiffered | E::ContactMatched)
        | (ProvingContact { .. }, E::KeyDrawn { .. } | E::PasswordMatched | E::CodeDiffered | E::Confirmed { .. })
        | (
            Vouched { .. } | Connecting { .. },
            E::CodeMailed(_) | E::ContactDiffered | E::ContactMatched | E::WalletProved,
        )
        | (Vouched { .. }, E::PasswordMatched | E::CodeDiffered | E::Confirmed { .. })
        | (Connecting { .. }, E::KeyDrawn { .. })
        | (
            Confirmed { .. },
            E::CodeMailed(_)
            | E::ContactDiffered
            | E::ContactMatched
            | E::WalletProved
            | E::KeyDrawn { .. }
            | E::PasswordMatched
            | E::CodeDiffered
            | E::Confirmed { .. },
        ) => return None,
    };
    let accepted_at = if accepted { now } else { enrolment.accepted_at };
    Some(Enrolment { accepted_at, stage, ..enrolment.clone() })
}

impl Enrolment {
    /// Begins one. `vouched` is what already vouches for the person; without it the contact has
    /// to be confirmed first.
    pub fn begin(nth: u32, user_name: String, vouched: Option<Binding>, now: Timestamp) -> Self {
        let stage = match vouched {
            Some(binding) => EnrolmentStage::Vouched { binding },
            None => EnrolmentStage::ProvingContact { code: None },
        };
        Self { started_at: now, accepted_at: now, nth, user_name, stage }
    }

    /// When it lapses: a while after the last accepted step, and in all.
    pub fn expires_at(&self) -> Timestamp {
        (self.accepted_at + limits::ENROLMENT_IDLE).min(self.started_at + limits::ENROLMENT_TOTAL)
    }
}

#[cfg(test)]
mod tests;
