//! Instants of a certificate (RFC 5280 section 4.1.2.5).

use crate::der::{self, Reader};

const DAY_SECONDS: i64 = 86_400;
/// 0001-01-01 and 9999-12-31T23:59:59Z, the years that can be written, in Unix time.
const WRITABLE: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
/// 2050-01-01, from which on the year has four digits.
const YEAR_2050: i64 = 2_524_608_000;
/// 1950-01-01.
const YEAR_1950: i64 = -631_152_000;

/// The next instant, in Unix time.
pub(super) fn read(from: &mut Reader<'_>) -> Option<i64> {
    let (year_digits, text) = match from.next_tag()? {
        der::UTC_TIME => (2, from.read(der::UTC_TIME)?),
        der::GENERALIZED_TIME => (4, from.read(der::GENERALIZED_TIME)?),
        _ => return None,
    };
    let (digits, b"Z") = text.split_at_checked(year_digits + 10)? else { return None };
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |digits: &[u8]| digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    let (year, rest) = digits.split_at(year_digits);
    let year = match (year_digits, number(year)) {
        (2, year @ 50..) => 1900 + year,
        (2, year) => 2000 + year,
        (_, year) => year,
    };
    let [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map(|at| number(&rest[at..at + 2]));
    let is_date = (1..=12).contains(&month) && day >= 1 && day <= month_days(year, month);
    let seconds = hour * 3_600 + minute * 60 + second;
    (is_date && hour < 24 && minute < 60 && second < 60).then(|| days(year, month, day) * DAY_SECONDS + seconds)
}

/// An instant as DER, if its year has at most four digits.
pub(super) fn write(unix: i64) -> Option<Vec<u8>> {
    if !WRITABLE.contains(&unix) {
        return None;
    }
    let (day_number, second) = (unix.div_euclid(DAY_SECONDS), unix.rem_euclid(DAY_SECONDS));
    let year = (1..=9999).rev().find(|year| days(*year, 1, 1) <= day_number)?;
    let month = (1..=12).rev().find(|month| days(year, *month, 1) <= day_number)?;
    let day = day_number - days(year, month, 1) + 1;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    Some(if (YEAR_1950..YEAR_2050).contains(&unix) {
        der::value(der::UTC_TIME, &[format!("{:02}{rest}", year % 100).as_bytes()])
    } else {
        der::value(der::GENERALIZED_TIME, &[format!("{year:04}{rest}").as_bytes()])
    })
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_days(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let years = before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162;
    years + (1..month).map(|month| month_days(year, month)).sum::<i64>() + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_and_read() {
        let rows: [(i64, &[u8]); 7] = [
            (0, b"\x17\x0d700101000000Z"),
            (951_868_799, b"\x17\x0d000229235959Z"),
            (YEAR_2050 - 1, b"\x17\x0d491231235959Z"),
            (YEAR_2050, b"\x18\x0f20500101000000Z"),
            (YEAR_1950, b"\x17\x0d500101000000Z"),
            (*WRITABLE.start(), b"\x18\x0f00010101000000Z"),
            (*WRITABLE.end(), b"\x18\x0f99991231235959Z"),
        ];
        for (unix, der) in rows {
            assert_eq!(write(unix).as_deref(), Some(der), "{unix}");
            assert_eq!(read(&mut Reader::new(der)), Some(unix));
        }
        assert_eq!(write(*WRITABLE.end() + 1), None);
        assert_eq!(write(i64::MIN), None);
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for der in [
            &b"\x17\x0d230229000000Z"[..],
            b"\x17\x0d231301000000Z",
            b"\x17\x0d230100000000Z",
            b"\x17\x0d230101240000Z",
            b"\x17\x0d230101006000Z",
            b"\x17\x0d23010100000xZ",
            b"\x17\x0b2301010000Z",
            b"\x17\x112301010000000100",
            b"\x18\x0d230101000000Z",
            b"\x16\x0d230101000000Z",
            b"",
        ] {
            assert_eq!(read(&mut Reader::new(der)), None, "{der:?}");
        }
    }
}
