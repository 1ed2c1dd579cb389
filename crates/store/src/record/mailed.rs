//! What a letter lets its reader do, once.

use model::{HandleDigest, PersonId, Timestamp};

/// A "not me" link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMeRecord {
    /// The digest of the link's handle.
    pub digest: HandleDigest,
    /// Whose account it closes.
    pub person: PersonId,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// A mailed code that activates a new account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationRecord {
    /// Whose account it is.
    pub person: PersonId,
    /// Keyed digest of the code.
    pub mac: String,
    /// When it lapses.
    pub expires_at: Timestamp,
}
