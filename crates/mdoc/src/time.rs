//! Instants and dates in text.

use std::fmt;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// A day of the Gregorian calendar, as tag 1004 has it (RFC 8943 section 1.1).
///
/// Invariant: there is such a day, in the years 0 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FullDate {
    year: u16,
    month: u8,
    day: u8,
}

impl FullDate {
    /// The day with these numbers, if there is one.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = year <= 9999 && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD` (RFC 3339 section 5.6), and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text.as_bytes() else { return None };
        let year = number(&[y0, y1, y2, y3])?;
        let [month, day] = [number(&[m0, m1])?, number(&[d0, d1])?];
        Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01. Years are counted from March, so that the day that comes and goes is the last.
    fn days(self) -> i64 {
        let (year, month, day) = (i64::from(self.year), i64::from(self.month), i64::from(self.day));
        let year = if month > 2 { year } else { year - 1 };
        let before_month = (153 * ((month + 9) % 12) + 2) / 5;
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        365 * year + leap_days + before_month + day - 1 - 719_468
    }
}

impl fmt::Display for FullDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for FullDate {
    /// A date is mostly somebody's birthday.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FullDate(..)")
    }
}

fn days_of(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| 10 * value + u16::from(digit - b'0')))
}

/// The instant, in Unix time, that `YYYY-MM-DDTHH:MM:SSZ` names. Neither fractions nor other offsets
/// (ISO/IEC 18013-5 section 9.1.2.4).
pub(crate) fn read(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [h0, h1, b':', m0, m1, b':', s0, s1] = *time.as_bytes() else { return None };
    let [hour, minute, second] = [number(&[h0, h1])?, number(&[m0, m1])?, number(&[s0, s1])?];
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let of_day = 3600 * i64::from(hour) + 60 * i64::from(minute) + i64::from(second);
    Some(FullDate::parse(date)?.days() * SECONDS_OF_A_DAY + of_day)
}

/// An instant of the years 1970 to 9999 in that form.
pub(crate) fn write(unix: i64) -> Option<String> {
    let (days, of_day) = (unix.div_euclid(SECONDS_OF_A_DAY), unix.rem_euclid(SECONDS_OF_A_DAY));
    let first = |year| FullDate::new(year, 1, 1).map(FullDate::days);
    // Not earlier than the year it is in, and at most one later.
    let guess = u16::try_from(1970 + days / 365).ok().filter(|_| unix >= 0)?;
    let year = (guess.saturating_sub(7)..=guess).rev().find(|year| first(*year).is_some_and(|first| first <= days))?;
    let months = (1..=12).rev().filter_map(|month| FullDate::new(year, month, 1));
    let begin = months.into_iter().find(|begin| begin.days() <= days)?;
    let date = FullDate::new(year, begin.month, u8::try_from(days - begin.days() + 1).ok()?)?;
    Some(format!("{date}T{:02}:{:02}:{:02}Z", of_day / 3600, of_day / 60 % 60, of_day % 60))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_instants() {
        let table = [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2020-10-01T13:30:02Z", 1_601_559_002),
            ("2024-12-31T00:00:00Z", 1_735_603_200),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ];
        for (text, unix) in table {
            assert_eq!(read(text), Some(unix), "{text}");
            assert_eq!(write(unix).as_deref(), Some(text));
        }
        assert_eq!(write(253_402_300_800), None);
        assert_eq!(write(-1), None);
    }

    #[test]
    fn what_is_no_instant_in_that_form_is_refused() {
        for text in [
            "2020-10-01T13:30:02.5Z",
            "2020-10-01T13:30:02+00:00",
            "2020-10-01t13:30:02z",
            "2020-10-01 13:30:02Z",
            "2020-02-30T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2020-13-01T00:00:00Z",
            "2020-10-01T24:00:00Z",
            "2020-10-01T00:00:60Z",
            "20201001T000000Z",
            "+020-10-01T00:00:00Z",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(unix in 0_i64..253_402_300_800) {
            prop_assert_eq!(read(&write(unix).unwrap()), Some(unix));
        }
    }
}
