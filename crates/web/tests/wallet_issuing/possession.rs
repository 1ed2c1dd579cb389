//! Tokens that are bound to a key (RFC 9449).

use http::{Method, StatusCode};
use jose::SigningKey;
use testkit::{DAP, Installation};
use tokio::task::JoinSet;
use wallet::dpop::{DpopExpected, sign_dpop};
use wallet::openid4vci::{Event, Notification, TokenResponse};

use crate::phone::{
    Answer, SD_JWT, anna, call, holder, nonce, now, offered, proof, request, token_request, with_token,
};

fn dpop(gate: &Installation, key: &SigningKey, path: &str, token: Option<&str>, jti: &str) -> String {
    let uri = format!("{DAP}{path}");
    let request = DpopExpected { method: "POST", uri: &uri, access_token: token, now: now(gate) };
    sign_dpop(key, &request, jti).unwrap()
}

/// A token that is bound to a key.
async fn bound(key: &SigningKey) -> (Installation, String) {
    let (gate, app, mut browser) = anna().await;
    let (offer, mailed) = offered(&gate, &app, &mut browser).await;
    let proof = dpop(&gate, key, "/token", None, "t-1");
    let answer = token_answer(&gate, &[&proof], &token_request(&offer, Some(&mailed))).await;
    let response = TokenResponse::parse(&answer.body).unwrap();
    assert_eq!(response.token_type, "DPoP");
    (gate, response.access_token.expose().to_owned())
}

async fn token_answer(gate: &Installation, proofs: &[&str], body: &str) -> Answer {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
    call(gate, (Method::POST, "/token"), &headers, body).await
}

async fn ask(gate: &Installation, scheme: &str, token: &str, proofs: &[&str]) -> Answer {
    let body = request(SD_JWT, vec![proof(gate, &holder(), &nonce(gate).await)]);
    let authorization = format!("{scheme} {token}");
    let mut headers = vec![("content-type", "application/json"), ("authorization", authorization.as_str())];
    headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
    call(gate, (Method::POST, "/credential"), &headers, &body).await
}

