//! The issuer's keys: an anchor of our own that is made once, and signers that it certifies for the issuer's origin.

use ::wallet::authority::{Name, SERIAL_BYTES, Subject, Terms, anchor, certify};
use ::wallet::trust::{Purpose, TrustList};
use idp::seal::SealedFor;
use idp::{Keys, Purpose as KeyPurpose};
use jose::{Algorithm, DecryptionKey, SigningKey};
use model::{Timestamp, limits};
use store::record::{IssuerKeyRecord, IssuerKeyRole};
use store::{Change, Issuing, Op};

use super::CredentialIssuer;
use super::day::{DAY, midnight};
use crate::{Fault, Parts, audit};

/// What the anchor calls itself.
const ANCHOR_NAME: &str = "Kapu credential anchor";
/// What a signer calls itself.
const SIGNER_NAME: &str = "Kapu credential issuer";
/// How often it is tried to make what is missing: other nodes may make it at the same time.
const ROUNDS: usize = 8;

const DAMAGED: Fault = Fault::Damaged("issuer's key");

/// The keys that sign now.
pub(super) struct IssuerKeys {
    /// The anchor's certificate.
    pub(super) anchor: Vec<u8>,
    /// What signs credentials in JSON, and status lists.
    pub(super) signer: SigningKey,
    /// The same key, for mobile documents.
    pub(super) document_signer: mdoc::SigningKey,
    /// Its certificate, without the anchor.
    pub(super) chain: Vec<Vec<u8>>,
    /// What opens requests that are encrypted to what the metadata say, that one first.
    pub(super) openers: Vec<DecryptionKey>,
}

impl IssuerKeys {
    /// Those that are stored, after making those that are missing or near their end.
    pub(super) async fn load(parts: &Parts, config: &CredentialIssuer) -> Result<Self, Fault> {
        for _ in 0..ROUNDS {
            let now = parts.clock.now();
            let stored = parts.store.issuer_keys().await?;
            let Some(anchor) = stored.iter().find(|key| key.role == IssuerKeyRole::Anchor) else {
                put(parts, make_anchor(parts, &config.country, now)?).await?;
                continue;
            };
            let signers = || stored.iter().filter(|key| key.role == IssuerKeyRole::Signer);
            let trusted = TrustList::new(std::slice::from_ref(&anchor.certificate), []).map_err(|_| DAMAGED)?;
            // One that is good for as long as what it signs now, and speaks for this origin.
            let until = now + limits::ISSUER_KEY_RESERVE;
            let fits = |key: &&IssuerKeyRecord| {
                let chain = std::slice::from_ref(&key.certificate);
                trusted
                    .check(chain, Purpose::Credentials, until.seconds())
                    .is_ok_and(|signer| signer.may_be_called(&config.origin))
            };
            if let Some(signer) = signers().rfind(fits) {
                return Self::open(parts, anchor, signer);
            }
            let nth = signers().map(|key| key.nth).max().unwrap_or(0) + 1;
            put(parts, make_signer(parts, anchor, nth, config, now)?).await?;
        }
        Err(Fault::Busy { retry_after: 1 })
    }

    fn open(parts: &Parts, anchor: &IssuerKeyRecord, signer: &IssuerKeyRecord) -> Result<Self, Fault> {
        let private = idp::seal::open(&parts.keys, &place(&owner(signer.role, signer.nth)), &signer.sealed)?;
        Ok(Self {
            anchor: anchor.certificate.clone(),
            signer: SigningKey::from_pkcs8(Algorithm::Es256, private.expose()).map_err(|_| DAMAGED)?,
            document_signer: mdoc::SigningKey::from_pkcs8(private.expose()).map_err(|_| DAMAGED)?,
            chain: vec![signer.certificate.clone()],
            openers: openers(&parts.keys, signer.nth)?,
        })
    }
}

