//! Tokens that bring certificates along: who reads them, and who refuses them.

use jose::{
    Algorithm, CERTIFICATE_BYTES_MAX, CHAIN_CERTIFICATES_MAX, ChainError, Expected, ExpectedChain, JwkSet, JwsError,
    SigningKey, TokenType, verify, verify_by_chain, verify_by_key,
};
use serde_json::{Value, json};

const EXPECTED: ExpectedChain<'_> =
    ExpectedChain { typ: TokenType::Stated("a+jwt"), algorithms: &[Algorithm::Es256], bytes_max: 64 * 1024 };

fn key() -> SigningKey {
    SigningKey::generate(Algorithm::Es256).unwrap()
}

fn read(token: &str, key: &SigningKey, expected: &ExpectedChain<'_>) -> Result<Value, ChainError<&'static str>> {
    let verified =
        verify_by_chain(
            token,
            expected,
            |chain| {
                if chain[0] == b"good" { Ok(key.public_jwk()) } else { Err("unknown") }
            },
        )?;
    verified.json().map_err(ChainError::Token)
}

#[test]
fn the_caller_judges_the_chain_and_gives_the_key() {
    let key = key();
    let payload = json!({"a": 1});
    let token = |chain: &[Vec<u8>]| key.sign_with_chain("a+jwt", chain, &payload).unwrap();
    let good = token(&[b"good".to_vec(), b"authority".to_vec()]);
    assert_eq!(read(&good, &key, &EXPECTED), Ok(payload.clone()));
    assert_eq!(read(&good, &self::key(), &EXPECTED), Err(ChainError::Token(JwsError::Signature)));
    let token_of = |chain: &[Vec<u8>]| read(&token(chain), &key, &EXPECTED);
    assert_eq!(token_of(&[b"other".to_vec()]), Err(ChainError::Chain("unknown")));
    for bad in [vec![], vec![b"good".to_vec(); CHAIN_CERTIFICATES_MAX + 1], vec![vec![0; CERTIFICATE_BYTES_MAX + 1]]] {
        assert_eq!(token_of(&bad), Err(ChainError::Token(JwsError::Header)));
    }
    let bare = key.sign("a+jwt", &payload).unwrap();
    assert_eq!(read(&bare, &key, &EXPECTED), Err(ChainError::Token(JwsError::Header)));
    let short = ExpectedChain { bytes_max: good.len() - 1, ..EXPECTED };
    assert_eq!(read(&good, &key, &short), Err(ChainError::Token(JwsError::TooLong)));
    let rsa = ExpectedChain { algorithms: &[Algorithm::Ps256], ..EXPECTED };
    assert_eq!(read(&good, &key, &rsa), Err(ChainError::Token(JwsError::Algorithm)));
    let typed = ExpectedChain { typ: TokenType::Stated("JWT"), ..EXPECTED };
    assert_eq!(read(&good, &key, &typed), Err(ChainError::Token(JwsError::Type)));
}

#[test]
fn whoever_expects_no_chain_refuses_it() {
    let key = key();
    let keys = JwkSet::new(vec![key.public_jwk()]).unwrap();
    let token = key.sign_with_chain("a+jwt", &[b"good".to_vec()], &json!({})).unwrap();
    let typ = TokenType::Stated("a+jwt");
    assert_eq!(
        verify(&token, &Expected { typ, algorithms: &Algorithm::ALL, keys: &keys }),
        Err(JwsError::RefusedMember)
    );
    let by_key = verify_by_key(&token, typ, &Algorithm::ALL, &key.public_jwk());
    assert_eq!(by_key, Err(JwsError::RefusedMember));
}

#[test]
fn a_known_key_checks_whatever_the_token_calls_it() {
    let key = key();
    let token = key.sign("a+jwt", &json!({})).unwrap();
    let jwk = serde_json::to_value(key.public_jwk()).unwrap();
    let nameless = json!({"kty": "EC", "crv": "P-256", "x": jwk["x"], "y": jwk["y"], "kid": "another name"});
    let nameless = jose::Jwk::parse(nameless.to_string().as_bytes()).unwrap();
    let typ = TokenType::Stated("a+jwt");
    assert!(verify_by_key(&token, typ, &[Algorithm::Es256], &nameless).is_ok());
    assert_eq!(verify_by_key(&token, typ, &[Algorithm::Ps256], &nameless), Err(JwsError::Algorithm));
    let other = self::key().public_jwk();
    assert_eq!(verify_by_key(&token, typ, &[Algorithm::Es256], &other), Err(JwsError::Signature));
}
