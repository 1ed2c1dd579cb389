//! People whose phone, page or patience fails them, and guests who saw somebody else's picture.

use std::time::Duration;

use http::StatusCode;
use model::Lang;
use testkit::wallet_box::{Form, fetched};
use testkit::{Browser, WalletBox};

use super::world::{TYPE_DIGITS, World, other_than};

const NO_DIGITS: &str =
    "A telefonján még nem látszik a négy számjegy. Nyissa meg azt az oldalt, amelyre a tárcája viszi.";

#[tokio::test]
async fn whose_phone_shows_no_digits_gets_a_new_picture() {
    let mut world = World::start().await;
    world.ask().await;
    // The wallet answers, and does not open the page that it is led to.
    let link = world.picture().await;
    let lost = world.wallet.approve(&world.app(), &link, Form::SdJwt, world.now()).await.redirect_uri();
    assert_eq!(world.go_on().await.h1(), TYPE_DIGITS);
    assert_eq!(world.type_digits("1234").await.problems(), [NO_DIGITS]);
    world.gate.clock.pass(Duration::from_secs(1));
    world.browser.press("Új ábra kérése", &[]).await;
    assert_ne!(world.picture().await, link);
    assert_eq!(world.gate.browser(Lang::Hu).visit(&lost).await.status, StatusCode::NOT_FOUND, "it is over");
    // The same when the phone had shown them.
    world.approve_there(Form::Mdoc).await;
    world.go_on().await;
    world.gate.clock.pass(Duration::from_secs(1));
    world.browser.press("Új ábra kérése", &[]).await;
    let (_, digits) = world.approve_there(Form::SdJwt).await;
    world.go_on().await;
    world.type_digits(&digits).await;
    world.answered().await;
}

#[tokio::test]
async fn the_digits_are_those_of_the_newest_picture() {
    let mut world = World::start().await;
    world.ask().await;
    // A guest reads the picture from the screen before another one is asked for, and answers it in between.
    let (app, old, now) = (world.app(), world.picture().await, world.now());
    let request = world.wallet.fetch(&app, &old, now).await;
    world.gate.clock.pass(Duration::from_secs(1));
    world.browser.press("Új ábra kérése", &[]).await;
    let (_, digits) = world.approve_there(Form::SdJwt).await;
    let shown = world.wallet.present(&request, Form::SdJwt, now);
    let posted = WalletBox::post(&app, &request, &WalletBox::body(&request, &[(Form::SdJwt, shown)])).await;
    let mut guest: Browser = world.gate.browser(Lang::Hu);
    assert_eq!(guest.visit(&posted.redirect_uri()).await.texts(".phone span").len(), 4);
    world.go_on().await;
    world.type_digits(&digits).await;
    world.answered().await;
}

#[tokio::test]
async fn a_picture_that_is_left_over_is_gone_with_the_sign_in() {
    for is_finished in [true, false] {
        let mut world = World::start().await;
        world.ask().await;
        let (picture, link) = (world.picture().await, world.link());
        if is_finished {
            world.approve_here(Form::SdJwt).await;
            world.answered().await;
        } else {
            world.browser.follow("Mégsem, vissza a portal.pelda.hu oldalára").await;
        }
        for request in [picture, link] {
            assert_eq!(fetched(&world.app(), &request, None).await.status, StatusCode::GONE, "{is_finished}");
        }
    }
}

#[tokio::test]
async fn a_phone_shows_no_digits_for_a_sign_in_that_is_over() {
    let mut world = World::start().await;
    world.ask().await;
    let link = world.picture().await;
    let back = world.wallet.approve(&world.app(), &link, Form::SdJwt, world.now()).await.redirect_uri();
    world.browser.follow("Mégsem, vissza a portal.pelda.hu oldalára").await;
    let mut phone = world.gate.browser(Lang::Hu);
    let page = phone.visit(&back).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::GONE, "Ez a belépés már nem folytatható"));
}

#[tokio::test]
async fn v17_whoever_guesses_in_many_windows_has_three_tries_in_all() {
    let mut world = World::start().await;
    world.ask().await;
    let (_, digits) = world.approve_there(Form::SdJwt).await;
    world.go_on().await;
    let wrong = other_than(&digits);
    let mut windows: Vec<Browser> = Vec::new();
    for _ in 0..8 {
        let mut window = world.browser.tab();
        window.visit(&world.browser.page().url.as_str().replace("/szamok", "")).await;
        windows.push(window);
    }
    let mut guesses = tokio::task::JoinSet::new();
    for mut window in windows {
        let wrong = wrong.clone();
        guesses.spawn(async move { window.press("Bejelentkezés", &[("Négy számjegy", &wrong)]).await.h1() });
    }
    guesses.join_all().await;
    assert_eq!(world.told("wallet.digits-tried").await.len(), 3);
    let page = world.type_digits(&digits).await;
    assert_eq!(page.h1(), super::world::FAILED, "the right ones come too late");
}
