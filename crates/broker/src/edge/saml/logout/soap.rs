//! Single logout by SOAP (SAML Bindings section 3.2): services ask us, and we tell services.

use std::sync::Arc;

use saml::binding::soap;
use saml::{Binding, Direction, LogoutResponse, Received, SignatureDemand, Status, StatusReason};
use serde::{Deserialize, Serialize};
use store::record::{OutboxDraft, OutboxKind};
use store::{Change, Committed, Op};

use super::message::done;
use super::{Disobeyed, SessionName, unknown};
use crate::edge::saml::receive::Destination;
use crate::edge::saml::service::SamlService;
use crate::edge::saml::{SamlKey, SoapRefusal};
use crate::logout::{Reach, Told};
use crate::{Broker, DeliveryError, Fault, audit_of};

/// What is stored of a logout that a service is told by SOAP: its request is signed when it is sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SoapOrder {
    /// Where it is posted to.
    pub(crate) soap: String,
    client: model::ServiceId,
    name: SessionName,
}

/// A request to a service by SOAP, and what is needed to read its answer.
#[derive(Debug)]
pub(crate) struct SoapLogout {
    pub(crate) envelope: String,
    request: String,
}

impl Broker {
    /// Takes a SOAP request of a service to end sessions. Nobody is at a browser: services that are told through
    /// one cannot be told.
    ///
    /// # Errors
    ///
    /// [`SoapRefusal`].
    pub async fn saml_logout_by_soap(&self, envelope: Vec<u8>) -> Result<String, SoapRefusal> {
        let received = soap::decode(Direction::Request, envelope).map_err(|_| SoapRefusal::Request("limits"))?;
        let (request, key, status) = match self.log_out(&received).await {
            Ok(answer) => answer,
            Err(Disobeyed::Bad(reason)) => return Err(SoapRefusal::Request(reason)),
            Err(Disobeyed::Over(_)) => return Err(SoapRefusal::Request("replay")),
            Err(Disobeyed::Fault(fault)) => return Err(fault.into()),
        };
        let response = self.logout_response_to(&request, None, status);
        let response = response.write(Some(&key.signer())).map_err(|_| Fault::Damaged("logout response"))?;
        Ok(soap::envelope(&response))
    }

    async fn log_out(&self, received: &Received) -> Result<(String, Arc<SamlKey>, Status), Disobeyed> {
        let here = &self.saml_endpoints().single_logout_soap;
        let obeyed = self.obey(received, here, Destination::IfPresent).await?;
        let request = obeyed.request.id.clone();
        let key = self.saml_key_for(&obeyed.service.sp.role)?;
        let sessions = self.sessions_named(&obeyed).await?;
        let Some(first) = sessions.first() else { return Ok((request, key, unknown())) };
        let client = &obeyed.service.service.id;
        let members = self.members(&sessions, Some(client), Reach::Outbox).await?;
        let now = self.now();
        let mut change = Change::new(audit_of(now, &first.person, "session.ended")).with(obeyed.once(now));
        for session in &sessions {
            change = change
                .with(Op::Leave { session: session.digest.clone(), client: client.clone() })
                .with(Op::EndSession { digest: session.digest.clone() });
        }
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => {}
            Committed::Refused(_) => return Err(Disobeyed::Over(Box::new(obeyed.service))),
        }
        self.wake_delivery();
        let is_whole = members.iter().all(|member| matches!(member.told, Told::Outbox(_)));
        Ok((request, key, done(is_whole)))
    }

    /// The delivery by which a service will be told, if it takes SOAP.
    pub(in crate::edge::saml) fn soap_order(
        &self,
        service: &SamlService,
        name: SessionName,
    ) -> Result<Option<OutboxDraft>, Fault> {
        let Some(endpoint) = service.sp.role.single_logout(Binding::Soap) else { return Ok(None) };
        let order = SoapOrder { soap: endpoint.location.clone(), client: service.service.id.clone(), name };
        let body = serde_json::to_string(&order).map_err(|_| Fault::Damaged("logout order"))?;
        Ok(Some(OutboxDraft { id: self.draw_login_id(), kind: OutboxKind::BackChannelLogout, body }))
    }

    /// The request of an order, signed now.
    pub(crate) async fn soap_logout(&self, order: &SoapOrder) -> Result<SoapLogout, Fault> {
        let request = self.logout_request(&order.client, &order.name, &order.soap);
        let key = match self.saml_service(order.client.as_str()).await? {
            Some(service) => self.saml_key_for(&service.sp.role)?,
            // Switched off since: it is told all the same.
            None => self.saml_key()?,
        };
        let message = request.write(Some(&key.signer())).map_err(|_| Fault::Damaged("logout request"))?;
        Ok(SoapLogout { envelope: soap::envelope(&message), request: request.id })
    }

    /// Whether the answer to a request says that the person is signed out there. It came by a connection that we
    /// opened, so it need not be signed (Profiles section 4.4.4.2); a signature that is there must be good.
    pub(crate) async fn check_soap_logout(
        &self,
        order: &SoapOrder,
        sent: &SoapLogout,
        answer: Vec<u8>,
    ) -> Result<(), DeliveryError> {
        let failed = |why: &str| DeliveryError(format!("the service's answer {why}"));
        let service = self.saml_service(order.client.as_str()).await.ok().flatten();
        let service = service.ok_or_else(|| failed("cannot be checked"))?;
        let received = soap::decode(Direction::Response, answer).map_err(|_| failed("is too large"))?;
        let message = received.authenticate(&service.keys(), SignatureDemand::IfPresent);
        let response = message.and_then(|message| LogoutResponse::read(&message));
        let response = response.map_err(|error| failed(&format!("is refused ({})", error.code())))?;
        if response.issuer != order.client.as_str() || response.in_response_to.as_ref() != Some(&sent.request) {
            return Err(failed("is to another request"));
        }
        // Whom it does not know it has not signed in any more.
        let is_gone = response.status.reason == Some(StatusReason::UnknownPrincipal);
        if response.status.is_success() || is_gone { Ok(()) } else { Err(failed("says that it failed")) }
    }
}
