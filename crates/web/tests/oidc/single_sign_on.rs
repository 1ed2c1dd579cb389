//! One sign-in for several clients, and what each learns of it.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Installation, KAU, Settings};

use crate::relying_party::{PASSWORD, Person, RelyingParty, browser};

const PASSWORD_ALONE: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:uidpwd";
const APP: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp";
const MINUTE: Duration = Duration::from_mins(1);

async fn two(gate: &Installation) -> (RelyingParty, RelyingParty, testkit::Browser, Person) {
    let first = RelyingParty::register(gate, "egy.pelda.hu", json!({})).await;
    let second = RelyingParty::register(gate, "ketto.pelda.hu", json!({})).await;
    let browser = browser(gate, &[&first, &second]);
    (first, second, browser, Person::enrolled(gate, "minta.anna").await)
}

#[tokio::test]
async fn who_signed_in_for_one_client_passes_to_another_without_a_page() {
    let gate = Installation::start().await;
    let (first, second, mut browser, anna) = two(&gate).await;
    let at_first = first.sign_in(&gate, &mut browser, &anna, &first.request()).await.claims;
    gate.clock.pass(MINUTE);
    let at_second = second.pass(&gate, &mut browser, &second.request()).await.claims;
    let again = first.pass(&gate, &mut browser, &first.request().set("prompt", "none")).await.claims;
    assert_eq!(at_first["auth_time"], at_second["auth_time"]);
    assert_eq!(at_first["acr"], APP);
    assert_eq!(at_first["amr"], json!(["pwd", "otp", "mfa"]));
    assert_eq!(at_first["loa"], "http://eidas.europa.eu/NotNotified/LoA/low");
    assert_ne!(at_first["sub"], at_second["sub"], "the two cannot compare");
    assert_ne!(at_first["sid"], at_second["sid"], "the two cannot compare");
    assert_eq!((&at_first["sub"], &at_first["sid"]), (&again["sub"], &again["sid"]), "one person, one session");
}

#[tokio::test]
async fn another_browser_has_to_sign_in() {
    let gate = Installation::start().await;
    let (first, second, mut browser_of_anna, anna) = two(&gate).await;
    first.sign_in(&gate, &mut browser_of_anna, &anna, &first.request()).await;
    let mut other = browser(&gate, &[&first, &second]);
    let silent = second.request().set("prompt", "none");
    other.visit(&silent.url()).await;
    assert_eq!(second.error(&other, &silent), "login_required");
}

#[tokio::test]
async fn a_session_slides_by_use_and_ends_after_eight_hours() {
    let gate = Installation::start().await;
    let (first, second, mut browser, anna) = two(&gate).await;
    first.sign_in(&gate, &mut browser, &anna, &first.request()).await;
    let began_at = gate.broker.now();
    for use_number in 1..=34_u32 {
        gate.clock.set(began_at + MINUTE * 14 * use_number);
        second.pass(&gate, &mut browser, &second.request()).await;
    }
    gate.clock.set(began_at + MINUTE * 60 * 8 - MINUTE / 60);
    second.pass(&gate, &mut browser, &second.request()).await;
    gate.clock.set(began_at + MINUTE * 60 * 8);
    let silent = second.request().set("prompt", "none");
    browser.visit(&silent.url()).await;
    assert_eq!(second.error(&browser, &silent), "login_required", "eight hours in all");

    first.sign_in(&gate, &mut browser, &anna, &first.request()).await;
    gate.clock.pass(MINUTE * 15);
    browser.visit(&silent.url()).await;
    assert_eq!(second.error(&browser, &silent), "login_required", "a quarter of an hour without use");
}

