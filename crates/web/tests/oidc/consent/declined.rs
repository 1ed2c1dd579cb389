//! Who declines is told what is true then: of this sign-in, of the session, and of what was agreed to before.

use http::StatusCode;
use serde_json::json;
use testkit::KAU;

use super::world::{ASKED, World};
use crate::relying_party::Person;

const SHARED_NOTHING: &str = "Nem adtunk át adatot";

#[tokio::test]
async fn a_session_that_began_for_nothing_else_ends_with_the_sign_in() {
    let mut world = World::start().await;
    let request = world.request("openid email");
    world.prove(&request).await;
    let asked = world.browser.page().url.clone();
    world.browser.press("Nem adom át", &[]).await;
    assert_eq!(world.browser.page().h1(), "Nem lépett be");
    assert_eq!(world.browser.cookie(KAU, "__Host-sso"), None);
    world.browser.follow_refresh().await;
    assert_eq!(world.portal.error(&world.browser, &request), "access_denied");
    assert_eq!(world.browser.visit(asked.as_str()).await.status, StatusCode::GONE);
    assert_eq!(world.told("login.declined").await.len(), 1);
    let silent = world.request("openid").set("prompt", "none");
    assert_eq!(world.error(&silent).await, "login_required");

    // By the link above the page, too, which declines nothing.
    let again = world.request("openid email");
    world.prove(&again).await;
    world.browser.follow("Mégsem").await;
    assert_eq!(world.portal.error(&world.browser, &again), "access_denied");
    assert_eq!(world.error(&silent).await, "login_required");
    assert_eq!(world.told("login.declined").await.len(), 1);
}

#[tokio::test]
async fn who_is_signed_in_elsewhere_stays_so_and_is_told() {
    let mut world = World::start().await;
    let first = world.request("openid");
    world.prove(&first).await;
    world.answered(&first).await;
    let request = world.request("openid email");
    assert!(world.is_asked(&request).await);
    let page = world.browser.press("Nem adom át", &[]).await;
    assert_eq!((page.h1().as_str(), page.refresh()), (SHARED_NOTHING, None), "there is something to read");
    assert!(page.links().iter().any(|link| link.words == "Kijelentkezés"));
    world.browser.follow("Tovább a portal.pelda.hu oldalára").await;
    assert_eq!(world.portal.error(&world.browser, &request), "access_denied");
    let again = world.request("openid email");
    assert!(world.is_asked(&again).await, "the session stands");
}

#[tokio::test]
async fn declining_what_is_shown_anew_withdraws_what_was_agreed_to() {
    let mut world = World::start().await;
    let request = world.request("openid email");
    let tokens = world.agree(&request).await;
    let anew = world.request("openid email").set("prompt", "consent");
    assert!(world.is_asked(&anew).await);
    assert!(world.browser.page().text().contains("Csak akkor, ha a portal.pelda.hu ezt kéri"));
    world.browser.press("Nem adom át", &[]).await;
    world.refuses(&tokens).await;
    let silent = world.request("openid email").set("prompt", "none");
    assert_eq!(world.error(&silent).await, "consent_required");
    assert!(world.services().await.page().text().contains("Most egy sincs."));
}

#[tokio::test]
async fn what_the_law_requires_is_not_forgotten_by_going_back() {
    let mut world = World::with(json!({"kapu_legal_basis": "law"})).await;
    let request = world.request("openid email");
    world.prove(&request).await;
    world.browser.press("Tovább", &[]).await;
    world.answered(&request).await;
    let anew = world.request("openid email").set("prompt", "consent");
    assert!(world.is_asked(&anew).await);
    world.browser.press("Vissza a szolgáltatáshoz", &[]).await;
    let again = world.request("openid email");
    assert!(!world.is_asked(&again).await);
}

/// OpenID Connect Core 1.0 section 5.5.1: somebody else signs in than the client asked for.
#[tokio::test]
async fn an_answer_about_nobody_is_no_success() {
    let mut world = World::start().await;
    let first = world.request("openid");
    world.prove(&first).await;
    let tokens = world.answered(&first).await;
    let bela = Person::enrolled(&world.gate, "minta.bela").await;
    world.browser.forget_cookies();
    let request = world.request("openid").set("id_token_hint", &tokens.id_token);
    world.browser.visit(&request.url()).await;
    bela.give_password(&mut world.browser).await;
    bela.give_code(&world.gate, &mut world.browser).await;
    assert_eq!(world.browser.page().h1(), SHARED_NOTHING);
    assert_eq!(world.told("login.other-person").await.len(), 1);
    assert_eq!(world.told("login.answered").await.len(), 1, "the first");
    world.browser.follow("Tovább a portal.pelda.hu oldalára").await;
    assert_eq!(world.portal.error(&world.browser, &request), "login_required");
}

#[tokio::test]
async fn a_page_of_another_person_agrees_to_nothing_and_declines_nothing() {
    let mut world = World::start().await;
    let bela = Person::enrolled(&world.gate, "minta.bela").await;
    let request = world.request("openid email");
    world.prove(&request).await;
    let asked = world.browser.page().url.clone();
    let mut late = world.browser.tab();
    late.visit(asked.as_str()).await;
    let mut other = world.browser.tab();
    other.visit(&format!("{KAU}/kijelentkezes")).await;
    other.press("Kijelentkezés", &[]).await;
    other.visit(asked.as_str()).await;
    bela.give_password(&mut other).await;
    bela.give_code(&world.gate, &mut other).await;
    assert_eq!(other.page().h1(), ASKED);

    for (tab, button) in [(&mut world.browser, "Hozzájárulok"), (&mut late, "Nem adom át")] {
        let page = tab.press(button, &[]).await;
        assert_eq!((page.url.as_str(), page.h1().as_str()), (asked.as_str(), ASKED), "{button}");
        assert_eq!(page.texts(".data dd")[0], "minta.bela@pelda.hu");
    }
    assert!(world.told("login.answered").await.is_empty() && world.told("login.declined").await.is_empty());
    world.browser.press("Hozzájárulok", &[]).await;
    world.answered(&request).await;
}
