//! Calls of a client's server to the endpoints.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::{Body, Bytes};
use http::{HeaderMap, Method, StatusCode, header};
use jose::{Algorithm, Expected, JwkSet, TokenType};
use serde_json::{Map, Value};
use testkit::Installation;
use tower::ServiceExt as _;
use web::ClientAddress;

/// One call.
#[derive(Clone)]
pub(crate) struct Call {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    fields: Vec<(String, String)>,
    from: IpAddr,
}

/// Its answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    fn new(method: Method, path: &str) -> Self {
        let from = Ipv4Addr::new(192, 0, 2, 1).into();
        Self { method, path: path.to_owned(), headers: Vec::new(), fields: Vec::new(), from }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    pub(crate) fn options(path: &str) -> Self {
        Self::new(Method::OPTIONS, path)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As if it came from this address.
    pub(crate) fn from(self, from: IpAddr) -> Self {
        Self { from, ..self }
    }

    pub(crate) async fn send(self, gate: &Installation) -> Answer {
        let mut request = http::Request::builder()
            .method(self.method)
            .uri(self.path)
            .header(header::HOST, "kau.localhost:8080")
            .extension(ClientAddress(self.from));
        if !self.fields.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(self.fields).finish();
        let response = gate.app().oneshot(request.body(Body::from(body)).expect("a request")).await;
        let (head, body) = response.expect("no service of ours fails").into_parts();
        let body = axum::body::to_bytes(body, 1024 * 1024).await.expect("a body");
        Answer { status: head.status, headers: head.headers, body }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Status and error of a token endpoint's refusal (RFC 6749 section 5.2).
    #[track_caller]
    pub(crate) fn refusal(&self) -> (u16, String) {
        assert_eq!(self.header("cache-control"), Some("no-store"));
        (self.status.as_u16(), self.json()["error"].as_str().expect("an error").to_owned())
    }
}

/// The published keys.
pub(crate) async fn jwks(gate: &Installation) -> JwkSet {
    let answer = Call::get("/oidc/jwks").send(gate).await;
    assert_eq!(answer.status, StatusCode::OK);
    JwkSet::parse(&answer.body).expect("a key set")
}

/// The claims of a token that one of the published keys has signed with `algorithm`.
pub(crate) async fn verify(gate: &Installation, algorithm: Algorithm, token: &str) -> Map<String, Value> {
    let keys = jwks(gate).await;
    let expected = Expected { typ: TokenType::AbsentOr(&["JWT"]), algorithms: &[algorithm], keys: &keys };
    jose::verify_json(token, &expected).expect("a good token")
}

/// What UserInfo tells the bearer of a token.
pub(crate) async fn userinfo(gate: &Installation, access_token: &str) -> Map<String, Value> {
    let answer = Call::get("/oidc/userinfo").bearer(access_token).send(gate).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let Value::Object(claims) = answer.json() else { panic!("no object: {}", answer.text()) };
    claims
}
