//! What a wallet gets when its person has let it have what it asks for: a code, once.

use std::time::Duration;

use http::StatusCode;
use tokio::task::JoinSet;
use wallet::openid4vci::{SecretText, TokenGrant, TokenRequest};

use crate::by_consent::{INVALID_GRANT, World, ask, parameter, refused, returned, sign_in, token_of};
use crate::phone::{ANNA, STEP, holder};
use crate::wallet::{Sent, authorize, form, post};

#[tokio::test]
async fn a_code_is_bound_to_address_verifier_and_key() {
    let mut world = World::start().await;
    let code = world.code("pid-sd-jwt").await;
    let World { gate, wallets: [wallet, _], .. } = &world;
    let with = |name: &str, value: &str| {
        let TokenRequest { grant, client_id } = wallet.token_request(&code);
        let TokenGrant::AuthorizationCode { mut code, mut redirect_uri, mut code_verifier } = grant else { panic!() };
        match name {
            "code" => code = SecretText::new(value.to_owned()),
            "redirect_uri" => value.clone_into(&mut redirect_uri),
            _ => code_verifier = SecretText::new(value.to_owned()),
        }
        TokenRequest { grant: TokenGrant::AuthorizationCode { code, redirect_uri, code_verifier }, client_id }.write()
    };
    let sent = || wallet.sent(gate, "/token");
    let good = wallet.token_request(&code).write();
    #[rustfmt::skip]
    let table = [
        (Sent { dpop: None, ..sent() },                   good.clone(),                                    "invalid_dpop_proof"),
        (Sent { dpop: Some("x".to_owned()), ..sent() },   good.clone(),                                    "invalid_dpop_proof"),
        (sent(), with("code", &"a".repeat(64)),                                                             INVALID_GRANT),
        (sent(), with("code", "x"),                                                                         INVALID_GRANT),
        (sent(), with("code", ""),                                                                          "invalid_request"),
        (sent(), with("redirect_uri", "https://wallet.example/cb"),                                         INVALID_GRANT),
        (sent(), with("redirect_uri", ""),                                                                  "invalid_request"),
        (sent(), with("code_verifier", ""),                                                                 "invalid_request"),
        (sent(), format!("{good}&code={code}"),                                                             "invalid_request"),
    ];
    for (sent, body, expected) in table {
        assert_eq!(post(gate, "/token", &sent, &body).await.refusal(), refused(expected), "{body}");
    }
    // None of these used it up; a wrong verifier does.
    let wrong = with("code_verifier", &"a".repeat(43));
    assert_eq!(post(gate, "/token", &sent(), &wrong).await.refusal(), refused(INVALID_GRANT));
    assert_eq!(wallet.redeem(gate, &code).await.refusal(), refused(INVALID_GRANT));
}

#[tokio::test]
async fn a_code_may_be_bound_to_a_key_before_it_is_one() {
    let mut world = World::start().await;
    for by_proof in [true, false] {
        world.gate.clock.pass(STEP);
        let World { gate, wallets: [wallet, _], browser, key } = &mut world;
        let key_of_request = holder();
        let mut sent = wallet.sent(gate, "/par");
        let mut parameters = wallet.request("pid-sd-jwt");
        let other = ("dpop_jkt", wallet.dpop_key.kid().to_owned());
        if by_proof {
            sent.dpop = Some(wallet.dpop(gate, &key_of_request, "/par", None));
            let mut differing = parameters.clone();
            differing.push(other);
            let refusal = post(gate, "/par", &sent, &form(&differing)).await.refusal();
            assert_eq!(refusal, refused("invalid_dpop_proof"));
        } else {
            parameters.push(("dpop_jkt", key_of_request.kid().to_owned()));
        }
        let answer = post(gate, "/par", &sent, &form(&parameters)).await;
        let pushed = answer.json()["request_uri"].as_str().unwrap().to_owned();
        browser.visit(&authorize(&wallet.client_id, &pushed)).await;
        sign_in(gate, browser, ANNA, key).await;
        browser.press("Engedélyezem", &[]).await;
        let code = parameter(&returned(browser), "code").unwrap();
        assert_eq!(wallet.redeem(gate, &code).await.refusal(), refused(INVALID_GRANT), "by the key of another");
        let dpop = Some(wallet.dpop(gate, &key_of_request, "/token", None));
        let sent = Sent { dpop, ..wallet.sent(gate, "/token") };
        token_of(&post(gate, "/token", &sent, &wallet.token_request(&code).write()).await);
    }
}

#[tokio::test]
async fn a_code_lapses_and_a_second_use_takes_the_token_back() {
    let mut world = World::start().await;
    let code = world.code("pid-sd-jwt").await;
    world.gate.clock.pass(Duration::from_secs(30));
    let World { gate, wallets: [wallet, _], .. } = &world;
    assert_eq!(wallet.redeem(gate, &code).await.refusal(), refused(INVALID_GRANT));

    let code = world.code("pid-sd-jwt").await;
    let World { gate, wallets: [wallet, _], .. } = &world;
    let token = token_of(&wallet.redeem(gate, &code).await);
    assert_eq!(ask(gate, wallet, token.access_token.expose(), "pid-sd-jwt").await.status, StatusCode::OK);
    assert_eq!(wallet.redeem(gate, &code).await.refusal(), refused(INVALID_GRANT));
    assert_eq!(ask(gate, wallet, token.access_token.expose(), "pid-sd-jwt").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_code_is_redeemed_by_one_of_64() {
    let mut world = World::start().await;
    let code = world.code("pid-sd-jwt").await;
    let World { gate, wallets: [wallet, _], .. } = &world;
    let mut tasks = JoinSet::new();
    for _ in 0..64 {
        let Sent { attestation, proof, dpop } = wallet.sent(gate, "/token");
        let request = http::Request::post("/token")
            .header("host", "dap.localhost:8080")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("oauth-client-attestation", attestation.unwrap())
            .header("oauth-client-attestation-pop", proof.unwrap())
            .header("dpop", dpop.unwrap());
        let request = request.body(axum::body::Body::from(wallet.token_request(&code).write())).unwrap();
        let app = gate.app();
        tasks.spawn(async move { tower::ServiceExt::oneshot(app, request).await.unwrap().status() });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(outcomes.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{outcomes:?}");
}
