//! What a service receives is shown before it does, whatever protocol it speaks (`journeys.md` section 3 j).

use std::time::Duration;

use broker::SamlOptions;
use http::StatusCode;
use model::{Lang, LegalBasis, Purposes, ServiceTerms};
use saml::metadata::{AttributeConsumer, Localized, RequestedAttribute};
use saml::{Attribute, AuthnRequest, NameIdFormat, NameIdPolicy, attribute::names};
use testkit::{Browser, Installation, TICKED, UGYFELKAPU};

use super::service::{PASSWORD, Person, Service, by_redirect, is_asked, status_of};

/// A service that asks for these attributes in its list 0, and for the last of them alone in its list 1.
fn asking_for(host: &str, asked: &[names::Name]) -> Service {
    asking(host, asked, &[])
}

/// The same, where those named second are not required.
fn asking(host: &str, required: &[names::Name], optional: &[names::Name]) -> Service {
    let asked = &[required, optional].concat();
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
                is_required: !optional.contains(name),
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

/// The names of the attributes of an answer, without what always comes.
fn told(service: &Service, gate: &Installation, browser: &Browser, id: &str) -> Vec<String> {
    let assertion = service.answer(gate, browser, id).unwrap();
    let names = assertion.attributes.into_iter().map(|attribute| attribute.name);
    names.filter(|name| !name.ends_with("LevelOfAssurance")).collect()
}

#[tokio::test]
async fn an_attribute_that_is_not_required_is_passed_on_if_it_is_ticked_then_and_later() {
    let required = [names::CURRENT_FAMILY_NAME];
    let optional = [names::CURRENT_GIVEN_NAME, names::DISPLAY_NAME, names::MAIL];
    for (ticks, expected) in [
        (&[][..], &[names::CURRENT_FAMILY_NAME][..]),
        (&[("E-mail-cím", TICKED)], &[names::CURRENT_FAMILY_NAME, names::MAIL]),
        (
            &[("E-mail-cím", TICKED), ("Utónév", TICKED)],
            &[names::CURRENT_FAMILY_NAME, names::CURRENT_GIVEN_NAME, names::MAIL, names::DISPLAY_NAME],
        ),
    ] {
        let gate = Installation::start().await;
        let service = asking("kenyszi.pelda.hu", &required, &optional).register(&gate).await;
        let anna = Person::enrolled(&gate, "minta.anna").await;
        let mut browser = gate.browser(Lang::Hu);
        prove(&gate, &mut browser, &anna, &service.request(&gate, "_1")).await;
        assert_eq!(browser.page().texts(".data dt"), ["Családi név"]);
        assert_eq!(browser.page().texts(".choice label"), ["Utónév: Anna", "E-mail-cím: minta.anna@pelda.hu"]);
        assert!(browser.page().attributes(".choice input", "checked").is_empty());
        browser.press("Hozzájárulok", ticks).await;
        let mut expected: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
        expected.sort_unstable();
        let sorted = |mut told: Vec<String>| {
            told.sort_unstable();
            told
        };
        assert_eq!(sorted(told(&service, &gate, &browser, "_1")), expected);
        browser.visit(&by_redirect(&service.request(&gate, "_2"), None, None)).await;
        assert_eq!(sorted(told(&service, &gate, &browser, "_2")), expected, "by single sign-on");
        let passive = AuthnRequest { is_passive: true, ..service.request(&gate, "_3") };
        browser.visit(&by_redirect(&passive, None, None)).await;
        assert_eq!(sorted(told(&service, &gate, &browser, "_3")), expected);
    }
}

#[tokio::test]
async fn who_marks_nothing_as_required_requires_what_is_asked_and_more_asks_again() {
    let gate = Installation::start().await;
    let service = asking("sp.pelda.hu", &[], &[names::CURRENT_FAMILY_NAME, names::MAIL]).register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    prove(&gate, &mut browser, &anna, &service.request(&gate, "_1")).await;
    assert_eq!(browser.page().texts(".data dt"), ["Családi név", "E-mail-cím"]);
    assert!(browser.page().texts(".choice").is_empty());
    browser.press("Hozzájárulok", &[]).await;
    assert_eq!(told(&service, &gate, &browser, "_1").len(), 2);

    // It marks one now, and would like to have another: that one is asked about, what was agreed to stays agreed to
    // unless the page says otherwise.
    let more = [names::MAIL, names::DATE_OF_BIRTH];
    let service = asking("sp.pelda.hu", &[names::CURRENT_FAMILY_NAME], &more).register(&gate).await;
    browser.visit(&by_redirect(&service.request(&gate, "_2"), None, None)).await;
    assert_eq!(browser.page().texts(".choice label").len(), 2);
    browser.press("Hozzájárulok", &[("E-mail-cím", TICKED)]).await;
    assert_eq!(told(&service, &gate, &browser, "_2"), [names::CURRENT_FAMILY_NAME.0, names::MAIL.0]);
    // What was withheld is required.
    let both = [names::CURRENT_FAMILY_NAME, names::DATE_OF_BIRTH];
    let service = asking("sp.pelda.hu", &both, &[names::MAIL]).register(&gate).await;
    browser.visit(&by_redirect(&service.request(&gate, "_3"), None, None)).await;
    assert!(is_asked(&browser));
}

#[tokio::test]
async fn what_the_law_requires_is_one_thing_and_what_is_optional_another() {
    let gate = Installation::start().await;
    let by_law = ServiceTerms { basis: LegalBasis::Law, ..ServiceTerms::default() };
    let service = asking("kenyszi.pelda.hu", &[names::CURRENT_FAMILY_NAME], &[names::MAIL]);
    let service = service.register_with(&gate, by_law).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    prove(&gate, &mut browser, &anna, &service.request(&gate, "_1")).await;
    assert_eq!(browser.page().texts(".data dt"), ["Családi név"]);
    assert_eq!(browser.page().texts(".choice label"), ["E-mail-cím: minta.anna@pelda.hu"]);
    browser.press("Tovább", &[]).await;
    assert_eq!(told(&service, &gate, &browser, "_1"), [names::CURRENT_FAMILY_NAME.0]);
    // As the name it is no attribute, and no choice.
    let mut named = asking("nev.pelda.hu", &[names::CURRENT_FAMILY_NAME], &[names::MAIL]);
    named.sp().role.name_id_formats = vec![NameIdFormat::EmailAddress];
    let named = named.register(&gate).await;
    let name_id_policy =
        Some(NameIdPolicy { format: NameIdFormat::EmailAddress, sp_name_qualifier: None, allow_create: true });
    let request = AuthnRequest { name_id_policy, ..named.request(&gate, "_2") };
    browser.visit(&by_redirect(&request, None, None)).await;
    assert_eq!(browser.page().texts(".data dt"), ["Családi név", "E-mail-cím"]);
    assert!(browser.page().texts(".choice").is_empty());
}

#[tokio::test]
async fn a_list_s_description_is_the_purpose_of_all_unless_there_is_one_for_each() {
    let gate = Installation::start().await;
    let mut service = asking("sp.pelda.hu", &[names::CURRENT_FAMILY_NAME, names::MAIL], &[]);
    let described = |language: &str, text: &str| Localized { language: language.to_owned(), text: text.to_owned() };
    let lists = &mut service.sp().attribute_consumers;
    lists[0].descriptions = vec![described("en", "Your tax matters."), described("hu", "Adóügyek intézése.")];
    lists[1].descriptions = vec![described("en", "A letter.")];
    let service = service.register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = gate.browser(Lang::Hu);
    let asked = service.request(&gate, "_1");
    prove(&gate, &mut browser, &anna, &asked).await;
    assert!(browser.page().text().contains("A szolgáltatás erre kéri: Adóügyek intézése."));
    let part = AuthnRequest { attribute_consuming_service: Some(1), ..service.request(&gate, "_2") };
    browser.visit(&by_redirect(&part, None, None)).await;
    assert_eq!(browser.page().texts("main [lang=en]"), ["A letter."]);

    let purposes = r#"{"family_name": {"hu": "Megszólítás"}, "email": {"hu": "Értesítés", "en": "Notices"}}"#;
    let stated = Some(broker::read_purposes(purposes.as_bytes()).unwrap());
    service.state(&gate, SamlOptions { purposes: stated, ..SamlOptions::default() }).await;
    let page = browser.visit(&by_redirect(&service.request(&gate, "_3"), None, None)).await;
    assert_eq!(page.texts(".data .hint"), ["Megszólítás", "Értesítés"]);
    assert!(!page.text().contains("A szolgáltatás erre kéri"), "{}", page.text());
    // They stay until others are given.
    service.state(&gate, SamlOptions::default()).await;
    assert_eq!(browser.reload().await.texts(".data .hint").len(), 2);
    service.state(&gate, SamlOptions { purposes: Some(Purposes::default()), ..SamlOptions::default() }).await;
    assert!(browser.reload().await.texts(".data .hint").is_empty());
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
