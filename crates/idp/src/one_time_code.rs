//! Codes that go by mail: the contact code (six digits) and the code that activates a new account.
//!
//! Both are short, live for a limited time and a few tries, and are kept as an HMAC bound to what
//! they were made for: a copy of the database opens nothing, and a code opens nothing else.

use std::fmt;

use model::limits::CODE_FIELD_BYTES;
use model::{Random, Secret};

use crate::digits;
use crate::totp::{Code, CodeError};
use crate::{Keys, Purpose};

/// A contact code: six digits, each of the million equally likely.
#[derive(Debug)]
pub struct ContactCode(Code);

impl ContactCode {
    /// Draws a new one.
    pub fn draw(random: &dyn Random) -> Self {
        Self(Code::draw(random))
    }

    /// Reads what was typed, as forgiving as for an app's code.
    ///
    /// # Errors
    ///
    /// [`CodeError`] when it is not six digits.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        Code::parse(typed).map(Self)
    }

    /// The six digits, for the letter.
    pub fn expose(&self) -> Secret<String> {
        self.0.expose()
    }

    /// What is stored: `bound_to` is the identifier of the one thing that the code is for.
    pub fn digest(&self, keys: &Keys, bound_to: &str) -> [u8; 32] {
        keys.mac(Purpose::ContactCode, &[bound_to.as_bytes(), self.expose().expose().as_bytes()])
    }

    /// Whether it is the one stored, in constant time.
    pub fn matches(&self, keys: &Keys, bound_to: &str, stored: &[u8]) -> bool {
        keys.mac_matches(Purpose::ContactCode, &[bound_to.as_bytes(), self.expose().expose().as_bytes()], stored)
    }
}

/// Characters of an activation code.
pub const ACTIVATION_CODE_CHARS: usize = 10;

/// No vowels, so no words; none of `0 O 1 I L`, which look alike. 28 characters: ten are 48 bits.
const ALPHABET: &[u8; ALPHABET_CHARS as usize] = b"23456789BCDFGHJKMNPQRSTVWXYZ";
const ALPHABET_CHARS: u32 = 28;

/// An activation code: ten characters in two groups.
pub struct ActivationCode(Secret<String>);

/// Why a text cannot be an activation code. None of these costs a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivationCodeError {
    /// Nothing typed, or only spaces and dashes.
    #[error("no code was typed")]
    Empty,
    /// Another number of characters than ten: this many.
    #[error("an activation code has {ACTIVATION_CODE_CHARS} characters, not {0}")]
    Length(usize),
    /// A character that no such code has.
    #[error("no activation code holds this character")]
    Character,
    /// Longer than [`CODE_FIELD_BYTES`].
    #[error("an activation code has at most {CODE_FIELD_BYTES} bytes")]
    TooLong,
}

impl ActivationCode {
    /// Draws a new one.
    pub fn draw(random: &dyn Random) -> Self {
        let character = || char::from(ALPHABET[random.below(ALPHABET_CHARS) as usize]);
        Self(Secret::new((0..ACTIVATION_CODE_CHARS).map(|_| character()).collect()))
    }

    /// Reads what was typed: either case, with spaces and dashes, full width too.
    ///
    /// # Errors
    ///
    /// [`ActivationCodeError`] when it cannot be a code.
    pub fn parse(typed: &str) -> Result<Self, ActivationCodeError> {
        let symbols = digits::symbols(typed, CODE_FIELD_BYTES).map_err(|_| ActivationCodeError::TooLong)?;
        if symbols.is_empty() {
            return Err(ActivationCodeError::Empty);
        }
        let code = Secret::new(symbols.iter().map(char::to_ascii_uppercase).collect::<String>());
        if !code.expose().bytes().all(|byte| ALPHABET.contains(&byte)) {
            return Err(ActivationCodeError::Character);
        }
        match code.expose().len() {
            ACTIVATION_CODE_CHARS => Ok(Self(code)),
            length => Err(ActivationCodeError::Length(length)),
        }
    }

