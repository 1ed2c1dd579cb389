//! The page that waits: what it is told, who is told, and how many may wait.

use std::time::Duration;

use axum::body::Body;
use http::{Method, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use model::{Lang, limits};
use testkit::wallet_box::Form;
use testkit::{Browser, KAU};
use wallet::openid4vp::{RefusalCode, WalletRefusal};

use super::world::{FAILED, TYPE_DIGITS, World};
use testkit::WalletBox;

const STATUS: &str = "[role=status]";

impl World {
    /// What the script of the page opens.
    async fn events(&self) -> Response<Body> {
        let address = self.browser.page().attribute(STATUS, "data-events").unwrap();
        self.browser.fetch(Method::GET, &address, &[]).await
    }

    /// The page that the script leads to.
    async fn moved(&mut self) -> &testkit::Page {
        let address = self.browser.page().attribute(STATUS, "data-page").unwrap();
        self.browser.visit(&address).await
    }
}

/// The next event; nothing at the end.
async fn event(response: &mut Response<Body>) -> Option<String> {
    let frame = response.body_mut().frame().await?.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

const MOVED: &str = "event: moved\ndata: 1\n\n";
const SCANNED: &str = "event: told\ndata: Beolvasva. Hagyja jóvá a telefonján.\n\n";

#[tokio::test]
async fn a_page_hears_that_its_picture_was_scanned_and_approved() {
    let mut world = World::start().await;
    let page = world.ask().await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self'") && policy.contains("connect-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe") && policy.contains("form-action 'self'"), "{policy}");
    let mut events = world.events().await;
    assert_eq!(events.headers()[header::CONTENT_TYPE], "text/event-stream");
    let (app, picture, now) = (world.app(), world.picture().await, world.now());
    let request = world.wallet.fetch(&app, &picture, now).await;
    assert_eq!(event(&mut events).await.as_deref(), Some(SCANNED));
    let shown = world.wallet.present(&request, Form::SdJwt, now);
    WalletBox::post(&app, &request, &WalletBox::body(&request, &[(Form::SdJwt, shown)])).await.redirect_uri();
    assert_eq!(event(&mut events).await.as_deref(), Some(MOVED));
    assert_eq!(event(&mut events).await, None, "there is no more to be told");
    assert_eq!(world.moved().await.h1(), TYPE_DIGITS);
    assert!(world.browser.page().attribute("script", "src").is_none(), "whoever types is not interrupted");
}

#[tokio::test]
async fn a_page_hears_of_a_refusal_of_what_is_not_believed_and_of_time() {
    let mut world = World::start().await;
    for (body, heading) in [(None, "Elutasította a belépést"), (Some("response=a.b.c.d.e"), FAILED)] {
        world.browser.forget_cookies();
        world.ask().await;
        let (app, picture, now) = (world.app(), world.picture().await, world.now());
        let request = world.wallet.fetch(&app, &picture, now).await;
        let mut events = world.events().await;
        assert_eq!(event(&mut events).await.as_deref(), Some(SCANNED), "it was before the page listened");
        let refusal = WalletRefusal::of(RefusalCode::AccessDenied).post(request.state.as_deref());
        WalletBox::post(&app, &request, body.unwrap_or(&refusal)).await;
        assert_eq!(event(&mut events).await.as_deref(), Some(MOVED));
        assert_eq!(world.moved().await.h1(), heading);
    }
    // The picture lapses, then the link.
    world.browser.forget_cookies();
    world.ask().await;
    for (minutes, text) in [(1, "Ez az ábra lejárt."), (1, "Kérjen új ábrát")] {
        let mut events = world.events().await;
        world.gate.broker.look_for_wallets().await.unwrap();
        // The stream has seen what there is before time passes.
        assert!(tokio::time::timeout(Duration::ZERO, event(&mut events)).await.is_err());
        world.gate.clock.pass(Duration::from_mins(minutes));
        world.gate.broker.look_for_wallets().await.unwrap();
        assert_eq!(event(&mut events).await.as_deref(), Some(MOVED));
        assert!(world.moved().await.text().contains(text), "{}", world.browser.page().text());
    }
}

#[tokio::test]
async fn a_page_hears_of_what_another_node_moved() {
    let mut world = World::start().await;
    world.ask().await;
    let mut events = world.events().await;
    assert!(tokio::time::timeout(Duration::ZERO, event(&mut events)).await.is_err());
    // A new picture in another tab; and the write of another process, which nobody here is told of.
    let id = world.browser.page().url.path().split('/').nth(2).unwrap().to_owned();
    let waiting = world.gate.store.presentations_of(&id).await.unwrap();
    let other = waiting.iter().find(|record| record.typed.is_some()).unwrap();
    let moved = store::PresentingOp::Move {
        id: other.id.clone(),
        from: store::record::PresentationStage::Waiting,
        to: store::record::PresentationStage::Fetched,
        at: world.gate.broker.now(),
    };
    world.gate.write(store::Op::Presenting(moved)).await;
    world.gate.broker.look_for_wallets().await.unwrap();
    assert_eq!(event(&mut events).await.as_deref(), Some(SCANNED));
    let mut tab = world.browser.tab();
    world.gate.clock.pass(Duration::from_secs(1));
    tab.visit(&format!("{KAU}/b/{id}/dap")).await;
    tab.press("Új ábra kérése", &[]).await;
    assert_eq!(event(&mut events).await.as_deref(), Some(MOVED));
}

#[tokio::test]
async fn v16_only_the_browser_that_began_is_told() {
    let mut world = World::start().await;
    world.ask().await;
    let address = world.browser.page().attribute(STATUS, "data-events").unwrap();
    let mut other = world.gate.browser(Lang::Hu);
    assert_eq!(other.visit(&format!("{KAU}{address}")).await.status, StatusCode::NOT_FOUND);
    let nobody = world.gate.browser(Lang::Hu).fetch(Method::GET, &format!("{KAU}{address}"), &[]).await;
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
    assert_eq!(world.gate.broker.wallet_watches(), 0);
}

#[tokio::test]
async fn v19_so_many_pages_of_a_network_wait_and_none_after_the_end() {
    let mut world = World::start().await;
    world.ask().await;
    let mut open = Vec::new();
    for _ in 0..limits::WALLET_STREAMS_NETWORK {
        open.push(world.events().await);
    }
    assert!(open.iter().all(|events| events.status() == StatusCode::OK));
    let one_more = world.events().await;
    assert_eq!(one_more.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(one_more.headers().contains_key(header::RETRY_AFTER));
    drop(open.pop());
    let mut last = world.events().await;
    assert_eq!(last.status(), StatusCode::OK);
    world.gate.broker.end_wallet_watches();
    assert_eq!(event(&mut last).await, None);
    drop((open, last));
    assert_eq!(world.gate.broker.wallet_watches(), 0);
}

#[tokio::test]
async fn a_page_speaks_the_language_of_its_browser() {
    let mut world = World::start().await;
    world.ask().await;
    world.browser.follow("English").await;
    let (app, picture, now) = (world.app(), world.picture().await, world.now());
    world.wallet.fetch(&app, &picture, now).await;
    let mut events = world.events().await;
    let told = event(&mut events).await.unwrap();
    assert_eq!(told, "event: told\ndata: Scanned. Approve it on your phone.\n\n");
    // The phone that has chosen no language speaks that of the sign-in, and can change it.
    let mut world = World::start().await;
    world.ask().await;
    world.browser.follow("English").await;
    world.browser.press("Get a new picture", &[]).await;
    let (app, picture, now) = (world.app(), world.picture().await, world.now());
    let back = world.wallet.approve(&app, &picture, Form::SdJwt, now).await.redirect_uri();
    let mut phone: Browser = world.gate.browser(Lang::Hu);
    assert_eq!(phone.visit(&back).await.h1(), "Type these four digits on the computer");
    assert_eq!(phone.page().lang().as_deref(), Some("en"));
    let digits = phone.page().texts(".phone span");
    phone.follow("Magyar").await;
    assert_eq!(phone.page().h1(), "Írja be ezt a négy számjegyet a számítógépen");
    assert_eq!(phone.page().texts(".phone span"), digits);
}

#[tokio::test]
async fn a_look_ahead_does_not_use_up_what_is_opened_once() {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let back = world.wallet.approve(&app, &link, Form::SdJwt, now).await.redirect_uri();
    let elsewhere = world.gate.browser(Lang::Hu);
    assert_eq!(elsewhere.fetch(Method::HEAD, &back, &[]).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    for (name, value) in [("sec-purpose", "prefetch;prerender"), ("purpose", "preview"), ("x-moz", "prefetch")] {
        let ahead = elsewhere.fetch(Method::GET, &back, &[(name, value)]).await;
        assert_eq!(ahead.status(), StatusCode::SERVICE_UNAVAILABLE, "{name}");
    }
    world.browser.visit(&back).await;
    world.answered().await;
}
