//! A wallet asks by itself, and its person lets it have what it asks for (`OpenID4VCI` 1.0 section 5, HAIP 1.0).

use std::time::Duration;

use broker::TotpKey;
use http::{Method, StatusCode};
use model::{Binding, Lang, Loa, UserName};
use testkit::{Browser, DAP, Installation, KAU, Settings};
use url::Url;
use wallet::openid4vci::{CredentialResponse, TokenResponse};

use crate::phone::{ANNA, Answer, PASSWORD, STEP, anna_at, call, holder, nonce, proof, request};
use crate::wallet::{CHALLENGE, Wallet, authorize, form, post};

const CHOOSE: &str = "Hogyan szeretne belépni?";
const APP: &str = "Ügyfélkapu+ hitelesítő alkalmazással";
const SHOWN: &str = "Személyi igazolást kap a Minta tárca";

pub(crate) struct World {
    pub(crate) gate: Installation,
    pub(crate) key: TotpKey,
    pub(crate) wallets: [Wallet; 2],
    /// The phone's, in which nobody is signed in.
    pub(crate) browser: Browser,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let wallets = [Wallet::new(1), Wallet::new(2)];
        let credential_wallets = wallets.iter().map(Wallet::trusted).collect();
        let (gate, key, _) = anna_at(Settings { credential_wallets, ..settings }).await;
        let browser = gate.browser(Lang::Hu);
        Self { gate, key, wallets, browser }
    }

    /// Up to the page that shows what goes into the first wallet.
    pub(crate) async fn shown(&mut self, scope: &str) {
        self.shown_of(0, scope).await;
    }

    async fn shown_of(&mut self, nth: usize, scope: &str) {
        self.gate.clock.pass(STEP);
        let wallet = &self.wallets[nth];
        let request_uri = wallet.pushed(&self.gate, scope).await;
        let page = self.browser.visit(&authorize(&wallet.client_id, &request_uri)).await;
        assert_eq!(page.h1(), CHOOSE, "{}", page.text());
        sign_in(&self.gate, &mut self.browser, ANNA, &self.key).await;
        assert_eq!(self.browser.page().h1(), SHOWN, "{}", self.browser.page().text());
    }

    /// The code that the first wallet gets.
    pub(crate) async fn code(&mut self, scope: &str) -> String {
        self.code_of(0, scope).await
    }

    async fn code_of(&mut self, nth: usize, scope: &str) -> String {
        self.shown_of(nth, scope).await;
        self.browser.press("Engedélyezem", &[]).await;
        let back = returned(&self.browser);
        parameter(&back, "code").unwrap_or_else(|| panic!("{back}"))
    }
}

pub(crate) async fn sign_in(gate: &Installation, browser: &mut Browser, name: &str, key: &TotpKey) {
    browser.press(APP, &[]).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", name), ("Jelszó", PASSWORD)]).await;
    browser.press("Bejelentkezés", &[("Hatjegyű kód", &gate.code(key))]).await;
}

/// Where the last page leads the wallet.
pub(crate) fn returned(browser: &Browser) -> Url {
    let links = browser.page().links();
    let found = links.into_iter().find(|link| link.url.scheme().starts_with("wallet-"));
    found.unwrap_or_else(|| panic!("{}", browser.page().text())).url
}

pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

pub(crate) fn token_of(answer: &Answer) -> TokenResponse {
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, Some("no-store")), "{answer:?}");
    TokenResponse::parse(&answer.body).unwrap()
}

/// Asks for one credential with a bound token.
pub(crate) async fn ask(gate: &Installation, wallet: &Wallet, token: &str, configuration: &str) -> Answer {
    let body = request(configuration, vec![proof(gate, &holder(), &nonce(gate).await)]);
    wallet.ask(gate, token, ("application/json", &body)).await
}

pub(crate) const INVALID_GRANT: &str = "invalid_grant";

pub(crate) fn refused(code: &str) -> (u16, String) {
    (400, code.to_owned())
}

