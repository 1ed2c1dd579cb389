//! Signing out, and telling every client.

use std::time::Duration;

use jose::{Algorithm, Expected, TokenType};
use model::limits;
use oidc::{LogoutToken, LogoutTokenExpectation};
use serde_json::{Map, Value, json};
use testkit::{Browser, Installation, KAU, UGYFELKAPU};

use crate::relying_party::{PASSWORD, Person, RelyingParty, browser, jwks, refused_here};

/// A client that wants to be told of sign-outs and has a page for afterwards.
pub(crate) async fn register(gate: &Installation, host: &str) -> RelyingParty {
    let members = json!({
        "post_logout_redirect_uris": [format!("https://{host}/viszlat")],
        "backchannel_logout_uri": format!("https://{host}/kijelentkezes"),
        "backchannel_logout_session_required": true,
    });
    RelyingParty::register(gate, host, members).await
}

/// The address of the end-session endpoint with these parameters.
pub(crate) fn end_session(parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{KAU}/oidc/logout?{query}")
}

/// Whether this browser is signed in at the broker.
pub(crate) async fn is_signed_in(browser: &mut Browser, rp: &RelyingParty) -> bool {
    let silent = rp.request().set("prompt", "none");
    browser.visit(&silent.url()).await;
    rp.received(browser).contains_key("code")
}

/// The logout tokens that are due, as their clients verify them: the client's index and the claims.
async fn told(gate: &Installation, parties: &[&RelyingParty]) -> Vec<(usize, LogoutToken)> {
    let keys = jwks(gate).await;
    let mut told = Vec::new();
    for (uri, token) in gate.deliver().await.logouts {
        let index = parties.iter().position(|party| uri.starts_with(&party.origin)).expect("one of these");
        let expected = LogoutTokenExpectation {
            issuer: KAU,
            keys: &keys,
            algorithms: &[parties[index].algorithm],
            client_id: &parties[index].id,
            now: gate.broker.now().seconds(),
        };
        told.push((index, LogoutToken::verify(&token, &expected).expect("a good logout token")));
    }
    told.sort_by_key(|(index, _)| *index);
    told
}

/// Two clients in one session of Anna's.
struct Two {
    gate: Installation,
    rp: RelyingParty,
    other: RelyingParty,
    browser: Browser,
    anna: Person,
    id_token: String,
    sids: [Value; 2],
}

impl Two {
    async fn signed_in() -> Self {
        let gate = Installation::start().await;
        let (rp, other) = (register(&gate, "egy.pelda.hu").await, register(&gate, "ketto.pelda.hu").await);
        let mut browser = browser(&gate, &[&rp, &other]);
        let anna = Person::enrolled(&gate, "minta.anna").await;
        gate.deliver().await;
        let first = rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
        let second = other.pass(&gate, &mut browser, &other.request()).await;
        let sids = [first.claims["sid"].clone(), second.claims["sid"].clone()];
        Self { gate, rp, other, browser, anna, id_token: first.id_token, sids }
    }

    /// Both clients are told once, each of its own session.
    async fn assert_all_told(&self) {
        let told = told(&self.gate, &[&self.rp, &self.other]).await;
        let sids: Vec<Value> = told.iter().map(|(_, token)| json!(token.sid)).collect();
        assert_eq!(sids, self.sids);
        assert_eq!(self.gate.deliver().await.logouts, [], "once");
    }
}

#[tokio::test]
async fn o33_a_logout_request_without_a_good_hint_ends_nothing_by_itself() {
    let mut all = Two::signed_in().await;
    let (rp, other) = (&all.rp, &all.other);
    let bye = "https://egy.pelda.hu/viszlat";
    let hint = all.id_token.as_str();
    let damaged = format!("{}AAAA", &hint[..hint.len() - 4]);
    for (what, parameters) in [
        ("a damaged hint", vec![("id_token_hint", damaged.as_str())]),
        ("no token", vec![("id_token_hint", "x")]),
        ("a hint of another client", vec![("id_token_hint", hint), ("client_id", &other.id)]),
        ("an address without client", vec![("post_logout_redirect_uri", bye)]),
        ("an unknown client", vec![("post_logout_redirect_uri", bye), ("client_id", "ismeretlen")]),
        ("another's address", vec![("post_logout_redirect_uri", bye), ("client_id", &other.id)]),
        ("a foreign address", vec![("id_token_hint", hint), ("post_logout_redirect_uri", "https://gonosz.hu/")]),
        (
            "an added query",
            vec![("id_token_hint", hint), ("post_logout_redirect_uri", "https://egy.pelda.hu/viszlat?x=1")],
        ),
        ("the redirect URI", vec![("id_token_hint", hint), ("post_logout_redirect_uri", &rp.redirect_uri)]),
        ("a state twice", vec![("state", "a"), ("state", "b")]),
    ] {
        all.browser.visit(&end_session(&parameters)).await;
        refused_here(&all.browser, what);
        assert!(all.browser.cookie(KAU, "__Host-sso").is_some(), "{what}");
    }
    for parameters in [vec![], vec![("client_id", rp.id.as_str()), ("post_logout_redirect_uri", bye)]] {
        all.browser.visit(&end_session(&parameters)).await;
        assert_eq!(all.browser.page().h1(), "Kijelentkezik mindenhonnan?");
    }
    assert!(is_signed_in(&mut all.browser, rp).await);
    assert_eq!(all.gate.deliver().await.logouts, [], "nobody was told anything");
}

