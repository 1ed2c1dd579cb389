//! The phone as a person uses it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use http::StatusCode;
use model::{Clock, Lang, Timestamp};
use portals::{Demo, telefon};
use testkit::{Browser, SeededRandom, VirtualClock};

const PHONE: &str = "http://telefon.localhost:8080/";
/// RFC 6238's key.
const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const OTHER_KEY: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

fn phone(folder: &Path, clock: &Arc<VirtualClock>) -> Router {
    let demo = Demo {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        random: Arc::new(SeededRandom::new(1)),
        help: None,
        phone: None,
    };
    telefon::router(&demo, telefon::Trust::default(), &folder.join("telefon.sqlite")).unwrap()
}

#[tokio::test]
async fn a_pasted_link_shows_codes_that_change_with_time() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(VirtualClock::at(Timestamp::from_seconds(1_111_111_109)));
    let mut browser = Browser::new(phone(folder.path(), &clock), Lang::Hu);
    browser.visit(PHONE).await;
    let link = format!("otpauth://totp/Kapu:kovacs.anna?secret={KEY}&issuer=Kapu");
    browser.press("Hozzáadás", &[("Hivatkozás vagy kulcs", &link)]).await;
    assert_eq!(browser.page().status, StatusCode::OK);
    assert_eq!(browser.page().texts(".keybox h2"), ["Kapu:kovacs.anna"]);
    assert_eq!(browser.page().texts(".key"), ["081 804"]);
    assert!(browser.page().text().contains("Még 1 másodpercig jó."));
    clock.pass(Duration::from_secs(2));
    browser.follow("Frissítés").await;
    assert_eq!(browser.page().texts(".key"), ["050 471"]);
    assert!(browser.page().text().contains("Még 29 másodpercig jó."));
    assert!(!browser.page().html().contains(KEY));
}

#[tokio::test]
async fn equal_labels_overwrite_others_stay_and_all_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(VirtualClock::at(Timestamp::from_seconds(59)));
    let mut browser = Browser::new(phone(folder.path(), &clock), Lang::En);
    browser.visit(&format!("{PHONE}?lang=en")).await;
    for (link, name) in [(KEY, "anna"), (KEY, "bela"), (OTHER_KEY, "anna")] {
        browser.press("Add", &[("Link or key", link), ("Name (optional)", name)]).await;
    }
    let shown = (browser.page().texts(".keybox h2"), browser.page().texts(".key"));
    assert_eq!(shown.0, ["anna", "bela"]);
    assert_eq!(shown.1[1], "287 082");
    assert_ne!(shown.1[0], "287 082");
    browser = browser.reaching(PHONE, phone(folder.path(), &clock));
    browser.visit(PHONE).await;
    assert_eq!((browser.page().texts(".keybox h2"), browser.page().texts(".key")), shown);
    browser.press("Delete: anna", &[]).await;
    assert_eq!(browser.page().texts(".keybox h2"), ["bela"]);
}

#[tokio::test]
async fn a_bad_link_is_refused_with_words_and_the_name_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(VirtualClock::new());
    #[rustfmt::skip]
    let table = [
        (" ",                                      "Illesszen be egy hivatkozást"),
        ("http://kau.localhost:8080/",             "Ez nem otpauth: kezdetű"),
        ("otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQ", "nem időalapú"),
        ("otpauth://totp/?secret=GEZDGNBVGY3TQOJQ", "nincs név"),
        ("otpauth://totp/a",                       "nincs kulcs"),
        ("GEZD0189",                               "csak betű"),
        ("GEZDGNBV",                               "túl rövid"),
    ];
    for (link, words) in table {
        let mut browser = Browser::new(phone(folder.path(), &clock), Lang::Hu);
        browser.visit(PHONE).await;
        browser.press("Hozzáadás", &[("Hivatkozás vagy kulcs", link), ("Név", "anna")]).await;
        let page = browser.page();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{link}");
        assert!(page.problems()[0].contains(words), "{link}: {:?}", page.problems());
        assert!(page.title().starts_with("Hiba:"), "{}", page.title());
        assert_eq!(page.value("Név"), "anna");
        assert_eq!(page.value("Hivatkozás vagy kulcs"), "", "a link holds a key");
        assert!(page.texts(".keybox").is_empty());
        browser.follow("English").await;
        assert_eq!(browser.page().h1(), "Authenticator app");
    }
}

#[tokio::test]
async fn the_phone_is_full_after_fifty_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(VirtualClock::new());
    let mut browser = Browser::new(phone(folder.path(), &clock), Lang::Hu);
    browser.visit(PHONE).await;
    for number in 0..50 {
        browser.press("Hozzáadás", &[("Hivatkozás vagy kulcs", KEY), ("Név", &format!("fiók {number}"))]).await;
        assert_eq!(browser.page().status, StatusCode::OK);
    }
    browser.press("Hozzáadás", &[("Hivatkozás vagy kulcs", KEY), ("Név", "még egy")]).await;
    assert_eq!(browser.page().status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.page().problems()[0].contains("50 fiók"), "{:?}", browser.page().problems());
    browser.press("Hozzáadás", &[("Hivatkozás vagy kulcs", OTHER_KEY), ("Név", "fiók 3")]).await;
    assert_eq!(browser.page().status, StatusCode::OK, "an account that is there may be overwritten");
}
