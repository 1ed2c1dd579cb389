//! Calls to other identity providers while somebody signs in.

use broker::{Outbound, OutboundCall, OutboundError};
use http::{StatusCode, header};

use super::Reach;

/// What providers answer with, and issuers of credentials about their states (Token Status List section 8.1).
const ACCEPTED: &str = "application/json, application/statuslist+jwt;q=0.9";

/// Calls other identity providers.
#[derive(Debug)]
pub struct UpstreamClient {
    client: reqwest::Client,
    reach: Reach,
}

impl UpstreamClient {
    /// A client that goes no further than `reach`, follows no redirect and asks no proxy.
    ///
    /// # Errors
    ///
    /// When the machine's TLS cannot be set up.
    pub fn new(reach: Reach) -> anyhow::Result<Self> {
        Ok(Self { client: reach.client()?, reach })
    }
}

#[async_trait::async_trait]
impl Outbound for UpstreamClient {
    async fn call(&self, call: &OutboundCall<'_>) -> Result<Vec<u8>, OutboundError> {
        let url = self.reach.check(call.url).map_err(|forbidden| OutboundError(forbidden.to_string()))?;
        let mut request = match call.form {
            None => self.client.get(url),
            Some(form) => self
                .client
                .post(url)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.to_owned()),
        };
        if let Some(authorization) = call.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let unreachable = |error: reqwest::Error| {
            let reason = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
            OutboundError(format!("the server {reason}"))
        };
        let mut answer = request.header(header::ACCEPT, ACCEPTED).send().await.map_err(unreachable)?;
        if answer.status() != StatusCode::OK {
            return Err(OutboundError(format!("the server answered {}", answer.status().as_u16())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > call.bytes_max {
                return Err(OutboundError(format!("the answer is longer than {} bytes", call.bytes_max)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::{get, post};
    use broker::Wallets;
    use http::HeaderMap;
    use model::{Clock as _, Lang, limits};
    use serde_json::json;
    use testkit::wallet_box::{Form, STATUS_URI};
    use testkit::{Installation, KAU, Settings, WalletBox};
    use tokio::net::TcpListener;

    use super::*;

    /// The issuer's host, by the name that it has on this machine.
    struct AtHome {
        client: UpstreamClient,
        port: u16,
    }

    #[async_trait::async_trait]
    impl Outbound for AtHome {
        async fn call(&self, call: &OutboundCall<'_>) -> Result<Vec<u8>, OutboundError> {
            assert_eq!((call.url, call.bytes_max), (STATUS_URI, LIST_BYTES_MAX));
            let url = format!("http://pid.localhost:{}/status/1", self.port);
            self.client.call(&OutboundCall { url: &url, ..*call }).await
        }
    }

    /// The longest token of a status list: of the crate `wallet`, which this one does not import.
    const LIST_BYTES_MAX: usize = 1024 * 1024;

    /// From an issuer's server to a sign-in: what a list may have is more than what a provider may answer with.
    #[tokio::test]
    async fn a_status_list_may_be_longer_than_other_answers() {
        let wallet = WalletBox::new();
        let list = wallet.wallets().outbound;
        let longest = Arc::new(AtomicUsize::new(0));
        let serve = {
            let longest = Arc::clone(&longest);
            move || async move {
                let call = OutboundCall { url: STATUS_URI, authorization: None, form: None, bytes_max: 0 };
                let token = list.call(&call).await.unwrap();
                longest.fetch_max(token.len(), Ordering::Relaxed);
                token
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let routes = Router::new().route("/status/1", get(serve));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let client = UpstreamClient::new(Reach::PublicAndDemo).unwrap();
        let wallets = Wallets { outbound: Arc::new(AtHome { client, port }), ..wallet.wallets() };
        let gate = Installation::with(Settings { wallets: Some(wallets), ..Settings::default() }).await;
        wallet.set_clock(gate.clock.clone());
        let portal =
            gate.client(&json!({"client_name": "Portál", "redirect_uris": ["https://portal.pelda.hu/cb"]})).await;
        for (entries, lengths, status) in [
            (1 << 20, limits::UPSTREAM_ANSWER_BYTES + 1..=LIST_BYTES_MAX, StatusCode::OK),
            (4 << 20, LIST_BYTES_MAX + 1..=usize::MAX, StatusCode::BAD_REQUEST),
        ] {
            wallet.set_status_entries(entries);
            gate.clock.pass(limits::STATUS_LIST_CACHE);
            let mut browser = gate.browser(Lang::Hu);
            // The challenge is that of RFC 7636 appendix B.
            let asked = "response_type=code&scope=openid&nonce=n&redirect_uri=https%3A%2F%2Fportal.pelda.hu%2Fcb\
                &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
            browser.visit(&format!("{KAU}/oidc/authorize?client_id={}&{asked}", portal.id)).await;
            browser.press("DÁP mobilalkalmazással", &[]).await;
            let links = browser.page().links();
            let link = links.iter().find(|link| link.words == "Megnyitás a mobiltárcában").unwrap().url.to_string();
            let now = gate.clock.now().seconds();
            let posted = wallet.approve(&gate.app(), &link, Form::SdJwt, now).await;
            let length = longest.load(Ordering::Relaxed);
            assert!(lengths.contains(&length), "{length}");
            assert_eq!(posted.status, status, "{length}");
        }
    }

    /// Each call says its own.
    const MOST: usize = 300_000;

    async fn take(headers: HeaderMap, body: String) -> String {
        format!("{} {body}", headers[header::AUTHORIZATION].to_str().unwrap_or_default())
    }

    #[tokio::test]
    async fn a_provider_is_called_within_limits_and_no_further_than_allowed() {
        let routes = Router::new()
            .route("/token", post(take))
            .route("/longest", get(|| async { "x".repeat(MOST) }))
            .route("/long", get(|| async { "x".repeat(MOST + 1) }))
            .route("/elsewhere", get(|| async { Redirect::temporary("/longest") }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let called = async |reach, path: &str, form: Option<&str>| {
            let url = format!("http://idp.localhost:{port}{path}");
            let call = OutboundCall { url: &url, authorization: Some("Basic x"), form, bytes_max: MOST };
            let answer = UpstreamClient::new(reach).unwrap().call(&call).await;
            answer.map(|body| body.len()).map_err(|error| error.to_string())
        };
        let demo = Reach::PublicAndDemo;
        assert_eq!(called(demo, "/token", Some("code=c")).await, Ok("Basic x code=c".len()));
        assert_eq!(called(demo, "/longest", None).await, Ok(MOST));
        for (path, reason) in [
            ("/long", "the answer is longer than 300000 bytes"),
            ("/elsewhere", "the server answered 307"),
            ("/nothing", "the server answered 404"),
        ] {
            assert_eq!(called(demo, path, None).await, Err(reason.to_owned()), "{path}");
        }
        assert_eq!(called(Reach::Public, "/token", None).await, Err("only https is called".to_owned()));
    }
}
