//! Requests and answers that are encrypted beyond TLS.

use std::time::Duration;

use broker::KeyAttestationTerms;
use http::{Method, StatusCode};
use jose::{ContentEncryption, DecryptionKey, EncryptionKey, JweExpected, Parties, decrypt, encrypt};
use model::Loa;
use serde_json::{Value, json};
use testkit::{AttestedKey, Installation, Settings, WalletMaker};
use wallet::openid4vci::{CredentialResponse, Proofs, ResponseEncryption};

use crate::attestation::{issued, thumbprint};
use crate::by_consent::{World, token_of};
use crate::phone::{
    Answer, MDOC, SD_JWT, asked_by, call, get, holder, nonce, now, post_json, proof, request, with_token,
};

/// The key that the metadata say.
async fn issuers_key(gate: &Installation) -> EncryptionKey {
    let told = get(gate, "/.well-known/openid-credential-issuer").await.json();
    let key = &told["credential_request_encryption"]["jwks"]["keys"][0];
    EncryptionKey::parse(key.to_string().as_bytes()).unwrap()
}

fn sealed(key: &EncryptionKey, body: &str) -> String {
    encrypt(key, ContentEncryption::A256Gcm, Parties::default(), body.as_bytes()).unwrap()
}

async fn post_jwt(gate: &Installation, token: &str, body: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    let headers = [("content-type", "application/jwt"), ("authorization", authorization.as_str())];
    call(gate, (Method::POST, "/credential"), &headers, body).await
}

async fn proofs(gate: &Installation) -> Proofs {
    Proofs::Jwt(vec![proof(gate, &holder(), &nonce(gate).await)])
}

#[tokio::test]
async fn request_and_answer_may_be_encrypted() {
    for configuration in [SD_JWT, MDOC] {
        let (gate, _, _, token) = with_token().await;
        let issuer = issuers_key(&gate).await;
        // The request alone: the answer comes in clear.
        let alone = asked_by(configuration, proofs(&gate).await).to_json();
        let answer = post_jwt(&gate, &token, &sealed(&issuer, &alone)).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/json")));
        for encryption in ContentEncryption::ALL {
            let wallet = DecryptionKey::generate(Some("w-1".to_owned())).unwrap();
            let mut both = asked_by(configuration, proofs(&gate).await);
            both.response = Some(ResponseEncryption { key: wallet.public_key().clone(), encryption });
            let answer = post_jwt(&gate, &token, &sealed(&issuer, &both.to_json())).await;
            assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/jwt")));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            // It says whose key it is encrypted to, in the way that was wished for, and opens by that key alone.
            let message = std::str::from_utf8(&answer.body).unwrap();
            let expected = JweExpected { encryptions: &[encryption], bytes_max: 512 * 1024 };
            let opened = decrypt(&wallet, message, &expected).unwrap();
            assert_eq!(CredentialResponse::parse(&opened.plaintext).unwrap().credentials.len(), 1);
            let header = data_encoding::BASE64URL_NOPAD.decode(message.split('.').next().unwrap().as_bytes()).unwrap();
            let header: Value = serde_json::from_slice(&header).unwrap();
            assert_eq!((&header["kid"], header.get("zip")), (&json!("w-1"), None));
        }
    }
}

