//! Rows of the catalogue of bad inputs about what is in a document, and how it is written.

use ciborium::Value as Cbor;
use mdoc::cbor::CborError;
use mdoc::pid::Attribute;
use mdoc::{Asked, Document, IssuerSigned, MdocError, Need, Value, pid};

use crate::forge::{ISSUER_AUTH, NAMESPACES, at, changed, decoded, encoded, inside};
use crate::party::{ASKED, PARTY, response, showing, verify, verify_with};

#[test]
fn v20_only_what_was_asked_for_is_handed_out() {
    let elements = crate::party::elements();
    let all: Vec<Asked<'_>> = elements
        .leak()
        .iter()
        .map(|element| Asked { namespace: &element.namespace, identifier: &element.identifier, need: Need::Required })
        .collect();
    let presented = verify(&showing(&all)).unwrap();
    let names: Vec<_> = presented.elements().iter().map(|element| element.identifier.as_str()).collect();
    assert_eq!(names, ["family_name", "birth_date", "personal_administrative_number"]);
    assert_eq!(Attribute::FamilyName.of(&presented), Ok(Some(&Value::from("Próba"))));
    assert_eq!(Attribute::GivenName.of(&presented), Ok(None));
}

#[test]
fn v20_what_was_not_asked_for_is_not_even_read() {
    let odd = mdoc::Element {
        namespace: pid::NAMESPACE.to_owned(),
        identifier: "odd".to_owned(),
        value: Value::Map(vec![(String::new(), Value::Null)]),
    };
    let asked = [Asked { namespace: pid::NAMESPACE, identifier: "odd", need: Need::Required }];
    let mut elements = crate::party::elements();
    elements.push(odd);
    let issuance = mdoc::Issuance {
        doc_type: pid::DOC_TYPE,
        elements: &elements,
        device_key: PARTY.device.verifying_key(),
        validity: crate::party::VALIDITY,
        status: None,
        x5chain: &crate::party::CHAIN,
    };
    let issued = mdoc::issue(&issuance, &PARTY.issuer, &mut crate::party::seeded(2)).unwrap();
    // A value that no `Value` can hold, under a digest that fits: nobody stumbles over it who does not ask.
    let issued = IssuerSigned::parse(&numbered(&issued)).unwrap();
    let chosen = [&ASKED[..], &asked].concat();
    let transcript = crate::party::transcript();
    let response = mdoc::present(&issued, pid::DOC_TYPE, &chosen, &transcript, &PARTY.device).unwrap();
    assert!(verify(&response).is_ok());
    let outcome = verify_with(&response, |expected| expected.elements = &asked);
    assert_eq!(outcome.err(), Some(MdocError::Value));
}

/// Makes the last element's value `{1: null}`, and signs that.
fn numbered(issued: &[u8]) -> Vec<u8> {
    let mut issued = decoded(issued);
    let mut digest = None;
    let item = at(&mut issued, &["nameSpaces", pid::NAMESPACE, "10"]);
    inside(item, |item| {
        *at(item, &["elementValue"]) = Cbor::Map(vec![(1.into(), Cbor::Null)]);
        digest = Some(at(item, &["digestID"]).clone());
    });
    let octets = encoded(item);
    let id = digest.unwrap();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &octets).as_ref().to_vec();
    let auth = at(&mut issued, &["issuerAuth"]);
    let Cbor::Bytes(payload) = at(auth, &["2"]) else { panic!("no payload") };
    let mut mso = decoded(payload);
    inside(&mut mso, |mso| {
        let digests = at(mso, &["valueDigests", pid::NAMESPACE]).as_map_mut().unwrap();
        digests.iter_mut().find(|(known, _)| *known == id).unwrap().1 = Cbor::Bytes(digest);
    });
    *payload = encoded(&mso);
    let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    crate::forge::sign(auth, &crate::forge::pair(&PARTY.issuer, algorithm));
    encoded(&issued)
}

#[test]
fn v20_fewer_than_asked_is_refused_unless_it_was_optional() {
    let response = showing(&ASKED[..2]);
    assert_eq!(verify(&response).err(), Some(MdocError::Missing));
    let presented = verify_with(&response, |expected| expected.elements = &ASKED[..2]).unwrap();
    assert_eq!(presented.elements().len(), 2);
    let other = [Asked { namespace: "another", ..ASKED[0] }];
    assert_eq!(verify_with(&response, |expected| expected.elements = &other).err(), Some(MdocError::Missing));
    let nothing = showing(&[]);
    assert_eq!(verify(&nothing).err(), Some(MdocError::Missing));
    assert!(verify_with(&nothing, |expected| expected.elements = &[]).is_ok());
}

