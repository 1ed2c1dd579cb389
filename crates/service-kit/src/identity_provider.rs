//! The identity provider as its metadata describes it, and when to read that again.

use saml::Binding;
use saml::metadata::{IdpDescriptor, Loopback, MetadataReading, Trust};
use xmlsec::VerifyingKey;

use crate::KitError;

/// How long metadata is used that does not say for how long (`cacheDuration`), in seconds.
pub const CACHE_DEFAULT: i64 = 3600;
/// The least and the most time that metadata is used without being read again, whatever it says, in seconds.
pub const CACHE_RANGE: (i64, i64) = (60, 3600);
/// How long metadata that does not say (`validUntil`) is good while it cannot be read again, in seconds.
pub const VALID_DEFAULT: i64 = 86_400;
/// The least time between two readings that an unknown key causes, in seconds.
pub const ASKED_AGAIN: i64 = 60;

/// An identity provider, as its metadata said at one instant.
#[derive(Clone, Debug)]
pub struct IdentityProvider {
    entity_id: String,
    pub(crate) role: IdpDescriptor,
    pub(crate) keys: Vec<VerifyingKey>,
    read_at: i64,
    due_at: i64,
    valid_until: i64,
}

/// Whether an unknown key may make a service read metadata that it asked for last at `asked_at`: whoever sends
/// signatures by keys of their own shall not make it ask without end.
pub const fn may_ask_again(asked_at: i64, now: i64) -> bool {
    now.saturating_sub(asked_at) >= ASKED_AGAIN
}

impl IdentityProvider {
    /// Reads the metadata of the identity provider `entity_id`, which came from its own address by a channel that is
    /// trusted: TLS, or, where [`Loopback`] allows it, this very machine.
    ///
    /// # Errors
    ///
    /// [`KitError::Metadata`], [`KitError::OtherEntity`], or [`KitError::Unusable`] without a key or an endpoint.
    pub fn read(octets: &[u8], entity_id: &str, loopback: Loopback, now: i64) -> Result<Self, KitError> {
        let metadata = MetadataReading { loopback, trust: Trust::Bearer, now }.read(octets)?;
        let mut entities = metadata.entities.into_iter().filter(|entity| entity.entity_id == entity_id);
        let entity = entities.next().ok_or_else(|| KitError::OtherEntity(entity_id.to_owned()))?;
        let role = entity.idp.ok_or_else(|| KitError::OtherEntity(entity_id.to_owned()))?;
        let keys: Vec<_> = role.role.signing().map(|certificate| certificate.key().clone()).collect();
        if keys.is_empty() {
            return Err(KitError::Unusable("key for signatures"));
        }
        if role.single_sign_on(Binding::Redirect).is_none() {
            return Err(KitError::Unusable("address for authentication requests by HTTP-Redirect"));
        }
        let cached = entity.cache_duration.unwrap_or(CACHE_DEFAULT).clamp(CACHE_RANGE.0, CACHE_RANGE.1);
        let valid_until = entity.valid_until.unwrap_or_else(|| now.saturating_add(VALID_DEFAULT));
        let due_at = now.saturating_add(cached).min(valid_until);
        Ok(Self { entity_id: entity_id.to_owned(), role, keys, read_at: now, due_at, valid_until })
    }

    /// Its entity ID.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// When its metadata was read, in seconds since the epoch.
    pub const fn read_at(&self) -> i64 {
        self.read_at
    }

    /// Whether its metadata is to be read again (`cacheDuration`, SAML Metadata section 2.3.2).
    pub const fn is_due(&self, now: i64) -> bool {
        now >= self.due_at
    }

    /// Whether what it said still holds (`validUntil`). When it does not, and cannot be read again, nobody signs in.
    pub const fn is_valid(&self, now: i64) -> bool {
        now < self.valid_until
    }

    /// Whether it can be asked for a logout.
    pub fn has_logout(&self) -> bool {
        self.role.role.single_logout(Binding::Redirect).is_some()
    }
}
