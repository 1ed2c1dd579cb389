//! The key that signs requests, and the authority of ours that vouches for it: HAIP 1.0 section 5 has no verifier
//! sign with a certificate that it signed itself.

use std::time::{Duration, UNIX_EPOCH};

use data_encoding::BASE64;
use idp::seal::{SealedFor, open, seal};
use jose::{Algorithm, SigningKey};
use model::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType, SerialNumber,
};
use serde::{Deserialize, Serialize};
use store::record::VerifierKeyRecord;
use store::{Change, Committed, Op, PresentingOp};
use wallet::openid4vp::ClientId;
use wallet::trust::{Purpose, TrustList};

use super::KnownBy;
use crate::{Fault, Parts, audit};

/// How long both certificates hold: wallets know the authority by hand.
const LIFE: Duration = Duration::from_hours(24 * 365 * 10);
/// They hold from a little before they are made: clocks differ.
const BEFORE: Duration = Duration::from_hours(1);
/// ISO/IEC 18013-5 annex B: a reader of documents.
const READER: [u64; 6] = [1, 0, 18013, 5, 1, 6];
/// The longest common name, in characters (RFC 5280 appendix A.1).
const COMMON_NAME_CHARS: usize = 64;

const FAILED: Fault = Fault::Damaged("key generation");
const OTHER_HOST: Fault = Fault::Damaged("verifier key: its certificate is for another host");
const UNREADABLE: Fault = Fault::Damaged("verifier key");
const PLACE: SealedFor<'static> = SealedFor { table: "verifier_key", owner: "requests", purpose: "private keys" };

/// The key and who vouches for it.
pub(super) struct VerifierKey {
    key: SigningKey,
    chain: Vec<Vec<u8>>,
    anchor: Vec<u8>,
    client_id: ClientId,
}

/// Both private keys in PKCS #8, in base64. The authority's is kept to certify a successor.
#[derive(Serialize, Deserialize)]
struct Private {
    key: String,
    authority: String,
}

impl VerifierKey {
    /// The stored key, made where there is none.
    pub(super) async fn load(parts: &Parts, known_by: KnownBy) -> Result<Self, Fault> {
        if parts.store.verifier_key().await?.is_none() {
            make(parts).await?;
        }
        let record = parts.store.verifier_key().await?.ok_or(UNREADABLE)?;
        let plain = open(&parts.keys, &PLACE, &record.sealed)?;
        let private: Private = serde_json::from_slice(plain.expose()).map_err(|_| UNREADABLE)?;
        let pkcs8 = BASE64.decode(private.key.as_bytes()).map_err(|_| UNREADABLE)?;
        let key = SigningKey::from_pkcs8(Algorithm::Es256, &pkcs8).map_err(|_| UNREADABLE)?;
        let client_id = known_by.client_id(&record.certificate, parts.endpoints.host());
        let (chain, anchor) = (vec![record.certificate], record.anchor);
        let trusted = TrustList::new(std::slice::from_ref(&anchor), []).map_err(|_| UNREADABLE)?;
        let signer = trusted.check(&chain, Purpose::Requests, parts.clock.now().seconds()).map_err(|_| UNREADABLE)?;
        // Wallets would refuse what is signed under a name that the certificate does not have.
        if !client_id.is_of(&signer) {
            return Err(OTHER_HOST);
        }
        Ok(Self { key, chain, anchor, client_id })
    }

    pub(super) fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The key's certificate, without its authority's.
    pub(super) fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    pub(super) fn anchor(&self) -> &[u8] {
        &self.anchor
    }

    pub(super) fn client_id(&self) -> &ClientId {
        &self.client_id
    }
}

/// Makes the keys and stores them; another node that was faster keeps its own.
async fn make(parts: &Parts) -> Result<(), Fault> {
    let now = parts.clock.now();
    let record = draw(parts, now).ok_or(FAILED)?;
    let change = Change::new(audit(now, "key.made")).with(Op::Presenting(PresentingOp::PutKey(record)));
    let _: Committed = parts.store.commit(change).await?;
    Ok(())
}

fn draw(parts: &Parts, now: Timestamp) -> Option<VerifierKeyRecord> {
    let host = parts.endpoints.host();
    let [key, authority] = [SigningKey::generate(Algorithm::Es256).ok()?, SigningKey::generate(Algorithm::Es256).ok()?];
    let private =
        Private { key: BASE64.encode(&key.to_pkcs8().ok()?), authority: BASE64.encode(&authority.to_pkcs8().ok()?) };
    let pair = |key: &SigningKey| KeyPair::try_from(key.to_pkcs8().ok()?.as_slice()).ok();
    let of_authority = pair(&authority)?;

    let mut params = named(parts, now, &format!("{host} wallet requests CA"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let anchor = params.self_signed(&of_authority).ok()?.der().to_vec();
    let issuer = Issuer::new(params, of_authority);

    let mut params = named(parts, now, host);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(READER.to_vec())];
    params.subject_alt_names = vec![SanType::DnsName(host.try_into().ok()?)];
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(&pair(&key)?, &issuer).ok()?.der().to_vec();

    let plain = serde_json::to_vec(&private).ok()?;
    let sealed = seal(&parts.keys, &*parts.random, &PLACE, &plain);
    Some(VerifierKeyRecord { sealed, certificate, anchor })
}

fn named(parts: &Parts, now: Timestamp, name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    let name: String = name.chars().take(COMMON_NAME_CHARS).collect();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let at = |seconds: i64| (UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or(0))).into();
    params.not_before = at((now - BEFORE).seconds());
    params.not_after = at((now + LIFE).seconds());
    // RFC 5280 section 4.1.2.2: positive and unpredictable.
    let mut serial = parts.random.bytes::<16>();
    serial[0] = serial[0] & 0x7f | 0x40;
    params.serial_number = Some(SerialNumber::from(serial.to_vec()));
    params
}
