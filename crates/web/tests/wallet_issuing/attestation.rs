//! What makers of wallets say of the keys in them: believed of whom the operator trusts, and refused of everybody else.

use std::sync::{Arc, Mutex};

use broker::{KeyAttestationTerms, Outbound, OutboundCall, OutboundError, Upstreams};
use data_encoding::BASE64URL_NOPAD;
use http::StatusCode;
use model::{Binding, Clock as _, Loa, UserName};
use serde_json::{Value, json};
use store::{Issuing, Op};
use testkit::{AttestedKey, DAP, Installation, Settings, VirtualClock, WalletMaker};
use wallet::openid4vci::{CredentialResponse, Proofs};
use wallet::sd_jwt::Held;

use crate::phone::{
    ANNA, Answer, MDOC, SD_JWT, anna_at, asked_by, get, holder, judge, nonce, now, offered, post_json, proof, redeem,
    request, with_token, with_token_at,
};

/// Where `maker` is believed.
fn believing(maker: &WalletMaker) -> Settings {
    Settings { key_attestations: maker.terms(), ..Settings::default() }
}

/// A good proof of `key`, with an attestation in its header.
async fn attested(gate: &Installation, key: &AttestedKey, attestation: &str) -> String {
    let claims = json!({"aud": DAP, "iat": now(gate), "nonce": nonce(gate).await});
    key.prove(&json!({"jwk": key.jwk(), "key_attestation": attestation}), &claims)
}

async fn ask(gate: &Installation, token: &str, configuration: &str, proofs: Proofs) -> Answer {
    post_json(gate, "/credential", token, &asked_by(configuration, proofs).to_json()).await
}

/// The keys that credentials are bound to, and how sure it is whose they are.
pub(crate) async fn issued(gate: &Installation, configuration: &str, answer: &Answer) -> Vec<(String, Loa)> {
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    let mut issued = Vec::new();
    for credential in CredentialResponse::parse(&answer.body).unwrap().credentials {
        let (uri, index) = if configuration == SD_JWT {
            let status = Held::receive(&credential, now(gate), judge(gate)).unwrap().head().status.clone().unwrap();
            (status.uri, status.index)
        } else {
            let octets = BASE64URL_NOPAD.decode(credential.as_bytes()).unwrap();
            let document = mdoc::IssuerSigned::parse(&octets).unwrap();
            let chain: Vec<Vec<u8>> = document.x5chain().unwrap().into_iter().map(<[u8]>::to_vec).collect();
            let (x, y) = judge(gate)(&chain)
                .map(|signer| signer.key)
                .map(|key| {
                    let (x, y) = key.p256_coordinates().unwrap();
                    (x.to_vec(), y.to_vec())
                })
                .unwrap();
            let key = mdoc::VerifyingKey::from_coordinates(mdoc::Algorithm::Es256, &x, &y).unwrap();
            let expected = mdoc::ExpectedIssuer { doc_type: mdoc::pid::DOC_TYPE, key: &key, at: now(gate) };
            let status = document.verify(&expected).unwrap().status().cloned().unwrap();
            (status.uri, status.index)
        };
        let found = gate.broker.issued_credential(&uri, index).await.unwrap().unwrap();
        issued.push((found.holder, found.loa));
    }
    issued
}

