//! What a wallet calls the gateway for.

use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

use crate::KAU;

/// What a wallet was answered.
#[derive(Debug)]
pub struct Posted {
    /// The status.
    pub status: StatusCode,
    /// The body, if it is JSON.
    pub body: Value,
    /// The body as it is.
    pub text: String,
}

impl Posted {
    /// Where the person is led.
    ///
    /// # Panics
    ///
    /// When that is nowhere.
    pub fn redirect_uri(&self) -> String {
        self.body["redirect_uri"].as_str().unwrap_or_else(|| panic!("{}: {}", self.status, self.text)).to_owned()
    }
}

/// A parameter of a link.
///
/// # Panics
///
/// When it has none.
pub fn parameter(link: &str, name: &str) -> String {
    let url = Url::parse(link).expect("a link");
    url.query_pairs().find(|(known, _)| known == name).expect("a parameter").1.into_owned()
}

/// Fetches what a link leads to: by POST with the wallet's nonce where there is one.
///
/// # Panics
///
/// When the link leads elsewhere than to the gateway.
pub async fn fetched(app: &Router, link: &str, wallet_nonce: Option<&str>) -> Posted {
    let uri = parameter(link, "request_uri");
    let path = uri.strip_prefix(KAU).expect("an address of the gateway");
    match wallet_nonce {
        None => called(app, Method::GET, path, None).await,
        Some(nonce) => called(app, Method::POST, path, Some(&format!("wallet_nonce={nonce}"))).await,
    }
}

/// A call of a wallet to the gateway.
///
/// # Panics
///
/// When there is no answer.
pub async fn called(app: &Router, method: Method, path: &str, form: Option<&str>) -> Posted {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "kau.localhost:8080");
    if form.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let request = request.body(Body::from(form.unwrap_or_default().to_owned())).expect("a request");
    let (head, body) = app.clone().oneshot(request).await.expect("no service of ours fails").into_parts();
    let body = axum::body::to_bytes(body, 1024 * 1024).await.expect("a body");
    let text = String::from_utf8_lossy(&body).into_owned();
    Posted { status: head.status, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
}
