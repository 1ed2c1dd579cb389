//! Credentials for wallets: offers, tokens, what was issued, and the issuer's keys.

use std::collections::BTreeSet;

use journey::Standing;
use model::{Binding, Loa, ServiceId, Timestamp};
use store::record::{
    CredentialFormat, IssuedRecord, IssuerKeyRecord, IssuerKeyRole, IssuingGround, IssuingTokenRecord, OfferRecord,
    PushedRequestRecord, StatusLists, StatusPlace,
};
use store::{Issuing, Op, Store};

use super::races::{at_once, nodes, one_of_64};
use super::samples::{NOW, add_person, authenticator, change, digest, minutes, person_id, world};
use super::{Database, done, done_all, made, made_change, refused};

const GROUND: IssuingGround =
    IssuingGround { loa: Loa::Substantial, provenance: Binding::LiveFactor(Loa::Substantial) };

pub(crate) fn offer(nth: u32, owner: u32) -> OfferRecord {
    OfferRecord {
        digest: digest(nth),
        person: person_id(owner),
        ground: GROUND,
        mac: "mac".to_owned(),
        tries: 0,
        expires_at: NOW + minutes(10),
        spent_at: None,
    }
}

pub(crate) fn issuing_token(nth: u32, owner: u32) -> IssuingTokenRecord {
    IssuingTokenRecord {
        digest: digest(nth),
        person: person_id(owner),
        ground: GROUND,
        holder: nth.is_multiple_of(2).then(|| "thumbprint".to_owned()),
        remaining: 4,
        expires_at: NOW + minutes(5),
        code: None,
        scope: nth.is_multiple_of(2).then(|| "pid-mdoc".to_owned()),
    }
}

pub(crate) fn pushed(nth: u32) -> PushedRequestRecord {
    let client = ServiceId::new("https://dap.example#wallet");
    PushedRequestRecord { digest: digest(nth), client, request: "{}".to_owned(), expires_at: NOW + minutes(1) }
}

pub(crate) fn credential(nth: u32, owner: u32) -> IssuedRecord {
    IssuedRecord {
        id: format!("{nth:032x}"),
        person: person_id(owner),
        format: if nth.is_multiple_of(2) { CredentialFormat::Mdoc } else { CredentialFormat::SdJwt },
        status: StatusPlace { list: 1, place: nth },
        ground: GROUND,
        holder: "thumbprint".to_owned(),
        notification: digest(nth / 10),
        notified: None,
        issued_at: NOW,
        expires_at: NOW + minutes(60),
        revoked_at: None,
    }
}

pub(crate) fn issuer_key(role: IssuerKeyRole, nth: u32) -> IssuerKeyRecord {
    IssuerKeyRecord { role, nth, sealed: vec![1, 0, 255], certificate: vec![2], made_at: NOW }
}

/// What the world has of it.
pub(crate) fn issuing_world() -> Vec<Op> {
    let writes = [
        Issuing::Offer(offer(1, 1)),
        Issuing::IssueToken(issuing_token(1, 1)),
        Issuing::Push(pushed(1)),
        Issuing::Add(credential(1, 1)),
        Issuing::PutKey(issuer_key(IssuerKeyRole::Anchor, 1)),
    ];
    writes.into_iter().map(Op::Issuing).collect()
}

/// A write's name. A new write does not compile without one.
fn name(write: &Issuing) -> &'static str {
    match write {
        Issuing::Offer(..) => "Offer",
        Issuing::TryOffer { .. } => "TryOffer",
        Issuing::SpendOffer { .. } => "SpendOffer",
        Issuing::Push(..) => "Push",
        Issuing::TakePushed { .. } => "TakePushed",
        Issuing::IssueToken(..) => "IssueToken",
        Issuing::UseToken { .. } => "UseToken",
        Issuing::Add(..) => "Add",
        Issuing::Hold { .. } => "Hold",
        Issuing::Revoke { .. } => "Revoke",
        Issuing::RevokeAllOf { .. } => "RevokeAllOf",
        Issuing::Notify { .. } => "Notify",
        Issuing::NotifyLost { .. } => "NotifyLost",
        Issuing::PutKey(..) => "PutKey",
        Issuing::Rebind { .. } => "Rebind",
    }
}

