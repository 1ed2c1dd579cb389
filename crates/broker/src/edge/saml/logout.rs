//! Single logout (SAML Profiles section 4.4): a service asks for the session to end, or answers that it ended its own.

mod message;
mod soap;

pub(crate) use soap::SoapOrder;

use std::time::Duration;

use model::{Handle, NameKind, Service, Timestamp};
use saml::{
    LogoutRequest, LogoutResponse, MessageError, MessageKind, NameId, Received, SignatureDemand, Status, StatusCode,
    StatusReason,
};
use serde::{Deserialize, Serialize};
use store::record::{Participation, SessionKind, SessionRecord};
use store::{Committed, Op};

use super::answer;
use super::receive::{Destination, Issued, SKEW, issued};
use super::request::{REMEMBERED, SamlReceived, once_of};
use super::service::SamlService;
use crate::edge::Onward;
use crate::logout::{Ending, ServiceState, Then, Told};
use crate::{Broker, Fault};

/// The kind under which obeyed requests are kept.
const ONCE: &str = "saml-logout";

/// What single logout does with a message.
#[derive(Debug)]
pub enum SamlLogout {
    /// It cannot be followed; nothing is ended.
    BadRequest {
        /// For the integrator: the word that the catalogue of bad inputs has for it.
        reason: &'static str,
    },
    /// It was obeyed before, or is too old.
    Over {
        /// Who asked.
        service: Service,
    },
    /// The answer to who asked.
    Answered {
        /// Who asked.
        service: Service,
        /// How it travels.
        onward: Onward,
        /// Whether the person is signed out.
        is_signed_out: bool,
    },
    /// The session is ended, and the browser goes through a round of services.
    Round {
        /// Names it in addresses.
        id: String,
    },
    /// A service of a round answered.
    Heard {
        /// Names the round in addresses.
        id: String,
    },
    /// The session is ended, and nobody waits for an answer.
    Ended {
        /// The other services, and what became of each.
        services: Vec<(Service, ServiceState)>,
    },
}

/// A service that waits for an answer to its request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Asker {
    /// Which.
    pub(crate) service: model::ServiceId,
    /// The request's `ID`.
    request: String,
    relay_state: Option<String>,
}

/// What a service knows a session by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SessionName {
    kind: NameKind,
    subject: String,
    sid: String,
}

impl SessionName {
    pub(super) fn new(kind: NameKind, subject: &str, sid: &str) -> Self {
        Self { kind, subject: subject.to_owned(), sid: sid.to_owned() }
    }

    fn name_id(&self, idp: &str, service: &str) -> NameId {
        answer::name_id(self.kind, &self.subject, idp, service)
    }
}

/// Why a request is not obeyed.
enum Disobeyed {
    Bad(&'static str),
    Over(Box<SamlService>),
    Fault(Fault),
}

impl From<Fault> for Disobeyed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<MessageError> for Disobeyed {
    fn from(error: MessageError) -> Self {
        Self::Bad(error.code())
    }
}

/// A signed request of a registered service, in its time, that was not obeyed before.
struct Obeyed {
    service: SamlService,
    request: LogoutRequest,
}

impl Obeyed {
    /// Uses the request up.
    fn once(&self, now: Timestamp) -> Op {
        let digest = once_of(&self.request.issuer, &self.request.id);
        Op::UseOnce { kind: ONCE, digest, expires_at: now + REMEMBERED }
    }

    /// Whether this part in a session is what the request is about.
    fn names(&self, participation: &Participation) -> bool {
        let (indexes, name) = (&self.request.session_indexes, self.request.name_id.value.as_str());
        participation.client == self.service.service.id
            && participation.subject == name
            && (indexes.is_empty() || indexes.contains(&participation.sid))
    }
}

impl Broker {
    /// Takes a message of single logout as it came through a browser. `browser` is the visitor's cookie, `session`
    /// the single sign-on cookie.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be followed now.
    pub async fn saml_single_logout(
        &self,
        SamlReceived(received): &SamlReceived,
        browser: &Handle,
        session: Option<&Handle>,
    ) -> Result<SamlLogout, Fault> {
        let followed = match received.claims() {
            Ok(claims) if claims.kind == MessageKind::LogoutRequest => {
                self.asked_to_log_out(received, browser, session).await
            }
            Ok(claims) if claims.kind == MessageKind::LogoutResponse => self.heard_of_logout(received, browser).await,
            Ok(_) => Err(Disobeyed::Bad("kind")),
            Err(error) => Err(error.into()),
        };
        match followed {
            Ok(logout) => Ok(logout),
            Err(Disobeyed::Bad(reason)) => Ok(SamlLogout::BadRequest { reason }),
            Err(Disobeyed::Over(service)) => Ok(SamlLogout::Over { service: service.service }),
            Err(Disobeyed::Fault(fault)) => Err(fault),
        }
    }

