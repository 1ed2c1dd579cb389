//! What a service receives is shown before it does, whatever protocol it speaks (`journeys.md` section 3 j).

use std::time::Duration;

use http::StatusCode;
use model::{Lang, LegalBasis, ServiceTerms};
use saml::metadata::{AttributeConsumer, Localized, RequestedAttribute};
use saml::{Attribute, AuthnRequest, NameIdFormat, NameIdPolicy, attribute::names};
use testkit::{Browser, Installation, UGYFELKAPU};

use super::service::{PASSWORD, Person, Service, by_redirect, is_asked, status_of};

/// A service that asks for these attributes in its list 0, and for the last of them alone in its list 1.
fn asking_for(host: &str, asked: &[names::Name]) -> Service {
    let mut service = Service::usual(host);
    let list = |index, asked: &[names::Name]| AttributeConsumer {
        index,
        is_default: Some(index == 0),
        names: vec![Localized { language: "hu".to_owned(), text: "KENYSZI".to_owned() }],
        descriptions: Vec::new(),
        requested: asked
            .iter()
            .map(|name| RequestedAttribute {
                attribute: Attribute { values: Vec::new(), ..Attribute::new(*name, "") },
                is_required: true,
            })
            .collect(),
    };
    let part = &asked[asked.len() - 1..];
    service.sp().attribute_consumers = vec![list(0, asked), list(1, part)];
    service
}

/// Both factors, from the service's request on.
async fn prove(gate: &Installation, browser: &mut Browser, anna: &Person, request: &AuthnRequest) {
    gate.clock.pass(Duration::from_secs(30));
    browser.visit(&by_redirect(request, None, None)).await;
    browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", &anna.name), ("Jelszó", PASSWORD)]).await;
    browser.press("Bejelentkezés", &[("Hatjegyű kód", &gate.code(&anna.key))]).await;
}

#[tokio::test]
async fn the_first_time_asks_the_second_does_not_and_more_asks_again() {
    let gate = Installation::start().await;
    let asked = [names::CURRENT_FAMILY_NAME, names::DATE_OF_BIRTH];
    let service = asking_for("kenyszi.pelda.hu", &asked).register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    let part = AuthnRequest { attribute_consuming_service: Some(1), ..service.request(&gate, "_1") };
    prove(&gate, &mut browser, &anna, &part).await;
    assert_eq!(browser.page().h1(), "Ezeket az adatokat kapja meg a KENYSZI");
    assert_eq!(browser.page().texts(".data dt"), ["Születési idő"]);
    assert_eq!(browser.page().texts(".data dd"), ["1958. március 5."]);
    browser.press("Hozzájárulok", &[]).await;
    let assertion = service.answer(&gate, &browser, "_1").unwrap();
    let told: Vec<_> = assertion.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    assert_eq!(told[0], names::DATE_OF_BIRTH.0);
    assert!(!told.contains(&names::CURRENT_FAMILY_NAME.0));

    // The other list asks for more: from the single sign-on session, too.
    let whole = service.request(&gate, "_2");
    browser.visit(&by_redirect(&whole, None, None)).await;
    assert_eq!(browser.page().texts(".data dt"), ["Családi név", "Születési idő"]);
    browser.press("Hozzájárulok", &[]).await;
    assert!(service.answer(&gate, &browser, "_2").is_ok());
    for id in ["_3", "_4"] {
        browser.visit(&by_redirect(&service.request(&gate, id), None, None)).await;
        assert!(service.answer(&gate, &browser, id).is_ok());
    }
}

#[tokio::test]
async fn a_passive_request_is_told_that_it_takes_a_page_and_who_declines_that_it_was_denied() {
    let gate = Installation::start().await;
    let one = Service::usual("egy.pelda.hu").register(&gate).await;
    let two = Service::usual("ketto.pelda.hu").register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(&by_redirect(&one.request(&gate, "_1"), None, None)).await;
    anna.sign_in(&gate, &mut browser).await;
    assert!(one.answer(&gate, &browser, "_1").is_ok());

    let passive = AuthnRequest { is_passive: true, ..two.request(&gate, "_2") };
    browser.visit(&by_redirect(&passive, None, None)).await;
    assert_eq!(status_of(&two.posted(&browser)), "Responder NoPassive");
    browser.visit(&by_redirect(&two.request(&gate, "_3"), None, None)).await;
    assert!(is_asked(&browser));
    browser.press("Nem adom át", &[]).await;
    assert_eq!(browser.page().h1(), "Nem adtunk át adatot", "the first service is still signed in to");
    assert_eq!(status_of(&two.posted(&browser)), "Responder RequestDenied");
    // The same request may be made again, and is agreed to.
    browser.visit(&by_redirect(&two.request(&gate, "_3"), None, None)).await;
    browser.press("Hozzájárulok", &[]).await;
    assert!(two.answer(&gate, &browser, "_3").is_ok());
    let passive = AuthnRequest { is_passive: true, ..two.request(&gate, "_4") };
    browser.visit(&by_redirect(&passive, None, None)).await;
    assert!(two.answer(&gate, &browser, "_4").is_ok());
}

