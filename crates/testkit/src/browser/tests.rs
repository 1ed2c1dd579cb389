//! The browser against small pages that show one habit each.

use std::net::Ipv4Addr;

use axum::Router;
use axum::extract::RawForm;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{get, post};
use http::HeaderMap;
use model::Lang;

use super::*;

const SIGN_IN: &str = r#"<!doctype html><html lang="hu"><title> Belépés – Kapu </title><main><h1>Belépés</h1>
<form method="get" action="/nyelv"><button name="nyelv" value="en">English</button></form>
<form method="post" action="/echo" novalidate>
  <input type="hidden" name="csrf" value="k&amp;1">
  <label for="nev">Felhasználónév</label><input id="nev" name="nev" value="anna">
  <label>Jelszó <span aria-hidden="true">(titkos)</span><input type="password" name="jelszo"></label>
  <label for="jegyezd">Jegyezze meg a módot</label><input type="checkbox" id="jegyezd" name="jegyezd">
  <input type="radio" name="mod" value="app" id="app" checked><label for="app">Alkalmazás</label>
  <input type="radio" name="mod" value="email" id="email"><label for="email">E-mail</label>
  <select name="eszkoz" aria-label="Eszköz"><option value="1">Telefon</option><option value="2">Tábla</option></select>
  <input name="ki" disabled value="x">
  <button name="gomb" value="be"><span>Belépés</span><span aria-hidden="true">→</span></button>
</form>
<p role="alert">Ez   egy
 <a href="/#nev">hiba</a>.</p><p>Egy<br>kettő<b>három</b></p>
<a href="/ide">Tovább</a> <a href="/ide">Tovább</a></main></html>"#;

const ECHO: &str = "http://ugyfelkapu.localhost:8080/";

async fn echo(headers: HeaderMap, RawForm(form): RawForm) -> String {
    let header = |name: &str| headers.get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
    let seen = ["host", "origin", "sec-fetch-site", "sec-fetch-mode", "cookie"].map(header).join(" | ");
    format!("{seen} | {}", String::from_utf8_lossy(&form))
}

