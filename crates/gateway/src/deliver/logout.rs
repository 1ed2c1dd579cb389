//! Logout tokens to services: OpenID Connect Back-Channel Logout 1.0 section 2.5.

use http::{StatusCode, header};
use url::form_urlencoded;

use super::Reach;
use super::guard::failed;

/// Posts logout tokens.
#[derive(Debug)]
pub struct LogoutClient {
    client: reqwest::Client,
    reach: Reach,
}

impl LogoutClient {
    /// A client that goes no further than `reach`, follows no redirect and asks no proxy.
    ///
    /// # Errors
    ///
    /// When the machine's TLS cannot be set up.
    pub fn new(reach: Reach) -> anyhow::Result<Self> {
        Ok(Self { client: reach.client()?, reach })
    }

    /// Posts one. The answer's body is not read: only its status counts.
    ///
    /// # Errors
    ///
    /// Why it was not accepted, without a word of the token.
    pub async fn post(&self, uri: &str, logout_token: &str) -> Result<(), String> {
        let url = self.reach.check(uri).map_err(|forbidden| forbidden.to_string())?;
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", logout_token).finish();
        let request =
            self.client.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        let answer = request.send().await.map_err(|error| failed(&error))?;
        match answer.status() {
            StatusCode::OK | StatusCode::NO_CONTENT => Ok(()),
            status => Err(format!("the service answered {}", status.as_u16())),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::post;
    use tokio::net::TcpListener;

    use super::*;

    async fn take(body: String) -> StatusCode {
        if body == "logout_token=a.b-_.c" { StatusCode::OK } else { StatusCode::BAD_REQUEST }
    }

    /// A service, and the address that the demo would have registered.
    async fn service() -> String {
        let routes = Router::new()
            .route("/takes", post(take))
            .route("/empty", post(|| async { StatusCode::NO_CONTENT }))
            .route("/refuses", post(|| async { StatusCode::BAD_REQUEST }))
            .route("/elsewhere", post(|| async { Redirect::temporary("/takes") }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        format!("http://portal.localhost:{port}")
    }

    #[tokio::test]
    async fn a_token_is_posted_and_its_status_counts() {
        let origin = service().await;
        let client = LogoutClient::new(Reach::PublicAndDemo).unwrap();
        for (path, expected) in [
            ("/takes", Ok(())),
            ("/empty", Ok(())),
            ("/refuses", Err("the service answered 400")),
            ("/elsewhere", Err("the service answered 307")),
            ("/nowhere", Err("the service answered 404")),
        ] {
            let posted = client.post(&format!("{origin}{path}"), "a.b-_.c").await;
            assert_eq!(posted, expected.map_err(String::from), "{path}");
        }
    }

    #[tokio::test]
    async fn o16_production_does_not_reach_this_machine() {
        let origin = service().await;
        let client = LogoutClient::new(Reach::Public).unwrap();
        let refused = client.post(&format!("{origin}/takes"), "a.b-_.c").await;
        assert_eq!(refused, Err("only https is called".to_owned()));
        let port = origin.rsplit(':').next().unwrap();
        let refused = client.post(&format!("https://portal.localhost:{port}/takes"), "a.b-_.c").await;
        assert_eq!(refused, Err("the address is not of the public network".to_owned()));
    }
}
