//! Our own metadata (SAML Metadata section 2.3), signed anew each time it is made.

use std::time::Duration;

use model::Timestamp;
use saml::metadata::{
    Contact, Endpoint, EntityDescriptor, IdpDescriptor, IndexedEndpoint, KeyDescriptor, KeyUsage, Localized,
    Organization, Role, Scope, UiInfo,
};
use saml::{Binding, NameIdFormat};

use crate::{Broker, Fault};

/// How long a copy of the metadata is good: several times longer than services wait before they look again.
const VALID: Duration = Duration::from_hours(14 * 24);
/// How long a service may keep it: less than a key is published before it signs.
const CACHE: Duration = Duration::from_hours(6);
/// How long the same bytes are served.
pub(super) const REMADE_AFTER: Duration = Duration::from_mins(5);

/// The metadata as it is served.
pub(crate) struct ServedMetadata {
    pub(super) document: bytes::Bytes,
    pub(super) made_at: Timestamp,
    /// The names of the keys in it, the one that signs first.
    pub(super) keys: Vec<String>,
}

impl Broker {
    /// The metadata of the identity provider, as it is served.
    ///
    /// # Errors
    ///
    /// [`Fault::Damaged`] when it cannot be written.
    pub fn saml_metadata(&self) -> Result<bytes::Bytes, Fault> {
        let now = self.now();
        let keys = self.published_saml_keys();
        let served = self.0.saml_metadata.load();
        if let Some(served) = served.as_ref()
            && served.keys.iter().eq(keys.iter().map(|key| key.name()))
            && now < served.made_at + REMADE_AFTER
            && served.made_at <= now
        {
            return Ok(served.document.clone());
        }
        let signer = self.saml_key()?;
        let document = self.idp_entity(now).write(&self.draw_message_id(), Some(&signer.signer()));
        let document: bytes::Bytes = document.map_err(|_| Fault::Damaged("SAML metadata"))?.into_bytes().into();
        let made = ServedMetadata {
            document: document.clone(),
            made_at: now,
            keys: keys.iter().map(|key| key.name().to_owned()).collect(),
        };
        self.0.saml_metadata.store(Some(std::sync::Arc::new(made)));
        Ok(document)
    }

    /// What we say of ourselves.
    fn idp_entity(&self, now: Timestamp) -> EntityDescriptor {
        let (at, origin) = (self.saml_endpoints(), &self.endpoints().issuer);
        let keys = self.published_saml_keys().into_iter().map(|key| KeyDescriptor {
            usage: Some(KeyUsage::Signing),
            certificates: vec![key.certificate().clone()],
            encryption_methods: Vec::new(),
        });
        let through_browser = [Binding::Redirect, Binding::Post];
        let endpoint =
            |binding, location: &str| Endpoint { binding, location: location.to_owned(), response_location: None };
        let single_logout = through_browser
            .map(|binding| endpoint(binding, &at.single_logout))
            .into_iter()
            .chain([endpoint(Binding::Soap, &at.single_logout_soap)]);
        let role = Role {
            error_url: Some(at.about.help.clone()),
            ui: UiInfo {
                display_names: both(&at.about.name),
                descriptions: both(&at.about.description),
                information_urls: both(&[at.about.help.clone(), at.about.help.clone()]),
                privacy_statement_urls: Vec::new(),
            },
            signing_methods: Vec::new(),
            keys: keys.collect(),
            artifact_resolution: vec![IndexedEndpoint {
                index: super::artifact::ENDPOINT_INDEX,
                is_default: Some(true),
                binding: Binding::Soap,
                location: at.artifact_resolution.clone(),
            }],
            single_logout: single_logout.collect(),
            name_id_formats: vec![NameIdFormat::Transient, NameIdFormat::Persistent, NameIdFormat::EmailAddress],
        };
        let idp = IdpDescriptor {
            role,
            want_authn_requests_signed: false,
            scopes: vec![Scope { value: self.endpoints().host().to_owned(), is_regexp: false }],
            single_sign_on: through_browser.map(|binding| endpoint(binding, &at.single_sign_on)).to_vec(),
        };
        EntityDescriptor {
            entity_id: at.entity_id.clone(),
            valid_until: Some((now + VALID).seconds()),
            cache_duration: Some(i64::try_from(CACHE.as_secs()).unwrap_or(i64::MAX)),
            idp: Some(idp),
            organization: Some(Organization {
                names: both(&at.about.organization),
                display_names: both(&at.about.organization),
                urls: both(&[origin.clone(), origin.clone()]),
            }),
            contacts: vec![Contact {
                kind: "technical".to_owned(),
                emails: vec![format!("mailto:postmaster@{}", self.endpoints().host())],
                ..Contact::default()
            }],
            ..EntityDescriptor::default()
        }
    }
}

/// A text in both languages.
fn both([hu, en]: &[String; 2]) -> Vec<Localized> {
    let text = |language: &str, text: &String| Localized { language: language.to_owned(), text: text.clone() };
    vec![text("hu", hu), text("en", en)]
}
