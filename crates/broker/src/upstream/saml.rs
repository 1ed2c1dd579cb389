//! SAML 2.0 with another identity provider, by the service kit: the request, and what is believed of the answer.

use std::time::Duration;

use idp::keys::{digest_handle, digest_text};
use idp::seal::{SealedFor, open, seal};
use model::{Handle, Timestamp, limits};
use saml::NameIdFormat;
use saml::metadata::{Localized, Loopback, MetadataReading, Trust};
use service_kit::{
    IdentityProvider, KeyType, KitError, NameIdWanted, Pending, PostedResponse, RequestedAuthnContext, ResponseError,
    Service, ServiceConfig, ServiceKeys, SignIn, SignatureAlgorithm, SignedIn, StoredKey, SubjectIdRequirement,
    WantedContext, whatever_named,
};
use store::record::{UpstreamKeyPurpose, UpstreamKeyRecord, UpstreamRequestRecord};
use store::{Change, Committed, Op};

use super::ask::{Wanted, upstream_audit};
use super::provider::Down;
use super::{Answered, Asked, Identity, Outcome, Resting, Upstream, UpstreamProtocol};
use crate::{Broker, Fault, Parts, audit};

/// The end of the address where responses are posted.
const ACS: &str = "acs";
/// The end of the address of our metadata for a provider, which is our entity ID there.
const METADATA: &str = "metadata";
/// The longest name of a person that is kept, in bytes.
const NAME_BYTES_MAX: usize = 512;
/// The kind under which assertions are kept that were used.
const ONCE: &str = "upstream-assertion";

const UNREADABLE: Fault = Fault::Damaged("upstream key");

/// A file is no metadata of one identity provider. In one sentence, for an operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SamlMetadataError(String);

impl UpstreamProtocol {
    /// A provider of SAML by its metadata, which an operator brought. `loopback` lets it be on this machine without TLS.
    ///
    /// # Errors
    ///
    /// [`SamlMetadataError`].
    pub fn saml(metadata: Vec<u8>, loopback: bool, now: Timestamp) -> Result<Self, SamlMetadataError> {
        let reading = MetadataReading { loopback: reach(loopback), trust: Trust::Bearer, now: now.seconds() };
        let read = reading.read(&metadata).map_err(|error| SamlMetadataError(format!("the metadata: {error}")))?;
        let mut entities = read.entities.into_iter().filter(|entity| entity.idp.is_some());
        let (Some(entity), None) = (entities.next(), entities.next()) else {
            return Err(SamlMetadataError("the metadata describes not exactly one identity provider".to_owned()));
        };
        let protocol = Self::Saml { entity_id: entity.entity_id, metadata, loopback };
        protocol.identity_provider(now).map_err(|error| SamlMetadataError(error.to_string()))?;
        Ok(protocol)
    }

    /// The provider as its metadata has it, if that still holds.
    fn identity_provider(&self, now: Timestamp) -> Result<IdentityProvider, KitError> {
        match self {
            Self::Saml { entity_id, metadata, loopback } => {
                IdentityProvider::read(metadata, entity_id, reach(*loopback), now.seconds())
            }
            Self::OpenIdConnect { issuer, .. } => Err(KitError::OtherEntity(issuer.clone())),
        }
    }
}

const fn reach(loopback: bool) -> Loopback {
    if loopback { Loopback::Allowed } else { Loopback::Refused }
}

/// Our keys as a service, as they rest.
pub(crate) struct StoredKeys {
    signing: StoredKey,
    decryption: StoredKey,
}

impl StoredKeys {
    /// Reads them, and makes those that are missing.
    pub(crate) async fn load(parts: &Parts) -> Result<Self, Fault> {
        for purpose in [UpstreamKeyPurpose::Signing, UpstreamKeyPurpose::Decryption] {
            if !parts.store.upstream_keys().await?.iter().any(|record| record.purpose == purpose) {
                make(parts, purpose).await?;
            }
        }
        let records = parts.store.upstream_keys().await?;
        let key = |purpose| {
            let record = records.iter().find(|record| record.purpose == purpose).ok_or(UNREADABLE)?;
            let private = open(&parts.keys, &place(purpose), &record.sealed)?;
            Ok::<_, Fault>(StoredKey {
                algorithm: SignatureAlgorithm::RsaSha256,
                private_key: private.expose().clone().into(),
                certificate: record.certificate.clone(),
            })
        };
        Ok(Self { signing: key(UpstreamKeyPurpose::Signing)?, decryption: key(UpstreamKeyPurpose::Decryption)? })
    }
}

