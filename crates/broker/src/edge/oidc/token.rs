//! The token endpoint: a code becomes an ID token and an access token, once.

use idp::keys::digest_handle;
use model::{Handle, HandleDigest, Timestamp, limits};
use oidc::{
    Amr, CodeChallenge, ErrorCode, IdToken, OAuthError, Scope, TokenRequest, TokenResponse, at_hash, pkce_matches,
};
use store::record::{AuditRecord, CodeRecord, TokenRecord};
use store::{Change, Committed, Op};

use super::claims::{self, Known};
use super::client::Proved;
use super::stored::{self, Grant};
use crate::wallet::claims::Resting;
use crate::{Broker, Caller, Fault, audit_of, told};

/// A token response (RFC 6749 section 5.1).
#[derive(Debug)]
pub struct TokenAnswer {
    /// The JSON body.
    pub body: String,
}

/// Why no token is issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefusal {
    /// The client did not prove who it is: 401.
    #[error("client refused")]
    Client(OAuthError),
    /// The request cannot be granted: 400.
    #[error("request refused")]
    Request(OAuthError),
    /// Too many wrong secrets: 429.
    #[error("too many wrong secrets")]
    Limited {
        /// From when one more is admitted.
        until: Timestamp,
    },
    /// It cannot be told now: 503.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl TokenRefusal {
    pub(super) fn client(error: OAuthError) -> Self {
        Self::Client(error)
    }

    fn grant(description: &'static str) -> Self {
        Self::Request(OAuthError::new(ErrorCode::InvalidGrant, description))
    }
}

impl Broker {
    /// Takes a token request.
    ///
    /// # Errors
    ///
    /// [`TokenRefusal`], with the words of RFC 6749 section 5.2.
    pub async fn token(
        &self,
        authorization: Option<&str>,
        body: &str,
        caller: &Caller,
    ) -> Result<TokenAnswer, TokenRefusal> {
        let request = TokenRequest::parse(authorization, body).map_err(|error| match error.code {
            ErrorCode::InvalidClient => TokenRefusal::Client(error),
            _ => TokenRefusal::Request(error),
        })?;
        let proved = self.prove_client(&request.client, caller).await?;
        let unknown = || TokenRefusal::grant("the code is unknown, expired or used");
        let handle = Handle::parse(request.code.expose()).ok_or_else(unknown)?;
        let code = self.store().code(&digest_handle(&handle)).await.map_err(Fault::from)?.ok_or_else(unknown)?;
        if code.client.as_str() != proved.client_id {
            return Err(unknown());
        }
        let grant: Grant = stored::read(&code.grant, "grant")?;
        self.check_binding(&request, &grant, &code).await?;
        let now = self.now();
        if code.spent_at.is_some() {
            // Its client proved itself and holds the verifier: somebody else had the code too.
            self.revoke_code(&code.digest, now).await?;
            return Err(unknown());
        }
        if now >= code.expires_at {
            return Err(unknown());
        }
        self.redeem(&proved, &code, &grant).await
    }

