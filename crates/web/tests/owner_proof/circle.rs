//! The circle: a sign-in of level 2 whose authenticator was bound by a mailed code tries to become substantial through
//! a wallet. Whatever it tries, it stays low, in ID tokens and in SAML.

use broker::DeletionCode;
use http::StatusCode;
use model::Binding;
use serde_json::json;
use testkit::wallet_box::Form;
use testkit::{Browser, KAU, UGYFELKAPU};

use crate::phone::{ANNA, PASSWORD, STEP};
use crate::relying_party::{Person, RelyingParty, agree_if_asked, browser};
use crate::service::{Service, by_redirect};
use crate::world::{World, ask};

const LOW: &str = "http://eidas.europa.eu/NotNotified/LoA/low";
const BY_APP: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp";
const BY_WALLET: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr";

#[tokio::test]
async fn level_2_by_contact_provenance_does_not_become_substantial_through_a_wallet() {
    let world = World::start().await;
    let gate = &world.gate;
    let mut thief = world.enrolling().await;
    let key = world.enrol_by_contact(&mut thief).await;
    let portal = RelyingParty::register(gate, "portal.pelda.hu", json!({})).await;
    let strict = RelyingParty::register(gate, "szigoru.pelda.hu", json!({"kapu_min_loa": "substantial"})).await;
    let saml = Service::usual("kenyszi.pelda.hu").register(gate).await;
    let anna = Person { name: ANNA.to_owned(), key, deletion_code: DeletionCode::draw(gate.broker.random()) };
    let mut thief = browser(gate, &[&portal, &strict]);
    sign_in_to_account(&world, &anna, &mut thief).await;

    // There is no credential for it.
    let page = thief.visit(&format!("{UGYFELKAPU}/tarca")).await;
    assert!(page.fields().is_empty() && page.text().contains("ügyfélszolgálat"), "{}", page.text());

    // It connects another issuer's wallet, by that very sign-in.
    let request = portal.request();
    thief.visit(&request.url()).await;
    show_foreign_to_service(&world, &mut thief).await;
    thief.follow("Belépés és összekapcsolás").await;
    thief.press("Bejelentkezés", &[("Felhasználónév", ANNA), ("Jelszó", PASSWORD)]).await;
    gate.clock.pass(STEP);
    anna.give_code(gate, &mut thief).await;
    agree_if_asked(&mut thief).await;
    thief.follow_refresh().await;
    let tokens = portal.redeem(gate, &portal.code(&thief, &request), &request).await;
    assert_eq!((tokens.claims["acr"].as_str(), tokens.claims["loa"].as_str()), (Some(BY_APP), Some(LOW)));
    let linked = gate.store.wallet_identities_of(&world.person().await).await.unwrap();
    assert_eq!(linked.iter().map(|one| one.loa.as_str()).collect::<Vec<_>>(), ["low"]);

    // It tries to lift the authenticator by it.
    ask(&mut thief, "/megerosites").await;
    let page = world.show_foreign(&mut thief).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text());
    let handmade = page.url.clone();
    thief.visit(handmade.as_str()).await;
    assert!(thief.page().buttons().iter().all(|button| button != "Megerősítem"));
    assert_eq!(world.binding().await, Binding::ContactCode);
    assert_eq!(world.audited("authenticator.lifted").await, 0);

    // By the wallet it signs in at level 3, and low all the same: in an ID token, in SAML, and not where more is asked.
    thief.forget_cookies();
    let request = portal.request();
    thief.visit(&request.url()).await;
    show_foreign_to_service(&world, &mut thief).await;
    agree_if_asked(&mut thief).await;
    if thief.page().refresh().is_some() {
        thief.follow_refresh().await;
    }
    let tokens = portal.redeem(gate, &portal.code(&thief, &request), &request).await;
    assert_eq!((tokens.claims["acr"].as_str(), tokens.claims["loa"].as_str()), (Some(BY_WALLET), Some(LOW)));

    is_low_in_saml(&world, &saml, &mut thief).await;
    is_not_enough(&world, &strict, &anna, &mut thief).await;
}

async fn sign_in_to_account(world: &World, anna: &Person, thief: &mut Browser) {
    world.gate.clock.pass(STEP);
    thief.visit(UGYFELKAPU).await;
    thief.press("Bejelentkezés", &[("Felhasználónév", ANNA), ("Jelszó", PASSWORD)]).await;
    anna.give_code(&world.gate, thief).await;
    assert_eq!(thief.page().url.path(), "/fiok");
}

/// From the choice of method to what comes after the other issuer's credential was shown.
async fn show_foreign_to_service(world: &World, thief: &mut Browser) {
    thief.press("DÁP mobilalkalmazással", &[]).await;
    let back = world.foreign.approve(&world.gate.app(), &crate::world::link(thief), Form::SdJwt, world.now()).await;
    thief.visit(&back.redirect_uri()).await;
}

async fn is_low_in_saml(world: &World, saml: &Service, thief: &mut Browser) {
    let gate = &world.gate;
    thief.forget_cookies();
    thief.visit(&by_redirect(&saml.request(gate, "_a"), None, None)).await;
    show_foreign_to_service(world, thief).await;
    agree_if_asked(thief).await;
    let assertion = saml.answer(gate, thief, "_a").unwrap();
    assert_eq!(assertion.authn.context_class.as_deref(), Some(BY_WALLET));
    let said = assertion.attributes.iter().filter(|one| one.name == format!("{KAU}/attributes/LevelOfAssurance"));
    assert_eq!(said.flat_map(|one| one.values.clone()).collect::<Vec<_>>(), [LOW]);
}

/// Where a service asks for more, neither the wallet nor the app is enough.
async fn is_not_enough(world: &World, strict: &RelyingParty, anna: &Person, thief: &mut Browser) {
    let gate = &world.gate;
    for by_wallet in [true, false] {
        thief.forget_cookies();
        gate.clock.pass(STEP);
        thief.visit(&strict.request().url()).await;
        if by_wallet {
            show_foreign_to_service(world, thief).await;
        } else {
            anna.give_password(thief).await;
            anna.give_code(gate, thief).await;
        }
        assert_eq!(thief.page().h1(), "Egyszer igazolnia kell magát", "{}", thief.page().text());
    }
}
