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
    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::{get, post};
    use http::HeaderMap;
    use tokio::net::TcpListener;

    use super::*;

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
