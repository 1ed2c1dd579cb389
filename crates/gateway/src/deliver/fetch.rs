//! Fetching a document that somebody names by its address.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use reqwest::redirect;

use super::Reach;

/// The longest document, in bytes.
pub const DOCUMENT_BYTES: usize = 1024 * 1024;
/// How long it may take as a whole.
const PATIENCE: Duration = Duration::from_secs(10);

/// Fetches the document at `address`, going no further than `reach`; no redirect is followed and no proxy asked.
///
/// # Errors
///
/// Why there is none, in words.
pub async fn fetch(reach: Reach, address: &str) -> Result<Vec<u8>, String> {
    let url = reach.check(address).map_err(|forbidden| forbidden.to_string())?;
    let client = reqwest::Client::builder()
        .dns_resolver(Arc::new(reach))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?;
    let unreachable = |error: reqwest::Error| {
        let reason = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
        format!("the server {reason}")
    };
    let mut answer = client.get(url).send().await.map_err(unreachable)?;
    if answer.status() != StatusCode::OK {
        let status = answer.status();
        let hint = if status.is_redirection() { "; redirects are not followed: give the address itself" } else { "" };
        return Err(format!("the server answered {}{hint}", status.as_u16()));
    }
    let mut document = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        if document.len() + chunk.len() > DOCUMENT_BYTES {
            return Err("the document is longer than 1 MiB".to_owned());
        }
        document.extend_from_slice(&chunk);
    }
    Ok(document)
}

#[async_trait::async_trait]
impl broker::MetadataFetcher for Reach {
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        fetch(*self, url).await
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::get;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_document_is_fetched_within_limits_and_no_further_than_allowed() {
        let routes = Router::new()
            .route("/metadata", get(|| async { "<EntityDescriptor/>" }))
            .route("/long", get(|| async { "x".repeat(DOCUMENT_BYTES + 1) }))
            .route("/longest", get(|| async { "x".repeat(DOCUMENT_BYTES) }))
            .route("/elsewhere", get(|| async { Redirect::temporary("/metadata") }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let at = |path: &str| format!("http://szolgaltatas.localhost:{port}{path}");
        let got = async |reach, path: &str| fetch(reach, &at(path)).await;
        assert_eq!(got(Reach::PublicAndDemo, "/metadata").await, Ok(b"<EntityDescriptor/>".to_vec()));
        assert_eq!(got(Reach::PublicAndDemo, "/longest").await.map(|document| document.len()), Ok(DOCUMENT_BYTES));
        let refused = Err("the document is longer than 1 MiB".to_owned());
        assert_eq!(got(Reach::PublicAndDemo, "/long").await, refused);
        let refused = got(Reach::PublicAndDemo, "/elsewhere").await.unwrap_err();
        assert!(refused.starts_with("the server answered 307; redirects are not followed"), "{refused}");
        assert_eq!(got(Reach::PublicAndDemo, "/nothing").await, Err("the server answered 404".to_owned()));
        assert_eq!(got(Reach::Public, "/metadata").await, Err("only https is called".to_owned()));
    }
}
