//! Logout requests to services by SOAP: SAML Bindings section 3.2.3.

use http::{StatusCode, header};
use reqwest::Response;

use super::Reach;
use super::guard::failed;

/// The media type of an envelope (SOAP 1.1 section 6).
const MEDIA_TYPE: &str = "text/xml; charset=utf-8";
/// The header that a request carries (SAML Bindings section 3.2.2.1), in quotation marks as SOAP 1.1 wants it.
const SOAP_ACTION: &str = "\"http://www.oasis-open.org/committees/security\"";
/// The longest answer, in bytes. A logout response is a few thousand long.
const ANSWER_BYTES: usize = 64 * 1024;

/// Calls services by SOAP.
#[derive(Debug)]
pub struct SoapClient {
    client: reqwest::Client,
    reach: Reach,
}

impl SoapClient {
    /// A client that goes no further than `reach`, follows no redirect and asks no proxy.
    ///
    /// # Errors
    ///
    /// When the machine's TLS cannot be set up.
    pub fn new(reach: Reach) -> anyhow::Result<Self> {
        Ok(Self { client: reach.client()?, reach })
    }

    /// Posts an envelope, and gives the one that answers it.
    ///
    /// # Errors
    ///
    /// Why there is no answer, without a word of the envelope.
    pub async fn call(&self, uri: &str, envelope: &str) -> Result<Vec<u8>, String> {
        let url = self.reach.check(uri).map_err(|forbidden| forbidden.to_string())?;
        let request = self.client.post(url).header(header::CONTENT_TYPE, MEDIA_TYPE).header("soapaction", SOAP_ACTION);
        let answer = request.body(envelope.to_owned()).send().await.map_err(|error| failed(&error))?;
        match answer.status() {
            StatusCode::OK => body(answer).await,
            status => Err(format!("the service answered {}", status.as_u16())),
        }
    }
}

/// The body, if it is within its limit.
async fn body(mut answer: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return Err("the service's answer is too long".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::HeaderMap;
    use axum::response::Redirect;
    use axum::routing::post;
    use tokio::net::TcpListener;

    use super::*;

    async fn echo(headers: HeaderMap, body: String) -> Result<String, StatusCode> {
        let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
        let is_soap = is("content-type", MEDIA_TYPE) && is("soapaction", SOAP_ACTION);
        if is_soap { Ok(body) } else { Err(StatusCode::BAD_REQUEST) }
    }

    /// A service, and the address that the demo would have registered.
    async fn service() -> String {
        let routes = Router::new()
            .route("/echo", post(echo))
            .route("/long", post(|| async { "a".repeat(ANSWER_BYTES + 1) }))
            .route("/fails", post(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route("/elsewhere", post(|| async { Redirect::temporary("/echo") }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        format!("http://portal.localhost:{port}")
    }

    #[tokio::test]
    async fn an_envelope_is_answered_by_another() {
        let origin = service().await;
        let client = SoapClient::new(Reach::PublicAndDemo).unwrap();
        for (path, expected) in [
            ("/echo", Ok(b"<e>\xc5\xb1</e>".to_vec())),
            ("/long", Err("the service's answer is too long")),
            ("/fails", Err("the service answered 500")),
            ("/elsewhere", Err("the service answered 307")),
        ] {
            let answer = client.call(&format!("{origin}{path}"), "<e>ű</e>").await;
            assert_eq!(answer, expected.map_err(String::from), "{path}");
        }
    }

    #[tokio::test]
    async fn o16_production_does_not_reach_this_machine() {
        let origin = service().await;
        let client = SoapClient::new(Reach::Public).unwrap();
        let refused = client.call(&format!("{origin}/echo"), "<e/>").await;
        assert_eq!(refused, Err("only https is called".to_owned()));
        let port = origin.rsplit(':').next().unwrap();
        let refused = client.call(&format!("https://portal.localhost:{port}/echo"), "<e/>").await;
        assert_eq!(refused, Err("the address is not of the public network".to_owned()));
    }
}
