//! Kapu as a relying party: signing in by another provider, and what connects an identity with an account.

mod provider;
mod world;

use broker::{LetterContent, Notice};
use http::StatusCode;
use jose::{Algorithm, SigningKey};
use model::Lang;
use serde_json::{Value, json};
use testkit::{KAU, UGYFELKAPU};

use crate::relying_party::{PASSWORD, RelyingParty};
use provider::ISSUER;
use world::{MINUTE, World};

const CONNECT: &str = "Összekapcsolja a fiókjával?";
const CHOOSE: &str = "Hogyan szeretne belépni?";

/// What a test makes go wrong at the provider.
type Bend = Box<dyn Fn(&World)>;

fn notices(letters: &[(broker::Letter, web::Mail)]) -> Vec<Notice> {
    let notice = |(letter, _): &(broker::Letter, web::Mail)| match letter.content {
        LetterContent::Notice { notice, .. } => Some(notice),
        LetterContent::ContactCode { .. }
        | LetterContent::ActivationCode { .. }
        | LetterContent::NewPasswordCode { .. }
        | LetterContent::WalletCode { .. } => None,
    };
    letters.iter().filter_map(notice).collect()
}

#[tokio::test]
async fn one_proof_by_the_owner_connects_an_identity_and_from_then_on_it_signs_in() {
    let mut world = World::start().await;
    world.provider.inner().userinfo =
        json!({"family_name": "Minta", "birthdate": "1958-03-05"}).as_object().unwrap().clone();
    let page = world.go_elsewhere().await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::OK, CONNECT));
    assert_eq!(page.texts(".facts dd"), ["Minta", "1958. március 5."]);
    world.prove().await;
    let tokens = world.answered().await;
    assert_eq!(tokens.claims["acr"], "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp", "what was shown is the app");
    let subject = tokens.claims["sub"].clone();
    let letters = world.gate.deliver().await.letters;
    assert_eq!(notices(&letters), [Notice::IdentityLinked]);
    assert!(letters[0].1.body.contains("/nem-en-voltam/"));

    // In another browser, with nothing else.
    world.browser.forget_cookies();
    world.go_elsewhere().await;
    let tokens = world.answered().await;
    assert_eq!(tokens.claims["sub"], subject);
    assert_eq!(tokens.claims["acr"], format!("{KAU}/methods/upstream/2"));
    assert_eq!(tokens.claims["amr"], json!(["mfa"]));
    assert_eq!(tokens.claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/low", "no surer than what connected it");
    assert!(world.told("login.answered").await[0].contains("method=upstream_2"));
}

#[tokio::test]
async fn whoever_does_not_want_it_connected_leaves_nothing_behind() {
    let mut world = World::start().await;
    world.go_elsewhere().await;
    // The way back to the choice leads here too: whatever is chosen there would connect it.
    let choice = world.browser.page().url.path().replace("/osszekapcsolas", "");
    assert_eq!(world.browser.visit(&format!("{KAU}{choice}")).await.h1(), CONNECT);
    assert_eq!(world.browser.press("Más módon lépek be", &[]).await.h1(), CHOOSE);
    world.anna.give_password(&mut world.browser).await;
    world.anna.give_code(&world.gate, &mut world.browser).await;
    world.answered().await;
    world.browser.forget_cookies();
    assert_eq!(world.go_elsewhere().await.h1(), CONNECT);
    assert_eq!(world.gate.deliver().await.letters.len(), 0);
}

#[tokio::test]
async fn an_identity_that_speaks_of_somebody_else_is_not_connected() {
    for claims in [json!({"family_name": "Másvalaki"}), json!({"family_name": "Minta", "birthdate": "1960-01-01"})] {
        let mut world = World::start().await;
        world.provider.inner().claims = claims.as_object().unwrap().clone();
        world.go_elsewhere().await;
        let page = world.prove().await;
        assert_eq!(page.h1(), "Nem kapcsoltuk össze", "{claims}");
        assert_eq!(world.browser.follow("Más módon lépek be").await.h1(), CHOOSE);
        world.browser.forget_cookies();
        assert_eq!(world.go_elsewhere().await.h1(), CONNECT, "it is still not");
    }
}

