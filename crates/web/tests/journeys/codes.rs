//! The six-digit code at sign-in: which are accepted, once, and how many may be wrong.

use std::time::Duration;

use broker::{Notice, TotpKey};
use model::Lang;
use testkit::{Browser, Installation};

use crate::kit::{
    ANNA, Form, NAME_FIELD, PASSWORD, PASSWORD_FIELD, STEP, add_portal, audited, browser_with_portal, notices,
    request_of_portal, send, sign_in, signed_in, type_code, with_anna, with_enrolled_anna,
};

/// Waits out whatever wait is on, signs in with the password, and types so many wrong codes.
async fn type_wrong_codes(gate: &Installation, browser: &mut Browser, key: &TotpKey, count: usize) {
    for _ in 0..count {
        type_code(browser, &gate.code_after(key, 50)).await;
    }
}

#[tokio::test]
async fn t02_the_window_is_one_step_either_way() {
    let gate = with_anna(testkit::Settings::default()).await;
    for (n, (steps, accepted)) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)].into_iter().enumerate() {
        let name = format!("fresh.person{n}");
        gate.add_person(&name, PASSWORD).await;
        let (key, _) = gate.enrol(&name).await;
        let mut browser = gate.browser(Lang::Hu);
        sign_in(&mut browser, &name, PASSWORD).await;
        let page = type_code(&mut browser, &gate.code_after(&key, steps)).await;
        assert_eq!(page.url.path() == "/fiok", accepted, "{steps}");
        assert_eq!(page.status, if accepted { 200 } else { 422 }, "{steps}");
    }
}

#[tokio::test]
async fn t03_steps_only_go_up() {
    let (gate, key) = with_enrolled_anna().await;
    for (steps, status) in [(0, 200), (0, 422), (-1, 422), (1, 200)] {
        let mut browser = gate.browser(Lang::Hu);
        sign_in(&mut browser, ANNA, PASSWORD).await;
        assert_eq!(type_code(&mut browser, &gate.code_after(&key, steps)).await.status, status, "{steps}");
    }
}

#[tokio::test]
async fn t07_what_is_typed_is_read_generously_and_what_is_no_code_costs_nothing() {
    let (gate, key) = with_enrolled_anna().await;
    let mut browser = gate.browser(Lang::Hu);
    sign_in(&mut browser, ANNA, PASSWORD).await;
    let arabic: String = gate.code(&key).chars().map(|c| char::from_u32(0x660 + c as u32 - 48).unwrap()).collect();
    let nonsense = ["12345", "1234567", "+12345", "12345a", &arabic, "12.456", "１２３４５"];
    for typed in nonsense {
        assert_eq!(type_code(&mut browser, typed).await.status, 422, "{typed}");
    }
    let long = "1".repeat(65);
    assert_eq!(type_code(&mut browser, &long).await.status, 413);
    sign_in(&mut browser, ANNA, PASSWORD).await;
    assert_eq!(type_code(&mut browser, "").await.problems(), ["Írja be a hatjegyű kódot."]);
    assert_eq!(audited(&gate, "code.differed").await, 0, "none of these was a try");

    let spaced = |code: String| format!(" {} {} ", &code[..3], &code[3..]);
    let dashed = |code: String| format!("{}-{}", &code[..3], &code[3..]);
    let wide = |code: String| code.chars().map(|c| char::from_u32(0xff10 + c as u32 - 48).unwrap()).collect();
    let writings: [&dyn Fn(String) -> String; 3] = [&spaced, &dashed, &wide];
    for writing in writings {
        gate.clock.pass(STEP);
        let mut browser = gate.browser(Lang::Hu);
        sign_in(&mut browser, ANNA, PASSWORD).await;
        let typed = writing(gate.code(&key));
        assert_eq!(type_code(&mut browser, &typed).await.url.path(), "/fiok", "{typed}");
    }
}

#[tokio::test]
async fn t08_five_wrong_codes_lead_back_to_the_password_and_to_a_wait_that_doubles() {
    let (gate, key) = with_enrolled_anna().await;
    let mut browser = gate.browser(Lang::Hu);
    for (round, minutes) in [1, 2, 4].into_iter().enumerate() {
        sign_in(&mut browser, ANNA, PASSWORD).await;
        type_wrong_codes(&gate, &mut browser, &key, 4).await;
        assert_eq!(browser.page().status, 422);
        let told = &browser.page().problems()[0];
        assert!(told.starts_with("Ez a kód sem jó."), "{told}");
        let page = type_code(&mut browser, &gate.code_after(&key, 50)).await;
        assert_eq!(page.status, 429, "round {round}");
        assert_eq!(page.header("retry-after"), Some(&*(minutes * 60).to_string()));
        assert!(page.text().contains("Túl sok hibás próbálkozás"));

        // Back to the password; and until the time is up not even the right code is looked at.
        let page = sign_in(&mut browser, ANNA, PASSWORD).await;
        assert_eq!(page.h1(), "Írja be a hatjegyű kódot");
        assert_eq!(type_code(&mut browser, &gate.code(&key)).await.status, 429);
        gate.clock.pass(Duration::from_mins(minutes));
    }
    sign_in(&mut browser, ANNA, PASSWORD).await;
    assert_eq!(type_code(&mut browser, &gate.code(&key)).await.url.path(), "/fiok");
}

