//! What the journeys begin with: people, browsers at a certain page, a portal, forms sent at once.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use broker::{LetterContent, Notice, TotpKey};
use model::{Lang, Timestamp};
use serde_json::json;
use testkit::{Browser, CUTOVER, Installation, KAU, Page, Settings, TICKED, UGYFELKAPU};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

/// A person's user name.
pub(crate) const ANNA: &str = "kovacs.anna";
/// Another one's, of the same length.
pub(crate) const BELA: &str = "szabo.bela1";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "zold-kapu-hazfal-42";
/// Nobody's.
pub(crate) const WRONG: &str = "piros-kapu-hazfal-43";
/// A portal, outside.
pub(crate) const PORTAL: &str = "https://portal.pelda.hu";
/// One time step of the codes.
pub(crate) const STEP: Duration = Duration::from_secs(30);

/// The labels of the fields that nearly every journey fills.
pub(crate) const NAME_FIELD: &str = "Felhasználónév";
pub(crate) const PASSWORD_FIELD: &str = "Jelszó";
pub(crate) const CODE_FIELD: &str = "Hatjegyű kód";
pub(crate) const APP_CODE_FIELD: &str = "Hatjegyű kód az alkalmazásból";
pub(crate) const DELETION_FIELD: &str = "Törlőkód";
pub(crate) const SAVED_FIELD: &str = "A törlőkód mentéséről gondoskodtam";

/// An hour before the cut-over.
pub(crate) fn before_the_cut_over() -> Settings {
    Settings { now: Timestamp::from_micros(CUTOVER.micros() - 3_600_000_000), ..Settings::default() }
}

/// An installation with Anna, who has a password and nothing else.
pub(crate) async fn with_anna(settings: Settings) -> Installation {
    let gate = Installation::with(settings).await;
    gate.add_person(ANNA, PASSWORD).await;
    gate
}

/// An installation with Anna and her authenticator.
pub(crate) async fn with_enrolled_anna() -> (Installation, TotpKey) {
    let gate = with_anna(Settings::default()).await;
    let (key, _) = gate.enrol(ANNA).await;
    (gate, key)
}

/// Types name and password on the account's own pages.
pub(crate) async fn sign_in<'b>(browser: &'b mut Browser, name: &str, password: &str) -> &'b Page {
    browser.visit(UGYFELKAPU).await;
    browser.press("Bejelentkezés", &[(NAME_FIELD, name), (PASSWORD_FIELD, password)]).await
}

/// Types the code that the app shows.
pub(crate) async fn type_code<'b>(browser: &'b mut Browser, code: &str) -> &'b Page {
    browser.press("Bejelentkezés", &[(CODE_FIELD, code)]).await
}

/// A browser in a full session. Half a minute passes, so that the code is a fresh one.
pub(crate) async fn signed_in(gate: &Installation, name: &str, key: &TotpKey) -> Browser {
    let mut browser = gate.browser(Lang::Hu);
    sign_in_fully(gate, &mut browser, name, key).await;
    browser
}

/// Signs in with both factors. Half a minute passes, so that the code is a fresh one.
pub(crate) async fn sign_in_fully(gate: &Installation, browser: &mut Browser, name: &str, key: &TotpKey) {
    gate.clock.pass(STEP);
    sign_in(browser, name, PASSWORD).await;
    let page = type_code(browser, &gate.code(key)).await;
    assert_eq!(page.url.path(), "/fiok");
}

/// A browser in an enrolment session, at its first page.
pub(crate) async fn enrolling(gate: &Installation, name: &str) -> Browser {
    let mut browser = gate.browser(Lang::Hu);
    let page = sign_in(&mut browser, name, PASSWORD).await;
    assert_eq!(page.url.path(), "/igenyles");
    browser
}

/// Goes on from an enrolment's first page to the one with the QR code, and reads the key there.
pub(crate) async fn to_the_key(gate: &Installation, browser: &mut Browser) -> TotpKey {
    browser.press("Ügyfélkapu+ igénylése", &[]).await;
    past_the_app(gate, browser).await
}

