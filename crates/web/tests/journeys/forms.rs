//! Forms: only ours, only from here, only of a reasonable size.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http::{HeaderValue, Request, header};
use hyper::body::Frame;
use model::Lang;
use testkit::{KAU, Settings, UGYFELKAPU};

use crate::kit::{ANNA, Form, NAME_FIELD, PASSWORD, PASSWORD_FIELD, audited, enrolling, send, sign_in, with_anna};

/// The form of the sign-in, in a fresh browser.
async fn form(gate: &testkit::Installation) -> Form {
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(UGYFELKAPU).await;
    Form::of(&browser)
}

fn with_header(mut request: Request<Body>, name: &'static str, value: &'static str) -> Request<Body> {
    request.headers_mut().insert(name, HeaderValue::from_static(value));
    request
}

fn without_header(mut request: Request<Body>, name: &'static str) -> Request<Body> {
    request.headers_mut().remove(name);
    request
}

#[tokio::test]
async fn w04_a_form_needs_the_token_of_its_browser_and_session() {
    let gate = with_anna(Settings::default()).await;
    let mine = form(&gate).await;
    let others = form(&gate).await;
    let credentials = format!("nev={ANNA}&jelszo={PASSWORD}");
    for body in [
        credentials.clone(),
        format!("csrf=&{credentials}"),
        format!("csrf={}&{credentials}", others.csrf()),
        format!("csrf={}&{credentials}", mine.csrf().to_uppercase()),
        format!("csrf={}0&{credentials}", mine.csrf()),
    ] {
        let answer = send(gate.app(), mine.sent(body.clone())).await;
        assert_eq!(answer.status, 403, "{body}");
        assert!(!answer.headers.contains_key(header::SET_COOKIE), "{body}");
    }
    assert_eq!(audited(&gate, "password.attempt").await, 0);
    let good = format!("csrf={}&{credentials}", mine.csrf());
    assert_eq!(send(gate.app(), mine.sent(good.clone())).await.status, 303);
    let twice = format!("{good}&nev=masik");
    assert_eq!(send(gate.app(), mine.sent(twice)).await.status, 400, "a field that comes twice");
}

#[tokio::test]
async fn w04_a_token_from_before_the_sign_in_is_not_good_after_it() {
    let gate = with_anna(Settings::default()).await;
    let mut early = gate.browser(Lang::Hu);
    early.visit(UGYFELKAPU).await;
    let mut anna = early.tab();
    sign_in(&mut anna, ANNA, PASSWORD).await;
    assert_eq!(anna.page().url.path(), "/igenyles");
    let page = early.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
    assert_eq!(page.status, 403);
    // And a token of the session is not good once it ended.
    let inside = Form::of(&anna);
    anna.press("Befejezem később", &[]).await;
    assert_eq!(send(gate.app(), inside.filled(&[])).await.status, 401);
}

#[tokio::test]
async fn w05_a_form_from_elsewhere_is_refused() {
    let gate = with_anna(Settings::default()).await;
    let form = form(&gate).await;
    let fields = [("nev", ANNA), ("jelszo", PASSWORD)];
    let filled = || form.filled(&fields);
    for site in ["cross-site", "same-site", "none", "", "same-origin, cross-site"] {
        assert_eq!(send(gate.app(), with_header(filled(), "sec-fetch-site", site)).await.status, 403, "{site:?}");
    }
    let bare = || without_header(filled(), "sec-fetch-site");
    for origin in [
        "null",
        "https://gonosz.pelda.hu",
        "http://ugyfelkapu.localhost",
        KAU,
        "http://ugyfelkapu.localhost:8080.pelda.hu",
    ] {
        assert_eq!(send(gate.app(), with_header(bare(), "origin", origin)).await.status, 403, "{origin}");
    }
    assert_eq!(send(gate.app(), bare()).await.status, 403, "neither header");
    assert_eq!(send(gate.app(), with_header(bare(), "origin", UGYFELKAPU)).await.status, 303, "an older browser");
    assert_eq!(send(gate.app(), with_header(filled(), "origin", "null")).await.status, 303, "no referrer, same origin");
}

