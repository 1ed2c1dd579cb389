//! Two `kapu serve` processes on one PostgreSQL server are one gateway.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::thread;

use axum::Router;
use broker::{AuthenticatorState, DeletionCode, NewPerson, TotpKey};
use data_encoding::BASE64;
use gateway::config::Config;
use gateway::engine::Settings;
use gateway::machine::{SystemClock, SystemRandom};
use idp::password::Password;
use idp::totp;
use model::{Clock as _, Email, Lang, Person, PersonId, PersonName, Place, Secret, UserName};
use testkit::{Browser, postgres};

use crate::commands::installation;
use crate::process::{Answer, done, exchange, get};
use crate::serve::start;

const KAU: &str = "kau.example.org";
const PORTAL: &str = "https://portal.pelda.hu";
const NAME: &str = "kovacs.anna";
const PASSWORD: &str = "zold-kapu-hazfal-42";
const CLIENT_SECRET: &str = "a-secret-that-this-test-alone-has";
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// How many codes both nodes are given at the same time.
const CODES: usize = 8;

/// A configuration whose data are on the server, and a portal.
fn installation_on(folder: &Path, database: &str) -> PathBuf {
    let config = installation(folder);
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("sqlite = \"kapu.sqlite\"", &format!("postgres = \"{database}\""))).unwrap();
    let service = folder.join("portal.json");
    let metadata = serde_json::json!({
        "client_id": "portal", "client_name": "Portál", "client_secret": CLIENT_SECRET,
        "redirect_uris": [format!("{PORTAL}/vissza")],
    });
    fs::write(&service, metadata.to_string()).unwrap();
    done(&["service", "import", service.to_str().unwrap(), "--config", config.to_str().unwrap()]);
    config
}

/// Adds Anna, who has both factors.
async fn add_anna(config: &Path) -> TotpKey {
    let settings = Settings::from(&Config::load(config).unwrap());
    let name = |family: &str| PersonName { family: family.to_owned(), given: "Anna".to_owned() };
    let person = Person {
        id: PersonId::draw(&SystemRandom),
        name: name("Kovács"),
        birth_name: name("Minta"),
        birth_place: Place { country: "HU".to_owned(), region: None, locality: "Győr".to_owned() },
        birth_date: "1958-03-05".to_owned(),
        mothers_name: name("Próba"),
        nationalities: vec!["HU".to_owned()],
        email: Email::parse("kovacs.anna@pelda.hu").unwrap(),
    };
    let user_name = UserName::parse(NAME).unwrap();
    let password = Password::parse(&Secret::new(PASSWORD.to_owned())).unwrap();
    let password = password.hash(&settings.hasher().unwrap(), &SystemRandom).await.unwrap();
    let anna = NewPerson { person, user_names: vec![user_name.clone()], lang: Lang::Hu, password: Some(password) };
    let broker = settings.start().await.unwrap().broker;
    broker.register_persons(&[anna]).await.unwrap();
    let (key, code) = (TotpKey::draw(&SystemRandom), DeletionCode::draw(&SystemRandom));
    broker
        .seed_authenticator(&user_name, &key, &code, AuthenticatorState::Active, model::Binding::Password)
        .await
        .unwrap();
    key
}

fn request(state: &str) -> String {
    format!(
        "https://{KAU}/oidc/authorize?client_id=portal&response_type=code&scope=openid&state={state}\
         &redirect_uri=https%3A%2F%2Fportal.pelda.hu%2Fvissza&code_challenge={CHALLENGE}&code_challenge_method=S256"
    )
}

/// The code with which the portal was called back.
fn called_back(browser: &Browser) -> String {
    let url = &browser.page().url;
    assert!(url.as_str().starts_with(&format!("{PORTAL}/vissza?")), "{url}:\n{}", browser.page().text());
    url.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned()
}