/// Makes a key and stores it; another node that was faster keeps its own.
async fn make(parts: &Parts, purpose: UpstreamKeyPurpose) -> Result<(), Fault> {
    let now = parts.clock.now();
    let common_name: String = parts.endpoints.host().chars().take(64).collect();
    let mut fill = |octets: &mut [u8]| parts.random.fill(octets);
    let key = StoredKey::draw(KeyType::Rsa2048, &common_name, now.seconds(), &mut fill)
        .map_err(|_| Fault::Damaged("key generation"))?;
    let sealed = seal(&parts.keys, &*parts.random, &place(purpose), &key.private_key);
    let record = UpstreamKeyRecord { purpose, sealed, certificate: key.certificate };
    let change = Change::new(audit(now, "upstream.key-made")).with(Op::PutUpstreamKey(record));
    let _: Committed = parts.store.commit(change).await?;
    Ok(())
}

fn place(purpose: UpstreamKeyPurpose) -> SealedFor<'static> {
    let owner = match purpose {
        UpstreamKeyPurpose::Signing => "signing",
        UpstreamKeyPurpose::Decryption => "decryption",
    };
    SealedFor { table: "upstream_key", owner, purpose: "private key" }
}

impl Broker {
    /// Ourselves as the service of a provider: an entity ID and an address for responses of its own for each.
    fn service_of(&self, upstream: &Upstream) -> Result<Service, Fault> {
        let stored = self.0.upstream_keys.as_ref().ok_or(UNREADABLE)?;
        let text = |language: &str, text: &String| Localized { language: language.to_owned(), text: text.clone() };
        let both = |[hu, en]: &[String; 2]| vec![text("hu", hu), text("en", en)];
        let about = &self.saml_endpoints().about;
        let names = &upstream.attributes;
        let asked =
            [(&names.family_name, "familyName"), (&names.given_name, "givenName"), (&names.birth_date, "birthDate")];
        let attributes = asked.into_iter().filter_map(|(name, friendly)| {
            Some(service_kit::Asked::Optional(whatever_named(name.as_deref()?, friendly)))
        });
        Ok(Service::new(ServiceConfig {
            entity_id: self.upstream_address(upstream, METADATA),
            acs_url: self.upstream_address(upstream, ACS),
            slo_url: None,
            slo_soap_url: None,
            keys: ServiceKeys::read(&stored.signing, &stored.decryption).map_err(|_| UNREADABLE)?,
            names: both(&about.name),
            descriptions: both(&about.description),
            identifier: SubjectIdRequirement::PairwiseId,
            attributes: attributes.collect(),
        }))
    }

    /// What we tell a provider of SAML of ourselves.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] when there is no such provider, or it speaks another language.
    pub fn upstream_metadata(&self, id: &str) -> Result<String, Fault> {
        let upstream = self.upstream(id).ok_or(Fault::NoJourney)?;
        let UpstreamProtocol::Saml { .. } = upstream.protocol else { return Err(Fault::NoJourney) };
        let mut fill = |octets: &mut [u8]| self.random().fill(octets);
        self.service_of(upstream)?.metadata(&mut fill).map_err(|_| Fault::Damaged("upstream metadata"))
    }

    /// The address with the authentication request, and its ID.
    pub(super) fn saml_request(
        &self,
        upstream: &Upstream,
        wanted: &Wanted<'_>,
    ) -> Result<Result<(String, String), Down>, Fault> {
        let now = self.now();
        let idp = match upstream.protocol.identity_provider(now) {
            Ok(idp) => idp,
            Err(reason) => {
                tracing::warn!(upstream = upstream.id, %reason, "an identity provider cannot be used");
                return Ok(Err(Down));
            }
        };
        let mut fill = |octets: &mut [u8]| self.random().fill(octets);
        let sign_in = asked_of(upstream, wanted.asked.anew);
        let relay_state = Some(wanted.handle.expose());
        let started = self.service_of(upstream)?.sign_in(&idp, &sign_in, relay_state, now.seconds(), &mut fill);
        let started = started.map_err(|_| Fault::Damaged("upstream request"))?;
        Ok(Ok((started.location, started.request_id)))
    }

