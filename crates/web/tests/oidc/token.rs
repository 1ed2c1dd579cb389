//! The code and what it is redeemed for.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use model::Secret;
use serde_json::json;
use store::StoreConfig;
use testkit::{Installation, Settings, postgres};
use tokio::task::JoinSet;

use crate::relying_party::{Call, Person, RelyingParty, Request, browser, exchange};

/// A client and somebody who is signed in, so that further codes come without a page.
struct SignedIn {
    gate: Arc<Installation>,
    rp: RelyingParty,
    browser: testkit::Browser,
}

impl SignedIn {
    async fn with(settings: Settings, members: serde_json::Value) -> Self {
        let gate = Installation::with(settings).await;
        let rp = RelyingParty::register(&gate, "rp.pelda.hu", members).await;
        let mut browser = browser(&gate, &[&rp]);
        let anna = Person::enrolled(&gate, "minta.anna").await;
        rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
        Self { gate: Arc::new(gate), rp, browser }
    }

    async fn start() -> Self {
        Self::with(Settings::default(), json!({})).await
    }

    async fn code(&mut self, request: &Request) -> String {
        self.browser.visit(&request.url()).await;
        self.rp.code(&self.browser, request)
    }

    async fn refusal(&self, code: &str, request: &Request) -> (u16, String) {
        self.rp.redemption(&self.gate, code, request).await.refusal()
    }
}

fn invalid_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

#[tokio::test]
async fn o05_a_code_needs_its_verifier_and_a_wrong_one_burns_it() {
    let mut all = SignedIn::start().await;
    let wrong = "w".repeat(43);
    for verifier in [None, Some(wrong.as_str()), Some("short")] {
        let request = all.rp.request();
        let code = all.code(&request).await;
        assert_eq!(all.refusal(&code, &request.clone().verified_by(verifier)).await, invalid_grant(), "{verifier:?}");
        assert_eq!(all.refusal(&code, &request).await, invalid_grant(), "it is burnt");
    }

    let request = all.rp.request();
    let code = all.code(&request).await;
    let guess = exchange(&code, &request.clone().verified_by(Some(&wrong)));
    let stranger = guess.header("authorization", &all.rp.basic("not the client's secret")).send(&all.gate).await;
    assert_eq!(stranger.refusal(), (401, "invalid_client".to_owned()));
    all.rp.redeem(&all.gate, &code, &request).await;
}

#[tokio::test]
async fn o05_a_verifier_for_a_code_without_challenge_is_refused() {
    let mut all = SignedIn::with(Settings::default(), json!({"pkce": "nonce"})).await;
    let request = all.rp.request().without_pkce();
    let code = all.code(&request).await;
    let added = request.clone().verified_by(Some("v-0000000000000000000000000000000000000000000"));
    assert_eq!(all.refusal(&code, &added).await, invalid_grant());
    let request = all.rp.request().without_pkce();
    let code = all.code(&request).await;
    all.rp.redeem(&all.gate, &code, &request).await;

    let bare = all.rp.request().without_pkce().without("nonce");
    all.browser.visit(&bare.url()).await;
    assert_eq!(all.rp.error(&all.browser, &bare), "invalid_request", "one of the two protects the code");
}

#[tokio::test]
async fn o06_a_code_of_another_client_is_refused_and_stays_good() {
    let mut all = SignedIn::start().await;
    let other = RelyingParty::register(&all.gate, "masik.pelda.hu", json!({})).await;
    let request = all.rp.request();
    let code = all.code(&request).await;
    assert_eq!(other.redemption(&all.gate, &code, &request).await.refusal(), invalid_grant());
    all.rp.redeem(&all.gate, &code, &request).await;
}

#[tokio::test]
async fn o07_a_code_lives_thirty_seconds() {
    let mut all = SignedIn::start().await;
    for (age, good) in [(29, true), (30, false), (31, false)] {
        let request = all.rp.request();
        let code = all.code(&request).await;
        all.gate.clock.pass(Duration::from_secs(age));
        if good {
            all.rp.redeem(&all.gate, &code, &request).await;
        } else {
            assert_eq!(all.refusal(&code, &request).await, invalid_grant(), "{age} s");
        }
    }
}

