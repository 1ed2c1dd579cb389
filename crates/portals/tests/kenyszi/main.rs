//! KENYSZI as a service that speaks SAML: what it asks, what it believes, what it tells the person.

mod answers;
mod keys;
mod logout;
mod provider;
mod replay;

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use model::limits::SESSION_IDLE;
use model::{Clock, Lang};
use portals::kenyszi::{Kenyszi, Registration};
use portals::{Demo, Surface, SurfaceKind};
use provider::{APP, NAME, Plan, Provider, SESSION};
use saml::metadata::{Loopback, MetadataReading, Trust};
use saml::{Binding, Comparison, NameIdFormat, Status, StatusCode as SamlCode, StatusReason, SubjectIdRequirement};
use tempfile::TempDir;
use testkit::{Browser, SeededRandom, VirtualClock};
use tower::ServiceExt;

const PORTAL: &str = "http://kenyszi.localhost:8080";
const WELCOME: &str = "Üdvözöljük, Kovács Anna!";
const FRONT: &str = "Napi jelentés a szociális ellátásról";
const IMPLAUSIBLE: &str = "Hibás választ kaptunk";
const STALE: &str = "Ez a belépés már nem érvényes";

/// A portal's file with keys in it, since they take a while to find.
static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    drop(open("http://kau.localhost", &Arc::new(VirtualClock::new()), folder.path(), 9));
    std::fs::read(folder.path().join("kenyszi.sqlite")).unwrap()
});

/// What a test changes in a response before it is signed.
type Says = fn(&mut saml::Response);

struct World {
    provider: Provider,
    clock: Arc<VirtualClock>,
    portal: Router,
    folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let clock = Arc::new(VirtualClock::new());
        let provider = Provider::start(Arc::clone(&clock)).await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("kenyszi.sqlite"), &*FILE).unwrap();
        let portal = open(&provider.origin, &clock, folder.path(), 1);
        provider.register(&portal.metadata().unwrap());
        Self { provider, clock, portal: portal.router(), folder }
    }

    /// Another process with the same file.
    fn node(&self, seed: u64) -> Router {
        open(&self.provider.origin, &self.clock, self.folder.path(), seed).router()
    }

    fn browser(&self, lang: Lang) -> Browser {
        Browser::new(self.portal.clone(), lang).reaching(&self.provider.origin, self.provider.router())
    }

    /// Somebody who has signed in.
    async fn signed_in(&self) -> Browser {
        let mut browser = self.browser(Lang::Hu);
        sign_in(&mut browser, "/belepes").await;
        assert_eq!(browser.page().h1(), WELCOME);
        browser
    }

    /// What a response that this plan makes leads to.
    async fn refused(&self, what: &str, plan: Plan) {
        let mut browser = self.browser(Lang::Hu);
        self.provider.plan(plan);
        sign_in(&mut browser, "/belepes").await;
        assert_eq!(browser.page().h1(), IMPLAUSIBLE, "{what}");
        assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), FRONT, "{what}");
    }
}

fn open(kau: &str, clock: &Arc<VirtualClock>, folder: &Path, seed: u64) -> Kenyszi {
    let demo = Demo {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        random: Arc::new(SeededRandom::new(seed)),
        help: None,
        phone: None,
    };
    let surface = |kind, host| Surface { kind, origin: format!("http://{host}.localhost:8080") };
    let neighbours = vec![surface(SurfaceKind::Magyarorszag, "magyarorszag"), surface(SurfaceKind::Kenyszi, "kenyszi")];
    let registration = Registration { kau: kau.to_owned(), origin: PORTAL.to_owned() };
    Kenyszi::open(&demo, registration, neighbours, &folder.join("kenyszi.sqlite")).unwrap()
}

/// To the identity provider and back.
async fn sign_in(browser: &mut Browser, path: &str) {
    browser.visit(&format!("{PORTAL}{path}")).await;
    browser.press("Tovább", &[]).await;
}

