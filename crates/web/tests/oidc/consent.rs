//! What a client receives is shown before the first time, and when it asks for more; seen and withdrawn at
//! Ügyfélkapu (`journeys.md` section 3 j).

mod declined;
mod judged;
mod optional;
mod world;

use http::StatusCode;
use serde_json::{Value, json};

use crate::relying_party::{browser, is_asked, userinfo};
use world::{ASKED, MINUTE, World, shown};

#[tokio::test]
async fn the_first_time_a_page_shows_what_the_client_will_receive_and_the_second_time_none() {
    let mut world = World::start().await;
    let request = world.request("openid profile email");
    let page = world.prove(&request).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::OK, ASKED));
    let identifier = "Véletlen jelsor, amelyről a szolgáltatás legközelebb megismeri Önt";
    let expected = [
        ("Családi név", "Minta"),
        ("Utónév", "Anna"),
        ("Születési idő", "1958. március 5."),
        ("E-mail-cím", "minta.anna@pelda.hu"),
        ("Azonosító", identifier),
    ];
    assert_eq!(shown(page), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(page.buttons(), ["Hozzájárulok", "Nem adom át"]);
    world.browser.press("Hozzájárulok", &[]).await;
    let tokens = world.answered(&request).await;
    let claims = userinfo(&world.gate, &tokens.access_token).await;
    assert_eq!((&claims["email"], &claims["family_name"]), (&"minta.anna@pelda.hu".into(), &"Minta".into()));
    assert_eq!(claims.get("mothers_name"), None, "what was not shown is not told");
    assert!(world.told("login.answered").await[0].starts_with("consent=given method=authenticator_app"));

    world.browser.forget_cookies();
    let again = world.request("openid profile email");
    world.prove(&again).await;
    world.answered(&again).await;
}

#[tokio::test]
async fn a_set_that_grew_or_changed_is_shown_and_a_part_of_it_is_not() {
    let mut world = World::start().await;
    let request = world.request("openid email");
    world.agree(&request).await;
    let birth_name = json!({"userinfo": {"birth_family_name": null}}).to_string();
    let email = json!({"id_token": {"email": null}, "userinfo": {"shoe_size": null}}).to_string();
    for (request, asked) in [
        (world.request("openid email"), false),
        (world.request("openid"), false),
        (world.request("openid").set("claims", &email), false),
        (world.request("openid email address phone"), false),
        (world.request("openid profile"), true),
        (world.request("openid email person"), true),
        (world.request("openid email").set("claims", &birth_name), true),
    ] {
        assert_eq!(world.is_asked(&request).await, asked, "{request:?}", request = request.url());
    }
    // What was agreed to before stays agreed to.
    let more = world.request("openid profile");
    assert!(world.is_asked(&more).await);
    world.browser.press("Hozzájárulok", &[]).await;
    world.answered(&more).await;
    for scope in ["openid profile", "openid email", "openid profile email"] {
        let request = world.request(scope);
        assert!(!world.is_asked(&request).await, "{scope}");
    }
}

#[tokio::test]
async fn a_client_that_receives_an_identifier_alone_needs_no_page() {
    let mut world = World::start().await;
    let request = world.request("openid");
    world.prove(&request).await;
    world.answered(&request).await;
    let anew = world.request("openid").set("prompt", "consent");
    assert!(!world.is_asked(&anew).await);
    assert!(world.services().await.page().text().contains("Most egy sincs."));
}

#[tokio::test]
async fn single_sign_on_meets_the_page_and_a_silent_request_is_told_that_it_is_due() {
    let mut world = World::start().await;
    let first = world.request("openid");
    world.prove(&first).await;
    world.answered(&first).await;
    let silent = world.request("openid email").set("prompt", "none");
    assert_eq!(world.error(&silent).await, "consent_required");
    let request = world.request("openid email");
    assert!(world.is_asked(&request).await);
    assert_eq!(world.browser.page().hops.len(), 1, "straight to the page");
    world.browser.press("Hozzájárulok", &[]).await;
    let tokens = world.answered(&request).await;
    assert_eq!(tokens.claims["acr"], "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp");
    let silent = world.request("openid email").set("prompt", "none");
    let tokens = world.portal.pass(&world.gate, &mut world.browser, &silent).await;
    assert_eq!(userinfo(&world.gate, &tokens.access_token).await["email"], "minta.anna@pelda.hu");
}

