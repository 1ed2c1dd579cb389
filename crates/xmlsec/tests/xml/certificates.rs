//! Certificates: ours, and what others make of ours.

use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, KeyError, SignatureAlgorithm, SigningKey, VerifyingKey, verify_detached};

use crate::algorithms::KEYS;

const REQUEST: Request<'static> = Request {
    common_name: "kau.gov.example.hu – aláírás",
    not_before: 1_793_491_200,
    not_after: 2_524_608_000,
    serial: &[0x8f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
};

/// The certificate of a key.
pub(crate) fn of(key: &SigningKey) -> Vec<u8> {
    self_signed(key, &REQUEST).unwrap()
}

#[test]
fn a_certificate_carries_its_key() {
    for key in KEYS.iter() {
        let der = of(key);
        let certificate = Certificate::parse(&der).unwrap();
        assert_eq!(certificate.key(), key.verifying_key());
        assert_eq!((certificate.not_before(), certificate.not_after()), (REQUEST.not_before, REQUEST.not_after));
        assert!(!certificate.signed_with_sha1());
        assert_eq!(certificate.der(), der);
        assert_eq!(VerifyingKey::from_certificate_der(&der).as_ref(), Ok(key.verifying_key()));
        let is_rsa = key.verifying_key().allows(SignatureAlgorithm::RsaSha256);
        assert_eq!(certificate.encryption_key().is_ok(), is_rsa);
        // RSA's signature is the last value, over the first.
        if is_rsa {
            let (body, signature) = (&der[4..], &der[der.len() - 256..]);
            let length = 4 + usize::from(u16::from_be_bytes([body[2], body[3]]));
            let keys = [certificate.key().clone()];
            assert_eq!(verify_detached(SignatureAlgorithm::RsaSha256, &keys, &body[..length], signature), Ok(0));
        }
    }
}

#[test]
fn a_signature_with_sha1_is_noticed() {
    let der = of(&KEYS[0]);
    let sha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    let mut sha1 = der.clone();
    for at in 0..der.len() - sha256.len() {
        if der[at..].starts_with(&sha256) {
            sha1[at + 8] = 5;
        }
    }
    assert!(Certificate::parse(&sha1).unwrap().signed_with_sha1());
}

#[test]
fn what_is_no_certificate_is_refused() {
    let der = of(&KEYS[0]);
    for length in 0..der.len() {
        assert_eq!(Certificate::parse(&der[..length]), Err(KeyError::Form), "{length}");
    }
    assert_eq!(Certificate::parse(&[&der, &[0][..]].concat()), Err(KeyError::Form));
    assert_eq!(Certificate::parse(KEYS[0].verifying_key().spki_der()), Err(KeyError::Form));
}

#[test]
fn what_cannot_be_written_is_refused() {
    for request in [
        Request { common_name: "", ..REQUEST },
        Request { common_name: &"ő".repeat(65), ..REQUEST },
        Request { serial: &[], ..REQUEST },
        Request { serial: &[1; 21], ..REQUEST },
        Request { not_after: i64::MAX, ..REQUEST },
        Request { not_before: i64::MIN, ..REQUEST },
    ] {
        assert!(self_signed(&KEYS[0], &request).is_err(), "{request:?}");
    }
    assert!(self_signed(&KEYS[0], &Request { common_name: &"ő".repeat(64), ..REQUEST }).is_ok());
}
