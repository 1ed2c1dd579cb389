//! TLS to the server. A server of another machine is reached in no other way, and only after its
//! certificate was found valid for its name: what libpq calls `sslmode=verify-full`.

use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::{TlsConnector, client};

use crate::StoreError;

/// Says in the configuration whether TLS is used, and gives what it takes: `None` for a server of this
/// machine, unless the address or `roots` ask for it.
pub(super) fn choose(config: &mut Config, roots: Option<&Path>) -> Result<Option<Tls>, StoreError> {
    let mode = match (config.get_ssl_mode(), is_here(config)) {
        (SslMode::Disable, false) => {
            let reason = "sslmode=disable is for a server of this machine only; another one is reached by TLS";
            return Err(StoreError::Address { reason: reason.to_owned() });
        }
        // What an address says that says nothing.
        (SslMode::Prefer, true) if roots.is_none() => SslMode::Disable,
        (SslMode::Disable, true) => SslMode::Disable,
        (_, _) => SslMode::Require,
    };
    config.ssl_mode(mode);
    Ok(if mode == SslMode::Require { Some(Tls::trusting(roots)?) } else { None })
}

/// Whether every host that the address names is this machine.
fn is_here(config: &Config) -> bool {
    let here = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(is_loopback),
    };
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(here),
        addresses => addresses.iter().copied().all(is_loopback),
    }
}

fn is_loopback(address: std::net::IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Begins TLS on connections.
#[derive(Clone)]
pub(super) struct Tls(TlsConnector);

impl Tls {
    /// Trusts the authorities of a PEM file, or those of this machine.
    fn trusting(roots: Option<&Path>) -> Result<Self, StoreError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(None, &error))?;
        let builder = match roots {
            None => builder.with_platform_verifier().map_err(|error| unusable(None, &error))?,
            Some(file) => builder.with_root_certificates(read(file)?),
        };
        Ok(Self(TlsConnector::from(Arc::new(builder.with_no_client_auth()))))
    }
}

/// The authorities in a PEM file, at least one.
fn read(file: &Path) -> Result<RootCertStore, StoreError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(Some(file), &error))? {
        let certificate = certificate.map_err(|error| unusable(Some(file), &error))?;
        roots.add(certificate).map_err(|error| unusable(Some(file), &error))?;
    }
    if roots.is_empty() { Err(unusable(Some(file), &"it holds no certificate")) } else { Ok(roots) }
}

fn unusable(file: Option<&Path>, reason: &dyn std::fmt::Display) -> StoreError {
    let whose = file.map_or_else(|| "this machine".to_owned(), |file| file.display().to_string());
    StoreError::Roots { whose, reason: reason.to_string() }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
    type Stream = Encrypted<S>;
    type TlsConnect = Handshake;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Handshake, InvalidDnsNameError> {
        Ok(Handshake { connector: self.0.clone(), name: ServerName::try_from(domain)?.to_owned() })
    }
}

/// A handshake with one server.
pub(super) struct Handshake {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Handshake {
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move { Ok(Encrypted(self.connector.connect(self.name, stream).await?)) })
    }
}

/// A connection after its handshake.
pub(super) struct Encrypted<S>(client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Encrypted<S> {
    /// None: the certificate was verified, so nobody stands between.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_this_machine_is_encrypted() {
        let roots = Path::new("roots.pem");
        #[rustfmt::skip]
        let table = [
            ("host=/run/postgresql user=kapu",                        None,        Some(SslMode::Disable)),
            ("host=localhost user=kapu",                              None,        Some(SslMode::Disable)),
            ("host=127.0.0.1 user=kapu",                              None,        Some(SslMode::Disable)),
            ("postgres://kapu@[::1]/kapu",                            None,        Some(SslMode::Disable)),
            ("host=localhost user=kapu sslmode=require",              None,        Some(SslMode::Require)),
            ("host=db.example.org hostaddr=127.0.0.1 user=kapu",      None,        Some(SslMode::Disable)),
            ("host=db.example.org user=kapu",                         None,        Some(SslMode::Require)),
            ("host=192.0.2.7 user=kapu",                              None,        Some(SslMode::Require)),
            ("host=localhost hostaddr=192.0.2.7 user=kapu",           None,        Some(SslMode::Require)),
            ("host=/run/postgresql,db.example.org user=kapu",         None,        Some(SslMode::Require)),
            ("host=db.example.org user=kapu sslmode=prefer",          None,        Some(SslMode::Require)),
            ("postgres://kapu@db.example.org/kapu?sslmode=require",   None,        Some(SslMode::Require)),
            ("host=localhost user=kapu sslmode=disable",              Some(roots), Some(SslMode::Disable)),
            ("host=db.example.org user=kapu sslmode=disable",         None,        None),
            ("host=localhost.example.org user=kapu sslmode=disable",  None,        None),
        ];
        for (address, roots, expected) in table {
            let mut config: Config = address.parse().unwrap();
            let chosen = choose(&mut config, roots);
            match (expected, chosen) {
                (None, Err(StoreError::Address { reason })) => assert!(reason.contains("sslmode"), "{address}"),
                (Some(mode), Ok(tls)) => {
                    assert_eq!(config.get_ssl_mode(), mode, "{address}");
                    assert_eq!(tls.is_some(), mode == SslMode::Require, "{address}");
                }
                (expected, chosen) => panic!("{address}: {expected:?}, {:?}", chosen.map(drop)),
            }
        }
    }

    #[test]
    fn authorities_that_cannot_be_read_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let (missing, empty) = (folder.path().join("missing.pem"), folder.path().join("empty.pem"));
        std::fs::write(&empty, "no certificate").unwrap();
        for file in [missing, empty] {
            let mut config: Config = "host=localhost user=kapu".parse().unwrap();
            let error = choose(&mut config, Some(&file)).map(drop).unwrap_err().to_string();
            assert!(error.contains(file.to_str().unwrap()), "{error}");
        }
    }
}