fn every_write() -> Vec<Issuing> {
    let bound = authenticator(1, 1);
    vec![
        Issuing::Offer(offer(2, 1)),
        Issuing::TryOffer { digest: digest(1), most: 5, at: NOW },
        Issuing::SpendOffer { digest: digest(1), at: NOW },
        Issuing::Push(pushed(2)),
        Issuing::TakePushed { digest: digest(1), client: pushed(1).client, at: NOW },
        Issuing::IssueToken(issuing_token(2, 1)),
        Issuing::UseToken { digest: digest(1), count: 4, at: NOW },
        Issuing::Add(credential(2, 1)),
        Issuing::Hold { id: credential(1, 1).id, person: person_id(1) },
        Issuing::Revoke { id: credential(1, 1).id, person: person_id(1), at: NOW },
        Issuing::RevokeAllOf { person: person_id(1), at: NOW },
        Issuing::Notify { notification: digest(0), event: "accepted" },
        Issuing::NotifyLost { notification: digest(0), event: "deleted", at: NOW },
        Issuing::PutKey(issuer_key(IssuerKeyRole::Signer, 1)),
        Issuing::Rebind { authenticator: bound.id, seen: bound.binding, binding: Binding::Clerk },
    ]
}

/// One of each write, which the world lets be made.
pub(crate) fn every_issuing_write() -> Vec<Op> {
    every_write().into_iter().map(Op::Issuing).collect()
}

pub(crate) async fn every_write_about_credentials_has_a_sample<D: Database>(_: &D) {
    const SOURCE: &str = include_str!("../../src/change/issuing.rs");
    let (_, body) = SOURCE.split_once("pub enum Issuing {").unwrap();
    let declared: BTreeSet<&str> = body
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap())
        .collect();
    assert_eq!(declared, every_write().iter().map(name).collect());
}

async fn do_it(store: &Store, write: Issuing) {
    done(store, Op::Issuing(write)).await;
}

async fn cannot(store: &Store, write: Issuing) {
    refused(store, Op::Issuing(write)).await;
}

pub(crate) async fn an_offer_is_tried_a_few_times_and_spent_once(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let trial = |at: Timestamp| Issuing::TryOffer { digest: digest(1), most: 3, at };
    let spend = |at: Timestamp| Issuing::SpendOffer { digest: digest(1), at };
    assert_eq!(store.offer(&digest(1)).await.unwrap(), Some(offer(1, 1)));
    cannot(&store, trial(NOW + minutes(10))).await;
    for _ in 0..3 {
        do_it(&store, trial(NOW)).await;
    }
    cannot(&store, trial(NOW)).await;
    assert_eq!(store.offer(&digest(1)).await.unwrap().unwrap().tries, 3);
    cannot(&store, spend(NOW + minutes(10))).await;
    do_it(&store, spend(NOW)).await;
    cannot(&store, spend(NOW)).await;
    assert_eq!(store.offer(&digest(1)).await.unwrap().unwrap().spent_at, Some(NOW));
    // The last one made takes the place of the former.
    do_it(&store, Issuing::Offer(offer(2, 1))).await;
    assert_eq!(store.offer(&digest(1)).await.unwrap(), None);
    done(&store, Op::Sweep { before: NOW + minutes(11), batch: 10 }).await;
    assert_eq!(store.offer(&digest(2)).await.unwrap(), None);
}

pub(crate) async fn a_token_is_good_for_so_many_credentials(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let take = |count, at: Timestamp| Issuing::UseToken { digest: digest(1), count, at };
    assert_eq!(store.issuing_token(&digest(1)).await.unwrap(), Some(issuing_token(1, 1)));
    cannot(&store, take(5, NOW)).await;
    cannot(&store, take(1, NOW + minutes(5))).await;
    do_it(&store, take(3, NOW)).await;
    cannot(&store, take(2, NOW)).await;
    do_it(&store, take(1, NOW)).await;
    cannot(&store, take(1, NOW)).await;
    cannot(&store, Issuing::IssueToken(issuing_token(1, 1))).await;
    do_it(&store, Issuing::IssueToken(issuing_token(2, 1))).await;
    assert_eq!(store.issuing_token(&digest(2)).await.unwrap(), Some(issuing_token(2, 1)));
    done(&store, Op::Sweep { before: NOW + minutes(6), batch: 10 }).await;
    assert_eq!(store.issuing_token(&digest(2)).await.unwrap(), None);
}

pub(crate) async fn a_pushed_request_is_taken_once_and_by_its_client(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let take = |client: &str, at| Issuing::TakePushed { digest: digest(1), client: ServiceId::new(client), at };
    let own = pushed(1).client;
    assert_eq!(store.pushed_request(&digest(1)).await.unwrap(), Some(pushed(1)));
    cannot(&store, Issuing::Push(pushed(1))).await;
    cannot(&store, take("https://dap.example#other", NOW)).await;
    cannot(&store, take(own.as_str(), NOW + minutes(1))).await;
    do_it(&store, take(own.as_str(), NOW)).await;
    cannot(&store, take(own.as_str(), NOW)).await;
    do_it(&store, Issuing::Push(pushed(2))).await;
    done(&store, Op::Sweep { before: NOW + minutes(2), batch: 10 }).await;
    assert_eq!(store.pushed_request(&digest(2)).await.unwrap(), None);
}

