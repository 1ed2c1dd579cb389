//! What a person agreed to.

use journey::Disclosure;
use model::{PersonId, ServiceId, Timestamp};

/// What a person agreed that a service receives or, where the law requires it, has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Who.
    pub person: PersonId,
    /// Which service.
    pub service: ServiceId,
    /// What, and why.
    pub disclosure: Disclosure,
    /// When it was last agreed to or seen.
    pub given_at: Timestamp,
}
