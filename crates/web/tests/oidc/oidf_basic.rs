//! The OpenID Foundation's basic plan for providers: each test mirrors the module of its name
//! (`oidcc-` and the words of the function), with one browser and a confidential client that sends
//! a nonce and no PKCE, as the suite does.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Map, Value, json};
use testkit::{Browser, Installation};

use crate::relying_party::{Answer, Call, Person, RelyingParty, Request, Tokens, browser, refused_here, userinfo};

/// What every module starts with.
struct Suite {
    gate: Installation,
    rp: RelyingParty,
    browser: Browser,
    anna: Person,
}

impl Suite {
    async fn start() -> Self {
        Self::with(json!({})).await
    }

    async fn with(members: Value) -> Self {
        let gate = Installation::start().await;
        let mut metadata = json!({"pkce": "nonce", "scope": "openid profile email person"});
        metadata.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let rp = RelyingParty::register(&gate, "suite.pelda.hu", metadata).await;
        let browser = browser(&gate, &[&rp]);
        let anna = Person::enrolled(&gate, "minta.anna").await;
        Self { gate, rp, browser, anna }
    }

    fn request(&self) -> Request {
        self.rp.request().without_pkce()
    }

    /// Signs in by this request.
    async fn sign_in(&mut self, request: &Request) -> Tokens {
        self.rp.sign_in(&self.gate, &mut self.browser, &self.anna, request).await
    }

    /// Answered from the session, without a page.
    async fn pass(&mut self, request: &Request) -> Tokens {
        self.rp.pass(&self.gate, &mut self.browser, request).await
    }

    async fn error(&mut self, request: &Request) -> String {
        self.browser.visit(&request.url()).await;
        self.rp.error(&self.browser, request)
    }

    /// Signs in with a scope; gives the names at UserInfo that are data of the person, sorted.
    async fn told_for(&mut self, scope: &str) -> Vec<String> {
        let request = self.request().set("scope", scope);
        let tokens = self.sign_in(&request).await;
        for name in ["name", "email", "birthdate"] {
            assert_eq!(tokens.claims.get(name), None, "a scope's claims are at UserInfo (Core section 5.4)");
        }
        let mut claims = userinfo(&self.gate, &tokens.access_token).await;
        assert_eq!(claims.remove("sub"), Some(tokens.claims["sub"].clone()));
        claims.remove("loa");
        claims.keys().cloned().collect()
    }

    /// Signs in and asks UserInfo by a call that is made of the token.
    async fn userinfo_by(&mut self, call: impl Fn(&str) -> Call) {
        let request = self.request();
        let tokens = self.sign_in(&request).await;
        let answer: Answer = call(&tokens.access_token).send(&self.gate).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/json")));
        assert_eq!(answer.json()["sub"], tokens.claims["sub"]);
    }
}

#[tokio::test]
async fn oidcc_server() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    let tokens = suite.sign_in(&request).await;
    assert!(tokens.claims["auth_time"].is_i64());
}

#[tokio::test]
async fn oidcc_response_type_missing() {
    let mut suite = Suite::start().await;
    let request = suite.request().without("response_type");
    assert_eq!(suite.error(&request).await, "unsupported_response_type");
}

#[tokio::test]
async fn oidcc_idtoken_signature() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    let tokens = suite.sign_in(&request).await;
    let header = tokens.id_token.split('.').next().unwrap();
    let header: Map<String, Value> =
        serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()).unwrap();
    assert_eq!(header["alg"], "RS256");
    assert!(header["kid"].is_string(), "there are several keys");
}

#[tokio::test]
async fn oidcc_userinfo_get() {
    Suite::start().await.userinfo_by(|token| Call::get("/oidc/userinfo").bearer(token)).await;
}

#[tokio::test]
async fn oidcc_userinfo_post_header() {
    Suite::start().await.userinfo_by(|token| Call::post("/oidc/userinfo").bearer(token)).await;
}

#[tokio::test]
async fn oidcc_userinfo_post_body() {
    Suite::start().await.userinfo_by(|token| Call::post("/oidc/userinfo").field("access_token", token)).await;
}

