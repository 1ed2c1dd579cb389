//! What Kapu answers, and what the portal believes of it.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use model::Lang;
use serde_json::json;
use testkit::{Browser, VirtualClock};

use super::issuer::Plan;
use super::{Change, PORTAL, World, portal, remove, set};

/// What a test changes in the parameters of an authentication response.
type AnswerChange = fn(&mut Vec<(String, String)>);

#[tokio::test]
async fn what_goes_wrong_at_kapu_is_told_in_words() {
    let world = World::new().await;
    #[rustfmt::skip]
    let table = [
        ("access_denied",                     StatusCode::FORBIDDEN,           "Megszakította a belépést",          "You cancelled the sign-in"),
        ("unmet_authentication_requirements", StatusCode::FORBIDDEN,           "Ehhez megbízhatóbb belépés kell",   "This needs a more trusted sign-in"),
        ("login_required",                    StatusCode::FORBIDDEN,           "Még be kell lépnie",                "You still have to sign in"),
        ("temporarily_unavailable",           StatusCode::SERVICE_UNAVAILABLE, "A belépés most nem működik",        "Sign-in does not work now"),
        ("invalid_request",                   StatusCode::BAD_GATEWAY,         "A KAÜ elutasította a kérésünket",   "KAÜ refused our request"),
        ("<script>",                          StatusCode::BAD_GATEWAY,         "A KAÜ elutasította a kérésünket",   "KAÜ refused our request"),
    ];
    for (error, status, hungarian, english) in table {
        world.issuer.plan(Plan { error: Some(error), ..Plan::default() });
        let mut browser = world.browser(Lang::Hu);
        browser.visit(&format!("{PORTAL}/belepes")).await;
        assert_eq!((browser.page().status, browser.page().h1().as_str()), (status, hungarian), "{error}");
        assert!(!browser.page().url.as_str().contains("state="), "{}", browser.page().url);
        browser.follow("English").await;
        assert_eq!((browser.page().status, browser.page().h1().as_str()), (status, english), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_to_this_browser_s_question_signs_nobody_in() {
    let world = World::new().await;
    let (stale, implausible) = ("Ez a belépés már nem érvényes", "Hibás választ kaptunk");
    #[rustfmt::skip]
    let table: [(AnswerChange, &str); 7] = [
        (|answer| answer.retain(|(key, _)| key != "state"),                               stale),
        (|answer| answer[0].1 = "0".repeat(64),                                           stale),
        (|answer| answer.push(answer[0].clone()),                                         stale),
        (|answer| answer.retain(|(key, _)| key != "iss"),                                 implausible),
        (|answer| answer[1].1 = "http://evil.localhost".into(),                           implausible),
        (|answer| answer.retain(|(key, _)| key != "code"),                                implausible),
        (|answer| answer[2].1 = "another".into(),                                         stale),
    ];
    for (answer, heading) in table {
        world.issuer.plan(Plan { answer, ..Plan::default() });
        let mut browser = world.browser(Lang::Hu);
        browser.visit(&format!("{PORTAL}/belepes")).await;
        assert_eq!(browser.page().h1(), heading);
        assert!(browser.page().status.is_client_error() || browser.page().status == StatusCode::BAD_GATEWAY);
        assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), "Ügyeit itt intézheti");
    }
}

#[tokio::test]
async fn o28_another_browser_s_answer_leaves_the_session_as_it_is_and_an_answer_counts_once() {
    let world = World::new().await;
    let mut attacker = world.browser(Lang::Hu);
    attacker.visit(&format!("{PORTAL}/belepes")).await;
    let answer = attacker.page().hops.iter().find(|hop| hop.path() == "/callback").unwrap().to_string();

    let mut victim = world.browser(Lang::Hu);
    victim.visit(&answer).await;
    assert_eq!(victim.page().h1(), "Ez a belépés már nem érvényes");
    assert_eq!(victim.visit(&format!("{PORTAL}/")).await.h1(), "Ügyeit itt intézheti");

    attacker.visit(&answer).await;
    assert_eq!(attacker.page().h1(), "Ez a belépés már nem érvényes");
    assert_eq!(attacker.visit(&format!("{PORTAL}/")).await.h1(), "Üdvözöljük, Kovács Anna!");
}

#[tokio::test]
async fn an_id_token_that_kapu_would_not_write_signs_nobody_in() {
    let world = World::new().await;
    #[rustfmt::skip]
    let table: [Change; 15] = [
        |_, claims| set(claims, "nonce", json!("another")),
        |_, claims| remove(claims, "nonce"),
        |_, claims| set(claims, "iss", json!("http://evil.localhost")),
        |_, claims| set(claims, "aud", json!("another")),
        |_, claims| set(claims, "aud", json!(["magyarorszag", "another"])),
        |_, claims| set(claims, "azp", json!("another")),
        |_, claims| { let now = claims["iat"].clone(); set(claims, "exp", now); },
        |_, claims| { let now = claims["iat"].as_i64().unwrap(); set(claims, "iat", json!(now + 61)); },
        |_, claims| set(claims, "at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        |_, claims| set(claims, "sub", json!("somebody else")),
        |_, claims| remove(claims, "sub"),
        |header, _| set(header, "alg", json!("none")),
        |header, _| set(header, "alg", json!("HS256")),
        |header, _| set(header, "kid", json!("key-9")),
        |header, _| set(header, "typ", json!("logout+jwt")),
    ];
    for id_token in table {
        world.issuer.plan(Plan { id_token, ..Plan::default() });
        let mut browser = world.browser(Lang::Hu);
        browser.visit(&format!("{PORTAL}/belepes")).await;
        let (mut header, mut claims) = (json!({}), json!({"iat": 0}));
        id_token(&mut header, &mut claims);
        assert_eq!(browser.page().h1(), "Hibás választ kaptunk", "{header} {claims}");
        assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), "Ügyeit itt intézheti");
    }
    world.issuer.plan(Plan { signs: 1, id_token: |header, _| set(header, "kid", json!("key-0")), ..Plan::default() });
    let mut browser = world.browser(Lang::Hu);
    assert_eq!(browser.visit(&format!("{PORTAL}/belepes")).await.h1(), "Hibás választ kaptunk");
    world.issuer.plan(Plan { user_info: |claims| set(claims, "sub", json!("somebody else")), ..Plan::default() });
    assert_eq!(browser.visit(&format!("{PORTAL}/belepes")).await.h1(), "Hibás választ kaptunk");
}