#[tokio::test]
async fn w06_a_form_is_a_form() {
    let gate = with_anna(Settings::default()).await;
    let form = form(&gate).await;
    let fields = [("nev", ANNA), ("jelszo", PASSWORD)];
    for kind in
        ["text/plain", "application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencodedx", ""]
    {
        let request = with_header(form.filled(&fields), "content-type", kind);
        assert_eq!(send(gate.app(), request).await.status, 415, "{kind}");
    }
    assert_eq!(send(gate.app(), without_header(form.filled(&fields), "content-type")).await.status, 415);
    let overridden = with_header(form.filled(&fields), "x-http-method-override", "DELETE");
    assert_eq!(send(gate.app(), overridden).await.status, 303, "ignored");
}

#[tokio::test]
async fn w14_a_body_has_an_end() {
    let gate = with_anna(Settings::default()).await;
    let form = form(&gate).await;
    let head = format!("csrf={}&nev={ANNA}&jelszo={PASSWORD}&toltelek=", form.csrf());
    for (bytes, status) in [(65_536, 303), (65_537, 413), (4 << 20, 413)] {
        let body = format!("{head}{}", "x".repeat(bytes - head.len()));
        assert_eq!(send(gate.app(), form.sent(body)).await.status, status, "{bytes}");
    }
    assert_eq!(send(gate.app(), form.sent(Body::new(Endless))).await.status, 413);
    let packed = with_header(form.filled(&[]), "content-encoding", "gzip");
    assert_eq!(send(gate.app(), packed).await.status, 415);
}

/// A body without a length and without an end.
struct Endless;

impl axum::body::HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'0'; 1024])))))
    }
}

#[tokio::test]
async fn w15_no_parameter_says_where_to_go() {
    let targets = [
        "//gonosz.pelda.hu",
        "/\\gonosz.pelda.hu",
        "/%09/gonosz.pelda.hu",
        "https:gonosz.pelda.hu",
        "javascript:alert(1)",
        "%0d%0aLocation:%20x",
    ];
    let gate = with_anna(Settings::default()).await;
    for target in targets {
        for name in ["next", "return", "b", "redirect_uri", "lang"] {
            let mut anna = gate.browser(Lang::Hu);
            anna.visit(&format!("{UGYFELKAPU}/?{name}={target}")).await;
            assert!(
                !anna.page().html().contains("gonosz") && !anna.page().html().contains("alert(1)"),
                "{name}={target}"
            );
            anna.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
            assert_eq!(anna.page().url.as_str(), format!("{UGYFELKAPU}/igenyles"));
        }
    }
    let mut stranger = gate.browser(Lang::Hu);
    for id in [&*"0".repeat(32), "x", "%2f", "'--"] {
        assert_eq!(stranger.visit(&format!("{KAU}/b/{id}")).await.status, 404, "{id}");
    }
}

#[tokio::test]
async fn w28_only_the_exact_path_is_a_page() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    for path in [
        "/FIOK",
        "/fiok/",
        "//fiok",
        "/fiok.",
        "/fiok;x",
        "/igenyles/..;/fiok",
        "/igenyles%2f..%2ffiok",
        "/fiok%00",
        "/%66iok/x",
    ] {
        let page = anna.visit(&format!("{UGYFELKAPU}{path}")).await;
        assert!([403, 404].contains(&page.status.as_u16()), "{path}: {}", page.status);
        assert!(!page.text().contains("Minta"), "{path}");
    }
    // A browser resolves dots before it asks; the wall stands behind them too.
    assert_eq!(anna.visit(&format!("{UGYFELKAPU}/igenyles/%2e%2e/fiok")).await.status, 403);
}
