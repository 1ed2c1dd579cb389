//! The authorization endpoint against bad and hostile requests.

use std::time::Duration;

use model::Clock as _;
use serde_json::json;
use testkit::{Installation, KAU};

use crate::relying_party::{Call, PASSWORD, Person, RelyingParty, browser, refused_here};

#[tokio::test]
async fn o01_an_unknown_client_or_address_is_told_on_our_own_page_and_never_redirected() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    let before = gate.store.audit_tail(1000).await.unwrap().len();
    for address in [
        "",
        "https://rp.pelda.hu",
        "https://rp.pelda.hu/other",
        "https://rp.pelda.hu/cb?x",
        "https://rp.pelda.hu/cb?",
        "https://rp.pelda.hu/cb/",
        "https://rp.pelda.hu/CB",
        "https://RP.pelda.hu/cb",
        "HTTPS://rp.pelda.hu/cb",
        "https://rp.pelda.hu/x/%2e%2e/cb",
        "https://rp.pelda.hu/./cb",
        "https://rp.pelda.hu@gonosz.hu/cb",
        "https://rp.pelda.hu.gonosz.hu/cb",
        "https://rp.pelda.hu:8443/cb",
        "https://rp.pelda.hu:443/cb",
        "http://rp.pelda.hu/cb",
        "https://rp.pelda.hu/cb#f",
        "https://rp.p\u{435}lda.hu/cb",
        "https:\\\\rp.pelda.hu\\cb",
        "//rp.pelda.hu/cb",
        "/cb",
        " https://rp.pelda.hu/cb",
        "https://rp.pelda.hu/cb\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
    ] {
        browser.visit(&rp.request().set("redirect_uri", address).url()).await;
        refused_here(&browser, address);
    }
    browser.visit(&rp.request().without("redirect_uri").url()).await;
    refused_here(&browser, "no redirect_uri");
    for client in [String::new(), "ismeretlen".to_owned(), format!("{} ", rp.id), format!("{}0", rp.id)] {
        browser.visit(&rp.request().set("client_id", &client).url()).await;
        refused_here(&browser, &client);
    }
    assert_eq!(gate.store.audit_tail(1000).await.unwrap().len(), before, "nothing was written");
}

#[tokio::test]
async fn o02_a_parameter_that_comes_twice_is_refused_whatever_it_is() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    for name in ["client_id", "redirect_uri"] {
        browser.visit(&rp.request().twice(name).url()).await;
        refused_here(&browser, name);
    }
    for (name, value) in [
        ("response_type", "code"),
        ("scope", "openid"),
        ("nonce", "n"),
        ("code_challenge_method", "S256"),
        ("prompt", "login"),
        ("max_age", "1"),
        ("claims", "{}"),
        ("acr_values", "x"),
        ("ui_locales", "hu"),
        ("login_hint", "minta.anna"),
        ("id_token_hint", "x"),
        ("unknown", "x"),
    ] {
        let request = rp.request().set(name, value).twice(name);
        browser.visit(&request.url()).await;
        assert_eq!(rp.error(&browser, &request), "invalid_request", "{name}");
    }
    browser.visit(&rp.request().twice("state").url()).await;
    let received = rp.received(&browser);
    assert_eq!(received["error"], "invalid_request");
    assert_eq!(received.get("state"), None, "neither of the two can be told to be the client's");
}

#[tokio::test]
async fn o03_only_the_response_type_code_is_spoken() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    for response_type in ["token", "id_token", "code id_token", "code token", "none", "CODE", ""] {
        let request = rp.request().set("response_type", response_type);
        browser.visit(&request.url()).await;
        assert_eq!(rp.error(&browser, &request), "unsupported_response_type", "{response_type}");
    }
}

#[tokio::test]
async fn o04_a_challenge_is_needed_and_must_be_an_s256_one() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    let (short, long) = ("a".repeat(42), "a".repeat(129));
    for (what, request) in [
        ("none", rp.request().without_pkce()),
        ("method without challenge", rp.request().without("code_challenge")),
        ("challenge without method", rp.request().without("code_challenge_method")),
        ("plain", rp.request().set("code_challenge_method", "plain")),
        ("s256 in lower case", rp.request().set("code_challenge_method", "s256")),
        ("42 characters", rp.request().set("code_challenge", &short)),
        ("129 characters", rp.request().set("code_challenge", &long)),
        ("43 characters of another alphabet", rp.request().set("code_challenge", &"+".repeat(43))),
    ] {
        browser.visit(&request.url()).await;
        assert_eq!(rp.error(&browser, &request), "invalid_request", "{what}");
    }
}