#[tokio::test]
async fn o08_a_second_use_is_refused_and_revokes_what_the_first_gave() {
    let mut all = SignedIn::start().await;
    for pause in [0, 1, 30, 200] {
        let request = all.rp.request();
        let code = all.code(&request).await;
        let tokens = all.rp.redeem(&all.gate, &code, &request).await;
        all.gate.clock.pass(Duration::from_secs(pause));
        let userinfo = || Call::get("/oidc/userinfo").bearer(&tokens.access_token).send(&all.gate);
        assert_eq!(userinfo().await.status, StatusCode::OK);
        assert_eq!(all.refusal(&code, &request).await, invalid_grant(), "{pause} s later");
        assert_eq!(userinfo().await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn o08_nobody_else_can_revoke_by_showing_a_used_code() {
    let mut all = SignedIn::start().await;
    let other = RelyingParty::register(&all.gate, "masik.pelda.hu", json!({})).await;
    let request = all.rp.request();
    let code = all.code(&request).await;
    let tokens = all.rp.redeem(&all.gate, &code, &request).await;
    assert_eq!(other.redemption(&all.gate, &code, &request).await.refusal(), invalid_grant());
    let guess = request.clone().verified_by(Some(&"w".repeat(43)));
    assert_eq!(all.refusal(&code, &guess).await, invalid_grant());
    let userinfo = Call::get("/oidc/userinfo").bearer(&tokens.access_token).send(&all.gate).await;
    assert_eq!(userinfo.status, StatusCode::OK);
}

/// How many of 64 simultaneous redemptions of one code, spread over these nodes, give tokens; which are worth
/// nothing in the end, since the code was used again.
async fn granted_of_64(rp: &RelyingParty, nodes: &[Arc<Installation>], code: &str, request: &Request) -> usize {
    let mut calls = JoinSet::new();
    for n in 0..64 {
        let node = Arc::clone(&nodes[n % nodes.len()]);
        let call = rp.prove(&node, exchange(code, request));
        calls.spawn(async move { call.send(&node).await });
    }
    let answers = calls.join_all().await;
    for answer in answers.iter().filter(|answer| answer.status != StatusCode::OK) {
        assert_eq!(answer.refusal(), invalid_grant());
    }
    let granted: Vec<_> = answers.iter().filter(|answer| answer.status == StatusCode::OK).collect();
    for tokens in &granted {
        let token = tokens.json()["access_token"].as_str().expect("a token").to_owned();
        for node in nodes {
            let told = Call::get("/oidc/userinfo").bearer(&token).send(node).await;
            assert_eq!(told.status, StatusCode::UNAUTHORIZED);
        }
    }
    granted.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn o09_sixty_four_redemptions_at_once_give_one_token_set() {
    let mut all = SignedIn::start().await;
    for _ in 0..3 {
        let request = all.rp.request();
        let code = all.code(&request).await;
        assert_eq!(granted_of_64(&all.rp, std::slice::from_ref(&all.gate), &code, &request).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn o09_sixty_four_redemptions_at_once_on_two_nodes_give_one_token_set() {
    let server = postgres::Server::shared();
    let url = server.database();
    let node = |seed| {
        let store = Some(StoreConfig::Postgres { url: Secret::new(url.clone()), connections: 8, roots: None });
        Settings { store, seed, ..Settings::default() }
    };
    let mut all = SignedIn::with(node(1), json!({})).await;
    let nodes = [Arc::clone(&all.gate), Arc::new(Installation::with(node(2)).await)];
    for _ in 0..3 {
        let request = all.rp.request();
        let code = all.code(&request).await;
        assert_eq!(granted_of_64(&all.rp, &nodes, &code, &request).await, 1);
    }
}

#[tokio::test]
async fn o10_the_redirect_uri_at_the_token_endpoint_is_that_of_the_request() {
    let both = json!({"redirect_uris": ["https://rp.pelda.hu/cb", "https://rp.pelda.hu/cb2"]});
    let mut all = SignedIn::with(Settings::default(), both).await;
    let request = all.rp.request();
    let code = all.code(&request).await;
    for other in ["https://rp.pelda.hu/cb2", "https://rp.pelda.hu/cb/", "https://RP.pelda.hu/cb"] {
        let moved = request.clone().set("redirect_uri", other);
        assert_eq!(all.refusal(&code, &moved).await, invalid_grant(), "{other}");
    }
    let without = Call::post("/oidc/token").field("grant_type", "authorization_code").field("code", &code);
    let without = all.rp.prove(&all.gate, without).send(&all.gate).await;
    assert_eq!(without.refusal(), (400, "invalid_request".to_owned()));
    all.rp.redeem(&all.gate, &code, &request).await;
}

#[tokio::test]
async fn a_token_request_of_another_form_is_refused_with_the_standards_word() {
    let mut all = SignedIn::start().await;
    let request = all.rp.request();
    let code = all.code(&request).await;
    let proved = |call| all.rp.prove(&all.gate, call);
    let good = || exchange(&code, &request);
    #[rustfmt::skip]
    let table = [
        (proved(Call::post("/oidc/token").field("x", "1")),                                 400, "invalid_request"),
        (proved(Call::post("/oidc/token").field("grant_type", "refresh_token")),            400, "unsupported_grant_type"),
        (proved(Call::post("/oidc/token").field("grant_type", "client_credentials")),       400, "unsupported_grant_type"),
        (proved(Call::post("/oidc/token").field("grant_type", "password")),                 400, "unsupported_grant_type"),
        (proved(good().field("code", &code)),                                               400, "invalid_request"),
        (proved(exchange("unknown", &request)),                                      400, "invalid_grant"),
        (proved(exchange(&"A".repeat(10_000), &request)),                            400, "invalid_grant"),
        (good(),                                                                            401, "invalid_client"),
    ];
    for (call, status, error) in table {
        assert_eq!(call.send(&all.gate).await.refusal(), (status, error.to_owned()));
    }
    let answer = Call::get("/oidc/token").send(&all.gate).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    all.rp.redeem(&all.gate, &code, &request).await;
}
