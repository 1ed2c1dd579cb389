//! Kapu as a SAML service: signing in by another identity provider.

use std::collections::HashMap;
use std::sync::LazyLock;

use broker::{AttributeNames, TotpKey, Upstream, UpstreamProtocol, Upstreams};
use data_encoding::BASE64;
use http::StatusCode;
use model::{Clock as _, Lang, Level, Loa};
use saml::binding::redirect;
use saml::metadata::{Endpoint, EntityDescriptor, IdpDescriptor, KeyDescriptor, KeyUsage, Loopback, MetadataReading};
use saml::metadata::{Role, Trust};
use saml::{
    Assertion, Attribute, AuthnRequest, AuthnStatement, Bearer, Binding, NameId, NameIdFormat, Recipient, Response,
    SignatureDemand, Signer, Status, StatusCode as SamlStatus, StatusReason,
};
use testkit::{Browser, Installation, KAU, Page, Settings};
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, KeyType, SigningKey};

const IDP: &str = "https://idp.pelda.hu/metadata";
const SITE: &str = "https://idp.pelda.hu";
const FAMILY_NAME: &str = "urn:oid:2.5.4.4";
const PASSWORD: &str = "zold-kapu-hazfal-42";
const CONNECT: &str = "Összekapcsolja a fiókjával?";
const CHOOSE: &str = "Hogyan szeretne belépni?";

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::Rsa2048).unwrap());
static STRANGE_KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::Rsa2048).unwrap());

fn metadata(now: i64) -> Vec<u8> {
    let request = Request { common_name: "idp", not_before: now, not_after: now + 1, serial: &[1] };
    let certificate = Certificate::parse(&self_signed(&KEY, &request).unwrap()).unwrap();
    let entity = EntityDescriptor {
        entity_id: IDP.into(),
        idp: Some(IdpDescriptor {
            role: Role {
                keys: vec![KeyDescriptor {
                    usage: Some(KeyUsage::Signing),
                    certificates: vec![certificate],
                    encryption_methods: Vec::new(),
                }],
                ..Role::default()
            },
            single_sign_on: vec![Endpoint {
                binding: Binding::Redirect,
                location: format!("{SITE}/sso"),
                response_location: None,
            }],
            ..IdpDescriptor::default()
        }),
        ..EntityDescriptor::default()
    };
    entity.write("_metadata", None).unwrap().into_bytes()
}

fn assertion(response: &mut Response) -> &mut Assertion {
    response.assertion.as_mut().unwrap()
}

struct World {
    gate: Installation,
    key: TotpKey,
    browser: Browser,
    location: String,
}

/// What a test changes in a response before it is signed.
type Change = fn(&mut Response);

impl World {
    async fn start() -> Self {
        let settings = Settings::default();
        let protocol = UpstreamProtocol::saml(metadata(settings.now.seconds()), false, settings.now).unwrap();
        let upstream = Upstream {
            id: "bme".to_owned(),
            name: ["Műegyetem".to_owned(), "University".to_owned()],
            level: Level::Two,
            loa: Loa::Substantial,
            contexts: vec!["https://refeds.org/profile/mfa".to_owned()],
            attributes: AttributeNames { family_name: Some(FAMILY_NAME.to_owned()), ..AttributeNames::default() },
            protocol,
        };
        let upstreams = Upstreams { providers: vec![upstream], ..Upstreams::none() };
        let gate = Installation::with(Settings { upstreams, ..settings }).await;
        gate.add_person("minta.anna", PASSWORD).await;
        let (key, _) = gate.enrol("minta.anna").await;
        let metadata = serde_json::json!({
            "client_id": "portal", "client_name": "portal", "redirect_uris": ["https://portal.pelda.hu/cb"],
            "token_endpoint_auth_method": "none",
        });
        gate.client(&metadata).await;
        let page = || axum::Router::new().fallback(async || "A page of somebody else.");
        let browser = gate.browser(Lang::Hu).reaching(SITE, page()).reaching("https://portal.pelda.hu", page());
        Self { gate, key, browser, location: String::new() }
    }

