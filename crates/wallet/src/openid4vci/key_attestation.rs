//! What the maker of a wallet says of the keys in it (appendix D).

use std::collections::BTreeSet;

use jose::{Algorithm, ChainError, ExpectedChain, Jwk, JwsError, TOKEN_BYTES_MAX, TokenType};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ATTESTED_KEYS_MAX, PROOF_AHEAD_MAX, TEXT_BYTES_MAX};
use crate::sd_jwt::StatusReference;
use crate::trust::{ChainFault, Signer};

/// The `typ` of an attestation.
const ATTESTATION_TYP: &str = "key-attestation+jwt";
/// What an attestation is signed with, and what its keys sign with.
const ALGORITHMS: [Algorithm; 1] = [Algorithm::Es256];
/// Resistant to attacks of a high potential (appendix D.2).
const HIGH: &str = "iso_18045_high";
/// What all of the standard's own levels begin with.
const LEVELS: &str = "iso_18045_";
/// The most levels that an attestation names.
const LEVELS_MAX: usize = 16;

/// How an attestation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationUse {
    /// Beside a proof that one of its keys is held: it says when it ends.
    WithProof,
    /// Instead of one.
    Alone,
}

/// An attestation that is good, but for its nonce, which whoever gave it out has to look at, and for its status.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyAttestation {
    /// The keys, each another one.
    pub keys: Vec<Jwk>,
    /// What the nonce endpoint gave out.
    pub nonce: String,
    /// Where it is told whether the attestation was withdrawn.
    pub status: Option<StatusReference>,
    /// Who attests.
    pub signer: Signer,
    key_storage: Vec<String>,
    user_authentication: Vec<String>,
}

/// Why an attestation is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyAttestationFault {
    /// Its form, or its signature.
    #[error("the key attestation: {0}")]
    Token(JwsError),
    /// Its certificates lead to nobody whose attestations are believed.
    #[error("the key attestation's certificates: {0}")]
    Chain(ChainFault),
    /// It has lapsed, does not say when it will though it should, or was made in the future.
    #[error("the key attestation is out of its time")]
    Time,
    /// It has no nonce, or one that is far too long.
    #[error("the key attestation has no nonce")]
    Nonce,
    /// It attests no key, more than [`ATTESTED_KEYS_MAX`], one twice, or one that is not for ES256.
    #[error("the key attestation's keys cannot be used")]
    Keys,
    /// What it says of how keys are kept, or of where its status is, is malformed.
    #[error("the key attestation does not say how its keys are kept")]
    Claims,
}

#[derive(Deserialize)]
struct Claims {
    iat: f64,
    exp: Option<f64>,
    attested_keys: Vec<Map<String, Value>>,
    key_storage: Option<Vec<String>>,
    user_authentication: Option<Vec<String>>,
    nonce: Option<String>,
    status: Option<Status>,
}

#[derive(Deserialize)]
struct Status {
    status_list: Option<ListEntry>,
}

#[derive(Deserialize)]
struct ListEntry {
    uri: String,
    idx: u64,
}

/// Checks an attestation at `now`, in seconds since the epoch; `judge` decides on its certificates.
///
/// # Errors
///
/// The first fault found; see [`KeyAttestationFault`].
pub fn verify_key_attestation(
    token: &str,
    how: AttestationUse,
    now: i64,
    judge: impl FnOnce(&[Vec<u8>]) -> Result<Signer, ChainFault>,
) -> Result<KeyAttestation, KeyAttestationFault> {
    let form =
        ExpectedChain { typ: TokenType::Stated(ATTESTATION_TYP), algorithms: &ALGORITHMS, bytes_max: TOKEN_BYTES_MAX };
    let mut signer = None;
    let verified =
        jose::verify_by_chain(token, &form, |chain| judge(chain).map(|found| signer.insert(found).key.clone()))?;
    let signer = signer.ok_or(KeyAttestationFault::Token(JwsError::Header))?;
    let claims: Claims = verified.json().map_err(KeyAttestationFault::Token)?;
    check_time(&claims, how, now)?;
    let nonce = claims.nonce.filter(|nonce| (1..=TEXT_BYTES_MAX).contains(&nonce.len()));
    Ok(KeyAttestation {
        keys: keys(&claims.attested_keys).ok_or(KeyAttestationFault::Keys)?,
        nonce: nonce.ok_or(KeyAttestationFault::Nonce)?,
        status: claims.status.map(reference).transpose()?,
        signer,
        key_storage: levels(claims.key_storage)?,
        user_authentication: levels(claims.user_authentication)?,
    })
}

