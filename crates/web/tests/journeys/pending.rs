//! An enrolment under way: what keeps it, what ends it, and what it never gives away.

use std::time::Duration;

use broker::DeletionCode;
use model::Lang;
use testkit::{Settings, TICKED, UGYFELKAPU};

use crate::kit::{
    ANNA, APP_CODE_FIELD, DELETION_FIELD, Form, NAME_FIELD, PASSWORD, PASSWORD_FIELD, SAVED_FIELD, WRONG, at_once,
    audited, before_the_cut_over, enrolling, send, shown_key, sign_in, signed_in, state, statuses,
    to_the_deletion_code, to_the_key, with_anna,
};

#[tokio::test]
async fn t17_an_enrolment_is_bound_to_its_session() {
    let gate = with_anna(Settings::default()).await;
    let mut a = enrolling(&gate, ANNA).await;
    let key = to_the_key(&gate, &mut a).await;
    let mut b = enrolling(&gate, ANNA).await;

    for path in ["/igenyles/osszekapcsolas", "/igenyles/torlokod"] {
        let page = b.visit(path).await;
        assert!(page.texts(".key, .deletion").is_empty() && !page.html().contains("otpauth:"), "{path}");
    }
    // B sends A's form with its own cookies and token.
    b.visit("/igenyles").await;
    let code = gate.code(&key);
    let sent = [("csrf", Form::of(&b).csrf().to_owned()), ("jelszo", PASSWORD.to_owned()), ("kod", code)];
    let fields: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(b.lured(UGYFELKAPU, "/igenyles/osszekapcsolas", &fields).await.status, 409);
    assert_eq!(b.page().h1(), "Egy másik ablakban folytatta");
    // And A goes on.
    to_the_deletion_code(&gate, &mut a, &key).await;
}

#[tokio::test]
async fn t18_of_two_enrolments_the_one_begun_last_wins() {
    let gate = with_anna(Settings::default()).await;
    let mut first = enrolling(&gate, ANNA).await;
    let first_key = to_the_key(&gate, &mut first).await;
    let mut last = enrolling(&gate, ANNA).await;
    let last_key = to_the_key(&gate, &mut last).await;
    assert_ne!(gate.code(&first_key), gate.code(&last_key));

    let code = gate.code(&first_key);
    let page = first.press("Tovább", &[(PASSWORD_FIELD, PASSWORD), (APP_CODE_FIELD, &code)]).await;
    assert_eq!((page.status.as_u16(), page.h1().as_str()), (409, "Egy másik ablakban folytatta"));
    to_the_deletion_code(&gate, &mut last, &last_key).await;
    last.press("Befejezés", &[(SAVED_FIELD, TICKED)]).await;
    assert_eq!(state(last.page()), "Aktív");
    // The other session ended with it.
    assert_eq!(first.visit("/aktivalas").await.status, 401);
    signed_in(&gate, ANNA, &last_key).await;
}

#[tokio::test]
async fn t19_five_wrong_codes_destroy_the_key() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let key = to_the_key(&gate, &mut anna).await;
    // Twelve minutes ahead: outside the table of clocks that are explained.
    let wrong = gate.code_after(&key, 24);
    anna.press("Tovább", &[(PASSWORD_FIELD, PASSWORD), (APP_CODE_FIELD, &wrong)]).await;
    for _ in 2..5 {
        assert_eq!(anna.page().status, 422);
        assert_eq!(gate.code(&shown_key(anna.page())), gate.code(&key), "a mistyped code keeps the picture");
        anna.press("Tovább", &[(APP_CODE_FIELD, &wrong)]).await;
    }
    let page = anna.press("Tovább", &[(APP_CODE_FIELD, &wrong)]).await;
    assert_eq!(page.status, 422);
    assert!(page.notice().is_some_and(|notice| notice.starts_with("Az előző ábra lejárt")));
    let fresh = shown_key(anna.page());
    assert_ne!(gate.code(&fresh), gate.code(&key));

    let old = gate.code(&key);
    assert_eq!(anna.press("Tovább", &[(PASSWORD_FIELD, PASSWORD), (APP_CODE_FIELD, &old)]).await.status, 422);
    let code = gate.code(&fresh);
    anna.press("Tovább", &[(APP_CODE_FIELD, &code)]).await;
    assert_eq!(anna.page().h1(), "Írja fel a törlőkódot");
}