/// Before the cut-over, in a browser where Béla entered a service of level 1 by the password alone.
async fn by_password(gate: &Installation) -> (RelyingParty, RelyingParty, testkit::Browser) {
    let low = RelyingParty::register(gate, "egy.pelda.hu", json!({})).await;
    let high = RelyingParty::register(gate, "ketto.pelda.hu", json!({"kapu_min_level": 2})).await;
    let mut browser = browser(gate, &[&low, &high]);
    gate.add_person("kovacs.bela", PASSWORD).await;
    let request = low.request();
    browser.visit(&request.url()).await;
    let alone = format!("{}/ugyfelkapu", browser.page().url);
    browser.visit(&alone).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", "kovacs.bela"), ("Jelszó", PASSWORD)]).await;
    browser.follow_refresh().await;
    let tokens = low.redeem(gate, &low.code(&browser, &request), &request).await;
    assert_eq!(tokens.claims["acr"], PASSWORD_ALONE);
    assert_eq!(tokens.claims["amr"], json!(["pwd"]));
    (low, high, browser)
}

async fn before_the_cut_over() -> Installation {
    let now = testkit::CUTOVER - MINUTE * 10;
    Installation::with(Settings { now, ..Settings::default() }).await
}

#[tokio::test]
async fn a_session_is_bound_to_its_level_and_ends_to_suffice_at_the_cut_over() {
    let gate = before_the_cut_over().await;
    let (low, high, mut browser) = by_password(&gate).await;
    low.pass(&gate, &mut browser, &low.request()).await;
    let silent = high.request().set("prompt", "none");
    browser.visit(&silent.url()).await;
    assert_eq!(high.error(&browser, &silent), "interaction_required");
    browser.visit(&high.request().url()).await;
    assert_eq!(browser.page().h1(), "Hogyan szeretne belépni?");

    gate.clock.pass(MINUTE * 10);
    let silent = low.request().set("prompt", "none");
    browser.visit(&silent.url()).await;
    assert_eq!(low.error(&browser, &silent), "interaction_required", "from the instant itself");
}

#[tokio::test]
async fn a_step_up_carries_the_session_on_under_a_new_cookie() {
    let gate = before_the_cut_over().await;
    let (low, high, mut browser) = by_password(&gate).await;
    let before = low.pass(&gate, &mut browser, &low.request()).await.claims;
    let former = browser.cookie(KAU, "__Host-sso").unwrap();
    let (key, deletion_code) = gate.enrol("kovacs.bela").await;
    let bela = Person { name: "kovacs.bela".to_owned(), key, deletion_code };
    let raised = high.sign_in(&gate, &mut browser, &bela, &high.request()).await.claims;
    assert_eq!(raised["acr"], APP);

    let after = low.pass(&gate, &mut browser, &low.request()).await.claims;
    assert_eq!(after["acr"], APP);
    assert_eq!(after["auth_time"], raised["auth_time"]);
    assert_eq!((&after["sid"], &after["sub"]), (&before["sid"], &before["sub"]), "one session at this client");
    assert_ne!(browser.cookie(KAU, "__Host-sso").unwrap(), former);
    browser.forget_cookies();
    browser.plant_cookie(KAU, &format!("__Host-sso={former}; Path=/; Secure; HttpOnly; SameSite=Lax"));
    let silent = low.request().set("prompt", "none");
    browser.visit(&silent.url()).await;
    assert_eq!(low.error(&browser, &silent), "login_required", "the former cookie opens nothing");
}

#[tokio::test]
async fn another_person_at_the_same_browser_takes_the_session_over() {
    let gate = Installation::start().await;
    let (first, second, mut browser, anna) = two(&gate).await;
    let of_anna = first.sign_in(&gate, &mut browser, &anna, &first.request()).await.claims;
    let bela = Person::enrolled(&gate, "kovacs.bela").await;
    let of_bela = first.sign_in(&gate, &mut browser, &bela, &first.request().set("prompt", "login")).await.claims;
    assert_ne!((&of_anna["sub"], &of_anna["sid"]), (&of_bela["sub"], &of_bela["sid"]));
    assert_ne!(of_anna["sid"], of_bela["sid"]);
    second.pass(&gate, &mut browser, &second.request()).await;
    let wanted = json!({"id_token": {"sub": {"value": of_anna["sub"]}}}).to_string();
    let request = first.request().set("prompt", "none").set("claims", &wanted);
    browser.visit(&request.url()).await;
    assert_eq!(first.error(&browser, &request), "interaction_required", "nobody is taken for somebody else");
}

