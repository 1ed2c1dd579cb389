//! A token and a proof become a credential, and nothing else does.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use http::{Method, StatusCode};
use jose::{Algorithm, SigningKey};
use mdoc::pid::Attribute;
use serde_json::{Value, json};
use testkit::{DAP, Installation, UGYFELKAPU};
use tokio::task::JoinSet;
use wallet::credential::PersonClaim;
use wallet::openid4vci::{Event, Notification, SecretText, sign_proof};
use wallet::sd_jwt::{Held, KeyBindingExpected, PresentationExpected};

use crate::phone::{
    MDOC, SD_JWT, anna, call, holder, issue, judge, nonce, now, offered, post_json, proof, redeem, request, trusted,
    with_token,
};

#[tokio::test]
async fn oid4vci_1_0_issuer_happy_flow() {
    let (gate, _, mut browser, token) = with_token().await;
    let holder = holder();
    let issued = issue(&gate, &token, SD_JWT, &holder).await;
    let held = Held::receive(&issued.credentials[0], now(&gate), judge(&gate)).unwrap();
    let claims = held.claims();
    assert_eq!(held.head().vct, "urn:eudi:pid:1");
    assert_eq!(held.head().iss.as_deref(), Some(DAP));
    assert_eq!(held.head().holder.thumbprint(), holder.kid());
    for (name, value) in [
        ("family_name", json!("Minta")),
        ("given_name", json!("Anna")),
        ("birthdate", json!("1958-03-05")),
        ("birth_family_name", json!("Példa")),
        ("place_of_birth", json!({"country": "HU", "locality": "Győr"})),
        ("nationalities", json!(["HU"])),
        ("age_equal_or_over", json!({"18": true})),
        ("issuing_country", json!("HU")),
        ("date_of_issuance", json!("2026-01-01")),
        ("date_of_expiry", json!("2026-04-01")),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    // It tells a verifier no more than what was asked for, and the same number each time.
    let asked = [PersonClaim::PersonalAdministrativeNumber.path()];
    let to = KeyBindingExpected { audience: "x509_hash:abc", nonce: "n" };
    let shown = held.present(&asked, &holder, &to, now(&gate)).unwrap();
    let vct_values = ["urn:eudi:pid:1".to_owned()];
    let expected = PresentationExpected { vct_values: &vct_values, asked: &asked, key_binding: to, now: now(&gate) };
    let presented = wallet::sd_jwt::verify(&shown, &expected, judge(&gate)).unwrap();
    let number = PersonClaim::PersonalAdministrativeNumber.text(&presented.disclosed).unwrap();
    // Our own sign-in finds the person by the place in the status list.
    let status = presented.head.status.unwrap();
    let found = gate.broker.issued_credential(&status.uri, status.index).await.unwrap().unwrap();
    assert_eq!(number, gate.broker.administrative_number(&found.person));
    assert_eq!((found.loa, found.provenance), (model::Loa::Substantial, model::Binding::Clerk));
    assert_eq!((found.holder.as_str(), found.state), (holder.kid(), broker::CredentialState::Valid));
    assert_eq!(gate.broker.issued_credential("https://other.example/status/1", status.index).await.unwrap(), None);

    let notification = Notification { id: issued.notification_id.unwrap(), event: Event::Accepted }.to_json();
    let answer = post_json(&gate, "/notification", &token, &notification).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0));
    let page = browser.visit(&format!("{UGYFELKAPU}/tarca")).await;
    assert_eq!(page.texts(".state h2"), ["1. Személyi igazolás (SD-JWT)"]);
    assert_eq!(page.texts(".state .is"), ["Érvényes"]);
}