#[tokio::test]
async fn prompt_consent_asks_anew() {
    let mut world = World::start().await;
    let request = world.request("openid email");
    world.agree(&request).await;
    let anew = world.request("openid email").set("prompt", "consent");
    assert!(world.is_asked(&anew).await);
    world.browser.press("Hozzájárulok", &[]).await;
    world.answered(&anew).await;
    let request = world.request("openid email");
    assert!(!world.is_asked(&request).await);
}

#[tokio::test]
async fn what_was_agreed_to_is_seen_and_withdrawn_at_ugyfelkapu() {
    let mut world = World::start().await;
    let request = world.request("openid profile email");
    let tokens = world.agree(&request).await;
    let mut own = world.services().await;
    assert_eq!(own.page().h1(), "Mit kapnak a szolgáltatások");
    assert_eq!(own.page().texts(".state dt"), ["Legutóbb"]);
    assert_eq!(own.page().texts(".state h2"), ["portal.pelda.hu"]);
    let listed = ["Családi név", "Utónév", "Születési idő", "E-mail-cím", "Azonosító"];
    assert_eq!(own.page().texts(".state li"), listed);
    assert_eq!(own.page().texts(".state dd"), ["2026. január 1. 01:01"]);
    let mut late = own.tab();
    late.visit(own.page().url.as_str()).await;
    assert_eq!(userinfo(&world.gate, &tokens.access_token).await["email"], "minta.anna@pelda.hu");
    own.press("Visszavonás", &[]).await;
    world.refuses(&tokens).await;
    let notice = own.page().notice().expect("it is said");
    assert!(notice.starts_with("Visszavonta a hozzájárulását."), "{notice}");
    assert!(own.page().texts(".state").is_empty());
    assert_eq!(world.told("consent.withdrawn").await, ["service=portal"]);
    late.press("Visszavonás", &[]).await;
    assert_eq!(late.page().notice(), None, "there is nothing left to withdraw");
    assert_eq!(world.told("consent.withdrawn").await.len(), 1);

    let silent = world.request("openid email").set("prompt", "none");
    assert_eq!(world.error(&silent).await, "consent_required");
    let request = world.request("openid email");
    assert!(world.is_asked(&request).await);
    world.browser.press("Hozzájárulok", &[]).await;
    world.answered(&request).await;
    let own = world.services().await;
    assert_eq!(own.page().texts(".state li"), ["E-mail-cím", "Azonosító"], "and no more than that");
}

#[tokio::test]
async fn what_the_law_requires_is_told_the_first_time_without_a_choice() {
    let mut world = World::with(json!({"kapu_legal_basis": "law"})).await;
    let request = world.request("openid profile");
    let page = world.prove(&request).await;
    assert_eq!(page.h1(), ASKED);
    assert!(page.text().contains("Ezeket jogszabály alapján adjuk át."));
    assert_eq!(page.buttons(), ["Tovább", "Vissza a szolgáltatáshoz"]);
    world.browser.press("Tovább", &[]).await;
    world.answered(&request).await;
    assert!(world.told("login.answered").await[0].starts_with("consent=seen "));
    let request = world.request("openid profile");
    assert!(!world.is_asked(&request).await, "it was seen");
    let own = world.services().await;
    assert!(own.page().text().contains("Jogszabály alapján kapja meg"));
    assert!(!own.page().buttons().iter().any(|button| button.starts_with("Visszavonás")));

    // The law does not require it any more: what was seen is nothing that was agreed to.
    let metadata = json!({
        "client_id": "portal", "client_name": "portal.pelda.hu", "scope": "openid profile",
        "redirect_uris": [&world.portal.redirect_uri], "kapu_legal_basis": "consent",
    });
    world.gate.client(&metadata).await;
    let own = world.services().await;
    assert!(own.page().text().contains("Megváltozott, milyen alapon kapja meg."), "{}", own.page().text());
    assert!(!own.page().buttons().iter().any(|button| button.starts_with("Visszavonás")));
    let request = world.request("openid profile");
    assert!(world.is_asked(&request).await);
    assert_eq!(world.browser.page().buttons(), ["Hozzájárulok", "Nem adom át"]);
}

