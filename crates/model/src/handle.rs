//! Opaque handles and identifiers.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Random, Secret};

const HEX: &[u8; 16] = b"0123456789abcdef";

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    text
}

/// A 256-bit random value that its holder proves something by: a session, a code, a link.
///
/// Written as 64 lower-case hexadecimal digits. Only its [`HandleDigest`] is stored, so that a
/// copy of the database opens nothing.
pub struct Handle(Secret<String>);

impl Handle {
    /// Draws a new one.
    pub fn draw(random: &dyn Random) -> Self {
        Self(Secret::new(hex(&random.bytes::<32>())))
    }

    /// Reads one that a browser or client sent. `None` unless it has the exact form.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 64 && text.bytes().all(|b| HEX.contains(&b));
        well_formed.then(|| Self(Secret::new(text.to_owned())))
    }

    /// The text, for the one answer that hands it out.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle(…)")
    }
}

/// The SHA-256 of a [`Handle`], as hexadecimal text: what is stored and looked up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HandleDigest(String);

impl HandleDigest {
    /// From the 32 bytes of the digest.
    pub fn from_bytes(digest: &[u8; 32]) -> Self {
        Self(hex(digest))
    }

    /// From stored text.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The hexadecimal text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who a person is to us: 128 random bits as 32 hexadecimal digits. Never shown to a service.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PersonId(String);

impl PersonId {
    /// Draws a new one.
    pub fn draw(random: &dyn Random) -> Self {
        Self(hex(&random.bytes::<16>()))
    }

    /// From stored text.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;
    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (i, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::try_from(i % 256).unwrap();
            }
        }
    }

    #[test]
    fn a_handle_survives_the_browser_and_nothing_else_does() {
        let handle = Handle::draw(&Counting);
        assert!(Handle::parse(handle.expose()).is_some());
        for bad in ["", "00", &"G".repeat(64), &"A".repeat(64), &format!("{} ", handle.expose())] {
            assert!(Handle::parse(bad).is_none(), "{bad:?}");
        }
        assert_eq!(format!("{handle:?}"), "Handle(…)");
    }

    #[test]
    fn random_bytes_are_written_in_lower_case_hexadecimal() {
        let expected = "000102030405060708090a0b0c0d0e0f";
        assert_eq!(PersonId::draw(&Counting).as_str(), expected);
        assert_eq!(Handle::draw(&Counting).expose(), format!("{expected}101112131415161718191a1b1c1d1e1f"));
        assert_eq!(HandleDigest::from_bytes(&[0xfa; 32]).as_str(), "fa".repeat(32));
    }

    #[test]
    fn stored_text_reads_back() {
        let digest = HandleDigest::from_bytes(&[1; 32]);
        assert_eq!(HandleDigest::from_stored(digest.as_str().to_owned()), digest);
        let person = PersonId::draw(&Counting);
        assert_eq!(PersonId::from_stored(person.as_str().to_owned()), person);
    }
}
