//! The enrolment as a table: every stage with every event, and the instants at which it lapses.

use std::time::Duration;

use model::Loa;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::testing::{CUTOVER as START, binding};

const MICRO: Duration = Duration::from_micros(1);

/// When the events of the tables happen: a minute after the beginning.
fn now() -> Timestamp {
    START + Duration::from_mins(1)
}

fn mailed(tries: u32) -> ContactCode {
    ContactCode { mac: "mac".to_owned(), sent_at: START, tries }
}

fn draft() -> DeletionCodeDraft {
    DeletionCodeDraft { sealed: "sealed code".to_owned(), hash: "hash".to_owned() }
}

/// Stages, all of a person whom a clerk knows where something vouches.
const BINDING: Binding = Binding::Clerk;

fn proving(code: Option<ContactCode>) -> EnrolmentStage {
    EnrolmentStage::ProvingContact { code }
}

fn vouched() -> EnrolmentStage {
    EnrolmentStage::Vouched { binding: BINDING }
}

fn connecting(password_at: Option<Timestamp>, wrong_codes: u32) -> EnrolmentStage {
    EnrolmentStage::Connecting { binding: BINDING, sealed_key: "key".to_owned(), password_at, wrong_codes }
}

fn confirmed() -> EnrolmentStage {
    EnrolmentStage::Confirmed { binding: BINDING, sealed_key: "key".to_owned(), step: 7, deletion_code: draft() }
}

fn key_drawn() -> EnrolmentEvent {
    EnrolmentEvent::KeyDrawn { sealed_key: "key".to_owned() }
}

fn both_matched() -> EnrolmentEvent {
    EnrolmentEvent::Confirmed { step: 7, deletion_code: draft() }
}

/// An enrolment that began at the start and stands there.
fn at(stage: EnrolmentStage) -> Enrolment {
    Enrolment { started_at: START, accepted_at: START, nth: 2, user_name: "kovacs.anna".to_owned(), stage }
}

fn every_stage() -> [EnrolmentStage; 5] {
    [proving(None), proving(Some(mailed(0))), vouched(), connecting(Some(START), 1), confirmed()]
}

fn every_event() -> [EnrolmentEvent; 8] {
    [
        EnrolmentEvent::CodeMailed(mailed(0)),
        EnrolmentEvent::ContactDiffered,
        EnrolmentEvent::ContactMatched,
        EnrolmentEvent::WalletProved,
        key_drawn(),
        EnrolmentEvent::PasswordMatched,
        EnrolmentEvent::CodeDiffered,
        both_matched(),
    ]
}

/// Whether a step was accepted, and so gives another ten minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Accepted,
    Wrong,
}

#[test]
fn transitions() {
    use EnrolmentEvent::{CodeDiffered, CodeMailed, ContactDiffered, ContactMatched, PasswordMatched, WalletProved};
    use Step::{Accepted, Wrong};
    let by_wallet = || EnrolmentStage::Vouched { binding: Binding::Wallet };
    let by_contact = || EnrolmentStage::Vouched { binding: Binding::ContactCode };
    #[rustfmt::skip]
    let table = [
        // from                        event                  to                               step
        (proving(None),                CodeMailed(mailed(0)), proving(Some(mailed(0))),        Accepted),
        (proving(Some(mailed(3))),     CodeMailed(mailed(0)), proving(Some(mailed(0))),        Accepted),
        (proving(Some(mailed(0))),     ContactDiffered,       proving(Some(mailed(1))),        Wrong),
        (proving(Some(mailed(3))),     ContactDiffered,       proving(Some(mailed(4))),        Wrong),
        (proving(Some(mailed(4))),     ContactDiffered,       proving(None),                   Wrong),
        (proving(Some(mailed(0))),     ContactMatched,        by_contact(),                    Accepted),
        (proving(Some(mailed(4))),     ContactMatched,        by_contact(),                    Accepted),
        (proving(None),                WalletProved,          by_wallet(),                     Accepted),
        (proving(Some(mailed(4))),     WalletProved,          by_wallet(),                     Accepted),
        (vouched(),                    key_drawn(),           connecting(None, 0),             Accepted),
        (connecting(None, 0),          PasswordMatched,       connecting(Some(now()), 0),      Accepted),
        (connecting(Some(START), 3),   PasswordMatched,       connecting(Some(now()), 3),      Accepted),
        (connecting(None, 0),          CodeDiffered,          connecting(None, 1),             Wrong),
        (connecting(Some(START), 3),   CodeDiffered,          connecting(Some(START), 4),      Wrong),
        (connecting(Some(START), 4),   CodeDiffered,          vouched(),                       Wrong),
        (connecting(None, 0),          both_matched(),        confirmed(),                     Accepted),
        (connecting(Some(START), 4),   both_matched(),        confirmed(),                     Accepted),
    ];
    for (from, event, to, step) in table {
        let next = advance_enrolment(&at(from.clone()), event.clone(), now()).unwrap();
        let accepted_at = if step == Accepted { now() } else { START };
        assert_eq!(next, Enrolment { accepted_at, ..at(to) }, "{from:?} + {event:?}");
    }
}

