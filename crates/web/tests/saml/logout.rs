//! Single logout that a service asks for: by HTTP-Redirect, HTTP-POST and SOAP.

mod everywhere;
pub(crate) mod kit;
mod round;

use std::time::Duration;

use axum::http::StatusCode;
use data_encoding::BASE64;
use saml::binding::{redirect, soap};
use saml::{Binding, Direction, LogoutRequest, LogoutResponse, NameIdFormat, Status};
use testkit::KAU;
use xmlsec::{KeyType, SigningKey};

use crate::service::{Service, signer};
use kit::{PARTIAL, SLO, SLO_SOAP, Session, UNKNOWN, authentic, form, service, soap_answer, to_slo};

#[tokio::test]
async fn by_redirect_the_session_ends_and_the_service_has_its_answer() {
    let mut all = Session::of(vec![service("egy.pelda.hu", &[Binding::Redirect, Binding::Soap])]).await;
    all.join_by_oidc().await;
    assert!(all.is_signed_in().await);
    let request = all.request(0, "_out");
    all.ask(&request).await;
    assert_eq!(all.answered(0, "_out"), Status::SUCCESS);
    let url = all.browser.page().url.clone();
    assert!(url.query_pairs().any(|pair| pair == ("RelayState".into(), "vissza".into())));
    assert!(all.browser.cookie(KAU, "__Host-sso").is_none());
    assert!(!all.is_signed_in().await);
    let delivered = all.gate.deliver().await;
    assert_eq!(delivered.logouts.len(), 1, "the client of OpenID Connect is told");
    assert_eq!(delivered.envelopes, [], "who asked is not");

    // Once more, when it is over: nothing is left to end.
    all.ask(&all.request(0, "_again")).await;
    assert_eq!(all.answered(0, "_again"), Status::SUCCESS);
}

