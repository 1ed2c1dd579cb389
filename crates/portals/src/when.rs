//! Instants in words: Europe/Budapest, in the order of the language.

use jiff::tz::TimeZone;
use model::{Lang, Timestamp};

/// Day and minute: `2025. 01. 16. 14:32`, `16 January 2025, 14:32`.
pub(crate) fn minute(instant: Timestamp, lang: Lang) -> String {
    let pattern = match lang {
        Lang::Hu => "%Y. %m. %d. %H:%M",
        Lang::En => "%-d %B %Y, %H:%M",
    };
    written(instant, pattern)
}

/// The time of day: `14:32`.
pub(crate) fn time_of_day(instant: Timestamp) -> String {
    written(instant, "%H:%M")
}

/// A day as `YYYY-MM-DD`; anything else stays as it is.
pub(crate) fn day(text: &str, lang: Lang) -> String {
    let pattern = match lang {
        Lang::Hu => "%Y. %m. %d.",
        Lang::En => "%-d %B %Y",
    };
    text.parse::<jiff::civil::Date>().map_or_else(|_| text.to_owned(), |day| day.strftime(pattern).to_string())
}

/// The form of a `<time datetime>`.
pub(crate) fn machine(instant: Timestamp) -> String {
    written(instant, "%Y-%m-%dT%H:%M%:z")
}

fn written(instant: Timestamp, pattern: &str) -> String {
    let Ok(instant) = jiff::Timestamp::from_microsecond(instant.micros()) else {
        return String::new();
    };
    let zone = TimeZone::get("Europe/Budapest").unwrap_or(TimeZone::UTC);
    instant.to_zoned(zone).strftime(pattern).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_in_budapest_and_in_the_order_of_the_language() {
        let winter = Timestamp::from_seconds(1_736_982_000); // 2025-01-15T23:00:00Z
        assert_eq!(minute(winter, Lang::Hu), "2025. 01. 16. 00:00");
        assert_eq!(minute(winter, Lang::En), "16 January 2025, 00:00");
        let summer = Timestamp::from_seconds(1_752_580_800); // 2025-07-15T12:00:00Z
        assert_eq!(time_of_day(summer), "14:00");
        assert_eq!(machine(summer), "2025-07-15T14:00+02:00");
    }

    #[test]
    fn a_day_that_is_none_stays_as_it_came() {
        assert_eq!(day("1957-04-09", Lang::Hu), "1957. 04. 09.");
        assert_eq!(day("1957-04-09", Lang::En), "9 April 1957");
        assert_eq!(day("1957", Lang::En), "1957");
    }
}
