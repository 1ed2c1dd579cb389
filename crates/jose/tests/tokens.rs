//! Tokens of our own, judged by implementations that share nothing with ours; and tokens that an
//! attacker makes, signed by those implementations where they need a good signature.

use data_encoding::{BASE64URL, BASE64URL_NOPAD};
use jose::{Algorithm, Expected, JwkSet, JwsError, SigningKey, TOKEN_BYTES_MAX, TokenType, verify, verify_json};
use p256::ecdsa::signature::{Signer, Verifier};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The attacker's and the tester's pen: signs any header and any payload with ES256.
struct Pen(p256::ecdsa::SigningKey);

impl Pen {
    fn new(seed: u8) -> Self {
        Self(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    fn jwk(&self) -> Value {
        let point = self.0.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        json!({"kty": "EC", "crv": "P-256", "x": BASE64URL_NOPAD.encode(x), "y": BASE64URL_NOPAD.encode(y)})
    }

    fn keys(&self) -> JwkSet {
        set(&[self.jwk()])
    }

    fn sign(&self, header: &str, payload: &str) -> String {
        let signed = [header, payload].map(|part| BASE64URL_NOPAD.encode(part.as_bytes())).join(".");
        let signature: p256::ecdsa::Signature = self.0.sign(signed.as_bytes());
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes()))
    }
}

fn set(keys: &[Value]) -> JwkSet {
    JwkSet::parse(json!({"keys": keys}).to_string().as_bytes()).unwrap()
}

fn check(token: &str, keys: &JwkSet) -> Result<Value, JwsError> {
    verify_json(token, &Expected { typ: TokenType::AbsentOr(&["JWT"]), algorithms: &Algorithm::ALL, keys })
}

#[test]
fn o25_a_token_in_any_but_its_one_canonical_form_is_refused() {
    let pen = Pen::new(1);
    // A header of 29 bytes leaves two unused bits in its last character.
    let token = pen.sign(r#"{"alg":"ES256","typ":"JWT"}  "#, r#"{"sub":"a"}"#);
    assert_eq!(check(&token, &pen.keys()), Ok(json!({"sub": "a"})));
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("three parts") };
    let padded = |part: &str| BASE64URL.encode(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap());
    let loose = |part: &str| {
        let last = part.chars().next_back().unwrap();
        let next = char::from(u8::try_from(last).unwrap() + 1);
        format!("{}{next}", &part[..part.len() - 1])
    };
    let rows = [
        ("trailing dot", format!("{token}."), JwsError::Form),
        ("four parts", format!("{token}.{signature}"), JwsError::Form),
        ("five parts, as an encrypted one", format!("{token}.{signature}.{signature}"), JwsError::Form),
        ("two parts", format!("{header}.{payload}"), JwsError::Form),
        ("one part", header.to_owned(), JwsError::Form),
        ("nothing", String::new(), JwsError::Form),
        ("no header", format!(".{payload}.{signature}"), JwsError::Header),
        ("no payload, as a detached one", format!("{header}..{signature}"), JwsError::Signature),
        ("no signature", format!("{header}.{payload}."), JwsError::Signature),
        ("white space before", format!(" {token}"), JwsError::Encoding),
        ("white space after", format!("{token}\n"), JwsError::Encoding),
        ("white space between", format!("{header}. {payload}.{signature}"), JwsError::Encoding),
        ("padded header", format!("{}.{payload}.{signature}", padded(header)), JwsError::Encoding),
        ("padded payload", format!("{header}.{}.{signature}", padded(payload)), JwsError::Encoding),
        ("padded signature", format!("{header}.{payload}.{}", padded(signature)), JwsError::Encoding),
        ("loose bits in the header", format!("{}.{payload}.{signature}", loose(header)), JwsError::Encoding),
        ("loose bits in the payload", format!("{header}.{}.{signature}", loose(payload)), JwsError::Encoding),
        ("loose bits in the signature", format!("{header}.{payload}.{}", loose(signature)), JwsError::Encoding),
        ("the other alphabet", token.replacen('e', "+", 1), JwsError::Encoding),
        ("too long", format!("{header}.{}.{signature}", "A".repeat(TOKEN_BYTES_MAX)), JwsError::TooLong),
    ];
    for (what, token, error) in rows {
        assert_eq!(check(&token, &pen.keys()), Err(error), "{what}");
    }
}

