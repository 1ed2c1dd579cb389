//! The answer to an authentication request (SAML Core section 3.4.1.4, Profiles section 4.1.4.2).

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use idp::Purpose;
use journey::{Demand, Login, Stage};
use model::{AuthenticationContext, HandleDigest, NameKind, PersonId, ServiceId};
use saml::binding::{post, redirect};
use saml::{
    Assertion, AuthnStatement, Bearer, Direction, NameId, Recipient, Response, Status, StatusCode, StatusReason,
    subject_identifier::scoped_identifier,
};
use store::Op;
use store::record::{Account, Participation, SessionRecord};

use super::logout::SessionName;
use super::release::{self, Given};
use super::request::{ONCE, REMEMBERED, once_of};
use super::service::SamlService;
use super::{AnswerBinding, Reply, format_of};
use crate::edge::consent::{Seen, Sight};
use crate::edge::{self, Onward, Outcome, SignedIn, oidc};
use crate::{Broker, Fault};

/// How long an assertion is good, in seconds: the browser posts it at once.
const ASSERTION_LIFE: i64 = 300;
/// How far back an assertion is good already, for services whose clock is slow, in seconds.
const BACKDATED: i64 = 60;

/// Which write of a positive answer notes what the service is told. It is refused when another answer of this very
/// moment told the service something else: whoever reads again tells the same.
pub(super) const JOINS: usize = 1;

const UNWRITABLE: Fault = Fault::Damaged("SAML response");

impl Broker {
    /// What a sign-in whose factors matched comes to.
    pub(in crate::edge) async fn saml_answer(&self, reply: &Reply, signed_in: &SignedIn<'_>) -> Result<Outcome, Fault> {
        let SignedIn { login, account, context, session, former, decided, .. } = *signed_in;
        let service = self.saml_service(login.service.as_str()).await?.ok_or(Fault::NoJourney)?;
        if !service.admits(reply) {
            // Registered anew since the request: what it asked for is no longer there.
            return Err(Fault::Over);
        }
        if !self.is_wanted(&service, reply, &session.person, former.unwrap_or(&session.digest)).await? {
            // Another person signed in than was asked for.
            let status = Status::refused(StatusCode::Responder, StatusReason::UnknownPrincipal);
            let (onward, kept) = self.sent(&service, reply, &self.empty_response(reply, status), None)?;
            return Ok(Outcome::Negative(edge::Reply { ops: kept.into_iter().collect(), onward }));
        }
        let asked = service.asked(reply);
        match self.sight(asked, &service.service, &session.person, login.demand.asking, decided).await? {
            Sight::Due(disclosure) => Ok(Outcome::ConsentDue(disclosure)),
            Sight::Seen(seen) => {
                let answer =
                    self.response(&service, reply, account, context, &login.demand, session, former, &seen).await?;
                Ok(Outcome::Positive(answer))
            }
        }
    }

    /// Whether the request was answered: by another sign-in, since the same request can begin several.
    pub(in crate::edge) async fn saml_is_answered(&self, reply: &Reply, login: &Login) -> Result<bool, Fault> {
        let once = once_of(login.service.as_str(), &reply.request);
        Ok(self.store().is_used(ONCE, &once, self.now()).await?)
    }

    /// The negative answer when a person goes back.
    pub(in crate::edge) async fn saml_refusal(&self, reply: &Reply, login: &Login) -> Result<Onward, Fault> {
        let reason = match &login.stage {
            Stage::Short { shortfall } if oidc::unmet(*shortfall) => StatusReason::NoAuthnContext,
            // Who it is was proved; the person does not want the service to know.
            Stage::AwaitingConsent { .. } => StatusReason::RequestDenied,
            _ => StatusReason::AuthnFailed,
        };
        self.negative(&login.service, reply, &Status::refused(StatusCode::Responder, reason)).await
    }

