//! Which client speaks, proved by the one way that it registered.

use data_encoding::HEXLOWER;
use idp::Purpose;
use jose::Algorithm;
use journey::Attempts;
use model::{HandleDigest, Network, Timestamp, limits};
use oidc::{
    AssertionExpectation, AuthMethod, ClientAssertion, ClientAuthentication, ClientKeys, ClientMetadata, ErrorCode,
    OAuthError,
};
use store::{Change, Op};

use super::token::TokenRefusal;
use crate::attempts::put_attempts;
use crate::{Broker, Caller, audit};

/// What a presented proof is worth.
enum Proof {
    /// It is not the client's.
    Bad,
    /// It is, and may be shown again.
    Good,
    /// It is, and this write uses it up.
    GoodOnce(Box<Op>),
}

/// A client that proved who it is, and what the proof uses up.
pub(super) struct Proved {
    pub(super) client_id: String,
    pub(super) metadata: ClientMetadata,
    pub(super) once: Option<Op>,
}

impl Broker {
    /// Proves a client.
    pub(super) async fn prove_client(
        &self,
        presented: &ClientAuthentication,
        caller: &Caller,
    ) -> Result<Proved, TokenRefusal> {
        let refused =
            || TokenRefusal::client(OAuthError::new(ErrorCode::InvalidClient, "client authentication failed"));
        let client_id = presented.client_id().to_owned();
        let metadata = self.client_metadata(&client_id).await?.ok_or_else(refused)?;
        let bucket = self.bucket_key("client-secret", &[&client_id, Network::of(caller.address).as_str()]);
        let now = self.now();
        let (_, tries): (_, Attempts) = self.attempts(&bucket).await?;
        if let Err(until) = tries.reserve(now, limits::CLIENT_SECRET_TRIES, limits::CLIENT_SECRET_WINDOW) {
            return Err(TokenRefusal::Limited { until });
        }
        match self.check_proof(&metadata, presented, now) {
            Proof::Good => Ok(Proved { client_id, metadata, once: None }),
            Proof::GoodOnce(once) => Ok(Proved { client_id, metadata, once: Some(*once) }),
            Proof::Bad => {
                self.count_wrong_secret(&bucket, now).await?;
                Err(refused())
            }
        }
    }

    /// `None` when the proof fails; else what it uses up.
    fn check_proof(&self, metadata: &ClientMetadata, presented: &ClientAuthentication, now: Timestamp) -> Proof {
        match (metadata.auth_method, presented) {
            (AuthMethod::ClientSecretBasic, ClientAuthentication::Basic { client_id, secret })
            | (AuthMethod::ClientSecretPost, ClientAuthentication::Post { client_id, secret }) => {
                let stored = metadata.client_secret.as_ref().map(|digest| digest.expose().as_bytes());
                let stored = stored.and_then(|digest| HEXLOWER.decode(digest).ok()).unwrap_or_default();
                let parts: [&[u8]; 2] = [client_id.as_bytes(), secret.expose().as_bytes()];
                let good = self.keys().mac_matches(Purpose::ClientSecret, &parts, &stored);
                if good { Proof::Good } else { Proof::Bad }
            }
            (AuthMethod::PrivateKeyJwt, ClientAuthentication::PrivateKeyJwt { client_id, assertion }) => {
                self.check_assertion(metadata, client_id, assertion.expose(), now)
            }
            (AuthMethod::None, ClientAuthentication::None { .. }) => Proof::Good,
            (
                AuthMethod::ClientSecretBasic
                | AuthMethod::ClientSecretPost
                | AuthMethod::PrivateKeyJwt
                | AuthMethod::None,
                _,
            ) => Proof::Bad,
        }
    }

    fn check_assertion(&self, metadata: &ClientMetadata, client_id: &str, assertion: &str, now: Timestamp) -> Proof {
        let Some(ClientKeys::Inline(keys)) = &metadata.keys else { return Proof::Bad };
        let registered = metadata.auth_signing_alg.as_ref().map(std::slice::from_ref);
        let expectation = AssertionExpectation {
            client_id,
            keys,
            algorithms: registered.unwrap_or(&[Algorithm::Es256, Algorithm::Ps256, Algorithm::Rs256]),
            audiences: &[&self.endpoints().issuer, &self.endpoints().token],
            now: now.seconds(),
        };
        match ClientAssertion::verify(assertion, &expectation) {
            Err(_) => Proof::Bad,
            Ok(proof) => Proof::GoodOnce(Box::new(Op::UseOnce {
                kind: "jti",
                digest: self.jti_digest(client_id, &proof.jti),
                expires_at: Timestamp::from_seconds(proof.exp + oidc::CLOCK_SKEW_MAX),
            })),
        }
    }

    fn jti_digest(&self, client: &str, jti: &str) -> HandleDigest {
        let parts: [&[u8]; 3] = [b"jti", client.as_bytes(), jti.as_bytes()];
        HandleDigest::from_bytes(&self.keys().mac(Purpose::ClientSecret, &parts))
    }

    /// Writes a wrong secret down before it is answered. A right one writes nothing: secrets are
    /// random and long, so that this limit guards the log rather than the secret.
    async fn count_wrong_secret(&self, bucket: &str, now: Timestamp) -> Result<(), TokenRefusal> {
        let (seen, tries): (_, Attempts) = self.attempts(bucket).await?;
        if let Ok(more) = tries.reserve(now, limits::CLIENT_SECRET_TRIES, limits::CLIENT_SECRET_WINDOW) {
            let put = put_attempts(bucket.to_owned(), seen, &more, now + limits::CLIENT_SECRET_WINDOW);
            self.store()
                .commit(Change::new(audit(now, "client.refused")).with(put))
                .await
                .map_err(crate::Fault::from)?;
        }
        Ok(())
    }
}