#[test]
fn v20_two_documents_are_refused_and_so_is_none() {
    let two = changed(&response(), &["documents"], |documents| {
        let documents = documents.as_array_mut().unwrap();
        documents.push(documents[0].clone());
    });
    assert_eq!(verify(&two).err(), Some(MdocError::Documents));
    let none = changed(&response(), &["documents"], |documents| documents.as_array_mut().unwrap().clear());
    assert_eq!(verify(&none).err(), Some(MdocError::Documents));
    let absent = changed(&response(), &[], |response| drop(response.as_map_mut().unwrap().remove(1)));
    assert_eq!(verify(&absent).err(), Some(MdocError::Documents));
    let failed = changed(&response(), &["status"], |status| *status = 10.into());
    assert_eq!(verify(&failed).err(), Some(MdocError::Status));
    let version = changed(&response(), &["version"], |version| *version = "1.1".into());
    assert_eq!(verify(&version).err(), Some(MdocError::Version));
}

#[test]
fn v20_an_element_that_occurs_twice_is_refused() {
    let namespace = [&NAMESPACES[..], &[pid::NAMESPACE]].concat();
    let twice = changed(&response(), &namespace, |items| {
        let items = items.as_array_mut().unwrap();
        items.push(items[0].clone());
    });
    assert_eq!(verify(&twice).err(), Some(MdocError::DuplicateElement));
    // With another value, as somebody would who hopes that the second is read.
    let other = changed(&response(), &namespace, |items| {
        let items = items.as_array_mut().unwrap();
        let mut copy = items[0].clone();
        inside(&mut copy, |item| *at(item, &["elementValue"]) = "Más".into());
        items.push(copy);
    });
    assert_eq!(verify(&other).err(), Some(MdocError::DuplicateElement));
    let namespaces = changed(&response(), &NAMESPACES, |namespaces| {
        let namespaces = namespaces.as_map_mut().unwrap();
        namespaces.push(namespaces[0].clone());
    });
    assert_eq!(verify(&namespaces).err(), Some(MdocError::Cbor(CborError::DuplicateKey)));
}

#[test]
fn v10_hostile_cbor_is_refused_wherever_it_stands() {
    let hostile: [(&[u8], CborError); 8] = [
        (&[0x9f, 0xff], CborError::Indefinite),
        (&[0xa2, 1, 1, 1, 2], CborError::DuplicateKey),
        (&[0x81; 10_000], CborError::Limits),
        (&[0xc6; 10_000], CborError::Tag),
        (&[0x5a, 0x40, 0, 0, 0], CborError::Length),
        (&[0x9a, 0x40, 0, 0, 0], CborError::Length),
        (&[0xfb, 0, 0, 0, 0, 0, 0, 0, 0], CborError::Simple),
        (&[0xa0, 0], CborError::Trailing),
    ];
    for (octets, refusal) in hostile {
        let refusal = Some(MdocError::Cbor(refusal));
        assert_eq!(Document::parse(octets).err(), refusal);
        assert_eq!(IssuerSigned::parse(octets).err(), refusal);
        let item = changed(&response(), &[&NAMESPACES[..], &[pid::NAMESPACE, "0"]].concat(), |item| {
            *item = Cbor::Tag(24, Box::new(Cbor::Bytes(octets.to_vec())));
        });
        assert_eq!(Document::parse(&item).err(), refusal);
        let header = changed(&response(), &[&ISSUER_AUTH[..], &["0"]].concat(), |header| {
            *header = Cbor::Bytes(octets.to_vec());
        });
        assert_eq!(Document::parse(&header).err(), refusal);
        let payload = changed(&response(), &ISSUER_AUTH, |auth| {
            *at(auth, &["2"]) = Cbor::Bytes(octets.to_vec());
            let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
            crate::forge::sign(auth, &crate::forge::pair(&PARTY.issuer, algorithm));
        });
        assert_eq!(verify(&payload).err(), refusal);
    }
}

#[test]
fn what_is_missing_or_of_another_type_is_refused() {
    let paths: [&[&str]; 10] = [
        &["version"],
        &["status"],
        &["documents", "0", "docType"],
        &["documents", "0", "issuerSigned"],
        &["documents", "0", "issuerSigned", "issuerAuth"],
        &["documents", "0", "issuerSigned", "issuerAuth", "0"],
        &["documents", "0", "issuerSigned", "issuerAuth", "1"],
        &["documents", "0", "issuerSigned", "issuerAuth", "3"],
        &["documents", "0", "deviceSigned", "nameSpaces"],
        &["documents", "0", "deviceSigned", "deviceAuth", "deviceSignature"],
    ];
    for path in paths {
        let other = changed(&response(), path, |value| *value = Cbor::Bool(true));
        let refusal = verify(&other).err();
        let expected = if path == ["status"] { MdocError::Status } else { MdocError::Form };
        assert_eq!(refusal, Some(expected), "{path:?}");
    }
}
