//! Metadata (SAML Metadata sections 2.2 to 2.4): what an entity says of itself.
//!
//! The same types are read and written. What a reader does not know is passed over: unknown bindings,
//! extensions and roles.

mod keys;
mod location;
mod read;
mod role;
mod signing_method;
mod ui;
mod write;

use xmlsec::{Certificate, DataCipher, KeyTransport, SignatureAlgorithm};

use crate::{Attribute, Binding, NameIdFormat};

pub use location::LocationFault;
pub use read::{Loopback, Metadata, MetadataError, MetadataFault, MetadataReading, Remark, Trust, Warning};
pub use signing_method::SigningMethod;

/// The longest metadata, in bytes.
pub const METADATA_BYTES_MAX: usize = 1024 * 1024;
/// The longest address, in bytes.
pub const LOCATION_BYTES_MAX: usize = 2048;
/// The most of any one kind of element in one role: endpoints, keys, attributes.
pub const LISTED_MAX: usize = 256;
/// The most certificates of one role: a signature may have to be checked with the key of each.
pub const CERTIFICATES_MAX: usize = 16;
/// The most entities of one file.
pub const ENTITIES_MAX: usize = 256;
/// The longest text for people, in bytes.
pub const TEXT_BYTES_MAX: usize = 4096;

/// An entity (section 2.3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityDescriptor {
    /// `entityID`.
    pub entity_id: String,
    /// `validUntil`, in seconds since the epoch: its own, or that of a group around it, the earliest.
    pub valid_until: Option<i64>,
    /// `cacheDuration`, in seconds.
    pub cache_duration: Option<i64>,
    /// `mdattr:EntityAttributes`: categories, and what [`crate::SubjectIdRequirement`] reads.
    pub attributes: Vec<Attribute>,
    /// `IDPSSODescriptor`.
    pub idp: Option<IdpDescriptor>,
    /// `SPSSODescriptor`.
    pub sp: Option<SpDescriptor>,
    /// `Organization`.
    pub organization: Option<Organization>,
    /// `ContactPerson`.
    pub contacts: Vec<Contact>,
}

/// What the two roles share (sections 2.4.1 and 2.4.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// `errorURL`: where to send a person for whom something went wrong.
    pub error_url: Option<String>,
    /// `mdui:UIInfo`.
    pub ui: UiInfo,
    /// `alg:SigningMethod`: what it can check, what it likes best first. Read from the entity if the role lists none.
    pub signing_methods: Vec<SigningMethod>,
    /// `KeyDescriptor`.
    pub keys: Vec<KeyDescriptor>,
    /// `ArtifactResolutionService`.
    pub artifact_resolution: Vec<IndexedEndpoint>,
    /// `SingleLogoutService`.
    pub single_logout: Vec<Endpoint>,
    /// `NameIDFormat`.
    pub name_id_formats: Vec<NameIdFormat>,
}

/// An identity provider (section 2.4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdpDescriptor {
    /// What the roles share.
    pub role: Role,
    /// `WantAuthnRequestsSigned`.
    pub want_authn_requests_signed: bool,
    /// `shibmd:Scope`: the domains whose identifiers it gives.
    pub scopes: Vec<Scope>,
    /// `SingleSignOnService`.
    pub single_sign_on: Vec<Endpoint>,
}

/// A service (section 2.4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpDescriptor {
    /// What the roles share.
    pub role: Role,
    /// `AuthnRequestsSigned`: a request that is not signed is not its own.
    pub authn_requests_signed: bool,
    /// `WantAssertionsSigned`.
    pub want_assertions_signed: bool,
    /// `AssertionConsumerService`: at least one.
    pub assertion_consumers: Vec<IndexedEndpoint>,
    /// `AttributeConsumingService`.
    pub attribute_consumers: Vec<AttributeConsumer>,
}

/// An address with a binding (section 2.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How.
    pub binding: Binding,
    /// Where.
    pub location: String,
    /// `ResponseLocation`: where responses go, if not there.
    pub response_location: Option<String>,
}

/// An address that can be named by a number (section 2.2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedEndpoint {
    /// `index`.
    pub index: u16,
    /// `isDefault`; it makes a difference whether that is left out.
    pub is_default: Option<bool>,
    /// How.
    pub binding: Binding,
    /// Where.
    pub location: String,
}

/// A key of the entity's (section 2.4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDescriptor {
    /// `use`; a key without one is for both.
    pub usage: Option<KeyUsage>,
    /// The certificates around it, which say nothing but the key.
    pub certificates: Vec<Certificate>,
    /// `EncryptionMethod`: URIs of algorithms, known or not.
    pub encryption_methods: Vec<String>,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyUsage {
    /// To check signatures.
    Signing,
    /// To encrypt to.
    Encryption,
}

/// A list of attributes that a service asks for (section 2.4.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeConsumer {
    /// `index`.
    pub index: u16,
    /// `isDefault`.
    pub is_default: Option<bool>,
    /// `ServiceName`.
    pub names: Vec<Localized>,
    /// `ServiceDescription`.
    pub descriptions: Vec<Localized>,
    /// `RequestedAttribute`.
    pub requested: Vec<RequestedAttribute>,
}

/// An attribute that a service asks for (section 2.4.4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedAttribute {
    /// Which; with values, these alone.
    pub attribute: Attribute,
    /// `isRequired`.
    pub is_required: bool,
}

