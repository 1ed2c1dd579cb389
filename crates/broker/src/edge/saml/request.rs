//! An authentication request (SAML Core section 3.4): from a message to a sign-in, or to an answer at once.

use std::time::Duration;

use ::oidc::AcrValue;
use data_encoding::BASE64URL_NOPAD;
use idp::keys::{digest_handle, digest_text};
use journey::{Acr, Comparison, Demand, Insistence, Login, Stage};
use model::{Handle, HandleDigest, Service, Timestamp, limits};
use saml::binding::{post, redirect};
use saml::{
    AnswerTo, AuthnRequest, Binding, BindingError, Claims, MessageError, MessageKind, NameIdFormat, NameIdPolicy,
    Received, RequestedAuthnContext, SignatureDemand, Status, StatusCode, StatusReason,
};
use store::record::{AuditRecord, LoginRecord, SessionKind, SessionRecord};
use store::{Change, Committed, Op};

use super::service::SamlService;
use super::{AnswerBinding, NameKind, Reply};
use crate::edge::consent::{Seen, Sight};
use crate::edge::{self, FirstPage, Onward, ReplyTo, oidc};
use crate::{Broker, Fault, audit, audit_of, told};

/// How far the clocks of two sides may be apart.
const SKEW: Duration = Duration::from_mins(3);
/// How old a request may be: a bookmarked sign-in page or a reloaded address is begun anew at the service.
const REQUEST_LIFE: Duration = Duration::from_mins(10);

/// What single sign-on does with a request.
#[derive(Debug)]
pub enum SamlRequest {
    /// It cannot be answered to the service: who asks is not known, or where the answer would go.
    BadRequest {
        /// For the integrator: the word that the catalogue of bad inputs has for it.
        reason: &'static str,
    },
    /// It was answered before, or is too old: the person begins again at the service.
    Over {
        /// Who asked.
        service: Service,
    },
    /// The answer, positive or negative.
    Answered {
        /// Who asked.
        service: Service,
        /// How it travels.
        onward: Onward,
        /// Whether somebody is signed in.
        is_positive: bool,
    },
    /// A sign-in begins.
    Login {
        /// Names it in addresses.
        id: String,
        /// Where it begins.
        first: FirstPage,
    },
}

/// A message of SAML as it came, of which nothing is proved.
#[derive(Debug)]
pub struct SamlReceived(pub(super) Received);

impl SamlReceived {
    /// Reads a raw query.
    ///
    /// # Errors
    ///
    /// The word that the catalogue of bad inputs has for what is wrong.
    pub fn by_redirect(query: &str) -> Result<Self, &'static str> {
        redirect::decode(query).map(Self).map_err(BindingError::code)
    }

    /// Reads a posted form.
    ///
    /// # Errors
    ///
    /// As [`SamlReceived::by_redirect`].
    pub fn by_post(form: &str) -> Result<Self, &'static str> {
        post::decode(form).map(Self).map_err(BindingError::code)
    }
}

/// A request of a known service, with a known way back.
struct Understood<'a> {
    service: &'a SamlService,
    request: &'a AuthnRequest,
    reply: Reply,
}

impl Broker {
    /// Takes an authentication request as it came by `binding`. `browser` is the visitor's cookie, `session` the
    /// single sign-on cookie.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be answered now.
    pub async fn saml_single_sign_on(
        &self,
        SamlReceived(received): &SamlReceived,
        browser: &Handle,
        session: Option<&Handle>,
    ) -> Result<SamlRequest, Fault> {
        let bad = |fault: RequestFault| Ok(SamlRequest::BadRequest { reason: fault.code() });
        let claims = match claims_of(received) {
            Ok(claims) => claims,
            Err(fault) => return bad(fault),
        };
        let service = match &claims.issuer {
            Some(issuer) => self.registered_saml_service(issuer).await?,
            None => None,
        };
        let Some(service) = service else { return bad(RequestFault::Issuer) };
        let now = self.now();
        if service.is_expired(now) {
            return bad(RequestFault::Expired);
        }
        let here = self.saml_endpoints().single_sign_on.as_str();
        let Judged { request, consumer, binding, is_late } = match judge(received, &claims, &service, Some(here), now) {
            Ok(judged) => judged,
            Err(fault) => return bad(fault),
        };
        if is_late || self.store().is_used(ONCE, &once(&request), now).await? {
            return Ok(SamlRequest::Over { service: service.service });
        }
        let reply = Reply {
            request: request.id.clone(),
            consumer,
            binding,
            relay_state: received.relay_state().map(str::to_owned),
            name: NameKind::Transient,
            attributes: request.attribute_consuming_service,
            subject: request.subject.as_ref().map(|name| name.value.clone()),
        };
        self.saml_understood(Understood { service: &service, request: &request, reply }, browser, session).await
    }

