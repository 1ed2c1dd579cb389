//! What is judged when the answer is issued: the policy, the address, and how old the sign-in is.

use http::StatusCode;
use serde_json::json;
use testkit::KAU;

use super::world::{ASKED, MINUTE, World};

#[tokio::test]
async fn nobody_has_to_read_fast() {
    let mut world = World::start().await;
    let request = world.request("openid email").set("max_age", "60");
    world.prove(&request).await;
    world.gate.clock.pass(MINUTE * 2);
    world.browser.press("Hozzájárulok", &[]).await;
    world.answered(&request).await;
}

/// A session that the same person began meanwhile is what the answer tells of, and is judged by its own age.
#[tokio::test]
async fn the_session_that_is_there_is_the_one_that_is_told_of() {
    let mut world = World::start().await;
    let request = world.request("openid email").set("max_age", "60");
    world.prove(&request).await;
    let asked = world.browser.page().url.clone();
    let mut other = world.browser.tab();
    other.visit(&format!("{KAU}/kijelentkezes")).await;
    other.press("Kijelentkezés", &[]).await;
    world.gate.clock.pass(MINUTE);
    other.visit(&world.request("openid").url()).await;
    world.anna.give_password(&mut other).await;
    world.anna.give_code(&world.gate, &mut other).await;
    world.gate.clock.pass(MINUTE * 2);

    let page = world.browser.press("Hozzájárulok", &[]).await;
    assert_eq!(page.h1(), "Lépjen be újra");
    assert!(page.text().contains("Túl sok idő telt el a belépése óta."), "{}", page.text());
    assert!(world.services().await.page().text().contains("Most egy sincs."), "nothing was agreed to");
    world.browser.follow("Új bejelentkezés").await;
    world.gate.clock.pass(MINUTE);
    world.anna.give_password(&mut world.browser).await;
    world.anna.give_code(&world.gate, &mut world.browser).await;
    assert_eq!((world.browser.page().url.as_str(), world.browser.page().h1().as_str()), (asked.as_str(), ASKED));
    world.browser.press("Hozzájárulok", &[]).await;
    world.answered(&request).await;
}

fn registration(members: &serde_json::Value) -> serde_json::Value {
    let mut metadata = json!({
        "client_id": "portal", "client_secret": "a-secret-that-never-changes", "client_name": "portal.pelda.hu",
        "scope": "openid email", "redirect_uris": ["https://portal.pelda.hu/cb"],
    });
    metadata.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    metadata
}

#[tokio::test]
async fn the_policy_is_asked_again_at_the_moment_of_the_answer() {
    let mut world = World::with(registration(&json!({}))).await;
    let request = world.request("openid email");
    world.prove(&request).await;
    world.gate.client(&registration(&json!({"kapu_min_loa": "high"}))).await;
    world.browser.press("Hozzájárulok", &[]).await;
    assert!(world.browser.page().url.path().ends_with("/tovabb"), "{}", world.browser.page().url);
    assert!(world.told("login.answered").await.is_empty());
}

#[tokio::test]
async fn an_address_that_is_registered_no_more_is_sent_nothing() {
    let mut world = World::with(registration(&json!({}))).await;
    let moved = registration(&json!({"redirect_uris": ["https://portal.pelda.hu/new"]}));
    let request = world.request("openid email");
    world.prove(&request).await;
    let asked = world.browser.page().url.clone();
    let mut other = world.browser.tab();
    other.visit(asked.as_str()).await;
    world.gate.client(&moved).await;
    assert_eq!(world.browser.press("Hozzájárulok", &[]).await.status, StatusCode::GONE);
    assert_eq!(other.press("Nem adom át", &[]).await.status, StatusCode::GONE);
    assert_eq!(other.visit(&asked.as_str().replace("/adatok", "/megsem")).await.status, StatusCode::GONE);
    assert!(world.told("login.answered").await.is_empty());
}

#[tokio::test]
async fn an_identifier_that_others_know_too_is_told_as_such() {
    let mut world = World::with(json!({"subject_type": "public"})).await;
    let request = world.request("openid email");
    let page = world.prove(&request).await;
    assert!(page.texts(".data dd")[1].starts_with("Véletlen jelsor, amely több szolgáltatásnál ugyanaz"));
}
