//! The portal as a relying party: what it asks, what it believes, what it tells the person.

mod answers;
mod issuer;
mod logout;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use issuer::{Issuer, Plan, SECRET};
use model::limits::{SESSION_IDLE, SESSION_TOTAL};
use model::{Clock, Lang, Secret};
use portals::magyarorszag::{self, CLIENT_ID, Registration};
use portals::{Demo, Surface, SurfaceKind};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Browser, SeededRandom, VirtualClock};
use tower::ServiceExt;

const PORTAL: &str = "http://magyarorszag.localhost:8080";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a test changes in the header and the claims of a token.
type Change = fn(&mut Value, &mut Value);

struct World {
    issuer: Issuer,
    clock: Arc<VirtualClock>,
    portal: Router,
    folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let clock = Arc::new(VirtualClock::new());
        let issuer = Issuer::start(Arc::clone(&clock)).await;
        let folder = tempfile::tempdir().unwrap();
        let portal = portal(&issuer.origin, &clock, folder.path(), 1);
        Self { issuer, clock, portal, folder }
    }

    fn browser(&self, lang: Lang) -> Browser {
        Browser::new(self.portal.clone(), lang).reaching(&self.issuer.origin, self.issuer.router())
    }

    /// Somebody who has signed in.
    async fn signed_in(&self) -> Browser {
        let mut browser = self.browser(Lang::Hu);
        browser.visit(&format!("{PORTAL}/belepes")).await;
        assert_eq!(browser.page().h1(), "Üdvözöljük, Kovács Anna!");
        browser
    }

    async fn send_logout_token(&self, body: String) -> (StatusCode, String) {
        let request = Request::post("/backchannel-logout")
            .header(header::HOST, "magyarorszag.localhost:8080")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let response = self.portal.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 4096).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    fn logout_token(&self, change: fn(&mut Value, &mut Value)) -> (Value, Value) {
        let now = self.clock.now().seconds();
        let mut header = json!({"alg": "ES256", "typ": "logout+jwt", "kid": "key-0"});
        let mut claims = json!({
            "iss": self.issuer.origin, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "one",
            "sid": "session-1", "events": {EVENT: {}},
        });
        change(&mut header, &mut claims);
        (header, claims)
    }
}

fn demo(clock: &Arc<VirtualClock>, seed: u64) -> Demo {
    Demo {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        random: Arc::new(SeededRandom::new(seed)),
        help: None,
        phone: None,
    }
}

fn portal(issuer: &str, clock: &Arc<VirtualClock>, folder: &Path, seed: u64) -> Router {
    let registration =
        Registration { issuer: issuer.into(), origin: PORTAL.into(), secret: Secret::new(SECRET.into()) };
    let neighbours = vec![Surface { kind: SurfaceKind::Ugyfelkapu, origin: "http://ugyfelkapu.localhost:8080".into() }];
    magyarorszag::router(&demo(clock, seed), registration, neighbours, &folder.join("magyarorszag.sqlite")).unwrap()
}

fn set(value: &mut Value, name: &str, new: Value) {
    value.as_object_mut().unwrap().insert(name.to_owned(), new);
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name);
}

#[tokio::test]
async fn a_person_signs_in_sees_what_was_received_and_signs_out() {
    let world = World::new().await;
    let mut browser = world.browser(Lang::Hu);
    browser.visit(&format!("{PORTAL}/")).await;
    assert_eq!(browser.page().lang().as_deref(), Some("hu"));
    browser.follow("Bejelentkezés").await;
    assert_eq!(browser.page().url.as_str(), format!("{PORTAL}/"));
    assert_eq!(browser.page().h1(), "Üdvözöljük, Kovács Anna!");
    assert_eq!(world.issuer.requested("scope").as_deref(), Some("openid profile person email"));
    assert_eq!(world.issuer.requested("ui_locales").as_deref(), Some("hu"));
    let page = browser.page().text();
    for received in [
        "Szabó Anna",
        "Szeged, HU",
        "1957. 04. 09.",
        "Tóth Mária",
        "magyar",
        "anna@pelda.hu",
        "pairwise-anna",
        "Ügyfélkapu+, jelszóval és hitelesítő alkalmazással",
        "2 (két lépés)",
        "alacsony",
        "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp",
        "pwd otp mfa",
        "2026. 01. 01. 01:00",
        "01:15-kor kiléptetjük",
    ] {
        assert!(page.contains(received), "{received} in {page}");
    }
    browser.press("Kilépés", &[]).await;
    assert_eq!(browser.page().h1(), "Innen már kilépett");
    browser.follow_refresh().await;
    assert_eq!(browser.page().url.as_str(), format!("{PORTAL}/kilepett"));
    assert_eq!(browser.page().h1(), "Kilépett");
    let hint = world.issuer.sign_out_requested("id_token_hint").unwrap();
    assert_eq!(hint.split('.').count(), 3);
    assert_eq!(world.issuer.sign_out_requested("client_id").as_deref(), Some(CLIENT_ID));
    browser.visit(&format!("{PORTAL}/")).await;
    assert_eq!(browser.page().h1(), "Ügyeit itt intézheti");
}

