//! "Aktiválás és inaktiválás" and "Beállítás másik eszközre".

use std::time::Duration;

use broker::{Notice, TotpKey};
use model::Lang;
use testkit::{Browser, Installation, Page, TICKED, UGYFELKAPU};

use crate::kit::{
    ANNA, APP_CODE_FIELD, BELA, Form, NAME_FIELD, PASSWORD, PASSWORD_FIELD, SAVED_FIELD, STEP, WRONG, add_portal,
    browser_with_portal, enrol_through, enrolling, notices, past_the_app, request_of_portal, send, sign_in, signed_in,
    state, to_the_deletion_code, type_code, with_enrolled_anna,
};

async fn at_the_state(browser: &mut Browser) -> &Page {
    browser.visit(&format!("{UGYFELKAPU}/aktivalas")).await
}

async fn switch<'b>(browser: &'b mut Browser, button: &str, password: &str, code: &str) -> &'b Page {
    browser.press(button, &[(PASSWORD_FIELD, password), (APP_CODE_FIELD, code)]).await
}

/// Somebody in a full session whose authenticator is switched off.
async fn switched_off(gate: &Installation, key: &TotpKey) -> Browser {
    let mut anna = signed_in(gate, ANNA, key).await;
    at_the_state(&mut anna).await;
    gate.clock.pass(STEP);
    switch(&mut anna, "Inaktiválás", PASSWORD, &gate.code(key)).await;
    assert_eq!(state(anna.page()), "Nem aktív");
    anna
}

#[tokio::test]
async fn a_person_switches_off_and_on_again() {
    let (gate, key) = with_enrolled_anna().await;
    let mut elsewhere = signed_in(&gate, ANNA, &key).await;
    let mut anna = switched_off(&gate, &key).await;
    assert_eq!(anna.page().notice().as_deref(), Some("Az Ügyfélkapu+ már nem aktív. Erről levelet is küldtünk."));
    assert_eq!(notices(&gate).await, [Notice::Inactivated]);
    assert_eq!(elsewhere.visit("/fiok").await.status, 401, "all other sessions end");

    gate.clock.pass(STEP);
    let page = switch(&mut anna, "Aktiválás", PASSWORD, &gate.code(&key)).await;
    assert_eq!(state(page), "Aktív");
    assert_eq!(notices(&gate).await, [Notice::Activated]);
    signed_in(&gate, ANNA, &key).await;
}

#[tokio::test]
async fn an_inactive_factor_never_reopens_the_password_alone() {
    let (gate, key) = with_enrolled_anna().await;
    add_portal(&gate).await;
    switched_off(&gate, &key).await;
    gate.deliver().await;

    let mut portal = browser_with_portal(&gate);
    portal.visit(&request_of_portal("s")).await;
    portal.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    portal.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
    assert_eq!(portal.page().h1(), "Egy lépés hiányzik");
    assert!(portal.page().text().contains("A második lépést Ön kikapcsolta. A belépéshez kapcsolja vissza."), "R-08");

    // On the account's own pages the password opens an enrolment session, which switches it on.
    let mut anna = enrolling(&gate, ANNA).await;
    assert_eq!(anna.visit("/fiok").await.status, 403);
    at_the_state(&mut anna).await;
    gate.clock.pass(STEP);
    assert_eq!(state(switch(&mut anna, "Aktiválás", PASSWORD, &gate.code(&key)).await), "Aktív");
    assert_eq!(anna.visit("/fiok").await.status, 403, "and is not upgraded by it");
    assert_eq!(notices(&gate).await, [Notice::Activated]);
}

#[tokio::test]
async fn a_factor_that_was_off_for_ninety_days_is_enrolled_anew() {
    let (gate, key) = with_enrolled_anna().await;
    switched_off(&gate, &key).await;
    gate.clock.pass(Duration::from_hours(90 * 24));
    let mut anna = enrolling(&gate, ANNA).await;
    at_the_state(&mut anna).await;
    let page = switch(&mut anna, "Aktiválás", PASSWORD, &gate.code(&key)).await;
    assert_ne!(page.status, 200);
    assert_eq!(state(at_the_state(&mut anna).await), "Nem aktív");
    anna.follow("Ügyfélkapu+ igénylése").await;
    let (fresh, _) = enrol_through(&gate, &mut anna).await;
    signed_in(&gate, ANNA, &fresh).await;
}

