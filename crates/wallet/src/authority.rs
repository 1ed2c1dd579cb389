//! Certificates for our own keys: an anchor of our own, and signers that it certifies (ISO/IEC 18013-5 annex B.1,
//! `OpenID4VC` HAIP 1.0 section 6.1.1).

use std::time::Duration;

use jose::SigningKey;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType, SerialNumber,
};
use zeroize::Zeroizing;

use crate::trust::Purpose;
use crate::trust::host_of_any;

/// The length of a serial number that is drawn, in bytes (RFC 5280 section 4.1.2.2 allows 20).
pub const SERIAL_BYTES: usize = 16;

/// From when until when a certificate holds, in seconds since the epoch, and its serial number.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The first second.
    pub not_before: i64,
    /// The last second.
    pub not_after: i64,
    /// Drawn by the caller.
    pub serial: [u8; SERIAL_BYTES],
}

/// Whose key a certificate is for.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The common name, for people to read.
    pub name: &'a str,
    /// As what it calls itself: its origin.
    pub origin: &'a str,
    /// What the key signs.
    pub purpose: Purpose,
}

/// A certificate cannot be made. This is a fault of ours, not of anyone's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the certificate could not be made")]
pub struct CertifyError;

/// The certificate, in DER, by which `key` certifies itself as an anchor named `name`.
///
/// # Errors
///
/// See [`CertifyError`]; also for a key that is not on P-256.
pub fn anchor(key: &SigningKey, name: &str, terms: &Terms) -> Result<Vec<u8>, CertifyError> {
    let mut params = anchor_params(name)?;
    hold(&mut params, terms)?;
    Ok(params.self_signed(&pair(key)?).map_err(|_| CertifyError)?.der().to_vec())
}

/// The certificate, in DER, by which the anchor named `anchor_name` certifies `key` for `subject`.
///
/// # Errors
///
/// See [`CertifyError`].
pub fn certify(
    (anchor_key, anchor_name): (&SigningKey, &str),
    key: &SigningKey,
    subject: &Subject<'_>,
    terms: &Terms,
) -> Result<Vec<u8>, CertifyError> {
    let issuer = Issuer::new(anchor_params(anchor_name)?, pair(anchor_key)?);
    let mut params = named(subject.name)?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(match subject.purpose {
        // ISO/IEC 18013-5 annex B: a signer of documents, and a reader of them.
        Purpose::Credentials => vec![1, 0, 18013, 5, 1, 2],
        Purpose::Requests => vec![1, 0, 18013, 5, 1, 6],
        // RFC 9336.
        Purpose::Attestations => vec![1, 3, 6, 1, 5, 5, 7, 3, 36],
    })];
    let host = host_of_any(subject.origin).ok_or(CertifyError)?;
    params.subject_alt_names = vec![
        SanType::URI(subject.origin.try_into().map_err(|_| CertifyError)?),
        SanType::DnsName(host.try_into().map_err(|_| CertifyError)?),
    ];
    hold(&mut params, terms)?;
    Ok(params.signed_by(&pair(key)?, &issuer).map_err(|_| CertifyError)?.der().to_vec())
}

fn named(name: &str) -> Result<CertificateParams, CertifyError> {
    let mut params = CertificateParams::new(Vec::<String>::new()).map_err(|_| CertifyError)?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

fn anchor_params(name: &str) -> Result<CertificateParams, CertifyError> {
    let mut params = named(name)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn hold(params: &mut CertificateParams, terms: &Terms) -> Result<(), CertifyError> {
    let instant = |unix: i64| {
        let since = u64::try_from(unix).map(Duration::from_secs).map_err(|_| CertifyError)?;
        Ok(rcgen::date_time_ymd(1970, 1, 1) + since)
    };
    params.not_before = instant(terms.not_before)?;
    params.not_after = instant(terms.not_after)?;
    let mut serial = terms.serial;
    // Positive, and as long as it is drawn.
    serial[0] = serial[0] & 0x7f | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(())
}

fn pair(key: &SigningKey) -> Result<KeyPair, CertifyError> {
    let pkcs8: Zeroizing<Vec<u8>> = key.to_pkcs8().map_err(|_| CertifyError)?;
    KeyPair::try_from(pkcs8.as_slice()).map_err(|_| CertifyError)
}

#[cfg(test)]
mod tests {
    use jose::Algorithm;

    use super::*;
    use crate::samples::NOW;
    use crate::trust::{ChainFault, TrustList};

    const TERMS: Terms = Terms { not_before: NOW - 10, not_after: NOW + 1000, serial: [0xff; SERIAL_BYTES] };

    fn key() -> SigningKey {
        SigningKey::generate(Algorithm::Es256).unwrap()
    }

    #[test]
    fn what_our_anchor_certifies_is_believed_for_its_purpose_and_in_its_time() {
        let (anchor_key, signer) = (key(), key());
        let anchor = anchor(&anchor_key, "Anchor", &TERMS).unwrap();
        let subject = |purpose| Subject { name: "Issuer", origin: "http://dap.localhost:8080", purpose };
        let by = (&anchor_key, "Anchor");
        let certified = |purpose| certify(by, &signer, &subject(purpose), &TERMS).unwrap();
        let trusted = TrustList::new(std::slice::from_ref(&anchor), []).unwrap();
        let chain = vec![certified(Purpose::Credentials)];
        let found = trusted.check(&chain, Purpose::Credentials, NOW).unwrap();
        assert_eq!(found.key.thumbprint(), signer.kid());
        assert_eq!(found.common_name.as_deref(), Some("Issuer"));
        assert!(found.may_be_called("http://dap.localhost:8080"));
        assert!(!found.may_be_called("http://other.localhost:8080"));
        assert_eq!(trusted.check(&chain, Purpose::Requests, NOW), Err(ChainFault::Usage));
        assert!(trusted.check(&[certified(Purpose::Requests)], Purpose::Requests, NOW).is_ok());
        assert_eq!(trusted.check(&chain, Purpose::Credentials, NOW + 1001), Err(ChainFault::Expired));
        assert_eq!(trusted.check(&chain, Purpose::Credentials, NOW - 11), Err(ChainFault::Early));
        // A signer certifies nobody.
        let further = certify((&signer, "Issuer"), &key(), &subject(Purpose::Credentials), &TERMS).unwrap();
        assert!(trusted.check(&[further, chain[0].clone()], Purpose::Credentials, NOW).is_err());
    }

    #[test]
    fn an_origin_without_a_host_is_not_certified() {
        let key = key();
        let subject = |origin| Subject { name: "x", origin, purpose: Purpose::Credentials };
        for origin in ["", "dap", "https://", "https://user@dap.example"] {
            assert_eq!(certify((&key, "A"), &key, &subject(origin), &TERMS), Err(CertifyError), "{origin:?}");
        }
    }
}
