//! What a client would like to have is the person's choice: each datum by itself, and never ticked beforehand.

use serde_json::{Map, Value, json};
use testkit::{Page, TICKED};

use super::registration;
use super::world::{ASKED, World, shown};
use crate::relying_party::{Request, Tokens, userinfo};

/// Two claims that the client would like to have, in both places, besides the address that it cannot do without.
fn wished(more: &[&str]) -> String {
    let mut claims: Map<String, Value> = Map::new();
    for name in ["birthdate", "mothers_name"].iter().chain(more) {
        claims.insert((*name).to_owned(), Value::Null);
    }
    claims.insert("email".to_owned(), json!({"essential": true}));
    json!({"userinfo": claims, "id_token": claims}).to_string()
}

fn request(world: &World) -> Request {
    world.request("openid").set("claims", &wished(&[]))
}

fn boxes(page: &Page) -> Vec<String> {
    page.texts(".choice label")
}

/// What is told in the ID token, which has to be the same at UserInfo.
async fn told(world: &World, tokens: &Tokens) -> Vec<&'static str> {
    let userinfo = userinfo(&world.gate, &tokens.access_token).await;
    let all = ["name", "birthdate", "email", "mothers_name", "nationalities"];
    let told: Vec<&str> = all.into_iter().filter(|name| tokens.claims.contains_key(*name)).collect();
    assert_eq!(all.into_iter().filter(|name| userinfo.get(*name).is_some()).collect::<Vec<_>>(), told);
    told
}

#[tokio::test]
async fn what_is_ticked_is_passed_on_and_the_rest_is_withheld_then_and_later() {
    const BIRTH: (&str, &str) = ("Születési idő: 1958. március 5.", TICKED);
    const MOTHER: (&str, &str) = ("Anyja neve: Próba Mária", TICKED);
    for (ticks, expected) in [
        (&[][..], &["email"][..]),
        (&[MOTHER], &["email", "mothers_name"]),
        (&[BIRTH, MOTHER], &["birthdate", "email", "mothers_name"]),
    ] {
        let mut world = World::start().await;
        let first = request(&world);
        let page = world.prove(&first).await;
        assert_eq!(page.h1(), ASKED);
        assert_eq!(page.texts(".data dt"), ["E-mail-cím", "Azonosító"]);
        assert_eq!(page.texts(".choice legend"), ["Ezeket is átadhatja"]);
        assert_eq!(boxes(page), [BIRTH.0, MOTHER.0]);
        assert!(page.attributes(".choice input", "checked").is_empty(), "nothing is ticked beforehand");
        world.browser.press("Hozzájárulok", ticks).await;
        let tokens = world.answered(&first).await;
        assert_eq!(told(&world, &tokens).await, expected);

        // By single sign-on, silently, and from the password on.
        let again = request(&world);
        let tokens = world.portal.pass(&world.gate, &mut world.browser, &again).await;
        assert_eq!(told(&world, &tokens).await, expected, "what was withheld is not asked for again");
        let silent = request(&world).set("prompt", "none");
        let tokens = world.portal.pass(&world.gate, &mut world.browser, &silent).await;
        assert_eq!(told(&world, &tokens).await, expected);
        world.browser.forget_cookies();
        let anew = request(&world);
        world.prove(&anew).await;
        let tokens = world.answered(&anew).await;
        assert_eq!(told(&world, &tokens).await, expected);
    }
}

