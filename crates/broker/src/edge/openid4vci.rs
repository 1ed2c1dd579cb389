//! The edge towards wallets that ask for credentials by themselves (`OpenID4VCI` 1.0 section 5): a request that was
//! pushed becomes a sign-in, and what the person lets go becomes a code.
//!
//! The sign-in is by the authenticator app alone. A wallet's own sign-in would let a credential vouch for the next one,
//! and another provider's says nothing of the authenticator on whose ground a credential is issued.

use ::wallet::openid4vci::PushedReference;
use idp::keys::digest_handle;
use journey::{Asking, Demand, Login, Stage};
use model::{Binding, Handle, Loa, Method, ServiceId, limits};
use oidc::{ErrorCode, OAuthError, authorization_response};
use serde::{Deserialize, Serialize};
use store::record::{CodeRecord, CredentialFormat, IssuingGround, LoginRecord, SessionKind};
use store::{Change, Committed, Issuing, Op};

use super::consent::{Seen, Sight};
use super::oidc::{Authorized, stored, unmet};
use super::{FirstPage, Onward, Outcome, Reply as Answer, ReplyTo, SignedIn};
use crate::wallet::issuing::{TrustedWallet, disclosure, format_of, ground_of};
use crate::{Broker, Fault, audit};

/// What is kept of a request from when it is pushed until it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reply {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    /// The S256 challenge.
    pub(crate) challenge: String,
    /// The configurations that are asked for by their scopes, separated by a space.
    pub(crate) scope: String,
    /// Those that are asked for by their names (section 5.1.1).
    #[serde(default)]
    pub(crate) details: Vec<String>,
    /// The thumbprint of the key that the token is to be bound to, where it was said.
    pub(crate) dpop_jkt: Option<String>,
}

impl Reply {
    /// What is asked for.
    pub(crate) fn credentials(&self) -> Vec<CredentialFormat> {
        self.configurations().filter_map(format_of).collect()
    }

    /// The same by their names, each once.
    pub(crate) fn configurations(&self) -> impl Iterator<Item = &str> {
        let scopes = || self.scope.split(' ').filter(|scope| !scope.is_empty());
        let others = self.details.iter().map(String::as_str).filter(move |id| scopes().all(|scope| scope != *id));
        scopes().chain(others)
    }
}

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) reply: Reply,
    loa: Loa,
    provenance: Binding,
}

impl Grant {
    /// On what ground credentials are issued by it.
    pub(crate) fn ground(&self) -> IssuingGround {
        IssuingGround { loa: self.loa, provenance: self.provenance }
    }
}

impl Broker {
    /// Takes the name of a request that a wallet pushed: the query of a GET. It is used up, and a sign-in begins.
    /// `browser` is the visitor's cookie, `session` the single sign-on cookie.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be answered now.
    pub async fn authorize_wallet(
        &self,
        query: &str,
        browser: &Handle,
        session: Option<&Handle>,
    ) -> Result<Authorized, Fault> {
        let reference = match PushedReference::parse(query) {
            Ok(reference) => reference,
            Err(fault) => return Ok(Authorized::BadRequest { reason: fault.description }),
        };
        let Some(wallet) = self.wallet_client(&reference.client_id) else {
            return Ok(Authorized::BadRequest { reason: "the wallet is not known here" });
        };
        let service = self.wallet_service_id(wallet)?;
        // Whoever went back in the browser, or was slow.
        let over = || Authorized::Over { service: Box::new(wallet.service(service.clone())) };
        let Some(handle) = Handle::parse(reference.reference.expose()) else { return Ok(over()) };
        let (digest, now) = (digest_handle(&handle), self.now());
        let pushed = self.store().pushed_request(&digest).await?;
        let Some(pushed) = pushed.filter(|pushed| pushed.client == service && now < pushed.expires_at) else {
            return Ok(over());
        };
        let present = match session {
            Some(handle) => self.session(SessionKind::SingleSignOn, handle).await?,
            None => None,
        };
        let reply: Reply = stored::read(&pushed.request, "pushed request")?;
        let login = Login {
            service: service.clone(),
            demand: Demand {
                by: Some(Method::AuthenticatorApp),
                not_before: Some(now),
                asking: Asking::EachTime,
                ..Demand::default()
            },
            reply_to: ReplyTo::OpenId4Vci(reply).write()?,
            session: present.map(|present| present.digest),
            name_hint: None,
            linking: None,
            stage: Stage::Open,
            expires_at: now + limits::TRANSACTION,
        };
        let record = LoginRecord { id: self.draw_login_id(), browser: digest_handle(browser), login };
        let id = record.id.clone();
        let change = Change::new(audit(now, "login.begun"))
            .with(Op::Issuing(Issuing::TakePushed { digest, client: service.clone(), at: now }))
            .with(Op::BeginLogin(record));
        match self.store().commit(change).await? {
            Committed::Done => Ok(Authorized::Login { id, lang: None, first: FirstPage::Choose }),
            // Used by another window at this very moment.
            Committed::Refused(_) => Ok(over()),
        }
    }

