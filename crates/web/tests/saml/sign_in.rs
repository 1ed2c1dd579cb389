//! A sign-in from request to assertion.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use broker::{Replacing, SamlOptions};
use http_body_util::BodyExt as _;
use model::{Clock as _, Lang, Level, ServiceTerms};
use saml::binding::artifact::{self, Artifact};
use saml::binding::soap;
use saml::metadata::{AttributeConsumer, KeyDescriptor, KeyUsage, Localized, RequestedAttribute};
use saml::{
    ArtifactResolve, ArtifactResponse, Attribute, Binding, Comparison, ContextKind, Direction, NameIdFormat,
    NameIdPolicy, Received, RequestedAuthnContext, SignatureDemand, attribute::names,
};
use testkit::{Installation, KAU};
use tower::ServiceExt as _;
use xmlsec::Certificate;

use super::service::{
    KEYS, Person, Service, agree_if_asked, by_post, by_redirect, certificate_of, idp_of, is_signed, signer, status_of,
};

const APP: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp";
const PASSWORD_PROTECTED: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

fn values(attributes: &[Attribute], name: &str) -> Vec<String> {
    attributes
        .iter()
        .filter(|attribute| attribute.name == name)
        .flat_map(|attribute| attribute.values.clone())
        .collect()
}

#[tokio::test]
async fn a_person_signs_in_and_the_service_learns_what_it_registered_for() {
    let gate = Installation::start().await;
    let mut service = Service::usual("kenyszi.pelda.hu");
    let asked = |name: names::Name| RequestedAttribute {
        attribute: Attribute { values: Vec::new(), ..Attribute::new(name, "") },
        is_required: true,
    };
    service.sp().attribute_consumers = vec![AttributeConsumer {
        index: 0,
        is_default: Some(true),
        names: vec![Localized { language: "hu".to_owned(), text: "KENYSZI".to_owned() }],
        descriptions: Vec::new(),
        requested: vec![asked(names::CURRENT_FAMILY_NAME), asked(names::DATE_OF_BIRTH), asked(names::PAIRWISE_ID)],
    }];
    let service = service.register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(&by_redirect(&service.request(&gate, "_a"), Some("vissza ide"), None)).await;
    assert!(browser.page().text().contains("KENYSZI"), "the page says who asks");
    anna.sign_in(&gate, &mut browser).await;

    let fields = service.posted(&browser);
    assert!(is_signed(&gate, &fields));
    assert!(fields.contains(&("RelayState".to_owned(), "vissza ide".to_owned())));
    let policy = browser.page().header("content-security-policy").unwrap().to_owned();
    assert!(!policy.contains("form-action") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(browser.page().buttons(), ["Tovább a KENYSZI oldalára"], "it works without its script");

    let assertion = service.answer(&gate, &browser, "_a").unwrap();
    assert_eq!(assertion.authn.context_class.as_deref(), Some(APP), "nothing was asked for, so what happened is told");
    assert_eq!(assertion.name_id.format, NameIdFormat::Transient);
    assert_eq!(values(&assertion.attributes, names::CURRENT_FAMILY_NAME.0), ["Minta"]);
    assert_eq!(values(&assertion.attributes, names::DATE_OF_BIRTH.0), ["1958-03-05"]);
    assert_eq!(values(&assertion.attributes, names::MAIL.0), [""; 0], "what was not registered is not told");
    let loa = values(&assertion.attributes, &format!("{KAU}/attributes/LevelOfAssurance"));
    assert_eq!(loa, ["http://eidas.europa.eu/NotNotified/LoA/low"]);
    let pairwise = values(&assertion.attributes, names::PAIRWISE_ID.0);
    assert!(pairwise[0].ends_with("@kau.localhost"), "{pairwise:?}");
    assert!(idp_of(&gate).idp.unwrap().has_scope("kau.localhost"));
    assert!(assertion.authn.session_index.is_some());
}

/// What node-saml and python3-saml send by default: unsigned, `PasswordProtectedTransport` exact, a name policy.
#[tokio::test]
async fn the_usual_libraries_sign_in_at_the_first_try() {
    let gate = Installation::start().await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    for (nth, format) in [NameIdFormat::EmailAddress, NameIdFormat::Unspecified].into_iter().enumerate() {
        let mut service = Service::usual(&format!("sp{nth}.pelda.hu"));
        // node-saml's own metadata names the format that it asks for.
        service.sp().role.name_id_formats = vec![format.clone()];
        let service = service.register(&gate).await;
        let mut request = service.request(&gate, "_n");
        request.protocol_binding = Some(Binding::Post.uri().to_owned());
        request.answer_to = saml::AnswerTo::Url(service.consumer(0).to_owned());
        request.name_id_policy =
            Some(NameIdPolicy { format: format.clone(), sp_name_qualifier: None, allow_create: true });
        request.authn_context = Some(RequestedAuthnContext::exact(&[PASSWORD_PROTECTED]));
        let mut browser = gate.browser(Lang::Hu);
        browser.visit(&by_redirect(&request, None, None)).await;
        anna.sign_in(&gate, &mut browser).await;
        let assertion = service.answer(&gate, &browser, "_n").unwrap();
        assert_eq!(assertion.authn.context_class.as_deref(), Some(PASSWORD_PROTECTED));
        if format == NameIdFormat::EmailAddress {
            assert_eq!((assertion.name_id.format, &*assertion.name_id.value), (format, "minta.anna@pelda.hu"));
        }
    }
}

#[tokio::test]
async fn a_request_is_posted_signed_and_what_it_brings_is_encrypted() {
    let gate = Installation::start().await;
    let mut service = Service::usual("sp.pelda.hu");
    let encryption = encryption_certificate();
    service.sp().role.keys.push(KeyDescriptor {
        usage: Some(KeyUsage::Encryption),
        certificates: vec![encryption],
        encryption_methods: Vec::new(),
    });
    service.sp().authn_requests_signed = true;
    let service = service.register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    // From the service's own page, so without our cookies.
    let fields = by_post(&service.request(&gate, "_p"), Some(&signer()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.lured("https://sp.pelda.hu", &format!("{KAU}/saml/sso"), &fields).await;
    assert_eq!(browser.page().status, 200, "{}", browser.page().text());
    anna.sign_in(&gate, &mut browser).await;
    let fields = service.posted(&browser);
    let xml = data_encoding::BASE64.decode(fields[0].1.as_bytes()).unwrap();
    assert!(String::from_utf8(xml).unwrap().contains("EncryptedAssertion"));
    assert_eq!(service.answer(&gate, &browser, "_p").unwrap().attributes.len(), 4);
}

fn encryption_certificate() -> Certificate {
    // The certificate of the key pair that decrypts; its own signature matters to nobody.
    let key = xmlsec::SigningKey::from_pkcs8_der(
        xmlsec::SignatureAlgorithm::RsaSha256,
        &KEYS.decryption.to_pkcs8_der().unwrap(),
    );
    certificate_of(&key.unwrap())
}

/// A service's request for what an artifact stands for.
fn resolve(gate: &Installation, issuer: &str, artifact: Artifact) -> ArtifactResolve {
    ArtifactResolve {
        id: "_r".to_owned(),
        issue_instant: gate.clock.now().seconds(),
        issuer: issuer.to_owned(),
        destination: Some(format!("{KAU}/saml/artifact")),
        artifact,
    }
}

async fn send(gate: &Installation, question: ArtifactResolve, signed: bool) -> (u16, Vec<u8>) {
    let by = signer();
    let message = question.write(signed.then_some(&by)).unwrap();
    let request = Request::post("/saml/artifact").header("host", "kau.localhost:8080");
    let request = request.body(Body::from(soap::envelope(&message))).unwrap();
    let response = gate.app().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

/// What the identity provider answers to it.
fn fetched(gate: &Installation, body: Vec<u8>) -> Option<Received> {
    let idp = idp_of(gate);
    let keys: Vec<_> = idp.idp.unwrap().role.signing().map(|certificate| certificate.key().clone()).collect();
    let answer = soap::decode(Direction::Response, body).unwrap().authenticate(&keys, SignatureDemand::Required);
    ArtifactResponse::read(&answer.unwrap()).unwrap().message
}

#[tokio::test]
async fn an_answer_that_nobody_fetched_goes_with_its_session() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut request = service.request(&gate, "_f");
    request.protocol_binding = Some(Binding::Artifact.uri().to_owned());
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(&by_redirect(&request, None, None)).await;
    anna.sign_in(&gate, &mut browser).await;
    let onward = browser.page().refresh().expect("the page leads on");
    let received = artifact::decode(onward.query().unwrap()).unwrap();
    browser.visit(&format!("{KAU}/kijelentkezes")).await;
    browser.press("Kijelentkezés", &[]).await;
    let (status, body) = send(&gate, resolve(&gate, service.id(), received.artifact), true).await;
    assert_eq!((status, fetched(&gate, body).is_some()), (200, false));
}

#[tokio::test]
async fn an_answer_is_fetched_with_its_artifact_once() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let other = Service::usual("masik.pelda.hu").register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut request = service.request(&gate, "_f");
    request.protocol_binding = Some(Binding::Artifact.uri().to_owned());
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(&by_redirect(&request, Some("x"), None)).await;
    anna.sign_in(&gate, &mut browser).await;
    let onward = browser.page().refresh().expect("the page leads on");
    assert!(onward.as_str().starts_with(&format!("{}?SAMLart=", service.consumer(1))), "{onward}");
    let received = artifact::decode(onward.query().unwrap()).unwrap();
    assert_eq!(received.relay_state.as_deref(), Some("x"));

    let now = gate.clock.now().seconds();
    let resolve = |issuer: &str| resolve(&gate, issuer, received.artifact);
    let ask = async |issuer: &str, signed: bool| send(&gate, resolve(issuer), signed).await;
    assert_eq!(ask(service.id(), false).await.0, 400, "whoever asks proves who it is");
    let good = || resolve(service.id());
    for (what, bad) in [
        ("elsewhere", ArtifactResolve { destination: Some(format!("{KAU}/saml/slo/soap")), ..good() }),
        ("ahead", ArtifactResolve { issue_instant: now + 181, ..good() }),
        ("late", ArtifactResolve { issue_instant: now - 181, ..good() }),
    ] {
        assert_eq!(send(&gate, bad, true).await.0, 400, "{what}");
    }
    let message = |body| fetched(&gate, body);
    let (status, body) = ask(other.id(), true).await;
    assert_eq!((status, message(body).is_some()), (200, false), "another service gets nothing");
    let (status, body) = ask(service.id(), true).await;
    assert_eq!(status, 200);
    let response = message(body).expect("the answer");
    let assertion = service.check(&gate, service.consumer(1), "_f", |check| check.check(&response)).unwrap();
    assert_eq!(assertion.authn.context_class.as_deref(), Some(APP));
    assert!(message(ask(service.id(), true).await.1).is_none(), "it is fetched once");
}

#[tokio::test]
async fn single_sign_on_answers_without_a_page_and_keeps_names_apart() {
    let gate = Installation::start().await;
    let (one, two) =
        (Service::usual("egy.pelda.hu").register(&gate).await, Service::usual("ketto.pelda.hu").register(&gate).await);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    let persistent = |service: &Service, id: &str| {
        let mut request = service.request(&gate, id);
        let format = NameIdFormat::Persistent;
        request.name_id_policy = Some(NameIdPolicy { format, sp_name_qualifier: None, allow_create: false });
        request
    };
    browser.visit(&by_redirect(&persistent(&one, "_1"), None, None)).await;
    anna.sign_in(&gate, &mut browser).await;
    let first = one.answer(&gate, &browser, "_1").unwrap();
    browser.visit(&by_redirect(&persistent(&one, "_2"), None, None)).await;
    let again = one.answer(&gate, &browser, "_2").unwrap();
    browser.visit(&by_redirect(&persistent(&two, "_3"), None, None)).await;
    agree_if_asked(&mut browser).await;
    let other = two.answer(&gate, &browser, "_3").unwrap();
    assert_eq!(first.name_id, again.name_id);
    assert_eq!(first.authn.session_index, again.authn.session_index);
    assert_ne!(first.name_id.value, other.name_id.value);
    assert_ne!(first.authn.session_index, other.authn.session_index);

    // Asked again, and with a sign-in of now.
    gate.clock.pass(Duration::from_mins(1));
    let mut forced = one.request(&gate, "_4");
    forced.force_authn = true;
    browser.visit(&by_redirect(&forced, None, None)).await;
    assert_eq!(browser.page().h1(), "Hogyan szeretne belépni?");
    anna.sign_in(&gate, &mut browser).await;
    assert!(one.answer(&gate, &browser, "_4").unwrap().authn.authn_instant > first.authn.authn_instant);
}

#[tokio::test]
async fn what_cannot_be_given_is_refused_with_the_right_status() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let strict = ServiceTerms { min_level: Some(Level::Two), ..ServiceTerms::default() };
    let _strict = Service::usual("szigoru.pelda.hu").register_with(&gate, strict).await;
    let mut browser = gate.browser(Lang::Hu);
    let context = |comparison, references: &[&str]| {
        let references = references.iter().map(|reference| (*reference).to_owned()).collect();
        Some(RequestedAuthnContext { comparison, kind: ContextKind::Class, references })
    };
    let name = |format| Some(NameIdPolicy { format, sp_name_qualifier: None, allow_create: true });
    let plain = || service.request(&gate, "_s");
    let wallet = "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr";
    #[rustfmt::skip]
    let table = [
        ("passive",      saml::AuthnRequest { is_passive: true, ..plain() },                                   "Responder NoPassive"),
        ("both",         saml::AuthnRequest { is_passive: true, force_authn: true, ..plain() },                "Responder NoPassive"),
        ("wallet",       saml::AuthnRequest { authn_context: context(Comparison::Exact, &[wallet]), ..plain() },   "Responder NoAuthnContext"),
        ("unknown",      saml::AuthnRequest { authn_context: context(Comparison::Minimum, &["urn:x"]), ..plain() },"Responder NoAuthnContext"),
        ("better",       saml::AuthnRequest { authn_context: context(Comparison::Better, &[APP]), ..plain() },     "Responder NoAuthnContext"),
        ("better than ?", saml::AuthnRequest { authn_context: context(Comparison::Better, &["urn:x"]), ..plain() },"Responder NoAuthnContext"),
        ("at most password", saml::AuthnRequest { authn_context: context(Comparison::Maximum, &["urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:uidpwd"]), ..plain() }, "Responder NoAuthnContext"),
        ("e-mail",       saml::AuthnRequest { name_id_policy: name(NameIdFormat::EmailAddress), ..plain() },   "Requester InvalidNameIDPolicy"),
        ("kerberos",     saml::AuthnRequest { name_id_policy: name(NameIdFormat::Other("urn:k".to_owned())), ..plain() }, "Requester InvalidNameIDPolicy"),
        ("other list",   saml::AuthnRequest { attribute_consuming_service: Some(7), ..plain() },               "Requester RequestUnsupported"),
    ];
    for (what, request, expected) in table {
        browser.visit(&by_redirect(&request, None, None)).await;
        let fields = service.posted(&browser);
        assert_eq!(status_of(&fields), expected, "{what}");
        assert!(is_signed(&gate, &fields), "{what}");
    }
    // The person goes back.
    browser.visit(&by_redirect(&plain(), None, None)).await;
    browser.follow("Mégsem, vissza a sp.pelda.hu oldalára").await;
    assert_eq!(status_of(&service.posted(&browser)), "Responder AuthnFailed");
}

#[tokio::test]
async fn metadata_that_cannot_be_used_is_refused_with_its_line() {
    let gate = Installation::start().await;
    let register = async |service: &Service| {
        let xml = service.entity.write("_m", None).unwrap();
        gate.broker.register_saml_service(xml.as_bytes(), &SamlOptions::default(), Replacing::Refused).await.map(drop)
    };
    let mut http = Service::usual("sp.pelda.hu");
    http.sp().assertion_consumers[0].location = "http://sp.pelda.hu/acs".to_owned();
    let error = register(&http).await.unwrap_err().to_string();
    assert!(error.contains("line 1") && error.contains("Location"), "{error}");
    let mut none = Service::usual("sp.pelda.hu");
    none.sp().assertion_consumers.truncate(1);
    none.sp().assertion_consumers[0].binding = Binding::Redirect;
    assert!(register(&none).await.unwrap_err().to_string().contains("AssertionConsumerService"));
    assert!(register(&Service::usual("sp.pelda.hu")).await.is_ok());
}

/// A browser that two persons use: what a service knows of the first is told of nobody else.
#[tokio::test]
async fn another_person_in_the_same_browser_has_another_name_and_session() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let (anna, bela) = (Person::enrolled(&gate, "minta.anna").await, Person::enrolled(&gate, "minta.bela").await);
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(&by_redirect(&service.request(&gate, "_1"), None, None)).await;
    anna.sign_in(&gate, &mut browser).await;
    let first = service.answer(&gate, &browser, "_1").unwrap();
    gate.clock.pass(Duration::from_hours(1) / 10);
    let mut forced = service.request(&gate, "_2");
    forced.force_authn = true;
    browser.visit(&by_redirect(&forced, None, None)).await;
    bela.sign_in(&gate, &mut browser).await;
    let second = service.answer(&gate, &browser, "_2").unwrap();
    assert_ne!(first.name_id.value, second.name_id.value);
    assert_ne!(first.authn.session_index, second.authn.session_index);

    // The same person goes on in one session, which ends when it was to end.
    gate.clock.pass(Duration::from_hours(1) / 10);
    let mut again = service.request(&gate, "_3");
    again.force_authn = true;
    browser.visit(&by_redirect(&again, None, None)).await;
    bela.sign_in(&gate, &mut browser).await;
    let third = service.answer(&gate, &browser, "_3").unwrap();
    assert_eq!(third.name_id.value, second.name_id.value);
    assert_eq!(third.authn.session_not_on_or_after, second.authn.session_not_on_or_after);
}

#[tokio::test]
async fn a_service_that_was_registered_anew_gets_no_answer_at_its_former_address() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(&by_redirect(&service.request(&gate, "_m"), None, None)).await;
    let mut moved = Service::usual("sp.pelda.hu");
    moved.sp().assertion_consumers[0].location = "https://sp.pelda.hu/uj".to_owned();
    moved.register(&gate).await;
    anna.sign_in(&gate, &mut browser).await;
    assert_eq!(browser.page().status, 410, "{}", browser.page().text());
}
