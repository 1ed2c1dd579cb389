//! The list of anchors, and the check of a chain against it.

use std::collections::HashSet;
use std::time::Duration;

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, aws_lc_rs};

use super::certificate::{self, fingerprint};
use super::{ChainFault, Fingerprint, Purpose, Signer};

/// The most anchors of a list.
pub const ANCHORS_MAX: usize = 256;

/// What certificates may be signed with: ECDSA on P-256 and P-384, RSA of 2048 to 8192 bits.
const ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    aws_lc_rs::ECDSA_P256_SHA256,
    aws_lc_rs::ECDSA_P256_SHA384,
    aws_lc_rs::ECDSA_P384_SHA256,
    aws_lc_rs::ECDSA_P384_SHA384,
    aws_lc_rs::RSA_PKCS1_2048_8192_SHA256,
    aws_lc_rs::RSA_PKCS1_2048_8192_SHA384,
    aws_lc_rs::RSA_PKCS1_2048_8192_SHA512,
    aws_lc_rs::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    aws_lc_rs::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
];
/// ISO/IEC 18013-5 annex B, `1.0.18013.5.1.2`: a signer of documents; its issuers use the same certificate for both formats.
const DOCUMENT_SIGNER: KeyPurposeId<'static> = KeyPurposeId::new(&[0x28, 0x81, 0x8c, 0x5d, 0x05, 0x01, 0x02]);
/// RFC 9336, `1.3.6.1.5.5.7.3.36`.
const DOCUMENT_SIGNING: KeyPurposeId<'static> = KeyPurposeId::new(&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24]);
/// ISO/IEC 18013-5 annex B, `1.0.18013.5.1.6`: a reader of documents.
const READER: KeyPurposeId<'static> = KeyPurposeId::new(&[0x28, 0x81, 0x8c, 0x5d, 0x05, 0x01, 0x06]);
/// RFC 5280 section 4.2.1.12: verifiers that are named by their DNS name use their server's certificate.
const SERVER: KeyPurposeId<'static> = KeyPurposeId::new(&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]);
/// RFC 5280 section 4.2.1.12.
const CLIENT: KeyPurposeId<'static> = KeyPurposeId::new(&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02]);

/// Anchors that are trusted, and certificates that are not any more.
#[derive(Clone, Debug)]
pub struct TrustList {
    anchors: Vec<Anchor>,
    revoked: HashSet<Fingerprint>,
}

#[derive(Clone, Debug)]
struct Anchor {
    fingerprint: Fingerprint,
    not_before: i64,
    not_after: i64,
    trusted: TrustAnchor<'static>,
}

/// Why a list is refused: its owner should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// More than [`ANCHORS_MAX`].
    #[error("more than 256 anchors")]
    TooMany,
    /// An anchor that is no certificate, or no authority's.
    #[error("anchor {0} is no certificate of an authority")]
    Anchor(usize),
}

impl TrustList {
    /// A list of anchors, each the DER of an authority's certificate, and the fingerprints of certificates
    /// that are not believed any more: of anchors, authorities between, or signers.
    ///
    /// # Errors
    ///
    /// See [`TrustError`]; anchors are counted from one. An anchor that has expired is no error here.
    pub fn new(anchors: &[Vec<u8>], revoked: impl IntoIterator<Item = Fingerprint>) -> Result<Self, TrustError> {
        if anchors.len() > ANCHORS_MAX {
            return Err(TrustError::TooMany);
        }
        let anchors =
            anchors.iter().enumerate().map(|(index, der)| Anchor::read(der).ok_or(TrustError::Anchor(index + 1)));
        Ok(Self { anchors: anchors.collect::<Result<_, _>>()?, revoked: revoked.into_iter().collect() })
    }

