//! The public addresses: configuration, never what a request says of itself.

use std::fmt;

use serde::Deserialize;
use url::{Host, Url};

/// Scheme, host and port of a place on the web (RFC 6454 section 4), as browsers write them:
/// lower case, no default port, no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: Scheme,
    authority: String,
}

/// How a place is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// With TLS, ended by whatever stands before this process.
    Https,
    /// Without; only towards this very machine.
    Http,
}

impl Scheme {
    /// `https` or `http`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scheme::Https => "https",
            Scheme::Http => "http",
        }
    }

    const fn default_port(self) -> &'static str {
        match self {
            Scheme::Https => ":443",
            Scheme::Http => ":80",
        }
    }
}

/// Why a text is no origin that we could have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// No absolute URL.
    #[error("an origin looks like https://kau.example.org")]
    Form,
    /// Something after host and port, or a user before them.
    #[error("an origin has a host and perhaps a port, but no user, path, query or fragment")]
    More,
    /// Another scheme than https.
    #[error("an origin begins with https://, because cookies and codes must not travel in the clear")]
    Scheme,
    /// A name that leads to the asking machine.
    #[error("an origin under localhost exists only in the demo")]
    Localhost,
}

impl Origin {
    /// Reads an origin of a configuration.
    ///
    /// # Errors
    ///
    /// [`OriginError`] for anything but `https://host` or `https://host:port`.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let url = Url::parse(text).map_err(|_| OriginError::Form)?;
        let Some(host) = url.host() else { return Err(OriginError::Form) };
        if url.scheme() != "https" {
            return Err(if is_localhost(&host) { OriginError::Localhost } else { OriginError::Scheme });
        }
        if is_localhost(&host) {
            return Err(OriginError::Localhost);
        }
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if !bare {
            return Err(OriginError::More);
        }
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self { scheme: Scheme::Https, authority: format!("{host}{port}") })
    }

    /// An origin of the demo: `http://{name}.localhost:{port}`, or `http://localhost:{port}` without a name.
    pub fn of_demo(name: Option<&str>, port: u16) -> Self {
        let host = name.map_or_else(|| "localhost".to_owned(), |name| format!("{name}.localhost"));
        let authority = if port == 80 { host } else { format!("{host}:{port}") };
        Self { scheme: Scheme::Http, authority }
    }

    /// How it is reached.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Host and port, as a `Host` header that is the same after [`Scheme::same_authority`].
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

impl Scheme {
    /// `authority` as an [`Origin`] of this scheme has it: lower case and without the default port.
    pub fn same_authority(self, authority: &str) -> String {
        let mut lower = authority.to_ascii_lowercase();
        if let Some(bare) = lower.strip_suffix(self.default_port()) {
            lower.truncate(bare.len());
        }
        lower
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.authority)
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        Self::parse(&text)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Whether a name leads to the asking machine wherever it is asked (RFC 6761 section 6.3).
pub fn is_localhost_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

fn is_localhost(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => is_localhost_name(name),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_of_a_configuration() {
        use OriginError::{Form, Localhost, More, Scheme};
        #[rustfmt::skip]
        let table = [
            ("https://kau.example.org",          Ok("https://kau.example.org")),
            ("https://KAU.Example.org:443/",     Ok("https://kau.example.org")),
            ("https://kau.example.org:8443",     Ok("https://kau.example.org:8443")),
            ("https://ügyfélkapu.example",       Ok("https://xn--gyflkapu-d1a0q.example")),
            ("kau.example.org",                  Err(Form)),
            ("",                                 Err(Form)),
            ("https://",                         Err(Form)),
            ("mailto:kau@example.org",           Err(Form)),
            ("http://kau.example.org",           Err(Scheme)),
            ("ftp://kau.example.org",            Err(Scheme)),
            ("http://kau.localhost:8080",        Err(Localhost)),
            ("https://kau.localhost",            Err(Localhost)),
            ("https://localhost.",               Err(Localhost)),
            ("https://127.0.0.1",                Err(Localhost)),
            ("https://[::1]:8443",               Err(Localhost)),
            ("https://kau.example.org/login",    Err(More)),
            ("https://kau.example.org/?a",       Err(More)),
            ("https://kau.example.org/#a",       Err(More)),
            ("https://a:b@kau.example.org",      Err(More)),
        ];
        for (text, expected) in table {
            let origin = Origin::parse(text).map(|origin| origin.to_string());
            assert_eq!(origin.as_deref(), expected.as_ref().copied(), "{text:?}");
        }
    }

    #[test]
    fn a_host_header_is_compared_without_case_and_default_port() {
        assert_eq!(Scheme::Https.same_authority("KAU.example.org:443"), "kau.example.org");
        assert_eq!(Scheme::Https.same_authority("kau.example.org:80"), "kau.example.org:80");
        assert_eq!(Scheme::Http.same_authority("kau.localhost:80"), "kau.localhost");
        assert_eq!(Origin::of_demo(Some("kau"), 80).authority(), "kau.localhost");
        assert_eq!(Origin::of_demo(None, 8080).to_string(), "http://localhost:8080");
    }
}