/// A registration for the e-mail address, or for the mother's name as well.
fn registration(scope: &str) -> Value {
    json!({
        "client_id": "portal", "client_secret": "a-secret-that-never-changes", "client_name": "portal.pelda.hu",
        "scope": scope, "redirect_uris": ["https://portal.pelda.hu/cb"],
    })
}

#[tokio::test]
async fn the_page_is_read_again_when_something_else_would_be_passed_on() {
    let mut world = World::with(registration("openid email")).await;
    let essential = json!({"essential": true});
    let named = json!({"userinfo": {"email": essential, "mothers_name": essential}}).to_string();
    let request = world.request("openid").set("claims", &named);
    let page = world.prove(&request).await;
    assert_eq!(page.texts(".data dt"), ["E-mail-cím", "Azonosító"]);
    let asked = page.url.clone();
    world.gate.client(&registration("openid email person")).await;
    let page = world.browser.press("Hozzájárulok", &[]).await;
    assert_eq!((page.url.clone(), page.h1().as_str()), (asked.clone(), ASKED));
    assert_eq!(page.texts(".data dt"), ["Anyja neve", "E-mail-cím", "Azonosító"]);

    // A form that says that it showed something else agrees to nothing.
    let token = world.browser.page().attribute("main input[name=csrf]", "value").expect("a token");
    let forged = [("csrf", token.as_str()), ("adatok", "1"), ("tett", "tovabb")];
    let origin = asked.origin().ascii_serialization();
    world.browser.lured(&origin, asked.path(), &forged).await;
    assert_eq!(world.browser.page().url, asked);
    assert!(world.told("login.answered").await.is_empty());
    world.browser.press("Hozzájárulok", &[]).await;
    let tokens = world.answered(&request).await;
    assert_eq!(userinfo(&world.gate, &tokens.access_token).await["mothers_name"], "Próba Mária");
}

#[tokio::test]
async fn what_was_not_seen_is_not_told_whatever_is_registered_afterwards() {
    let mut world = World::with(registration("openid email")).await;
    let essential = json!({"essential": true});
    let both = json!({"email": essential, "mothers_name": essential});
    let named = json!({"userinfo": both, "id_token": both});
    let request = world.request("openid").set("claims", &named.to_string());
    world.prove(&request).await;
    world.browser.press("Hozzájárulok", &[]).await;
    world.browser.follow_refresh().await;
    let code = world.portal.code(&world.browser, &request);
    world.gate.client(&registration("openid email person")).await;
    let tokens = world.portal.redeem(&world.gate, &code, &request).await;
    for claims in [tokens.claims, userinfo(&world.gate, &tokens.access_token).await] {
        assert_eq!(claims["email"], "minta.anna@pelda.hu");
        assert_eq!(claims.get("mothers_name"), None);
    }
    let request = world.request("openid").set("claims", &named.to_string());
    assert!(world.is_asked(&request).await, "the next sign-in asks");
}

