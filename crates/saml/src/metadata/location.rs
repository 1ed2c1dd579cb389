//! Addresses in metadata.

use url::{Host, Url};

use super::{LOCATION_BYTES_MAX, Loopback};

/// Why an address is refused; the text continues the name of what holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationFault {
    /// Longer than [`LOCATION_BYTES_MAX`].
    #[error("is longer than 2048 bytes")]
    TooLong,
    /// Not absolute, or no URL at all.
    #[error("is no absolute URL")]
    Form,
    /// Without TLS, or of a scheme that no browser posts to.
    #[error("must begin with https://")]
    Scheme,
    /// `*`.
    #[error("must not contain a wildcard")]
    Wildcard,
    /// A fragment, even an empty one.
    #[error("must not contain a fragment")]
    Fragment,
    /// A user name or password.
    #[error("must not contain a user name or password")]
    UserInfo,
}

/// Checks an address that messages are sent to. It is kept, and compared, byte for byte.
pub(super) fn endpoint(text: &str, loopback: Loopback) -> Result<String, LocationFault> {
    for (sign, fault) in [('*', LocationFault::Wildcard), ('#', LocationFault::Fragment)] {
        if text.contains(sign) {
            return Err(fault);
        }
    }
    let url = parse(text)?;
    let is_here = match url.host().ok_or(LocationFault::Form)? {
        Host::Domain(domain) => domain == "localhost" || domain.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(LocationFault::UserInfo);
    }
    match url.scheme() {
        "https" => Ok(text.to_owned()),
        "http" if is_here && loopback == Loopback::Allowed => Ok(text.to_owned()),
        _ => Err(LocationFault::Scheme),
    }
}

/// Checks an address that people may follow.
pub(super) fn link(text: &str) -> Result<String, LocationFault> {
    match parse(text)?.scheme() {
        "https" | "http" => Ok(text.to_owned()),
        _ => Err(LocationFault::Scheme),
    }
}

/// A URL without what a browser would drop in silence: white space around it and line ends within.
fn parse(text: &str) -> Result<Url, LocationFault> {
    if text.len() > LOCATION_BYTES_MAX {
        return Err(LocationFault::TooLong);
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(LocationFault::Form);
    }
    Url::parse(text).map_err(|_| LocationFault::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_https_and_only_what_it_seems() {
        let long = format!("https://sp.example/{}", "a".repeat(LOCATION_BYTES_MAX));
        for (text, fault) in [
            ("https://sp.example/acs", None),
            ("https://sp.example:443/acs?x=1&y=%20", None),
            ("https://SP.example/acs", None),
            ("http://sp.example/acs", Some(LocationFault::Scheme)),
            ("http://localhost:3000/acs", Some(LocationFault::Scheme)),
            ("https://*.sp.example/acs", Some(LocationFault::Wildcard)),
            ("https://sp.example/*", Some(LocationFault::Wildcard)),
            ("https://sp.example/#", Some(LocationFault::Fragment)),
            ("https://a:b@sp.example/", Some(LocationFault::UserInfo)),
            ("https://sp.example\\@evil.example/", Some(LocationFault::Form)),
            ("https://sp.example/a b", Some(LocationFault::Form)),
            ("https://sp.ex\nample/", Some(LocationFault::Form)),
            (" https://sp.example/", Some(LocationFault::Form)),
            ("/acs", Some(LocationFault::Form)),
            ("", Some(LocationFault::Form)),
            ("javascript:alert(1)", Some(LocationFault::Form)),
            ("ftp://sp.example/", Some(LocationFault::Scheme)),
            (&long, Some(LocationFault::TooLong)),
        ] {
            assert_eq!(endpoint(text, Loopback::Refused).err(), fault, "{text:.60}");
        }
    }

    #[test]
    fn a_demonstration_may_live_on_this_machine() {
        for text in
            ["http://localhost:3000/acs", "http://sp.localhost/acs", "http://127.0.0.1/acs", "http://[::1]:1/acs"]
        {
            assert_eq!(endpoint(text, Loopback::Allowed).as_deref(), Ok(text));
        }
        for text in ["http://localhost.evil.example/", "http://evillocalhost/", "http://10.0.0.1/"] {
            assert_eq!(endpoint(text, Loopback::Allowed), Err(LocationFault::Scheme), "{text}");
        }
    }

    #[test]
    fn a_link_leads_to_the_web() {
        assert!(link("http://sp.example/#privacy").is_ok());
        for text in ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example"] {
            assert_eq!(link(text), Err(LocationFault::Scheme), "{text}");
        }
    }
}
