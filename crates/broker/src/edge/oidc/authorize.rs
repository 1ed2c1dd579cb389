//! The authorization endpoint: from a request to a sign-in, and from a sign-in to an answer.

use std::time::Duration;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use idp::Purpose;
use idp::keys::digest_handle;
use journey::{Acr, Asking, Demand, Insistence, Login, Stage};
use model::{
    AuthenticationContext, Handle, HandleDigest, Lang, NameKind, PersonId, Release, Service, ServiceId, UserName,
    limits,
};
use oidc::{
    AcrValue, AuthenticationRequest, ClientMetadata, ErrorCode, LocatedRequest, OAuthError, PkceRule, Prompt,
    RequestedContext, SubjectType, authorization_response,
};
use store::record::{
    AuditRecord, CodeRecord, LoginRecord, OutboxDraft, OutboxKind, Participation, SessionKind, SessionRecord,
};
use store::{Change, Committed, Op};

use super::stored::{self, Grant, Reply};
use super::{acr_of, claims, method_uri};
use crate::deliver::TokenOrder;
use crate::edge::consent::{Seen, Sight};
use crate::edge::{self, FirstPage, Onward, Outcome, ReplyTo, SignedIn};
use crate::wallet::claims::Resting;
use crate::{Broker, Fault, WalletClaims, audit, audit_of, told};

/// Which write of a positive answer notes what the client is told.
const JOINS: usize = 0;

/// What the authorization endpoint does with a request.
#[derive(Debug)]
pub enum Authorized {
    /// It cannot be answered to the client: unknown client or redirect URI.
    BadRequest {
        /// For the integrator.
        reason: &'static str,
    },
    /// What was asked before was used, or has lapsed.
    Over {
        /// Where it is to be begun again.
        service: Box<Service>,
    },
    /// The answer, positive or negative.
    Answered(Onward),
    /// A sign-in begins.
    Login {
        /// Names it in addresses.
        id: String,
        /// The language that the client asked for.
        lang: Option<Lang>,
        /// Where it begins.
        first: FirstPage,
    },
}

/// A request whose client and redirect URI are known.
struct Understood<'a> {
    metadata: &'a ClientMetadata,
    service: &'a Service,
    located: &'a LocatedRequest,
    request: &'a AuthenticationRequest,
}

impl Broker {
    /// Takes an authentication request: the query of a GET, or the body of a POST. `browser` is the
    /// visitor's cookie, `session` the single sign-on cookie.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be answered now.
    pub async fn authorize(
        &self,
        query: &str,
        browser: &Handle,
        session: Option<&Handle>,
    ) -> Result<Authorized, Fault> {
        let Ok(located) = AuthenticationRequest::parse(query) else {
            return Ok(Authorized::BadRequest { reason: "client_id or redirect_uri is missing or repeated" });
        };
        let Some((metadata, service)) = self.registration(&located.client_id).await? else {
            return Ok(Authorized::BadRequest { reason: "the client is not registered here" });
        };
        if !metadata.allows_redirect(&located.redirect_uri) {
            return Ok(Authorized::BadRequest { reason: "the redirect_uri is not registered for this client" });
        }
        let refuse = |error: OAuthError| {
            let location = self.answer_location(&located.redirect_uri, located.state.as_deref(), Err(&error));
            Authorized::Answered(Onward::Location(location))
        };
        let request = match &located.request {
            Ok(request) => request,
            Err(error) => return Ok(refuse(*error)),
        };
        if let Err(error) = check_registration(&metadata, request) {
            return Ok(refuse(error));
        }
        let understood = Understood { metadata: &metadata, service: &service, located: &located, request };
        self.authorize_understood(&understood, browser, session).await
    }

