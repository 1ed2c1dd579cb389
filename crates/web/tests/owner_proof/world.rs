//! An account, a browser, and wallets: one with a credential that was issued here, one with another issuer's.

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use broker::{AuthenticatorState, LetterContent, Notice, TotpKey};
use http::{Request, StatusCode, header};
use jose::SigningKey;
use model::{Binding, Clock as _, Lang, Loa, PersonId, UserName};
use store::record::{Account, WalletIdentityRecord};
use store::{Op, PresentingOp};
use testkit::wallet_box::{Form, PID_ISSUER};
use testkit::{Browser, Installation, Page, Settings, TICKED, UGYFELKAPU, WalletBox};
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use wallet::credential::PersonClaim;
use wallet::sd_jwt::{Held, KeyBindingExpected};

use crate::phone::{self, ANNA, PASSWORD, STEP};

pub(crate) const PROVE: &str = "Igazolom magam a DÁP mobilalkalmazással";

/// A gateway that asks wallets, and somebody else's issuer.
pub(crate) struct World {
    pub(crate) gate: Installation,
    pub(crate) foreign: WalletBox,
}

/// A wallet with a credential of ours.
pub(crate) struct Own {
    holder: SigningKey,
    credential: String,
}

impl World {
    pub(crate) async fn start() -> Self {
        let foreign = WalletBox::new();
        let gate = Installation::with(Settings { wallets: Some(foreign.wallets()), ..Settings::default() }).await;
        foreign.set_clock(gate.clock.clone());
        gate.add_person(ANNA, PASSWORD).await;
        Self { gate, foreign }
    }

    /// Gives somebody an authenticator that a clerk has seen, and a credential from it.
    pub(crate) async fn holder_of_credential(&self, name: &str) -> (TotpKey, Own) {
        let (key, _) = self.gate.enrol(name).await;
        self.gate.identify(name, &key).await;
        let own = self.credential_for(name, &key).await;
        (key, own)
    }

    /// A credential for whoever is substantial by this authenticator.
    pub(crate) async fn credential_for(&self, name: &str, key: &TotpKey) -> Own {
        let gate = &self.gate;
        let mut browser = phone::signed_in(gate, name, key).await;
        let (offer, mailed) = phone::offered(gate, key, &mut browser).await;
        let token = phone::redeem(gate, &offer, &mailed).await;
        let holder = phone::holder();
        let issued = phone::issue(gate, &token, phone::SD_JWT, &holder).await;
        gate.deliver().await;
        Own { holder, credential: issued.credentials.into_iter().next().unwrap() }
    }

    pub(crate) async fn account(&self, name: &str) -> Account {
        self.gate.store.account_by_name(&user(name)).await.unwrap().unwrap()
    }

    pub(crate) async fn person(&self) -> PersonId {
        self.account(ANNA).await.person.id
    }

    pub(crate) async fn binding(&self) -> Binding {
        self.account(ANNA).await.authenticator.unwrap().binding
    }

    /// Switches the authenticator to another state.
    pub(crate) async fn switch(&self, to: AuthenticatorState) {
        self.gate.switch(ANNA, to).await;
    }

    /// Connects the other issuer's identity with Anna's account.
    pub(crate) async fn connect(&self, loa: Loa) {
        let record = WalletIdentityRecord {
            issuer: PID_ISSUER.to_owned(),
            number: "7A-1".to_owned(),
            person: self.person().await,
            loa,
            linked_at: self.gate.clock.now(),
        };
        self.gate.write(Op::Presenting(PresentingOp::Link(record))).await;
    }

    /// The notices that are due, oldest first.
    pub(crate) async fn notices(&self) -> Vec<Notice> {
        let letters = self.gate.deliver().await.letters;
        let notice = |content: &LetterContent| match content {
            LetterContent::Notice { notice, .. } => Some(*notice),
            _ => None,
        };
        letters.iter().filter_map(|(letter, _)| notice(&letter.content)).collect()
    }

