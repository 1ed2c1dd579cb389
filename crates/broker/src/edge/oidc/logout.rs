//! RP-initiated logout, and the tokens of back-channel logout.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use jose::Algorithm;
use model::{Handle, Service, ServiceId};
use oidc::{ClientMetadata, Credential, EndSessionRequest, IdTokenHint, LogoutToken, post_logout_location};
use store::record::{SessionKind, SessionRecord};

use crate::deliver::TokenOrder;
use crate::logout::{Ending, ServiceState, Then};
use crate::{Broker, Fault};

/// What the end-session endpoint does with a request.
#[derive(Debug)]
pub enum EndSession {
    /// The request cannot be followed; nothing is ended.
    BadRequest {
        /// For the integrator.
        reason: &'static str,
    },
    /// The person is asked first: nothing proves that the client may end this session.
    Confirm {
        /// The names of the services that take part in the session.
        services: Vec<String>,
        /// The request's own parameters, to be sent back with the answer.
        carried: Vec<(String, String)>,
    },
    /// It is ended.
    Done(SignedOut),
}

/// A single sign-on session that was ended.
#[derive(Debug, Default)]
pub struct SignedOut {
    /// The services that are told.
    pub told: Vec<String>,
    /// The services that cannot be told: the person ends their sessions there.
    pub remaining: Vec<String>,
    /// Which client wants the browser afterwards, and where; registered, byte for byte.
    pub onward: Option<(Service, String)>,
    /// Names the round of services that the browser goes through before that.
    pub round: Option<String>,
}

impl Broker {
    /// Takes an end-session request (OpenID Connect RP-Initiated Logout 1.0 section 2).
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be answered now.
    pub async fn end_session(
        &self,
        query: &str,
        browser: &Handle,
        session: Option<&Handle>,
        lang: model::Lang,
    ) -> Result<EndSession, Fault> {
        let Ok(request) = EndSessionRequest::parse(query) else {
            return Ok(EndSession::BadRequest { reason: "the logout request cannot be read" });
        };
        let hint = match &request.id_token_hint {
            None => None,
            Some(hint) => match self.read_hint(hint)? {
                Some(hint) => Some(hint),
                None => return Ok(EndSession::BadRequest { reason: "the id_token_hint is not one of ours" }),
            },
        };
        if let (Some(hint), Some(client)) = (&hint, &request.client_id)
            && hint.aud != *client
        {
            return Ok(EndSession::BadRequest { reason: "the id_token_hint is of another client" });
        }
        let client_id = hint.as_ref().map(|hint| hint.aud.clone()).or_else(|| request.client_id.clone());
        let metadata = match &client_id {
            Some(id) => self.client_metadata(id).await?,
            None => None,
        };
        let onward = match wanted_location(&request, metadata.as_ref()) {
            Ok(location) => self.onward(client_id.as_deref(), location).await?,
            Err(reason) => return Ok(EndSession::BadRequest { reason }),
        };
        let present = match session {
            Some(handle) => self.session(SessionKind::SingleSignOn, handle).await?,
            None => None,
        };
        let Some(present) = present else {
            return Ok(EndSession::Done(SignedOut { onward, ..SignedOut::default() }));
        };
        let is_meant = match &hint {
            Some(hint) => self.hint_names(hint, &present).await?,
            None => false,
        };
        if is_meant {
            return Ok(EndSession::Done(self.end_single_sign_on(&present, browser, onward, lang).await?));
        }
        // Nobody proved that this very session is meant: a hint may be of somebody else's, or of an older one.
        let services = self.participants(&present, lang).await?;
        Ok(EndSession::Confirm { services, carried: carried(client_id, request) })
    }

    /// The same after the person agreed: the form was sent back from our own page.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be answered now.
    pub async fn end_session_confirmed(
        &self,
        query: &str,
        browser: &Handle,
        session: Option<&Handle>,
        lang: model::Lang,
    ) -> Result<SignedOut, Fault> {
        let onward = match EndSessionRequest::parse(query) {
            Err(_) => None,
            Ok(request) => {
                let metadata = match &request.client_id {
                    Some(id) => self.client_metadata(id).await?,
                    None => None,
                };
                let location = wanted_location(&request, metadata.as_ref()).unwrap_or_default();
                self.onward(request.client_id.as_deref(), location).await?
            }
        };
        let present = match session {
            Some(handle) => self.session(SessionKind::SingleSignOn, handle).await?,
            None => None,
        };
        match present {
            Some(present) => self.end_single_sign_on(&present, browser, onward, lang).await,
            None => Ok(SignedOut { onward, ..SignedOut::default() }),
        }
    }

