//! Two writers, and many: whatever may happen once happens once, on one node and on two.

use std::future::Future;

use journey::{Attempts, Login, Stage};
use model::Timestamp;
use store::record::{AuthenticatorState, OutboxKind};
use store::{Op, Store};
use tokio::task::JoinSet;

use super::samples::{
    FIRST, NOW, authenticator, change, code, digest, draft, login, logout, minutes, participation, person_id,
    service_id, user_name, world,
};
use super::{Database, made, made_change};

const MANY: u32 = 64;

/// Runs `task` many times at once, on two nodes in turn, and gives what each found.
pub(crate) async fn at_once<T, F>(nodes: &[Store; 2], count: u32, task: impl Fn(Store, u32) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for nth in 0..count {
        let node = &nodes[usize::from(nth % 2 == 0)];
        tasks.spawn(task(node.clone(), nth));
    }
    tasks.join_all().await
}

pub(crate) async fn nodes(database: &impl Database) -> [Store; 2] {
    let nodes = [database.open().await, database.open().await];
    world(&nodes[0]).await;
    nodes
}

/// Makes the same write from all sides; exactly one succeeds.
pub(crate) async fn one_of_64(database: &impl Database, op: impl Fn(u32) -> Op) {
    let nodes = nodes(database).await;
    let ops: Vec<Op> = (0..MANY).map(op).collect();
    let outcomes = at_once(&nodes, MANY, |node, nth| {
        let op = ops[nth as usize].clone();
        async move { made(&node, op).await }
    })
    .await;
    assert_eq!(outcomes.len(), MANY as usize);
    assert_eq!(outcomes.into_iter().filter(|made| *made).count(), 1);
}

pub(crate) async fn a_code_is_spent_by_one_of_64(database: &impl Database) {
    one_of_64(database, |_| Op::SpendCode { digest: digest(8), client: service_id(1), at: NOW }).await;
}

pub(crate) async fn a_time_step_is_used_by_one_of_64(database: &impl Database) {
    let authenticator = authenticator(1, 1).id;
    let state = AuthenticatorState::Active;
    one_of_64(database, |_| Op::UseStep { authenticator: authenticator.clone(), state, step: 101 }).await;
}

pub(crate) async fn an_authenticator_is_removed_by_one_of_64(database: &impl Database) {
    one_of_64(database, |_| Op::RemoveAuthenticator { authenticator: authenticator(1, 1).id }).await;
}

pub(crate) async fn a_not_me_link_is_used_by_one_of_64(database: &impl Database) {
    one_of_64(database, |_| Op::UseNotMe { digest: digest(1), at: NOW }).await;
}

pub(crate) async fn an_activation_code_is_used_by_one_of_64(database: &impl Database) {
    one_of_64(database, |_| Op::UseActivation { person: person_id(1), mac: "mac".to_owned(), at: NOW }).await;
}

pub(crate) async fn an_artifact_is_taken_by_one_of_64(database: &impl Database) {
    one_of_64(database, |_| Op::TakeArtifact { digest: digest(1), service: service_id(1), at: NOW }).await;
}

pub(crate) async fn a_consent_is_withdrawn_by_one_of_64(database: &impl Database) {
    one_of_64(database, |_| Op::WithdrawConsent { person: person_id(1), service: service_id(1) }).await;
}

pub(crate) async fn a_thing_is_used_once_by_one_of_64(database: &impl Database) {
    one_of_64(database, |_| Op::UseOnce { kind: "jti", digest: digest(5), expires_at: NOW }).await;
}

pub(crate) async fn a_name_is_given_to_one_of_64(database: &impl Database) {
    one_of_64(database, |_| Op::AddUserName { name: user_name(50), person: person_id(1) }).await;
}

pub(crate) async fn a_sign_in_is_answered_by_one_of_64(database: &impl Database) {
    let answered = Login { stage: Stage::Answered, ..login(1).login };
    one_of_64(database, |_| Op::ReplaceLogin { id: login(1).id, seen: FIRST, login: answered.clone() }).await;
}

pub(crate) async fn a_step_of_a_sign_out_is_taken_by_one_of_64(database: &impl Database) {
    one_of_64(database, |nth| Op::ReplaceLogout { id: logout(1).id, seen: FIRST, round: nth.to_string() }).await;
}

const GUESSES: u32 = 1000;
const LIMIT: u32 = 10;

/// Reserves an attempt as a caller does: reads, asks the pure arithmetic, writes over what was
/// read, and begins anew when somebody was faster.
async fn guess(node: Store, at: Timestamp) -> bool {
    loop {
        let read = node.attempts("guess").await.unwrap();
        let seen = read.as_ref().map(|read| read.version);
        let made_so_far: Attempts = read.map(|read| serde_json::from_str(&read.value).unwrap()).unwrap_or_default();
        let Ok(reserved) = made_so_far.reserve(at, LIMIT, minutes(15)) else { return false };
        let attempts = serde_json::to_string(&reserved).unwrap();
        let put = Op::PutAttempts { key: "guess".to_owned(), seen, attempts, expires_at: at + minutes(15) };
        if made(&node, put).await {
            return true;
        }
    }
}