#[test]
fn o25_a_well_signed_token_is_refused_for_what_its_header_says() {
    let pen = Pen::new(1);
    let jwk = pen.jwk();
    let rows = [
        (r#"{"alg":"ES256","crit":["x"],"x":1}"#.to_owned(), JwsError::RefusedMember),
        (r#"{"alg":"ES256","crit":["exp"]}"#.to_owned(), JwsError::RefusedMember),
        (r#"{"alg":"ES256","b64":false,"crit":["b64"]}"#.to_owned(), JwsError::RefusedMember),
        (r#"{"alg":"ES256","b64":true}"#.to_owned(), JwsError::RefusedMember),
        (format!(r#"{{"alg":"ES256","jwk":{jwk}}}"#), JwsError::RefusedMember),
        (r#"{"alg":"ES256","jku":"https://evil.example/jwks"}"#.to_owned(), JwsError::RefusedMember),
        (r#"{"alg":"ES256","x5u":"https://evil.example/x"}"#.to_owned(), JwsError::RefusedMember),
        (r#"{"alg":"ES256","x5c":["AA=="]}"#.to_owned(), JwsError::RefusedMember),
        (r#"{"alg":"ES256","alg":"ES256"}"#.to_owned(), JwsError::Header),
        (r#"{"alg":"ES256","x":{"a":1,"a":2}}"#.to_owned(), JwsError::Header),
        (r#"{"alg":"ES256"} x"#.to_owned(), JwsError::Header),
        (r#"["ES256"]"#.to_owned(), JwsError::Header),
        ("{}".to_owned(), JwsError::Header),
        (r#"{"alg":1}"#.to_owned(), JwsError::Header),
        (r#"{"alg":["ES256"]}"#.to_owned(), JwsError::Header),
        (r#"{"alg":"ES256","kid":1}"#.to_owned(), JwsError::Header),
        (r#"{"alg":"ES256","typ":null}"#.to_owned(), JwsError::Header),
        (r#"{"alg":"none"}"#.to_owned(), JwsError::Algorithm),
        (r#"{"alg":"NONE"}"#.to_owned(), JwsError::Algorithm),
        (r#"{"alg":""}"#.to_owned(), JwsError::Algorithm),
        (r#"{"alg":"HS256"}"#.to_owned(), JwsError::Algorithm),
        (r#"{"alg":"es256"}"#.to_owned(), JwsError::Algorithm),
        (r#"{"alg":"ES384"}"#.to_owned(), JwsError::Algorithm),
        (r#"{"alg":"RS256"}"#.to_owned(), JwsError::UnknownKey),
        (r#"{"alg":"ES256","kid":"../../dev/null"}"#.to_owned(), JwsError::UnknownKey),
        (r#"{"alg":"ES256","kid":"' OR 1=1 --"}"#.to_owned(), JwsError::UnknownKey),
        (r#"{"alg":"ES256","typ":"logout+jwt"}"#.to_owned(), JwsError::Type),
    ];
    for (header, error) in rows {
        assert_eq!(check(&pen.sign(&header, "{}"), &pen.keys()), Err(error), "{header}");
    }
    for header in [r#"{"alg":"ES256"}"#, r#"{"alg":"ES256","typ":"jwt"}"#, r#"{"alg":"ES256","x5t":"AA","cty":"x"}"#] {
        assert_eq!(check(&pen.sign(header, "{}"), &pen.keys()), Ok(json!({})), "{header}");
    }
}

#[test]
fn o25_a_payload_that_names_a_member_twice_is_refused() {
    let pen = Pen::new(1);
    for payload in [r#"{"sub":"a","sub":"b"}"#, r#"{"x":[{"a":1,"a":1}]}"#, "{", "", "{}{}"] {
        let token = pen.sign(r#"{"alg":"ES256"}"#, payload);
        assert_eq!(check(&token, &pen.keys()), Err(JwsError::Payload), "{payload}");
    }
}

#[test]
fn o24_the_key_is_the_expected_one_and_no_other() {
    let (ours, other) = (Pen::new(1), Pen::new(2));
    let named = |pen: &Pen, kid: &str| {
        let mut jwk = pen.jwk();
        jwk["kid"] = kid.into();
        jwk
    };
    let both = set(&[named(&ours, "ours"), named(&other, "other")]);
    let by_kid = |kid: &str| ours.sign(&format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#), "{}");
    assert_eq!(check(&by_kid("ours"), &both), Ok(json!({})));
    assert_eq!(check(&by_kid("other"), &both), Err(JwsError::Signature));
    assert_eq!(check(&by_kid("Ours"), &both), Err(JwsError::UnknownKey));
    let nameless = ours.sign(r#"{"alg":"ES256"}"#, "{}");
    assert_eq!(check(&nameless, &both), Err(JwsError::UnknownKey), "which of two would be a guess");
    assert_eq!(check(&nameless, &other.keys()), Err(JwsError::Signature));
    assert_eq!(check(&nameless, &JwkSet::default()), Err(JwsError::UnknownKey));
}

#[test]
fn a_type_is_compared_as_a_media_type() {
    let pen = Pen::new(1);
    let keys = pen.keys();
    let expected = Expected { typ: TokenType::Stated("logout+jwt"), algorithms: &Algorithm::ALL, keys: &keys };
    for (header, admitted) in [
        (r#"{"alg":"ES256","typ":"logout+jwt"}"#, true),
        (r#"{"alg":"ES256","typ":"Logout+JWT"}"#, true),
        (r#"{"alg":"ES256","typ":"application/logout+jwt"}"#, true),
        (r#"{"alg":"ES256","typ":"application/x/logout+jwt"}"#, false),
        (r#"{"alg":"ES256","typ":"text/logout+jwt"}"#, false),
        (r#"{"alg":"ES256","typ":"JWT"}"#, false),
        (r#"{"alg":"ES256"}"#, false),
    ] {
        assert_eq!(verify(&pen.sign(header, "{}"), &expected).is_ok(), admitted, "{header}");
    }
}

fn signed_part(token: &str) -> (&[u8], Vec<u8>) {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    (signed.as_bytes(), BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap())
}

fn member(key: &SigningKey, name: &str) -> Vec<u8> {
    let jwk = serde_json::to_value(key.public_jwk()).unwrap();
    BASE64URL_NOPAD.decode(jwk[name].as_str().unwrap().as_bytes()).unwrap()
}

#[test]
fn others_accept_what_we_sign_with_es256() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let point = [vec![4], member(&key, "x"), member(&key, "y")].concat();
    let verifier = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap();
    let token = key.sign("JWT", &json!({"sub": "a"})).unwrap();
    let (signed, signature) = signed_part(&token);
    verifier.verify(signed, &p256::ecdsa::Signature::from_slice(&signature).unwrap()).unwrap();
}

#[test]
fn others_accept_what_we_sign_with_rsa() {
    use rsa::signature::Verifier as _;
    use rsa::{BigUint, RsaPublicKey, pkcs1v15, pss, sha2::Sha256};
    for algorithm in [Algorithm::Rs256, Algorithm::Ps256] {
        let key = SigningKey::generate(algorithm).unwrap();
        let [n, e] = ["n", "e"].map(|name| BigUint::from_bytes_be(&member(&key, name)));
        let public = RsaPublicKey::new(n, e).unwrap();
        let token = key.sign("JWT", &json!({"sub": "a"})).unwrap();
        let (signed, signature) = signed_part(&token);
        if algorithm == Algorithm::Rs256 {
            let verifier = pkcs1v15::VerifyingKey::<Sha256>::new(public);
            verifier.verify(signed, &signature.as_slice().try_into().unwrap()).unwrap();
        } else {
            let verifier = pss::VerifyingKey::<Sha256>::new(public);
            verifier.verify(signed, &signature.as_slice().try_into().unwrap()).unwrap();
        }
    }
}

#[test]
fn a_key_survives_its_pkcs8_form_and_fits_no_other_algorithm() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::generate(algorithm).unwrap();
        let stored = key.to_pkcs8().unwrap();
        let again = SigningKey::from_pkcs8(algorithm, &stored).unwrap();
        assert_eq!((again.kid(), again.algorithm()), (key.kid(), algorithm));
        let keys = JwkSet::new(vec![key.public_jwk()]).unwrap();
        assert_eq!(check(&again.sign("JWT", &json!({"a": 1})).unwrap(), &keys), Ok(json!({"a": 1})));
        let other_type = if algorithm == Algorithm::Es256 { Algorithm::Rs256 } else { Algorithm::Es256 };
        assert!(SigningKey::from_pkcs8(other_type, &stored).is_err());
        assert!(SigningKey::from_pkcs8(algorithm, &stored[..stored.len() - 1]).is_err());
        assert!(SigningKey::from_pkcs8(algorithm, &[]).is_err());
    }
}

#[test]
fn a_token_says_its_algorithm_key_and_type() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let token = key.sign("logout+jwt", &json!({})).unwrap();
    let header = BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header, json!({"alg": "ES256", "kid": key.kid(), "typ": "logout+jwt"}));
    assert_eq!(key.kid(), key.public_jwk().thumbprint());
}

#[test]
fn a_key_prints_nothing_private() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let printed = format!("{key:?}");
    let pkcs8 = key.to_pkcs8().unwrap();
    assert!(printed.contains(key.kid()) && printed.len() < 200, "{printed}");
    for window in pkcs8.windows(8) {
        assert!(!printed.contains(&format!("{window:?}")[1..20]), "{printed}");
    }
}

proptest! {
    #[test]
    fn a_token_with_any_bit_flipped_is_refused(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let pen = Pen::new(1);
        let token = pen.sign(r#"{"alg":"ES256","typ":"JWT"}"#, r#"{"sub":"a","exp":1300819380}"#);
        let mut bytes = token.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(flipped) = String::from_utf8(bytes) {
            prop_assert!(check(&flipped, &pen.keys()).is_err(), "{}", flipped);
        }
    }

    #[test]
    fn no_text_is_a_token(text in "[A-Za-z0-9_.=-]{0,400}") {
        prop_assert!(check(&text, &Pen::new(1).keys()).is_err());
    }

    #[test]
    fn what_we_sign_we_read(text in any::<String>(), number in any::<i64>()) {
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let payload = json!({"text": text, "number": number});
        let token = key.sign("JWT", &payload).unwrap();
        let keys = JwkSet::new(vec![key.public_jwk()]).unwrap();
        prop_assert_eq!(check(&token, &keys), Ok(payload));
    }
}
