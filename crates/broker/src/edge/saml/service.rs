//! A service that speaks SAML, as it is registered: its metadata and what the operator said with it.

use std::sync::Arc;

use journey::Disclosure;
use model::{
    Article, Datum, Lang, NameKind, Purpose, Purposes, Service, ServiceId, ServiceTerms, StatedTerms, Timestamp,
};
use saml::metadata::{
    EntityDescriptor, IndexedEndpoint, KeyUsage, Loopback, MetadataError, MetadataReading, SpDescriptor, Trust,
    Warning, in_language,
};
use saml::{Binding, NameIdFormat, SubjectIdRequirement};
use serde::{Deserialize, Serialize};
use store::Op;
use store::record::{ClientRecord, ClientState, Protocol};
use xmlsec::VerifyingKey;

use super::release::{self, Item};
use super::source::{self, Freshness, SamlSource};
use super::{AnswerBinding, Reply};
use crate::register::Statement;
use crate::{Broker, Fault, RegisterError, Replacing};

/// What the operator says of a service besides its metadata.
#[derive(Clone, Debug, Default)]
pub struct SamlOptions {
    /// What it demands, as far as that is stated.
    pub terms: StatedTerms,
    /// Why it asks for what it receives, if that is stated.
    pub purposes: Option<Purposes>,
    /// Whether `http://` addresses of this machine will do: in the demonstration alone.
    pub loopback: bool,
    /// Which entity is meant, where the metadata have several.
    pub entity: Option<String>,
    /// Where the metadata were fetched and are fetched again; without it they are an operator's file.
    pub source: Option<SamlSource>,
}

/// A service that was registered.
#[derive(Debug)]
pub struct SamlRegistered {
    /// Its entity ID.
    pub entity_id: String,
    /// What it will receive, by the attributes' names.
    pub receives: Vec<&'static str>,
    /// What it will receive if the person ticks it, in the same way.
    pub may_receive: Vec<&'static str>,
    /// What the operator should hear of, each with its line.
    pub warnings: Vec<String>,
}

/// As it rests.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) xml: String,
    pub(super) loopback: bool,
    /// Which entity of it, where it has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entity: Option<String>,
    /// Until when it is believed, in seconds since the epoch, if it was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) good_until: Option<i64>,
}

/// A registered service, read. Cheap to clone.
#[derive(Clone)]
pub(in crate::edge) struct SamlService {
    pub(super) service: Service,
    pub(super) entity: Arc<EntityDescriptor>,
    pub(super) sp: Arc<SpDescriptor>,
    /// Until when its metadata are believed; an operator's file is good until it is replaced.
    pub(super) good_until: Option<Timestamp>,
}

impl SamlService {
    /// The keys that its messages are checked with.
    pub(super) fn keys(&self) -> Vec<VerifyingKey> {
        self.sp.role.signing().map(|certificate| certificate.key().clone()).collect()
    }

    /// Whether its metadata were fetched and could not be fetched again in time.
    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.good_until.is_some_and(|until| until <= now)
    }

    /// What a request asks for: the items that its metadata asks for, and what the person's name itself tells.
    pub(super) fn asked(&self, reply: &Reply) -> Disclosure {
        let items = release::items(&self.entity, &self.sp, reply.attributes);
        let wished = release::wished(&self.entity, &self.sp, reply.attributes);
        let named = match reply.name {
            NameKind::Transient => None,
            NameKind::Persistent => Some(Datum::Identifier),
            NameKind::EmailAddress => Some(Datum::Email),
        };
        let data = |item: &Item| item.data().iter().copied();
        let required = items.iter().filter(|item| !wished.contains(item)).flat_map(data).chain(named).collect();
        let wished = wished.iter().flat_map(data).collect();
        Disclosure::new(&required, &wished, self.service.terms.basis)
    }

    /// Why it asks for all that a request asks for: what its metadata say of the list (`ServiceDescription`).
    pub(in crate::edge) fn purpose(&self, reply: &Reply) -> Option<Purpose> {
        let descriptions = &self.sp.attribute_consumer(reply.attributes)?.descriptions;
        let of = |lang: Lang| {
            let described = descriptions.iter().find(|text| Lang::from_tag(&text.language) == Some(lang))?;
            Some(described.text.as_str())
        };
        Purpose::described(of(Lang::Hu), of(Lang::En))
    }

    /// Whether what a request asked for is registered (still): the address of the answer, the kind of name, the
    /// list of attributes.
    pub(super) fn admits(&self, reply: &Reply) -> bool {
        let is_consumer = |consumer: &IndexedEndpoint| {
            consumer.location == reply.consumer && AnswerBinding::of(consumer.binding) == Some(reply.binding)
        };
        self.sp.assertion_consumers.iter().any(is_consumer)
            && (reply.name != NameKind::EmailAddress || self.may_have_email())
            && (reply.attributes.is_none() || self.sp.attribute_consumer(reply.attributes).is_some())
    }

    /// Whether it may receive the e-mail address: it says so in its metadata, which the operator registered.
    pub(super) fn may_have_email(&self) -> bool {
        self.sp.role.name_id_formats.contains(&NameIdFormat::EmailAddress) || release::asks_for_email(&self.sp)
    }
}

