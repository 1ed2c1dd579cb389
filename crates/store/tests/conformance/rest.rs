//! Attempts, what is used once, clients and keys, the outbox and the audit.

use journey::Decision;
use model::{Datum, LegalBasis, PersonId, Release};
use store::record::{
    AuditEntry, AuditRecord, ClientRecord, ClientState, ConsentRecord, OutboxEntry, OutboxKind, OutboxWaiting,
    Protocol, Version,
};
use store::{Change, Committed, Op};

use super::samples::{
    FIRST, NOW, add_person, artifact, audit_at, change, client, consent, digest, draft, minutes, person_id, service_id,
    signing_key,
};
use super::{Database, done, done_all, made, made_change, refused};

pub(crate) async fn attempts_are_written_only_over_those_that_were_seen(database: &impl Database) {
    let store = database.open().await;
    let put = |seen, attempts: &str| Op::PutAttempts {
        key: "password:a:203.0.113.0".to_owned(),
        seen,
        attempts: attempts.to_owned(),
        expires_at: NOW,
    };
    assert_eq!(store.attempts("password:a:203.0.113.0").await.unwrap(), None);
    refused(&store, put(Some(FIRST), "[1]")).await;
    done(&store, put(None, "[1]")).await;
    refused(&store, put(None, "[2]")).await;
    let read = store.attempts("password:a:203.0.113.0").await.unwrap().unwrap();
    done(&store, put(Some(read.version), "[1,2]")).await;
    refused(&store, put(Some(read.version), "[1,3]")).await;
    let read = store.attempts("password:a:203.0.113.0").await.unwrap().unwrap();
    assert_eq!((read.version, read.value.as_str()), (Version(FIRST.0 + 1), "[1,2]"));
}

pub(crate) async fn something_is_used_once_for_each_kind(database: &impl Database) {
    let store = database.open().await;
    let used = |kind, nth| Op::UseOnce { kind, digest: digest(nth), expires_at: NOW };
    done(&store, used("jti", 1)).await;
    refused(&store, used("jti", 1)).await;
    done(&store, used("jti", 2)).await;
    done(&store, used("request", 1)).await;
}

pub(crate) async fn clients_and_keys_raise_the_revision(database: &impl Database) {
    let store = database.open().await;
    let first = store.revision().await.unwrap();
    done(&store, Op::AddClient(client(2))).await;
    done(&store, Op::AddClient(client(1))).await;
    refused(&store, Op::AddClient(ClientRecord { metadata: "{\"a\":1}".to_owned(), ..client(2) })).await;
    refused(&store, Op::ReplaceClient(ClientRecord { protocol: Protocol::Saml, ..client(2) })).await;
    refused(&store, Op::ReplaceClient(client(3))).await;
    let disabled =
        ClientRecord { metadata: "{\"client_name\":\"é\"}".to_owned(), state: ClientState::Disabled, ..client(2) };
    done(&store, Op::ReplaceClient(disabled.clone())).await;
    assert_eq!(store.revision().await.unwrap(), first + 3);
    assert_eq!(store.client(&service_id(2)).await.unwrap(), Some(disabled.clone()));
    assert_eq!(store.client(&service_id(3)).await.unwrap(), None);
    assert_eq!(store.clients().await.unwrap(), [client(1), disabled]);

    let (early, late) = (signing_key("z", NOW), signing_key("a", NOW + minutes(1)));
    done(&store, Op::PutSigningKey(late.clone())).await;
    done(&store, Op::PutSigningKey(early.clone())).await;
    refused(&store, Op::PutSigningKey(signing_key("z", NOW + minutes(9)))).await;
    assert_eq!(store.revision().await.unwrap(), first + 5);
    assert_eq!(store.signing_keys().await.unwrap(), [early, late]);

    assert!(made(&store, Op::UseOnce { kind: "jti", digest: digest(1), expires_at: NOW }).await);
    assert_eq!(store.revision().await.unwrap(), first + 5, "nothing else does");
}

pub(crate) async fn an_artifact_is_its_services_and_lapses(database: &impl Database) {
    let store = database.open().await;
    done(&store, Op::PutArtifact(artifact(3))).await;
    assert_eq!(store.artifact(&digest(3)).await.unwrap(), Some(artifact(3)));
    assert_eq!(store.artifact(&digest(4)).await.unwrap(), None);
    let take = |service, at| Op::TakeArtifact { digest: digest(3), service: service_id(service), at };
    refused(&store, take(2, NOW)).await;
    refused(&store, take(1, NOW + minutes(1))).await;
    done(&store, take(1, NOW)).await;
    assert_eq!(store.artifact(&digest(3)).await.unwrap(), None);
}