/// A request without a browser.
async fn send(portal: &Router, path: &str, media_type: &str, body: String) -> (StatusCode, Option<String>, String) {
    let request = Request::post(path)
        .header(header::HOST, "kenyszi.localhost:8080")
        .header(header::CONTENT_TYPE, media_type)
        .body(Body::from(body))
        .unwrap();
    let response = portal.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let location = headers.get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(response.into_body(), 256 * 1024).await.unwrap();
    (status, location, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_person_signs_in_sees_what_was_received_and_signs_out() {
    let world = World::new().await;
    let mut browser = world.browser(Lang::Hu);
    browser.visit(&format!("{PORTAL}/")).await;
    assert_eq!(browser.page().h1(), FRONT);
    assert!(browser.page().text().contains("A KENYSZI az igénybevevői nyilvántartás."));
    browser.follow("Bejelentkezés").await;
    let request = world.provider.requested();
    assert_eq!(request.issuer, format!("{PORTAL}/saml/metadata"));
    assert_eq!(request.destination, Some(format!("{}/saml/sso", world.provider.origin)));
    assert_eq!(request.name_id_policy.unwrap().format, NameIdFormat::Transient);
    assert!(!request.force_authn && !request.is_passive);
    let context = request.authn_context.unwrap();
    assert_eq!((context.comparison, context.references), (Comparison::Minimum, vec![APP.to_owned()]));

    browser.press("Tovább", &[]).await;
    assert_eq!(browser.page().url.as_str(), format!("{PORTAL}/"));
    assert_eq!(browser.page().h1(), WELCOME);
    let page = browser.page().text();
    for received in [
        "Szabó Anna",
        "Szeged",
        "1957. 04. 09.",
        "Tóth Mária",
        "anna@pelda.hu",
        "ANNA7@kau.localhost",
        "Ügyfélkapu+, jelszóval és hitelesítő alkalmazással",
        "2 (két lépés)",
        "alacsony",
        "AuthnContextClassRef",
        APP,
        "2026. 01. 01. 01:00",
        "01:15-kor kiléptetjük",
    ] {
        assert!(page.contains(received), "{received} in {page}");
    }
    assert!(browser.page().attribute("main a[href='http://magyarorszag.localhost:8080/']", "href").is_some());
    assert_eq!(browser.page().attribute("main a[href='http://kenyszi.localhost:8080/']", "href"), None);

    browser.press("Kilépés", &[]).await;
    assert_eq!(browser.page().h1(), "Innen már kilépett");
    browser.follow_refresh().await;
    assert_eq!(browser.page().url.as_str(), format!("{PORTAL}/kilepett"));
    assert_eq!(browser.page().h1(), "Kilépett");
    let asked = world.provider.logout_requested();
    assert_eq!((asked.name_id.value.as_str(), asked.session_indexes), (NAME, vec![SESSION.to_owned()]));
    assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), FRONT);
}

#[tokio::test]
async fn in_english_everything_is_english_and_a_plain_assertion_will_do() {
    let world = World::new().await;
    world.provider.plan(Plan { writes: |response, pen| pen.plain(response), ..Plan::default() });
    let mut browser = world.browser(Lang::En);
    browser.visit(&format!("{PORTAL}/")).await;
    browser.follow("English").await;
    assert_eq!(browser.page().h1(), "The daily report on social care");
    browser.follow("Sign in").await;
    assert!(browser.page().url.query().unwrap().ends_with("&lang=en"), "the language is handed on");
    browser.press("Tovább", &[]).await;
    assert_eq!(browser.page().h1(), "Welcome, Anna Kovács!");
    assert_eq!(browser.page().lang().as_deref(), Some("en"));
    assert!(browser.page().text().contains("9 April 1957"));
    browser.press("Sign out", &[]).await;
    browser.follow("Continue").await;
    assert_eq!(browser.page().h1(), "You are signed out");
}

#[tokio::test]
async fn a_logout_that_did_not_reach_everybody_is_told() {
    let world = World::new().await;
    for (lang, words, heading) in
        [(Lang::Hu, "Kilépés", "Innen kilépett"), (Lang::En, "Sign out", "You are signed out here")]
    {
        let partly = Status { reason: Some(StatusReason::PartialLogout), ..Status::SUCCESS };
        world.provider.plan(Plan {
            logout: partly,
            says: if lang == Lang::En { |response| response.assertion.as_mut().unwrap().id.push('2') } else { |_| {} },
            ..Plan::default()
        });
        let mut browser = world.browser(lang);
        browser.visit(&format!("{PORTAL}/?lang={}", lang.tag())).await;
        sign_in(&mut browser, "/belepes").await;
        browser.press(words, &[]).await;
        browser.follow_refresh().await;
        assert_eq!(browser.page().h1(), heading);
        assert_eq!(browser.page().lang().as_deref(), Some(lang.tag()));
    }
}

#[tokio::test]
async fn a_service_can_step_up() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let second: Says = |response| response.assertion.as_mut().unwrap().id.push('2');
    world.provider.plan(Plan { says: second, ..Plan::default() });
    browser.follow("Belépés újra, friss azonosítással").await;
    assert!(world.provider.requested().force_authn);
    browser.press("Tovább", &[]).await;
    assert_eq!(browser.page().h1(), WELCOME);

    // An older proof is no fresh one, and what was there before stays.
    let older: Says = |response| response.assertion.as_mut().unwrap().authn.authn_instant -= 31;
    world.provider.plan(Plan { says: older, ..Plan::default() });
    sign_in(&mut browser, "/friss-belepes").await;
    assert_eq!(browser.page().h1(), IMPLAUSIBLE);
    assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), WELCOME);

    let substantial: Says = |response| {
        let assertion = response.assertion.as_mut().unwrap();
        assertion.id.push('3');
        assertion.authn.context_class = Some("http://eidas.europa.eu/NotNotified/LoA/substantial".to_owned());
        assertion.attributes[8].values = vec!["http://eidas.europa.eu/NotNotified/LoA/substantial".to_owned()];
    };
    world.provider.plan(Plan { says: substantial, ..Plan::default() });
    sign_in(&mut browser, "/emelt-belepes").await;
    assert!(browser.page().text().contains("jelentős"), "{}", browser.page().text());
}

