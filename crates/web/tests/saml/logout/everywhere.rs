//! Sign-out that begins here, or at a client of OpenID Connect: services of SAML are told too.

use std::time::Duration;

use saml::{Binding, Status};
use testkit::{KAU, UGYFELKAPU};

use super::kit::{CLIENT, Session, service, soap_answer};
use crate::service::{PASSWORD, Service};

fn three() -> Vec<Service> {
    vec![
        service("egy.pelda.hu", &[Binding::Redirect]),
        service("ketto.pelda.hu", &[Binding::Soap]),
        Service::usual("nema.pelda.hu"),
    ]
}

#[tokio::test]
async fn the_sign_out_page_tells_services_of_both_languages() {
    let mut all = Session::of(three()).await;
    all.join_by_oidc().await;
    all.browser.visit(&format!("{KAU}/kijelentkezes")).await;
    let asked = all.browser.page().text();
    for name in ["egy.pelda.hu", "ketto.pelda.hu", "nema.pelda.hu", "OIDC"] {
        assert!(asked.contains(name), "{asked}");
    }
    all.browser.press("Kijelentkezés", &[]).await;
    assert_eq!(all.browser.page().h1(), "Kijelentkezés folyamatban");
    assert!(all.browser.cookie(KAU, "__Host-sso").is_none());
    assert!(!all.is_signed_in().await);
    let gate = &all.gate;
    let answers = |_: &str, sent: &str| Some(soap_answer(gate, "https://ketto.pelda.hu/saml", sent, Status::SUCCESS));
    let delivered = gate.deliver_among(&answers).await;
    assert_eq!((delivered.logouts.len(), delivered.envelopes.len()), (1, 1));

    all.browser.follow_refresh().await;
    let (request, relay_state) = all.told(0);
    all.confirm(0, &request, &relay_state, Status::SUCCESS).await;
    let page = all.browser.page();
    assert_eq!((page.h1().as_str(), page.refresh()), ("Kijelentkezett", None));
    let mut shown = all.shown();
    shown.sort();
    assert_eq!(
        shown,
        [
            "OIDC Kijelentkeztettük.",
            "egy.pelda.hu Kijelentkeztettük.",
            "ketto.pelda.hu Kijelentkeztettük.",
            "nema.pelda.hu Nem tudunk szólni neki. Jelentkezzen ki ott.",
        ]
    );
    let links = all.browser.page().links();
    assert!(!links.iter().any(|link| link.words.starts_with("Tovább")), "nobody waits");
}

#[tokio::test]
async fn a_client_of_openid_connect_gets_the_browser_back_after_the_others_were_told() {
    let mut all = Session::of(vec![service("egy.pelda.hu", &[Binding::Redirect])]).await;
    let client = all.join_by_oidc().await;
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", client.as_str()),
            ("post_logout_redirect_uri", &format!("{CLIENT}/viszlat")),
            ("state", "s"),
        ])
        .finish();
    all.browser.visit(&format!("{KAU}/oidc/logout?{query}")).await;
    all.browser.press("Kijelentkezés", &[]).await;
    all.browser.follow_refresh().await;
    let (request, relay_state) = all.told(0);
    all.confirm(0, &request, &relay_state, Status::SUCCESS).await;
    all.browser.follow_refresh().await;
    assert_eq!(all.browser.page().url.as_str(), format!("{CLIENT}/viszlat?state=s"));
}

#[tokio::test]
async fn the_account_page_signs_out_of_all_services_on_every_computer() {
    let mut all = Session::of(three()).await;
    all.join_by_oidc().await;
    // At another computer.
    let mut home = all.gate.browser(model::Lang::Hu);
    all.gate.clock.pass(Duration::from_secs(30));
    home.visit(UGYFELKAPU).await;
    home.press("Bejelentkezés", &[("Felhasználónév", &all.anna.name), ("Jelszó", PASSWORD)]).await;
    home.press("Bejelentkezés", &[("Hatjegyű kód", &all.gate.code(&all.anna.key))]).await;
    home.press("Kijelentkezés minden szolgáltatásból", &[]).await;
    let page = home.page();
    assert_eq!(page.h1(), "Kijelentkezett a szolgáltatásokból");
    let mut shown = page.texts(".apps li");
    shown.sort();
    assert_eq!(
        shown,
        [
            "OIDC Szólunk neki, hogy kijelentkezett.",
            "egy.pelda.hu Nem tudunk szólni neki. Jelentkezzen ki ott.",
            "ketto.pelda.hu Szólunk neki, hogy kijelentkezett.",
            "nema.pelda.hu Nem tudunk szólni neki. Jelentkezzen ki ott.",
        ]
    );
    assert!(!all.is_signed_in().await);
    let delivered = all.gate.deliver().await;
    assert_eq!((delivered.logouts.len(), delivered.envelopes.len()), (1, 1));

    // Here the person stays signed in; and there is nothing more to end.
    home.follow("Vissza a fiókhoz").await;
    assert_eq!(home.page().url.path(), "/fiok");
    home.press("Kijelentkezés minden szolgáltatásból", &[]).await;
    assert!(home.page().text().contains("egyetlen szolgáltatásba sem"), "{}", home.page().text());
}
