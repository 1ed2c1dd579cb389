//! Row S51, and how the portal learns of new keys.

use std::time::Duration;

use model::Lang;

use super::provider::{Plan, STRANGER};
use super::{FRONT, IMPLAUSIBLE, PORTAL, Says, WELCOME, World, sign_in};

/// Each sign-in has an assertion of its own.
fn numbered(number: usize) -> Says {
    const ALL: [Says; 4] = [
        |response| response.assertion.as_mut().unwrap().id.push('0'),
        |response| response.assertion.as_mut().unwrap().id.push('1'),
        |response| response.assertion.as_mut().unwrap().id.push('2'),
        |response| response.assertion.as_mut().unwrap().id.push('3'),
    ];
    ALL[number]
}

#[tokio::test]
async fn s51_a_key_that_was_removed_is_no_longer_believed() {
    let world = World::new().await;
    world.signed_in().await;
    assert_eq!(world.provider.fetched(), 1);
    // It is gone from the metadata; as soon as that was read again nothing of it is believed.
    world.provider.plan(Plan { published: vec![1], says: numbered(1), ..Plan::default() });
    world.clock.pass(Duration::from_mins(10));
    let mut browser = world.browser(Lang::Hu);
    sign_in(&mut browser, "/belepes").await;
    assert_eq!(browser.page().h1(), IMPLAUSIBLE);
    assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), FRONT);
    assert_eq!(world.provider.fetched(), 2, "the metadata is as new as can be");
}

#[tokio::test]
async fn a_new_key_is_looked_for_at_most_once_a_minute() {
    let world = World::new().await;
    world.signed_in().await;
    let rotated = Plan { published: vec![0, 1], signs: 1, says: numbered(1), ..Plan::default() };
    world.provider.plan(rotated.clone());
    let mut browser = world.browser(Lang::Hu);
    sign_in(&mut browser, "/belepes").await;
    assert_eq!(browser.page().h1(), IMPLAUSIBLE, "the portal asked just before");
    assert_eq!(world.provider.fetched(), 1);
    world.clock.pass(Duration::from_mins(1));
    sign_in(&mut browser, "/belepes").await;
    assert_eq!(browser.page().h1(), WELCOME);
    assert_eq!(world.provider.fetched(), 2);

    // Strangers make it ask no more often.
    world.provider.plan(Plan { signs: STRANGER, says: numbered(2), ..rotated });
    for _ in 0..5 {
        world.clock.pass(Duration::from_secs(20));
        let mut browser = world.browser(Lang::Hu);
        sign_in(&mut browser, "/belepes").await;
        assert_eq!(browser.page().h1(), IMPLAUSIBLE);
    }
    assert_eq!(world.provider.fetched(), 3);
}

#[tokio::test]
async fn what_is_known_holds_while_the_identity_provider_is_away_until_it_ends() {
    let world = World::new().await;
    let mut browser = world.browser(Lang::Hu);
    world.provider.plan(Plan { published: vec![], ..Plan::default() });
    browser.visit(&format!("{PORTAL}/belepes")).await;
    assert_eq!(browser.page().h1(), "A KAÜ most nem érhető el");
    world.provider.plan(Plan { says: numbered(0), ..Plan::default() });
    sign_in(&mut browser, "/belepes").await;
    assert_eq!(browser.page().h1(), WELCOME);

    world.provider.plan(Plan { published: vec![], says: numbered(1), ..Plan::default() });
    world.clock.pass(Duration::from_mins(30));
    sign_in(&mut browser, "/belepes").await;
    assert_eq!(browser.page().h1(), WELCOME, "due, but still valid");
    world.clock.pass(Duration::from_mins(90));
    browser.visit(&format!("{PORTAL}/belepes")).await;
    assert_eq!(browser.page().h1(), "A KAÜ most nem érhető el");
}

#[tokio::test]
async fn who_knows_enough_does_not_wait_for_an_identity_provider_that_is_silent() {
    let world = World::new().await;
    world.signed_in().await;
    world.clock.pass(Duration::from_mins(10));
    world.provider.asked.notified().await;
    let silence = world.provider.silence.lock().await;
    let mut first = world.browser(Lang::Hu);
    let waits = tokio::spawn(async move { first.visit(&format!("{PORTAL}/belepes")).await.h1() });
    world.provider.asked.notified().await;
    let mut second = world.browser(Lang::Hu);
    assert_eq!(second.visit(&format!("{PORTAL}/belepes")).await.h1(), "KAÜ");
    assert!(!waits.is_finished());
    drop(silence);
    assert_eq!(waits.await.unwrap(), "KAÜ");
    assert_eq!(world.provider.fetched(), 2, "one asks for all");
}