#[tokio::test]
async fn an_answer_that_says_no_is_told_in_words() {
    let world = World::new().await;
    #[rustfmt::skip]
    let table: [(Says, &str); 5] = [
        (|response| no(response, SamlCode::Responder, Some(StatusReason::AuthnFailed)),    "Megszakította a belépést"),
        (|response| no(response, SamlCode::Responder, Some(StatusReason::NoAuthnContext)), "Ehhez megbízhatóbb belépés kell"),
        (|response| no(response, SamlCode::Responder, Some(StatusReason::NoPassive)),      "Még be kell lépnie"),
        (|response| no(response, SamlCode::Responder, None),                               "A belépés most nem működik"),
        (|response| no(response, SamlCode::Requester, None),                               "A KAÜ elutasította a kérésünket"),
    ];
    for (says, heading) in table {
        world.provider.plan(Plan { says, writes: |response, pen| pen.plain(response), ..Plan::default() });
        let mut browser = world.browser(Lang::Hu);
        sign_in(&mut browser, "/belepes").await;
        assert_eq!(browser.page().h1(), heading);
    }
}

fn no(response: &mut saml::Response, code: SamlCode, reason: Option<StatusReason>) {
    response.status = Status { code, reason, message: None };
    response.assertion = None;
}

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_by_the_clock() {
    let world = World::new().await;
    let mut browser = world.signed_in().await.reaching(PORTAL, world.node(2));
    let began = world.clock.now();
    // The identity provider says how long: four hours.
    let end = Duration::from_hours(4);
    while world.clock.now().since(began) + SESSION_IDLE < end {
        world.clock.pass(SESSION_IDLE);
        assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), WELCOME);
    }
    world.clock.set(began + end);
    assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), FRONT);
}

#[tokio::test]
async fn the_portal_describes_itself() {
    let world = World::new().await;
    let mut browser = world.browser(Lang::Hu);
    let page = browser.visit(&format!("{PORTAL}/saml/metadata")).await;
    assert_eq!(page.header("content-type"), Some("application/samlmetadata+xml"));
    let keys = world.provider.service_keys();
    let reading = MetadataReading { loopback: Loopback::Allowed, trust: Trust::SignedBy(&keys), now: 0 };
    let entity = reading.read(page.html().as_bytes()).unwrap().entities.remove(0);
    assert_eq!(SubjectIdRequirement::of(&entity), Some(SubjectIdRequirement::PairwiseId));
    assert_eq!(entity.entity_id, format!("{PORTAL}/saml/metadata"));
    let sp = entity.sp.unwrap();
    assert!(sp.authn_requests_signed && sp.want_assertions_signed && sp.role.encryption().is_some());
    assert_eq!(sp.assertion_consumers[0].location, format!("{PORTAL}/saml/acs"));
    for (binding, path) in
        [(Binding::Redirect, "/saml/slo"), (Binding::Post, "/saml/slo"), (Binding::Soap, "/saml/slo/soap")]
    {
        assert_eq!(sp.role.single_logout(binding).unwrap().location, format!("{PORTAL}{path}"));
    }
    let asked = &sp.attribute_consumers[0].requested;
    assert!(
        asked.iter().any(|asked| asked.attribute.name == format!("{}/attributes/MothersName", world.provider.origin))
    );
}

#[tokio::test]
async fn a_developer_sees_what_was_asked_and_answered_until_the_session_ends() {
    let world = World::new().await;
    let mut other = world.signed_in().await;
    world.provider.plan(Plan { says: |response| response.assertion.as_mut().unwrap().id.push('2'), ..Plan::default() });
    let mut browser = world.signed_in().await;
    let request = world.provider.requested().id;
    browser.follow("A SAML-kérés és a válasz, szóról szóra").await;
    let page = browser.page();
    assert_eq!(page.h1(), "Ami a bejelentkezéskor elhangzott");
    for said in ["<samlp:AuthnRequest", &format!("ID=\"{request}\""), "EncryptedAssertion", "Szabó Anna", APP] {
        assert!(page.text().contains(said), "{said} in {}", page.text());
    }
    assert!(page.text().contains("_assertion2"), "one's own and nobody else's");
    let page = other.visit(&format!("{PORTAL}/uzenetek")).await;
    assert!(page.text().contains("_assertion") && !page.text().contains("_assertion2"));

    browser.press("Kilépés", &[]).await;
    assert_eq!(browser.visit(&format!("{PORTAL}/uzenetek")).await.h1(), FRONT, "it went with the session");
}