#[expect(clippy::cast_precision_loss, reason = "an instant of the next million years is exact")]
fn check_time(claims: &Claims, how: AttestationUse, now: i64) -> Result<(), KeyAttestationFault> {
    let holds = match (claims.exp, how) {
        (Some(exp), AttestationUse::WithProof | AttestationUse::Alone) => (now as f64) < exp,
        (None, AttestationUse::Alone) => true,
        (None, AttestationUse::WithProof) => false,
    };
    let began = claims.iat <= now.saturating_add(PROOF_AHEAD_MAX) as f64;
    if holds && began { Ok(()) } else { Err(KeyAttestationFault::Time) }
}

fn keys(members: &[Map<String, Value>]) -> Option<Vec<Jwk>> {
    if !(1..=ATTESTED_KEYS_MAX).contains(&members.len()) {
        return None;
    }
    let mut seen = BTreeSet::new();
    let key = |members: &Map<String, Value>| {
        let key = Jwk::from_members(members).ok().filter(|key| key.allows(Algorithm::Es256))?;
        seen.insert(key.thumbprint()).then_some(key)
    };
    members.iter().map(key).collect()
}

/// An attestation without levels says nothing of how its keys are kept; an empty list is none.
fn levels(stated: Option<Vec<String>>) -> Result<Vec<String>, KeyAttestationFault> {
    match stated {
        None => Ok(Vec::new()),
        Some(levels)
            if (1..=LEVELS_MAX).contains(&levels.len()) && levels.iter().all(|level| level.len() <= TEXT_BYTES_MAX) =>
        {
            Ok(levels)
        }
        Some(_) => Err(KeyAttestationFault::Claims),
    }
}

fn reference(status: Status) -> Result<StatusReference, KeyAttestationFault> {
    // Of any other way to tell it nothing is known here, so nobody could ask.
    let entry = status.status_list.filter(|entry| entry.uri.len() <= TEXT_BYTES_MAX);
    entry.map(|ListEntry { uri, idx }| StatusReference { uri, index: idx }).ok_or(KeyAttestationFault::Claims)
}

impl KeyAttestation {
    /// Whether both the keys and what lets a person use them resist attacks of a high potential. A lower level beside
    /// the high one is a weaker way to the same keys.
    pub fn resists_high(&self) -> bool {
        [&self.key_storage, &self.user_authentication].into_iter().all(|levels| {
            levels.iter().any(|level| level == HIGH)
                && levels.iter().all(|level| level == HIGH || !level.starts_with(LEVELS))
        })
    }

    /// The key that a proof names: by its name, or by its place in the list, as the example of appendix F.1 does.
    pub(super) fn key_named(&self, kid: &str) -> Option<&Jwk> {
        let named = self.keys.iter().find(|key| key.kid() == Some(kid));
        named.or_else(|| self.keys.get(kid.parse::<usize>().ok()?))
    }
}

impl From<ChainError<ChainFault>> for KeyAttestationFault {
    fn from(error: ChainError<ChainFault>) -> Self {
        match error {
            ChainError::Token(error) => KeyAttestationFault::Token(error),
            ChainError::Chain(fault) => KeyAttestationFault::Chain(fault),
        }
    }
}

#[cfg(test)]
mod tests;