    async fn authorize_understood(
        &self,
        understood: &Understood<'_>,
        browser: &Handle,
        session: Option<&Handle>,
    ) -> Result<Authorized, Fault> {
        let now = self.now();
        let Understood { metadata, service, located, request } = understood;
        let refuse = |code, description| {
            let error = OAuthError::new(code, description);
            let location = self.answer_location(&located.redirect_uri, located.state.as_deref(), Err(&error));
            Ok(Authorized::Answered(Onward::Location(location)))
        };
        let id = ServiceId::new(located.client_id.clone());
        let demand = self.demand_of(metadata, request);
        if !self.policy().satisfiable(now, &service.terms, &demand) {
            return refuse(ErrorCode::UnmetAuthenticationRequirements, "no method here can meet the requested acr");
        }
        let present = match session {
            Some(handle) => self.session(SessionKind::SingleSignOn, handle).await?,
            None => None,
        };
        let subject = match self.wanted_subject(request)? {
            Ok(subject) => subject,
            Err(error) => return refuse(error.code, error.description),
        };
        let reply = Reply { subject, ..Reply::of(metadata, located, request) };
        let silent = request.asks_to(Prompt::None);
        let login = self.opened(id, demand, &reply, request, present.as_ref())?;
        let lang = request.ui_locales.iter().find_map(|tag| Lang::from_tag(tag));
        if let Some(present) = &present {
            let admitted = self.policy().admit(now, &service.terms, &login.demand, &present.context);
            let subject = self.subject(metadata, &present.person);
            let wanted = reply.subject.as_ref().is_none_or(|wanted| *wanted == subject);
            // Asked to sign in now, nobody is answered for silently: another node's clock may be ahead of the request's.
            let anew = login.demand.not_before.is_some() || request.asks_to(Prompt::SelectAccount);
            if admitted.is_ok() && wanted && !anew {
                let asked = claims::asked(&reply, &self.allowed(metadata), service.terms.basis);
                // No wallet can be asked where no page may be shown: it is as if it had given nothing.
                let asked = asked.given_by_wallet(silent.then(Release::default));
                return match self.sight(asked, service, &present.person, login.demand.asking, None).await? {
                    Sight::Seen(seen) => self.answer_silently(&login, &reply, present, metadata, &seen).await,
                    Sight::Due(_) if silent => {
                        refuse(ErrorCode::ConsentRequired, "the person has not agreed to what the service receives")
                    }
                    Sight::Due(disclosure) => {
                        let id = self.begin_with_consent(login, browser, present, disclosure).await?;
                        Ok(Authorized::Login { id, lang, first: FirstPage::Consent })
                    }
                };
            }
        }
        if silent {
            return match present {
                Some(_) => refuse(ErrorCode::InteractionRequired, "the session does not suffice for the request"),
                None => refuse(ErrorCode::LoginRequired, "there is no session"),
            };
        }
        let record = LoginRecord { id: self.draw_login_id(), browser: digest_handle(browser), login };
        let id = record.id.clone();
        self.store().commit(Change::new(audit(now, "login.begun")).with(Op::BeginLogin(record))).await?;
        Ok(Authorized::Login { id, lang, first: FirstPage::Choose })
    }

    /// A sign-in of which nothing is proved yet.
    fn opened(
        &self,
        service: ServiceId,
        demand: Demand,
        reply: &Reply,
        request: &AuthenticationRequest,
        present: Option<&SessionRecord>,
    ) -> Result<Login, Fault> {
        let hint = request.login_hint.as_deref().and_then(|hint| UserName::parse(hint).ok());
        Ok(Login {
            service,
            demand,
            reply_to: ReplyTo::OpenIdConnect(reply.clone()).write()?,
            session: present.map(|present| present.digest.clone()),
            name_hint: hint.map(|name| name.as_str().to_owned()),
            linking: None,
            stage: Stage::Open,
            expires_at: self.now() + limits::TRANSACTION,
        })
    }

    /// Answers from the single sign-on session, with no page between.
    async fn answer_silently(
        &self,
        login: &Login,
        reply: &Reply,
        session: &SessionRecord,
        metadata: &ClientMetadata,
        seen: &Seen,
    ) -> Result<Authorized, Fault> {
        let now = self.now();
        let idle_until = (now + limits::SESSION_IDLE).min(session.ends_at);
        for is_last in [false, true] {
            let answer =
                self.code_answer(login, metadata, reply, session, (&session.context, None), (seen, None)).await?;
            let detail = told(&session.context, &login.service);
            let audit = AuditRecord { detail, ..audit_of(now, &session.person, "login.single-sign-on") };
            let change = Change::new(audit)
                .with_all(answer.ops)
                .with(Op::ExtendSession { digest: session.digest.clone(), idle_until });
            match self.store().commit(change).await? {
                Committed::Done => return Ok(Authorized::Answered(answer.onward)),
                // Another answer of this very moment told the client another `sid`: it is told the same.
                Committed::Refused(JOINS) if !is_last => {}
                Committed::Refused(_) => break,
            }
        }
        // The session ended at this very moment.
        Err(Fault::Stale)
    }

    /// The `sub` that the request names, by the claims parameter or a hint; `Err` for a hint that is not ours.
    fn wanted_subject(&self, request: &AuthenticationRequest) -> Result<Result<Option<String>, OAuthError>, Fault> {
        let by_claim = request.requested_subject().map(str::to_owned);
        let Some(hint) = &request.id_token_hint else { return Ok(Ok(by_claim)) };
        Ok(match self.read_hint(hint)? {
            Some(hint) => Ok(by_claim.or(Some(hint.sub))),
            None => Err(OAuthError::new(ErrorCode::InvalidRequest, "the id_token_hint is not one of ours")),
        })
    }

