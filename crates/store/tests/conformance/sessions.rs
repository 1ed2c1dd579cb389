//! Sign-ins, sessions, their end, and enrolments.

use journey::{Login, Stage, Standing};
use model::{AuthenticationContext, Loa, Method};
use store::record::{OutboxKind, SessionKind, SessionRecord, Version};
use store::{Change, Op};

use super::accounts::just_before;
use super::samples::{
    FIRST, NOW, add_person, audit_at, code, digest, draft, enrolment, login, minutes, participation, person_id,
    session, token, world,
};
use super::{Database, done, done_all, made_change, refused};

pub(crate) async fn a_sign_in_is_replaced_only_as_it_was_seen(database: &impl Database) {
    let store = database.open().await;
    assert_eq!(store.login(&login(1).id).await.unwrap(), None);
    done(&store, Op::BeginLogin(login(1))).await;
    refused(&store, Op::BeginLogin(login(1))).await;
    let read = store.login(&login(1).id).await.unwrap().unwrap();
    assert_eq!((read.version, read.value), (FIRST, login(1)));

    let answered = Login { stage: Stage::Answered, ..login(1).login };
    let replace = |seen| Op::ReplaceLogin { id: login(1).id, seen, login: answered.clone() };
    done(&store, replace(FIRST)).await;
    refused(&store, replace(FIRST)).await;
    let read = store.login(&login(1).id).await.unwrap().unwrap();
    assert_eq!((read.version, read.value.login.stage), (Version(FIRST.0 + 1), Stage::Answered));
    refused(&store, Op::ReplaceLogin { id: login(2).id, seen: FIRST, login: login(2).login }).await;
}

pub(crate) async fn a_session_lasts_until_it_idles_or_ends(database: &impl Database) {
    use SessionKind::{Account, Enrolment, SingleSignOn};
    let store = database.open().await;
    done_all(&store, add_person(1)).await;
    for (nth, kind) in [(1, Account), (2, Enrolment), (3, SingleSignOn)] {
        done(&store, Op::StartSession(session(nth, kind, 1))).await;
        refused(&store, Op::StartSession(session(nth, kind, 1))).await;
        let read = store.session(kind, &digest(nth), NOW).await.unwrap();
        assert_eq!(read, Some(session(nth, kind, 1)));
    }
    assert_eq!(store.session(Account, &digest(2), NOW).await.unwrap(), None, "of another kind");
    let idle = NOW + minutes(15);
    assert!(store.session(Account, &digest(1), just_before(idle)).await.unwrap().is_some());
    assert_eq!(store.session(Account, &digest(1), idle).await.unwrap(), None);

    let extend = |at, until| {
        let op = Op::ExtendSession { digest: digest(1), idle_until: until };
        Change::new(audit_at(at, "session.extended")).with(op)
    };
    let end = NOW + minutes(480);
    assert!(made_change(&store, extend(just_before(idle), end + minutes(60))).await);
    assert!(store.session(Account, &digest(1), just_before(end)).await.unwrap().is_some());
    assert_eq!(store.session(Account, &digest(1), end).await.unwrap(), None);
    assert!(!made_change(&store, extend(end, end + minutes(70))).await);
    refused(&store, Op::ExtendSession { digest: digest(9), idle_until: idle }).await;

    let all = store.sessions_of(&person_id(1)).await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(store.sessions_of(&person_id(2)).await.unwrap().is_empty());
}

pub(crate) async fn a_frozen_account_gets_no_session(database: &impl Database) {
    let store = database.open().await;
    refused(&store, Op::StartSession(session(1, SessionKind::Account, 1))).await;
    done_all(&store, add_person(1)).await;
    done(&store, Op::SetStanding { person: person_id(1), from: Standing::Open, to: Standing::Frozen }).await;
    refused(&store, Op::StartSession(session(1, SessionKind::Account, 1))).await;
    done(&store, Op::SetStanding { person: person_id(1), from: Standing::Frozen, to: Standing::Open }).await;
    done(&store, Op::StartSession(session(1, SessionKind::Account, 1))).await;
}

pub(crate) async fn a_renewed_session_keeps_what_hangs_on_it(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let context = AuthenticationContext { method: Method::Wallet, loa: Loa::High, at: NOW + minutes(1) };
    let renew = |old, new| Op::RenewSession {
        old: digest(old),
        new: digest(new),
        context,
        proved_at: NOW + minutes(2),
        idle_until: NOW + minutes(17),
    };
    done_all(&store, [renew(7, 70), renew(1, 10)]).await;
    refused(&store, renew(7, 71)).await;

    let kind = SessionKind::SingleSignOn;
    assert_eq!(store.session(kind, &digest(7), NOW).await.unwrap(), None);
    let expected = SessionRecord {
        digest: digest(70),
        context,
        proved_at: NOW + minutes(2),
        idle_until: NOW + minutes(17),
        ..session(7, kind, 1)
    };
    assert_eq!(store.session(kind, &digest(70), NOW).await.unwrap(), Some(expected));
    assert_eq!(store.participations(&digest(7)).await.unwrap(), []);
    let told = Some(draft(7, OutboxKind::BackChannelLogout));
    assert_eq!(store.participations(&digest(70)).await.unwrap(), [participation(70, 1, told)]);
    assert_eq!(store.code(&digest(8)).await.unwrap(), Some(code(8, 70)));
    assert_eq!(store.token(&digest(9)).await.unwrap(), Some(token(9, 8, 70)));
    assert_eq!(store.enrolment(&person_id(1)).await.unwrap().unwrap().value, enrolment(10, 1));

    let late = Change::new(audit_at(NOW + minutes(17), "session.renewed")).with(renew(70, 71));
    assert!(!made_change(&store, late).await);
}

