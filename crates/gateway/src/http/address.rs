//! Whose request it is, as far as limits are concerned.

use std::net::{IpAddr, SocketAddr};

use broker::Place;
use http::{HeaderMap, HeaderName};

use crate::config::TrustedProxies;

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The peer's address; or, when the peer is a trusted proxy, the right-most address of
/// `X-Forwarded-For` that is none. What stands left of it may be made up and is not read.
///
/// An entry that is no address ends the walk: the proxy that wrote it is then the best that is known.
pub(super) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let mut known = peer.to_canonical();
    if !trusted.contains(known) {
        return known;
    }
    let lines = headers.get_all(X_FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or_default());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    for entry in entries.into_iter().rev() {
        let Some(address) = read(entry.trim()) else { break };
        known = address;
        if !trusted.contains(known) {
            break;
        }
    }
    known
}

/// The longest value of a header that says where a request comes from, in bytes.
const PLACE_BYTES_MAX: usize = 64;

/// Where a trusted proxy says that a request comes from, by these headers. Of a header that is there twice the last one
/// counts: the proxy wrote it behind what the client had made up.
pub(super) fn client_place(headers: &HeaderMap, names: &[HeaderName]) -> Place {
    let value = |name: &HeaderName| {
        let said = headers.get_all(name).iter().next_back()?.to_str().ok()?.trim();
        (1..=PLACE_BYTES_MAX).contains(&said.len()).then(|| said.to_ascii_uppercase())
    };
    Place(names.iter().map(value).collect())
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn read(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let address = bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn p41_where_a_proxy_says_that_a_request_comes_from() {
        let names = ["x-country", "x-asn"].map(HeaderName::from_static);
        let mut headers = HeaderMap::new();
        assert_eq!(client_place(&headers, &names), Place(vec![None, None]));
        for (name, value) in [("x-country", "SK"), ("x-country", " hu "), ("x-asn", "")] {
            headers.append(name, HeaderValue::from_static(value));
        }
        assert_eq!(client_place(&headers, &names), Place(vec![Some("HU".to_owned()), None]));
    }

    #[test]
    fn w09_the_address_that_limits_count_by() {
        let trusted = TrustedProxies::parse(&["192.0.2.0/24", "2001:db8::/32"]).unwrap();
        #[rustfmt::skip]
        let table: [(&str, &[&str], &str); 13] = [
            ("203.0.113.9",        &[],                                    "203.0.113.9"),
            ("203.0.113.9",        &["1.2.3.4"],                           "203.0.113.9"),  // untrusted peer
            ("203.0.113.9",        &["192.0.2.1"],                         "203.0.113.9"),
            ("192.0.2.1",          &[],                                    "192.0.2.1"),
            ("192.0.2.1",          &["203.0.113.9"],                       "203.0.113.9"),
            ("::ffff:192.0.2.1",   &["203.0.113.9"],                       "203.0.113.9"),
            ("192.0.2.1",          &["1.2.3.4, 203.0.113.9"],              "203.0.113.9"),  // the left one is made up
            ("192.0.2.1",          &["1.2.3.4, 203.0.113.9, 192.0.2.7"],   "203.0.113.9"),
            ("192.0.2.1",          &["1.2.3.4", "203.0.113.9,2001:db8::1"], "203.0.113.9"),
            ("192.0.2.1",          &["203.0.113.9:4711"],                  "203.0.113.9"),
            ("2001:db8::9",        &["[2001:db9::1]:4711"],                "2001:db9::1"),
            ("192.0.2.1",          &["1.2.3.4, unknown"],                  "192.0.2.1"),
            ("192.0.2.1",          &["1.2.3.4, , 192.0.2.7"],              "192.0.2.7"),
        ];
        for (peer, lines, expected) in table {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(X_FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
            }
            let address = client_address(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(address, expected.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
        }
    }
}