pub(crate) async fn of_1000_parallel_guesses_the_limit_is_admitted(database: &impl Database) {
    let nodes = nodes(database).await;
    let admitted = |outcomes: Vec<bool>| outcomes.into_iter().filter(|admitted| *admitted).count();
    assert_eq!(admitted(at_once(&nodes, GUESSES, |node, _| guess(node, NOW)).await), LIMIT as usize);
    // A window later, as many again.
    let later = NOW + minutes(15);
    assert_eq!(admitted(at_once(&nodes, GUESSES, |node, _| guess(node, later)).await), LIMIT as usize);
}

/// Services join a session while it is ended: each one that joined is told, no other.
pub(crate) async fn no_service_joins_a_session_that_ends_untold(database: &impl Database) {
    let nodes = nodes(database).await;
    let joined = at_once(&nodes, MANY, |node, nth| async move {
        let logout = draft(1000 + nth, OutboxKind::BackChannelLogout);
        if nth == MANY / 2 {
            assert!(made(&node, Op::EndSession { digest: digest(7) }).await);
            return None;
        }
        let op = Op::Participate(participation(7, 100 + nth, Some(logout.clone())));
        made(&node, op).await.then_some(logout.id)
    })
    .await;
    let mut joined: Vec<String> = joined.into_iter().flatten().collect();
    joined.push(draft(7, OutboxKind::BackChannelLogout).id);
    joined.sort_unstable();
    let due = nodes[0].outbox_due(NOW, 1000).await.unwrap();
    let mut told: Vec<String> = due
        .into_iter()
        .filter(|entry| entry.draft.kind == OutboxKind::BackChannelLogout)
        .map(|entry| entry.draft.id)
        .collect();
    told.sort_unstable();
    assert_eq!(told, joined);
    assert_eq!(nodes[0].participations(&digest(7)).await.unwrap(), []);
}

/// Each answer holds the consent that it stands on; whoever comes after the withdrawal is refused, and what came
/// before it falls with it.
pub(crate) async fn no_code_outlives_the_withdrawal_that_it_raced_with(database: &impl Database) {
    let nodes = nodes(database).await;
    let issued = at_once(&nodes, MANY, |node, nth| async move {
        let (person, service) = (person_id(1), service_id(1));
        if nth == MANY / 2 {
            assert!(made(&node, Op::WithdrawConsent { person, service }).await);
            return None;
        }
        let hold = Op::HoldConsent { person, service, given_at: NOW };
        let answer = change().with(hold).with(Op::IssueCode(code(100 + nth, 7)));
        made_change(&node, answer).await.then_some(nth)
    })
    .await;
    for nth in issued.into_iter().flatten() {
        assert_eq!(nodes[0].code(&digest(100 + nth)).await.unwrap(), None);
    }
    let late = change().with(Op::HoldConsent { person: person_id(1), service: service_id(1), given_at: NOW });
    assert!(!made_change(&nodes[0], late).await);
}

/// The same by who tells services itself: it ends the session only as it saw it.
pub(crate) async fn no_service_joins_a_session_unseen_by_who_ends_it(database: &impl Database) {
    let nodes = nodes(database).await;
    let outcomes = at_once(&nodes, MANY, |node, nth| async move {
        if nth != MANY / 2 {
            let joining = participation(7, 100 + nth, None);
            let client = joining.client.clone();
            return made(&node, Op::Participate(joining)).await.then(|| vec![client]);
        }
        loop {
            let known = node.participations(&digest(7)).await.unwrap();
            let count = u32::try_from(known.len()).unwrap();
            let expect = Op::ExpectParticipations { session: digest(7), count };
            if made_change(&node, change().with(expect).with(Op::EndSession { digest: digest(7) })).await {
                return Some(
                    known.into_iter().map(|part| part.client).filter(|client| *client != service_id(1)).collect(),
                );
            }
        }
    })
    .await;
    // What was seen by who ended it, and each that joined: every one twice.
    let mut all: Vec<_> = outcomes.into_iter().flatten().flatten().collect();
    all.sort_unstable();
    for pair in all.chunks(2) {
        assert_eq!(pair.first(), pair.get(1));
    }
}

pub(crate) async fn authenticators_bound_at_once_leave_one(database: &impl Database) {
    let nodes = nodes(database).await;
    let bound = at_once(&nodes, MANY, |node, nth| async move {
        made(&node, Op::BindAuthenticator(authenticator(100 + nth, 1))).await
    })
    .await;
    assert!(bound.into_iter().all(|bound| bound), "each takes the place of the former");
    let account = nodes[0].account(&person_id(1)).await.unwrap().unwrap();
    assert_eq!(account.enrolments, 1 + MANY);
    assert!(account.authenticator.is_some());
}

/// Refused changes among them take nothing of the others with them.
pub(crate) async fn changes_of_many_at_once_are_all_told(database: &impl Database) {
    let nodes = nodes(database).await;
    let before = nodes[0].audit_tail(1000).await.unwrap().len();
    let outcomes = at_once(&nodes, MANY, |node, nth| async move {
        let op = Op::UseOnce { kind: "jti", digest: digest(nth / 2), expires_at: NOW };
        let change = change().with(op).deliver(draft(100 + nth, OutboxKind::Mail));
        made_change(&node, change).await
    })
    .await;
    assert_eq!(outcomes.into_iter().filter(|made| *made).count(), MANY as usize / 2);
    assert_eq!(nodes[1].audit_tail(1000).await.unwrap().len(), before + MANY as usize / 2);
    assert_eq!(nodes[1].outbox_due(NOW, 1000).await.unwrap().len(), 1 + MANY as usize / 2);
}