#[tokio::test]
async fn a_phone_whose_clock_is_wrong_is_told_so_and_not_accepted() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let key = to_the_key(&gate, &mut anna).await;
    #[rustfmt::skip]
    let table = [
        ( 20, "A telefonja órája körülbelül 10 percet siet."),
        (-20, "A telefonja órája körülbelül 10 percet késik."),
        ( 21, "Ez a kód nem ehhez az ábrához tartozik."),
    ];
    let mut password = vec![(PASSWORD_FIELD, PASSWORD)];
    for (steps, told) in table {
        let code = gate.code_after(&key, steps);
        let mut fields = std::mem::take(&mut password);
        fields.push((APP_CODE_FIELD, &code));
        let page = anna.press("Tovább", &fields).await;
        assert_eq!(page.status, 422);
        assert!(page.problems()[0].starts_with(told), "{steps}: {:?}", page.problems());
    }
}

#[tokio::test]
async fn t20_a_wrong_password_counts_as_one_and_keeps_the_key() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let key = to_the_key(&gate, &mut anna).await;
    let code = gate.code(&key);
    for _ in 0..10 {
        let page = anna.press("Tovább", &[(PASSWORD_FIELD, WRONG), (APP_CODE_FIELD, &code)]).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.problems(), ["A jelszó nem jó. Azt írja be, amellyel az előbb belépett."]);
        assert_eq!(gate.code(&shown_key(page)), code);
    }
    let page = anna.press("Tovább", &[(PASSWORD_FIELD, PASSWORD), (APP_CODE_FIELD, &code)]).await;
    assert_eq!(page.status, 429, "the password's own limit");
    assert_eq!(sign_in(&mut gate.browser(Lang::Hu), ANNA, PASSWORD).await.status, 429, "which is one everywhere");
}

#[tokio::test]
async fn t21_a_new_password_ends_an_enrolment_under_way() {
    let gate = with_anna(before_the_cut_over()).await;
    let mut anna = gate.browser(Lang::Hu);
    sign_in(&mut anna, ANNA, PASSWORD).await;
    let mut other = anna.tab();
    anna.follow("Ügyfélkapu+ igénylése").await;
    let key = to_the_key(&gate, &mut anna).await;

    other.visit(&format!("{UGYFELKAPU}/jelszo")).await;
    let new = "harom-kis-szo-vonat";
    let fields = [("Régi jelszó", PASSWORD), ("Új jelszó", new), ("Új jelszó még egyszer", new)];
    assert_eq!(other.press("Jelszó módosítása", &fields).await.status, 200);
    let code = gate.code(&key);
    let page = anna.press("Tovább", &[(PASSWORD_FIELD, new), (APP_CODE_FIELD, &code)]).await;
    assert_eq!(page.status, 410);
    assert_eq!(state(anna.visit("/aktivalas").await), "Még nem igényelte");
}

#[tokio::test]
async fn t22_the_link_for_the_app_carries_the_key_and_nothing_else() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    to_the_key(&gate, &mut anna).await;
    let page = anna.page();
    let key: String = page.texts(".key").concat().split_whitespace().collect();
    assert_eq!(data_encoding::BASE32_NOPAD.decode(key.as_bytes()).expect("base32").len(), 20);
    let link = page.links().into_iter().find(|link| link.url.scheme() == "otpauth").expect("a link for the app");
    assert_eq!((link.url.host_str(), link.url.path()), (Some("totp"), "/Kapu:kovacs.anna"));
    let parameters: Vec<(String, String)> = link.url.query_pairs().into_owned().collect();
    let value =
        |name: &str| parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect::<Vec<_>>();
    assert_eq!(value("secret"), [&key]);
    assert_eq!(value("issuer"), ["Kapu"]);
    assert!(
        parameters.iter().all(|(name, _)| ["secret", "issuer", "algorithm", "digits", "period"].contains(&&**name))
    );
    // The picture is in the page: nobody else draws it.
    assert!(page.attribute("main svg path", "d").is_some() && page.attribute("main img", "src").is_none());
}