    /// Checks a request: who sent it, where to, when, and whether it was obeyed before.
    async fn obey(&self, received: &Received, here: &str, said: Destination) -> Result<Obeyed, Disobeyed> {
        let claims = received.claims()?;
        if claims.kind != MessageKind::LogoutRequest {
            return Err(Disobeyed::Bad("kind"));
        }
        let service = self.saml_sender(claims.issuer.as_deref()).await?.ok_or(Disobeyed::Bad("issuer"))?;
        let message = received.authenticate(&service.keys(), SignatureDemand::Required)?;
        // We publish no key to encrypt to.
        let request = LogoutRequest::read(&message, &[])?;
        check_destination(request.destination.as_deref(), here, said)?;
        let now = self.now();
        let is_late = match issued(request.issue_instant, Duration::ZERO, now) {
            Issued::Ahead => return Err(Disobeyed::Bad("time")),
            Issued::InTime => request.not_on_or_after.is_some_and(|end| now >= Timestamp::from_seconds(end) + SKEW),
            Issued::Late => true,
        };
        let once = once_of(&request.issuer, &request.id);
        if is_late || self.store().is_used(ONCE, &once, now).await.map_err(Fault::from)? {
            return Err(Disobeyed::Over(Box::new(service)));
        }
        let name = &request.name_id;
        let is_ours = name.name_qualifier.as_deref().is_none_or(|by| by == self.saml_endpoints().entity_id);
        let is_its = name.sp_name_qualifier.as_deref().is_none_or(|by| by == service.service.id.as_str());
        if is_ours && is_its { Ok(Obeyed { service, request }) } else { Err(Disobeyed::Bad("name")) }
    }

    /// A service asks, through the browser: the browser's own session ends, if it is the one that is named (row S48).
    async fn asked_to_log_out(
        &self,
        received: &Received,
        browser: &Handle,
        session: Option<&Handle>,
    ) -> Result<SamlLogout, Disobeyed> {
        let obeyed = self.obey(received, &self.saml_endpoints().single_logout, Destination::Required).await?;
        let Obeyed { service, request } = &obeyed;
        let asker = Asker {
            service: service.service.id.clone(),
            request: request.id.clone(),
            relay_state: received.relay_state().map(str::to_owned),
        };
        let present = match session {
            Some(handle) => self.session(SessionKind::SingleSignOn, handle).await?,
            None => None,
        };
        let Some(present) = present else {
            // Nothing to end: it was ended before, unless it is another browser's.
            let is_over = self.sessions_named(&obeyed).await?.is_empty();
            let status = if is_over { Status::SUCCESS } else { unknown() };
            return self.answered(&obeyed, &asker, status);
        };
        let known = self.store().participations(&present.digest).await.map_err(Fault::from)?;
        if !known.iter().any(|participation| obeyed.names(participation)) {
            return self.answered(&obeyed, &asker, unknown());
        }
        let waits = !request.is_asynchronous && service.answers_go_to().is_some();
        let then = if waits { Then::Answer(asker.clone()) } else { Then::Stay };
        let first = Some(obeyed.once(self.now()));
        let ending = Ending { browser, asker: Some(&service.service.id), then, first };
        let Some(closed) = self.close(&present, ending).await? else {
            return Err(Disobeyed::Over(Box::new(obeyed.service)));
        };
        if let Some(id) = closed.id {
            return Ok(SamlLogout::Round { id });
        }
        if waits {
            return self.answered(&obeyed, &asker, Status::SUCCESS);
        }
        Ok(SamlLogout::Ended { services: self.services(&closed.round.members).await? })
    }