    /// Takes a response that a browser posted. It comes from another site, so without our cookies: what it says is put
    /// aside under a new handle, which the browser that began has to bring (`decisions.md` section 6).
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] when it answers nothing, or another than was asked sends it.
    pub async fn upstream_response(&self, id: &str, body: &str) -> Result<Handle, Fault> {
        let upstream = self.upstream(id).ok_or(Fault::NoJourney)?;
        let UpstreamProtocol::Saml { .. } = upstream.protocol else { return Err(Fault::NoJourney) };
        let posted = PostedResponse::read(body).map_err(|_| Fault::NoJourney)?;
        let handle = posted.relay_state().and_then(Handle::parse).ok_or(Fault::NoJourney)?;
        let now = self.now();
        let digest = digest_handle(&handle);
        let stored = self.store().upstream_request(&digest, now).await?.ok_or(Fault::NoJourney)?;
        let Resting::Asked(asked) = Resting::read(&stored)? else { return Err(Fault::NoJourney) };
        let taken = Op::TakeUpstreamRequest { digest, at: now };
        if asked.upstream != upstream.id {
            let change = Change::new(upstream_audit(now, "upstream.mixed-up", upstream)).with(taken);
            let _: Committed = self.store().commit(change).await?;
            return Err(Fault::NoJourney);
        }
        let (outcome, used) = match self.response_of(upstream, &posted, &asked)? {
            Ok((identity, once)) => (Outcome::Identified(identity), Some(once)),
            Err(KitError::Response(ResponseError::Status(_))) => (Outcome::Declined, None),
            Err(reason) => {
                let code = reason.code();
                tracing::warn!(upstream = upstream.id, code, "the answer of an identity provider is refused");
                (Outcome::Refused, None)
            }
        };
        let fresh = Handle::draw(self.random());
        let Asked { upstream: id, login, browser, .. } = asked;
        let request = Resting::Answered(Answered { upstream: id, login, browser, outcome }).write()?;
        let expires_at = now + limits::UPSTREAM_ANSWER;
        let record = UpstreamRequestRecord { digest: digest_handle(&fresh), request, expires_at };
        let change = Change::new(upstream_audit(now, "upstream.responded", upstream))
            .with(taken)
            .with_all(used)
            .with(Op::PutUpstreamRequest(record));
        match self.store().commit(change).await? {
            Committed::Done => Ok(fresh),
            Committed::Refused(_) => Err(Fault::NoJourney),
        }
    }

    /// Who signed in, and the write that uses the assertion up.
    fn response_of(
        &self,
        upstream: &Upstream,
        posted: &PostedResponse,
        asked: &Asked,
    ) -> Result<Result<(Identity, Op), KitError>, Fault> {
        let now = self.now();
        let service = self.service_of(upstream)?;
        let request_id = asked.request_id.as_deref().ok_or(Fault::NoJourney)?;
        let sign_in = asked_of(upstream, asked.anew);
        let pending = Pending { request_id, sign_in: &sign_in, begun: asked.begun.seconds() };
        let taken = upstream
            .protocol
            .identity_provider(now)
            .and_then(|idp| service.take_response(&idp, posted, &pending, now.seconds()))
            .and_then(|person| Ok((identity(upstream, asked, &person, now)?, person)));
        Ok(taken.map(|(identity, person)| {
            let digest = digest_text(&format!("{}\n{}", upstream.issuer(), person.assertion_id));
            let left = Duration::from_secs(u64::try_from(person.use_until.saturating_sub(now.seconds())).unwrap_or(0));
            (identity, Op::UseOnce { kind: ONCE, digest, expires_at: now + left.min(limits::TRANSACTION) })
        }))
    }
}

/// What is asked of a sign-in there, and is to be found in the response.
fn asked_of(upstream: &Upstream, anew: bool) -> SignIn {
    let classes: Vec<&str> = upstream.contexts.iter().map(String::as_str).collect();
    let context = (!classes.is_empty()).then(|| WantedContext {
        requested: RequestedAuthnContext::exact(&classes),
        accepted: upstream.contexts.clone(),
    });
    SignIn { force_authn: anew, is_passive: false, context, name_id_format: NameIdWanted::Persistent }
}

/// Who it is, by a name that stays: one that changes with the session names nobody.
fn identity(upstream: &Upstream, asked: &Asked, person: &SignedIn, now: Timestamp) -> Result<Identity, KitError> {
    let subject = match (&person.pairwise_id, &person.name_id.format) {
        (Some(pairwise), _) => format!("pairwise-id {pairwise}"),
        (None, NameIdFormat::Persistent) => format!("persistent {}", person.name_id.value),
        (None, _) => return Err(KitError::Unusable("name of the person that stays")),
    };
    if subject.len() > NAME_BYTES_MAX {
        return Err(KitError::Unusable("name of the person that is short enough"));
    }
    let at = Timestamp::from_seconds(person.authn_instant).min(now);
    // The skew is the kit's.
    if person.authn_instant + service_kit::CLOCK_SKEW < asked.authenticated_since.seconds() {
        return Err(KitError::Time);
    }
    let at = if asked.anew { at.max(asked.begun) } else { at };
    let stated = upstream.attributes.stated(|name| person.attribute(name).map(str::to_owned));
    Ok(Identity { subject, at, stated })
}