    /// The one function that builds a positive answer. Its first write uses the request up, the one at [`JOINS`] notes
    /// what the service is told.
    #[expect(clippy::too_many_arguments, reason = "an answer is made of exactly these, and of nothing else")]
    pub(super) async fn response(
        &self,
        service: &SamlService,
        reply: &Reply,
        account: &Account,
        context: &AuthenticationContext,
        demand: &Demand,
        session: &SessionRecord,
        former: Option<&HandleDigest>,
        seen: &Seen,
    ) -> Result<edge::Reply, Fault> {
        let now = self.now();
        let id = &service.service.id;
        let known = self.store().participations(former.unwrap_or(&session.digest)).await?;
        let mut known = known.into_iter().filter(|participation| participation.client == *id).peekable();
        // Within a session a service knows the session by one index, and the person by one name of each kind.
        let sid = known.peek().map(|participation| participation.sid.clone());
        let sid = sid.unwrap_or_else(|| HEXLOWER.encode(&self.random().bytes::<16>()));
        let transient = known.find(|participation| participation.kind == NameKind::Transient);
        let subject = match (reply.name, transient) {
            (NameKind::Transient, Some(participation)) => participation.subject,
            (kind, _) => self.name(kind, service, account),
        };
        let assertion = self.assertion(service, reply, account, context, demand, session, (&sid, &subject), seen);
        let response = Response { assertion: Some(assertion), ..self.empty_response(reply, Status::SUCCESS) };
        let used =
            Op::UseOnce { kind: ONCE, digest: once_of(id.as_str(), &reply.request), expires_at: now + REMEMBERED };
        let logout = self.soap_order(service, SessionName::new(reply.name, &subject, &sid))?;
        let told = session.digest.clone();
        let (session, client, kind) = (session.digest.clone(), id.clone(), reply.name);
        let participation = Participation { session, client, sid, subject, kind, logout };
        let (onward, kept) = self.sent(service, reply, &response, Some(told))?;
        let ops = [Some(used), Some(Op::Participate(participation)), seen.held(), kept];
        Ok(edge::Reply { ops: ops.into_iter().flatten().collect(), onward })
    }

    #[expect(clippy::too_many_arguments, reason = "an assertion is made of exactly these, and of nothing else")]
    fn assertion(
        &self,
        service: &SamlService,
        reply: &Reply,
        account: &Account,
        context: &AuthenticationContext,
        demand: &Demand,
        session: &SessionRecord,
        (sid, subject): (&str, &str),
        seen: &Seen,
    ) -> Assertion {
        let now = self.now().seconds();
        let entity_id = &self.saml_endpoints().entity_id;
        let persistent = self.persistent_name(&service.service.id, &account.person.id);
        let pairwise = scoped_identifier(&persistent, self.endpoints().host());
        let given = Given {
            persistent: &persistent,
            pairwise: pairwise.as_deref(),
            origin: &self.endpoints().issuer,
            loa: oidc::loa_uri_of(self, context.loa),
        };
        let mut items = release::items(&service.entity, &service.sp, reply.attributes);
        items.retain(|item| item.is_told_within(seen.release()));
        let fulfilled = demand.fulfilled_value(context).map(str::to_owned);
        let class = fulfilled.or_else(|| oidc::method_uri(self, context.method));
        Assertion {
            id: self.draw_message_id(),
            issue_instant: now,
            issuer: entity_id.clone(),
            name_id: name_id(reply.name, subject, entity_id, service.service.id.as_str()),
            confirmations: vec![Bearer {
                recipient: Some(reply.consumer.clone()),
                in_response_to: Some(reply.request.clone()),
                not_before: None,
                not_on_or_after: Some(now + ASSERTION_LIFE),
            }],
            not_before: Some(now - BACKDATED),
            not_on_or_after: Some(now + ASSERTION_LIFE),
            audience_restrictions: vec![vec![service.service.id.as_str().to_owned()]],
            authn: AuthnStatement {
                authn_instant: context.at.seconds(),
                session_index: Some(sid.to_owned()),
                session_not_on_or_after: Some(session.ends_at.seconds()),
                context_class: class,
                authorities: Vec::new(),
            },
            attributes: release::attributes(&items, &account.person, &given),
        }
    }

    fn empty_response(&self, reply: &Reply, status: Status) -> Response {
        Response {
            id: self.draw_message_id(),
            issue_instant: self.now().seconds(),
            issuer: self.saml_endpoints().entity_id.clone(),
            destination: reply.consumer.clone(),
            in_response_to: reply.request.clone(),
            status,
            assertion: None,
        }
    }

