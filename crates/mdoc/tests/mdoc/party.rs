//! The parties of the tests: an issuer, a phone and who asks it.

use std::sync::LazyLock;

use mdoc::pid::{Attribute, PlaceOfBirth};
use mdoc::{
    Asked, Document, Element, Expected, ExpectedIssuer, FullDate, Issuance, IssuerSigned, MdocError, Need, Presented,
    SessionTranscript, SigningKey, StatusReference, Validity, Value, VerifyingKey, issue, pid, present,
};

pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const VALIDITY: Validity = Validity { signed: NOW - 3600, from: NOW - 3600, until: NOW + 86_400 };
pub(crate) const CLIENT: &str = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
pub(crate) const NONCE: &str = "exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA";
pub(crate) const RESPONSE_URI: &str = "https://kau.example/wallet/response";
pub(crate) const THUMBPRINT: [u8; 32] = [7; 32];
/// Nobody here reads certificates.
pub(crate) const CHAIN: [&[u8]; 2] = [b"a leaf", b"an authority"];

pub(crate) struct Party {
    pub(crate) issuer: SigningKey,
    pub(crate) device: SigningKey,
    pub(crate) issued: Vec<u8>,
}

pub(crate) static PARTY: LazyLock<Party> = LazyLock::new(|| {
    let [issuer, device] = [SigningKey::generate().unwrap(), SigningKey::generate().unwrap()];
    let issued = issued_with(&issuer, device.verifying_key(), None);
    Party { issuer, device, issued }
});

pub(crate) fn issued_with(issuer: &SigningKey, device: &VerifyingKey, status: Option<&StatusReference>) -> Vec<u8> {
    let elements = elements();
    let issuance = Issuance {
        doc_type: pid::DOC_TYPE,
        elements: &elements,
        device_key: device,
        validity: VALIDITY,
        status,
        x5chain: &CHAIN,
    };
    issue(&issuance, issuer, &mut seeded(1)).unwrap()
}

/// Numbers that are the same in every run.
pub(crate) fn seeded(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut state = seed;
    move |octets| {
        for octet in octets {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *octet = state.to_be_bytes()[0];
        }
    }
}

/// A made-up person.
pub(crate) fn elements() -> Vec<Element> {
    let place = PlaceOfBirth { country: Some("HU".to_owned()), locality: Some("Szeged".to_owned()), region: None };
    let date = |year, month, day| Value::FullDate(FullDate::new(year, month, day).unwrap());
    let table = [
        (Attribute::FamilyName, Value::from("Próba")),
        (Attribute::GivenName, "Anna Mária".into()),
        (Attribute::BirthDate, date(1985, 3, 14)),
        (Attribute::PlaceOfBirth, place.to_value()),
        (Attribute::Nationality, Value::Array(vec!["HU".into()])),
        (Attribute::PersonalAdministrativeNumber, "k7Qw2-19".into()),
        (Attribute::ExpiryDate, date(2036, 1, 1)),
        (Attribute::IssuingAuthority, "A próba hivatala".into()),
        (Attribute::IssuingCountry, "HU".into()),
        (Attribute::Portrait, Value::Bytes(vec![0xff, 0xd8, 0xff])),
    ];
    let mut elements: Vec<Element> =
        table.into_iter().map(|(attribute, value)| attribute.element(value).unwrap()).collect();
    elements.push(Element {
        namespace: "eu.europa.ec.eudi.pid.hu.1".to_owned(),
        identifier: "mothers_name".to_owned(),
        value: "Minta Ilona".into(),
    });
    elements
}

/// What is asked for in most tests.
pub(crate) const ASKED: [Asked<'static>; 4] = [
    Attribute::FamilyName.asked(Need::Required),
    Attribute::BirthDate.asked(Need::Required),
    Attribute::PersonalAdministrativeNumber.asked(Need::Required),
    Attribute::EmailAddress.asked(Need::Optional),
];

pub(crate) fn transcript() -> SessionTranscript {
    SessionTranscript::openid4vp(CLIENT, NONCE, Some(&THUMBPRINT), RESPONSE_URI)
}

/// What the phone answers.
pub(crate) fn response() -> Vec<u8> {
    showing(&ASKED)
}

pub(crate) fn showing(chosen: &[Asked<'_>]) -> Vec<u8> {
    let issued = IssuerSigned::parse(&PARTY.issued).unwrap();
    present(&issued, pid::DOC_TYPE, chosen, &transcript(), &PARTY.device).unwrap()
}

pub(crate) fn verify(response: &[u8]) -> Result<Presented, MdocError> {
    verify_with(response, |_| {})
}

/// Verifies with something else expected than usual.
pub(crate) fn verify_with<'e>(response: &[u8], change: impl FnOnce(&mut Expected<'e>)) -> Result<Presented, MdocError> {
    static TRANSCRIPT: LazyLock<SessionTranscript> = LazyLock::new(transcript);
    let issuer = ExpectedIssuer { doc_type: pid::DOC_TYPE, key: PARTY.issuer.verifying_key(), at: NOW };
    let mut expected: Expected<'e> = Expected { issuer, transcript: &TRANSCRIPT, elements: &ASKED };
    change(&mut expected);
    Document::parse(response)?.verify(&expected)
}
