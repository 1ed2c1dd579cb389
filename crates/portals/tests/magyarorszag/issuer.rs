//! An `OpenID` provider of its own, over a real socket: what the portal must get along with, and, when a
//! test says so, what it must not believe.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::{HeaderMap, StatusCode, header};
use model::Clock;
use serde_json::{Value, json};
use testkit::VirtualClock;
use tokio::net::TcpListener;
use url::Url;

/// The secret that portal and issuer have agreed on; what must be encoded in it is part of the test.
pub(crate) const SECRET: &str = "titok +%&: őű";

/// What the issuer does otherwise than usual.
#[derive(Clone)]
pub(crate) struct Plan {
    /// Answers a sign-in with this error.
    pub(crate) error: Option<&'static str>,
    /// Changes the parameters of the authentication response.
    pub(crate) answer: fn(&mut Vec<(String, String)>),
    /// Changes the ID token's header and claims.
    pub(crate) id_token: fn(&mut Value, &mut Value),
    /// Changes the answer of `UserInfo`.
    pub(crate) user_info: fn(&mut Value),
    /// Which of the two keys signs.
    pub(crate) signs: usize,
    /// Which keys are published.
    pub(crate) published: Vec<usize>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { error: None, answer: |_| {}, id_token: |_, _| {}, user_info: |_| {}, signs: 0, published: vec![0] }
    }
}

/// The issuer; it runs until its runtime ends.
#[derive(Clone)]
pub(crate) struct Issuer {
    pub(crate) origin: String,
    clock: Arc<VirtualClock>,
    keys: Arc<[EcdsaKeyPair; 2]>,
    state: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    plan: Plan,
    /// The last authentication request.
    request: Vec<(String, String)>,
    /// The last sign-out request.
    sign_out: Vec<(String, String)>,
}

impl Issuer {
    pub(crate) async fn start(clock: Arc<VirtualClock>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://kau.localhost:{}", listener.local_addr().unwrap().port());
        let key = || EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let issuer = Self { origin, clock, keys: Arc::new([key(), key()]), state: Arc::default() };
        let router = issuer.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .route("/logout", get(logout))
            .with_state(self.clone())
    }

    pub(crate) fn plan(&self, plan: Plan) {
        self.state.lock().unwrap().plan = plan;
    }

    /// A parameter of the last authentication request.
    pub(crate) fn requested(&self, name: &str) -> Option<String> {
        find(&self.state.lock().unwrap().request, name)
    }

    /// A parameter of the last sign-out request.
    pub(crate) fn sign_out_requested(&self, name: &str) -> Option<String> {
        find(&self.state.lock().unwrap().sign_out, name)
    }

    /// A JWS by one of the keys.
    #[expect(clippy::disallowed_methods, reason = "what ECDSA draws is not what a test sets")]
    pub(crate) fn sign(&self, header: &Value, claims: &Value, key: usize) -> String {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.keys[key].sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }

    fn plan_now(&self) -> Plan {
        self.state.lock().unwrap().plan.clone()
    }
}

/// An answer in JSON.
struct Json(Value);

impl IntoResponse for Json {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0.to_string()).into_response()
    }
}

fn find(parameters: &[(String, String)], name: &str) -> Option<String> {
    parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
}

fn parameters(uri: &http::Uri) -> Vec<(String, String)> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect()
}