#[tokio::test]
async fn t23_the_key_is_not_shown_after_befejezes() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let key = to_the_key(&gate, &mut anna).await;
    let mut second = anna.tab();
    second.visit(&format!("{UGYFELKAPU}/igenyles/osszekapcsolas")).await;
    assert_eq!(gate.code(&shown_key(second.page())), gate.code(&key), "until then it is the same in every tab");
    to_the_deletion_code(&gate, &mut anna, &key).await;
    assert_eq!(second.reload().await.status, 410, "the code was right: the key has done its work");
    anna.press("Befejezés", &[(SAVED_FIELD, TICKED)]).await;
    for tab in [&mut anna, &mut second] {
        let page = tab.visit("/igenyles/osszekapcsolas").await;
        assert_eq!((page.status.as_u16(), page.h1().as_str()), (410, "Ez az oldal már nem látható"));
        assert!(!page.html().contains("otpauth:"));
    }
}

#[tokio::test]
async fn t24_user_names_cannot_add_parameters_to_the_link() {
    for name in ["a:b?secret=X&issuer=Evil", "anna%3Fsecret", "anna&issuer=Evil"] {
        assert!(model::UserName::parse(name).is_err(), "{name}");
    }
}

#[tokio::test]
async fn t25_befejezes_needs_the_tick_and_the_code_on_the_screen() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let key = to_the_key(&gate, &mut anna).await;

    // Without having been shown the deletion code.
    let token = Form::of(&anna).csrf().to_owned();
    let early = [("csrf", token.as_str()), ("mentve", "1")];
    let mut ahead = anna.tab();
    assert_eq!(ahead.lured(UGYFELKAPU, &format!("{UGYFELKAPU}/igenyles/torlokod"), &early).await.status, 409);

    let code = to_the_deletion_code(&gate, &mut anna, &key).await;
    let unticked = anna.press("Befejezés", &[]).await;
    assert_eq!(unticked.status, 422);
    assert_eq!(unticked.problems(), ["Jelölje be, ha már felírta vagy elmentette a törlőkódot."]);
    assert_eq!(unticked.texts(".deletion").concat(), code, "the same code, again");
    assert_eq!(state(ahead.visit("/aktivalas").await), "Még nem igényelte");

    let form = Form::of(&anna);
    let ticked = || form.filled(&[("mentve", "1")]);
    let answers = [send(gate.app(), ticked()).await, send(gate.app(), ticked()).await];
    for answer in answers {
        assert_eq!((answer.status.as_u16(), &answer.headers["location"]), (303, &"/aktivalas".parse().unwrap()));
    }
    assert_eq!(audited(&gate, "authenticator.bound").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn t25_befejezes_sent_64_times_at_once_binds_one_authenticator() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let key = to_the_key(&gate, &mut anna).await;
    to_the_deletion_code(&gate, &mut anna, &key).await;
    let form = Form::of(&anna);
    let answers = at_once(&[&gate], (0..64).map(|_| form.filled(&[("mentve", "1")])).collect()).await;
    assert_eq!(statuses(&answers), [(303, 64)].into());
    assert_eq!(audited(&gate, "authenticator.bound").await, 1);
}

#[tokio::test]
async fn t26_an_enrolment_left_before_befejezes_leaves_nothing_behind() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let key = to_the_key(&gate, &mut anna).await;
    let deletion_code = to_the_deletion_code(&gate, &mut anna, &key).await;
    assert!(DeletionCode::parse(&deletion_code).is_ok());

    gate.clock.pass(Duration::from_mins(10) - Duration::from_secs(1));
    assert_eq!(anna.visit("/igenyles/torlokod").await.status, 200, "ten minutes");
    gate.clock.pass(Duration::from_secs(1));
    assert_eq!(anna.visit("/igenyles/torlokod").await.status, 401, "and no more");

    // Neither factor nor deletion code: the password alone opens an enrolment, as before.
    let mut again = enrolling(&gate, ANNA).await;
    let told = again.page().notice().expect("a word on the dead entry");
    assert!(told.contains("A régi Kapu bejegyzést törölje az alkalmazásból"), "{told}");
    assert_eq!(state(again.visit("/aktivalas").await), "Még nem igényelte");
    let mut lost = gate.browser(Lang::Hu);
    lost.visit(&format!("{UGYFELKAPU}/elveszett")).await;
    let fields = [(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD), (DELETION_FIELD, &*deletion_code)];
    assert_eq!(lost.press("Tovább az új beállításhoz", &fields).await.status, 422);

    again.visit("/igenyles").await;
    let fresh = to_the_key(&gate, &mut again).await;
    assert_ne!(gate.code(&fresh), gate.code(&key));
}

