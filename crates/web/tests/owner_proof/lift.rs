//! "Megerősítés": a wallet lifts the provenance of the authenticator in use.

use broker::{AuthenticatorState, Notice};
use http::StatusCode;
use model::{Binding, Lang, Loa};
use testkit::UGYFELKAPU;

use crate::phone::{ANNA, PASSWORD, STEP};
use crate::world::{World, ask, at_once, confirm, signed_in, user};

const PATH: &str = "/megerosites";
const PROVED: &str = "Már csak a jelszava és egy kód kell";

#[tokio::test]
async fn a_credential_from_a_former_authenticator_lifts_the_one_in_use() {
    let (world, key, own) = World::low_with_former_credential().await;
    let mut other = signed_in(&world, &key).await;
    let mut browser = signed_in(&world, &key).await;
    browser.visit(&format!("{UGYFELKAPU}/aktivalas")).await;
    browser.follow("Megerősítés a DÁP mobilalkalmazással").await;
    assert_eq!(browser.page().h1(), "Megerősítés");
    ask(&mut browser, PATH).await;
    let page = world.show(&own, &mut browser).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::OK, PROVED));
    // A wrong password uses nothing up.
    world.gate.clock.pass(STEP);
    let code = world.gate.code(&key);
    let fields = [("Jelszó", "piros-kapu-hazfal-43"), ("Hatjegyű kód az alkalmazásból", code.as_str())];
    assert_eq!(browser.press("Megerősítem", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.binding().await, Binding::ContactCode);
    let page = confirm(&world, &key, &mut browser).await;
    assert_eq!(page.url.path(), "/aktivalas");
    assert!(!page.text().contains("Megerősítés"), "there is nothing to be lifted any more");
    assert_eq!(world.binding().await, Binding::Wallet);
    assert_eq!(world.notices().await, [Notice::ProvenanceLifted]);
    assert_eq!(other.visit(&format!("{UGYFELKAPU}/fiok")).await.status, StatusCode::UNAUTHORIZED, "others end");
    // Now there is a credential to be had by it, whose ground is this.
    world.credential_for(ANNA, &key).await;
    // Once more there is nothing that it could be for.
    ask(&mut browser, PATH).await;
    assert_eq!(world.show(&own, &mut browser).await.h1(), "Erre most nincs szükség");
}

#[tokio::test]
async fn it_is_lifted_once_however_many_try() {
    let (world, key, own) = World::low_with_former_credential().await;
    let mut browser = signed_in(&world, &key).await;
    ask(&mut browser, PATH).await;
    world.show(&own, &mut browser).await;
    world.gate.clock.pass(STEP);
    let code = world.gate.code(&key);
    let statuses = at_once(&world, &browser, &[("jelszo", PASSWORD), ("kod", &code)]).await;
    assert_eq!(world.audited("authenticator.lifted").await, 1, "{statuses:?}");
    assert_eq!(world.notices().await, [Notice::ProvenanceLifted]);
}

#[tokio::test]
async fn what_stands_on_the_authenticator_does_not_lift_it() {
    let (world, key, own) = World::low_with_former_credential().await;
    let mut browser = signed_in(&world, &key).await;
    ask(&mut browser, PATH).await;
    assert_eq!(world.show_foreign(&mut browser).await.h1(), "Ezt az igazolást még nem ismerjük");
    // However sure the link says that it is.
    world.connect(Loa::High).await;
    ask(&mut browser, PATH).await;
    let page = world.show_foreign(&mut browser).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::FORBIDDEN, "Ez az igazolás nem szólhat önmaga mellett"));
    assert!(page.buttons().iter().all(|button| button != "Megerősítem"));
    // What is somebody else's neither.
    world.gate.add_person("szabo.bela1", PASSWORD).await;
    let (_, of_bela) = world.holder_of_credential("szabo.bela1").await;
    ask(&mut browser, PATH).await;
    assert_eq!(world.show(&of_bela, &mut browser).await.h1(), "Ez nem az Ön igazolása");
    // Nor one that was revoked after it was shown.
    ask(&mut browser, PATH).await;
    assert_eq!(world.show(&own, &mut browser).await.h1(), PROVED);
    world.gate.broker.revoke_credentials_of(&user(ANNA)).await.unwrap();
    let page = confirm(&world, &key, &mut browser).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::GONE, "Ez az igazolás már nem használható"));
    assert_eq!(world.binding().await, Binding::ContactCode);
}

#[tokio::test]
async fn an_authenticator_replaced_meanwhile_is_not_lifted() {
    let (world, key, own) = World::low_with_former_credential().await;
    let mut browser = signed_in(&world, &key).await;
    ask(&mut browser, PATH).await;
    world.show(&own, &mut browser).await;
    world.switch(AuthenticatorState::Inactive).await;
    let page = confirm(&world, &key, &mut browser).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::FORBIDDEN, "Erre most nincs szükség"));
    assert_eq!(world.binding().await, Binding::ContactCode);
}

#[tokio::test]
async fn where_wallets_are_not_asked_there_is_no_such_page() {
    let gate = testkit::Installation::start().await;
    gate.add_person(ANNA, PASSWORD).await;
    let (key, _) = gate.enrol(ANNA).await;
    let mut browser = crate::phone::signed_in(&gate, ANNA, &key).await;
    for path in [PATH, "/feloldas"] {
        assert_eq!(browser.visit(&format!("{UGYFELKAPU}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = browser.visit(&format!("{UGYFELKAPU}/aktivalas")).await;
    assert!(!page.text().contains("Megerősítés"));
    let mut enrolling = gate.browser(Lang::Hu);
    assert_eq!(
        enrolling.visit(&format!("{}/igazolas/{}", testkit::KAU, "0".repeat(64))).await.status,
        StatusCode::NOT_FOUND
    );
}
