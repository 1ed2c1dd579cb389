//! The OpenID Foundation's dynamic plan, as far as it asks something of a provider whose clients an
//! operator registers: each test mirrors the module of its name.

use serde_json::{Value, json};
use testkit::{Browser, Installation};

use crate::relying_party::{Person, RelyingParty, browser, jwks, refused_here};

async fn start(members: Value) -> (Installation, RelyingParty, Browser, Person) {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "suite.pelda.hu", members).await;
    let browser = browser(&gate, &[&rp]);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    (gate, rp, browser, anna)
}

/// The registered redirect URI has a query of its own.
fn with_query() -> Value {
    json!({"redirect_uris": ["https://suite.pelda.hu/cb?foo=bar"]})
}

async fn refused(gate: &Installation, members: Value) -> String {
    let mut metadata = json!({"client_name": "suite", "redirect_uris": ["https://suite.pelda.hu/cb"]});
    metadata.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    gate.broker
        .register_client(metadata.to_string().as_bytes(), None, broker::Replacing::Allowed)
        .await
        .unwrap_err()
        .to_string()
}

#[tokio::test]
async fn oidcc_idtoken_rs256() {
    let (gate, rp, mut browser, anna) = start(json!({"id_token_signed_response_alg": "RS256"})).await;
    rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
}

#[tokio::test]
async fn oidcc_ensure_redirect_uri_in_authorization_request() {
    let (_gate, rp, mut browser, _) = start(json!({})).await;
    browser.visit(&rp.request().without("redirect_uri").url()).await;
    refused_here(&browser, "no redirect URI");
}

#[tokio::test]
async fn oidcc_redirect_uri_query_ok() {
    let (gate, rp, mut browser, anna) = start(with_query()).await;
    rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
    browser.visit(&rp.request().url()).await;
    assert_eq!(rp.received(&browser)["foo"], "bar", "its own query is kept");
}

#[tokio::test]
async fn oidcc_redirect_uri_query_mismatch() {
    let (_gate, rp, mut browser, _) = start(with_query()).await;
    browser.visit(&rp.request().set("redirect_uri", "https://suite.pelda.hu/cb?foo=baz").url()).await;
    refused_here(&browser, "another query");
}

#[tokio::test]
async fn oidcc_redirect_uri_query_added() {
    let (_gate, rp, mut browser, _) = start(json!({})).await;
    browser.visit(&rp.request().set("redirect_uri", "https://suite.pelda.hu/cb?foo=bar").url()).await;
    refused_here(&browser, "an added query");
}

#[tokio::test]
async fn oidcc_redirect_uri_regfrag() {
    let gate = Installation::start().await;
    let reason = refused(&gate, json!({"redirect_uris": ["https://suite.pelda.hu/cb#foobar"]})).await;
    assert!(reason.contains("redirect_uris"), "{reason}");
}

/// `none` is refused when the client is registered, so that no unsigned token is ever asked for.
#[tokio::test]
async fn oidcc_idtoken_unsigned() {
    let gate = Installation::start().await;
    let reason = refused(&gate, json!({"id_token_signed_response_alg": "none"})).await;
    assert!(reason.contains("id_token_signed_response_alg"), "{reason}");
}

/// UserInfo is plain JSON: to ask for a signed one is refused at registration.
#[tokio::test]
async fn oidcc_userinfo_rs256() {
    let gate = Installation::start().await;
    let reason = refused(&gate, json!({"userinfo_signed_response_alg": "RS256"})).await;
    assert!(reason.contains("userinfo_signed_response_alg"), "{reason}");
}

#[tokio::test]
async fn oidcc_server_rotate_keys() {
    let (gate, rp, mut browser, anna) = start(json!({})).await;
    rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
    let before = jwks(&gate).await;
    gate.broker.rotate_keys().await.unwrap();
    let after = jwks(&gate).await;
    assert!(after.keys().iter().any(|key| !before.keys().contains(key)), "a new key is published");
    gate.clock.pass(model::limits::KEY_OVERLAP);
    rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
}

/// Sent to our issuer alone, as RFC 7523 section 3 has it.
#[tokio::test]
async fn oidcc_ensure_client_assertion_with_iss_aud_succeeds() {
    let (gate, rp, mut browser, anna) = start(json!({"token_endpoint_auth_method": "private_key_jwt"})).await;
    rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
}
