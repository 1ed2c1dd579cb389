//! The account's own pages: a new account, the password, own data.

use std::time::Duration;

use broker::Notice;
use model::Lang;
use testkit::{Browser, Installation, Page, Settings, UGYFELKAPU};

use crate::kit::{
    ANNA, BELA, NAME_FIELD, PASSWORD, PASSWORD_FIELD, WRONG, notices, sign_in, signed_in, with_enrolled_anna,
    without_tokens,
};

const NEW: &str = "harom-kis-szo-vonat";

async fn change<'b>(browser: &'b mut Browser, old: &str, new: &str, again: &str) -> &'b Page {
    browser.visit(&format!("{UGYFELKAPU}/jelszo")).await;
    let fields = [("Régi jelszó", old), ("Új jelszó", new), ("Új jelszó még egyszer", again)];
    browser.press("Jelszó módosítása", &fields).await
}

#[tokio::test]
async fn the_password_is_changed_and_every_other_session_ends() {
    let (gate, key) = with_enrolled_anna().await;
    let mut elsewhere = signed_in(&gate, ANNA, &key).await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    let page = change(&mut anna, PASSWORD, NEW, NEW).await;
    assert_eq!(page.h1(), "Minta Anna fiókja");
    assert_eq!(page.notice().as_deref(), Some("A jelszava megváltozott. A többi helyen kiléptettük."));
    assert_eq!(notices(&gate).await, [Notice::PasswordChanged]);
    assert_eq!(elsewhere.visit("/fiok").await.status, 401);
    assert_eq!(anna.visit("/fiok").await.status, 200);
    assert_eq!(sign_in(&mut elsewhere, ANNA, PASSWORD).await.status, 422);
    assert_eq!(sign_in(&mut elsewhere, ANNA, NEW).await.h1(), "Írja be a hatjegyű kódot");
}

#[tokio::test]
async fn t36_a_new_password_is_judged_with_a_reason() {
    let (gate, key) = with_enrolled_anna().await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    let long = "ab cd-".repeat(22);
    #[rustfmt::skip]
    let table = [
        (PASSWORD, "rovid-szo-1",              "",  "Az új jelszó túl rövid. Legalább 12 karakter legyen."),
        (PASSWORD, "kovacs.anna-2-viola",      "",  "Az új jelszóban ne legyen benne a felhasználóneve."),
        (PASSWORD, "kek-jelszo-almafa-8",      "",  "Az új jelszóban ne legyen benne a „kapu” vagy a „jelszó” szó."),
        (PASSWORD, "123456789012",             "",  "Az új jelszó könnyen kitalálható. Válasszon kevésbé gyakori szavakat."),
        (PASSWORD, "",                         "",  "Írja be az új jelszót."),
        (PASSWORD, NEW,                        "x", "A két új jelszó nem egyezik. Írja be újra mindkettőt."),
        (PASSWORD, "nulla\0nulla-hazfal-vonat", "", "Az új jelszóban olyan jel van, amely nem írható be billentyűzetről."),
        (PASSWORD, &long,                      "",  "Az új jelszó túl hosszú. Legfeljebb 128 karakter lehet."),
        (WRONG,    NEW,                        "",  "A régi jelszó nem jó."),
        ("",       NEW,                        "",  "Írja be a régi jelszavát."),
    ];
    for (old, new, tail, told) in table {
        let page = change(&mut anna, old, new, &format!("{new}{tail}")).await;
        assert_eq!(page.status, 422, "{told}");
        assert_eq!(page.problems()[0], told);
        assert!(!page.html().contains(NEW), "nothing typed comes back");
    }
    assert!(notices(&gate).await.is_empty());
    sign_in(&mut gate.browser(Lang::Hu), ANNA, PASSWORD).await;
}

async fn activate<'b>(browser: &'b mut Browser, name: &str, code: &str, new: &str) -> &'b Page {
    browser.visit(&format!("{UGYFELKAPU}/aktivalas-kod")).await;
    let fields = [(NAME_FIELD, name), ("Aktiváló kód", code), ("Új jelszó", new), ("Új jelszó még egyszer", new)];
    browser.press("Fiók aktiválása", &fields).await
}

