//! What only a wallet can give: a service asks for it, the person sees it, and it is told once.

mod afterwards;

use http::StatusCode;
use model::{Lang, Loa};
use serde_json::{Map, Value, json};
use testkit::wallet_box::Form;
use testkit::{Page, TICKED, WalletBox};
use wallet::openid4vp::{RefusalCode, WalletRefusal};

use super::world::{SIGNED_IN, TYPE_DIGITS, World};
use crate::relying_party::{Call, Person, Request, Tokens, is_asked, userinfo};

const ADDRESS: &str = "9021 Győr, Kanári utca 7.";
const PHONE: &str = "+36 20 555 7171";
const BUTTON: &str = "Adatok a mobiltárcából";
const SOURCE: &str = "a mobiltárcájából, kiállító: Próbahivatal";
const ALL: [&str; 4] = ["address", "phone_number", "gender", "age_over_18"];

/// A wallet with everything that services may ask for.
fn rich() -> WalletBox {
    let mut wallet = WalletBox::new();
    wallet.claims["address"] = json!({"formatted": ADDRESS, "x-flat": "12"});
    wallet.claims["phone_number"] = PHONE.into();
    wallet.claims["sex"] = 2.into();
    wallet.claims["age_equal_or_over"] = json!({"18": true});
    wallet
}

/// A portal that registered for all of it, and Anna, whose wallet is connected.
async fn world(wallet: WalletBox) -> World {
    let purposes = json!({"address": {"hu": "Ide küldjük a levelet."}});
    let members = json!({"kapu_wallet_claims": ALL, "kapu_purposes": purposes});
    let world = Box::pin(World::with(wallet, members)).await;
    world.connect(Loa::Substantial).await;
    world
}

/// Asks at UserInfo for two that it can do without and one that it calls essential, and for the fourth in the ID token.
fn wish(request: Request) -> Request {
    let claims = json!({
        "userinfo": {"address": {"essential": true}, "phone_number": null, "gender": null},
        "id_token": {"age_over_18": null},
    });
    request.set("claims", &claims.to_string())
}

impl World {
    fn wishing(&mut self) {
        self.request = wish(self.portal.request());
    }

    /// The same request again, from the browser as it is.
    async fn again(&mut self, more: &[(&str, &str)]) -> &Page {
        let request = wish(self.portal.request());
        self.request = more.iter().fold(request, |request, (name, value)| request.set(name, value));
        self.browser.visit(&self.request.url()).await
    }

    /// From the portal to the request to the wallet that signs in.
    async fn wish_by_wallet(&mut self) {
        self.wishing();
        self.browser.visit(&self.request.url()).await;
        self.browser.press("DÁP mobilalkalmazással", &[]).await;
    }

    /// The same by password and app, to the page that shows what the portal receives.
    async fn wish_by_app(&mut self) -> &Page {
        self.gate.clock.pass(std::time::Duration::from_secs(30));
        self.wishing();
        self.browser.visit(&self.request.url()).await;
        self.anna.give_password(&mut self.browser).await;
        self.anna.give_code(&self.gate, &mut self.browser).await;
        self.browser.page()
    }

    async fn redeemed(&mut self) -> Tokens {
        if self.browser.page().h1() == SIGNED_IN {
            self.browser.follow_refresh().await;
        }
        let code = self.portal.code(&self.browser, &self.request);
        self.portal.redeem(&self.gate, &code, &self.request).await
    }
}

fn offered(page: &Page) -> Vec<String> {
    page.texts("section.state li")
}

fn boxes(page: &Page) -> Vec<String> {
    page.texts(".choice label")
}

/// What of it the portal is told, at UserInfo and in the ID token.
async fn told(world: &World, tokens: &Tokens) -> Map<String, Value> {
    let userinfo = userinfo(&world.gate, &tokens.access_token).await;
    let at = |name: &str| userinfo.get(name).filter(|_| name != "age_over_18").or_else(|| tokens.claims.get(name));
    assert!(userinfo.get("age_over_18").is_none() && tokens.claims.get("address").is_none(), "each where it was asked");
    ALL.into_iter().filter_map(|name| Some((name.to_owned(), at(name)?.clone()))).collect()
}