#[tokio::test]
async fn oid4vci_1_0_issuer_happy_flow_additional_requests() {
    let (gate, _, _, token) = with_token().await;
    let device = mdoc::SigningKey::generate().unwrap();
    let holder = SigningKey::from_pkcs8(Algorithm::Es256, &device.to_pkcs8().unwrap()).unwrap();
    issue(&gate, &token, SD_JWT, &holder).await;
    let issued = issue(&gate, &token, MDOC, &holder).await;
    let octets = BASE64URL_NOPAD.decode(issued.credentials[0].as_bytes()).unwrap();
    let document = mdoc::IssuerSigned::parse(&octets).unwrap();
    let chain: Vec<Vec<u8>> = document.x5chain().unwrap().into_iter().map(<[u8]>::to_vec).collect();
    let signer = trusted(&gate).check(&chain, wallet::trust::Purpose::Credentials, now(&gate)).unwrap();
    let (x, y) = signer.key.p256_coordinates().unwrap();
    let key = mdoc::VerifyingKey::from_coordinates(mdoc::Algorithm::Es256, x, y).unwrap();
    let expected_of = mdoc::ExpectedIssuer { doc_type: mdoc::pid::DOC_TYPE, key: &key, at: now(&gate) };
    let transcript = mdoc::SessionTranscript::openid4vp("x509_hash:abc", "n", None, "https://kau.example/r");
    let asked = [
        Attribute::FamilyName.asked(mdoc::Need::Required),
        Attribute::BirthDate.asked(mdoc::Need::Required),
        Attribute::PersonalAdministrativeNumber.asked(mdoc::Need::Required),
        Attribute::AgeOver18.asked(mdoc::Need::Required),
    ];
    let response = mdoc::present(&document, mdoc::pid::DOC_TYPE, &asked, &transcript, &device).unwrap();
    let expected = mdoc::Expected { issuer: expected_of, transcript: &transcript, elements: &asked };
    let presented = mdoc::Document::parse(&response).unwrap().verify(&expected).unwrap();
    let family = Attribute::FamilyName.of(&presented).unwrap();
    assert_eq!(family.and_then(mdoc::Value::as_text), Some("Minta"));
    assert_eq!(Attribute::AgeOver18.of(&presented).unwrap(), Some(&mdoc::Value::Bool(true)));
    let status = document.verify(&mdoc::ExpectedIssuer { doc_type: mdoc::pid::DOC_TYPE, key: &key, at: now(&gate) });
    let status = status.unwrap().status().cloned().unwrap();
    let found = gate.broker.issued_credential(&status.uri, status.index).await.unwrap().unwrap();
    assert_eq!(found.holder, holder.kid());
    // Headers of the profile FAPI, and whatever a wallet says that it accepts, change nothing.
    let authorization = format!("Bearer {token}");
    for (name, value) in [
        ("x-fapi-customer-ip-address", "2001:db8::1893:25c8:1946"),
        ("accept", "application/json; charset=utf-8"),
        ("accept", "application/json, application/*+json, */*"),
    ] {
        let headers = [("content-type", "application/json"), ("authorization", authorization.as_str()), (name, value)];
        let body = request(SD_JWT, vec![proof(&gate, &crate::phone::holder(), &nonce(&gate).await)]);
        let answer = call(&gate, (Method::POST, "/credential"), &headers, &body).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/json")));
    }
}

#[tokio::test]
async fn oid4vci_1_0_issuer_batch_issuance() {
    let (gate, _, _, token) = with_token().await;
    let holders = [holder(), holder(), holder(), holder()];
    let nonce = nonce(&gate).await;
    let proofs: Vec<String> = holders.iter().map(|holder| proof(&gate, holder, &nonce)).collect();
    let answer = post_json(&gate, "/credential", &token, &request(SD_JWT, proofs.clone())).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    let issued = wallet::openid4vci::CredentialResponse::parse(&answer.body).unwrap();
    let (mut places, mut disclosures, mut said) = (Vec::new(), Vec::new(), Vec::new());
    for (credential, holder) in issued.credentials.iter().zip(&holders) {
        let held = Held::receive(credential, now(&gate), judge(&gate)).unwrap();
        assert_eq!(held.head().holder.thumbprint(), holder.kid());
        disclosures.extend(credential.split('~').skip(1).filter(|disclosure| !disclosure.is_empty()));
        said.push(held.claims().clone());
        places.push(held.head().status.clone().unwrap().index);
    }
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 4);
    // All say the same of the person, and no two by the same salt.
    for claim in ["family_name", "birthdate", "personal_administrative_number", "date_of_expiry"] {
        assert!(said.iter().all(|claims| claims[claim] == said[0][claim]), "{claim}");
    }
    let count = disclosures.len();
    disclosures.sort_unstable();
    disclosures.dedup();
    assert_eq!((disclosures.len(), count), (52, 52), "thirteen claims of four credentials");
    // One more than the metadata say, and the same key twice.
    let fresh = crate::phone::nonce(&gate).await;
    let many = (0..5).map(|_| proof(&gate, &holder(), &fresh)).collect();
    let twice = vec![proof(&gate, &holders[0], &fresh), proof(&gate, &holders[0], &fresh)];
    for proofs in [many, twice] {
        let answer = post_json(&gate, "/credential", &token, &request(SD_JWT, proofs)).await;
        assert_eq!(answer.refusal(), (400, "invalid_proof".to_owned()));
    }
}