/// Goes on from the choice of an app.
pub(crate) async fn past_the_app(gate: &Installation, browser: &mut Browser) -> TotpKey {
    browser.press("Megvan az alkalmazás, tovább", &[]).await;
    if browser.page().url.path() == "/igenyles/kapcsolat" {
        browser.press("Kód küldése", &[]).await;
        let code = gate.mailed_code().await;
        browser.press("Tovább", &[("Az e-mailben kapott kód", &code)]).await;
    }
    assert_eq!(browser.page().url.path(), "/igenyles/osszekapcsolas");
    shown_key(browser.page())
}

/// The key as the page shows it.
pub(crate) fn shown_key(page: &Page) -> TotpKey {
    let shown: String = page.texts(".key").concat().split_whitespace().collect();
    let bytes = data_encoding::BASE32_NOPAD.decode(shown.as_bytes()).expect("base32 without padding");
    TotpKey::from_bytes(&bytes).expect("160 bits")
}

/// Goes on from the QR code to the deletion code, and reads it.
pub(crate) async fn to_the_deletion_code(gate: &Installation, browser: &mut Browser, key: &TotpKey) -> String {
    let code = gate.code(key);
    browser.press("Tovább", &[(PASSWORD_FIELD, PASSWORD), (APP_CODE_FIELD, &code)]).await;
    assert_eq!(browser.page().url.path(), "/igenyles/torlokod");
    browser.page().texts(".deletion").concat()
}

/// The whole enrolment from its first page: the key and the deletion code.
pub(crate) async fn enrol_through(gate: &Installation, browser: &mut Browser) -> (TotpKey, String) {
    let key = to_the_key(gate, browser).await;
    let code = to_the_deletion_code(gate, browser, &key).await;
    let page = browser.press("Befejezés", &[(SAVED_FIELD, TICKED)]).await;
    assert_eq!(page.url.path(), "/aktivalas");
    (key, code)
}

/// The state that "Aktiválás és inaktiválás" and the account's first page show.
pub(crate) fn state(page: &Page) -> String {
    page.texts(".state .is").concat()
}

/// The notices that are due, oldest first.
pub(crate) async fn notices(gate: &Installation) -> Vec<Notice> {
    let letters = gate.deliver().await.letters;
    let notice = |content: &LetterContent| match content {
        LetterContent::Notice { notice, .. } => Some(*notice),
        LetterContent::ContactCode { .. }
        | LetterContent::ActivationCode { .. }
        | LetterContent::NewPasswordCode { .. }
        | LetterContent::WalletCode { .. } => None,
    };
    letters.iter().filter_map(|(letter, _)| notice(&letter.content)).collect()
}

/// The "not me" address in the last letter that is due.
pub(crate) async fn not_me_link(gate: &Installation) -> String {
    let letters = gate.deliver().await.letters;
    let (_, mail) = letters.last().expect("a letter");
    let address = mail.body.split_whitespace().find(|word| word.contains("/nem-en-voltam/"));
    address.expect("a letter with the link").to_owned()
}

/// How often the audit tells an event.
pub(crate) async fn audited(gate: &Installation, event: &str) -> usize {
    let told = gate.store.audit_tail(10_000).await.expect("the store answers");
    told.iter().filter(|entry| entry.event == event).count()
}

/// Registers the portal.
pub(crate) async fn add_portal(gate: &Installation) {
    gate.client(&json!({
        "client_id": "portal",
        "client_name": "Portál",
        "redirect_uris": [format!("{PORTAL}/vissza")],
        "backchannel_logout_uri": format!("{PORTAL}/kilepve"),
    }))
    .await;
}

/// A browser that can also reach the portal, which shows an empty page at every address.
pub(crate) fn browser_with_portal(gate: &Installation) -> Browser {
    gate.browser(Lang::Hu).reaching(PORTAL, Router::new().fallback(|| async { "A portál" }))
}

