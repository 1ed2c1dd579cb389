//! How long sessions live, how they end, and what a session of another time is worth.

use std::time::Duration;

use model::Lang;
use testkit::{Settings, UGYFELKAPU};

use crate::kit::{
    ANNA, NAME_FIELD, PASSWORD, PASSWORD_FIELD, STEP, add_portal, browser_with_portal, called_back, request_of_portal,
    sign_in_fully, signed_in, type_code, with_anna, with_enrolled_anna,
};

const HOME: &str = "http://ugyfelkapu.localhost:8080/fiok";

#[tokio::test]
async fn a_session_ends_after_fifteen_minutes_without_use() {
    for (seconds, status) in [(15 * 60 - 1, 200), (15 * 60, 401)] {
        let (gate, key) = with_enrolled_anna().await;
        let mut anna = signed_in(&gate, ANNA, &key).await;
        gate.clock.pass(Duration::from_secs(seconds));
        let page = anna.visit(HOME).await;
        assert_eq!(page.status, status, "{seconds}");
        if status == 401 {
            assert_eq!(page.h1(), "Lejárt az idő");
            assert!(!page.text().contains("Minta"));
        }
    }
}

#[tokio::test]
async fn a_session_in_use_ends_after_eight_hours() {
    let (gate, key) = with_enrolled_anna().await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    for _ in 0..8 * 6 - 1 {
        gate.clock.pass(Duration::from_mins(10));
        assert_eq!(anna.visit(HOME).await.status, 200);
    }
    assert!(anna.page().text().contains("Ha nem használja, 09:00-kor kiléptetjük."), "{}", anna.page().text());
    gate.clock.pass(Duration::from_mins(10) - Duration::from_secs(1));
    assert_eq!(anna.visit(HOME).await.status, 200);
    gate.clock.pass(Duration::from_secs(1));
    assert_eq!(anna.visit(HOME).await.status, 401);
}

#[tokio::test]
async fn the_page_says_when_an_unused_session_ends() {
    let (gate, key) = with_enrolled_anna().await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    // 2026-01-01 01:00:30 in Budapest.
    assert!(anna.page().text().contains("Ha nem használja, 01:15-kor kiléptetjük."), "{}", anna.page().text());
    gate.clock.pass(Duration::from_mins(5));
    assert!(anna.visit(HOME).await.text().contains("01:20-kor"));
}

#[tokio::test]
async fn w01_a_session_s_name_is_drawn_anew_at_each_sign_in() {
    let (gate, key) = with_enrolled_anna().await;
    let mut anna = gate.browser(Lang::Hu);
    let planted = "A".repeat(43);
    for name in ["__Host-account", "__Host-enrol"] {
        anna.plant_cookie(UGYFELKAPU, &format!("{name}={planted}; Path=/; Secure"));
    }
    sign_in_fully(&gate, &mut anna, ANNA, &key).await;
    let first = anna.cookie(UGYFELKAPU, "__Host-account").expect("a session");
    assert_ne!(first, planted);
    gate.clock.pass(STEP);
    let mut second = anna.tab();
    second.press_sign_out().await;
    assert_eq!(anna.visit(HOME).await.url.path(), "/");
    sign_in_fully(&gate, &mut anna, ANNA, &key).await;
    assert_ne!(anna.cookie(UGYFELKAPU, "__Host-account"), Some(first.clone()));
    // The old name opens nothing.
    let mut thief = gate.browser(Lang::Hu);
    thief.plant_cookie(UGYFELKAPU, &format!("__Host-account={first}; Path=/; Secure"));
    assert_eq!(thief.visit(HOME).await.status, 401);
}

/// Signing out, from wherever the browser is.
trait SignsOut {
    async fn press_sign_out(&mut self);
}

impl SignsOut for testkit::Browser {
    async fn press_sign_out(&mut self) {
        self.visit(HOME).await;
        self.press("Kijelentkezés", &[]).await;
        assert_eq!(self.page().h1(), "Kijelentkezett");
    }
}

#[tokio::test]
async fn w03_a_session_s_name_with_any_bit_turned_is_none() {
    let (gate, key) = with_enrolled_anna().await;
    let anna = signed_in(&gate, ANNA, &key).await;
    let name = anna.cookie(UGYFELKAPU, "__Host-account").expect("a session");
    for place in 0..name.len() {
        let mut turned = name.clone().into_bytes();
        turned[place] = if turned[place] == b'A' { b'B' } else { b'A' };
        let turned = String::from_utf8(turned).expect("ASCII");
        let mut thief = gate.browser(Lang::Hu);
        thief.plant_cookie(UGYFELKAPU, &format!("__Host-account={turned}; Path=/; Secure"));
        let page = thief.visit(HOME).await;
        assert!(!page.text().contains("Minta"), "{place}");
    }
}

#[tokio::test]
async fn w24_signing_out_takes_a_form_of_our_own() {
    let (gate, key) = with_enrolled_anna().await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    let mut tab = anna.tab();
    assert_eq!(tab.visit(&format!("{UGYFELKAPU}/kijelentkezes")).await.status, 405);
    let address = format!("{UGYFELKAPU}/kijelentkezes");
    assert_eq!(tab.lured("https://gonosz.pelda.hu", &address, &[]).await.status, 403);
    assert_eq!(anna.visit(HOME).await.status, 200);
    anna.press("Kijelentkezés", &[]).await;
    assert_eq!(anna.page().header("clear-site-data"), Some("\"cache\""), "W25");
    assert_eq!(anna.visit(HOME).await.url.path(), "/", "to the sign-in");
    assert!(!anna.page().text().contains("Minta"));
}

#[tokio::test]
async fn the_language_changes_no_step() {
    let (gate, key) = with_enrolled_anna().await;
    add_portal(&gate).await;
    let mut anna = browser_with_portal(&gate);
    anna.visit(&request_of_portal("s")).await;
    let in_english = async |browser: &mut testkit::Browser, heading: &str| {
        let path = browser.page().url.path().to_owned();
        browser.follow("English").await;
        assert_eq!((browser.page().h1().as_str(), browser.page().url.path()), (heading, path.as_str()));
        assert_eq!(browser.page().lang().as_deref(), Some("en"));
        browser.follow("Magyar").await;
        assert_eq!(browser.page().url.path(), path);
    };
    in_english(&mut anna, "How do you want to sign in?").await;
    anna.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    in_english(&mut anna, "Enter your user name and password").await;
    anna.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
    in_english(&mut anna, "Enter the 6-digit code").await;
    type_code(&mut anna, &gate.code(&key)).await;
    assert!(called_back(anna.follow_refresh().await).contains_key("code"));
}

#[tokio::test]
async fn the_language_keeps_the_service_that_somebody_came_from() {
    let gate = with_anna(Settings::default()).await;
    add_portal(&gate).await;
    let mut anna = browser_with_portal(&gate);
    anna.visit(&request_of_portal("s")).await;
    anna.follow("Belépés jelszóval és beállítás").await;
    anna.follow("English").await;
    assert!(anna.page().text().contains("Portál"), "{}", anna.page().text());
    anna.press("Sign in", &[("User name", ANNA), ("Password", PASSWORD)]).await;
    assert!(anna.page().text().contains("Portál"), "{}", anna.page().text());
}