pub(crate) async fn a_consent_is_given_over_what_was_seen_and_withdrawn(database: &impl Database) {
    let store = database.open().await;
    done_all(&store, add_person(1)).await;
    let later = NOW + minutes(1);
    let give = |consent: &ConsentRecord, seen| Op::GiveConsent { consent: consent.clone(), seen };
    let withdraw = |service| Op::WithdrawConsent { person: person_id(1), service: service_id(service) };
    let first = consent(1, &[Datum::FamilyName, Datum::Email], NOW);
    let grown = consent(1, &[Datum::FamilyName, Datum::Email, Datum::BirthDate], later);
    // What was ticked and what was not, each in its column.
    let parts = Decision {
        chosen: Release::from_iter([Datum::MothersName]),
        withheld: Release::from_iter([Datum::Nationality, Datum::BirthPlace]),
        ..grown.decision.clone()
    };
    let grown = ConsentRecord { decision: parts, ..grown };
    assert_eq!(store.consent(&person_id(1), &service_id(1)).await.unwrap(), None);
    done(&store, give(&first, None)).await;
    assert_eq!(store.consent(&person_id(1), &service_id(1)).await.unwrap(), Some(first.clone()));
    refused(&store, give(&grown, None)).await;
    refused(&store, give(&grown, Some(later))).await;
    done(&store, give(&grown, Some(NOW))).await;
    // What the law requires is kept as such: it is nothing that somebody agreed to.
    let chosen = Release::from_iter([Datum::BirthPlace]);
    let decision = Decision { basis: LegalBasis::Law, chosen, ..first.decision };
    let by_law = ConsentRecord { service: service_id(2), decision, ..first };
    done(&store, give(&by_law, None)).await;
    assert_eq!(store.consents_of(&person_id(1)).await.unwrap(), [by_law.clone(), grown]);
    assert_eq!(store.consents_of(&person_id(2)).await.unwrap(), []);

    done(&store, withdraw(1)).await;
    refused(&store, withdraw(1)).await;
    assert_eq!(store.consent(&person_id(1), &service_id(1)).await.unwrap(), None);
    assert_eq!(store.consents_of(&person_id(1)).await.unwrap(), [by_law]);
}

pub(crate) async fn a_delivery_is_made_once_and_retried_until_then(database: &impl Database) {
    let store = database.open().await;
    let (mail, logout) = (draft(1, OutboxKind::Mail), draft(2, OutboxKind::BackChannelLogout));
    let later = NOW + minutes(1);
    assert!(made_change(&store, change().deliver(mail.clone())).await);
    assert!(made_change(&store, Change::new(audit_at(later, "later")).deliver(logout.clone())).await);
    // The same delivery again is no second one, and no reason to refuse.
    assert!(made_change(&store, change().deliver(mail.clone())).await);
    let entry = |draft, tries, created_at| OutboxEntry { draft, tries, created_at };
    assert_eq!(store.outbox_due(NOW, 10).await.unwrap(), [entry(mail.clone(), 0, NOW)]);
    assert_eq!(store.outbox_due(later, 1).await.unwrap().len(), 1);
    let waiting = |count, oldest| OutboxWaiting { count, oldest };
    assert_eq!(store.outbox_waiting(10).await.unwrap(), waiting(2, Some(NOW)));
    assert_eq!(store.outbox_waiting(1).await.unwrap(), waiting(1, Some(NOW)));

    done(&store, Op::Retry { outbox: mail.id.clone(), due_at: later + minutes(1) }).await;
    assert_eq!(store.outbox_due(later, 10).await.unwrap(), [entry(logout.clone(), 0, later)]);
    let due = store.outbox_due(later + minutes(1), 10).await.unwrap();
    assert_eq!(due, [entry(logout.clone(), 0, later), entry(mail.clone(), 1, NOW)]);

    done(&store, Op::Delivered { outbox: mail.id.clone() }).await;
    refused(&store, Op::Delivered { outbox: mail.id.clone() }).await;
    assert_eq!(store.outbox_waiting(10).await.unwrap(), waiting(1, Some(later)), "due or not");
    done(&store, Op::Retry { outbox: mail.id.clone(), due_at: NOW }).await;
    assert!(made_change(&store, change().deliver(mail)).await);
    assert_eq!(store.outbox_due(later + minutes(9), 10).await.unwrap(), [entry(logout, 0, later)]);
    assert!(!database.dump().await.iter().any(|row| row.contains("mail") && row.contains('@')), "its body is gone");
}

pub(crate) async fn the_audit_is_told_newest_first(database: &impl Database) {
    let store = database.open().await;
    for (nth, person) in [(1, Some(1)), (2, Some(2)), (3, Some(1)), (4, None)] {
        let record = AuditRecord {
            at: NOW + minutes(10 - nth),
            person: person.map(person_id),
            event: "password.differed",
            detail: format!("n={nth}"),
        };
        assert_eq!(store.commit(Change::new(record)).await.unwrap(), Committed::Done);
    }
    let told = |entries: Vec<AuditEntry>| entries.into_iter().map(|entry| entry.detail).collect::<Vec<_>>();
    assert_eq!(told(store.audit_tail(10).await.unwrap()), ["n=4", "n=3", "n=2", "n=1"]);
    // What was refused is not counted.
    let refused_one = Change::new(audit_at(NOW, "code.revoked")).with(Op::Delivered { outbox: "none".to_owned() });
    assert_ne!(store.commit(refused_one).await.unwrap(), Committed::Done);
    assert_eq!(store.committed().into_iter().collect::<Vec<_>>(), [("password.differed", 4)]);
    assert_eq!(told(store.audit_tail(1).await.unwrap()), ["n=4"]);
    assert_eq!(told(store.audit_of(&person_id(1), 10).await.unwrap()), ["n=3", "n=1"]);
    assert_eq!(told(store.audit_of(&person_id(1), 1).await.unwrap()), ["n=3"]);
    let last = store.audit_of(&person_id(2), 1).await.unwrap().remove(0);
    assert_eq!(
        (last.at, last.person, last.event.as_str()),
        (NOW + minutes(8), Some(person_id(2)), "password.differed")
    );
    assert!(store.audit_of(&PersonId::from_stored("x".to_owned()), 10).await.unwrap().is_empty());
}
