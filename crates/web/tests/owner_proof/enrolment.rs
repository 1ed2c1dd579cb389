//! A wallet in place of the mailed code.

use std::time::Duration;

use broker::{AuthenticatorState, Notice};
use http::StatusCode;
use model::{Binding, Lang, Loa};
use testkit::{Browser, UGYFELKAPU};

use crate::phone::{ANNA, PASSWORD};
use crate::relying_party::{Person, RelyingParty};
use crate::world::{Own, PROVE, World, ask, at_once, form_to, post, user};

const PATH: &str = "/igenyles/dap";
const PROVED: &str = "Igazolta, hogy Öné a fiók";

/// Anna, whose authenticator is switched off, and who enrols anew; her credential is from before.
async fn enrolling() -> (World, Own, Browser) {
    let world = World::start().await;
    let (_, own) = world.holder_of_credential(ANNA).await;
    world.switch(AuthenticatorState::Inactive).await;
    let browser = world.enrolling().await;
    (world, own, browser)
}

#[tokio::test]
async fn a_wallet_takes_the_place_of_the_mailed_code() {
    let (world, own, mut browser) = enrolling().await;
    browser.follow(PROVE).await;
    assert_eq!(browser.page().h1(), "Igazolja magát a telefonjával");
    ask(&mut browser, PATH).await;
    assert!(browser.page().text().contains("Ügyfélkapu+ igénylése"), "the page says what for");
    let page = world.show(&own, &mut browser).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::OK, PROVED));
    browser.press("Tovább", &[]).await;
    let key = world.finish(&mut browser).await;
    assert_eq!(world.binding().await, Binding::Wallet);
    assert_eq!(world.notices().await, [Notice::OtherDevice]);
    assert_eq!(world.audited("proof.enrolment").await, 1);

    // What is said of a sign-in by it.
    let portal = RelyingParty::register(&world.gate, "portal.pelda.hu", serde_json::json!({})).await;
    let mut elsewhere = crate::relying_party::browser(&world.gate, &[&portal]);
    let deletion_code = broker::DeletionCode::draw(world.gate.broker.random());
    let anna = Person { name: ANNA.to_owned(), key, deletion_code };
    let tokens = portal.sign_in(&world.gate, &mut elsewhere, &anna, &portal.request()).await;
    assert_eq!(tokens.claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/substantial");
}

#[tokio::test]
async fn a_proof_is_used_once_however_many_use_it() {
    let (world, own, mut browser) = enrolling().await;
    ask(&mut browser, PATH).await;
    world.show(&own, &mut browser).await;
    let address = browser.page().url.clone();
    let statuses = at_once(&world, &browser, &[]).await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1, "{statuses:?}");
    assert_eq!(world.audited("proof.enrolment").await, 1);
    let page = browser.visit(address.as_str()).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::GONE, "Ez az igazolás már nem használható"));
}

#[tokio::test]
async fn a_credential_of_somebody_else_proves_nothing() {
    let (world, _, mut browser) = enrolling().await;
    world.gate.add_person("szabo.bela1", PASSWORD).await;
    let (_, of_bela) = world.holder_of_credential("szabo.bela1").await;
    ask(&mut browser, PATH).await;
    let page = world.show(&of_bela, &mut browser).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::FORBIDDEN, "Ez nem az Ön igazolása"));
    assert!(!page.html().contains("bela"), "nothing is told of whose it is");
    // A form that was made by hand is refused all the same.
    let path = page.url.path().to_owned();
    browser.visit(&format!("{UGYFELKAPU}{PATH}")).await;
    assert_eq!(post(&world, form_to(&browser, &path, &[])).await, StatusCode::FORBIDDEN);
    browser.visit(&format!("{UGYFELKAPU}/igenyles/kapcsolat")).await;
    world.enrol_by_contact(&mut browser).await;
    assert_eq!(world.binding().await, Binding::ContactCode, "the mailed code goes on");
}