#[tokio::test]
async fn o33_a_hint_of_another_session_ends_nothing_by_itself() {
    let mut all = Two::signed_in().await;
    let bela = Person::enrolled(&all.gate, "kovacs.bela").await;
    let mut browser_of_bela = browser(&all.gate, &[&all.rp]);
    let of_bela = all.rp.sign_in(&all.gate, &mut browser_of_bela, &bela, &all.rp.request()).await.id_token;
    let bye = "https://egy.pelda.hu/viszlat";
    all.browser
        .visit(&end_session(&[("id_token_hint", &of_bela), ("post_logout_redirect_uri", bye), ("state", "s")]))
        .await;
    assert_eq!(all.browser.page().h1(), "Kijelentkezik mindenhonnan?", "the person decides");
    assert!(is_signed_in(&mut all.browser, &all.rp).await, "Anna's session lives");
    assert!(is_signed_in(&mut browser_of_bela, &all.rp).await, "and so does Béla's");

    all.browser
        .visit(&end_session(&[("id_token_hint", &of_bela), ("post_logout_redirect_uri", bye), ("state", "s")]))
        .await;
    all.browser.press("Kijelentkezés", &[]).await;
    assert!(all.browser.page().links().iter().any(|link| link.url.as_str() == format!("{bye}?state=s")));
    assert!(!is_signed_in(&mut all.browser, &all.rp).await);
    assert!(is_signed_in(&mut browser_of_bela, &all.rp).await);
}

#[tokio::test]
async fn a_foreign_page_cannot_end_a_session() {
    let mut all = Two::signed_in().await;
    all.browser.lured("https://gonosz.hu", &end_session(&[]), &[("state", "x")]).await;
    assert_eq!(all.browser.page().h1(), "Kijelentkezik mindenhonnan?");
    all.browser.lured("https://gonosz.hu", &format!("{KAU}/kijelentkezes"), &[]).await;
    assert_eq!(all.browser.page().status, 403);
    assert!(is_signed_in(&mut all.browser, &all.rp).await);
}

#[tokio::test]
async fn a_sign_out_with_the_hint_leads_back_and_tells_every_client() {
    let mut all = Two::signed_in().await;
    all.gate.clock.pass(Duration::from_mins(10));
    let bye = "https://egy.pelda.hu/viszlat";
    let parameters = [("id_token_hint", all.id_token.as_str()), ("post_logout_redirect_uri", bye), ("state", "a b&c")];
    all.browser.visit(&end_session(&parameters)).await;
    assert_eq!(all.browser.page().url.as_str(), format!("{bye}?state=a+b%26c"), "an ID token may be long expired");
    assert_eq!(all.browser.cookie(KAU, "__Host-sso"), None);
    all.assert_all_told().await;
    assert!(!is_signed_in(&mut all.browser, &all.rp).await);
    all.browser.visit(&end_session(&parameters)).await;
    assert_eq!(all.browser.page().url.as_str(), format!("{bye}?state=a+b%26c"), "again, when it is over already");
}

#[tokio::test]
async fn without_a_hint_the_person_is_asked_and_every_service_is_named() {
    let mut all = Two::signed_in().await;
    let deaf = RelyingParty::register(&all.gate, "suket.pelda.hu", json!({})).await;
    let mut tab = all.browser.tab().reaching(&deaf.origin, axum::Router::new());
    deaf.pass(&all.gate, &mut tab, &deaf.request()).await;
    let parameters = [
        ("client_id", all.rp.id.as_str()),
        ("post_logout_redirect_uri", "https://egy.pelda.hu/viszlat"),
        ("state", "s"),
    ];
    all.browser.visit(&end_session(&parameters)).await;
    let mut named = all.browser.page().texts("main li");
    named.sort();
    assert_eq!(named, ["egy.pelda.hu", "ketto.pelda.hu", "suket.pelda.hu"]);
    all.browser.press("Kijelentkezés", &[]).await;
    let page = all.browser.page();
    assert_eq!(page.h1(), "Kijelentkezett");
    let (told, remaining) =
        page.text().split_once("Ezekből jelentkezzen ki külön:").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(told.contains("egy.pelda.hu") && told.contains("ketto.pelda.hu") && !told.contains("suket"));
    assert!(remaining.contains("suket.pelda.hu"));
    let onward = page.links().into_iter().find(|link| link.url.as_str() == "https://egy.pelda.hu/viszlat?state=s");
    assert_eq!(onward.expect("a link").words, "Tovább az egy.pelda.hu oldalára");
    all.assert_all_told().await;
    assert!(!is_signed_in(&mut all.browser, &all.rp).await);
}

