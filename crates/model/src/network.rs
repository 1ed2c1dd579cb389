//! Where a request comes from, as coarse as a limit of attempts needs it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The network that a request comes from: an IPv4 /24 or an IPv6 /56, about one household or office.
///
/// Written as its prefix, `192.0.2.0/24` or `2001:db8:0:ab00::/56` (RFC 5952 section 4); two
/// addresses of one network have the same text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Network(String);

impl Network {
    /// The network of an address. An IPv4-mapped IPv6 address is the IPv4 address (RFC 4291 section 2.5.5.2).
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => format!("{}/24", Ipv4Addr::from_bits(v4.to_bits() & (!0 << 8))),
            IpAddr::V6(v6) => format!("{}/56", Ipv6Addr::from_bits(v6.to_bits() & (!0 << 72))),
        })
    }

    /// The prefix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn networks_of_addresses() {
        #[rustfmt::skip]
        let table = [
            ("192.0.2.1",                  "192.0.2.0/24"),
            ("192.0.2.254",                "192.0.2.0/24"),
            ("192.0.3.1",                  "192.0.3.0/24"),
            ("::ffff:192.0.2.9",           "192.0.2.0/24"),          // IPv4-mapped
            ("127.0.0.1",                  "127.0.0.0/24"),
            ("255.255.255.255",            "255.255.255.0/24"),
            ("2001:db8:0:ab00::1",         "2001:db8:0:ab00::/56"),
            ("2001:db8:0:abff:ffff::9",    "2001:db8:0:ab00::/56"),
            ("2001:db8:0:ac00::1",         "2001:db8:0:ac00::/56"),
            ("::1",                        "::/56"),
        ];
        for (address, prefix) in table {
            let network = Network::of(address.parse().unwrap());
            assert_eq!(network.as_str(), prefix, "{address}");
            assert_eq!(network.to_string(), prefix, "{address}");
        }
    }

    proptest! {
        #[test]
        fn two_ipv4_addresses_share_a_network_when_their_first_three_octets_agree(one: [u8; 4], other: [u8; 4], near: bool) {
            let other = if near { [one[0], one[1], one[2], other[3]] } else { other };
            let same = Network::of(IpAddr::from(one)) == Network::of(IpAddr::from(other));
            prop_assert_eq!(same, one[..3] == other[..3]);
        }

        #[test]
        fn two_ipv6_addresses_share_a_network_when_their_first_seven_octets_agree(one: [u8; 16], other: [u8; 16], near: bool) {
            let mut one = one;
            one[0] = 0x20; // global unicast: no mapped address
            let mut other = other;
            other[0] = 0x20;
            if near {
                other[..7].copy_from_slice(&one[..7]);
            }
            let same = Network::of(IpAddr::from(one)) == Network::of(IpAddr::from(other));
            prop_assert_eq!(same, one[..7] == other[..7]);
        }
    }
}
