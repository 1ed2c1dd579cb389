//! A wallet opens what is frozen.

use broker::{AuthenticatorState, LetterContent, Notice};
use http::StatusCode;
use model::{Binding, Lang, Loa};
use testkit::{Browser, UGYFELKAPU};

use crate::phone::{ANNA, PASSWORD, STEP};
use crate::world::{PROVE, World, ask, at_once, user};

const PATH: &str = "/feloldas";
const PROVED: &str = "Feloldja a fiókját?";
const OWN_WORD: &str = "Ez az igazolás nem szólhat önmaga mellett";
const NEW: &str = "narancs-hinta-fenyo-44";

/// Types the password, and reads that the account is frozen.
async fn shut_out(world: &World) -> Browser {
    let mut browser = world.gate.browser(Lang::Hu);
    browser.visit(UGYFELKAPU).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", ANNA), ("Jelszó", PASSWORD)]).await;
    assert_eq!((browser.page().status, browser.page().h1().as_str()), (StatusCode::FORBIDDEN, "A fiókját zároltuk"));
    browser
}

#[tokio::test]
async fn what_a_clerk_stands_behind_opens_what_wrong_codes_froze() {
    let world = World::start().await;
    let (key, own) = world.holder_of_credential(ANNA).await;
    // Somebody knows the password and guesses.
    let mut thief = world.gate.browser(Lang::Hu);
    while world.account(ANNA).await.authenticator.unwrap().state == AuthenticatorState::Active {
        world.gate.clock.pass(std::time::Duration::from_mins(16));
        thief.visit(UGYFELKAPU).await;
        thief.press("Bejelentkezés", &[("Felhasználónév", ANNA), ("Jelszó", PASSWORD)]).await;
        for _ in 0..5 {
            if thief.page().fields().iter().any(|field| field == "Hatjegyű kód") {
                let wrong = world.gate.code_after(&key, 100);
                thief.press("Bejelentkezés", &[("Hatjegyű kód", &wrong)]).await;
            }
        }
    }
    world.gate.deliver().await;
    let mut browser = shut_out(&world).await;
    browser.follow("Zárolt fiók feloldása").await;
    assert!(browser.page().buttons().iter().any(|button| button == PROVE));
    ask(&mut browser, PATH).await;
    let page = world.show(&own, &mut browser).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::OK, PROVED));
    assert!(page.text().contains("k•••@p•••.hu") && !page.text().contains(ANNA), "{}", page.text());
    assert_eq!(browser.press("Feloldom a fiókomat", &[]).await.h1(), "Feloldottuk a fiókját");

    let letters = world.gate.deliver().await.letters;
    let code = letters.iter().find_map(|(letter, _)| match &letter.content {
        LetterContent::NewPasswordCode { code, .. } => Some(code.clone()),
        _ => None,
    });
    let is_opened = |content: &LetterContent| {
        matches!(content, LetterContent::Notice { notice: Notice::AccountOpened, not_me: Some(_) })
    };
    assert_eq!(letters.iter().filter(|(letter, _)| is_opened(&letter.content)).count(), 1);
    let account = world.account(ANNA).await;
    assert!(account.authenticator.is_none() && account.password.is_none(), "nothing is surer for it");

    // The thief's password opens nothing; the owner chooses another one, and enrols by the wallet.
    thief.visit(UGYFELKAPU).await;
    thief.press("Bejelentkezés", &[("Felhasználónév", ANNA), ("Jelszó", PASSWORD)]).await;
    assert_eq!(thief.page().status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.follow("Új jelszót választok").await;
    let code = code.unwrap();
    let fields =
        [("Felhasználónév", ANNA), ("Aktiváló kód", code.as_str()), ("Új jelszó", NEW), ("Új jelszó még egyszer", NEW)];
    let page = browser.press("Fiók aktiválása", &fields).await;
    assert!(page.text().contains("Az új jelszava él."), "{}", page.text());
    let page = browser.press("Bejelentkezés", &[("Jelszó", NEW)]).await;
    assert_eq!(page.url.path(), "/igenyles", "{}", page.text());
    browser.press("Ügyfélkapu+ igénylése", &[]).await;
    browser.press("Megvan az alkalmazás, tovább", &[]).await;
    ask(&mut browser, "/igenyles/dap").await;
    assert_eq!(world.show(&own, &mut browser).await.h1(), "Igazolta, hogy Öné a fiók");
}

