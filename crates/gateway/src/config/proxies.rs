//! Whose word on a client's address is taken.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Deserialize;

/// The proxies that stand before this process: addresses or networks in CIDR notation (RFC 4632).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct TrustedProxies(Vec<Network>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Network {
    first: u128,
    mask: u128,
}

/// A text is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// No address, or no length of a prefix behind it.
    #[error("a trusted proxy is an address such as 192.0.2.7 or a network such as 192.0.2.0/24")]
    Form,
    /// A network whose address has bits set beyond its prefix, most often a slip.
    #[error("the network's address has bits set behind its prefix")]
    Bits,
}

/// IPv4 as the IPv6 that stands for it (RFC 4291 section 2.5.5.2), so that there is one space.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_ipv6_mapped()),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

impl TryFrom<String> for Network {
    type Error = NetworkError;

    fn try_from(text: String) -> Result<Self, NetworkError> {
        let (address, length) = match text.split_once('/') {
            None => (text.as_str(), None),
            Some((address, length)) => (address, Some(length.parse::<u32>().map_err(|_| NetworkError::Form)?)),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Form)?;
        let bits = if address.is_ipv4() { Ipv4Addr::BITS } else { Ipv6Addr::BITS };
        let length = length.unwrap_or(bits);
        let host_bits = bits.checked_sub(length).ok_or(NetworkError::Form)?;
        let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
        let first = number(address);
        if first & mask != first {
            return Err(NetworkError::Bits);
        }
        Ok(Self { first, mask })
    }
}

impl TrustedProxies {
    /// Reads them from their texts.
    ///
    /// # Errors
    ///
    /// The first [`NetworkError`].
    pub fn parse(texts: &[&str]) -> Result<Self, NetworkError> {
        texts.iter().map(|text| Network::try_from((*text).to_owned())).collect::<Result<_, _>>().map(Self)
    }

    /// Whether this is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let asked = number(address);
        self.0.iter().any(|network| asked & network.mask == network.first)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody is trusted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_trusted() {
        let proxies = TrustedProxies::parse(&["192.0.2.7", "198.51.100.0/24", "2001:db8::/32"]).unwrap();
        for (address, trusted) in [
            ("192.0.2.7", true),
            ("::ffff:192.0.2.7", true),
            ("192.0.2.8", false),
            ("198.51.100.255", true),
            ("198.51.101.0", false),
            ("2001:db8:ffff::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(proxies.contains(address.parse().unwrap()), trusted, "{address}");
        }
        assert!(!TrustedProxies::default().contains(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        assert!(TrustedProxies::parse(&["0.0.0.0/0"]).unwrap().contains("203.0.113.1".parse().unwrap()));
        assert!(!TrustedProxies::parse(&["0.0.0.0/0"]).unwrap().contains("2001:db8::1".parse().unwrap()));
        assert!(TrustedProxies::parse(&["::/0"]).unwrap().contains("203.0.113.1".parse().unwrap()));
    }

    #[test]
    fn what_is_no_network() {
        for (text, error) in [
            ("", NetworkError::Form),
            ("proxy.example.org", NetworkError::Form),
            ("192.0.2.0/33", NetworkError::Form),
            ("192.0.2.0/x", NetworkError::Form),
            ("192.0.2.0/", NetworkError::Form),
            ("192.0.2.7/24", NetworkError::Bits),
            ("2001:db8::1/32", NetworkError::Bits),
        ] {
            assert_eq!(TrustedProxies::parse(&[text]), Err(error), "{text:?}");
        }
    }
}