/// `shibmd:Scope` (Shibboleth Metadata Profile).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The domain, or an expression.
    pub value: String,
    /// `regexp`: it is an expression, which we never evaluate.
    pub is_regexp: bool,
}

/// A text or address in one language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Localized {
    /// `xml:lang`.
    pub language: String,
    /// The text. It is input: it is escaped wherever it is shown.
    pub text: String,
}

/// What people are shown of an entity (SAML V2.0 Metadata Extensions for Login and Discovery User Interface
/// section 2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UiInfo {
    /// `DisplayName`.
    pub display_names: Vec<Localized>,
    /// `Description`.
    pub descriptions: Vec<Localized>,
    /// `InformationURL`.
    pub information_urls: Vec<Localized>,
    /// `PrivacyStatementURL`.
    pub privacy_statement_urls: Vec<Localized>,
}

/// Who stands behind an entity (section 2.3.2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// `OrganizationName`.
    pub names: Vec<Localized>,
    /// `OrganizationDisplayName`.
    pub display_names: Vec<Localized>,
    /// `OrganizationURL`.
    pub urls: Vec<Localized>,
}

/// Whom to ask (section 2.3.2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// `contactType`: `technical`, `support`, `administrative`, `billing` or `other`.
    pub kind: String,
    /// `Company`.
    pub company: Option<String>,
    /// `GivenName`.
    pub given_name: Option<String>,
    /// `SurName`.
    pub surname: Option<String>,
    /// `EmailAddress`, as URIs (`mailto:`).
    pub emails: Vec<String>,
}

impl Role {
    /// The certificates whose keys check signatures.
    pub fn signing(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates(KeyUsage::Signing)
    }

    fn certificates(&self, usage: KeyUsage) -> impl Iterator<Item = &Certificate> {
        let meant = self.keys.iter().filter(move |key| key.usage.is_none_or(|named| named == usage));
        meant.flat_map(|key| &key.certificates)
    }

    /// What to sign with for it: of `ours`, each with its key's bits, the one that it lists first. `None` when it
    /// lists nothing of ours.
    pub fn signing_method(&self, ours: &[(SignatureAlgorithm, u16)]) -> Option<SignatureAlgorithm> {
        let mut usable = self.signing_methods.iter().filter_map(|method| {
            ours.iter().find(|(algorithm, bits)| method.admits(*algorithm, *bits)).map(|(algorithm, _)| *algorithm)
        });
        usable.next()
    }

    /// The certificate to encrypt to, and how: the first with an RSA key whose listed methods leave a way
    /// (Metadata section 2.4.1.1; a list without a cipher or without a transport leaves that to us).
    pub fn encryption(&self) -> Option<(&Certificate, KeyTransport, DataCipher)> {
        let meant = self.keys.iter().filter(|key| key.usage.is_none_or(|usage| usage == KeyUsage::Encryption));
        let mut ways = meant.filter_map(|key| {
            let certificate = key.certificates.iter().find(|certificate| certificate.encryption_key().is_ok())?;
            Some((certificate, key.transport()?, key.cipher()?))
        });
        ways.next()
    }

    /// The endpoint of a binding for single logout.
    pub fn single_logout(&self, binding: Binding) -> Option<&Endpoint> {
        self.single_logout.iter().find(|endpoint| endpoint.binding == binding)
    }
}

impl SpDescriptor {
    /// Where answers go by default (section 2.2.3), among those of `bindings`.
    pub fn default_consumer(&self, bindings: &[Binding]) -> Option<&IndexedEndpoint> {
        let usable = self.assertion_consumers.iter().filter(|consumer| bindings.contains(&consumer.binding));
        default_of(usable.collect(), |consumer| consumer.is_default)
    }

    /// The list of attributes of that index, or the default one.
    pub fn attribute_consumer(&self, index: Option<u16>) -> Option<&AttributeConsumer> {
        match index {
            Some(index) => self.attribute_consumers.iter().find(|consumer| consumer.index == index),
            None => default_of(self.attribute_consumers.iter().collect(), |consumer| consumer.is_default),
        }
    }
}

impl IdpDescriptor {
    /// The endpoint of a binding for authentication requests.
    pub fn single_sign_on(&self, binding: Binding) -> Option<&Endpoint> {
        self.single_sign_on.iter().find(|endpoint| endpoint.binding == binding)
    }

    /// Whether it may give identifiers of this domain. Expressions admit nothing.
    pub fn has_scope(&self, domain: &str) -> bool {
        self.scopes.iter().any(|scope| !scope.is_regexp && scope.value == domain)
    }
}

impl Endpoint {
    /// Where responses go.
    pub fn response_location(&self) -> &str {
        self.response_location.as_deref().unwrap_or(&self.location)
    }
}

/// The first that says it is the default, else the first that does not say that it is not, else the first.
fn default_of<T>(all: Vec<&T>, says: impl Fn(&T) -> Option<bool>) -> Option<&T> {
    let rank = |one: &T| match says(one) {
        Some(true) => 0,
        None => 1,
        Some(false) => 2,
    };
    all.into_iter().min_by_key(|one| rank(one))
}

/// The text in a language, or else the first.
pub fn in_language<'a>(texts: &'a [Localized], language: &str) -> Option<&'a str> {
    let wanted = texts.iter().find(|text| text.language.eq_ignore_ascii_case(language));
    wanted.or(texts.first()).map(|text| text.text.as_str())
}

#[cfg(test)]
mod tests;
