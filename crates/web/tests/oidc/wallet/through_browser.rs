//! The W3C Digital Credentials API: the browser carries request and answer (OpenID4VP 1.0 appendix A).

use std::time::Duration;

use http::{Method, StatusCode};
use jose::DecryptionKey;
use model::Lang;
use serde_json::Value;
use testkit::wallet_box::{Form, called};
use testkit::{Browser, KAU, Page, WalletBox};
use wallet::openid4vp::{RefusalCode, RequestObject, ResponseMode, WalletRefusal};

use super::world::{FAILED, World};

const BUTTON: &str = "Belépés a böngészőn át";

/// What the script has after it asked.
struct Asked {
    request: RequestObject,
    action: String,
}

impl World {
    /// The script asks for a request; its wallet checks it, and the page stays.
    async fn ask_through_browser(&self) -> Asked {
        let mut script = self.browser.tab();
        script.visit(self.browser.page().url.as_str()).await;
        let given = script.press(BUTTON, &[]).await.html();
        let given: Value = serde_json::from_str(&given).unwrap_or_else(|_| panic!("{given}"));
        let [one] = given["requests"].as_array().unwrap().as_slice() else { panic!("{given}") };
        assert_eq!(one["protocol"], "openid4vp-v1-signed");
        let token = one["data"]["request"].as_str().unwrap();
        let request = WalletBox::handed_over(&self.app(), token, self.now()).await;
        Asked { request, action: given["action"].as_str().unwrap().to_owned() }
    }

    fn answer(&self, asked: &Asked, form: Form) -> String {
        let shown = self.wallet.present(&asked.request, form, self.now());
        WalletBox::body(&asked.request, &[(form, shown)])
    }

    async fn hand_over(&mut self, asked: &Asked, answer: &str) -> &Page {
        self.browser.send_by_script(BUTTON, &asked.action, &[("valasz", answer)]).await
    }
}

#[tokio::test]
async fn a_browser_carries_request_and_answer_without_digits() {
    for form in Form::ALL {
        let mut world = World::start().await;
        world.ask().await;
        let asked = world.ask_through_browser().await;
        let ResponseMode::DcApiJwt(origins) = &asked.request.response else { panic!("{:?}", asked.request) };
        assert_eq!((origins.as_slice(), &asked.request.state), (&[KAU.to_owned()][..], &None));
        assert_eq!(asked.request.audience(Some("https://evil.example")), None, "the wallet refuses another page");
        assert_eq!(asked.request.verifier_info[0].data["carrier"], "browser");
        let answer = world.answer(&asked, form);
        world.hand_over(&asked, &answer).await;
        let tokens = world.answered().await;
        assert_eq!(tokens.claims["acr"], "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr");
        assert_eq!(world.told("wallet.answered").await, ["carrier=browser"]);
    }
}

#[tokio::test]
async fn link_and_picture_stay_beside_it_and_are_other_requests() {
    let mut world = World::start().await;
    world.ask().await;
    let (app, link, now) = (world.app(), world.link(), world.now());
    let by_link = world.wallet.fetch(&app, &link, now).await;
    world.gate.clock.pass(Duration::from_secs(1));
    world.browser.press("Új ábra kérése", &[]).await;
    let (first, second) = (world.ask_through_browser().await, world.ask_through_browser().await);
    assert_ne!(first.request.nonce, second.request.nonce);
    assert_ne!(first.request.nonce, by_link.nonce);
    let keys = |request: &RequestObject| request.metadata.encryption_keys[0].thumbprint();
    assert_ne!(keys(&first.request), keys(&second.request));
    // It is neither fetched nor answered like those.
    let id = first.action.rsplit('/').next().unwrap();
    let fetched = called(&app, http::Method::GET, &format!("/wallet/request/{id}"), None).await;
    assert_eq!(fetched.status, StatusCode::NOT_FOUND);
    let posted = called(&app, http::Method::POST, &format!("/wallet/response/{id}"), Some("response=a")).await;
    assert_eq!(posted.status, StatusCode::BAD_REQUEST);
    world.browser.reload().await;
    world.approve_here(Form::SdJwt).await;
    world.answered().await;
}

/// Has the wallet answer a request as it was bent.
async fn is_refused(form: Form, bend: impl FnOnce(&mut World, &mut Asked)) {
    let mut world = World::start().await;
    world.ask().await;
    let asked = world.ask_through_browser().await;
    let mut other = Asked { request: asked.request.clone(), action: asked.action.clone() };
    bend(&mut world, &mut other);
    let answer = world.answer(&other, form);
    assert_eq!(world.hand_over(&asked, &answer).await.h1(), FAILED);
    assert_eq!(world.told("wallet.failed").await, ["carrier=browser"]);
}

