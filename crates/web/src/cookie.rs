//! Cookies: read strictly, written by one function.

use axum::http::{HeaderMap, HeaderValue, header};

/// The cookies we set. All have the `__Host-` prefix, so that no other origin can set them
/// (RFC 6265bis section 4.1.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Names this browser to what it began; opens nothing by itself.
    Visitor,
    /// A full session on the account's own pages.
    Account,
    /// An enrolment session.
    Enrolment,
    /// Single sign-on at the broker.
    SingleSignOn,
    /// A known device.
    Device,
    /// The remembered method, and nothing else.
    Method,
    /// The language.
    Lang,
}

/// How long a browser keeps a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Until it is closed.
    Session,
    /// A year.
    Year,
}

/// The longest cookie value that is read.
const VALUE_BYTES: usize = 256;

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Cookie::Visitor => "__Host-visitor",
            Cookie::Account => "__Host-account",
            Cookie::Enrolment => "__Host-enrol",
            Cookie::SingleSignOn => "__Host-sso",
            Cookie::Device => "__Host-device",
            Cookie::Method => "__Host-method",
            Cookie::Lang => "__Host-lang",
        }
    }

    const fn keep(self) -> Keep {
        match self {
            Cookie::Visitor | Cookie::Account | Cookie::Enrolment | Cookie::SingleSignOn => Keep::Session,
            Cookie::Device | Cookie::Method | Cookie::Lang => Keep::Year,
        }
    }

    /// Its value, if it came exactly once and is not overlong: of two with one name neither can be
    /// trusted to be ours.
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<String> {
        let mut found = None;
        for header in headers.get_all(header::COOKIE) {
            for pair in header.to_str().ok()?.split(';') {
                let Some((name, value)) = pair.trim().split_once('=') else { continue };
                if name == self.name() && found.replace(value).is_some() {
                    return None;
                }
            }
        }
        found.filter(|value| value.len() <= VALUE_BYTES).map(str::to_owned)
    }

    /// The header that sets it. The value is one of ours: letters, digits, dots.
    pub(crate) fn set(self, value: &str) -> HeaderValue {
        let age = match self.keep() {
            Keep::Session => "",
            Keep::Year => "; Max-Age=31536000",
        };
        let text = format!("{}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}", self.name());
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// The header that removes it.
    pub(crate) fn remove(self) -> HeaderValue {
        let text = format!("{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0", self.name());
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_str(line).unwrap())).collect()
    }

    #[test]
    fn w02_only_one_cookie_of_the_exact_name_counts() {
        let long = format!("__Host-sso={}", "a".repeat(4096));
        #[rustfmt::skip]
        let table: [(&[&str], Option<&str>); 7] = [
            (&["__Host-sso=abc"],                   Some("abc")),
            (&["x=1; __Host-sso=abc; y=2"],         Some("abc")),
            (&["sso=abc"],                          None),
            (&["__host-sso=abc"],                   None),
            (&["__Host-sso=abc; __Host-sso=def"],   None),
            (&["__Host-sso=abc", "__Host-sso=def"], None),
            (&[&long],                              None),
        ];
        for (lines, expected) in table {
            assert_eq!(Cookie::SingleSignOn.read(&headers(lines)).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn every_cookie_is_bound_to_its_host() {
        let set = Cookie::Account.set("abc");
        assert_eq!(set.to_str().unwrap(), "__Host-account=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
    }
}
