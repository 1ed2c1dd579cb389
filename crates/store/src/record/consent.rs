//! What a person agreed to.

use journey::Decision;
use model::{PersonId, ServiceId, Timestamp};

/// What a person decided that a service receives or, where the law requires it, has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Who.
    pub person: PersonId,
    /// Which service.
    pub service: ServiceId,
    /// What, and why.
    pub decision: Decision,
    /// When it was last decided or seen.
    pub given_at: Timestamp,
}
