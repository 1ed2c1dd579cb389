//! What an enrolment session opens: the routes that are listed here by hand, and no other.

use axum::body::Body;
use http::{Method, Request, header};
use model::Lang;
use testkit::{Browser, Installation, KAU, Settings, UGYFELKAPU};
use web::UGYFELKAPU_ROUTES;

use crate::kit::{
    ANNA, BELA, Form, NAME_FIELD, PASSWORD, PASSWORD_FIELD, SAVED_FIELD, STEP, add_portal, audited,
    browser_with_portal, called_back, cookies, enrol_through, enrolling, request_of_portal, send, shown_key, sign_in,
    state, to_the_deletion_code, to_the_key, type_code, with_anna, with_enrolled_anna,
};

/// What the decisions (section 3) list: start, app, contact, contact-confirm, connect, confirm,
/// deletion code, its print and download, finish, status; and the wallet in place of the contact code.
const LISTED: [(&str, &str); 20] = [
    ("get", "/igenyles"),
    ("post", "/igenyles"),
    ("get", "/igenyles/alkalmazas"),
    ("post", "/igenyles/alkalmazas"),
    ("get", "/igenyles/kapcsolat"),
    ("post", "/igenyles/kapcsolat"),
    ("get", "/igenyles/kapcsolat/kod"),
    ("post", "/igenyles/kapcsolat/kod"),
    ("get", "/igenyles/dap"),
    ("post", "/igenyles/dap"),
    ("get", "/igenyles/dap/{token}"),
    ("post", "/igenyles/dap/{token}"),
    ("get", "/igenyles/osszekapcsolas"),
    ("post", "/igenyles/osszekapcsolas"),
    ("get", "/igenyles/torlokod"),
    ("post", "/igenyles/torlokod"),
    ("get", "/igenyles/torlokod/nyomtatas"),
    ("get", "/igenyles/torlokod/letoltes"),
    ("get", "/aktivalas"),
    ("post", "/aktivalas"),
];

/// What is open to somebody without any session: the sign-in, what stands in its place, help, and
/// the sign-out.
const OPEN: [(&str, &str); 19] = [
    ("get", "/"),
    ("post", "/"),
    ("get", "/kod/{id}"),
    ("post", "/kod/{id}"),
    ("get", "/aktivalas-kod"),
    ("post", "/aktivalas-kod"),
    ("get", "/elveszett"),
    ("post", "/elveszett"),
    ("get", "/feloldas"),
    ("post", "/feloldas"),
    ("get", "/feloldas/{token}"),
    ("post", "/feloldas/{token}"),
    ("get", "/nem-en-voltam/{token}"),
    ("post", "/nem-en-voltam/{token}"),
    ("get", "/segitseg"),
    ("get", "/utmutato"),
    ("get", "/akadalymentesseg"),
    ("get", "/adatkezeles"),
    ("post", "/kijelentkezes"),
];

/// A request as this browser would send it, with a good token.
fn request(browser: &Browser, csrf: &str, method: &str, path: &str) -> Request<Body> {
    let path = path.replace("{id}", &"0".repeat(32)).replace("{token}", &"a".repeat(43));
    let path = path.replace("{key}", &"0".repeat(64));
    let method: Method = method.to_ascii_uppercase().parse().expect("a method");
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "ugyfelkapu.localhost:8080")
        .header(header::COOKIE, cookies(browser, UGYFELKAPU))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(format!("csrf={csrf}")))
        .expect("a request")
}

/// Walks the whole table: everything that is not listed is closed and told to the audit.
async fn walk(gate: &Installation, browser: &Browser, csrf: &str) {
    let mut closed = 0;
    for (method, path) in UGYFELKAPU_ROUTES.iter().filter(|route| !LISTED.contains(route) && !OPEN.contains(route)) {
        let before = audited(gate, "scope.violation").await;
        let answer = send(gate.app(), request(browser, csrf, method, path)).await;
        assert_eq!(answer.status, 403, "{method} {path}");
        assert!(answer.body.contains("Ehhez mindkét lépés kell"), "{method} {path}: R-06");
        assert!(!answer.body.contains("Anna") && !answer.body.contains("@pelda.hu"), "{method} {path}: personal data");
        assert_eq!(audited(gate, "scope.violation").await, before + 1, "{method} {path}");
        closed += 1;
    }
    let pages = "the account's first page, sign-out of services, own data, what services receive, connected identities, \
                 credentials in a wallet, password, confirmation by a wallet, other device";
    assert_eq!(closed, 19, "{pages}");
}

