//! The values of a configuration that have a form of their own.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroUsize;

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Disambiguation, TimeZone};
use lettre::message::Mailbox;
use model::{Secret, Timestamp};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::Url;

use crate::origin::is_localhost_name;

/// The instant of the cut-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Cutover(jiff::Timestamp);

/// A text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CutoverError {
    /// Neither of the two forms.
    #[error(
        "the cut-over is an instant such as 2025-01-16T00:00:00+01:00 or 2025-01-16T00:00:00[Europe/Budapest], in quotes"
    )]
    Form,
    /// The clock jumps over it.
    #[error("the cut-over does not exist, or exists twice, on the clocks of that time zone: give the offset as well")]
    Jump,
}

impl Cutover {
    /// The demo's: 16 January 2025 in Hungary.
    pub const DEMO: &'static str = "2025-01-16T00:00:00[Europe/Budapest]";

    /// Reads RFC 3339, or a local time and its time zone (RFC 9557).
    ///
    /// # Errors
    ///
    /// [`CutoverError`] says what is expected.
    pub fn parse(text: &str) -> Result<Self, CutoverError> {
        if !text.contains('[') {
            return text.parse().map(Self).map_err(|_| CutoverError::Form);
        }
        // Reads `+01:00[Europe/Budapest]` too, and refuses an offset that the zone never had then.
        let parser = DateTimeParser::new();
        parser.parse_zoned(text).map_err(|_| CutoverError::Form)?;
        let single = parser.disambiguation(Disambiguation::Reject).parse_zoned(text);
        single.map(|zoned| Self(zoned.timestamp())).map_err(|_| CutoverError::Jump)
    }

    /// The instant.
    pub fn instant(self) -> Timestamp {
        Timestamp::from_micros(self.0.as_microsecond())
    }
}

impl std::str::FromStr for Cutover {
    type Err = CutoverError;

    fn from_str(text: &str) -> Result<Self, CutoverError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Cutover {
    type Error = CutoverError;

    fn try_from(text: String) -> Result<Self, CutoverError> {
        Self::parse(&text)
    }
}

impl fmt::Display for Cutover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match TimeZone::get("Europe/Budapest") {
            Ok(zone) => write!(f, "{}", self.0.to_zoned(zone)),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}

/// The server that takes letters.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct SmtpServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is protected.
    pub transport: Transport,
    /// With what one signs in there.
    pub credentials: Option<(String, Secret<String>)>,
}

/// How the way to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// TLS from the first byte (RFC 8314), port 465.
    Tls,
    /// STARTTLS, without which nothing is sent, port 587.
    StartTls,
    /// None: the server is this machine.
    Loopback,
}

/// A text names no mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mail server looks like smtps://user:password@mail.example.org (TLS) or smtp://mail.example.org (STARTTLS)")]
pub struct SmtpServerError;

impl SmtpServer {
    /// Reads `smtps://` or `smtp://` with host, and perhaps port, user and password (percent-encoded).
    ///
    /// # Errors
    ///
    /// [`SmtpServerError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, SmtpServerError> {
        let url = Url::parse(text).map_err(|_| SmtpServerError)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpServerError)?.to_owned();
        let more = !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some();
        if more {
            return Err(SmtpServerError);
        }
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let here = is_localhost_name(&host) || address.is_ok_and(|address| address.is_loopback());
        let (transport, usual_port) = match url.scheme() {
            "smtps" => (Transport::Tls, 465),
            "smtp" if here => (Transport::Loopback, 25),
            "smtp" => (Transport::StartTls, 587),
            _ => return Err(SmtpServerError),
        };
        let decoded =
            |part: &str| percent_decode_str(part).decode_utf8().map(String::from).map_err(|_| SmtpServerError);
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return Err(SmtpServerError),
            (user, Some(password)) => Some((decoded(user)?, Secret::new(decoded(password)?))),
        };
        Ok(Self { host, port: url.port().unwrap_or(usual_port), transport, credentials })
    }
}

