//! Kapu as the portal knows it: an issuer, found by discovery, asked by HTTP.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::limits::KEY_OVERLAP;
use model::{Clock, Lang, Secret, Timestamp};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreIdToken,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken, IdTokenClaims,
    IdTokenFields, IdTokenVerifier, IssuerUrl, LanguageTag, LogoutRequest, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, TokenResponse,
    UserInfoClaims, UserInfoError,
};
use tokio::sync::Mutex;
use url::Url;

use super::claims::{PersonClaims, join};
use super::logout_token::{self, LogoutToken, LogoutTokenFault};
use super::sign_in::Attempt;
use super::{AGE_CLAIM, CALLBACK, CLIENT_ID, Registration, SCOPE, SIGNED_OUT, SetUpError};
use crate::portal::back_channel::{BackChannel, Unanswered};
use crate::portal::demand::{Demand, Failure};
use crate::portal::received::Received;

/// How long what discovery said is used without asking again.
const KEPT: Duration = Duration::from_hours(1);
/// The least time between two discoveries that an unknown key causes.
const ASKED_AGAIN: Duration = Duration::from_secs(10);
/// How far Kapu's clock and ours may differ.
const CLOCK_SKEW: Duration = Duration::from_mins(1);
/// How much earlier than its own beginning a sign-in that had to be fresh may seem to lie.
const FRESH_SKEW: Duration = Duration::from_secs(10);
/// The `acr` values that mean *substantial* or better, as Kapu's documentation lists them.
const SUBSTANTIAL: [&str; 2] =
    ["http://eidas.europa.eu/NotNotified/LoA/substantial", "http://eidas.europa.eu/NotNotified/LoA/high"];

type Keys = ProviderMetadataWithLogout;
type PortalIdToken = IdToken<PersonClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type PortalFields = IdTokenFields<
    PersonClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type PortalClient = Client<
    PersonClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<PortalFields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
type PortalIdClaims = IdTokenClaims<PersonClaims, CoreGenderClaim>;
type PortalUserInfo = UserInfoClaims<PersonClaims, CoreGenderClaim>;

/// Kapu, as one of its clients knows it.
pub(super) struct Provider {
    issuer: IssuerUrl,
    secret: Secret<String>,
    callback: RedirectUrl,
    signed_out: PostLogoutRedirectUrl,
    channel: BackChannel,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<Known>>,
}

struct Known {
    metadata: Arc<Keys>,
    since: Timestamp,
}

/// What a sign-in brought.
pub(super) struct SignedIn {
    pub(super) received: Received,
    /// As it came, for `id_token_hint`.
    pub(super) id_token: String,
}

impl Provider {
    pub(super) fn new(registration: Registration, clock: Arc<dyn Clock>) -> Result<Self, SetUpError> {
        let Registration { issuer, origin, secret } = registration;
        let address = |what, value: &str| SetUpError::Address { what, value: value.to_owned() };
        Ok(Self {
            callback: RedirectUrl::new(format!("{origin}{CALLBACK}")).map_err(|_| address("origin", &origin))?,
            signed_out: PostLogoutRedirectUrl::new(format!("{origin}{SIGNED_OUT}"))
                .map_err(|_| address("origin", &origin))?,
            issuer: IssuerUrl::new(issuer.clone()).map_err(|_| address("issuer", &issuer))?,
            secret,
            channel: BackChannel::new()?,
            clock,
            known: Mutex::new(None),
        })
    }

    /// Whether `issuer`, as it came with an answer, is the one that was asked (RFC 9207 section 2.4).
    pub(super) fn is_issuer(&self, issuer: &str) -> bool {
        self.issuer.as_str() == issuer
    }

