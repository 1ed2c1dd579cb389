//! What we read of one certificate besides the path to its anchor.

use aws_lc_rs::digest::{SHA256, digest};
use jose::Jwk;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry::{OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY};
use x509_parser::prelude::FromDer;

use super::{ChainFault, Fingerprint};

pub(super) fn fingerprint(der: &[u8]) -> Fingerprint {
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(digest(&SHA256, der).as_ref());
    fingerprint
}

/// Reads a certificate, all of it.
pub(super) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, ChainFault> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        Ok(_) | Err(_) => Err(ChainFault::Malformed),
    }
}

/// Whether an authority may sign certificates: basic constraints say so, and key usage does not deny it
/// (RFC 5280 sections 4.2.1.9 and 4.2.1.3).
pub(super) fn may_certify(certificate: &X509Certificate<'_>) -> Result<bool, ChainFault> {
    let is_ca = certificate.basic_constraints().map_err(|_| ChainFault::Malformed)?.is_some_and(|found| found.value.ca);
    let usage = certificate.key_usage().map_err(|_| ChainFault::Malformed)?;
    Ok(is_ca && usage.is_none_or(|usage| usage.value.key_cert_sign()))
}

/// Whether a signer may sign: key usage, where it is given, says `digitalSignature`.
pub(super) fn may_sign(certificate: &X509Certificate<'_>) -> Result<bool, ChainFault> {
    let usage = certificate.key_usage().map_err(|_| ChainFault::Malformed)?;
    Ok(usage.is_none_or(|usage| usage.value.digital_signature()))
}

/// The signer's key, which must be on P-256.
pub(super) fn key(certificate: &X509Certificate<'_>) -> Result<Jwk, ChainFault> {
    let info = &certificate.tbs_certificate.subject_pki;
    let curve = info.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
    if info.algorithm.algorithm != OID_KEY_TYPE_EC_PUBLIC_KEY || curve != Some(OID_EC_P256) {
        return Err(ChainFault::Key);
    }
    Jwk::from_p256_point(&info.subject_public_key.data).map_err(|_| ChainFault::Key)
}

/// The DNS names, in lower case, and the URIs of the subject.
pub(super) fn names(certificate: &X509Certificate<'_>) -> Result<(Vec<String>, Vec<String>), ChainFault> {
    let (mut dns_names, mut uris) = (Vec::new(), Vec::new());
    let extension = certificate.subject_alternative_name().map_err(|_| ChainFault::Malformed)?;
    for name in extension.iter().flat_map(|extension| &extension.value.general_names) {
        match name {
            GeneralName::DNSName(name) => dns_names.push(name.to_ascii_lowercase()),
            GeneralName::URI(uri) => uris.push((*uri).to_owned()),
            _ => {}
        }
    }
    Ok((dns_names, uris))
}

pub(super) fn common_name(certificate: &X509Certificate<'_>) -> Option<String> {
    certificate.subject().iter_common_name().next().and_then(|name| name.as_str().ok()).map(str::to_owned)
}