#[tokio::test]
async fn oid4vci_1_0_issuer_happy_flow_in_haip() {
    let mut world = World::start().await;
    world.shown("pid-sd-jwt pid-mdoc").await;
    let page = world.browser.page();
    for shown in [
        "Személyi igazolás (SD-JWT)",
        "Személyi igazolás (mdoc)",
        "Minta",
        "Anna",
        "1958. március 5.",
        "Győr",
        "Elmúlt 18 éves igen",
    ] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    world.browser.press("Engedélyezem", &[]).await;
    let back = returned(&world.browser);
    assert!(back.as_str().starts_with("wallet-1://issued?from=dap&code="), "{back}");
    // RFC 9207: whose answer it is.
    let told = ["state", "iss", "error"].map(|name| parameter(&back, name));
    assert_eq!(told, [Some("st&ate".to_owned()), Some(DAP.to_owned()), None]);
    let World { gate, wallets: [wallet, _], .. } = &world;
    let token = token_of(&wallet.redeem(gate, &parameter(&back, "code").unwrap()).await);
    assert_eq!((token.token_type.as_str(), token.expires_in), ("DPoP", 300));
    assert_eq!(token.scope.as_deref(), Some("pid-sd-jwt pid-mdoc"));
    for configuration in ["pid-sd-jwt", "pid-mdoc"] {
        let answer = ask(gate, wallet, token.access_token.expose(), configuration).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
        assert_eq!(CredentialResponse::parse(&answer.body).unwrap().credentials.len(), 1);
    }
    // On the same ground as by an offer; and nothing is remembered as agreed to, so that it is shown each time.
    let account = gate.store.account_by_name(&UserName::parse(ANNA).unwrap()).await.unwrap().unwrap();
    let person = account.person.id;
    let issued = gate.store.credentials_of(&person).await.unwrap();
    assert_eq!(issued.len(), 2);
    for credential in issued {
        assert_eq!((credential.ground.loa, credential.ground.provenance), (Loa::Substantial, Binding::Clerk));
    }
    assert!(gate.store.consents_of(&person).await.unwrap().is_empty());
    world.shown("pid-sd-jwt").await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_happy_flow_multiple_clients() {
    let mut world = World::start().await;
    let codes = [world.code_of(0, "pid-sd-jwt").await, world.code_of(1, "pid-mdoc").await];
    let World { gate, wallets: [one, other], .. } = &world;
    // One wallet's code is nothing in the other's hands, and stays good in its own.
    assert_eq!(one.redeem(gate, &codes[1]).await.refusal(), refused(INVALID_GRANT));
    let token = token_of(&other.redeem(gate, &codes[1]).await);
    assert_eq!(ask(gate, other, token.access_token.expose(), "pid-mdoc").await.status, StatusCode::OK);
    // The first one's has lapsed while the second signed in.
    assert_eq!(one.redeem(gate, &codes[0]).await.refusal(), refused(INVALID_GRANT));
    let code = world.code_of(0, "pid-sd-jwt").await;
    let World { gate, wallets: [one, _], .. } = &world;
    let token = token_of(&one.redeem(gate, &code).await);
    assert_eq!(ask(gate, one, token.access_token.expose(), "pid-sd-jwt").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_good_for_what_was_shown() {
    let mut world = World::start().await;
    let code = world.code("pid-mdoc openid").await;
    let World { gate, wallets: [wallet, _], .. } = &world;
    let token = token_of(&wallet.redeem(gate, &code).await);
    assert_eq!(token.scope.as_deref(), Some("pid-mdoc"), "what is not known is not granted");
    let answer = ask(gate, wallet, token.access_token.expose(), "pid-sd-jwt").await;
    assert_eq!(answer.refusal(), refused("unknown_credential_configuration"));
}

#[tokio::test]
async fn what_is_no_request_to_be_pushed() {
    let world = World::start().await;
    let World { gate, wallets: [wallet, other], .. } = &world;
    let good = || wallet.request("pid-sd-jwt");
    let with = |name: &'static str, value: &str| {
        let mut request = good();
        request.retain(|(known, _)| *known != name);
        request.push((name, value.to_owned()));
        form(&request)
    };
    let mut table = vec![
        (with("redirect_uri", "https://wallet.example/cb"), Ok(())),
        (with("scope", "pid-mdoc other"), Ok(())),
        (with("redirect_uri", "https://wallet.example/cb?"), Err("invalid_request")),
        (with("redirect_uri", &other.redirect_uri), Err("invalid_request")),
        (with("code_challenge", &CHALLENGE[..42]), Err("invalid_request")),
        (with("code_challenge", &format!("{CHALLENGE}=")), Err("invalid_request")),
        (with("code_challenge_method", "plain"), Err("invalid_request")),
        (with("response_type", "token"), Err("unsupported_response_type")),
        (with("scope", "openid"), Err("invalid_scope")),
        (with("client_id", &other.client_id), Err("invalid_client")),
        (with("request_uri", "urn:ietf:params:oauth:request_uri:x"), Err("invalid_request")),
        (with("state", &"s".repeat(1025)), Err("invalid_request")),
        (String::new(), Err("invalid_request")),
    ];
    for (name, value) in good().into_iter().filter(|(name, _)| *name != "state") {
        let code = if name == "scope" { "invalid_scope" } else { "invalid_request" };
        table.push((with(name, ""), Err(code)));
        table.push((format!("{}&{}", form(&good()), form(&[(name, value)])), Err("invalid_request")));
    }
    for (body, expected) in table {
        let answer = post(gate, "/par", &wallet.sent(gate, "/par"), &body).await;
        match expected {
            Ok(()) => assert_eq!(answer.status, StatusCode::CREATED, "{body}"),
            Err("invalid_client") => assert_eq!(answer.refusal(), (401, "invalid_client".to_owned()), "{body}"),
            Err(code) => assert_eq!(answer.refusal(), refused(code), "{body}"),
        }
    }
    let as_json = call(gate, (Method::POST, "/par"), &[("content-type", "application/json")], "{}").await;
    assert_eq!(as_json.refusal(), refused("invalid_request"));
}

#[tokio::test]
async fn a_pushed_request_is_used_once_in_a_minute_and_by_its_wallet() {
    let mut world = World::start().await;
    let World { gate, wallets: [wallet, other], browser, .. } = &mut world;
    let pushed = wallet.pushed(gate, "pid-sd-jwt").await;
    let lapsed = wallet.pushed(gate, "pid-sd-jwt").await;
    let refused = |page: &testkit::Page| assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.text());
    // Whoever went back, or was slow, is told where to begin again.
    let over = |page: &testkit::Page| {
        assert_eq!((page.status, page.h1().as_str()), (StatusCode::GONE, "A kérésre már született válasz"));
        assert!(page.text().contains("ott, ahonnan indult: A Minta tárca."), "{}", page.text());
    };
    over(browser.visit(&authorize(&other.client_id, &pushed)).await);
    over(browser.visit(&authorize(&wallet.client_id, &format!("{pushed}0"))).await);
    refused(browser.visit(&authorize("https://strange.example", &pushed)).await);
    refused(browser.visit(&authorize(&wallet.client_id, "https://wallet.example/request")).await);
    refused(browser.visit(&format!("{DAP}/authorize?{}", form(&wallet.request("pid-sd-jwt")))).await);
    refused(browser.visit(&format!("{}&client_id=x", authorize(&wallet.client_id, &pushed))).await);
    refused(browser.visit(&format!("{DAP}/authorize")).await);
    // None of these used it up.
    let page = browser.visit(&authorize(&wallet.client_id, &pushed)).await;
    assert_eq!((page.h1().as_str(), page.url.as_str().starts_with(KAU)), (CHOOSE, true));
    over(browser.visit(&authorize(&wallet.client_id, &pushed)).await);
    gate.clock.pass(Duration::from_mins(1));
    over(browser.visit(&authorize(&wallet.client_id, &lapsed)).await);
}

#[tokio::test]
async fn a_person_may_go_back_at_any_step() {
    let mut world = World::start().await;
    let denied = |browser: &Browser| {
        let back = returned(browser);
        let told = ["error", "state", "iss", "code"].map(|name| parameter(&back, name));
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(told, [text("access_denied"), text("st&ate"), text(DAP), None]);
    };
    world.shown("pid-sd-jwt").await;
    world.browser.press("Nem engedélyezem", &[]).await;
    denied(&world.browser);
    let World { gate, wallets: [wallet, _], browser, .. } = &mut world;
    let pushed = wallet.pushed(gate, "pid-sd-jwt").await;
    browser.visit(&authorize(&wallet.client_id, &pushed)).await;
    let cancel = browser.page().links().into_iter().find(|link| link.url.path().ends_with("/megsem")).unwrap();
    let answer = call_kau(gate, browser, cancel.url.path()).await;
    assert!(answer.starts_with("wallet-1://issued?from=dap&error=access_denied"), "{answer}");
    let person = gate.store.account_by_name(&UserName::parse(ANNA).unwrap()).await.unwrap().unwrap().person.id;
    assert!(gate.store.credentials_of(&person).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_stays_signed_in_at_kau_for_a_wallet() {
    const SSO: &str = "__Host-sso";
    let mut world = World::start().await;
    world.shown("pid-sd-jwt").await;
    let mut first = world.browser.tab();
    first.visit(world.browser.page().url.as_str()).await;
    // Another one in the same browser goes on in the session that the first one began.
    let code = world.code_of(1, "pid-mdoc").await;
    assert!(world.browser.cookie(KAU, SSO).is_some(), "the first one still needs it");
    token_of(&world.wallets[1].redeem(&world.gate, &code).await);
    world.browser.visit(first.page().url.as_str()).await;
    world.browser.press("Engedélyezem", &[]).await;
    assert_eq!(world.browser.cookie(KAU, SSO), None, "no service is there to sign out from");
    let code = parameter(&returned(&world.browser), "code").unwrap();
    token_of(&world.wallets[0].redeem(&world.gate, &code).await);
}

/// Where a page of KAÜ redirects this browser.
async fn call_kau(gate: &Installation, browser: &Browser, path: &str) -> String {
    let cookie = browser.cookie(KAU, "__Host-visitor").unwrap();
    let request = http::Request::get(path)
        .header("host", "kau.localhost:8080")
        .header("cookie", format!("__Host-visitor={cookie}"));
    let request = request.body(axum::body::Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(gate.app(), request).await.unwrap();
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// A credential is issued on the ground of the authenticator: neither another credential nor another provider vouches.
#[tokio::test]
async fn the_person_signs_in_anew_and_by_the_authenticator_alone() {
    let wallet = Wallet::new(1);
    let shown = testkit::WalletBox::new();
    let settings = testkit::Settings {
        credential_wallets: vec![wallet.trusted()],
        wallets: Some(shown.wallets()),
        ..testkit::Settings::default()
    };
    let gate = Installation::with(settings).await;
    gate.add_person(ANNA, PASSWORD).await;
    let (key, _) = gate.enrol(ANNA).await;
    gate.identify(ANNA, &key).await;
    let mut browser = gate.browser(Lang::Hu);
    for _ in 0..2 {
        gate.clock.pass(STEP);
        let pushed = wallet.pushed(&gate, "pid-sd-jwt").await;
        let page = browser.visit(&authorize(&wallet.client_id, &pushed)).await;
        assert_eq!(page.h1(), CHOOSE, "single sign-on is not enough");
        let methods: Vec<_> = page.buttons().into_iter().filter(|words| words.contains("DÁP")).collect();
        assert!(methods.is_empty() && !page.text().contains("DÁP"), "{}", page.text());
        sign_in(&gate, &mut browser, ANNA, &key).await;
        assert_eq!(browser.page().h1(), SHOWN);
    }
}

#[tokio::test]
async fn who_enrolled_by_a_mailed_code_is_told_what_to_do() {
    let mut world = World::start().await;
    let (key, _) = crate::persons::enrolled_by_contact(&world.gate, "nagy.bela").await;
    world.gate.clock.pass(STEP);
    let World { gate, wallets: [wallet, _], browser, .. } = &mut world;
    let pushed = wallet.pushed(gate, "pid-sd-jwt").await;
    browser.visit(&authorize(&wallet.client_id, &pushed)).await;
    sign_in(gate, browser, "nagy.bela", &key).await;
    assert_eq!(browser.page().h1(), "Egyszer igazolnia kell magát", "{}", browser.page().text());
    assert!(browser.page().text().contains("ügyfélszolgálaton"));
    // After a clerk has seen the person, the same app is enough.
    gate.identify("nagy.bela", &key).await;
    gate.clock.pass(STEP);
    let pushed = wallet.pushed(gate, "pid-sd-jwt").await;
    browser.visit(&authorize(&wallet.client_id, &pushed)).await;
    sign_in(gate, browser, "nagy.bela", &key).await;
    assert_eq!(browser.page().h1(), SHOWN);
}