/// The portal's authentication request. The challenge is RFC 7636 appendix B's.
pub(crate) fn request_of_portal(state: &str) -> String {
    let back = "https%3A%2F%2Fportal.pelda.hu%2Fvissza";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    format!(
        "{KAU}/oidc/authorize?client_id=portal&response_type=code&scope=openid&redirect_uri={back}&state={state}\
         &nonce=n-{state}&code_challenge={challenge}&code_challenge_method=S256"
    )
}

/// The parameters with which the portal was called back.
pub(crate) fn called_back(page: &Page) -> BTreeMap<String, String> {
    assert!(page.url.as_str().starts_with(&format!("{PORTAL}/vissza?")), "{}", page.url);
    page.url.query_pairs().into_owned().collect()
}

/// The cookies that a browser would send to an origin.
pub(crate) fn cookies(browser: &Browser, origin: &str) -> String {
    let names = ["visitor", "account", "enrol", "sso", "device", "method", "lang"].map(|name| format!("__Host-{name}"));
    let found = names.iter().filter_map(|name| Some(format!("{name}={}", browser.cookie(origin, name)?)));
    found.collect::<Vec<_>>().join("; ")
}

/// The form that a browser shows, to be sent as often as one likes.
pub(crate) struct Form {
    host: String,
    action: String,
    cookies: String,
    csrf: String,
}

impl Form {
    /// The form in the middle of the page.
    pub(crate) fn of(browser: &Browser) -> Self {
        let page = browser.page();
        let origin = page.url.origin().ascii_serialization();
        Self {
            host: origin.trim_start_matches("http://").to_owned(),
            action: page.attribute("main form", "action").expect("a form"),
            cookies: cookies(browser, &origin),
            csrf: page.attribute("main form input[name=csrf]", "value").expect("a token"),
        }
    }

    /// The form with these fields, as a browser sends it.
    pub(crate) fn filled(&self, fields: &[(&str, &str)]) -> Request<Body> {
        let token = ("csrf", self.csrf.as_str());
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs([token]).extend_pairs(fields).finish();
        self.sent(body)
    }

    /// The form with another body.
    pub(crate) fn sent(&self, body: impl Into<Body>) -> Request<Body> {
        Request::post(&self.action)
            .header(header::HOST, &self.host)
            .header(header::COOKIE, &self.cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .extension(ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 49_152))))
            .body(body.into())
            .expect("a request")
    }

    /// The hidden token of the form.
    pub(crate) fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// An answer to a request that no browser made.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// Sends one request.
pub(crate) async fn send(app: Router, request: Request<Body>) -> Answer {
    let response = app.oneshot(request).await.unwrap_or_else(|never| match never {});
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    Answer { status: head.status, headers: head.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

/// Sends many requests at once, each to one of the nodes in turn.
pub(crate) async fn at_once(nodes: &[&Installation], requests: Vec<Request<Body>>) -> Vec<Answer> {
    let apps: Vec<Router> = nodes.iter().map(|node| node.app()).collect();
    let mut sent = JoinSet::new();
    for (request, app) in requests.into_iter().zip(apps.iter().cycle()) {
        sent.spawn(send(app.clone(), request));
    }
    sent.join_all().await
}

/// How many answers had which status.
pub(crate) fn statuses(answers: &[Answer]) -> BTreeMap<u16, usize> {
    let mut counted = BTreeMap::new();
    for answer in answers {
        *counted.entry(answer.status.as_u16()).or_default() += 1;
    }
    counted
}

/// A page without what is different on every page: the tokens of its forms.
pub(crate) fn without_tokens(page: &Page) -> String {
    mask_tokens(&page.html())
}

/// The same of a body.
pub(crate) fn mask_tokens(html: &str) -> String {
    let mut parts = html.split("name=\"csrf\" value=\"");
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        masked.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    masked
}