    pub(crate) async fn audited(&self, event: &str) -> usize {
        let told = self.gate.store.audit_tail(10_000).await.unwrap();
        told.iter().filter(|entry| entry.event == event).count()
    }

    /// Anna with the password alone, at the page where the account is to be proved hers.
    pub(crate) async fn enrolling(&self) -> Browser {
        let mut browser = self.gate.browser(Lang::Hu);
        browser.visit(UGYFELKAPU).await;
        browser.press("Bejelentkezés", &[("Felhasználónév", ANNA), ("Jelszó", PASSWORD)]).await;
        browser.press("Ügyfélkapu+ igénylése", &[]).await;
        browser.press("Megvan az alkalmazás, tovább", &[]).await;
        assert_eq!(browser.page().url.path(), "/igenyles/kapcsolat");
        browser
    }

    /// Goes on from the proof by a mailed code to "Befejezés".
    pub(crate) async fn enrol_by_contact(&self, browser: &mut Browser) -> TotpKey {
        browser.press("Kód küldése", &[]).await;
        let code = self.gate.mailed_code().await;
        browser.press("Tovább", &[("Az e-mailben kapott kód", &code)]).await;
        self.finish(browser).await
    }

    /// Goes on from the page with the QR code to "Befejezés".
    pub(crate) async fn finish(&self, browser: &mut Browser) -> TotpKey {
        assert_eq!(browser.page().url.path(), "/igenyles/osszekapcsolas");
        let shown: String = browser.page().texts(".key").concat().split_whitespace().collect();
        let key = TotpKey::from_bytes(&data_encoding::BASE32_NOPAD.decode(shown.as_bytes()).unwrap()).unwrap();
        let code = self.gate.code(&key);
        browser.press("Tovább", &[("Jelszó", PASSWORD), ("Hatjegyű kód az alkalmazásból", &code)]).await;
        browser.press("Befejezés", &[("A törlőkód mentéséről gondoskodtam", TICKED)]).await;
        assert_eq!(browser.page().url.path(), "/aktivalas");
        key
    }

    /// Anna, who enrolled by a mailed code in place of an authenticator that was substantial, and who has a credential
    /// from that time.
    pub(crate) async fn low_with_former_credential() -> (Self, TotpKey, Own) {
        let world = Self::start().await;
        let (_, own) = world.holder_of_credential(ANNA).await;
        world.switch(AuthenticatorState::Inactive).await;
        let mut browser = world.enrolling().await;
        // What was issued in the instant in which it was bound could be by its code.
        world.gate.clock.pass(STEP);
        let key = world.enrol_by_contact(&mut browser).await;
        assert_eq!(world.binding().await, Binding::ContactCode);
        world.gate.deliver().await;
        (world, key, own)
    }

    /// Shows a credential of ours on the page of KAÜ that a browser is at, and says where the wallet leads.
    pub(crate) async fn shown(&self, own: &Own, browser: &Browser) -> String {
        self.shown_by(own, &link(browser)).await
    }

    /// The same by the link itself.
    pub(crate) async fn shown_by(&self, own: &Own, link: &str) -> String {
        let (app, now) = (self.gate.app(), self.now());
        let request = self.foreign.fetch(&app, link, now).await;
        let held = Held::receive(&own.credential, now, phone::judge(&self.gate)).unwrap();
        let (audience, nonce) = (request.client_id.to_string(), request.nonce.clone());
        let binding = KeyBindingExpected { audience: &audience, nonce: &nonce };
        let asked = [
            PersonClaim::FamilyName,
            PersonClaim::GivenName,
            PersonClaim::Birthdate,
            PersonClaim::PersonalAdministrativeNumber,
        ];
        let shown = held.present(&asked.map(PersonClaim::path), &own.holder, &binding, now).unwrap();
        let posted = WalletBox::post(&app, &request, &WalletBox::body(&request, &[(Form::SdJwt, shown)])).await;
        if posted.status != StatusCode::OK {
            return String::new();
        }
        posted.redirect_uri()
    }