    /// What the request asks of the sign-in, in our words.
    fn demand_of(&self, metadata: &ClientMetadata, request: &AuthenticationRequest) -> Demand {
        let (insistence, values) = match request.requested_context() {
            RequestedContext::Any => (Insistence::Voluntary, Vec::new()),
            RequestedContext::Preferred(values) => (Insistence::Voluntary, values),
            RequestedContext::Essential(values) => (Insistence::Essential, values),
        };
        // A level of assurance in the scheme that this installation does not speak cannot be claimed here.
        let scheme = self.endpoints().loa_scheme;
        let spoken = values.iter().filter(|value| !matches!(value, AcrValue::Loa(of, _) if *of != scheme));
        let acr: Vec<(Acr, String)> = spoken.map(|value| (acr_of(*value), value.as_str().to_owned())).collect();
        let max_age = request.max_age.or(metadata.default_max_age);
        // An age of nothing and `prompt=login` ask for the same: a sign-in after this request.
        let anew = request.asks_to(Prompt::Login) || max_age == Some(0);
        let not_before = anew.then(|| self.now());
        let max_age = max_age.filter(|_| !anew).map(|age| Duration::from_secs(u64::from(age)));
        let asking = if request.asks_to(Prompt::Consent) { Asking::Anew } else { Asking::WhenDue };
        Demand { acr, insistence, max_age, not_before, asking, ..Demand::default() }
    }

    /// What a sign-in whose factors matched comes to.
    pub(crate) async fn oidc_answer(&self, reply: &Reply, signed_in: &SignedIn<'_>) -> Result<Outcome, Fault> {
        let SignedIn { login, account, context, session, former, decided, from_wallet } = *signed_in;
        debug_assert_eq!(account.person.id, session.person, "a session is of the account that signed in");
        let (metadata, service) = self.registered(reply, login).await?;
        let subject = self.subject(&metadata, &session.person);
        if reply.subject.as_ref().is_some_and(|wanted| *wanted != subject) {
            // OpenID Connect Core 1.0 section 5.5.1: never a positive answer about somebody else.
            let error = OAuthError::new(ErrorCode::LoginRequired, "another person signed in than was asked for");
            let location = self.answer_location(&reply.redirect_uri, reply.state.as_deref(), Err(&error));
            return Ok(Outcome::Negative(edge::Reply { ops: Vec::new(), onward: Onward::Location(location) }));
        }
        let asked = claims::asked(reply, &self.allowed(&metadata), service.terms.basis);
        let asked = asked.given_by_wallet(from_wallet.map(WalletClaims::data));
        match self.sight(asked, &service, &session.person, login.demand.asking, decided).await? {
            Sight::Due(disclosure) => Ok(Outcome::ConsentDue(disclosure)),
            Sight::Seen(seen) => {
                let answer =
                    self.code_answer(login, &metadata, reply, session, (context, former), (&seen, from_wallet)).await?;
                Ok(Outcome::Positive(answer))
            }
        }
    }

    /// The one function that builds a positive answer: a code, the participation, the address.
    async fn code_answer(
        &self,
        login: &Login,
        metadata: &ClientMetadata,
        reply: &Reply,
        session: &SessionRecord,
        (context, former): (&AuthenticationContext, Option<&HandleDigest>),
        (seen, from_wallet): (&Seen, Option<&WalletClaims>),
    ) -> Result<edge::Reply, Fault> {
        let Login { service: client, demand, .. } = login;
        let now = self.now();
        let subject = self.subject(metadata, &session.person);
        let known = self.store().participations(former.unwrap_or(&session.digest)).await?;
        let sid = known
            .into_iter()
            .find(|participation| participation.client == *client)
            .map_or_else(|| HEXLOWER.encode(&self.random().bytes::<16>()), |participation| participation.sid);
        let code = Handle::draw(self.random());
        let fulfilled = demand.fulfilled_value(context).map(str::to_owned);
        let acr = fulfilled.or_else(|| method_uri(self, context.method)).unwrap_or_default();
        let digest = digest_handle(&code);
        let given = from_wallet.and_then(|claims| claims.within(seen.release()));
        let from_wallet = given.map(|claims| self.seal_claims(&claims, Resting::Code(&digest))).transpose()?;
        let grant = Grant {
            reply: reply.clone(),
            released: seen.release().clone(),
            from_wallet,
            context: *context,
            acr,
            sid: sid.clone(),
            subject: subject.clone(),
            user_name: session.user_name.clone(),
        };
        let record = CodeRecord {
            digest,
            client: client.clone(),
            person: session.person.clone(),
            session: session.digest.clone(),
            grant: stored::write(&grant)?,
            expires_at: now + limits::AUTHORIZATION_CODE,
            spent_at: None,
        };
        let logout = match &metadata.backchannel_logout_uri {
            None => None,
            Some(uri) => {
                let order = TokenOrder {
                    uri: uri.as_str().to_owned(),
                    client: client.as_str().to_owned(),
                    algorithm: metadata.id_token_alg.as_str().to_owned(),
                    subject: subject.clone(),
                    sid: sid.clone(),
                };
                let id = HEXLOWER.encode(&self.random().bytes::<16>());
                Some(OutboxDraft { id, kind: OutboxKind::BackChannelLogout, body: stored::write(&order)? })
            }
        };
        let (session, client, kind) = (session.digest.clone(), client.clone(), NameKind::Persistent);
        let participation = Participation { session, client, sid, subject, kind, logout };
        let location = self.answer_location(&reply.redirect_uri, reply.state.as_deref(), Ok(code.expose()));
        let ops = [seen.held(), Some(Op::Participate(participation)), Some(Op::IssueCode(record))];
        Ok(edge::Reply { ops: ops.into_iter().flatten().collect(), onward: Onward::Location(location) })
    }

