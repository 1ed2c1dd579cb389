//! A portal's own requests to Kapu.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;

/// The largest answer, in bytes.
const ANSWER_BYTES: usize = 256 * 1024;
/// How long a connection may take.
const CONNECT_TIME: Duration = Duration::from_secs(2);
/// How long a whole exchange may take.
const EXCHANGE_TIME: Duration = Duration::from_secs(10);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unanswered {
    #[error("the request failed")]
    Http(#[from] reqwest::Error),
    #[error("the answer is larger than {ANSWER_BYTES} bytes")]
    TooLarge,
    #[error("the answer is {0}")]
    Status(http::StatusCode),
    #[error("the answer cannot be passed on")]
    Malformed(#[from] http::Error),
}

/// A client that follows no redirect, uses no proxy and reads no more than a limit.
pub(crate) struct BackChannel(reqwest::Client);

impl BackChannel {
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(LocalNames)
            .connect_timeout(CONNECT_TIME)
            .timeout(EXCHANGE_TIME)
            .build()?;
        Ok(Self(client))
    }

    /// The body of a document that is there.
    pub(crate) async fn fetch(&self, address: &str) -> Result<Vec<u8>, Unanswered> {
        let request = http::Request::get(address).body(Vec::new())?;
        let response = self.exchange(request).await?;
        if response.status().is_success() {
            Ok(response.into_body())
        } else {
            Err(Unanswered::Status(response.status()))
        }
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, Unanswered> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut response = http::Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > ANSWER_BYTES {
                return Err(Unanswered::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for BackChannel {
    type Error = Unanswered;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Unanswered>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.exchange(request))
    }
}

/// Browsers know without asking that `*.localhost` is this machine (RFC 6761 section 6.3); not every
/// system's resolver does.
struct LocalNames;

impl Resolve for LocalNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let name = name.as_str();
            // The port comes from the URL afterwards.
            let addresses: Vec<SocketAddr> = if name == "localhost" || name.ends_with(".localhost") {
                vec![SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)]
            } else {
                tokio::net::lookup_host((name, 0)).await?.collect()
            };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
