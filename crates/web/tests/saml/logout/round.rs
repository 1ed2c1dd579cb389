//! Services that are told through the browser, one after the other.

use axum::http::StatusCode;
use data_encoding::BASE64;
use model::limits;
use saml::binding::redirect;
use saml::{Binding, Direction, Status, StatusCode as Top, StatusReason};
use testkit::KAU;
use xmlsec::{KeyType, SigningKey};

use super::kit::{PARTIAL, SLO, Session, form, service, soap_answer};
use crate::service::signer;

const FAILED: Status = Status { code: Top::Responder, reason: Some(StatusReason::RequestDenied), message: None };

fn three() -> Vec<crate::service::Service> {
    ["egy.pelda.hu", "harom.pelda.hu", "ketto.pelda.hu"].map(|host| service(host, &[Binding::Redirect])).into()
}

#[tokio::test]
async fn each_service_is_told_and_then_the_one_that_asked_has_its_answer() {
    let mut all = Session::of(three()).await;
    all.ask(&all.request(0, "_out")).await;
    let page = all.browser.page();
    assert_eq!(page.h1(), "Kijelentkezés folyamatban");
    assert_eq!(all.shown(), ["harom.pelda.hu Mindjárt sorra kerül.", "ketto.pelda.hu Mindjárt sorra kerül."]);
    assert!(!all.is_signed_in().await, "the session is ended first");

    for nth in [1, 2] {
        all.browser.follow_refresh().await;
        let (request, relay_state) = all.told(nth);
        all.confirm(nth, &request, &relay_state, Status::SUCCESS).await;
    }
    assert_eq!(all.shown(), ["harom.pelda.hu Kijelentkeztettük.", "ketto.pelda.hu Kijelentkeztettük."]);
    all.browser.follow_refresh().await;
    assert_eq!(all.answered(0, "_out"), Status::SUCCESS);
}

#[tokio::test]
async fn a_service_that_does_not_answer_holds_nobody_up() {
    let mut all = Session::of(three()).await;
    all.ask(&all.request(0, "_out")).await;
    all.browser.follow_refresh().await;
    let (unanswered, relay_state) = all.told(1);
    // The person opens the sign-out page again.
    all.browser.visit(&format!("{KAU}/kijelentkezes")).await;
    assert_eq!(
        all.shown(),
        ["harom.pelda.hu Nem válaszolt. Jelentkezzen ki ott.", "ketto.pelda.hu Mindjárt sorra kerül."]
    );
    all.browser.follow("Tovább").await;
    let (request, relay) = all.told(2);
    all.confirm(2, &request, &relay, FAILED).await;
    assert_eq!(
        all.shown(),
        ["harom.pelda.hu Nem válaszolt. Jelentkezzen ki ott.", "ketto.pelda.hu Nem sikerült. Jelentkezzen ki ott."]
    );
    assert_eq!(all.browser.page().refresh(), None, "the person reads it first");
    let bookmark = all.browser.page().url.to_string();
    all.browser.follow("Tovább az egy.pelda.hu oldalára").await;
    assert_eq!(all.answered(0, "_out"), PARTIAL);

    // It answers late, and the page tells the truth of then.
    all.confirm(1, &unanswered, &relay_state, Status::SUCCESS).await;
    assert_eq!(all.browser.page().url.as_str(), bookmark);
    assert_eq!(all.shown()[0], "harom.pelda.hu Kijelentkeztettük.");
    all.confirm(1, &unanswered, &relay_state, FAILED).await;
    assert_eq!(all.shown()[0], "harom.pelda.hu Kijelentkeztettük.", "once");
}

#[tokio::test]
async fn by_post_a_service_is_told_and_answers() {
    let both = vec![service("egy.pelda.hu", &[Binding::Redirect]), service("ketto.pelda.hu", &[Binding::Post])];
    let mut all = Session::of(both).await;
    all.ask(&all.request(0, "_out")).await;
    all.browser.follow_refresh().await;
    let page = all.browser.page();
    assert_eq!(page.h1(), "Kijelentkezés folyamatban");
    assert_eq!(page.attribute("form#tovabb", "action").as_deref(), Some("https://ketto.pelda.hu/slo"));
    let received = form(&all.browser);
    let (request, relay_state) = all.check_told(1, &received, "https://ketto.pelda.hu/slo");
    let response = all.response(1, &request.id, Status::SUCCESS).write(Some(&signer())).unwrap();
    let message = BASE64.encode(response.as_bytes());
    let fields = [("SAMLResponse", message.as_str()), ("RelayState", relay_state.as_str())];
    all.browser.lured("https://ketto.pelda.hu", &format!("{KAU}{SLO}"), &fields).await;
    assert_eq!(all.shown(), ["ketto.pelda.hu Kijelentkeztettük."]);
    all.browser.follow_refresh().await;
    assert_eq!(all.answered(0, "_out"), Status::SUCCESS);
}

