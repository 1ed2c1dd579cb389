//! The main journey: from a password to two factors, in the seed's seven steps and with its words.

use journey::OwnerProof;
use model::Lang;
use testkit::{Browser, Installation, Settings, TICKED, UGYFELKAPU};

use crate::kit::{
    ANNA, NAME_FIELD, PASSWORD, PASSWORD_FIELD, STEP, add_portal, before_the_cut_over, browser_with_portal,
    enrol_through, enrolling, notices, request_of_portal, shown_key, sign_in, signed_in, state, to_the_deletion_code,
    type_code, with_anna,
};

/// What a person reads and presses, in one language.
struct Words {
    lang: Lang,
    other_language: &'static str,
    sign_in: (&'static str, &'static str),
    name: &'static str,
    password: &'static str,
    enrol: (&'static str, &'static str),
    app: (&'static str, &'static str),
    contact: (&'static str, &'static str),
    contact_code: (&'static str, &'static str, &'static str),
    connect: (&'static str, &'static str, &'static str),
    deletion: (&'static str, &'static str, &'static str),
    print: &'static str,
    download: &'static str,
    done: (&'static str, &'static str),
}

const HUNGARIAN: Words = Words {
    lang: Lang::Hu,
    other_language: "English",
    sign_in: ("Bejelentkezés az Ügyfélkapuba", "Bejelentkezés"),
    name: "Felhasználónév",
    password: "Jelszó",
    enrol: ("Igényelje az Ügyfélkapu+ szolgáltatást", "Ügyfélkapu+ igénylése"),
    app: ("Legyen egy alkalmazása, amely kódot ad", "Megvan az alkalmazás, tovább"),
    contact: ("Igazolja, hogy Öné a fiók", "Kód küldése"),
    contact_code: ("Írja be az e-mailben kapott kódot", "Tovább", "Az e-mailben kapott kód"),
    connect: ("Kapcsolja össze az alkalmazást", "Tovább", "Hatjegyű kód az alkalmazásból"),
    deletion: ("Írja fel a törlőkódot", "Befejezés", "A törlőkód mentéséről gondoskodtam"),
    print: "Nyomtatás",
    download: "Letöltés szövegfájlban",
    done: ("Kész, az Ügyfélkapu+ aktív", "Aktív"),
};

const ENGLISH: Words = Words {
    lang: Lang::En,
    other_language: "Magyar",
    sign_in: ("Sign in to Ügyfélkapu", "Sign in"),
    name: "User name",
    password: "Password",
    enrol: ("Request Ügyfélkapu+", "Request Ügyfélkapu+"),
    app: ("Get an app that gives you codes", "I have the app, continue"),
    contact: ("Show that the account is yours", "Send the code"),
    contact_code: ("Enter the code from the e-mail", "Continue", "The code from the e-mail"),
    connect: ("Connect the app", "Continue", "6-digit code from the app"),
    deletion: ("Write down your deletion code", "Finish", "I have saved the deletion code"),
    print: "Print",
    download: "Download as a text file",
    done: ("Done, Ügyfélkapu+ is active", "Active"),
};

/// Walks all seven steps; whether the contact is to be confirmed is what the rules of the time say.
async fn walk(gate: &Installation, words: &Words, contact: bool) -> Browser {
    let mut anna = gate.browser(words.lang);
    anna.visit(UGYFELKAPU).await;
    if words.lang == Lang::En {
        anna.follow("English").await;
    }
    assert_eq!(anna.page().h1(), words.sign_in.0);
    anna.press(words.sign_in.1, &[(words.name, ANNA), (words.password, PASSWORD)]).await;
    if !contact {
        // Before the cut-over the password alone still opens the account; from there it goes on.
        assert_eq!(anna.page().url.path(), "/fiok");
        anna.follow(words.enrol.1).await;
    }

    assert_eq!(anna.page().h1(), words.enrol.0);
    anna.press(words.enrol.1, &[]).await;
    assert_eq!(anna.page().h1(), words.app.0);
    for app in ["Google Authenticator", "Microsoft Authenticator", "Aegis", "2FAS"] {
        assert!(anna.page().text().contains(app), "{app}");
    }
    anna.press(words.app.1, &[]).await;
    if contact {
        confirm_contact(gate, words, &mut anna).await;
    }
    connect(gate, words, &mut anna).await;
    save_the_deletion_code(words, &mut anna).await;

    assert_eq!(anna.page().url.path(), "/aktivalas");
    assert_eq!(anna.page().h1(), words.done.0);
    assert_eq!(state(anna.page()), words.done.1);
    assert_eq!(anna.page().lang().as_deref(), Some(words.lang.tag()));
    anna
}

async fn confirm_contact(gate: &Installation, words: &Words, anna: &mut Browser) {
    assert_eq!(anna.page().h1(), words.contact.0);
    assert!(anna.page().text().contains("k•••@p•••.hu"), "the address is masked: {}", anna.page().text());
    assert!(!anna.page().html().contains("kovacs.anna@pelda.hu"));
    anna.press(words.contact.1, &[]).await;
    assert_eq!(anna.page().h1(), words.contact_code.0);
    let code = gate.mailed_code().await;
    anna.press(words.contact_code.1, &[(words.contact_code.2, &code)]).await;
}

async fn connect(gate: &Installation, words: &Words, anna: &mut Browser) {
    assert_eq!(anna.page().h1(), words.connect.0);
    let key = anna.page().texts(".key").concat();
    // Another language, the same picture.
    anna.follow(words.other_language).await;
    assert_eq!(anna.page().texts(".key").concat(), key);
    let back = if words.lang == Lang::Hu { "Magyar" } else { "English" };
    anna.follow(back).await;
    assert_eq!(anna.page().h1(), words.connect.0);
    let code = gate.code_of_text(&key);
    anna.press(words.connect.1, &[(words.password, PASSWORD), (words.connect.2, &code)]).await;
}

async fn save_the_deletion_code(words: &Words, anna: &mut Browser) {
    assert_eq!(anna.page().h1(), words.deletion.0);
    let code = anna.page().texts(".deletion").concat();
    let groups: Vec<&str> = code.split(' ').collect();
    assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [5, 5, 5, 5]);

    let mut sheet = anna.tab();
    sheet.visit(&format!("{UGYFELKAPU}/igenyles")).await;
    assert_eq!(sheet.page().url.path(), "/igenyles/torlokod", "whoever begins anew is where the enrolment stands");
    sheet.follow(words.print).await;
    assert_eq!(sheet.page().texts(".deletion").concat(), code);
    sheet.visit("/igenyles/torlokod").await;
    sheet.follow(words.download).await;
    assert_eq!(sheet.page().header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(sheet.page().header("cache-control"), Some("no-store"));
    let disposition = sheet.page().header("content-disposition").expect("a disposition").to_owned();
    assert!(disposition.starts_with("attachment; filename=\"") && disposition.ends_with(".txt\""), "{disposition}");
    let text = sheet.page().html();
    assert!(text.contains(&code) && text.contains(ANNA) && text.contains("/elveszett"), "{text}");

    anna.press(words.deletion.1, &[(words.deletion.2, TICKED)]).await;
}

#[tokio::test]
async fn a_person_with_only_a_password_requests_ugyfelkapu_plus_after_the_cut_over() {
    for words in [HUNGARIAN, ENGLISH] {
        let gate = with_anna(Settings::default()).await;
        let mut anna = walk(&gate, &words, true).await;
        // The letter of the contact code went out when it was read.
        assert_eq!(notices(&gate).await, [broker::Notice::Enrolled]);

        // The session is not upgraded: the full account is another type.
        assert_eq!(anna.visit("/fiok").await.status, 403);
        anna.visit("/aktivalas").await;
        let leave = if words.lang == Lang::Hu { "Befejezem később" } else { "Finish later" };
        anna.press(leave, &[]).await;
        assert_eq!(anna.page().status, 200);
        assert!(anna.cookie(UGYFELKAPU, "__Host-enrol").is_none());
    }
}

#[tokio::test]
async fn before_the_cut_over_the_password_alone_vouches_for_its_owner() {
    for words in [HUNGARIAN, ENGLISH] {
        let gate = with_anna(before_the_cut_over()).await;
        walk(&gate, &words, false).await;
    }
}

#[tokio::test]
async fn the_seed_s_literal_flow_asks_for_no_contact_code() {
    let gate = with_anna(Settings { owner_proof: OwnerProof::None, ..Settings::default() }).await;
    let mut anna = enrolling(&gate, ANNA).await;
    anna.press("Ügyfélkapu+ igénylése", &[]).await;
    anna.press("Megvan az alkalmazás, tovább", &[]).await;
    assert_eq!(anna.page().h1(), "Kapcsolja össze az alkalmazást");
}

#[tokio::test]
async fn with_a_hold_the_new_factor_signs_in_after_three_days() {
    let settings = Settings { owner_proof: OwnerProof::ContactCodeWithHold, ..Settings::default() };
    let gate = with_anna(settings).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let (key, _) = enrol_through(&gate, &mut anna).await;
    add_portal(&gate).await;

    // The state is told as it is, in both languages, at once and later.
    assert_eq!(anna.page().h1(), "Kész, de az Ügyfélkapu+ még nem él");
    assert_eq!(state(anna.page()), "Várakozik, ekkortól él: 2026. január 4. 01:00");
    assert!(anna.page().text().contains("„Nem én voltam”"), "{}", anna.page().text());
    assert_eq!(state(anna.visit("/aktivalas?lang=en").await), "On hold until 4 January 2026 01:00");
    assert_eq!(notices(&gate).await, [broker::Notice::EnrolledOnHold]);
    gate.clock.pass(STEP);
    let mut later = gate.browser(Lang::Hu);
    sign_in(&mut later, ANNA, PASSWORD).await;
    assert_eq!(later.visit("/aktivalas").await.h1(), "Aktiválás és inaktiválás");
    assert_eq!(state(later.page()), "Várakozik, ekkortól él: 2026. január 4. 01:00");

    let mut portal = browser_with_portal(&gate);
    portal.visit(&request_of_portal("held")).await;
    portal.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    portal.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
    assert_eq!(portal.page().h1(), "A második lépés még nem él");

    gate.clock.pass(std::time::Duration::from_hours(72));
    let mut anna = signed_in(&gate, ANNA, &key).await;
    assert_eq!(state(anna.visit("/aktivalas").await), "Aktív");
}

#[tokio::test]
async fn after_befejezes_the_session_loses_all_but_the_state_and_the_sign_out() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    enrol_through(&gate, &mut anna).await;

    for path in ["/igenyles", "/igenyles/alkalmazas", "/igenyles/kapcsolat", "/igenyles/kapcsolat/kod"] {
        assert_eq!(anna.visit(path).await.url.path(), "/aktivalas", "{path}");
    }
    for path in [
        "/igenyles/osszekapcsolas",
        "/igenyles/torlokod",
        "/igenyles/torlokod/nyomtatas",
        "/igenyles/torlokod/letoltes",
    ] {
        let page = anna.visit(path).await;
        assert_eq!(page.status, 410, "{path}");
        assert!(page.texts(".key, .deletion").is_empty(), "{path}");
    }
    // The form of the state holds nothing to press but the way out.
    assert_eq!(anna.visit("/aktivalas").await.buttons(), ["Befejezem később"]);
    assert!(anna.page().texts("main form").is_empty());
    for path in ["/fiok", "/adataim", "/jelszo", "/masik-eszkoz"] {
        assert_eq!(anna.visit(path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn t06_the_code_of_the_set_up_does_not_sign_in() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let (key, _) = enrol_through(&gate, &mut anna).await;

    let mut afresh = gate.browser(Lang::Hu);
    sign_in(&mut afresh, ANNA, PASSWORD).await;
    let page = type_code(&mut afresh, &gate.code(&key)).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.problems(), ["Ezt a kódot már felhasználta. Várja meg a következőt."]);
    gate.clock.pass(STEP);
    assert_eq!(type_code(&mut afresh, &gate.code(&key)).await.url.path(), "/fiok");
}

#[tokio::test]
async fn the_steps_are_numbered_with_and_without_the_contact_code() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    anna.press("Ügyfélkapu+ igénylése", &[]).await;
    let step = |browser: &Browser| {
        let text = browser.page().text();
        let (before, after) = text.split_once(". lépés, összesen ").expect("a step");
        (before.chars().next_back().expect("a number"), after.chars().next().expect("a number"))
    };
    assert_eq!(step(&anna), ('1', '4'));
    anna.press("Megvan az alkalmazás, tovább", &[]).await;
    assert_eq!(step(&anna), ('2', '4'));
    anna.press("Kód küldése", &[]).await;
    assert_eq!(step(&anna), ('2', '4'));
    let code = gate.mailed_code().await;
    anna.press("Tovább", &[("Az e-mailben kapott kód", &code)]).await;
    assert_eq!(step(&anna), ('3', '4'));
    let key = shown_key(anna.page());
    to_the_deletion_code(&gate, &mut anna, &key).await;
    assert_eq!(step(&anna), ('4', '4'));
}
