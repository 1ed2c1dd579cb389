//! Logout tokens that are written, read and refused.

use serde_json::json;

use super::*;

const NOW: i64 = 1_737_000_000;
const ISSUER: &str = "https://kau.example";

struct Provider {
    key: SigningKey,
    keys: JwkSet,
}

impl Provider {
    fn new() -> Self {
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        Self { keys: JwkSet::new(vec![key.public_jwk()]).unwrap(), key }
    }

    fn verify(&self, token: &str) -> Result<LogoutToken, LogoutTokenError> {
        let algorithms = &[Algorithm::Es256];
        let expected =
            LogoutTokenExpectation { issuer: ISSUER, keys: &self.keys, algorithms, client_id: "rp", now: NOW };
        LogoutToken::verify(token, &expected)
    }
}

fn token() -> LogoutToken {
    LogoutToken {
        iss: ISSUER.into(),
        aud: "rp".into(),
        iat: NOW,
        exp: NOW + 120,
        jti: "j1".into(),
        sub: Some("pairwise".into()),
        sid: Some("s1d".into()),
    }
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "rp", "iat": NOW, "exp": NOW + 120, "jti": "j1", "sub": "pairwise", "events": {EVENT: {}}})
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
fn a_logout_token_is_read_back_by_the_client() {
    let provider = Provider::new();
    for token in [token(), LogoutToken { sid: None, ..token() }, LogoutToken { sub: None, ..token() }] {
        assert_eq!(provider.verify(&token.sign(&provider.key).unwrap()), Ok(token));
    }
}

#[test]
fn a_logout_token_has_the_form_of_the_standard() {
    let provider = Provider::new();
    let signed = LogoutToken { sid: None, ..token() }.sign(&provider.key).unwrap();
    let typ = TokenType::Stated("logout+jwt");
    let expected = Expected { typ, algorithms: &Algorithm::ALL, keys: &provider.keys };
    assert_eq!(jose::verify_json::<Value>(&signed, &expected).unwrap(), claims());
}

#[test]
fn o34_a_client_refuses_what_is_no_logout_token_for_it() {
    let provider = Provider::new();
    let payload = LogoutTokenError::Token(JwsError::Payload);
    for (claims, error) in [
        (with("iss", json!("https://kau.example/")), LogoutTokenError::Issuer),
        (with("aud", json!("other")), LogoutTokenError::Audience),
        (with("aud", json!(["rp", "other"])), LogoutTokenError::Audience),
        (with("exp", json!(NOW)), LogoutTokenError::Time),
        (with("iat", json!(NOW + 61)), LogoutTokenError::Time),
        (with("events", json!({})), LogoutTokenError::Event),
        (with("events", json!({"urn:other": {}})), LogoutTokenError::Event),
        (with("events", json!({EVENT: true})), LogoutTokenError::Event),
        (with("events", json!([EVENT])), payload),
        (with("nonce", json!("n")), LogoutTokenError::Nonce),
        (with("nonce", Value::Null), LogoutTokenError::Nonce),
        (without("sub"), LogoutTokenError::Subject),
        (without("events"), payload),
        (without("jti"), payload),
        (without("exp"), payload),
        (without("iat"), payload),
        (without("aud"), payload),
    ] {
        let signed = provider.key.sign(TYP, &claims).unwrap();
        assert_eq!(provider.verify(&signed), Err(error), "{claims}");
    }
    assert!(provider.verify(&provider.key.sign(TYP, &with("aud", json!(["rp"]))).unwrap()).is_ok());
}

#[test]
fn o34_a_client_refuses_another_type_algorithm_or_key() {
    let (provider, other) = (Provider::new(), Provider::new());
    let rsa = SigningKey::generate(Algorithm::Rs256).unwrap();
    for (signed, error) in [
        (provider.key.sign("JWT", &claims()).unwrap(), JwsError::Type),
        (provider.key.sign("at+jwt", &claims()).unwrap(), JwsError::Type),
        (other.key.sign(TYP, &claims()).unwrap(), JwsError::UnknownKey),
        (rsa.sign(TYP, &claims()).unwrap(), JwsError::Algorithm),
    ] {
        assert_eq!(provider.verify(&signed), Err(LogoutTokenError::Token(error)));
    }
}
