//! What holds of every page of the demo, and of its texts.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use catalogue::Catalogue;
use model::{Clock, Lang, Secret};
use portals::index::{self, DemoPerson};
use portals::kenyszi::{self, Kenyszi};
use portals::magyarorszag::{self, Registration};
use portals::posta::PostOffice;
use portals::{Demo, Surface, SurfaceKind, telefon};
use testkit::{Browser, SeededRandom, VirtualClock};

fn demo() -> Demo {
    Demo {
        clock: Arc::new(VirtualClock::new()) as Arc<dyn Clock>,
        random: Arc::new(SeededRandom::new(1)),
        help: Some("http://ugyfelkapu.localhost:8080".into()),
        phone: Some("+36 1 555 0100".into()),
    }
}

fn surfaces() -> Vec<Surface> {
    [
        (SurfaceKind::Ugyfelkapu, "ugyfelkapu"),
        (SurfaceKind::Kau, "kau"),
        (SurfaceKind::Dap, "dap"),
        (SurfaceKind::Magyarorszag, "magyarorszag"),
        (SurfaceKind::Kenyszi, "kenyszi"),
        (SurfaceKind::Telefon, "telefon"),
        (SurfaceKind::Posta, "posta"),
    ]
    .map(|(kind, host)| Surface { kind, origin: format!("http://{host}.localhost:8080") })
    .to_vec()
}

