//! Services whose metadata are fetched: believed by signature or by TLS, read again when they are due, and kept when
//! they cannot be.

use std::sync::Mutex;
use std::time::Duration;

use broker::{MetadataFetcher, RegisterError, Replacing, SamlOptions, SamlSource};
use data_encoding::BASE64;
use model::{Clock as _, Lang, Level, ServiceId, StatedTerms};
use saml::Signer;
use store::Op;
use store::record::{ClientRecord, ClientState};
use testkit::Installation;
use xmlsec::{KeyType, SigningKey};

use super::service::{KEYS, Service, by_redirect, certificate_of};

const URL: &str = "https://feed.pelda.hu/metadata";
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// What stands at [`URL`] now, and how often it was asked for.
struct Feed {
    document: Result<String, String>,
    asked: Mutex<u32>,
}

impl Feed {
    fn with(document: impl Into<String>) -> Self {
        Self { document: Ok(document.into()), asked: Mutex::new(0) }
    }

    fn down() -> Self {
        Self { document: Err("the server cannot be reached".to_owned()), asked: Mutex::new(0) }
    }

    /// Lets what is due be read, and says how often it was asked.
    async fn read_by(&self, gate: &Installation) -> u32 {
        gate.broker.refresh_metadata(self).await.unwrap();
        *self.asked.lock().unwrap()
    }
}

#[async_trait::async_trait]
impl MetadataFetcher for Feed {
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        assert_eq!(url, URL);
        *self.asked.lock().unwrap() += 1;
        self.document.clone().map(String::into_bytes)
    }
}

/// A service's metadata, good for so long; with an address more if it is the later one.
fn metadata(gate: &Installation, good_for: Duration, is_later: bool) -> Service {
    let mut service = Service::usual("sp.pelda.hu");
    service.entity.valid_until = Some((gate.clock.now() + good_for).seconds());
    service.sp().authn_requests_signed = is_later;
    service
}

fn written(service: &Service) -> String {
    service.entity.write("_metadata", None).unwrap()
}

fn signed(service: &Service, key: &SigningKey) -> String {
    service.entity.write("_metadata", Some(&Signer { key, certificate: None })).unwrap()
}