#[tokio::test]
async fn o11_a_nonce_is_echoed_to_the_letter_and_not_judged() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let without = rp.sign_in(&gate, &mut browser, &anna, &rp.request().without("nonce")).await;
    assert_eq!(without.claims.get("nonce"), None);
    let long = "é".repeat(512);
    for nonce in ["0", "<&\"'> \u{1f600} %00 +", "replayed", "replayed", &long] {
        let tokens = rp.pass(&gate, &mut browser, &rp.request().set("nonce", nonce)).await;
        assert_eq!(tokens.claims["nonce"], nonce);
    }
    for length in [513, 10 * 1024] {
        let request = rp.request().set("nonce", &"n".repeat(length));
        browser.visit(&request.url()).await;
        assert_eq!(rp.error(&browser, &request), "invalid_request", "{length}");
    }
}

#[tokio::test]
async fn o12_prompt_none_needs_a_single_sign_on_session_and_no_other() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    let silent = rp.request().set("prompt", "none");
    browser.visit(&silent.url()).await;
    assert_eq!(rp.error(&browser, &silent), "login_required");

    gate.add_person("kovacs.bela", PASSWORD).await;
    browser.visit(&rp.request().url()).await;
    browser.follow("Belépés jelszóval és beállítás").await;
    browser.press("Bejelentkezés", &[("Felhasználónév", "kovacs.bela"), ("Jelszó", PASSWORD)]).await;
    assert!(browser.cookie(browser.page().url.as_str(), "__Host-enrol").is_some(), "an enrolment session began");
    browser.visit(&silent.url()).await;
    assert_eq!(rp.error(&browser, &silent), "login_required");

    let both = rp.request().set("prompt", "none login");
    browser.visit(&both.url()).await;
    assert_eq!(rp.error(&browser, &both), "invalid_request", "none stands alone");
}

#[tokio::test]
async fn o13_a_sign_in_is_fresh_when_the_request_says_so() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let first = rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
    let mut last = first.claims["auth_time"].as_i64().unwrap();
    for (name, value) in [("prompt", "login"), ("max_age", "0"), ("max_age", "1"), ("prompt", "select_account")] {
        gate.clock.pass(Duration::from_secs(2));
        let silent = rp.request().set("max_age", "1").set("prompt", "none");
        browser.visit(&silent.url()).await;
        assert_eq!(rp.error(&browser, &silent), "interaction_required");
        let asked_at = gate.clock.now().seconds();
        let tokens = rp.sign_in(&gate, &mut browser, &anna, &rp.request().set(name, value)).await;
        let auth_time = tokens.claims["auth_time"].as_i64().unwrap();
        assert!(auth_time >= asked_at && auth_time > last, "{name}={value}: {auth_time}");
        last = auth_time;
    }
    let tokens = rp.pass(&gate, &mut browser, &rp.request().set("max_age", "1")).await;
    assert_eq!(tokens.claims["auth_time"], last, "a sign-in of this second is young enough");
    for bad in ["-1", "1.5", "x", "4294967296"] {
        let request = rp.request().set("max_age", bad);
        browser.visit(&request.url()).await;
        assert_eq!(rp.error(&browser, &request), "invalid_request", "{bad}");
    }
}

#[tokio::test]
async fn o14_an_essential_acr_that_cannot_be_met_ends_without_a_token() {
    const WALLET: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr";
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let essential = |value: &str| {
        rp.request().set("claims", &json!({"id_token": {"acr": {"essential": true, "value": value}}}).to_string())
    };
    for unreachable in [WALLET, "http://eidas.europa.eu/NotNotified/LoA/high", "urn:example:unknown"] {
        let request = essential(unreachable);
        browser.visit(&request.url()).await;
        assert_eq!(rp.error(&browser, &request), "unmet_authentication_requirements", "{unreachable}");
        assert_eq!(browser.page().hops.len(), 1, "nobody is asked for what cannot help");
    }

    let request = essential("http://eidas.europa.eu/NotNotified/LoA/substantial");
    browser.visit(&request.url()).await;
    anna.give_password(&mut browser).await;
    anna.give_code(&gate, &mut browser).await;
    assert_eq!(browser.page().h1(), "Egyszer igazolnia kell magát", "the app was bound by the password alone");
    assert!(browser.cookie(KAU, "__Host-sso").is_none());
    browser.follow("Később").await;
    assert_eq!(rp.error(&browser, &request), "unmet_authentication_requirements");

    let request = essential("https://refeds.org/profile/mfa");
    let tokens = rp.sign_in(&gate, &mut browser, &anna, &request).await;
    assert_eq!(tokens.claims["acr"], "https://refeds.org/profile/mfa");
    let request = essential(WALLET).set("prompt", "none");
    browser.visit(&request.url()).await;
    assert_eq!(rp.error(&browser, &request), "unmet_authentication_requirements");
}

