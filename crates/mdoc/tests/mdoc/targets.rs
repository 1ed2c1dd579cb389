//! What anybody may send, given to who reads it: nothing may panic. `fuzz/` runs the same.

use mdoc::cbor::{Limits, check};
use mdoc::{Document, Expected, ExpectedIssuer, IssuerSigned, SessionTranscript, VerifyingKey};

/// One item of CBOR: what passes, the library reads and writes the same.
pub(crate) fn reading_cbor(octets: &[u8]) {
    if check(octets, &Limits::MESSAGE).is_ok() {
        let value: ciborium::Value = ciborium::from_reader(octets).expect("what passes is read");
        let mut again = Vec::new();
        ciborium::into_writer(&value, &mut again).expect("a vector takes every value");
        assert_eq!(again, octets);
    }
}

/// A point that everybody knows: the generator of P-256.
const G: [[u8; 32]; 2] = [
    [
        0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03,
        0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    ],
    [
        0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce,
        0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
    ],
];

/// A wallet's answer.
pub(crate) fn responding(octets: &[u8]) {
    let Ok(document) = Document::parse(octets) else { return };
    let _ = document.issuer_signed().x5chain();
    let key = VerifyingKey::from_coordinates(mdoc::Algorithm::Es256, &G[0], &G[1]).expect("a point");
    let transcript = SessionTranscript::openid4vp("client", "nonce", None, "https://example.org/");
    let issuer = ExpectedIssuer { doc_type: document.doc_type(), key: &key, at: 1_620_000_000 };
    assert!(document.verify(&Expected { issuer, transcript: &transcript, elements: &[] }).is_err());
}

/// An issuer's document.
pub(crate) fn issuing(octets: &[u8]) {
    if let Ok(issued) = IssuerSigned::parse(octets) {
        let _ = issued.x5chain();
    }
}

/// A public key.
pub(crate) fn keys(octets: &[u8]) {
    if let Ok(key) = VerifyingKey::from_spki_der(octets) {
        assert_eq!(key.to_spki_der(), octets);
    }
}
