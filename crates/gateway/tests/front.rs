//! The public face without sockets: hosts, headers, limits, refusals.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Extension};
use axum::routing::{get, post};
use axum::{Router, response::IntoResponse};
use gateway::config::TrustedProxies;
use gateway::http::Front;
use gateway::metrics::{Exposition, RequestCounts};
use gateway::origin::{Origin, Scheme};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Frame;
use model::limits;
use testkit::SeededRandom;
use tokio::time::timeout;
use web::ClientAddress;

const STRANGER: &str = "203.0.113.9:50000";
const HOST: &str = "kau.example.org";
const PROXY: &str = "192.0.2.1:50000";

fn routes() -> Router {
    Router::new()
        .route("/", get(|| async { "page" }))
        .route("/person/{id}", get(|| async { "person" }))
        .route("/length", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/ignores", post(|| async { "ignored" }))
        .route("/who", get(|Extension(client): Extension<ClientAddress>| async move { client.0.to_string() }))
        .route("/keeps", get(|| async { ([(header::CACHE_CONTROL, "public, max-age=60")], "kept").into_response() }))
        .route("/own-policy", get(|| async { ([(header::CONTENT_SECURITY_POLICY, "default-src 'none'")], "") }))
        .route("/panics", get(|| async { panic_on_purpose() }))
}

fn panic_on_purpose() -> &'static str {
    panic!("on purpose")
}

/// Names and values.
type Headers = &'static [(&'static str, &'static str)];

struct Place {
    front: Front,
    counts: Arc<RequestCounts>,
}

fn place(scheme: Scheme) -> Place {
    let counts = Arc::new(RequestCounts::default());
    let trusted = TrustedProxies::parse(&["192.0.2.0/24"]).unwrap();
    let front =
        Front::builder(scheme, trusted, counts.clone(), &SeededRandom::new(1)).host(&origin(scheme), routes()).build();
    Place { front, counts }
}

fn origin(scheme: Scheme) -> Origin {
    match scheme {
        Scheme::Https => Origin::parse("https://kau.example.org").unwrap(),
        Scheme::Http => Origin::of_demo(Some("kau"), 8080),
    }
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Place {
    async fn send(&self, peer: &str, request: http::request::Builder, body: impl Into<Body>) -> Answer {
        let mut request: Request<Body> = request.body(body.into()).unwrap();
        request.extensions_mut().insert(ConnectInfo(peer.parse::<std::net::SocketAddr>().unwrap()));
        let (parts, body) = self.front.answer(request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(STRANGER, Request::get(path).header("host", "kau.example.org"), "").await
    }

    async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let request = headers.iter().fold(Request::post(path), |request, (name, value)| request.header(*name, *value));
        self.send(STRANGER, request.header("host", "kau.example.org"), body).await
    }
}

#[tokio::test]
async fn w07_every_answer_wears_the_armour_whatever_its_status() {
    let place = place(Scheme::Https);
    let answers = [
        (place.get("/").await, 200),
        (place.get("/nowhere").await, 404),
        (place.get("/length").await, 405),
        (place.post("/length", &[], "x".repeat(65_537)).await, 413),
        (place.post("/length", &[("content-encoding", "gzip")], "x").await, 415),
        (place.send(STRANGER, Request::get("/").header("host", "evil.example"), "").await, 421),
        (place.send(STRANGER, Request::get("/"), "").await, 400),
        (place.get("/panics").await, 500),
        (place.get(style_sheet()).await, 200),
    ];
    for (answer, status) in answers {
        assert_eq!(answer.status, status, "{}", answer.body);
        for (name, value) in [
            (
                "content-security-policy",
                "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; \
                 frame-ancestors 'none'; base-uri 'none'",
            ),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ] {
            let values: Vec<_> = answer.headers.get_all(name).iter().collect();
            assert_eq!(values, [value], "{name} at {status}");
        }
        assert_eq!(answer.headers.get_all("cache-control").iter().count(), 1, "{status}");
    }
}

fn style_sheet() -> &'static str {
    ui::assets::ALL.iter().find(|asset| asset.media_type.starts_with("text/css")).unwrap().path
}