pub(crate) fn thumbprint(key: &AttestedKey) -> String {
    key.signing_key().kid().to_owned()
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_invalid_key_attestation_signature() {
    let (maker, stranger) = (WalletMaker::new(), WalletMaker::new());
    let (key, other) = (AttestedKey::new(1), AttestedKey::new(2));
    for configuration in [SD_JWT, MDOC] {
        let (gate, _, _, token) = with_token_at(believing(&maker)).await;
        let claims = async |keys: &[&AttestedKey]| WalletMaker::claims(keys, &nonce(&gate).await, now(&gate));
        let mut forged = maker.attest(&claims(&[&key]).await);
        forged.replace_range(forged.len() - 8.., "AAAAAAAA");
        let mut lapsed = claims(&[&key]).await;
        lapsed["exp"] = json!(now(&gate));
        let mut bare = claims(&[&key]).await;
        bare.as_object_mut().unwrap().remove("nonce");
        let table = [
            ("a forged signature", forged),
            ("a maker whom nobody knows", stranger.attest(&claims(&[&key]).await)),
            ("one that has lapsed", maker.attest(&lapsed)),
            ("one without a nonce", maker.attest(&bare)),
            ("nothing", String::new()),
        ];
        for (what, attestation) in table {
            let beside = Proofs::Jwt(vec![attested(&gate, &key, &attestation).await]);
            for proofs in [beside, Proofs::Attestation(attestation)] {
                let answer = ask(&gate, &token, configuration, proofs).await;
                assert_eq!(answer.refusal(), (400, "invalid_proof".to_owned()), "{what}");
            }
        }
        let of_another = attested(&gate, &key, &maker.attest(&claims(&[&other]).await)).await;
        let answer = ask(&gate, &token, configuration, Proofs::Jwt(vec![of_another])).await;
        assert_eq!(answer.refusal(), (400, "invalid_proof".to_owned()), "another key's");
        // What is fresh by a nonce of somebody else is told so.
        let strange = WalletMaker::claims(&[&key], "n-1", now(&gate));
        let answer = ask(&gate, &token, configuration, Proofs::Attestation(maker.attest(&strange))).await;
        assert_eq!(answer.refusal(), (400, "invalid_nonce".to_owned()));
        // Nothing of this was issued, and the token is still whole.
        let good = maker.attest(&claims(&[&key]).await);
        let answer = ask(&gate, &token, configuration, Proofs::Attestation(good)).await;
        assert_eq!(issued(&gate, configuration, &answer).await, [(thumbprint(&key), Loa::High)]);
    }
}

#[tokio::test]
async fn where_nobody_is_believed_an_attestation_is_refused_and_not_passed_over() {
    let (maker, key) = (WalletMaker::new(), AttestedKey::new(1));
    let (gate, _, _, token) = with_token().await;
    let attestation = maker.attest(&WalletMaker::claims(&[&key], &nonce(&gate).await, now(&gate)));
    let proofs = Proofs::Jwt(vec![attested(&gate, &key, &attestation).await]);
    let answer = ask(&gate, &token, SD_JWT, proofs).await;
    assert_eq!(answer.refusal(), (400, "invalid_proof".to_owned()));
}

#[tokio::test]
async fn every_attested_key_gets_a_credential_of_its_own() {
    let maker = WalletMaker::new();
    let keys = [1, 2, 3].map(AttestedKey::new);
    let all: Vec<&AttestedKey> = keys.iter().collect();
    let expected = keys.each_ref().map(|key| (thumbprint(key), Loa::High));
    for configuration in [SD_JWT, MDOC] {
        let (gate, _, _, token) = with_token_at(believing(&maker)).await;
        let attestation = async || maker.attest(&WalletMaker::claims(&all, &nonce(&gate).await, now(&gate)));
        // Without a proof, and with a proof of one of them.
        let alone = Proofs::Attestation(attestation().await);
        let beside = Proofs::Jwt(vec![attested(&gate, &keys[0], &attestation().await).await]);
        for proofs in [alone, beside] {
            let answer = ask(&gate, &token, configuration, proofs).await;
            assert_eq!(issued(&gate, configuration, &answer).await, expected);
        }
    }
    // Wallets send one attestation along with the proof of each; an attested key may be named by its place.
    let (gate, _, _, token) = with_token_at(believing(&maker)).await;
    let attestation = maker.attest(&WalletMaker::claims(&all, &nonce(&gate).await, now(&gate)));
    let by_place = {
        let claims = json!({"aud": DAP, "iat": now(&gate), "nonce": nonce(&gate).await});
        keys[2].prove(&json!({"kid": "2", "key_attestation": attestation}), &claims)
    };
    let proofs =
        vec![attested(&gate, &keys[0], &attestation).await, attested(&gate, &keys[1], &attestation).await, by_place];
    let answer = ask(&gate, &token, SD_JWT, Proofs::Jwt(proofs)).await;
    assert_eq!(issued(&gate, SD_JWT, &answer).await, expected);
}

#[tokio::test]
async fn a_batch_is_a_batch_whoever_attests_it() {
    let maker = WalletMaker::new();
    let (gate, _, _, token) = with_token_at(believing(&maker)).await;
    let keys = [1, 2, 3, 4, 5].map(AttestedKey::new);
    let all: Vec<&AttestedKey> = keys.iter().collect();
    let batch = get(&gate, "/.well-known/openid-credential-issuer").await.json()["batch_credential_issuance"].clone();
    assert_eq!(batch["batch_size"], json!(4));
    for (count, status) in [(5, StatusCode::BAD_REQUEST), (4, StatusCode::OK)] {
        let attestation = maker.attest(&WalletMaker::claims(&all[..count], &nonce(&gate).await, now(&gate)));
        let answer = ask(&gate, &token, MDOC, Proofs::Attestation(attestation)).await;
        assert_eq!(answer.status, status, "{count}");
    }
    // Keys that are attested, and one that is not, in one batch: each is worth what is known of it.
    let attestation = maker.attest(&WalletMaker::claims(&all[..1], &nonce(&gate).await, now(&gate)));
    let plain = holder();
    let proofs = vec![proof(&gate, &plain, &nonce(&gate).await), attested(&gate, &keys[0], &attestation).await];
    let answer = ask(&gate, &token, SD_JWT, Proofs::Jwt(proofs)).await;
    let expected = [(plain.kid().to_owned(), Loa::Substantial), (thumbprint(&keys[0]), Loa::High)];
    assert_eq!(issued(&gate, SD_JWT, &answer).await, expected);
}

#[tokio::test]
async fn an_attestation_is_good_once() {
    let maker = WalletMaker::new();
    let (gate, _, _, token) = with_token_at(believing(&maker)).await;
    let attestation = maker.attest(&WalletMaker::claims(&[&AttestedKey::new(1)], &nonce(&gate).await, now(&gate)));
    let first = ask(&gate, &token, SD_JWT, Proofs::Attestation(attestation.clone())).await;
    assert_eq!(first.status, StatusCode::OK);
    let second = ask(&gate, &token, SD_JWT, Proofs::Attestation(attestation)).await;
    assert_eq!(second.refusal(), (400, "invalid_nonce".to_owned()));
}

/// Anna's authenticator, as if it had been bound otherwise.
async fn rebind(gate: &Installation, binding: Binding) {
    let account = gate.store.account_by_name(&UserName::parse(ANNA).unwrap()).await.unwrap().unwrap();
    let bound = account.authenticator.unwrap();
    let rebind = Issuing::Rebind { authenticator: bound.id, seen: bound.binding, binding };
    gate.write(Op::Issuing(rebind)).await;
}

#[tokio::test]
async fn high_takes_a_clerk_and_a_key_that_resists() {
    let maker = WalletMaker::new();
    let level = |text: &str| json!([format!("iso_18045_{text}")]);
    #[rustfmt::skip]
    let table = [
        (Binding::Clerk,                         level("high"),     level("high"),           Loa::High),
        (Binding::ClerkWord,                     level("high"),     level("high"),           Loa::Substantial),
        (Binding::Clerk,                         level("moderate"), level("high"),           Loa::Substantial),
        (Binding::Clerk,                         level("high"),     level("enhanced-basic"), Loa::Substantial),
        (Binding::Clerk,                         Value::Null,       level("high"),           Loa::Substantial),
        (Binding::PostedCode,                    level("high"),     level("high"),           Loa::Substantial),
        (Binding::Wallet,                        level("high"),     level("high"),           Loa::Substantial),
        (Binding::LiveFactor(Loa::Substantial),  level("high"),     level("high"),           Loa::Substantial),
        (Binding::DeletionCode(Loa::High),       level("high"),     level("high"),           Loa::Substantial),
    ];
    for (binding, key_storage, user_authentication, loa) in table {
        let (gate, app, mut browser) = anna_at(believing(&maker)).await;
        rebind(&gate, binding).await;
        let (offer, mailed) = offered(&gate, &app, &mut browser).await;
        let token = redeem(&gate, &offer, &mailed).await;
        let key = AttestedKey::new(1);
        let mut claims = WalletMaker::claims(&[&key], &nonce(&gate).await, now(&gate));
        claims["key_storage"] = key_storage;
        claims["user_authentication"] = user_authentication;
        let answer = ask(&gate, &token, MDOC, Proofs::Attestation(maker.attest(&claims))).await;
        assert_eq!(issued(&gate, MDOC, &answer).await, [(thumbprint(&key), loa)], "{binding:?} {claims}");
    }
}

#[tokio::test]
async fn where_attestations_are_required_the_metadata_say_so_and_no_other_key_gets_a_credential() {
    let maker = WalletMaker::new();
    let key_attestations = KeyAttestationTerms { required: true, ..maker.terms() };
    let (gate, _, _, token) = with_token_at(Settings { key_attestations, ..Settings::default() }).await;
    let told = get(&gate, "/.well-known/openid-credential-issuer").await.json();
    for configuration in [SD_JWT, MDOC] {
        let types = &told["credential_configurations_supported"][configuration]["proof_types_supported"];
        for proof_type in ["jwt", "attestation"] {
            assert_eq!(types[proof_type]["key_attestations_required"], json!({}), "{types}");
            assert_eq!(types[proof_type]["proof_signing_alg_values_supported"], json!(["ES256"]));
        }
        let bare = request(configuration, vec![proof(&gate, &holder(), &nonce(&gate).await)]);
        let answer = post_json(&gate, "/credential", &token, &bare).await;
        assert_eq!(answer.refusal(), (400, "invalid_proof".to_owned()));
        let key = AttestedKey::new(1);
        let attestation = maker.attest(&WalletMaker::claims(&[&key], &nonce(&gate).await, now(&gate)));
        let proofs = Proofs::Jwt(vec![attested(&gate, &key, &attestation).await]);
        assert_eq!(ask(&gate, &token, configuration, proofs).await.status, StatusCode::OK);
    }
    // Where they are believed and not required, both types are taken, and nothing is demanded.
    let gate = Installation::with(believing(&maker)).await;
    let told = get(&gate, "/.well-known/openid-credential-issuer").await.json();
    let types = &told["credential_configurations_supported"][SD_JWT]["proof_types_supported"];
    let only = json!({"proof_signing_alg_values_supported": ["ES256"]});
    assert_eq!(types, &json!({"jwt": only, "attestation": only}));
}

const LIST: &str = "https://wallets.pelda.hu/status/1";

/// Where a maker tells which attestations it withdrew; nowhere while it cannot be reached.
struct MakerHost {
    clock: Mutex<Option<Arc<VirtualClock>>>,
    by: Mutex<Option<(WalletMaker, Vec<u64>)>>,
}

#[async_trait::async_trait]
impl Outbound for MakerHost {
    async fn call(&self, call: &OutboundCall<'_>) -> Result<Vec<u8>, OutboundError> {
        let by = self.by.lock().unwrap();
        let (maker, withdrawn) =
            by.as_ref().filter(|_| call.url == LIST).ok_or(OutboundError("it cannot be reached".to_owned()))?;
        let now = self.clock.lock().unwrap().as_ref().unwrap().now().seconds();
        Ok(maker.status_list(LIST, withdrawn, now).into_bytes())
    }
}

#[tokio::test]
async fn an_attestation_that_was_withdrawn_or_of_which_nobody_can_say_it_is_refused() {
    let maker = WalletMaker::new();
    let other = WalletMaker::new();
    let host = Arc::new(MakerHost { clock: Mutex::default(), by: Mutex::default() });
    let upstreams = Upstreams { outbound: host.clone(), ..Upstreams::none() };
    let anchors = [maker.terms().anchors, other.terms().anchors].concat();
    let key_attestations = KeyAttestationTerms { anchors, required: false };
    let (gate, _, _, token) = with_token_at(Settings { key_attestations, upstreams, ..Settings::default() }).await;
    *host.clock.lock().unwrap() = Some(gate.clock.clone());
    let ask_with = async |index: u64| {
        let mut claims = WalletMaker::claims(&[&AttestedKey::new(1)], &nonce(&gate).await, now(&gate));
        claims["status"] = json!({"status_list": {"uri": LIST, "idx": index}});
        ask(&gate, &token, SD_JWT, Proofs::Attestation(maker.attest(&claims))).await
    };
    let refused = (400, "invalid_proof".to_owned());
    assert_eq!(ask_with(3).await.refusal(), refused, "nobody can be asked");
    // The list of another maker, who is trusted too, says nothing of it.
    *host.by.lock().unwrap() = Some((other, vec![]));
    assert_eq!(ask_with(3).await.refusal(), refused, "another maker's list");
    gate.clock.pass(std::time::Duration::from_mins(1));
    *host.by.lock().unwrap() = Some((maker.clone(), vec![7]));
    assert_eq!(ask_with(7).await.refusal(), refused, "withdrawn");
    assert_eq!(ask_with(3).await.status, StatusCode::OK);
}