    /// Where the browser goes to sign in.
    pub(super) async fn authorization_url(&self, attempt: &Attempt, lang: Lang) -> Result<Url, Failure> {
        let client = self.client(&*self.metadata().await?);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(attempt.verifier.clone()));
        let (state, nonce) = (attempt.state.expose().to_owned(), attempt.nonce.clone());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(SCOPE.map(|scope| Scope::new(scope.to_owned())))
            .add_ui_locale(LanguageTag::new(lang.tag().to_owned()))
            .set_pkce_challenge(challenge);
        match attempt.demand {
            Demand::Ordinary => {}
            Demand::Fresh => request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO),
            Demand::Substantial => {
                let claims = serde_json::json!({"id_token": {"acr": {"essential": true, "values": SUBSTANTIAL}}});
                request = request.add_extra_param("claims", claims.to_string());
            }
            Demand::Adult => {
                // The page of Kapu that asks the wallet is shown because it is asked for.
                let claims = serde_json::json!({"userinfo": {AGE_CLAIM: null}});
                request = request.add_prompt(CoreAuthPrompt::Consent).add_extra_param("claims", claims.to_string());
            }
        }
        Ok(request.url().0)
    }

    /// Where the browser goes to be signed out of Kapu too. Absent when Kapu does not say where.
    pub(super) async fn end_session_url(&self, id_token: &str, lang: Lang) -> Option<Url> {
        let metadata = self.metadata().await.ok()?;
        let endpoint = metadata.additional_metadata().end_session_endpoint.clone()?;
        let request = LogoutRequest::from(endpoint)
            .set_client_id(ClientId::new(CLIENT_ID.to_owned()))
            .set_post_logout_redirect_uri(self.signed_out.clone())
            .add_ui_locale(LanguageTag::new(lang.tag().to_owned()));
        // A token that was readable when it was stored.
        let request = match id_token.parse::<CoreIdToken>() {
            Ok(hint) => request.set_id_token_hint(&hint),
            Err(_) => request,
        };
        Some(request.http_get_url())
    }

    /// Exchanges the code and asks who it is.
    pub(super) async fn redeem(&self, code: String, attempt: &Attempt) -> Result<SignedIn, Failure> {
        let metadata = self.metadata().await?;
        let client = self.client(&metadata);
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| implausible(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
            .request_async(&self.channel)
            .await
            .map_err(|error| token_failure(&error))?;
        let id_token = answer.id_token().ok_or(Failure::Implausible)?;
        let claims = self.verified(&metadata, id_token, answer.access_token(), attempt).await?;
        let user_info: PortalUserInfo = client
            .user_info(answer.access_token().clone(), Some(claims.subject().clone()))
            .map_err(|error| implausible(&error))?
            .request_async(&self.channel)
            .await
            .map_err(|error| user_info_failure(&error))?;
        Ok(SignedIn { received: join(&claims, &user_info), id_token: id_token.to_string() })
    }

    /// Checks a logout token; a key that is not known yet is looked for once.
    pub(super) async fn logout(&self, token: &str) -> Result<LogoutToken, LogoutTokenFault> {
        let metadata = self.metadata().await.map_err(|_| LogoutTokenFault::Unreachable)?;
        let check = |keys: &Keys| {
            logout_token::verify(token, keys.jwks().keys(), self.issuer.as_str(), CLIENT_ID, self.clock.now())
        };
        match check(&metadata) {
            Err(LogoutTokenFault::UnknownKey) => match self.newer(&metadata).await {
                Some(newer) => check(&newer),
                None => Err(LogoutTokenFault::UnknownKey),
            },
            checked => checked,
        }
    }

    async fn verified(
        &self,
        metadata: &Arc<Keys>,
        token: &PortalIdToken,
        access: &AccessToken,
        attempt: &Attempt,
    ) -> Result<PortalIdClaims, Failure> {
        let checked = match self.check(metadata, token, access, attempt) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let newer = self.newer(metadata).await.ok_or(Failure::Implausible)?;
                self.check(&newer, token, access, attempt)
            }
            checked => checked,
        };
        checked.map_err(|error| implausible(&error))
    }

    fn check(
        &self,
        metadata: &Keys,
        token: &PortalIdToken,
        access: &AccessToken,
        attempt: &Attempt,
    ) -> Result<PortalIdClaims, ClaimsVerificationError> {
        let client = self.client(metadata);
        let now = self.clock.now();
        let verifier: IdTokenVerifier<'_, CoreJsonWebKey> = client
            .id_token_verifier()
            .set_allowed_algs([CoreJwsSigningAlgorithm::EcdsaP256Sha256])
            .set_time_fn(move || system_time(now).into())
            .set_issue_time_verifier_fn(move |issued| {
                if SystemTime::from(issued) <= system_time(now + CLOCK_SKEW) {
                    Ok(())
                } else {
                    Err("is from the future".into())
                }
            })
            .set_auth_context_verifier_fn(|acr| {
                let met =
                    attempt.demand != Demand::Substantial || acr.is_some_and(|acr| SUBSTANTIAL.contains(&acr.as_str()));
                if met { Ok(()) } else { Err("is less than was asked for".into()) }
            })
            .set_auth_time_verifier_fn(|time| {
                let earliest = system_time(attempt.begun - FRESH_SKEW);
                let met =
                    attempt.demand != Demand::Fresh || time.is_some_and(|time| SystemTime::from(time) >= earliest);
                if met { Ok(()) } else { Err("lies before the request".into()) }
            });
        let claims = token.claims(&verifier, &Nonce::new(attempt.nonce.clone()))?;
        if claims.authorized_party().is_some_and(|party| party.as_str() != CLIENT_ID) {
            return Err(ClaimsVerificationError::InvalidAudience("azp names another client".into()));
        }
        if let Some(expected) = claims.access_token_hash() {
            let unverifiable = ClaimsVerificationError::SignatureVerification;
            let algorithm = token.signing_alg().map_err(unverifiable)?;
            let key = token.signing_key(&verifier).map_err(unverifiable)?;
            let hash = AccessTokenHash::from_token(access, algorithm, key)
                .map_err(|error| ClaimsVerificationError::Other(error.to_string()))?;
            if hash != *expected {
                return Err(ClaimsVerificationError::Other("at_hash is of another access token".into()));
            }
        }
        Ok(claims.clone())
    }

    fn client(&self, metadata: &Keys) -> PortalClient {
        let secret = ClientSecret::new(self.secret.expose().clone());
        PortalClient::from_provider_metadata(metadata.clone(), ClientId::new(CLIENT_ID.to_owned()), Some(secret))
            .set_redirect_uri(self.callback.clone())
    }

    /// What discovery said. While Kapu does not answer, what it said last is good for as long as it
    /// keeps an old key published.
    async fn metadata(&self) -> Result<Arc<Keys>, Failure> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some(Known { metadata, since }) = &*known
            && now.since(*since) < KEPT
        {
            return Ok(Arc::clone(metadata));
        }
        match self.discover(now).await {
            Ok(found) => Ok(Arc::clone(&known.insert(found).metadata)),
            Err(failure) => match &*known {
                Some(Known { metadata, since }) if now.since(*since) < KEY_OVERLAP => Ok(Arc::clone(metadata)),
                Some(_) | None => Err(failure),
            },
        }
    }

    /// What discovery says now, after `seen` did not have a key. Absent when it was asked just before.
    async fn newer(&self, seen: &Arc<Keys>) -> Option<Arc<Keys>> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some(Known { metadata, since }) = &*known {
            if !Arc::ptr_eq(metadata, seen) {
                return Some(Arc::clone(metadata));
            }
            if now.since(*since) < ASKED_AGAIN {
                return None;
            }
        }
        let found = self.discover(now).await.ok()?;
        Some(Arc::clone(&known.insert(found).metadata))
    }

    async fn discover(&self, now: Timestamp) -> Result<Known, Failure> {
        match Keys::discover_async(self.issuer.clone(), &self.channel).await {
            Ok(metadata) => Ok(Known { metadata: Arc::new(metadata), since: now }),
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "the issuer cannot be discovered");
                Err(Failure::Unreachable)
            }
        }
    }
}

fn system_time(instant: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(instant.micros()).unwrap_or(0))
}

fn implausible(error: &(dyn Error + 'static)) -> Failure {
    tracing::warn!(error, "the issuer's answer is not plausible");
    Failure::Implausible
}

type TokenError = RequestTokenError<Unanswered, StandardErrorResponse<CoreErrorResponseType>>;

fn token_failure(error: &TokenError) -> Failure {
    match error {
        RequestTokenError::ServerResponse(refusal) => {
            tracing::warn!(%refusal, "the issuer does not give tokens");
            match refusal.error() {
                // The code was too old, or used: to begin anew helps.
                CoreErrorResponseType::InvalidGrant => Failure::Stale,
                _ => Failure::Refused,
            }
        }
        RequestTokenError::Request(_) => {
            tracing::warn!(error = error as &dyn Error, "the issuer does not answer");
            Failure::Unreachable
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => implausible(error),
    }
}

fn user_info_failure(error: &UserInfoError<Unanswered>) -> Failure {
    match error {
        UserInfoError::Request(_) => {
            tracing::warn!(error = error as &dyn Error, "the issuer does not answer");
            Failure::Unreachable
        }
        _ => implausible(error),
    }
}
