//! Whether a wallet is one, by its provider's word (modules `oid4vci-1_0-issuer-fail-…client-attestation…` of the OpenID
//! Foundation, each where requests are pushed and where codes are redeemed).

use serde_json::json;
use testkit::Installation;

use crate::by_consent::World;
use crate::phone::{Answer, anna_with, call, offered, token_request};
use crate::wallet::{Pen, Sent, Wallet, form, post, proof};

/// A request that is good but for what `spoil` does to it is refused at both endpoints, and uses nothing up.
async fn refused(spoil: impl Fn(&Wallet, &Installation, Sent) -> Sent) {
    let mut world = World::start().await;
    let code = world.code("pid-sd-jwt").await;
    let World { gate, wallets: [wallet, _], .. } = &world;
    let at = |path: &str| spoil(wallet, gate, wallet.sent(gate, path));
    let pushed = post(gate, "/par", &at("/par"), &form(&wallet.request("pid-sd-jwt"))).await;
    assert_eq!(pushed.refusal(), (401, "invalid_client".to_owned()));
    let redeemed = post(gate, "/token", &at("/token"), &wallet.token_request(&code).write()).await;
    assert_eq!(redeemed.refusal(), (401, "invalid_client".to_owned()));
    assert_eq!(wallet.redeem(gate, &code).await.status.as_u16(), 200, "the code is still good");
}

fn forged(token: Option<String>) -> Option<String> {
    let mut token = token?;
    token.replace_range(token.len() - 8.., "AAAAAAAA");
    Some(token)
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_invalid_client_attestation_signature() {
    refused(|_, _, sent| Sent { attestation: forged(sent.attestation), ..sent }).await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_invalid_client_attestation_pop_signature() {
    refused(|_, _, sent| Sent { proof: forged(sent.proof), ..sent }).await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_client_attestation_exp_in_past() {
    refused(|wallet, gate, sent| {
        let mut claims = wallet.attestation_claims(gate);
        claims["exp"] = json!(crate::phone::now(gate) - 1);
        Sent { attestation: Some(wallet.attestation(&claims)), ..sent }
    })
    .await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_client_attestation_no_sub() {
    refused(|wallet, gate, sent| {
        let mut claims = wallet.attestation_claims(gate);
        claims.as_object_mut().unwrap().remove("sub");
        Sent { attestation: Some(wallet.attestation(&claims)), ..sent }
    })
    .await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_client_attestation_pop_wrong_aud() {
    refused(|wallet, gate, sent| {
        let mut claims = wallet.proof_claims(gate);
        claims["aud"] = json!("https://other.example");
        Sent { proof: Some(proof(&wallet.instance, &claims)), ..sent }
    })
    .await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_mismatched_client_attestation_pop_key() {
    refused(|wallet, gate, sent| {
        let by_another = proof(&Pen::new(77), &wallet.proof_claims(gate));
        Sent { proof: Some(by_another), ..sent }
    })
    .await;
}

#[tokio::test]
async fn a_wallet_without_its_providers_word_is_none() {
    refused(|_, _, sent| Sent { attestation: None, ..sent }).await;
    refused(|_, _, sent| Sent { proof: None, ..sent }).await;
    refused(|_, _, sent| Sent { attestation: None, proof: None, ..sent }).await;
    refused(|wallet, _, sent| Sent { proof: Some(wallet.instance.sign(&json!({"alg": "ES256"}), &json!({}))), ..sent })
        .await;
}

#[tokio::test]
async fn the_word_of_another_wallets_provider_or_of_nobodys_is_none() {
    let mut world = World::start().await;
    let code = world.code("pid-sd-jwt").await;
    let World { gate, wallets: [one, other], .. } = &world;
    let body = form(&one.request("pid-sd-jwt"));
    let strange = Wallet::new(9);
    // Attested by the other one's provider, as itself and as this one; by a provider that nobody here trusts.
    let of_other = |client_id: &str| {
        let mut claims = other.attestation_claims(gate);
        claims["sub"] = json!(client_id);
        Sent { attestation: Some(other.attestation(&claims)), ..other.sent(gate, "/par") }
    };
    for sent in [of_other(&other.client_id), of_other(&one.client_id), strange.sent(gate, "/par")] {
        assert_eq!(post(gate, "/par", &sent, &body).await.refusal(), (401, "invalid_client".to_owned()));
    }
    let sent = Sent { dpop: one.sent(gate, "/token").dpop, ..of_other(&one.client_id) };
    let answer = post(gate, "/token", &sent, &one.token_request(&code).write()).await;
    assert_eq!(answer.refusal(), (401, "invalid_client".to_owned()));
    let answer = post(gate, "/par", &strange.sent(gate, "/par"), &form(&strange.request("pid-sd-jwt"))).await;
    assert_eq!(answer.refusal(), (401, "invalid_client".to_owned()), "a wallet that nobody named");
}

#[tokio::test]
async fn a_proof_is_good_once_and_each_header_comes_once() {
    let world = World::start().await;
    let World { gate, wallets: [wallet, _], .. } = &world;
    let body = form(&wallet.request("pid-mdoc"));
    let sent = wallet.sent(gate, "/par");
    assert_eq!(post(gate, "/par", &sent, &body).await.status.as_u16(), 201);
    assert_eq!(post(gate, "/par", &sent, &body).await.refusal(), (401, "invalid_client".to_owned()));
    for doubled in ["oauth-client-attestation", "oauth-client-attestation-pop"] {
        let Sent { attestation, proof, .. } = wallet.sent(gate, "/par");
        let (attestation, proof) = (attestation.unwrap(), proof.unwrap());
        let again = if doubled.ends_with("pop") { proof.as_str() } else { attestation.as_str() };
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("oauth-client-attestation", attestation.as_str()),
            ("oauth-client-attestation-pop", proof.as_str()),
            (doubled, again),
        ];
        let answer = call(gate, (http::Method::POST, "/par"), &headers, &body).await;
        assert_eq!(answer.refusal(), (401, "invalid_client".to_owned()), "{doubled}");
    }
}

/// An offer is for any wallet; what one says of itself that can be judged here is judged.
#[tokio::test]
async fn an_offer_is_redeemed_by_a_wallet_that_is_attested_and_by_a_strange_one() {
    let wallet = Wallet::new(1);
    let (gate, key, mut browser) = anna_with(vec![wallet.trusted()]).await;
    let redeem = async |sent: Sent, body: &str| -> Answer { post(&gate, "/token", &sent, body).await };
    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    let body = token_request(&offer, Some(&mailed));
    let bad = wallet.sent(&gate, "/token");
    let bad = Sent { attestation: forged(bad.attestation), ..bad };
    assert_eq!(redeem(bad, &body).await.refusal(), (401, "invalid_client".to_owned()));
    let other = format!("{body}&client_id=https%3A%2F%2Fother.example");
    assert_eq!(redeem(wallet.sent(&gate, "/token"), &other).await.refusal(), (401, "invalid_client".to_owned()));
    let sent = wallet.sent(&gate, "/token");
    let (attestation, proof) = (sent.attestation.clone(), sent.proof.clone());
    assert_eq!(redeem(sent, &body).await.status.as_u16(), 200, "none of these was a try");
    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    let body = token_request(&offer, Some(&mailed));
    let again = redeem(Sent { attestation, proof, dpop: None }, &body).await;
    assert_eq!(again.refusal(), (401, "invalid_client".to_owned()), "the proof was used before");
    let strange = Wallet::new(9).sent(&gate, "/token");
    assert_eq!(redeem(strange, &body).await.status.as_u16(), 200);
}
