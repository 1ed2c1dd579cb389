//! What is refused, what cannot be audited, what other nodes do, and what rests unreadable.

use std::collections::BTreeSet;

use journey::Standing;
use store::record::{AuthenticatorState, OutboxKind, Version};
use store::{Committed, Op, StoreError};

use super::samples::{
    FIRST, NOW, add_person, change, client, code, consent, digest, draft, enrolment, every_write, login, logout,
    minutes, name, not_me, participation, person_id, service_id, session, signing_key, token, user_name, world,
};
use super::{Database, done_all};

/// The source of the writes, read as text: an oracle that no `match` of ours can satisfy.
const SOURCE: &str = include_str!("../../src/change.rs");

pub(crate) async fn every_write_has_a_sample<D: Database>(_: &D) {
    let (_, from) = SOURCE.split_once("pub enum Op {").unwrap();
    let (body, _) = from.split_once("\n}").unwrap();
    let declared: BTreeSet<&str> = body
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap())
        .collect();
    assert_eq!(declared, every_write().iter().map(name).collect());

    // And each is one that the world lets be made.
    for op in every_write() {
        let database = D::empty().await;
        let store = database.open().await;
        world(&store).await;
        done_all(&store, [op]).await;
    }
}

/// Those about consents.
fn refused_consents() -> [Op; 6] {
    [
        Op::GiveConsent { consent: consent(1, &[], NOW), seen: None },
        Op::GiveConsent { consent: consent(1, &[], NOW), seen: Some(NOW + minutes(1)) },
        Op::GiveConsent { consent: consent(2, &[], NOW), seen: Some(NOW) },
        Op::HoldConsent { person: person_id(1), service: service_id(1), given_at: NOW + minutes(1) },
        Op::HoldConsent { person: person_id(1), service: service_id(2), given_at: NOW },
        Op::WithdrawConsent { person: person_id(1), service: service_id(2) },
    ]
}

/// Writes that the world does not let be made, one of each that can be refused, but for those about consents.
fn refusals() -> Vec<Op> {
    let absent = || "f".repeat(32);
    let stale = Version(FIRST.0 + 9);
    vec![
        Op::PutAttempts { key: "k".to_owned(), seen: None, attempts: "[1]".to_owned(), expires_at: NOW },
        Op::PutAttempts { key: "k".to_owned(), seen: Some(stale), attempts: "[1]".to_owned(), expires_at: NOW },
        Op::BeginLogin(login(1)),
        Op::ReplaceLogin { id: login(1).id, seen: stale, login: login(1).login },
        Op::StartSession(session(7, store::record::SessionKind::SingleSignOn, 1)),
        Op::ExtendSession { digest: digest(99), idle_until: NOW },
        Op::RenewSession {
            old: digest(99),
            new: digest(98),
            context: session(1, store::record::SessionKind::Account, 1).context,
            proved_at: NOW,
            idle_until: NOW,
        },
        // Its new handle is another session's.
        Op::RenewSession {
            old: digest(7),
            new: digest(1),
            context: session(1, store::record::SessionKind::Account, 1).context,
            proved_at: NOW,
            idle_until: NOW,
        },
        Op::Participate(participation(99, 1, None)),
        Op::ExpectParticipations { session: digest(7), count: 2 },
        Op::ExpectParticipations { session: digest(99), count: 0 },
        Op::BeginLogout(logout(1)),
        Op::ReplaceLogout { id: logout(1).id, seen: stale, round: "{}".to_owned() },
        Op::IssueCode(code(80, 99)),
        Op::IssueCode(code(8, 7)),
        Op::SpendCode { digest: digest(8), client: service_id(2), at: NOW },
        Op::IssueToken(token(90, 99, 7)),
        Op::IssueToken(token(9, 8, 7)),
        Op::BeginEnrolment(enrolment(99, 1)),
        Op::ReplaceEnrolment {
            person: person_id(1),
            session: digest(7),
            seen: FIRST,
            enrolment: enrolment(1, 1).enrolment,
        },
        Op::EndEnrolment { person: person_id(1), session: digest(1), seen: stale },
        Op::UseStep { authenticator: format!("{:032x}", 1), state: AuthenticatorState::Active, step: 100 },
        Op::SetAuthenticatorState {
            authenticator: format!("{:032x}", 1),
            from: AuthenticatorState::Frozen,
            to: AuthenticatorState::Active,
            at: NOW,
        },
        Op::RemoveAuthenticator { authenticator: absent() },
        Op::AddPerson { person: Box::new(super::samples::person(1)), lang: model::Lang::Hu, at: NOW },
        Op::AddUserName { name: user_name(1), person: person_id(1) },
        Op::AddUserName { name: user_name(5), person: person_id(5) },
        Op::SetPassword { person: person_id(1), seen: Some(absent()), hash: absent(), at: NOW },
        Op::VoidPassword { person: person_id(1), seen: Some(absent()), at: NOW },
        Op::SetStanding { person: person_id(1), from: Standing::Frozen, to: Standing::Open },
        Op::UseActivation { person: person_id(1), mac: "wrong".to_owned(), at: NOW },
        Op::PutNotMe(not_me(1)),
        Op::UseNotMe { digest: digest(1), at: NOW + minutes(1) },
        Op::Delivered { outbox: absent() },
        Op::AddClient(client(1)),
        Op::ReplaceClient(client(2)),
    ]
}

