//! What an attestation must say, alone and beside a proof.

use jose::{Algorithm, SigningKey};
use serde_json::{Value, json};

use super::super::{ProofExpected, ProofFault, verify_proof};
use super::*;
use crate::samples::{Authority, Certified, NOW, holder, signer_params};
use crate::trust::{Purpose, TrustList};

const ISSUER: &str = "https://dap.example";

/// The maker of a wallet.
struct Maker {
    certified: Certified,
    trusted: TrustList,
}

impl Maker {
    fn new() -> Self {
        let authority = Authority::new("Wallets");
        let mut params = signer_params("Maker");
        params.extended_key_usages = vec![];
        Self { certified: authority.certify(&params), trusted: authority.trusted() }
    }

    fn attest(&self, claims: &Value) -> String {
        self.certified.key.sign_with_chain(ATTESTATION_TYP, &self.certified.chain, claims).unwrap()
    }

    fn judge(&self) -> impl Fn(&[Vec<u8>]) -> Result<Signer, ChainFault> + '_ {
        |chain| self.trusted.check(chain, Purpose::Attestations, NOW)
    }

    fn verify(&self, token: &str, how: AttestationUse) -> Result<KeyAttestation, KeyAttestationFault> {
        verify_key_attestation(token, how, NOW, self.judge())
    }
}

