//! Limits at their edges, and what no series of attempts can exceed.

use proptest::prelude::*;

use super::*;
use crate::testing::CUTOVER as START;

const MICRO: Duration = Duration::from_micros(1);
const MINUTE: Duration = Duration::from_mins(1);

/// Whole seconds after the start.
fn at(seconds: u64) -> Timestamp {
    START + Duration::from_secs(seconds)
}

/// The attempts of which each instant was admitted.
fn reserved(instants: &[Timestamp], limit: u32, window: Duration) -> Attempts {
    instants.iter().fold(Attempts::default(), |attempts, now| attempts.reserve(*now, limit, window).unwrap())
}

#[test]
fn an_attempt_counts_until_its_window_is_over() {
    let attempts = reserved(&[START], 1, MINUTE);
    #[rustfmt::skip]
    let table = [
        // now                       counted   one more is admitted
        (START,                      1,        false),
        (START + MINUTE - MICRO,     1,        false),
        (START + MINUTE,             0,        true),
        (START + MINUTE + MICRO,     0,        true),
    ];
    for (now, counted, admitted) in table {
        assert_eq!(attempts.count(now, MINUTE), counted, "{now:?}");
        let expected = if admitted { Ok(reserved(&[now], 1, MINUTE)) } else { Err(START + MINUTE) };
        assert_eq!(attempts.reserve(now, 1, MINUTE), expected, "{now:?}");
    }
}

#[test]
fn the_limit_is_the_number_of_attempts_that_pass() {
    #[rustfmt::skip]
    let table = [
        // limit  made at (s)         one more at   admitted, or not before
        (3,       vec![],             0,            Ok(())),
        (3,       vec![0, 0],         0,            Ok(())),
        (3,       vec![0, 0, 0],      0,            Err(60)),
        (3,       vec![0, 20, 40],    59,           Err(60)),
        (3,       vec![0, 20, 40],    60,           Ok(())),
        (3,       vec![0, 20, 40, 60], 79,          Err(80)),
        (1,       vec![0],            30,           Err(60)),
        (0,       vec![],             30,           Err(90)),
    ];
    for (limit, made, now, expected) in table {
        let made: Vec<_> = made.into_iter().map(at).collect();
        let attempts = reserved(&made, limit, MINUTE);
        let got = attempts.reserve(at(now), limit, MINUTE).map(|_| ());
        assert_eq!(got, expected.map_err(at), "{limit} {made:?} at {now}");
    }
}

#[test]
fn a_released_attempt_was_never_made() {
    let attempts = reserved(&[at(0), at(10), at(10), at(20)], 4, MINUTE);
    assert_eq!(attempts.release(at(10)), reserved(&[at(0), at(10), at(20)], 4, MINUTE));
    assert_eq!(attempts.release(at(20)), reserved(&[at(0), at(10), at(10)], 4, MINUTE));
    assert_eq!(attempts.release(at(15)), attempts, "there is none of that instant");
    assert_eq!(Attempts::default().release(at(0)), Attempts::default());
}

/// The limits of a smaller number that were in force before do not keep anybody out for longer.
#[test]
fn a_lowered_limit_waits_for_as_many_as_are_too_many() {
    let attempts = reserved(&[at(0), at(10), at(20), at(30)], 4, MINUTE);
    assert_eq!(attempts.reserve(at(30), 2, MINUTE), Err(at(80)));
    assert!(attempts.reserve(at(79), 2, MINUTE).is_err());
    assert!(attempts.reserve(at(80), 2, MINUTE).is_ok());
}

