//! Whom the gateway may call by itself. A registered address must not make it knock at doors of the
//! network that it stands in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;
use url::{Host, Url};

use crate::origin::is_localhost_name;

/// How long a service may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How far calls may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// By https to the public network.
    Public,
    /// Also by http to `*.localhost`, which is this machine: the demo's own services.
    PublicAndDemo,
}

/// An address that is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// No URL.
    #[error("the address is no URL")]
    Form,
    /// Another scheme than https.
    #[error("only https is called")]
    Scheme,
    /// It leads into a network that is not public.
    #[error("the address is not of the public network")]
    Address,
}

impl Reach {
    /// A client that goes no further, follows no redirect and asks no proxy.
    ///
    /// # Errors
    ///
    /// When the machine's TLS cannot be set up.
    pub fn client(self) -> reqwest::Result<reqwest::Client> {
        let client = reqwest::Client::builder().dns_resolver(Arc::new(self)).redirect(redirect::Policy::none());
        client.no_proxy().timeout(PATIENCE).build()
    }

    /// Checks a URL before it is called. What its name leads to, [`Reach::resolve`] checks.
    ///
    /// # Errors
    ///
    /// [`Forbidden`] says why not.
    pub fn check(self, url: &str) -> Result<Url, Forbidden> {
        let url = Url::parse(url).map_err(|_| Forbidden::Form)?;
        let host = url.host().ok_or(Forbidden::Form)?;
        let demo = self.is_demo_host(&host);
        match (url.scheme(), host) {
            ("http" | "https", _) if demo => Ok(url),
            ("https", Host::Domain(name)) if is_localhost_name(name) => Err(Forbidden::Address),
            ("https", Host::Ipv4(address)) if !is_public(address.into()) => Err(Forbidden::Address),
            ("https", Host::Ipv6(address)) if !is_public(address.into()) => Err(Forbidden::Address),
            ("https", _) => Ok(url),
            _ => Err(Forbidden::Scheme),
        }
    }

    fn is_demo_host(self, host: &Host<&str>) -> bool {
        match (self, host) {
            (Reach::PublicAndDemo, Host::Domain(name)) => is_localhost_name(name),
            (Reach::PublicAndDemo, Host::Ipv4(_) | Host::Ipv6(_)) | (Reach::Public, _) => false,
        }
    }

    /// The addresses that a name leads to and that may be called.
    async fn resolve(self, name: &str) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        if is_localhost_name(name) {
            return match self {
                // Many resolvers do not know these names; browsers do not ask them (RFC 6761 section 6.3).
                Reach::PublicAndDemo => Ok(vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()]),
                Reach::Public => Err(Forbidden::Address.into()),
            };
        }
        let found = tokio::net::lookup_host((name, 0)).await?;
        let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
        if public.is_empty() { Err(Forbidden::Address.into()) } else { Ok(public) }
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = *self;
        Box::pin(async move {
            let addresses = reach.resolve(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Why a call failed, without a word of what was sent.
pub(super) fn failed(error: &reqwest::Error) -> String {
    let reason = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
    format!("the service {reason}")
}

/// Whether an address is of the public network: globally reachable by the registries of RFC 6890,
/// and no multicast.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// Networks of IPv4 that are not public, by first address and bits of the prefix.
const SPECIAL_V4: [(Ipv4Addr, u32); 15] = [
    // "This network" (RFC 791), private (RFC 1918), shared by carriers (RFC 6598), loopback, link-local (RFC 3927).
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    // Protocol assignments (RFC 6890), documentation (RFC 5737), the former 6to4 relays (RFC 7526), private.
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Benchmarks (RFC 2544), documentation.
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast; reserved, and broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let prefix = |address: Ipv4Addr, bits: u32| u32::from(address) >> (Ipv4Addr::BITS - bits);
    !SPECIAL_V4.iter().any(|(first, bits)| prefix(address, *bits) == prefix(*first, *bits))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // IPv4 as IPv6 (RFC 4291 section 2.5.5.2), and by a translator (RFC 6052 section 2.1).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocol assignments and Teredo (RFC 2928, RFC 4380), documentation (RFC 3849, RFC 9637), and 6to4
        // (RFC 3056), in which any IPv4 address hides.
        [0x2001, 0..=0x01ff | 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        // Global unicast (RFC 4291 section 2.5.4). All else is loopback, local, multicast or not assigned.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o16_addresses_that_are_not_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::7f00:1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:0808:0808::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:4860:4860::8888",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn o16_urls_that_are_called() {
        use Forbidden::{Address, Form, Scheme};
        #[rustfmt::skip]
        let table = [
            // URL                               in production   in the demo
            ("https://service.example/logout",   Ok(()),         Ok(())),
            ("https://8.8.8.8/",                 Ok(()),         Ok(())),
            ("http://service.example/",          Err(Scheme),    Err(Scheme)),
            ("ftp://service.example/",           Err(Scheme),    Err(Scheme)),
            ("file:///etc/passwd",               Err(Form),      Err(Form)),
            ("nonsense",                         Err(Form),      Err(Form)),
            ("http://magyarorszag.localhost:80", Err(Scheme),    Ok(())),
            ("https://magyarorszag.localhost",   Err(Address),   Ok(())),
            ("http://localhost.evil.example/",   Err(Scheme),    Err(Scheme)),
            ("http://127.0.0.1:9090/",           Err(Scheme),    Err(Scheme)),
            ("https://127.0.0.1/",               Err(Address),   Err(Address)),
            ("https://0x7f.1/",                  Err(Address),   Err(Address)),
            ("https://2130706433/",              Err(Address),   Err(Address)),
            ("https://169.254.169.254/",         Err(Address),   Err(Address)),
            ("https://[::1]/",                   Err(Address),   Err(Address)),
            ("https://[::ffff:10.0.0.1]/",       Err(Address),   Err(Address)),
            ("https://[fe80::1]/",               Err(Address),   Err(Address)),
        ];
        for (url, production, demo) in table {
            assert_eq!(Reach::Public.check(url).map(drop), production, "{url}");
            assert_eq!(Reach::PublicAndDemo.check(url).map(drop), demo, "{url}");
        }
    }

    #[tokio::test]
    async fn o16_names_that_lead_to_this_machine() {
        let demo = Reach::PublicAndDemo.resolve("magyarorszag.localhost").await.unwrap();
        assert!(demo.iter().all(|address| address.ip().is_loopback()));
        for name in ["localhost", "magyarorszag.localhost", "magyarorszag.localhost."] {
            assert!(Reach::Public.resolve(name).await.is_err(), "{name}");
        }
        // A literal is a name to a resolver.
        for name in ["127.0.0.1", "10.0.0.1", "::1"] {
            assert!(Reach::PublicAndDemo.resolve(name).await.is_err(), "{name}");
        }
    }
}