    /// The same, and back to the page that asked.
    pub(crate) async fn show<'b>(&self, own: &Own, browser: &'b mut Browser) -> &'b Page {
        let back = self.shown(own, browser).await;
        self.come_back(&back, browser).await
    }

    /// The same with the other issuer's credential.
    pub(crate) async fn show_foreign<'b>(&self, browser: &'b mut Browser) -> &'b Page {
        let back = self.foreign.approve(&self.gate.app(), &link(browser), Form::SdJwt, self.now()).await.redirect_uri();
        self.come_back(&back, browser).await
    }

    async fn come_back<'b>(&self, back: &str, browser: &'b mut Browser) -> &'b Page {
        let session = browser.cookie(testkit::KAU, "__Host-sso");
        assert_eq!(browser.visit(back).await.h1(), "Megkaptuk az igazolását");
        assert_eq!(browser.cookie(testkit::KAU, "__Host-sso"), session, "nobody is signed in by it");
        browser.follow_refresh().await
    }

    pub(crate) fn now(&self) -> i64 {
        self.gate.clock.now().seconds()
    }
}

pub(crate) fn user(name: &str) -> UserName {
    UserName::parse(name).unwrap()
}

/// From a page of the account to the link and the picture at KAÜ.
pub(crate) async fn ask<'b>(browser: &'b mut Browser, path: &str) -> &'b Page {
    browser.visit(&format!("{UGYFELKAPU}{path}")).await;
    browser.press(PROVE, &[]).await;
    let page = browser.follow_refresh().await;
    assert_eq!(page.h1(), "Olvassa be a mobiltárcájával", "{}", page.text());
    page
}

/// What opens the wallet of the same device.
pub(crate) fn link(browser: &Browser) -> String {
    let links = browser.page().links();
    let link = links.into_iter().find(|link| link.words == "Megnyitás a mobiltárcában");
    link.unwrap_or_else(|| panic!("no link:\n{}", browser.page().text())).url.to_string()
}

/// Signs in to the account's pages with both factors.
pub(crate) async fn signed_in(world: &World, key: &TotpKey) -> Browser {
    phone::signed_in(&world.gate, ANNA, key).await
}

/// Password and live code on the page that lifts.
pub(crate) async fn confirm<'b>(world: &World, key: &TotpKey, browser: &'b mut Browser) -> &'b Page {
    world.gate.clock.pass(STEP);
    let code = world.gate.code(key);
    browser.press("Megerősítem", &[("Jelszó", PASSWORD), ("Hatjegyű kód az alkalmazásból", &code)]).await
}

/// The form that a browser shows, with these fields, as it is sent to `action`.
pub(crate) fn form_to(browser: &Browser, action: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let token = browser.page().attribute("main form input[name=csrf]", "value").expect("a token");
    let cookie = |name: &str| Some(format!("__Host-{name}={}", browser.cookie(UGYFELKAPU, &format!("__Host-{name}"))?));
    let cookies: Vec<_> = ["visitor", "account", "enrol", "device"].into_iter().filter_map(cookie).collect();
    let pairs = [("csrf", token.as_str())].into_iter().chain(fields.iter().copied());
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Request::post(action)
        .header(header::HOST, "ugyfelkapu.localhost:8080")
        .header(header::COOKIE, cookies.join("; "))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .extension(ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 49_152))))
        .body(Body::from(body))
        .unwrap()
}

/// Sends a form, and says how it was answered.
pub(crate) async fn post(world: &World, form: Request<Body>) -> StatusCode {
    world.gate.app().oneshot(form).await.unwrap().status()
}

/// Sends the form that a browser shows 64 times at once, and says how each was answered.
pub(crate) async fn at_once(world: &World, browser: &Browser, fields: &[(&str, &str)]) -> Vec<StatusCode> {
    let action = browser.page().attribute("main form", "action").expect("a form");
    let mut sent = JoinSet::new();
    for _ in 0..64 {
        let (app, form) = (world.gate.app(), form_to(browser, &action, fields));
        sent.spawn(async move { app.oneshot(form).await.unwrap().status() });
    }
    sent.join_all().await
}
