//! Rows of the catalogue of bad inputs about signatures, time and sessions.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use ciborium::Value;
use mdoc::{Algorithm, Document, MdocError, SessionTranscript, SigningKey, VerifyingKey, pid};

use crate::forge::{DEVICE_AUTH, ISSUER_AUTH, NAMESPACES, at, changed, inside, pair, protected, reissued, sign};
use crate::party::{CLIENT, NONCE, PARTY, RESPONSE_URI, THUMBPRINT, VALIDITY, response, verify, verify_with};

#[test]
fn v06_an_issuers_signature_that_is_not_the_keys_is_refused() {
    let good = response();
    assert!(verify(&good).is_ok());
    let other = SigningKey::generate().unwrap();
    let by_other = verify_with(&good, |expected| expected.issuer.key = other.verifying_key());
    assert_eq!(by_other.err(), Some(MdocError::IssuerSignature));
    let issuer = pair(&PARTY.issuer, &ECDSA_P256_SHA256_FIXED_SIGNING);
    let signed = |header: &[(i64, Value)]| {
        changed(&good, &ISSUER_AUTH, |auth| {
            *at(auth, &["0"]) = protected(header);
            sign(auth, &issuer);
        })
    };
    let of_signature = |change: fn(&mut Vec<u8>)| {
        changed(&good, &[&ISSUER_AUTH[..], &["3"]].concat(), |signature| {
            let Value::Bytes(octets) = signature else { panic!("no signature") };
            change(octets);
        })
    };
    let table = [
        ("ES384 for a key on P-256", signed(&[(1, (-35).into())]), MdocError::Algorithm),
        ("EdDSA", signed(&[(1, (-8).into())]), MdocError::Algorithm),
        ("HMAC", signed(&[(1, 5.into())]), MdocError::Algorithm),
        ("no algorithm", signed(&[(4, Value::Bytes(vec![1]))]), MdocError::Algorithm),
        ("a critical header", signed(&[(1, (-7).into()), (2, Value::Array(vec![4.into()]))]), MdocError::Critical),
        ("a counter signature", signed(&[(1, (-7).into()), (7, counter_signature())]), MdocError::Form),
        ("a signature cut short", of_signature(|octets| octets.truncate(63)), MdocError::IssuerSignature),
        ("a signature of nothing", of_signature(|octets| octets.fill(0)), MdocError::IssuerSignature),
        ("no signature", of_signature(Vec::clear), MdocError::IssuerSignature),
        (
            "a counter signature beside",
            changed(&good, &[&ISSUER_AUTH[..], &["1"]].concat(), |header| {
                header.as_map_mut().unwrap().push((7.into(), counter_signature()));
            }),
            MdocError::Form,
        ),
        (
            "no payload",
            changed(&good, &[&ISSUER_AUTH[..], &["2"]].concat(), |payload| *payload = Value::Null),
            MdocError::Form,
        ),
    ];
    for (name, response, refusal) in table {
        assert_eq!(verify(&response).err(), Some(refusal), "{name}");
    }
}

/// A `COSE_Signature` that says nothing.
fn counter_signature() -> Value {
    Value::Array(vec![Value::Bytes(vec![]), Value::Map(vec![]), Value::Bytes(vec![1])])
}

#[test]
fn v06_the_certificates_are_handed_out_and_without_them_nobody_can_judge() {
    let good = response();
    let document = Document::parse(&good).unwrap();
    assert_eq!(document.issuer_signed().x5chain(), Ok(crate::party::CHAIN.to_vec()));
    let with = |header: Value| changed(&good, &[&ISSUER_AUTH[..], &["1"]].concat(), |slot| *slot = header);
    let chain = |chain: Value| Value::Map(vec![(33.into(), chain)]);
    let bytes = |count| Value::Array(vec![Value::Bytes(vec![1]); count]);
    for (name, header) in [
        ("none", Value::Map(vec![])),
        ("an empty one", chain(bytes(0))),
        ("one too long", chain(bytes(5))),
        ("text", chain("MIIB".into())),
        ("a list of text", chain(Value::Array(vec!["MIIB".into()]))),
    ] {
        let response = with(header);
        let document = Document::parse(&response).unwrap();
        assert_eq!(document.issuer_signed().x5chain(), Err(MdocError::Chain), "{name}");
    }
    let one = with(chain(Value::Bytes(vec![1])));
    assert_eq!(Document::parse(&one).unwrap().issuer_signed().x5chain(), Ok(vec![&[1][..]]));
    // What is beside the signature changes nothing of what was signed.
    assert!(verify(&one).is_ok());
}

