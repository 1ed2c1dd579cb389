//! Client assertions that prove a client, and those that do not.

use data_encoding::BASE64URL_NOPAD;
use jose::{JwkSet, SigningKey};
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_737_000_000;
const ISSUER: &str = "https://kau.example";
const TOKEN_ENDPOINT: &str = "https://kau.example/token";

struct Client {
    key: SigningKey,
    keys: JwkSet,
}

impl Client {
    fn new() -> Self {
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        Self { keys: JwkSet::new(vec![key.public_jwk()]).unwrap(), key }
    }

    fn verify(&self, assertion: &str) -> Result<ClientAssertion, AssertionError> {
        let audiences = [ISSUER, TOKEN_ENDPOINT];
        let algorithms = &Algorithm::ALL;
        let expected =
            AssertionExpectation { client_id: "rp", keys: &self.keys, algorithms, audiences: &audiences, now: NOW };
        ClientAssertion::verify(assertion, &expected)
    }

    fn sign(&self, claims: &Value) -> String {
        self.key.sign("JWT", claims).unwrap()
    }
}

fn claims() -> Value {
    json!({"iss": "rp", "sub": "rp", "aud": ISSUER, "jti": "j1", "exp": NOW + 60, "iat": NOW})
}

fn with(member: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[member] = value;
    claims
}

fn without(member: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(member);
    claims
}

#[test]
fn good_assertions_are_accepted() {
    let client = Client::new();
    for good in [
        claims(),
        with("aud", json!([ISSUER])),
        with("aud", json!(TOKEN_ENDPOINT)),
        with("exp", json!(NOW + 1)),
        with("exp", json!(NOW + 3600)),
        with("iat", json!(NOW + 60)),
        with("nbf", json!(NOW + 8)),
        with("iat", json!(NOW - 86_400)),
        without("iat"),
        with("jti", json!("j".repeat(256))),
    ] {
        let accepted = client.verify(&client.sign(&good)).unwrap_or_else(|error| panic!("{error}: {good}"));
        assert_eq!((json!(accepted.jti), json!(accepted.exp)), (good["jti"].clone(), good["exp"].clone()));
    }
    let fraction = with("exp", json!(60.5 + f64::from(i32::try_from(NOW).unwrap())));
    assert_eq!(client.verify(&client.sign(&fraction)).unwrap().exp, NOW + 60);
}

#[test]
fn o19_assertions_about_another_for_another_or_out_of_time_are_refused() {
    let client = Client::new();
    let token = AssertionError::Token(JwsError::Payload);
    for (claims, error) in [
        (with("iss", json!("other")), AssertionError::Client),
        (with("sub", json!("other")), AssertionError::Client),
        (with("sub", json!("RP")), AssertionError::Client),
        (without("sub"), token),
        (without("iss"), token),
        (with("aud", json!([TOKEN_ENDPOINT, ISSUER])), AssertionError::Audience),
        (with("aud", json!([ISSUER, ISSUER])), AssertionError::Audience),
        (with("aud", json!([])), AssertionError::Audience),
        (with("aud", json!("https://kau.example/")), AssertionError::Audience),
        (with("aud", json!("https://other.example")), AssertionError::Audience),
        (without("aud"), token),
        (with("exp", json!(NOW - 300)), AssertionError::Expired),
        (with("exp", json!(NOW)), AssertionError::Expired),
        (with("exp", json!(NOW + 3601)), AssertionError::LongLived),
        (with("exp", json!("soon")), token),
        (with("exp", json!(1e300)), token),
        (without("exp"), token),
        (with("iat", json!(NOW + 61)), AssertionError::Early),
        (with("nbf", json!(NOW + 61)), AssertionError::Early),
        (without("jti"), token),
        (with("jti", json!("")), AssertionError::Identifier),
        (with("jti", json!("j".repeat(257))), AssertionError::Identifier),
    ] {
        assert_eq!(client.verify(&client.sign(&claims)), Err(error), "{claims}");
    }
}

#[test]
fn o19_assertions_without_the_client_s_own_signature_are_refused() {
    let (client, other) = (Client::new(), Client::new());
    let refused = |assertion: &str, error| assert_eq!(client.verify(assertion), Err(AssertionError::Token(error)));
    refused(&other.sign(&claims()), JwsError::UnknownKey);

    let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let unsigned = |header: &str| format!("{}.{}.", part(header), part(&claims().to_string()));
    refused(&unsigned(r#"{"alg":"none"}"#), JwsError::Algorithm);
    // The public key as the secret of an HMAC: the algorithm has no name here, whatever the signature.
    let hmac = format!("{}{}", unsigned(r#"{"alg":"HS256"}"#), part("whatever"));
    refused(&hmac, JwsError::Algorithm);

    let signed = client.sign(&claims());
    let (body, signature) = signed.rsplit_once('.').unwrap();
    let mut bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    bytes[10] ^= 1;
    refused(&format!("{body}.{}", BASE64URL_NOPAD.encode(&bytes)), JwsError::Signature);
    refused(&client.key.sign("logout+jwt", &claims()).unwrap(), JwsError::Type);
}

#[test]
fn o19_an_algorithm_that_is_not_registered_is_refused() {
    let client = Client::new();
    let expected = AssertionExpectation {
        client_id: "rp",
        keys: &client.keys,
        algorithms: &[Algorithm::Ps256],
        audiences: &[ISSUER],
        now: NOW,
    };
    let refused = ClientAssertion::verify(&client.sign(&claims()), &expected);
    assert_eq!(refused, Err(AssertionError::Token(JwsError::Algorithm)));
}
