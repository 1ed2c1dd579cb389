//! Wallets that are asked, and whom their credentials name.

use std::time::Duration;

use journey::Standing;
use model::{Loa, Timestamp};
use store::record::{
    Carrier, PresentationRecord, PresentationStage, VerifierKeyRecord, WalletIdentityRecord, WalletProofRecord,
};
use store::{Op, PresentingOp, Store};

use super::samples::{NOW, add_person, digest, login, minutes, person_id, world};
use super::{Database, done, done_all, made, refused};

/// A request to a wallet, for the world's sign-in.
pub(crate) fn presentation(nth: u32, stage: PresentationStage) -> PresentationRecord {
    PresentationRecord {
        id: format!("{nth:032x}"),
        login: login(1).id,
        browser: digest(1),
        carrier: Carrier::Qr,
        stage,
        typed: Some(digest(1000 + nth)),
        response_code: None,
        phone: None,
        sealed: vec![1, 2, 3],
        tries: 0,
        began_at: NOW,
        shown_until: NOW + minutes(1),
        expires_at: NOW + minutes(2),
    }
}

/// The stages, in the order in which the world's requests are at them.
const STAGES: [PresentationStage; 5] = [
    PresentationStage::Waiting,
    PresentationStage::Fetched,
    PresentationStage::Judging,
    PresentationStage::Answered,
    PresentationStage::Digits,
];

fn id(nth: u32) -> String {
    presentation(nth, PresentationStage::Waiting).id
}

fn identity(nth: u32, owner: u32) -> WalletIdentityRecord {
    WalletIdentityRecord {
        issuer: "https://pid.example".to_owned(),
        number: format!("number-{nth}"),
        person: person_id(owner),
        loa: Loa::Substantial,
        linked_at: NOW,
    }
}

fn proof(nth: u32) -> WalletProofRecord {
    WalletProofRecord { digest: digest(nth), proof: "{}".to_owned(), expires_at: NOW + minutes(5) }
}

fn take_proof(nth: u32, at: Timestamp) -> Op {
    Op::Presenting(PresentingOp::TakeProof { digest: digest(nth), at })
}

fn key() -> VerifierKeyRecord {
    VerifierKeyRecord { sealed: vec![1], certificate: vec![2], anchor: vec![3] }
}

/// What of this the world has.
pub(crate) fn in_world() -> Vec<Op> {
    let requests = (1..).zip(STAGES).map(|(nth, stage)| PresentingOp::Begin(presentation(nth, stage)));
    let link = PresentingOp::Link(identity(1, 1));
    requests.chain([link, PresentingOp::PutProof(proof(1))]).map(Op::Presenting).collect()
}

fn move_on(nth: u32, from: PresentationStage, to: PresentationStage) -> Op {
    Op::Presenting(PresentingOp::Move { id: id(nth), from, to, at: NOW })
}

fn answer(nth: u32, code: u32, at: Timestamp) -> Op {
    let (response_code, sealed) = (digest(code), vec![9]);
    let expires_at = NOW + minutes(3);
    Op::Presenting(PresentingOp::Answer { id: id(nth), response_code, sealed, at, expires_at })
}

fn show(nth: u32) -> Op {
    Op::Presenting(PresentingOp::ShowDigits { id: id(nth), phone: digest(77), at: NOW })
}

fn type_digits(nth: u32) -> Op {
    Op::Presenting(PresentingOp::TryDigits { id: id(nth), tries_max: 3, at: NOW })
}

fn end(nth: u32, from: PresentationStage) -> Op {
    Op::Presenting(PresentingOp::End { id: id(nth), from, to: PresentationStage::Done, at: NOW })
}

fn link(record: WalletIdentityRecord) -> Op {
    Op::Presenting(PresentingOp::Link(record))
}

fn hold(nth: u32, owner: u32) -> Op {
    let WalletIdentityRecord { issuer, number, person, .. } = identity(nth, owner);
    Op::Presenting(PresentingOp::HoldLink { issuer, number, person })
}