#[test]
fn an_issuer_may_sign_on_p384() {
    let issuer = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let point = issuer.public_key().as_ref();
    let key = VerifyingKey::from_coordinates(Algorithm::Es384, &point[1..49], &point[49..]).unwrap();
    assert_eq!(VerifyingKey::from_spki_der(&key.to_spki_der()).as_ref(), Ok(&key));
    let response = changed(&response(), &ISSUER_AUTH, |auth| {
        *at(auth, &["0"]) = protected(&[(1, (-35).into())]);
        sign(auth, &issuer);
    });
    assert!(verify_with(&response, |expected| expected.issuer.key = &key).is_ok());
    assert_eq!(verify(&response).err(), Some(MdocError::Algorithm));
}

#[test]
fn v07_a_document_holds_from_its_first_second_to_its_last() {
    let response = response();
    let judged = |at| verify_with(&response, |expected| expected.issuer.at = at).map(drop);
    assert_eq!(judged(VALIDITY.from - 1), Err(MdocError::NotYetValid));
    assert_eq!(judged(VALIDITY.from), Ok(()));
    assert_eq!(judged(VALIDITY.until), Ok(()));
    assert_eq!(judged(VALIDITY.until + 1), Err(MdocError::Expired));
    assert_eq!(verify(&response).unwrap().validity(), VALIDITY);
}

#[test]
fn v07_a_validity_in_another_form_is_refused() {
    let instant = |text: &str| Value::Tag(0, Box::new(text.into()));
    let table = [
        ("validUntil", Value::from("2036-01-01T00:00:00Z")),
        ("validUntil", instant("2036-01-01T00:00:00.5Z")),
        ("validUntil", instant("2036-01-01T00:00:00+01:00")),
        ("validUntil", instant("2036-02-30T00:00:00Z")),
        ("validUntil", Value::Tag(1004, Box::new("2036-01-01".into()))),
        ("validUntil", instant("2020-01-01T00:00:00Z")),
        ("validFrom", instant("2020-01-01T00:00:00Z")),
        ("signed", Value::Null),
    ];
    for (name, value) in table {
        let response = reissued(&response(), &PARTY.issuer, |mso| *at(mso, &["validityInfo", name]) = value.clone());
        assert_eq!(verify(&response).err(), Some(MdocError::Form), "{name} {value:?}");
    }
}

#[test]
fn v07_a_status_that_cannot_be_asked_is_refused() {
    let list = |index: Value, uri: Value| {
        let list = Value::Map(vec![("idx".into(), index), ("uri".into(), uri)]);
        Value::Map(vec![("status_list".into(), list)])
    };
    let with = |status: Value| {
        let push = |mso: &mut Value| mso.as_map_mut().unwrap().push(("status".into(), status));
        verify(&reissued(&response(), &PARTY.issuer, push))
    };
    let good = with(list(412.into(), "https://dap.example/status/1".into())).unwrap();
    let status = good.status().unwrap();
    assert_eq!((status.index, status.uri.as_str()), (412, "https://dap.example/status/1"));
    let identifiers = Value::Map(vec![("identifier_list".into(), Value::Map(vec![]))]);
    for bad in [identifiers, Value::Null, list((-1).into(), "x".into()), list(1.into(), Value::Null)] {
        assert_eq!(with(bad.clone()).err(), Some(MdocError::StatusMechanism), "{bad:?}");
    }
    assert_eq!(verify(&response()).unwrap().status(), None);
}

#[test]
fn v09_a_signature_for_another_session_is_refused() {
    let response = response();
    let thumbprint = Some(&THUMBPRINT);
    let others = [
        SessionTranscript::openid4vp(CLIENT, "another nonce", thumbprint, RESPONSE_URI),
        SessionTranscript::openid4vp(CLIENT, "", thumbprint, RESPONSE_URI),
        SessionTranscript::openid4vp("x509_hash:another", NONCE, thumbprint, RESPONSE_URI),
        SessionTranscript::openid4vp(CLIENT, NONCE, thumbprint, "https://kau.example/wallet/another"),
        SessionTranscript::openid4vp(CLIENT, NONCE, Some(&[8; 32]), RESPONSE_URI),
        SessionTranscript::openid4vp(CLIENT, NONCE, None, RESPONSE_URI),
        SessionTranscript::openid4vp_dc_api("https://kau.example", NONCE, thumbprint),
    ];
    for other in &others {
        let outcome = verify_with(&response, |expected| expected.transcript = other);
        assert_eq!(outcome.err(), Some(MdocError::DeviceSignature), "{other:?}");
    }
}