#[tokio::test]
async fn the_logout_token_says_what_the_standard_wants_and_no_more() {
    let mut all = Two::signed_in().await;
    all.browser.visit(&end_session(&[("id_token_hint", &all.id_token)])).await;
    assert_eq!(all.browser.page().h1(), "Kijelentkezett");
    let keys = jwks(&all.gate).await;
    let (uri, token) =
        all.gate.deliver().await.logouts.into_iter().find(|(uri, _)| uri.starts_with(&all.rp.origin)).unwrap();
    assert_eq!(uri, "https://egy.pelda.hu/kijelentkezes");
    let expected = Expected { typ: TokenType::Stated("logout+jwt"), algorithms: &[Algorithm::Rs256], keys: &keys };
    let claims: Map<String, Value> = jose::verify_json(&token, &expected).unwrap();
    let mut names: Vec<&str> = claims.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"], "no nonce, no data");
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(KAU), &json!(all.rp.id)));
    assert_eq!(claims["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
    let now = all.gate.broker.now().seconds();
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(now), Some(now + 120)));
    assert_eq!(claims["sid"], all.sids[0]);
    let as_id_token = Expected { typ: TokenType::AbsentOr(&["JWT"]), algorithms: &[Algorithm::Rs256], keys: &keys };
    assert!(jose::verify_json::<Value>(&token, &as_id_token).is_err(), "it passes as no ID token");
}

#[tokio::test]
async fn the_broker_s_own_page_signs_out_too() {
    let mut all = Two::signed_in().await;
    all.browser.visit(&format!("{KAU}/kijelentkezes")).await;
    all.browser.press("Kijelentkezés", &[]).await;
    all.assert_all_told().await;
    assert!(!is_signed_in(&mut all.browser, &all.rp).await);
}

/// Uses the deletion code of Anna's paper at another computer.
async fn use_deletion_code(all: &Two) {
    let mut elsewhere = all.gate.browser(model::Lang::Hu);
    elsewhere.visit(&format!("{UGYFELKAPU}/elveszett")).await;
    let code = all.anna.deletion_code.display().expose().clone();
    let typed = [("Felhasználónév", all.anna.name.as_str()), ("Jelszó", PASSWORD), ("Törlőkód", &code)];
    elsewhere.press("Tovább az új beállításhoz", &typed).await;
    assert_eq!(elsewhere.page().url.path(), "/igenyles", "{}", elsewhere.page().text());
}

#[tokio::test]
async fn a_used_deletion_code_ends_the_sessions_everywhere_and_tells_the_clients() {
    let mut all = Two::signed_in().await;
    use_deletion_code(&all).await;
    all.assert_all_told().await;
    assert!(!is_signed_in(&mut all.browser, &all.rp).await);
}

#[tokio::test]
async fn not_me_ends_the_sessions_everywhere_and_tells_the_clients() {
    let mut all = Two::signed_in().await;
    use_deletion_code(&all).await;
    let delivered = all.gate.deliver().await;
    let link = delivered.letters.iter().find_map(|(letter, _)| match &letter.content {
        broker::LetterContent::Notice { not_me, .. } => not_me.clone(),
        broker::LetterContent::ContactCode { .. }
        | broker::LetterContent::ActivationCode { .. }
        | broker::LetterContent::NewPasswordCode { .. }
        | broker::LetterContent::WalletCode { .. } => None,
    });
    let link = format!("{UGYFELKAPU}/nem-en-voltam/{}", link.expect("a notice with a link"));

    let (key, deletion_code) = all.gate.enrol(&all.anna.name).await;
    all.anna = Person { name: all.anna.name.clone(), key, deletion_code };
    let first = all.rp.sign_in(&all.gate, &mut all.browser, &all.anna, &all.rp.request()).await;
    let second = all.other.pass(&all.gate, &mut all.browser, &all.other.request()).await;
    all.sids = [first.claims["sid"].clone(), second.claims["sid"].clone()];
    let mut mail = all.gate.browser(model::Lang::Hu);
    mail.visit(&link).await;
    assert!(is_signed_in(&mut all.browser, &all.rp).await, "looking at the page does nothing");
    mail.press("Nem én voltam, zárolják a fiókot", &[]).await;
    all.assert_all_told().await;
    assert!(!is_signed_in(&mut all.browser, &all.rp).await);
}

#[tokio::test]
async fn a_session_that_lapses_is_told_when_it_is_swept() {
    let all = Two::signed_in().await;
    all.gate.clock.pass(limits::SESSION_IDLE + Duration::from_secs(1));
    all.gate.broker.sweep().await.unwrap();
    all.assert_all_told().await;
}

#[tokio::test]
async fn a_client_that_came_twice_into_a_session_is_told_once() {
    let mut all = Two::signed_in().await;
    for _ in 0..3 {
        all.rp.pass(&all.gate, &mut all.browser, &all.rp.request()).await;
    }
    all.browser.visit(&end_session(&[("id_token_hint", &all.id_token)])).await;
    all.assert_all_told().await;
}