#[tokio::test]
async fn p28_an_answer_is_for_the_browser_that_began_and_works_once() {
    let mut world = World::start().await;
    world.connect().await;
    // Somebody lures another browser to the answer that was meant for this one.
    world.gate.clock.pass(MINUTE);
    world.begin(world.portal.request()).await;
    world.browser.press("Műegyetem", &[]).await;
    let away = world.browser.page().refresh().unwrap();
    let mut other = world.gate.browser(Lang::Hu).reaching(ISSUER, world.provider.site());
    other.visit(KAU).await;
    let page = other.visit(away.as_str()).await;
    assert!(page.status.is_client_error(), "{}", page.text());
    assert_eq!(world.told("upstream.other-browser").await, ["upstream=bme"]);
    // It is used up for the one that began, too.
    let page = world.browser.follow_refresh().await;
    assert!(page.status.is_client_error(), "{}", page.text());

    // An answer that was used is no answer.
    world.browser.forget_cookies();
    let used = world.go_elsewhere().await.url.clone();
    assert!(used.as_str().starts_with(&format!("{KAU}/upstream/bme/callback?")), "{used}");
    let page = world.browser.visit(used.as_str()).await;
    assert!(page.status.is_client_error(), "{}", page.text());
}

#[tokio::test]
async fn o27_an_answer_of_another_provider_is_an_error_page_and_ends_the_request() {
    for iss in [None, Some("https://evil.pelda.hu".to_owned())] {
        let mut world = World::start().await;
        world.connect().await;
        world.provider.inner().iss = iss;
        let page = world.go_elsewhere().await;
        assert!(page.status.is_client_error() && page.h1() != CHOOSE, "{}", page.text());
        assert_eq!(world.told("upstream.mixed-up").await, ["upstream=bme"]);
    }
    // The answer of one at the address of another.
    let mut world = World::start().await;
    world.connect().await;
    world.begin(world.portal.request()).await;
    world.browser.press("Műegyetem", &[]).await;
    let away = world.browser.page().refresh().unwrap();
    let state = away.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let page = world.browser.visit(&format!("{KAU}/upstream/elte/callback?code=c&state={state}")).await;
    assert!(page.status.is_client_error(), "{}", page.text());
    assert_eq!(world.told("upstream.mixed-up").await.len(), 1);
}

#[tokio::test]
async fn what_goes_wrong_elsewhere_leads_back_to_the_choice_in_plain_words() {
    let mut world = World::start().await;
    world.connect().await;
    let gone = |error| move |world: &World| world.provider.inner().error = Some(error);
    let claim = |name: &'static str, value: Value| {
        move |world: &World| drop(world.provider.inner().claims.insert(name.to_owned(), value.clone()))
    };
    let down = |end| move |world: &World| world.provider.inner().down = Some(end);
    let (declined, refused, unreachable) = (
        "Itt nem lépett be: Műegyetem.",
        "Innen most nem tudtuk elfogadni a belépését: Műegyetem.",
        "Most nem érhető el: Műegyetem.",
    );
    let table: Vec<(Bend, &str)> = vec![
        (Box::new(gone("access_denied")), declined),
        (Box::new(gone("server_error")), refused),
        (Box::new(down("/token")), unreachable),
        (Box::new(claim("nonce", json!("another"))), refused),
        (Box::new(claim("aud", json!("another"))), refused),
        (Box::new(claim("iss", json!("https://evil.pelda.hu"))), refused),
        (Box::new(claim("exp", json!(1))), refused),
        (Box::new(claim("auth_time", Value::Null)), refused),
        (Box::new(claim("sub", json!("somebody-else"))), refused),
    ];
    for (bend, words) in table {
        bend(&world);
        let page = world.go_elsewhere().await;
        assert_eq!((page.status, page.h1().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, CHOOSE), "{words}");
        assert!(page.problems().iter().any(|problem| problem.starts_with(words)), "{words}: {:?}", page.problems());
        let mut inner = world.provider.inner();
        (inner.error, inner.down) = (None, None);
        inner.claims.clear();
    }
    // It goes on from there, by the same way or another.
    world.choose_elsewhere().await;
    world.answered().await;
}

