//! OpenID Connect with another provider: the request, and what is believed of the answer.

use model::{Handle, Lang, Secret, Timestamp, limits};
use oidc::Credential;
use oidc::relying_party::{CodeRedemption, IdTokenExpectation, Outgoing, ReceivedIdToken, TokenAnswer};
use serde_json::{Map, Value};

use super::ask::Wanted;
use super::provider::{Down, Known};
use super::{Asked, Identity, OutboundCall, Upstream};
use crate::Broker;

/// How far a provider's clock and ours may differ, in seconds.
const CLOCK_SKEW: i64 = 30;
/// The end of the address where its answers come: each provider has one of its own (row P28).
const CALLBACK: &str = "callback";

/// Why an answer leads to no identity.
#[derive(Debug)]
pub(super) enum NoIdentity {
    /// The provider cannot be used now.
    Down,
    /// It is not believed. Why is in the log.
    Refused,
}

impl From<Down> for NoIdentity {
    fn from(_: Down) -> Self {
        Self::Down
    }
}

impl Broker {
    /// The address with the authentication request.
    pub(super) async fn oidc_request(
        &self,
        upstream: &Upstream,
        client_id: &str,
        wanted: &Wanted<'_>,
    ) -> Result<String, Down> {
        let provider = self.provider(upstream).await?;
        let outgoing = Outgoing {
            client_id,
            redirect_uri: &self.upstream_address(upstream, CALLBACK),
            scope: if upstream.attributes.any() { "openid profile" } else { "openid" },
            state: wanted.handle.expose(),
            nonce: &self.derived("nonce", wanted.handle),
            verifier: &self.derived("verifier", wanted.handle),
            acr_values: &upstream.contexts,
            max_age: wanted.max_age,
            anew: wanted.asked.anew,
            ui_locales: match wanted.lang {
                Lang::Hu => "hu",
                Lang::En => "en",
            },
        };
        Ok(outgoing.location(&provider.metadata))
    }

    /// Who signed in, by the code that came with the answer.
    pub(super) async fn identity_by_code(
        &self,
        upstream: &Upstream,
        (client_id, client_secret): (&str, &Secret<String>),
        (handle, asked): (&Handle, &Asked),
        code: &Credential,
    ) -> Result<Identity, NoIdentity> {
        let provider = self.provider(upstream).await?;
        let redemption = CodeRedemption {
            client_id,
            client_secret: client_secret.expose(),
            redirect_uri: &self.upstream_address(upstream, CALLBACK),
            code,
            verifier: &self.derived("verifier", handle),
        };
        let (authorization, form) = redemption.write(provider.metadata.secret_by);
        let call = OutboundCall {
            url: &provider.metadata.token_endpoint,
            authorization: authorization.as_ref().map(Credential::expose),
            form: Some(form.expose()),
            bytes_max: limits::UPSTREAM_ANSWER_BYTES,
        };
        let body = self.call(upstream, &call).await?;
        let answer = TokenAnswer::parse(&body).ok_or_else(|| refused(upstream, &"no answer of a token endpoint"))?;
        let nonce = self.derived("nonce", handle);
        let verified = self
            .verify_id_token(upstream, |keys| {
                let expected = IdTokenExpectation {
                    keys,
                    issuer: upstream.issuer(),
                    client_id,
                    nonce: &nonce,
                    contexts: &upstream.contexts,
                    now: self.now().seconds(),
                    skew: CLOCK_SKEW,
                    authenticated_since: asked.authenticated_since.seconds(),
                };
                ReceivedIdToken::verify(&answer.id_token, &expected)
            })
            .await?;
        let token = verified.map_err(|fault| refused(upstream, &fault))?;
        let told = self.userinfo_of(upstream, &provider, &token, &answer.access_token).await?;
        let claim = |name: &str| {
            let value = token.claims.get(name).or_else(|| told.get(name))?;
            value.as_str().map(str::to_owned)
        };
        let at = Timestamp::from_seconds(token.auth_time).min(self.now());
        // A provider that was asked for a new sign-in tells it by a clock of its own.
        let at = if asked.anew { at.max(asked.begun) } else { at };
        Ok(Identity { stated: upstream.attributes.stated(claim), subject: token.sub, at })
    }

    /// What UserInfo adds, if something is to be known that the ID token does not say.
    async fn userinfo_of(
        &self,
        upstream: &Upstream,
        provider: &Known,
        token: &ReceivedIdToken,
        access_token: &Credential,
    ) -> Result<Map<String, Value>, NoIdentity> {
        let names = &upstream.attributes;
        let wanted = [&names.family_name, &names.given_name, &names.birth_date];
        let missing = wanted.into_iter().flatten().any(|name| !token.claims.contains_key(name));
        let Some(url) = provider.metadata.userinfo_endpoint.as_deref().filter(|_| missing) else {
            return Ok(Map::new());
        };
        let bearer = Credential::new(format!("Bearer {}", access_token.expose()));
        let authorization = Some(bearer.expose());
        let call = OutboundCall { url, authorization, form: None, bytes_max: limits::UPSTREAM_ANSWER_BYTES };
        let body = self.call(upstream, &call).await?;
        let claims: Map<String, Value> =
            jose::json::from_slice(&body).map_err(|_| refused(upstream, &"UserInfo is no JSON object"))?;
        // OpenID Connect Core 1.0 section 5.3.2: or it is of somebody else.
        if claims.get("sub").and_then(Value::as_str) != Some(token.sub.as_str()) {
            return Err(refused(upstream, &"UserInfo is of somebody else"));
        }
        Ok(claims)
    }
}

fn refused(upstream: &Upstream, reason: &dyn std::fmt::Display) -> NoIdentity {
    tracing::warn!(upstream = upstream.id, %reason, "the answer of an identity provider is refused");
    NoIdentity::Refused
}
