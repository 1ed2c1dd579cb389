//! User names: nobody learns which exist, and nothing that is typed as one does anything else.

use std::net::{Ipv4Addr, SocketAddr};

use model::Lang;
use testkit::{Browser, Installation, KAU, Settings, UGYFELKAPU};

use crate::kit::{
    ANNA, APP_CODE_FIELD, BELA, DELETION_FIELD, Form, NAME_FIELD, PASSWORD, PASSWORD_FIELD, STEP, WRONG, add_portal,
    audited, browser_with_portal, enrol_through, enrolling, not_me_link, request_of_portal, send, sign_in, signed_in,
    type_code, with_anna, with_enrolled_anna, without_tokens,
};

/// One name of each kind, all of the same length.
const UNKNOWN: &str = "nincs.ilyen";
const ENROLLED: &str = "nagy.eszter";
const SWITCHED_OFF: &str = "kiss.istvan";
const FROZEN: &str = "toth.gabor1";
const FROZEN_FACTOR: &str = "horvath.eva";
const NEW: &str = "varga.judit";

async fn everybody() -> Installation {
    let gate = with_anna(Settings::default()).await;
    for name in [ENROLLED, SWITCHED_OFF, FROZEN, FROZEN_FACTOR] {
        gate.add_person(name, PASSWORD).await;
    }
    gate.enrol(ENROLLED).await;
    let (key, _) = gate.enrol(SWITCHED_OFF).await;
    let mut off = signed_in(&gate, SWITCHED_OFF, &key).await;
    off.visit("/aktivalas").await;
    gate.clock.pass(STEP);
    off.press("Inaktiválás", &[(PASSWORD_FIELD, PASSWORD), (APP_CODE_FIELD, &gate.code(&key))]).await;
    enrol_through(&gate, &mut enrolling(&gate, FROZEN).await).await;
    freeze(&gate).await;
    let (key, _) = gate.enrol(FROZEN_FACTOR).await;
    for _ in 0..4 {
        let mut browser = gate.browser(Lang::Hu);
        sign_in(&mut browser, FROZEN_FACTOR, PASSWORD).await;
        for _ in 0..5 {
            type_code(&mut browser, &gate.code_after(&key, 50)).await;
        }
        gate.clock.pass(std::time::Duration::from_mins(15));
    }
    gate.add_new_person(NEW).await;
    gate.deliver().await;
    gate
}

/// Presses "not me" in the last letter.
async fn freeze(gate: &Installation) {
    let mut owner = gate.browser(Lang::Hu);
    owner.visit(&not_me_link(gate).await).await;
    owner.press("Nem én voltam, zárolják a fiókot", &[]).await;
    assert_eq!(owner.page().status, 200);
}

/// What a browser gets to see of an answer, without what differs in any two.
fn seen(browser: &Browser, name: &str, id: &str) -> (u16, Vec<String>, String) {
    let page = browser.page();
    let headers = page.headers.iter().filter(|(name, _)| *name != "set-cookie");
    let headers = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
    (page.status.as_u16(), headers, without_tokens(page).replace(name, "").replace(id, ""))
}

#[tokio::test]
async fn i05_a_wrong_password_says_the_same_of_every_name() {
    let gate = everybody().await;
    add_portal(&gate).await;
    let names = [ANNA, UNKNOWN, ENROLLED, SWITCHED_OFF, FROZEN, FROZEN_FACTOR, NEW];
    // The eleventh try is refused, for all of them.
    for try_ in 1..=11 {
        let mut answers = Vec::new();
        for name in names {
            let mut browser = gate.browser(Lang::Hu);
            sign_in(&mut browser, name, WRONG).await;
            answers.push(seen(&browser, name, ""));
        }
        assert_eq!(answers[0].0, if try_ <= 10 { 422 } else { 429 });
        for (name, answer) in names.iter().zip(&answers) {
            assert_eq!(answer, &answers[0], "{name} at try {try_}");
        }
    }
}

