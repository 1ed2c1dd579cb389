//! A person with a browser, and a phone with a wallet.

use std::time::Duration;

use axum::body::{Body, Bytes};
use broker::{TotpKey, TrustedWallet};
use http::{HeaderMap, Method, StatusCode, header};
use jose::{Algorithm, SigningKey};
use model::Lang;
use serde_json::Value;
use testkit::{Browser, DAP, Installation, Settings, UGYFELKAPU};
use tower::ServiceExt as _;
use wallet::openid4vci::{
    CredentialOffer, CredentialRequest, CredentialResponse, Named, NonceResponse, OfferLink, Proofs, SecretText,
    TokenGrant, TokenRequest, TokenResponse, sign_proof,
};
use wallet::trust::{Purpose, TrustList};

pub(crate) const ANNA: &str = "kovacs.anna";
pub(crate) const PASSWORD: &str = "zold-kapu-hazfal-42";
/// One time step of the codes.
pub(crate) const STEP: Duration = Duration::from_secs(30);
pub(crate) const SD_JWT: &str = "pid-sd-jwt";
pub(crate) const MDOC: &str = "pid-mdoc";

/// An answer of the issuer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Status and error.
    #[track_caller]
    pub(crate) fn refusal(&self) -> (u16, String) {
        assert_eq!(self.header("cache-control"), Some("no-store"));
        (self.status.as_u16(), self.json()["error"].as_str().unwrap_or_default().to_owned())
    }
}

/// Asks the issuer.
pub(crate) async fn call(
    gate: &Installation,
    (method, path): (Method, &str),
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut request = http::Request::builder().method(method).uri(path).header(header::HOST, "dap.localhost:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let (head, body) = gate.app().oneshot(request).await.unwrap().into_parts();
    let body = axum::body::to_bytes(body, 1024 * 1024).await.unwrap();
    Answer { status: head.status, headers: head.headers, body }
}

pub(crate) async fn get(gate: &Installation, path: &str) -> Answer {
    call(gate, (Method::GET, path), &[], "").await
}

pub(crate) async fn post_form(gate: &Installation, path: &str, body: &str) -> Answer {
    call(gate, (Method::POST, path), &[("content-type", "application/x-www-form-urlencoded")], body).await
}

pub(crate) async fn post_json(gate: &Installation, path: &str, token: &str, body: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    let headers = [("content-type", "application/json"), ("authorization", authorization.as_str())];
    call(gate, (Method::POST, path), &headers, body).await
}

/// Anna, whose authenticator a clerk has seen, in a full session.
pub(crate) async fn anna() -> (Installation, TotpKey, Browser) {
    anna_at(Settings::default()).await
}

/// The same where these wallets may ask by themselves.
pub(crate) async fn anna_with(credential_wallets: Vec<TrustedWallet>) -> (Installation, TotpKey, Browser) {
    anna_at(Settings { credential_wallets, ..Settings::default() }).await
}

/// The same where something is set otherwise.
pub(crate) async fn anna_at(settings: Settings) -> (Installation, TotpKey, Browser) {
    let gate = Installation::with(settings).await;
    gate.add_person(ANNA, PASSWORD).await;
    let (key, _) = gate.enrol(ANNA).await;
    gate.identify(ANNA, &key).await;
    gate.deliver().await;
    let browser = signed_in(&gate, ANNA, &key).await;
    (gate, key, browser)
}

/// A browser in a full session. Half a minute passes, so that the code is a fresh one.
pub(crate) async fn signed_in(gate: &Installation, name: &str, key: &TotpKey) -> Browser {
    let mut browser = gate.browser(Lang::Hu);
    gate.clock.pass(STEP);
    browser.visit(UGYFELKAPU).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", name), ("Jelszó", PASSWORD)]).await;
    let page = browser.press("Bejelentkezés", &[("Hatjegyű kód", &gate.code(key))]).await;
    assert_eq!(page.url.path(), "/fiok");
    browser
}

/// Asks for an offer on the page, and gives the link that it shows.
pub(crate) async fn ask(gate: &Installation, key: &TotpKey, browser: &mut Browser) -> String {
    gate.clock.pass(STEP);
    browser.visit(&format!("{UGYFELKAPU}/tarca")).await;
    let code = gate.code(key);
    let page =
        browser.press("Igazolás kérése", &[("Jelszó", PASSWORD), ("Hatjegyű kód az alkalmazásból", &code)]).await;
    assert_eq!(page.h1(), "Az igazolás átvétele", "{}", page.text());
    page.texts("#ajanlat").concat().trim().to_owned()
}

/// What the wallet reads under a link.
pub(crate) async fn fetch_offer(gate: &Installation, link: &str) -> CredentialOffer {
    let Ok(OfferLink::Reference(reference)) = OfferLink::parse(link) else { panic!("{link}") };
    let answer = get(gate, reference.strip_prefix(DAP).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
    CredentialOffer::parse(&answer.body).unwrap()
}

/// An offer that was fetched, and the code that was mailed.
pub(crate) async fn offered(gate: &Installation, key: &TotpKey, browser: &mut Browser) -> (CredentialOffer, String) {
    let link = ask(gate, key, browser).await;
    let mailed = gate.mailed_code().await;
    (fetch_offer(gate, &link).await, mailed)
}

pub(crate) fn token_request(offer: &CredentialOffer, typed: Option<&str>) -> String {
    let code = offer.pre_authorized.as_ref().unwrap().code.clone();
    let transaction_code = typed.map(|typed| SecretText::new(typed.to_owned()));
    TokenRequest { grant: TokenGrant::PreAuthorized { code, transaction_code }, client_id: None }.write()
}

/// The token that an offer becomes.
pub(crate) async fn redeem(gate: &Installation, offer: &CredentialOffer, typed: &str) -> String {
    let answer = post_form(gate, "/token", &token_request(offer, Some(typed))).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    let response = TokenResponse::parse(&answer.body).unwrap();
    assert_eq!((response.token_type.as_str(), response.expires_in), ("Bearer", 300));
    response.access_token.expose().to_owned()
}

/// Anna with a token, right after its issue.
pub(crate) async fn with_token() -> (Installation, TotpKey, Browser, String) {
    with_token_at(Settings::default()).await
}

/// The same where something is set otherwise.
pub(crate) async fn with_token_at(settings: Settings) -> (Installation, TotpKey, Browser, String) {
    let (gate, key, mut browser) = anna_at(settings).await;
    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    let token = redeem(&gate, &offer, &mailed).await;
    (gate, key, browser, token)
}

pub(crate) async fn nonce(gate: &Installation) -> String {
    let answer = call(gate, (Method::POST, "/nonce"), &[], "").await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, Some("no-store")));
    NonceResponse::parse(&answer.body).unwrap().c_nonce
}

