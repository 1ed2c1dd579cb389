//! A service: who it is, and what it tells the identity provider of itself (SAML Metadata section 2.4.4).

use saml::attribute::{NAME_FORMAT_URI, names::Name};
use saml::metadata::{
    AttributeConsumer, Endpoint, EntityDescriptor, IndexedEndpoint, KeyDescriptor, KeyUsage, Localized,
    RequestedAttribute, Role, SpDescriptor, UiInfo,
};
use saml::subject_identifier::REQUIREMENT_NAME;
use saml::{Attribute, Binding, NameIdFormat, SubjectIdRequirement};
use xmlsec::{DataCipher, KeyTransport};

use crate::{Fill, KitError, ServiceKeys, draw_id};

/// How far the identity provider's clock and ours may differ, in seconds.
pub const CLOCK_SKEW: i64 = 30;
/// How long partners may use the metadata without asking again, in seconds.
const METADATA_CACHED: i64 = 3600;

/// Who a service is.
#[derive(Debug)]
pub struct ServiceConfig {
    /// Its entity ID: a URI, by custom the address of its metadata.
    pub entity_id: String,
    /// Where responses are posted.
    pub acs_url: String,
    /// Where logout messages come by the browser, by HTTP-Redirect and by HTTP-POST; none takes none.
    pub slo_url: Option<String>,
    /// Where the identity provider itself says that a session has ended, by SOAP; none is told of it.
    pub slo_soap_url: Option<String>,
    /// Its keys.
    pub keys: ServiceKeys,
    /// Its name, by language.
    pub names: Vec<Localized>,
    /// What it is, by language.
    pub descriptions: Vec<Localized>,
    /// Which identifier of a person it needs.
    pub identifier: SubjectIdRequirement,
    /// Which attributes it asks for.
    pub attributes: Vec<Asked>,
}

/// An attribute that a service asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It cannot do without it.
    Required(Attribute),
    /// It takes it if it is given.
    Optional(Attribute),
}

/// An attribute without a value, which asks for whatever it is.
pub fn whatever(name: Name) -> Attribute {
    Attribute { values: Vec::new(), ..Attribute::new(name, "") }
}

/// The same for a name that no standard has: a URI, and what people call it.
pub fn whatever_named(name: &str, friendly_name: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        name_format: NAME_FORMAT_URI.to_owned(),
        friendly_name: Some(friendly_name.to_owned()),
        values: Vec::new(),
    }
}

/// A service.
#[derive(Debug)]
pub struct Service {
    pub(crate) config: ServiceConfig,
}

impl Service {
    /// The service of this configuration.
    pub const fn new(config: ServiceConfig) -> Self {
        Self { config }
    }

    /// What the service tells of itself, signed: where it is, its two keys, what it asks for.
    ///
    /// # Errors
    ///
    /// [`KitError::Write`].
    pub fn metadata(&self, fill: Fill<'_>) -> Result<String, KitError> {
        let entity = EntityDescriptor {
            entity_id: self.config.entity_id.clone(),
            cache_duration: Some(METADATA_CACHED),
            attributes: vec![Attribute {
                values: vec![self.config.identifier.as_str().to_owned()],
                ..whatever_named(REQUIREMENT_NAME, "subject-id:req")
            }],
            sp: Some(self.descriptor()),
            ..EntityDescriptor::default()
        };
        Ok(entity.write(&draw_id(fill), Some(&self.config.keys.signer()))?)
    }

    fn descriptor(&self) -> SpDescriptor {
        let ServiceConfig { acs_url, slo_url, slo_soap_url, names, descriptions, attributes, .. } = &self.config;
        let endpoint =
            |binding, location: &String| Endpoint { binding, location: location.clone(), response_location: None };
        let requested = attributes.iter().map(|asked| match asked {
            Asked::Required(attribute) => RequestedAttribute { attribute: attribute.clone(), is_required: true },
            Asked::Optional(attribute) => RequestedAttribute { attribute: attribute.clone(), is_required: false },
        });
        let consumer = AttributeConsumer {
            index: 0,
            is_default: Some(true),
            names: names.clone(),
            descriptions: descriptions.clone(),
            requested: requested.collect(),
        };
        let by_browser = [Binding::Redirect, Binding::Post].map(|binding| (binding, slo_url));
        let single_logout = by_browser
            .into_iter()
            .chain([(Binding::Soap, slo_soap_url)])
            .filter_map(|(binding, location)| Some(endpoint(binding, location.as_ref()?)));
        SpDescriptor {
            role: Role {
                ui: UiInfo { display_names: names.clone(), descriptions: descriptions.clone(), ..UiInfo::default() },
                keys: self.key_descriptors(),
                single_logout: single_logout.collect(),
                name_id_formats: vec![NameIdFormat::Transient, NameIdFormat::Persistent],
                ..Role::default()
            },
            authn_requests_signed: true,
            want_assertions_signed: true,
            assertion_consumers: vec![IndexedEndpoint {
                index: 0,
                is_default: Some(true),
                binding: Binding::Post,
                location: acs_url.clone(),
            }],
            // The schema wants at least one attribute in a list.
            attribute_consumers: if attributes.is_empty() { Vec::new() } else { vec![consumer] },
        }
    }

    fn key_descriptors(&self) -> Vec<KeyDescriptor> {
        let keys = &self.config.keys;
        let ciphers = [DataCipher::Aes256Gcm, DataCipher::Aes128Gcm].map(DataCipher::uri);
        let transports = [KeyTransport::OaepMgf1Sha1, KeyTransport::OaepSha256].map(KeyTransport::uri);
        vec![
            KeyDescriptor {
                usage: Some(KeyUsage::Signing),
                certificates: vec![keys.signing_certificate().clone()],
                encryption_methods: Vec::new(),
            },
            KeyDescriptor {
                usage: Some(KeyUsage::Encryption),
                certificates: vec![keys.encryption_certificate().clone()],
                encryption_methods: ciphers.into_iter().chain(transports).map(str::to_owned).collect(),
            },
        ]
    }
}
