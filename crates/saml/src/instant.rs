//! Instants on the wire: `xs:dateTime` in UTC (SAML Core section 1.3.3).
//!
//! Here an instant is whole seconds since the epoch. A fraction is read and dropped: no two parties'
//! clocks agree to less than a second, and every comparison allows for more.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The attributes that hold one.
pub(crate) const NAMES: [&str; 5] =
    ["IssueInstant", "NotBefore", "NotOnOrAfter", "AuthnInstant", "SessionNotOnOrAfter"];
/// The longest instant that is read: `2026-11-25T10:00:00.123456789Z`.
const BYTES_MAX: usize = 30;

/// Reads `2026-11-25T10:00:00Z`, with or without a fraction of a second.
///
/// Nothing for any other form: another time zone or none (section 1.3.3 wants UTC), a day that no
/// calendar has, a leap second, or a year that is not of four digits.
pub(crate) fn parse(text: &str) -> Option<i64> {
    if text.len() > BYTES_MAX {
        return None;
    }
    let (whole, fraction) = match text.strip_suffix('Z')?.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.strip_suffix('Z')?, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.is_some_and(|fraction| !digits(fraction)) {
        return None;
    }
    let shape: String = whole.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if shape != "0000-00-00T00:00:00" || &whole[17..] == "60" {
        return None;
    }
    let at: DateTime = whole.parse().ok()?;
    let at = TimeZone::UTC.to_timestamp(at).ok()?;
    Some(at.as_second())
}

/// Writes an instant, without a fraction.
///
/// Instants that no four-digit year has come out as the nearest that one has.
pub fn print(seconds: i64) -> String {
    const FIRST: i64 = -62_167_219_200;
    const LAST: i64 = 253_402_207_200;
    jiff::Timestamp::from_second(seconds.clamp(FIRST, LAST)).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// Reads an `xs:duration` of days and less, as `cacheDuration` has it, in seconds. Years and months
/// count as 365 and 30 days.
pub(crate) fn parse_duration(text: &str) -> Option<i64> {
    const DATE: [(char, i64); 3] = [('Y', 365 * 86_400), ('M', 30 * 86_400), ('D', 86_400)];
    const TIME: [(char, i64); 3] = [('H', 3_600), ('M', 60), ('S', 1)];
    let rest = text.strip_prefix('P').filter(|rest| !rest.is_empty() && text.len() <= BYTES_MAX)?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    Some(designated(date, &DATE)?.saturating_add(designated(time, &TIME)?))
}

/// The sum of numbers that are each followed by their unit, in the order of the units.
fn designated(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut sum = 0_i64;
    for (sign, seconds) in units {
        let Some((number, rest)) = text.split_once(*sign) else { continue };
        let whole = if *sign == 'S' { number.split('.').next()? } else { number };
        let number: u32 = whole.parse().ok()?;
        sum = sum.saturating_add(i64::from(number).saturating_mul(*seconds));
        text = rest;
    }
    text.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn instants_are_read_as_seconds() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2025-01-16T00:00:00Z", 1_736_985_600),
            ("2025-01-16T00:00:00.000Z", 1_736_985_600),
            ("2025-01-16T00:00:00.999999999Z", 1_736_985_600),
            ("2024-02-29T23:59:59Z", 1_709_251_199),
            ("1969-12-31T23:59:59Z", -1),
            ("9999-12-30T00:00:00Z", 253_402_128_000),
        ] {
            assert_eq!(parse(text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn s43_other_instants_are_no_instants() {
        for text in [
            "",
            "Z",
            "2026-02-30T00:00:00Z",
            "2025-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-12-31T23:59:60Z",
            "99999-01-01T00:00:00Z",
            "+2026-01-01T00:00:00Z",
            "-2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00+00:00",
            "2026-01-01T00:00:00+01:00",
            "2026-01-01T00:00:00+01:00Z",
            "2026-01-01T00:00:00z",
            "2026-01-01t00:00:00Z",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00Z",
            "2026-01-01Z",
            "20260101T000000Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00,5Z",
            "2026-01-01T00:00:00.1234567890Z",
            " 2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00Z ",
            "٢026-01-01T00:00:00Z",
            "2026-01-01T00:00:00[UTC]Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_read_as_seconds() {
        for (text, seconds) in [
            ("PT6H", Some(21_600)),
            ("P1D", Some(86_400)),
            ("P1DT1H1M1.5S", Some(90_061)),
            ("PT604800S", Some(604_800)),
            ("P1Y2M", Some(425 * 86_400)),
            ("P", None),
            ("PT", None),
            ("P1", None),
            ("P1H", None),
            ("PT1S1H", None),
            ("-P1D", None),
            ("1D", None),
            ("PT99999999999S", None),
        ] {
            assert_eq!(parse_duration(text), seconds, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds in -62_135_596_800_i64..253_402_207_200) {
            prop_assert_eq!(parse(&print(seconds)), Some(seconds));
        }

        #[test]
        fn any_number_is_written_in_the_one_form(seconds: i64) {
            prop_assert!(parse(&print(seconds)).is_some());
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = parse(&text);
            let _ = parse_duration(&text);
        }
    }
}
