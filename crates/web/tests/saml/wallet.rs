//! A sign-in by a wallet, to a service of SAML.

use model::{Clock as _, Lang, Level, Loa, ServiceTerms, UserName};
use store::record::{AuditRecord, WalletIdentityRecord};
use store::{Change, Committed, Op, PresentingOp};
use testkit::wallet_box::{Form, PID_ISSUER};
use testkit::{Installation, KAU, Settings, WalletBox};

use super::service::{Person, Service, agree_if_asked, by_redirect};

const WALLET: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr";

/// A gateway that takes the wallet's credentials, and knows whose they are.
async fn gate_of(wallet: &WalletBox) -> Installation {
    let gate = Installation::with(Settings { wallets: Some(wallet.wallets()), ..Settings::default() }).await;
    wallet.set_clock(gate.clock.clone());
    Person::enrolled(&gate, "minta.anna").await;
    let (name, now) = (UserName::parse("minta.anna").unwrap(), gate.clock.now());
    let record = WalletIdentityRecord {
        issuer: PID_ISSUER.to_owned(),
        number: "7A-1".to_owned(),
        person: gate.store.account_by_name(&name).await.unwrap().unwrap().person.id,
        loa: Loa::Substantial,
        linked_at: now,
    };
    let audit = AuditRecord { at: now, person: None, event: "test", detail: String::new() };
    let change = Change::new(audit).with(Op::Presenting(PresentingOp::Link(record)));
    assert_eq!(gate.store.commit(change).await.unwrap(), Committed::Done);
    gate
}

#[tokio::test]
async fn a_wallet_opens_a_service_of_saml_on_the_same_device_and_across() {
    for form in Form::ALL {
        let wallet = WalletBox::new();
        let gate = gate_of(&wallet).await;
        let terms = ServiceTerms { min_level: Some(Level::Three), ..ServiceTerms::default() };
        let service = Service::usual("kenyszi.pelda.hu").register_with(&gate, terms).await;
        let app = gate.app();
        let mut browser = gate.browser(Lang::Hu);
        browser.visit(&by_redirect(&service.request(&gate, "_a"), None, None)).await;
        browser.press("DÁP mobilalkalmazással", &[]).await;
        let links = browser.page().links();
        let link = links.iter().find(|link| link.words == "Megnyitás a mobiltárcában").unwrap().url.to_string();
        let back = wallet.approve(&app, &link, form, gate.clock.now().seconds()).await.redirect_uri();
        browser.visit(&back).await;
        agree_if_asked(&mut browser).await;
        let assertion = service.answer(&gate, &browser, "_a").unwrap();
        assert_eq!(assertion.authn.context_class.as_deref(), Some(WALLET));

        // Across devices, in another browser.
        let mut desk = gate.browser(Lang::Hu);
        desk.visit(&by_redirect(&service.request(&gate, "_b"), None, None)).await;
        desk.press("DÁP mobilalkalmazással", &[]).await;
        let typed = desk.page().texts(".typed").concat();
        let path = format!("/wallet/kod/{typed}");
        let found = testkit::wallet_box::called(&app, axum::http::Method::GET, &path, None).await;
        let link = found.body["request"].as_str().unwrap().to_owned();
        let back = wallet.approve(&app, &link, form, gate.clock.now().seconds()).await.redirect_uri();
        assert!(back.starts_with(KAU));
        let mut phone = gate.browser(Lang::Hu);
        phone.visit(&back).await;
        let digits = phone.page().texts(".phone span").concat();
        desk.press("Jóváhagytam, tovább", &[]).await;
        desk.press("Bejelentkezés", &[("Négy számjegy", &digits)]).await;
        agree_if_asked(&mut desk).await;
        let assertion = service.answer(&gate, &desk, "_b").unwrap();
        assert_eq!(assertion.authn.context_class.as_deref(), Some(WALLET));
    }
}
