//! Another OpenID provider, as a university would run one: a page that signs in whoever comes, and three endpoints.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::extract::RawQuery;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use broker::{AttributeNames, Outbound, OutboundCall, OutboundError, Upstream, UpstreamProtocol, Upstreams};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::{StatusCode, header};
use jose::{Algorithm, JwkSet, SigningKey};
use model::{Clock as _, Level, Loa, Secret};
use serde_json::{Map, Value, json};
use testkit::VirtualClock;

pub(super) const ISSUER: &str = "https://idp.pelda.hu";
const SECRET: &str = "upstream-secret";

/// The provider; its answers are what the test says.
#[derive(Clone)]
pub(super) struct Provider(Arc<Mutex<Inner>>);

pub(super) struct Inner {
    pub(super) clock: Option<Arc<VirtualClock>>,
    pub(super) key: SigningKey,
    /// Claims that join or replace those of the ID token.
    pub(super) claims: Map<String, Value>,
    /// What UserInfo says besides `sub`.
    pub(super) userinfo: Map<String, Value>,
    /// The error that the authorization endpoint answers with.
    pub(super) error: Option<&'static str>,
    /// What replaces `iss` in the answer; none leaves it out.
    pub(super) iss: Option<String>,
    /// The end of an address that is not answered.
    pub(super) down: Option<&'static str>,
    /// The addresses that were called.
    pub(super) called: Vec<String>,
    codes: HashMap<String, HashMap<String, String>>,
    issued: u32,
}

impl Provider {
    pub(super) fn new() -> Self {
        let key = SigningKey::generate(Algorithm::Es256).expect("a key");
        Self(Arc::new(Mutex::new(Inner {
            clock: None,
            key,
            claims: Map::new(),
            userinfo: Map::new(),
            error: None,
            iss: Some(ISSUER.to_owned()),
            down: None,
            called: Vec::new(),
            codes: HashMap::new(),
            issued: 0,
        })))
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("no panic")
    }

    /// As an operator configures it, twice: under another name it is another provider's.
    pub(super) fn upstreams(&self) -> Upstreams {
        let provider = |id: &str, name: &str, issuer: &str| Upstream {
            id: id.to_owned(),
            name: [name.to_owned(), name.to_owned()],
            level: Level::Two,
            loa: Loa::Substantial,
            contexts: vec![],
            attributes: AttributeNames {
                family_name: Some("family_name".to_owned()),
                given_name: None,
                birth_date: Some("birthdate".to_owned()),
            },
            protocol: UpstreamProtocol::OpenIdConnect {
                issuer: issuer.to_owned(),
                client_id: "kapu".to_owned(),
                client_secret: Secret::new(SECRET.to_owned()),
            },
        };
        let providers =
            vec![provider("bme", "Műegyetem", ISSUER), provider("elte", "Tudományegyetem", "https://idp2.pelda.hu")];
        Upstreams { providers, outbound: Arc::new(self.clone()) }
    }

    /// Its page: whoever comes is signed in at once.
    pub(super) fn site(&self) -> Router {
        let provider = self.clone();
        Router::new().route(
            "/auth",
            get(move |RawQuery(query): RawQuery| async move { provider.authorize(&query.unwrap_or_default()) }),
        )
    }

    fn authorize(&self, query: &str) -> Response {
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let mut inner = self.inner();
        let mut answer = form_urlencoded::Serializer::new(String::new());
        answer.append_pair("state", &asked["state"]);
        if let Some(iss) = &inner.iss {
            answer.append_pair("iss", iss);
        }
        if let Some(error) = inner.error {
            answer.append_pair("error", error);
        } else {
            inner.issued += 1;
            let code = format!("code-{}", inner.issued);
            answer.append_pair("code", &code);
            inner.codes.insert(code, asked.clone());
        }
        let location = format!("{}?{}", asked["redirect_uri"], answer.finish());
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    }
}

impl Inner {
    fn token(&mut self, call: &OutboundCall<'_>) -> Result<Value, OutboundError> {
        let refused = || OutboundError("the server answered 400".to_owned());
        let form: HashMap<String, String> =
            form_urlencoded::parse(call.form.unwrap_or_default().as_bytes()).into_owned().collect();
        let basic = format!("Basic {}", BASE64.encode(format!("kapu:{SECRET}").as_bytes()));
        // A code is redeemed once, by its client, with its verifier, for its address.
        let asked = self.codes.remove(&form["code"]).ok_or_else(refused)?;
        let challenge = BASE64URL_NOPAD.encode(digest(&SHA256, form["code_verifier"].as_bytes()).as_ref());
        let good = call.authorization == Some(&basic)
            && challenge == asked["code_challenge"]
            && form["redirect_uri"] == asked["redirect_uri"];
        if !good {
            return Err(refused());
        }
        let now = self.clock.as_ref().expect("the gate's clock").now().seconds();
        let mut claims = json!({
            "iss": ISSUER, "sub": "neptun-abc123", "aud": "kapu", "exp": now + 60, "iat": now,
            "auth_time": now - 5, "nonce": asked["nonce"],
        });
        claims.as_object_mut().expect("an object").extend(self.claims.clone());
        let id_token = self.key.sign("JWT", &claims).expect("signed");
        Ok(json!({"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}))
    }
}

#[async_trait::async_trait]
impl Outbound for Provider {
    async fn call(&self, call: &OutboundCall<'_>) -> Result<Vec<u8>, OutboundError> {
        let mut inner = self.inner();
        inner.called.push(call.url.to_owned());
        if inner.down.is_some_and(|down| call.url.ends_with(down)) {
            return Err(OutboundError("the server cannot be reached".to_owned()));
        }
        let body = match call.url.strip_prefix(ISSUER) {
            Some("/.well-known/openid-configuration") => json!({
                "issuer": ISSUER,
                "authorization_endpoint": format!("{ISSUER}/auth"),
                "token_endpoint": format!("{ISSUER}/token"),
                "userinfo_endpoint": format!("{ISSUER}/userinfo"),
                "jwks_uri": format!("{ISSUER}/jwks"),
                "authorization_response_iss_parameter_supported": true,
            }),
            Some("/jwks") => {
                serde_json::to_value(JwkSet::new(vec![inner.key.public_jwk()]).expect("a set")).expect("JSON")
            }
            Some("/token") => inner.token(call)?,
            Some("/userinfo") if call.authorization == Some("Bearer at") => {
                let mut claims = json!({"sub": "neptun-abc123"});
                claims.as_object_mut().expect("an object").extend(inner.userinfo.clone());
                claims
            }
            _ => return Err(OutboundError("the server answered 404".to_owned())),
        };
        Ok(body.to_string().into_bytes())
    }
}
