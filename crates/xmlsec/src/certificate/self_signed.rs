//! Writing a certificate for our own key.

use super::time;
use crate::der::{self, integer, value};
use crate::{SignError, SignatureAlgorithm, SigningKey};

/// What stands in a certificate besides its key.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The name of subject and issuer, at most 64 characters (RFC 5280 appendix A.1).
    pub common_name: &'a str,
    /// The first second of its validity, in Unix time.
    pub not_before: i64,
    /// The last second of its validity, in Unix time.
    pub not_after: i64,
    /// The serial number, most significant octet first: at most 20, drawn by the caller (RFC 5280
    /// section 4.1.2.2).
    pub serial: &'a [u8],
}

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const ECDSA_WITH_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];

/// A certificate of `key`, signed by itself, in DER: what metadata publishes for partners that read
/// keys from nothing else (RFC 5280 section 4.1).
///
/// # Errors
///
/// [`SignError`], also when an instant or the name cannot be written.
pub fn self_signed(key: &SigningKey, request: &Request<'_>) -> Result<Vec<u8>, SignError> {
    let Request { common_name, not_before, not_after, serial } = *request;
    let is_writable = (1..=64).contains(&common_name.chars().count()) && (1..=20).contains(&serial.len());
    if !is_writable {
        return Err(SignError);
    }
    let algorithm = match key.algorithm() {
        SignatureAlgorithm::EcdsaSha256 => value(der::SEQUENCE, &[&value(der::OID, &[ECDSA_WITH_SHA256])]),
        SignatureAlgorithm::EcdsaSha384 => value(der::SEQUENCE, &[&value(der::OID, &[ECDSA_WITH_SHA384])]),
        SignatureAlgorithm::RsaSha256
        | SignatureAlgorithm::RsaSha384
        | SignatureAlgorithm::RsaSha512
        | SignatureAlgorithm::RsaPssSha256 => {
            value(der::SEQUENCE, &[&value(der::OID, &[SHA256_WITH_RSA]), &value(der::NULL, &[])])
        }
    };
    let attribute = [value(der::OID, &[COMMON_NAME]), value(der::UTF8_STRING, &[common_name.as_bytes()])];
    let attribute = value(der::SEQUENCE, &[&attribute[0], &attribute[1]]);
    let name = value(der::SEQUENCE, &[&value(der::SET, &[&attribute])]);
    let instant = |unix| time::write(unix).ok_or(SignError);
    let validity = value(der::SEQUENCE, &[&instant(not_before)?, &instant(not_after)?]);
    // Version 1 (by its absence), since there are no extensions.
    let body =
        value(der::SEQUENCE, &[&integer(serial), &algorithm, &name, &validity, &name, key.verifying_key().spki_der()]);
    let signature = key.sign_certificate(&body)?;
    let signature = match key.algorithm() {
        SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::EcdsaSha384 => {
            // RFC 3279 section 2.2.3: both numbers as a sequence.
            let (r, s) = signature.split_at(signature.len() / 2);
            value(der::SEQUENCE, &[&integer(r), &integer(s)])
        }
        SignatureAlgorithm::RsaSha256
        | SignatureAlgorithm::RsaSha384
        | SignatureAlgorithm::RsaSha512
        | SignatureAlgorithm::RsaPssSha256 => signature,
    };
    Ok(value(der::SEQUENCE, &[&body, &algorithm, &value(der::BIT_STRING, &[&[0], &signature])]))
}