fn unlink(nth: u32, owner: u32) -> Op {
    let WalletIdentityRecord { issuer, number, person, .. } = identity(nth, owner);
    Op::Presenting(PresentingOp::Unlink { issuer, number, person })
}

/// One of each write, which the world lets be made.
pub(crate) fn every_presenting_write() -> Vec<Op> {
    vec![
        Op::Presenting(PresentingOp::Begin(presentation(9, PresentationStage::Waiting))),
        Op::Presenting(PresentingOp::DropIdle { login: login(1).id }),
        move_on(1, PresentationStage::Waiting, PresentationStage::Fetched),
        end(4, PresentationStage::Answered),
        answer(3, 50, NOW),
        show(4),
        type_digits(5),
        link(identity(2, 1)),
        hold(1, 1),
        unlink(1, 1),
        Op::Presenting(PresentingOp::PutProof(proof(2))),
        take_proof(1, NOW),
        Op::Presenting(PresentingOp::PutKey(key())),
    ]
}

pub(crate) async fn a_request_to_a_wallet_moves_only_from_where_it_is(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let first = presentation(1, PresentationStage::Waiting);
    assert_eq!(store.presentation(&first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(store.presentation_by_typed(&digest(1001)).await.unwrap(), Some(first.clone()));
    assert_eq!(store.presentations_of(&login(1).id).await.unwrap().len(), STAGES.len());
    refused(&store, Op::Presenting(PresentingOp::Begin(first))).await;
    let browser = PresentationRecord { carrier: Carrier::Browser, typed: None, ..presentation(8, STAGES[1]) };
    done(&store, Op::Presenting(PresentingOp::Begin(browser.clone()))).await;
    assert_eq!(store.presentation(&id(8)).await.unwrap(), Some(browser));
    let elsewhere = PresentingOp::End { id: id(8), from: STAGES[1], to: PresentationStage::Elsewhere, at: NOW };
    done(&store, Op::Presenting(elsewhere)).await;
    let mut moved = store.moved_presentations(NOW).await.unwrap();
    moved.sort_by(|one, other| one.1.cmp(&other.1));
    let moved: Vec<_> = moved.iter().map(|(login, id, stage)| (login.as_str(), id.as_str(), *stage)).collect();
    let (of, ids) = (login(1).id, [2, 3, 4, 5, 8].map(id));
    let stages = STAGES[1..].iter().copied().chain([PresentationStage::Elsewhere]);
    let expected: Vec<_> = ids.iter().zip(stages).map(|(id, stage)| (of.as_str(), id.as_str(), stage)).collect();
    assert_eq!(moved, expected, "all but what waits");
    assert_eq!(store.moved_presentations(NOW + minutes(2)).await.unwrap(), []);
    refused(&store, move_on(1, PresentationStage::Fetched, PresentationStage::Judging)).await;
    done(&store, move_on(1, PresentationStage::Waiting, PresentationStage::Fetched)).await;
    refused(&store, move_on(1, PresentationStage::Waiting, PresentationStage::Fetched)).await;
    refused(&store, answer(1, 50, NOW)).await;
    refused(&store, answer(3, 50, NOW + minutes(2))).await;
    done(&store, answer(3, 50, NOW)).await;
    refused(&store, answer(3, 51, NOW)).await;
    let answered = store.presentation_by_code(&digest(50)).await.unwrap().unwrap();
    assert_eq!((answered.stage, answered.sealed, answered.id), (PresentationStage::Answered, vec![9], id(3)));
    done(&store, show(3)).await;
    refused(&store, show(3)).await;
    done(&store, end(3, PresentationStage::Digits)).await;
    let over = store.presentation(&id(3)).await.unwrap().unwrap();
    assert_eq!((over.stage, over.sealed.len(), over.phone), (PresentationStage::Done, 0, Some(digest(77))));
    done(&store, Op::Presenting(PresentingOp::DropIdle { login: login(1).id })).await;
    assert_eq!(
        store.presentations_of(&login(1).id).await.unwrap().len(),
        STAGES.len() - 1,
        "what is under way goes on"
    );
    let late = NOW + minutes(3) + Duration::from_micros(1);
    done(&store, Op::Sweep { before: late, batch: 10 }).await;
    assert_eq!(store.presentations_of(&login(1).id).await.unwrap(), []);
}

pub(crate) async fn v17_digits_are_tried_three_times_however_many_try(database: &impl Database) {
    let nodes = super::nodes(database).await;
    let tries = super::at_once(&nodes, 64, |node, _| async move { made(&node, type_digits(5)).await }).await;
    assert_eq!(tries.into_iter().filter(|made| *made).count(), 3);
    assert_eq!(nodes[0].presentation(&id(5)).await.unwrap().unwrap().tries, 3);
}

pub(crate) async fn v11_an_answer_is_taken_of_one_of_64(database: &impl Database) {
    super::one_of_64(database, |_| move_on(2, PresentationStage::Fetched, PresentationStage::Judging)).await;
}

pub(crate) async fn v15_a_response_code_is_used_by_one_of_64(database: &impl Database) {
    super::one_of_64(database, |_| end(4, PresentationStage::Answered)).await;
}

pub(crate) async fn a_proof_by_wallet_is_used_by_one_of_64(database: &impl Database) {
    super::one_of_64(database, |_| take_proof(1, NOW)).await;
}

pub(crate) async fn a_proof_by_wallet_is_used_in_its_time(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    refused(&store, Op::Presenting(PresentingOp::PutProof(proof(1)))).await;
    assert_eq!(store.wallet_proof(&digest(1), NOW).await.unwrap(), Some("{}".to_owned()));
    assert_eq!(store.wallet_proof(&digest(1), NOW + minutes(5)).await.unwrap(), None);
    refused(&store, take_proof(1, NOW + minutes(5))).await;
    done(&store, take_proof(1, NOW)).await;
    assert_eq!(store.wallet_proof(&digest(1), NOW).await.unwrap(), None);
    done(&store, Op::Presenting(PresentingOp::PutProof(proof(1)))).await;
    done(&store, Op::Sweep { before: NOW + minutes(6), batch: 10 }).await;
    assert!(!made(&store, take_proof(1, NOW)).await, "swept");
}

async fn found(store: &Store, nth: u32) -> Option<WalletIdentityRecord> {
    let WalletIdentityRecord { issuer, number, .. } = identity(nth, 1);
    store.wallet_identity(&issuer, &number).await.unwrap()
}

pub(crate) async fn v21_a_wallet_identity_is_one_persons_and_stays_so(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done_all(&store, add_person(2)).await;
    let first = identity(1, 1);
    refused(&store, link(identity(1, 2))).await;
    refused(&store, link(WalletIdentityRecord { loa: Loa::High, ..first.clone() })).await;
    assert_eq!(found(&store, 1).await, Some(first.clone()));
    done(&store, hold(1, 1)).await;
    refused(&store, hold(1, 2)).await;
    refused(&store, unlink(1, 2)).await;
    let second = identity(2, 1);
    done(&store, link(second.clone())).await;
    assert_eq!(store.wallet_identities_of(&person_id(1)).await.unwrap(), [first, second.clone()]);
    done(&store, unlink(1, 1)).await;
    refused(&store, unlink(1, 1)).await;
    done(&store, link(identity(3, 2))).await;
    // What stands on an authenticator falls with it.
    done(&store, Op::UnlinkAllOf { person: person_id(1) }).await;
    assert_eq!(store.wallet_identities_of(&person_id(1)).await.unwrap(), []);
    assert_eq!(store.wallet_identities_of(&person_id(2)).await.unwrap(), [identity(3, 2)]);
    done(&store, Op::SetStanding { person: person_id(1), from: Standing::Open, to: Standing::Frozen }).await;
    refused(&store, link(identity(4, 1))).await;
}

pub(crate) async fn the_key_towards_wallets_is_made_once(database: &impl Database) {
    let store = database.open().await;
    assert_eq!(store.verifier_key().await.unwrap(), None);
    done(&store, Op::Presenting(PresentingOp::PutKey(key()))).await;
    refused(&store, Op::Presenting(PresentingOp::PutKey(key()))).await;
    assert_eq!(store.verifier_key().await.unwrap(), Some(key()));
}
