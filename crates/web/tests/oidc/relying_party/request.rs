//! An authentication request, to be sent as it is or bent.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use testkit::KAU;

use super::Call;

/// The parameters in order, and what belongs to them.
#[derive(Clone)]
pub(crate) struct Request {
    parameters: Vec<(String, String)>,
    verifier: Option<String>,
}

/// A text that no other call gives.
pub(super) fn unique(kind: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{kind}-{:040}", NEXT.fetch_add(1, Ordering::SeqCst))
}

impl Request {
    pub(super) fn new(client_id: &str, redirect_uri: &str) -> Self {
        let verifier = unique("verifier");
        let challenge = BASE64URL_NOPAD.encode(digest(&SHA256, verifier.as_bytes()).as_ref());
        let parameters = [
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", redirect_uri),
            ("scope", "openid"),
            ("state", &unique("state")),
            ("nonce", &unique("nonce")),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { parameters, verifier: Some(verifier) }
    }

    /// With one parameter set, in its place or at the end.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        match self.parameters.iter_mut().find(|(known, _)| known == name) {
            Some((_, former)) => value.clone_into(former),
            None => self.parameters.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Without one parameter.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self
    }

    /// With one parameter once more.
    pub(crate) fn twice(mut self, name: &str) -> Self {
        let value = self.get(name).expect("it is there once").to_owned();
        self.parameters.push((name.to_owned(), value));
        self
    }

    /// As a client that knows no PKCE.
    pub(crate) fn without_pkce(self) -> Self {
        let bare = self.without("code_challenge").without("code_challenge_method");
        Self { verifier: None, ..bare }
    }

    /// In the other order.
    pub(crate) fn reversed(mut self) -> Self {
        self.parameters.reverse();
        self
    }

    /// With another verifier at the token endpoint than the challenge is of.
    pub(crate) fn verified_by(self, verifier: Option<&str>) -> Self {
        Self { verifier: verifier.map(str::to_owned), ..self }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn verifier(&self) -> Option<&str> {
        self.verifier.as_deref()
    }

    /// The fields of a form that says the same.
    pub(crate) fn fields(&self) -> Vec<(&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// The address that the client sends the browser to.
    pub(crate) fn url(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish();
        format!("{KAU}/oidc/authorize?{query}")
    }
}

/// The token request for a code, without the client's proof.
pub(crate) fn exchange(code: &str, request: &Request) -> Call {
    let call = Call::post("/oidc/token")
        .field("grant_type", "authorization_code")
        .field("code", code)
        .field("redirect_uri", request.get("redirect_uri").expect("a redirect URI"));
    match request.verifier() {
        Some(verifier) => call.field("code_verifier", verifier),
        None => call,
    }
}
