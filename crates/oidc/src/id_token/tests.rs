//! ID tokens and hints.

use serde_json::json;

use super::*;
use crate::LogoutToken;

const ISSUER: &str = "https://kau.example";

fn id_token() -> IdToken {
    IdToken {
        iss: ISSUER.into(),
        sub: "pairwise".into(),
        aud: "rp".into(),
        exp: 1_737_000_060,
        iat: 1_737_000_000,
        auth_time: 1_736_999_990,
        nonce: Some("n0nce".into()),
        acr: "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp".into(),
        amr: vec![Amr::Pwd, Amr::Otp, Amr::Mfa],
        sid: Some("s1d".into()),
        at_hash: Some(at_hash("acc3ss", Algorithm::Es256)),
        loa: Some("http://eidas.europa.eu/NotNotified/LoA/low".into()),
        claims: Map::new(),
    }
}

fn ours() -> (SigningKey, JwkSet) {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let keys = JwkSet::new(vec![key.public_jwk()]).unwrap();
    (key, keys)
}

fn read(token: &str, keys: &JwkSet) -> Value {
    let typ = TokenType::Stated("JWT");
    jose::verify_json(token, &Expected { typ, algorithms: &Algorithm::ALL, keys }).unwrap()
}

#[test]
fn an_id_token_says_what_happened() {
    let (key, keys) = ours();
    let payload = read(&id_token().sign(&key).unwrap(), &keys);
    assert_eq!(
        payload,
        json!({
            "iss": ISSUER, "sub": "pairwise", "aud": "rp", "exp": 1_737_000_060, "iat": 1_737_000_000,
            "auth_time": 1_736_999_990, "nonce": "n0nce", "acr": "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp",
            "amr": ["pwd", "otp", "mfa"], "sid": "s1d", "at_hash": at_hash("acc3ss", Algorithm::Es256),
            "loa": "http://eidas.europa.eu/NotNotified/LoA/low",
        })
    );
    let bare = IdToken { nonce: None, sid: None, at_hash: None, loa: None, ..id_token() };
    let payload = read(&bare.sign(&key).unwrap(), &keys);
    for absent in ["nonce", "sid", "at_hash", "loa", "azp", "claims"] {
        assert!(payload.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn claims_asked_for_stand_beside_the_protocol_s_and_never_replace_them() {
    let (key, keys) = ours();
    let Value::Object(claims) = json!({"name": "Kovács Anna", "sub": "other", "aud": ["x"], "acr": "high"}) else {
        panic!("an object")
    };
    let payload = read(&IdToken { claims, ..id_token() }.sign(&key).unwrap(), &keys);
    assert_eq!(payload["name"], "Kovács Anna");
    assert_eq!((&payload["sub"], &payload["aud"]), (&json!("pairwise"), &json!("rp")));
    assert_eq!(payload["acr"], "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp");
}

/// OpenID Connect Core 1.0 appendix A.4 (`response_type=id_token token`).
#[test]
fn the_access_token_s_hash_is_that_of_the_standard_s_example() {
    let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(at_hash(access_token, Algorithm::Rs256), "77QmUPtjPfzWtF2AnpK9RQ");
}

#[test]
fn a_hint_is_believed_when_we_signed_it_however_old_it_is() {
    let (key, keys) = ours();
    let old = IdToken { exp: 1, iat: 0, ..id_token() };
    let hint = IdTokenHint::verify(&old.sign(&key).unwrap(), &keys, ISSUER).unwrap();
    assert_eq!(hint, IdTokenHint { sub: "pairwise".into(), aud: "rp".into(), sid: Some("s1d".into()) });
}

#[test]
fn o33_a_modified_or_foreign_hint_is_refused() {
    let (key, keys) = ours();
    let (other, _) = ours();
    let token = id_token().sign(&key).unwrap();
    let foreign = IdToken { iss: "https://other.example".into(), ..id_token() }.sign(&key).unwrap();
    let logout = LogoutToken {
        iss: ISSUER.into(),
        aud: "rp".into(),
        iat: 0,
        exp: 60,
        jti: "j".into(),
        sub: Some("pairwise".into()),
        sid: None,
    };
    let payload = BASE64URL_NOPAD.encode(br#"{"iss":"https://kau.example","sub":"victim","aud":"rp"}"#);
    let parts: Vec<&str> = token.split('.').collect();
    for (hint, error) in [
        (id_token().sign(&other).unwrap(), JwsError::UnknownKey),
        (format!("{}.{payload}.{}", parts[0], parts[2]), JwsError::Signature),
        (format!("{}.{payload}.", BASE64URL_NOPAD.encode(br#"{"alg":"none"}"#)), JwsError::Algorithm),
        (foreign, JwsError::Payload),
        (logout.sign(&key).unwrap(), JwsError::Type),
        (key.sign("JWT", &json!({"iss": ISSUER, "sub": "a", "aud": ["rp", "other"]})).unwrap(), JwsError::Payload),
        (key.sign("JWT", &json!({"iss": ISSUER, "aud": "rp"})).unwrap(), JwsError::Payload),
        ("bogus".into(), JwsError::Form),
        (String::new(), JwsError::Form),
    ] {
        assert_eq!(IdTokenHint::verify(&hint, &keys, ISSUER), Err(error), "{hint}");
    }
}
