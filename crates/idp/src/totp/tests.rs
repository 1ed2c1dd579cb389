//! Time-based codes against the vectors of the RFCs.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::testing::Seeded;

/// RFC 4226 appendix D.
#[test]
fn t01_hotp_gives_the_values_of_rfc_4226() {
    let values = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
    for (counter, value) in (0..).zip(values) {
        assert_eq!(hotp(Algorithm::Sha1, b"12345678901234567890", counter, 1_000_000), value, "counter {counter}");
    }
}

/// RFC 6238 appendix B, with the keys of 20, 32 and 64 bytes that its erratum 2866 names.
#[test]
fn t01_totp_gives_the_values_of_rfc_6238() {
    let keys: [&[u8]; 3] = [
        b"12345678901234567890",
        b"12345678901234567890123456789012",
        b"1234567890123456789012345678901234567890123456789012345678901234",
    ];
    #[rustfmt::skip]
    let table = [
        //  seconds         SHA-1        SHA-256      SHA-512
        (            59, [94_287_082, 46_119_246, 90_693_936]),
        ( 1_111_111_109, [ 7_081_804, 68_084_774, 25_091_201]),
        ( 1_111_111_111, [14_050_471, 67_062_674, 99_943_326]),
        ( 1_234_567_890, [89_005_924, 91_819_424, 93_441_116]),
        ( 2_000_000_000, [69_279_037, 90_698_825, 38_618_901]),
        (20_000_000_000, [65_353_130, 77_737_706, 47_863_826]),
    ];
    for (seconds, values) in table {
        let counter = u64::try_from(step_at(Timestamp::from_seconds(seconds))).unwrap();
        let algorithms = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
        for ((algorithm, key), value) in algorithms.into_iter().zip(keys).zip(values) {
            assert_eq!(hotp(algorithm, key, counter, 100_000_000), value, "{algorithm:?} at {seconds}");
        }
    }
    let key = Key::from_bytes(keys[0]).unwrap();
    assert_eq!(key.code_of_step(1).unwrap().expose().expose(), "287082");
}

const NOW: Timestamp = Timestamp::from_seconds(1_736_500_015);

fn code(key: &Key, steps_away: i64) -> Code {
    key.code_of_step(step_at(NOW) + steps_away).unwrap()
}

#[test]
fn t02_window_is_one_step_either_way() {
    for seed in 0..200 {
        let key = Key::draw(&Seeded::new(seed));
        for away in -3..=3_i64 {
            let accepted = (away.abs() <= 1).then_some(step_at(NOW) + away);
            assert_eq!(key.matched_step(&code(&key, away), NOW), accepted, "seed {seed}, {away} steps away");
        }
    }
}

#[test]
fn t02_the_window_moves_with_the_second() {
    let key = Key::draw(&Seeded::new(1));
    let start = step_at(NOW) * STEP_SECONDS;
    let code = code(&key, 0);
    for (second, accepted) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
        let now = Timestamp::from_seconds(start + second);
        assert_eq!(key.matched_step(&code, now).is_some(), accepted, "{second} s from the step's start");
    }
}

#[test]
fn t03_steps_are_strictly_ordered_so_a_used_one_is_not_used_again() {
    let key = Key::draw(&Seeded::new(1));
    let used = key.matched_step(&code(&key, 0), NOW).unwrap();
    assert!(key.matched_step(&code(&key, 0), NOW).unwrap() <= used);
    assert!(key.matched_step(&code(&key, -1), NOW).unwrap() <= used);
    assert!(key.matched_step(&code(&key, 1), NOW).unwrap() > used);
}

#[test]
fn t07_what_may_be_typed_as_a_code() {
    #[rustfmt::skip]
    let table = [
        ("123456",                   Ok("123456")),
        ("012345",                   Ok("012345")),
        ("123 456",                  Ok("123456")),
        ("１２３４５６",             Ok("123456")),
        ("123\u{2011}456",           Ok("123456")),
        ("123456\n",                 Ok("123456")),
        ("",                         Err(CodeError::Empty)),
        (" \t",                      Err(CodeError::Empty)),
        ("12345",                    Err(CodeError::Digits(5))),
        ("12345\n",                  Err(CodeError::Digits(5))),
        ("1234567",                  Err(CodeError::Digits(7))),
        ("+12345",                   Err(CodeError::Character)),
        ("١٢٣٤٥٦",                   Err(CodeError::Character)),
        ("0x1234",                   Err(CodeError::Character)),
        ("123456'--",                Err(CodeError::Character)),
    ];
    for (typed, expected) in table {
        let read = Code::parse(typed).map(|code| code.expose().expose().clone());
        assert_eq!(read.as_deref(), expected.as_ref().copied(), "{typed:?}");
    }
    assert_eq!(Code::parse(&"1".repeat(10 * 1024)).unwrap_err(), CodeError::TooLong);
    assert_eq!(Code::parse(&(" ".repeat(58) + "123456")).map(|_| ()), Ok(()));
    assert_eq!(Code::parse(&(" ".repeat(59) + "123456")).unwrap_err(), CodeError::TooLong);
}

