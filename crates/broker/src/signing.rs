//! Signing keys and their schedule: each is published a day before it signs and kept a day after.
//!
//! Which keys are published and which one signs follows from the stored instants and the present
//! one; nothing is written at an edge.

use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;
use idp::seal::SealedFor;
use jose::{Algorithm, Jwk, JwkSet, SigningKey};
use model::Secret;
use model::{Timestamp, limits};
use saml::metadata::Role;
use store::record::SigningKeyRecord;
use store::{Change, Committed, Op};
use xmlsec::SignatureAlgorithm;

use crate::edge::saml::{SIGNED_WITH, SamlKey, USUAL};
use crate::{Broker, Fault, Parts, audit};

/// The algorithms that clients may register for their ID tokens.
const TOKENS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256];

/// What a key signs: a schedule of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signs {
    /// Tokens, with an algorithm.
    Tokens(Algorithm),
    /// SAML messages, assertions and metadata. No key of a token ever signs one of them, nor the reverse.
    Saml(SignatureAlgorithm),
}

impl Signs {
    fn all() -> impl Iterator<Item = Self> {
        TOKENS.into_iter().map(Self::Tokens).chain(SIGNED_WITH.map(|(algorithm, _)| Self::Saml(algorithm)))
    }

    /// As it rests.
    fn code(self) -> &'static str {
        match self {
            Self::Tokens(algorithm) => algorithm.as_str(),
            Self::Saml(USUAL) => "saml-rsa-sha256",
            Self::Saml(_) => "saml-ecdsa-sha256",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|signs| signs.code() == code)
    }
}

/// The keys as they were last read, and what is served of them.
pub(crate) struct Signing {
    keys: ArcSwap<Vec<Scheduled>>,
    published: ArcSwap<Published>,
}

/// A key with its place in the schedule.
#[derive(Clone)]
struct Scheduled {
    key: Key,
    signs: Signs,
    published_at: Timestamp,
    active_at: Timestamp,
}

#[derive(Clone)]
enum Key {
    Token(Arc<SigningKey>),
    Saml(Arc<SamlKey>),
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
        let is_present = |signs: Signs| present.iter().any(|record| record.algorithm == signs.code());
        for signs in Signs::all().filter(|signs| !is_present(*signs)) {
            // A kind of key that services have not read in our metadata is published a day before it signs, too.
            let is_news = matches!(signs, Signs::Saml(_)) && is_present(Signs::Saml(USUAL));
            make(parts, signs, now, if is_news { now + limits::KEY_OVERLAP } else { now }).await?;
        }
        // In the store's order, so that every node publishes the same document.
        let records = parts.store.signing_keys().await?;
        let keys = open_all(parts, &records)?;
        let published = Published::at(&keys, now)?;
        Ok(Self { keys: ArcSwap::from_pointee(keys), published: ArcSwap::from_pointee(published) })
    }
}

/// Makes a key and stores it.
async fn make(parts: &Parts, signs: Signs, published_at: Timestamp, active_at: Timestamp) -> Result<(), Fault> {
    let (kid, private) = generate(signs, published_at, parts.endpoints.host())?;
    let sealed = idp::seal::seal(&parts.keys, &*parts.random, &place(&kid), private.expose());
    let record = SigningKeyRecord { kid, algorithm: signs.code().to_owned(), sealed, published_at, active_at };
    let change = Change::new(audit(parts.clock.now(), "key.made")).with(Op::PutSigningKey(record));
    match parts.store.commit(change).await? {
        Committed::Done => Ok(()),
        Committed::Refused(_) => Err(Fault::Stale),
    }
}

/// A new key: its name and what is sealed of it, which is its PKCS #8 form at least.
fn generate(signs: Signs, published_at: Timestamp, host: &str) -> Result<(String, Secret<Vec<u8>>), Fault> {
    const FAILED: Fault = Fault::Damaged("key generation");
    match signs {
        Signs::Tokens(algorithm) => {
            let key = SigningKey::generate(algorithm).map_err(|_| FAILED)?;
            let private = key.to_pkcs8().map_err(|_| FAILED)?;
            Ok((key.kid().to_owned(), Secret::new(private.to_vec())))
        }
        Signs::Saml(algorithm) => SamlKey::generate(algorithm, published_at, host).map_err(|_| FAILED),
    }
}

fn place(kid: &str) -> SealedFor<'_> {
    SealedFor { table: "signing_key", owner: kid, purpose: "private key" }
}

