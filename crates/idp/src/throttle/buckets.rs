//! Which counters an attempt is counted in.

use std::net::{IpAddr, Ipv6Addr};

use data_encoding::HEXLOWER;
use model::{PersonId, limits};

use super::{DAY, HOUR, Limit};
use crate::{Keys, Purpose};

/// One counter: its name and its limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The row's key: a keyed HMAC as 64 hexadecimal digits, so that the table names no account and no network.
    pub key: String,
    /// How many tries it takes.
    pub limit: Limit,
}

impl Bucket {
    fn new(keys: &Keys, limit: Limit, parts: &[&[u8]]) -> Self {
        Self { key: HEXLOWER.encode(&keys.mac(Purpose::Throttle, parts)), limit }
    }
}

/// The network that a request comes from: an IPv4 /24 or an IPv6 /56, about one household or office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(Prefix);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Prefix {
    V4([u8; 3]),
    V6([u8; 7]),
}

impl Network {
    /// The network of an address. An IPv4-mapped IPv6 address is the IPv4 address (RFC 4291 section 2.5.5.2).
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Prefix::V4([a, b, c])
            }
            IpAddr::V6(v6) => Prefix::V6(prefix(v6)),
        })
    }

    fn bytes(&self) -> &[u8] {
        match &self.0 {
            Prefix::V4(bytes) => bytes,
            Prefix::V6(bytes) => bytes,
        }
    }
}

fn prefix(address: Ipv6Addr) -> [u8; 7] {
    let octets = address.octets();
    std::array::from_fn(|i| octets[i])
}

/// The browser that a password comes from.
#[derive(Clone, Copy, Debug)]
pub enum Device<'a> {
    /// One that signed in to this account before, by the identifier in its verified cookie.
    Known(&'a str),
    /// Any other.
    Unknown,
}

const PASSWORD_NETWORK: Limit = Limit::fixed(limits::PASSWORD_TRIES, limits::PASSWORD_WINDOW);
const PASSWORD_ACCOUNT: Limit = Limit::rolling(limits::PASSWORD_LONG_TRIES, limits::PASSWORD_LONG_WINDOW, DAY);
const PASSWORD_DEVICE: Limit = Limit::fixed(limits::KNOWN_DEVICE_TRIES, limits::KNOWN_DEVICE_WINDOW);
const DELETION_DAY: Limit = Limit::rolling(limits::DELETION_CODE_TRIES, limits::DELETION_CODE_WINDOW, HOUR);
const DELETION_YEAR: Limit = Limit::rolling(limits::DELETION_CODE_YEAR_TRIES, limits::DELETION_CODE_YEAR, DAY);
const CONTACT_CODES: Limit = Limit::fixed(limits::CONTACT_CODES, limits::CONTACT_CODES_WINDOW);
const ENROLMENTS: Limit = Limit::fixed(limits::ENROLMENTS_A_DAY, DAY);
const CLIENT_SECRET: Limit = Limit::fixed(limits::CLIENT_SECRET_TRIES, limits::CLIENT_SECRET_WINDOW);

/// A password for the name `typed`, which need not exist: an unknown name is counted like a known one.
///
/// A known device has a counter of its own, so that nobody else's tries keep its owner out.
pub fn password(keys: &Keys, typed: &str, network: Network, device: Device<'_>) -> Vec<Bucket> {
    let name = typed.as_bytes();
    match device {
        Device::Known(device) => {
            vec![Bucket::new(keys, PASSWORD_DEVICE, &[b"password device", name, device.as_bytes()])]
        }
        Device::Unknown => vec![
            Bucket::new(keys, PASSWORD_NETWORK, &[b"password network", name, network.bytes()]),
            Bucket::new(keys, PASSWORD_ACCOUNT, &[b"password account", name]),
        ],
    }
}

/// A well-formed deletion code.
pub fn deletion_code(keys: &Keys, person: &PersonId) -> Vec<Bucket> {
    let person = person.as_str().as_bytes();
    vec![
        Bucket::new(keys, DELETION_DAY, &[b"deletion day", person]),
        Bucket::new(keys, DELETION_YEAR, &[b"deletion year", person]),
    ]
}

