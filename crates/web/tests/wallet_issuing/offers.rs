//! Offers: who is made one, and how it becomes a token, once.

use std::time::Duration;

use http::{Method, StatusCode};
use testkit::{DAP, Settings, UGYFELKAPU};
use tokio::task::JoinSet;
use wallet::openid4vci::{OfferLink, PRE_AUTHORIZED_CODE};

use crate::phone::{
    PASSWORD, STEP, anna, anna_at, ask, call, fetch_offer, get, offered, post_form, redeem, token_request,
};

#[tokio::test]
async fn an_offer_is_shown_once_as_picture_link_and_text() {
    let (gate, key, mut browser) = anna().await;
    let link = ask(&gate, &key, &mut browser).await;
    let page = browser.page();
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(
        page.links().iter().any(|found| found.url.as_str().starts_with("openid-credential-offer:")),
        "{:?}",
        page.links()
    );
    assert_eq!(page.texts("svg[role=img]").len(), 1);
    assert!(link.starts_with("openid-credential-offer://?credential_offer_uri="), "{link}");
    assert!(page.text().contains("k•••@p•••.hu") && !page.text().contains("kovacs.anna@"), "{}", page.text());
    let offer = fetch_offer(&gate, &link).await;
    assert_eq!(offer.issuer, DAP);
    assert_eq!(offer.configurations, ["pid-sd-jwt", "pid-mdoc"]);
    let grant = offer.pre_authorized.unwrap();
    assert!(!page.html().contains(grant.code.expose()), "the page holds no code");
    assert_eq!(grant.transaction_code.unwrap().length, Some(6));
    // The letter goes to the registered address, and holds no link.
    let letters = gate.deliver().await.letters;
    let (letter, mail) = letters.last().unwrap();
    assert_eq!(letter.to.as_str(), "kovacs.anna@pelda.hu");
    assert!(!mail.body.contains("://"));
}

#[tokio::test]
async fn the_link_opens_the_wallet_that_the_operator_says() {
    let own = "https://tarca.pelda.hu/ajanlat";
    let settings = Settings { offer_link: own.to_owned(), ..Settings::default() };
    let (gate, key, mut browser) = anna_at(settings).await;
    let link = ask(&gate, &key, &mut browser).await;
    assert!(link.starts_with(&format!("{own}?credential_offer_uri=")), "{link}");
    let links = browser.page().links();
    let opens = links.iter().find(|found| found.words == "Megnyitás ezen az eszközön").unwrap();
    assert_eq!(opens.url.as_str(), link);
    assert_eq!(fetch_offer(&gate, &link).await.issuer, DAP);
}

#[tokio::test]
async fn an_offer_needs_password_and_live_code() {
    let (gate, key, mut browser) = anna().await;
    browser.visit(&format!("{UGYFELKAPU}/tarca")).await;
    let code = gate.code(&key);
    for (password, code) in [("piros-kapu-hazfal-43", code.as_str()), (PASSWORD, "000000"), ("", ""), (PASSWORD, &code)]
    {
        // The last one was used to sign in.
        let fields = [("Jelszó", password), ("Hatjegyű kód az alkalmazásból", code)];
        let page = browser.press("Igazolás kérése", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.texts("#ajanlat").is_empty());
    }
    assert_eq!(gate.deliver().await.letters.len(), 0);
}