fn claims(keys: &[&SigningKey]) -> Value {
    let keys: Vec<_> = keys.iter().map(|key| key.public_jwk()).collect();
    json!({
        "iat": NOW, "exp": NOW + 60, "nonce": "n", "attested_keys": keys,
        "key_storage": [HIGH], "user_authentication": [HIGH],
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims(&[&holder()]);
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims(&[&holder()]);
    claims.as_object_mut().unwrap().remove(name);
    claims
}

#[test]
fn what_an_attestation_must_say() {
    use AttestationUse::{Alone, WithProof};
    use KeyAttestationFault::{Claims, Keys, Nonce, Time, Token};
    let maker = Maker::new();
    let (key, rsa) = (holder(), SigningKey::generate(Algorithm::Rs256).unwrap());
    let public = |key: &SigningKey| serde_json::to_value(key.public_jwk()).unwrap();
    let mut private = public(&key);
    private["d"] = json!("AA");
    let mut for_encryption = public(&key);
    for_encryption["use"] = json!("enc");
    let many: Vec<Value> = (0..=ATTESTED_KEYS_MAX).map(|_| public(&holder())).collect();
    let listed = |uri: String| json!({"status_list": {"uri": uri, "idx": 3}});
    #[rustfmt::skip]
    let table = [
        (with("iss", json!("https://maker.example")),                   WithProof, Ok(())),
        (with("iat", json!(NOW + PROOF_AHEAD_MAX)),                     WithProof, Ok(())),
        (with("iat", json!(NOW + PROOF_AHEAD_MAX + 1)),                 WithProof, Err(Time)),
        (with("iat", json!(NOW - 1_000_000)),                           WithProof, Ok(())),
        (without("iat"),                                                WithProof, Err(Token(JwsError::Payload))),
        (with("exp", json!(NOW + 1)),                                   WithProof, Ok(())),
        (with("exp", json!(NOW)),                                       WithProof, Err(Time)),
        (with("exp", json!(NOW)),                                       Alone,     Err(Time)),
        (with("exp", json!("never")),                                   Alone,     Err(Token(JwsError::Payload))),
        (without("exp"),                                                WithProof, Err(Time)),
        (without("exp"),                                                Alone,     Ok(())),
        (without("nonce"),                                              Alone,     Err(Nonce)),
        (with("nonce", json!("")),                                      Alone,     Err(Nonce)),
        (with("nonce", json!("n".repeat(TEXT_BYTES_MAX + 1))),          Alone,     Err(Nonce)),
        (without("attested_keys"),                                      Alone,     Err(Token(JwsError::Payload))),
        (with("attested_keys", json!([])),                              Alone,     Err(Keys)),
        (with("attested_keys", json!(many)),                            Alone,     Err(Keys)),
        (with("attested_keys", json!([public(&key), public(&key)])),    Alone,     Err(Keys)),
        (with("attested_keys", json!([public(&key), public(&rsa)])),    Alone,     Err(Keys)),
        (with("attested_keys", json!([private])),                       Alone,     Err(Keys)),
        (with("attested_keys", json!([for_encryption])),                Alone,     Err(Keys)),
        (with("attested_keys", json!(["key"])),                         Alone,     Err(Token(JwsError::Payload))),
        (without("key_storage"),                                        Alone,     Ok(())),
        (with("key_storage", json!([])),                                Alone,     Err(Claims)),
        (with("key_storage", json!("iso_18045_high")),                  Alone,     Err(Token(JwsError::Payload))),
        (with("user_authentication", json!(vec!["x"; LEVELS_MAX + 1])), Alone,     Err(Claims)),
        (with("status", listed("https://maker.example/1".to_owned())),  Alone,     Ok(())),
        (with("status", listed("u".repeat(TEXT_BYTES_MAX + 1))),        Alone,     Err(Claims)),
        (with("status", json!({"crl": "https://maker.example"})),       Alone,     Err(Claims)),
    ];
    for (claims, how, expected) in table {
        assert_eq!(maker.verify(&maker.attest(&claims), how).map(drop), expected, "{how:?} {claims:.300}");
    }
}

#[test]
fn only_the_word_of_a_maker_who_is_trusted_counts() {
    use KeyAttestationFault::{Chain, Token};
    let (maker, stranger) = (Maker::new(), Maker::new());
    let claims = claims(&[&holder()]);
    let verify = |token: &str| maker.verify(token, AttestationUse::WithProof).map(drop);
    let good = maker.attest(&claims);
    assert_eq!(verify(&good), Ok(()));
    assert_eq!(verify(&stranger.attest(&claims)), Err(Chain(ChainFault::Unknown)));
    let key = &maker.certified.key;
    let typ = |typ: &str| key.sign_with_chain(typ, &maker.certified.chain, &claims).unwrap();
    for other in ["keyattestation+jwt", "openid4vci-proof+jwt", "JWT"] {
        assert_eq!(verify(&typ(other)), Err(Token(JwsError::Type)), "{other}");
    }
    assert_eq!(verify(&key.sign(ATTESTATION_TYP, &claims).unwrap()), Err(Token(JwsError::Header)), "no certificate");
    let own = key.sign_with_own_key(ATTESTATION_TYP, &claims).unwrap();
    assert_eq!(verify(&own), Err(Token(JwsError::RefusedMember)), "a bare key");
    let by_another = holder().sign_with_chain(ATTESTATION_TYP, &maker.certified.chain, &claims).unwrap();
    assert_eq!(verify(&by_another), Err(Token(JwsError::Signature)));
    assert_eq!(verify(""), Err(Token(JwsError::Form)));
    assert_eq!(verify(&"a".repeat(TOKEN_BYTES_MAX + 1)), Err(Token(JwsError::TooLong)));
}

#[test]
fn a_certificate_for_something_else_attests_nothing() {
    let authority = Authority::new("Wallets");
    let certified = authority.certify(&signer_params("Issuer of credentials"));
    let chain = certified.chain;
    assert_eq!(authority.trusted().check(&chain, Purpose::Attestations, NOW).map(drop), Err(ChainFault::Usage));
}

#[test]
fn high_is_what_is_high_altogether() {
    let maker = Maker::new();
    let level = |text: &str| format!("iso_18045_{text}");
    #[rustfmt::skip]
    let table = [
        (vec![level("high")],                                 vec![level("high")],                        true),
        (vec![level("high"), "https://a.example".to_owned()], vec![level("high")],                        true),
        (vec![level("high"), level("basic")],                 vec![level("high")],                        false),
        (vec![level("moderate")],                             vec![level("high")],                        false),
        (vec![level("high")],                                 vec![level("enhanced-basic")],              false),
        (vec![level("high")],                                 vec![level("high"), level("moderate")],     false),
        (vec![level("HIGH")],                                 vec![level("high")],                        false),
        (vec!["https://a.example/high".to_owned()],           vec![level("high")],                        false),
    ];
    for (key_storage, user_authentication, high) in table {
        let mut claims = claims(&[&holder()]);
        claims["key_storage"] = json!(key_storage);
        claims["user_authentication"] = json!(user_authentication);
        let attested = maker.verify(&maker.attest(&claims), AttestationUse::Alone).unwrap();
        assert_eq!(attested.resists_high(), high, "{claims}");
    }
    for silent in ["key_storage", "user_authentication"] {
        let attested = maker.verify(&maker.attest(&without(silent)), AttestationUse::Alone).unwrap();
        assert!(!attested.resists_high(), "nothing is said of {silent}");
    }
}

/// A proof by `holder` whose header has `more`.
#[expect(
    clippy::disallowed_methods,
    reason = "the library draws the nonce of a signature itself and takes this for form's sake"
)]
fn proof(holder: &SigningKey, more: &Value) -> String {
    let mut header = json!({"alg": "ES256", "typ": "openid4vci-proof+jwt"});
    header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let part = |value: &Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(&header), part(&json!({"aud": ISSUER, "iat": NOW, "nonce": "m"})));
    let pair = aws_lc_rs::signature::EcdsaKeyPair::from_pkcs8(
        &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        &holder.to_pkcs8().unwrap(),
    );
    let random = aws_lc_rs::rand::SystemRandom::new();
    let signature = pair.unwrap().sign(&random, signed.as_bytes()).unwrap();
    format!("{signed}.{}", data_encoding::BASE64URL_NOPAD.encode(signature.as_ref()))
}

