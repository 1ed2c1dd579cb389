use proptest::prelude::*;

use super::*;

const MINUTE: Duration = Duration::from_mins(1);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn counted(window: i64, tries: u32) -> Counted {
    Counted { window: at(window), tries }
}

#[test]
fn a_fixed_limit_opens_when_its_window_ends() {
    let limit = Limit::fixed(3, MINUTE);
    #[rustfmt::skip]
    let table = [
        // counted                             now  room  closed until
        (vec![],                                90,  3,   None),
        (vec![counted(60, 2)],                  90,  3,   None),
        (vec![counted(60, 3)],                  60,  3,   Some(120)),
        (vec![counted(60, 3)],                 119,  3,   Some(120)),
        (vec![counted(60, 3)],                 120,  3,   None),
        (vec![counted(0, 3), counted(60, 1)],   90,  3,   None),
    ];
    for (counted, now, room, until) in table {
        assert_eq!(limit.room(&counted, at(now)), room, "{counted:?} at {now}");
        assert_eq!(limit.closed_until(&counted, at(now)), until.map(at), "{counted:?} at {now}");
    }
    assert_eq!(limit.window_of(at(119)), at(60));
    assert_eq!(limit.window_of(at(-1)), at(-60));
    assert_eq!(limit.oldest_window(at(119)), at(60));
}

#[test]
fn a_rolling_limit_remembers_all_that_its_span_touches() {
    let limit = Limit::rolling(5, MINUTE * 3, MINUTE);
    #[rustfmt::skip]
    let table = [
        (vec![counted(0, 5)],                   30,  5, Some(240)),
        (vec![counted(0, 5)],                  239,  0, Some(240)),
        (vec![counted(0, 5)],                  240,  5, None),
        (vec![counted(0, 2), counted(120, 3)], 180,  0, Some(240)),
        (vec![counted(120, 3), counted(0, 2)], 180,  0, Some(240)),
        (vec![counted(0, 2), counted(120, 3)], 240,  2, None),
        (vec![counted(0, 1), counted(60, 6)],  180,  0, Some(300)),
        (vec![counted(0, 2), counted(60, 2)],  180,  1, None),
    ];
    for (counted, now, room, until) in table {
        assert_eq!(limit.room(&counted, at(now)), room, "{counted:?} at {now}");
        assert_eq!(limit.closed_until(&counted, at(now)), until.map(at), "{counted:?} at {now}");
    }
    assert_eq!(limit.oldest_window(at(239)), at(0));
    assert_eq!(limit.lifetime(), MINUTE * 4);
}

/// Plays tries at the given instants through the rows as the store keeps them, and returns those admitted.
fn admitted(limit: Limit, mut instants: Vec<i64>) -> Vec<i64> {
    instants.sort_unstable();
    let mut rows: Vec<Counted> = Vec::new();
    instants.retain(|instant| {
        let now = at(*instant);
        let open = limit.closed_until(&rows, now).is_none();
        let (window, room) = (limit.window_of(now), limit.room(&rows, now));
        let index = rows.iter().position(|row| row.window == window).unwrap_or_else(|| {
            rows.push(Counted { window, tries: 0 });
            rows.len() - 1
        });
        let admitted = rows[index].tries < room;
        assert_eq!(open, admitted, "both ways to ask say the same");
        rows[index].tries += u32::from(admitted);
        admitted
    });
    instants
}

proptest! {
    #[test]
    fn no_span_holds_more_than_a_rolling_limit(
        tries in 1_u32..6,
        windows in 1_u32..6,
        instants in proptest::collection::vec(0_i64..3000, 0..120),
    ) {
        let admitted = admitted(Limit::rolling(tries, MINUTE * windows, MINUTE), instants);
        for start in &admitted {
            let end = start + 60 * i64::from(windows);
            let held = admitted.iter().filter(|instant| (*start..end).contains(instant)).count();
            prop_assert!(held <= tries as usize, "{held} from {start} to {end}");
        }
    }

    #[test]
    fn no_window_holds_more_than_a_fixed_limit(
        tries in 1_u32..6,
        instants in proptest::collection::vec(0_i64..600, 0..80),
    ) {
        let admitted = admitted(Limit::fixed(tries, MINUTE), instants.clone());
        for window in 0..10 {
            let within = |instant: &&i64| **instant / 60 == window;
            let (held, tried) = (admitted.iter().filter(within).count(), instants.iter().filter(within).count());
            prop_assert_eq!(held, tried.min(tries as usize), "all that fit are admitted, and no more");
        }
    }

    #[test]
    fn a_limit_opens_at_the_instant_it_names_and_not_before(
        limit in prop_oneof![Just(Limit::fixed(4, MINUTE)), Just(Limit::rolling(4, MINUTE * 4, MINUTE))],
        counts in proptest::collection::vec(0_u32..4, 12),
        now in 600_i64..720,
    ) {
        let rows: Vec<_> = (0..).zip(counts).map(|(i, tries)| counted(60 * i, tries)).filter(|c| c.window <= at(now)).collect();
        if let Some(until) = limit.closed_until(&rows, at(now)) {
            prop_assert!(until > at(now));
            prop_assert!(limit.closed_until(&rows, until).is_none());
            prop_assert!(limit.closed_until(&rows, until - Duration::from_micros(1)).is_some());
        }
    }
}