#[tokio::test]
async fn t08_the_page_for_the_code_is_gone_after_the_fifth() {
    let (gate, key) = with_enrolled_anna().await;
    let mut browser = gate.browser(Lang::Hu);
    sign_in(&mut browser, ANNA, PASSWORD).await;
    let form = Form::of(&browser);
    type_wrong_codes(&gate, &mut browser, &key, 5).await;
    gate.clock.pass(Duration::from_mins(1));
    let code = gate.code(&key);
    assert_eq!(send(gate.app(), form.filled(&[("kod", &code)])).await.status, 410, "the password comes first");
    // The code was not used up by that.
    sign_in(&mut browser, ANNA, PASSWORD).await;
    assert_eq!(type_code(&mut browser, &code).await.url.path(), "/fiok");
}

#[tokio::test]
async fn t08_the_broker_leads_back_to_the_password_too() {
    let (gate, key) = with_enrolled_anna().await;
    add_portal(&gate).await;
    let mut browser = browser_with_portal(&gate);
    browser.visit(&request_of_portal("s")).await;
    let choice = browser.page().url.clone();
    browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    browser.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
    type_wrong_codes(&gate, &mut browser, &key, 5).await;
    assert_eq!((browser.page().status.as_u16(), browser.page().header("retry-after")), (429, Some("60")));
    browser.visit(&format!("{choice}/kod")).await;
    assert_eq!(browser.page().url, choice, "no code is awaited any more");
}

#[tokio::test]
async fn t09_twenty_wrong_codes_freeze_the_authenticator() {
    let (gate, key) = with_enrolled_anna().await;
    let mut inside = signed_in(&gate, ANNA, &key).await;
    let mut browser = gate.browser(Lang::Hu);
    for _ in 0..3 {
        sign_in(&mut browser, ANNA, PASSWORD).await;
        type_wrong_codes(&gate, &mut browser, &key, 5).await;
        assert_eq!(browser.page().status, 429);
        for _ in 0..2 {
            gate.clock.pass(Duration::from_mins(8));
            assert_eq!(inside.visit("/fiok").await.status, 200);
        }
    }
    sign_in(&mut browser, ANNA, PASSWORD).await;
    type_wrong_codes(&gate, &mut browser, &key, 5).await;
    assert_eq!((browser.page().status.as_u16(), browser.page().h1().as_str()), (403, "A fiókját zároltuk"));
    assert_eq!(notices(&gate).await, [Notice::AuthenticatorFrozen]);
    assert_eq!(inside.visit("/fiok").await.status, 401, "whoever tried holds the password: nothing stays open");

    gate.clock.pass(Duration::from_hours(24));
    let page = sign_in(&mut browser, ANNA, PASSWORD).await;
    assert_eq!((page.status.as_u16(), page.h1().as_str()), (403, "A fiókját zároltuk"));
    assert!(browser.cookie(testkit::UGYFELKAPU, "__Host-enrol").is_none(), "a frozen factor is no missing one");

    let name = model::UserName::parse(ANNA).expect("a name");
    gate.broker.unfreeze(&name).await.expect("it is frozen");
    let page = sign_in(&mut browser, ANNA, PASSWORD).await;
    assert_eq!(page.status, 422, "whoever tried holds the password: it is void");
    let code = gate.mailed_code().await;
    browser.visit(&format!("{}/aktivalas-kod", testkit::UGYFELKAPU)).await;
    let new = "negy-uj-szo-vonatjegy";
    let fields = [(NAME_FIELD, ANNA), ("Aktiváló kód", &code), ("Új jelszó", new), ("Új jelszó még egyszer", new)];
    browser.press("Fiók aktiválása", &fields).await;
    assert_eq!(sign_in(&mut browser, ANNA, new).await.url.path(), "/igenyles");
}

#[tokio::test]
async fn t10_a_hundred_wrong_codes_in_a_year_freeze_whatever_succeeds_between() {
    let (gate, key) = with_enrolled_anna().await;
    let mut browser = gate.browser(Lang::Hu);
    for _ in 0..24 {
        gate.clock.pass(Duration::from_hours(24));
        sign_in(&mut browser, ANNA, PASSWORD).await;
        type_wrong_codes(&gate, &mut browser, &key, 4).await;
        assert_eq!(browser.page().status, 422);
        assert_eq!(type_code(&mut browser, &gate.code(&key)).await.url.path(), "/fiok");
        browser.forget_cookies();
    }
    gate.clock.pass(Duration::from_hours(24));
    sign_in(&mut browser, ANNA, PASSWORD).await;
    type_wrong_codes(&gate, &mut browser, &key, 3).await;
    assert_eq!(browser.page().status, 422, "the ninety-ninth");
    type_wrong_codes(&gate, &mut browser, &key, 1).await;
    assert_eq!(browser.page().status, 403, "the hundredth");
    assert_eq!(notices(&gate).await, [Notice::AuthenticatorFrozen]);
}

#[tokio::test]
async fn the_code_is_awaited_for_ten_minutes() {
    let (gate, key) = with_enrolled_anna().await;
    for (passed, path) in [(599, "/fiok"), (600, "")] {
        let mut browser = gate.browser(Lang::Hu);
        sign_in(&mut browser, ANNA, PASSWORD).await;
        gate.clock.pass(Duration::from_secs(passed));
        let page = type_code(&mut browser, &gate.code(&key)).await;
        assert_eq!(page.url.path() == "/fiok", path == "/fiok", "{passed}");
        assert_eq!(page.status, if path == "/fiok" { 200 } else { 410 });
    }
}
