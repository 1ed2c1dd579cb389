//! Answers that are not believed, and refusals.

use std::time::Duration;

use http::{Method, StatusCode};
use jose::DecryptionKey;
use serde_json::json;
use testkit::WalletBox;
use testkit::wallet_box::{Form, called};
use wallet::openid4vp::{ClientId, RefusalCode, RequestObject, ResponseMode, WalletRefusal};
use wallet::status_list::Status;

use super::world::{FAILED, World};

/// What the wallet makes of the request before it signs.
type Bend = fn(&mut RequestObject);

/// Has the wallet answer a good request as if it had been another, at another time.
async fn answered_wrongly(world: &mut World, form: Form, bend: Bend, seconds: i64) -> StatusCode {
    world.browser.forget_cookies();
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let request = world.wallet.fetch(&app, &link, now).await;
    let mut forged = request.clone();
    bend(&mut forged);
    let shown = world.wallet.present(&forged, form, now + seconds);
    let posted = WalletBox::post(&app, &request, &WalletBox::body(&request, &[(form, shown)])).await;
    assert!(!posted.text.contains("nonce") && !posted.text.contains("signature"), "{}", posted.text);
    posted.status
}

async fn is_refused(world: &mut World, form: Form, bend: Bend, seconds: i64) {
    assert_eq!(answered_wrongly(world, form, bend, seconds).await, StatusCode::BAD_REQUEST);
    let page = world.go_on().await;
    assert_eq!(page.h1(), FAILED, "the person learns no more");
}

fn nothing(_: &mut RequestObject) {}

fn other_audience(request: &mut RequestObject) {
    request.client_id = ClientId::X509Hash([7; 32]);
}

fn other_nonce(request: &mut RequestObject) {
    "of-another-live-transaction".clone_into(&mut request.nonce);
}

#[tokio::test]
async fn v01_oid4vp_1final_verifier_invalid_kb_jwt_aud() {
    let mut world = World::start().await;
    for form in Form::ALL {
        is_refused(&mut world, form, other_audience, 0).await;
    }
    assert_eq!(world.told("wallet.failed").await.len(), 2);
}

#[tokio::test]
async fn v02_oid4vp_1final_verifier_invalid_kb_jwt_nonce() {
    let mut world = World::start().await;
    for form in Form::ALL {
        is_refused(&mut world, form, other_nonce, 0).await;
    }
}

#[tokio::test]
async fn v05_the_time_of_a_key_binding_is_held_to_the_second() {
    let mut world = World::start().await;
    is_refused(&mut world, Form::SdJwt, nothing, -301).await;
    is_refused(&mut world, Form::SdJwt, nothing, 61).await;
    assert_eq!(answered_wrongly(&mut world, Form::SdJwt, nothing, -299).await, StatusCode::OK);
}

#[tokio::test]
async fn v09_oid4vp_1final_verifier_invalid_session_transcript() {
    let mut world = World::start().await;
    let other_place: Bend =
        |request| request.response = ResponseMode::DirectPostJwt("https://evil.example/".to_owned());
    let other_key: Bend = |request| {
        let key = DecryptionKey::generate(Some("1".to_owned())).unwrap();
        request.metadata.encryption_keys = vec![key.public_key().clone()];
    };
    for bend in [other_nonce as Bend, other_audience, other_place, other_key] {
        is_refused(&mut world, Form::Mdoc, bend, 0).await;
    }
    world.wallet.holds_for = -1;
    is_refused(&mut world, Form::Mdoc, nothing, 0).await;
}

#[tokio::test]
async fn v03_v04_v08_v10_what_is_bent_on_the_way_is_refused() {
    let mut world = World::start().await;
    for form in Form::ALL {
        for bent in 0..4 {
            world.browser.forget_cookies();
            world.ask().await;
            let (app, link, now) = (world.app(), world.link(), world.now());
            let request = world.wallet.fetch(&app, &link, now).await;
            let mut shown = world.wallet.present(&request, form, now);
            match bent {
                // The last signature, the first disclosure or octet, nothing at all, far too much.
                0 => {
                    let last = if shown.ends_with("AA") { "BB" } else { "AA" };
                    shown.replace_range(shown.len() - 40..shown.len() - 38, last);
                }
                1 => shown = shown.replacen('~', "", 1).replacen("o2", "o1", 1),
                2 => shown.clear(),
                _ => shown = "9f".repeat(20_000),
            }
            let posted = WalletBox::post(&app, &request, &WalletBox::body(&request, &[(form, shown)])).await;
            assert_eq!(posted.status, StatusCode::BAD_REQUEST, "{form:?} {bent}");
        }
    }
}