pub(crate) async fn an_ended_session_tells_its_services_and_takes_all_with_it(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let logout = |nth| Some(draft(nth, OutboxKind::BackChannelLogout));
    done(&store, Op::Participate(participation(7, 2, logout(20)))).await;
    done(&store, Op::Participate(participation(7, 2, logout(21)))).await;
    done(&store, Op::Participate(participation(7, 3, None))).await;
    assert_eq!(store.participations(&digest(7)).await.unwrap().len(), 3);

    done_all(&store, [Op::EndSession { digest: digest(7) }, Op::EndSession { digest: digest(1) }]).await;
    done(&store, Op::EndSession { digest: digest(7) }).await;
    let mut due = store.outbox_due(NOW, 10).await.unwrap();
    due.sort_by(|a, b| a.draft.id.cmp(&b.draft.id));
    let drafts: Vec<_> = due.into_iter().map(|entry| entry.draft).collect();
    assert_eq!(drafts, [draft(1, OutboxKind::Mail), logout(7).unwrap(), logout(20).unwrap()]);

    assert_eq!(store.sessions_of(&person_id(1)).await.unwrap(), []);
    assert_eq!(store.participations(&digest(7)).await.unwrap(), []);
    assert_eq!(store.code(&digest(8)).await.unwrap(), None);
    assert_eq!(store.token(&digest(9)).await.unwrap(), None);
    assert_eq!(store.enrolment(&person_id(1)).await.unwrap(), None);
    refused(&store, Op::Participate(participation(7, 2, None))).await;
}

pub(crate) async fn the_other_sessions_of_a_person_end(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done_all(&store, add_person(2)).await;
    done(&store, Op::StartSession(session(2, SessionKind::Account, 2))).await;
    done(&store, Op::StartSession(session(3, SessionKind::Account, 1))).await;
    done(&store, Op::EndSessionsOf { person: person_id(1), except: Some(digest(3)) }).await;
    assert_eq!(store.sessions_of(&person_id(1)).await.unwrap(), [session(3, SessionKind::Account, 1)]);
    assert_eq!(store.sessions_of(&person_id(2)).await.unwrap().len(), 1);
    let told = store.outbox_due(NOW, 10).await.unwrap();
    assert!(told.iter().any(|entry| entry.draft == draft(7, OutboxKind::BackChannelLogout)));
    assert_eq!(store.token(&digest(9)).await.unwrap(), None);

    done(&store, Op::EndSessionsOf { person: person_id(1), except: None }).await;
    assert_eq!(store.sessions_of(&person_id(1)).await.unwrap(), []);
    assert_eq!(store.sessions_of(&person_id(2)).await.unwrap().len(), 1);
}

pub(crate) async fn an_enrolment_belongs_to_one_session_and_one_version(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    refused(&store, Op::BeginEnrolment(enrolment(99, 1))).await;
    let read = store.enrolment(&person_id(1)).await.unwrap().unwrap();
    assert_eq!((read.version, read.value), (FIRST, enrolment(1, 1)));

    let replace = |session, seen| Op::ReplaceEnrolment {
        person: person_id(1),
        session: digest(session),
        seen,
        enrolment: enrolment(1, 1).enrolment,
    };
    let next = |by| Version(FIRST.0 + by);
    refused(&store, replace(7, FIRST)).await;
    done(&store, replace(1, FIRST)).await;
    refused(&store, replace(1, FIRST)).await;

    done(&store, Op::BeginEnrolment(enrolment(7, 1))).await;
    let read = store.enrolment(&person_id(1)).await.unwrap().unwrap();
    assert_eq!((read.version, read.value), (next(2), enrolment(7, 1)), "the last one started wins");
    refused(&store, replace(1, next(1))).await;

    let end = |session, seen| Op::EndEnrolment { person: person_id(1), session: digest(session), seen };
    refused(&store, end(1, next(2))).await;
    refused(&store, end(7, next(1))).await;
    done(&store, end(7, next(2))).await;
    assert_eq!(store.enrolment(&person_id(1)).await.unwrap(), None);
    done(&store, Op::BeginEnrolment(enrolment(7, 1))).await;
    done(&store, Op::DropEnrolment { person: person_id(1) }).await;
    done(&store, Op::DropEnrolment { person: person_id(1) }).await;
    assert_eq!(store.enrolment(&person_id(1)).await.unwrap(), None);
}