/// A contact code mailed. Never given back.
pub fn contact_codes(keys: &Keys, person: &PersonId) -> Vec<Bucket> {
    vec![Bucket::new(keys, CONTACT_CODES, &[b"contact codes", person.as_str().as_bytes()])]
}

/// An enrolment begun. Never given back.
pub fn enrolments(keys: &Keys, person: &PersonId) -> Vec<Bucket> {
    vec![Bucket::new(keys, ENROLMENTS, &[b"enrolments", person.as_str().as_bytes()])]
}

/// A client's secret at the token endpoint.
pub fn client_secret(keys: &Keys, client_id: &str, network: Network) -> Vec<Bucket> {
    vec![Bucket::new(keys, CLIENT_SECRET, &[b"client secret", client_id.as_bytes(), network.bytes()])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::keys;

    fn network(address: &str) -> Network {
        Network::of(address.parse().unwrap())
    }

    #[test]
    fn networks() {
        #[rustfmt::skip]
        let table = [
            ("192.0.2.1",              "192.0.2.254",               true),
            ("192.0.2.1",              "192.0.3.1",                 false),
            ("192.0.2.1",              "::ffff:192.0.2.9",          true),
            ("2001:db8:0:ab00::1",     "2001:db8:0:abff:ffff::9",   true),
            ("2001:db8:0:ab00::1",     "2001:db8:0:ac00::1",        false),
            ("2001:db8::1",            "192.0.2.1",                 false),
        ];
        for (one, other, same) in table {
            assert_eq!(network(one) == network(other), same, "{one} {other}");
        }
    }

    /// Section 7 of the decisions, as numbers: tries and seconds from a first window's start until it is forgotten.
    #[test]
    fn buckets_and_their_limits() {
        let (keys, person) = (keys(1), PersonId::from_stored("anna".to_owned()));
        let home = network("192.0.2.1");
        #[rustfmt::skip]
        let table = [
            ("unknown device", password(&keys, "anna", home, Device::Unknown),      vec![(10, 900), (100, 31 * 86_400)]),
            ("known device",   password(&keys, "anna", home, Device::Known("tab")), vec![(20, 86_400)]),
            ("deletion code",  deletion_code(&keys, &person),                       vec![(5, 25 * 3600), (20, 366 * 86_400)]),
            ("contact codes",  contact_codes(&keys, &person),                       vec![(3, 3600)]),
            ("enrolments",     enrolments(&keys, &person),                          vec![(20, 86_400)]),
            ("client secret",  client_secret(&keys, "portal", home),                vec![(100, 900)]),
        ];
        let mut names = Vec::new();
        for (what, buckets, expected) in table {
            let limits: Vec<_> = buckets.iter().map(|b| (b.limit.tries(), b.limit.lifetime().as_secs())).collect();
            assert_eq!(limits, expected, "{what}");
            names.extend(buckets.into_iter().map(|bucket| bucket.key));
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "every counter has its own name");
        assert!(names.iter().all(|name| name.len() == 64));
    }

    #[test]
    fn t13_a_stranger_s_tries_are_not_counted_against_a_known_device() {
        let keys = keys(1);
        let strangers = password(&keys, "anna", network("198.51.100.1"), Device::Unknown);
        let owners = password(&keys, "anna", network("198.51.100.1"), Device::Known("tab"));
        assert!(owners.iter().all(|own| strangers.iter().all(|other| own.key != other.key)));
        let elsewhere = password(&keys, "bela", network("198.51.100.1"), Device::Known("tab"));
        assert_ne!(owners[0].key, elsewhere[0].key);
    }

    #[test]
    fn the_account_s_counter_is_one_whatever_the_network() {
        let keys = keys(1);
        let [here, there] = ["192.0.2.1", "203.0.113.1"].map(|a| password(&keys, "anna", network(a), Device::Unknown));
        assert_ne!(here[0].key, there[0].key);
        assert_eq!(here[1].key, there[1].key);
    }
}