#[test]
fn v09_an_element_that_is_not_what_was_signed_is_refused() {
    let first = [&NAMESPACES[..], &[pid::NAMESPACE, "0"]].concat();
    let with = |name: &str, value: Value| {
        verify(&changed(&response(), &first, |item| inside(item, |item| *at(item, &[name]) = value))).err()
    };
    assert_eq!(with("elementValue", "Más".into()), Some(MdocError::Digest));
    assert_eq!(with("random", Value::Bytes(vec![0; 32])), Some(MdocError::Digest));
    assert_eq!(with("elementIdentifier", "given_name".into()), Some(MdocError::Digest));
    assert_eq!(with("digestID", 5.into()), Some(MdocError::Digest));
    assert_eq!(with("digestID", (-5).into()), Some(MdocError::Form));
    // In another namespace there is no digest of it.
    let moved = changed(&response(), &NAMESPACES, |namespaces| {
        namespaces.as_map_mut().unwrap()[0].0 = "eu.europa.ec.eudi.pid.hu.1".into();
    });
    assert_eq!(verify(&moved).err(), Some(MdocError::Digest));
    // The members in another order are the same element in other octets.
    let reordered = changed(&response(), &first, |item| inside(item, |item| item.as_map_mut().unwrap().reverse()));
    assert_eq!(verify(&reordered).err(), Some(MdocError::Digest));
    let other = reissued(&response(), &PARTY.issuer, |mso| *at(mso, &["digestAlgorithm"]) = "SHA-1".into());
    assert_eq!(verify(&other).err(), Some(MdocError::DigestAlgorithm));
}

#[test]
fn v09_a_document_of_another_type_than_its_issuer_signed_is_refused() {
    let unsigned = changed(&response(), &["documents", "0", "docType"], |name| *name = "org.iso.18013.5.1.mDL".into());
    assert_eq!(verify(&unsigned).err(), Some(MdocError::DocType));
    let as_asked = verify_with(&unsigned, |expected| expected.issuer.doc_type = "org.iso.18013.5.1.mDL");
    assert_eq!(as_asked.err(), Some(MdocError::DocType));
    let signed = reissued(&response(), &PARTY.issuer, |mso| *at(mso, &["docType"]) = "org.iso.18013.5.1.mDL".into());
    assert_eq!(verify(&signed).err(), Some(MdocError::DocType));
    let version = reissued(&response(), &PARTY.issuer, |mso| *at(mso, &["version"]) = "2.0".into());
    assert_eq!(verify(&version).err(), Some(MdocError::Version));
}

#[test]
fn v09_a_device_that_proves_nothing_is_refused() {
    let response = response();
    let mac = changed(&response, &DEVICE_AUTH, |auth| {
        auth.as_map_mut().unwrap()[0].0 = "deviceMac".into();
        *at(auth, &["deviceMac", "0"]) = protected(&[(1, 5.into())]);
    });
    assert_eq!(verify(&mac).err(), Some(MdocError::DeviceMac));
    let both = changed(&response, &DEVICE_AUTH, |auth| {
        auth.as_map_mut().unwrap().push(("deviceMac".into(), Value::Null));
    });
    assert_eq!(verify(&both).err(), Some(MdocError::Form));
    let none = changed(&response, &DEVICE_AUTH, |auth| auth.as_map_mut().unwrap().clear());
    assert_eq!(verify(&none).err(), Some(MdocError::Form));
    let signature = [&DEVICE_AUTH[..], &["deviceSignature"]].concat();
    let attached = changed(&response, &signature, |auth| *at(auth, &["2"]) = Value::Bytes(vec![0xa0]));
    assert_eq!(verify(&attached).err(), Some(MdocError::DeviceSignature));
    let algorithm = changed(&response, &signature, |auth| *at(auth, &["0"]) = protected(&[(1, (-35).into())]));
    assert_eq!(verify(&algorithm).err(), Some(MdocError::Algorithm));
    // Somebody else's phone, which holds a copy of the document.
    let thief = SigningKey::generate().unwrap();
    let issued = mdoc::IssuerSigned::parse(&PARTY.issued).unwrap();
    let copied = mdoc::present(&issued, pid::DOC_TYPE, &crate::party::ASKED, &crate::party::transcript(), &thief);
    assert_eq!(verify(&copied.unwrap()).err(), Some(MdocError::DeviceSignature));
    // What the device states besides was not signed with it.
    let stated = changed(&response, &["documents", "0", "deviceSigned", "nameSpaces"], |namespaces| {
        inside(namespaces, |map| map.as_map_mut().unwrap().push((pid::NAMESPACE.into(), Value::Map(vec![]))));
    });
    assert_eq!(verify(&stated).err(), Some(MdocError::DeviceSignature));
}

#[test]
fn a_device_key_that_is_no_point_on_p256_is_refused() {
    let key = |change: fn(&mut Vec<(Value, Value)>)| {
        let change = |mso: &mut Value| change(at(mso, &["deviceKeyInfo", "deviceKey"]).as_map_mut().unwrap());
        verify(&reissued(&response(), &PARTY.issuer, change)).err()
    };
    let refused = Some(MdocError::DeviceKey);
    assert_eq!(key(|members| members[1].1 = 2.into()), refused, "another curve");
    assert_eq!(key(|members| members[0].1 = 1.into()), refused, "another type");
    assert_eq!(key(|members| members[3].1 = Value::Bool(true)), refused, "a compressed point");
    assert_eq!(key(|members| members[3].1 = Value::Bytes(vec![1; 32])), refused, "not on the curve");
    assert_eq!(key(|members| drop(members.pop())), refused, "half a point");
}