proptest! {
    #[test]
    fn no_window_ever_holds_more_than_the_limit(
        limit in 0_u32..6,
        window in 1_u64..120,
        mut instants in proptest::collection::vec(0_u64..600, 0..80),
    ) {
        instants.sort_unstable();
        let span = Duration::from_secs(window);
        let mut attempts = Attempts::default();
        let mut admitted: Vec<u64> = Vec::new();
        for now in instants {
            let within = admitted.iter().filter(|made| *made + window > now).count();
            match attempts.reserve(at(now), limit, span) {
                Ok(more) => {
                    admitted.push(now);
                    attempts = more;
                    prop_assert!(within < limit as usize, "only a free place is taken");
                }
                Err(until) => {
                    prop_assert_eq!(within, limit as usize, "only a full window refuses");
                    prop_assert!(limit == 0 || attempts.reserve(until, limit, span).is_ok());
                    prop_assert!(attempts.reserve(until - MICRO, limit, span).is_err());
                }
            }
            prop_assert!(attempts.0.len() <= limit as usize, "no more than the limit is stored");
        }
    }

    #[test]
    fn reserving_and_releasing_leaves_the_others(
        made in proptest::collection::vec(0_u64..59, 0..6), now in 59_u64..60,
    ) {
        let mut made: Vec<_> = made.into_iter().map(at).collect();
        made.sort_unstable();
        let attempts = reserved(&made, 10, MINUTE);
        let one_more = attempts.reserve(at(now), 10, MINUTE).unwrap();
        prop_assert_eq!(one_more.count(at(now), MINUTE), attempts.count(at(now), MINUTE) + 1);
        prop_assert_eq!(one_more.release(at(now)), attempts);
    }

    #[test]
    fn attempts_read_back_as_they_were_stored(micros in proptest::collection::vec(any::<i64>(), 0..20)) {
        let attempts = Attempts(micros.into_iter().map(Timestamp::from_micros).collect());
        let stored = serde_json::to_string(&attempts).unwrap();
        prop_assert_eq!(serde_json::from_str::<Attempts>(&stored).unwrap(), attempts);
    }
}

/// So many wrong codes, each as soon as it is admitted; and the instant of the last.
fn wrong_codes(mut attempts: TotpAttempts, mut now: Timestamp, count: u32) -> (TotpAttempts, Timestamp) {
    for _ in 0..count {
        match attempts.admission(now) {
            TotpAdmission::Admitted => {}
            TotpAdmission::Wait(until) => now = until,
            TotpAdmission::Frozen => panic!("frozen before all were tried"),
        }
        attempts = attempts.after_wrong(now);
    }
    (attempts, now)
}

#[test]
fn t08_five_wrong_codes_in_a_row_begin_a_wait_that_doubles() {
    for (waits, seconds) in [60, 120, 240, 480, 900, 900, 900].into_iter().enumerate() {
        let waits = u32::try_from(waits).unwrap();
        let fourth = TotpAttempts { in_row: 4, since_success: 4, waits, ..TotpAttempts::default() };
        let fifth = fourth.after_wrong(START);
        assert_eq!(fourth.admission(START), TotpAdmission::Admitted);
        assert_eq!(fifth.admission(START), TotpAdmission::Wait(at(seconds)), "after {waits} waits");
        assert_eq!(fifth.admission(at(seconds) - MICRO), TotpAdmission::Wait(at(seconds)));
        assert_eq!(fifth.admission(at(seconds)), TotpAdmission::Admitted);
        assert_eq!(fifth.in_row(), 0, "the count begins anew after a wait");
    }
    let always = TotpAttempts { in_row: 4, waits: u32::MAX - 1, ..TotpAttempts::default() };
    assert_eq!(always.after_wrong(START).admission(START), TotpAdmission::Wait(at(900)));
}

#[test]
fn t09_twenty_wrong_codes_since_the_last_right_one_freeze() {
    #[rustfmt::skip]
    let table = [
        // wrong   in a row   what comes next, seconds after the last
        (0,        0,         TotpAdmission::Admitted),
        (1,        1,         TotpAdmission::Admitted),
        (4,        4,         TotpAdmission::Admitted),
        (5,        0,         TotpAdmission::Wait(at(60))),
        (6,        1,         TotpAdmission::Admitted),
        (10,       0,         TotpAdmission::Wait(at(60 + 120))),
        (15,       0,         TotpAdmission::Wait(at(60 + 120 + 240))),
        (19,       4,         TotpAdmission::Admitted),
        (20,       0,         TotpAdmission::Frozen),
    ];
    for (wrong, in_row, next) in table {
        let (attempts, now) = wrong_codes(TotpAttempts::default(), START, wrong);
        assert_eq!((attempts.in_row(), attempts.admission(now)), (in_row, next), "after {wrong}");
    }
    let (frozen, now) = wrong_codes(TotpAttempts::default(), START, 20);
    assert_eq!(now, at(60 + 120 + 240), "a guesser who obeys every wait has twenty guesses in seven minutes");
    assert_eq!(frozen.admission(now + limits::TOTP_YEAR * 2), TotpAdmission::Frozen, "time thaws nothing");
}

