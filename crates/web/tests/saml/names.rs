//! The names under which a service knows a person in one session: each is kept, told and found.

use std::time::Duration;

use model::{Lang, ServiceTerms, limits};
use saml::binding::soap;
use saml::metadata::{AttributeConsumer, RequestedAttribute};
use saml::{Attribute, Binding, Direction, LogoutRequest, LogoutResponse, NameIdFormat, NameIdPolicy, Status};
use saml::{AuthnRequest, NameId, attribute::names};
use testkit::{Browser, Installation, KAU};

use crate::logout::kit::{Part, Session, UNKNOWN, authentic, service};
use crate::service::{Person, Service, agree_if_asked, by_redirect, signer};

fn named(request: AuthnRequest, format: NameIdFormat) -> AuthnRequest {
    let policy = NameIdPolicy { format, sp_name_qualifier: None, allow_create: true };
    AuthnRequest { name_id_policy: Some(policy), ..request }
}

/// The session's one service learns another name in the same session, by a request that nobody signed.
async fn learn(all: &mut Session, format: NameIdFormat, id: &str) -> NameId {
    let service = &all.parts[0].service;
    all.browser.visit(&by_redirect(&named(service.request(&all.gate, id), format), None, None)).await;
    agree_if_asked(&mut all.browser).await;
    let assertion = all.parts[0].service.answer(&all.gate, &all.browser, id).unwrap();
    assert_eq!(assertion.authn.session_index.as_ref(), Some(&all.parts[0].index), "the session has one index");
    assertion.name_id
}

/// A service that takes logouts by `binding` and may have the e-mail address, with a name of each kind.
async fn three_names(binding: Binding) -> (Session, Vec<NameId>) {
    let mut one = service("egy.pelda.hu", &[binding]);
    one.sp().role.name_id_formats = vec![NameIdFormat::EmailAddress];
    let mut all = Session::of(vec![one]).await;
    let mut known = vec![all.parts[0].name.clone()];
    for (id, format) in [("_p", NameIdFormat::Persistent), ("_e", NameIdFormat::EmailAddress)] {
        known.push(learn(&mut all, format, id).await);
    }
    assert_eq!(learn(&mut all, NameIdFormat::Transient, "_t").await, known[0], "one of each kind");
    known.sort_by(|a, b| a.value.cmp(&b.value));
    (all, known)
}

#[tokio::test]
async fn a_service_is_told_through_the_browser_under_each_of_its_names() {
    let (mut all, known) = Box::pin(three_names(Binding::Redirect)).await;
    all.browser.visit(&format!("{KAU}/kijelentkezes")).await;
    assert_eq!(all.browser.page().text().matches("egy.pelda.hu").count(), 1, "{}", all.browser.page().text());
    all.browser.press("Kijelentkezés", &[]).await;
    let mut told = Vec::new();
    for nth in 0..known.len() {
        assert_eq!(all.shown(), ["egy.pelda.hu Mindjárt sorra kerül."]);
        all.browser.follow_refresh().await;
        let url = all.browser.page().url.clone();
        let received = saml::binding::redirect::decode(url.query().unwrap()).unwrap();
        let request = LogoutRequest::read(&authentic(&all.gate, &received), &[]).unwrap();
        assert_eq!(request.session_indexes, std::slice::from_ref(&all.parts[0].index));
        told.push(request.name_id.clone());
        // With the first of its names a service ends its session, and knows nobody by the others.
        let status = if nth == 0 { Status::SUCCESS } else { UNKNOWN };
        all.confirm(0, &request, received.relay_state().unwrap(), status).await;
    }
    assert_eq!(all.shown(), ["egy.pelda.hu Kijelentkeztettük."]);
    told.sort_by(|a, b| a.value.cmp(&b.value));
    assert_eq!(told, known);
}

#[tokio::test]
async fn a_service_that_knows_none_of_the_names_has_signed_nobody_out() {
    let (mut all, known) = Box::pin(three_names(Binding::Redirect)).await;
    all.browser.visit(&format!("{KAU}/kijelentkezes")).await;
    all.browser.press("Kijelentkezés", &[]).await;
    for _ in known {
        all.browser.follow_refresh().await;
        let received = saml::binding::redirect::decode(all.browser.page().url.query().unwrap()).unwrap();
        let request = LogoutRequest::read(&authentic(&all.gate, &received), &[]).unwrap();
        all.confirm(0, &request, received.relay_state().unwrap(), UNKNOWN).await;
    }
    assert_eq!(all.shown(), ["egy.pelda.hu Nem sikerült. Jelentkezzen ki ott."]);
}

#[tokio::test]
async fn a_service_is_told_by_soap_under_each_of_its_names() {
    let (mut all, known) = Box::pin(three_names(Binding::Soap)).await;
    all.browser.visit(&format!("{KAU}/kijelentkezes")).await;
    all.browser.press("Kijelentkezés", &[]).await;
    let mut told: Vec<NameId> = Vec::new();
    for (_, envelope) in all.gate.deliver().await.envelopes {
        let received = soap::decode(Direction::Request, envelope.into_bytes()).unwrap();
        told.push(LogoutRequest::read(&authentic(&all.gate, &received), &[]).unwrap().name_id);
    }
    told.sort_by(|a, b| a.value.cmp(&b.value));
    assert_eq!(told, known);
}