#[tokio::test]
async fn the_acr_is_the_requested_value_that_the_sign_in_fulfils() {
    let gate = Installation::start().await;
    let (first, _, mut browser, anna) = two(&gate).await;
    first.sign_in(&gate, &mut browser, &anna, &first.request()).await;
    let low = "http://eidas.europa.eu/NotNotified/LoA/low";
    let wallet = "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr";
    let mfa = "https://refeds.org/profile/mfa";
    for (values, acr) in [
        (String::new(), APP),
        (APP.to_owned(), APP),
        (PASSWORD_ALONE.to_owned(), PASSWORD_ALONE),
        (mfa.to_owned(), mfa),
        (format!("{wallet} {low}"), low),
        (format!("{low} {mfa}"), low),
        (wallet.to_owned(), APP),
        ("1 2".to_owned(), APP),
        (
            "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken".to_owned(),
            "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken",
        ),
    ] {
        let tokens = first.pass(&gate, &mut browser, &first.request().set("acr_values", &values)).await;
        assert_eq!(tokens.claims["acr"], acr, "{values}");
        assert_eq!(tokens.claims["amr"], json!(["pwd", "otp", "mfa"]), "what happened is not renamed");
    }
    for essential in [true, false] {
        let claims = json!({"id_token": {"acr": {"essential": essential, "values": [wallet, mfa]}}});
        let request = first.request().set("claims", &claims.to_string()).set("acr_values", low);
        let tokens = first.pass(&gate, &mut browser, &request).await;
        assert_eq!(tokens.claims["acr"], mfa, "the claim is stronger than acr_values");
    }
}

#[tokio::test]
async fn a_service_that_needs_more_than_there_is_says_so_to_the_client() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({"kapu_min_level": 3})).await;
    let sure = RelyingParty::register(&gate, "biztos.pelda.hu", json!({"kapu_min_loa": "substantial"})).await;
    let mut browser = browser(&gate, &[&rp, &sure]);
    let request = rp.request();
    browser.visit(&request.url()).await;
    assert_eq!(rp.error(&browser, &request), "unmet_authentication_requirements");

    let anna = Person::enrolled(&gate, "minta.anna").await;
    let request = sure.request();
    browser.visit(&request.url()).await;
    anna.give_password(&mut browser).await;
    anna.give_code(&gate, &mut browser).await;
    assert_eq!(browser.page().h1(), "Egyszer igazolnia kell magát");
    browser.follow("Később").await;
    assert_eq!(sure.error(&browser, &request), "unmet_authentication_requirements");
}

#[tokio::test]
async fn who_goes_back_is_told_to_the_client_as_access_denied_once() {
    let gate = Installation::start().await;
    let (first, _, mut browser, _) = two(&gate).await;
    let request = first.request();
    browser.visit(&request.url()).await;
    let choice = browser.page().url.clone();
    browser.follow("Mégsem").await;
    assert_eq!(first.error(&browser, &request), "access_denied");
    browser.visit(choice.as_str()).await;
    assert_eq!(browser.page().status, 410, "it is over");
}

