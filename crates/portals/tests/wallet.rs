//! What the phone's host serves of its wallet; what the wallet does, a browser's tests show.

use std::path::Path;
use std::sync::Arc;

use http::StatusCode;
use model::{Clock, Lang};
use portals::{Demo, telefon};
use testkit::{Browser, SeededRandom, VirtualClock};
use tower::ServiceExt as _;

const WALLET: &str = "http://telefon.localhost:8080/tarca";
const DAP: &str = "http://dap.localhost:8080";

fn browser(folder: &Path) -> Browser {
    Browser::new(router(folder), Lang::Hu)
}

fn router(folder: &Path) -> axum::Router {
    let demo = Demo {
        clock: Arc::new(VirtualClock::new()) as Arc<dyn Clock>,
        random: Arc::new(SeededRandom::new(1)),
        help: None,
        phone: None,
    };
    let trust = telefon::Trust {
        origins: vec![DAP.to_owned()],
        issuer_anchors: vec![vec![0x30, 0x00]],
        verifier_anchors: vec![],
        short_codes: Some(format!("{DAP}/k/")),
    };
    telefon::router(&demo, trust, &folder.join("telefon.sqlite")).unwrap()
}

#[tokio::test]
async fn the_page_brings_the_words_and_whom_to_trust() {
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path());
    for (lang, heading, set) in [("hu", "Tárca", "PIN-kód beállítása"), ("en", "Wallet", "Set the PIN")] {
        browser.visit(&format!("{WALLET}?lang={lang}&link=%3C%2Fscript%3E")).await;
        let page = browser.page();
        assert_eq!((page.status, page.h1()), (StatusCode::OK, heading.to_owned()));
        let html = page.html();
        let data = html.split_once("id=\"tarca-adatok\">").unwrap().1.split_once("</script>").unwrap().0;
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["lang"], lang);
        assert_eq!(data["words"]["wallet_set"], set);
        assert!(data["words"]["wallet_card_from"].as_str().unwrap().contains("{issuer}"));
        assert_eq!(data["trust"]["origins"], serde_json::json!([DAP]));
        assert_eq!(data["trust"]["issuerAnchors"], serde_json::json!(["MAA="]));
        assert_eq!(data["trust"]["shortCodes"], format!("{DAP}/k/"));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self';") && policy.contains(&format!("connect-src 'self' {DAP};")));
        assert!(!policy.contains("unsafe") && !policy.contains('*') && policy.starts_with("default-src 'none'"));
        assert!(page.header("permissions-policy").unwrap().starts_with("camera=(self), geolocation=()"));
    }
}

#[tokio::test]
async fn modules_are_kept_for_ever_and_the_rest_is_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path());
    browser.visit(WALLET).await;
    let script = browser.page().attribute("script[type=module]", "src").unwrap();
    let at = |path: &str| format!("http://telefon.localhost:8080{path}");

    browser.visit(&at(&script)).await;
    assert_eq!(browser.page().header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(browser.page().header("cache-control"), Some("public, max-age=31536000, immutable"));
    let neighbour = script.replace("app.js", "vault.js");
    for (path, status) in [
        (neighbour.as_str(), StatusCode::OK),
        ("/tarca/0123456789abcdef/app.js", StatusCode::NOT_FOUND),
        (script.replace("app.js", "package.json").as_str(), StatusCode::NOT_FOUND),
        (script.replace("app.js", "service_worker.js").as_str(), StatusCode::NOT_FOUND),
    ] {
        browser.visit(&at(path)).await;
        assert_eq!(browser.page().status, status, "{path}");
    }

    browser.visit(&at("/tarca/sw.js")).await;
    let worker = browser.page().html();
    assert!(worker.starts_with("const SHELL = {") && worker.contains(&script) && worker.contains(&neighbour));
    assert_eq!(browser.page().header("service-worker-allowed"), Some("/tarca"));
    assert_eq!(browser.page().header("cache-control"), Some("no-cache"));
    assert_eq!(browser.page().header("content-security-policy"), Some("default-src 'none'; connect-src 'self'"));

    browser.visit(&at("/tarca/manifest.webmanifest?lang=en")).await;
    let manifest: serde_json::Value = serde_json::from_str(&browser.page().html()).unwrap();
    assert_eq!((&manifest["name"], &manifest["start_url"]), (&"Wallet (sample)".into(), &"/tarca".into()));
}

#[tokio::test]
async fn a_picture_is_of_one_size_and_may_show_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let router = router(folder.path());
    for (length, status) in [
        (0, StatusCode::BAD_REQUEST),
        (61_951, StatusCode::BAD_REQUEST),
        (61_952, StatusCode::NO_CONTENT),
        (61_953, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let request =
            http::Request::post(format!("{WALLET}/kep")).body(axum::body::Body::from(vec![0xA5; length])).unwrap();
        assert_eq!(router.clone().oneshot(request).await.unwrap().status(), status, "{length}");
    }
}