pub(crate) async fn a_refusal_leaves_nothing(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let before = database.dump().await;
    for op in refusals().into_iter().chain(refused_consents()) {
        let told = format!("{op:?}");
        // Around it, writes that would be made, and a letter.
        let change = change()
            .with(Op::AddClient(client(3)))
            .with(Op::PutSigningKey(signing_key("new", NOW)))
            .with(op)
            .with_all(add_person(4))
            .deliver(draft(50, OutboxKind::Mail));
        assert_eq!(store.commit(change).await.unwrap(), Committed::Refused(2), "{told}");
        assert_eq!(database.dump().await, before, "{told}");
    }
}

pub(crate) async fn a_change_that_cannot_be_audited_is_not_made(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    database.break_audit().await;
    let before = database.dump().await;
    for op in every_write() {
        let told = format!("{op:?}");
        let outcome = store.commit(change().with(op).deliver(draft(50, OutboxKind::Mail))).await;
        assert!(matches!(outcome, Err(StoreError::Unavailable { .. })), "{told}: {outcome:?}");
        assert_eq!(database.dump().await, before, "{told}");
    }
    // Reading goes on.
    assert!(store.account(&person_id(1)).await.unwrap().is_some());
    store.probe().await.unwrap();
}

pub(crate) async fn what_another_node_commits_is_seen_at_once(database: &impl Database) {
    let (one, other) = (database.open().await, database.open().await);
    for nth in 1..20 {
        assert_eq!(one.account_by_name(&user_name(nth)).await.unwrap(), None);
        done_all(&other, add_person(nth)).await;
        assert!(one.account_by_name(&user_name(nth)).await.unwrap().is_some());
    }
    database.execute("UPDATE person SET standing = 'frozen'").await;
    assert_eq!(one.account_by_name(&user_name(1)).await.unwrap().unwrap().standing, Standing::Frozen);
}

pub(crate) async fn what_rests_but_cannot_be_read_is_said_so(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    database.execute("UPDATE login SET login = '{}'").await;
    database.execute("UPDATE session SET method = 'rumour'").await;
    let unreadable = store.login(&login(1).id).await.unwrap_err();
    assert_eq!(unreadable.to_string(), "a stored sign-in cannot be read");
    let unreadable = store.sessions_of(&person_id(1)).await.unwrap_err();
    assert_eq!(unreadable.to_string(), "a stored session cannot be read");
}

pub(crate) async fn reopening_changes_nothing(database: &impl Database) {
    world(&database.open().await).await;
    let before = database.dump().await;
    let again = database.open().await;
    assert_eq!(database.dump().await, before);
    assert!(again.account(&person_id(1)).await.unwrap().is_some());
}

pub(crate) async fn a_newer_database_is_refused(database: &impl Database) {
    drop(database.open().await);
    database.execute("INSERT INTO migration (name, checksum) VALUES ('9999_wings', '0')").await;
    let error = database.try_open().await.err().unwrap();
    assert_eq!(error.to_string(), "the database is newer than this program: it has the migration 9999_wings");
}

pub(crate) async fn an_altered_migration_is_refused(database: &impl Database) {
    drop(database.open().await);
    database.execute("UPDATE migration SET checksum = '0' WHERE name = '0001_gateway'").await;
    let error = database.try_open().await.err().unwrap();
    assert_eq!(error.to_string(), "the migration 0001_gateway is not the one that was applied to the database");
}