    /// The code as the letter shows it: two groups with a hyphen between.
    pub fn display(&self) -> Secret<String> {
        let (one, other) = self.0.expose().split_at(ACTIVATION_CODE_CHARS / 2);
        Secret::new(format!("{one}-{other}"))
    }

    /// What is stored: `bound_to` is the identifier of the account that the code is for.
    pub fn digest(&self, keys: &Keys, bound_to: &str) -> [u8; 32] {
        keys.mac(Purpose::ActivationCode, &[bound_to.as_bytes(), self.0.expose().as_bytes()])
    }

    /// Whether it is the one stored, in constant time.
    pub fn matches(&self, keys: &Keys, bound_to: &str, stored: &[u8]) -> bool {
        keys.mac_matches(Purpose::ActivationCode, &[bound_to.as_bytes(), self.0.expose().as_bytes()], stored)
    }
}

impl fmt::Debug for ActivationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActivationCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{Seeded, keys};

    #[test]
    fn a_contact_code_matches_only_what_it_is_bound_to() {
        let code = ContactCode::parse("123 456").unwrap();
        let stored = code.digest(&keys(1), "session-1");
        assert!(code.matches(&keys(1), "session-1", &stored));
        assert!(!code.matches(&keys(1), "session-2", &stored));
        assert!(!code.matches(&keys(2), "session-1", &stored));
        assert!(!ContactCode::parse("123457").unwrap().matches(&keys(1), "session-1", &stored));
        assert!(!code.matches(&keys(1), "session-1", b""));
        assert_eq!(ContactCode::parse("12345").unwrap_err(), CodeError::Digits(5));
    }

    #[test]
    fn an_activation_code_matches_only_what_it_is_bound_to() {
        let code = ActivationCode::draw(&Seeded::new(1));
        let stored = code.digest(&keys(1), "anna");
        assert!(code.matches(&keys(1), "anna", &stored));
        assert!(!code.matches(&keys(1), "bela", &stored));
        assert!(!ActivationCode::draw(&Seeded::new(2)).matches(&keys(1), "anna", &stored));
    }

    #[test]
    fn what_may_be_typed_as_an_activation_code() {
        use ActivationCodeError::{Character, Empty, Length, TooLong};
        let code = Ok("23456-BCDFG");
        #[rustfmt::skip]
        let table = [
            ("23456-BCDFG",       code),
            ("23456bcdfg",        code),
            (" 234 56\u{2013}bcd fg\n", code),
            ("２３４５６ＢＣＤＦＧ", code),
            ("",                  Err(Empty)),
            (" - ",               Err(Empty)),
            ("23456-BCDF",        Err(Length(9))),
            ("23456-BCDFGH",      Err(Length(11))),
            ("23456-BCDF0",       Err(Character)),
            ("23456-BCDFO",       Err(Character)),
            ("23456-BCDFé",       Err(Character)),
            ("23456-BCDF\u{212a}", Err(Character)), // Kelvin sign
        ];
        for (typed, expected) in table {
            let read = ActivationCode::parse(typed).map(|code| code.display().expose().clone());
            assert_eq!(read.as_deref(), expected.as_ref().copied(), "{typed:?}");
        }
        assert_eq!(ActivationCode::parse(&"2".repeat(65)).unwrap_err(), TooLong);
    }

    #[test]
    fn every_character_of_the_alphabet_is_drawn() {
        let random = Seeded::new(1);
        let drawn: String = (0..100).map(|_| ActivationCode::draw(&random).display().expose().clone()).collect();
        assert!(ALPHABET.iter().all(|c| drawn.contains(char::from(*c))));
    }

    proptest! {
        #[test]
        fn what_is_mailed_is_what_is_read(seed: u64) {
            let random = Seeded::new(seed);
            let contact = ContactCode::draw(&random);
            let typed = ContactCode::parse(contact.expose().expose()).unwrap();
            prop_assert!(typed.matches(&keys(1), "x", &contact.digest(&keys(1), "x")));
            let activation = ActivationCode::draw(&random);
            let typed = ActivationCode::parse(activation.display().expose()).unwrap();
            prop_assert!(typed.matches(&keys(1), "x", &activation.digest(&keys(1), "x")));
        }
    }
}
