//! The main journey: from a password to two factors.

use model::Lang;
use testkit::{Installation, TICKED, UGYFELKAPU};

#[tokio::test]
async fn a_person_with_only_a_password_requests_ugyfelkapu_plus_after_the_cut_over() {
    let gate = Installation::start().await;
    gate.add_person("kovacs.anna", "zold-kapu-hazfal-42").await;
    let mut anna = gate.browser(Lang::Hu);

    anna.visit(UGYFELKAPU).await;
    anna.press("Bejelentkezés", &[("Felhasználónév", "kovacs.anna"), ("Jelszó", "zold-kapu-hazfal-42")]).await;
    eprintln!("{}", anna.page().text());
    anna.press("Ügyfélkapu+ igénylése", &[]).await;
    eprintln!("{}", anna.page().text());
    anna.press("Megvan az alkalmazás, tovább", &[]).await;
    anna.press("Kód küldése", &[]).await;
    let code = gate.mailed_code().await;
    anna.press("Tovább", &[("Az e-mailben kapott kód", &code)]).await;
    eprintln!("{}", anna.page().text());
    let key = anna.page().texts(".key").concat();
    let code = gate.code_of_text(&key);
    anna.press("Tovább", &[("Jelszó", "zold-kapu-hazfal-42"), ("Hatjegyű kód az alkalmazásból", &code)]).await;
    eprintln!("{}", anna.page().text());
    anna.press("Befejezés", &[("A törlőkód mentéséről gondoskodtam", TICKED)]).await;
    eprintln!("{}", anna.page().text());
    assert!(anna.page().text().contains("Aktív"));
}
