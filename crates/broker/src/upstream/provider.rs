//! What is known of an OpenID provider: its document and its keys, read when they are needed and kept within limits.

use std::sync::Arc;

use jose::{JwkSet, JwsError};
use model::{Timestamp, limits};
use oidc::relying_party::{IdTokenFault, ProviderMetadata, ReceivedIdToken};

use super::{OutboundCall, Upstream};
use crate::Broker;

/// A provider as it was last read.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) metadata: Arc<ProviderMetadata>,
    keys: Arc<JwkSet>,
    read_at: Timestamp,
    asked_at: Timestamp,
}

/// A provider cannot be used now. Why is in the log.
#[derive(Debug)]
pub(super) struct Down;

impl Broker {
    /// Calls a provider; why it came to nothing is written to the log.
    pub(super) async fn call(&self, upstream: &Upstream, call: &OutboundCall<'_>) -> Result<Vec<u8>, Down> {
        self.upstreams().outbound.call(call).await.map_err(|reason| {
            tracing::warn!(upstream = upstream.id, url = call.url, %reason, "an identity provider cannot be used");
            Down
        })
    }

    async fn get(&self, upstream: &Upstream, url: &str) -> Result<Vec<u8>, Down> {
        self.call(
            upstream,
            &OutboundCall { url, authorization: None, form: None, bytes_max: limits::UPSTREAM_ANSWER_BYTES },
        )
        .await
    }

    /// The provider, read anew when what is known of it is too old: old keys are not used past that.
    pub(super) async fn provider(&self, upstream: &Upstream) -> Result<Known, Down> {
        let now = self.now();
        let fresh = |known: &Known| now.since(known.read_at) < limits::UPSTREAM_CACHE;
        if let Some(known) = self.0.upstream.known(upstream).filter(fresh) {
            return Ok(known);
        }
        let issuer = upstream.issuer();
        let address = format!("{}{}", issuer.strip_suffix('/').unwrap_or(issuer), oidc::discovery::PATH);
        let document = self.get(upstream, &address).await?;
        let unusable = |reason: &dyn std::fmt::Display| {
            tracing::warn!(upstream = upstream.id, %reason, "an identity provider cannot be used");
            Down
        };
        let metadata = ProviderMetadata::parse(&document, issuer).map_err(|fault| unusable(&fault))?;
        // Nothing is sent in the clear because a document says so.
        let scheme = issuer.split_once("://").map_or("https", |(scheme, _)| scheme);
        let is_safe = |url: &str| url.split_once("://").is_some_and(|(of, _)| of == "https" || of == scheme);
        let urls = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        if !urls.into_iter().chain(&metadata.userinfo_endpoint).all(|url| is_safe(url)) {
            return Err(unusable(&"an endpoint is not https"));
        }
        let keys = self.provider_keys(upstream, &metadata).await?;
        let known = Known { metadata: Arc::new(metadata), keys: Arc::new(keys), read_at: now, asked_at: now };
        self.0.upstream.keep(upstream, known.clone());
        Ok(known)
    }

    async fn provider_keys(&self, upstream: &Upstream, metadata: &ProviderMetadata) -> Result<JwkSet, Down> {
        let document = self.get(upstream, &metadata.jwks_uri).await?;
        JwkSet::parse(&document).map_err(|reason| {
            tracing::warn!(upstream = upstream.id, %reason, "the keys of an identity provider cannot be read");
            Down
        })
    }

    /// Checks an ID token by the provider's keys. For a key that is not known the keys are read again, at most once in
    /// [`limits::UPSTREAM_KEYS_AGAIN`] (row O29).
    pub(super) async fn verify_id_token(
        &self,
        upstream: &Upstream,
        check: impl Fn(&JwkSet) -> Result<ReceivedIdToken, IdTokenFault>,
    ) -> Result<Result<ReceivedIdToken, IdTokenFault>, Down> {
        let known = self.provider(upstream).await?;
        let now = self.now();
        match check(&known.keys) {
            Err(IdTokenFault::Token(JwsError::UnknownKey))
                if now.since(known.asked_at) >= limits::UPSTREAM_KEYS_AGAIN =>
            {
                self.0.upstream.keep(upstream, Known { asked_at: now, ..known.clone() });
                let keys = self.provider_keys(upstream, &known.metadata).await?;
                let verified = check(&keys);
                self.0.upstream.keep(upstream, Known { keys: Arc::new(keys), asked_at: now, ..known });
                Ok(verified)
            }
            verified => Ok(verified),
        }
    }
}
