//! A relying party that knows the gateway by its protocol alone.

mod endpoint;
mod person;
mod request;

use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::StatusCode;
use jose::{Algorithm, JwkSet, SigningKey};
use model::{Clock as _, Lang};
use serde_json::{Map, Value, json};
use testkit::{Browser, Installation, KAU};

pub(crate) use endpoint::{Answer, Call, jwks, userinfo, verify};
pub(crate) use person::{PASSWORD, Person, agree_if_asked, is_asked};
pub(crate) use request::{Request, exchange};

/// A client, with what it keeps to itself.
pub(crate) struct RelyingParty {
    /// `client_id`
    pub(crate) id: String,
    /// Where it starts: `https://rp.pelda.hu`.
    pub(crate) origin: String,
    /// The first registered `redirect_uri`.
    pub(crate) redirect_uri: String,
    /// How it proves itself.
    pub(crate) proof: Proof,
    /// The algorithm that it registered for ID tokens.
    pub(crate) algorithm: Algorithm,
}

/// How a client proves itself at the token endpoint.
pub(crate) enum Proof {
    Basic(String),
    Post(String),
    Key(Box<SigningKey>),
    Nothing,
}

/// What a code was redeemed for, the ID token verified.
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) id_token: String,
    pub(crate) scope: String,
    pub(crate) claims: Map<String, Value>,
}

impl RelyingParty {
    /// Registers the client of a host; `members` join or replace the usual metadata.
    pub(crate) async fn register(gate: &Installation, host: &str, members: Value) -> Self {
        let origin = format!("https://{host}");
        let mut metadata = json!({ "client_name": host, "redirect_uris": [format!("{origin}/cb")] });
        for (name, value) in members.as_object().expect("members") {
            metadata[name] = value.clone();
        }
        let key = (metadata["token_endpoint_auth_method"] == "private_key_jwt").then(|| {
            let key = SigningKey::generate(Algorithm::Es256).expect("a key");
            let set = JwkSet::new(vec![key.public_jwk()]).expect("a set");
            metadata["jwks"] = serde_json::to_value(&set).expect("JSON");
            Proof::Key(Box::new(key))
        });
        let registered = gate.client(&metadata).await;
        let secret = || registered.secret.as_ref().expect("a secret").expose().clone();
        let proof = match metadata["token_endpoint_auth_method"].as_str() {
            None | Some("client_secret_basic") => Proof::Basic(secret()),
            Some("client_secret_post") => Proof::Post(secret()),
            Some("private_key_jwt") => key.expect("it was made"),
            Some("none") => Proof::Nothing,
            Some(other) => panic!("no such method: {other}"),
        };
        let algorithm = metadata["id_token_signed_response_alg"].as_str().unwrap_or("RS256");
        Self {
            id: registered.id.clone(),
            origin,
            redirect_uri: metadata["redirect_uris"][0].as_str().expect("an address").to_owned(),
            proof,
            algorithm: Algorithm::from_name(algorithm).expect("one of ours"),
        }
    }

    /// A good authentication request, with values of its own for `state`, `nonce` and the verifier.
    pub(crate) fn request(&self) -> Request {
        Request::new(&self.id, &self.redirect_uri)
    }

    /// What the browser brought back to the redirect URI.
    #[track_caller]
    pub(crate) fn received(&self, browser: &Browser) -> Map<String, Value> {
        let url = &browser.page().url;
        let registered = url::Url::parse(&self.redirect_uri).expect("a URL");
        let (at, expected) = ((url.origin(), url.path()), (registered.origin(), registered.path()));
        assert_eq!(at, expected, "{url} is not the client's:\n{}", browser.page().text());
        assert_eq!(url.fragment(), None, "answers go into the query");
        let mut received = Map::new();
        for (name, value) in url.query_pairs() {
            let former = received.insert(name.to_string(), value.as_ref().into());
            assert_eq!(former, None, "{name} came twice");
        }
        assert_eq!(received.get("iss"), Some(&KAU.into()), "RFC 9207");
        received
    }

    /// The code of a positive answer to `request`.
    #[track_caller]
    pub(crate) fn code(&self, browser: &Browser, request: &Request) -> String {
        let received = self.received(browser);
        assert_eq!(received.get("error"), None, "{received:?}");
        assert_eq!(received.get("state").and_then(Value::as_str), request.get("state"));
        received["code"].as_str().expect("a code").to_owned()
    }

    /// The error of a negative answer to `request`.
    #[track_caller]
    pub(crate) fn error(&self, browser: &Browser, request: &Request) -> String {
        let received = self.received(browser);
        assert_eq!(received.get("code"), None, "{received:?}");
        assert_eq!(received.get("state").and_then(Value::as_str), request.get("state"));
        received["error"].as_str().expect("an error").to_owned()
    }

