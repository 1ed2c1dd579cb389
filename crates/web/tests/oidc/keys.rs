//! ID tokens' algorithms, and the rotation of the keys that sign them.

use std::time::Duration;

use jose::{Algorithm, Expected, JwkSet, TokenType};
use model::{Secret, limits};
use serde_json::{Map, Value, json};
use store::StoreConfig;
use testkit::{Installation, Settings, postgres};

use crate::relying_party::{Call, Person, RelyingParty, browser, jwks};

/// The name of the key that signed a token.
fn kid(token: &str) -> String {
    let header = data_encoding::BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().expect("a name").to_owned()
}

fn verifies(keys: &JwkSet, algorithm: Algorithm, token: &str) -> bool {
    let expected = Expected { typ: TokenType::AbsentOr(&["JWT"]), algorithms: &[algorithm], keys };
    jose::verify_json::<Map<String, Value>>(token, &expected).is_ok()
}

fn publishes(keys: &JwkSet, kid: &str) -> bool {
    keys.keys().iter().any(|key| key.kid() == Some(kid))
}

#[tokio::test]
async fn an_id_token_is_signed_as_the_client_registered() {
    let gate = Installation::start().await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    for algorithm in [None, Some("RS256"), Some("ES256"), Some("PS256")] {
        let members = algorithm.map_or(json!({}), |name| json!({"id_token_signed_response_alg": name}));
        let rp = RelyingParty::register(&gate, "rp.pelda.hu", members).await;
        let mut browser = browser(&gate, &[&rp]);
        let tokens = rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
        for other in Algorithm::ALL.into_iter().filter(|other| *other != rp.algorithm) {
            assert!(!verifies(&jwks(&gate).await, other, &tokens.id_token), "{algorithm:?} passes as {other}");
        }
    }
    for bad in ["none", "HS256", "RS512"] {
        let metadata = json!({
            "client_name": "x", "redirect_uris": ["https://rp.pelda.hu/cb"], "id_token_signed_response_alg": bad,
        });
        assert!(
            gate.broker
                .register_client(metadata.to_string().as_bytes(), None, broker::Replacing::Allowed)
                .await
                .is_err(),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn a_new_key_is_published_a_day_before_it_signs_and_the_old_one_kept_a_day_after() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({"id_token_signed_response_alg": "ES256"})).await;
    let mut browser = browser(&gate, &[&rp]);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let second = Duration::from_secs(1);
    let old = rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await.id_token;
    assert_eq!(jwks(&gate).await.keys().len(), 3);

    let rotated_at = gate.broker.now();
    gate.broker.rotate_keys().await.unwrap();
    assert_eq!(jwks(&gate).await.keys().len(), 6, "all successors are published at once");
    assert_eq!(kid(&rp.pass(&gate, &mut browser, &rp.request()).await.id_token), kid(&old), "and do not sign yet");
    gate.broker.rotate_keys().await.unwrap();
    assert_eq!(jwks(&gate).await.keys().len(), 6, "who is published already needs no successor");

    // Sixty seconds before the edge, since signing in takes half of them.
    gate.clock.set(rotated_at + limits::KEY_OVERLAP - second * 60);
    let last = rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await.id_token;
    gate.clock.set(rotated_at + limits::KEY_OVERLAP - second);
    assert_eq!(kid(&rp.pass(&gate, &mut browser, &rp.request()).await.id_token), kid(&old), "the last second");
    gate.clock.set(rotated_at + limits::KEY_OVERLAP);
    let new = rp.pass(&gate, &mut browser, &rp.request()).await.id_token;
    assert_ne!(kid(&new), kid(&old), "the first edge");
    assert!(verifies(&jwks(&gate).await, Algorithm::Es256, &last), "an old token verifies");

    gate.clock.set(rotated_at + limits::KEY_OVERLAP * 2 - second);
    let keys = jwks(&gate).await;
    assert!(publishes(&keys, &kid(&old)) && publishes(&keys, &kid(&new)), "the last second");
    gate.clock.set(rotated_at + limits::KEY_OVERLAP * 2);
    let keys = jwks(&gate).await;
    assert!(!publishes(&keys, &kid(&old)) && publishes(&keys, &kid(&new)), "the second edge");
    assert_eq!(keys.keys().len(), 3);
}

#[tokio::test]
async fn o30_no_client_that_heeds_the_cache_header_ever_fails_during_a_rotation() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let other = RelyingParty::register(&gate, "es.pelda.hu", json!({"id_token_signed_response_alg": "ES256"})).await;
    let mut browser = browser(&gate, &[&rp, &other]);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let cache = Call::get("/oidc/jwks").send(&gate).await.header("cache-control").unwrap().to_owned();
    assert_eq!(cache, "public, max-age=3600");

    let (mut kept, mut signers) = (jwks(&gate).await, Vec::new());
    for half_hour in 0..110 {
        if half_hour == 3 {
            gate.broker.rotate_keys().await.unwrap();
        }
        // The set that was fetched an hour ago is used up to its last moment.
        let request = rp.request().set("max_age", "60");
        let tokens = rp.sign_in(&gate, &mut browser, &anna, &request).await;
        let others = other.pass(&gate, &mut browser, &other.request()).await;
        assert!(verifies(&kept, Algorithm::Rs256, &tokens.id_token), "after {half_hour} half hours");
        assert!(verifies(&kept, Algorithm::Es256, &others.id_token), "after {half_hour} half hours");
        signers.push(kid(&tokens.id_token));
        if half_hour % 2 == 1 {
            kept = jwks(&gate).await;
        }
        gate.clock.pass(Duration::from_secs(1770));
    }
    signers.dedup();
    assert_eq!(signers.len(), 2, "one key after the other signed");
}

