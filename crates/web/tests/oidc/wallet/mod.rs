//! Signing in by a wallet's presentation. Modules of the OpenID Foundation's conformance suite
//! (`oid4vp-1final-verifier-*`) are in the names of tests.

mod claims;
mod events;
mod hostile;
mod oidf;
mod through_browser;
mod unlucky;
mod ways;
mod world;

use std::time::Duration;

use broker::{AuthenticatorState, LetterContent, Notice};
use http::StatusCode;
use model::{Lang, Loa};
use serde_json::json;
use testkit::wallet_box::{Form, fetched};
use testkit::{KAU, WalletBox};

use crate::relying_party::RelyingParty;
use world::{CHOOSE, CONNECT, FAILED, SIGNED_IN, TYPE_DIGITS, World, other_than};

#[tokio::test]
async fn oid4vp_1final_verifier_happy_flow_on_the_same_device() {
    for form in Form::ALL {
        let mut world = World::start().await;
        let page = world.ask().await;
        assert_eq!((page.status, page.h1().as_str()), (StatusCode::OK, "Olvassa be a mobiltárcájával"));
        world.approve_here(form).await;
        let tokens = world.answered().await;
        assert_eq!(tokens.claims["acr"], "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr");
        assert_eq!(tokens.claims["amr"], json!(["swk", "user", "mfa"]));
        assert_eq!(tokens.claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/substantial", "never high");
    }
}

#[tokio::test]
async fn oid4vp_1final_verifier_happy_flow_across_devices() {
    for form in Form::ALL {
        let mut world = World::start().await;
        world.ask().await;
        let page = world.go_on().await;
        assert_eq!(page.problems(), ["Még nem érkezett jóváhagyás. Nézze meg a telefonját."]);
        let (_, digits) = world.approve_there(form).await;
        assert_eq!(world.go_on().await.h1(), TYPE_DIGITS);
        world.type_digits(&digits).await;
        world.answered().await;
        // What was shown rests no longer.
        assert_eq!(world.told("wallet.shown").await, ["carrier=qr"]);
    }
}

#[tokio::test]
async fn v21_nobody_is_connected_without_one_proof_by_the_owner() {
    let mut world = World::strange().await;
    world.ask().await;
    let page = world.approve_here(Form::SdJwt).await;
    assert_eq!(page.h1(), CONNECT);
    assert_eq!(page.texts(".facts dd"), ["Minta", "Anna", "1958. március 5."]);
    world.prove().await;
    let first = world.answered().await;
    assert_eq!(first.claims["acr"], "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp", "what was shown is the app");
    let letters = world.gate.deliver().await.letters;
    let notices: Vec<_> = letters
        .iter()
        .filter_map(|(letter, _)| match letter.content {
            LetterContent::Notice { notice, .. } => Some(notice),
            LetterContent::ContactCode { .. }
            | LetterContent::ActivationCode { .. }
            | LetterContent::NewPasswordCode { .. }
            | LetterContent::WalletCode { .. } => None,
        })
        .collect();
    assert_eq!(notices, [Notice::IdentityLinked]);
    assert!(letters[0].1.body.contains("/nem-en-voltam/"));
    // From then on it signs in, in the other form of the credential too, and is no surer than what connected it.
    world.browser.forget_cookies();
    world.ask().await;
    world.approve_here(Form::Mdoc).await;
    let tokens = world.answered().await;
    assert_eq!(tokens.claims["sub"], first.claims["sub"]);
    assert_eq!(tokens.claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/low");
}

#[tokio::test]
async fn v21_an_identity_that_speaks_of_somebody_else_is_not_connected() {
    let mut wallet = WalletBox::new();
    wallet.claims["family_name"] = "Másvalaki".into();
    let mut world = World::with(wallet, json!({})).await;
    world.ask().await;
    world.approve_here(Form::SdJwt).await;
    assert_eq!(world.prove().await.h1(), "Nem kapcsoltuk össze");
    assert!(world.gate.store.wallet_identities_of(&world.person().await).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_an_owner_connected_is_substantial_at_most_and_closed_while_the_authenticator_is_off() {
    let mut world = World::strange().await;
    world.connect(Loa::High).await;
    world.ask().await;
    world.approve_here(Form::SdJwt).await;
    let tokens = world.answered().await;
    assert_eq!(tokens.claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/substantial");
    world.browser.forget_cookies();
    world.gate.switch(&world.anna.name, AuthenticatorState::Inactive).await;
    world.ask().await;
    assert_eq!(world.approve_here(Form::SdJwt).await.h1(), "Egy lépés hiányzik");
}

#[tokio::test]
async fn a_service_of_level_three_is_reached_by_it_alone() {
    let mut world = World::with(WalletBox::new(), json!({"kapu_min_level": 3, "kapu_min_loa": "substantial"})).await;
    world.connect(Loa::Substantial).await;
    world.ask().await;
    world.approve_here(Form::SdJwt).await;
    world.answered().await;
    // Somebody who is not connected cannot become so there.
    let mut strange = World::with(WalletBox::new(), json!({"kapu_min_level": 3})).await;
    strange.ask().await;
    let page = strange.approve_here(Form::SdJwt).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, CHOOSE));
}

#[tokio::test]
async fn v13_oid4vp_1final_verifier_request_uri_fetched_twice() {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let first = world.wallet.fetch(&app, &link, now).await;
    let second = world.wallet.fetch(&app, &link, now).await;
    assert_eq!((&first.nonce, &first.state), (&second.nonce, &second.state));
    let picture = world.wallet.fetch(&app, &world.picture().await, now).await;
    assert_ne!(first.nonce, picture.nonce, "link and picture are two requests");
    let told = &first.verifier_info[0].data;
    assert_eq!(told["service"][0], json!({"lang": "hu", "value": "portal.pelda.hu"}));
    assert_eq!(told["purpose"][0], json!({"lang": "hu", "value": "Belépés ide: portal.pelda.hu"}));
    let shown = world.wallet.present(&first, Form::SdJwt, now);
    WalletBox::post(&app, &first, &WalletBox::body(&first, &[(Form::SdJwt, shown)])).await.redirect_uri();
    assert_eq!(fetched(&app, &link, None).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn v14_oid4vp_1final_verifier_request_uri_method_post() {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    assert!(link.ends_with("&request_uri_method=post"), "{link}");
    let token = fetched(&app, &link, Some("wallet-nonce-1")).await;
    let request = WalletBox::check(&app, &link, &token.text, Some("wallet-nonce-1"), now).await;
    assert_eq!(request.wallet_nonce.as_deref(), Some("wallet-nonce-1"));
    for bad in ["a%20b", "", &"a".repeat(513)] {
        assert_eq!(fetched(&app, &link, Some(bad)).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn v18_a_picture_of_a_minute_ago_is_gone_and_a_new_one_is_had() {
    let mut world = World::start().await;
    world.ask().await;
    let old = world.picture().await;
    world.gate.clock.pass(Duration::from_mins(1));
    let gone = fetched(&world.app(), &old, None).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert_eq!(gone.body["error_description"], "Ez az ábra lejárt. Kérjen újat.");
    let page = world.browser.reload().await;
    assert!(page.text().contains("Ez az ábra lejárt. Kérjen újat.") && page.texts(".typed").is_empty());
    world.browser.press("Új ábra kérése", &[]).await;
    assert_ne!(world.picture().await, old);
    let (_, digits) = world.approve_there(Form::SdJwt).await;
    // The whole request lapses as well, what was approved two minutes after.
    world.gate.clock.pass(Duration::from_mins(2));
    assert_eq!(world.go_on().await.h1(), "Kérjen új ábrát");
    assert!(!digits.is_empty());
}

#[tokio::test]
async fn v15_a_response_code_works_once_in_the_browser_that_began() {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let back = world.wallet.approve(&app, &link, Form::SdJwt, now).await.redirect_uri();
    for bad in ["", "?kod=", &format!("?kod={}", "0".repeat(64)), "?kod=a&kod=b"] {
        let page = world.browser.tab().visit(&format!("{KAU}/wallet/vissza{bad}")).await.status;
        assert_eq!(page, StatusCode::NOT_FOUND, "{bad}");
    }
    world.browser.visit(&back).await;
    world.answered().await;
    assert_eq!(world.browser.visit(&back).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn v16_what_a_victim_approves_signs_nobody_else_in() {
    // By link: the attacker began, the victim's wallet leads the victim's browser back.
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let back = world.wallet.approve(&app, &link, Form::SdJwt, now).await.redirect_uri();
    let mut victim = world.gate.browser(Lang::Hu);
    let page = victim.visit(&back).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.h1(), "Térjen vissza abba a böngészőbe, ahol elkezdte");
    assert!(page.text().contains("Ha a tárcája mindig ezt a böngészőt nyitja meg, kezdje itt újra a belépést."));
    assert_eq!(world.go_on().await.h1(), FAILED);
    assert_eq!(world.browser.visit(&back).await.status, StatusCode::NOT_FOUND, "nor by its address");
    // By picture: without the digits there is nothing.
    world.browser.visit(&world.request.url()).await;
    world.browser.press("DÁP mobilalkalmazással", &[]).await;
    let (phone, _) = world.approve_there(Form::SdJwt).await;
    let digits_page = world.go_on().await;
    assert_eq!(digits_page.h1(), TYPE_DIGITS);
    // Nobody but the browser that began sees how far it has come.
    let page = world.browser.page().url.clone();
    let mut other = world.gate.browser(Lang::Hu);
    assert_eq!(other.visit(page.as_str()).await.status, StatusCode::NOT_FOUND);
    // The phone shows them again, another phone does not.
    let address = phone.page().url.clone();
    let mut phone = phone;
    assert_eq!(phone.reload().await.status, StatusCode::OK);
    assert_eq!(other.visit(address.as_str()).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn v17_three_wrong_digits_end_it() {
    let mut world = World::start().await;
    world.ask().await;
    let (_, digits) = world.approve_there(Form::SdJwt).await;
    world.go_on().await;
    for (typed, problem) in [
        ("", "Írja be a négy számjegyet."),
        ("12", "Négy számjegy kell. Ön 2 számjegyet írt be."),
        ("12a4", "Csak számjegyeket írjon be."),
    ] {
        if !typed.is_empty() {
            assert_eq!(world.type_digits(typed).await.problems(), [problem]);
        }
    }
    let wrong = other_than(&digits);
    for left in [2, 1] {
        let problem = format!("Nem ezt a négy számjegyet mutatja a telefonja. Ennyi próbálkozása van még: {left}.");
        assert_eq!(world.type_digits(&wrong).await.problems(), [problem]);
    }
    let mut late = world.browser.tab();
    let page = world.browser.page().url.clone();
    late.visit(&page.as_str().replace("/szamok", "")).await;
    assert_eq!(world.type_digits(&wrong).await.h1(), FAILED);
    let page = late.press("Bejelentkezés", &[("Négy számjegy", &digits)]).await;
    assert_eq!(page.h1(), FAILED, "the right ones come too late");
    // A new picture begins anew.
    world.browser.press("Új ábra kérése", &[]).await;
    let (_, digits) = world.approve_there(Form::SdJwt).await;
    world.go_on().await;
    world.type_digits(&digits).await;
    assert_eq!(world.browser.page().status, StatusCode::OK);
    world.answered().await;
}

#[tokio::test]
async fn going_back_leaves_nothing_that_signs_in() {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let back = world.wallet.approve(&app, &link, Form::SdJwt, now).await.redirect_uri();
    world.browser.follow("Mégsem").await;
    let page = world.browser.visit(&back).await;
    assert!(page.status.is_client_error() && page.h1() != SIGNED_IN, "{}", page.text());
}

#[tokio::test]
async fn an_identity_disconnected_after_it_was_shown_signs_nobody_in() {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let back = world.wallet.approve(&app, &link, Form::SdJwt, now).await.redirect_uri();
    let [linked] = world.gate.store.wallet_identities_of(&world.person().await).await.unwrap().try_into().unwrap();
    let store::record::WalletIdentityRecord { issuer, number, person, .. } = linked;
    world.gate.write(store::Op::Presenting(store::PresentingOp::Unlink { issuer, number, person })).await;
    // Nobody is known by it any more: it would have to be connected anew.
    assert_eq!(world.browser.visit(&back).await.h1(), CONNECT);
}

#[tokio::test]
async fn a_portal_with_another_sign_in_under_way_is_not_mixed_up() {
    let mut world = World::start().await;
    let other = RelyingParty::register(&world.gate, "masik.pelda.hu", json!({})).await;
    world.ask().await;
    let mut tab = world.browser.tab();
    tab.visit(&other.request().url()).await;
    tab.press("DÁP mobilalkalmazással", &[]).await;
    world.approve_here(Form::SdJwt).await;
    world.answered().await;
    let page = tab.press("Jóváhagytam, tovább", &[]).await;
    assert_eq!(page.problems(), ["Még nem érkezett jóváhagyás. Nézze meg a telefonját."]);
}
