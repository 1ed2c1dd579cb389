//! Whether a credential is still good: on the person's page, for our own sign-in, and in the status list.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use broker::CredentialState;
use http::{Method, StatusCode};
use model::{Secret, UserName};
use store::StoreConfig;
use testkit::postgres::Server;
use testkit::{DAP, Installation, Settings, UGYFELKAPU};
use tokio::task::JoinSet;
use wallet::sd_jwt::{Held, StatusReference};
use wallet::status_list::{Status, StatusListExpected, StatusListToken};

use crate::phone::{ANNA, MDOC, SD_JWT, call, get, holder, issue, judge, now, with_token, with_token_at};

/// What the list says now of a credential.
async fn listed(gate: &Installation, status: &StatusReference) -> Status {
    let answer = get(gate, status.uri.strip_prefix(DAP).unwrap()).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/statuslist+jwt")));
    let token = std::str::from_utf8(&answer.body).unwrap();
    let expected = StatusListExpected { uri: &status.uri, now: now(gate) };
    let list = StatusListToken::verify(token, &expected, judge(gate)).unwrap();
    assert!(list.ttl.unwrap() <= 60 && list.expires_at.unwrap() <= list.issued_at + 60);
    list.list.status(status.index).unwrap()
}

async fn issued(gate: &Installation, token: &str) -> StatusReference {
    let issued = issue(gate, token, SD_JWT, &holder()).await;
    Held::receive(&issued.credentials[0], now(gate), judge(gate)).unwrap().head().status.clone().unwrap()
}

#[tokio::test]
async fn a_revoked_credential_is_so_here_at_once_and_in_the_list_within_a_minute() {
    let (gate, _, mut browser, token) = with_token().await;
    let (one, other) = (issued(&gate, &token).await, issued(&gate, &token).await);
    assert_eq!((listed(&gate, &one).await, listed(&gate, &other).await), (Status::Valid, Status::Valid));
    let state = async |status: &StatusReference| {
        gate.broker.issued_credential(&status.uri, status.index).await.unwrap().unwrap().state
    };
    gate.deliver().await;

    browser.visit(&format!("{UGYFELKAPU}/tarca")).await;
    let button = browser.page().buttons().into_iter().find(|button| button.starts_with("Visszavonás")).unwrap();
    let page = browser.press(&button, &[]).await;
    let states = page.texts(".state .is");
    assert_eq!(states.iter().filter(|state| state.starts_with("Visszavonva")).count(), 1, "{states:?}");
    assert_eq!(states.iter().filter(|state| *state == "Érvényes").count(), 1, "{states:?}");
    let revoked = async |status: &StatusReference| matches!(state(status).await, CredentialState::Revoked { .. });
    let (gone, kept) = if revoked(&one).await { (one, other) } else { (other, one) };
    assert!(revoked(&gone).await && !revoked(&kept).await);
    let letters = gate.deliver().await.letters;
    assert_eq!(letters.last().unwrap().1.subject, "Visszavontunk egy igazolást");

    gate.clock.pass(Duration::from_secs(20));
    assert_eq!((listed(&gate, &gone).await, listed(&gate, &kept).await), (Status::Revoked, Status::Valid));
}

