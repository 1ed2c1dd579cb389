//! What the store keeps of other identity providers.

use model::{HandleDigest, Loa, PersonId, Timestamp};

/// A request to another identity provider, until it is answered; or its answer, until the browser that began fetches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamRequestRecord {
    /// The digest of the handle that comes back with the answer.
    pub digest: HandleDigest,
    /// JSON written and read by the broker.
    pub request: String,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// A person as another identity provider knows it, linked once by the account's owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    /// The identity provider, as it names itself.
    pub issuer: String,
    /// The person, as it names them.
    pub subject: String,
    /// Whose account it is.
    pub person: PersonId,
    /// How sure the proof was that linked it.
    pub loa: Loa,
    /// When it was linked.
    pub linked_at: Timestamp,
}

/// A key of this installation as a service of other identity providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamKeyRecord {
    /// What it is for.
    pub purpose: UpstreamKeyPurpose,
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// Its certificate, in DER.
    pub certificate: Vec<u8>,
}

/// What a key of [`UpstreamKeyRecord`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpstreamKeyPurpose {
    /// To sign requests and metadata.
    Signing,
    /// To decrypt assertions.
    Decryption,
}
