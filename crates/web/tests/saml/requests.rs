//! Requests that are not what they should be: row S48 of the catalogue, and those of its rows that apply to an
//! identity provider.

use std::time::Duration;

use model::Lang;
use saml::{AnswerTo, AuthnRequest};
use testkit::{Installation, KAU};
use tower::ServiceExt as _;
use xmlsec::{KeyType, SigningKey};

use super::service::{KEYS, Person, Service, agree_if_asked, by_post, by_redirect, signer};

/// What the browser shows for a request by address.
async fn shown(gate: &Installation, address: &str) -> (u16, String) {
    let mut browser = gate.browser(Lang::Hu);
    let page = browser.visit(address).await;
    assert!(!page.url.as_str().contains("pelda.hu"), "nothing is told to anybody");
    (page.status.as_u16(), page.h1())
}

#[tokio::test]
async fn s48_what_cannot_be_answered_gets_a_page_and_no_redirect() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let mut signs = Service::usual("alairo.pelda.hu");
    signs.sp().authn_requests_signed = true;
    let signs = signs.register(&gate).await;
    let plain = || service.request(&gate, "_x");
    let foreign = SigningKey::generate(KeyType::P256).unwrap();
    let long = "r".repeat(1025);
    #[rustfmt::skip]
    let table = [
        ("unknown issuer",   by_redirect(&AuthnRequest { issuer: "https://masik.pelda.hu".to_owned(), ..plain() }, None, None)),
        ("unregistered acs", by_redirect(&AuthnRequest { answer_to: AnswerTo::Url("https://sp.pelda.hu/acs2".to_owned()), ..plain() }, None, None)),
        ("acs with a query", by_redirect(&AuthnRequest { answer_to: AnswerTo::Url(format!("{}?x", service.consumer(0))), ..plain() }, None, None)),
        ("index too large",  by_redirect(&AuthnRequest { answer_to: AnswerTo::Index(9), ..plain() }, None, None)),
        ("other binding",    by_redirect(&AuthnRequest { protocol_binding: Some(saml::Binding::Soap.uri().to_owned()), ..plain() }, None, None)),
        ("unsigned",         by_redirect(&signs.request(&gate, "_x"), None, None)),
        ("foreign key",      by_redirect(&plain(), None, Some(&foreign))),
        ("other place",      by_redirect(&AuthnRequest { destination: Some("https://masik.pelda.hu/sso".to_owned()), ..plain() }, None, None)),
        ("signed for nowhere", by_redirect(&AuthnRequest { destination: None, ..plain() }, None, Some(&KEYS.signing))),
        ("from the future",  by_redirect(&AuthnRequest { issue_instant: plain().issue_instant + 200, ..plain() }, None, None)),
        ("relay state",      format!("{}&RelayState={long}", by_redirect(&plain(), None, None))),
        ("relay state after the signature", format!("{}&RelayState=x", by_redirect(&plain(), None, Some(&KEYS.signing)))),
        ("nothing",          format!("{KAU}/saml/sso")),
        ("no base64",        format!("{KAU}/saml/sso?SAMLRequest=%21")),
        ("an answer",        by_redirect(&plain(), None, None).replace("SAMLRequest", "SAMLResponse")),
        ("twice",            format!("{}&SAMLRequest=x", by_redirect(&plain(), None, None))),
    ];
    for (what, address) in table {
        assert_eq!(shown(&gate, &address).await, (400, "Ezt a szolgáltatást nem ismerjük".to_owned()), "{what}");
    }
    // What is signed well is taken, in either way.
    assert_eq!(shown(&gate, &by_redirect(&plain(), None, Some(&KEYS.signing))).await.0, 200);
    assert_eq!(shown(&gate, &by_redirect(&signs.request(&gate, "_y"), Some("x"), Some(&KEYS.signing))).await.0, 200);
}

#[tokio::test]
async fn s48_a_posted_request_whose_signature_is_not_good_is_refused() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let [(name, good)] = by_post(&service.request(&gate, "_p"), Some(&signer()));
    let xml = String::from_utf8(data_encoding::BASE64.decode(good.as_bytes()).unwrap()).unwrap();
    let bad = [
        xml.replace("Version=\"2.0\"", "Version=\"2.0\" ForceAuthn=\"true\""),
        xml.replace("_p", "_q"),
        xml.replacen("<saml:Issuer", "<!-- --><saml:Issuer", 1),
        format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>{xml}"),
        format!("{xml}{xml}"),
    ];
    for (nth, xml) in bad.iter().enumerate() {
        let mut browser = gate.browser(Lang::Hu);
        let field = data_encoding::BASE64.encode(xml.as_bytes());
        browser.lured("https://sp.pelda.hu", &format!("{KAU}/saml/sso"), &[(name, &field)]).await;
        assert_eq!(browser.page().status, 400, "{nth}: {}", browser.page().text());
    }
    let mut browser = gate.browser(Lang::Hu);
    browser.lured("https://sp.pelda.hu", &format!("{KAU}/saml/sso"), &[(name, &good)]).await;
    assert_eq!(browser.page().status, 200);
}