#[tokio::test]
async fn t15_an_enrolment_session_opens_only_the_routes_that_are_listed() {
    for route in LISTED.iter().chain(&OPEN) {
        assert!(UGYFELKAPU_ROUTES.contains(route), "{route:?} is no route");
    }
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let token = Form::of(&anna).csrf().to_owned();
    walk(&gate, &anna, &token).await;
    to_the_key(&gate, &mut anna).await;
    walk(&gate, &anna, &token).await;
    let key = shown_key(anna.page());
    to_the_deletion_code(&gate, &mut anna, &key).await;
    walk(&gate, &anna, &token).await;
    anna.press("Befejezés", &[(SAVED_FIELD, testkit::TICKED)]).await;
    walk(&gate, &anna, &token).await;
}

#[tokio::test]
async fn t15_no_page_of_an_enrolment_session_tells_who_the_person_is() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    to_the_key(&gate, &mut anna).await;
    for (method, path) in UGYFELKAPU_ROUTES.iter().filter(|(method, path)| *method == "get" && !path.contains('{')) {
        let page = anna.visit(&format!("{UGYFELKAPU}{path}")).await;
        for datum in ["Minta", "Példa", "Próba", "Győr", "1958", "kovacs.anna@pelda.hu"] {
            assert!(!page.html().contains(datum), "{method} {path} shows {datum}");
        }
    }
}

#[tokio::test]
async fn t15_an_enrolment_session_does_not_switch_the_factor_off() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let (key, _) = enrol_through(&gate, &mut anna).await;
    gate.clock.pass(STEP);
    let token = anna.page().attribute("input[name=csrf]", "value").expect("a token");
    let code = gate.code(&key);
    let fields = [("csrf", &*token), ("tett", "inaktivalas"), ("jelszo", PASSWORD), ("kod", &*code)];
    assert_eq!(anna.lured(UGYFELKAPU, "/aktivalas", &fields).await.status, 403);
    assert_eq!(audited(&gate, "scope.violation").await, 1);
    assert_eq!(state(anna.visit("/aktivalas").await), "Aktív");
}

#[tokio::test]
async fn t15_an_enrolment_session_is_no_sign_in_at_the_broker() {
    let gate = with_anna(Settings::default()).await;
    add_portal(&gate).await;
    let mut anna = browser_with_portal(&gate);
    sign_in(&mut anna, ANNA, PASSWORD).await;
    let page = anna.visit(&request_of_portal("s")).await;
    assert_eq!(page.h1(), "Hogyan szeretne belépni?");
    let silent = format!("{}&prompt=none", request_of_portal("s"));
    assert_eq!(called_back(anna.visit(&silent).await)["error"], "login_required");
    // Nor does its handle do anything in the cookie of another kind of session.
    let handle = anna.cookie(UGYFELKAPU, "__Host-enrol").expect("an enrolment session");
    for (origin, name, path) in [(UGYFELKAPU, "__Host-account", "/fiok"), (KAU, "__Host-sso", "/kijelentkezes")] {
        let mut forger = gate.browser(Lang::Hu);
        forger.plant_cookie(origin, &format!("{name}={handle}; Path=/; Secure"));
        let page = forger.visit(&format!("{origin}{path}")).await;
        assert!(!page.text().contains(ANNA), "{name}");
        assert!(page.status == 401 || page.h1() == "Kijelentkezett", "{name}: {}", page.h1());
    }
}

#[tokio::test]
async fn t16_a_later_sign_in_neither_merges_nor_upgrades() {
    let (gate, key) = with_enrolled_anna().await;
    gate.add_person(BELA, PASSWORD).await;
    let mut shared = enrolling(&gate, BELA).await;
    let enrolment = shared.cookie(UGYFELKAPU, "__Host-enrol").expect("an enrolment session");
    let mut tab = shared.tab();
    // Somebody else's sign-in: without the broker's name in the address it would lead to Béla's enrolment.
    gate.clock.pass(STEP);
    tab.visit(&format!("{UGYFELKAPU}/?b={}", "0".repeat(32))).await;
    tab.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
    type_code(&mut tab, &gate.code(&key)).await;
    assert_eq!(tab.page().url.path(), "/fiok");
    let account = tab.cookie(UGYFELKAPU, "__Host-account").expect("a full session");
    assert_ne!(account, enrolment);
    assert!(tab.cookie(UGYFELKAPU, "__Host-enrol").is_none());
    // What Béla's tab sends now is of no session of his.
    assert_eq!(shared.press("Ügyfélkapu+ igénylése", &[]).await.status, 403);

    let mut kept = gate.browser(Lang::Hu);
    kept.plant_cookie(UGYFELKAPU, &format!("__Host-enrol={enrolment}; Path=/; Secure"));
    assert_eq!(kept.visit(&format!("{UGYFELKAPU}/fiok")).await.status, 403);
    assert_eq!(state(kept.visit("/aktivalas").await), "Még nem igényelte", "it is Béla's still, and no more");
}