#[tokio::test]
async fn a_bound_token_is_good_for_its_keys_holder_alone() {
    let (key, other) = (holder(), holder());
    let (gate, token) = bound(&key).await;
    let at = |key: &SigningKey, path: &str, token: &str, jti: &str| dpop(&gate, key, path, Some(token), jti);
    let good = |jti: &str| at(&key, "/credential", &token, jti);
    let foreign = at(&other, "/credential", &token, "c-1");
    let elsewhere = at(&key, "/token", &token, "c-2");
    let other_token = at(&key, "/credential", &"a".repeat(64), "c-3");
    let no_token = dpop(&gate, &key, "/credential", None, "c-4");
    let one = good("c-5");
    #[rustfmt::skip]
    let table: [(&str, &str, &[&str], &str); 9] = [
        ("shown as any token",   "Bearer", &[],              r#"Bearer error="invalid_token""#),
        ("with a proof",         "Bearer", &[&one],          r#"Bearer error="invalid_token""#),
        ("without a proof",      "DPoP",   &[],              r#"DPoP algs="ES256", error="invalid_dpop_proof""#),
        ("another key's",        "DPoP",   &[&foreign],      r#"DPoP algs="ES256", error="invalid_token""#),
        ("for another address",  "DPoP",   &[&elsewhere],    r#"DPoP algs="ES256", error="invalid_dpop_proof""#),
        ("for another token",    "DPoP",   &[&other_token],  r#"DPoP algs="ES256", error="invalid_dpop_proof""#),
        ("for no token",         "DPoP",   &[&no_token],     r#"DPoP algs="ES256", error="invalid_dpop_proof""#),
        ("two proofs",           "DPoP",   &[&one, &one],    r#"DPoP algs="ES256", error="invalid_dpop_proof""#),
        ("nonsense",             "DPoP",   &["x"],           r#"DPoP algs="ES256", error="invalid_dpop_proof""#),
    ];
    for (what, scheme, proofs, challenge) in table {
        let answer = ask(&gate, scheme, &token, proofs).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
        assert!(answer.header("www-authenticate").unwrap().starts_with(challenge), "{what}: {:?}", answer.headers);
    }
    let unknown = ask(&gate, "DPoP", &"a".repeat(64), &[&one]).await;
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    // None of these used the proof up; now it is used, and once.
    let answer = ask(&gate, "DPoP", &token, &[&one]).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    assert_eq!(ask(&gate, "DPoP", &token, &[&one]).await.status, StatusCode::UNAUTHORIZED);
    let issued = wallet::openid4vci::CredentialResponse::parse(&answer.body).unwrap();
    let told = Notification { id: issued.notification_id.unwrap(), event: Event::Accepted }.to_json();
    let authorization = format!("dpop {token}");
    let proof = at(&key, "/notification", &token, "n-1");
    for status in [StatusCode::NO_CONTENT, StatusCode::UNAUTHORIZED] {
        let headers =
            [("content-type", "application/json"), ("authorization", authorization.as_str()), ("dpop", proof.as_str())];
        assert_eq!(call(&gate, (Method::POST, "/notification"), &headers, &told).await.status, status);
    }
}

#[tokio::test]
async fn a_proof_of_possession_is_used_by_one_of_64() {
    let key = holder();
    let (gate, token) = bound(&key).await;
    let one = dpop(&gate, &key, "/credential", Some(&token), "c-1");
    let mut tasks = JoinSet::new();
    for _ in 0..64 {
        let body = request(SD_JWT, vec![proof(&gate, &holder(), &nonce(&gate).await)]);
        let request = http::Request::post("/credential")
            .header("host", "dap.localhost:8080")
            .header("content-type", "application/json")
            .header("authorization", format!("DPoP {token}"))
            .header("dpop", &one);
        let (app, request) = (gate.app(), request.body(axum::body::Body::from(body)).unwrap());
        tasks.spawn(async move { tower::ServiceExt::oneshot(app, request).await.unwrap().status() });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(outcomes.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{outcomes:?}");
}

#[tokio::test]
async fn a_token_is_asked_for_with_a_good_proof_or_with_none() {
    let (gate, app, mut browser) = anna().await;
    let (offer, mailed) = offered(&gate, &app, &mut browser).await;
    let body = token_request(&offer, Some(&mailed));
    let key = holder();
    let elsewhere = dpop(&gate, &key, "/credential", None, "t-1");
    let good = dpop(&gate, &key, "/token", None, "t-2");
    for proofs in [&["x"][..], &[""], &[&elsewhere], &[&good, &good]] {
        let answer = token_answer(&gate, proofs, &body).await;
        assert_eq!(answer.refusal(), (400, "invalid_dpop_proof".to_owned()), "{proofs:?}");
    }
    // None of these was a try of the code.
    assert_eq!(token_answer(&gate, &[&good], &body).await.status, StatusCode::OK);
    let (offer, mailed) = offered(&gate, &app, &mut browser).await;
    let good = dpop(&gate, &key, "/token", None, "t-3");
    let body = token_request(&offer, Some(&mailed));
    assert_eq!(token_answer(&gate, &[&good], &body).await.status, StatusCode::OK);
    let (offer, mailed) = offered(&gate, &app, &mut browser).await;
    let again = token_answer(&gate, &[&good], &token_request(&offer, Some(&mailed))).await;
    assert_eq!(again.refusal(), (400, "invalid_dpop_proof".to_owned()), "it was used before");
}

#[tokio::test]
async fn a_token_of_no_key_is_not_good_as_one_of_a_key() {
    let (gate, _, _, token) = with_token().await;
    let proof = dpop(&gate, &holder(), "/credential", Some(&token), "c-1");
    let answer = ask(&gate, "DPoP", &token, &[&proof]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        ask(&gate, "Bearer", &token, &[&proof]).await.status,
        StatusCode::OK,
        "where none is asked, none is read"
    );
}