#[tokio::test]
async fn a_set_that_grew_is_shown_whole_and_decided_anew() {
    let mut world = World::start().await;
    let first = request(&world);
    world.prove(&first).await;
    world.browser.press("Hozzájárulok", &[("Anyja neve", TICKED)]).await;
    let former = world.answered(&first).await;
    let more = world.request("openid").set("claims", &wished(&["nationalities"]));
    assert!(world.is_asked(&more).await);
    assert_eq!(boxes(world.browser.page()).len(), 3);
    assert!(world.browser.page().attributes(".choice input", "checked").is_empty());
    world.browser.press("Hozzájárulok", &[("Állampolgárság", TICKED)]).await;
    let tokens = world.answered(&more).await;
    assert_eq!(told(&world, &tokens).await, ["email", "nationalities"], "the page is what counts");
    world.refuses(&former).await;
    // What was withheld is required now.
    let required = world.request("openid").set("claims", r#"{"userinfo": {"birthdate": {"essential": true}}}"#);
    assert!(world.is_asked(&required).await);
    assert_eq!(world.browser.page().texts(".data dt"), ["Születési idő", "Azonosító"]);
    assert!(boxes(world.browser.page()).is_empty());
    world.browser.press("Hozzájárulok", &[]).await;
    world.answered(&required).await;
    // A scope covers it as a whole.
    let scope = world.request("openid profile").set("claims", &wished(&[]));
    assert!(world.is_asked(&scope).await);
    assert_eq!(boxes(world.browser.page()), ["Anyja neve: Próba Mária"]);
}

#[tokio::test]
async fn what_is_optional_is_a_choice_even_where_the_law_requires_the_rest() {
    let mut world = World::with(json!({"kapu_legal_basis": "law"})).await;
    let first = request(&world);
    let page = world.prove(&first).await;
    assert!(page.text().contains("Ezeket jogszabály alapján adjuk át."), "{}", page.text());
    assert!(page.text().contains("Ezeket nem írja elő jogszabály."), "{}", page.text());
    assert_eq!(page.texts(".data dt"), ["E-mail-cím", "Azonosító"]);
    assert_eq!(page.buttons(), ["Tovább", "Vissza a szolgáltatáshoz"]);
    world.browser.press("Tovább", &[("Anyja neve", TICKED)]).await;
    let tokens = world.answered(&first).await;
    assert_eq!(told(&world, &tokens).await, ["email", "mothers_name"]);
    let mut own = world.services().await;
    assert_eq!(own.page().texts(".state li"), ["E-mail-cím", "Azonosító"]);
    assert_eq!(own.page().texts(".state dt"), ["Ön engedte", "Nem kapja meg", "Legutóbb"]);
    assert_eq!(own.page().texts(".state dd")[..2], ["Anyja neve", "Születési idő"]);
    assert!(own.page().text().contains("A többiről újra dönthet"), "{}", own.page().text());

    // The part that was a choice can be chosen otherwise.
    own.press("Visszavonás", &[]).await;
    world.refuses(&tokens).await;
    let again = request(&world);
    assert!(world.is_asked(&again).await);
    world.browser.press("Tovább", &[]).await;
    let tokens = world.answered(&again).await;
    assert_eq!(told(&world, &tokens).await, ["email"]);
}

#[tokio::test]
async fn what_was_withheld_is_shown_at_ugyfelkapu_and_asked_for_again_after_withdrawing() {
    let mut world = World::start().await;
    let first = request(&world);
    world.prove(&first).await;
    world.browser.press("Hozzájárulok", &[("Születési idő", TICKED)]).await;
    world.answered(&first).await;
    let mut own = world.services().await;
    assert_eq!(own.page().texts(".state li"), ["Születési idő", "E-mail-cím", "Azonosító"]);
    assert_eq!(own.page().texts(".state dt"), ["Nem kapja meg", "Legutóbb"]);
    assert_eq!(own.page().texts(".state dd")[0], "Anyja neve");
    own.press("Visszavonás", &[]).await;
    let again = request(&world);
    assert!(world.is_asked(&again).await);
    world.browser.press("Hozzájárulok", &[("Anyja neve", TICKED)]).await;
    let tokens = world.answered(&again).await;
    assert_eq!(told(&world, &tokens).await, ["email", "mothers_name"]);
}

#[tokio::test]
async fn a_tick_that_no_page_offered_agrees_to_nothing() {
    let mut world = World::start().await;
    let first = request(&world);
    world.prove(&first).await;
    let asked = world.browser.page().url.clone();
    let origin = asked.origin().ascii_serialization();
    for forged in ["atadom-nationality", "atadom-email", "atadom-identifier", "atadom-shoe_size", "atadom-"] {
        let value = |name: &str| {
            let of = format!("main input[name={name}]");
            world.browser.page().attribute(&of, "value").expect("a hidden field")
        };
        let (token, version) = (value("csrf"), value("adatok"));
        let fields = [
            ("csrf", token.as_str()),
            ("adatok", version.as_str()),
            ("tett", "tovabb"),
            ("atadom-mothers_name", "1"),
            (forged, "1"),
        ];
        world.browser.lured(&origin, asked.path(), &fields).await;
        assert_eq!((world.browser.page().url.as_str(), world.browser.page().h1().as_str()), (asked.as_str(), ASKED));
        assert!(world.told("login.answered").await.is_empty(), "{forged}");
    }
    world.browser.press("Hozzájárulok", &[]).await;
    let tokens = world.answered(&first).await;
    assert_eq!(told(&world, &tokens).await, ["email"]);
}

#[tokio::test]
async fn what_is_only_wished_for_may_be_withheld_whole() {
    let mut world = World::start().await;
    let claims = json!({"userinfo": {"email": null}}).to_string();
    let first = world.request("openid").set("claims", &claims);
    let silent = world.request("openid").set("claims", &claims).set("prompt", "none");
    world.prove(&first).await;
    assert_eq!(boxes(world.browser.page()), ["E-mail-cím: minta.anna@pelda.hu"]);
    world.browser.press("Hozzájárulok", &[]).await;
    let tokens = world.answered(&first).await;
    assert_eq!(userinfo(&world.gate, &tokens.access_token).await.get("email"), None);
    world.portal.pass(&world.gate, &mut world.browser, &silent).await;
    // Declining is still going back without an answer.
    let anew = world.request("openid").set("claims", &claims).set("prompt", "consent");
    assert!(world.is_asked(&anew).await);
    world.browser.press("Nem adom át", &[("E-mail-cím", TICKED)]).await;
    world.browser.follow("Tovább a portal.pelda.hu oldalára").await;
    assert_eq!(world.portal.error(&world.browser, &anew), "access_denied");
}

/// A registration that says what the data are for.
fn with_purposes(purposes: &Value) -> Value {
    let mut metadata = registration("openid email person");
    metadata["kapu_purposes"] = purposes.clone();
    metadata
}

#[tokio::test]
async fn what_each_datum_is_for_is_said_in_the_persons_language() {
    let purposes = json!({
        "email": {"hu": "Ide írunk <b>Önnek</b>.", "en": "We write to you there."},
        "mothers_name": {"hu": "Hogy ne tévesszük össze mással."},
    });
    let mut world = World::with(with_purposes(&purposes)).await;
    let claims = json!({"userinfo": {"mothers_name": null}}).to_string();
    let first = world.request("openid email").set("claims", &claims);
    let page = world.prove(&first).await;
    assert_eq!(page.texts(".data .hint"), ["Ide írunk <b>Önnek</b>."], "as it was written, and no markup");
    assert_eq!(page.texts(".choice .check .hint"), ["Hogy ne tévesszük össze mással."]);
    assert!(page.attributes("main [lang]", "lang").is_empty());
    assert!(!page.text().contains("nem írta meg"), "{}", page.text());
    let asked = page.url.clone();
    let english = format!("{asked}?lang=en");
    let page = world.browser.visit(&english).await;
    assert_eq!(page.texts(".data .hint"), ["We write to you there."]);
    assert_eq!(page.texts("main [lang=hu]"), ["Hogy ne tévesszük össze mással."]);
    world.browser.press("I agree", &[]).await;
    world.answered(&first).await;

    // Another wording is not another set.
    world.gate.client(&with_purposes(&json!({"email": {"hu": "Értesítés"}}))).await;
    let again = world.request("openid email").set("claims", &claims);
    assert!(!world.is_asked(&again).await);
    let anew = world.request("openid email").set("claims", &claims).set("prompt", "consent").set("ui_locales", "hu");
    assert!(world.is_asked(&anew).await);
    assert!(world.browser.page().text().contains("Ahol nem áll semmi, ott nem írta meg."));
}

#[tokio::test]
async fn who_says_no_purpose_is_said_to_say_none_once() {
    let mut world = World::start().await;
    let first = world.request("openid email");
    let page = world.prove(&first).await;
    assert!(page.text().contains("A szolgáltatás nem írta meg, mire kéri az adatait."), "{}", page.text());
    assert!(page.texts(".data .hint").is_empty());
    assert_eq!(shown(page).len(), 2);
}
