//! A lost phone: the deletion code removes the authenticator, and only with the password.

use std::time::Duration;

use axum::body::Body;
use broker::Notice;
use http::Request;
use model::Lang;
use testkit::{Browser, Installation, KAU, Page, UGYFELKAPU};

use crate::kit::{
    ANNA, BELA, DELETION_FIELD, Form, NAME_FIELD, PASSWORD, PASSWORD_FIELD, PORTAL, STEP, WRONG, add_portal, at_once,
    audited, browser_with_portal, called_back, enrol_through, enrolling, notices, request_of_portal, sign_in,
    sign_in_fully, signed_in, statuses, type_code, with_anna, without_tokens,
};

/// An enrolled person, her deletion code as 20 digits, and the installation.
async fn with_deletion_code() -> (Installation, broker::TotpKey, String) {
    let gate = with_anna(testkit::Settings::default()).await;
    let (key, code) = gate.enrol(ANNA).await;
    let digits = code.groups().expose().concat();
    (gate, key, digits)
}

async fn lose<'b>(browser: &'b mut Browser, password: &str, code: &str) -> &'b Page {
    browser.visit(&format!("{UGYFELKAPU}/elveszett")).await;
    let fields = [(NAME_FIELD, ANNA), (PASSWORD_FIELD, password), (DELETION_FIELD, code)];
    browser.press("Tovább az új beállításhoz", &fields).await
}

/// A well-formed code that is another one.
async fn another_code(gate: &Installation) -> String {
    gate.add_person(BELA, PASSWORD).await;
    let (_, code) = gate.enrol(BELA).await;
    code.groups().expose().concat()
}

#[tokio::test]
async fn the_deletion_code_leads_straight_to_a_new_enrolment() {
    let (gate, old, code) = with_deletion_code().await;
    let mut anna = gate.browser(Lang::Hu);
    anna.visit(UGYFELKAPU).await;
    anna.follow("Elveszett vagy új telefonom van").await;
    assert_eq!(anna.page().h1(), "Elveszett vagy új telefonja van?");
    let page = lose(&mut anna, PASSWORD, &code).await;
    assert_eq!(page.h1(), "Állítsa be az új telefonját");
    assert_eq!(page.notice().as_deref(), Some("A régi telefon kapcsolatát töröltük. A fiókja megmaradt."));
    assert_eq!(notices(&gate).await, [Notice::DeletionCodeUsed]);
    // Two secrets vouched for the person: no contact code.
    let (key, fresh) = enrol_through(&gate, &mut anna).await;
    assert_ne!(fresh.replace(' ', ""), code);
    signed_in(&gate, ANNA, &key).await;
    let mut thief = gate.browser(Lang::Hu);
    sign_in(&mut thief, ANNA, PASSWORD).await;
    assert_eq!(type_code(&mut thief, &gate.code(&old)).await.status, 422);
}

#[tokio::test]
async fn t27_spaces_dashes_and_full_width_digits_are_fine() {
    let writings: [fn(&str) -> String; 4] =
        [str::to_owned, |code| in_groups(code, " "), |code| in_groups(code, "-"), in_full_width];
    for writing in writings {
        let (gate, _, code) = with_deletion_code().await;
        let typed = writing(&code);
        assert_eq!(lose(&mut gate.browser(Lang::Hu), PASSWORD, &typed).await.url.path(), "/igenyles", "{typed}");
    }
}

fn in_groups(code: &str, sign: &str) -> String {
    [&code[..5], &code[5..10], &code[10..15], &code[15..]].join(sign)
}

fn in_full_width(code: &str) -> String {
    code.chars().map(|c| char::from_u32(0xff10 + c as u32 - '0' as u32).expect("a digit")).collect()
}

#[tokio::test]
async fn t28_a_typing_error_is_named_by_its_group_and_costs_nothing() {
    let (gate, _, code) = with_deletion_code().await;
    let mut anna = gate.browser(Lang::Hu);
    let digits: Vec<char> = code.chars().collect();
    let mut typed = Vec::new();
    for place in 0..20 {
        let mut wrong = digits.clone();
        wrong[place] = if wrong[place] == '9' { '0' } else { char::from(wrong[place] as u8 + 1) };
        typed.push((wrong, place / 5 + 1));
    }
    for group in 0..4 {
        for place in group * 5..group * 5 + 4 {
            let mut wrong = digits.clone();
            wrong.swap(place, place + 1);
            if wrong != digits {
                typed.push((wrong, group + 1));
            }
        }
    }
    let swapped: Vec<char> = [&digits[5..10], &digits[..5], &digits[10..]].concat();
    assert_ne!(swapped, digits);
    typed.push((swapped, 1));
    for (wrong, group) in typed {
        let page = lose(&mut anna, PASSWORD, &wrong.iter().collect::<String>()).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.problems(), [format!("Elírás van a {group}. csoportban. Nézze meg a papíron.")]);
    }
    assert_eq!(audited(&gate, "deletion-code.attempt").await, 0);
    assert_eq!(audited(&gate, "password.attempt").await, 0);
    assert_eq!(lose(&mut anna, PASSWORD, &code).await.url.path(), "/igenyles");
}

#[tokio::test]
async fn t29_five_wrong_codes_close_this_way_for_a_day_and_no_other() {
    let (gate, key, code) = with_deletion_code().await;
    let wrong = another_code(&gate).await;
    let mut anna = gate.browser(Lang::Hu);
    for _ in 0..5 {
        assert_eq!(lose(&mut anna, PASSWORD, &wrong).await.status, 422);
    }
    assert_eq!(notices(&gate).await, [Notice::DeletionCodeTried]);
    let page = lose(&mut anna, PASSWORD, &code).await;
    assert_eq!((page.status.as_u16(), page.header("retry-after")), (429, Some("86400")));
    signed_in(&gate, ANNA, &key).await;
    gate.clock.pass(Duration::from_hours(24));
    assert_eq!(lose(&mut anna, PASSWORD, &code).await.url.path(), "/igenyles");
}

