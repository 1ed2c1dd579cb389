//! Instants as people read them: Budapest's time, in the page's language.

use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, Zoned};
use model::{Lang, Timestamp};

const ZONE: &str = "Europe/Budapest";

fn zoned(at: Timestamp) -> Zoned {
    let instant = Instant::from_microsecond(at.micros()).unwrap_or(Instant::UNIX_EPOCH);
    // The zone is compiled in; without it UTC is still a true time.
    instant.to_zoned(TimeZone::get(ZONE).unwrap_or(TimeZone::UTC))
}

const MONTHS_HU: [&str; 12] = [
    "január",
    "február",
    "március",
    "április",
    "május",
    "június",
    "július",
    "augusztus",
    "szeptember",
    "október",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "14:50".
pub(crate) fn clock(at: Timestamp) -> String {
    zoned(at).strftime("%H:%M").to_string()
}

/// "14:50:10".
pub(crate) fn clock_to_the_second(at: Timestamp) -> String {
    zoned(at).strftime("%H:%M:%S").to_string()
}

/// "2025. január 16.", "16 January 2025".
pub(crate) fn date(at: Timestamp, lang: Lang) -> String {
    let day = zoned(at);
    let month = usize::try_from(day.month() - 1).unwrap_or(0);
    match lang {
        Lang::Hu => format!("{}. {} {}.", day.year(), MONTHS_HU[month], day.day()),
        Lang::En => format!("{} {} {}", day.day(), MONTHS_EN[month], day.year()),
    }
}

/// "2025. január 16. 14:50".
pub(crate) fn date_and_time(at: Timestamp, lang: Lang) -> String {
    format!("{} {}", date(at, lang), clock(at))
}

/// A day written as `YYYY-MM-DD`, in words.
pub(crate) fn day(iso: &str, lang: Lang) -> String {
    let Ok(day) = iso.parse::<jiff::civil::Date>() else { return iso.to_owned() };
    let month = usize::try_from(day.month() - 1).unwrap_or(0);
    match lang {
        Lang::Hu => format!("{}. {} {}.", day.year(), MONTHS_HU[month], day.day()),
        Lang::En => format!("{} {} {}", day.day(), MONTHS_EN[month], day.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_over_is_midnight_in_budapest() {
        let cutover = Timestamp::from_seconds(1_736_982_000);
        assert_eq!(date_and_time(cutover, Lang::Hu), "2025. január 16. 00:00");
        assert_eq!(date(cutover, Lang::En), "16 January 2025");
    }

    #[test]
    fn summer_has_another_hour() {
        assert_eq!(clock(Timestamp::from_seconds(1_751_320_800)), "00:00");
    }

    #[test]
    fn days_in_words() {
        assert_eq!(day("1958-03-05", Lang::Hu), "1958. március 5.");
        assert_eq!(day("nonsense", Lang::En), "nonsense");
    }
}