#[test]
fn what_does_not_fit_changes_nothing() {
    use EnrolmentEvent::{CodeDiffered, CodeMailed, ContactDiffered, ContactMatched, PasswordMatched, WalletProved};
    const YES: bool = true;
    const NO: bool = false;
    #[rustfmt::skip]
    let table = [
        // event                 no code mailed   code mailed   vouched   connecting   confirmed
        (CodeMailed(mailed(0)),  [YES,            YES,          NO,       NO,          NO]),
        (ContactDiffered,        [NO,             YES,          NO,       NO,          NO]),
        (ContactMatched,         [NO,             YES,          NO,       NO,          NO]),
        (WalletProved,           [YES,            YES,          NO,       NO,          NO]),
        (key_drawn(),            [NO,             NO,           YES,      NO,          NO]),
        (PasswordMatched,        [NO,             NO,           NO,       YES,         NO]),
        (CodeDiffered,           [NO,             NO,           NO,       YES,         NO]),
        (both_matched(),         [NO,             NO,           NO,       YES,         NO]),
    ];
    for (event, fits) in table {
        for (stage, fits) in every_stage().into_iter().zip(fits) {
            let next = advance_enrolment(&at(stage.clone()), event.clone(), now());
            assert_eq!(next.is_some(), fits, "{stage:?} + {event:?}");
        }
    }
}

#[test]
fn an_enrolment_begins_with_what_vouches_for_the_person() {
    let begun = |vouched| Enrolment::begin(2, "kovacs.anna".to_owned(), vouched, START);
    assert_eq!(begun(None), at(proving(None)));
    assert_eq!(begun(Some(BINDING)), at(vouched()));
}

#[test]
fn t19_the_fifth_wrong_code_destroys_the_key() {
    let mut enrolment = at(connecting(Some(START), 0));
    for wrong in 1..=4 {
        enrolment = advance_enrolment(&enrolment, EnrolmentEvent::CodeDiffered, now()).unwrap();
        assert_eq!(enrolment.stage, connecting(Some(START), wrong), "the same picture stays");
    }
    enrolment = advance_enrolment(&enrolment, EnrolmentEvent::CodeDiffered, now()).unwrap();
    assert_eq!(enrolment.stage, vouched(), "no key is left");
    assert_eq!(advance_enrolment(&enrolment, both_matched(), now()), None, "nor can it be confirmed");
    let new_picture = EnrolmentEvent::KeyDrawn { sealed_key: "another".to_owned() };
    enrolment = advance_enrolment(&enrolment, new_picture, now()).unwrap();
    let EnrolmentStage::Connecting { sealed_key, password_at, wrong_codes, .. } = enrolment.stage else {
        panic!("a new picture is shown");
    };
    assert_eq!((sealed_key.as_str(), password_at, wrong_codes), ("another", None, 0));
}

#[test]
fn the_fifth_wrong_contact_code_voids_it() {
    let mut enrolment = at(proving(Some(mailed(0))));
    for _ in 0..5 {
        enrolment = advance_enrolment(&enrolment, EnrolmentEvent::ContactDiffered, now()).unwrap();
    }
    assert_eq!(enrolment.stage, proving(None));
    assert_eq!(
        advance_enrolment(&enrolment, EnrolmentEvent::ContactMatched, now()),
        None,
        "the right one comes too late"
    );
    assert_eq!(advance_enrolment(&enrolment, EnrolmentEvent::ContactDiffered, now()), None);
    assert!(advance_enrolment(&enrolment, EnrolmentEvent::CodeMailed(mailed(0)), now()).is_some());
}