fn open_all(parts: &Parts, records: &[SigningKeyRecord]) -> Result<Vec<Scheduled>, Fault> {
    records
        .iter()
        .map(|record| {
            const UNREADABLE: Fault = Fault::Damaged("signing key");
            let signs = Signs::from_code(&record.algorithm).ok_or(UNREADABLE)?;
            let private = idp::seal::open(&parts.keys, &place(&record.kid), &record.sealed)?;
            let key = match signs {
                Signs::Tokens(algorithm) => {
                    let key = SigningKey::from_pkcs8(algorithm, private.expose()).map_err(|_| UNREADABLE)?;
                    Key::Token(Arc::new(key))
                }
                Signs::Saml(algorithm) => {
                    let host = parts.endpoints.host();
                    let key = SamlKey::open(record, algorithm, private.expose(), host).map_err(|_| UNREADABLE)?;
                    Key::Saml(Arc::new(key))
                }
            };
            Ok(Scheduled { key, signs, published_at: record.published_at, active_at: record.active_at })
        })
        .collect()
}

/// The instant from which a key's successor signs, if it has one.
fn succeeded_at(keys: &[Scheduled], key: &Scheduled) -> Option<Timestamp> {
    let later = |other: &&Scheduled| other.signs == key.signs && other.active_at > key.active_at;
    keys.iter().filter(later).map(|other| other.active_at).min()
}

/// Whether a key is in the published set at `now`.
fn is_published(keys: &[Scheduled], key: &Scheduled, now: Timestamp) -> bool {
    key.published_at <= now && succeeded_at(keys, key).is_none_or(|successor| now < successor + limits::KEY_OVERLAP)
}

/// The key that signs at `now`.
fn active(keys: &[Scheduled], signs: Signs, now: Timestamp) -> Option<&Scheduled> {
    keys.iter().filter(|key| key.signs == signs && key.active_at <= now).max_by_key(|key| key.active_at)
}

impl Published {
    fn at(keys: &[Scheduled], now: Timestamp) -> Result<Self, Fault> {
        let published = keys.iter().filter(|key| is_published(keys, key, now));
        let jwks: Vec<Jwk> = published
            .filter_map(|key| match &key.key {
                Key::Token(key) => Some(key.public_jwk()),
                Key::Saml(_) => None,
            })
            .collect();
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
        match active(&keys, Signs::Tokens(algorithm), self.now()).map(|key| &key.key) {
            Some(Key::Token(key)) => Ok(key.clone()),
            Some(Key::Saml(_)) | None => Err(Fault::Damaged("signing key")),
        }
    }

    /// The key that signs SAML now for everybody.
    pub(crate) fn saml_key(&self) -> Result<Arc<SamlKey>, Fault> {
        self.active_saml_key(USUAL).ok_or(Fault::Damaged("signing key"))
    }

    /// The key that signs SAML now for a service: by the first algorithm of ours that its metadata names, or else
    /// the one for everybody.
    pub(crate) fn saml_key_for(&self, service: &Role) -> Result<Arc<SamlKey>, Fault> {
        let named = service.signing_method(&SIGNED_WITH).and_then(|algorithm| self.active_saml_key(algorithm));
        named.map_or_else(|| self.saml_key(), Ok)
    }

    fn active_saml_key(&self, algorithm: SignatureAlgorithm) -> Option<Arc<SamlKey>> {
        let keys = self.0.signing.keys.load();
        match &active(&keys, Signs::Saml(algorithm), self.now())?.key {
            Key::Saml(key) => Some(key.clone()),
            Key::Token(_) => None,
        }
    }

    /// The keys of SAML that are published now: those for everybody before the others, and of each algorithm the
    /// one that signs first.
    pub(crate) fn published_saml_keys(&self) -> Vec<Arc<SamlKey>> {
        let (keys, now) = (self.0.signing.keys.load(), self.now());
        let mut published: Vec<&Scheduled> = keys.iter().filter(|key| is_published(&keys, key, now)).collect();
        // The one that signs, its successor, its predecessor.
        let is_other = |key: &Scheduled| key.signs != Signs::Saml(USUAL);
        published.sort_by_key(|key| (is_other(key), key.active_at > now, std::cmp::Reverse(key.active_at)));
        let saml = |key: &Scheduled| match &key.key {
            Key::Saml(key) => Some(key.clone()),
            Key::Token(_) => None,
        };
        published.into_iter().filter_map(saml).collect()
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
        self.renew_issuer_keys().await
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
        self.rotate_where(due).await?;
        self.renew_issuer_keys().await
    }

    async fn rotate_where(&self, due: impl Fn(&Scheduled) -> bool) -> Result<(), Fault> {
        let now = self.now();
        let keys = self.0.signing.keys.load_full();
        let mut made = false;
        for signs in Signs::all() {
            let upcoming = keys.iter().any(|key| key.signs == signs && key.active_at > now);
            let wanted = active(&keys, signs, now).is_none_or(&due);
            if wanted && !upcoming {
                make(&self.0.parts, signs, now, now + limits::KEY_OVERLAP).await?;
                made = true;
            }
        }
        if made { self.reload_keys().await } else { Ok(()) }
    }
}
