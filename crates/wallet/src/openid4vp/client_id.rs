//! Who a verifier is, by its certificate (OpenID4VP 1.0 section 5.9.3).

use std::fmt;

use data_encoding::BASE64URL_NOPAD;

use crate::trust::{Fingerprint, Signer};

/// A client identifier with its prefix. Others than these two are not understood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClientId {
    /// `x509_hash:`, the only one of HAIP 1.0: the SHA-256 of the signer's certificate.
    X509Hash(Fingerprint),
    /// `x509_san_dns:`: a DNS name of the signer's certificate, in lower case.
    X509SanDns(String),
}

impl ClientId {
    /// Reads one with its prefix.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, rest) = text.split_once(':')?;
        match prefix {
            "x509_hash" => {
                let hash = BASE64URL_NOPAD.decode(rest.as_bytes()).ok()?;
                hash.try_into().ok().map(ClientId::X509Hash)
            }
            "x509_san_dns" => {
                let is_name = (1..=253).contains(&rest.len())
                    && rest
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.');
                is_name.then(|| ClientId::X509SanDns(rest.to_owned()))
            }
            _ => None,
        }
    }

    /// Whether the signer of a request may call itself so.
    pub fn is_of(&self, signer: &Signer) -> bool {
        match self {
            ClientId::X509Hash(hash) => *hash == signer.fingerprint,
            ClientId::X509SanDns(name) => signer.dns_names.contains(name),
        }
    }

    /// Whether the verifier may have its answers sent to `uri`: one that is known by a DNS name only to that
    /// host.
    pub fn may_receive_at(&self, uri: &str) -> bool {
        match self {
            ClientId::X509Hash(_) => true,
            ClientId::X509SanDns(name) => crate::trust::host_of_any(uri) == Some(name),
        }
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientId::X509Hash(hash) => write!(f, "x509_hash:{}", BASE64URL_NOPAD.encode(hash)),
            ClientId::X509SanDns(name) => write!(f, "x509_san_dns:{name}"),
        }
    }
}