/// What a wallet sends with a good token, and how it is refused.
async fn refused(gate: &Installation, token: &str, body: &Value) -> (u16, String) {
    post_json(gate, "/credential", token, &body.to_string()).await.refusal()
}

/// A request for a configuration, with these proofs.
fn of(configuration: &str, proofs: &Value) -> Value {
    json!({"credential_configuration_id": configuration, "proofs": proofs})
}

/// Asks for each configuration with what `change` makes of a good request, and is refused so; then nothing was issued,
/// and the token is whole.
async fn each_refused(error: &str, change: impl Fn(&mut Value, &Installation)) {
    for configuration in [SD_JWT, MDOC] {
        let (gate, _, _, token) = with_token().await;
        let good = of(configuration, &json!({"jwt": [proof(&gate, &holder(), &nonce(&gate).await)]}));
        let mut changed = good.clone();
        change(&mut changed, &gate);
        assert_eq!(refused(&gate, &token, &changed).await, (400, error.to_owned()), "{changed}");
        assert_eq!(post_json(&gate, "/credential", &token, &good.to_string()).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_missing_proof() {
    each_refused("invalid_proof", |request, _| drop(request.as_object_mut().unwrap().remove("proofs"))).await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_invalid_jwt_proof_signature() {
    each_refused("invalid_proof", |request, _| {
        let mut forged = request["proofs"]["jwt"][0].as_str().unwrap().to_owned();
        forged.replace_range(forged.len() - 8.., "AAAAAAAA");
        request["proofs"]["jwt"][0] = forged.into();
    })
    .await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_invalid_nonce() {
    each_refused("invalid_nonce", |request, gate| {
        request["proofs"]["jwt"][0] = proof(gate, &holder(), "f81d4fae-7dec-11d0-a765-00a0c91e6bf6").into();
    })
    .await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_unknown_credential_configuration() {
    each_refused("unknown_credential_configuration", |request, _| {
        request["credential_configuration_id"] = json!("unknown");
    })
    .await;
}

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_unknown_credential_identifier() {
    each_refused("unknown_credential_identifier", |request, _| {
        request.as_object_mut().unwrap().remove("credential_configuration_id");
        request["credential_identifier"] = json!("unknown");
    })
    .await;
}

/// The wallet never tells what became of the credential; it is good all the same.
#[tokio::test]
async fn oid4vci_1_0_issuer_happy_flow_skip_notification() {
    for configuration in [SD_JWT, MDOC] {
        let (gate, _, mut browser, token) = with_token().await;
        issue(&gate, &token, configuration, &holder()).await;
        gate.clock.pass(Duration::from_mins(10));
        let page = browser.visit(&format!("{UGYFELKAPU}/tarca")).await;
        assert_eq!(page.texts(".state .is"), ["Érvényes"]);
    }
}

#[tokio::test]
async fn what_a_credential_request_must_not_be() {
    let (gate, _, _, token) = with_token().await;
    let good = || async { proof(&gate, &holder(), &nonce(&gate).await) };
    let of = |configuration: &str, proofs: Value| of(configuration, &proofs);
    let by = |key: &SigningKey, claims: Value| key.sign_with_own_key("openid4vci-proof+jwt", &claims).unwrap();
    let key = holder();
    let elsewhere = sign_proof(&key, "https://other.example", &nonce(&gate).await, now(&gate)).unwrap();
    let old = sign_proof(&key, DAP, &nonce(&gate).await, now(&gate) - 301).unwrap();
    let no_nonce = by(&key, json!({"aud": DAP, "iat": now(&gate)}));
    let bare = key.sign("openid4vci-proof+jwt", &json!({"aud": DAP, "iat": now(&gate)})).unwrap();
    #[rustfmt::skip]
    let table = [
        ("an older draft's proof",                  json!({"credential_configuration_id": SD_JWT, "proof": {"proof_type": "jwt", "jwt": good().await}}), "invalid_proof"),
        ("no nonce",                                of(SD_JWT, json!({"jwt": [no_nonce]})),          "invalid_proof"),
        ("meant for another issuer",                of(SD_JWT, json!({"jwt": [elsewhere]})),         "invalid_proof"),
        ("made long ago",                           of(SD_JWT, json!({"jwt": [old]})),               "invalid_proof"),
        ("no key in it",                            of(SD_JWT, json!({"jwt": [bare]})),              "invalid_proof"),
        ("no token",                                of(SD_JWT, json!({"jwt": ["x"]})),               "invalid_proof"),
        ("one good, one bad",                       of(SD_JWT, json!({"jwt": [good().await, "x"]})), "invalid_proof"),
        ("a type that is not in the metadata",      of(SD_JWT, json!({"di_vp": [{}]})),              "invalid_proof"),
        ("nothing",                                 json!({}),                                       "invalid_credential_request"),
    ];
    for (what, body, error) in table {
        assert_eq!(refused(&gate, &token, &body).await, (400, error.to_owned()), "{what}");
    }
    let good = of(SD_JWT, json!({"jwt": [good().await]})).to_string();
    let authorization = format!("Bearer {token}");
    let as_form = [("content-type", "application/x-www-form-urlencoded"), ("authorization", authorization.as_str())];
    let answer = call(&gate, (Method::POST, "/credential"), &as_form, &good).await;
    assert_eq!(answer.refusal(), (400, "invalid_credential_request".to_owned()));
    assert_eq!(call(&gate, (Method::GET, "/credential"), &as_form, "").await.status, StatusCode::METHOD_NOT_ALLOWED);
    // Nothing of this was issued, and the token is still whole.
    assert_eq!(post_json(&gate, "/credential", &token, &good).await.status, StatusCode::OK);
}

/// What is wrong, where it is called, with which headers, and the challenge that it is answered by.
type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

#[tokio::test]
async fn oid4vci_1_0_issuer_fail_on_access_token_in_query() {
    let (gate, _, _, token) = with_token().await;
    let proof = proof(&gate, &holder(), &nonce(&gate).await);
    let body = request(SD_JWT, vec![proof]);
    let json = ("content-type", "application/json");
    let in_query = format!("/credential?access_token={token}");
    let cookie = format!("__Host-sso={token}");
    let other = format!("Bearer {}", "a".repeat(64));
    let dpop = format!("DPoP {token}");
    #[rustfmt::skip]
    let table: [Row<'_>; 6] = [
        ("none", "/credential", &[json], "Bearer"),
        ("in the query", &in_query, &[json], "Bearer"),
        ("in a cookie", "/credential", &[json, ("cookie", &cookie)], "Bearer"),
        ("unknown", "/credential", &[json, ("authorization", &other)], "Bearer error=\"invalid_token\""),
        ("no token", "/credential", &[json, ("authorization", "Bearer x y")], "Bearer error=\"invalid_token\""),
        ("another scheme", "/credential", &[json, ("authorization", &dpop)], "DPoP algs="),
    ];
    for (what, path, headers, challenge) in table {
        let answer = call(&gate, (Method::POST, path), headers, &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
        assert!(answer.header("www-authenticate").unwrap().starts_with(challenge), "{what}");
    }
    gate.clock.pass(Duration::from_mins(5));
    let answer = post_json(&gate, "/credential", &token, &body).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "it has lapsed");
}

#[tokio::test]
async fn a_nonce_is_good_for_five_minutes_and_for_one_of_64_requests() {
    let (gate, _, _, token) = with_token().await;
    let nonce = nonce(&gate).await;
    let mut tasks = JoinSet::new();
    for _ in 0..64 {
        let body = request(SD_JWT, vec![proof(&gate, &holder(), &nonce)]);
        let (app, token) = (gate.app(), token.clone());
        tasks.spawn(async move {
            let request = http::Request::post("/credential")
                .header("host", "dap.localhost:8080")
                .header("content-type", "application/json")
                .header("authorization", format!("Bearer {token}"));
            let request = request.body(axum::body::Body::from(body)).unwrap();
            tower::ServiceExt::oneshot(app, request).await.unwrap().status()
        });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(outcomes.iter().filter(|status| **status == StatusCode::OK).count(), 1);
    assert!(outcomes.iter().all(|status| [StatusCode::OK, StatusCode::BAD_REQUEST].contains(status)), "{outcomes:?}");
    let again = request(SD_JWT, vec![proof(&gate, &holder(), &nonce)]);
    assert_eq!(post_json(&gate, "/credential", &token, &again).await.refusal(), (400, "invalid_nonce".to_owned()));
}

#[tokio::test]
async fn a_nonce_lapses() {
    let (gate, key, mut browser) = anna().await;
    let nonce = nonce(&gate).await;
    gate.clock.pass(Duration::from_mins(5));
    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    let token = redeem(&gate, &offer, &mailed).await;
    let body = request(SD_JWT, vec![proof(&gate, &holder(), &nonce)]);
    assert_eq!(post_json(&gate, "/credential", &token, &body).await.refusal(), (400, "invalid_nonce".to_owned()));
}

#[tokio::test]
async fn a_token_is_good_for_ten_credentials() {
    let (gate, _, _, token) = with_token().await;
    let mut issued = 0;
    for (count, status) in [(4, StatusCode::OK), (4, StatusCode::OK), (3, StatusCode::BAD_REQUEST), (2, StatusCode::OK)]
    {
        let nonce = nonce(&gate).await;
        let proofs = (0..count).map(|_| proof(&gate, &holder(), &nonce)).collect();
        let answer = post_json(&gate, "/credential", &token, &request(MDOC, proofs)).await;
        assert_eq!(answer.status, status, "{count} after {issued}");
        issued += if status == StatusCode::OK { count } else { 0 };
    }
    let proof = proof(&gate, &holder(), &nonce(&gate).await);
    let answer = post_json(&gate, "/credential", &token, &request(MDOC, vec![proof])).await;
    assert_eq!(answer.refusal(), (400, "credential_request_denied".to_owned()));
}

#[tokio::test]
async fn a_notification_is_of_ones_own_credentials_and_revokes_what_is_not_kept() {
    let (gate, _, _, token) = with_token().await;
    let issued = issue(&gate, &token, SD_JWT, &holder()).await;
    let held = Held::receive(&issued.credentials[0], now(&gate), judge(&gate)).unwrap();
    let status = held.head().status.clone().unwrap();
    let told = |id: &str, event| Notification { id: SecretText::new(id.to_owned()), event }.to_json();
    let id = issued.notification_id.unwrap();
    for (body, error) in [
        (told("x", Event::Accepted), "invalid_notification_id"),
        (told(&"a".repeat(64), Event::Accepted), "invalid_notification_id"),
        ("{}".to_owned(), "invalid_notification_request"),
        (json!({"notification_id": id.expose(), "event": "stolen"}).to_string(), "invalid_notification_request"),
    ] {
        assert_eq!(post_json(&gate, "/notification", &token, &body).await.refusal(), (400, error.to_owned()), "{body}");
    }
    let none = post_json(&gate, "/notification", &"a".repeat(64), &told(id.expose(), Event::Deleted)).await;
    assert_eq!(none.status, StatusCode::UNAUTHORIZED);
    for event in [Event::Accepted, Event::Accepted, Event::Deleted, Event::Deleted, Event::Accepted] {
        let answer = post_json(&gate, "/notification", &token, &told(id.expose(), event)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let found = gate.broker.issued_credential(&status.uri, status.index).await.unwrap().unwrap();
        if event == Event::Deleted {
            assert!(matches!(found.state, broker::CredentialState::Revoked { .. }));
        }
    }
    let found = gate.broker.issued_credential(&status.uri, status.index).await.unwrap().unwrap();
    assert!(matches!(found.state, broker::CredentialState::Revoked { .. }), "what was deleted does not come back");
}
