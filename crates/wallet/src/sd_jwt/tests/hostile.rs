//! What an attacker, or a careless issuer, would have us believe.

use data_encoding::BASE64URL_NOPAD;
use jose::{Algorithm, JwsError};
use serde_json::{Value, json};

use super::super::disclosure::digest_of;
use super::*;

fn disclosure(parts: &Value) -> String {
    BASE64URL_NOPAD.encode(parts.to_string().as_bytes())
}

#[test]
fn v04_a_disclosure_that_has_no_one_place_is_refused() {
    let world = World::new();
    let name = disclosure(&json!(["salt", "family_name", "Minta"]));
    let item = disclosure(&json!(["salt", "HU"]));
    let digest = digest_of(&name);
    let base = json!({"vct": VCT, "cnf": world.cnf()});
    let refused = |members: Value, disclosures: &[&str]| {
        let mut payload = base.clone();
        payload.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        world.verify(&world.forged(&payload, disclosures), &[]).err()
    };
    let good = json!({"_sd": [digest]});
    assert_eq!(refused(good.clone(), &[&name]), None);
    assert_eq!(refused(good.clone(), &[]), None);
    let rows: Vec<(&str, Value, Vec<&str>, SdJwtFault)> = vec![
        ("not referenced", json!({}), vec![&name], SdJwtFault::Unreferenced),
        ("twice", good.clone(), vec![&name, &name], SdJwtFault::Duplicate),
        ("digest twice", json!({"_sd": [digest, digest]}), vec![&name], SdJwtFault::Duplicate),
        ("decoy twice", json!({"_sd": ["x", "x"]}), vec![], SdJwtFault::Duplicate),
        ("digest in two objects", json!({"_sd": [digest], "a": {"_sd": [digest]}}), vec![&name], SdJwtFault::Duplicate),
        ("name is there", json!({"_sd": [digest], "family_name": "Other"}), vec![&name], SdJwtFault::ReservedName),
        ("item as a member", json!({"_sd": [digest_of(&item)]}), vec![&item], SdJwtFault::Disclosure),
        ("member as an item", json!({"a": [{"...": digest}]}), vec![&name], SdJwtFault::Disclosure),
        ("digest is no text", json!({"_sd": [1]}), vec![], SdJwtFault::Digest),
        ("digests are no list", json!({"_sd": "a"}), vec![], SdJwtFault::Digest),
        ("an item beside its digest", json!({"a": [{"...": "b", "c": 1}]}), vec![], SdJwtFault::Digest),
        ("dots in an object", json!({"a": {"...": "b"}}), vec![], SdJwtFault::ReservedName),
        ("weak hash", json!({"_sd": [digest], "_sd_alg": "sha-1"}), vec![&name], SdJwtFault::HashAlgorithm),
        ("hash is no text", json!({"_sd_alg": 1}), vec![], SdJwtFault::HashAlgorithm),
    ];
    for (what, members, disclosures, fault) in rows {
        assert_eq!(refused(members, &disclosures), Some(fault), "{what}");
    }
}

#[test]
fn v04_a_disclosure_of_a_reserved_claim_is_refused() {
    let world = World::new();
    for name in ["_sd", "...", "_sd_alg", "cnf", "iss", "vct", "vct#integrity", "exp", "nbf", "status"] {
        let text = disclosure(&json!(["salt", name, 1]));
        let payload = json!({"vct": VCT, "cnf": world.cnf(), "_sd": [digest_of(&text)]});
        let fault = world.verify(&world.forged(&payload, &[&text]), &[]).err();
        assert_eq!(fault, Some(SdJwtFault::ReservedName), "{name}");
    }
    // Such a name is an ordinary one inside of another claim.
    let text = disclosure(&json!(["salt", "status", "married"]));
    let payload = json!({"vct": VCT, "cnf": world.cnf(), "family": {"_sd": [digest_of(&text)]}});
    assert!(world.verify(&world.forged(&payload, &[&text]), &[]).is_ok());
}