    async fn saml_understood(
        &self,
        understood: Understood<'_>,
        browser: &Handle,
        session: Option<&Handle>,
    ) -> Result<SamlRequest, Fault> {
        let Understood { service, request, reply } = understood;
        let now = self.now();
        let id = &service.service.id;
        let refuse = |code, reason| self.refused_at_once(service, &reply, Status::refused(code, reason));
        let name = match named(service, request) {
            Ok(name) => name,
            Err((code, reason)) => return refuse(code, reason).await,
        };
        let demand = self.saml_demand(request);
        if !self.policy().satisfiable(now, &service.service.terms, &demand) {
            return refuse(StatusCode::Responder, StatusReason::NoAuthnContext).await;
        }
        let reply = Reply { name, ..reply.clone() };
        let present = match session {
            Some(handle) => self.session(SessionKind::SingleSignOn, handle).await?,
            None => None,
        };
        let login = Login {
            service: id.clone(),
            demand,
            reply_to: ReplyTo::Saml(reply.clone()).write()?,
            session: present.as_ref().map(|present| present.digest.clone()),
            name_hint: None,
            stage: Stage::Open,
            expires_at: now + limits::TRANSACTION,
        };
        if let Some(present) = &present {
            let admitted = self.policy().admit(now, &service.service.terms, &login.demand, &present.context);
            if admitted.is_ok() && self.is_wanted(service, &reply, present).await? {
                let (release, asking) = (service.release(&reply), login.demand.asking);
                return match self.sight(release, &service.service, &present.person, asking, None).await? {
                    Sight::Seen(seen) => self.saml_silently(service, &reply, present, &login.demand, &seen).await,
                    // To agree takes a page.
                    Sight::Due(_) if request.is_passive => refuse(StatusCode::Responder, StatusReason::NoPassive).await,
                    Sight::Due(disclosure) => {
                        let id = self.begin_with_consent(login, browser, present, disclosure).await?;
                        Ok(SamlRequest::Login { id, first: FirstPage::Consent })
                    }
                };
            }
        }
        if request.is_passive {
            return refuse(StatusCode::Responder, StatusReason::NoPassive).await;
        }
        let record = LoginRecord { id: self.draw_login_id(), browser: digest_handle(browser), login };
        let id = record.id.clone();
        self.store().commit(Change::new(audit(now, "login.begun")).with(Op::BeginLogin(record))).await?;
        Ok(SamlRequest::Login { id, first: FirstPage::Choose })
    }