/// Why metadata is not registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum MetadataRefusal {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error("the metadata has {0} entities; name the one that is meant")]
    Entities(usize),
    #[error("the metadata has no entity {0}")]
    NoEntity(String),
    #[error("the metadata is fetched and says of the entity no validUntil")]
    NoValidUntil,
    #[error("the entity is no service: it has no SPSSODescriptor")]
    NoService,
    #[error("no AssertionConsumerService takes HTTP-POST or HTTP-Artifact")]
    NoConsumer,
    #[error("the entity ID or an AssertionConsumerService's Location has a space or a character beyond ASCII")]
    Characters,
    #[error("no key for encryption is an RSA key; what is to be encrypted is not sent in clear")]
    Encryption,
    #[error(
        "the service requires subject-id, which is the same for all services and is given to none; it may require \
         pairwise-id"
    )]
    SubjectId,
}

/// Metadata that can be registered.
pub(super) struct Registrable {
    pub(super) service: SamlService,
    /// What it would receive, by the attributes' names.
    pub(super) receives: Vec<&'static str>,
    /// What it would receive if the person ticks it, in the same way.
    pub(super) may_receive: Vec<&'static str>,
    pub(super) warnings: Vec<Warning>,
    /// What was signed of it, if its signature was checked.
    pub(super) verified: Option<String>,
    /// How long it is good, if it was fetched.
    pub(super) freshness: Option<Freshness>,
}

/// The one judgement of a service's metadata: it is registered if this gives it, at that instant.
pub(super) fn registrable(xml: &[u8], options: &SamlOptions, now: Timestamp) -> Result<Registrable, MetadataRefusal> {
    let signers = options.source.as_ref().map(SamlSource::keys).unwrap_or_default();
    let trust = if signers.is_empty() { Trust::Bearer } else { Trust::SignedBy(&signers) };
    let reading = reading(options.loopback, trust, now.seconds());
    let read = match &options.entity {
        None => reading.read(xml)?,
        Some(id) => reading.read_entity(xml, id)?.ok_or_else(|| MetadataRefusal::NoEntity(id.clone()))?,
    };
    let [mut entity] =
        <[EntityDescriptor; 1]>::try_from(read.entities).map_err(|all| MetadataRefusal::Entities(all.len()))?;
    let freshness = if options.source.is_some() {
        let until = Timestamp::from_seconds(entity.valid_until.ok_or(MetadataRefusal::NoValidUntil)?);
        Some(Freshness::of(until, entity.cache_duration, now))
    } else {
        None
    };
    let sp = entity.sp.take().ok_or(MetadataRefusal::NoService)?;
    if sp.default_consumer(&[Binding::Post, Binding::Artifact]).is_none() {
        return Err(MetadataRefusal::NoConsumer);
    }
    let is_printable = |text: &str| text.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
    let mut locations = sp.assertion_consumers.iter().map(|consumer| consumer.location.as_str());
    if !is_printable(&entity.entity_id) || !locations.all(is_printable) {
        return Err(MetadataRefusal::Characters);
    }
    let encrypts = sp.role.keys.iter().any(|key| key.usage == Some(KeyUsage::Encryption));
    if encrypts && sp.role.encryption().is_none() {
        return Err(MetadataRefusal::Encryption);
    }
    if SubjectIdRequirement::of(&entity) == Some(SubjectIdRequirement::SubjectId) {
        return Err(MetadataRefusal::SubjectId);
    }
    let service = service_of(&entity, &sp, options.terms.over(ServiceTerms::default()));
    let (receives, may_receive) = release::names(&entity, &sp, None);
    let good_until = freshness.map(|freshness| freshness.good_until);
    let service = SamlService { service, entity: Arc::new(entity), sp: Arc::new(sp), good_until };
    Ok(Registrable { service, receives, may_receive, warnings: read.warnings, verified: read.verified, freshness })
}

