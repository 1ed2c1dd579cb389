//! Row O34: what ends a session by the back channel, and what does not.

use http::StatusCode;
use serde_json::json;

use super::{Change, EVENT, World, remove, set};

#[tokio::test]
async fn o34_a_bad_logout_token_ends_nothing_and_a_good_one_ends_its_session_once() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    #[rustfmt::skip]
    let table: [(&str, Change); 29] = [
        ("typ",             |header, _| set(header, "typ", json!("JWT"))),
        ("typ",             |header, _| remove(header, "typ")),
        ("typ",             |header, _| set(header, "typ", json!("at+jwt"))),
        ("alg",             |header, _| set(header, "alg", json!("none"))),
        ("alg",             |header, _| set(header, "alg", json!("RS256"))),
        ("alg",             |header, _| set(header, "alg", json!("HS256"))),
        ("header",          |header, _| set(header, "crit", json!(["exp"]))),
        ("key is not",      |header, _| set(header, "kid", json!("key-9"))),
        ("another issuer",  |_, claims| set(claims, "iss", json!("http://evil.localhost"))),
        ("claims",          |_, claims| remove(claims, "iss")),
        ("another client",  |_, claims| set(claims, "aud", json!("another"))),
        ("another client",  |_, claims| set(claims, "aud", json!(["another", "yet another"]))),
        ("claims",          |_, claims| remove(claims, "aud")),
        ("expired",         |_, claims| { let iat = claims["iat"].as_i64().unwrap(); set(claims, "exp", json!(iat - 60)); }),
        ("expired",         |_, claims| { let iat = claims["iat"].as_i64().unwrap(); set(claims, "iat", json!(iat + 61)); }),
        ("expired",         |_, claims| { let iat = claims["iat"].as_i64().unwrap(); set(claims, "exp", json!(iat + 601)); }),
        ("claims",          |_, claims| remove(claims, "exp")),
        ("claims",          |_, claims| remove(claims, "iat")),
        ("claims",          |_, claims| remove(claims, "jti")),
        ("claims",          |_, claims| set(claims, "jti", json!(""))),
        ("claims",          |_, claims| remove(claims, "events")),
        ("not tell",        |_, claims| set(claims, "events", json!({}))),
        ("not tell",        |_, claims| set(claims, "events", json!({EVENT: "yes"}))),
        ("not tell",        |_, claims| set(claims, "events", json!({"http://schemas.openid.net/event/other": {}}))),
        ("claims",          |_, claims| set(claims, "events", json!([EVENT]))),
        ("nonce",           |_, claims| set(claims, "nonce", json!("n"))),
        ("nonce",           |_, claims| set(claims, "nonce", json!(null))),
        ("neither sid",     |_, claims| remove(claims, "sid")),
        ("claims",          |_, claims| set(claims, "sid", json!(17))),
    ];
    for (reason, change) in table {
        let (header, claims) = world.logout_token(change);
        let token = world.issuer.sign(&header, &claims, 0);
        let (status, body) = world.send_logout_token(format!("logout_token={token}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{header} {claims}");
        assert!(body.contains("\"invalid_request\"") && body.contains(reason), "{reason} in {body}");
        assert_eq!(browser.reload().await.h1(), "Üdvözöljük, Kovács Anna!", "{header} {claims}");
    }

    let (header, claims) = world.logout_token(|_, _| {});
    let good = world.issuer.sign(&header, &claims, 0);
    let by_another_key = world.issuer.sign(&header, &claims, 1);
    let unsigned = format!("{}.", good.rsplit_once('.').unwrap().0);
    let form = "application/x-www-form-urlencoded";
    for body in [
        String::new(),
        "logout_token=".into(),
        "logout_token=x.y.z".into(),
        format!("logout_token={by_another_key}"),
        format!("logout_token={unsigned}"),
        format!("logout_token={good}="),
        format!("logout_token={good}&logout_token={good}"),
        format!("other={good}"),
        format!("logout_token={}", "a".repeat(16 * 1024 + 1)),
        format!("logout_token={}", "a".repeat(65 * 1024)),
    ] {
        let (status, _) = world.send_logout_token(body.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{form}: {body}");
        assert_eq!(browser.reload().await.h1(), "Üdvözöljük, Kovács Anna!", "{body}");
    }

    let (status, body) = world.send_logout_token(format!("logout_token={good}")).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, ""));
    assert_eq!(browser.reload().await.h1(), "Ügyeit itt intézheti");

    let mut again = world.signed_in().await;
    let (status, body) = world.send_logout_token(format!("logout_token={good}")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("used"), "{body}");
    assert_eq!(again.reload().await.h1(), "Üdvözöljük, Kovács Anna!");
}

#[tokio::test]
async fn a_logout_token_ends_whose_session_it_names() {
    #[rustfmt::skip]
    let table: [(Change, bool); 6] = [
        (|_, claims| set(claims, "sid", json!("another")),                                                   true),
        (|_, claims| { remove(claims, "sid"); set(claims, "sub", json!("another")); },                       true),
        (|_, claims| set(claims, "sub", json!("another")),                                                   true),
        (|_, claims| { remove(claims, "sid"); set(claims, "sub", json!("pairwise-anna")); },                 false),
        (|_, claims| { set(claims, "sub", json!("pairwise-anna")); set(claims, "aud", json!(["magyarorszag"])); }, false),
        (|header, _| { set(header, "typ", json!("application/LOGOUT+jwt")); remove(header, "kid"); },        false),
    ];
    for (change, alive) in table {
        let world = World::new().await;
        let mut browser = world.signed_in().await;
        let (header, claims) = world.logout_token(change);
        let token = world.issuer.sign(&header, &claims, 0);
        let (status, body) = world.send_logout_token(format!("logout_token={token}")).await;
        assert_eq!(status, StatusCode::OK, "{claims}: {body}");
        let is_alive = browser.reload().await.h1() == "Üdvözöljük, Kovács Anna!";
        assert_eq!(is_alive, alive, "{claims}");
    }
}
