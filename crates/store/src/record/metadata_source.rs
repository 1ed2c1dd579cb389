//! Where the metadata of a service comes from.

use model::{ServiceId, Timestamp};

/// An address from which a service's metadata is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataSourceRecord {
    /// Whose metadata it is.
    pub client: ServiceId,
    /// The address.
    pub url: String,
    /// The certificates one of whose keys must have signed it, as the broker writes them; empty for none.
    pub signers: String,
    /// When it is to be read again.
    pub due_at: Timestamp,
}
