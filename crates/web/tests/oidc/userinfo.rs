//! UserInfo, and which of a person's data a client receives.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Map, Value, json};
use testkit::Installation;

use crate::relying_party::{Call, PASSWORD, Person, RelyingParty, Tokens, browser, exchange, userinfo};

const SUBSTANCE: [&str; 11] = [
    "name",
    "family_name",
    "given_name",
    "birthdate",
    "email",
    "email_verified",
    "birth_family_name",
    "birth_given_name",
    "place_of_birth",
    "nationalities",
    "mothers_name",
];

/// Who asks for which scopes and which claims by name; what is granted, at UserInfo and in the ID token.
type Row<'a> = (&'a RelyingParty, &'a str, Option<&'a Value>, &'a str, &'a [&'a str], &'a [&'a str]);

/// A client, what it got, and the browser in which somebody is signed in.
async fn signed_in(gate: &Installation, members: Value) -> (RelyingParty, testkit::Browser, Tokens) {
    let rp = RelyingParty::register(gate, "rp.pelda.hu", members).await;
    let mut browser = browser(gate, &[&rp]);
    let anna = Person::enrolled(gate, "minta.anna").await;
    let tokens = rp.sign_in(gate, &mut browser, &anna, &rp.request()).await;
    (rp, browser, tokens)
}

/// The names of a person's data among the claims.
fn told(claims: &Map<String, Value>) -> Vec<&str> {
    SUBSTANCE.into_iter().filter(|name| claims.contains_key(*name)).collect()
}

#[tokio::test]
async fn o31_only_a_live_token_in_its_place_opens_userinfo() {
    let gate = Installation::start().await;
    let (rp, mut browser, tokens) = signed_in(&gate, json!({})).await;
    let query = format!("/oidc/userinfo?access_token={}", tokens.access_token);
    let get = || Call::get("/oidc/userinfo");
    for (what, call, challenge) in [
        ("nothing", get(), "Bearer"),
        ("a token in the query", Call::get(&query), "Bearer"),
        ("a cookie", get().header("cookie", &format!("__Host-sso={}", tokens.access_token)), "Bearer"),
        ("a form in a GET", get().field("access_token", &tokens.access_token), "Bearer"),
        ("an unknown token", get().bearer(&"A".repeat(43)), "Bearer error=\"invalid_token\""),
        ("the ID token", get().bearer(&tokens.id_token), "Bearer error=\"invalid_token\""),
        ("another scheme", get().header("authorization", &rp.basic("x")), "Bearer"),
    ] {
        let answer = call.send(&gate).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
        assert!(answer.header("www-authenticate").unwrap().starts_with(challenge), "{what}");
        assert!(!answer.text().contains("Minta"), "{what}");
    }
    let twice = Call::post("/oidc/userinfo").bearer(&tokens.access_token).field("access_token", &tokens.access_token);
    assert_eq!(twice.send(&gate).await.status, StatusCode::BAD_REQUEST);

    gate.clock.pass(Duration::from_secs(299));
    assert_eq!(userinfo(&gate, &tokens.access_token).await["sub"], tokens.claims["sub"]);
    gate.clock.pass(Duration::from_secs(1));
    let lapsed = get().bearer(&tokens.access_token).send(&gate).await;
    assert_eq!(lapsed.status, StatusCode::UNAUTHORIZED, "five minutes are over");

    let fresh = rp.pass(&gate, &mut browser, &rp.request()).await;
    browser.visit("http://kau.localhost:8080/kijelentkezes").await;
    browser.press("Kijelentkezés", &[]).await;
    let revoked = get().bearer(&fresh.access_token).send(&gate).await;
    assert_eq!(revoked.status, StatusCode::UNAUTHORIZED, "it ends with the session");
}

#[tokio::test]
async fn o31_an_enrolment_session_opens_no_userinfo() {
    let gate = Installation::start().await;
    gate.add_person("kovacs.bela", PASSWORD).await;
    let mut bela = gate.browser(model::Lang::Hu);
    bela.visit(testkit::UGYFELKAPU).await;
    bela.press("Bejelentkezés", &[("Felhasználónév", "kovacs.bela"), ("Jelszó", PASSWORD)]).await;
    let session = bela.cookie(testkit::UGYFELKAPU, "__Host-enrol").expect("an enrolment session");
    for call in [
        Call::get("/oidc/userinfo").bearer(&session),
        Call::post("/oidc/userinfo").field("access_token", &session),
        Call::get("/oidc/userinfo").header("cookie", &format!("__Host-enrol={session}; __Host-sso={session}")),
    ] {
        assert_eq!(call.send(&gate).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn claims_are_released_as_asked_and_never_beyond_the_registration() {
    let gate = Installation::start().await;
    let (rp, mut browser, tokens) = signed_in(&gate, json!({"scope": "openid profile email person"})).await;
    assert_eq!(tokens.scope, "openid");
    assert_eq!(told(&tokens.claims), <[&str; 0]>::default());
    assert_eq!(told(&userinfo(&gate, &tokens.access_token).await), <[&str; 0]>::default());
    let modest = RelyingParty::register(&gate, "szereny.pelda.hu", json!({"scope": "openid email"})).await;
    let mut browser_of_modest = browser.tab().reaching(&modest.origin, axum::Router::new());

    let everything = "openid profile email person address phone offline_access";
    let named = json!({
        "userinfo": {"mothers_name": {"essential": true}, "email": null, "phone_number": null, "sub": null},
        "id_token": {"email": null, "birthdate": {"essential": true}, "picture": null},
    });
    #[rustfmt::skip]
    let table: [Row; 6] = [
        // who    asks for                   by name       is granted                     UserInfo        ID token
        (&rp,     "openid profile",          None,         "openid profile",              &SUBSTANCE[..4], &[]),
        (&rp,     "openid email",            None,         "openid email",                &SUBSTANCE[4..6], &[]),
        (&rp,     everything,                None,         "openid profile email person", &SUBSTANCE,     &[]),
        (&rp,     "openid",                  Some(&named), "openid",                      &["email", "mothers_name"], &["birthdate", "email"]),
        (&modest, everything,                None,         "openid email",                &["email", "email_verified"], &[]),
        (&modest, "openid",                  Some(&named), "openid",                      &["email"],     &["email"]),
    ];
    for (party, scope, claims, granted, in_userinfo, in_id_token) in table {
        let mut request = party.request().set("scope", scope);
        if let Some(claims) = claims {
            request = request.set("claims", &claims.to_string());
        }
        let at = if party.id == rp.id { &mut browser } else { &mut browser_of_modest };
        let tokens = party.pass(&gate, at, &request).await;
        assert_eq!(tokens.scope, granted, "{} {scope}", party.origin);
        let mut expected = in_id_token.to_vec();
        expected.sort_by_key(|name| SUBSTANCE.iter().position(|known| known == name));
        assert_eq!(told(&tokens.claims), expected, "{} {scope}: ID token", party.origin);
        let claims = userinfo(&gate, &tokens.access_token).await;
        assert_eq!(told(&claims), in_userinfo, "{} {scope}: UserInfo", party.origin);
        assert_eq!(claims["sub"], tokens.claims["sub"], "Core section 5.3.2");
    }
}

#[tokio::test]
async fn the_natural_identification_data_have_their_registered_names_and_forms() {
    let gate = Installation::start().await;
    let (rp, mut browser, _) = signed_in(&gate, json!({"scope": "openid profile email person"})).await;
    let request = rp.request().set("scope", "openid profile email person");
    let tokens = rp.pass(&gate, &mut browser, &request).await;
    let mut claims = userinfo(&gate, &tokens.access_token).await;
    claims.remove("sub");
    assert_eq!(
        Value::Object(claims),
        json!({
            "name": "Minta Anna",
            "family_name": "Minta",
            "given_name": "Anna",
            "birthdate": "1958-03-05",
            "email": "minta.anna@pelda.hu",
            "email_verified": true,
            "birth_family_name": "Példa",
            "birth_given_name": "Anna",
            "place_of_birth": {"country": "HU", "locality": "Győr"},
            "nationalities": ["HU"],
            "mothers_name": "Próba Mária",
            "loa": "http://eidas.europa.eu/NotNotified/LoA/low",
        })
    );
}

#[tokio::test]
async fn o35_scripts_of_a_registered_public_client_alone_may_read_tokens_and_userinfo() {
    let gate = Installation::start().await;
    let (rp, _, tokens) = signed_in(&gate, json!({"token_endpoint_auth_method": "none"})).await;
    RelyingParty::register(&gate, "titkos.pelda.hu", json!({})).await;
    let allowed = "access-control-allow-origin";
    for (origin, may) in [
        (rp.origin.as_str(), true),
        ("null", false),
        ("https://titkos.pelda.hu", false),
        ("https://gonosz.hu", false),
        ("https://rp.pelda.hu.gonosz.hu", false),
        ("https://rp.pelda", false),
        ("https://rp.pelda.hu/", false),
        ("https://rp.pelda.hu/cb", false),
        ("https:", false),
        ("http://rp.pelda.hu", false),
        ("https://rp.pelda.hu:8443", false),
        ("", false),
    ] {
        let expected = may.then_some(origin);
        let userinfo = Call::get("/oidc/userinfo").bearer(&tokens.access_token).header("origin", origin);
        assert_eq!(userinfo.send(&gate).await.header(allowed), expected, "{origin}");
        let token = exchange("unknown", &rp.request()).field("client_id", &rp.id).header("origin", origin);
        let token = token.send(&gate).await;
        assert_eq!(token.header(allowed), expected, "{origin}");
        assert_eq!(token.header("access-control-allow-credentials"), None);
        let asked = Call::options("/oidc/userinfo").header("origin", origin);
        let asked = asked.header("access-control-request-method", "GET");
        let asked = asked.header("access-control-request-headers", "authorization").send(&gate).await;
        assert_eq!(asked.header(allowed), expected, "{origin}");
        let headers = may.then_some("authorization");
        assert_eq!(asked.header("access-control-allow-headers"), headers, "a browser asks before it sends the token");
    }
}
