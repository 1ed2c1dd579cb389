//! The keys that a wallet shows for its credentials, and what its maker says of them.

use std::collections::BTreeSet;

use ::wallet::openid4vci::{
    AttestationUse, IssuanceError, KeyAttestation, ProofExpected, Proofs, verify_key_attestation, verify_proof,
};
use ::wallet::status_list::Status;
use ::wallet::trust::{ChainFault, Purpose, Signer};
use jose::Jwk;
use model::{Timestamp, limits};

use super::{Issuer, IssuingRefusal};
use crate::Broker;

/// A key that a credential will be bound to.
pub(super) struct Holder {
    pub(super) key: Jwk,
    /// Whether it resists attacks of a high potential, by the word of somebody whose word counts.
    pub(super) resists_high: bool,
}

/// What a request's proofs come to.
#[derive(Default)]
pub(super) struct ShownKeys {
    /// Each another key.
    pub(super) holders: Vec<Holder>,
    /// What they are fresh by, still to be looked at.
    pub(super) nonces: BTreeSet<String>,
}

impl Issuer {
    fn attester(&self, now: Timestamp) -> impl Fn(&[Vec<u8>]) -> Result<Signer, ChainFault> + '_ {
        move |chain| self.attesters.check(chain, Purpose::Attestations, now.seconds())
    }
}

impl Broker {
    /// Checks the proofs of a request, but for their nonces. What is attested beside a proof gets a credential too
    /// (appendix F.1). An attestation that is not good is never passed over.
    pub(super) async fn shown_keys(&self, issuer: &Issuer, proofs: &Proofs) -> Result<ShownKeys, IssuingRefusal> {
        let now = self.now();
        let refused = |fault: &dyn std::fmt::Display, description| {
            tracing::info!(%fault, "a proof for a credential was refused");
            IssuanceError::InvalidProof.because(description)
        };
        let mut shown = ShownKeys::default();
        match proofs {
            Proofs::Jwt(proofs) => {
                let expected = ProofExpected { issuer: &issuer.config.origin, now: now.seconds() };
                let mut proved = BTreeSet::new();
                for proof in proofs {
                    let proof = verify_proof(proof, &expected, issuer.attester(now))
                        .map_err(|fault| refused(&fault, "a proof is not what it should be"))?;
                    if !proved.insert(proof.holder.thumbprint()) {
                        return Err(IssuanceError::InvalidProof.because("two proofs are of the same key").into());
                    }
                    shown.nonces.insert(proof.nonce);
                    match proof.attestation {
                        Some(attestation) => self.add_attested(issuer, attestation, &mut shown).await?,
                        None if issuer.config.key_attestations.required => {
                            return Err(IssuanceError::InvalidProof.because("a key attestation is missing").into());
                        }
                        None => shown.add(proof.holder, false),
                    }
                }
            }
            Proofs::Attestation(attestation) => {
                let how = AttestationUse::Alone;
                let attestation = verify_key_attestation(attestation, how, now.seconds(), issuer.attester(now))
                    .map_err(|fault| refused(&fault, "the key attestation is not what it should be"))?;
                self.add_attested(issuer, attestation, &mut shown).await?;
            }
        }
        if shown.holders.len() > limits::CREDENTIAL_BATCH {
            return Err(IssuanceError::InvalidProof.because("more keys than a batch").into());
        }
        Ok(shown)
    }

    async fn add_attested(
        &self,
        issuer: &Issuer,
        attestation: KeyAttestation,
        shown: &mut ShownKeys,
    ) -> Result<(), IssuingRefusal> {
        let now = self.now();
        if let Some(reference) = &attestation.status {
            let told = issuer.withdrawn.status(&*issuer.outbound, reference, issuer.attester(now), now).await;
            let by_its_maker = told.filter(|(_, list)| list.anchor == attestation.signer.anchor);
            if by_its_maker.map(|(status, _)| status) != Some(Status::Valid) {
                let why = "the key attestation was withdrawn, or nobody could say whether it was";
                return Err(IssuanceError::InvalidProof.because(why).into());
            }
        }
        let resists_high = attestation.resists_high();
        shown.nonces.insert(attestation.nonce);
        for key in attestation.keys {
            shown.add(key, resists_high);
        }
        Ok(())
    }
}

impl ShownKeys {
    /// Wallets send one attestation of all keys along with the proof of each.
    fn add(&mut self, key: Jwk, resists_high: bool) {
        let thumbprint = key.thumbprint();
        match self.holders.iter_mut().find(|holder| holder.key.thumbprint() == thumbprint) {
            Some(known) => known.resists_high |= resists_high,
            None => self.holders.push(Holder { key, resists_high }),
        }
    }
}