    /// Who signed, if `chain` (DER, the signer's own certificate first, each signed by the next, the anchor
    /// left out) leads to an anchor at `now`, in seconds since the epoch.
    ///
    /// # Errors
    ///
    /// See [`ChainFault`].
    pub fn check(&self, chain: &[Vec<u8>], purpose: Purpose, now: i64) -> Result<Signer, ChainFault> {
        let (own, authorities) = chain.split_first().ok_or(ChainFault::Malformed)?;
        let fingerprints: Vec<Fingerprint> = chain.iter().map(|der| fingerprint(der)).collect();
        if fingerprints.iter().any(|print| self.revoked.contains(print)) {
            return Err(ChainFault::Revoked);
        }
        if self.anchors.iter().any(|anchor| fingerprints.contains(&anchor.fingerprint)) {
            return Err(ChainFault::AnchorInChain);
        }
        let signer = certificate::parse(own)?;
        if !certificate::may_sign(&signer)? {
            return Err(ChainFault::Usage);
        }
        for der in authorities {
            if !certificate::may_certify(&certificate::parse(der)?)? {
                return Err(ChainFault::Constraints);
            }
        }
        let anchor = self.path(own, authorities, purpose, now)?;
        if self.revoked.contains(&anchor.fingerprint) {
            return Err(ChainFault::Revoked);
        }
        if now > anchor.not_after {
            return Err(ChainFault::Expired);
        }
        if now < anchor.not_before {
            return Err(ChainFault::Early);
        }
        let (dns_names, uris) = certificate::names(&signer)?;
        let validity = signer.validity();
        Ok(Signer {
            key: certificate::key(&signer)?,
            spki: signer.tbs_certificate.subject_pki.raw.to_vec(),
            valid: (validity.not_before.timestamp(), validity.not_after.timestamp()),
            fingerprint: fingerprints[0],
            anchor: anchor.fingerprint,
            common_name: certificate::common_name(&signer),
            dns_names,
            uris,
        })
    }

    /// The first anchor that a path leads to. Anchors are tried one by one, so that it is known which it was:
    /// several may share a name and a key.
    fn path(&self, own: &[u8], authorities: &[Vec<u8>], purpose: Purpose, now: i64) -> Result<&Anchor, ChainFault> {
        let own = CertificateDer::from(own);
        let signer = EndEntityCert::try_from(&own).map_err(|error| fault(&error))?;
        let between: Vec<CertificateDer<'_>> =
            authorities.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let instant = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(now).unwrap_or(0)));
        let mut worst = ChainFault::Unknown;
        for anchor in &self.anchors {
            let anchors = std::slice::from_ref(&anchor.trusted);
            match signer.verify_for_usage(ALGORITHMS, anchors, &between, instant, purpose, None, None) {
                Ok(_) => return Ok(anchor),
                Err(error) => {
                    let found = fault(&error);
                    if found != ChainFault::Unknown {
                        worst = found;
                    }
                }
            }
        }
        Err(worst)
    }
}

impl Anchor {
    fn read(der: &[u8]) -> Option<Self> {
        let parsed = certificate::parse(der).ok()?;
        if !certificate::may_certify(&parsed).ok()? {
            return None;
        }
        let validity = parsed.validity();
        let (not_before, not_after) = (validity.not_before.timestamp(), validity.not_after.timestamp());
        let der_type = CertificateDer::from(der);
        let trusted = webpki::anchor_from_trusted_cert(&der_type).ok()?.to_owned();
        Some(Self { fingerprint: fingerprint(der), not_before, not_after, trusted })
    }
}

impl ExtendedKeyUsageValidator for Purpose {
    fn validate(&self, usages: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        let fitting: &[KeyPurposeId<'_>] = match self {
            Purpose::Credentials => &[DOCUMENT_SIGNER, DOCUMENT_SIGNING],
            Purpose::Requests => &[READER, SERVER, CLIENT],
            // There is none of its own.
            Purpose::Attestations => &[DOCUMENT_SIGNING],
        };
        let mut is_given = false;
        for usage in usages {
            is_given = true;
            if fitting.contains(&usage?) {
                return Ok(());
            }
        }
        if is_given { Err(Error::ExtensionValueInvalid) } else { Ok(()) }
    }
}

fn fault(error: &Error) -> ChainFault {
    match error {
        Error::CertExpired { .. } => ChainFault::Expired,
        Error::CertNotValidYet { .. } => ChainFault::Early,
        Error::ExtensionValueInvalid | Error::EmptyEkuExtension => ChainFault::Usage,
        Error::CaUsedAsEndEntity
        | Error::EndEntityUsedAsCa
        | Error::PathLenConstraintViolated
        | Error::NameConstraintViolation => ChainFault::Constraints,
        Error::BadDer | Error::BadDerTime | Error::TrailingData(_) => ChainFault::Malformed,
        _ => ChainFault::Unknown,
    }
}
