//! Where what a wallet gave rests, and what people are told of it afterwards.

use super::*;

#[tokio::test]
async fn values_rest_nowhere_in_the_clear() {
    let mut world = world(rich()).await;
    let rests = |world: &World, text: &str| {
        let files = std::fs::read_dir(world.gate.folder().expect("a file")).unwrap();
        let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        files.into_iter().any(|file| holds(&std::fs::read(file.unwrap().path()).unwrap()))
    };
    world.wish_by_app().await;
    world.browser.press(BUTTON, &[]).await;
    world.approve_here(Form::SdJwt).await;
    assert!(rests(&world, "wallet.given"), "it is looked for in the right place");
    assert!(!rests(&world, "Kanári") && !rests(&world, PHONE), "while the page waits");
    world.browser.press("Hozzájárulok", &[("Lakcím", TICKED), ("Telefonszám", TICKED)]).await;
    let tokens = world.redeemed().await;
    assert_eq!(told(&world, &tokens).await["address"]["formatted"], ADDRESS);
    assert!(!rests(&world, "Kanári") && !rests(&world, PHONE), "nor while the token lives");
    // The account does not hold it.
    let person = world.person().await;
    assert!(!format!("{:?}", world.gate.store.account(&person).await.unwrap()).contains("Kanári"));
}

#[tokio::test]
async fn ugyfelkapu_says_that_it_was_given_once() {
    let mut world = world(rich()).await;
    world.wish_by_wallet().await;
    world.approve_here(Form::SdJwt).await;
    world.browser.press("Hozzájárulok", &[("Lakcím", TICKED)]).await;
    let tokens = world.redeemed().await;
    world.gate.clock.pass(std::time::Duration::from_mins(1));
    let mut own = world.gate.browser(Lang::Hu);
    own.visit(testkit::UGYFELKAPU).await;
    let typed = [("Felhasználónév", world.anna.name.as_str()), ("Jelszó", crate::relying_party::PASSWORD)];
    own.press("Bejelentkezés", &typed).await;
    world.anna.give_code(&world.gate, &mut own).await;
    let page = own.follow("Mit kapnak a szolgáltatások").await;
    assert_eq!(page.texts(".state li"), ["Azonosító"]);
    assert_eq!(page.texts(".state dd")[..2], ["Lakcím", "Telefonszám, Nem, Elmúlt 18 éves"]);
    own.press("Visszavonás", &[]).await;
    let answer = Call::get("/oidc/userinfo").bearer(&tokens.access_token).send(&world.gate).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}