/// The one module that this provider meets only with PKCE: without a nonce nothing else would keep a
/// stolen code from being used (RFC 9700 section 2.1.1).
#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    let mut suite = Suite::start().await;
    let request = suite.rp.request().without("nonce");
    let tokens = suite.sign_in(&request).await;
    assert_eq!(tokens.claims.get("nonce"), None);
}

#[tokio::test]
async fn oidcc_scope_profile() {
    let told = Suite::start().await.told_for("openid profile").await;
    assert_eq!(told, ["birthdate", "family_name", "given_name", "name"]);
}

#[tokio::test]
async fn oidcc_scope_email() {
    assert_eq!(Suite::start().await.told_for("openid email").await, ["email", "email_verified"]);
}

/// We keep no address: the scope is ignored, as one that is not understood.
#[tokio::test]
async fn oidcc_scope_address() {
    assert_eq!(Suite::start().await.told_for("openid address").await, [""; 0]);
}

/// Nor a telephone number.
#[tokio::test]
async fn oidcc_scope_phone() {
    assert_eq!(Suite::start().await.told_for("openid phone").await, [""; 0]);
}

#[tokio::test]
async fn oidcc_scope_all() {
    let told = Suite::start().await.told_for("openid email phone address profile").await;
    assert_eq!(told, ["birthdate", "email", "email_verified", "family_name", "given_name", "name"]);
}

#[tokio::test]
async fn oidcc_alternate_happy_flow() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("scope", "email openid").reversed();
    let tokens = suite.sign_in(&request).await;
    let claims = userinfo(&suite.gate, &tokens.access_token).await;
    assert_eq!(claims["email"], "minta.anna@pelda.hu");
}

#[tokio::test]
async fn oidcc_display_page() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("display", "page");
    suite.sign_in(&request).await;
}

#[tokio::test]
async fn oidcc_display_popup() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("display", "popup");
    suite.sign_in(&request).await;
}

#[tokio::test]
async fn oidcc_prompt_login() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    let first = suite.sign_in(&request).await;
    suite.gate.clock.pass(Duration::from_secs(1));
    let request = suite.request().set("prompt", "login");
    let second = suite.sign_in(&request).await;
    assert_eq!(first.claims["sub"], second.claims["sub"]);
    assert!(second.claims["auth_time"].as_i64() > first.claims["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("prompt", "none");
    assert_eq!(suite.error(&request).await, "login_required");
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    let first = suite.sign_in(&request).await;
    let request = suite.request().set("prompt", "none");
    let second = suite.pass(&request).await;
    assert_eq!(first.claims["sub"], second.claims["sub"]);
    assert_eq!(first.claims["auth_time"], second.claims["auth_time"]);
}

#[tokio::test]
async fn oidcc_max_age_1() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    let first = suite.sign_in(&request).await;
    suite.gate.clock.pass(Duration::from_secs(2));
    let request = suite.request().set("max_age", "1");
    let second = suite.sign_in(&request).await;
    assert!(second.claims["auth_time"].as_i64() > first.claims["auth_time"].as_i64());
    assert_eq!(first.claims["sub"], second.claims["sub"]);
}

#[tokio::test]
async fn oidcc_max_age_10000() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    let first = suite.sign_in(&request).await;
    suite.gate.clock.pass(Duration::from_secs(1));
    let request = suite.request().set("max_age", "10000");
    let second = suite.pass(&request).await;
    assert_eq!(first.claims["auth_time"], second.claims["auth_time"]);
    assert_eq!(first.claims["sub"], second.claims["sub"]);
}

#[tokio::test]
async fn oidcc_ensure_request_with_unknown_parameter_succeeds() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("extra", "foobar");
    suite.sign_in(&request).await;
}

#[tokio::test]
async fn oidcc_id_token_hint() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    let first = suite.sign_in(&request).await;
    let request = suite.request().set("prompt", "none").set("id_token_hint", &first.id_token);
    let second = suite.pass(&request).await;
    assert_eq!(first.claims["sub"], second.claims["sub"]);
}

#[tokio::test]
async fn oidcc_login_hint() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("login_hint", "buffy@pelda.hu");
    suite.sign_in(&request).await;
}

#[tokio::test]
async fn oidcc_ui_locales() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("ui_locales", "se");
    suite.sign_in(&request).await;
}