#[tokio::test]
async fn what_is_linked_speaks_for_nothing_while_its_authenticator_is_off() {
    let (world, _, mut browser) = enrolling().await;
    ask(&mut browser, PATH).await;
    let page = world.show_foreign(&mut browser).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::FORBIDDEN, "Ezt az igazolást még nem ismerjük"));
    world.connect(Loa::Substantial).await;
    ask(&mut browser, PATH).await;
    let page = world.show_foreign(&mut browser).await;
    assert_eq!(page.h1(), "Ez az igazolás nem szólhat önmaga mellett");
    assert!(page.text().contains("Az e-mailben küldött kóddal most is folytathatja."));
}

#[tokio::test]
async fn what_is_linked_counts_for_no_more_than_it_stood_on() {
    let (world, _, mut browser) = enrolling().await;
    world.connect(Loa::Low).await;
    ask(&mut browser, PATH).await;
    assert_eq!(world.show_foreign(&mut browser).await.h1(), "Ez az igazolás ehhez kevés");
}

#[tokio::test]
async fn a_credential_revoked_meanwhile_proves_nothing() {
    let (world, own, mut browser) = enrolling().await;
    ask(&mut browser, PATH).await;
    world.show(&own, &mut browser).await;
    world.gate.broker.revoke_credentials_of(&user(ANNA)).await.unwrap();
    let page = browser.press("Tovább", &[]).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::GONE, "Ez az igazolás már nem használható"));
    assert_eq!(world.audited("proof.enrolment").await, 0);
    // And from now on the wallet's answer itself is refused.
    ask(&mut browser, PATH).await;
    assert_eq!(world.shown(&own, &browser).await, "");
    let page = browser.press("Jóváhagytam, tovább", &[]).await;
    assert_eq!(page.h1(), "Így nem sikerült igazolnia magát");
}

#[tokio::test]
async fn a_credential_revoked_before_the_enrolment_is_finished_vouches_for_nothing() {
    let (world, own, mut browser) = enrolling().await;
    let before = world.audited("authenticator.bound").await;
    ask(&mut browser, PATH).await;
    world.show(&own, &mut browser).await;
    browser.press("Tovább", &[]).await;
    assert_eq!(browser.page().url.path(), "/igenyles/osszekapcsolas");
    let shown: String = browser.page().texts(".key").concat().split_whitespace().collect();
    let key = broker::TotpKey::from_bytes(&data_encoding::BASE32_NOPAD.decode(shown.as_bytes()).unwrap()).unwrap();
    // The owner tells a clerk that the phone is gone.
    world.gate.broker.revoke_credentials_of(&user(ANNA)).await.unwrap();
    let fields = [("Jelszó", PASSWORD), ("Hatjegyű kód az alkalmazásból", &*world.gate.code(&key))];
    let page = browser.press("Tovább", &fields).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::GONE, "Ez az oldal már nem látható"));
    assert_eq!(world.audited("authenticator.bound").await, before);
    // It is begun anew, by another proof.
    browser.visit(&format!("{UGYFELKAPU}/igenyles")).await;
    browser.press("Ügyfélkapu+ igénylése", &[]).await;
    browser.press("Megvan az alkalmazás, tovább", &[]).await;
    world.enrol_by_contact(&mut browser).await;
    assert_eq!(world.binding().await, Binding::ContactCode);
}

#[tokio::test]
async fn whoever_comes_back_to_where_kau_began_goes_on_there() {
    let (world, own, mut browser) = enrolling().await;
    browser.visit(&format!("{UGYFELKAPU}{PATH}")).await;
    browser.press(PROVE, &[]).await;
    let to_kau = browser.page().refresh().unwrap();
    let page = browser.visit(to_kau.as_str()).await;
    assert_eq!(page.h1(), "Olvassa be a mobiltárcájával");
    let place = page.url.clone();
    // Twice pressed, reloaded, or gone back to.
    let page = browser.visit(to_kau.as_str()).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, place.path()));
    assert_eq!(world.gate.browser(Lang::Hu).visit(to_kau.as_str()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.audited("proof.begun").await, 1);
    assert_eq!(world.show(&own, &mut browser).await.h1(), PROVED);
    // What is over is not begun again.
    assert!(browser.visit(to_kau.as_str()).await.status.is_client_error());
    assert_eq!(world.audited("proof.begun").await, 1);
}

