//! The wallet's proof that it holds the key which a credential will be bound to (appendix F.1, `jwt`).

use jose::{Algorithm, Jwk, JwsError, SignError, SigningKey, StatedKey, TokenType};
use serde::{Deserialize, Serialize};

use super::key_attestation::{AttestationUse, KeyAttestation, KeyAttestationFault, verify_key_attestation};
use super::{PROOF_AGE_MAX, PROOF_AHEAD_MAX, TEXT_BYTES_MAX};
use crate::trust::{ChainFault, Signer};

/// The `typ` of a proof.
const PROOF_TYP: &str = "openid4vci-proof+jwt";
/// What a proof is signed with.
const ALGORITHMS: [Algorithm; 1] = [Algorithm::Es256];
/// The header member with what the wallet's maker says of the key.
const ATTESTATION_MEMBER: &str = "key_attestation";

/// What a proof must say.
#[derive(Clone, Copy, Debug)]
pub struct ProofExpected<'a> {
    /// The issuer, as it calls itself.
    pub issuer: &'a str,
    /// Seconds since the epoch.
    pub now: i64,
}

/// A proof that is good, but for its nonce, which whoever gave it out has to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// The key.
    pub holder: Jwk,
    /// What the nonce endpoint gave out.
    pub nonce: String,
    /// What is said of the key, and of others beside it, by somebody who is believed.
    pub attestation: Option<KeyAttestation>,
}