    /// A code is bound to its redirect URI and challenge; a wrong verifier burns it.
    async fn check_binding(
        &self,
        request: &TokenRequest,
        grant: &Grant,
        code: &CodeRecord,
    ) -> Result<(), TokenRefusal> {
        if request.redirect_uri != grant.reply.redirect_uri {
            return Err(TokenRefusal::grant("the redirect_uri is not that of the authentication request"));
        }
        let challenge = grant.reply.challenge.as_deref().and_then(CodeChallenge::parse);
        let proved = match (&challenge, &request.code_verifier) {
            (Some(challenge), Some(verifier)) => pkce_matches(challenge, verifier.expose()),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if proved {
            return Ok(());
        }
        if code.spent_at.is_none() {
            self.revoke_code(&code.digest, self.now()).await?;
        }
        Err(TokenRefusal::grant("the code_verifier does not match"))
    }

    /// Nothing comes of a code any more, and what came of it is good for nothing.
    pub(crate) async fn revoke_code(&self, digest: &HandleDigest, at: Timestamp) -> Result<(), Fault> {
        let change = Change::new(crate::audit(at, "code.revoked")).with(Op::RevokeCode { digest: digest.clone(), at });
        self.store().commit(change).await?;
        Ok(())
    }

    async fn redeem(&self, proved: &Proved, code: &CodeRecord, grant: &Grant) -> Result<TokenAnswer, TokenRefusal> {
        let now = self.now();
        let access = Handle::draw(self.random());
        let id_token = self.id_token(proved, code, grant, access.expose()).await?;
        let token = TokenRecord {
            digest: digest_handle(&access),
            code: code.digest.clone(),
            client: code.client.clone(),
            person: code.person.clone(),
            session: code.session.clone(),
            grant: code.grant.clone(),
            expires_at: now + limits::ACCESS_TOKEN,
        };
        let detail = told(&grant.context, &code.client);
        let audit = AuditRecord { detail, ..audit_of(now, &code.person, "token.issued") };
        let change = Change::new(audit)
            .with(Op::SpendCode { digest: code.digest.clone(), client: code.client.clone(), at: now })
            .with(Op::IssueToken(token))
            .with_all(proved.once.clone());
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => {}
            // Spent since it was read, perhaps by another node: a second use like any other.
            Committed::Refused(0) => {
                self.revoke_code(&code.digest, now).await?;
                return Err(TokenRefusal::grant("the code is unknown, expired or used"));
            }
            Committed::Refused(2) => {
                let error = OAuthError::new(ErrorCode::InvalidClient, "the client assertion was used before");
                return Err(TokenRefusal::Client(error));
            }
            Committed::Refused(_) => return Err(TokenRefusal::grant("the code is unknown, expired or used")),
        }
        let response = TokenResponse {
            access_token: oidc::Credential::new(access.expose().to_owned()),
            expires_in: u32::try_from(limits::ACCESS_TOKEN.as_secs()).unwrap_or(u32::MAX),
            id_token: oidc::Credential::new(id_token),
            scope: grant.reply.scope.clone(),
        };
        let body = serde_json::to_string(&response).map_err(|_| Fault::Damaged("token response"))?;
        Ok(TokenAnswer { body })
    }

    async fn id_token(
        &self,
        proved: &Proved,
        code: &CodeRecord,
        grant: &Grant,
        access_token: &str,
    ) -> Result<String, TokenRefusal> {
        let now = self.now();
        let algorithm = proved.metadata.id_token_alg;
        let account = self.account(&code.person).await?;
        let from_wallet = self.open_claims(grant.from_wallet.as_deref(), Resting::Code(&code.digest))?;
        let known = Known { person: &account.person, from_wallet: from_wallet.as_ref() };
        let allowed = self.allowed(&proved.metadata);
        let extra = claims::told(&known, &[], &grant.reply.id_token_claims, (&allowed, &grant.released));
        let token = IdToken {
            iss: self.endpoints().issuer.clone(),
            sub: grant.subject.clone(),
            aud: proved.client_id.clone(),
            exp: (now + limits::ID_TOKEN).seconds(),
            iat: now.seconds(),
            auth_time: grant.context.at.seconds(),
            nonce: grant.reply.nonce.clone(),
            acr: grant.acr.clone(),
            amr: amr(grant),
            sid: Some(grant.sid.clone()),
            at_hash: Some(at_hash(access_token, algorithm)),
            loa: Some(loa_uri(self, grant)),
            claims: extra,
        };
        let key = self.signing_key(algorithm)?;
        token.sign(&key).map_err(|_| TokenRefusal::Fault(Fault::Damaged("ID token")))
    }
}

/// The methods used, by RFC 8176.
fn amr(grant: &Grant) -> Vec<Amr> {
    use model::{Level, Loa, Method};
    match grant.context.method {
        Method::Password => vec![Amr::Pwd],
        Method::EmailedCode => vec![Amr::Pwd, Amr::Otp],
        Method::AuthenticatorApp => vec![Amr::Pwd, Amr::Otp, Amr::Mfa],
        // A credential is worth high only where its key is attested to be in hardware that resists.
        Method::Wallet if grant.context.loa == Loa::High => vec![Amr::Hwk, Amr::User, Amr::Mfa],
        Method::Passkey | Method::Wallet => vec![Amr::Swk, Amr::User, Amr::Mfa],
        // What was shown elsewhere is not known, but how much it was.
        Method::Upstream(Level::One) => Vec::new(),
        Method::Upstream(Level::Two | Level::Three) => vec![Amr::Mfa],
    }
}

/// The level of assurance as its URI in the configured scheme.
pub(super) fn loa_uri(broker: &Broker, grant: &Grant) -> String {
    super::loa_uri_of(broker, grant.context.loa).to_owned()
}

/// The scopes of a grant.
pub(super) fn scopes(grant: &Grant) -> Vec<Scope> {
    Scope::parse_list(&grant.reply.scope).unwrap_or_default()
}