#[tokio::test]
async fn keys_are_replaced_at_the_end_of_their_life_without_an_operator() {
    let gate = Installation::start().await;
    let before = jwks(&gate).await;
    gate.broker.rotate_due_keys().await.unwrap();
    assert_eq!(jwks(&gate).await, before, "they are young");
    gate.clock.set(gate.broker.now() + limits::KEY_LIFE - limits::KEY_OVERLAP);
    gate.broker.rotate_due_keys().await.unwrap();
    assert_eq!(jwks(&gate).await.keys().len(), 6);
    gate.clock.pass(limits::KEY_OVERLAP * 2);
    let after = jwks(&gate).await;
    assert_eq!(after.keys().len(), 3);
    assert!(before.keys().iter().all(|key| !publishes(&after, key.kid().unwrap())));
}

#[tokio::test]
async fn two_nodes_publish_and_use_the_same_keys() {
    let server = postgres::Server::shared();
    let url = server.database();
    let node = |seed| {
        let store = Some(StoreConfig::Postgres { url: Secret::new(url.clone()), connections: 2, roots: None });
        Installation::with(Settings { store, seed, ..Settings::default() })
    };
    let (one, two) = (node(1).await, node(2).await);
    assert_eq!(jwks(&one).await, jwks(&two).await);
    let rp = RelyingParty::register(&one, "rp.pelda.hu", json!({})).await;
    let anna = Person::enrolled(&one, "minta.anna").await;
    one.broker.rotate_keys().await.unwrap();
    two.broker.reload_keys().await.unwrap();
    assert_eq!(jwks(&one).await, jwks(&two).await);
    one.clock.pass(limits::KEY_OVERLAP);
    two.clock.set(one.broker.now());

    let mut browser = browser(&one, &[&rp]);
    let request = rp.request();
    browser.visit(&request.url()).await;
    anna.sign_in(&one, &mut browser).await;
    two.clock.set(one.broker.now());
    let code = rp.code(&browser, &request);
    let at_two = rp.redeem(&two, &code, &request).await;
    let at_one = rp.pass(&one, &mut browser, &rp.request()).await;
    assert_eq!(kid(&at_two.id_token), kid(&at_one.id_token), "what one node signed in, the other redeems");
}