    /// A negative answer. It uses nothing up: the person may try again with the same request.
    pub(super) async fn negative(&self, service: &ServiceId, reply: &Reply, status: &Status) -> Result<Onward, Fault> {
        let registered = self.saml_service(service.as_str()).await?.ok_or(Fault::NoJourney)?;
        let (onward, kept) = self.sent(&registered, reply, &self.empty_response(reply, status.clone()), None)?;
        if let Some(kept) = kept {
            let change = store::Change::new(crate::audit(self.now(), "artifact.kept")).with(kept);
            self.store().commit(change).await?;
        }
        Ok(onward)
    }

    /// Signs a response, encrypts what it says to a service that published a key, and puts it on its way. `session` is
    /// the one that a positive response tells of.
    fn sent(
        &self,
        service: &SamlService,
        reply: &Reply,
        response: &Response,
        session: Option<HandleDigest>,
    ) -> Result<(Onward, Option<Op>), Fault> {
        let key = self.saml_key_for(&service.sp.role)?;
        let recipient_key = match service.sp.role.encryption() {
            None => None,
            Some((certificate, transport, cipher)) => {
                Some((certificate.encryption_key().map_err(|_| UNWRITABLE)?, transport, cipher))
            }
        };
        let recipient = recipient_key.as_ref().map(|(key, transport, cipher)| Recipient {
            key,
            transport: *transport,
            cipher: *cipher,
        });
        let mut fill = |bytes: &mut [u8]| self.random().fill(bytes);
        let message = response.write(&key.signer(), recipient.as_ref(), &mut fill).map_err(|_| UNWRITABLE)?;
        let relay_state = reply.relay_state.as_deref();
        match reply.binding {
            AnswerBinding::Post => {
                let fields = post::fields(Direction::Response, &message, relay_state).map_err(|_| UNWRITABLE)?;
                Ok((Onward::Form { action: reply.consumer.clone(), fields }, None))
            }
            AnswerBinding::Artifact => {
                let (artifact, kept) = self.draw_artifact(&service.service.id, session, &message, self.now());
                let fields = artifact.fields(relay_state).map_err(|_| UNWRITABLE)?;
                Ok((Onward::Location(redirect::with_fields(&reply.consumer, &fields)), Some(kept)))
            }
        }
    }

    /// The person's name towards a service.
    fn name(&self, kind: NameKind, service: &SamlService, account: &Account) -> String {
        match kind {
            NameKind::Transient => format!("_{}", HEXLOWER.encode(&self.random().bytes::<20>())),
            NameKind::Persistent => self.persistent_name(&service.service.id, &account.person.id),
            NameKind::EmailAddress => account.person.email.as_str().to_owned(),
        }
    }

    /// An opaque name that stays, another one for each service: letters and digits, so that it may be scoped.
    pub(super) fn persistent_name(&self, service: &ServiceId, person: &PersonId) -> String {
        let parts: [&[u8]; 3] = [b"saml", service.as_str().as_bytes(), person.as_str().as_bytes()];
        BASE32_NOPAD.encode(&self.keys().mac(Purpose::Pairwise, &parts))
    }

    /// Whether a person is the one that the request is about, if it is about one. `session` is the one in which the
    /// service knows the person already, if it does.
    pub(super) async fn is_wanted(
        &self,
        service: &SamlService,
        reply: &Reply,
        person: &PersonId,
        session: &HandleDigest,
    ) -> Result<bool, Fault> {
        let Some(wanted) = &reply.subject else { return Ok(true) };
        let id = &service.service.id;
        if *wanted == self.persistent_name(id, person) {
            return Ok(true);
        }
        if service.may_have_email() && *wanted == self.account(person).await?.person.email.as_str() {
            return Ok(true);
        }
        let known = self.store().participations(session).await?;
        Ok(known.iter().any(|participation| participation.client == *id && participation.subject == *wanted))
    }
}

/// A name of a kind as it is written; a persistent one says between whom (Core section 8.3.7).
pub(super) fn name_id(kind: NameKind, subject: &str, idp: &str, service: &str) -> NameId {
    let is_qualified = kind == NameKind::Persistent;
    NameId {
        name_qualifier: is_qualified.then(|| idp.to_owned()),
        sp_name_qualifier: is_qualified.then(|| service.to_owned()),
        ..NameId::new(format_of(kind), subject)
    }
}