    /// From a portal to the identity provider.
    async fn go_elsewhere(&mut self) {
        self.gate.clock.pass(std::time::Duration::from_mins(1));
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let asked = format!(
            "{KAU}/oidc/authorize?response_type=code&client_id=portal&redirect_uri=https%3A%2F%2Fportal.pelda.hu%2Fcb\
             &scope=openid&state=s&nonce=n&code_challenge={challenge}&code_challenge_method=S256"
        );
        self.browser.visit(&asked).await;
        self.choose().await;
    }

    async fn choose(&mut self) {
        self.browser.press("Műegyetem", &[]).await;
        assert_eq!(self.browser.page().h1(), "Máshol lép be", "{}", self.browser.page().text());
        self.browser.follow_refresh().await;
        self.location = self.browser.page().url.to_string();
        assert!(self.location.starts_with(&format!("{SITE}/sso?SAMLRequest=")), "{}", self.location);
    }

    /// The request, checked by the key in our metadata; and its relay state.
    async fn asked(&self) -> (AuthnRequest, String) {
        let mut machine = self.gate.browser(Lang::Hu);
        let page = machine.visit(&format!("{KAU}/upstream/bme/metadata")).await;
        let reading =
            MetadataReading { loopback: Loopback::Allowed, trust: Trust::Bearer, now: self.gate.clock.now().seconds() };
        let entity = reading.read(page.body.as_ref()).unwrap().entities.remove(0);
        assert_eq!(entity.entity_id, format!("{KAU}/upstream/bme/metadata"));
        let role = entity.sp.unwrap().role;
        assert!(role.single_logout.is_empty());
        let keys: Vec<_> = role.signing().map(|certificate| certificate.key().clone()).collect();
        let received = redirect::decode(self.location.split_once('?').unwrap().1).unwrap();
        let request = AuthnRequest::read(&received.authenticate(&keys, SignatureDemand::Required).unwrap()).unwrap();
        (request, received.relay_state().unwrap().to_owned())
    }

    /// What the identity provider answers.
    async fn answer(&self, change: Change, key: &SigningKey) -> HashMap<&'static str, String> {
        let (request, relay_state) = self.asked().await;
        let now = self.gate.clock.now().seconds();
        let acs = format!("{KAU}/upstream/bme/acs");
        let mut response = Response {
            id: format!("_response{now}"),
            issue_instant: now,
            issuer: IDP.into(),
            destination: acs.clone(),
            in_response_to: request.id.clone(),
            status: Status::SUCCESS,
            assertion: Some(Assertion {
                id: format!("_assertion{now}"),
                issue_instant: now,
                issuer: IDP.into(),
                name_id: NameId::new(NameIdFormat::Persistent, "neptun-abc123"),
                confirmations: vec![Bearer {
                    recipient: Some(acs),
                    in_response_to: Some(request.id),
                    not_before: None,
                    not_on_or_after: Some(now + 300),
                }],
                not_before: Some(now - 60),
                not_on_or_after: Some(now + 300),
                audience_restrictions: vec![vec![format!("{KAU}/upstream/bme/metadata")]],
                authn: AuthnStatement {
                    authn_instant: now,
                    session_index: None,
                    session_not_on_or_after: None,
                    context_class: Some("https://refeds.org/profile/mfa".into()),
                    authorities: Vec::new(),
                },
                attributes: vec![Attribute {
                    name: FAMILY_NAME.into(),
                    ..Attribute::new(saml::attribute::names::MAIL, "Minta")
                }],
            }),
        };
        change(&mut response);
        let none: Option<&Recipient<'_>> = None;
        let xml = response.write(&Signer { key, certificate: None }, none, &mut |_: &mut [u8]| ()).unwrap();
        HashMap::from([("SAMLResponse", BASE64.encode(xml.as_bytes())), ("RelayState", relay_state)])
    }

    /// The browser posts it, from the identity provider's page.
    async fn post(&mut self, fields: &HashMap<&'static str, String>) -> &Page {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.browser.lured(SITE, &format!("{KAU}/upstream/bme/acs"), &fields).await
    }

    async fn come_back(&mut self, change: Change) -> &Page {
        let fields = self.answer(change, &KEY).await;
        self.post(&fields).await
    }

    /// Connects the identity, and forgets the browser.
    async fn connect(&mut self) {
        self.go_elsewhere().await;
        assert_eq!(self.come_back(|_| ()).await.h1(), CONNECT);
        self.browser.follow("Belépés és összekapcsolás").await;
        self.browser.press("Bejelentkezés", &[("Felhasználónév", "minta.anna"), ("Jelszó", PASSWORD)]).await;
        self.browser.press("Bejelentkezés", &[("Hatjegyű kód", &self.gate.code(&self.key))]).await;
        assert_eq!(self.browser.page().h1(), "Sikerült a belépés", "{}", self.browser.page().text());
        self.browser.forget_cookies();
    }
}

