//! What is left of the OpenID Foundation's modules `oid4vp-1final-verifier-*`, by name. HAIP's plan
//! (`oid4vp-1final-verifier-haip`) runs the same modules with `x509_hash`, `direct_post.jwt` and signed requests, which
//! is what all of these speak. Others are in `mod.rs` and `hostile.rs`, and `minimal-cnf-jwk` is among the tests of the
//! crate `wallet`.

use http::StatusCode;
use jose::{Algorithm, SigningKey};
use serde_json::{Map, Value};
use testkit::WalletBox;
use testkit::wallet_box::Form;

use super::world::{FAILED, World};

/// A signed token in its three parts.
fn parts(token: &str) -> [&str; 3] {
    token.splitn(3, '.').collect::<Vec<_>>().try_into().unwrap()
}

fn decoded(part: &str) -> Map<String, Value> {
    serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

/// The same token with one octet of its signature changed.
fn with_bent_signature(token: &str) -> String {
    let [head, claims, signature] = parts(token);
    let mut octets = data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    octets[10] ^= 1;
    format!("{head}.{claims}.{}", data_encoding::BASE64URL_NOPAD.encode(&octets))
}

/// Has the wallet show a credential, by a clock that goes so many seconds wrong, and bends it on the way.
async fn is_refused(seconds: i64, bend: impl FnOnce(String) -> String) {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let request = world.wallet.fetch(&app, &link, now).await;
    let shown = bend(world.wallet.present(&request, Form::SdJwt, now + seconds));
    let posted = WalletBox::post(&app, &request, &WalletBox::body(&request, &[(Form::SdJwt, shown)])).await;
    assert_eq!(posted.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.go_on().await.h1(), FAILED);
}

#[tokio::test]
async fn oid4vp_1final_verifier_invalid_kb_jwt_signature() {
    is_refused(0, |shown| {
        let (credential, binding) = shown.rsplit_once('~').unwrap();
        format!("{credential}~{}", with_bent_signature(binding))
    })
    .await;
    // By another key than the credential names (row V03).
    is_refused(0, |shown| {
        let (credential, binding) = shown.rsplit_once('~').unwrap();
        let thief = SigningKey::generate(Algorithm::Es256).unwrap();
        format!("{credential}~{}", thief.sign("kb+jwt", &decoded(parts(binding)[1])).unwrap())
    })
    .await;
}

#[tokio::test]
async fn oid4vp_1final_verifier_invalid_credential_signature() {
    is_refused(0, |shown| {
        let (credential, rest) = shown.split_once('~').unwrap();
        format!("{}~{rest}", with_bent_signature(credential))
    })
    .await;
}

#[tokio::test]
async fn oid4vp_1final_verifier_invalid_sd_hash() {
    // A disclosure less than the holder signed for, which the verifier did not ask for anyway.
    is_refused(0, |shown| {
        let mut pieces: Vec<_> = shown.split('~').collect();
        let nationalities = pieces.iter().position(|piece| {
            let octets = data_encoding::BASE64URL_NOPAD.decode(piece.as_bytes()).unwrap_or_default();
            String::from_utf8_lossy(&octets).contains("nationalities")
        });
        pieces.remove(nationalities.unwrap());
        pieces.join("~")
    })
    .await;
}

#[tokio::test]
async fn oid4vp_1final_verifier_kb_jwt_iat_in_past() {
    is_refused(-301, |shown| shown).await;
    is_refused(-365 * 86_400, |shown| shown).await;
}

#[tokio::test]
async fn oid4vp_1final_verifier_kb_jwt_iat_in_future() {
    is_refused(61, |shown| shown).await;
    is_refused(365 * 86_400, |shown| shown).await;
}
