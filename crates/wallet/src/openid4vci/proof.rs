//! The wallet's proof that it holds the key which a credential will be bound to (appendix F.1, `jwt`).

use jose::{Algorithm, Jwk, JwsError, SignError, SigningKey, TokenType};
use serde::{Deserialize, Serialize};

use super::{PROOF_AGE_MAX, PROOF_AHEAD_MAX, TEXT_BYTES_MAX};

/// The `typ` of a proof.
const PROOF_TYP: &str = "openid4vci-proof+jwt";
/// What a proof is signed with.
const ALGORITHMS: [Algorithm; 1] = [Algorithm::Es256];

/// What a proof must say.
#[derive(Clone, Copy, Debug)]
pub struct ProofExpected<'a> {
    /// The issuer, as it calls itself.
    pub issuer: &'a str,
    /// Seconds since the epoch.
    pub now: i64,
}

/// A proof that is good, but for its nonce, which whoever gave it out has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The key.
    pub holder: Jwk,
    /// What the nonce endpoint gave out.
    pub nonce: String,
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
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    iat: f64,
    nonce: Option<String>,
}

/// Checks a proof.
///
/// # Errors
///
/// The first fault found; see [`ProofFault`].
pub fn verify_proof(token: &str, expected: &ProofExpected<'_>) -> Result<Proof, ProofFault> {
    let (verified, holder) = jose::verify_by_own_key(token, TokenType::Stated(PROOF_TYP), &ALGORITHMS)?;
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
    Ok(Proof { holder, nonce })
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
        verify_proof(token, &ProofExpected { issuer: ISSUER, now: NOW })
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