#[tokio::test]
async fn o16_a_request_by_reference_or_as_an_object_is_refused_unread() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    for uri in [
        "https://rp.pelda.hu/request.jwt",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]:8080/",
        "http://2130706433/",
        "file:///etc/passwd",
        "urn:ietf:params:oauth:request_uri:unknown",
    ] {
        let request = rp.request().set("request_uri", uri);
        browser.visit(&request.url()).await;
        assert_eq!(rp.error(&browser, &request), "request_uri_not_supported", "{uri}");
    }
    for (name, error) in [("request", "request_not_supported"), ("registration", "registration_not_supported")] {
        let request = rp.request().set(name, "eyJhbGciOiJub25lIn0.e30.");
        browser.visit(&request.url()).await;
        assert_eq!(rp.error(&browser, &request), error);
    }
}

#[tokio::test]
async fn o35_no_script_of_another_origin_reads_the_sign_in_pages() {
    let gate = Installation::start().await;
    let public = json!({"token_endpoint_auth_method": "none"});
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", public).await;
    let login = rp.request().url().replacen(KAU, "", 1);
    for origin in ["null", "https://gonosz.hu", "https://rp.pelda.hu", "https://rp.pelda.hu.gonosz.hu", KAU] {
        for path in [login.as_str(), "/", "/kijelentkezes", "/oidc/logout"] {
            let answer = Call::get(path).header("origin", origin).send(&gate).await;
            assert_eq!(answer.header("access-control-allow-origin"), None, "{origin} {path}");
        }
    }
}

#[tokio::test]
async fn o36_hints_help_and_oversize_is_refused() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let mut browser = browser(&gate, &[&rp]);
    browser.visit(&rp.request().set("login_hint", "minta.anna").set("display", "hologram").url()).await;
    browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    assert_eq!(browser.page().value("Felhasználónév"), "minta.anna", "it is filled in and not sent");
    for hint in ["\"><script>alert(1)</script>", "{{7*7}}", "a\u{202e}b", &"a".repeat(10_000)] {
        browser.visit(&rp.request().set("login_hint", hint).url()).await;
        browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
        assert_eq!(browser.page().value("Felhasználónév"), "", "{hint:.20}");
        assert!(!browser.page().html().contains(hint), "{hint:.20}");
    }
    browser.visit(&rp.request().set("ui_locales", "xx en-GB hu").url()).await;
    assert_eq!(browser.page().lang().as_deref(), Some("en"));
    browser.visit(&rp.request().set("ui_locales", "xx").url()).await;
    assert_eq!(browser.page().status, 200);

    let nested = |depth: usize| format!("{{\"userinfo\":{}{}}}", "{\"a\":".repeat(depth), "}".repeat(depth));
    for (name, value, error) in [
        ("claims", nested(500), "invalid_request"),
        ("claims", "[]".to_owned(), "invalid_request"),
        ("scope", "openid ".repeat(1_000), "invalid_scope"),
        ("acr_values", "a ".repeat(33), "invalid_request"),
    ] {
        let request = rp.request().set(name, &value);
        browser.visit(&request.url()).await;
        assert_eq!(rp.error(&browser, &request), error, "{name}");
    }
    for (name, value) in [("claims", nested(2_500)), ("scope", "openid ".repeat(5_000))] {
        browser.visit(&rp.request().set(name, &value).url()).await;
        refused_here(&browser, "more than 32 KiB");
    }
    for (name, value) in [("claims", nested(10_000)), ("scope", "openid ".repeat(10_000))] {
        let request = rp.request().set(name, &value);
        browser.lured(&rp.origin, &format!("{KAU}/oidc/authorize"), &request.fields()).await;
        assert_eq!(browser.page().status, 413, "{name}");
    }
    let request = rp.request().set("state", &"s".repeat(1025));
    browser.visit(&request.url()).await;
    assert_eq!(rp.received(&browser)["error"], "invalid_request");
}