#[test]
fn a_drift_is_explained_and_never_accepted() {
    let key = Key::draw(&Seeded::new(1));
    #[rustfmt::skip]
    let table = [
        ( -1, None),
        (  0, None),
        (  1, None),
        ( -2, Some((1, Direction::Slow))),
        (  2, Some((1, Direction::Fast))),
        ( -3, Some((2, Direction::Slow))),
        (  7, Some((4, Direction::Fast))),
        (-20, Some((10, Direction::Slow))),
        ( 20, Some((10, Direction::Fast))),
        (-21, None),
        ( 21, None),
    ];
    for (away, expected) in table {
        let drift = key.drift(&code(&key, away), NOW);
        assert_eq!(drift, expected.map(|(minutes, direction)| Drift { minutes, direction }), "{away} steps away");
        assert_eq!(key.matched_step(&code(&key, away), NOW).is_some(), away.abs() <= 1);
    }
}

#[test]
fn before_the_epoch_there_is_no_code() {
    let key = Key::draw(&Seeded::new(1));
    assert!(key.code_of_step(-1).is_none());
    let first = key.code_of_step(0).unwrap();
    assert_eq!(key.matched_step(&first, Timestamp::from_seconds(-30)), Some(0));
    assert_eq!(key.matched_step(&first, Timestamp::from_seconds(-31)), None);
}

#[test]
fn t22_a_key_is_160_bits_in_base32_without_padding() {
    let key = Key::from_bytes(b"12345678901234567890").unwrap();
    assert_eq!(key.base32().expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!(key.base32_in_groups().expose(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    for length in [0, 19, 21, 32] {
        assert_eq!(Key::from_bytes(&vec![0; length]).map(|_| ()), Err(KeyError), "{length} bytes");
    }
}

#[test]
fn t22_the_label_names_the_issuer_and_from_the_second_time_the_enrolment() {
    let key = Key::from_bytes(b"12345678901234567890").unwrap();
    let anna = UserName::parse("kovacs.anna").unwrap();
    let rest = "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kapu&algorithm=SHA1&digits=6&period=30";
    assert_eq!(
        [1, 2, 10].map(|n| label(&anna, n)),
        ["Kapu:kovacs.anna", "Kapu:kovacs.anna (2)", "Kapu:kovacs.anna (10)"]
    );
    assert_eq!(key.otpauth_uri(&anna, 1).expose(), &format!("otpauth://totp/Kapu:kovacs.anna{rest}"));
    assert_eq!(key.otpauth_uri(&anna, 2).expose(), &format!("otpauth://totp/Kapu:kovacs.anna%20(2){rest}"));
}

#[test]
fn t24_a_name_that_would_add_parameters_is_no_user_name() {
    assert!(UserName::parse("a:b?secret=X&issuer=Evil").is_err());
}

proptest! {
    #[test]
    fn t24_the_uri_has_exactly_our_parameters(typed in "[a-z][a-z0-9._-]{3,63}", enrolment in 1_u32..50, seed: u64) {
        let Ok(user_name) = UserName::parse(&typed) else { return Ok(()) };
        let uri = Key::draw(&Seeded::new(seed)).otpauth_uri(&user_name, enrolment);
        let rest = uri.expose().strip_prefix("otpauth://totp/Kapu:").unwrap();
        let (label, query) = rest.split_once('?').unwrap();
        prop_assert!(label.starts_with(user_name.as_str()) && !label.contains([':', '/', '#', '&', '+', ' ']));
        let parameters: BTreeMap<_, _> = query.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
        prop_assert_eq!(query.split('&').count(), parameters.len());
        let names: Vec<_> = parameters.keys().copied().collect();
        prop_assert_eq!(names, ["algorithm", "digits", "issuer", "period", "secret"]);
        prop_assert!(parameters["secret"].len() == 32 && !parameters["secret"].contains('='));
    }

    #[test]
    fn a_code_of_the_present_step_is_always_right(seed: u64, seconds in 0_i64..20_000_000_000) {
        let key = Key::draw(&Seeded::new(seed));
        let now = Timestamp::from_seconds(seconds);
        let typed = key.code_of_step(step_at(now)).unwrap().expose();
        let code = Code::parse(typed.expose()).unwrap();
        prop_assert!(key.matched_step(&code, now).is_some_and(|step| step >= step_at(now)));
    }
}