#[tokio::test]
async fn a_request_is_answered_once_and_not_when_it_is_old() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    let address = by_redirect(&service.request(&gate, "_once"), None, None);
    browser.visit(&address).await;
    anna.sign_in(&gate, &mut browser).await;
    assert!(service.answer(&gate, &browser, "_once").is_ok());

    // Back, and reload: a page that leads on to the service.
    browser.visit(&address).await;
    assert_eq!(
        (browser.page().status.as_u16(), browser.page().h1()),
        (410, "A kérésre már született válasz".to_owned())
    );
    let links = browser.page().links();
    assert!(links.iter().any(|link| link.url.as_str() == "https://sp.pelda.hu/"), "{}", browser.page().html());

    // The same ID of another service is another request.
    let other = Service::usual("masik.pelda.hu").register(&gate).await;
    browser.visit(&by_redirect(&other.request(&gate, "_once"), None, None)).await;
    agree_if_asked(&mut browser).await;
    assert!(other.answer(&gate, &browser, "_once").is_ok());

    let late = by_redirect(&service.request(&gate, "_late"), None, None);
    gate.clock.pass(Duration::from_mins(13) + Duration::from_secs(1));
    assert_eq!(shown(&gate, &late).await.0, 410);
}

/// What was read of a service is good for the very registration that it was read from.
#[tokio::test]
async fn a_registration_that_is_replaced_counts_at_once() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let unsigned = |id: &str| by_redirect(&service.request(&gate, id), None, None);
    assert_eq!(shown(&gate, &unsigned("_one")).await.0, 200);
    let mut stricter = Service::usual("sp.pelda.hu");
    stricter.sp().authn_requests_signed = true;
    let stricter = stricter.register(&gate).await;
    assert_eq!(shown(&gate, &unsigned("_two")).await.0, 400, "it says now that it signs");
    assert_eq!(shown(&gate, &by_redirect(&stricter.request(&gate, "_three"), None, Some(&KEYS.signing))).await.0, 200);
}

#[tokio::test]
async fn s51_a_service_that_was_disabled_is_not_answered() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let before = by_redirect(&service.request(&gate, "_b"), None, None);
    assert_eq!(shown(&gate, &before).await.0, 200, "and it is known from now on");
    let record = gate.store.client(&model::ServiceId::new(service.id())).await.unwrap().unwrap();
    let disabled = store::record::ClientRecord { state: store::record::ClientState::Disabled, ..record };
    gate.write(store::Op::ReplaceClient(disabled)).await;
    let request = by_redirect(&service.request(&gate, "_d"), None, None);
    assert_eq!(shown(&gate, &request).await.0, 400);
}

#[tokio::test]
async fn refusals_are_signed_for_one_network_so_often_and_no_more() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let artifact = Some(saml::Binding::Artifact.uri().to_owned());
    let passive = AuthnRequest { is_passive: true, protocol_binding: artifact, ..service.request(&gate, "_p") };
    let address = by_redirect(&passive, None, None).replace(KAU, "");
    let ask = async |from: [u8; 4]| {
        let request = axum::http::Request::get(&address).header("host", "kau.localhost:8080");
        let mut request = request.body(axum::body::Body::empty()).unwrap();
        let peer = axum::extract::ConnectInfo(std::net::SocketAddr::from((from, 1)));
        request.extensions_mut().insert(peer);
        gate.app().oneshot(request).await.unwrap().status().as_u16()
    };
    for nth in 0..model::limits::SIGNED_REFUSALS {
        assert_eq!(ask([192, 0, 2, u8::try_from(nth % 256).unwrap()]).await, 303, "{nth}");
    }
    assert_eq!(ask([192, 0, 2, 1]).await, 429);
    assert_eq!(ask([198, 51, 100, 1]).await, 303, "another network has its own");
    gate.clock.pass(model::limits::SIGNED_REFUSALS_WINDOW);
    assert_eq!(ask([192, 0, 2, 1]).await, 303);
}