#[tokio::test]
async fn an_enrolment_session_ends_ten_minutes_after_the_last_accepted_step() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let key = to_the_key(&gate, &mut anna).await;
    gate.clock.pass(Duration::from_mins(9));
    // The password is right, which is a step; the code is wrong, which is none.
    let wrong = gate.code_after(&key, 50);
    let fields = [(PASSWORD_FIELD, PASSWORD), (APP_CODE_FIELD, &*wrong)];
    assert_eq!(anna.press("Tovább", &fields).await.status, 422);
    gate.clock.pass(Duration::from_mins(9));
    assert_eq!(anna.press("Tovább", &[(APP_CODE_FIELD, &wrong)]).await.status, 422);
    gate.clock.pass(Duration::from_mins(1));
    assert_eq!(anna.visit("/igenyles/osszekapcsolas").await.status, 401);
}

#[tokio::test]
async fn an_enrolment_session_ends_after_thirty_minutes_however_busy() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    let nine = || gate.clock.pass(Duration::from_mins(9));
    nine();
    anna.press("Ügyfélkapu+ igénylése", &[]).await;
    anna.press("Megvan az alkalmazás, tovább", &[]).await;
    nine();
    anna.press("Kód küldése", &[]).await;
    let code = gate.mailed_code().await;
    nine();
    let page = anna.press("Tovább", &[("Az e-mailben kapott kód", &code)]).await;
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/igenyles/osszekapcsolas"));
    gate.clock.pass(Duration::from_mins(3) - Duration::from_secs(1));
    assert_eq!(anna.visit("/igenyles/osszekapcsolas").await.status, 200);
    gate.clock.pass(Duration::from_secs(1));
    assert_eq!(anna.visit("/igenyles/osszekapcsolas").await.status, 401);
}

#[tokio::test]
async fn a_contact_code_is_good_for_ten_minutes_five_tries_and_three_letters_an_hour() {
    let gate = with_anna(Settings::default()).await;
    let mut anna = enrolling(&gate, ANNA).await;
    anna.press("Ügyfélkapu+ igénylése", &[]).await;
    anna.press("Megvan az alkalmazás, tovább", &[]).await;
    anna.press("Kód küldése", &[]).await;
    let first = gate.mailed_code().await;
    let wrong = if first == "000000" { "000001" } else { "000000" };
    let field = "Az e-mailben kapott kód";
    for _ in 0..4 {
        let page = anna.press("Tovább", &[(field, wrong)]).await;
        assert_eq!((page.status.as_u16(), page.problems().len()), (422, 1));
        assert!(page.problems()[0].starts_with("Ez a kód nem jó, vagy lejárt."));
    }
    let page = anna.press("Tovább", &[(field, wrong)]).await;
    assert!(page.problems()[0].starts_with("Ötször nem jó kódot írt be"), "{:?}", page.problems());
    let page = anna.press("Tovább", &[(field, &first)]).await;
    assert_eq!(page.status, 422, "the right one, too late");

    anna.visit("/igenyles/kapcsolat").await;
    anna.press("Kód küldése", &[]).await;
    let second = gate.mailed_code().await;
    gate.clock.pass(Duration::from_mins(5));
    anna.press("Kérek új kódot", &[]).await;
    let third = gate.mailed_code().await;
    let page = anna.press("Kérek új kódot", &[]).await;
    assert_eq!(page.status, 429);
    anna.visit("/igenyles/kapcsolat/kod").await;
    assert_eq!(anna.press("Tovább", &[(field, &second)]).await.status, 422, "only the last letter counts");
    assert_eq!(anna.press("Tovább", &[(field, &third)]).await.url.path(), "/igenyles/osszekapcsolas");
}
