//! Days in UTC: credentials are dated to the day.

use model::Timestamp;

/// Seconds of a day.
pub(super) const DAY: i64 = 24 * 60 * 60;

/// The midnight before an instant, in seconds since the epoch.
pub(super) fn midnight(at: Timestamp) -> i64 {
    at.seconds() - at.seconds().rem_euclid(DAY)
}

/// The day of an instant in seconds since the epoch, as `YYYY-MM-DD`, in the proleptic Gregorian calendar. Years
/// begin in March here, so that the leap day is a year's last.
pub(super) fn day_of(unix: i64) -> String {
    const DAYS_OF_400_YEARS: i64 = 146_097;
    /// From 0000-03-01 to the epoch.
    const EPOCH: i64 = 719_468;
    let days = unix.div_euclid(DAY) + EPOCH;
    let (era, day) = (days.div_euclid(DAYS_OF_400_YEARS), days.rem_euclid(DAYS_OF_400_YEARS));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        #[rustfmt::skip]
        let table = [
            (0,               "1970-01-01"),
            (-1,              "1969-12-31"),
            (951_782_399,     "2000-02-28"),
            (951_782_400,     "2000-02-29"),
            (951_868_800,     "2000-03-01"),
            (1_767_225_600,   "2026-01-01"),
            (1_767_225_599,   "2025-12-31"),
            (4_107_542_400,   "2100-03-01"),
            (4_107_542_399,   "2100-02-28"),
        ];
        for (unix, day) in table {
            assert_eq!(day_of(unix), day);
        }
        assert_eq!(midnight(Timestamp::from_seconds(1_767_225_600 + 86_399)), 1_767_225_600);
    }
}