    /// The answer at once. A service that wants none, or publishes no address for one, gets none.
    fn answered(&self, obeyed: &Obeyed, asker: &Asker, status: Status) -> Result<SamlLogout, Disobeyed> {
        let is_signed_out = status.is_success();
        let is_wanted = !obeyed.request.is_asynchronous;
        let answer = if is_wanted { self.logout_response(asker, &obeyed.service, status)? } else { None };
        match answer {
            Some(onward) => {
                let service = obeyed.service.service.clone();
                Ok(SamlLogout::Answered { service, onward, is_signed_out })
            }
            None if is_signed_out => Ok(SamlLogout::Ended { services: Vec::new() }),
            None => Err(Disobeyed::Bad("principal")),
        }
    }

    /// The sessions that a request names, wherever they are.
    async fn sessions_named(&self, obeyed: &Obeyed) -> Result<Vec<SessionRecord>, Fault> {
        let Obeyed { service, request } = obeyed;
        let known = self.store().participations_known(&service.service.id, &request.name_id.value).await?;
        let mut sessions = Vec::new();
        for participation in known.iter().filter(|participation| obeyed.names(participation)) {
            let kind = SessionKind::SingleSignOn;
            sessions.extend(self.store().session(kind, &participation.session, self.now()).await?);
        }
        Ok(sessions)
    }

    /// A service answers to our request, through the browser.
    async fn heard_of_logout(&self, received: &Received, browser: &Handle) -> Result<SamlLogout, Disobeyed> {
        let claims = received.claims()?;
        let service = self.saml_sender(claims.issuer.as_deref()).await?.ok_or(Disobeyed::Bad("issuer"))?;
        let message = received.authenticate(&service.keys(), SignatureDemand::Required)?;
        let response = LogoutResponse::read(&message)?;
        let here = &self.saml_endpoints().single_logout;
        check_destination(response.destination.as_deref(), here, Destination::Required)?;
        // Some services lose the relay state on their way.
        let id = match received.relay_state().filter(|state| crate::is_login_id(state)) {
            Some(id) => Some(id.to_owned()),
            None => self.open_round(browser).await?,
        };
        let Some(id) = id else { return Err(Disobeyed::Bad("relay-state")) };
        let (seen, mut round) = self.round(&id, browser).await?;
        let asked = round.members.iter_mut().find(|member| {
            let is_asked =
                matches!(&member.told, Told::Asked { request } if response.in_response_to.as_ref() == Some(request));
            member.client == service.service.id && is_asked
        });
        // One that was heard before changes nothing.
        let Some(asked) = asked else { return Ok(SamlLogout::Heard { id }) };
        let (told, event) = if response.status.is_success() {
            (Told::SignedOut, "logout.confirmed")
        } else if response.status.reason == Some(StatusReason::UnknownPrincipal) {
            (Told::Unknown, "logout.failed")
        } else {
            (Told::Failed, "logout.failed")
        };
        asked.told = told;
        // Refused: another tab heard it at the same time.
        let _: Committed = self.replace_round(&id, seen, &round, event, &service.service.id).await?;
        Ok(SamlLogout::Heard { id })
    }

    /// What a service knows a session by, if it is told of its end through the browser.
    pub(crate) async fn name_through_browser(
        &self,
        participation: &Participation,
    ) -> Result<Option<SessionName>, Fault> {
        let Participation { client, sid, subject, kind, .. } = participation;
        let Some(service) = self.saml_service(client.as_str()).await? else { return Ok(None) };
        if service.requests_go_to().is_none() {
            return Ok(None);
        }
        Ok(Some(SessionName::new(*kind, subject, sid)))
    }
}

/// The session that is named is not the person's at that service (Core section 3.7.3.2).
fn unknown() -> Status {
    Status::refused(StatusCode::Requester, StatusReason::UnknownPrincipal)
}

fn check_destination(destination: Option<&str>, here: &str, said: Destination) -> Result<(), Disobeyed> {
    if said.fits(destination, here) { Ok(()) } else { Err(Disobeyed::Bad("destination")) }
}