#[tokio::test]
async fn w29_nothing_is_stored_unless_a_handler_says_so() {
    let place = place(Scheme::Https);
    assert_eq!(place.get("/").await.headers["cache-control"], "no-store");
    assert_eq!(place.get("/nowhere").await.headers["cache-control"], "no-store");
    assert_eq!(place.get("/keeps").await.headers["cache-control"], "public, max-age=60");
    assert_eq!(place.get(style_sheet()).await.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(place.get("/own-policy").await.headers["content-security-policy"], "default-src 'none'");
}

#[tokio::test]
async fn the_demo_promises_no_tls() {
    let place = place(Scheme::Http);
    let answer = place.send(STRANGER, Request::get("/").header("host", "kau.localhost:8080"), "").await;
    assert_eq!((answer.status, answer.headers.contains_key("strict-transport-security")), (200, false));
}

#[tokio::test]
async fn w08_another_host_is_misdirected_and_never_repeated() {
    let place = place(Scheme::Https);
    #[rustfmt::skip]
    let table: [(&str, &str, Headers, u16); 20] = [
        (STRANGER, "/",                        &[("host", HOST)],                                       200),
        (STRANGER, "/",                        &[("host", "KAU.EXAMPLE.ORG:443")],                      200),
        (STRANGER, "https://kau.example.org/", &[("host", HOST)],                                       200),
        (STRANGER, "/",                        &[("host", "evil.example")],                             421),
        (STRANGER, "/",                        &[("host", "kau.example.org.evil.example")],             421),
        (STRANGER, "/",                        &[("host", "kau.example.org.")],                         421),
        (STRANGER, "/",                        &[("host", "kau.example.org:8443")],                     421),
        (STRANGER, "/",                        &[("host", "")],                                         421),
        (STRANGER, "/",                        &[],                                                     400),
        (STRANGER, "/",                        &[("host", HOST), ("host", "evil.example")],             400),
        (STRANGER, "/",                        &[("host", HOST), ("host", HOST)],                       400),
        (STRANGER, "https://evil.example/",    &[("host", HOST)],                                       421),
        (STRANGER, "/",                        &[("host", HOST), ("x-forwarded-host", "evil.example")], 421),
        (STRANGER, "/",                        &[("host", HOST), ("x-forwarded-host", HOST)],           200),
        (STRANGER, "/",                        &[("host", HOST), ("x-forwarded-proto", "http")],        421),
        (STRANGER, "/",                        &[("host", HOST), ("forwarded", "host=evil.example")],   421),
        (STRANGER, "/",                        &[("host", HOST), ("forwarded", "for=_x;proto=https")],  200),
        (PROXY,    "/",                        &[("host", HOST), ("x-forwarded-host", "evil.example")], 200),
        (PROXY,    "/",                        &[("host", "evil.example"), ("x-forwarded-host", HOST)], 421),
        (STRANGER, "*",                        &[("host", HOST)],                                       400),
    ];
    for (peer, target, headers, status) in table {
        let request = headers.iter().fold(Request::get(target), |request, (name, value)| request.header(*name, *value));
        let answer = place.send(peer, request, "").await;
        assert_eq!(answer.status, status, "{target} {headers:?}");
        assert!(!format!("{:?}{}", answer.headers, answer.body).contains("evil"), "{target} {headers:?}");
        assert!(!answer.body.contains("href") && !answer.headers.contains_key("location"));
        assert_eq!(answer.headers.get("connection").is_some(), status != 200, "{target} {headers:?}");
    }
}

#[tokio::test]
async fn w14_a_body_has_its_limit_on_every_route() {
    let place = place(Scheme::Https);
    assert_eq!(place.post("/length", &[], "x".repeat(65_536)).await.body, "65536");
    for path in ["/length", "/ignores", "/nowhere"] {
        assert_eq!(place.post(path, &[], "x".repeat(65_537)).await.status, 413, "{path}");
        assert_eq!(place.post(path, &[], Body::new(Endless)).await.status, 413, "{path}, without a length");
        assert_eq!(place.post(path, &[("content-encoding", "gzip")], "x").await.status, 415, "{path}");
        let announced = place.post(path, &[("expect", "100-continue")], "x".repeat(65_537)).await;
        assert_eq!(announced.status, 413, "{path}, announced");
    }
    assert_eq!(place.post("/length", &[("content-encoding", "identity")], "xy").await.body, "2");
    assert_eq!(place.post("/ignores", &[], "xy").await.body, "ignored");
}

/// A body that never ends by itself.
struct Endless;

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 1024])))))
    }
}