    /// Answers from the single sign-on session, with no page between.
    async fn saml_silently(
        &self,
        service: &SamlService,
        reply: &Reply,
        session: &SessionRecord,
        demand: &Demand,
        seen: &Seen,
    ) -> Result<SamlRequest, Fault> {
        let now = self.now();
        let account = self.account(&session.person).await?;
        let edge::Reply { ops, onward } =
            self.response(service, reply, &account, &session.context, demand, session, None, seen).await?;
        let idle_until = (now + limits::SESSION_IDLE).min(session.ends_at);
        let detail = told(&session.context, &service.service.id);
        let audit = AuditRecord { detail, ..audit_of(now, &session.person, "login.single-sign-on") };
        // The request is used up first, so that its index says that it was answered before.
        let change =
            Change::new(audit).with_all(ops).with(Op::ExtendSession { digest: session.digest.clone(), idle_until });
        match self.store().commit(change).await? {
            Committed::Done => {
                Ok(SamlRequest::Answered { service: service.service.clone(), onward, is_positive: true })
            }
            Committed::Refused(0) => Ok(SamlRequest::Over { service: service.service.clone() }),
            // The session ended at this very moment.
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }

    async fn refused_at_once(
        &self,
        service: &SamlService,
        reply: &Reply,
        status: Status,
    ) -> Result<SamlRequest, Fault> {
        let onward = self.negative(&service.service.id, reply, &status).await?;
        Ok(SamlRequest::Answered { service: service.service.clone(), onward, is_positive: false })
    }

    /// What the request asks of the sign-in, in our words.
    fn saml_demand(&self, request: &AuthnRequest) -> Demand {
        let not_before = request.force_authn.then(|| self.now());
        let Some(RequestedAuthnContext { comparison, references, .. }) = &request.authn_context else {
            return Demand { not_before, ..Demand::default() };
        };
        // A level of assurance in the scheme that this installation does not speak cannot be claimed here.
        let scheme = self.endpoints().loa_scheme;
        let understood = references.iter().filter_map(|reference| {
            let value = AcrValue::parse(reference)?;
            let spoken = !matches!(value, AcrValue::Loa(of, _) if of != scheme);
            spoken.then(|| (oidc::acr_of(value), reference.clone()))
        });
        let acr: Vec<(Acr, String)> = understood.collect();
        let comparison = match comparison {
            saml::Comparison::Exact | saml::Comparison::Minimum => Comparison::AtLeastOne,
            saml::Comparison::Maximum => Comparison::AtMostOne,
            // To be stronger than what is not understood cannot be promised.
            saml::Comparison::Better if acr.len() < references.len() => {
                let nothing = Demand { insistence: Insistence::Essential, ..Demand::default() };
                return Demand { not_before, ..nothing };
            }
            saml::Comparison::Better => Comparison::MoreThanAll,
        };
        Demand { acr, insistence: Insistence::Essential, comparison, not_before, ..Demand::default() }
    }
}

/// The kind under which answered requests are kept.
pub(super) const ONCE: &str = "saml-request";

/// What a request is kept as, once it was answered. An `ID` is unique to its issuer alone.
fn once(request: &AuthnRequest) -> HandleDigest {
    once_of(&request.issuer, &request.id)
}

pub(super) fn once_of(issuer: &str, id: &str) -> HandleDigest {
    digest_text(&format!("{}.{}", BASE64URL_NOPAD.encode(issuer.as_bytes()), id))
}

/// How long an answered request is remembered: longer than it is accepted.
pub(super) const REMEMBERED: Duration = Duration::from_hours(2);

/// Why a request is not answered to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RequestFault {
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error("its Issuer is no registered service")]
    Issuer,
    #[error("the metadata of its service have expired and could not be fetched again")]
    Expired,
    #[error("its Destination is not the address that it was sent to")]
    Destination,
    #[error("it wants its answer at an address or by a binding that the service's metadata does not have")]
    Consumer,
    #[error("its IssueInstant lies in the future")]
    Future,
}

impl RequestFault {
    /// The word that the catalogue of bad inputs has for it.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Message(error) => error.code(),
            Self::Issuer => "issuer",
            Self::Expired => "metadata-expired",
            Self::Destination => "destination",
            Self::Consumer => "acs",
            Self::Future => "time",
        }
    }
}

/// What a message says of itself, if it is an authentication request.
pub(super) fn claims_of(received: &Received) -> Result<Claims, RequestFault> {
    let claims = received.claims()?;
    if claims.kind == MessageKind::AuthnRequest { Ok(claims) } else { Err(MessageError::Kind.into()) }
}

/// A request of a known service that can be answered, if it is not too late for that.
pub(super) struct Judged {
    pub(super) request: AuthnRequest,
    pub(super) consumer: String,
    pub(super) binding: AnswerBinding,
    pub(super) is_late: bool,
}