#[tokio::test]
async fn v06_an_issuer_that_is_not_trusted_or_not_for_this_is_refused() {
    let mut world = World::start().await;
    let trusted = std::mem::take(&mut world.wallet);
    world.wallet.set_clock(world.gate.clock.clone());
    for form in Form::ALL {
        is_refused(&mut world, form, nothing, 0).await;
    }
    drop(trusted);
    let wallet = WalletBox::signed_for(&[1, 3, 6, 1, 5, 5, 7, 3, 1]);
    let mut world = World::with(wallet, json!({})).await;
    for form in Form::ALL {
        is_refused(&mut world, form, nothing, 0).await;
    }
}

#[tokio::test]
async fn v06_a_document_signed_when_its_signer_was_not_certified_is_refused() {
    let mut world = World::start().await;
    world.wallet.signed_ago = 20 * 365 * 86_400;
    is_refused(&mut world, Form::Mdoc, nothing, 0).await;
}

#[tokio::test]
async fn v07_a_credential_that_is_withdrawn_or_cannot_be_asked_about_is_refused() {
    let mut world = World::start().await;
    for form in Form::ALL {
        for state in [Some(Status::Revoked), Some(Status::Suspended), Some(Status::Other(3)), None] {
            world.wallet.set_status(state);
            // What is known of before is used for a minute, and no longer.
            world.gate.clock.pass(Duration::from_mins(1));
            is_refused(&mut world, form, nothing, 0).await;
        }
        world.wallet.set_status(Some(Status::Valid));
        world.gate.clock.pass(Duration::from_mins(1));
        assert_eq!(answered_wrongly(&mut world, form, nothing, 0).await, StatusCode::OK);
        let asked = world.wallet.status_calls();
        world.gate.clock.pass(Duration::from_secs(50));
        assert_eq!(answered_wrongly(&mut world, form, nothing, 0).await, StatusCode::OK);
        assert_eq!(world.wallet.status_calls(), asked, "kept, though its issuer would let it be kept for ten minutes");
    }
    world.wallet.holds_for = 1;
    is_refused(&mut world, Form::SdJwt, nothing, -20).await;
}