#[tokio::test]
async fn a_key_that_is_new_is_looked_for_at_the_issuer() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    world.clock.pass(Duration::from_secs(10));
    world.issuer.plan(Plan { signs: 1, published: vec![0, 1], ..Plan::default() });
    assert_eq!(browser.visit(&format!("{PORTAL}/belepes")).await.h1(), "Üdvözöljük, Kovács Anna!");

    let world = World::new().await;
    let mut browser = world.signed_in().await;
    world.clock.pass(Duration::from_secs(10));
    world.issuer.plan(Plan { published: vec![0, 1], ..Plan::default() });
    let (mut header, claims) = world.logout_token(|_, _| {});
    set(&mut header, "kid", json!("key-1"));
    let token = world.issuer.sign(&header, &claims, 1);
    let (status, body) = world.send_logout_token(format!("logout_token={token}")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(browser.reload().await.h1(), "Ügyeit itt intézheti");
}

#[tokio::test]
async fn while_kapu_is_away_the_portal_says_so() {
    let clock = Arc::new(VirtualClock::new());
    let folder = tempfile::tempdir().unwrap();
    // A port that was free a moment ago.
    let free = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    let portal = portal(&format!("http://kau.localhost:{free}"), &clock, folder.path(), 1);
    let mut browser = Browser::new(portal, Lang::Hu);
    browser.visit(&format!("{PORTAL}/")).await;
    browser.follow("Bejelentkezés").await;
    assert_eq!(browser.page().status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.page().h1(), "A KAÜ most nem érhető el");
    browser.follow("English").await;
    assert_eq!(browser.page().h1(), "KAÜ cannot be reached now");
}
