//! Persons, names, passwords, authenticators, activation and "not me".

use journey::Standing;
use model::{Lang, Timestamp};
use store::Op;
use store::record::{ActivationRecord, AuthenticatorState};

use super::samples::{
    NOW, activation, add_person, authenticator, digest, minutes, not_me, person, person_id, user_name,
};
use super::{Database, done, done_all, refused};

pub(crate) async fn a_person_is_found_by_name_and_by_id(database: &impl Database) {
    let store = database.open().await;
    assert_eq!(store.account_by_name(&user_name(1)).await.unwrap(), None);
    done_all(&store, add_person(1)).await;
    done(&store, Op::AddUserName { name: user_name(9), person: person_id(1) }).await;
    done(&store, Op::AddPerson { person: Box::new(person(2)), lang: Lang::En, at: NOW }).await;
    assert_eq!(store.account(&person_id(2)).await.unwrap(), None, "no name yet");
    done(&store, Op::AddUserName { name: user_name(2), person: person_id(2) }).await;

    let by_name = store.account_by_name(&user_name(9)).await.unwrap().unwrap();
    assert_eq!((by_name.person.clone(), by_name.user_name.clone()), (person(1), user_name(9)));
    assert_eq!((by_name.standing, by_name.password.clone(), by_name.lang), (Standing::Open, None, Lang::Hu));
    assert_eq!((by_name.epoch, by_name.enrolments, by_name.authenticator.clone()), (0, 0, None));
    let by_id = store.account(&person_id(1)).await.unwrap().unwrap();
    assert_eq!(by_id.user_name, user_name(1), "the first name");
    let other = store.account_by_name(&user_name(2)).await.unwrap().unwrap();
    assert_eq!((other.person, other.lang), (person(2), Lang::En));
}

pub(crate) async fn names_and_persons_are_given_once(database: &impl Database) {
    let store = database.open().await;
    done_all(&store, add_person(1).into_iter().chain(add_person(2))).await;
    refused(&store, Op::AddPerson { person: Box::new(person(1)), lang: Lang::En, at: NOW }).await;
    refused(&store, Op::AddUserName { name: user_name(1), person: person_id(2) }).await;
    refused(&store, Op::AddUserName { name: user_name(3), person: person_id(3) }).await;
    assert_eq!(store.account_by_name(&user_name(1)).await.unwrap().unwrap().person.id, person_id(1));
    assert_eq!(store.account_by_name(&user_name(3)).await.unwrap(), None);
}

pub(crate) async fn a_password_is_set_only_in_place_of_the_one_that_was_seen(database: &impl Database) {
    let store = database.open().await;
    done_all(&store, add_person(1)).await;
    let set = |seen: Option<&str>, hash: &str| Op::SetPassword {
        person: person_id(1),
        seen: seen.map(str::to_owned),
        hash: hash.to_owned(),
        at: NOW,
    };
    refused(&store, set(Some("one"), "two")).await;
    done(&store, set(None, "one")).await;
    refused(&store, set(None, "two")).await;
    done(&store, set(Some("one"), "two")).await;
    refused(&store, set(Some("one"), "three")).await;
    assert_eq!(store.account(&person_id(1)).await.unwrap().unwrap().password.as_deref(), Some("two"));
    let void = |seen: &str| Op::VoidPassword { person: person_id(1), seen: Some(seen.to_owned()), at: NOW };
    refused(&store, void("one")).await;
    done(&store, void("two")).await;
    refused(&store, set(Some("two"), "three")).await;
    assert_eq!(store.account(&person_id(1)).await.unwrap().unwrap().password, None);
}

pub(crate) async fn standing_and_epoch_change(database: &impl Database) {
    let store = database.open().await;
    done_all(&store, add_person(1)).await;
    let freeze = || Op::SetStanding { person: person_id(1), from: Standing::Open, to: Standing::Frozen };
    done_all(&store, [freeze(), Op::RaiseEpoch { person: person_id(1) }]).await;
    refused(&store, freeze()).await;
    let account = store.account_by_name(&user_name(1)).await.unwrap().unwrap();
    assert_eq!((account.standing, account.epoch), (Standing::Frozen, 1));
    done(&store, Op::SetStanding { person: person_id(1), from: Standing::Frozen, to: Standing::Open }).await;
    assert_eq!(store.account(&person_id(1)).await.unwrap().unwrap().standing, Standing::Open);
}

