//! What tests share: keys of nobody, and messages as they come out of a browser's form.

use std::sync::LazyLock;

use data_encoding::BASE64;
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, DecryptionKey, Document, KeyType, Limits, SigningKey, VerifyingKey, canonical};

use crate::binding::{Direction, post};
use crate::{Authentic, Received, SignatureDemand, Signer};

/// 2025-01-16T00:00:00Z.
pub(crate) const NOW: i64 = 1_736_985_600;

/// The other side's key for signatures.
pub(crate) static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::P256).unwrap());
/// A stranger's.
pub(crate) static STRANGE_KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::P256).unwrap());
/// An RSA key to encrypt to.
pub(crate) static RSA_KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::Rsa2048).unwrap());

pub(crate) fn keys() -> [VerifyingKey; 1] {
    [KEY.verifying_key().clone()]
}

/// The other half of [`RSA_KEY`].
static DECRYPTION_KEYS: LazyLock<[DecryptionKey; 1]> =
    LazyLock::new(|| [DecryptionKey::from_pkcs8_der(&RSA_KEY.to_pkcs8_der().unwrap()).unwrap()]);

pub(crate) fn decryption_keys() -> &'static [DecryptionKey] {
    &*DECRYPTION_KEYS
}

pub(crate) fn signer() -> Signer<'static> {
    Signer { key: &KEY, certificate: None }
}

/// A certificate of a key that is valid for a year around [`NOW`].
pub(crate) fn certificate(key: &SigningKey) -> Certificate {
    let half = 182 * 86_400;
    let request = Request { common_name: "sp.example", not_before: NOW - half, not_after: NOW + half, serial: &[1] };
    Certificate::parse(&self_signed(key, &request).unwrap()).unwrap()
}

/// Random enough for a test: each octet is another one.
pub(crate) fn fill(octets: &mut [u8]) {
    for (octet, value) in octets.iter_mut().zip((1..=u8::MAX).cycle()) {
        *octet = value;
    }
}

/// The message as a browser posts it.
pub(crate) fn posted(direction: Direction, xml: &str) -> Received {
    let value = BASE64.encode(xml.as_bytes()).replace('+', "%2B").replace('=', "%3D");
    post::decode(&format!("{}={value}", direction.parameter())).unwrap()
}

pub(crate) fn request(xml: &str) -> Received {
    posted(Direction::Request, xml)
}

pub(crate) fn response(xml: &str) -> Received {
    posted(Direction::Response, xml)
}

/// A request that needs no signature.
pub(crate) fn unsigned(xml: &str) -> Authentic {
    request(xml).authenticate(&[], SignatureDemand::IfPresent).unwrap()
}

/// Asserts that what we write is canonical as it is, which signing it relies upon.
#[track_caller]
pub(crate) fn assert_canonical(xml: &str) {
    let document = Document::parse(xml.as_bytes(), &Limits::METADATA).unwrap();
    assert_eq!(canonical(document.root()), xml);
}

/// The local names of the root's children.
pub(crate) fn children(xml: &str) -> Vec<String> {
    let document = Document::parse(xml.as_bytes(), &Limits::METADATA).unwrap();
    let elements = document.root().children().filter(xmlsec::Node::is_element);
    elements.map(|child| child.tag_name().name().to_owned()).collect()
}