fn persons() -> Vec<DemoPerson> {
    let person = |username: &str, totp_secret: Option<String>| DemoPerson {
        username: username.into(),
        password: "fenyő-híd-<kilenc>".into(),
        name: "Kovács Anna".into(),
        email: "anna+minta@pelda.hu".into(),
        deletion_code: totp_secret.as_ref().map(|_| "48213 90576 11223 44556".into()),
        totp_secret,
        note_hu: "Még csak jelszava van.".into(),
        note_en: "Has only a password so far.".into(),
    };
    vec![person("kovacs.anna", None), person("nagy.bela", Some("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into()))]
}

fn routers(folder: &Path) -> [(&'static str, Router); 5] {
    let demo = demo();
    let registration = Registration {
        issuer: "http://kau.localhost:8080".into(),
        origin: "http://magyarorszag.localhost:8080".into(),
        secret: Secret::new("titok".into()),
    };
    let saml = kenyszi::Registration {
        kau: "http://kau.localhost:8080".into(),
        origin: "http://kenyszi.localhost:8080".into(),
    };
    let kenyszi = Kenyszi::open(&demo, saml, surfaces(), &folder.join("k.sqlite")).unwrap();
    [
        ("http://localhost:8080", index::router(&demo, surfaces(), persons())),
        (
            "http://magyarorszag.localhost:8080",
            magyarorszag::router(&demo, registration, surfaces(), &folder.join("m.sqlite")).unwrap(),
        ),
        ("http://kenyszi.localhost:8080", kenyszi.router()),
        (
            "http://telefon.localhost:8080",
            telefon::router(&demo, telefon::Trust::default(), &folder.join("t.sqlite")).unwrap(),
        ),
        ("http://posta.localhost:8080", PostOffice::open(&demo, &folder.join("p.sqlite")).unwrap().router()),
    ]
}

#[tokio::test]
async fn every_page_is_whole_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    for (origin, router) in routers(folder.path()) {
        for path in [
            "/",
            "/kilepett",
            "/kilepett-reszben",
            "/sikertelen/megszakitva",
            "/fiok?cim=a%40b.hu",
            "/nincs-ilyen",
            "//evil.example/",
        ] {
            let mut browser = Browser::new(router.clone(), Lang::Hu);
            let mut seen = Vec::new();
            for (link, lang) in [(None, "hu"), (Some("English"), "en"), (Some("Magyar"), "hu")] {
                match link {
                    Some(link) => browser.follow(link).await,
                    None => browser.visit(&format!("{origin}{path}")).await,
                };
                let page = browser.page();
                let html = page.html();
                assert_eq!(page.url.origin().ascii_serialization(), origin, "{path}");
                assert_eq!(page.lang().as_deref(), Some(lang), "{origin}{path}");
                assert_eq!(page.texts("h1").len(), 1, "{origin}{path}");
                assert!(page.title().starts_with(&page.h1()), "{}", page.title());
                for forbidden in ["<script", "<style", " style=", "javascript:", "data:", "placeholder", "maxlength"] {
                    assert!(!html.contains(forbidden), "{forbidden} at {origin}{path}");
                }
                assert_eq!(page.header("cache-control"), Some("no-store"), "{origin}{path}");
                assert!(page.attribute("footer p", "lang").is_none());
                seen.push((page.status, page.h1()));
            }
            assert_eq!(seen[0], seen[2], "{origin}{path}");
            assert_eq!(seen[0].0, seen[1].0, "{origin}{path}");
        }
    }
}

#[tokio::test]
async fn the_index_shows_who_there_is_to_be_and_where_to_go() {
    let mut browser = Browser::new(index::router(&demo(), surfaces(), persons()), Lang::Hu);
    browser.visit("http://localhost:8080/").await;
    let page = browser.page();
    assert_eq!(page.texts("code")[..2], ["kovacs.anna", "fenyő-híd-<kilenc>"]);
    assert!(page.text().contains("48213 90576 11223 44556"));
    assert!(page.text().contains("Még csak jelszava van."));
    assert!(page.text().contains("nem állami honlap"));
    let mailbox = page.attribute("a[href*='/fiok?']", "href");
    assert_eq!(mailbox.as_deref(), Some("http://posta.localhost:8080/fiok?cim=anna%2Bminta%40pelda.hu"));
    for host in ["ugyfelkapu", "kau", "magyarorszag", "kenyszi", "telefon", "posta"] {
        let link = page.attribute(&format!("main a[href='http://{host}.localhost:8080/']"), "href");
        assert!(link.is_some(), "{host}");
    }
    browser.follow("English").await;
    assert!(browser.page().text().contains("Has only a password so far."));

    // What this demo does not serve is not linked.
    let only = vec![Surface { kind: SurfaceKind::Kau, origin: "http://kau.localhost:8080".into() }];
    let mut browser = Browser::new(index::router(&demo(), only, persons()), Lang::Hu);
    browser.visit("http://localhost:8080/").await;
    assert_eq!(browser.page().attribute("main a[href*='posta.']", "href"), None);
    assert_eq!(browser.page().attribute("main a[href*='telefon.']", "href"), None);
}

#[test]
fn a_file_that_is_no_database_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("telefon.sqlite");
    std::fs::write(&file, "this is no database, but long enough to be looked at as if it were one").unwrap();
    let error = telefon::router(&demo(), telefon::Trust::default(), &file).unwrap_err();
    assert!(error.to_string().contains("telefon.sqlite"), "{error}");
}

#[test]
fn texts_are_used_short_and_without_words_to_avoid() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = Catalogue::load(&here.join("text")).unwrap();
    let folders = [here.join("src"), here.join("templates")];
    let folders: Vec<&Path> = folders.iter().map(AsRef::as_ref).collect();
    assert_eq!(catalogue::unused_keys(&texts, &folders).unwrap(), Vec::<String>::new());
    assert_eq!(catalogue::banned_words(&texts, &["TOTP", "token", "autentikátor", "MFA", "faktor"]), []);
    let languages: [Vec<_>; 2] =
        [texts.pairs.iter().map(|(hu, _)| hu).collect(), texts.pairs.iter().map(|(_, en)| en).collect()];
    for messages in languages {
        let sentences = catalogue::sentences(messages.into_iter());
        for sentence in &sentences {
            assert!(sentence.length <= 20, "{sentence:?}");
        }
        let words: usize = sentences.iter().map(|sentence| sentence.length).sum();
        assert!(words <= sentences.len() * 12, "{words} words in {} sentences", sentences.len());
    }
}
