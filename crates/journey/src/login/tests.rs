//! The sign-in as a table, and what holds for every sequence of events.

use std::time::Duration;

use model::{Datum, HandleDigest, LegalBasis, Loa, Method};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::testing::{CUTOVER, anna, bela, context, demand, disclosure, instant, person, shortfall};

const NOW: Timestamp = CUTOVER;
const EXPIRES_AT: Timestamp = Timestamp::from_seconds(CUTOVER.seconds() + 30 * 60);
const MICRO: Duration = Duration::from_micros(1);

/// Ten minutes for the code.
fn until() -> Timestamp {
    NOW + Duration::from_mins(10)
}

fn proof(method: Method) -> AuthenticationContext {
    AuthenticationContext { method, loa: Loa::Low, at: NOW }
}

fn awaits(person: PersonId) -> Stage {
    Stage::AwaitingCode { user_name: person.as_str().to_owned(), person, until: until() }
}

fn signed_in(person: PersonId) -> Stage {
    Stage::SignedIn { person, context: proof(Method::AuthenticatorApp) }
}

fn shown(datum: Datum) -> Disclosure {
    Disclosure::new(&[datum].into_iter().collect(), &model::Release::default(), LegalBasis::Consent)
}

fn asked(person: PersonId) -> Stage {
    let context = proof(Method::AuthenticatorApp);
    Stage::AwaitingConsent { person, context, disclosure: shown(Datum::Email), from_wallet: None }
}

fn consent_due(disclosure: Disclosure) -> Event {
    Event::ConsentDue { disclosure, from_wallet: None }
}

fn short(shortfall: Shortfall) -> Stage {
    Stage::Short { shortfall }
}

fn password_of(person: PersonId) -> Event {
    Event::PasswordMatched { user_name: person.as_str().to_owned(), person, until: until() }
}

fn matched(person: PersonId) -> Event {
    Event::Matched { person, context: proof(Method::AuthenticatorApp) }
}

/// One of every event, and those of two persons where it matters.
fn every_event() -> Vec<Event> {
    vec![
        password_of(anna()),
        password_of(bela()),
        Event::FellShort(Shortfall::NotEnrolled),
        matched(anna()),
        matched(bela()),
        consent_due(shown(Datum::Email)),
        Event::Consented,
        Event::StartedOver,
        Event::WentToEnrol,
        Event::Cancelled,
        Event::Answered,
    ]
}

#[test]
fn transitions() {
    use Shortfall::{Inactive, NotEnrolled};
    use Stage::{Answered, Open, Refused};
    let cancelled = || Refused(Refusal::Cancelled);
    let shut = || short(Inactive);
    let due = || consent_due(shown(Datum::Email));
    #[rustfmt::skip]
    let table = [
        // event                          from: open            Anna's code awaited   short of something    Anna signed in        Anna asked
        (password_of(anna()),             [awaits(anna()),      awaits(anna()),       awaits(anna()),       signed_in(anna()),    awaits(anna())]),
        (password_of(bela()),             [awaits(bela()),      awaits(bela()),       awaits(bela()),       signed_in(anna()),    awaits(bela())]),
        (Event::FellShort(NotEnrolled),   [short(NotEnrolled),  short(NotEnrolled),   short(NotEnrolled),   short(NotEnrolled),   short(NotEnrolled)]),
        (matched(anna()),                 [signed_in(anna()),   signed_in(anna()),    signed_in(anna()),    signed_in(anna()),    signed_in(anna())]),
        (matched(bela()),                 [signed_in(bela()),   awaits(anna()),       signed_in(bela()),    signed_in(anna()),    signed_in(bela())]),
        (due(),                           [Open,                awaits(anna()),       shut(),               asked(anna()),        asked(anna())]),
        (Event::Consented,                [Open,                awaits(anna()),       shut(),               signed_in(anna()),    signed_in(anna())]),
        (Event::StartedOver,              [Open,                Open,                 Open,                 signed_in(anna()),    Open]),
        (Event::WentToEnrol,              [Open,                Open,                 Open,                 signed_in(anna()),    Open]),
        (Event::Cancelled,                [cancelled(),         cancelled(),          cancelled(),          cancelled(),          cancelled()]),
        (Event::Answered,                 [Open,                awaits(anna()),       shut(),               Answered,             asked(anna())]),
    ];
    for (event, to) in table {
        let from = [Open, awaits(anna()), shut(), signed_in(anna()), asked(anna())];
        for (from, to) in from.into_iter().zip(to) {
            assert_eq!(advance(from.clone(), event.clone(), EXPIRES_AT, NOW), to, "{from:?} + {event:?}");
        }
    }
}

