//! Every algorithm of the closed list, on good and on tampered octets.

use std::sync::LazyLock;

use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use xmlsec::{
    Document, KeyError, KeyType, Limits, SignatureAlgorithm, SignatureError, SigningKey, VerifyingKey, verify_detached,
};

use crate::party::{assertion_halves, response, verify_by};

/// A key for each algorithm.
pub(crate) static KEYS: LazyLock<Vec<SigningKey>> = LazyLock::new(|| {
    let rsa = SigningKey::generate(KeyType::Rsa2048).unwrap().to_pkcs8_der().unwrap();
    let p256 = SigningKey::generate(KeyType::P256).unwrap().to_pkcs8_der().unwrap();
    let p384 = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap().to_pkcs8v1().unwrap();
    let of = |algorithm| {
        let pkcs8: &[u8] = match algorithm {
            SignatureAlgorithm::EcdsaSha256 => &p256,
            SignatureAlgorithm::EcdsaSha384 => p384.as_ref(),
            SignatureAlgorithm::RsaSha256
            | SignatureAlgorithm::RsaSha384
            | SignatureAlgorithm::RsaSha512
            | SignatureAlgorithm::RsaPssSha256 => &rsa,
        };
        SigningKey::from_pkcs8_der(algorithm, pkcs8).unwrap()
    };
    SignatureAlgorithm::ALL.into_iter().map(of).collect()
});

#[test]
fn each_signs_and_none_is_taken_for_another() {
    for key in KEYS.iter() {
        let (before, after) = assertion_halves("_a", "kovacs.peter");
        let canonical = format!("{before}{after}");
        let signature = key.enveloped("_a", canonical.as_bytes(), None).unwrap();
        let signed = response(&format!("{before}{signature}{after}"));
        let document = Document::parse(signed.as_bytes(), &Limits::MESSAGE).unwrap();
        let verified = verify_by(key, &document, document.root().last_element_child().unwrap()).unwrap();
        assert_eq!((verified.octets, verified.algorithm, verified.key_index), (canonical, key.algorithm(), 0));
        for (from, to, code) in [
            ("kovacs", "kovács", "digest"),
            (
                " Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Canon",
                " Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"> </ds:Canon",
                "sig-key",
            ),
        ] {
            let tampered = signed.replace(from, to);
            let document = Document::parse(tampered.as_bytes(), &Limits::MESSAGE).unwrap();
            let element = document.root().last_element_child().unwrap();
            assert_eq!(verify_by(key, &document, element), Err(code), "{:?}", key.algorithm());
        }
        for other in SignatureAlgorithm::ALL.into_iter().filter(|other| *other != key.algorithm()) {
            let renamed = signed.replace(key.algorithm().uri(), other.uri());
            let document = Document::parse(renamed.as_bytes(), &Limits::MESSAGE).unwrap();
            let element = document.root().last_element_child().unwrap();
            assert_eq!(verify_by(key, &document, element), Err("sig-key"), "{:?} as {other:?}", key.algorithm());
        }
    }
}

#[test]
fn detached_signatures_are_of_the_very_octets() {
    let octets = b"SAMLRequest=fZ%2bB&RelayState=x&SigAlg=y";
    let keys: Vec<VerifyingKey> = KEYS.iter().map(|key| key.verifying_key().clone()).collect();
    for key in KEYS.iter() {
        let algorithm = key.algorithm();
        let mut signature = key.sign_detached(octets).unwrap();
        let by = |octets: &[u8], signature: &[u8]| verify_detached(algorithm, &keys, octets, signature);
        let index = by(octets, &signature).unwrap();
        assert!(keys[index] == *key.verifying_key());
        for other in
            [&b"SAMLRequest=fZ%2BB&RelayState=x&SigAlg=y"[..], b"RelayState=x&SAMLRequest=fZ%2bB&SigAlg=y", b""]
        {
            assert_eq!(by(other, &signature), Err(SignatureError::Key));
        }
        assert_eq!(by(octets, &signature[1..]), Err(SignatureError::Key));
        assert_eq!(by(octets, &[]), Err(SignatureError::Key));
        assert_eq!(verify_detached(algorithm, &[], octets, &signature), Err(SignatureError::Key));
        let last = signature.len() - 1;
        signature[last] ^= 1;
        assert_eq!(by(octets, &signature), Err(SignatureError::Key), "{algorithm:?}");
    }
}