pub(crate) fn holder() -> SigningKey {
    SigningKey::generate(Algorithm::Es256).unwrap()
}

pub(crate) fn now(gate: &Installation) -> i64 {
    gate.broker.now().seconds()
}

/// A good proof of a key.
pub(crate) fn proof(gate: &Installation, holder: &SigningKey, nonce: &str) -> String {
    sign_proof(holder, DAP, nonce, now(gate)).unwrap()
}

pub(crate) fn request(configuration: &str, proofs: Vec<String>) -> String {
    asked_by(configuration, Proofs::Jwt(proofs)).to_json()
}

pub(crate) fn asked_by(configuration: &str, proofs: Proofs) -> CredentialRequest {
    CredentialRequest { credential: Named::Configuration(configuration.to_owned()), proofs, response: None }
}

/// Asks for one credential of a configuration, bound to `holder`.
pub(crate) async fn issue(
    gate: &Installation,
    token: &str,
    configuration: &str,
    holder: &SigningKey,
) -> CredentialResponse {
    let proof = proof(gate, holder, &nonce(gate).await);
    let answer = post_json(gate, "/credential", token, &request(configuration, vec![proof])).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    CredentialResponse::parse(&answer.body).unwrap()
}

/// Whoever trusts the issuer's anchor, as it is read from PEM.
pub(crate) fn trusted(gate: &Installation) -> TrustList {
    let pem = gate.broker.credential_issuer_anchor_pem().unwrap();
    let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = data_encoding::BASE64.decode(text.as_bytes()).unwrap();
    assert_eq!(der, gate.broker.credential_issuer_anchor().unwrap());
    TrustList::new(&[der], []).unwrap()
}

pub(crate) fn judge(
    gate: &Installation,
) -> impl Fn(&[Vec<u8>]) -> Result<wallet::trust::Signer, wallet::trust::ChainFault> {
    let (trusted, now) = (trusted(gate), now(gate));
    move |chain| trusted.check(chain, Purpose::Credentials, now)
}
