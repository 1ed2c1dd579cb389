//! Tokens that bring their signer's public key along.

use data_encoding::BASE64URL_NOPAD;
use jose::{Algorithm, JwsError, SigningKey, TokenType, verify_by_key, verify_by_own_key, verify_by_stated_key};
use serde_json::{Value, json};

const TYP: &str = "proof+jwt";

/// What is changed of a header.
type Change = Box<dyn FnOnce(&mut Value)>;

fn key() -> SigningKey {
    SigningKey::generate(Algorithm::Es256).unwrap()
}

/// `token` with another header; its signature is not made anew.
fn with_header(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let (header, rest) = token.split_once('.').unwrap();
    let mut header: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()).unwrap();
    change(&mut header);
    format!("{}.{rest}", BASE64URL_NOPAD.encode(header.to_string().as_bytes()))
}

fn verify(token: &str) -> Result<String, JwsError> {
    verify_by_own_key(token, TokenType::Stated(TYP), &[Algorithm::Es256]).map(|(_, key)| key.thumbprint())
}

#[test]
fn a_proof_tells_which_key_made_it() {
    let key = key();
    let token = key.sign_with_own_key(TYP, &json!({"aud": "us"})).unwrap();
    assert_eq!(verify(&token), Ok(key.kid().to_owned()));
    // Where the key is known, the one in the header is not looked at, right or wrong.
    let known = verify_by_key(&token, TokenType::Stated(TYP), &[Algorithm::Es256], &key.public_jwk());
    assert_eq!(known, Err(JwsError::RefusedMember));
}

#[test]
fn what_brings_no_public_key_or_another_one_is_refused() {
    let (one, other) = (key(), key());
    let token = one.sign_with_own_key(TYP, &json!({})).unwrap();
    let stranger = serde_json::to_value(other.public_jwk()).unwrap();
    let cases: [(&str, Change, JwsError); 9] = [
        ("another key", Box::new(move |header| header["jwk"] = stranger), JwsError::Signature),
        ("a private member", Box::new(|header| header["jwk"]["d"] = json!("AA")), JwsError::Header),
        ("an encryption key", Box::new(|header| header["jwk"]["use"] = json!("enc")), JwsError::Header),
        ("no key", Box::new(|header| drop(header.as_object_mut().unwrap().remove("jwk"))), JwsError::Header),
        ("no object", Box::new(|header| header["jwk"] = json!("key")), JwsError::Header),
        ("a name beside", Box::new(|header| header["kid"] = json!("1")), JwsError::RefusedMember),
        ("certificates beside", Box::new(|header| header["x5c"] = json!([])), JwsError::RefusedMember),
        ("another type", Box::new(|header| header["typ"] = json!("JWT")), JwsError::Type),
        ("no algorithm", Box::new(|header| header["alg"] = json!("none")), JwsError::Algorithm),
    ];
    for (what, change, expected) in cases {
        assert_eq!(verify(&with_header(&token, change)), Err(expected), "{what}");
    }
    assert_eq!(verify(&one.sign(TYP, &json!({})).unwrap()), Err(JwsError::RefusedMember), "only a name");
}

#[test]
fn whoever_finds_the_key_is_told_its_name_and_what_else_the_header_says() {
    let one = key();
    let token = one.sign(TYP, &json!({})).unwrap();
    let verify = |token: &str, public: jose::Jwk| {
        let mut said = None;
        let verified = verify_by_stated_key(token, TokenType::Stated(TYP), &[Algorithm::Es256], |stated| {
            assert!(stated.jwk.is_none());
            said = Some((stated.kid.map(str::to_owned), stated.text("more")?.map(str::to_owned)));
            Ok::<_, JwsError>(public)
        });
        (verified.map(drop), said)
    };
    let name = Some(one.kid().to_owned());
    assert_eq!(verify(&token, one.public_jwk()), (Ok(()), Some((name.clone(), None))));
    assert_eq!(verify(&token, key().public_jwk()).0, Err(JwsError::Signature));
    let more = with_header(&token, |header| header["more"] = json!("x"));
    let expected = (Err(JwsError::Signature), Some((name, Some("x".to_owned()))));
    assert_eq!(verify(&more, one.public_jwk()), expected, "what was added was not signed");
    let number = with_header(&token, |header| header["more"] = json!(1));
    assert_eq!(verify(&number, one.public_jwk()), (Err(JwsError::Header), None));
    let certified = with_header(&token, |header| header["x5c"] = json!([]));
    assert_eq!(verify(&certified, one.public_jwk()), (Err(JwsError::RefusedMember), None));
}
