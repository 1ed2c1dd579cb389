//! Ending sessions by what services know of them, and sign-outs that go through the browser.

use model::NameKind;
use store::Op;
use store::record::{LogoutRecord, OutboxKind, OutboxState, Participation, SessionKind, Version};

use super::samples::{
    FIRST, NOW, add_person, digest, draft, logout, minutes, participation, person_id, service_id, session, world,
};
use super::{Database, done, done_all, refused};

pub(crate) async fn the_sessions_of_one_kind_end(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done_all(&store, add_person(2)).await;
    done(&store, Op::StartSession(session(2, SessionKind::SingleSignOn, 2))).await;
    done(&store, Op::StartSession(session(3, SessionKind::Account, 1))).await;
    done(&store, Op::StartSession(session(8, SessionKind::SingleSignOn, 1))).await;
    let end = || Op::EndSessionsOfKind { person: person_id(1), kind: SessionKind::SingleSignOn };
    done(&store, end()).await;
    let left: Vec<_> = store.sessions_of(&person_id(1)).await.unwrap().into_iter().map(|one| one.kind).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(!left.contains(&SessionKind::SingleSignOn));
    assert_eq!(store.sessions_of(&person_id(2)).await.unwrap().len(), 1);
    let told = store.outbox_due(NOW, 10).await.unwrap();
    assert!(told.iter().any(|entry| entry.draft == draft(7, OutboxKind::BackChannelLogout)));
    assert_eq!(store.token(&digest(9)).await.unwrap(), None);
    done(&store, end()).await;
}

pub(crate) async fn a_service_that_left_is_not_told(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let told = Some(draft(20, OutboxKind::BackChannelLogout));
    done(&store, Op::Participate(participation(7, 2, told))).await;
    let leave = || Op::Leave { session: digest(7), client: service_id(1) };
    done_all(&store, [leave(), Op::EndSession { digest: digest(7) }]).await;
    let due = store.outbox_due(NOW, 10).await.unwrap();
    let logouts: Vec<_> = due.iter().filter(|entry| entry.draft.kind == OutboxKind::BackChannelLogout).collect();
    assert_eq!(logouts.len(), 1);
    assert_eq!(logouts[0].draft.id, draft(20, OutboxKind::BackChannelLogout).id);
    done(&store, leave()).await;

    // How far its telling has come.
    let id = draft(20, OutboxKind::BackChannelLogout).id;
    let state = |tries, delivered_at| Some(OutboxState { tries, delivered_at });
    assert_eq!(store.delivery(&id).await.unwrap(), state(0, None));
    done(&store, Op::Retry { outbox: id.clone(), due_at: NOW }).await;
    assert_eq!(store.delivery(&id).await.unwrap(), state(1, None));
    done(&store, Op::Delivered { outbox: id.clone() }).await;
    assert_eq!(store.delivery(&id).await.unwrap(), state(1, Some(NOW)));
    assert_eq!(store.delivery(&draft(7, OutboxKind::BackChannelLogout).id).await.unwrap(), None);
}

pub(crate) async fn a_part_in_a_session_is_found_by_what_its_service_knows(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    done(&store, Op::StartSession(session(17, SessionKind::SingleSignOn, 1))).await;
    done(&store, Op::Participate(participation(17, 1, None))).await;
    done(&store, Op::Participate(participation(17, 2, None))).await;
    let known = |client, subject: &'static str| {
        let store = store.clone();
        async move {
            let found = store.participations_known(&service_id(client), subject).await.unwrap();
            let mut sessions: Vec<_> = found.into_iter().map(|part| part.session.as_str().to_owned()).collect();
            sessions.sort();
            sessions
        }
    };
    let digests = |list: &[u32]| list.iter().map(|nth| digest(*nth).as_str().to_owned()).collect::<Vec<_>>();
    assert_eq!(known(1, "sub").await, digests(&[7, 17]));
    assert_eq!(known(2, "sub").await, digests(&[17]));
    assert_eq!(known(3, "sub").await, digests(&[]));
    assert_eq!(known(1, "bus").await, digests(&[]));
    done(&store, Op::EndSession { digest: digest(7) }).await;
    assert_eq!(known(1, "sub").await, digests(&[17]));
}

pub(crate) async fn a_service_knows_a_session_by_one_sid_and_its_person_by_many_names(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let named = |subject: &str, kind, sid: &str, told| {
        let logout = Some(draft(told, OutboxKind::BackChannelLogout));
        let (subject, sid) = (subject.to_owned(), sid.to_owned());
        Participation { subject, kind, sid, ..participation(7, 2, logout) }
    };
    let first = named("_a", NameKind::Transient, "sid", 20);
    let second = named("a@example.org", NameKind::EmailAddress, "sid", 21);
    done(&store, Op::Participate(first.clone())).await;
    done(&store, Op::Participate(second.clone())).await;
    // The same once more: what will be told is what was to be told first.
    done(&store, Op::Participate(named("_a", NameKind::Transient, "sid", 22))).await;
    refused(&store, Op::Participate(named("_a", NameKind::Transient, "another", 23))).await;
    refused(&store, Op::Participate(named("_b", NameKind::Transient, "another", 24))).await;
    let mut known = store.participations(&digest(7)).await.unwrap();
    known.retain(|part| part.client == service_id(2));
    known.sort_by(|a, b| a.subject.cmp(&b.subject));
    assert_eq!(known, [first, second]);

    done(&store, Op::EndSession { digest: digest(7) }).await;
    let due = store.outbox_due(NOW, 10).await.unwrap();
    for told in [20, 21] {
        assert!(due.iter().any(|entry| entry.draft == draft(told, OutboxKind::BackChannelLogout)), "{told}");
    }
}

pub(crate) async fn a_sign_out_through_the_browser_is_replaced_only_as_it_was_seen(database: &impl Database) {
    let store = database.open().await;
    let first = LogoutRecord { browser: digest(5), ..logout(1) };
    let last = LogoutRecord { browser: digest(5), expires_at: NOW + minutes(11), ..logout(2) };
    done_all(&store, [Op::BeginLogout(first.clone()), Op::BeginLogout(last.clone())]).await;
    refused(&store, Op::BeginLogout(first.clone())).await;
    let read = store.logout(&first.id, NOW).await.unwrap().unwrap();
    assert_eq!((read.version, &read.value), (FIRST, &first));
    let read = store.last_logout_of(&digest(5), NOW).await.unwrap().unwrap();
    assert_eq!((read.version, &read.value), (FIRST, &last));
    assert_eq!(store.last_logout_of(&digest(6), NOW).await.unwrap(), None);

    let replace = |seen, round: &str| Op::ReplaceLogout { id: first.id.clone(), seen, round: round.to_owned() };
    done(&store, replace(FIRST, "[1]")).await;
    refused(&store, replace(FIRST, "[2]")).await;
    let read = store.logout(&first.id, NOW).await.unwrap().unwrap();
    assert_eq!((read.version, read.value.round.as_str()), (Version(FIRST.0 + 1), "[1]"));

    let lapsed = NOW + minutes(10);
    assert_eq!(store.logout(&first.id, lapsed).await.unwrap(), None);
    assert!(store.last_logout_of(&digest(5), lapsed).await.unwrap().is_some());
    done(&store, Op::Sweep { before: lapsed + minutes(2), batch: 10 }).await;
    assert_eq!(store.logout(&last.id, NOW).await.unwrap(), None, "swept");
}