#[tokio::test]
async fn t33_switching_off_takes_the_password_and_a_live_code_of_one_s_own() {
    let (gate, key) = with_enrolled_anna().await;
    gate.add_person(BELA, PASSWORD).await;
    let (of_bela, _) = gate.enrol(BELA).await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    at_the_state(&mut anna).await;
    let used = gate.code(&key);
    gate.clock.pass(STEP);
    let (own, others) = (gate.code(&key), gate.code(&of_bela));
    let wrong = "A jelszó vagy a kód nem jó. Írja be újra mindkettőt.";
    let again = "Ezt a kódot már felhasználta. Várja meg a következőt.";
    let table = [
        (PASSWORD, &others, wrong),
        (WRONG, &own, wrong),
        (PASSWORD, &used, again),
        (PASSWORD, &String::new(), "Írja be a hatjegyű kódot."),
    ];
    for (password, code, told) in table {
        let page = switch(&mut anna, "Inaktiválás", password, code).await;
        assert_eq!(page.status, 422, "{told}");
        assert_eq!(page.problems(), [told]);
        assert_eq!(state(page), "Aktív");
    }
    // A proof that is older than its form: the code has run out by itself.
    gate.clock.pass(Duration::from_mins(5));
    assert_eq!(switch(&mut anna, "Inaktiválás", PASSWORD, &own).await.status, 422);
    assert_eq!(state(at_the_state(&mut anna).await), "Aktív");
}

#[tokio::test]
async fn t33_another_site_cannot_switch_off() {
    let (gate, key) = with_enrolled_anna().await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    gate.clock.pass(STEP);
    let code = gate.code(&key);
    let fields = [("tett", "inaktivalas"), ("jelszo", PASSWORD), ("kod", &*code)];
    let address = format!("{UGYFELKAPU}/aktivalas");
    // A browser of today does not even send the session along.
    assert_eq!(anna.lured("https://gonosz.pelda.hu", &address, &fields).await.status, 401);
    at_the_state(&mut anna).await;
    let form = Form::of(&anna);
    for site in ["cross-site", "same-site"] {
        let mut request = form.filled(&fields);
        request.headers_mut().insert("sec-fetch-site", site.parse().expect("a value"));
        assert_eq!(send(gate.app(), request).await.status, 403, "{site}");
    }
    // Not even from here without the form's token.
    assert_eq!(anna.lured(UGYFELKAPU, &address, &fields).await.status, 403);
    assert_eq!(state(at_the_state(&mut anna).await), "Aktív");
}

#[tokio::test]
async fn another_device_takes_over_at_befejezes_and_not_before() {
    let (gate, old) = with_enrolled_anna().await;
    let mut anna = signed_in(&gate, ANNA, &old).await;
    anna.follow("Beállítás másik eszközre").await;
    gate.clock.pass(STEP);
    let code = gate.code(&old);
    let page = anna.press("Tovább", &[(PASSWORD_FIELD, PASSWORD), ("Hatjegyű kód a régi eszközről", &code)]).await;
    assert_eq!(page.url.path(), "/igenyles/alkalmazas");
    let new = past_the_app(&gate, &mut anna).await;
    let label = anna.page().texts(".facts dd").into_iter().next();
    assert_eq!(label.as_deref(), Some("Kapu:kovacs.anna (2)"), "apps overwrite equal labels");

    let mut elsewhere = signed_in(&gate, ANNA, &old).await;
    to_the_deletion_code(&gate, &mut anna, &new).await;
    anna.press("Befejezés", &[(SAVED_FIELD, TICKED)]).await;
    assert_eq!(state(anna.page()), "Aktív");
    assert_eq!(notices(&gate).await, [Notice::OtherDevice]);
    assert_eq!(elsewhere.visit("/fiok").await.status, 401);
    assert_eq!(anna.visit("/fiok").await.status, 200, "a full session goes on");

    gate.clock.pass(STEP);
    let mut thief = gate.browser(Lang::Hu);
    sign_in(&mut thief, ANNA, PASSWORD).await;
    assert_eq!(type_code(&mut thief, &gate.code(&old)).await.status, 422);
    signed_in(&gate, ANNA, &new).await;
}

#[tokio::test]
async fn another_device_needs_the_old_one() {
    let (gate, key) = with_enrolled_anna().await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    anna.visit("/masik-eszkoz").await;
    let used = gate.code(&key);
    for (password, code) in [(WRONG, &*used), (PASSWORD, &*used), (PASSWORD, "000000")] {
        let fields = [(PASSWORD_FIELD, password), ("Hatjegyű kód a régi eszközről", code)];
        assert_eq!(anna.press("Tovább", &fields).await.status, 422);
    }
    assert_ne!(anna.visit("/igenyles/osszekapcsolas").await.status, 200);
}