#[tokio::test]
async fn i05_a_wrong_password_says_the_same_of_every_name_at_the_broker() {
    let gate = everybody().await;
    add_portal(&gate).await;
    let mut answers = Vec::new();
    for name in [ANNA, UNKNOWN, ENROLLED, SWITCHED_OFF, FROZEN, FROZEN_FACTOR, NEW] {
        let mut browser = browser_with_portal(&gate);
        browser.visit(&request_of_portal("s")).await;
        let id = browser.page().url.path().trim_start_matches("/b/").to_owned();
        browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
        browser.press("Bejelentkezés", &[(NAME_FIELD, name), (PASSWORD_FIELD, WRONG)]).await;
        answers.push((name, seen(&browser, name, &id)));
    }
    for (name, answer) in &answers {
        assert_eq!(answer.0, 422, "{name}");
        assert_eq!(answer, &answers[0].1, "{name}");
    }
}

#[tokio::test]
async fn i05_a_wrong_password_with_a_deletion_code_says_the_same_of_every_name() {
    let gate = everybody().await;
    let (_, code) = gate.enrol(ANNA).await;
    let code = code.groups().expose().concat();
    let mut answers = Vec::new();
    for name in [ANNA, UNKNOWN, ENROLLED, SWITCHED_OFF, FROZEN, FROZEN_FACTOR, NEW] {
        let mut browser = gate.browser(Lang::Hu);
        browser.visit(&format!("{UGYFELKAPU}/elveszett")).await;
        let fields = [(NAME_FIELD, name), (PASSWORD_FIELD, WRONG), (DELETION_FIELD, &*code)];
        browser.press("Tovább az új beállításhoz", &fields).await;
        answers.push((name, seen(&browser, name, "")));
    }
    for (name, answer) in &answers {
        assert_eq!(answer.0, 422, "{name}");
        assert_eq!(answer, &answers[0].1, "{name}");
    }
}

#[tokio::test]
async fn t13_the_owner_on_a_known_device_is_not_locked_out_by_strangers() {
    let (gate, key) = with_enrolled_anna().await;
    let mut known = signed_in(&gate, ANNA, &key).await;
    assert!(known.cookie(UGYFELKAPU, "__Host-device").is_some());
    known.press("Kijelentkezés", &[]).await;
    for network in 0..100 {
        let address = SocketAddr::from((Ipv4Addr::new(203, 0, network, 7), 40_000));
        let mut stranger = gate.browser(Lang::Hu).from_address(address);
        assert_eq!(sign_in(&mut stranger, ANNA, WRONG).await.status, 422, "{network}");
    }
    let address = SocketAddr::from((Ipv4Addr::new(198, 51, 100, 7), 40_000));
    let mut stranger = gate.browser(Lang::Hu).from_address(address);
    assert_eq!(
        sign_in(&mut stranger, ANNA, WRONG).await.status,
        429,
        "a hundred in thirty days, all networks together"
    );
    gate.clock.pass(STEP);
    sign_in(&mut known, ANNA, PASSWORD).await;
    assert_eq!(type_code(&mut known, &gate.code(&key)).await.url.path(), "/fiok");
}

#[tokio::test]
async fn another_device_s_cookie_opens_no_counter_of_anna_s() {
    let (gate, key) = with_enrolled_anna().await;
    gate.add_person(BELA, PASSWORD).await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    for _ in 0..10 {
        assert_eq!(sign_in_elsewhere(&mut anna, BELA).await, 422);
    }
    assert_eq!(sign_in_elsewhere(&mut anna, BELA).await, 429, "Béla's account does not know this device");
}

async fn sign_in_elsewhere(browser: &mut Browser, name: &str) -> u16 {
    if browser.page().buttons().iter().any(|button| button == "Kijelentkezés") {
        browser.press("Kijelentkezés", &[]).await;
    }
    sign_in(browser, name, WRONG).await.status.as_u16()
}