    /// The negative answer when a person goes back.
    pub(crate) async fn oidc_refusal(&self, reply: &Reply, login: &Login) -> Result<Onward, Fault> {
        self.registered(reply, login).await?;
        let essential = matches!(&login.stage, Stage::Short { shortfall } if unmet(*shortfall));
        let error = if essential {
            OAuthError::new(ErrorCode::UnmetAuthenticationRequirements, "the sign-in cannot meet what was asked")
        } else {
            OAuthError::new(ErrorCode::AccessDenied, "the person went back")
        };
        Ok(Onward::Location(self.answer_location(&reply.redirect_uri, reply.state.as_deref(), Err(&error))))
    }

    /// The registration as it is now, if it still has the address that the answer goes to.
    pub(super) async fn registered(&self, reply: &Reply, login: &Login) -> Result<(ClientMetadata, Service), Fault> {
        let (metadata, service) = self.registration(login.service.as_str()).await?.ok_or(Fault::NoJourney)?;
        if metadata.allows_redirect(&reply.redirect_uri) { Ok((metadata, service)) } else { Err(Fault::Over) }
    }

    fn answer_location(&self, redirect_uri: &str, state: Option<&str>, answer: Result<&str, &OAuthError>) -> String {
        authorization_response(redirect_uri, state, &self.endpoints().issuer, answer)
    }

    /// A person's name towards a client: pairwise per sector (OpenID Connect Core 1.0 section 8.1),
    /// or the same for all where the client was registered so.
    pub(crate) fn subject(&self, metadata: &ClientMetadata, person: &PersonId) -> String {
        let sector = match metadata.subject_type {
            SubjectType::Pairwise => metadata.sector.as_str(),
            // No host is empty, so this is nobody's sector.
            SubjectType::Public => "",
        };
        let parts: [&[u8]; 2] = [sector.as_bytes(), person.as_str().as_bytes()];
        BASE64URL_NOPAD.encode(&self.keys().mac(Purpose::Pairwise, &parts))
    }
}

/// Whether the service asked for more than the account can give.
pub(in crate::edge) fn unmet(shortfall: journey::Shortfall) -> bool {
    use journey::Shortfall;
    match shortfall {
        Shortfall::WeakProvenance | Shortfall::CrossDevice | Shortfall::LowLevel | Shortfall::Stale => true,
        Shortfall::NotEnrolled
        | Shortfall::Inactive
        | Shortfall::Held(_)
        | Shortfall::Frozen
        | Shortfall::SomebodyElse => false,
    }
}

/// What the registration demands of a request beyond its form.
fn check_registration(metadata: &ClientMetadata, request: &AuthenticationRequest) -> Result<(), OAuthError> {
    match (metadata.pkce, &request.code_challenge, &request.nonce) {
        (_, Some(_), _) | (PkceRule::Nonce, None, Some(_)) => Ok(()),
        (PkceRule::S256, None, _) => {
            Err(OAuthError::new(ErrorCode::InvalidRequest, "code_challenge with method S256 is required"))
        }
        (PkceRule::Nonce, None, None) => {
            Err(OAuthError::new(ErrorCode::InvalidRequest, "nonce or code_challenge is required"))
        }
    }
}