#[tokio::test]
async fn an_answer_that_is_not_the_services_changes_nothing() {
    let mut all = Session::of(three()).await;
    all.ask(&all.request(0, "_out")).await;
    all.browser.follow_refresh().await;
    let (request, relay_state) = all.told(1);
    let foreign = SigningKey::generate(KeyType::Rsa2048).unwrap();
    let slo = format!("{KAU}{SLO}");
    let good = all.response(1, &request.id, Status::SUCCESS).write(None).unwrap();
    for (what, key) in [("unsigned", None), ("another key", Some(&foreign))] {
        let address = redirect::encode(&slo, Direction::Response, &good, Some(&relay_state), key).unwrap();
        all.browser.visit(&address).await;
        assert_eq!(all.browser.page().status, StatusCode::BAD_REQUEST, "{what}");
    }
    // Another service's answer, and an answer to nothing.
    all.confirm(2, &request, &relay_state, Status::SUCCESS).await;
    assert_eq!(all.shown()[0], "harom.pelda.hu Nem válaszolt. Jelentkezzen ki ott.");
    let mut other = request.clone();
    other.id = "_nothing".to_owned();
    all.confirm(1, &other, &relay_state, Status::SUCCESS).await;
    assert_eq!(all.shown()[0], "harom.pelda.hu Nem válaszolt. Jelentkezzen ki ott.");

    // Another browser has no part in it.
    let page = format!("{KAU}/kijelentkezes/{relay_state}");
    let mut stranger = super::kit::browser(&all.gate, &[]);
    for address in [page.clone(), format!("{page}/tovabb"), format!("{KAU}/kijelentkezes/x")] {
        assert_eq!(stranger.visit(&address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    // Without its relay state the answer is found by its browser.
    let key = Some(&crate::service::KEYS.signing);
    let address = redirect::encode(&slo, Direction::Response, &good, None, key).unwrap();
    all.browser.visit(&address).await;
    assert_eq!(all.shown()[0], "harom.pelda.hu Kijelentkeztettük.");
    all.gate.clock.pass(limits::SIGN_OUT_ROUND);
    assert_eq!(all.browser.visit(&page).await.status, StatusCode::NOT_FOUND, "it lapses");
}

#[tokio::test]
async fn a_dead_service_is_told_by_soap_for_a_day_and_the_page_says_so() {
    let mut all = Session::of(vec![
        service("egy.pelda.hu", &[Binding::Redirect]),
        service("halott.pelda.hu", &[Binding::Soap]),
        service("ketto.pelda.hu", &[Binding::Redirect]),
    ])
    .await;
    all.ask(&all.request(0, "_out")).await;
    assert_eq!(all.shown()[0], "halott.pelda.hu Szólunk neki, hogy kijelentkezett.");
    assert_eq!(all.gate.deliver().await.envelopes.len(), 1);
    all.browser.follow_refresh().await;
    let (request, relay_state) = all.told(2);
    all.confirm(2, &request, &relay_state, Status::SUCCESS).await;
    assert_eq!(all.shown()[0], "halott.pelda.hu Még nem válaszolt. Egy napig újra szólunk neki.");
    assert_eq!(all.browser.page().refresh(), None);
    let page = all.browser.page().url.to_string();
    all.browser.follow("Tovább az egy.pelda.hu oldalára").await;
    assert_eq!(all.answered(0, "_out"), PARTIAL);

    // What it answers counts: not a refusal, not another's.
    for (issuer, status) in [
        ("https://halott.pelda.hu/saml", FAILED),
        ("https://ketto.pelda.hu/saml", Status::SUCCESS),
        ("https://halott.pelda.hu/saml", Status::SUCCESS),
    ] {
        all.browser.visit(&page).await;
        assert_eq!(all.shown()[0], "halott.pelda.hu Még nem válaszolt. Egy napig újra szólunk neki.");
        all.gate.clock.pass(std::time::Duration::from_secs(60));
        let gate = &all.gate;
        let told = gate.deliver_among(&|_, sent| Some(soap_answer(gate, issuer, sent, status.clone()))).await;
        assert_eq!(told.envelopes.len(), 1);
    }
    all.browser.visit(&page).await;
    assert_eq!(all.shown()[0], "halott.pelda.hu Kijelentkeztettük.");
    assert!(all.gate.deliver().await.envelopes.is_empty());
}