#[tokio::test]
async fn in_english_everything_is_english_and_kapu_is_asked_for_english() {
    let world = World::new().await;
    let mut browser = world.browser(Lang::En);
    browser.visit(&format!("{PORTAL}/")).await;
    browser.follow("English").await;
    assert_eq!(browser.page().h1(), "Manage your affairs here");
    browser.follow("Sign in").await;
    assert_eq!(browser.page().h1(), "Welcome, Anna Kovács!");
    assert_eq!(browser.page().lang().as_deref(), Some("en"));
    assert_eq!(world.issuer.requested("ui_locales").as_deref(), Some("en"));
    assert!(browser.page().text().contains("9 April 1957"));
    browser.press("Sign out", &[]).await;
    browser.follow("Continue").await;
    assert_eq!(browser.page().h1(), "You are signed out");
}

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_by_the_clock() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let restarted = portal(&world.issuer.origin, &world.clock, world.folder.path(), 2);
    browser = browser.reaching(PORTAL, restarted);
    let began = world.clock.now();
    while world.clock.now().since(began) + SESSION_IDLE < SESSION_TOTAL {
        world.clock.pass(SESSION_IDLE);
        browser.visit(&format!("{PORTAL}/")).await;
        assert_eq!(browser.page().h1(), "Üdvözöljük, Kovács Anna!", "{:?}", world.clock.now().since(began));
    }
    world.clock.set(began + SESSION_TOTAL + Duration::from_micros(1));
    browser.visit(&format!("{PORTAL}/")).await;
    assert_eq!(browser.page().h1(), "Ügyeit itt intézheti");

    let mut browser = world.signed_in().await;
    world.clock.pass(SESSION_IDLE + Duration::from_micros(1));
    browser.visit(&format!("{PORTAL}/")).await;
    assert_eq!(browser.page().h1(), "Ügyeit itt intézheti");
}

#[tokio::test]
async fn a_service_can_demand_a_fresh_sign_in() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    assert_eq!(world.issuer.requested("prompt"), None);
    browser.follow("Belépés újra, friss azonosítással").await;
    assert_eq!(browser.page().h1(), "Üdvözöljük, Kovács Anna!");
    assert_eq!(world.issuer.requested("prompt").as_deref(), Some("login"));
    assert_eq!(world.issuer.requested("max_age").as_deref(), Some("0"));

    let older: fn(&mut Value, &mut Value) = |_, claims| {
        let now = claims["iat"].as_i64().unwrap();
        set(claims, "auth_time", json!(now - 11));
    };
    for id_token in [older, |_, claims| remove(claims, "auth_time")] {
        world.issuer.plan(Plan { id_token, ..Plan::default() });
        browser.visit(&format!("{PORTAL}/friss-belepes")).await;
        assert_eq!(browser.page().h1(), "Hibás választ kaptunk");
        // What was there before stays.
        assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), "Üdvözöljük, Kovács Anna!");
    }
}

#[tokio::test]
async fn a_service_can_demand_a_higher_sign_in() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let substantial = "http://eidas.europa.eu/NotNotified/LoA/substantial";
    browser.follow("Emelt szintű belépés").await;
    assert_eq!(browser.page().h1(), "Hibás választ kaptunk", "an acr that is less than was asked for");
    let claims: Value = serde_json::from_str(&world.issuer.requested("claims").unwrap()).unwrap();
    assert_eq!(claims["id_token"]["acr"]["essential"], json!(true));
    assert_eq!(claims["id_token"]["acr"]["values"][0], json!(substantial));

    world.issuer.plan(Plan {
        id_token: |_, claims| {
            set(claims, "acr", json!("http://eidas.europa.eu/NotNotified/LoA/substantial"));
            set(claims, "loa", json!("http://eidas.europa.eu/NotNotified/LoA/substantial"));
        },
        ..Plan::default()
    });
    browser.visit(&format!("{PORTAL}/emelt-belepes")).await;
    let page = browser.page().text();
    assert!(page.contains("jelentős") && page.contains("hitelesítő alkalmazással"), "{page}");
}

