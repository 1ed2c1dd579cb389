//! The broker's page in front of every service, before and after the cut-over.

use std::time::Duration;

use model::Lang;
use testkit::{Browser, CUTOVER, Installation, KAU, Settings, UGYFELKAPU};

use crate::kit::{
    ANNA, BELA, NAME_FIELD, PASSWORD, PASSWORD_FIELD, STEP, add_portal, audited, before_the_cut_over,
    browser_with_portal, called_back, enrol_through, request_of_portal, sign_in, type_code, with_anna,
    with_enrolled_anna, without_tokens,
};

const APP: &str = "Ügyfélkapu+ hitelesítő alkalmazással";

/// At the page that asks for the method, sent by the portal.
async fn choosing(gate: &Installation) -> Browser {
    add_portal(gate).await;
    let mut browser = browser_with_portal(gate);
    browser.visit(&request_of_portal("s")).await;
    assert_eq!(browser.page().h1(), "Hogyan szeretne belépni?");
    browser
}

/// Presses the button of the password alone: the one that is named Ügyfélkapu without the plus.
async fn choose_the_password(browser: &mut Browser) {
    let buttons = browser.page().buttons();
    let plain = buttons.iter().find(|words| words.starts_with("Ügyfélkapu") && !words.starts_with("Ügyfélkapu+"));
    browser.press(plain.expect("a button for the password alone"), &[]).await;
}

async fn give_password(browser: &mut Browser, name: &str) {
    browser.press("Bejelentkezés", &[(NAME_FIELD, name), (PASSWORD_FIELD, PASSWORD)]).await;
}

#[tokio::test]
async fn before_the_cut_over_the_page_offers_the_password_and_says_until_when() {
    let gate = with_anna(before_the_cut_over()).await;
    let mut anna = choosing(&gate).await;
    let methods = anna.page().texts(".methods strong");
    assert_eq!(methods, [APP, "Ügyfélkapu", "DÁP mobilalkalmazással"]);
    let buttons = anna.page().buttons();
    assert_eq!(buttons.len(), 2, "{buttons:?}");
    assert!(anna.page().text().contains("Még nem érhető el."), "the wallet");
    assert_eq!(anna.page().texts(".newbie h2"), ["A jelszó csak eddig elég egyedül: 2025. január 16."]);

    choose_the_password(&mut anna).await;
    give_password(&mut anna, ANNA).await;
    assert_eq!(anna.page().h1(), "Sikerült a belépés");
    assert!(called_back(anna.follow_refresh().await).contains_key("code"));
}

#[tokio::test]
async fn from_the_cut_over_the_password_is_gone_and_the_page_says_what_to_do() {
    let gate = with_anna(Settings { now: CUTOVER, ..Settings::default() }).await;
    let mut anna = choosing(&gate).await;
    assert_eq!(anna.page().texts(".methods strong"), [APP, "DÁP mobilalkalmazással"]);
    assert_eq!(anna.page().buttons().len(), 1);
    assert_eq!(anna.page().texts(".newbie h2"), ["Eddig csak jelszóval lépett be?"]);
    assert!(anna.page().text().contains("2025. január 16. óta a jelszó egyedül nem elég."));
    // To Ügyfélkapu, with the sign-in's name and without a session; and back afterwards.
    anna.follow("Belépés jelszóval és beállítás").await;
    assert!(anna.page().url.as_str().starts_with(&format!("{UGYFELKAPU}/?b=")), "{}", anna.page().url);
    assert_eq!(anna.page().h1(), "Lépjen be a jelszavával");
    assert!(anna.cookie(UGYFELKAPU, "__Host-enrol").is_none());
    give_password(&mut anna, ANNA).await;
    assert!(anna.page().text().contains("Utána innen folytathatja a Portál oldalán."));
    let (key, _) = enrol_through(&gate, &mut anna).await;
    anna.follow("Tovább a Portál oldalára").await;
    assert!(anna.page().url.as_str().starts_with(&format!("{KAU}/b/")), "to the portal's sign-in, not into it");
    anna.press(APP, &[]).await;
    give_password(&mut anna, ANNA).await;
    gate.clock.pass(STEP);
    type_code(&mut anna, &gate.code(&key)).await;
    assert_eq!(called_back(anna.follow_refresh().await)["state"], "s");
}

#[tokio::test]
async fn the_way_over_enrolment_keeps_the_request_for_an_hour() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = choosing(&gate).await;
    let choice = anna.page().url.clone();
    let mut idle = choosing(&gate).await;
    anna.follow("Belépés jelszóval és beállítás").await;
    gate.clock.pass(Duration::from_mins(30));
    assert_eq!(idle.reload().await.status, 410, "thirty minutes");
    gate.clock.pass(Duration::from_mins(30) - Duration::from_secs(1));
    assert_eq!(anna.visit(choice.as_str()).await.status, 200);
    gate.clock.pass(Duration::from_secs(1));
    assert_eq!(anna.visit(choice.as_str()).await.status, 410, "sixty while enrolling");
}

#[tokio::test]
async fn a14_a_sign_in_begun_before_the_cut_over_is_judged_when_it_ends() {
    let gate = with_anna(before_the_cut_over()).await;
    gate.clock.pass(Duration::from_mins(59));
    let mut anna = choosing(&gate).await;
    choose_the_password(&mut anna).await;
    gate.clock.set(CUTOVER);
    give_password(&mut anna, ANNA).await;
    assert_eq!(anna.page().h1(), "Hogyan szeretne belépni?", "the page of the new day");
    assert_eq!(anna.page().buttons().len(), 1);
    assert!(anna.cookie(KAU, "__Host-sso").is_none());
    assert_eq!(audited(&gate, "login.answered").await, 0);
}

