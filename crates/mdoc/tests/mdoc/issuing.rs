//! What an issuer makes.

use std::collections::BTreeSet;

use ciborium::Value as Cbor;
use mdoc::{
    Element, ExpectedIssuer, Issuance, IssueError, IssuerSigned, MdocError, StatusReference, Validity, Value, issue,
    pid,
};

use crate::forge::{at, decoded, inside};
use crate::party::{CHAIN, NOW, PARTY, VALIDITY, elements, issued_with, seeded};

#[test]
fn a_document_is_signed_with_random_salts_and_numbers() {
    let mut issued = decoded(&PARTY.issued);
    let mut salts = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let items = at(&mut issued, &["nameSpaces", pid::NAMESPACE]).as_array_mut().unwrap();
    for item in items.iter_mut() {
        inside(item, |item| {
            let salt = at(item, &["random"]).as_bytes().unwrap().clone();
            assert!(salt.len() >= 16);
            salts.insert(salt);
            ids.insert(u32::try_from(at(item, &["digestID"]).as_integer().unwrap()).unwrap());
        });
    }
    assert_eq!((salts.len(), ids.len()), (items.len(), items.len()));
    assert!(ids.iter().all(|id| *id < 1 << 31));
    assert!(*ids.last().unwrap() > 1000, "they are counted, not drawn");
    let auth = at(&mut issued, &["issuerAuth"]);
    assert_eq!(*at(auth, &["0"]), Cbor::Bytes(vec![0xa1, 1, 0x26]), "ES256");
    let chain = CHAIN.iter().map(|certificate| Cbor::Bytes(certificate.to_vec())).collect();
    assert_eq!(*at(auth, &["1"]), Cbor::Map(vec![(33.into(), Cbor::Array(chain))]));
}

#[test]
fn what_was_issued_is_what_a_wallet_reads() {
    let status = StatusReference { index: 412, uri: "https://dap.example/status/1".to_owned() };
    let issued = issued_with(&PARTY.issuer, PARTY.device.verifying_key(), Some(&status));
    let issued = IssuerSigned::parse(&issued).unwrap();
    let expected = ExpectedIssuer { doc_type: pid::DOC_TYPE, key: PARTY.issuer.verifying_key(), at: NOW };
    let issued = issued.verify(&expected).unwrap();
    assert_eq!(issued.status(), Some(&status));
    assert_eq!(issued.validity(), VALIDITY);
    assert_eq!(issued.doc_type(), pid::DOC_TYPE);
    assert_eq!(issued.device_key(), PARTY.device.verifying_key());
    let elements = elements();
    let asked: Vec<_> = elements
        .iter()
        .map(|element| mdoc::Asked {
            namespace: &element.namespace,
            identifier: &element.identifier,
            need: mdoc::Need::Required,
        })
        .collect();
    assert_eq!(issued.names().count(), elements.len());
    assert_eq!(issued.elements(&asked).unwrap(), elements);
    assert_eq!(format!("{:?}", elements[0].value), "Text(..)");
}

#[test]
fn what_nobody_would_read_is_not_issued() {
    let elements = elements();
    let good = Issuance {
        doc_type: pid::DOC_TYPE,
        elements: &elements,
        device_key: PARTY.device.verifying_key(),
        validity: VALIDITY,
        status: None,
        x5chain: &CHAIN,
    };
    let refused = |issuance: &Issuance<'_>| issue(issuance, &PARTY.issuer, &mut seeded(3)).err();
    assert_eq!(refused(&good), None);
    assert_eq!(refused(&Issuance { x5chain: &[], ..good }), Some(IssueError::Chain));
    assert_eq!(refused(&Issuance { x5chain: &[&[1][..]; 5], ..good }), Some(IssueError::Chain));
    let validity = Validity { until: VALIDITY.from, ..VALIDITY };
    assert_eq!(refused(&Issuance { validity, ..good }), Some(IssueError::Unwritable));
    let validity = Validity { until: 253_402_300_800, ..VALIDITY };
    assert_eq!(refused(&Issuance { validity, ..good }), Some(IssueError::Unwritable));
    let twice = [elements[0].clone(), elements[0].clone()];
    assert_eq!(refused(&Issuance { elements: &twice, ..good }), Some(IssueError::Unwritable));
    let element = |value| [Element { value, ..elements[0].clone() }];
    let large = element(Value::Bytes(vec![0; 128 * 1024]));
    assert_eq!(refused(&Issuance { elements: &large, ..good }), Some(IssueError::Unwritable));
    let member = || ("a".to_owned(), Value::Null);
    let ambiguous = element(Value::Map(vec![member(), member()]));
    assert_eq!(refused(&Issuance { elements: &ambiguous, ..good }), Some(IssueError::Unwritable));
    let constant = issue(&good, &PARTY.issuer, &mut |octets| octets.fill(1));
    assert_eq!(constant, Err(IssueError::Random));
    assert_eq!(IssuerSigned::parse(&[]).err(), Some(MdocError::Cbor(mdoc::cbor::CborError::Length)));
}
