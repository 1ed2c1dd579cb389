//! Published examples: they hold what we make and read against what others made.

use data_encoding::HEXLOWER;
use mdoc::cbor::{Limits, check};
use mdoc::pid::{self, Attribute};
use mdoc::{
    Asked, Document, Expected, ExpectedIssuer, FullDate, MdocError, Need, SessionTranscript, Value, VerifyingKey,
};

/// The octets that a file has in hexadecimal.
pub(crate) fn octets(text: &str) -> Vec<u8> {
    let digits: String = text.lines().filter(|line| !line.starts_with('#')).collect();
    HEXLOWER.decode(digits.as_bytes()).unwrap()
}

pub(crate) const ANNEX_D: &str = include_str!("../data/iso_18013_5_annex_d.hex");
const ISOMDL: &str = include_str!("../data/isomdl_device_response.hex");
/// While the standard's example holds.
const AT: i64 = 1_620_000_000;
const MDL: &str = "org.iso.18013.5.1.mDL";

fn asked(identifier: &str) -> Asked<'_> {
    Asked { namespace: "org.iso.18013.5.1", identifier, need: Need::Required }
}

/// The key of a certificate, as a test may look for it.
pub(crate) fn key_of(certificate: &[u8]) -> VerifyingKey {
    let mut rests = (0..certificate.len()).filter_map(|at| certificate.get(at..at + 91));
    rests.find_map(|spki| VerifyingKey::from_spki_der(spki).ok()).expect("a key on P-256")
}

#[test]
fn the_example_of_the_standard_is_believed_as_its_issuer_signed_it() {
    let response = octets(ANNEX_D);
    let document = Document::parse(&response).unwrap();
    assert_eq!(document.doc_type(), MDL);
    let chain = document.issuer_signed().x5chain().unwrap();
    assert_eq!(chain.len(), 1);
    let key = key_of(chain[0]);
    let issuer = ExpectedIssuer { doc_type: MDL, key: &key, at: AT };
    let believed = document.issuer_signed().verify(&issuer).unwrap();
    assert_eq!(believed.names().count(), 6);
    let names = ["family_name", "issue_date", "document_number", "driving_privileges"].map(asked);
    let elements = believed.elements(&names).unwrap();
    assert_eq!(elements[0].value, Value::from("Doe"));
    assert_eq!(elements[1].value.as_full_date(), FullDate::new(2019, 10, 20));
    assert_eq!(elements[2].value, Value::from("123456789"));
    let privileges = elements[3].value.as_array().unwrap();
    assert_eq!(privileges[1].member("vehicle_category_code"), Some(&Value::from("B")));
    // A year after 2020-10-01T13:30:02Z it is over.
    let late = ExpectedIssuer { at: 1_633_095_003, ..issuer };
    assert_eq!(document.issuer_signed().verify(&late).err(), Some(MdocError::Expired));
}

#[test]
fn the_example_of_the_standard_answers_with_a_mac_which_no_session_of_ours_can_check() {
    let response = octets(ANNEX_D);
    let document = Document::parse(&response).unwrap();
    let key = key_of(document.issuer_signed().x5chain().unwrap()[0]);
    let transcript = SessionTranscript::openid4vp("x509_san_dns:example.com", "nonce", None, "https://example.com");
    let issuer = ExpectedIssuer { doc_type: MDL, key: &key, at: AT };
    let expected = Expected { issuer, transcript: &transcript, elements: &[] };
    assert_eq!(document.verify(&expected).err(), Some(MdocError::DeviceMac));
}

#[test]
fn what_isomdl_made_is_believed_in_its_session_and_in_no_other() {
    let response = octets(ISOMDL);
    let document = Document::parse(&response).unwrap();
    let key = key_of(document.issuer_signed().x5chain().unwrap()[0]);
    let issuer = ExpectedIssuer { doc_type: pid::DOC_TYPE, key: &key, at: 1_800_000_000 };
    let asked = [Attribute::FamilyName, Attribute::BirthDate, Attribute::Nationality];
    let asked = asked.map(|attribute| attribute.asked(Need::Required));
    let judged = |nonce| {
        let response_uri = "https://example.com/response";
        let transcript = SessionTranscript::openid4vp("x509_san_dns:example.com", nonce, Some(&[7; 32]), response_uri);
        document.verify(&Expected { issuer, transcript: &transcript, elements: &asked })
    };
    let presented = judged(NONCE).unwrap();
    assert_eq!(Attribute::FamilyName.of(&presented), Ok(Some(&Value::from("Próba"))));
    assert_eq!(Attribute::BirthDate.of(&presented).unwrap().unwrap().as_full_date(), FullDate::new(1985, 3, 14));
    assert_eq!(Attribute::Nationality.of(&presented).map(|found| found.is_some()), Ok(true));
    assert_eq!(judged("another").err(), Some(MdocError::DeviceSignature));
}

const NONCE: &str = "exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA";
const THUMBPRINT: &str = "4283ec927ae0f208daaa2d026a814f2b22dca52cf85ffa8f3f8626c6bd669047";

#[test]
fn the_transcripts_are_those_of_openid4vp() {
    let thumbprint: [u8; 32] = octets(THUMBPRINT).try_into().unwrap();
    // OpenID4VP 1.0 appendix B.2.6.1.
    let response_uri = "https://example.com/response";
    let transcript = SessionTranscript::openid4vp("x509_san_dns:example.com", NONCE, Some(&thumbprint), response_uri);
    assert_eq!(
        HEXLOWER.encode(&transcript.octets()),
        "83f6f682714f70656e494434565048616e646f7665725820048bc053c00442af9b8eed494cefdd9d95240d254b046b11b68013722aad38ac"
    );
    // OpenID4VP 1.0 appendix B.2.6.2.
    let transcript = SessionTranscript::openid4vp_dc_api("https://example.com", NONCE, Some(&thumbprint));
    assert_eq!(
        HEXLOWER.encode(&transcript.octets()),
        "83f6f682764f70656e4944345650444341504948616e646f7665725820fbece366f4212f9762c74cfdbf83b8c69e371d5d68cea09cb4c48ca6daab761a"
    );
    // Without encryption there is nothing in the place of the thumbprint. From the conformance suite of the
    // OpenID Foundation.
    let transcript = SessionTranscript::openid4vp_dc_api("https://example.com", NONCE, None);
    let expected = "g/b2gnZPcGVuSUQ0VlBEQ0FQSUhhbmRvdmVyWCA1Y7Yp4ovwpzbGum+qy2CpzTB05RQWoEVlAx2GkGOMQw==";
    assert_eq!(data_encoding::BASE64.encode(&transcript.octets()), expected);
    assert_eq!(check(&transcript.octets(), &Limits::MESSAGE), Ok(()));
}