#[test]
fn a_right_code_forgets_the_row_and_the_waits() {
    let (attempts, now) = wrong_codes(TotpAttempts::default(), START, 19);
    let right = attempts.after_right();
    assert_eq!((right.in_row(), right.admission(now)), (0, TotpAdmission::Admitted));
    let (again, now) = wrong_codes(right, now, 5);
    assert_eq!(again.admission(now), TotpAdmission::Wait(now + limits::TOTP_WAIT), "the first wait again");
    assert_eq!(again.since_success, 5);
    assert_eq!(again.wrong.count(now, limits::TOTP_YEAR), 24, "the year forgets nothing");
}

#[test]
fn t10_a_hundred_wrong_codes_in_a_year_freeze_though_right_ones_lie_between() {
    let (mut attempts, mut now) = (TotpAttempts::default(), START);
    for _ in 0..24 {
        (attempts, now) = wrong_codes(attempts, now, 4);
        attempts = attempts.after_right();
        now = now + Duration::from_hours(24);
    }
    (attempts, now) = wrong_codes(attempts, now, 3);
    assert_eq!(attempts.admission(now), TotpAdmission::Admitted, "99");
    let (hundred, now) = wrong_codes(attempts.clone(), now, 1);
    assert_eq!(hundred.admission(now), TotpAdmission::Frozen, "100");
    assert_eq!(hundred.after_right().admission(now), TotpAdmission::Frozen, "a right code changes nothing");
    assert_eq!(hundred.admission(START + limits::TOTP_YEAR - MICRO), TotpAdmission::Frozen);

    let (later, now) = (attempts, START + limits::TOTP_YEAR);
    let (later, now) = wrong_codes(later, now, 1);
    assert_eq!(later.admission(now), TotpAdmission::Admitted, "those of the first day are a year old");
}

/// What happens to an authenticator: so many seconds later, a right or a wrong code.
#[derive(Clone, Copy, Debug)]
enum Typed {
    Right,
    Wrong,
}

proptest! {
    #[test]
    fn t10_no_year_holds_more_than_a_hundred_wrong_codes(
        codes in proptest::collection::vec(
            (prop_oneof![1 => Just(Typed::Right), 3 => Just(Typed::Wrong)], 0_u64..4_000_000),
            0..400,
        ),
    ) {
        let (mut attempts, mut now) = (TotpAttempts::default(), START);
        let mut wrong: Vec<Timestamp> = Vec::new();
        let mut since_right = 0;
        for (typed, later) in codes {
            now = now + Duration::from_secs(later);
            if attempts.admission(now) != TotpAdmission::Admitted {
                continue;
            }
            match typed {
                Typed::Right => {
                    attempts = attempts.after_right();
                    since_right = 0;
                }
                Typed::Wrong => {
                    attempts = attempts.after_wrong(now);
                    wrong.push(now);
                    since_right += 1;
                }
            }
            let in_year = wrong.iter().filter(|at| **at + limits::TOTP_YEAR > now).count();
            prop_assert!(in_year <= 100 && since_right <= 20);
            let frozen = attempts.admission(now) == TotpAdmission::Frozen;
            prop_assert_eq!(frozen, in_year == 100 || since_right == 20, "{} in the year, {} in a row", in_year, since_right);
        }
    }

    #[test]
    fn wrong_codes_read_back_as_they_were_stored(wrong in 0_u32..20, right: bool) {
        let (attempts, _) = wrong_codes(TotpAttempts::default(), START, wrong);
        let attempts = if right { attempts.after_right() } else { attempts };
        let stored = serde_json::to_string(&attempts).unwrap();
        prop_assert_eq!(serde_json::from_str::<TotpAttempts>(&stored).unwrap(), attempts);
    }
}
