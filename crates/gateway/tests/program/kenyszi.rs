//! A sign-in by SAML through the whole demo: portal, broker, phone.

use model::Lang;
use testkit::{Browser, TICKED};

use crate::demo::{Demo, accounts};

#[tokio::test]
async fn a_demo_person_signs_in_to_kenyszi_with_both_factors() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let demo = Demo::start(data, &[]);
    let person = accounts(data).into_iter().find(|account| account.totp_secret.is_some()).unwrap();
    let mut browser = Browser::over_socket(demo.address, Lang::Hu);
    let portal = format!("http://{}", demo.host("kenyszi"));

    browser.visit(&format!("{portal}/")).await;
    browser.follow("Bejelentkezés").await;
    assert!(browser.page().text().contains("KENYSZI"), "the broker says who asks");
    browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", &person.username), ("Jelszó", &person.password)]).await;

    let mut phone = browser.tab();
    phone.visit(&format!("http://{}/", demo.host("telefon"))).await;
    let key = person.totp_secret.unwrap();
    phone.press("Hozzáadás", &[("Hivatkozás vagy kulcs", &key), ("Név", "minta")]).await;
    let code = phone.page().texts(".key").remove(0);
    browser.press("Bejelentkezés", &[("Hatjegyű kód", &code)]).await;
    assert_eq!(browser.page().h1(), "Ezeket az adatokat kapja meg a KENYSZI");
    browser.press("Hozzájárulok", &[("E-mail-cím", TICKED)]).await;
    browser.press("Tovább a KENYSZI oldalára", &[]).await;

    assert_eq!(browser.page().url.as_str(), format!("{portal}/"));
    assert_eq!(browser.page().h1(), format!("Üdvözöljük, {}!", person.name));
    let page = browser.page().text();
    for received in ["2 (két lépés)", "hitelesítő alkalmazással", "Anyja neve", "@kau.localhost", &person.email] {
        assert!(page.contains(received), "{received} in {page}");
    }
    demo.end("-TERM");
}