fn redeem(node: SocketAddr, code: &str) -> Answer {
    let body = format!(
        "grant_type=authorization_code&code={code}&redirect_uri=https%3A%2F%2Fportal.pelda.hu%2Fvissza\
         &code_verifier={VERIFIER}"
    );
    let basic = BASE64.encode(format!("portal:{CLIENT_SECRET}").as_bytes());
    let (kind, length) = ("application/x-www-form-urlencoded", body.len());
    exchange(
        node,
        &format!(
            "POST /oidc/token HTTP/1.1\r\nHost: {KAU}\r\nConnection: close\r\nAuthorization: Basic {basic}\r\n\
             Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    )
}

fn user_info(node: SocketAddr, token: &str) -> Answer {
    let head = format!("Host: {KAU}\r\nConnection: close\r\nAuthorization: Bearer {token}");
    exchange(node, &format!("GET /oidc/userinfo HTTP/1.1\r\n{head}\r\n\r\n"))
}

fn access_token(answer: &Answer) -> String {
    let tokens: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    tokens["access_token"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned()
}

/// Gives a code to all nodes at the same time.
fn redeem_at_once(nodes: &[SocketAddr], code: &str) -> Vec<Answer> {
    let together = Barrier::new(nodes.len());
    let redeem = |node| {
        together.wait();
        redeem(node, code)
    };
    thread::scope(|scope| {
        let begun: Vec<_> = nodes.iter().map(|node| scope.spawn(move || redeem(*node))).collect();
        begun.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[tokio::test]
async fn a_sign_in_goes_on_at_the_other_node_and_a_code_is_consumed_once() {
    let server = postgres::Server::shared();
    let folder = tempfile::tempdir().unwrap();
    let config = installation_on(folder.path(), &server.database());
    let key = add_anna(&config).await;
    let mut running = [(); 2].map(|()| start(config.to_str().unwrap()));
    let nodes = [&running[0], &running[1]].map(|node| node.address);

    // Each request goes to another node than the one before.
    let portal = Router::new().fallback(|| async { "A portál" });
    let mut browser = Browser::over_sockets(&nodes, Lang::Hu).reaching(PORTAL, portal);
    browser.visit(&request("first")).await;
    browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", NAME), ("Jelszó", PASSWORD)]).await;
    let shown = key.code_of_step(totp::step_at(SystemClock.now())).unwrap();
    browser.press("Bejelentkezés", &[("Hatjegyű kód", shown.expose().expose())]).await;
    browser.follow_refresh().await;
    let first = redeem(nodes[0], &called_back(&browser));
    assert_eq!(first.status(), "200", "{}", first.body);
    let token = access_token(&first);
    assert_eq!(nodes.map(|node| user_info(node, &token).status().to_owned()), ["200", "200"]);

    for nth in 0..CODES {
        // Neither node asks again who started the session.
        browser.visit(&request(&nth.to_string())).await;
        let answers = redeem_at_once(&nodes, &called_back(&browser));
        let (good, bad): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status() == "200");
        assert_eq!((good.len(), bad.len()), (1, 1), "{:?}", answers.iter().map(|one| &one.body).collect::<Vec<_>>());
        assert_eq!(bad[0].status(), "400");
        assert!(bad[0].body.contains("\"invalid_grant\""), "{}", bad[0].body);
        // A second use may be a thief's: what the first one gave is worth nothing any more (RFC 6749 section 4.1.2).
        let token = access_token(good[0]);
        assert_eq!(nodes.map(|node| user_info(node, &token).status().to_owned()), ["401", "401"]);
    }
    assert_eq!(user_info(nodes[1], &token).status(), "200", "the other code was not used twice");

    // Each node counts for itself, and they add up.
    let answered = "kapu_sign_ins_total{to=\"service\",method=\"authenticator_app\",outcome=\"answered\"} 1\n";
    let told = running.iter().filter(|node| get(node.operations, "127.0.0.2", "/metrics").body.contains(answered));
    assert_eq!(told.count(), 1);
    for node in &mut running {
        assert_eq!(get(node.address, KAU, "/.well-known/openid-configuration").status(), "200");
        assert_eq!(node.process.end("-TERM"), (Some(0), String::new()));
    }
}
