//! Signing keys and their schedule: each is published a day before it signs and kept a day after.
//!
//! Which keys are published and which one signs follows from the stored instants and the present
//! one; nothing is written at an edge.

use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;
use idp::seal::SealedFor;
use jose::{Algorithm, Jwk, JwkSet, SigningKey};
use model::{Timestamp, limits};
use store::record::SigningKeyRecord;
use store::{Change, Committed, Op};

use crate::{Broker, Fault, Parts, audit};

/// The algorithms that clients may register for their ID tokens.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256];

/// The keys as they were last read, and what is served of them.
pub(crate) struct Signing {
    keys: ArcSwap<Vec<Scheduled>>,
    published: ArcSwap<Published>,
}

/// A key with its place in the schedule.
#[derive(Clone)]
struct Scheduled {
    key: Arc<SigningKey>,
    algorithm: Algorithm,
    published_at: Timestamp,
    active_at: Timestamp,
}

/// The key set as it is served, made once between two edges of the schedule.
pub(crate) struct Published {
    /// The JSON document.
    pub(crate) document: Bytes,
    /// The same as values, to verify what we signed.
    pub(crate) keys: JwkSet,
    from: Timestamp,
    until: Timestamp,
}

impl Signing {
    pub(crate) async fn load(parts: &Parts) -> Result<Self, Fault> {
        let present = parts.store.signing_keys().await?;
        let now = parts.clock.now();
        for algorithm in ALGORITHMS {
            if !present.iter().any(|record| record.algorithm == algorithm.as_str()) {
                make(parts, algorithm, now, now).await?;
            }
        }
        // In the store's order, so that every node publishes the same document.
        let records = parts.store.signing_keys().await?;
        let keys = open_all(parts, &records)?;
        let published = Published::at(&keys, now)?;
        Ok(Self { keys: ArcSwap::from_pointee(keys), published: ArcSwap::from_pointee(published) })
    }
}

/// Makes a key and stores it.
async fn make(parts: &Parts, algorithm: Algorithm, published_at: Timestamp, active_at: Timestamp) -> Result<(), Fault> {
    let key = SigningKey::generate(algorithm).map_err(|_| Fault::Damaged("key generation"))?;
    let private = key.to_pkcs8().map_err(|_| Fault::Damaged("key generation"))?;
    let sealed = idp::seal::seal(&parts.keys, &*parts.random, &place(key.kid()), &private);
    let record = SigningKeyRecord {
        kid: key.kid().to_owned(),
        algorithm: algorithm.as_str().to_owned(),
        sealed,
        published_at,
        active_at,
    };
    let change = Change::new(audit(parts.clock.now(), "key.made")).with(Op::PutSigningKey(record));
    match parts.store.commit(change).await? {
        Committed::Done => Ok(()),
        Committed::Refused(_) => Err(Fault::Stale),
    }
}

fn place(kid: &str) -> SealedFor<'_> {
    SealedFor { table: "signing_key", owner: kid, purpose: "private key" }
}

fn open_all(parts: &Parts, records: &[SigningKeyRecord]) -> Result<Vec<Scheduled>, Fault> {
    records
        .iter()
        .map(|record| {
            let algorithm = Algorithm::from_name(&record.algorithm).ok_or(Fault::Damaged("signing key"))?;
            let private = idp::seal::open(&parts.keys, &place(&record.kid), &record.sealed)?;
            let key = SigningKey::from_pkcs8(algorithm, private.expose()).map_err(|_| Fault::Damaged("signing key"))?;
            Ok(Scheduled {
                key: Arc::new(key),
                algorithm,
                published_at: record.published_at,
                active_at: record.active_at,
            })
        })
        .collect()
}

/// The instant from which a key's successor signs, if it has one.
fn succeeded_at(keys: &[Scheduled], key: &Scheduled) -> Option<Timestamp> {
    let later = |other: &&Scheduled| other.algorithm == key.algorithm && other.active_at > key.active_at;
    keys.iter().filter(later).map(|other| other.active_at).min()
}