#[tokio::test]
async fn the_subject_is_one_per_sector_and_person() {
    let gate = Installation::start().await;
    let sector = json!({"sector_identifier_uri": "https://agazat.pelda.hu/uris.json"});
    let public = json!({"subject_type": "public"});
    let mut parties = Vec::new();
    for (host, members) in [
        ("egy.pelda.hu", json!({})),
        ("egy.pelda.hu", json!({})),
        ("ketto.pelda.hu", json!({})),
        ("harom.pelda.hu", sector.clone()),
        ("negy.pelda.hu", sector),
        ("ot.pelda.hu", public.clone()),
        ("hat.pelda.hu", public),
    ] {
        parties.push(RelyingParty::register(&gate, host, members).await);
    }
    let mut subjects: Vec<Vec<Value>> = Vec::new();
    for name in ["minta.anna", "kovacs.bela"] {
        let person = Person::enrolled(&gate, name).await;
        let mut browser = browser(&gate, &parties.iter().collect::<Vec<_>>());
        let mut own = vec![parties[0].sign_in(&gate, &mut browser, &person, &parties[0].request()).await];
        for party in &parties[1..] {
            own.push(party.pass(&gate, &mut browser, &party.request()).await);
        }
        subjects.push(own.iter().map(|tokens| tokens.claims["sub"].clone()).collect());
    }
    for own in &subjects {
        for (one, another, equal) in
            [(0, 1, true), (0, 2, false), (2, 3, false), (3, 4, true), (4, 5, false), (5, 6, true)]
        {
            assert_eq!(own[one] == own[another], equal, "{} and {}", parties[one].origin, parties[another].origin);
        }
    }
    let (anna, bela) = (&subjects[0], &subjects[1]);
    assert!(anna.iter().all(|subject| !bela.contains(subject)), "no two people share one");
}

#[tokio::test]
async fn a_whole_sign_in_is_at_most_five_commits_and_a_silent_one_two() {
    let gate = Installation::start().await;
    let (first, second, mut browser, anna) = two(&gate).await;
    // Each commit writes exactly one record of the audit.
    let commits = async || gate.store.audit_tail(1000).await.unwrap().len();
    let before = commits().await;
    first.sign_in(&gate, &mut browser, &anna, &first.request()).await;
    let after = commits().await;
    let events: Vec<String> = gate.store.audit_tail(1000).await.unwrap().into_iter().map(|entry| entry.event).collect();
    assert!(after - before <= 5, "{:?}", &events[..after - before]);
    second.pass(&gate, &mut browser, &second.request()).await;
    assert!(commits().await - after <= 2);
}

/// Two nodes whose clocks differ: whoever is asked to sign in anew does, and then is answered for.
#[tokio::test]
async fn who_signs_in_anew_at_a_node_that_is_behind_is_answered_for() {
    for (name, value) in [("prompt", "login"), ("max_age", "0")] {
        let gate = Installation::start().await;
        let (first, _, mut browser, anna) = two(&gate).await;
        gate.clock.pass(MINUTE);
        let request = first.request().set(name, value);
        let asked_at = gate.broker.now();
        browser.visit(&request.url()).await;
        gate.clock.set(asked_at - MINUTE);
        anna.sign_in(&gate, &mut browser).await;
        assert!(gate.broker.now() < asked_at);
        let claims = first.redeem(&gate, &first.code(&browser, &request), &request).await.claims;
        assert_eq!(claims["auth_time"], asked_at.seconds(), "{name}={value}");

        // A node that is behind sees a session of the future, and asks all the same.
        browser.visit(&first.request().set(name, value).url()).await;
        assert_eq!(browser.page().h1(), "Hogyan szeretne belépni?", "{name}={value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn first_answers_of_one_moment_name_the_session_alike() {
    const TABS: usize = 8;
    let gate = Installation::start().await;
    let (first, second, mut browser, anna) = two(&gate).await;
    first.sign_in(&gate, &mut browser, &anna, &first.request()).await;
    let visits = (0..TABS).map(|_| {
        let (mut tab, request) = (browser.tab(), second.request());
        tokio::spawn(async move {
            tab.visit(&request.url()).await;
            (tab, request)
        })
    });
    let mut sids = Vec::new();
    for visit in visits.collect::<Vec<_>>() {
        let (tab, request) = visit.await.unwrap();
        let claims = second.redeem(&gate, &second.code(&tab, &request), &request).await.claims;
        sids.push(claims["sid"].clone());
    }
    sids.dedup();
    assert_eq!(sids.len(), 1, "{sids:?}");
}
