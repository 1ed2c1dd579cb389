//! Queries that are written, read and refused.

use proptest::prelude::*;

use super::*;
use crate::samples::{KEY, STRANGE_KEY, keys};
use crate::{MessageError, SignatureDemand};

const XML: &str = "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\" Version=\"2.0\" \
                   IssueInstant=\"2025-01-16T00:00:00Z\"></samlp:AuthnRequest>";

fn deflated(octets: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

fn parameter(deflated: &[u8]) -> String {
    format!("SAMLRequest={}", escaped(&BASE64.encode(deflated)))
}

fn signed(query: &str, key: &SigningKey) -> String {
    let signature = key.sign_detached(query.as_bytes()).unwrap();
    format!("{query}&Signature={}", escaped(&BASE64.encode(&signature)))
}

fn believed(query: &str) -> Result<bool, MessageError> {
    let received = decode(query).unwrap();
    received.authenticate(&keys(), SignatureDemand::IfPresent).map(|authentic| authentic.is_signed())
}

#[test]
fn what_is_sent_is_read() {
    for (location, begins) in [
        ("https://idp.example/sso", "https://idp.example/sso?SAMLRequest="),
        ("https://idp.example/sso?", "https://idp.example/sso?SAMLRequest="),
        ("https://idp.example/sso?a=1", "https://idp.example/sso?a=1&SAMLRequest="),
        ("https://idp.example/sso?a=1&", "https://idp.example/sso?a=1&SAMLRequest="),
    ] {
        let address = encode(location, Direction::Request, XML, Some("a b&c=+ű"), Some(&KEY)).unwrap();
        assert!(address.starts_with(begins) && address.is_ascii(), "{address}");
        let received = decode(address.split_once('?').unwrap().1).unwrap();
        assert_eq!(received.direction(), Direction::Request);
        assert_eq!(received.octets(), XML.as_bytes());
        assert_eq!(received.relay_state(), Some("a b&c=+ű"));
        assert!(received.authenticate(&keys(), SignatureDemand::Required).unwrap().is_signed());
        let strange = [STRANGE_KEY.verifying_key().clone()];
        assert!(matches!(received.authenticate(&strange, SignatureDemand::IfPresent), Err(MessageError::Signature(_))));
        assert!(matches!(received.authenticate(&[], SignatureDemand::IfPresent), Err(MessageError::Signature(_))));
    }
    let plain = encode("https://idp.example/sso", Direction::Response, XML, None, None).unwrap();
    let received = decode(plain.split_once('?').unwrap().1).unwrap();
    assert_eq!((received.direction(), received.relay_state()), (Direction::Response, None));
    assert!(!received.authenticate(&[], SignatureDemand::IfPresent).unwrap().is_signed());
    assert_eq!(received.authenticate(&keys(), SignatureDemand::Required).err(), Some(MessageError::Unsigned));
}

#[test]
fn s38_a_stream_that_is_not_one_plain_message_is_refused() {
    let bomb = deflated(&vec![b' '; MESSAGE_BYTES_MAX + 1]);
    let ratio = deflated(&vec![b' '; 100_000]);
    let mut trailing = deflated(XML.as_bytes());
    trailing.push(0);
    let twice = [deflated(XML.as_bytes()), deflated(XML.as_bytes())].concat();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(XML.as_bytes()).unwrap();
    let zlib = zlib.finish().unwrap();
    let cut = deflated(XML.as_bytes());
    let cut = &cut[..cut.len() - 1];
    let streams: [(&str, &[u8]); 8] = [
        ("bomb", &bomb),
        ("ratio", &ratio),
        ("trailing octet", &trailing),
        ("two streams", &twice),
        ("zlib header", &zlib),
        ("cut off", cut),
        ("not deflated", XML.as_bytes()),
        ("empty", b""),
    ];
    for (what, stream) in streams {
        assert_eq!(decode(&parameter(stream)).err(), Some(BindingError::Inflate), "{what}");
    }
    assert_eq!(BindingError::Inflate.code(), "inflate");
}

#[test]
fn a_stream_may_fill_the_limit() {
    // Marsaglia's xorshift: DEFLATE makes nothing of it.
    let step = |state: &u32| {
        Some([13, -17, 5].iter().fold(*state, |x, by: &i32| x ^ if *by > 0 { x << by } else { x >> -by }))
    };
    let numbers = std::iter::successors(Some(1_u32), step).take(MESSAGE_BYTES_MAX);
    let octets: Vec<u8> = numbers.map(|number| number.to_be_bytes()[0]).collect();
    let stream = deflated(&octets);
    assert_eq!(inflate(&stream).map(|inflated| inflated.len()), Ok(MESSAGE_BYTES_MAX));
    let longer = deflated(&[&octets[..], b"x"].concat());
    assert_eq!(inflate(&longer), Err(BindingError::Inflate));
}

#[test]
fn s39_a_signature_is_over_the_query_as_it_came() {
    let message = parameter(&deflated(XML.as_bytes()));
    let algorithm = format!("SigAlg={}", escaped(KEY.algorithm().uri()));
    let good = signed(&format!("{message}&RelayState=a%2Bb&{algorithm}"), &KEY);
    assert_eq!(believed(&good), Ok(true));
    assert_eq!(believed(&signed(&format!("{message}&RelayState=&{algorithm}"), &KEY)), Ok(true));
    // As .NET escapes: the bytes that were signed are these.
    let lower = format!("{message}&RelayState=a%2bb&{}", algorithm.replace("%3A", "%3a").replace("%2F", "%2f"));
    assert_eq!(believed(&signed(&lower, &KEY)), Ok(true));
    // The order in the query is free (section 3.4.4.1 fixes what is signed), and others' parameters do no harm.
    let parts: Vec<&str> = good.split('&').collect();
    assert_eq!(believed(&format!("lang=HU&{}&{}&{}&{}", parts[3], parts[2], parts[1], parts[0])), Ok(true));

    for (what, changed) in [
        ("re-encoded relay state", good.replace("a%2Bb", "a%2bb")),
        ("other relay state", good.replace("a%2Bb", "a%2Bc")),
        ("relay state left out", good.replace("&RelayState=a%2Bb", "")),
        ("relay state added", signed(&format!("{message}&{algorithm}"), &KEY) + "&RelayState=a"),
        ("re-encoded algorithm", good.replace("SigAlg=http%3A", "SigAlg=http:")),
        ("order signed", {
            let other = format!("{algorithm}&{message}&RelayState=a%2Bb");
            signed(&other, &KEY)
        }),
        ("relay state outside the signature", {
            let signature = signed(&format!("{message}&{algorithm}"), &KEY);
            format!("{signature}&RelayState=a%2Bb")
        }),
        ("another's signature", signed(&format!("{message}&RelayState=a%2Bb&{algorithm}"), &STRANGE_KEY)),
        ("empty signature", format!("{message}&{algorithm}&Signature=")),
    ] {
        let error = believed(&changed);
        assert!(matches!(error, Err(MessageError::Signature(_))), "{what}: {error:?}");
    }
}

#[test]
fn s39_parameters_that_could_be_read_in_two_ways_are_refused() {
    let message = parameter(&deflated(XML.as_bytes()));
    let algorithm = format!("SigAlg={}", escaped(KEY.algorithm().uri()));
    let good = signed(&format!("{message}&RelayState=x&{algorithm}"), &KEY);
    let again = |name: &str| good.split('&').find(|pair| pair.starts_with(name)).unwrap().to_owned();
    for name in ["SAMLRequest", "RelayState", "SigAlg", "Signature"] {
        let error = decode(&format!("{good}&{}", again(&format!("{name}=")))).err();
        assert_eq!(error, Some(BindingError::Repeated(name)));
        assert_eq!(error.map(BindingError::code), Some("redirect-sig"));
    }
    let sha1 = escaped("http://www.w3.org/2000/09/xmldsig#rsa-sha1");
    let relay = format!("{message}&RelayState={}", "r".repeat(1025));
    for (query, error) in [
        (format!("{message}&RelayState=x&SAML%52equest=x"), BindingError::Repeated("SAMLRequest")),
        (format!("{message}&SAMLResponse=x"), BindingError::Parameters),
        (format!("{message}&SAMLart=x"), BindingError::Parameters),
        ("RelayState=x".to_owned(), BindingError::Parameters),
        (format!("{message}&{algorithm}"), BindingError::Parameters),
        (format!("{message}&Signature=AAAA"), BindingError::Parameters),
        (format!("{message}&SigAlg={sha1}&Signature=AAAA"), BindingError::Algorithm),
        (format!("{message}&SigAlg=none&Signature=AAAA"), BindingError::Algorithm),
        (format!("{message}&{algorithm}&Signature=%00"), BindingError::Base64),
        (format!("{message}&SAMLEncoding=urn:x"), BindingError::Encoding),
        (format!("{message}&RelayState=%ff"), BindingError::NotUtf8("RelayState")),
        ("SAMLRequest=%2A".to_owned(), BindingError::Base64),
        (relay, BindingError::RelayState),
    ] {
        assert_eq!(decode(&query).err(), Some(error), "{query:.200}");
    }
    let named = format!("{message}&SAMLEncoding={}", escaped(DEFLATE));
    assert!(decode(&named).is_ok());
    let long = encode("https://idp.example", Direction::Request, XML, Some(&"r".repeat(1025)), None);
    assert!(matches!(long, Err(EncodeError::RelayState)));
}

proptest! {
    #[test]
    fn anything_sent_is_read(xml in "\\PC{0,300}", relay_state in "\\PC{0,20}") {
        let address = encode("https://idp.example/", Direction::Response, &xml, Some(&relay_state), Some(&KEY)).unwrap();
        let received = decode(address.split_once('?').unwrap().1).unwrap();
        prop_assert_eq!(received.octets(), xml.as_bytes());
        prop_assert_eq!(received.relay_state(), Some(relay_state.as_str()));
    }

    #[test]
    fn no_query_makes_it_panic(query in "(SAMLRequest|SigAlg|Signature|RelayState|x)=[A-Za-z0-9%+/=&]{0,60}") {
        let _ = decode(&query);
    }

    #[test]
    fn no_stream_makes_it_panic(octets: Vec<u8>) {
        let _ = inflate(&octets);
    }
}
