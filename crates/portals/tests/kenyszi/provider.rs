//! An identity provider of its own, over a real socket: what the portal must get along with, and, when a test says
//! so, what it must not believe.

use std::net::Ipv4Addr;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response as HttpResponse};
use axum::routing::get;
use data_encoding::BASE64;
use http::StatusCode;
use model::Clock;
use saml::attribute::names;
use saml::binding::redirect;
use saml::metadata::{
    Endpoint, EntityDescriptor, IdpDescriptor, KeyDescriptor, KeyUsage, Loopback, MetadataReading, Role, Scope, Trust,
};
use saml::{
    Assertion, Attribute, AuthnRequest, AuthnStatement, Bearer, Binding, Direction, LogoutRequest, LogoutResponse,
    NameId, NameIdFormat, Recipient, Response, SignatureDemand, Signer, Status,
};
use testkit::VirtualClock;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, KeyType, SigningKey, VerifyingKey};

use super::Says;

pub(crate) const APP: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp";
pub(crate) const NAME: &str = "_name-1";
pub(crate) const SESSION: &str = "session-1";

/// The identity provider's keys: in use, its successor, and a stranger's that is never published.
static KEYS: LazyLock<[SigningKey; 3]> = LazyLock::new(|| {
    let key = || SigningKey::generate(KeyType::P256).unwrap();
    [key(), key(), key()]
});
pub(crate) const STRANGER: usize = 2;

/// What the identity provider does otherwise than usual.
#[derive(Clone)]
pub(crate) struct Plan {
    /// Changes what it says.
    pub(crate) says: Says,
    /// How it writes that.
    pub(crate) writes: fn(&Response, &Pen<'_>) -> String,
    /// What becomes of its logout of other services.
    pub(crate) logout: Status,
    /// Which of the keys signs.
    pub(crate) signs: usize,
    /// Which keys are published; without any there is no metadata.
    pub(crate) published: Vec<usize>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            says: |_| {},
            writes: |response, pen| pen.encrypted(response),
            logout: Status::SUCCESS,
            signs: 0,
            published: vec![0],
        }
    }
}

/// What responses are written with.
pub(crate) struct Pen<'a> {
    pub(crate) key: &'a SigningKey,
    certificate: &'a Certificate,
    service: &'a EntityDescriptor,
}

impl Pen<'_> {
    fn signer(&self) -> Signer<'_> {
        Signer { key: self.key, certificate: Some(self.certificate) }
    }

    pub(crate) fn plain(&self, response: &Response) -> String {
        response.write(&self.signer(), None, &mut fill).unwrap()
    }

    pub(crate) fn encrypted(&self, response: &Response) -> String {
        let (certificate, transport, cipher) = self.service.sp.as_ref().unwrap().role.encryption().unwrap();
        let key = certificate.encryption_key().unwrap();
        response.write(&self.signer(), Some(&Recipient { key: &key, transport, cipher }), &mut fill).unwrap()
    }

    /// An `EncryptedAssertion` around anything.
    pub(crate) fn sealed(&self, assertion: &str) -> String {
        let (certificate, transport, cipher) = self.service.sp.as_ref().unwrap().role.encryption().unwrap();
        let key = certificate.encryption_key().unwrap();
        let data = xmlsec::encrypt(assertion.as_bytes(), &key, transport, cipher, &mut fill).unwrap();
        let namespace = "urn:oasis:names:tc:SAML:2.0:assertion";
        format!("<saml:EncryptedAssertion xmlns:saml=\"{namespace}\">{data}</saml:EncryptedAssertion>")
    }

    /// The assertion, changed before it is signed.
    pub(crate) fn changed(&self, response: &Response, from: &str, to: &str) -> String {
        let xml = unsigned(response);
        assert!(xml.contains(from), "{from} is not in {xml}");
        let assertion = self.signed(&xml.replacen(from, to, 1), "_assertion");
        envelope(response, &assertion)
    }

    /// The element with a signature behind its issuer.
    pub(crate) fn signed(&self, xml: &str, id: &str) -> String {
        let signature = self.key.enveloped(id, xml.as_bytes(), None).unwrap();
        let at = xml.find("</saml:Issuer>").unwrap() + "</saml:Issuer>".len();
        format!("{}{signature}{}", &xml[..at], &xml[at..])
    }
}

/// The assertion as it is before it is signed.
pub(crate) fn unsigned(response: &Response) -> String {
    response.assertion.as_ref().unwrap().write(None).unwrap()
}

/// A response that is not signed itself around anything.
pub(crate) fn envelope(response: &Response, content: &str) -> String {
    let signer = Signer { key: &KEYS[STRANGER], certificate: None };
    let xml = Response { assertion: None, ..response.clone() }.write(&signer, None, &mut fill).unwrap();
    let (begin, end) = (xml.find("<ds:Signature").unwrap(), "</ds:Signature>");
    let after = xml.find(end).unwrap() + end.len();
    format!("{}{}", &xml[..begin], &xml[after..]).replace("</samlp:Response>", &format!("{content}</samlp:Response>"))
}