#[tokio::test]
async fn an_opaque_name_alone_needs_no_page_and_an_address_as_name_does() {
    let gate = Installation::start().await;
    let mut service = asking_for("sp.pelda.hu", &[names::PAIRWISE_ID]);
    service.sp().role.name_id_formats = vec![NameIdFormat::EmailAddress];
    let service = service.register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    let named = |id: &str, format| {
        let name_id_policy = Some(NameIdPolicy { format, sp_name_qualifier: None, allow_create: true });
        AuthnRequest { name_id_policy, ..service.request(&gate, id) }
    };
    prove(&gate, &mut browser, &anna, &named("_1", NameIdFormat::Persistent)).await;
    assert!(service.answer(&gate, &browser, "_1").is_ok(), "no page between");
    browser.visit(&by_redirect(&named("_2", NameIdFormat::EmailAddress), None, None)).await;
    assert_eq!(browser.page().texts(".data dt"), ["E-mail-cím", "Azonosító"]);
}

#[tokio::test]
async fn what_the_law_requires_is_shown_and_not_asked() {
    let gate = Installation::start().await;
    let by_law = ServiceTerms { basis: LegalBasis::Law, ..ServiceTerms::default() };
    let service = Service::usual("kenyszi.pelda.hu").register_with(&gate, by_law).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    prove(&gate, &mut browser, &anna, &service.request(&gate, "_1")).await;
    assert_eq!(browser.page().buttons(), ["Tovább", "Vissza a szolgáltatáshoz"]);
    browser.press("Tovább", &[]).await;
    assert!(service.answer(&gate, &browser, "_1").is_ok());
    browser.visit(&by_redirect(&service.request(&gate, "_2"), None, None)).await;
    assert!(service.answer(&gate, &browser, "_2").is_ok(), "it was seen");

    gate.clock.pass(Duration::from_secs(30));
    browser.visit(UGYFELKAPU).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", &anna.name), ("Jelszó", PASSWORD)]).await;
    browser.press("Bejelentkezés", &[("Hatjegyű kód", &gate.code(&anna.key))]).await;
    browser.follow("Mit kapnak a szolgáltatások").await;
    assert_eq!(browser.page().texts(".state li"), ["Családi név", "Utónév"]);
    assert!(browser.page().text().contains("Jogszabály alapján kapja meg"));
}

#[tokio::test]
async fn the_same_request_in_two_tabs_is_answered_in_the_first_and_over_in_the_second() {
    let gate = Installation::start().await;
    let service = Service::usual("kenyszi.pelda.hu").register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut first = gate.browser(Lang::Hu);
    let address = by_redirect(&service.request(&gate, "_1"), None, None);
    prove(&gate, &mut first, &anna, &service.request(&gate, "_1")).await;
    let mut second = first.tab();
    second.visit(&address).await;
    assert!(is_asked(&first) && is_asked(&second));
    // A third stands before the code.
    let mut third = gate.browser(Lang::Hu);
    third.visit(&address).await;
    gate.clock.pass(Duration::from_secs(30));
    third.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    third.press("Bejelentkezés", &[("Felhasználónév", &anna.name), ("Jelszó", PASSWORD)]).await;

    first.press("Hozzájárulok", &[]).await;
    assert!(service.answer(&gate, &first, "_1").is_ok());
    second.press("Hozzájárulok", &[]).await;
    third.press("Bejelentkezés", &[("Hatjegyű kód", &gate.code(&anna.key))]).await;
    for late in [&second, &third] {
        assert_eq!(late.page().status, StatusCode::GONE, "{}", late.page().text());
        assert_eq!(late.page().h1(), "A kérésre már született válasz");
    }
}
