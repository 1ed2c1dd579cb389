//! The word of a wallet's provider that a key is an instance of that wallet, and the instance's proof that it holds
//! the key: OAuth 2.0 Attestation-Based Client Authentication (draft 07), in the profile of `OpenID4VC` HAIP 1.0
//! section 4.4.1. That a proof is used once is for whoever remembers its `jti`.

use jose::{Algorithm, ChainError, ExpectedChain, Jwk, JwsError, TokenType};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::trust::{ChainFault, Signer};

/// The name of this way to authenticate (draft section 10.1).
pub const ATTESTED_CLIENT: &str = "attest_jwt_client_auth";
/// What attestations and proofs are signed with.
pub const ATTESTATION_ALGORITHMS: [Algorithm; 1] = [Algorithm::Es256];
/// How long ago a proof may have been made, in seconds.
pub const ATTESTATION_PROOF_AGE_MAX: i64 = 300;
/// How far the wallet's clock may be ahead of ours, in seconds.
pub const ATTESTATION_AHEAD_MAX: i64 = 60;
/// The longest attestation, in bytes: it is a header.
pub const ATTESTATION_BYTES_MAX: usize = 8 * 1024;

/// The `typ` of an attestation (draft section 5.1).
const ATTESTATION_TYP: &str = "oauth-client-attestation+jwt";
/// The `typ` of a proof (draft section 5.2).
const PROOF_TYP: &str = "oauth-client-attestation-pop+jwt";
/// The longest name of a wallet, and the longest `jti`, in bytes.
const TEXT_BYTES_MAX: usize = 256;

/// What the provider attests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAttestation {
    /// The wallet's name as a client.
    pub client_id: String,
    /// The instance's key.
    pub instance: Jwk,
}

/// What a proof must be for.
#[derive(Clone, Copy, Debug)]
pub struct AttestationProofExpected<'a> {
    /// The authorization server, as it calls itself.
    pub server: &'a str,
    /// Seconds since the epoch.
    pub now: i64,
}

/// Why an attestation or its proof is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttestationFault {
    /// The attestation's form, or its signature.
    #[error("the attestation: {0}")]
    Attestation(JwsError),
    /// Nobody who is trusted vouches for the attestation's signer.
    #[error("the attestation: {0}")]
    Chain(ChainFault),
    /// The attestation names no wallet, or another one than the request.
    #[error("the attestation is not this client's")]
    Client,
    /// The attestation has lapsed, or is not good yet.
    #[error("the attestation is not good now")]
    Time,
    /// The attestation is bound to no public key that can be used here.
    #[error("the attestation is bound to no key")]
    Key,
    /// The proof's form, or it is not signed by the key in the attestation.
    #[error("the proof of the attestation: {0}")]
    Proof(JwsError),
    /// The proof names another wallet.
    #[error("the proof of the attestation is another client's")]
    ProofClient,
    /// The proof is meant for somebody else.
    #[error("the proof of the attestation is meant for another server")]
    Audience,
    /// The proof's `jti` is empty or too long.
    #[error("the proof of the attestation has no jti, or one that is too long")]
    Jti,
    /// The proof was made more than [`ATTESTATION_PROOF_AGE_MAX`] ago, or more than [`ATTESTATION_AHEAD_MAX`] ahead.
    #[error("the proof of the attestation was not made now")]
    ProofTime,
}

#[derive(Deserialize)]
struct Claims {
    sub: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
    cnf: Option<Confirmation>,
}

#[derive(Deserialize)]
struct Confirmation {
    jwk: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct ProofClaims {
    iss: Option<String>,
    aud: Audience,
    jti: String,
    iat: f64,
    nbf: Option<f64>,
    exp: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl ClientAttestation {
    /// Checks an attestation at `now`, in seconds since the epoch. `judge` says whose the chain in its header is: whose
    /// word it is, is told by the chain alone, and an `iss` beside it adds nothing.
    ///
    /// # Errors
    ///
    /// The first fault found; see [`AttestationFault`].
    pub fn verify(
        token: &str,
        now: i64,
        judge: impl FnOnce(&[Vec<u8>]) -> Result<Signer, ChainFault>,
    ) -> Result<Self, AttestationFault> {
        let expected = ExpectedChain {
            typ: TokenType::Stated(ATTESTATION_TYP),
            algorithms: &ATTESTATION_ALGORITHMS,
            bytes_max: ATTESTATION_BYTES_MAX,
        };
        let verified = jose::verify_by_chain(token, &expected, |chain| judge(chain).map(|signer| signer.key));
        let verified = verified.map_err(|error| match error {
            ChainError::Token(error) => AttestationFault::Attestation(error),
            ChainError::Chain(fault) => AttestationFault::Chain(fault),
        })?;
        let claims: Claims = verified.json().map_err(AttestationFault::Attestation)?;
        let client_id = claims.sub.filter(|sub| (1..=TEXT_BYTES_MAX).contains(&sub.len()));
        let client_id = client_id.ok_or(AttestationFault::Client)?;
        let now = instant(now);
        let is_good = claims.exp.is_some_and(|exp| now < exp) && claims.nbf.is_none_or(|nbf| nbf <= now + AHEAD_MAX);
        if !is_good {
            return Err(AttestationFault::Time);
        }
        let members = claims.cnf.and_then(|cnf| cnf.jwk).ok_or(AttestationFault::Key)?;
        // A private key is none that could be used.
        let instance = Jwk::from_members(&members).map_err(|_| AttestationFault::Key)?;
        Ok(Self { client_id, instance })
    }

    /// Checks the instance's proof, all but whether it was used before, and gives its `jti`.
    ///
    /// # Errors
    ///
    /// The first fault found; see [`AttestationFault`].
    pub fn verify_proof(
        &self,
        proof: &str,
        expected: &AttestationProofExpected<'_>,
    ) -> Result<String, AttestationFault> {
        let typ = TokenType::Stated(PROOF_TYP);
        let verified = jose::verify_by_key(proof, typ, &ATTESTATION_ALGORITHMS, &self.instance);
        let claims: ProofClaims = verified.and_then(|found| found.json()).map_err(AttestationFault::Proof)?;
        if claims.iss.is_some_and(|iss| iss != self.client_id) {
            return Err(AttestationFault::ProofClient);
        }
        let is_ours = match &claims.aud {
            Audience::One(one) => one == expected.server,
            Audience::Many(all) => all.iter().any(|one| one == expected.server),
        };
        if !is_ours {
            return Err(AttestationFault::Audience);
        }
        if !(1..=TEXT_BYTES_MAX).contains(&claims.jti.len()) {
            return Err(AttestationFault::Jti);
        }
        let now = instant(expected.now);
        let is_now = (-AHEAD_MAX..=AGE_MAX).contains(&(now - claims.iat))
            && claims.nbf.is_none_or(|nbf| nbf <= now + AHEAD_MAX)
            && claims.exp.is_none_or(|exp| now < exp);
        if is_now { Ok(claims.jti) } else { Err(AttestationFault::ProofTime) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "two small constants")]
const AGE_MAX: f64 = ATTESTATION_PROOF_AGE_MAX as f64;
#[expect(clippy::cast_precision_loss, reason = "two small constants")]
const AHEAD_MAX: f64 = ATTESTATION_AHEAD_MAX as f64;

#[expect(clippy::cast_precision_loss, reason = "an instant of the next million years is exact")]
const fn instant(seconds: i64) -> f64 {
    seconds as f64
}

#[cfg(test)]
mod tests;