pub(crate) async fn a_token_falls_with_its_code(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let code = super::samples::code(8, 7);
    let token = |nth| IssuingTokenRecord { code: Some(code.digest.clone()), ..issuing_token(nth, 1) };
    do_it(&store, Issuing::IssueToken(token(2))).await;
    assert_eq!(store.issuing_token(&digest(2)).await.unwrap(), Some(token(2)));
    // The code outlives its time while the token does not.
    done(&store, Op::Sweep { before: NOW + minutes(4), batch: 10 }).await;
    assert!(store.code(&code.digest).await.unwrap().is_some());
    done(&store, Op::RevokeCode { digest: code.digest.clone(), at: NOW }).await;
    assert_eq!(store.issuing_token(&digest(2)).await.unwrap(), None);
    assert_eq!(store.issuing_token(&digest(1)).await.unwrap(), Some(issuing_token(1, 1)), "another code's stays");
    do_it(&store, Issuing::IssueToken(token(3))).await;
    done(&store, Op::EndSession { digest: code.session.clone() }).await;
    assert_eq!(store.issuing_token(&digest(3)).await.unwrap(), None);
}

pub(crate) async fn a_place_in_a_status_list_is_given_once(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done_all(&store, add_person(2)).await;
    let same_place = IssuedRecord { id: "f".repeat(32), person: person_id(2), ..credential(1, 1) };
    cannot(&store, Issuing::Add(same_place.clone())).await;
    let hold = |person| Issuing::Hold { id: credential(1, 1).id, person: person_id(person) };
    do_it(&store, hold(1)).await;
    cannot(&store, hold(2)).await;
    do_it(&store, Issuing::Revoke { id: credential(1, 1).id, person: person_id(1), at: NOW }).await;
    cannot(&store, hold(1)).await;
    cannot(&store, Issuing::Add(same_place.clone())).await;
    done(&store, Op::Sweep { before: NOW + minutes(10_000), batch: 100 }).await;
    cannot(&store, Issuing::Add(same_place.clone())).await;
    assert_eq!(store.status_lists().await.unwrap(), StatusLists { last: 1, given: 1 });
    let next = IssuedRecord { status: StatusPlace { list: 2, place: 1 }, ..same_place };
    do_it(&store, Issuing::Add(next.clone())).await;
    assert_eq!(store.status_lists().await.unwrap(), StatusLists { last: 2, given: 1 });
    assert_eq!(store.credential_at(next.status).await.unwrap(), Some(next));
    assert_eq!(store.credential_at(StatusPlace { list: 2, place: 2 }).await.unwrap(), None);
}

pub(crate) async fn a_credential_is_revoked_once_by_its_owner_or_with_all(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done_all(&store, add_person(2)).await;
    for write in [Issuing::Add(credential(2, 1)), Issuing::Add(credential(3, 1)), Issuing::Add(credential(4, 2))] {
        do_it(&store, write).await;
    }
    let revoke = |nth, owner| Issuing::Revoke { id: credential(nth, 1).id, person: person_id(owner), at: NOW };
    cannot(&store, revoke(1, 2)).await;
    assert!(store.issuing_token(&digest(1)).await.unwrap().is_some(), "nothing of it is done");
    do_it(&store, revoke(1, 1)).await;
    cannot(&store, revoke(1, 1)).await;
    assert_eq!(store.revoked_places(1).await.unwrap(), [1]);
    assert_eq!(store.offer(&digest(1)).await.unwrap(), None);
    assert_eq!(store.issuing_token(&digest(1)).await.unwrap(), None);
    do_it(&store, Issuing::Offer(offer(1, 1))).await;
    do_it(&store, Issuing::IssueToken(issuing_token(1, 1))).await;
    let later = NOW + minutes(1);
    do_it(&store, Issuing::RevokeAllOf { person: person_id(1), at: later }).await;
    let mut places = store.revoked_places(1).await.unwrap();
    places.sort_unstable();
    assert_eq!(places, [1, 2, 3]);
    let revoked: Vec<_> = store.credentials_of(&person_id(1)).await.unwrap();
    let revoked: Vec<_> = revoked.into_iter().map(|credential| credential.revoked_at).collect();
    assert_eq!(revoked, [Some(NOW), Some(later), Some(later)], "the first one's time stays");
    assert_eq!(store.offer(&digest(1)).await.unwrap(), None);
    assert_eq!(store.issuing_token(&digest(1)).await.unwrap(), None);
    assert_eq!(store.credentials_of(&person_id(2)).await.unwrap(), [credential(4, 2)]);
}

