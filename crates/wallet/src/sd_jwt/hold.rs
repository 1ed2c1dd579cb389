//! The holder's side.

use std::fmt;

use jose::{SignError, SigningKey};
use serde_json::{Map, Value};

use super::SdJwtFault;
use super::disclosure::Disclosure;
use super::key_binding::{self, KeyBindingExpected};
use super::read::{CredentialHead, Parts, open};
use crate::ClaimPath;
use crate::claim_path::PathStep;
use crate::trust::{ChainFault, Signer};

/// A credential that somebody holds, with everything that it can disclose. It is not printed.
#[derive(Clone)]
pub struct Held {
    issuer_token: String,
    disclosures: Vec<(Disclosure, Vec<PathStep>)>,
    claims: Map<String, Value>,
    head: CredentialHead,
}

/// A presentation cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PresentError {
    /// The key is not the one in the credential.
    #[error("the credential is bound to another key")]
    OtherKey,
    /// The library refused.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl Held {
    /// Reads what an issuer sent, as RFC 9901 section 7.2 asks of a holder.
    ///
    /// # Errors
    ///
    /// As [`super::verify`], and [`SdJwtFault::AlreadyBound`] when a holder's token comes with it.
    pub fn receive(
        text: &str,
        now: i64,
        judge: impl FnOnce(&[Vec<u8>]) -> Result<Signer, ChainFault>,
    ) -> Result<Self, SdJwtFault> {
        let parts = Parts::read(text)?;
        if parts.key_binding.is_some() {
            return Err(SdJwtFault::AlreadyBound);
        }
        let opened = open(&parts, now, judge)?;
        Ok(Self {
            issuer_token: parts.issuer_token.to_owned(),
            disclosures: parts.disclosures.into_iter().zip(opened.processed.places).collect(),
            claims: opened.processed.claims,
            head: opened.head,
        })
    }

    /// What it says of itself.
    pub fn head(&self) -> &CredentialHead {
        &self.head
    }

    /// All its claims, for the holder to see and choose from.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The credential for a verifier: with the disclosures that `shown` needs and no others, and the proof
    /// that its holder shows it now.
    ///
    /// # Errors
    ///
    /// See [`PresentError`].
    pub fn present(
        &self,
        shown: &[ClaimPath],
        holder: &SigningKey,
        to: &KeyBindingExpected<'_>,
        now: i64,
    ) -> Result<String, PresentError> {
        if holder.public_jwk().thumbprint() != self.head.holder.thumbprint() {
            return Err(PresentError::OtherKey);
        }
        let mut presented = format!("{}~", self.issuer_token);
        for (disclosure, place) in &self.disclosures {
            if shown.iter().any(|path| path.touches(place)) {
                presented.push_str(&disclosure.text);
                presented.push('~');
            }
        }
        let key_binding = key_binding::sign(&presented, holder, to, now)?;
        presented.push_str(&key_binding);
        Ok(presented)
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("vct", &self.head.vct).finish_non_exhaustive()
    }
}