#[tokio::test]
async fn two_windows_at_once_answer_once_each_their_own() {
    let mut world = World::start().await;
    let request = world.request("openid email");
    world.prove(&request).await;
    let mut same = world.browser.tab();
    same.visit(world.browser.page().url.as_str()).await;
    let mut other = world.browser.tab();
    let of_other = world.request("openid email");
    other.visit(&of_other.url()).await;
    assert!(is_asked(&other));
    world.browser.press("Hozzájárulok", &[]).await;
    same.press("Hozzájárulok", &[]).await;
    assert_eq!(same.page().status, StatusCode::GONE, "a request is answered once");
    let links = same.page().links();
    assert!(links.iter().any(|link| link.words == "Tovább a portal.pelda.hu oldalára"), "{links:?}");
    world.answered(&request).await;
    // What the first window agreed to is no obstacle to the other one.
    other.press("Hozzájárulok", &[]).await;
    other.follow_refresh().await;
    let code = world.portal.code(&other, &of_other);
    world.portal.redeem(&world.gate, &code, &of_other).await;
}

#[tokio::test]
async fn going_back_and_reloading_do_no_harm() {
    let mut world = World::start().await;
    let request = world.request("openid email");
    world.prove(&request).await;
    let asked = world.browser.page().url.clone();
    assert_eq!(world.browser.reload().await.h1(), ASKED);
    let code = asked.as_str().replace("/adatok", "/kod");
    assert_eq!(world.browser.visit(&code).await.url, asked, "the code is behind the person");
    let choice = asked.as_str().replace("/adatok", "");
    assert_eq!(world.browser.visit(&choice).await.h1(), "Hogyan szeretne belépni?");
    world.browser.visit(asked.as_str()).await;
    world.browser.press("Hozzájárulok", &[]).await;
    world.answered(&request).await;
    assert_eq!(world.browser.visit(asked.as_str()).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn the_page_tells_nobody_else_who_the_person_is() {
    let mut world = World::start().await;
    let request = world.request("openid email");
    world.prove(&request).await;
    let asked = world.browser.page().url.clone();
    // In another browser, and in this one after signing out.
    let mut stranger = browser(&world.gate, &[&world.portal]);
    assert_eq!(stranger.visit(asked.as_str()).await.status, StatusCode::NOT_FOUND);
    let mut out = world.browser.tab();
    out.visit("http://kau.localhost:8080/kijelentkezes").await;
    out.press("Kijelentkezés", &[]).await;
    let page = world.browser.press("Hozzájárulok", &[]).await;
    assert_eq!(page.h1(), "Hogyan szeretne belépni?");
    let page = world.browser.visit(asked.as_str()).await;
    assert_eq!(page.h1(), "Hogyan szeretne belépni?");
    assert!(!page.html().contains("minta.anna"));
    assert!(world.told("login.answered").await.is_empty());
    // The same sign-in goes on with both factors.
    world.gate.clock.pass(MINUTE);
    world.anna.give_password(&mut world.browser).await;
    world.anna.give_code(&world.gate, &mut world.browser).await;
    world.browser.press("Hozzájárulok", &[]).await;
    world.answered(&request).await;
}

#[tokio::test]
async fn the_page_lapses_with_its_session_and_with_its_request() {
    let mut world = World::start().await;
    let request = world.request("openid email");
    world.prove(&request).await;
    let asked = world.browser.page().url.clone();
    world.gate.clock.pass(MINUTE * 15);
    world.browser.press("Hozzájárulok", &[]).await;
    assert_eq!(world.browser.page().h1(), "Hogyan szeretne belépni?", "the session idled");
    world.gate.clock.pass(MINUTE * 15);
    assert_eq!(world.browser.visit(asked.as_str()).await.status, StatusCode::GONE);
    assert!(world.told("login.answered").await.is_empty());
}

#[tokio::test]
async fn a_due_consent_is_one_commit_more_and_none_is_written_without_one() {
    let mut world = World::start().await;
    let commits = async |world: &World| world.gate.store.audit_tail(1000).await.unwrap().len();
    let before = commits(&world).await;
    let request = world.request("openid email");
    world.agree(&request).await;
    let first = commits(&world).await;
    assert_eq!(first - before, 6);
    world.browser.forget_cookies();
    let request = world.request("openid email");
    world.prove(&request).await;
    world.answered(&request).await;
    assert_eq!(commits(&world).await - first, 5);
}