#[tokio::test]
async fn v01_v02_v09_v12_an_answer_for_another_page_request_or_key_is_refused() {
    for form in Form::ALL {
        is_refused(form, |world, _| "https://evil.example".clone_into(&mut world.wallet.page_origin)).await;
        is_refused(form, |_, asked| "of-another-request".clone_into(&mut asked.request.nonce)).await;
        is_refused(form, |_, asked| {
            let key = DecryptionKey::generate(Some("1".to_owned())).unwrap();
            asked.request.metadata.encryption_keys = vec![key.public_key().clone()];
        })
        .await;
    }
    // An answer to the same verifier by link is none through a browser: its audience is the client identifier.
    let mut world = World::start().await;
    world.ask().await;
    let asked = world.ask_through_browser().await;
    for form in Form::ALL {
        let uri = format!("{KAU}/wallet/response/x");
        let by_link = RequestObject { response: ResponseMode::DirectPostJwt(uri), ..asked.request.clone() };
        let shown = world.wallet.present(&by_link, form, world.now());
        let answer = WalletBox::body(&asked.request, &[(form, shown)]);
        let again = world.ask_through_browser().await;
        assert_eq!(world.hand_over(&again, &answer).await.h1(), FAILED);
        world.ask().await;
    }
}

#[tokio::test]
async fn v12_an_answer_in_clear_is_refused() {
    let mut world = World::start().await;
    for answer in ["", "{}", "response=a", r#"{"response":1}"#, "CLEAR"] {
        world.ask().await;
        let asked = world.ask_through_browser().await;
        let shown = world.wallet.present(&asked.request, Form::SdJwt, world.now());
        let clear = serde_json::json!({"vp_token": {"pid_sd_jwt": [shown]}}).to_string();
        let answer = if answer == "CLEAR" { &clear } else { answer };
        assert_eq!(world.hand_over(&asked, answer).await.h1(), FAILED, "{answer:.40}");
    }
}

#[tokio::test]
async fn v11_an_answer_is_taken_once_and_in_time() {
    let mut world = World::start().await;
    world.ask().await;
    let asked = world.ask_through_browser().await;
    assert_eq!(world.hand_over(&asked, "{}").await.h1(), FAILED);
    let answer = world.answer(&asked, Form::SdJwt);
    let mut tab = world.browser.tab();
    world.ask().await;
    let late = world.ask_through_browser().await;
    tab.visit(world.browser.page().url.as_str()).await;
    // The first is answered, whatever became of it; and of another sign-in.
    assert_eq!(tab.send_by_script(BUTTON, &asked.action, &[("valasz", &answer)]).await.status, StatusCode::OK);
    assert!(world.told("wallet.shown").await.is_empty());
    let answer = world.answer(&late, Form::SdJwt);
    world.gate.clock.pass(Duration::from_mins(2));
    assert_ne!(world.hand_over(&late, &answer).await.h1(), super::world::SIGNED_IN);
    world.ask().await;
    let again = world.ask_through_browser().await;
    let answer = world.answer(&again, Form::Mdoc);
    world.hand_over(&again, &answer).await;
    world.answered().await;
}

#[tokio::test]
async fn v16_an_answer_counts_only_from_the_browser_that_began() {
    let mut world = World::start().await;
    world.ask().await;
    let asked = world.ask_through_browser().await;
    let answer = world.answer(&asked, Form::SdJwt);
    // Another browser at a sign-in of its own, with the address of this one.
    let mut other = Browser::new(world.app(), Lang::Hu);
    other.visit(&world.portal.request().url()).await;
    other.press("DÁP mobilalkalmazással", &[]).await;
    let page = other.send_by_script(BUTTON, &asked.action, &[("valasz", &answer)]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    other.visit(&world.portal.request().url()).await;
    let own = other.press("DÁP mobilalkalmazással", &[]).await.url.path().to_owned();
    let id = asked.action.rsplit('/').next().unwrap();
    let page = other.send_by_script(BUTTON, &format!("{own}/bongeszo/{id}"), &[("valasz", &answer)]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let page = other.lured("https://evil.example", &format!("{KAU}{}", asked.action), &[("valasz", &answer)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    // It was not used up by that.
    world.hand_over(&asked, &answer).await;
    world.answered().await;
}

#[tokio::test]
async fn v22_a_refusal_is_told_in_our_own_words() {
    let mut world = World::start().await;
    world.ask().await;
    let asked = world.ask_through_browser().await;
    let code = RefusalCode::AccessDenied.as_str();
    assert!(WalletRefusal::of(RefusalCode::AccessDenied).post(None).contains(code));
    let page = world.hand_over(&asked, &format!(r#"{{"error":"{code}","error_description":"<b>pay</b>"}}"#)).await;
    assert_eq!(page.h1(), "Elutasította a belépést");
    assert!(!page.html().contains("pay"));
}

#[tokio::test]
async fn v16_what_a_browser_was_given_nobody_fetches_or_posts() {
    let mut world = World::start().await;
    world.ask().await;
    let asked = world.ask_through_browser().await;
    let id = asked.action.rsplit('/').next().unwrap();
    let (app, answer) = (world.app(), world.answer(&asked, Form::SdJwt));
    let fetched = called(&app, Method::GET, &format!("/wallet/request/{id}"), None).await;
    assert_eq!(fetched.status, StatusCode::NOT_FOUND);
    let posted = called(&app, Method::POST, &format!("/wallet/response/{id}"), Some(&answer)).await;
    assert_eq!(posted.status, StatusCode::BAD_REQUEST);
    world.hand_over(&asked, &answer).await;
    world.answered().await;
}
