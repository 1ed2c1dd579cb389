//! Row S45: an assertion is used once, whoever brings it, wherever, and however often.

use http::StatusCode;
use model::Lang;
use tokio::task::JoinSet;

use super::{FRONT, PORTAL, STALE, WELCOME, World, send};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s45_sixty_four_posts_of_one_response_make_one_session() {
    let world = World::new().await;
    let mut browser = world.browser(Lang::Hu);
    browser.visit(&format!("{PORTAL}/belepes")).await;
    let answer = browser.page().attribute("input[name=SAMLResponse]", "value").unwrap();
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("SAMLResponse", &answer).finish();
    let mut posts = JoinSet::new();
    let nodes = [world.portal.clone(), world.node(2)];
    for number in 0..64 {
        let (node, body) = (nodes[number % 2].clone(), body.clone());
        posts.spawn(async move { send(&node, "/saml/acs", FORM, body).await });
    }
    let mut locations = Vec::new();
    while let Some(done) = posts.join_next().await {
        let (status, location, _) = done.unwrap();
        assert_eq!(status, StatusCode::SEE_OTHER);
        locations.push(location.unwrap());
    }
    let (good, refused): (Vec<_>, Vec<_>) = locations.into_iter().partition(|to| to.starts_with("/belepve?"));
    assert_eq!(good.len(), 1, "{good:?}");
    assert!(refused.iter().all(|to| to == "/sikertelen/lejart"), "{refused:?}");

    let mut tab = browser.tab();
    assert_eq!(tab.visit(&format!("{PORTAL}{}", good[0])).await.h1(), WELCOME);
    // The way in was used too: the cookie has changed, and the handle is gone.
    assert_eq!(browser.visit(&format!("{PORTAL}{}", good[0])).await.h1(), STALE);
    assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), WELCOME);
}

#[tokio::test]
async fn s45_a_response_is_not_taken_again_by_another_node_or_after_a_restart() {
    let world = World::new().await;
    let mut browser = world.browser(Lang::Hu);
    browser.visit(&format!("{PORTAL}/belepes")).await;
    let mut tabs = [browser.tab(), browser.tab()];
    let answer = browser.page().attribute("input[name=SAMLResponse]", "value").unwrap();
    browser.press("Tovább", &[]).await;
    assert_eq!(browser.page().h1(), WELCOME);
    let acs = format!("{PORTAL}/saml/acs");
    for tab in &mut tabs {
        tab.lured(&world.provider.origin, &acs, &[("SAMLResponse", &answer)]).await;
        assert_eq!(tab.page().h1(), STALE);
    }
    let mut other = world.browser(Lang::Hu).reaching(PORTAL, world.node(3));
    other.lured(&world.provider.origin, &acs, &[("SAMLResponse", &answer)]).await;
    assert_eq!(other.page().h1(), STALE);

    // The same assertion in answer to another request is no other assertion: it has one ID.
    let mut again = world.browser(Lang::Hu);
    super::sign_in(&mut again, "/belepes").await;
    assert_eq!(again.page().h1(), STALE);
    assert_eq!(again.visit(&format!("{PORTAL}/")).await.h1(), FRONT);
}

#[tokio::test]
async fn who_was_signed_in_is_let_in_however_many_sign_ins_begin_meanwhile() {
    let world = World::new().await;
    let mut browser = world.browser(Lang::Hu);
    browser.visit(&format!("{PORTAL}/belepes")).await;
    let answer = browser.page().attribute("input[name=SAMLResponse]", "value").unwrap();
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("SAMLResponse", &answer).finish();
    let (_, location, _) = send(&world.portal, "/saml/acs", FORM, body).await;
    for _ in 0..25 {
        browser.tab().visit(&format!("{PORTAL}/belepes")).await;
    }
    assert_eq!(browser.visit(&format!("{PORTAL}{}", location.unwrap())).await.h1(), WELCOME);
}