#[tokio::test]
async fn one_proof_by_the_owner_connects_an_identity_and_from_then_on_it_signs_in() {
    let mut world = World::start().await;
    world.connect().await;
    world.go_elsewhere().await;
    let page = world.come_back(|_| ()).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::OK, "Sikerült a belépés"), "{}", page.text());
    let told = world.gate.store.audit_tail(1000).await.unwrap();
    assert!(told.iter().any(|entry| entry.event == "login.answered" && entry.detail.contains("method=upstream_2")));
}

#[tokio::test]
async fn what_is_not_believed_leads_back_to_the_choice() {
    let mut world = World::start().await;
    world.connect().await;
    let refused = "Innen most nem tudtuk elfogadni a belépését: Műegyetem.";
    let declined = "Itt nem lépett be: Műegyetem.";
    #[rustfmt::skip]
    let table: [(&str, Change, &str); 9] = [
        ("issuer",    |response| response.issuer.push('x'),                                      refused),
        ("request",   |response| response.in_response_to.push('x'),                              refused),
        ("address",   |response| response.destination = "https://evil.pelda.hu/acs".into(),      refused),
        ("audience",  |response| assertion(response).audience_restrictions.clear(),              refused),
        ("time",      |response| assertion(response).not_on_or_after = Some(1),                  refused),
        ("context",   |response| assertion(response).authn.context_class = None,                 refused),
        ("transient", |response| assertion(response).name_id.format = NameIdFormat::Transient,   refused),
        ("too old",   |response| assertion(response).authn.authn_instant -= 9 * 3600,            refused),
        ("declined",  |response| {
            response.status = Status::refused(SamlStatus::Responder, StatusReason::AuthnFailed);
            response.assertion = None;
        }, declined),
    ];
    for (what, change, words) in table {
        world.go_elsewhere().await;
        let page = world.come_back(change).await;
        assert_eq!(page.h1(), CHOOSE, "{what}");
        assert!(page.problems().iter().any(|problem| problem.starts_with(words)), "{what}: {:?}", page.problems());
    }
    world.choose().await;
    let fields = world.answer(|_| (), &STRANGE_KEY).await;
    assert_eq!(world.post(&fields).await.h1(), CHOOSE, "another key");
    world.choose().await;
    assert_eq!(world.come_back(|_| ()).await.h1(), "Sikerült a belépés");
}

#[tokio::test]
async fn s_a_response_works_once_and_in_the_browser_that_began() {
    let mut world = World::start().await;
    world.connect().await;
    world.go_elsewhere().await;
    let fields = world.answer(|_| (), &KEY).await;
    // A stolen response in the browser of somebody else.
    let posted: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut other = world.gate.browser(Lang::Hu);
    other.visit(KAU).await;
    let page = other.lured(SITE, &format!("{KAU}/upstream/bme/acs"), &posted).await;
    assert!(page.status.is_client_error(), "{}", page.text());
    let told = world.gate.store.audit_tail(20).await.unwrap();
    assert!(told.iter().any(|entry| entry.event == "upstream.other-browser"), "{told:?}");
    // It is used up.
    assert!(world.post(&fields).await.status.is_client_error());
    // So is one that was good.
    world.go_elsewhere().await;
    let fields = world.answer(|_| (), &KEY).await;
    assert_eq!(world.post(&fields).await.h1(), "Sikerült a belépés");
    let fetched = world.browser.page().url.clone();
    assert!(world.post(&fields).await.status.is_client_error());
    assert!(world.browser.visit(fetched.as_str()).await.status.is_client_error());
}
