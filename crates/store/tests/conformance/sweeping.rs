//! Removing what lapsed.

use journey::Login;
use model::Timestamp;
use store::record::{CodeRecord, OutboxKind, SessionKind, SessionRecord};
use store::{Change, Op};

use super::samples::{NOW, audit_at, code, digest, draft, enrolment, login, minutes, person_id, session, token, world};
use super::{Database, done, done_all, made_change};

fn sweep(before: Timestamp, batch: u32) -> Op {
    Op::Sweep { before, batch }
}

pub(crate) async fn what_lapsed_is_swept_in_batches(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let logins = [(11, 1), (12, 3), (13, 2)].map(|(nth, lapses)| {
        let mut record = login(nth);
        record.login = Login { expires_at: NOW + minutes(lapses), ..record.login };
        Op::BeginLogin(record)
    });
    done_all(&store, logins).await;
    let after = |count| NOW + minutes(count) + std::time::Duration::from_micros(1);

    // Oldest first, and no more than a batch.
    done(&store, sweep(NOW + minutes(1), 10)).await;
    assert!(store.login(&login(11).id).await.unwrap().is_some(), "not before it lapsed");
    done(&store, sweep(after(5), 2)).await;
    assert!(store.login(&login(11).id).await.unwrap().is_none());
    assert!(store.login(&login(12).id).await.unwrap().is_some());
    assert!(store.login(&login(13).id).await.unwrap().is_none());
    assert!(store.login(&login(1).id).await.unwrap().is_some());

    // At five minutes the code is long over; it goes with its token, which lapsed just now.
    assert_eq!(store.token(&digest(9)).await.unwrap(), None);
    assert_eq!(store.code(&digest(8)).await.unwrap(), None);
    assert_eq!(store.attempts("k").await.unwrap(), None);
    assert_eq!(store.not_me(&digest(1)).await.unwrap(), None);
    assert_eq!(store.activation(&person_id(1)).await.unwrap(), None);
    assert!(store.enrolment(&person_id(1)).await.unwrap().is_some());
    done(&store, sweep(after(10), 10)).await;
    assert!(store.enrolment(&person_id(1)).await.unwrap().is_none());

    // A spent code stays while a token of it lives, lapsed or not.
    let spent = CodeRecord { spent_at: Some(NOW), ..code(18, 7) };
    done_all(&store, [Op::IssueCode(spent.clone()), Op::IssueToken(token(19, 18, 7))]).await;
    done(&store, sweep(after(4), 10)).await;
    assert_eq!(store.code(&digest(18)).await.unwrap(), Some(spent));
}

pub(crate) async fn a_sweep_ends_lapsed_sessions_as_a_sign_out_does(database: &impl Database) {
    let store = database.open().await;
    world(&store).await;
    let idle = SessionRecord { idle_until: NOW + minutes(2), ..session(2, SessionKind::Account, 1) };
    done_all(&store, [Op::StartSession(idle), Op::BeginEnrolment(enrolment(2, 1))]).await;
    done(&store, sweep(NOW + minutes(3), 10)).await;
    assert_eq!(store.sessions_of(&person_id(1)).await.unwrap().len(), 2);
    assert_eq!(store.enrolment(&person_id(1)).await.unwrap(), None);
    assert_eq!(store.outbox_due(NOW, 10).await.unwrap().len(), 1, "only the letter");

    let late = NOW + minutes(20);
    let swept = Change::new(audit_at(late, "swept")).with(sweep(late, 10));
    assert!(made_change(&store, swept).await);
    assert_eq!(store.sessions_of(&person_id(1)).await.unwrap(), []);
    let due = store.outbox_due(late, 10).await.unwrap();
    assert_eq!(due.last().map(|entry| &entry.draft), Some(&draft(7, OutboxKind::BackChannelLogout)));

    // What was delivered is remembered for a day.
    done(&store, Op::Delivered { outbox: draft(7, OutboxKind::BackChannelLogout).id }).await;
    let day = minutes(24 * 60);
    done(&store, sweep(NOW + day, 10)).await;
    let rows = |dump: Vec<String>| dump.into_iter().filter(|row| row.contains("back_channel_logout")).count();
    assert_eq!(rows(database.dump().await), 1);
    done(&store, sweep(NOW + day + minutes(1), 10)).await;
    assert_eq!(rows(database.dump().await), 0);
    assert!(!store.outbox_due(late, 10).await.unwrap().is_empty(), "what was not delivered stays");
}