/// The one judgement of a request: whether it can be answered, and where. `here` is the address that it should have
/// been sent to, where that is known.
pub(super) fn judge(
    received: &Received,
    claims: &Claims,
    service: &SamlService,
    here: Option<&str>,
    now: Timestamp,
) -> Result<Judged, RequestFault> {
    let request = read(received, service)?;
    // When the message was signed it says where it was sent to (Bindings sections 3.4.5.2, 3.5.5.2).
    let is_elsewhere = |destination: &str| here.is_some_and(|here| here != destination);
    if request.destination.as_deref().map_or(claims.has_signature, is_elsewhere) {
        return Err(RequestFault::Destination);
    }
    let (consumer, binding) = consumer(service, &request).ok_or(RequestFault::Consumer)?;
    let issued = Timestamp::from_seconds(request.issue_instant);
    if issued > now + SKEW {
        return Err(RequestFault::Future);
    }
    Ok(Judged { request, consumer, binding, is_late: now > issued + REQUEST_LIFE + SKEW })
}

/// How the person will be named; or the status that the service gets at once.
pub(super) fn named(service: &SamlService, request: &AuthnRequest) -> Result<NameKind, (StatusCode, StatusReason)> {
    if request.force_authn && request.is_passive {
        // To ask anew without asking cannot be done (row S48).
        return Err((StatusCode::Responder, StatusReason::NoPassive));
    }
    let list = request.attribute_consuming_service;
    if list.is_some() && service.sp.attribute_consumer(list).is_none() {
        return Err((StatusCode::Requester, StatusReason::RequestUnsupported));
    }
    let policy = request.name_id_policy.as_ref();
    name_kind(service, policy).ok_or((StatusCode::Requester, StatusReason::InvalidNameIdPolicy))
}

/// Every signature that is there is good, and there is one where the service says that it signs.
fn read(received: &Received, service: &SamlService) -> Result<AuthnRequest, MessageError> {
    let demand = if service.sp.authn_requests_signed { SignatureDemand::Required } else { SignatureDemand::IfPresent };
    AuthnRequest::read(&received.authenticate(&service.keys(), demand)?)
}

/// Where the answer goes: one of the registered addresses, byte for byte, by a binding that we speak.
fn consumer(service: &SamlService, request: &AuthnRequest) -> Option<(String, AnswerBinding)> {
    let spoken = |binding: Binding| AnswerBinding::of(binding).is_some();
    let wanted = match request.protocol_binding.as_deref() {
        None => None,
        Some(uri) => Some(Binding::from_uri(uri).filter(|binding| spoken(*binding))?),
    };
    let fits = |binding: Binding| spoken(binding) && wanted.is_none_or(|wanted| wanted == binding);
    let mut registered = service.sp.assertion_consumers.iter().filter(|consumer| fits(consumer.binding));
    let found = match &request.answer_to {
        AnswerTo::Index(index) => registered.find(|consumer| consumer.index == *index)?,
        AnswerTo::Url(url) => registered.find(|consumer| consumer.location == *url)?,
        AnswerTo::Default => {
            let both = [Binding::Post, Binding::Artifact];
            let bindings: Vec<Binding> = both.into_iter().filter(|binding| fits(*binding)).collect();
            service.sp.default_consumer(&bindings)?
        }
    };
    Some((found.location.clone(), AnswerBinding::of(found.binding)?))
}

/// How the person will be named; `None` for a policy that cannot be met (Core section 3.4.1.1).
fn name_kind(service: &SamlService, policy: Option<&NameIdPolicy>) -> Option<NameKind> {
    let Some(policy) = policy else { return Some(NameKind::Transient) };
    let own = policy.sp_name_qualifier.as_deref().is_none_or(|qualifier| qualifier == service.service.id.as_str());
    if !own {
        return None;
    }
    match &policy.format {
        NameIdFormat::Unspecified | NameIdFormat::Transient => Some(NameKind::Transient),
        NameIdFormat::Persistent => Some(NameKind::Persistent),
        NameIdFormat::EmailAddress if service.may_have_email() => Some(NameKind::EmailAddress),
        NameIdFormat::EmailAddress | NameIdFormat::Entity | NameIdFormat::Encrypted | NameIdFormat::Other(_) => None,
    }
}