#[test]
fn what_is_shown_may_change_while_it_is_read() {
    let due = Event::ConsentDue { disclosure: shown(Datum::BirthDate), from_wallet: Some("sealed".to_owned()) };
    let given = advance(asked(anna()), due, EXPIRES_AT, NOW);
    let Stage::AwaitingConsent { person, disclosure, from_wallet, .. } = &given else { panic!("it is asked anew") };
    assert_eq!((person, disclosure), (&anna(), &shown(Datum::BirthDate)));
    assert_eq!(from_wallet.as_deref(), Some("sealed"));
    // What a wallet gave is gone with whatever ends the page.
    for event in every_event().into_iter().filter(|event| !matches!(event, Event::Answered)) {
        let next = advance(given.clone(), event.clone(), EXPIRES_AT, NOW);
        assert!(!serde_json::to_string(&next).unwrap().contains("sealed"), "{event:?}");
    }
}

#[test]
fn what_is_over_stays_over() {
    for ended in [Stage::Answered, Stage::Refused(Refusal::Cancelled), Stage::Refused(Refusal::Expired)] {
        for event in every_event() {
            for now in [NOW, EXPIRES_AT] {
                assert_eq!(advance(ended.clone(), event.clone(), EXPIRES_AT, now), ended, "{event:?}");
            }
        }
    }
}

#[test]
fn a_sign_in_lapses_at_its_instant_whatever_happens() {
    for from in [Stage::Open, awaits(anna()), short(Shortfall::Inactive), signed_in(anna()), asked(anna())] {
        for event in every_event() {
            let at = |now| advance(from.clone(), event.clone(), EXPIRES_AT, now);
            assert_ne!(at(EXPIRES_AT - MICRO), Stage::Refused(Refusal::Expired), "{from:?} + {event:?}");
            assert_eq!(at(EXPIRES_AT), Stage::Refused(Refusal::Expired), "{from:?} + {event:?}");
        }
    }
}

#[test]
fn a_code_comes_in_time_or_the_password_is_given_again() {
    let again = Event::PasswordMatched { person: bela(), user_name: "bela".to_owned(), until: EXPIRES_AT };
    let awaits_bela = Stage::AwaitingCode { person: bela(), user_name: "bela".to_owned(), until: EXPIRES_AT };
    #[rustfmt::skip]
    let table = [
        // event             a microsecond before     when the time is up
        (matched(anna()),    signed_in(anna()),       awaits(anna())),
        (again,              awaits_bela.clone(),     awaits_bela),
        (Event::StartedOver, Stage::Open,             Stage::Open),
    ];
    for (event, before, after) in table {
        for (now, overdue, to) in [(until() - MICRO, false, before), (until(), true, after)] {
            assert_eq!(awaits(anna()).code_overdue(now), overdue);
            assert_eq!(advance(awaits(anna()), event.clone(), EXPIRES_AT, now), to, "{event:?} at {now:?}");
        }
    }
    for stage in [Stage::Open, short(Shortfall::Inactive), signed_in(anna()), asked(anna()), Stage::Answered] {
        assert!(!stage.code_overdue(EXPIRES_AT), "only an awaited code can be late: {stage:?}");
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (person(), instant()).prop_map(|(person, until)| Event::PasswordMatched {
            user_name: person.as_str().to_owned(),
            person,
            until,
        }),
        1 => shortfall().prop_map(Event::FellShort),
        3 => (person(), context()).prop_map(|(person, context)| Event::Matched { person, context }),
        2 => disclosure().prop_map(consent_due),
        2 => select(vec![Event::StartedOver, Event::WentToEnrol, Event::Consented]),
        1 => select(vec![Event::Cancelled, Event::Answered]),
    ]
}

fn stage() -> impl Strategy<Value = Stage> {
    prop_oneof![
        Just(Stage::Open),
        (person(), "[a-z]{0,8}", instant()).prop_map(|(person, user_name, until)| Stage::AwaitingCode {
            person,
            user_name,
            until,
        }),
        shortfall().prop_map(short),
        (person(), context()).prop_map(|(person, context)| Stage::SignedIn { person, context }),
        (person(), context(), disclosure()).prop_map(|(person, context, disclosure)| Stage::AwaitingConsent {
            person,
            context,
            disclosure,
            from_wallet: None,
        }),
        select(vec![Refusal::Cancelled, Refusal::Expired]).prop_map(Stage::Refused),
        Just(Stage::Answered),
    ]
}

