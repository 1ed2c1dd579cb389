//! Codes and tokens.

use std::time::Duration;

use store::Op;
use store::record::{ArtifactRecord, CodeRecord};

use super::accounts::just_before;
use super::samples::{NOW, artifact, code, digest, minutes, person_id, service_id, token, world};
use super::{Database, done, done_all, refused};

pub(crate) async fn o08_a_code_is_spent_once_by_its_client_in_its_time(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    assert_eq!(store.code(&digest(8)).await.unwrap(), Some(code(8, 7)));
    refused(&store, Op::IssueCode(code(8, 7))).await;
    let end = NOW + Duration::from_secs(30);
    let spend = |nth, client, at| Op::SpendCode { digest: digest(nth), client: service_id(client), at };
    refused(&store, spend(8, 2, NOW)).await;
    refused(&store, spend(8, 1, end)).await;
    refused(&store, spend(88, 1, NOW)).await;
    done(&store, spend(8, 1, just_before(end))).await;
    refused(&store, spend(8, 1, NOW)).await;
    let recognised = CodeRecord { spent_at: Some(just_before(end)), ..code(8, 7) };
    assert_eq!(store.code(&digest(8)).await.unwrap(), Some(recognised));
}

pub(crate) async fn o08_a_code_used_twice_takes_its_tokens_with_it(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done_all(&store, [Op::IssueCode(code(18, 7)), Op::IssueToken(token(19, 18, 7))]).await;
    done(&store, Op::SpendCode { digest: digest(8), client: service_id(1), at: NOW }).await;
    refused(&store, Op::IssueToken(token(9, 8, 7))).await;
    assert_eq!(store.token(&digest(9)).await.unwrap(), Some(token(9, 8, 7)));

    let later = NOW + minutes(1);
    done(&store, Op::RevokeCode { digest: digest(8), at: later }).await;
    assert_eq!(store.token(&digest(9)).await.unwrap(), None);
    assert_eq!(store.code(&digest(8)).await.unwrap().unwrap().spent_at, Some(NOW), "when it was spent");
    assert_eq!(store.token(&digest(19)).await.unwrap(), Some(token(19, 18, 7)), "another code's");

    done(&store, Op::RevokeCode { digest: digest(18), at: later }).await;
    assert_eq!(store.code(&digest(18)).await.unwrap().unwrap().spent_at, Some(later));
    refused(&store, Op::SpendCode { digest: digest(18), client: service_id(1), at: NOW }).await;
}

pub(crate) async fn nothing_is_granted_by_a_session_that_ended(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    refused(&store, Op::IssueCode(code(80, 77))).await;
    refused(&store, Op::IssueToken(token(90, 88, 7))).await;
    done(&store, Op::EndSession { digest: digest(7) }).await;
    refused(&store, Op::IssueCode(code(80, 7))).await;
    refused(&store, Op::IssueToken(token(90, 8, 7))).await;
}

pub(crate) async fn an_answer_that_waits_goes_with_its_session_and_with_the_consent(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let of = |nth, service| ArtifactRecord { service: service_id(service), session: Some(digest(7)), ..artifact(nth) };
    done_all(&store, [of(61, 1), of(62, 2), artifact(63)].map(Op::PutArtifact)).await;
    let kept = async || {
        let mut kept = Vec::new();
        for nth in [61, 62, 63] {
            kept.extend(store.artifact(&digest(nth)).await.unwrap());
        }
        kept
    };
    assert_eq!(kept().await, [of(61, 1), of(62, 2), artifact(63)]);
    done(&store, Op::WithdrawConsent { person: person_id(1), service: service_id(1) }).await;
    assert_eq!(kept().await, [of(62, 2), artifact(63)]);
    done(&store, Op::EndSession { digest: digest(7) }).await;
    assert_eq!(kept().await, [artifact(63)], "that of nobody");
}

pub(crate) async fn a_withdrawal_takes_the_codes_and_tokens_of_that_person_and_service(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let of_another_service = CodeRecord { client: service_id(2), ..code(18, 7) };
    let spent = Op::SpendCode { digest: digest(8), client: service_id(1), at: NOW };
    done_all(&store, [Op::IssueCode(of_another_service.clone()), spent]).await;
    done(&store, Op::IssueCode(code(28, 7))).await;
    done(&store, Op::WithdrawConsent { person: person_id(1), service: service_id(1) }).await;
    for nth in [8, 28] {
        assert_eq!(store.code(&digest(nth)).await.unwrap(), None);
    }
    assert_eq!(store.token(&digest(9)).await.unwrap(), None);
    refused(&store, Op::IssueToken(token(90, 28, 7))).await;
    assert_eq!(store.code(&digest(18)).await.unwrap(), Some(of_another_service));
}