fn fill(octets: &mut [u8]) {
    for (octet, value) in octets.iter_mut().zip((1..=u8::MAX).cycle()) {
        *octet = value;
    }
}

/// The identity provider; it runs until its runtime ends.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) origin: String,
    clock: Arc<VirtualClock>,
    certificates: Arc<Vec<Certificate>>,
    state: Arc<Mutex<Memory>>,
    /// Told when the metadata is asked for; it is not given while this is locked.
    pub(crate) asked: Arc<Notify>,
    pub(crate) silence: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Memory {
    plan: Plan,
    service: EntityDescriptor,
    request: Option<AuthnRequest>,
    logout: Option<LogoutRequest>,
    logout_response: Option<LogoutResponse>,
    fetched: usize,
}

impl Provider {
    pub(crate) async fn start(clock: Arc<VirtualClock>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://kau.localhost:{}", listener.local_addr().unwrap().port());
        let now = clock.now().seconds();
        let certificate = |key: &SigningKey| {
            let request = Request { common_name: "kau", not_before: now, not_after: now + 86_400, serial: &[1] };
            Certificate::parse(&self_signed(key, &request).unwrap()).unwrap()
        };
        let certificates = Arc::new(KEYS.iter().map(certificate).collect());
        let (state, asked, silence) = (Arc::default(), Arc::default(), Arc::default());
        let provider = Self { origin, clock, certificates, state, asked, silence };
        let router = provider.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/saml/metadata", get(metadata))
            .route("/saml/sso", get(single_sign_on))
            .route("/saml/slo", get(single_logout))
            .with_state(self.clone())
    }

    pub(crate) fn entity_id(&self) -> String {
        format!("{}/saml/metadata", self.origin)
    }

    /// Registers the service from what it says of itself.
    pub(crate) fn register(&self, xml: &str) {
        let reading = MetadataReading { loopback: Loopback::Allowed, trust: Trust::Bearer, now: 0 };
        self.state.lock().unwrap().service = reading.read(xml.as_bytes()).unwrap().entities.remove(0);
    }

    pub(crate) fn service_keys(&self) -> Vec<VerifyingKey> {
        let service = self.state.lock().unwrap().service.clone();
        service.sp.unwrap().role.signing().map(|certificate| certificate.key().clone()).collect()
    }

    pub(crate) fn plan(&self, plan: Plan) {
        self.state.lock().unwrap().plan = plan;
    }

    /// The last authentication request.
    pub(crate) fn requested(&self) -> AuthnRequest {
        self.state.lock().unwrap().request.clone().unwrap()
    }

    /// The last logout request of the service's.
    pub(crate) fn logout_requested(&self) -> LogoutRequest {
        self.state.lock().unwrap().logout.clone().unwrap()
    }

    /// The last answer of the service's to a logout request.
    pub(crate) fn logout_answered(&self) -> Option<LogoutResponse> {
        self.state.lock().unwrap().logout_response.clone()
    }

    /// How often the metadata was fetched.
    pub(crate) fn fetched(&self) -> usize {
        self.state.lock().unwrap().fetched
    }

    pub(crate) fn key(number: usize) -> &'static SigningKey {
        &KEYS[number]
    }

    fn answer(&self, request: &AuthnRequest) -> Response {
        let (now, entity_id) = (self.clock.now().seconds(), self.entity_id());
        let consumer = "http://kenyszi.localhost:8080/saml/acs".to_owned();
        let own = |path: &str, value: &str| Attribute {
            name: format!("{}{path}", self.origin),
            ..Attribute::new(names::MAIL, value)
        };
        Response {
            id: "_response".to_owned(),
            issue_instant: now,
            issuer: entity_id.clone(),
            destination: consumer.clone(),
            in_response_to: request.id.clone(),
            status: Status::SUCCESS,
            assertion: Some(Assertion {
                id: "_assertion".to_owned(),
                issue_instant: now,
                issuer: entity_id,
                name_id: NameId::new(NameIdFormat::Transient, NAME),
                confirmations: vec![Bearer {
                    recipient: Some(consumer),
                    in_response_to: Some(request.id.clone()),
                    not_before: None,
                    not_on_or_after: Some(now + 300),
                }],
                not_before: Some(now - 60),
                not_on_or_after: Some(now + 300),
                audience_restrictions: vec![vec![request.issuer.clone()]],
                authn: AuthnStatement {
                    authn_instant: now,
                    session_index: Some(SESSION.to_owned()),
                    session_not_on_or_after: Some(now + 4 * 3600),
                    context_class: Some(APP.to_owned()),
                    authorities: Vec::new(),
                },
                attributes: vec![
                    Attribute::new(names::CURRENT_FAMILY_NAME, "Kovács"),
                    Attribute::new(names::CURRENT_GIVEN_NAME, "Anna"),
                    Attribute::new(names::BIRTH_NAME, "Szabó Anna"),
                    Attribute::new(names::PLACE_OF_BIRTH, "Szeged"),
                    Attribute::new(names::DATE_OF_BIRTH, "1957-04-09"),
                    Attribute::new(names::MAIL, "anna@pelda.hu"),
                    Attribute::new(names::PAIRWISE_ID, "ANNA7@kau.localhost"),
                    own("/attributes/MothersName", "Tóth Mária"),
                    own("/attributes/LevelOfAssurance", "http://eidas.europa.eu/NotNotified/LoA/low"),
                ],
            }),
        }
    }
}