pub(crate) async fn what_a_wallet_tells_is_noted_for_all_of_its_answer(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    for nth in [2, 11] {
        do_it(&store, Issuing::Add(credential(nth, 1))).await;
    }
    do_it(&store, Issuing::Notify { notification: digest(0), event: "accepted" }).await;
    let told = |found: Vec<IssuedRecord>| -> Vec<_> {
        found.into_iter().map(|one| (one.notified, one.revoked_at.is_some())).collect()
    };
    let accepted = || (Some("accepted".to_owned()), false);
    assert_eq!(told(store.credentials_notified(&digest(0)).await.unwrap()), [accepted(), accepted()]);
    do_it(&store, Issuing::NotifyLost { notification: digest(0), event: "deleted", at: NOW }).await;
    let deleted = || (Some("deleted".to_owned()), true);
    assert_eq!(told(store.credentials_notified(&digest(0)).await.unwrap()), [deleted(), deleted()]);
    assert_eq!(told(store.credentials_notified(&digest(1)).await.unwrap()), [(None, false)]);
}

pub(crate) async fn a_frozen_account_gets_no_credential(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done(&store, Op::SetStanding { person: person_id(1), from: Standing::Open, to: Standing::Frozen }).await;
    cannot(&store, Issuing::Offer(offer(2, 1))).await;
    cannot(&store, Issuing::Add(credential(2, 1))).await;
}

pub(crate) async fn a_key_of_the_issuer_is_made_once(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let before = store.revision().await.unwrap();
    cannot(&store, Issuing::PutKey(issuer_key(IssuerKeyRole::Anchor, 1))).await;
    for nth in [1, 2] {
        do_it(&store, Issuing::PutKey(issuer_key(IssuerKeyRole::Signer, nth))).await;
    }
    assert!(store.revision().await.unwrap() > before);
    let keys = store.issuer_keys().await.unwrap();
    let signer = |nth| issuer_key(IssuerKeyRole::Signer, nth);
    assert_eq!(keys, [issuer_key(IssuerKeyRole::Anchor, 1), signer(1), signer(2)]);
}

pub(crate) async fn an_authenticator_is_rebound_only_as_it_was_seen(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let bound = authenticator(1, 1);
    let rebind = |seen| Issuing::Rebind { authenticator: bound.id.clone(), seen, binding: Binding::Clerk };
    cannot(&store, rebind(Binding::Password)).await;
    do_it(&store, rebind(bound.binding)).await;
    cannot(&store, rebind(bound.binding)).await;
    let account = store.account(&person_id(1)).await.unwrap().unwrap();
    assert_eq!(account.authenticator.unwrap().binding, Binding::Clerk);
}

pub(crate) async fn an_offer_is_spent_by_one_of_64(database: &impl Database) {
    one_of_64(database, |_| Op::Issuing(Issuing::SpendOffer { digest: digest(1), at: NOW })).await;
}

pub(crate) async fn a_place_is_given_to_one_of_64(database: &impl Database) {
    let same = |nth: u32| IssuedRecord { id: format!("{:032x}", 100 + nth), ..credential(50, 1) };
    one_of_64(database, |nth| Op::Issuing(Issuing::Add(same(nth)))).await;
}

pub(crate) async fn of_64_tries_of_an_offer_the_limit_is_admitted(database: &impl Database) {
    let nodes = nodes(database).await;
    let trial = || Op::Issuing(Issuing::TryOffer { digest: digest(1), most: 5, at: NOW });
    let outcomes = at_once(&nodes, 64, |node, _| async move { made(&node, trial()).await }).await;
    assert_eq!(outcomes.into_iter().filter(|made| *made).count(), 5);
}

pub(crate) async fn no_credential_outlives_a_revocation_that_it_raced_with(database: &impl Database) {
    let nodes = nodes(database).await;
    let outcomes = at_once(&nodes, 16, |node, nth| async move {
        if nth == 7 {
            let all = Issuing::RevokeAllOf { person: person_id(1), at: NOW };
            return made(&node, Op::Issuing(all)).await;
        }
        let issue = change()
            .with(Op::Issuing(Issuing::UseToken { digest: digest(1), count: 1, at: NOW }))
            .with(Op::Issuing(Issuing::Add(credential(100 + nth, 1))));
        made_change(&node, issue).await
    })
    .await;
    assert_eq!(outcomes.len(), 16);
    let left = nodes[0].credentials_of(&person_id(1)).await.unwrap();
    assert!(left.iter().all(|credential| credential.revoked_at.is_some()), "{left:?}");
}
