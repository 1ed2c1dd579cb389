//! Four digits that a phone shows and a person types on the other device, so that the two are one person's.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use model::{Random, Secret, limits};

use crate::digits::{self, Unreadable};

/// How many there are.
pub const PHONE_DIGITS: usize = 4;

/// The digits, as ASCII.
pub struct PhoneDigits(Secret<String>);

/// Why a text is none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneDigitsError {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// Another number of digits.
    #[error("{0} digits were typed instead of four")]
    Count(usize),
    /// Something else than digits, spaces and dashes, or far too long.
    #[error("something else than digits was typed")]
    Character,
}

impl PhoneDigits {
    /// Draws them.
    pub fn draw(random: &dyn Random) -> Self {
        // One of 10,000 from 2^32: none is likelier than another by more than one in 400,000.
        Self(Secret::new(format!("{:04}", u32::from_be_bytes(random.bytes()) % 10_000)))
    }

    /// Reads what was typed, in full-width digits and with spaces and dashes too.
    ///
    /// # Errors
    ///
    /// [`PhoneDigitsError`]. None of these is worth a try.
    pub fn parse(typed: &str) -> Result<Self, PhoneDigitsError> {
        let digits = match digits::read(typed, limits::CODE_FIELD_BYTES) {
            Ok(digits) => digits,
            Err(Unreadable::TooLong | Unreadable::Character) => return Err(PhoneDigitsError::Character),
        };
        match digits.len() {
            0 => Err(PhoneDigitsError::Empty),
            PHONE_DIGITS => Ok(Self(Secret::new(digits.iter().map(|digit| char::from(b'0' + digit)).collect()))),
            count => Err(PhoneDigitsError::Count(count)),
        }
    }

    /// From stored text.
    pub fn from_stored(text: String) -> Self {
        Self(Secret::new(text))
    }

    /// The text, for the page that shows it and the value that is sealed.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Whether both are the same, in a time that does not tell.
    pub fn matches(&self, other: &Self) -> bool {
        verify_slices_are_equal(self.0.expose().as_bytes(), other.0.expose().as_bytes()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;

    #[test]
    fn what_is_drawn_is_read_as_it_is_typed() {
        let drawn = PhoneDigits::draw(&Seeded::new(1));
        let spaced: String = drawn.expose().chars().flat_map(|digit| [digit, ' ']).collect();
        assert!(PhoneDigits::parse(&spaced).unwrap().matches(&drawn));
        assert!(PhoneDigits::parse("４７０２").unwrap().matches(&PhoneDigits::from_stored("4702".to_owned())));
        assert!(!PhoneDigits::parse("4702").unwrap().matches(&PhoneDigits::from_stored("4703".to_owned())));
    }

    #[test]
    fn what_is_no_four_digits_is_said_so() {
        let fault = |typed: &str| PhoneDigits::parse(typed).err();
        assert_eq!(fault(" "), Some(PhoneDigitsError::Empty));
        assert_eq!(fault("470"), Some(PhoneDigitsError::Count(3)));
        assert_eq!(fault("47025"), Some(PhoneDigitsError::Count(5)));
        assert_eq!(fault("47o2"), Some(PhoneDigitsError::Character));
        assert_eq!(fault(&"4".repeat(100)), Some(PhoneDigitsError::Character));
    }
}