    async fn end_single_sign_on(
        &self,
        session: &SessionRecord,
        browser: &Handle,
        onward: Option<(Service, String)>,
        lang: model::Lang,
    ) -> Result<SignedOut, Fault> {
        let then = onward.as_ref().map_or(Then::Stay, |(service, location)| Then::Go {
            client: service.id.clone(),
            location: location.clone(),
        });
        let ending = Ending { browser, asker: None, then, first: None };
        let closed = self.close(session, ending).await?.ok_or(Fault::Stale)?;
        let services = self.services(&closed.round.members).await?;
        let (told, remaining): (Vec<_>, Vec<_>) = services.into_iter().partition(|(_, state)| state.is_well());
        let names = |services: Vec<(Service, ServiceState)>| {
            services.into_iter().map(|(service, _)| service.name(lang).to_owned()).collect()
        };
        Ok(SignedOut { told: names(told), remaining: names(remaining), onward, round: closed.id })
    }

    /// The client whose address the browser wants, with that address.
    async fn onward(
        &self,
        client_id: Option<&str>,
        location: Option<String>,
    ) -> Result<Option<(Service, String)>, Fault> {
        let Some((client_id, location)) = client_id.zip(location) else { return Ok(None) };
        Ok(self.service(&ServiceId::new(client_id)).await?.map(|service| (service, location)))
    }

    /// The services of a session by name.
    async fn participants(&self, session: &SessionRecord, lang: model::Lang) -> Result<Vec<String>, Fault> {
        let mut names = Vec::new();
        let known = self.store().participations(&session.digest).await?;
        for client in known.into_iter().map(|participation| participation.client).collect::<BTreeSet<_>>() {
            names.extend(self.service(&client).await?.map(|service| service.name(lang).to_owned()));
        }
        Ok(names)
    }

    /// Whether a hint speaks of this session: its `sid`, or its subject where it has none.
    async fn hint_names(&self, hint: &IdTokenHint, session: &SessionRecord) -> Result<bool, Fault> {
        let client = ServiceId::new(hint.aud.clone());
        let participations = self.store().participations(&session.digest).await?;
        Ok(participations.iter().any(|participation| {
            participation.client == client
                && participation.subject == hint.sub
                && hint.sid.as_ref().is_none_or(|sid| *sid == participation.sid)
        }))
    }

    /// A hint that we signed, however old.
    pub(super) fn read_hint(&self, hint: &Credential) -> Result<Option<IdTokenHint>, Fault> {
        let published = self.published()?;
        Ok(IdTokenHint::verify(hint.expose(), &published.keys, &self.endpoints().issuer).ok())
    }

    /// The token of a back-channel logout, signed when it is sent.
    pub(crate) fn logout_token(&self, order: &TokenOrder) -> Result<String, Fault> {
        let now = self.now();
        let token = LogoutToken {
            iss: self.endpoints().issuer.clone(),
            aud: order.client.clone(),
            iat: now.seconds(),
            exp: now.seconds() + LOGOUT_TOKEN_SECONDS,
            jti: HEXLOWER.encode(&self.random().bytes::<16>()),
            sub: Some(order.subject.clone()),
            sid: Some(order.sid.clone()),
        };
        let algorithm = Algorithm::from_name(&order.algorithm).ok_or(Fault::Damaged("logout order"))?;
        let key = self.signing_key(algorithm)?;
        token.sign(&key).map_err(|_| Fault::Damaged("logout token"))
    }

    /// The public addresses.
    pub fn endpoints(&self) -> &super::OidcEndpoints {
        &self.0.parts.endpoints
    }
}

/// A logout token lives two minutes, as Back-Channel Logout 1.0 section 2.4 recommends.
const LOGOUT_TOKEN_SECONDS: i64 = 120;

/// The parameters that are sent back with the person's answer. The client is that of the hint, which
/// itself has done its part.
fn carried(client_id: Option<String>, request: EndSessionRequest) -> Vec<(String, String)> {
    let pairs = [
        ("client_id", client_id),
        ("post_logout_redirect_uri", request.post_logout_redirect_uri),
        ("state", request.state),
    ];
    pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Where the client wants the browser, if it may.
fn wanted_location(
    request: &EndSessionRequest,
    metadata: Option<&ClientMetadata>,
) -> Result<Option<String>, &'static str> {
    let Some(uri) = &request.post_logout_redirect_uri else { return Ok(None) };
    match metadata {
        Some(metadata) if metadata.allows_post_logout_redirect(uri) => {
            Ok(Some(post_logout_location(uri, request.state.as_deref())))
        }
        Some(_) => Err("the post_logout_redirect_uri is not registered for this client"),
        None => Err("post_logout_redirect_uri needs an id_token_hint or client_id"),
    }
}
