//! Single logout (SAML Profiles section 4.4): asked by us, or by the identity provider through the browser or by SOAP.

use saml::binding::{post, redirect, soap};
use saml::{
    Binding, Direction, LogoutRequest, LogoutResponse, MessageError, MessageKind, NameId, REASON_USER, Received,
    SignatureDemand, Status, StatusCode, StatusReason,
};

use crate::service::CLOCK_SKEW;
use crate::{Fill, IdentityProvider, KitError, Service, Started, draw_id};

/// How long a logout message is good that does not say for how long, in seconds.
const LIFE: i64 = 300;

/// Whose session, as the identity provider knows it: kept from [`crate::SignedIn`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The person's name.
    pub name_id: NameId,
    /// The session.
    pub session_index: Option<String>,
}

/// A logout message as it came. Nothing of it is proved.
#[derive(Clone, Debug)]
pub struct LogoutMessage {
    received: Received,
    binding: Binding,
}

/// A logout message of the identity provider's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Logout {
    /// The person's sessions are to end. End them, then [`Service::answer_logout`].
    Asked(LogoutAsked),
    /// What became of a logout that we asked for.
    Answered {
        /// The request's `ID`, which the caller compares with what it has sent.
        in_response_to: String,
        /// Whether all sessions have ended.
        outcome: LogoutOutcome,
    },
}

/// The identity provider says that sessions are to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutAsked {
    /// The request's `ID`: to be used up, so that who repeats it does not end a later session.
    pub id: String,
    /// Until when the request would be believed again, in seconds since the epoch.
    pub use_until: i64,
    /// The person, as [`crate::SignedIn`] had them.
    pub name_id: NameId,
    /// Which of the person's sessions; none means all.
    pub session_indexes: Vec<String>,
    relay_state: Option<String>,
    wants_answer: bool,
    binding: Binding,
}

/// What became of a logout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutOutcome {
    /// All sessions that were meant have ended.
    Ended,
    /// Some may still be alive.
    Partly,
    /// It was not done.
    Failed,
}

/// How a logout request is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutAnswer {
    /// The browser goes there.
    Redirect(String),
    /// The body of the HTTP response, of the media type [`soap::MEDIA_TYPE`].
    Soap(String),
    /// Nobody waits for an answer: show a page.
    Page,
}

impl LogoutMessage {
    /// Reads the raw query of a redirect.
    ///
    /// # Errors
    ///
    /// [`KitError::Binding`].
    pub fn redirected(query: &str) -> Result<Self, KitError> {
        Ok(Self { received: redirect::decode(query)?, binding: Binding::Redirect })
    }

    /// Reads the body of a form.
    ///
    /// # Errors
    ///
    /// [`KitError::Binding`].
    pub fn posted(body: &str) -> Result<Self, KitError> {
        Ok(Self { received: post::decode(body)?, binding: Binding::Post })
    }

    /// Reads a SOAP envelope with a request.
    ///
    /// # Errors
    ///
    /// [`KitError::Binding`].
    pub fn by_soap(body: Vec<u8>) -> Result<Self, KitError> {
        Ok(Self { received: soap::decode(Direction::Request, body)?, binding: Binding::Soap })
    }
}

impl Service {
    /// Asks the identity provider to end the person's session everywhere. Our own has ended before.
    ///
    /// # Errors
    ///
    /// [`KitError::Unusable`] when it knows no logout by HTTP-Redirect, or the request cannot be written.
    pub fn logout(
        &self,
        idp: &IdentityProvider,
        participant: &Participant,
        relay_state: Option<&str>,
        now: i64,
        fill: Fill<'_>,
    ) -> Result<Started, KitError> {
        let endpoint = idp.role.role.single_logout(Binding::Redirect);
        let endpoint = endpoint.ok_or(KitError::Unusable("address for a logout"))?;
        let request = LogoutRequest {
            id: draw_id(fill),
            issue_instant: now,
            issuer: self.config.entity_id.clone(),
            destination: Some(endpoint.location.clone()),
            not_on_or_after: Some(now.saturating_add(LIFE)),
            reason: Some(REASON_USER.to_owned()),
            name_id: participant.name_id.clone(),
            session_indexes: participant.session_index.iter().cloned().collect(),
            is_asynchronous: false,
        };
        let xml = request.write(None)?;
        let key = Some(self.config.keys.signing());
        let location = redirect::encode(&endpoint.location, Direction::Request, &xml, relay_state, key)?;
        Ok(Started { request_id: request.id, location, xml })
    }