#[tokio::test]
async fn t29_twenty_wrong_codes_close_this_way_for_a_year() {
    let (gate, _, code) = with_deletion_code().await;
    let wrong = another_code(&gate).await;
    let mut anna = gate.browser(Lang::Hu);
    for _ in 0..4 {
        for _ in 0..5 {
            assert_eq!(lose(&mut anna, PASSWORD, &wrong).await.status, 422);
        }
        gate.clock.pass(Duration::from_hours(24));
    }
    assert_eq!(lose(&mut anna, PASSWORD, &code).await.status, 429);
}

#[tokio::test]
async fn t30_the_code_alone_says_and_does_nothing() {
    let (gate, key, code) = with_deletion_code().await;
    let wrong = another_code(&gate).await;
    let wrong_code = without_tokens(lose(&mut gate.browser(Lang::Hu), PASSWORD, &wrong).await);
    let wrong_password = without_tokens(lose(&mut gate.browser(Lang::Hu), WRONG, &code).await);
    assert_eq!(wrong_password, wrong_code, "the same bytes");
    assert!(wrong_code.contains("A felhasználónév, a jelszó vagy a törlőkód nem jó."));
    let mut anna = gate.browser(Lang::Hu);
    let page = lose(&mut anna, "", &code).await;
    assert_eq!((page.status.as_u16(), page.problems()), (422, vec!["Írja be a jelszavát.".to_owned()]));
    signed_in(&gate, ANNA, &key).await;
}

#[tokio::test]
async fn t30_wrong_passwords_here_count_as_anywhere() {
    let (gate, _, code) = with_deletion_code().await;
    let mut anna = gate.browser(Lang::Hu);
    for _ in 0..10 {
        assert_eq!(lose(&mut anna, WRONG, &code).await.status, 422);
    }
    assert_eq!(lose(&mut anna, PASSWORD, &code).await.status, 429);
    assert_eq!(sign_in(&mut anna, ANNA, PASSWORD).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn t31_the_code_works_once() {
    let (gate, _, code) = with_deletion_code().await;
    let mut anna = gate.browser(Lang::Hu);
    anna.visit(&format!("{UGYFELKAPU}/elveszett")).await;
    let form = Form::of(&anna);
    let filled = || form.filled(&[("nev", ANNA), ("jelszo", PASSWORD), ("torlokod", &code)]);
    let answers = at_once(&[&gate], (0..64).map(|_| filled()).collect::<Vec<Request<Body>>>()).await;
    assert_eq!(statuses(&answers).get(&303), Some(&1), "{:?}", statuses(&answers));
    assert_eq!(audited(&gate, "deletion-code.used").await, 1);

    gate.clock.pass(Duration::from_hours(24));
    assert_eq!(lose(&mut anna, PASSWORD, &code).await.status, 422, "used");
    let mut again = enrolling(&gate, ANNA).await;
    let (_, fresh) = enrol_through(&gate, &mut again).await;
    assert_eq!(lose(&mut anna, PASSWORD, &code).await.status, 422, "the former enrolment's");
    assert_eq!(lose(&mut anna, PASSWORD, &fresh).await.url.path(), "/igenyles");
}

#[tokio::test]
async fn t32_the_code_ends_everything_that_the_old_phone_opened() {
    let (gate, key, code) = with_deletion_code().await;
    add_portal(&gate).await;
    let mut elsewhere = browser_with_portal(&gate);
    sign_in_fully(&gate, &mut elsewhere, ANNA, &key).await;
    gate.clock.pass(STEP);
    sign_in_at_the_portal(&gate, &mut elsewhere, &key).await;
    let silent = format!("{}&prompt=none", request_of_portal("silent"));
    assert!(called_back(elsewhere.visit(&silent).await).contains_key("code"), "signed in at the broker");
    let mut half_way = gate.browser(Lang::Hu);
    sign_in(&mut half_way, ANNA, PASSWORD).await;
    gate.deliver().await;

    lose(&mut gate.browser(Lang::Hu), PASSWORD, &code).await;
    assert_eq!(elsewhere.visit(&format!("{UGYFELKAPU}/fiok")).await.status, 401);
    assert_eq!(called_back(elsewhere.visit(&silent).await)["error"], "login_required");
    let told = gate.deliver().await.logouts;
    assert_eq!(told.iter().map(|(uri, _)| uri.as_str()).collect::<Vec<_>>(), [format!("{PORTAL}/kilepve")]);
    gate.clock.pass(STEP);
    assert_ne!(type_code(&mut half_way, &gate.code(&key)).await.url.path(), "/fiok");

    // The device is known no more: ten wrong passwords, not twenty.
    for _ in 0..10 {
        assert_eq!(sign_in(&mut elsewhere, ANNA, WRONG).await.status, 422);
    }
    assert_eq!(sign_in(&mut elsewhere, ANNA, WRONG).await.status, 429);
}

async fn sign_in_at_the_portal(gate: &Installation, browser: &mut Browser, key: &broker::TotpKey) {
    browser.visit(&request_of_portal("s")).await;
    assert!(browser.page().url.as_str().starts_with(KAU));
    browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    browser.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
    type_code(browser, &gate.code(key)).await;
    assert_eq!(browser.page().h1(), "Sikerült a belépés");
    browser.follow_refresh().await;
    assert!(called_back(browser.page()).contains_key("code"));
}