#[tokio::test]
async fn oidcc_claims_locales() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("claims_locales", "se");
    suite.sign_in(&request).await;
}

#[tokio::test]
async fn oidcc_ensure_request_with_acr_values_succeeds() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("acr_values", "1 2");
    let tokens = suite.sign_in(&request).await;
    assert!(tokens.claims["acr"].is_string());
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let mut suite = Suite::start().await;
    let unregistered = format!("{}/unregistered", suite.rp.redirect_uri);
    suite.browser.visit(&suite.request().set("redirect_uri", &unregistered).url()).await;
    refused_here(&suite.browser, "an unregistered redirect URI");
}

#[tokio::test]
async fn oidcc_ensure_post_request_succeeds() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    let origin = suite.rp.origin.clone();
    suite.browser.lured(&origin, "http://kau.localhost:8080/oidc/authorize", &request.fields()).await;
    suite.anna.sign_in(&suite.gate, &mut suite.browser).await;
    suite.rp.redeem(&suite.gate, &suite.rp.code(&suite.browser, &request), &request).await;

    // And with a session, whose cookie does not come along with a foreign form.
    let request = suite.request();
    suite.browser.lured(&origin, "http://kau.localhost:8080/oidc/authorize", &request.fields()).await;
    suite.rp.redeem(&suite.gate, &suite.rp.code(&suite.browser, &request), &request).await;
}

#[tokio::test]
async fn oidcc_server_client_secret_post() {
    let mut suite = Suite::with(json!({"token_endpoint_auth_method": "client_secret_post"})).await;
    let request = suite.request();
    suite.sign_in(&request).await;
}

#[tokio::test]
async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("request_uri", "https://suite.pelda.hu/request-object");
    assert_eq!(suite.error(&request).await, "request_uri_not_supported");
}

/// `{"alg":"none"}` over a claims set, as the suite makes it.
const UNSIGNED: &str = "eyJhbGciOiJub25lIn0.eyJyZXNwb25zZV90eXBlIjoiY29kZSJ9.";

#[tokio::test]
async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("request", UNSIGNED);
    assert_eq!(suite.error(&request).await, "request_not_supported");
}

#[tokio::test]
async fn oidcc_claims_essential() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("claims", r#"{"userinfo":{"name":{"essential":true}}}"#);
    let tokens = suite.sign_in(&request).await;
    assert_eq!(userinfo(&suite.gate, &tokens.access_token).await["name"], "Minta Anna");
}

#[tokio::test]
async fn oidcc_ensure_request_object_with_redirect_uri() {
    let mut suite = Suite::start().await;
    let request = suite.request().set("request", UNSIGNED);
    assert_eq!(suite.error(&request).await, "request_not_supported");
}

#[tokio::test]
async fn oidcc_ensure_request_with_valid_pkce_succeeds() {
    let mut suite = Suite::start().await;
    let request = suite.rp.request();
    suite.sign_in(&request).await;
}

#[tokio::test]
async fn oidcc_codereuse() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    suite.browser.visit(&request.url()).await;
    suite.anna.sign_in(&suite.gate, &mut suite.browser).await;
    let code = suite.rp.code(&suite.browser, &request);
    suite.rp.redeem(&suite.gate, &code, &request).await;
    let again = suite.rp.redemption(&suite.gate, &code, &request).await;
    assert_eq!(again.refusal(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn oidcc_codereuse_30seconds() {
    let mut suite = Suite::start().await;
    let request = suite.request();
    suite.browser.visit(&request.url()).await;
    suite.anna.sign_in(&suite.gate, &mut suite.browser).await;
    let code = suite.rp.code(&suite.browser, &request);
    let tokens = suite.rp.redeem(&suite.gate, &code, &request).await;
    suite.gate.clock.pass(Duration::from_secs(30));
    let again = suite.rp.redemption(&suite.gate, &code, &request).await;
    assert_eq!(again.refusal(), (400, "invalid_grant".to_owned()));
    let revoked = Call::get("/oidc/userinfo").bearer(&tokens.access_token).send(&suite.gate).await;
    assert_eq!(revoked.status, StatusCode::UNAUTHORIZED);
}