pub(crate) async fn an_authenticator_is_bound_used_switched_and_removed(database: &impl Database) {
    use AuthenticatorState::{Active, Frozen, Inactive};
    let store = database.open().await;
    refused(&store, Op::BindAuthenticator(authenticator(1, 1))).await;
    done_all(&store, add_person(1)).await;
    done(&store, Op::BindAuthenticator(authenticator(1, 1))).await;
    let account = store.account_by_name(&user_name(1)).await.unwrap().unwrap();
    assert_eq!((account.authenticator, account.enrolments), (Some(authenticator(1, 1)), 1));

    let id = || authenticator(1, 1).id;
    let used = |state, step| Op::UseStep { authenticator: id(), state, step };
    refused(&store, used(Active, 100)).await;
    done(&store, used(Active, 101)).await;
    refused(&store, used(Active, 101)).await;
    refused(&store, used(Active, 99)).await;
    refused(&store, used(Inactive, 102)).await;
    done(&store, used(Active, 103)).await;

    let at = NOW + minutes(1);
    let switch = |from, to| Op::SetAuthenticatorState { authenticator: id(), from, to, at };
    refused(&store, switch(Inactive, Active)).await;
    done(&store, switch(Active, Inactive)).await;
    refused(&store, used(Active, 104)).await;
    done(&store, used(Inactive, 104)).await;
    done(&store, switch(Inactive, Frozen)).await;
    let kept = store.account(&person_id(1)).await.unwrap().unwrap().authenticator.unwrap();
    assert_eq!((kept.state, kept.last_step, kept.changed_at), (Frozen, 104, at));

    done(&store, Op::RemoveAuthenticator { authenticator: id() }).await;
    refused(&store, Op::RemoveAuthenticator { authenticator: id() }).await;
    done(&store, Op::RemoveAuthenticatorsOf { person: person_id(1) }).await;
    assert_eq!(store.account(&person_id(1)).await.unwrap().unwrap().authenticator, None);
}

pub(crate) async fn a_new_authenticator_takes_the_place_of_the_former(database: &impl Database) {
    let store = database.open().await;
    done_all(&store, add_person(1).into_iter().chain(add_person(2))).await;
    done(&store, Op::BindAuthenticator(authenticator(1, 1))).await;
    done(&store, Op::BindAuthenticator(authenticator(2, 2))).await;
    done(&store, Op::BindAuthenticator(authenticator(3, 1))).await;
    refused(&store, Op::BindAuthenticator(authenticator(2, 1))).await;
    let account = store.account(&person_id(1)).await.unwrap().unwrap();
    assert_eq!((account.authenticator, account.enrolments), (Some(authenticator(3, 1)), 2));
    let other = store.account(&person_id(2)).await.unwrap().unwrap();
    assert_eq!((other.authenticator, other.enrolments), (Some(authenticator(2, 2)), 1));
}

pub(crate) async fn activation_codes_and_not_me_links_are_used_up(database: &impl Database) {
    let store = database.open().await;
    done(&store, Op::PutActivation(activation(1))).await;
    let newer = ActivationRecord { mac: "newer".to_owned(), ..activation(1) };
    done(&store, Op::PutActivation(newer.clone())).await;
    assert_eq!(store.activation(&person_id(1)).await.unwrap(), Some(newer));
    let used = |mac: &str, at| Op::UseActivation { person: person_id(1), mac: mac.to_owned(), at };
    refused(&store, used("mac", NOW)).await;
    refused(&store, used("newer", NOW + minutes(1))).await;
    done(&store, used("newer", just_before(NOW + minutes(1)))).await;
    refused(&store, used("newer", NOW)).await;
    assert_eq!(store.activation(&person_id(1)).await.unwrap(), None);

    done(&store, Op::PutNotMe(not_me(1))).await;
    refused(&store, Op::PutNotMe(not_me(1))).await;
    assert_eq!(store.not_me(&digest(1)).await.unwrap(), Some(not_me(1)));
    refused(&store, Op::UseNotMe { digest: digest(1), at: NOW + minutes(1) }).await;
    done(&store, Op::UseNotMe { digest: digest(1), at: just_before(NOW + minutes(1)) }).await;
    refused(&store, Op::UseNotMe { digest: digest(1), at: NOW }).await;
    assert_eq!(store.not_me(&digest(1)).await.unwrap(), None);
}

/// The last instant before `instant`.
pub(crate) fn just_before(instant: Timestamp) -> Timestamp {
    Timestamp::from_micros(instant.micros() - 1)
}