#[test]
fn a_proof_is_of_a_key_that_is_attested() {
    use ProofFault::{Attestation, NotAttested, Token};
    let (maker, stranger) = (Maker::new(), Maker::new());
    let (one, two, other) = (holder(), holder(), holder());
    let attestation = maker.attest(&claims(&[&one, &two]));
    let foreign = stranger.attest(&claims(&[&one]));
    let lapsed = maker.attest(&with("exp", json!(NOW)));
    let jwk = |key: &SigningKey| serde_json::to_value(key.public_jwk()).unwrap();
    let verify = |token: &str| {
        let proof = verify_proof(token, &ProofExpected { issuer: ISSUER, now: NOW }, maker.judge());
        proof.map(|proof| (proof.holder.thumbprint(), proof.attestation.map(|attested| attested.keys.len())))
    };
    let of = |key: &SigningKey, attested| Ok((key.kid().to_owned(), attested));
    #[rustfmt::skip]
    let table = [
        (&one,   json!({"jwk": jwk(&one), "key_attestation": attestation}),        of(&one, Some(2))),
        (&two,   json!({"jwk": jwk(&two), "key_attestation": attestation}),        of(&two, Some(2))),
        (&two,   json!({"kid": "1", "key_attestation": attestation}),              of(&two, Some(2))),
        (&two,   json!({"kid": two.kid(), "key_attestation": attestation}),        of(&two, Some(2))),
        (&one,   json!({"jwk": jwk(&one)}),                                        of(&one, None)),
        (&one,   json!({"kid": "1", "key_attestation": attestation}),              Err(Token(JwsError::Signature))),
        (&one,   json!({"kid": "2", "key_attestation": attestation}),              Err(NotAttested)),
        (&one,   json!({"key_attestation": attestation}),                          Err(Token(JwsError::Header))),
        (&one,   json!({"kid": "0"}),                                              Err(Token(JwsError::RefusedMember))),
        (&one,   json!({"jwk": jwk(&one), "kid": "0", "key_attestation": attestation}), Err(Token(JwsError::RefusedMember))),
        (&other, json!({"jwk": jwk(&other), "key_attestation": attestation}),      Err(NotAttested)),
        (&other, json!({"jwk": jwk(&one), "key_attestation": attestation}),        Err(Token(JwsError::Signature))),
        (&one,   json!({"jwk": jwk(&one), "key_attestation": foreign}),            Err(Attestation(KeyAttestationFault::Chain(ChainFault::Unknown)))),
        (&one,   json!({"jwk": jwk(&one), "key_attestation": lapsed}),             Err(Attestation(KeyAttestationFault::Time))),
        (&one,   json!({"jwk": jwk(&one), "key_attestation": ""}),                 Err(Attestation(KeyAttestationFault::Token(JwsError::Form)))),
        (&one,   json!({"jwk": jwk(&one), "key_attestation": null}),               Err(Token(JwsError::Header))),
    ];
    for (key, header, expected) in table {
        assert_eq!(verify(&proof(key, &header)), expected, "{header:.200}");
    }
}