/// Whether a key is in the published set at `now`.
fn is_published(keys: &[Scheduled], key: &Scheduled, now: Timestamp) -> bool {
    key.published_at <= now && succeeded_at(keys, key).is_none_or(|successor| now < successor + limits::KEY_OVERLAP)
}

/// The key that signs with `algorithm` at `now`.
fn active(keys: &[Scheduled], algorithm: Algorithm, now: Timestamp) -> Option<&Scheduled> {
    keys.iter().filter(|key| key.algorithm == algorithm && key.active_at <= now).max_by_key(|key| key.active_at)
}

impl Published {
    fn at(keys: &[Scheduled], now: Timestamp) -> Result<Self, Fault> {
        let jwks: Vec<Jwk> =
            keys.iter().filter(|key| is_published(keys, key, now)).map(|key| key.key.public_jwk()).collect();
        let edges = keys.iter().flat_map(|key| {
            [Some(key.published_at), succeeded_at(keys, key).map(|successor| successor + limits::KEY_OVERLAP)]
        });
        let until = edges.flatten().filter(|edge| *edge > now).min().unwrap_or(Timestamp::from_micros(i64::MAX));
        let keys = JwkSet::new(jwks).map_err(|_| Fault::Damaged("signing keys"))?;
        let document = serde_json::to_vec(&keys).map_err(|_| Fault::Damaged("signing keys"))?.into();
        Ok(Self { document, keys, from: now, until })
    }
}

impl Broker {
    /// The published key set, as it is served.
    ///
    /// # Errors
    ///
    /// [`Fault::Damaged`] when it cannot be written.
    pub fn jwks(&self) -> Result<Bytes, Fault> {
        Ok(self.published()?.document.clone())
    }

    /// The published keys between two edges of the schedule.
    pub(crate) fn published(&self) -> Result<Arc<Published>, Fault> {
        let now = self.now();
        let served = self.0.signing.published.load_full();
        if served.from <= now && now < served.until {
            return Ok(served);
        }
        let fresh = Arc::new(Published::at(&self.0.signing.keys.load(), now)?);
        self.0.signing.published.store(fresh.clone());
        Ok(fresh)
    }

    /// The key that signs with `algorithm` now.
    pub(crate) fn signing_key(&self, algorithm: Algorithm) -> Result<Arc<SigningKey>, Fault> {
        let keys = self.0.signing.keys.load();
        active(&keys, algorithm, self.now()).map(|key| key.key.clone()).ok_or(Fault::Damaged("signing key"))
    }

    /// Reads the signing keys again: another node or the command line may have added one.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used or a stored key cannot be opened.
    pub async fn reload_keys(&self) -> Result<(), Fault> {
        let keys = open_all(&self.0.parts, &self.store().signing_keys().await?)?;
        let published = Published::at(&keys, self.now())?;
        self.0.signing.keys.store(Arc::new(keys));
        self.0.signing.published.store(Arc::new(published));
        Ok(())
    }

    /// Publishes a successor for every algorithm; it signs a day later. An algorithm whose
    /// successor is published already keeps that one.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn rotate_keys(&self) -> Result<(), Fault> {
        self.rotate_where(|_| true).await
    }

    /// The same for the algorithms whose key has signed for its life, less the overlap.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn rotate_due_keys(&self) -> Result<(), Fault> {
        let due = |key: &Scheduled| self.now() + limits::KEY_OVERLAP >= key.active_at + limits::KEY_LIFE;
        self.rotate_where(due).await
    }

    async fn rotate_where(&self, due: impl Fn(&Scheduled) -> bool) -> Result<(), Fault> {
        let now = self.now();
        let keys = self.0.signing.keys.load_full();
        let mut made = false;
        for algorithm in ALGORITHMS {
            let upcoming = keys.iter().any(|key| key.algorithm == algorithm && key.active_at > now);
            let wanted = active(&keys, algorithm, now).is_none_or(&due);
            if wanted && !upcoming {
                make(&self.0.parts, algorithm, now, now + limits::KEY_OVERLAP).await?;
                made = true;
            }
        }
        if made { self.reload_keys().await } else { Ok(()) }
    }
}
