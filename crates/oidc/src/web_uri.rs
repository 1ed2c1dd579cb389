//! Where a client lives on the web.

use url::{Host, Url};

/// The longest URI that is registered, in bytes.
pub const URI_BYTES_MAX: usize = 2048;

/// An absolute URL of a client, kept and compared byte for byte as it was registered.
///
/// Invariant: `https`, or `http` on the local machine; ASCII in its canonical form, so that what is
/// compared is also where a browser goes; no user name, password, fragment or wildcard.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WebUri {
    text: String,
    host: String,
    locality: Locality,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Locality {
    Public,
    ThisMachine,
}

/// Why a URI is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UriFault {
    /// Longer than [`URI_BYTES_MAX`].
    #[error("is longer than 2048 bytes")]
    TooLong,
    /// Not absolute, or no URL at all.
    #[error("is no absolute URL")]
    Form,
    /// Written otherwise than a browser would write it: upper case in the host, a default port, dot
    /// segments, a backslash, characters that need an escape.
    #[error("is not in canonical form (lower-case ASCII host, no default port, no dot segments)")]
    NotCanonical,
    /// Another scheme, or `http` to another machine.
    #[error("must begin with https://")]
    Scheme,
    /// A user name or password.
    #[error("must not contain a user name or password")]
    UserInfo,
    /// A fragment, even an empty one.
    #[error("must not contain a fragment")]
    Fragment,
    /// `*`.
    #[error("must not contain a wildcard")]
    Wildcard,
}

impl WebUri {
    /// Checks a URI.
    ///
    /// # Errors
    ///
    /// See [`UriFault`].
    pub fn parse(text: &str) -> Result<Self, UriFault> {
        if text.len() > URI_BYTES_MAX {
            return Err(UriFault::TooLong);
        }
        for (sign, fault) in [('#', UriFault::Fragment), ('*', UriFault::Wildcard)] {
            if text.contains(sign) {
                return Err(fault);
            }
        }
        let url = Url::parse(text).map_err(|_| UriFault::Form)?;
        let host = url.host().ok_or(UriFault::Form)?;
        let locality = if is_this_machine(&host) { Locality::ThisMachine } else { Locality::Public };
        match (url.scheme(), locality) {
            ("https", Locality::Public | Locality::ThisMachine) | ("http", Locality::ThisMachine) => {}
            (_, Locality::Public | Locality::ThisMachine) => return Err(UriFault::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
            return Err(UriFault::UserInfo);
        }
        // The parser adds the slash of an empty path; both ways of writing it are canonical.
        let canonical = url.as_str();
        if text != canonical && Some(text) != canonical.strip_suffix('/') {
            return Err(UriFault::NotCanonical);
        }
        Ok(Self { text: text.to_owned(), host: host.to_string(), locality })
    }

    /// The text as registered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it leads to this machine (`localhost`, `*.localhost`, a loopback address), which only
    /// a demonstration may register.
    pub fn is_local_demo(&self) -> bool {
        self.locality == Locality::ThisMachine
    }
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(domain) => *domain == "localhost" || domain.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn authority(text: &str) -> &str {
    let after_scheme = text.split_once("//").map_or(text, |(_, rest)| rest);
    after_scheme.split(['/', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_uris_stay_as_they_are() {
        for (text, host, local) in [
            ("https://rp.example/cb", "rp.example", false),
            ("https://rp.example", "rp.example", false),
            ("https://rp.example/", "rp.example", false),
            ("https://rp.example:8443/cb?x=1&y=a%20b", "rp.example", false),
            ("https://rp.example/a@b/~c", "rp.example", false),
            ("https://xn--gyflkapu-e1ab.example/cb", "xn--gyflkapu-e1ab.example", false),
            ("http://magyarorszag.localhost:8080/cb", "magyarorszag.localhost", true),
            ("http://localhost:3000/cb", "localhost", true),
            ("http://127.0.0.1:3000/cb", "127.0.0.1", true),
            ("http://[::1]:3000/cb", "[::1]", true),
            ("https://rp.localhost/cb", "rp.localhost", true),
        ] {
            let uri = WebUri::parse(text).unwrap_or_else(|fault| panic!("{text} {fault}"));
            assert_eq!((uri.as_str(), uri.host(), uri.is_local_demo()), (text, host, local));
        }
    }

    #[test]
    fn o01_uris_that_could_be_read_in_two_ways_are_not_registered() {
        let long = format!("https://rp.example/{}", "a".repeat(URI_BYTES_MAX));
        for (text, fault) in [
            ("", UriFault::Form),
            ("/cb", UriFault::Form),
            ("rp.example/cb", UriFault::Form),
            ("https://", UriFault::Form),
            ("mailto:a@b.example", UriFault::Form),
            ("http://rp.example/cb", UriFault::Scheme),
            ("http://localhost.evil.example/cb", UriFault::Scheme),
            ("http://evillocalhost/cb", UriFault::Scheme),
            ("http://10.0.0.1/cb", UriFault::Scheme),
            ("ftp://rp.example/cb", UriFault::Scheme),
            ("com.example.app://localhost/cb", UriFault::Scheme),
            ("https://rp.example/cb#", UriFault::Fragment),
            ("https://rp.example/cb#x", UriFault::Fragment),
            ("https://*.rp.example/cb", UriFault::Wildcard),
            ("https://rp.example/*", UriFault::Wildcard),
            ("https://user@rp.example/cb", UriFault::UserInfo),
            ("https://user:pass@rp.example/cb", UriFault::UserInfo),
            ("https://@rp.example/cb", UriFault::UserInfo),
            ("https://RP.example/cb", UriFault::NotCanonical),
            ("HTTPS://rp.example/cb", UriFault::NotCanonical),
            ("https://rp.example:443/cb", UriFault::NotCanonical),
            ("https://rp.example/a/../cb", UriFault::NotCanonical),
            ("https://rp.example/%2e%2e/cb", UriFault::NotCanonical),
            ("https:\\\\rp.example\\cb", UriFault::NotCanonical),
            ("https:rp.example/cb", UriFault::NotCanonical),
            ("https://rp.example/a b", UriFault::NotCanonical),
            (" https://rp.example/cb", UriFault::NotCanonical),
            ("https://rp.example/cb\n", UriFault::NotCanonical),
            ("https://rp.exa\tmple/cb", UriFault::NotCanonical),
            ("https://ügyfélkapu.example/cb", UriFault::NotCanonical),
            ("https://rp.example/é", UriFault::NotCanonical),
            ("https://0x7f000001/cb", UriFault::NotCanonical),
            (&long, UriFault::TooLong),
        ] {
            assert_eq!(WebUri::parse(text), Err(fault), "{text:.60}");
        }
    }
}
