//! HTTP-Artifact (SAML Bindings section 3.6): an answer waits here, and its service fetches it once.

use std::time::Duration;

use data_encoding::HEXLOWER;
use idp::seal::{SealedFor, open, seal};
use model::{HandleDigest, ServiceId, Timestamp};
use saml::binding::artifact::Artifact;
use saml::binding::soap;
use saml::{ArtifactResolve, ArtifactResponse, ArtifactResponseHead, Direction, MessageKind, SignatureDemand};
use store::record::ArtifactRecord;
use store::{Change, Committed, Op};

use super::receive::{Destination, Issued, issued};
use crate::{Broker, Fault, audit};

/// The index of our one artifact resolution service.
pub(super) const ENDPOINT_INDEX: u16 = 0;
/// How long an answer waits: the service fetches it at once.
const LIFE: Duration = Duration::from_mins(1);

/// Why a SOAP request is not answered. There is no telling whether what it names existed.
#[derive(Debug, thiserror::Error)]
pub enum SoapRefusal {
    /// The message cannot be read, or its sender does not prove who it is.
    #[error("the request is refused: {0}")]
    Request(&'static str),
    /// It cannot be told now.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Broker {
    /// An artifact for an answer, and the write that keeps the answer. A positive one tells of a session.
    pub(super) fn draw_artifact(
        &self,
        service: &ServiceId,
        session: Option<HandleDigest>,
        message: &str,
        now: Timestamp,
    ) -> (Artifact, Op) {
        let handle = self.random().bytes::<20>();
        let digest = digest(&handle);
        let message = seal(self.keys(), self.random(), &place(&digest), message.as_bytes());
        let record = ArtifactRecord { digest, service: service.clone(), session, message, expires_at: now + LIFE };
        let artifact = Artifact::new(&self.saml_endpoints().entity_id, ENDPOINT_INDEX, handle);
        (artifact, Op::PutArtifact(record))
    }

    /// Takes a SOAP request for the answer that an artifact stands for.
    ///
    /// # Errors
    ///
    /// [`SoapRefusal`].
    pub async fn resolve_artifact(&self, envelope: Vec<u8>) -> Result<String, SoapRefusal> {
        let refused = |error: saml::MessageError| SoapRefusal::Request(error.code());
        let received =
            soap::decode(Direction::Request, envelope).map_err(|_| SoapRefusal::Request("not-wellformed"))?;
        let claims = received.claims().map_err(refused)?;
        if claims.kind != MessageKind::ArtifactResolve {
            return Err(SoapRefusal::Request("kind"));
        }
        let service = self.saml_sender(claims.issuer.as_deref()).await?.ok_or(SoapRefusal::Request("issuer"))?;
        // Whoever fetches an answer proves to be the service that it is for (Bindings section 3.6.6.1).
        let message = received.authenticate(&service.keys(), SignatureDemand::Required).map_err(refused)?;
        let request = ArtifactResolve::read(&message).map_err(refused)?;
        let here = &self.saml_endpoints().artifact_resolution;
        if !Destination::IfPresent.fits(request.destination.as_deref(), here) {
            return Err(SoapRefusal::Request("destination"));
        }
        if issued(request.issue_instant, Duration::ZERO, self.now()) != Issued::InTime {
            return Err(SoapRefusal::Request("time"));
        }
        let answer = self.take_answer(&request.artifact, &service.service.id).await?;
        let id = self.draw_message_id();
        let head = ArtifactResponseHead {
            id: &id,
            issue_instant: self.now().seconds(),
            issuer: &self.saml_endpoints().entity_id,
            in_response_to: &request.id,
        };
        let key = self.saml_key_for(&service.sp.role)?;
        let response = ArtifactResponse::write(&head, answer.as_deref(), Some(&key.signer()));
        let response = response.map_err(|_| Fault::Damaged("artifact response"))?;
        Ok(soap::envelope(&response))
    }

    /// The answer, if it is still there and that service's: it is taken away by the asking.
    async fn take_answer(&self, artifact: &Artifact, service: &ServiceId) -> Result<Option<String>, Fault> {
        if !artifact.is_of(&self.saml_endpoints().entity_id) {
            return Ok(None);
        }
        let digest = digest(&artifact.message_handle);
        let Some(record) = self.store().artifact(&digest).await? else { return Ok(None) };
        let now = self.now();
        let change = Change::new(audit(now, "artifact.resolved")).with(Op::TakeArtifact {
            digest: digest.clone(),
            service: service.clone(),
            at: now,
        });
        match self.store().commit(change).await? {
            Committed::Refused(_) => Ok(None),
            Committed::Done => {
                let plain = open(self.keys(), &place(&digest), &record.message)?;
                String::from_utf8(plain.expose().clone()).map(Some).map_err(|_| Fault::Damaged("artifact"))
            }
        }
    }

    /// The SOAP answer to what is refused.
    pub fn soap_refusal() -> String {
        soap::fault(soap::Fault::Client, "the request is refused")
    }
}

/// Only the digest of a handle rests.
fn digest(handle: &[u8; 20]) -> HandleDigest {
    idp::keys::digest_text(&HEXLOWER.encode(handle))
}

fn place(digest: &HandleDigest) -> SealedFor<'_> {
    SealedFor { table: "artifact", owner: digest.as_str(), purpose: "message" }
}