#[tokio::test]
async fn a14_a_session_of_the_password_alone_ends_at_the_cut_over() {
    let gate = with_anna(before_the_cut_over()).await;
    gate.clock.pass(Duration::from_mins(59));
    let mut anna = browser_with_portal(&gate);
    sign_in(&mut anna, ANNA, PASSWORD).await;
    assert_eq!(anna.page().url.path(), "/fiok");
    add_portal(&gate).await;
    anna.visit(&request_of_portal("s")).await;
    choose_the_password(&mut anna).await;
    give_password(&mut anna, ANNA).await;
    anna.follow_refresh().await;
    let silent = format!("{}&prompt=none", request_of_portal("silent"));
    assert!(called_back(anna.visit(&silent).await).contains_key("code"));

    gate.clock.pass(Duration::from_mins(1));
    assert_eq!(anna.visit(&format!("{UGYFELKAPU}/fiok")).await.status, 401);
    // There is a session; it does not suffice any more.
    assert_eq!(called_back(anna.visit(&silent).await)["error"], "interaction_required");
}

#[tokio::test]
async fn t14_the_password_alone_ends_in_the_same_page_for_everybody_and_in_no_session() {
    let gate = with_anna(Settings::default()).await;
    gate.add_person(BELA, PASSWORD).await;
    let mut pages = Vec::new();
    for name in [ANNA, BELA] {
        let mut person = choosing(&gate).await;
        let id = person.page().url.path().trim_start_matches("/b/").to_owned();
        person.press(APP, &[]).await;
        give_password(&mut person, name).await;
        let page = person.page();
        assert_eq!((page.status.as_u16(), page.h1().as_str()), (200, "Egy lépés hiányzik"));
        assert!(page.text().contains("2025. január 16. óta a jelszó mellé egy kód is kell."), "R-07");
        pages.push(without_tokens(page).replace(&id, ""));
        for cookie in ["__Host-sso", "__Host-account", "__Host-enrol", "__Host-device"] {
            assert!(person.cookie(KAU, cookie).is_none(), "{cookie}");
        }
        // The portal hears of it when the person goes back, and not before.
        assert_eq!(audited(&gate, "login.answered").await, 0);
        person.follow("Később, vissza a Portál oldalára").await;
        let told = called_back(person.page());
        assert_eq!((&*told["error"], &*told["state"], &*told["iss"]), ("access_denied", "s", KAU));
        assert!(!told.contains_key("code"));
    }
    assert_eq!(pages[0], pages[1], "the same bytes for all who have no second factor");
}

#[tokio::test]
async fn who_goes_back_is_refused_once() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = choosing(&gate).await;
    let choice = anna.page().url.clone();
    anna.follow("Mégsem, vissza a Portál oldalára").await;
    assert_eq!(called_back(anna.page())["error"], "access_denied");
    assert_eq!(anna.visit(&format!("{choice}/megsem")).await.status, 410);
    assert_eq!(anna.visit(choice.as_str()).await.status, 410);
}

#[tokio::test]
async fn the_method_is_remembered_only_when_asked_and_nothing_else_is() {
    let (gate, key) = with_enrolled_anna().await;
    let mut anna = choosing(&gate).await;
    anna.press(APP, &[]).await;
    assert!(anna.cookie(KAU, "__Host-method").is_none());
    anna.visit(&request_of_portal("s")).await;
    let remember = "Jegyezze meg ezen a gépen, melyik módot választottam";
    anna.press(APP, &[(remember, testkit::TICKED)]).await;
    assert_eq!(anna.cookie(KAU, "__Host-method").as_deref(), Some("authenticator_app"));
    give_password(&mut anna, ANNA).await;
    type_code(&mut anna, &gate.code(&key)).await;

    let mut fresh = gate.browser(Lang::Hu);
    let method = anna.cookie(KAU, "__Host-method").expect("remembered");
    fresh.plant_cookie(KAU, &format!("__Host-method={method}; Path=/; Secure"));
    fresh.visit(&request_of_portal("s")).await;
    assert!(fresh.page().texts(".tag").concat().contains("Ezen a gépen ezt használta"));
    assert!(!fresh.page().html().contains(ANNA));
    fresh.press("Ezen a gépen ezt használta", &[]).await;
    assert!(fresh.cookie(KAU, "__Host-method").is_none(), "left empty, it is forgotten");
}

#[tokio::test]
async fn w26_two_sign_ins_in_one_browser_do_not_answer_each_other() {
    let (gate, key) = with_enrolled_anna().await;
    let mut one = choosing(&gate).await;
    let mut other = one.tab();
    other.visit(&request_of_portal("other")).await;
    one.press(APP, &[]).await;
    give_password(&mut one, ANNA).await;
    other.press(APP, &[]).await;
    type_code(&mut one, &gate.code(&key)).await;
    assert_eq!(called_back(one.follow_refresh().await)["state"], "s");
    assert_eq!(other.page().h1(), "Írja be a felhasználónevét és a jelszavát");
    gate.clock.pass(STEP);
    give_password(&mut other, ANNA).await;
    type_code(&mut other, &gate.code(&key)).await;
    assert_eq!(called_back(other.follow_refresh().await)["state"], "other");
}

#[tokio::test]
async fn a_sign_in_belongs_to_the_browser_that_began_it() {
    let gate = with_anna(Settings::default()).await;
    let anna = choosing(&gate).await;
    let mut stranger = browser_with_portal(&gate);
    for step in ["", "/jelszo", "/kod", "/tovabb", "/megsem", "/igenyles"] {
        let page = stranger.visit(&format!("{}{step}", anna.page().url)).await;
        assert_eq!(page.status, 404, "{step}");
    }
}