#[tokio::test]
async fn v11_there_is_one_answer_and_it_is_the_first() {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let unknown = called(&app, Method::POST, &format!("/wallet/response/{:032x}", 1), Some("response=x")).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let request = world.wallet.fetch(&app, &link, now).await;
    let shown = world.wallet.present(&request, Form::SdJwt, now);
    let body = WalletBox::body(&request, &[(Form::SdJwt, shown)]);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let (app, request, body) = (app.clone(), request.clone(), body.clone());
        tasks.spawn(async move { WalletBox::post(&app, &request, &body).await.status });
    }
    let statuses = tasks.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::BAD_REQUEST).count(), 63);
    // One to another request's state, and one that comes too late.
    world.browser.forget_cookies();
    let other_state: Bend = |request| request.state = Some("another".to_owned());
    world.ask().await;
    let request = world.wallet.fetch(&app, &world.link(), world.now()).await;
    let mut forged = request.clone();
    other_state(&mut forged);
    let shown = world.wallet.present(&request, Form::SdJwt, world.now());
    let posted = WalletBox::post(&app, &request, &WalletBox::body(&forged, &[(Form::SdJwt, shown)])).await;
    assert_eq!(posted.status, StatusCode::BAD_REQUEST);
    world.browser.press("Új ábra kérése", &[]).await;
    let request = world.wallet.fetch(&app, &world.link(), world.now()).await;
    world.gate.clock.pass(Duration::from_mins(2));
    let shown = world.wallet.present(&request, Form::SdJwt, world.now());
    let posted = WalletBox::post(&app, &request, &WalletBox::body(&request, &[(Form::SdJwt, shown)])).await;
    assert_eq!(posted.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn v12_an_answer_in_clear_or_to_another_key_is_refused() {
    let mut world = World::start().await;
    for bent in 0..4 {
        world.browser.forget_cookies();
        world.ask().await;
        let (app, link, now) = (world.app(), world.link(), world.now());
        let request = world.wallet.fetch(&app, &link, now).await;
        let shown = world.wallet.present(&request, Form::SdJwt, now);
        let presentations = [(Form::SdJwt, shown)];
        let mut other = request.clone();
        let body = match bent {
            0 => {
                let ResponseMode::DirectPostJwt(uri) = &request.response else { panic!("encrypted") };
                other.response = ResponseMode::DirectPost(uri.clone());
                WalletBox::body(&other, &presentations)
            }
            1 => {
                let key = DecryptionKey::generate(Some("1".to_owned())).unwrap();
                other.metadata.encryption_keys = vec![key.public_key().clone()];
                WalletBox::body(&other, &presentations)
            }
            2 => "response=eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4R0NNIn0.AA.AA.AA.AA".to_owned(),
            _ => "response=".to_owned() + &"A".repeat(64 * 1024),
        };
        let posted = WalletBox::post(&app, &request, &body).await;
        assert!(posted.status.is_client_error(), "{bent}: {}", posted.status);
    }
}

#[tokio::test]
async fn v19_a_flood_of_questions_is_slowed_down() {
    let mut world = World::start().await;
    world.ask().await;
    let page = world.browser.page().url.clone();
    let mut last = StatusCode::OK;
    for _ in 0..700 {
        last = world.browser.visit(page.as_str()).await.status;
        if last == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    world.gate.clock.pass(Duration::from_mins(1));
    assert_eq!(world.browser.visit(page.as_str()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn v20_fewer_claims_or_two_persons_are_refused() {
    let mut world = World::start().await;
    for form in Form::ALL {
        let whole = world.wallet.claims.clone();
        for name in ["family_name", "given_name", "birthdate", "personal_administrative_number"] {
            world.wallet.claims.as_object_mut().unwrap().remove(name);
            is_refused(&mut world, form, nothing, 0).await;
            world.wallet.claims = whole.clone();
        }
    }
    for (number, status) in [("7A-1", StatusCode::OK), ("9Z-9", StatusCode::BAD_REQUEST)] {
        world.browser.forget_cookies();
        world.ask().await;
        let (app, link, now) = (world.app(), world.link(), world.now());
        let request = world.wallet.fetch(&app, &link, now).await;
        let one = world.wallet.present(&request, Form::SdJwt, now);
        world.wallet.claims["personal_administrative_number"] = number.into();
        let other = world.wallet.present(&request, Form::Mdoc, now);
        world.wallet.claims["personal_administrative_number"] = "7A-1".into();
        let body = WalletBox::body(&request, &[(Form::SdJwt, one), (Form::Mdoc, other)]);
        assert_eq!(WalletBox::post(&app, &request, &body).await.status, status, "{number}");
    }
}

#[tokio::test]
async fn v22_a_refusal_is_told_in_our_own_words() {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let request = world.wallet.fetch(&app, &link, now).await;
    let words = "<b>pay%20here</b>".repeat(100);
    let refusal = WalletRefusal::of(RefusalCode::AccessDenied).post(request.state.as_deref());
    let posted = WalletBox::post(&app, &request, &format!("{refusal}&error_description={words}")).await;
    assert_eq!(posted.status, StatusCode::OK);
    let page = world.browser.visit(&posted.redirect_uri()).await;
    assert_eq!(page.h1(), "Elutasította a belépést");
    assert!(page.text().contains("Ha nem Ön indította, változtasson jelszót.") && !page.html().contains("pay"));
    assert_eq!(world.told("wallet.refused").await, ["carrier=link error=access_denied"]);
    // It begins anew, or another way.
    world.browser.press("Új ábra kérése", &[]).await;
    world.approve_here(Form::SdJwt).await;
    world.answered().await;
}