#[tokio::test]
async fn w16_w17_whatever_is_typed_as_a_name_is_shown_as_it_is_and_does_nothing() {
    let gate = with_anna(Settings::default()).await;
    add_portal(&gate).await;
    let typed = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onfocus=alert(1) autofocus='",
        "javascript:alert(1)",
        "</title><svg/onload=alert(1)>",
        "{{7*7}}",
        "${7*7}",
        "{% include '/etc/passwd' %}",
        "' OR '1'='1' --",
        "'; DROP TABLE person; --",
        "*)(uid=*))(|(uid=*",
        "{\"$ne\": null}",
        "../../etc/passwd",
        "anna\u{7f}",
        "%s%n",
    ];
    for name in typed {
        let mut browser = browser_with_portal(&gate);
        sign_in(&mut browser, name, name).await;
        assert_eq!(browser.page().status, 422, "{name}");
        assert_eq!(browser.page().value(NAME_FIELD), name, "it comes back as text");
        assert!(browser.page().texts("script, img, [onfocus], [onload], [onerror]").is_empty(), "{name}");
        browser.visit(&format!("{UGYFELKAPU}/elveszett")).await;
        let fields = [(NAME_FIELD, name), (PASSWORD_FIELD, name), (DELETION_FIELD, name)];
        browser.press("Tovább az új beállításhoz", &fields).await;
        assert!([422, 413].contains(&browser.page().status.as_u16()), "{name}: {}", browser.page().status);
        assert!(browser.page().texts("script, img, [onfocus], [onload], [onerror]").is_empty(), "{name}");
        browser.visit(&request_of_portal("s")).await;
        browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
        browser.press("Bejelentkezés", &[(NAME_FIELD, name), (PASSWORD_FIELD, name)]).await;
        assert_eq!(browser.page().status, 422, "{name}");
    }
    enrolling(&gate, ANNA).await;
}

#[tokio::test]
async fn w18_w19_only_case_and_surrounding_space_are_folded() {
    let gate = with_anna(Settings::default()).await;
    for name in ["Kovacs.Anna", "KOVACS.ANNA", " kovacs.anna ", "\tkovacs.anna"] {
        assert_eq!(sign_in(&mut gate.browser(Lang::Hu), name, PASSWORD).await.url.path(), "/igenyles", "{name:?}");
    }
    let others = [
        "kovаcs.anna",         // Cyrillic а
        "ｋovacs.anna",        // full width
        "kovacs.anna\u{200d}", // zero-width joiner
        "\u{202e}kovacs.anna", // right-to-left override
        "kovács.anna",
        "kova\u{301}cs.anna", // decomposed
        "kovacs.anna.",
        "ﬁkovacs.anna",
        "kovacs.annaı",
    ];
    for name in others {
        assert_eq!(sign_in(&mut gate.browser(Lang::Hu), name, PASSWORD).await.status, 422, "{name:?}");
    }
}

#[tokio::test]
async fn w20_a_name_has_an_end_and_is_text() {
    let gate = with_anna(Settings::default()).await;
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(UGYFELKAPU).await;
    let form = Form::of(&browser);
    let long = "a".repeat(1_000_000);
    assert_eq!(send(gate.app(), form.filled(&[("nev", &long), ("jelszo", "x")])).await.status, 413);
    for bad in ["%ED%A0%80", "%FF", "%C0%AF", "%F5%80%80%80", "kovacs.anna%80"] {
        for field in ["nev", "jelszo"] {
            let body = format!("csrf={}&{field}={bad}", form.csrf());
            assert_eq!(send(gate.app(), form.sent(body)).await.status, 400, "{field}={bad}");
        }
    }
    assert_eq!(audited(&gate, "password.attempt").await, 0);
    assert_eq!(browser.visit(&format!("{KAU}/b/%FF")).await.status.as_u16() / 100, 4);
}
