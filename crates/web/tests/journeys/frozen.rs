//! "Nem én voltam": the link in every notice, and the frozen account.

use std::time::Duration;

use broker::{Fault, Notice};
use model::{Lang, UserName};
use testkit::{Browser, UGYFELKAPU};

use crate::kit::{
    ANNA, DELETION_FIELD, NAME_FIELD, PASSWORD, PASSWORD_FIELD, add_portal, browser_with_portal, enrol_through,
    enrolling, not_me_link, notices, request_of_portal, sign_in, signed_in, state, with_anna,
};

#[tokio::test]
async fn the_link_undoes_an_enrolment_and_freezes_the_account() {
    let gate = with_anna(testkit::Settings::default()).await;
    add_portal(&gate).await;
    let mut thief = enrolling(&gate, ANNA).await;
    let (key, deletion_code) = enrol_through(&gate, &mut thief).await;
    let address = not_me_link(&gate).await;
    let mut inside = signed_in(&gate, ANNA, &key).await;
    assert!(address.starts_with(UGYFELKAPU), "{address}");

    let mut owner = gate.browser(Lang::Hu);
    for _ in 0..2 {
        // A mail scanner that opens the link does nothing.
        assert_eq!(owner.visit(&address).await.h1(), "Nem Ön volt?");
        assert_eq!(inside.visit("/fiok").await.status, 200);
    }
    owner.press("Nem én voltam, zárolják a fiókot", &[]).await;
    assert_eq!(owner.page().h1(), "A fiókját zároltuk");
    assert_eq!(inside.visit("/fiok").await.status, 401);
    assert_eq!(thief.visit("/aktivalas").await.status, 401);
    assert_eq!(notices(&gate).await, [Notice::AccountFrozen]);
    assert_eq!(owner.visit(&address).await.status, 410, "once");

    // The thief's code does nothing, and neither does the password.
    thief.visit(&format!("{UGYFELKAPU}/elveszett")).await;
    let fields = [(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD), (DELETION_FIELD, &*deletion_code)];
    assert_eq!(thief.press("Tovább az új beállításhoz", &fields).await.status, 422);
    let mut fresh = gate.browser(Lang::Hu);
    let page = sign_in(&mut fresh, ANNA, PASSWORD).await;
    assert_eq!((page.status.as_u16(), page.h1().as_str()), (403, "A fiókját zároltuk"));
    assert!(fresh.cookie(UGYFELKAPU, "__Host-enrol").is_none() && fresh.cookie(UGYFELKAPU, "__Host-account").is_none());
    let mut portal = browser_with_portal(&gate);
    portal.visit(&request_of_portal("s")).await;
    portal.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    portal.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
    assert!(portal.page().text().contains("előbb igazolnia kell magát"), "R-09");
    assert!(portal.page().buttons().is_empty());

    // Opened again, the account does not know the thief's password any more.
    gate.broker.unfreeze(&UserName::parse(ANNA).expect("a name")).await.expect("it is frozen");
    assert_eq!(sign_in(&mut thief, ANNA, PASSWORD).await.status, 422);
    let code = gate.mailed_code().await;
    owner.visit(&format!("{UGYFELKAPU}/aktivalas-kod")).await;
    choose_password(&mut owner, &code, NEW).await;
    owner.press("Bejelentkezés", &[(PASSWORD_FIELD, NEW)]).await;
    assert_eq!(state(owner.visit("/aktivalas").await), "Még nem igényelte");
    assert_eq!(sign_in(&mut thief, ANNA, PASSWORD).await.status, 422);
}

/// What is chosen in place of the password that somebody else knew.
const NEW: &str = "negy-uj-szo-vonatjegy";

/// Types name, code and a new password where an account is activated.
async fn choose_password(browser: &mut Browser, code: &str, new: &str) {
    let fields = [(NAME_FIELD, ANNA), ("Aktiváló kód", code), ("Új jelszó", new), ("Új jelszó még egyszer", new)];
    let page = browser.press("Fiók aktiválása", &fields).await;
    assert!(page.text().contains("Az új jelszava él."), "{}", page.text());
}

#[tokio::test]
async fn a_code_for_a_new_password_lives_five_days_and_the_operator_mails_another() {
    let gate = with_anna(testkit::Settings::default()).await;
    let name = UserName::parse(ANNA).expect("a name");
    assert!(matches!(gate.broker.unfreeze(&name).await, Err(Fault::Stale)), "it is open and has a password");
    enrol_through(&gate, &mut enrolling(&gate, ANNA).await).await;
    let mut owner = gate.browser(Lang::Hu);
    owner.visit(&not_me_link(&gate).await).await;
    owner.press("Nem én voltam, zárolják a fiókot", &[]).await;
    gate.broker.unfreeze(&name).await.expect("it is frozen");
    let lapsed = gate.mailed_code().await;
    gate.clock.pass(Duration::from_hours(5 * 24));
    owner.visit(&format!("{UGYFELKAPU}/aktivalas-kod")).await;
    let fields = [(NAME_FIELD, ANNA), ("Aktiváló kód", &lapsed), ("Új jelszó", NEW), ("Új jelszó még egyszer", NEW)];
    assert_eq!(owner.press("Fiók aktiválása", &fields).await.status, 422);

    gate.broker.unfreeze(&name).await.expect("it has no password");
    let code = gate.mailed_code().await;
    assert_ne!(code, lapsed);
    choose_password(&mut owner, &code, NEW).await;
    assert!(matches!(gate.broker.unfreeze(&name).await, Err(Fault::Stale)), "it has one now");
}

#[tokio::test]
async fn the_link_lives_thirty_days() {
    for (seconds, status) in [(-1, 200), (0, 410)] {
        let gate = with_anna(testkit::Settings::default()).await;
        enrol_through(&gate, &mut enrolling(&gate, ANNA).await).await;
        let address = not_me_link(&gate).await;
        let life = 30 * 24 * 3600 + seconds;
        gate.clock.pass(Duration::from_secs(u64::try_from(life).expect("positive")));
        assert_eq!(gate.browser(Lang::Hu).visit(&address).await.status, status);
    }
}

#[tokio::test]
async fn a_link_that_never_was_is_over_too() {
    let gate = with_anna(testkit::Settings::default()).await;
    let mut anybody = gate.browser(Lang::Hu);
    for token in ["x", &"A".repeat(43), &"a".repeat(5000)] {
        let page = anybody.visit(&format!("{UGYFELKAPU}/nem-en-voltam/{token}")).await;
        assert_eq!(page.status, 410, "{token}");
    }
}

#[tokio::test]
async fn a_letter_of_a_change_says_what_and_when_and_holds_no_secret() {
    let gate = with_anna(testkit::Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let (_, deletion_code) = enrol_through(&gate, &mut anna).await;
    let letters = gate.deliver().await.letters;
    let (letter, mail) = letters.last().expect("a letter");
    assert_eq!(letter.to.as_str(), "kovacs.anna@pelda.hu");
    assert_eq!(mail.subject, "Aktív az Ügyfélkapu+");
    assert!(mail.body.contains("2026. január 1."), "{}", mail.body);
    assert!(!mail.body.contains(&deletion_code) && !mail.body.contains(&deletion_code.replace(' ', "")));
}