/// A body of which nothing ever arrives.
struct Never;

impl hyper::body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn w11_a_slow_body_is_cut_after_ten_seconds() {
    let place = place(Scheme::Https);
    let answer =
        timeout(limits::BODY_TIME + Duration::from_secs(1), place.post("/length", &[], Body::new(Never))).await;
    assert_eq!(answer.unwrap().status, 408);
    let answer = timeout(limits::BODY_TIME / 2, place.post("/length", &[], Body::new(Never))).await;
    assert!(answer.is_err(), "not before its time");
}

#[tokio::test]
async fn w09_handlers_see_the_client_behind_a_trusted_proxy_only() {
    let place = place(Scheme::Https);
    for (peer, expected) in [(STRANGER, "203.0.113.9"), (PROXY, "198.51.100.7")] {
        let request =
            Request::get("/who").header("host", "kau.example.org").header("x-forwarded-for", "1.2.3.4, 198.51.100.7");
        assert_eq!(place.send(peer, request, "").await.body, expected);
    }
}

#[tokio::test]
async fn a_panic_ends_one_request_and_tells_a_reference() {
    let place = place(Scheme::Https);
    let answer = place.get("/panics").await;
    assert_eq!(answer.status, 500);
    assert!(answer.body.contains("Hivatkozási szám: ") && !answer.body.contains("on purpose"), "{}", answer.body);
    assert_eq!(place.get("/").await.status, 200);
}

#[tokio::test]
async fn requests_are_counted_by_route_template() {
    let place = place(Scheme::Https);
    for path in ["/person/anna", "/person/bela?code=1", "/secret-path"] {
        place.get(path).await;
    }
    place.send(STRANGER, Request::get("/").header("host", "evil.example"), "").await;
    assert_eq!(place.counts.of("kau.example.org", "/person/{id}", 2), 2);
    assert_eq!(place.counts.of("kau.example.org", "none", 4), 1);
    assert_eq!(place.counts.of("none", "none", 4), 1);
    let mut text = Exposition::default();
    place.counts.write(&mut text);
    let text = text.into_text();
    assert!(!text.contains("anna") && !text.contains("secret") && !text.contains("evil"), "{text}");
}

#[tokio::test]
async fn assets_are_sent_as_the_browser_takes_them() {
    let place = place(Scheme::Https);
    let request =
        |coding: &str| Request::get(style_sheet()).header("host", "kau.example.org").header("accept-encoding", coding);
    let plain = place.send(STRANGER, request("identity"), "").await;
    assert_eq!(plain.headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(
        (plain.headers.get("content-encoding"), &plain.headers["vary"]),
        (None, &"accept-encoding".parse().unwrap())
    );
    let asset = ui::assets::find(style_sheet()).unwrap();
    assert_eq!(plain.body.as_bytes(), asset.bytes);
    let mut request = request("gzip, br").body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(STRANGER.parse::<std::net::SocketAddr>().unwrap()));
    let packed = place.front.answer(request).await;
    assert_eq!((packed.status(), &packed.headers()["content-encoding"]), (StatusCode::OK, &"gzip".parse().unwrap()));
    let packed = packed.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(packed, asset.gzip.unwrap());
    assert_eq!(place.get("/assets/nothing.css").await.status, 404);
}