#[tokio::test]
async fn a_provider_that_is_down_does_not_break_the_sign_in_page() {
    let mut world = World::start().await;
    world.provider.inner().down = Some("/.well-known/openid-configuration");
    world.begin(world.portal.request()).await;
    assert_eq!(world.browser.page().h1(), CHOOSE);
    let page = world.browser.press("Műegyetem", &[]).await;
    assert_eq!(page.problems(), ["Most nem érhető el: Műegyetem. Válasszon más módot."]);
    world.gate.clock.pass(MINUTE);
    world.anna.give_password(&mut world.browser).await;
    world.anna.give_code(&world.gate, &mut world.browser).await;
    world.answered().await;
}

#[tokio::test]
async fn o29_an_unknown_key_is_looked_for_once_a_minute() {
    let mut world = World::start().await;
    world.connect().await;
    let asked = |world: &World| world.provider.inner().called.iter().filter(|url| url.ends_with("/jwks")).count();
    assert_eq!(asked(&world), 1);
    world.provider.inner().key = SigningKey::generate(Algorithm::Es256).unwrap();
    world.go_elsewhere().await;
    world.answered().await;
    assert_eq!(asked(&world), 2, "the new key was found");
    // A key that is nowhere: one more look, and then none for a minute.
    world.provider.inner().key = SigningKey::generate(Algorithm::Es256).unwrap();
    world.browser.forget_cookies();
    world.begin(world.portal.request()).await;
    world.choose_elsewhere().await;
    assert_eq!((world.browser.page().h1().as_str(), asked(&world)), (CHOOSE, 2));
}

#[tokio::test]
async fn prompt_login_asks_for_a_new_sign_in_there_too() {
    let mut world = World::start().await;
    world.connect().await;
    world.gate.clock.pass(MINUTE);
    world.begin(world.portal.request().set("prompt", "login")).await;
    world.browser.press("Műegyetem", &[]).await;
    let away = world.browser.page().refresh().unwrap();
    assert!(away.query_pairs().any(|(name, value)| name == "prompt" && value == "login"), "{away}");
    world.provider.inner().claims.insert("auth_time".to_owned(), json!(1_767_225_600 - 3600));
    assert_eq!(world.browser.follow_refresh().await.h1(), CHOOSE, "an old sign-in is none");
    world.provider.inner().claims.clear();
    world.choose_elsewhere().await;
    world.answered().await;
}

#[tokio::test]
async fn a_service_that_asks_for_more_is_not_reached_by_it() {
    let mut world = World::with(json!({"kapu_min_loa": "substantial"})).await;
    // What would connect it is not sure enough for this service; at another it is connected.
    let other = RelyingParty::register(&world.gate, "masik.pelda.hu", json!({})).await;
    world.begin(other.request()).await;
    world.gate.clock.pass(MINUTE);
    world.choose_elsewhere().await;
    world.prove().await;
    world.browser.forget_cookies();
    let page = world.go_elsewhere().await;
    assert_eq!(page.h1(), "Egyszer igazolnia kell magát", "no surer than what connected it");
    let mut world = World::with(json!({"kapu_min_level": 3})).await;
    world.begin(world.portal.request()).await;
    assert!(!world.browser.page().buttons().iter().any(|button| button.starts_with("Műegyetem")));
}