fn app() -> Router {
    Router::new()
        .route("/", get(|| async { Html(SIGN_IN) }))
        .route("/quiet", get(|| async { ([("referrer-policy", "no-referrer")], Html(SIGN_IN)) }))
        .route("/echo", get(echo).post(echo))
        .route("/ide", get(|| async { Redirect::to("http://kau.localhost:8080/echo?a=1") }))
        .route("/korbe", get(|| async { Redirect::to("/korbe") }))
        .route(
            "/cookies",
            get(|| async {
                let line = |text: &'static str| ("set-cookie", text);
                axum::response::AppendHeaders([
                    line("__Host-a=1; Path=/; Secure; HttpOnly; SameSite=Lax"),
                    line("b=2; Path=/echo; SameSite=Strict"),
                ])
            }),
        )
        .route("/meta", get(|| async { Html(r#"<meta http-equiv="refresh" content="0; url=/echo">"#) }))
        .route("/seven", post(|| async { Redirect::temporary("http://kau.localhost:8080/echo") }))
        .route(
            "/strict",
            get(|| async { Html("<form><label>Név<input name=n required></label><button>Be</button></form>") }),
        )
}

async fn at(address: &str) -> Browser {
    let mut browser = Browser::new(app(), Lang::Hu);
    browser.visit(address).await;
    browser
}

#[tokio::test]
async fn a_page_reads_as_a_person_reads_it() {
    let browser = at(ECHO).await;
    let page = browser.page();
    assert_eq!((page.title().as_str(), page.h1().as_str()), ("Belépés – Kapu", "Belépés"));
    assert_eq!(page.lang().as_deref(), Some("hu"));
    assert_eq!(page.alert().as_deref(), Some("Ez egy hiba."));
    assert_eq!((page.problems(), page.notice()), (vec!["hiba".to_owned()], None));
    assert_eq!(page.texts("p")[1], "Egy kettőhárom");
    assert_eq!(page.buttons(), ["English", "Belépés"]);
    assert_eq!(page.fields()[..3], ["Felhasználónév", "Jelszó", "Jegyezze meg a módot"]);
    assert_eq!(page.value("Felhasználónév"), "anna");
    assert_eq!(page.links()[1].url.path(), "/ide");
}

#[tokio::test]
async fn a_form_sends_what_is_filled_and_what_was_there() {
    let mut browser = at(ECHO).await;
    browser
        .press("Belépés", &[("Jelszó", "tíz alma"), ("Jegyezze meg", TICKED), ("E-mail", TICKED), ("Eszköz", "Tábla")])
        .await;
    assert_eq!(
        browser.page().html(),
        "ugyfelkapu.localhost:8080 | http://ugyfelkapu.localhost:8080 | same-origin | navigate | - | \
         csrf=k%261&nev=anna&jelszo=t%C3%ADz+alma&jegyezd=on&mod=email&eszkoz=2&gomb=be"
    );
}

#[tokio::test]
async fn a_get_form_puts_its_fields_into_the_address() {
    let mut browser = at(ECHO).await;
    browser.press("English", &[]).await;
    assert_eq!(browser.page().url.as_str(), "http://ugyfelkapu.localhost:8080/nyelv?nyelv=en");
    assert_eq!(browser.page().status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_that_hides_its_address_posts_with_a_null_origin() {
    let mut browser = at("http://kau.localhost:8080/quiet").await;
    browser.press("Belépés", &[]).await;
    assert!(browser.page().html().starts_with("kau.localhost:8080 | null | same-origin"), "{}", browser.page().html());
}

#[tokio::test]
async fn another_host_is_another_site_and_keeps_that_through_redirects() {
    let mut browser = at(ECHO).await;
    browser.follow("Tovább").await;
    assert_eq!(browser.page().url.as_str(), "http://kau.localhost:8080/echo?a=1");
    assert!(browser.page().html().starts_with("kau.localhost:8080 | - | cross-site"));
    assert_eq!(browser.page().hops.len(), 1);

    browser.visit("/echo").await;
    assert!(browser.page().html().contains("| none |"));
    browser.lured("http://gonosz.example", "/echo", &[("a", "b")]).await;
    assert!(browser.page().html().contains("| http://gonosz.example | cross-site |"));
    browser.lured("http://gonosz.example", "http://ugyfelkapu.localhost:8080/seven", &[("a", "b")]).await;
    assert!(browser.page().html().starts_with("kau.localhost:8080 | null | cross-site"));
    assert!(browser.page().html().ends_with("| a=b"));
}

#[tokio::test]
async fn cookies_go_where_their_host_path_and_site_allow() {
    let mut browser = at("http://kau.localhost:8080/cookies").await;
    browser.visit("/echo").await;
    assert!(browser.page().html().contains("| b=2; __Host-a=1 |"), "{}", browser.page().html());
    assert_eq!(browser.cookie("/", "__Host-a").as_deref(), Some("1"));
    assert_eq!(browser.cookie("/", "b"), None);

    browser.lured("http://ugyfelkapu.localhost:8080", "/echo", &[]).await;
    assert!(
        browser.page().html().contains("| navigate | - |"),
        "a foreign post carries neither: {}",
        browser.page().html()
    );
    browser.visit(ECHO).await;
    browser.follow("Tovább").await;
    assert!(browser.page().html().contains("| __Host-a=1 |"), "a foreign link carries the lax one only");

    let mut tab = browser.tab();
    tab.visit("http://ugyfelkapu.localhost:8080/echo").await;
    assert!(tab.page().html().contains("| navigate | - |"), "another host gets nothing");
    tab.plant_cookie("http://kau.localhost:8080/", "__Host-a=; Path=/; Secure; Max-Age=0");
    assert_eq!(browser.cookie("http://kau.localhost:8080/", "__Host-a"), None);
}

#[test]
fn cookies_that_a_browser_drops_are_failures() {
    for line in [
        "__Host-a=1; Path=/",
        "__Host-a=1; Secure; Path=/x",
        "a=1; Domain=localhost",
        "a=1; SameSite=None",
        "__Secure-a=1",
        "a",
    ] {
        let planted =
            std::panic::catch_unwind(|| Browser::new(app(), Lang::En).plant_cookie("http://kau.localhost:8080/", line));
        assert!(planted.is_err(), "{line:?}");
    }
    let over_plain_http =
        std::panic::catch_unwind(|| Browser::new(app(), Lang::En).plant_cookie("http://kau.example/", "a=1; Secure"));
    assert!(over_plain_http.is_err());
}

#[tokio::test]
async fn a_refresh_is_followed_when_asked() {
    let mut browser = at("http://kau.localhost:8080/meta").await;
    browser.follow_refresh().await;
    assert_eq!(browser.page().url.path(), "/echo");
}

#[tokio::test]
#[should_panic(expected = "more than 10 redirects")]
async fn a_circle_of_redirects_ends() {
    at("http://kau.localhost:8080/korbe").await;
}

#[tokio::test]
#[should_panic(expected = "Chromium would not send the form")]
async fn a_required_field_is_not_sent_empty() {
    at("http://kau.localhost:8080/strict").await.press("Be", &[]).await;
}

#[tokio::test]
#[should_panic(expected = "no field \"Kód\"")]
async fn a_field_that_is_not_labelled_cannot_be_filled() {
    at(ECHO).await.press("Belépés", &[("Kód", "123456")]).await;
}

#[tokio::test]
async fn an_origin_can_have_a_service_of_its_own() {
    let portal = Router::new().route("/", get(|| async { "portál".into_response() }));
    let mut browser = Browser::new(app(), Lang::Hu).reaching("http://magyarorszag.localhost:8080", portal);
    assert_eq!(browser.visit("http://magyarorszag.localhost:8080/").await.html(), "portál");
    assert_eq!(browser.visit(ECHO).await.h1(), "Belépés");
}

#[tokio::test]
async fn a_socket_serves_as_well_as_a_service() {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app()).await });
    let mut browser = Browser::over_socket(address, Lang::Hu);
    browser.visit(ECHO).await;
    browser.press("Belépés", &[("Jelszó", "x")]).await;
    assert!(browser.page().html().contains("&jelszo=x&"));
}