    /// Adds the proof that the client registered.
    pub(crate) fn prove(&self, gate: &Installation, call: Call) -> Call {
        match &self.proof {
            Proof::Basic(secret) => call.header("authorization", &self.basic(secret)),
            Proof::Post(secret) => call.field("client_id", &self.id).field("client_secret", secret),
            Proof::Key(_) => self.assert(call, &self.sign(&self.assertion(gate))),
            Proof::Nothing => call.field("client_id", &self.id),
        }
    }

    /// The `Authorization` header with a secret (RFC 6749 section 2.3.1).
    pub(crate) fn basic(&self, secret: &str) -> String {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        format!("Basic {}", BASE64.encode(format!("{}:{}", encoded(&self.id), encoded(secret)).as_bytes()))
    }

    /// The claims of a good client assertion (RFC 7523 section 3).
    pub(crate) fn assertion(&self, gate: &Installation) -> Value {
        let now = gate.clock.now().seconds();
        json!({
            "iss": self.id, "sub": self.id, "aud": KAU, "jti": request::unique("jti"), "iat": now, "exp": now + 60,
        })
    }

    /// Signs an assertion with the client's key.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let Proof::Key(key) = &self.proof else { panic!("the client has no key") };
        key.sign("JWT", claims).expect("a signature")
    }

    /// Adds an assertion, whatever it is.
    pub(crate) fn assert(&self, call: Call, assertion: &str) -> Call {
        call.field("client_id", &self.id)
            .field("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .field("client_assertion", assertion)
    }

    /// The answer to the redemption of a code.
    pub(crate) async fn redemption(&self, gate: &Installation, code: &str, request: &Request) -> Answer {
        self.prove(gate, exchange(code, request)).send(gate).await
    }

    /// Redeems a code and verifies the ID token as OpenID Connect Core 1.0 section 3.1.3.7 says.
    pub(crate) async fn redeem(&self, gate: &Installation, code: &str, request: &Request) -> Tokens {
        let answer = self.redemption(gate, code, request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let body = answer.json();
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["expires_in"], 300);
        assert_eq!(body.get("refresh_token"), None);
        let text = |name: &str| body[name].as_str().expect("a text").to_owned();
        let (access_token, id_token) = (text("access_token"), text("id_token"));
        let claims = verify(gate, self.algorithm, &id_token).await;
        let now = gate.clock.now().seconds();
        assert_eq!((&claims["iss"], &claims["aud"]), (&KAU.into(), &self.id.clone().into()));
        assert_eq!((&claims["iat"], &claims["exp"]), (&now.into(), &(now + 60).into()));
        assert_eq!(claims.get("nonce").and_then(Value::as_str), request.get("nonce"));
        assert!((1..=255).contains(&claims["sub"].as_str().expect("a subject").len()));
        let hash = digest(&SHA256, access_token.as_bytes());
        assert_eq!(claims["at_hash"], BASE64URL_NOPAD.encode(&hash.as_ref()[..16]), "section 3.1.3.6");
        Tokens { access_token, id_token, scope: text("scope"), claims }
    }

    /// The whole way of somebody who has to sign in.
    pub(crate) async fn sign_in(
        &self,
        gate: &Installation,
        browser: &mut Browser,
        person: &Person,
        request: &Request,
    ) -> Tokens {
        browser.visit(&request.url()).await;
        person.sign_in(gate, browser).await;
        self.redeem(gate, &self.code(browser, request), request).await
    }

    /// The whole way of somebody who is signed in: no page is shown between, but the one that shows for the first time
    /// what the client receives.
    pub(crate) async fn pass(&self, gate: &Installation, browser: &mut Browser, request: &Request) -> Tokens {
        browser.visit(&request.url()).await;
        if is_asked(browser) {
            agree_if_asked(browser).await;
            browser.follow_refresh().await;
            return self.redeem(gate, &self.code(browser, request), request).await;
        }
        assert_eq!(browser.page().hops.len(), 1, "no page and no detour");
        self.redeem(gate, &self.code(browser, request), request).await
    }
}

/// A browser that reaches the gateway and these clients, each of which has a page for everything.
pub(crate) fn browser(gate: &Installation, parties: &[&RelyingParty]) -> Browser {
    parties.iter().fold(gate.browser(Lang::Hu), |browser, party| {
        browser.reaching(&party.origin, Router::new().fallback(async || "The client's own page."))
    })
}

/// Whether the gateway has told the person itself, on a page of its own, and sent nobody anywhere.
#[track_caller]
pub(crate) fn refused_here(browser: &Browser, what: &str) {
    let page = browser.page();
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{what}: {}", page.url);
    assert!(page.url.as_str().starts_with(KAU) && page.hops.is_empty(), "{what}: {}", page.url);
}