#[tokio::test]
async fn a_list_ends_a_minute_after_it_was_signed_and_says_nothing_new_to_who_has_it() {
    let (gate, _, _, token) = with_token().await;
    let status = issued(&gate, &token).await;
    let path = status.uri.strip_prefix(DAP).unwrap();
    let first = get(&gate, path).await;
    assert_eq!(first.header("cache-control"), Some("public, max-age=20"));
    let tag = first.header("etag").unwrap().to_owned();
    let again = call(&gate, (Method::GET, path), &[("if-none-match", &tag)], "").await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    let other = call(&gate, (Method::GET, path), &[("if-none-match", "\"x\"")], "").await;
    assert_eq!((other.status, other.body), (StatusCode::OK, first.body.clone()));
    gate.clock.pass(Duration::from_secs(20));
    let later = call(&gate, (Method::GET, path), &[("if-none-match", &tag)], "").await;
    assert_eq!(later.status, StatusCode::OK, "it is signed anew");
    gate.clock.pass(Duration::from_secs(40));
    let expected = StatusListExpected { uri: &status.uri, now: now(&gate) };
    let stale = StatusListToken::verify(std::str::from_utf8(&first.body).unwrap(), &expected, judge(&gate));
    assert!(stale.is_err(), "nobody believes it after a minute");
    for path in ["/status/2", "/status/0", "/status/01", "/status/-1", "/status/x", "/status/", "/status/4294967296"] {
        assert_eq!(get(&gate, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// A signature by ECDSA is another one each time, so there were as many lists signed as different ones served.
#[tokio::test]
async fn a_list_that_has_lapsed_is_signed_once_however_many_ask_for_it_at_once() {
    let server = Server::shared();
    let url = Secret::new(server.database());
    let store = StoreConfig::Postgres { url, connections: 8, roots: None };
    let (gate, _, _, token) = with_token_at(Settings { store: Some(store), ..Settings::default() }).await;
    let path = issued(&gate, &token).await.uri.strip_prefix(DAP).unwrap().to_owned();
    let gate = Arc::new(gate);
    let mut before: HashSet<Bytes> = HashSet::new();
    for _ in 0..3 {
        let mut asked = JoinSet::new();
        for _ in 0..32 {
            let (gate, path) = (Arc::clone(&gate), path.clone());
            asked.spawn(async move { get(&gate, &path).await });
        }
        let answers = asked.join_all().await;
        assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
        let lists: HashSet<Bytes> = answers.into_iter().map(|answer| answer.body).collect();
        assert_eq!(lists.len(), 1, "as many were signed");
        assert!(lists.is_disjoint(&before), "it had lapsed");
        before.extend(lists);
        gate.clock.pass(Duration::from_secs(20));
    }
}

#[tokio::test]
async fn a_clerk_revokes_all_that_a_person_has() {
    let (gate, _, mut browser, token) = with_token().await;
    let status = issued(&gate, &token).await;
    issue(&gate, &token, MDOC, &holder()).await;
    assert_eq!(gate.broker.revoke_credentials_of(&UserName::parse(ANNA).unwrap()).await.unwrap(), 2);
    assert_eq!(gate.broker.revoke_credentials_of(&UserName::parse(ANNA).unwrap()).await.unwrap(), 0);
    assert_eq!(listed(&gate, &status).await, Status::Revoked);
    let page = browser.visit(&format!("{UGYFELKAPU}/tarca")).await;
    assert!(page.texts(".state .is").iter().all(|state| state.starts_with("Visszavonva")));
    assert!(!page.buttons().iter().any(|button| button.starts_with("Visszavonás")));
}

#[tokio::test]
async fn an_expired_credential_is_shown_as_such() {
    let (gate, key, _, token) = with_token().await;
    let status = issued(&gate, &token).await;
    gate.clock.pass(Duration::from_hours(24 * 90));
    let found = gate.broker.issued_credential(&status.uri, status.index).await.unwrap().unwrap();
    assert_eq!(found.state, CredentialState::Expired);
    let mut browser = crate::phone::signed_in(&gate, ANNA, &key).await;
    assert_eq!(browser.visit(&format!("{UGYFELKAPU}/tarca")).await.texts(".state .is"), ["Lejárt"]);
}

#[tokio::test]
async fn a_key_has_a_successor_before_credentials_could_outlive_its_certificate() {
    let (gate, _, _, token) = with_token().await;
    let anchor = gate.broker.credential_issuer_anchor().unwrap();
    let signer = |credential: &str| {
        let held = Held::receive(credential, now(&gate), judge(&gate)).unwrap();
        held.head().signer.fingerprint
    };
    let first = issue(&gate, &token, SD_JWT, &holder()).await.credentials.remove(0);
    let before = signer(&first);
    gate.broker.rotate_due_keys().await.unwrap();
    assert_eq!(gate.store.issuer_keys().await.unwrap().len(), 2, "an anchor and a signer");
    gate.clock.pass(Duration::from_hours(24 * 80));
    assert_eq!(signer(&first), before);
    gate.clock.pass(Duration::from_hours(24 * 166));
    gate.broker.rotate_due_keys().await.unwrap();
    assert_eq!(gate.store.issuer_keys().await.unwrap().len(), 3);
    assert_eq!(gate.broker.credential_issuer_anchor().unwrap(), anchor);
}
