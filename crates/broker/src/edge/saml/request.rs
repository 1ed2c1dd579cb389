//! An authentication request (SAML Core section 3.4): from a message to a sign-in, or to an answer at once.

use std::time::Duration;

use ::oidc::AcrValue;
use data_encoding::BASE64URL_NOPAD;
use idp::keys::{digest_handle, digest_text};
use journey::{Acr, Comparison, Demand, Insistence, Login, Stage};
use model::{Handle, HandleDigest, NameKind, Service, limits};
use saml::binding::{post, redirect};
use saml::{AuthnRequest, BindingError, Received, RequestedAuthnContext, Status, StatusCode, StatusReason};
use store::record::{AuditRecord, LoginRecord, SessionKind, SessionRecord};
use store::{Change, Committed, Op};

use super::Reply;
use super::answer::JOINS;
use super::judgement::{Judged, RequestFault, claims_of, judge, named};
use super::service::SamlService;
use crate::edge::consent::{Seen, Sight};
use crate::edge::{self, FirstPage, Onward, ReplyTo, oidc};
use crate::{Broker, Caller, Fault, audit, audit_of, told};

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
    caller: &'a Caller,
    reply: Reply,
}

impl Broker {
    /// Takes an authentication request. `browser` is the visitor's cookie, `session` the single sign-on cookie.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be answered now.
    pub async fn saml_single_sign_on(
        &self,
        SamlReceived(received): &SamlReceived,
        browser: &Handle,
        session: Option<&Handle>,
        caller: &Caller,
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
        if is_late {
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
        self.saml_understood(Understood { service: &service, request: &request, caller, reply }, browser, session).await
    }

    async fn saml_understood(
        &self,
        understood: Understood<'_>,
        browser: &Handle,
        session: Option<&Handle>,
    ) -> Result<SamlRequest, Fault> {
        let Understood { service, request, caller, reply } = understood;
        let now = self.now();
        let id = &service.service.id;
        let refuse =
            |code, reason| self.refused_at_once(caller, service, request, &reply, Status::refused(code, reason));
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
            linking: None,
            stage: Stage::Open,
            expires_at: now + limits::TRANSACTION,
        };
        // Asked to sign in now, nobody is answered for silently: another node's clock may be ahead of the request's.
        let silent = present.as_ref().filter(|_| login.demand.not_before.is_none());
        if let Some(present) = silent {
            let admitted = self.policy().admit(now, &service.service.terms, &login.demand, &present.context);
            if admitted.is_ok() && self.is_wanted(service, &reply, &present.person, &present.digest).await? {
                let (asked, asking) = (service.asked(&reply), login.demand.asking);
                return match self.sight(asked, &service.service, &present.person, asking, None).await? {
                    Sight::Seen(seen) => self.saml_silently(service, &reply, present, &login.demand, &seen).await,
                    // To agree takes a page.
                    Sight::Due(_) if request.is_passive => refuse(StatusCode::Responder, StatusReason::NoPassive).await,
                    Sight::Due(_) if self.is_over(request).await? => Ok(over(service)),
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
        if self.is_over(request).await? {
            return Ok(over(service));
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
        let idle_until = (now + limits::SESSION_IDLE).min(session.ends_at);
        for is_last in [false, true] {
            let edge::Reply { ops, onward } =
                self.response(service, reply, &account, &session.context, demand, session, None, seen).await?;
            let detail = told(&session.context, &service.service.id);
            let audit = AuditRecord { detail, ..audit_of(now, &session.person, "login.single-sign-on") };
            // The request is used up first, so that its index says that it was answered before.
            let change =
                Change::new(audit).with_all(ops).with(Op::ExtendSession { digest: session.digest.clone(), idle_until });
            match self.store().commit(change).await? {
                Committed::Done => {
                    return Ok(SamlRequest::Answered { service: service.service.clone(), onward, is_positive: true });
                }
                Committed::Refused(0) => return Ok(over(service)),
                Committed::Refused(JOINS) if !is_last => {}
                Committed::Refused(_) => break,
            }
        }
        // The session ended at this very moment.
        Err(Fault::Stale)
    }

    /// Whether the request was answered before. Where a positive answer is written its commit says so.
    async fn is_over(&self, request: &AuthnRequest) -> Result<bool, Fault> {
        Ok(self.store().is_used(ONCE, &once(request), self.now()).await?)
    }

    /// Says no to a request of which only is known who claims to send it, and that its answer goes there.
    async fn refused_at_once(
        &self,
        caller: &Caller,
        service: &SamlService,
        request: &AuthnRequest,
        reply: &Reply,
        status: Status,
    ) -> Result<SamlRequest, Fault> {
        if self.is_over(request).await? {
            return Ok(over(service));
        }
        self.admit_refusal(caller)?;
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
            let Some(value) = AcrValue::parse(reference) else {
                return oidc::upstream_acr(self, reference).map(|acr| (acr, reference.clone()));
            };
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

fn over(service: &SamlService) -> SamlRequest {
    SamlRequest::Over { service: service.service.clone() }
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
