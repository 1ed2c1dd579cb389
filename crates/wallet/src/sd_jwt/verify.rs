//! Judging what a holder shows.

use super::key_binding::{self, KeyBindingExpected, KeyBindingFault};
use super::read::{CredentialHead, Parts, open};
use super::{Disclosed, SdJwtFault};
use crate::ClaimPath;
use crate::trust::{ChainFault, Signer};

/// What a presentation must be to be believed.
#[derive(Clone, Copy, Debug)]
pub struct PresentationExpected<'a> {
    /// The types of credential that were asked for.
    pub vct_values: &'a [String],
    /// The claims that were asked for: of others nothing is handed out.
    pub asked: &'a [ClaimPath],
    /// What the holder's token must say.
    pub key_binding: KeyBindingExpected<'a>,
    /// Seconds since the epoch.
    pub now: i64,
}

/// A credential that its holder showed to us, now. Whether it was withdrawn since is still to be asked:
/// [`CredentialHead::status`].
#[derive(Clone, Debug, PartialEq)]
pub struct Presented {
    /// What it says of itself.
    pub head: CredentialHead,
    /// What it says of its holder, of what was asked for.
    pub disclosed: Disclosed,
}

/// Checks a presentation: the issuer's signature, its certificates by `judge`, every disclosure, and the
/// holder's proof (RFC 9901 section 7.3). Claims that nobody asked for are hashed, and dropped unread.
///
/// # Errors
///
/// The first fault found; see [`SdJwtFault`].
pub fn verify(
    presentation: &str,
    expected: &PresentationExpected<'_>,
    judge: impl FnOnce(&[Vec<u8>]) -> Result<Signer, ChainFault>,
) -> Result<Presented, SdJwtFault> {
    let parts = Parts::read(presentation)?;
    let key_binding = parts.key_binding.ok_or(KeyBindingFault::Missing)?;
    let opened = open(&parts, expected.now, judge)?;
    if !expected.vct_values.contains(&opened.head.vct) {
        return Err(SdJwtFault::Type);
    }
    key_binding::verify(key_binding, parts.presented, &opened.head.holder, &expected.key_binding, expected.now)?;
    let disclosed = Disclosed::select(&opened.processed.claims, expected.asked);
    Ok(Presented { head: opened.head, disclosed })
}