/// Why a proof is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// Its form, or it is not signed by the key in its header.
    #[error("the proof: {0}")]
    Token(#[from] JwsError),
    /// It is meant for somebody else.
    #[error("the proof is meant for another issuer")]
    Audience,
    /// It has no nonce, or one that is far too long.
    #[error("the proof has no nonce")]
    Nonce,
    /// It was made more than [`PROOF_AGE_MAX`] ago, or more than [`PROOF_AHEAD_MAX`] ahead.
    #[error("the proof was not made now")]
    Time,
    /// An attestation came along, and is refused.
    #[error(transparent)]
    Attestation(#[from] KeyAttestationFault),
    /// The attestation that came along is not of the key.
    #[error("the proof's key is not among those that are attested")]
    NotAttested,
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    iat: f64,
    nonce: Option<String>,
}

/// Checks a proof, and the attestation that came along, if one did; `judge` decides on its certificates.
///
/// # Errors
///
/// The first fault found; see [`ProofFault`]. An attestation that is not good is never passed over.
pub fn verify_proof(
    token: &str,
    expected: &ProofExpected<'_>,
    judge: impl FnOnce(&[Vec<u8>]) -> Result<Signer, ChainFault>,
) -> Result<Proof, ProofFault> {
    let mut found = None;
    let verified = jose::verify_by_stated_key(token, TokenType::Stated(PROOF_TYP), &ALGORITHMS, |stated| {
        let attestation = stated
            .text(ATTESTATION_MEMBER)?
            .map(|attestation| verify_key_attestation(attestation, AttestationUse::WithProof, expected.now, judge));
        let attestation = attestation.transpose()?;
        let holder = key_of(stated, attestation.as_ref())?;
        found = Some((holder.clone(), attestation));
        Ok::<_, ProofFault>(holder)
    })?;
    let (holder, attestation) = found.ok_or(JwsError::Header)?;
    let claims: Claims = verified.json()?;
    if claims.aud != expected.issuer {
        return Err(ProofFault::Audience);
    }
    #[expect(clippy::cast_precision_loss, reason = "an instant of the next million years is exact")]
    let age = expected.now as f64 - claims.iat;
    #[expect(clippy::cast_precision_loss, reason = "two small constants")]
    let (oldest, newest) = (PROOF_AGE_MAX as f64, -(PROOF_AHEAD_MAX as f64));
    if !(newest..=oldest).contains(&age) {
        return Err(ProofFault::Time);
    }
    let nonce = claims.nonce.filter(|nonce| (1..=TEXT_BYTES_MAX).contains(&nonce.len())).ok_or(ProofFault::Nonce)?;
    Ok(Proof { holder, nonce, attestation })
}

/// The key that signed: the one in the header, or an attested one that the header names.
fn key_of(stated: &StatedKey<'_>, attestation: Option<&KeyAttestation>) -> Result<Jwk, ProofFault> {
    match (&stated.jwk, stated.kid, attestation) {
        (Some(_), Some(_), _) | (None, Some(_), None) => Err(JwsError::RefusedMember.into()),
        (None, None, _) => Err(JwsError::Header.into()),
        (Some(key), None, None) => Ok(key.clone()),
        (Some(key), None, Some(attestation)) => {
            let thumbprint = key.thumbprint();
            let attested = attestation.keys.iter().any(|attested| attested.thumbprint() == thumbprint);
            if attested { Ok(key.clone()) } else { Err(ProofFault::NotAttested) }
        }
        (None, Some(kid), Some(attestation)) => attestation.key_named(kid).cloned().ok_or(ProofFault::NotAttested),
    }
}

/// A proof that `holder` is held, for the issuer and with the nonce that it gave out.
///
/// # Errors
///
/// See [`SignError`].
pub fn sign_proof(holder: &SigningKey, issuer: &str, nonce: &str, now: i64) -> Result<String, SignError> {
    #[derive(Serialize)]
    struct Written<'a> {
        aud: &'a str,
        iat: i64,
        nonce: &'a str,
    }
    holder.sign_with_own_key(PROOF_TYP, &Written { aud: issuer, iat: now, nonce })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::samples::{NOW, holder};

    const ISSUER: &str = "https://dap.example";

    fn verify(token: &str) -> Result<Proof, ProofFault> {
        verify_proof(token, &ProofExpected { issuer: ISSUER, now: NOW }, |_| Err(ChainFault::Unknown))
    }

    #[test]
    fn a_proof_tells_key_and_nonce() {
        let holder = holder();
        let proof = verify(&sign_proof(&holder, ISSUER, "n-1", NOW).unwrap()).unwrap();
        assert_eq!((proof.holder.thumbprint().as_str(), proof.nonce.as_str()), (holder.kid(), "n-1"));
    }

    #[test]
    fn what_a_proof_must_say() {
        let good = || json!({"aud": ISSUER, "iat": NOW, "nonce": "n"});
        let with = |name: &str, value: serde_json::Value| {
            let mut claims = good();
            claims[name] = value;
            claims
        };
        #[rustfmt::skip]
        let table = [
            (good(),                                        Ok(())),
            (with("iss", json!("client")),                  Ok(())),
            (with("iat", json!(NOW - PROOF_AGE_MAX)),       Ok(())),
            (with("iat", json!(NOW + PROOF_AHEAD_MAX)),     Ok(())),
            (with("iat", json!(NOW - PROOF_AGE_MAX - 1)),   Err(ProofFault::Time)),
            (with("iat", json!(NOW + PROOF_AHEAD_MAX + 1)), Err(ProofFault::Time)),
            (with("iat", json!("now")),                     Err(ProofFault::Token(JwsError::Payload))),
            (with("iat", json!(null)),                      Err(ProofFault::Token(JwsError::Payload))),
            (with("aud", json!("https://other.example")),   Err(ProofFault::Audience)),
            (with("aud", json!("https://dap.example/")),    Err(ProofFault::Audience)),
            (with("aud", json!([ISSUER])),                  Err(ProofFault::Token(JwsError::Payload))),
            (with("nonce", json!("")),                      Err(ProofFault::Nonce)),
            (with("nonce", json!("n".repeat(1025))),        Err(ProofFault::Nonce)),
            (with("nonce", json!(null)),                    Err(ProofFault::Nonce)),
            (json!({"aud": ISSUER, "iat": NOW}),            Err(ProofFault::Nonce)),
        ];
        for (claims, expected) in table {
            let token = holder().sign_with_own_key(PROOF_TYP, &claims).unwrap();
            assert_eq!(verify(&token).map(drop), expected, "{claims}");
        }
    }

    #[test]
    fn a_token_of_another_kind_is_no_proof() {
        let claims = json!({"aud": ISSUER, "iat": NOW, "nonce": "n"});
        let other = holder().sign_with_own_key("dpop+jwt", &claims).unwrap();
        assert_eq!(verify(&other), Err(ProofFault::Token(JwsError::Type)));
        let without_key = holder().sign(PROOF_TYP, &claims).unwrap();
        assert_eq!(verify(&without_key), Err(ProofFault::Token(JwsError::RefusedMember)));
        let rsa = SigningKey::generate(Algorithm::Rs256).unwrap().sign_with_own_key(PROOF_TYP, &claims).unwrap();
        assert_eq!(verify(&rsa), Err(ProofFault::Token(JwsError::Algorithm)));
        let mut forged = sign_proof(&holder(), ISSUER, "n", NOW).unwrap();
        forged.replace_range(forged.len() - 8.., "AAAAAAAA");
        assert_eq!(verify(&forged), Err(ProofFault::Token(JwsError::Signature)));
        assert!(verify("").is_err());
    }
}