#[tokio::test]
async fn the_owner_sees_what_is_connected_and_removes_it_by_both_proofs() {
    let mut world = World::start().await;
    let mut own = world.at_account().await;
    own.follow("Összekapcsolt azonosítók").await;
    assert!(own.page().text().contains("Most egy sincs."));
    world.connect().await;
    let mut own = world.at_account().await;
    own.follow("Összekapcsolt azonosítók").await;
    assert_eq!(own.page().texts("section.state h2"), ["Műegyetem"]);
    own.follow("Összekapcsolás megszüntetése").await;
    let page =
        own.press("Összekapcsolás megszüntetése", &[("Jelszó", "nem-az-a-jelszo-1"), ("Hatjegyű kód", "000000")]).await;
    assert_eq!(page.problems(), ["A jelszó vagy a kód nem jó. Írja be újra mindkettőt."]);
    world.gate.clock.pass(MINUTE);
    let code = world.gate.code(&world.anna.key);
    let page = own.press("Összekapcsolás megszüntetése", &[("Jelszó", PASSWORD), ("Hatjegyű kód", &code)]).await;
    assert!(page.text().contains("Most egy sincs."), "{}", page.text());
    assert_eq!(notices(&world.gate.deliver().await.letters), [Notice::IdentityLinked, Notice::IdentityUnlinked]);
    assert_eq!(world.told("identity.unlinked").await.len(), 1);
    assert_eq!(world.go_elsewhere().await.h1(), CONNECT);
}

#[tokio::test]
async fn not_me_and_the_deletion_code_remove_what_is_connected() {
    let mut world = World::start().await;
    world.connect().await;
    let letters = world.gate.deliver().await.letters;
    let LetterContent::Notice { not_me: Some(handle), .. } = &letters[0].0.content else { panic!("no link") };
    let mut own = world.gate.browser(Lang::Hu);
    own.visit(&format!("{UGYFELKAPU}/nem-en-voltam/{handle}")).await;
    let button = own.page().buttons()[0].clone();
    own.press(&button, &[]).await;
    assert_eq!(world.go_elsewhere().await.h1(), CONNECT);

    let mut world = World::start().await;
    world.connect().await;
    let mut own = world.gate.browser(Lang::Hu);
    own.visit(&format!("{UGYFELKAPU}/elveszett")).await;
    let button = own.page().buttons()[0].clone();
    let code = world.anna.deletion_code.groups().expose().join("-");
    own.press(&button, &[("Felhasználónév", &world.anna.name), ("Jelszó", PASSWORD), ("Törlőkód", &code)]).await;
    assert_eq!(world.told("deletion-code.used").await.len(), 1, "{}", own.page().text());
    assert_eq!(world.go_elsewhere().await.h1(), CONNECT);
}

#[tokio::test]
async fn wrong_codes_that_freeze_the_authenticator_close_the_identity_too() {
    let mut world = World::start().await;
    world.connect().await;
    for _ in 0..20 {
        world.gate.clock.pass(MINUTE * 16);
        world.browser.forget_cookies();
        world.begin(world.portal.request()).await;
        world.anna.give_password(&mut world.browser).await;
        world.browser.press("Bejelentkezés", &[("Hatjegyű kód", "000000")]).await;
    }
    assert_eq!(world.go_elsewhere().await.h1(), "A fiókját zároltuk");
}

#[tokio::test]
async fn an_authenticator_that_is_switched_off_closes_what_stands_on_it() {
    let mut world = World::start().await;
    world.connect().await;
    let mut own = world.at_account().await;
    own.visit(&format!("{UGYFELKAPU}/aktivalas")).await;
    world.gate.clock.pass(MINUTE);
    let code = world.gate.code(&world.anna.key);
    let off = own.press("Inaktiválás", &[("Jelszó", PASSWORD), ("Hatjegyű kód az alkalmazásból", &code)]).await;
    assert_eq!(off.notice().as_deref(), Some("Az Ügyfélkapu+ már nem aktív. Erről levelet is küldtünk."));
    world.browser.forget_cookies();
    let page = world.go_elsewhere().await;
    assert!(page.url.path().ends_with("/tovabb"), "{}", page.text());
    assert_ne!(page.h1(), "A fiókját zároltuk", "it is not frozen");
    assert_eq!(world.told("login.short").await.len(), 1);
}