#[tokio::test]
async fn a_proof_lapses_and_an_asking_too() {
    let (world, own, mut browser) = enrolling().await;
    ask(&mut browser, PATH).await;
    world.show(&own, &mut browser).await;
    world.gate.clock.pass(Duration::from_mins(5));
    let page = browser.press("Tovább", &[]).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::GONE, "Ez az igazolás már nem használható"));
    // KAÜ begins once, and within five minutes.
    browser.visit(&format!("{UGYFELKAPU}{PATH}")).await;
    browser.press(PROVE, &[]).await;
    let to_kau = browser.page().refresh().unwrap();
    assert_eq!(browser.visit(to_kau.as_str()).await.status, StatusCode::OK);
    assert_eq!(world.gate.browser(Lang::Hu).visit(to_kau.as_str()).await.status, StatusCode::NOT_FOUND);
    browser.visit(&format!("{UGYFELKAPU}{PATH}")).await;
    browser.press(PROVE, &[]).await;
    let to_kau = browser.page().refresh().unwrap();
    world.gate.clock.pass(Duration::from_mins(5));
    assert_eq!(browser.visit(to_kau.as_str()).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn going_back_leads_to_the_page_that_asked() {
    let (_world, _, mut browser) = enrolling().await;
    ask(&mut browser, PATH).await;
    let page = browser.follow("Mégsem").await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, PATH));
}

#[tokio::test]
async fn what_a_victim_shows_serves_no_thief() {
    // A thief with the password has Anna open the address by which KAÜ begins.
    let (world, own, mut thief) = enrolling().await;
    thief.visit(&format!("{UGYFELKAPU}{PATH}")).await;
    thief.press(PROVE, &[]).await;
    let lure = thief.page().refresh().unwrap();
    let mut anna = world.gate.browser(Lang::Hu);
    let page = anna.visit(lure.as_str()).await;
    assert_eq!(page.h1(), "Olvassa be a mobiltárcájával");
    let back = world.shown(&own, &anna).await;
    anna.visit(&back).await;
    // It comes to her browser, which has no session that asked; the thief's does not learn the handle.
    let proved = anna.page().refresh().unwrap();
    assert_eq!(anna.follow_refresh().await.url.path(), "/");
    thief.visit(&format!("{UGYFELKAPU}/igenyles/kapcsolat")).await;
    assert_eq!(thief.page().h1(), "Igazolja, hogy Öné a fiók");
    // Nor does it serve another session of the same account, or another purpose.
    let mut other = world.enrolling().await;
    let page = other.visit(proved.as_str()).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::GONE, "Ez az igazolás már nem használható"));
    let unfreeze = proved.as_str().replace("/igenyles/dap/", "/feloldas/");
    assert_eq!(anna.visit(&unfreeze).await.status, StatusCode::GONE);
    assert_eq!(anna.visit(&lure.as_str().replace("/igazolas/", "/b/")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn across_devices_it_takes_the_digits() {
    let (world, own, mut browser) = enrolling().await;
    ask(&mut browser, PATH).await;
    let typed = browser.page().texts(".typed").concat();
    let path = format!("/wallet/kod/{typed}");
    let found = testkit::wallet_box::called(&world.gate.app(), http::Method::GET, &path, None).await;
    let link = found.body["request"].as_str().unwrap().to_owned();
    let back = world.shown_by(&own, &link).await;
    let mut phone = world.gate.browser(Lang::Hu);
    let page = phone.visit(&back).await;
    assert!(page.text().contains("Ügyfélkapu, Ügyfélkapu+ igénylése"), "{}", page.text());
    let digits = page.texts(".phone span").concat();
    browser.press("Jóváhagytam, tovább", &[]).await;
    browser.press("Tovább", &[("Négy számjegy", &digits)]).await;
    assert_eq!(browser.follow_refresh().await.h1(), PROVED);
}