    /// What a sign-in whose factors matched comes to: the page first, each time.
    pub(crate) async fn openid4vci_answer(&self, to: &Reply, signed_in: &SignedIn<'_>) -> Result<Outcome, Fault> {
        let SignedIn { login, session, decided, .. } = *signed_in;
        let service = self.wallet_service(&login.service).ok_or(Fault::NoJourney)?;
        self.still_trusted(to, &login.service)?;
        match self.sight(disclosure(), &service, &session.person, login.demand.asking, decided).await? {
            Sight::Due(disclosure) => Ok(Outcome::ConsentDue(disclosure)),
            Sight::Seen(seen) => Ok(Outcome::Positive(self.wallet_code(to, signed_in, &seen)?)),
        }
    }

    /// The one function that builds a positive answer to a wallet: a code and its address. Whoever holds a credential
    /// has all that was shown, so nothing is taken out of it.
    fn wallet_code(&self, to: &Reply, signed_in: &SignedIn<'_>, seen: &Seen) -> Result<Answer, Fault> {
        let SignedIn { login, account, context, session, .. } = *signed_in;
        let now = self.now();
        // The policy admitted a sign-in by the authenticator: what it was bound by says what is issued on its ground.
        let ground = ground_of(account, now).map_err(|_| Fault::Stale)?;
        let grant = Grant { reply: to.clone(), loa: ground.loa.min(context.loa), provenance: ground.provenance };
        let code = Handle::draw(self.random());
        let record = CodeRecord {
            digest: digest_handle(&code),
            client: login.service.clone(),
            person: session.person.clone(),
            session: session.digest.clone(),
            grant: stored::write(&grant)?,
            expires_at: now + limits::AUTHORIZATION_CODE,
            spent_at: None,
        };
        let onward = Onward::Location(self.wallet_location(to, Ok(code.expose()))?);
        Ok(Answer { ops: seen.held().into_iter().chain([Op::IssueCode(record)]).collect(), onward })
    }

    /// The negative answer when a person goes back.
    pub(crate) fn openid4vci_refusal(&self, to: &Reply, login: &Login) -> Result<Onward, Fault> {
        self.still_trusted(to, &login.service)?;
        let is_short = matches!(&login.stage, Stage::Short { shortfall } if unmet(*shortfall));
        let description = if is_short { "the person cannot have a credential yet" } else { "the person went back" };
        let error = OAuthError::new(ErrorCode::AccessDenied, description);
        Ok(Onward::Location(self.wallet_location(to, Err(&error))?))
    }

    /// The wallet as it is configured now, if it still has the address that the answer goes to.
    fn still_trusted(&self, to: &Reply, service: &ServiceId) -> Result<&TrustedWallet, Fault> {
        let wallet = self.wallet_of_service(service).ok_or(Fault::NoJourney)?;
        if wallet.allows_redirect(&to.redirect_uri) { Ok(wallet) } else { Err(Fault::Over) }
    }

    fn wallet_location(&self, to: &Reply, answer: Result<&str, &OAuthError>) -> Result<String, Fault> {
        Ok(authorization_response(&to.redirect_uri, to.state.as_deref(), self.issuing_origin()?, answer))
    }
}