/// The key for encrypted requests goes with the signer. It is derived, so it rests nowhere, and every node has its
/// neighbours too: a wallet may have metadata of yesterday, or of a node that has read of a successor already.
fn openers(keys: &Keys, nth: u32) -> Result<Vec<DecryptionKey>, Fault> {
    [nth, nth.saturating_sub(1), nth.saturating_add(1)].into_iter().map(|nth| opener(keys, nth)).collect()
}

fn opener(keys: &Keys, nth: u32) -> Result<DecryptionKey, Fault> {
    // One number in four thousand million is no private key of the curve.
    (0..4_u8)
        .find_map(|round| {
            let number = keys.mac(KeyPurpose::CredentialRequest, &[&nth.to_be_bytes(), &[round]]);
            DecryptionKey::from_bytes(Some(nth.to_string()), &number).ok()
        })
        .ok_or(DAMAGED)
}

/// From the day before, so that what is dated to a day lies within it.
fn terms(parts: &Parts, now: Timestamp, life: std::time::Duration) -> Terms {
    let serial: [u8; SERIAL_BYTES] = parts.random.bytes();
    Terms { not_before: midnight(now) - DAY, not_after: (now + life).seconds(), serial }
}

fn owner(role: IssuerKeyRole, nth: u32) -> String {
    match role {
        IssuerKeyRole::Anchor => format!("anchor {nth}"),
        IssuerKeyRole::Signer => format!("signer {nth}"),
    }
}

fn place(owner: &str) -> SealedFor<'_> {
    SealedFor { table: "issuer_key", owner, purpose: "private key" }
}

fn record(
    parts: &Parts,
    (role, nth): (IssuerKeyRole, u32),
    key: &SigningKey,
    certificate: Vec<u8>,
    made_at: Timestamp,
) -> Result<IssuerKeyRecord, Fault> {
    let private = key.to_pkcs8().map_err(|_| DAMAGED)?;
    let sealed = idp::seal::seal(&parts.keys, &*parts.random, &place(&owner(role, nth)), &private);
    Ok(IssuerKeyRecord { role, nth, sealed, certificate, made_at })
}

fn make_anchor(parts: &Parts, country: &str, now: Timestamp) -> Result<IssuerKeyRecord, Fault> {
    let key = SigningKey::generate(Algorithm::Es256).map_err(|_| DAMAGED)?;
    let name = Name { country, common: ANCHOR_NAME };
    let certificate = anchor(&key, &name, &terms(parts, now, limits::ISSUER_ANCHOR_LIFE)).map_err(|_| DAMAGED)?;
    record(parts, (IssuerKeyRole::Anchor, 1), &key, certificate, now)
}

fn make_signer(
    parts: &Parts,
    anchor: &IssuerKeyRecord,
    nth: u32,
    config: &CredentialIssuer,
    now: Timestamp,
) -> Result<IssuerKeyRecord, Fault> {
    let private = idp::seal::open(&parts.keys, &place(&owner(anchor.role, anchor.nth)), &anchor.sealed)?;
    let anchor_key = SigningKey::from_pkcs8(Algorithm::Es256, private.expose()).map_err(|_| DAMAGED)?;
    let key = SigningKey::generate(Algorithm::Es256).map_err(|_| DAMAGED)?;
    let name = Name { country: &config.country, common: SIGNER_NAME };
    let subject = Subject { name, origin: &config.origin, purpose: Purpose::Credentials };
    let terms = terms(parts, now, limits::ISSUER_KEY_LIFE);
    let certificate = certify((&anchor_key, &anchor.certificate), &key, &subject, &terms).map_err(|_| DAMAGED)?;
    record(parts, (IssuerKeyRole::Signer, nth), &key, certificate, now)
}

/// Stores a key. Where another node was faster, that one's is read next.
async fn put(parts: &Parts, key: IssuerKeyRecord) -> Result<(), Fault> {
    let change = Change::new(audit(parts.clock.now(), "issuer-key.made")).with(Op::Issuing(Issuing::PutKey(key)));
    parts.store.commit(change).await?;
    Ok(())
}