#[tokio::test]
async fn a_service_can_ask_for_what_only_a_wallet_knows() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    assert!(!browser.page().text().contains("Elmúlt 18 éves"), "nobody asked for it");
    world.issuer.plan(Plan { user_info: |claims| set(claims, "age_over_18", json!(true)), ..Plan::default() });
    let page = browser.follow("Életkor igazolása").await.text();
    assert!(page.contains("Elmúlt 18 éves igen"), "{page}");
    let claims: Value = serde_json::from_str(&world.issuer.requested("claims").unwrap()).unwrap();
    assert_eq!(claims, json!({"userinfo": {"age_over_18": null}}));
    assert_eq!(world.issuer.requested("prompt").as_deref(), Some("consent"));
}

#[tokio::test]
async fn w01_w04_a_sign_in_changes_the_cookie_and_forms_carry_its_token() {
    let world = World::new().await;
    let planted = "0".repeat(64);
    let mut browser = world.browser(Lang::Hu);
    browser.plant_cookie(PORTAL, &format!("__Host-visitor={planted}; Path=/; Secure; HttpOnly; SameSite=Lax"));
    browser.visit(&format!("{PORTAL}/belepes")).await;
    assert_eq!(browser.page().h1(), "Üdvözöljük, Kovács Anna!");
    let cookie = browser.cookie(PORTAL, "__Host-visitor").unwrap();
    assert_ne!(cookie, planted);
    let line = browser.page().header("set-cookie");
    assert_eq!(line, None, "the page after the sign-in sets nothing");

    let mut other = world.browser(Lang::Hu);
    other.plant_cookie(PORTAL, &format!("__Host-visitor={planted}; Path=/; Secure; HttpOnly; SameSite=Lax"));
    assert_eq!(other.visit(&format!("{PORTAL}/")).await.h1(), "Ügyeit itt intézheti");
    let stale_token = other.page().attribute("input[name=csrf]", "value");
    assert_eq!(stale_token, None, "no form, no token");

    for token in ["", "0000", &cookie] {
        browser.lured(PORTAL, &format!("{PORTAL}/kilepes"), &[("csrf", token)]).await;
        assert_eq!(browser.page().status, StatusCode::FORBIDDEN);
        assert_eq!(browser.page().h1(), "Nem tudtuk folytatni");
    }
    browser.visit(&format!("{PORTAL}/")).await;
    let token = browser.page().attribute("input[name=csrf]", "value").unwrap();
    browser.lured("http://evil.localhost:8080", &format!("{PORTAL}/kilepes"), &[("csrf", &token)]).await;
    assert_eq!(browser.page().status, StatusCode::FORBIDDEN);
    browser.visit(&format!("{PORTAL}/kilepes")).await;
    assert_eq!(browser.page().status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), "Üdvözöljük, Kovács Anna!");
}

#[tokio::test]
async fn w26_two_tabs_may_sign_in_at_once() {
    let world = World::new().await;
    let mut first = world.browser(Lang::Hu);
    first.visit(&format!("{PORTAL}/")).await;
    world.issuer.plan(Plan { answer: |answer| answer.clear(), ..Plan::default() });
    let mut second = first.tab();
    first.visit(&format!("{PORTAL}/belepes")).await;
    let state = world.issuer.requested("state").unwrap();
    second.visit(&format!("{PORTAL}/belepes")).await;
    assert_ne!(world.issuer.requested("state").unwrap(), state);
    let iss: String = form_urlencoded::byte_serialize(world.issuer.origin.as_bytes()).collect();
    // The first tab's answer comes last; it is still the first tab's.
    first.visit(&format!("{PORTAL}/callback?state={state}&iss={iss}&error=access_denied")).await;
    assert_eq!(first.page().h1(), "Megszakította a belépést");
}

#[test]
fn the_registration_has_the_names_of_the_standards() {
    let metadata = magyarorszag::client_metadata(PORTAL, &Secret::new("titok".to_owned()));
    assert_eq!(metadata["redirect_uris"], json!([format!("{PORTAL}/callback")]));
    assert_eq!(metadata["backchannel_logout_uri"], json!(format!("{PORTAL}/backchannel-logout")));
    assert_eq!(metadata["post_logout_redirect_uris"], json!([format!("{PORTAL}/kilepett")]));
    assert_eq!(metadata["id_token_signed_response_alg"], json!("ES256"));
    assert_eq!(metadata["scope"], json!("openid profile person email"));
    assert_eq!(metadata["client_secret"], json!("titok"));
    let email = json!({"hu": "Ide írunk, ha változás van az ügyében.", "en": "We write here when something changes in your matter."});
    assert_eq!(metadata["kapu_purposes"]["email"], email);
    assert_eq!(metadata["kapu_wallet_claims"], json!(["age_over_18"]));
}
