//! A portal, somebody with both factors and a wallet, and a browser between them.

use std::time::Duration;

use axum::Router;
use broker::Wallets;
use http::Method;
use model::{Clock as _, Lang, Loa, PersonId, UserName};
use serde_json::{Value, json};
use store::record::WalletIdentityRecord;
use store::{Op, PresentingOp};
use testkit::wallet_box::{Form, PID_ISSUER, Posted, called};
use testkit::{Browser, Installation, Page, Settings, WalletBox};

use crate::relying_party::{PASSWORD, Person, RelyingParty, Request, Tokens, agree_if_asked, browser};

pub(super) const CHOOSE: &str = "Hogyan szeretne belépni?";
pub(super) const CONNECT: &str = "Összekapcsolja a fiókjával?";
pub(super) const TYPE_DIGITS: &str = "Írja be a telefonján látott négy számjegyet";
pub(super) const SIGNED_IN: &str = "Sikerült a belépés";
pub(super) const FAILED: &str = "Így nem sikerült belépnie";

pub(super) struct World {
    pub(super) gate: Installation,
    pub(super) portal: RelyingParty,
    pub(super) anna: Person,
    pub(super) wallet: WalletBox,
    pub(super) browser: Browser,
    pub(super) request: Request,
}

impl World {
    /// Anna's identity is not connected.
    pub(super) async fn strange() -> Self {
        Self::with(WalletBox::new(), json!({})).await
    }

    /// Anna's identity is connected.
    pub(super) async fn start() -> Self {
        let world = Self::strange().await;
        world.connect(Loa::Substantial).await;
        world
    }

    /// Anna's identity is connected, at an operator who chose otherwise.
    pub(super) async fn chosen(choose: impl FnOnce(&mut Wallets)) -> Self {
        let wallet = WalletBox::new();
        let mut wallets = wallet.wallets();
        choose(&mut wallets);
        let world = Box::pin(Self::set_up(wallet, wallets, json!({}))).await;
        world.connect(Loa::Substantial).await;
        world
    }

    pub(super) async fn with(wallet: WalletBox, members: Value) -> Self {
        let wallets = wallet.wallets();
        Box::pin(Self::set_up(wallet, wallets, members)).await
    }

    async fn set_up(wallet: WalletBox, wallets: Wallets, members: Value) -> Self {
        let settings = Settings { wallets: Some(wallets), ..Settings::default() };
        let gate = Box::pin(Installation::with(settings)).await;
        wallet.set_clock(gate.clock.clone());
        let portal = Box::pin(RelyingParty::register(&gate, "portal.pelda.hu", members)).await;
        let anna = Box::pin(Person::enrolled(&gate, "minta.anna")).await;
        let browser = browser(&gate, &[&portal]);
        let request = portal.request();
        Self { gate, portal, anna, wallet, browser, request }
    }

    pub(super) async fn person(&self) -> PersonId {
        let name = UserName::parse(&self.anna.name).unwrap();
        self.gate.store.account_by_name(&name).await.unwrap().unwrap().person.id
    }

    pub(super) async fn connect(&self, loa: Loa) {
        let record = WalletIdentityRecord {
            issuer: PID_ISSUER.to_owned(),
            number: "7A-1".to_owned(),
            person: self.person().await,
            loa,
            linked_at: self.gate.clock.now(),
        };
        self.gate.write(Op::Presenting(PresentingOp::Link(record))).await;
    }

    pub(super) fn app(&self) -> Router {
        self.gate.app()
    }

    pub(super) fn now(&self) -> i64 {
        self.gate.clock.now().seconds()
    }

    /// From the portal to the page with the link and the picture.
    pub(super) async fn ask(&mut self) -> &Page {
        self.gate.clock.pass(Duration::from_secs(1));
        self.request = self.portal.request();
        self.browser.visit(&self.request.url()).await;
        self.browser.press("DÁP mobilalkalmazással", &[]).await
    }

    /// What opens the wallet of the same device.
    pub(super) fn link(&self) -> String {
        let links = self.browser.page().links();
        let link = links.into_iter().find(|link| link.words == "Megnyitás a mobiltárcában");
        link.unwrap_or_else(|| panic!("no link:\n{}", self.browser.page().text())).url.to_string()
    }

    /// What the picture says, by what is typed in its place.
    pub(super) async fn picture(&self) -> String {
        let typed = self.browser.page().texts(".typed");
        let typed = typed.first().unwrap_or_else(|| panic!("no picture:\n{}", self.browser.page().text()));
        self.typed(&typed.to_lowercase()).await.body["request"].as_str().unwrap().to_owned()
    }

    pub(super) async fn typed(&self, code: &str) -> Posted {
        called(&self.app(), Method::GET, &format!("/wallet/kod/{code}"), None).await
    }

    /// The wallet of the same device approves, and leads back.
    pub(super) async fn approve_here(&mut self, form: Form) -> &Page {
        let link = self.link();
        let posted = self.wallet.approve(&self.app(), &link, form, self.now()).await;
        self.browser.visit(&posted.redirect_uri()).await
    }

    /// The wallet of a phone approves: its browser, with the digits.
    pub(super) async fn approve_there(&mut self, form: Form) -> (Browser, String) {
        let link = self.picture().await;
        let posted = self.wallet.approve(&self.app(), &link, form, self.now()).await;
        let mut phone = self.gate.browser(Lang::Hu);
        let page = phone.visit(&posted.redirect_uri()).await;
        assert_eq!(page.h1(), "Írja be ezt a négy számjegyet a számítógépen");
        let digits = page.texts(".phone span").concat();
        (phone, digits)
    }

    pub(super) async fn go_on(&mut self) -> &Page {
        self.browser.press("Jóváhagytam, tovább", &[]).await
    }

    pub(super) async fn type_digits(&mut self, digits: &str) -> &Page {
        self.browser.press("Bejelentkezés", &[("Négy számjegy", digits)]).await
    }

    /// Name, password and code, on the page that connects.
    pub(super) async fn prove(&mut self) -> &Page {
        self.browser.follow("Belépés és összekapcsolás").await;
        self.browser.press("Bejelentkezés", &[("Felhasználónév", &self.anna.name), ("Jelszó", PASSWORD)]).await;
        self.anna.give_code(&self.gate, &mut self.browser).await;
        self.browser.page()
    }

    /// What the portal is told at the end.
    pub(super) async fn answered(&mut self) -> Tokens {
        agree_if_asked(&mut self.browser).await;
        assert_eq!(self.browser.page().h1(), SIGNED_IN, "{}", self.browser.page().text());
        self.browser.follow_refresh().await;
        let code = self.portal.code(&self.browser, &self.request);
        self.portal.redeem(&self.gate, &code, &self.request).await
    }

    /// The details of the audit's records of an event, the last one first.
    pub(super) async fn told(&self, event: &str) -> Vec<String> {
        let told = self.gate.store.audit_tail(1000).await.unwrap();
        told.into_iter().filter(|entry| entry.event == event).map(|entry| entry.detail).collect()
    }
}

/// Another wrong set of digits.
pub(super) fn other_than(digits: &str) -> String {
    let number: u32 = digits.parse().unwrap();
    format!("{:04}", (number + 1) % 10_000)
}