#[test]
fn v04_a_malformed_disclosure_is_refused() {
    let world = World::new();
    for text in [
        "",
        "!",
        "YQ==",
        "YQ",
        &disclosure(&json!([])),
        &disclosure(&json!(["salt"])),
        &disclosure(&json!({})),
        &disclosure(&json!(["a", "b", 1, 2])),
        &disclosure(&json!([1, "b", 1])),
        &disclosure(&json!(["a", 2, 1])),
        &disclosure(&json!([null, 1])),
        &BASE64URL_NOPAD.encode(br#"["salt","a",{"b":1,"b":2}]"#),
        &BASE64URL_NOPAD.encode("[".repeat(10_000).as_bytes()),
    ] {
        let digests: Vec<String> = vec![digest_of(text)];
        let payload = json!({"vct": VCT, "cnf": world.cnf(), "_sd": digests});
        let fault = world.verify(&world.forged(&payload, &[text]), &[]).err();
        assert_eq!(fault, Some(SdJwtFault::Disclosure), "{text:.40}");
    }
}

#[test]
fn v04_oid4vp_1final_verifier_invalid_sd_hash() {
    let world = World::new();
    let shown = world.show(&[json!(["family_name"]), json!(["given_name"])]);
    let parts: Vec<&str> = shown.split('~').collect();
    let [issuer, first, second, bound] = parts[..] else { panic!("two disclosures") };
    let hash = Some(SdJwtFault::KeyBinding(KeyBindingFault::Hash));
    for changed in
        [format!("{issuer}~{first}~{bound}"), format!("{issuer}~{second}~{first}~{bound}"), format!("{issuer}~{bound}")]
    {
        assert_eq!(world.verify(&changed, &[]).err(), hash);
    }
}

/// A holder's token that says anything.
fn bound_with(world: &World, change: impl FnOnce(&mut Value), typ: &str, key: &SigningKey) -> Option<SdJwtFault> {
    let shown = world.show(&[json!(["family_name"])]);
    let presented = &shown[..=shown.rfind('~').unwrap()];
    let mut claims = json!({
        "iat": NOW, "aud": AUDIENCE, "nonce": binding().nonce, "sd_hash": digest_of(presented),
    });
    change(&mut claims);
    let token = key.sign(typ, &claims).unwrap();
    world.verify(&format!("{presented}{token}"), &[]).err()
}

#[test]
fn v01_oid4vp_1final_verifier_invalid_kb_jwt_aud() {
    let world = World::new();
    let with = |aud: Value| bound_with(&world, |claims| claims["aud"] = aud, "kb+jwt", &world.holder);
    assert_eq!(with(json!(AUDIENCE)), None);
    for other in ["x509_hash:other", "verifier", "", "x509_hash:verifier/"] {
        assert_eq!(with(json!(other)), Some(SdJwtFault::KeyBinding(KeyBindingFault::Audience)), "{other}");
    }
    for malformed in [json!([AUDIENCE]), json!(null)] {
        assert_eq!(with(malformed), Some(SdJwtFault::KeyBinding(KeyBindingFault::Token(JwsError::Payload))));
    }
}

#[test]
fn v02_oid4vp_1final_verifier_invalid_kb_jwt_nonce() {
    let world = World::new();
    let with = |nonce: Value| bound_with(&world, |claims| claims["nonce"] = nonce, "kb+jwt", &world.holder);
    for other in ["", "of another transaction", "n-0S6_WzA2Mj "] {
        assert_eq!(with(json!(other)), Some(SdJwtFault::KeyBinding(KeyBindingFault::Nonce)), "{other}");
    }
    assert_eq!(with(json!(null)), Some(SdJwtFault::KeyBinding(KeyBindingFault::Token(JwsError::Payload))));
}

#[test]
fn v03_oid4vp_1final_verifier_invalid_kb_jwt_signature() {
    let world = World::new();
    let fault = bound_with(&world, |_| {}, "kb+jwt", &holder());
    assert_eq!(fault, Some(SdJwtFault::KeyBinding(KeyBindingFault::Token(JwsError::Signature))));
    let shown = world.show(&[]);
    let presented = &shown[..=shown.rfind('~').unwrap()];
    assert_eq!(world.verify(presented, &[]).err(), Some(SdJwtFault::KeyBinding(KeyBindingFault::Missing)));
}

#[test]
fn v05_oid4vp_1final_verifier_kb_jwt_iat_in_past_and_in_future() {
    let world = World::new();
    let with = |iat: Value| bound_with(&world, |claims| claims["iat"] = iat, "kb+jwt", &world.holder);
    let time = Some(SdJwtFault::KeyBinding(KeyBindingFault::Time));
    for (iat, fault) in [
        (json!(NOW - 300), None),
        (json!(NOW - 301), time),
        (json!(NOW + 60), None),
        (json!(NOW + 61), time),
        (json!(1e300), time),
        (json!(-1e300), time),
        (json!(0), time),
    ] {
        assert_eq!(with(iat.clone()), fault, "{iat}");
    }
}

#[test]
fn v06_oid4vp_1final_verifier_invalid_credential_signature() {
    let world = World::new();
    let stranger = World { holder: holder(), ..World::new() };
    let shown = stranger.show(&[]);
    assert_eq!(world.verify(&shown, &[]).err(), Some(SdJwtFault::Chain(crate::trust::ChainFault::Unknown)));
    // The trusted issuer's certificate over another's signature.
    let token = stranger.issuer.key.sign_with_chain("dc+sd-jwt", &world.issuer.chain, &json!({"vct": VCT})).unwrap();
    let fault = world.verify(&world.bound(&format!("{token}~")), &[]).err();
    assert_eq!(fault, Some(SdJwtFault::Issuer(JwsError::Signature)));
}

#[test]
fn v08_another_type_or_algorithm_is_refused() {
    let world = World::new();
    let payload = json!({"vct": VCT, "cnf": world.cnf()});
    let issued = |typ: &str| {
        let token = world.issuer.key.sign_with_chain(typ, &world.issuer.chain, &payload).unwrap();
        world.verify(&world.bound(&format!("{token}~")), &[]).err()
    };
    assert_eq!(issued("dc+sd-jwt"), None);
    for typ in ["JWT", "vc+sd-jwt", "kb+jwt", "sd-jwt", ""] {
        assert_eq!(issued(typ), Some(SdJwtFault::Issuer(JwsError::Type)), "{typ}");
    }
    let with_header = |header: Value| {
        let [header, payload] =
            [header, payload.clone()].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
        world.verify(&world.bound(&format!("{header}.{payload}.AAAA~")), &[]).err()
    };
    for alg in ["none", "HS256", "RS256", "ES512", "es256"] {
        let fault = Some(SdJwtFault::Issuer(JwsError::Algorithm));
        assert_eq!(with_header(json!({"alg": alg, "typ": "dc+sd-jwt"})), fault, "{alg}");
    }
    assert_eq!(with_header(json!({"alg": "ES256"})), Some(SdJwtFault::Issuer(JwsError::Type)));
    for (typ, key) in [("JWT", &world.holder), ("", &world.holder), ("dc+sd-jwt", &world.holder)] {
        let fault = Some(SdJwtFault::KeyBinding(KeyBindingFault::Token(JwsError::Type)));
        assert_eq!(bound_with(&world, |_| {}, typ, key), fault, "{typ}");
    }
    let rsa = SigningKey::generate(Algorithm::Ps256).unwrap();
    let fault = Some(SdJwtFault::KeyBinding(KeyBindingFault::Token(JwsError::Algorithm)));
    assert_eq!(bound_with(&world, |_| {}, "kb+jwt", &rsa), fault);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let world = World::new();
    let payload = json!({"vct": VCT, "cnf": world.cnf()});
    let many: Vec<String> = (0..=DISCLOSURES_MAX).map(|at| disclosure(&json!(["s", at.to_string(), 1]))).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(world.verify(&world.forged(&payload, &many), &[]).err(), Some(SdJwtFault::TooMany));
    assert_eq!(world.verify(&"~".repeat(SD_JWT_BYTES_MAX), &[]).err(), Some(SdJwtFault::TooMany));
    for text in ["~".repeat(1024 * 1024), "a".repeat(SD_JWT_BYTES_MAX + 1)] {
        assert_eq!(world.verify(&text, &[]).err(), Some(SdJwtFault::TooLong));
    }
    assert_eq!(world.verify("a.b.c", &[]).err(), Some(SdJwtFault::Form));
    assert_eq!(world.verify("~a", &[]).err(), Some(SdJwtFault::Issuer(JwsError::Form)));
    let digests: Vec<String> = (0..=DIGESTS_MAX).map(|at| format!("{at}")).collect();
    let payload = json!({"vct": VCT, "cnf": world.cnf(), "_sd": digests});
    assert_eq!(world.verify(&world.forged(&payload, &[]), &[]).err(), Some(SdJwtFault::TooMany));
    // Each disclosure holds the digest of the next.
    let mut inner = disclosure(&json!(["s", "a", 1]));
    let mut chain = vec![inner.clone()];
    for _ in 0..DEPTH_MAX {
        inner = disclosure(&json!(["s", "a", {"_sd": [digest_of(&inner)]}]));
        chain.push(inner.clone());
    }
    let payload = json!({"vct": VCT, "cnf": world.cnf(), "_sd": [digest_of(&inner)]});
    let chain: Vec<&str> = chain.iter().map(String::as_str).collect();
    assert_eq!(world.verify(&world.forged(&payload, &chain), &[]).err(), Some(SdJwtFault::TooDeep));
    assert_eq!(world.verify(&world.forged(&payload, &chain[1..]), &[]).err(), None);
}