fn pem(key: &SigningKey) -> String {
    let text = BASE64.encode(certificate_of(key).der());
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

async fn register(gate: &Installation, xml: &str, entity: Option<&str>, pinned: Option<&str>) -> Result<(), String> {
    let terms = StatedTerms { min_level: Some(Level::Two), ..StatedTerms::default() };
    let purposes = Some(broker::read_purposes("{\"email\": {\"hu\": \"Értesítés\"}}".as_bytes()).unwrap());
    let source = Some(SamlSource::new(URL, pinned).unwrap());
    let options = SamlOptions { terms, purposes, entity: entity.map(str::to_owned), source, loopback: false };
    match gate.broker.register_saml_service(xml.as_bytes(), &options, Replacing::Allowed).await {
        Ok(_) => Ok(()),
        Err(RegisterError::Metadata(reason)) => Err(reason),
        Err(other) => panic!("{other}"),
    }
}

/// Whether an unsigned request is answered with the sign-in page.
async fn takes_unsigned(gate: &Installation, service: &Service, id: &str) -> bool {
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(&by_redirect(&service.request(gate, id), None, None)).await.status == 200
}

#[tokio::test]
async fn metadata_are_read_again_when_they_are_due_and_change_nothing_else() {
    let gate = Installation::start().await;
    let service = metadata(&gate, DAY * 14, false);
    register(&gate, &written(&service), None, None).await.unwrap();
    assert!(takes_unsigned(&gate, &service, "_a").await);
    let record = async || gate.store.client(&ServiceId::new(service.id())).await.unwrap().unwrap();
    let before = record().await;
    assert_eq!(before.service.terms.min_level, Some(Level::Two));

    let later = Feed::with(written(&metadata(&gate, DAY * 20, true)));
    assert_eq!(later.read_by(&gate).await, 0, "it was fetched just now");
    gate.clock.pass(DAY.saturating_sub(Duration::from_secs(1)));
    assert_eq!(later.read_by(&gate).await, 0);
    gate.clock.pass(Duration::from_secs(1));
    assert_eq!(later.read_by(&gate).await, 1);
    assert_eq!(later.read_by(&gate).await, 1, "due again a day later");
    assert!(!takes_unsigned(&gate, &service, "_b").await, "it says now that it signs");
    let after = record().await;
    assert_eq!((after.service.terms, after.state), (before.service.terms, before.state));
    assert_eq!(after.service.purposes, before.service.purposes);
    assert!(!after.service.purposes.is_empty());

    // What an operator switched off stays so.
    let disabled = ClientRecord { state: ClientState::Disabled, ..after };
    gate.write(Op::ReplaceClient(disabled)).await;
    gate.clock.pass(DAY);
    assert_eq!(later.read_by(&gate).await, 2);
    assert_eq!(record().await.state, ClientState::Disabled);
}

#[tokio::test]
async fn what_cannot_be_had_or_is_refused_leaves_the_last_good_metadata_until_they_expire() {
    let gate = Installation::start().await;
    let service = metadata(&gate, DAY * 2, false);
    register(&gate, &written(&service), None, None).await.unwrap();
    gate.clock.pass(DAY);
    let bad = written(&metadata(&gate, DAY * 20, true));
    let insecure = bad.replace("https://sp.pelda.hu/acs", "http://sp.pelda.hu/acs");
    let wildcard = bad.replace("https://sp.pelda.hu/acs", "https://sp.pelda.hu/*");
    let other = bad.replace("entityID=\"https://sp.pelda.hu/saml\"", "entityID=\"https://masik.pelda.hu/saml\"");
    let unlimited = {
        let mut service = metadata(&gate, DAY, true);
        service.entity.valid_until = None;
        written(&service)
    };
    let expired = {
        let mut service = metadata(&gate, DAY, true);
        service.entity.valid_until = Some(gate.clock.now().seconds());
        written(&service)
    };
    let refused = [insecure, wildcard, other, unlimited, expired, "<html>".to_owned(), "x".repeat(1024 * 1024 + 1)];
    let mut hours = 0;
    for document in refused.map(Feed::with).into_iter().chain([Feed::down()]) {
        assert_eq!(document.read_by(&gate).await, 1, "{hours}");
        assert_eq!(document.read_by(&gate).await, 1, "tried again an hour later");
        assert!(takes_unsigned(&gate, &service, &format!("_h{hours}")).await, "the last good ones hold");
        gate.clock.pass(HOUR);
        hours += 1;
    }
    gate.clock.pass(DAY.saturating_sub(HOUR * hours + Duration::from_secs(1)));
    assert!(takes_unsigned(&gate, &service, "_last").await);
    gate.clock.pass(Duration::from_secs(1));
    assert!(!takes_unsigned(&gate, &service, "_over").await, "expired");
    let events = gate.store.committed();
    assert_eq!((events["metadata.refused"], events["metadata.unreachable"]), (7, 1));

    let good = Feed::with(written(&metadata(&gate, DAY * 20, false)));
    assert_eq!(good.read_by(&gate).await, 1);
    assert!(takes_unsigned(&gate, &service, "_again").await);
}

#[tokio::test]
async fn a_pinned_feed_is_believed_by_its_signature_alone() {
    let gate = Installation::start().await;
    let service = metadata(&gate, DAY * 14, false);
    let (pinned, foreign) = (pem(&KEYS.signing), SigningKey::generate(KeyType::Rsa2048).unwrap());
    let refused = register(&gate, &written(&service), None, Some(&pinned)).await.unwrap_err();
    assert_eq!(refused, "the metadata is not signed");
    assert!(register(&gate, &signed(&service, &foreign), None, Some(&pinned)).await.is_err());
    let changed = signed(&service, &KEYS.signing).replace("/acs", "/acs2");
    assert!(register(&gate, &changed, None, Some(&pinned)).await.is_err());
    register(&gate, &signed(&service, &KEYS.signing), None, Some(&pinned)).await.unwrap();
    assert!(takes_unsigned(&gate, &service, "_a").await);

    let rests = gate.store.client(&ServiceId::new(service.id())).await.unwrap().unwrap().metadata;
    assert!(!rests.contains("SignatureValue"), "what rests is what was hashed, without the signature");

    gate.clock.pass(DAY);
    let later = metadata(&gate, DAY * 14, true);
    for unsigned in [written(&later), signed(&later, &foreign)] {
        assert_eq!(Feed::with(unsigned).read_by(&gate).await, 1);
        gate.clock.pass(HOUR);
    }
    assert!(takes_unsigned(&gate, &service, "_b").await);
    assert_eq!(Feed::with(signed(&later, &KEYS.signing)).read_by(&gate).await, 1);
    assert!(!takes_unsigned(&gate, &service, "_c").await, "the signed one was taken");
}

#[tokio::test]
async fn one_entity_of_a_feed_is_picked_by_its_id_and_a_file_is_not_read_again() {
    let gate = Installation::start().await;
    let service = metadata(&gate, DAY * 14, false);
    let other = written(&Service::usual("masik.pelda.hu")).replace("https://masik.pelda.hu/acs", "http://masik/acs");
    let group = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{other}{}</md:EntitiesDescriptor>",
        written(&service)
    );
    let absent = register(&gate, &group, Some("https://senki.pelda.hu"), None).await.unwrap_err();
    assert_eq!(absent, "the metadata has no entity https://senki.pelda.hu");
    register(&gate, &group, Some(service.id()), None).await.unwrap();
    assert!(takes_unsigned(&gate, &service, "_a").await);
    gate.clock.pass(DAY);
    assert_eq!(Feed::with(group.replace("/acs\"", "/acs/uj\"")).read_by(&gate).await, 1);
    let metadata = gate.store.client(&ServiceId::new(service.id())).await.unwrap().unwrap().metadata;
    assert!(metadata.contains("/acs/uj"));

    // An operator's file takes the place of the source.
    Service::usual("sp.pelda.hu").register(&gate).await;
    gate.clock.pass(DAY * 60);
    assert_eq!(Feed::with(group).read_by(&gate).await, 0);
    assert!(takes_unsigned(&gate, &service, "_c").await, "a file is good until it is replaced");
}