#[test]
fn an_enrolment_lapses_ten_minutes_after_its_last_accepted_step_and_half_an_hour_after_it_began() {
    let minutes = |n| START + Duration::from_mins(n);
    #[rustfmt::skip]
    let table = [
        // last accepted step, minutes after the beginning   lapses
        (0,                                                  10),
        (1,                                                  11),
        (19,                                                 29),
        (20,                                                 30),
        (21,                                                 30),
        (29,                                                 30),
    ];
    for (accepted, lapses) in table {
        for stage in every_stage() {
            let enrolment = Enrolment { accepted_at: minutes(accepted), ..at(stage) };
            assert_eq!(enrolment.expires_at(), minutes(lapses), "accepted at {accepted}");
        }
        let enrolment = Enrolment { accepted_at: minutes(accepted), ..at(connecting(None, 0)) };
        assert!(advance_enrolment(&enrolment, both_matched(), minutes(lapses) - MICRO).is_some());
        for event in every_event() {
            assert_eq!(advance_enrolment(&enrolment, event, minutes(lapses)), None, "accepted at {accepted}");
        }
    }
}

#[test]
fn a_wrong_code_gives_no_more_time() {
    let enrolment = at(connecting(None, 0));
    let late = enrolment.expires_at() - MICRO;
    let wrong = advance_enrolment(&enrolment, EnrolmentEvent::CodeDiffered, late).unwrap();
    assert_eq!(wrong.expires_at(), enrolment.expires_at());
    let accepted = advance_enrolment(&enrolment, EnrolmentEvent::PasswordMatched, late).unwrap();
    assert_eq!(accepted.expires_at(), late + Duration::from_mins(10));
}

fn event() -> impl Strategy<Value = EnrolmentEvent> {
    select(every_event().to_vec())
}

/// What vouches for the person, once something does.
fn vouching(stage: &EnrolmentStage) -> Option<Binding> {
    match stage {
        EnrolmentStage::ProvingContact { .. } => None,
        EnrolmentStage::Vouched { binding }
        | EnrolmentStage::Connecting { binding, .. }
        | EnrolmentStage::Confirmed { binding, .. } => Some(*binding),
    }
}

proptest! {
    /// Provenance comes from before the key was shown; nothing that happens afterwards improves it.
    #[test]
    fn what_vouches_never_changes(
        vouched in proptest::option::of(binding()),
        events in proptest::collection::vec((event(), 0_u64..300), 0..30),
    ) {
        let mut enrolment = Enrolment::begin(1, "kovacs.anna".to_owned(), vouched, START);
        let (mut now, mut proved) = (START, None);
        for (event, seconds) in events {
            now = now + Duration::from_secs(seconds);
            let lapsed = now >= enrolment.expires_at();
            let by = match event {
                EnrolmentEvent::ContactMatched => Some(Binding::ContactCode),
                EnrolmentEvent::WalletProved => Some(Binding::Wallet),
                _ => None,
            };
            let Some(next) = advance_enrolment(&enrolment, event, now) else { continue };
            prop_assert!(!lapsed, "nothing moves what has lapsed");
            proved = proved.or(by);
            enrolment = next;
            let expected = vouched.or(proved);
            prop_assert_eq!(vouching(&enrolment.stage), expected);
            prop_assert!(enrolment.expires_at() <= START + Duration::from_mins(30));
        }
        let loa = vouching(&enrolment.stage).map(Binding::loa);
        let is_sure = vouched.is_some() || proved == Some(Binding::Wallet);
        prop_assert!(is_sure || loa.is_none_or(|loa| loa == Loa::Low));
    }

    #[test]
    fn nothing_is_confirmed_unless_password_and_code_matched(
        vouched in proptest::option::of(binding()),
        events in proptest::collection::vec(event(), 0..30),
    ) {
        let mut enrolment = Enrolment::begin(1, "kovacs.anna".to_owned(), vouched, START);
        let mut last = None;
        for event in events {
            if let Some(next) = advance_enrolment(&enrolment, event.clone(), now()) {
                enrolment = next;
                last = Some(event);
            }
            let confirmed = matches!(enrolment.stage, EnrolmentStage::Confirmed { .. });
            let matched = matches!(last, Some(EnrolmentEvent::Confirmed { .. }));
            prop_assert_eq!(confirmed, matched);
        }
    }

    #[test]
    fn an_enrolment_reads_back_as_it_was_stored(stage in select(every_stage().to_vec()), binding in binding()) {
        for enrolment in [at(stage), at(EnrolmentStage::Vouched { binding })] {
            let stored = serde_json::to_string(&enrolment).unwrap();
            prop_assert_eq!(serde_json::from_str::<Enrolment>(&stored).unwrap(), enrolment);
        }
    }
}