#[tokio::test]
async fn a_session_is_ended_by_any_of_its_names_by_soap_too() {
    for nth in 0..3 {
        let (mut all, known) = Box::pin(three_names(Binding::Soap)).await;
        let name_id = known[nth].clone();
        let request = LogoutRequest { name_id, destination: None, ..all.request(0, "_out") };
        let (_, body) = all.ask_by_soap(soap::envelope(&request.write(Some(&signer())).unwrap())).await;
        let received = soap::decode(Direction::Response, body).unwrap();
        let response = LogoutResponse::read(&authentic(&all.gate, &received)).unwrap();
        assert_eq!(response.status, Status::SUCCESS, "{}", known[nth].value);
        assert!(!all.is_signed_in().await, "{}", known[nth].value);
    }
}

/// Needs no page before its first answer, since it receives nothing but an identifier.
fn by_identifier(host: &str) -> Service {
    let mut service = service(host, &[Binding::Redirect]);
    let (name, format) = names::PAIRWISE_ID;
    let attribute = Attribute { values: Vec::new(), ..Attribute::new((name, format), "") };
    service.sp().attribute_consumers = vec![AttributeConsumer {
        index: 0,
        is_default: Some(true),
        names: Vec::new(),
        descriptions: Vec::new(),
        requested: vec![RequestedAttribute { attribute, is_required: true }],
    }];
    service
}

/// Asks for answers to one service in several tabs at once: all give the one index and the one name that are kept.
async fn at_once(all: &Session, service: &Service) -> (NameId, String) {
    const TABS: usize = 8;
    let visits = (0..TABS).map(|nth| {
        let mut tab = all.browser.tab();
        let id = format!("_{nth}");
        let address = by_redirect(&service.request(&all.gate, &id), None, None);
        tokio::spawn(async move {
            tab.visit(&address).await;
            (tab, id)
        })
    });
    let mut known: Vec<(NameId, Option<String>)> = Vec::new();
    for visit in visits.collect::<Vec<_>>() {
        let (tab, id) = visit.await.unwrap();
        let assertion = service.answer(&all.gate, &tab, &id).unwrap();
        known.push((assertion.name_id, assertion.authn.session_index));
    }
    known.dedup();
    assert_eq!(known.len(), 1, "{known:?}");
    let (name, index) = known.remove(0);
    (name, index.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn first_answers_of_one_moment_name_the_session_and_the_person_alike() {
    let mut all = Session::of(vec![service("egy.pelda.hu", &[Binding::Redirect])]).await;
    let service = by_identifier("ketto.pelda.hu").register_with(&all.gate, ServiceTerms::default()).await;
    let (name, index) = at_once(&all, &service).await;
    all.parts.push(Part { service, name, index });
    all.ask(&all.request(1, "_out")).await;
    assert!(!all.is_signed_in().await, "what was told is what was recorded");
}

/// Their commit holds what was agreed to as well.
#[tokio::test(flavor = "multi_thread")]
async fn so_do_those_that_stand_on_an_earlier_consent() {
    let services = ["egy.pelda.hu", "ketto.pelda.hu"].map(|host| service(host, &[Binding::Redirect]));
    let mut all = Session::of(services.into()).await;
    all.gate.clock.pass(limits::SESSION_TOTAL);
    let Part { service, .. } = all.parts.remove(0);
    all.join(service).await;
    let (name, index) = at_once(&all, &all.parts[0].service).await;
    let service = all.parts.remove(0).service;
    all.parts.push(Part { service, name, index });
    all.ask(&all.request(1, "_out")).await;
    assert!(!all.is_signed_in().await, "what was told is what was recorded");
}

async fn asked_about(service: &Service, gate: &Installation, browser: &mut Browser, name: &NameId, id: &str) {
    let request = AuthnRequest { subject: Some(name.clone()), force_authn: true, ..service.request(gate, id) };
    browser.visit(&by_redirect(&request, None, None)).await;
}

#[tokio::test]
async fn a_person_who_is_named_by_the_session_may_be_asked_for_anew() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let (anna, bela) = (Person::enrolled(&gate, "minta.anna").await, Person::enrolled(&gate, "minta.bela").await);
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(&by_redirect(&service.request(&gate, "_1"), None, None)).await;
    anna.sign_in(&gate, &mut browser).await;
    let name = service.answer(&gate, &browser, "_1").unwrap().name_id;

    gate.clock.pass(Duration::from_mins(1));
    asked_about(&service, &gate, &mut browser, &name, "_2").await;
    anna.sign_in(&gate, &mut browser).await;
    assert_eq!(service.answer(&gate, &browser, "_2").unwrap().name_id, name);

    asked_about(&service, &gate, &mut browser, &name, "_3").await;
    bela.sign_in(&gate, &mut browser).await;
    assert_eq!(crate::service::status_of(&service.posted(&browser)), "Responder UnknownPrincipal");
}