async fn with_new_account() -> (Installation, String) {
    let gate = Installation::with(Settings::default()).await;
    gate.add_new_person(ANNA).await;
    let code = gate.mailed_code().await;
    (gate, code)
}

#[tokio::test]
async fn a_new_account_is_activated_by_the_code_in_the_letter() {
    let (gate, code) = with_new_account().await;
    let mut anna = gate.browser(Lang::Hu);
    assert_eq!(sign_in(&mut anna, ANNA, NEW).await.status, 422, "no password yet");
    anna.follow("Aktiváló kódot kaptam").await;
    assert_eq!(anna.page().h1(), "Aktiválja a fiókját");
    let page = activate(&mut anna, ANNA, &code, NEW).await;
    assert!(page.text().contains("Az új jelszava él. Jelentkezzen be vele."), "{}", page.text());
    assert_eq!(notices(&gate).await, [Notice::AccountActivated]);
    anna.press("Bejelentkezés", &[(PASSWORD_FIELD, NEW)]).await;
    assert_eq!(anna.page().url.path(), "/igenyles");

    let page = activate(&mut anna, ANNA, &code, "masik-harom-szo-vonat").await;
    assert_eq!(page.status, 422, "the code works once");
    assert_eq!(sign_in(&mut gate.browser(Lang::Hu), ANNA, "masik-harom-szo-vonat").await.status, 422);
}

#[tokio::test]
async fn an_activation_code_is_good_for_five_days_and_five_tries() {
    for (seconds, status) in [(-1, 200), (0, 422)] {
        let (gate, code) = with_new_account().await;
        let life = 5 * 24 * 3600 + seconds;
        gate.clock.pass(Duration::from_secs(u64::try_from(life).expect("positive")));
        assert_eq!(activate(&mut gate.browser(Lang::Hu), ANNA, &code, NEW).await.status, status);
    }
    let (gate, code) = with_new_account().await;
    let wrong = code.chars().rev().collect::<String>();
    assert_ne!(wrong, code);
    let mut anna = gate.browser(Lang::Hu);
    for _ in 0..5 {
        assert_eq!(activate(&mut anna, ANNA, &wrong, NEW).await.status, 422);
    }
    assert_eq!(activate(&mut anna, ANNA, &code, NEW).await.status, 429);
}

#[tokio::test]
async fn an_activation_tells_nobody_which_names_exist() {
    let (gate, code) = with_new_account().await;
    gate.add_person(BELA, PASSWORD).await;
    let wrong = code.chars().rev().collect::<String>();
    let mut pages = Vec::new();
    for name in [ANNA, BELA, "nincs.ilyen"] {
        let mut browser = gate.browser(Lang::Hu);
        let page = activate(&mut browser, name, &wrong, NEW).await;
        assert_eq!(page.status, 422, "{name}");
        pages.push(without_tokens(page).replace(name, ""));
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
    assert!(pages[0].contains("A felhasználónév vagy a kód nem jó, vagy a kód lejárt."));
}

#[tokio::test]
async fn a_person_sees_her_own_data_in_her_language() {
    let (gate, key) = with_enrolled_anna().await;
    let mut anna = signed_in(&gate, ANNA, &key).await;
    anna.follow("Saját adatok").await;
    for datum in
        ["Minta Anna", "Példa Anna", "Győr (Magyarország)", "1958. március 5.", "Próba Mária", "kovacs.anna@pelda.hu"]
    {
        assert!(anna.page().text().contains(datum), "{datum}");
    }
    anna.follow("English").await;
    for datum in ["Anna Minta", "Anna Példa", "5 March 1958", "Mária Próba"] {
        assert!(anna.page().text().contains(datum), "{datum}");
    }
    assert_eq!(anna.page().url.path(), "/adataim", "the same page");
}