impl TryFrom<String> for SmtpServer {
    type Error = SmtpServerError;

    fn try_from(text: String) -> Result<Self, SmtpServerError> {
        Self::parse(&text)
    }
}

/// Whom letters come from: `Kapu <kapu@example.org>`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MailAddress(pub Mailbox);

impl TryFrom<String> for MailAddress {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self).map_err(|_| "a sender looks like Kapu <kapu@example.org>")
    }
}

/// What a hash costs, and how many are made at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hashing {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Threads, each with that memory; absent for as many as cores.
    pub threads: Option<NonZeroUsize>,
}

impl Default for Hashing {
    /// 19 MiB and two passes: what OWASP's password storage cheat sheet asks for at least.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, threads: None }
    }
}

/// Which names the levels of assurance have in answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoaScheme {
    /// `http://eidas.europa.eu/NotNotified/LoA/…`: the scheme is not notified under eIDAS.
    #[default]
    NotNotified,
    /// `http://eidas.europa.eu/LoA/…`: it is.
    Notified,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_of_a_cutover() {
        use CutoverError::{Form, Jump};
        let midnight = 1_736_982_000;
        #[rustfmt::skip]
        let table = [
            ("2025-01-16T00:00:00[Europe/Budapest]",        Ok(midnight)),
            ("2025-01-16T00:00:00+01:00[Europe/Budapest]",  Ok(midnight)),
            ("2025-01-16T00:00:00+01:00",                   Ok(midnight)),
            ("2025-01-15T23:00:00Z",                        Ok(midnight)),
            ("2025-10-26T02:30:00+01:00[Europe/Budapest]",  Ok(1_761_442_200)),
            ("2025-03-30T02:30:00[Europe/Budapest]",        Err(Jump)),  // clocks go forward
            ("2025-10-26T02:30:00[Europe/Budapest]",        Err(Jump)),  // clocks go back
            ("2025-01-16T00:00:00+05:00[Europe/Budapest]",  Err(Form)),
            ("2025-01-16T00:00:00",                         Err(Form)),
            ("2025-01-16",                                  Err(Form)),
            ("2025-02-30T00:00:00Z",                        Err(Form)),
            ("2025-01-16T00:00:00[Europe/Buda]",            Err(Form)),
            ("tomorrow",                                    Err(Form)),
        ];
        for (text, expected) in table {
            assert_eq!(Cutover::parse(text).map(|cutover| cutover.instant().seconds()), expected, "{text:?}");
        }
        assert_eq!(Cutover::parse(Cutover::DEMO).unwrap().to_string(), "2025-01-16T00:00:00+01:00[Europe/Budapest]");
    }

    #[test]
    fn mail_servers() {
        let tls = SmtpServer::parse("smtps://kapu:p%40ss@mail.example.org").unwrap();
        assert_eq!((tls.host.as_str(), tls.port, tls.transport), ("mail.example.org", 465, Transport::Tls));
        let (user, password) = tls.credentials.unwrap();
        assert_eq!((user.as_str(), password.expose().as_str()), ("kapu", "p@ss"));

        let start = SmtpServer::parse("smtp://mail.example.org:2525").unwrap();
        assert_eq!((start.port, start.transport), (2525, Transport::StartTls));
        for here in ["smtp://127.0.0.1:2525", "smtp://[::1]:2525", "smtp://localhost:2525"] {
            assert_eq!(SmtpServer::parse(here).unwrap().transport, Transport::Loopback, "{here}");
        }
        for bad in [
            "",
            "mail.example.org",
            "http://mail.example.org",
            "smtps://",
            "smtps://mail.example.org/path",
            "smtps://user@mail.example.org",
            "smtps://:password@mail.example.org",
        ] {
            assert!(SmtpServer::parse(bad).is_err(), "{bad:?}");
        }
    }
}