async fn metadata(State(provider): State<Provider>) -> HttpResponse {
    provider.state.lock().unwrap().fetched += 1;
    provider.asked.notify_one();
    drop(provider.silence.lock().await);
    let memory = provider.state.lock().unwrap();
    if memory.plan.published.is_empty() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let endpoint = |path: &str| Endpoint {
        binding: Binding::Redirect,
        location: format!("{}{path}", provider.origin),
        response_location: None,
    };
    let keys = memory.plan.published.iter().map(|number| KeyDescriptor {
        usage: Some(KeyUsage::Signing),
        certificates: vec![provider.certificates[*number].clone()],
        encryption_methods: Vec::new(),
    });
    let role = Role { keys: keys.collect(), single_logout: vec![endpoint("/saml/slo")], ..Role::default() };
    let entity = EntityDescriptor {
        entity_id: provider.entity_id(),
        valid_until: Some(provider.clock.now().seconds() + 7200),
        cache_duration: Some(600),
        idp: Some(IdpDescriptor {
            role,
            scopes: vec![Scope { value: "kau.localhost".to_owned(), is_regexp: false }],
            single_sign_on: vec![endpoint("/saml/sso")],
            ..IdpDescriptor::default()
        }),
        ..EntityDescriptor::default()
    };
    entity.write("_metadata", None).unwrap().into_response()
}

async fn single_sign_on(State(provider): State<Provider>, RawQuery(query): RawQuery) -> Html<String> {
    let received = redirect::decode(&query.unwrap()).unwrap();
    let authentic = received.authenticate(&provider.service_keys(), SignatureDemand::Required).unwrap();
    let request = AuthnRequest::read(&authentic).unwrap();
    let mut response = provider.answer(&request);
    let mut memory = provider.state.lock().unwrap();
    let plan = memory.plan.clone();
    (plan.says)(&mut response);
    let certificate = &provider.certificates[plan.signs];
    let pen = Pen { key: &KEYS[plan.signs], certificate, service: &memory.service };
    let value = BASE64.encode((plan.writes)(&response, &pen).as_bytes());
    memory.request = Some(request);
    Html(format!(
        "<!doctype html><html lang=\"hu\"><head><title>KAÜ</title></head><body><h1>KAÜ</h1>\
         <form method=\"post\" action=\"http://kenyszi.localhost:8080/saml/acs\">\
         <input type=\"hidden\" name=\"SAMLResponse\" value=\"{value}\"><button>Tovább</button></form></body></html>"
    ))
}

/// The service asks for a logout, or answers one.
async fn single_logout(State(provider): State<Provider>, RawQuery(query): RawQuery) -> HttpResponse {
    let received = redirect::decode(&query.unwrap()).unwrap();
    let authentic = received.authenticate(&provider.service_keys(), SignatureDemand::Required).unwrap();
    let mut memory = provider.state.lock().unwrap();
    if received.direction() == Direction::Response {
        memory.logout_response = Some(LogoutResponse::read(&authentic).unwrap());
        return Html("<!doctype html><html lang=\"hu\"><title>KAÜ</title><h1>Kilépett a KAÜ-ből</h1></html>")
            .into_response();
    }
    let request = LogoutRequest::read(&authentic, &[]).unwrap();
    let slo = "http://kenyszi.localhost:8080/saml/slo";
    let answer = LogoutResponse {
        id: "_left".to_owned(),
        issue_instant: provider.clock.now().seconds(),
        issuer: provider.entity_id(),
        destination: Some(slo.to_owned()),
        in_response_to: Some(request.id.clone()),
        status: memory.plan.logout.clone(),
    };
    memory.logout = Some(request);
    let xml = answer.write(None).unwrap();
    Redirect::to(&redirect::encode(slo, Direction::Response, &xml, None, Some(&KEYS[0])).unwrap()).into_response()
}