    /// Takes a logout message. It must be signed by the identity provider, whichever way it came (Profiles sections
    /// 4.4.3.1 and 4.4.4.1), for us, and of this time.
    ///
    /// # Errors
    ///
    /// See [`KitError`].
    pub fn take_logout(&self, idp: &IdentityProvider, message: &LogoutMessage, now: i64) -> Result<Logout, KitError> {
        let LogoutMessage { received, binding } = message;
        let claims = received.claims()?;
        if claims.issuer.as_deref() != Some(idp.entity_id()) {
            return Err(KitError::Issuer);
        }
        let authentic = received.authenticate(&idp.keys, SignatureDemand::Required)?;
        match claims.kind {
            MessageKind::LogoutRequest => {
                let request = LogoutRequest::read(&authentic, &self.config.keys.decryption)?;
                self.check(idp, &request.issuer, request.destination.as_deref(), *binding)?;
                let until = request.not_on_or_after.unwrap_or(request.issue_instant.saturating_add(LIFE));
                let until = until.saturating_add(CLOCK_SKEW);
                if now >= until || request.issue_instant > now.saturating_add(CLOCK_SKEW) {
                    return Err(KitError::Time);
                }
                Ok(Logout::Asked(LogoutAsked {
                    id: request.id,
                    use_until: until,
                    name_id: request.name_id,
                    session_indexes: request.session_indexes,
                    relay_state: received.relay_state().map(str::to_owned),
                    wants_answer: !request.is_asynchronous,
                    binding: *binding,
                }))
            }
            MessageKind::LogoutResponse if *binding != Binding::Soap => {
                let response = LogoutResponse::read(&authentic)?;
                self.check(idp, &response.issuer, response.destination.as_deref(), *binding)?;
                let in_response_to = response.in_response_to.ok_or(KitError::Message(MessageError::Kind))?;
                let outcome = match (response.status.code, response.status.reason) {
                    (_, Some(StatusReason::PartialLogout)) => LogoutOutcome::Partly,
                    (StatusCode::Success, _) => LogoutOutcome::Ended,
                    (StatusCode::Requester | StatusCode::Responder | StatusCode::VersionMismatch, _) => {
                        LogoutOutcome::Failed
                    }
                };
                Ok(Logout::Answered { in_response_to, outcome })
            }
            MessageKind::LogoutResponse
            | MessageKind::AuthnRequest
            | MessageKind::Response
            | MessageKind::ArtifactResolve
            | MessageKind::ArtifactResponse => Err(KitError::Message(MessageError::Kind)),
        }
    }

    /// What is read again from what was signed, and for whom it is.
    fn check(
        &self,
        idp: &IdentityProvider,
        issuer: &str,
        destination: Option<&str>,
        binding: Binding,
    ) -> Result<(), KitError> {
        if issuer != idp.entity_id() {
            return Err(KitError::Issuer);
        }
        let ours = match binding {
            Binding::Soap => &self.config.slo_soap_url,
            Binding::Redirect | Binding::Post | Binding::Artifact => &self.config.slo_url,
        };
        match destination {
            Some(destination) if Some(destination) == ours.as_deref() => Ok(()),
            None if binding == Binding::Soap && ours.is_some() => Ok(()),
            Some(_) | None => Err(KitError::Destination),
        }
    }

    /// Answers a logout request the way it came; one that came by a form is answered by a redirect, which needs no
    /// page.
    ///
    /// # Errors
    ///
    /// [`KitError::Unusable`] when there is no address for the answer, or it cannot be written.
    pub fn answer_logout(
        &self,
        idp: &IdentityProvider,
        asked: &LogoutAsked,
        outcome: LogoutOutcome,
        now: i64,
        fill: Fill<'_>,
    ) -> Result<LogoutAnswer, KitError> {
        let status = match outcome {
            LogoutOutcome::Ended => Status::SUCCESS,
            LogoutOutcome::Partly => Status { reason: Some(StatusReason::PartialLogout), ..Status::SUCCESS },
            LogoutOutcome::Failed => Status { code: StatusCode::Responder, reason: None, message: None },
        };
        let mut response = LogoutResponse {
            id: draw_id(fill),
            issue_instant: now,
            issuer: self.config.entity_id.clone(),
            destination: None,
            in_response_to: Some(asked.id.clone()),
            status,
        };
        if asked.binding == Binding::Soap {
            let xml = response.write(Some(&self.config.keys.signer()))?;
            return Ok(LogoutAnswer::Soap(soap::envelope(&xml)));
        }
        if !asked.wants_answer {
            return Ok(LogoutAnswer::Page);
        }
        let endpoint = idp.role.role.single_logout(Binding::Redirect);
        let location = endpoint.ok_or(KitError::Unusable("address for a logout"))?.response_location();
        response.destination = Some(location.to_owned());
        let xml = response.write(None)?;
        let (relay_state, key) = (asked.relay_state.as_deref(), Some(self.config.keys.signing()));
        Ok(LogoutAnswer::Redirect(redirect::encode(location, Direction::Response, &xml, relay_state, key)?))
    }
}