#[tokio::test]
async fn a_sign_in_by_wallet_gives_what_is_ticked_and_nothing_later() {
    for form in Form::ALL {
        let mut world = world(rich()).await;
        world.wish_by_wallet().await;
        let page = world.approve_here(form).await;
        assert_eq!(
            boxes(page),
            [
                format!("Lakcím: {ADDRESS}"),
                format!("Telefonszám: {PHONE}"),
                "Nem: nő".to_owned(),
                "Elmúlt 18 éves: igen".to_owned()
            ]
        );
        assert!(page.attributes(".choice input", "checked").is_empty(), "nothing is ticked beforehand");
        let hints = page.texts(".choice .check .hint");
        assert_eq!((hints[0].as_str(), hints[1].as_str()), (&*format!("{SOURCE}. Ide küldjük a levelet."), SOURCE));
        assert!(offered(page).is_empty());
        world.browser.press("Hozzájárulok", &[("Lakcím", TICKED), ("Elmúlt 18 éves", TICKED)]).await;
        let tokens = world.redeemed().await;
        let expected = json!({"address": {"formatted": ADDRESS}, "age_over_18": true});
        assert_eq!(Value::from(told(&world, &tokens).await), expected, "{form:?}");

        // By single sign-on nobody asks a wallet: there is no page, and nothing of it is told.
        for more in [&[][..], &[("prompt", "none")]] {
            assert!(!world.again(more).await.url.path().ends_with("/adatok"));
            let later = world.redeemed().await;
            assert!(told(&world, &later).await.is_empty(), "{more:?}");
        }
        assert_eq!(told(&world, &tokens).await.len(), 2, "the former token tells it as long as it lives");
        // The next time that the wallet gives it, it is shown anew, and what is not ticked any more takes its tokens along.
        world.browser.forget_cookies();
        world.wish_by_wallet().await;
        let page = world.approve_here(form).await;
        assert_eq!(boxes(page).len(), 4);
        world.browser.press("Hozzájárulok", &[]).await;
        let tokens_now = world.redeemed().await;
        assert!(told(&world, &tokens_now).await.is_empty());
        let former = Call::get("/oidc/userinfo").bearer(&tokens.access_token).send(&world.gate).await;
        assert_eq!(former.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn what_the_wallet_does_not_give_stops_nobody() {
    for form in Form::ALL {
        let mut world = world(WalletBox::new()).await;
        world.wallet.claims["phone_number"] = PHONE.into();
        world.wallet.claims["sex"] = 0.into();
        world.wish_by_wallet().await;
        let page = world.approve_here(form).await;
        assert_eq!(boxes(page), [format!("Telefonszám: {PHONE}")], "a sex that says nothing is none");
        assert_eq!(offered(page), ["Lakcím Ide küldjük a levelet.", "Nem", "Elmúlt 18 éves"]);
        assert!(page.text().contains("A tárcája ezeket nem adta meg."), "{}", page.text());
        world.browser.press("Hozzájárulok", &[("Telefonszám", TICKED)]).await;
        let tokens = world.redeemed().await;
        assert_eq!(Value::from(told(&world, &tokens).await), json!({"phone_number": PHONE}));
    }
    // Nothing at all: whoever refused it in the wallet is not asked on a page.
    let mut world = world(WalletBox::new()).await;
    world.wish_by_wallet().await;
    assert_eq!(world.approve_here(Form::SdJwt).await.h1(), SIGNED_IN);
    let tokens = world.redeemed().await;
    assert!(told(&world, &tokens).await.is_empty());
}

#[tokio::test]
async fn values_of_another_form_are_not_taken() {
    let mut wallet = WalletBox::new();
    wallet.claims["address"] = json!({"formatted": "é".repeat(201), "locality": ["Győr"], "country": "HU"});
    wallet.claims["phone_number"] = json!({"number": PHONE});
    wallet.claims["sex"] = "female".into();
    wallet.claims["age_equal_or_over"] = json!({"18": "yes"});
    let mut world = world(wallet).await;
    world.wish_by_wallet().await;
    let page = world.approve_here(Form::SdJwt).await;
    assert_eq!(boxes(page), ["Lakcím: Magyarország"]);
}

#[tokio::test]
async fn whoever_signed_in_otherwise_gets_it_from_the_wallet_on_the_page() {
    for form in Form::ALL {
        let mut world = world(rich()).await;
        let page = world.wish_by_app().await;
        assert!(boxes(page).is_empty());
        assert_eq!(offered(page).len(), 4);
        assert!(page.text().contains("Nem tudjuk őket Önről."), "{}", page.text());
        // On this device.
        let page = world.browser.press(BUTTON, &[]).await;
        assert_eq!(page.h1(), "Olvassa be a mobiltárcájával");
        let link = world.link();
        let (app, now) = (world.app(), world.now());
        let request = world.wallet.fetch(&app, &link, now).await;
        assert_eq!(request.verifier_info[0].data["purpose"][0]["value"], "Adatok átadása ide: portal.pelda.hu");
        let page = world.approve_here(form).await;
        assert_eq!((boxes(page).len(), offered(page).len()), (4, 0), "{}", page.text());
        world.browser.press("Hozzájárulok", &[("Nem", TICKED), ("Telefonszám", TICKED)]).await;
        let tokens = world.redeemed().await;
        assert_eq!(Value::from(told(&world, &tokens).await), json!({"phone_number": PHONE, "gender": "female"}));
        assert_eq!(tokens.claims["acr"], "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp", "the sign-in is what it was");
        assert_eq!(world.told("wallet.given").await, ["data=address,age_over_18,gender,phone_number"]);
        // Asked anew, with the phone of another device.
        world.again(&[("prompt", "consent")]).await;
        world.browser.press(BUTTON, &[]).await;
        let (_, digits) = world.approve_there(form).await;
        let page = world.go_on().await;
        assert_eq!(page.h1(), TYPE_DIGITS);
        let page = world.browser.press("Tovább", &[("Négy számjegy", &digits)]).await;
        assert_eq!(boxes(page).len(), 4);
        world.browser.press("Hozzájárulok", &[("Lakcím", TICKED)]).await;
        let tokens = world.redeemed().await;
        assert_eq!(Value::from(told(&world, &tokens).await), json!({"address": {"formatted": ADDRESS}}));
    }
}

#[tokio::test]
async fn whoever_refuses_on_the_page_or_in_the_wallet_signs_in_all_the_same() {
    let mut world = world(rich()).await;
    world.wish_by_app().await;
    world.browser.press(BUTTON, &[]).await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let request = world.wallet.fetch(&app, &link, now).await;
    let refusal = WalletRefusal::of(RefusalCode::AccessDenied).post(request.state.as_deref());
    let posted = WalletBox::post(&app, &request, &refusal).await;
    let page = world.browser.visit(&posted.redirect_uri()).await;
    assert_eq!(page.h1(), "Nem adott meg adatot");
    assert_eq!(world.browser.press("Új ábra kérése", &[]).await.h1(), "Olvassa be a mobiltárcájával");
    let page = world.browser.follow("‹ Vissza az adatokhoz").await;
    assert_eq!(offered(page).len(), 4);
    world.browser.press("Hozzájárulok", &[]).await;
    let tokens = world.redeemed().await;
    assert!(told(&world, &tokens).await.is_empty());
    // Known from then on: nobody is asked again, until the service asks for the page or the person withdraws.
    world.again(&[]).await;
    assert!(!is_asked(&world.browser));
    world.redeemed().await;
    world.again(&[("prompt", "consent")]).await;
    assert_eq!(offered(world.browser.page()).len(), 4);
}

#[tokio::test]
async fn a_tick_for_what_no_wallet_gave_agrees_to_nothing() {
    let mut world = world(WalletBox::new()).await;
    let asked = world.wish_by_app().await.url.clone();
    let value = |name: &str| world.browser.page().attribute(&format!("main input[name={name}]"), "value").unwrap();
    let (token, version) = (value("csrf"), value("adatok"));
    let fields = [("csrf", token.as_str()), ("adatok", version.as_str()), ("tett", "tovabb"), ("atadom-address", "1")];
    world.browser.lured(&asked.origin().ascii_serialization(), asked.path(), &fields).await;
    assert_eq!(world.browser.page().url.as_str(), asked.as_str());
    assert!(world.told("login.answered").await.is_empty());
}

#[tokio::test]
async fn another_persons_credential_gives_nothing() {
    let mut world = world(rich()).await;
    // One that nobody knows, and one that is known as another person's.
    for number in ["7A-2", "7A-1"] {
        let mut other = world.gate.browser(Lang::Hu).reaching(&world.portal.origin, axum::Router::new());
        let bela = if number == "7A-1" {
            let bela = Person::enrolled(&world.gate, "minta.bela").await;
            world.wishing();
            other.visit(&world.request.url()).await;
            world.gate.clock.pass(std::time::Duration::from_secs(30));
            bela.give_password(&mut other).await;
            bela.give_code(&world.gate, &mut other).await;
            std::mem::swap(&mut world.browser, &mut other);
            true
        } else {
            world.wish_by_app().await;
            false
        };
        world.wallet.claims["personal_administrative_number"] = number.into();
        world.browser.press(BUTTON, &[]).await;
        let page = world.approve_here(Form::SdJwt).await;
        assert_eq!(
            (page.status, page.h1().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "Ez nem az Ön igazolványa"),
            "{number}"
        );
        assert!(!page.html().contains(ADDRESS));
        let page = world.browser.follow("‹ Vissza az adatokhoz").await;
        assert!(boxes(page).is_empty() && offered(page).len() == 4);
        world.browser.press("Hozzájárulok", &[]).await;
        let tokens = world.redeemed().await;
        assert!(told(&world, &tokens).await.is_empty());
        if bela {
            std::mem::swap(&mut world.browser, &mut other);
        }
    }
    assert_eq!(world.told("wallet.not-theirs").await.len(), 2);
    assert!(world.told("wallet.given").await.is_empty());
}

#[tokio::test]
async fn an_answer_that_comes_when_somebody_else_is_asked_is_not_taken() {
    let mut world = world(rich()).await;
    world.wish_by_app().await;
    let consent = world.browser.page().url.clone();
    world.browser.press(BUTTON, &[]).await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let posted = world.wallet.approve(&app, &link, Form::SdJwt, now).await;
    // Answered without it, in another tab.
    let mut tab = world.browser.tab();
    tab.visit(consent.as_str()).await;
    tab.press("Hozzájárulok", &[]).await;
    let page = world.browser.visit(&posted.redirect_uri()).await;
    assert!(page.status.is_client_error(), "{}", page.text());
    assert!(world.told("wallet.given").await.is_empty());
}

#[tokio::test]
async fn whoever_chooses_the_wallet_as_another_way_signs_in_by_it() {
    let mut world = world(rich()).await;
    let consent = world.wish_by_app().await.url.clone();
    world.browser.visit(consent.as_str().trim_end_matches("/adatok")).await;
    world.browser.press("DÁP mobilalkalmazással", &[]).await;
    let page = world.approve_here(Form::SdJwt).await;
    assert_eq!(boxes(page).len(), 4);
    world.browser.press("Hozzájárulok", &[]).await;
    assert_eq!(world.redeemed().await.claims["acr"], "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr");
}

#[tokio::test]
async fn what_a_client_did_not_register_for_is_not_asked_for() {
    for members in [json!({}), json!({"kapu_wallet_claims": ["gender"]})] {
        let is_allowed = members.get("kapu_wallet_claims").is_some();
        let mut world = World::with(rich(), members).await;
        world.connect(Loa::Substantial).await;
        world.wish_by_wallet().await;
        let (app, link, now) = (world.app(), world.link(), world.now());
        let request = world.wallet.fetch(&app, &link, now).await;
        let asked: Vec<usize> = request.query.credentials().iter().map(|credential| credential.claims.len()).collect();
        let sets: Vec<usize> =
            request.query.credentials().iter().map(|credential| credential.claim_sets.len()).collect();
        let page = world.approve_here(Form::SdJwt).await;
        if is_allowed {
            assert_eq!((asked, sets), (vec![5, 5], vec![2, 2]));
            assert_eq!(boxes(page), ["Nem: nő"]);
        } else {
            assert_eq!((asked, sets), (vec![4, 4], vec![0, 0]));
            assert_eq!(page.h1(), SIGNED_IN);
            let tokens = world.redeemed().await;
            assert!(told(&world, &tokens).await.is_empty());
        }
    }
}

#[tokio::test]
async fn discovery_names_the_claims_where_wallets_are_asked() {
    let has_them = async |gate: &testkit::Installation| {
        let document = Call::get("/.well-known/openid-configuration").send(gate).await.json();
        let named = document["claims_supported"].as_array().unwrap().clone();
        ALL.map(|claim| named.contains(&json!(claim)))
    };
    assert_eq!(has_them(&world(WalletBox::new()).await.gate).await, [true; 4]);
    let gate = testkit::Installation::start().await;
    assert_eq!(has_them(&gate).await, [false; 4]);
    // There a request for them is what it was: one that asks for nothing.
    let metadata = json!({"kapu_wallet_claims": ALL});
    let portal = crate::relying_party::RelyingParty::register(&gate, "portal.pelda.hu", metadata).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let mut browser = crate::relying_party::browser(&gate, &[&portal]);
    browser.visit(&wish(portal.request()).url()).await;
    anna.give_password(&mut browser).await;
    anna.give_code(&gate, &mut browser).await;
    assert_eq!(browser.page().h1(), SIGNED_IN);
}