impl Broker {
    /// Registers a service from its SAML metadata.
    ///
    /// # Errors
    ///
    /// [`RegisterError::Metadata`] with the line and what is wrong; [`RegisterError::Known`] and
    /// [`RegisterError::OtherProtocol`].
    pub async fn register_saml_service(
        &self,
        xml: &[u8],
        options: &SamlOptions,
        replacing: Replacing,
    ) -> Result<SamlRegistered, RegisterError> {
        let refused = |reason: String| RegisterError::Metadata(reason);
        let read = registrable(xml, options, self.now()).map_err(|refusal| refused(refusal.to_string()))?;
        let stored = source::stored_as(xml, &read, options);
        let (metadata, due_at) = stored.ok_or_else(|| refused(source::UNSTORABLE.to_owned()))?;
        let entity_id = read.service.entity.entity_id.clone();
        let service = read.service.service;
        let record = ClientRecord { service, protocol: Protocol::Saml, metadata, state: ClientState::Enabled };
        let read_again = match options.source.as_ref().zip(due_at) {
            Some((source, due_at)) => Op::PutMetadataSource(source.record(record.service.id.clone(), due_at)),
            None => Op::DropMetadataSource { client: record.service.id.clone() },
        };
        let stated = Statement { terms: options.terms, purposes: options.purposes.clone() };
        self.register("service.registered", record, stated, replacing, [read_again]).await?;
        let warnings = read.warnings.iter().map(ToString::to_string).collect();
        Ok(SamlRegistered { entity_id, receives: read.receives, may_receive: read.may_receive, warnings })
    }

    /// The enabled service with that entity ID that speaks SAML, if its metadata are believed now.
    pub(in crate::edge) async fn saml_service(&self, entity_id: &str) -> Result<Option<SamlService>, Fault> {
        let registered = self.registered_saml_service(entity_id).await?;
        Ok(registered.filter(|service| !service.is_expired(self.now())))
    }

    /// The same, even if its metadata have expired.
    pub(super) async fn registered_saml_service(&self, entity_id: &str) -> Result<Option<SamlService>, Fault> {
        const UNREADABLE: Fault = Fault::Damaged("service registration");
        // No registration has another character, and not every database takes every one.
        if entity_id.len() > saml::URI_BYTES_MAX || entity_id.bytes().any(|byte| !(0x20..=0x7e).contains(&byte)) {
            return Ok(None);
        }
        let Some(record) = self.enabled_client(&ServiceId::new(entity_id)).await? else { return Ok(None) };
        if record.protocol != Protocol::Saml {
            return Ok(None);
        }
        if let Some(kept) = self.0.saml_services.get(&record) {
            return Ok(Some(kept));
        }
        let stored: Stored = serde_json::from_str(&record.metadata).map_err(|_| UNREADABLE)?;
        // Who signed it and whether it has expired was judged when it was registered.
        let (reading, xml) = (reading(stored.loopback, Trust::Bearer, i64::MIN), stored.xml.as_bytes());
        let read = match &stored.entity {
            None => reading.read(xml).map_err(|_| UNREADABLE)?,
            Some(id) => reading.read_entity(xml, id).ok().flatten().ok_or(UNREADABLE)?,
        };
        let mut entity = read.entities.into_iter().next().ok_or(UNREADABLE)?;
        let sp = entity.sp.take().ok_or(UNREADABLE)?;
        let good_until = stored.good_until.map(Timestamp::from_seconds);
        let (entity, sp) = (Arc::new(entity), Arc::new(sp));
        let service = SamlService { service: record.service.clone(), entity, sp, good_until };
        self.0.saml_services.keep(record, service.clone());
        Ok(Some(service))
    }
}

fn reading(loopback: bool, trust: Trust<'_>, now: i64) -> MetadataReading<'_> {
    let loopback = if loopback { Loopback::Allowed } else { Loopback::Refused };
    MetadataReading { loopback, trust, now }
}

/// What pages and policy need to know of it.
fn service_of(entity: &EntityDescriptor, sp: &SpDescriptor, terms: ServiceTerms) -> Service {
    let ui = &sp.role.ui;
    let named = |language| {
        let of_consumer = || sp.attribute_consumer(None).and_then(|consumer| in_language(&consumer.names, language));
        let of_organization = || {
            let organization = entity.organization.as_ref()?;
            in_language(&organization.display_names, language)
        };
        let host = || entity.entity_id.split("://").last().and_then(|rest| rest.split(['/', ':']).next());
        let shown = in_language(&ui.display_names, language).or_else(of_consumer).or_else(of_organization);
        shown.or_else(host).unwrap_or(&entity.entity_id).to_owned()
    };
    let (name_hu, name_en) = (named("hu"), named("en"));
    let consumer = sp.assertion_consumers.first().map(|consumer| consumer.location.as_str()).unwrap_or_default();
    let home = in_language(&ui.information_urls, "hu").map_or_else(|| origin_of(consumer), str::to_owned);
    Service {
        id: ServiceId::new(entity.entity_id.clone()),
        article: Article::guess(&name_hu),
        name_hu,
        name_en,
        home,
        terms,
        purposes: Purposes::default(),
    }
}

/// The page that an address's origin begins with.
fn origin_of(location: &str) -> String {
    let (scheme, rest) = location.split_once("://").unwrap_or(("https", location));
    format!("{scheme}://{}/", rest.split(['/', '?']).next().unwrap_or_default())
}
