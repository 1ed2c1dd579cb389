//! Whom to believe: chains of certificates that lead to trusted anchors at an instant (RFC 5280 section 6,
//! in the profile of `OpenID4VC` HAIP 1.0).

mod anchors;
mod certificate;
#[cfg(test)]
mod tests;

use jose::Jwk;

pub use anchors::{ANCHORS_MAX, TrustError, TrustList};

/// The SHA-256 of a certificate's DER.
pub type Fingerprint = [u8; 32];

/// The fingerprint of a certificate.
pub fn fingerprint(der: &[u8]) -> Fingerprint {
    certificate::fingerprint(der)
}

/// What a certificate's key signs. Where a certificate names extended key usages, one of them must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Credentials and status lists.
    Credentials,
    /// Requests of a verifier.
    Requests,
    /// What the maker of a wallet says of it and of its keys.
    Attestations,
}

/// Who signed, by the word of a trusted anchor.
#[derive(Clone, Debug, PartialEq)]
pub struct Signer {
    /// The key in the certificate.
    pub key: Jwk,
    /// The same as `SubjectPublicKeyInfo`, in DER.
    pub spki: Vec<u8>,
    /// From when until when the certificate holds, in seconds since the epoch.
    pub valid: (i64, i64),
    /// The certificate.
    pub fingerprint: Fingerprint,
    /// The anchor that it leads to.
    pub anchor: Fingerprint,
    /// The first common name of its subject, for people to read.
    pub common_name: Option<String>,
    /// The DNS names that it is for, in lower case.
    pub dns_names: Vec<String>,
    /// The URIs that it is for.
    pub uris: Vec<String>,
}

/// Why a chain is refused. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// A certificate cannot be read.
    #[error("a certificate is malformed")]
    Malformed,
    /// It leads to no anchor that is trusted, or a signature in it is wrong.
    #[error("the chain leads to no trusted anchor")]
    Unknown,
    /// The trusted anchor is in the chain, or the signer is its own anchor.
    #[error("the trusted anchor is in the chain")]
    AnchorInChain,
    /// A certificate or the anchor has expired.
    #[error("a certificate of the chain has expired")]
    Expired,
    /// A certificate or the anchor is not valid yet.
    #[error("a certificate of the chain is not valid yet")]
    Early,
    /// A certificate or the anchor was revoked.
    #[error("a certificate of the chain was revoked")]
    Revoked,
    /// A certificate is for something else.
    #[error("a certificate of the chain is not for this use")]
    Usage,
    /// A certificate signs others without being allowed to, or an authority signs for itself.
    #[error("an authority and a signer are confused in the chain")]
    Constraints,
    /// The signer's key is not on P-256.
    #[error("the signer's key is not on P-256")]
    Key,
}

impl Signer {
    /// Whether a credential may call its issuer so: where the certificate names URIs or hosts, it must be one
    /// of them, or a URI on one of the hosts.
    pub fn may_be_called(&self, issuer: &str) -> bool {
        if self.dns_names.is_empty() && self.uris.is_empty() {
            return true;
        }
        self.uris.iter().any(|uri| uri == issuer)
            || host_of(issuer).is_some_and(|host| self.dns_names.iter().any(|name| name.eq_ignore_ascii_case(host)))
    }
}

/// The host of an https URI.
pub(crate) fn host_of(uri: &str) -> Option<&str> {
    uri.strip_prefix("https://").and_then(host)
}

/// The host of an https URI, or of an http one, which only our own demonstration has.
pub(crate) fn host_of_any(uri: &str) -> Option<&str> {
    host_of(uri).or_else(|| uri.strip_prefix("http://").and_then(host)).filter(|host| !host.is_empty())
}

fn host(rest: &str) -> Option<&str> {
    let authority = rest.split(['/', '?', '#']).next()?;
    if authority.contains('@') {
        return None;
    }
    authority.split(':').next()
}
