//! Where the demo listens: on loopback, and on both kinds of it, since browsers ask for either.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use anyhow::{Context as _, bail};
use tokio::net::TcpListener;

/// A loopback address and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenOn(SocketAddr);

/// An address that the demo does not listen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListenOnError {
    /// No address with a port.
    #[error("an address to listen on looks like 127.0.0.1:8080")]
    Form,
    /// Others could reach it.
    #[error("the demo listens on loopback only, since its page tells everybody's password: give 127.0.0.1:8080")]
    Reachable,
}

impl Default for ListenOn {
    fn default() -> Self {
        Self((Ipv4Addr::LOCALHOST, 8080).into())
    }
}

impl fmt::Display for ListenOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ListenOn {
    type Err = ListenOnError;

    fn from_str(text: &str) -> Result<Self, ListenOnError> {
        let numeric = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
        let address: SocketAddr = numeric.as_deref().unwrap_or(text).parse().map_err(|_| ListenOnError::Form)?;
        if address.ip().is_loopback() { Ok(Self(address)) } else { Err(ListenOnError::Reachable) }
    }
}

impl ListenOn {
    /// Listens there, and on the same port of the other kind of loopback where this machine has it and the
    /// port is free. Says which port it is.
    ///
    /// # Errors
    ///
    /// When the address itself is not to be had.
    pub async fn bind(&self) -> anyhow::Result<(Vec<TcpListener>, u16)> {
        let first = match TcpListener::bind(self.0).await {
            Ok(listener) => listener,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                bail!("{self} is in use; pick another port with --listen 127.0.0.1:0")
            }
            Err(error) => return Err(error).with_context(|| format!("cannot listen on {self}")),
        };
        let port = first.local_addr()?.port();
        let other: IpAddr = match self.0.ip() {
            IpAddr::V4(_) => Ipv6Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv4Addr::LOCALHOST.into(),
        };
        let second = TcpListener::bind((other, port)).await.ok();
        Ok(([first].into_iter().chain(second).collect(), port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_for_this_machine_only() {
        for (text, expected) in [
            ("127.0.0.1:8080", Ok("127.0.0.1:8080")),
            ("localhost:9000", Ok("127.0.0.1:9000")),
            ("[::1]:0", Ok("[::1]:0")),
            ("127.0.0.2:1", Ok("127.0.0.2:1")),
            ("0.0.0.0:8080", Err(ListenOnError::Reachable)),
            ("[::]:8080", Err(ListenOnError::Reachable)),
            ("192.0.2.1:8080", Err(ListenOnError::Reachable)),
            ("8080", Err(ListenOnError::Form)),
            ("127.0.0.1", Err(ListenOnError::Form)),
            ("example.org:8080", Err(ListenOnError::Form)),
        ] {
            assert_eq!(
                text.parse::<ListenOn>().map(|on| on.to_string()).as_deref(),
                expected.as_ref().copied(),
                "{text}"
            );
        }
    }
}
