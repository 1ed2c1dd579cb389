//! What verifier and holder alike read of a credential: its parts, the issuer's word, and what it says of
//! itself.

use jose::{ExpectedChain, Jwk, TokenType};
use serde_json::{Map, Value};

use super::disclosure::Disclosure;
use super::process::{Processed, process};
use super::{
    ALGORITHMS, CREDENTIAL_TYP, DISCLOSURES_MAX, ISSUER_AHEAD_MAX, ISSUER_TOKEN_BYTES_MAX, SD_JWT_BYTES_MAX,
    SdJwtFault, URI_BYTES_MAX,
};
use crate::trust::{ChainFault, Signer};

/// A credential cut at its tildes.
pub(super) struct Parts<'a> {
    pub(super) issuer_token: &'a str,
    pub(super) disclosures: Vec<Disclosure>,
    /// All but the holder's token: what that token is about.
    pub(super) presented: &'a str,
    pub(super) key_binding: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, SdJwtFault> {
        if text.len() > SD_JWT_BYTES_MAX {
            return Err(SdJwtFault::TooLong);
        }
        let last = text.rfind('~').ok_or(SdJwtFault::Form)?;
        let (presented, key_binding) = text.split_at(last + 1);
        let (issuer_token, disclosures) = presented[..last].split_once('~').unwrap_or((&presented[..last], ""));
        let has_disclosures = issuer_token.len() < last;
        let mut read = Vec::new();
        if has_disclosures {
            if disclosures.split('~').nth(DISCLOSURES_MAX).is_some() {
                return Err(SdJwtFault::TooMany);
            }
            read = disclosures.split('~').map(Disclosure::parse).collect::<Result<_, _>>()?;
        }
        let key_binding = (!key_binding.is_empty()).then_some(key_binding);
        Ok(Self { issuer_token, disclosures: read, presented, key_binding })
    }
}

/// What a credential says of itself, by its issuer's word.
#[derive(Clone, Debug, PartialEq)]
pub struct CredentialHead {
    /// Its type.
    pub vct: String,
    /// Who issued it, as it names itself; the name is one of its certificate's where that has any. The
    /// certificate's trusted anchor decides, not this.
    pub iss: Option<String>,
    /// When it was issued, in seconds since the epoch.
    pub issued_at: Option<i64>,
    /// When it expires, in seconds since the epoch.
    pub expires_at: Option<i64>,
    /// Where to ask whether it is still good.
    pub status: Option<StatusReference>,
    /// The holder's key.
    pub holder: Jwk,
    /// Whose key signed it.
    pub signer: Signer,
}

/// Where a credential's state is told (Token Status List section 6.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StatusReference {
    /// The address of the list.
    pub uri: String,
    /// The position in it.
    pub index: u64,
}

/// A credential that its issuer signed and that is valid at `now`.
pub(super) struct Opened {
    pub(super) head: CredentialHead,
    pub(super) processed: Processed,
}

/// Checks the issuer's word. `judge` decides on the certificates.
pub(super) fn open(
    parts: &Parts<'_>,
    now: i64,
    judge: impl FnOnce(&[Vec<u8>]) -> Result<Signer, ChainFault>,
) -> Result<Opened, SdJwtFault> {
    let expected = ExpectedChain {
        typ: TokenType::Stated(CREDENTIAL_TYP),
        algorithms: &ALGORITHMS,
        bytes_max: ISSUER_TOKEN_BYTES_MAX,
    };
    let mut signer = None;
    let verified = jose::verify_by_chain(parts.issuer_token, &expected, |chain| {
        let judged = judge(chain)?;
        let key = judged.key.clone();
        signer = Some(judged);
        Ok(key)
    })?;
    let signer = signer.ok_or(SdJwtFault::Chain(ChainFault::Unknown))?;
    let payload: Map<String, Value> = verified.json().map_err(SdJwtFault::Issuer)?;
    let processed = process(payload, &parts.disclosures)?;
    let head = head(&processed.claims, signer, now)?;
    Ok(Opened { head, processed })
}

fn head(claims: &Map<String, Value>, signer: Signer, now: i64) -> Result<CredentialHead, SdJwtFault> {
    let uri = |name: &'static str| match claims.get(name) {
        None => Ok(None),
        Some(Value::String(uri)) if (1..=URI_BYTES_MAX).contains(&uri.len()) => Ok(Some(uri.clone())),
        Some(_) => Err(SdJwtFault::Claim(name)),
    };
    let time = |name: &'static str| match claims.get(name) {
        None => Ok(None),
        Some(value) => instant(value).map(Some).ok_or(SdJwtFault::Claim(name)),
    };
    let expires_at = time("exp")?;
    if expires_at.is_some_and(|exp| exp <= now) {
        return Err(SdJwtFault::Expired);
    }
    if time("nbf")?.is_some_and(|nbf| nbf > now.saturating_add(ISSUER_AHEAD_MAX)) {
        return Err(SdJwtFault::Early);
    }
    let iss = uri("iss")?;
    if iss.as_deref().is_some_and(|iss| !signer.may_be_called(iss)) {
        return Err(SdJwtFault::IssuerName);
    }
    let jwk = claims.get("cnf").and_then(|cnf| cnf.get("jwk")).and_then(Value::as_object);
    Ok(CredentialHead {
        vct: uri("vct")?.ok_or(SdJwtFault::Claim("vct"))?,
        iss,
        issued_at: time("iat")?,
        expires_at,
        status: claims.get("status").map(status).transpose()?,
        holder: Jwk::from_members(jwk.ok_or(SdJwtFault::Claim("cnf"))?).map_err(|_| SdJwtFault::Claim("cnf"))?,
        signer,
    })
}

/// A status of another kind than a list is one that we could not check: such a credential is refused.
fn status(status: &Value) -> Result<StatusReference, SdJwtFault> {
    let list = status.get("status_list").ok_or(SdJwtFault::Claim("status"))?;
    let uri = list.get("uri").and_then(Value::as_str).filter(|uri| uri.len() <= URI_BYTES_MAX);
    let index = list.get("idx").and_then(Value::as_u64);
    match (uri, index) {
        (Some(uri), Some(index)) => Ok(StatusReference { uri: uri.to_owned(), index }),
        (Some(_) | None, _) => Err(SdJwtFault::Claim("status")),
    }
}

/// A `NumericDate` (RFC 7519 section 2) in whole seconds.
pub(crate) fn instant(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        // Up to here a number of this type is exact to the second.
        let seconds = value.as_f64().filter(|seconds| seconds.abs() < 9e15)?;
        #[expect(clippy::cast_possible_truncation, reason = "bounded in the line above")]
        Some(seconds.floor() as i64)
    })
}