/// Events with the instants at which they happen, and the instant at which the sign-in lapses.
fn course() -> impl Strategy<Value = (Vec<(Event, Timestamp)>, Timestamp)> {
    let events = proptest::collection::vec((event(), instant()), 0..12);
    (events, instant()).prop_map(|(mut events, expires_at)| {
        events.sort_by_key(|(_, at)| *at);
        (events, expires_at)
    })
}

proptest! {
    #[test]
    fn every_stage_takes_every_event(stage in stage(), event in event(), expires_at in instant(), now in instant()) {
        let over = matches!(stage, Stage::Answered | Stage::Refused(_));
        let next = advance(stage.clone(), event, expires_at, now);
        prop_assert!(!over || next == stage, "what is over never changes");
        prop_assert!(over || now < expires_at || next == Stage::Refused(Refusal::Expired));
    }

    #[test]
    fn nobody_is_signed_in_unless_every_factor_matched((events, expires_at) in course()) {
        let mut stage = Stage::Open;
        let mut proved = Vec::new();
        for (event, now) in events {
            if let Event::Matched { person, context } = &event {
                proved.push((person.clone(), *context));
            }
            stage = advance(stage, event, expires_at, now);
            match &stage {
                Stage::SignedIn { person, context } | Stage::AwaitingConsent { person, context, .. } => {
                    prop_assert!(proved.contains(&(person.clone(), *context)));
                }
                Stage::Answered => prop_assert!(!proved.is_empty()),
                Stage::Open | Stage::AwaitingCode { .. } | Stage::Short { .. } | Stage::Refused(_) => {}
            }
        }
    }

    #[test]
    fn a_code_awaited_for_one_person_is_never_completed_by_another(
        awaited in person(), until in instant(), event in event(), expires_at in instant(), now in instant(),
    ) {
        let stage = Stage::AwaitingCode { person: awaited.clone(), user_name: String::new(), until };
        if let Stage::SignedIn { person, .. } = advance(stage, event.clone(), expires_at, now) {
            prop_assert_eq!(&person, &awaited);
            let matched = matches!(event, Event::Matched { person, .. } if person == awaited);
            prop_assert!(matched, "only all factors complete it");
            prop_assert!(now < until && now < expires_at);
        }
    }

    #[test]
    fn who_is_signed_in_stays_who_it_is(
        person in person(), context in context(), event in event(), expires_at in instant(), now in instant(),
    ) {
        let stage = Stage::SignedIn { person, context };
        let next = advance(stage.clone(), event, expires_at, now);
        let other = matches!(next, Stage::SignedIn { .. } | Stage::AwaitingCode { .. } | Stage::Open);
        prop_assert!(next == stage || !other);
        if let Stage::AwaitingConsent { person: asked, context: of, .. } = next {
            prop_assert_eq!(Stage::SignedIn { person: asked, context: of }, stage);
        }
    }

    #[test]
    fn who_is_asked_is_not_answered_for_before_agreeing(
        person in person(), context in context(), shown in disclosure(), event in event(),
        expires_at in instant(), now in instant(),
    ) {
        let stage = Stage::AwaitingConsent { person: person.clone(), context, disclosure: shown, from_wallet: None };
        let next = advance(stage, event.clone(), expires_at, now);
        prop_assert_ne!(&next, &Stage::Answered);
        if let Stage::SignedIn { person: who, context: what } = next {
            match event {
                Event::Consented => prop_assert_eq!((who, what), (person, context)),
                Event::Matched { person, context } => prop_assert_eq!((who, what), (person, context), "signed in anew"),
                other => prop_assert!(false, "{:?} agrees to nothing", other),
            }
        }
    }

    #[test]
    fn a_sign_in_reads_back_as_it_was_stored(
        stage in stage(), demand in demand(), expires_at in instant(), raises: bool, hint: Option<String>,
    ) {
        let login = Login {
            service: ServiceId::new("https://portal.example"),
            demand,
            reply_to: "{\"state\":\"x\"}".to_owned(),
            session: raises.then(|| HandleDigest::from_bytes(&[7; 32])),
            name_hint: hint,
            linking: None,
            stage,
            expires_at,
        };
        let stored = serde_json::to_string(&login).unwrap();
        prop_assert_eq!(serde_json::from_str::<Login>(&stored).unwrap(), login);
    }
}
