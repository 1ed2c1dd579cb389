//! Known devices: a cookie that says "somebody signed in here with both factors before".
//!
//! It opens nothing. It only moves wrong passwords typed on that device to a bucket of their
//! own, so that a stranger's guessing elsewhere cannot lock the owner out.

use data_encoding::HEXLOWER;
use idp::Purpose;
use model::PersonId;

use crate::Broker;

/// The cookie: a random device id and its keyed digest, 32 and 64 hexadecimal digits. It names no
/// person; it is dead once the person's epoch is raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCookie(String);

const ID_DIGITS: usize = 32;

impl DeviceCookie {
    /// Reads what a browser sent; `None` unless it has the form.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, tag) = text.split_once('.')?;
        let hex = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        (id.len() == ID_DIGITS && tag.len() == 64 && hex(id) && hex(tag)).then(|| Self(text.to_owned()))
    }

    /// The cookie's value.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn id(&self) -> &str {
        &self.0[..ID_DIGITS]
    }
}

impl Broker {
    /// A cookie that makes this device known for a person's account.
    pub(crate) fn make_device_known(&self, person: &PersonId, epoch: i64) -> DeviceCookie {
        let id = HEXLOWER.encode(&self.random().bytes::<16>());
        let tag = self.keys().mac(Purpose::DeviceCookie, &parts(&id, person, &epoch.to_be_bytes()));
        DeviceCookie(format!("{id}.{}", HEXLOWER.encode(&tag)))
    }

    /// The device's id, if the cookie is this person's and still valid.
    pub(crate) fn known_device<'c>(&self, cookie: &'c DeviceCookie, person: &PersonId, epoch: i64) -> Option<&'c str> {
        let tag = HEXLOWER.decode(&cookie.0.as_bytes()[ID_DIGITS + 1..]).ok()?;
        let id = cookie.id();
        let matches = self.keys().mac_matches(Purpose::DeviceCookie, &parts(id, person, &epoch.to_be_bytes()), &tag);
        matches.then_some(id)
    }
}

fn parts<'a>(id: &'a str, person: &'a PersonId, epoch: &'a [u8; 8]) -> [&'a [u8]; 3] {
    [id.as_bytes(), person.as_str().as_bytes(), epoch]
}
