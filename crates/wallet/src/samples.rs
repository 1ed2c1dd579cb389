//! Authorities, issuers and holders for tests.

use jose::{Algorithm, Jwk, SigningKey};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType,
};

use crate::trust::{Purpose, TrustList};

/// 2026-01-01.
pub(crate) const NOW: i64 = 1_767_225_600;

/// An authority that signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) der: Vec<u8>,
}

/// A certified key of somebody who signs.
pub(crate) struct Certified {
    pub(crate) key: SigningKey,
    /// Without the anchor.
    pub(crate) chain: Vec<Vec<u8>>,
}

/// What a sample's certificate says, to be changed by a test.
pub(crate) fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = rcgen::date_time_ymd(2027, 1, 1);
    params
}

pub(crate) fn authority_params(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

pub(crate) fn signer_params(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(vec![1, 0, 18013, 5, 1, 2])];
    params.subject_alt_names = vec![SanType::URI("https://issuer.example".try_into().unwrap())];
    params
}

/// A verifier's, for `kapu.example`.
pub(crate) fn reader_params(name: &str) -> CertificateParams {
    let mut params = signer_params(name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(vec![1, 0, 18013, 5, 1, 6])];
    params.subject_alt_names = vec![SanType::DnsName("kapu.example".try_into().unwrap())];
    params
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        Self::of(authority_params(name), KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap())
    }

    pub(crate) fn of(params: CertificateParams, key: KeyPair) -> Self {
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self { issuer: Issuer::new(params, key), der }
    }

    /// An authority below this one.
    pub(crate) fn authority(&self, params: CertificateParams) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
        let der = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Self { issuer: Issuer::new(params, key), der }
    }

    pub(crate) fn certify(&self, params: &CertificateParams) -> Certified {
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let pair = KeyPair::try_from(key.to_pkcs8().unwrap().as_slice()).unwrap();
        let der = params.signed_by(&pair, &self.issuer).unwrap().der().to_vec();
        Certified { key, chain: vec![der] }
    }

    pub(crate) fn trusted(&self) -> TrustList {
        TrustList::new(std::slice::from_ref(&self.der), []).unwrap()
    }
}

/// Judges by a list, for credentials, at [`NOW`].
pub(crate) fn judge(list: &TrustList) -> impl Fn(&[Vec<u8>]) -> Result<crate::trust::Signer, crate::trust::ChainFault> {
    move |chain| list.check(chain, Purpose::Credentials, NOW)
}

pub(crate) fn holder() -> SigningKey {
    SigningKey::generate(Algorithm::Es256).unwrap()
}

/// The four members that a holder's key needs.
pub(crate) fn minimal(jwk: &Jwk) -> serde_json::Value {
    let full = serde_json::to_value(jwk).unwrap();
    serde_json::json!({"kty": full["kty"], "crv": full["crv"], "x": full["x"], "y": full["y"]})
}

/// Salts that are random enough for a test: each is another one.
pub(crate) fn salts() -> impl FnMut() -> [u8; 16] {
    let mut drawn = 0_u128;
    move || {
        drawn += 1;
        drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_be_bytes()
    }
}