#[tokio::test]
async fn a_person_is_made_five_offers_an_hour_and_the_last_one_counts() {
    let (gate, key, mut browser) = anna().await;
    let first = ask(&gate, &key, &mut browser).await;
    let second = ask(&gate, &key, &mut browser).await;
    fetch_offer(&gate, &second).await;
    let Ok(OfferLink::Reference(reference)) = OfferLink::parse(&first) else { panic!("{first}") };
    assert_eq!(get(&gate, reference.strip_prefix(DAP).unwrap()).await.status, StatusCode::NOT_FOUND);
    for _ in 0..3 {
        ask(&gate, &key, &mut browser).await;
    }
    gate.clock.pass(STEP);
    browser.visit(&format!("{UGYFELKAPU}/tarca")).await;
    let code = gate.code(&key);
    let page =
        browser.press("Igazolás kérése", &[("Jelszó", PASSWORD), ("Hatjegyű kód az alkalmazásból", &code)]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn an_offer_becomes_a_token_once_and_in_ten_minutes() {
    let (gate, key, mut browser) = anna().await;
    let link = ask(&gate, &key, &mut browser).await;
    let mailed = gate.mailed_code().await;
    let offer = fetch_offer(&gate, &link).await;
    redeem(&gate, &offer, &mailed).await;
    let again = post_form(&gate, "/token", &token_request(&offer, Some(&mailed))).await;
    assert_eq!(again.refusal(), (400, "invalid_grant".to_owned()));
    let Ok(OfferLink::Reference(reference)) = OfferLink::parse(&link) else { panic!("{link}") };
    assert_eq!(get(&gate, reference.strip_prefix(DAP).unwrap()).await.status, StatusCode::NOT_FOUND, "used");

    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    gate.clock.pass(Duration::from_mins(10));
    let late = post_form(&gate, "/token", &token_request(&offer, Some(&mailed))).await;
    assert_eq!(late.refusal(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn an_offer_is_redeemed_by_one_of_64() {
    let (gate, key, mut browser) = anna().await;
    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    let mut tasks = JoinSet::new();
    for _ in 0..64 {
        let (app, body) = (gate.app(), token_request(&offer, Some(&mailed)));
        tasks.spawn(async move {
            let request = http::Request::post("/token")
                .header("host", "dap.localhost:8080")
                .header("content-type", "application/x-www-form-urlencoded");
            let request = request.body(axum::body::Body::from(body)).unwrap();
            tower::ServiceExt::oneshot(app, request).await.unwrap().status()
        });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(outcomes.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{outcomes:?}");
}

#[tokio::test]
async fn the_mailed_code_is_tried_five_times() {
    let (gate, key, mut browser) = anna().await;
    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    let wrong = if mailed == "000000" { "000001" } else { "000000" };
    let missing = post_form(&gate, "/token", &token_request(&offer, None)).await;
    assert_eq!(missing.refusal(), (400, "invalid_request".to_owned()), "this costs no try");
    for typed in [wrong, "12345", "", "abcdef", wrong, wrong] {
        let answer = post_form(&gate, "/token", &token_request(&offer, Some(typed))).await;
        let error = if typed.is_empty() { "invalid_request" } else { "invalid_grant" };
        assert_eq!(answer.refusal(), (400, error.to_owned()), "{typed:?}");
    }
    let right = post_form(&gate, "/token", &token_request(&offer, Some(&mailed))).await;
    assert_eq!(right.refusal(), (400, "invalid_grant".to_owned()), "the right one comes too late");
    // A new offer has tries of its own.
    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    redeem(&gate, &offer, &mailed).await;
}

#[tokio::test]
async fn what_the_token_endpoint_refuses() {
    let (gate, key, mut browser) = anna().await;
    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    let good = token_request(&offer, Some(&mailed));
    let grant = format!("grant_type={}", PRE_AUTHORIZED_CODE.replace(':', "%3A"));
    #[rustfmt::skip]
    let table = [
        (String::new(),                                              "invalid_request"),
        (format!("{grant}&tx_code={mailed}"),                        "invalid_request"),
        (format!("{good}&tx_code={mailed}"),                         "invalid_request"),
        (format!("{grant}&pre-authorized_code=x&tx_code={mailed}"),  "invalid_grant"),
        (format!("{grant}&pre-authorized_code={}&tx_code={mailed}", "a".repeat(64)), "invalid_grant"),
        (good.replace("pre-authorized_code&", "refresh_token&"),     "unsupported_grant_type"),
        ("grant_type=password&username=a&password=b".to_owned(),     "unsupported_grant_type"),
    ];
    for (body, error) in table {
        let answer = post_form(&gate, "/token", &body).await;
        assert_eq!(answer.refusal(), (400, error.to_owned()), "{body}");
    }
    let as_json = call(&gate, (Method::POST, "/token"), &[("content-type", "application/json")], &good).await;
    assert_eq!(as_json.refusal(), (400, "invalid_request".to_owned()));
    assert_eq!(get(&gate, "/token").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(get(&gate, "/offer/x").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&gate, &format!("/offer/{}", "a".repeat(64))).await.status, StatusCode::NOT_FOUND);
    redeem(&gate, &offer, &mailed).await;
}
