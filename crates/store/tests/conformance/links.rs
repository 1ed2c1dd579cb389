//! Links with other identity providers, and what was asked of those.

use journey::Standing;
use model::{Loa, Timestamp};
use store::record::{LinkRecord, UpstreamKeyPurpose, UpstreamKeyRecord, UpstreamRequestRecord};
use store::{Op, Store};

use super::samples::{NOW, add_person, digest, minutes, person_id, world};
use super::{Database, done, done_all, made, refused};

pub(crate) fn upstream_request(nth: u32) -> UpstreamRequestRecord {
    UpstreamRequestRecord { digest: digest(nth), request: "{}".to_owned(), expires_at: NOW + minutes(5) }
}

/// An identity of another identity provider, linked with a person.
pub(crate) fn link(nth: u32, owner: u32) -> LinkRecord {
    LinkRecord {
        issuer: "https://idp.example".to_owned(),
        subject: format!("subject-{nth}"),
        person: person_id(owner),
        loa: Loa::Substantial,
        linked_at: NOW,
    }
}

/// The write that removes it.
pub(crate) fn unlink(nth: u32, owner: u32) -> Op {
    let LinkRecord { issuer, subject, person, .. } = link(nth, owner);
    Op::Unlink { issuer, subject, person }
}

pub(crate) fn upstream_key(purpose: UpstreamKeyPurpose) -> UpstreamKeyRecord {
    UpstreamKeyRecord { purpose, sealed: vec![1, 2], certificate: vec![3] }
}

/// One of each write, which the world lets be made.
pub(crate) fn every_link_write() -> Vec<Op> {
    vec![
        Op::PutUpstreamRequest(upstream_request(2)),
        Op::TakeUpstreamRequest { digest: digest(1), at: NOW },
        Op::Link(link(2, 1)),
        Op::HoldLink { issuer: link(1, 1).issuer, subject: link(1, 1).subject, person: person_id(1) },
        unlink(1, 1),
        Op::UnlinkAllOf { person: person_id(1) },
        Op::PutUpstreamKey(upstream_key(UpstreamKeyPurpose::Signing)),
    ]
}

async fn found(store: &Store, nth: u32) -> Option<LinkRecord> {
    let LinkRecord { issuer, subject, .. } = link(nth, 1);
    store.link(&issuer, &subject).await.unwrap()
}

pub(crate) async fn a_linked_identity_is_never_moved_to_another_person(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done_all(&store, add_person(2)).await;
    refused(&store, Op::Link(link(1, 2))).await;
    refused(&store, Op::Link(LinkRecord { loa: Loa::High, ..link(1, 1) })).await;
    assert_eq!(found(&store, 1).await, Some(link(1, 1)));
    let hold =
        |owner| Op::HoldLink { issuer: link(1, 1).issuer, subject: link(1, 1).subject, person: person_id(owner) };
    done(&store, hold(1)).await;
    refused(&store, hold(2)).await;
    // Another person's link is not there to be removed.
    refused(&store, unlink(1, 2)).await;
    done(&store, unlink(1, 1)).await;
    refused(&store, hold(1)).await;
    refused(&store, unlink(1, 1)).await;
    done(&store, Op::Link(link(1, 2))).await;
    done(&store, Op::UnlinkAllOf { person: person_id(1) }).await;
    assert_eq!(store.links_of(&person_id(2)).await.unwrap(), [link(1, 2)]);
}

pub(crate) async fn a_frozen_account_is_linked_with_nothing(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done(&store, Op::Link(link(2, 1))).await;
    assert_eq!(store.links_of(&person_id(1)).await.unwrap(), [link(1, 1), link(2, 1)]);
    done(&store, Op::SetStanding { person: person_id(1), from: Standing::Open, to: Standing::Frozen }).await;
    refused(&store, Op::Link(link(3, 1))).await;
    done(&store, Op::UnlinkAllOf { person: person_id(1) }).await;
    assert_eq!(store.links_of(&person_id(1)).await.unwrap(), []);
}

pub(crate) async fn a_request_to_another_identity_provider_is_taken_once_in_its_time(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let take = |at: Timestamp| Op::TakeUpstreamRequest { digest: digest(1), at };
    refused(&store, Op::PutUpstreamRequest(upstream_request(1))).await;
    assert_eq!(store.upstream_request(&digest(1), NOW).await.unwrap(), Some("{}".to_owned()));
    assert_eq!(store.upstream_request(&digest(1), NOW + minutes(5)).await.unwrap(), None);
    refused(&store, take(NOW + minutes(5))).await;
    done(&store, take(NOW)).await;
    refused(&store, take(NOW)).await;
    done(&store, Op::PutUpstreamRequest(upstream_request(1))).await;
    done(&store, Op::Sweep { before: NOW + minutes(6), batch: 10 }).await;
    assert!(!made(&store, take(NOW)).await, "swept");
}

pub(crate) async fn a_key_towards_other_identity_providers_is_made_once(database: &impl Database) {
    let store = database.open().await;
    for purpose in [UpstreamKeyPurpose::Signing, UpstreamKeyPurpose::Decryption] {
        done(&store, Op::PutUpstreamKey(upstream_key(purpose))).await;
        refused(&store, Op::PutUpstreamKey(upstream_key(purpose))).await;
    }
    assert_eq!(store.upstream_keys().await.unwrap().len(), 2);
}