async fn discovery(State(issuer): State<Issuer>) -> Json {
    let origin = &issuer.origin;
    Json(json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/authorize"),
        "token_endpoint": format!("{origin}/token"),
        "userinfo_endpoint": format!("{origin}/userinfo"),
        "end_session_endpoint": format!("{origin}/logout"),
        "jwks_uri": format!("{origin}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "PS256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn jwks(State(issuer): State<Issuer>) -> Json {
    let key = |number: usize| {
        let point = issuer.keys[number].public_key().as_ref().to_vec();
        let (x, y) = point[1..].split_at(32);
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": format!("key-{number}"),
            "x": BASE64URL_NOPAD.encode(x), "y": BASE64URL_NOPAD.encode(y),
        })
    };
    let keys: Vec<Value> = issuer.plan_now().published.into_iter().map(key).collect();
    Json(json!({"keys": keys}))
}

async fn authorize(State(issuer): State<Issuer>, uri: http::Uri) -> Redirect {
    let request = parameters(&uri);
    let plan = issuer.plan_now();
    let mut answer = vec![
        ("state".to_owned(), find(&request, "state").unwrap_or_default()),
        ("iss".to_owned(), issuer.origin.clone()),
    ];
    match plan.error {
        Some(error) => answer.push(("error".to_owned(), error.to_owned())),
        None => answer.push(("code".to_owned(), "a-code".to_owned())),
    }
    (plan.answer)(&mut answer);
    let mut back = Url::parse(&find(&request, "redirect_uri").unwrap()).unwrap();
    back.query_pairs_mut().extend_pairs(answer);
    issuer.state.lock().unwrap().request = request;
    Redirect::to(back.as_str())
}

async fn token(State(issuer): State<Issuer>, headers: HeaderMap, body: String) -> Response {
    let form: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let request = issuer.state.lock().unwrap().request.clone();
    let challenge =
        BASE64URL_NOPAD.encode(digest(&SHA256, find(&form, "code_verifier").unwrap_or_default().as_bytes()).as_ref());
    // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
    let secret: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = format!("Basic {}", BASE64.encode(format!("magyarorszag:{secret}").as_bytes()));
    let is_right = headers.get(header::AUTHORIZATION).is_some_and(|value| value == basic.as_str())
        && find(&form, "grant_type").as_deref() == Some("authorization_code")
        && find(&form, "code").as_deref() == Some("a-code")
        && find(&form, "redirect_uri") == find(&request, "redirect_uri")
        && find(&request, "code_challenge") == Some(challenge)
        && find(&request, "code_challenge_method").as_deref() == Some("S256");
    if !is_right {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    }
    let plan = issuer.plan_now();
    let now = issuer.clock.now().seconds();
    let access = "an-access-token";
    let mut header = json!({"alg": "ES256", "typ": "JWT", "kid": format!("key-{}", plan.signs)});
    let mut claims = json!({
        "iss": issuer.origin, "aud": "magyarorszag", "sub": "pairwise-anna", "iat": now, "exp": now + 60,
        "auth_time": now, "nonce": find(&request, "nonce"), "sid": "session-1",
        "acr": "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp", "amr": ["pwd", "otp", "mfa"],
        "loa": "http://eidas.europa.eu/NotNotified/LoA/low",
        "at_hash": BASE64URL_NOPAD.encode(&digest(&SHA256, access.as_bytes()).as_ref()[..16]),
    });
    (plan.id_token)(&mut header, &mut claims);
    let id_token = issuer.sign(&header, &claims, plan.signs);
    Json(json!({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": id_token}))
        .into_response()
}

async fn user_info(State(issuer): State<Issuer>, headers: HeaderMap) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|value| value != "Bearer an-access-token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut claims = json!({
        "sub": "pairwise-anna", "name": "Kovács Anna", "family_name": "Kovács", "given_name": "Anna",
        "birth_family_name": "Szabó", "birth_given_name": "Anna", "birthdate": "1957-04-09",
        "place_of_birth": {"country": "HU", "locality": "Szeged"}, "mothers_name": "Tóth Mária",
        "nationalities": ["HU"], "email": "anna@pelda.hu", "email_verified": true,
    });
    (issuer.plan_now().user_info)(&mut claims);
    Json(claims).into_response()
}

async fn logout(State(issuer): State<Issuer>, uri: http::Uri) -> Redirect {
    let request = parameters(&uri);
    let back = find(&request, "post_logout_redirect_uri").unwrap();
    issuer.state.lock().unwrap().sign_out = request;
    Redirect::to(&back)
}