#[tokio::test]
async fn by_post_the_session_ends_and_the_service_has_its_answer() {
    let mut all = Session::of(vec![service("egy.pelda.hu", &[Binding::Post])]).await;
    let message = all.request(0, "_out").write(Some(&signer())).unwrap();
    let fields = [("SAMLRequest", BASE64.encode(message.as_bytes())), ("RelayState", "vissza".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    all.browser.lured("https://egy.pelda.hu", &format!("{KAU}{SLO}"), &fields).await;
    let page = all.browser.page();
    assert_eq!(page.attribute("form#tovabb", "action").as_deref(), Some("https://egy.pelda.hu/slo/valasz"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(!policy.contains("form-action"), "{policy}");
    let received = form(&all.browser);
    assert_eq!(received.relay_state(), Some("vissza"));
    assert_eq!(all.check_answer(&received, "https://egy.pelda.hu/slo/valasz", "_out"), Status::SUCCESS);
    assert!(!all.is_signed_in().await);
}

#[tokio::test]
async fn by_soap_the_session_ends_and_those_told_through_a_browser_are_not() {
    for (other, expected) in [(Binding::Soap, Status::SUCCESS), (Binding::Redirect, PARTIAL)] {
        let both = vec![service("egy.pelda.hu", &[Binding::Soap]), service("ketto.pelda.hu", &[other])];
        let mut all = Session::of(both).await;
        let destination = Some(format!("{KAU}{SLO_SOAP}"));
        let request = LogoutRequest { destination, ..all.request(0, "_out") };
        let envelope = soap::envelope(&request.write(Some(&signer())).unwrap());
        let (status, body) = all.ask_by_soap(envelope.clone()).await;
        assert_eq!(status, StatusCode::OK);
        let received = soap::decode(Direction::Response, body).unwrap();
        let response = LogoutResponse::read(&authentic(&all.gate, &received)).unwrap();
        assert_eq!((response.in_response_to.as_deref(), response.status), (Some("_out"), expected));
        assert!(!all.is_signed_in().await);

        let (status, _) = all.ask_by_soap(envelope).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "once");
        let (gate, issuer) = (&all.gate, all.parts[1].service.id());
        let answers = |_: &str, sent: &str| Some(soap_answer(gate, issuer, sent, Status::SUCCESS));
        let told = gate.deliver_among(&answers).await.envelopes;
        assert_eq!(told.len(), usize::from(other == Binding::Soap));
        for (at, envelope) in told {
            assert_eq!(at, "https://ketto.pelda.hu/soap");
            let received = soap::decode(Direction::Request, envelope.into_bytes()).unwrap();
            all.check_told(1, &received, &at);
        }
    }
}

#[tokio::test]
async fn by_soap_without_an_index_all_sessions_of_the_name_end() {
    let mut all = Session::of(vec![service("egy.pelda.hu", &[Binding::Soap])]).await;
    let request = LogoutRequest { session_indexes: Vec::new(), destination: None, ..all.request(0, "_out") };
    let (status, body) = all.ask_by_soap(soap::envelope(&request.write(Some(&signer())).unwrap())).await;
    assert_eq!(status, StatusCode::OK);
    let received = soap::decode(Direction::Response, body).unwrap();
    let response = LogoutResponse::read(&authentic(&all.gate, &received)).unwrap();
    assert_eq!(response.status, Status::SUCCESS);
    assert!(!all.is_signed_in().await);
}

#[tokio::test]
async fn an_asynchronous_request_is_obeyed_and_not_answered() {
    let mut all = Session::of(vec![service("egy.pelda.hu", &[Binding::Redirect])]).await;
    let request = LogoutRequest { is_asynchronous: true, ..all.request(0, "_out") };
    all.ask(&request).await;
    let page = all.browser.page();
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::OK, "Kijelentkezett"));
    assert!(page.url.as_str().starts_with(KAU) && page.refresh().is_none());
    assert!(!all.is_signed_in().await);
}

#[tokio::test]
async fn a_service_that_cannot_be_told_is_named_before_the_answer() {
    let both = vec![service("egy.pelda.hu", &[Binding::Redirect]), Service::usual("nema.pelda.hu")];
    let mut all = Session::of(both).await;
    all.ask(&all.request(0, "_out")).await;
    let page = all.browser.page();
    assert_eq!(page.h1(), "Kijelentkezett");
    assert!(page.refresh().is_none(), "the person reads it first");
    assert_eq!(all.shown(), ["nema.pelda.hu Nem tudunk szólni neki. Jelentkezzen ki ott."]);
    assert!(!all.is_signed_in().await);
    all.browser.follow("Tovább az egy.pelda.hu oldalára").await;
    assert_eq!(all.answered(0, "_out"), PARTIAL);
}

#[tokio::test]
async fn s48_a_logout_that_its_service_cannot_ask_for_ends_nothing() {
    let both = || vec![service("egy.pelda.hu", &[Binding::Redirect]), service("ketto.pelda.hu", &[Binding::Redirect])];
    let mut all = Session::of(both()).await;
    let foreign = SigningKey::generate(KeyType::Rsa2048).unwrap();
    let plain = all.request(0, "_out").write(None).unwrap();
    let at = |key| redirect::encode(&format!("{KAU}{SLO}"), Direction::Request, &plain, None, key).unwrap();
    let changed = |change: fn(&mut LogoutRequest)| {
        let mut request = all.request(0, "_out");
        change(&mut request);
        to_slo(&request.write(None).unwrap())
    };
    let bad = [
        ("unsigned", at(None)),
        ("another key", at(Some(&foreign))),
        ("another state", to_slo(&plain).replace("vissza", "elore")),
        ("no destination", changed(|request| request.destination = None)),
        ("another destination", changed(|request| request.destination = Some(format!("{KAU}/saml/sso")))),
        ("nobody's", changed(|request| request.issuer = "https://gonosz.hu/saml".to_owned())),
        ("from tomorrow", changed(|request| request.issue_instant += 181)),
        ("of another's names", changed(|request| request.name_id.name_qualifier = Some("https://x.hu/".to_owned()))),
    ];
    for (what, address) in bad {
        all.browser.visit(&address).await;
        let page = all.browser.page();
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{what}: {}", page.url);
        assert!(page.url.as_str().starts_with(KAU), "{what}: {}", page.url);
        assert!(all.is_signed_in().await, "{what}");
    }
    for (what, late) in [
        ("too old", LogoutRequest { issue_instant: all.request(0, "_").issue_instant - 181, ..all.request(0, "_out") }),
        (
            "lapsed",
            LogoutRequest { not_on_or_after: Some(all.request(0, "_").issue_instant - 180), ..all.request(0, "_out") },
        ),
    ] {
        all.ask(&late).await;
        assert_eq!(all.browser.page().status, StatusCode::GONE, "{what}");
        assert!(all.is_signed_in().await, "{what}");
    }
    // A registered service that proves who it is, but speaks of what is not its own.
    let (one, other) = (all.request(0, "_a"), all.request(1, "_b"));
    for (what, request) in [
        ("another's index", LogoutRequest { session_indexes: other.session_indexes.clone(), ..one.clone() }),
        ("another's name", LogoutRequest { name_id: other.name_id.clone(), ..one.clone() }),
        ("another's session", LogoutRequest { issuer: one.issuer.clone(), id: "_c".to_owned(), ..other }),
    ] {
        all.ask(&request).await;
        assert_eq!(all.answered(0, &request.id), UNKNOWN, "{what}");
        assert!(all.is_signed_in().await, "{what}");
        let request = LogoutRequest { destination: None, ..request };
        let (status, body) = all.ask_by_soap(soap::envelope(&request.write(Some(&signer())).unwrap())).await;
        let received = soap::decode(Direction::Response, body).unwrap();
        let response = LogoutResponse::read(&authentic(&all.gate, &received)).unwrap();
        assert_eq!((status, response.status), (StatusCode::OK, UNKNOWN), "{what}");
        assert!(all.is_signed_in().await, "{what}");
    }
    assert!(all.gate.deliver().await.envelopes.is_empty());
}

#[tokio::test]
async fn s48_by_soap_what_is_not_signed_by_the_service_ends_nothing() {
    let mut all = Session::of(vec![service("egy.pelda.hu", &[Binding::Soap])]).await;
    let foreign = SigningKey::generate(KeyType::Rsa2048).unwrap();
    let stranger = saml::Signer { key: &foreign, certificate: None };
    let here = LogoutRequest { destination: Some(format!("{KAU}{SLO_SOAP}")), ..all.request(0, "_out") };
    let elsewhere = all.request(0, "_out");
    for (what, message) in [
        ("unsigned", here.write(None).unwrap()),
        ("another key", here.write(Some(&stranger)).unwrap()),
        ("the browser's destination", elsewhere.write(Some(&signer())).unwrap()),
    ] {
        let (status, body) = all.ask_by_soap(soap::envelope(&message)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{what}");
        assert!(String::from_utf8(body).unwrap().contains("soap:Fault"), "{what}");
        assert!(all.is_signed_in().await, "{what}");
    }
}

#[tokio::test]
async fn a_request_is_obeyed_once() {
    let mut all = Session::of(vec![service("egy.pelda.hu", &[Binding::Redirect])]).await;
    // A name that stays is the same in the next session, so that the request would fit it too.
    let service = all.parts.remove(0).service;
    let policy = saml::NameIdPolicy { format: NameIdFormat::Persistent, sp_name_qualifier: None, allow_create: true };
    let mut ask = service.request(&all.gate, "_persistent");
    ask.name_id_policy = Some(policy.clone());
    all.browser.visit(&crate::service::by_redirect(&ask, None, None)).await;
    let name = service.answer(&all.gate, &all.browser, "_persistent").unwrap().name_id;
    all.parts.push(kit::Part { service, name, index: "_".to_owned() });
    let request = LogoutRequest { session_indexes: Vec::new(), ..all.request(0, "_out") };
    all.ask(&request).await;
    assert_eq!(all.answered(0, "_out"), Status::SUCCESS);

    let mut again = all.parts[0].service.request(&all.gate, "_next");
    again.name_id_policy = Some(policy);
    all.browser.visit(&crate::service::by_redirect(&again, None, None)).await;
    all.anna.sign_in(&all.gate, &mut all.browser).await;
    assert!(all.is_signed_in().await);
    all.ask(&request).await;
    assert_eq!(all.browser.page().status, StatusCode::GONE);
    assert!(all.is_signed_in().await);
    all.gate.clock.pass(Duration::from_secs(1));
    let request = LogoutRequest { session_indexes: Vec::new(), ..all.request(0, "_other") };
    all.ask(&request).await;
    assert_eq!(all.answered(0, "_other"), Status::SUCCESS);
    assert!(!all.is_signed_in().await);
}