#[tokio::test]
async fn what_the_frozen_authenticator_vouched_for_does_not_open_it() {
    let world = World::start().await;
    let (former, before) = world.holder_of_credential(ANNA).await;
    // Moved to another phone: the authenticator is as sure as the one before, by its word.
    let mut browser = crate::world::signed_in(&world, &former).await;
    browser.visit(&format!("{UGYFELKAPU}/masik-eszkoz")).await;
    world.gate.clock.pass(STEP);
    let code = world.gate.code(&former);
    browser.press("Tovább", &[("Jelszó", PASSWORD), ("Hatjegyű kód a régi eszközről", &code)]).await;
    browser.press("Megvan az alkalmazás, tovább", &[]).await;
    let key = world.finish(&mut browser).await;
    assert_eq!(world.binding().await, Binding::LiveFactor(Loa::Substantial));
    let own = world.credential_for(ANNA, &key).await;
    world.connect(Loa::Substantial).await;
    world.switch(AuthenticatorState::Frozen).await;

    let mut browser = shut_out(&world).await;
    ask(&mut browser, PATH).await;
    let page = world.show(&own, &mut browser).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::FORBIDDEN, OWN_WORD));
    ask(&mut browser, PATH).await;
    assert_eq!(world.show_foreign(&mut browser).await.h1(), OWN_WORD);
    assert_eq!(world.audited("account.unfrozen").await, 0);
    // What a clerk stood behind before there was this authenticator does.
    ask(&mut browser, PATH).await;
    assert_eq!(world.show(&before, &mut browser).await.h1(), PROVED);
}

#[tokio::test]
async fn after_not_me_no_wallet_opens_it() {
    let world = World::start().await;
    let (key, own) = world.holder_of_credential(ANNA).await;
    world.connect(Loa::Substantial).await;
    world.credential_for(ANNA, &key).await;
    let session = crate::world::signed_in(&world, &key).await;
    drop(session);
    let mut told = crate::world::signed_in(&world, &key).await;
    told.visit(&format!("{UGYFELKAPU}/aktivalas")).await;
    world.gate.clock.pass(STEP);
    let code = world.gate.code(&key);
    told.press("Inaktiválás", &[("Jelszó", PASSWORD), ("Hatjegyű kód az alkalmazásból", &code)]).await;
    let letters = world.gate.deliver().await.letters;
    let not_me = letters.iter().rev().find_map(|(letter, _)| match &letter.content {
        LetterContent::Notice { not_me, .. } => not_me.clone(),
        _ => None,
    });
    world.gate.broker.not_me(&model::Handle::parse(&not_me.unwrap()).unwrap()).await.unwrap();
    let mut browser = shut_out(&world).await;
    ask(&mut browser, PATH).await;
    assert_eq!(world.shown(&own, &browser).await, "", "the wallet's answer is refused");
    ask(&mut browser, PATH).await;
    assert_eq!(world.show_foreign(&mut browser).await.h1(), "Ezt az igazolást még nem ismerjük");
}

#[tokio::test]
async fn it_is_opened_once_and_only_in_the_browser_that_asked() {
    let world = World::start().await;
    let (_, own) = world.holder_of_credential(ANNA).await;
    let mut browser = world.gate.browser(Lang::Hu);
    ask(&mut browser, PATH).await;
    assert_eq!(world.show(&own, &mut browser).await.h1(), "Erre most nincs szükség");
    world.switch(AuthenticatorState::Frozen).await;
    ask(&mut browser, PATH).await;
    world.show(&own, &mut browser).await;
    let address = browser.page().url.clone();
    assert_eq!(world.gate.browser(Lang::Hu).visit(address.as_str()).await.status, StatusCode::GONE);
    let statuses = at_once(&world, &browser, &[]).await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{statuses:?}");
    assert_eq!(world.audited("account.unfrozen").await, 1);
}

#[tokio::test]
async fn a_credential_revoked_after_it_was_shown_opens_nothing() {
    let world = World::start().await;
    let (_, own) = world.holder_of_credential(ANNA).await;
    world.switch(AuthenticatorState::Frozen).await;
    let mut browser = world.gate.browser(Lang::Hu);
    ask(&mut browser, PATH).await;
    assert_eq!(world.show(&own, &mut browser).await.h1(), PROVED);
    world.gate.broker.revoke_credentials_of(&user(ANNA)).await.unwrap();
    assert_eq!(browser.press("Feloldom a fiókomat", &[]).await.status, StatusCode::GONE);
    assert_eq!(world.audited("account.unfrozen").await, 0);
}