/// All at once that HAIP 1.0 asks of an issuer: each part is tested by itself elsewhere.
#[tokio::test]
async fn the_code_grant_goes_together_with_attested_keys_and_encryption() {
    let maker = WalletMaker::new();
    let key_attestations = KeyAttestationTerms { required: true, ..maker.terms() };
    let mut world = World::with(Settings { key_attestations, ..Settings::default() }).await;
    for configuration in [SD_JWT, MDOC] {
        let code = world.code(configuration).await;
        let World { gate, wallets: [wallet, _], .. } = &world;
        let token = token_of(&wallet.redeem(gate, &code).await);
        let issuer = issuers_key(gate).await;
        let (own, key) = (DecryptionKey::generate(Some("w-1".to_owned())).unwrap(), AttestedKey::new(1));
        let encryption = ContentEncryption::A256Gcm;
        let ask = async |proofs| {
            let mut asked = asked_by(configuration, proofs);
            asked.response = Some(ResponseEncryption { key: own.public_key().clone(), encryption });
            let body = sealed(&issuer, &asked.to_json());
            wallet.ask(gate, token.access_token.expose(), ("application/jwt", &body)).await
        };
        let attestation = async || maker.attest(&WalletMaker::claims(&[&key], &nonce(gate).await, now(gate)));
        // A key that nobody attests gets nothing, and is told so in clear.
        assert_eq!(ask(proofs(gate).await).await.refusal(), (400, "invalid_proof".to_owned()));
        // Neither does a token in the hands of somebody without its key.
        let bare = asked_by(configuration, Proofs::Attestation(attestation().await)).to_json();
        let stolen = post_jwt(gate, token.access_token.expose(), &sealed(&issuer, &bare)).await;
        assert_eq!(stolen.status, StatusCode::UNAUTHORIZED);
        let answer = ask(Proofs::Attestation(attestation().await)).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/jwt")));
        let expected = JweExpected { encryptions: &[encryption], bytes_max: 512 * 1024 };
        let opened = decrypt(&own, std::str::from_utf8(&answer.body).unwrap(), &expected).unwrap();
        let opened = Answer { body: opened.plaintext.into(), ..answer };
        assert_eq!(issued(gate, configuration, &opened).await, [(thumbprint(&key), Loa::High)]);
    }
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_unsupported_encryption_algorithm() {
    let wallet = DecryptionKey::generate(None).unwrap();
    let jwk = serde_json::to_value(wallet.public_key()).unwrap();
    let with = |name: &str, value: Value| {
        let mut encryption = json!({"jwk": jwk, "enc": "A128GCM"});
        encryption[name] = value;
        encryption
    };
    let mut other_key = jwk.clone();
    other_key["alg"] = json!("ECDH-ES+A256KW");
    let table = [
        with("alg", json!("UNSUPPORTED_ALG")),
        with("enc", json!("A128CBC-HS256")),
        with("zip", json!("DEF")),
        with("jwk", other_key),
        with("jwk", json!({"kty": "RSA", "alg": "RSA1_5", "n": "AQAB", "e": "AQAB"})),
    ];
    let refused = (400, "invalid_encryption_parameters".to_owned());
    for configuration in [SD_JWT, MDOC] {
        let (gate, _, _, token) = with_token().await;
        let issuer = issuers_key(&gate).await;
        let good: Value = serde_json::from_str(&asked_by(configuration, proofs(&gate).await).to_json()).unwrap();
        for encryption in &table {
            let mut body = good.clone();
            body["credential_response_encryption"] = encryption.clone();
            let answer = post_jwt(&gate, &token, &sealed(&issuer, &body.to_string())).await;
            assert_eq!(answer.refusal(), refused, "{encryption}");
            // A refusal is never encrypted.
            assert_eq!(answer.header("content-type"), Some("application/json"));
        }
        // Whoever wants an encrypted answer does not say so in clear: anybody could put a key in its place.
        let mut in_clear = good.clone();
        in_clear["credential_response_encryption"] = json!({"jwk": jwk, "enc": "A128GCM"});
        assert_eq!(post_json(&gate, "/credential", &token, &in_clear.to_string()).await.refusal(), refused);
        // Nothing of this was issued, and the token is still whole.
        assert_eq!(post_json(&gate, "/credential", &token, &good.to_string()).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_request_that_does_not_open_is_refused() {
    let (gate, _, _, token) = with_token().await;
    let issuer = issuers_key(&gate).await;
    let body = request(SD_JWT, vec![proof(&gate, &holder(), &nonce(&gate).await)]);
    let good = sealed(&issuer, &body);
    let stranger = DecryptionKey::generate(issuer.kid().map(str::to_owned)).unwrap();
    let (_, rest) = good.split_once('.').unwrap();
    let header = |more: Value| {
        let mut header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "kid": issuer.kid(), "epk": issuer});
        header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        format!("{}.{rest}", data_encoding::BASE64URL_NOPAD.encode(header.to_string().as_bytes()))
    };
    let table = [
        ("another's key", sealed(stranger.public_key(), &body)),
        ("compressed", header(json!({"zip": "DEF"}))),
        ("by RSA", header(json!({"alg": "RSA1_5"}))),
        ("by a mode that is not offered", header(json!({"enc": "A128CBC-HS256"}))),
        ("in clear", body.clone()),
        ("nothing", String::new()),
    ];
    for (what, message) in table {
        let answer = post_jwt(&gate, &token, &message).await;
        assert_eq!(answer.refusal(), (400, "invalid_encryption_parameters".to_owned()), "{what}");
    }
    // What opens and is no request is that.
    let answer = post_jwt(&gate, &token, &sealed(&issuer, "{}")).await;
    assert_eq!(answer.refusal(), (400, "invalid_credential_request".to_owned()));
    assert_eq!(post_jwt(&gate, &token, &good).await.status, StatusCode::OK);
}

#[tokio::test]
async fn metadata_of_before_a_succession_are_still_good() {
    let (gate, key, mut browser) = crate::phone::anna().await;
    let before = issuers_key(&gate).await;
    gate.clock.pass(Duration::from_hours(24 * 246));
    gate.broker.rotate_due_keys().await.unwrap();
    let after = issuers_key(&gate).await;
    assert_ne!(before.kid(), after.kid());
    assert_ne!(before.thumbprint(), after.thumbprint());
    drop(browser);
    browser = crate::phone::signed_in(&gate, crate::phone::ANNA, &key).await;
    let (offer, mailed) = crate::phone::offered(&gate, &key, &mut browser).await;
    let token = crate::phone::redeem(&gate, &offer, &mailed).await;
    for issuer in [before, after] {
        let body = asked_by(SD_JWT, proofs(&gate).await).to_json();
        assert_eq!(post_jwt(&gate, &token, &sealed(&issuer, &body)).await.status, StatusCode::OK);
    }
}