#[test]
fn zeros_are_no_ecdsa_signature() {
    for key in KEYS
        .iter()
        .filter(|key| matches!(key.algorithm(), SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::EcdsaSha384))
    {
        let length = key.sign_detached(b"").unwrap().len();
        let keys = [key.verifying_key().clone()];
        assert_eq!(verify_detached(key.algorithm(), &keys, b"", &vec![0; length]), Err(SignatureError::Key));
    }
}

#[test]
fn private_keys_are_kept_and_fit_their_algorithms_only() {
    for key in KEYS.iter() {
        let pkcs8 = key.to_pkcs8_der().unwrap();
        let again = SigningKey::from_pkcs8_der(key.algorithm(), &pkcs8).unwrap();
        assert!(again.verifying_key() == key.verifying_key());
        for algorithm in SignatureAlgorithm::ALL {
            let fits = key.verifying_key().allows(algorithm);
            assert_eq!(SigningKey::from_pkcs8_der(algorithm, &pkcs8).is_ok(), fits, "{algorithm:?}");
        }
        assert!(SigningKey::from_pkcs8_der(key.algorithm(), &pkcs8[1..]).is_err());
        assert!(!format!("{key:?}").contains("private"));
    }
}

/// `SubjectPublicKeyInfo` of an RSA key with these numbers.
fn rsa_spki(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let value = |tag: u8, content: &[u8]| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        match length {
            [0, short @ 0..=0x7f] => [&[tag, short], content].concat(),
            [0, long] => [&[tag, 0x81, long], content].concat(),
            [high, low] => [&[tag, 0x82, high, low], content].concat(),
        }
    };
    let integer = |octets: &[u8]| value(2, &[&[0][..usize::from(octets[0] >> 7)], octets].concat());
    let key = value(0x30, &[integer(modulus), integer(exponent)].concat());
    let name = [0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    value(0x30, &[&name[..], &value(3, &[&[0], key.as_slice()].concat())].concat())
}

#[test]
fn weak_and_foreign_keys_are_refused() {
    let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = aws_lc_rs::signature::KeyPair::public_key(&pair);
    let modulus = public.modulus().big_endian_without_leading_zero().to_vec();
    let parse = |modulus: &[u8], exponent: &[u8]| VerifyingKey::from_spki_der(&rsa_spki(modulus, exponent)).map(drop);
    assert_eq!(parse(&modulus, &[1, 0, 1]), Ok(()));
    let mut even = modulus.clone();
    even[255] &= 0xfe;
    let mut short = modulus.clone();
    short[0] = 0x7f;
    for (modulus, exponent) in [
        (&modulus[..128], &[1, 0, 1][..]),
        (&modulus[..255], &[1, 0, 1]),
        (&short, &[1, 0, 1]),
        (&even, &[1, 0, 1]),
        (&modulus.repeat(5), &[1, 0, 1]),
        (&modulus, &[3]),
        (&modulus, &[1]),
        (&modulus, &[1, 0, 0]),
        (&modulus, &[1, 0, 0, 0, 1]),
    ] {
        assert_eq!(parse(modulus, exponent), Err(KeyError::Weak), "{} {exponent:?}", modulus.len());
    }
    let p256 = SigningKey::generate(KeyType::P256).unwrap();
    let good = p256.verifying_key().spki_der();
    let mut off_curve = good.to_vec();
    let last = off_curve.len() - 1;
    off_curve[last] ^= 1;
    let mut other_curve = good.to_vec();
    // secp256k1, which has the identifier 1.3.132.0.10.
    other_curve.splice(13..23, [6, 5, 0x2b, 0x81, 4, 0, 10]);
    other_curve[1] -= 3;
    other_curve[3] -= 3;
    assert_eq!(VerifyingKey::from_spki_der(&off_curve), Err(KeyError::Foreign));
    assert_eq!(VerifyingKey::from_spki_der(&other_curve), Err(KeyError::Foreign));
    assert_eq!(VerifyingKey::from_spki_der(&good[..good.len() - 1]), Err(KeyError::Form));
    assert_eq!(VerifyingKey::from_spki_der(&[good, &[0]].concat()), Err(KeyError::Form));
    assert_eq!(VerifyingKey::from_spki_der(b""), Err(KeyError::Form));
}
