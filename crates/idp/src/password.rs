//! Passwords: read, hashed, verified, and judged when they are new.

use std::fmt;

use model::limits::PASSWORD_CHARS_MAX;
use model::{Random, Secret};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::hasher::{HashError, Hasher, Verdict};
use crate::{Busy, Purpose};

mod strength;

pub use strength::{Weakness, judge};

/// The most bytes that are looked at: room for [`PASSWORD_CHARS_MAX`] characters with many combining marks.
pub const PASSWORD_BYTES_MAX: usize = 4096;

/// A password in the one form that is hashed.
///
/// As RFC 8265 section 4.2 (`OpaqueString`): spaces of any kind become U+0020, then NFC; case and width
/// stay. Nothing is cut off. Control characters are refused, since no keyboard types them into the field.
pub struct Password(Secret<String>);

/// Why a text is no password. At a sign-in it is then simply a wrong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing typed.
    #[error("no password was typed")]
    Empty,
    /// More than [`PASSWORD_CHARS_MAX`] characters.
    #[error("a password has at most {PASSWORD_CHARS_MAX} characters")]
    TooLong,
    /// A control character.
    #[error("a password holds no control characters")]
    Control,
}

impl Password {
    /// Brings what was typed into its form.
    ///
    /// # Errors
    ///
    /// [`PasswordError`] when it has none.
    pub fn parse(typed: &Secret<String>) -> Result<Self, PasswordError> {
        let typed = typed.expose();
        if typed.is_empty() {
            return Err(PasswordError::Empty);
        }
        if typed.len() > PASSWORD_BYTES_MAX {
            return Err(PasswordError::TooLong);
        }
        if typed.chars().any(char::is_control) {
            return Err(PasswordError::Control);
        }
        // Room for any result (no character grows more than threefold in NFC, Unicode Annex 15
        // section 11), so that no half-made copy is left behind in memory.
        let mut normal = Zeroizing::new(String::with_capacity(3 * typed.len()));
        normal.extend(typed.chars().map(|c| if is_space(c) { ' ' } else { c }).nfc());
        if normal.chars().count() > PASSWORD_CHARS_MAX {
            return Err(PasswordError::TooLong);
        }
        Ok(Self(Secret::new(std::mem::take(&mut normal))))
    }

    /// What is stored of it: a PHC string of Argon2id over its keyed HMAC.
    ///
    /// # Errors
    ///
    /// [`Busy`] when too much waits to be hashed.
    pub async fn hash(&self, hasher: &Hasher, random: &dyn Random) -> Result<String, Busy> {
        hasher.hash(random, Purpose::PasswordPepper, &[self.0.expose().as_bytes()]).await
    }

    /// Whether it is the one stored; `None` (an unknown name) costs the same time and is always wrong.
    ///
    /// # Errors
    ///
    /// [`HashError`] when it could not be told.
    pub async fn verify(&self, hasher: &Hasher, stored: Option<&str>) -> Result<Verdict, HashError> {
        hasher.verify(stored, Purpose::PasswordPepper, &[self.0.expose().as_bytes()]).await
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The general category `Zs` of Unicode, U+0020 included.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{Seeded, hasher, wait};

    fn parse(typed: &str) -> Result<String, PasswordError> {
        Password::parse(&Secret::new(typed.to_owned())).map(|password| password.0.expose().clone())
    }

    fn password(typed: &str) -> Password {
        Password::parse(&Secret::new(typed.to_owned())).unwrap()
    }

    #[test]
    fn t36_what_is_hashed_of_what_is_typed() {
        use PasswordError::{Control, Empty, TooLong};
        #[rustfmt::skip]
        let table = [
            ("abc",                    Ok("abc")),
            ("  ",                     Ok("  ")),
            ("cafe\u{301}",            Ok("caf\u{e9}")),     // NFD
            ("caf\u{e9}",              Ok("caf\u{e9}")),     // NFC
            ("a\u{a0}b\u{3000}c",      Ok("a b c")),         // no-break and ideographic space
            ("\u{ff21}bC",             Ok("\u{ff21}bC")),    // width and case stay
            ("\u{fb01}",               Ok("\u{fb01}")),      // a ligature stays
            ("",                       Err(Empty)),
            ("a\u{0}b",                Err(Control)),
            ("a\nb",                   Err(Control)),
            ("a\u{85}b",               Err(Control)),
        ];
        for (typed, expected) in table {
            assert_eq!(parse(typed).as_deref(), expected.as_ref().copied(), "{typed:?}");
        }
        assert_eq!(parse(&"é".repeat(128)).map(|p| p.chars().count()), Ok(128));
        assert_eq!(parse(&"e\u{301}".repeat(128)).map(|p| p.chars().count()), Ok(128));
        assert_eq!(parse(&"a".repeat(129)), Err(TooLong));
        assert_eq!(parse(&"a".repeat(4 * 1024 * 1024)), Err(TooLong));
    }

    #[test]
    fn t36_every_character_counts_to_the_last() {
        let hasher = hasher();
        let long = "a".repeat(127) + "x";
        let stored = wait(password(&long).hash(&hasher, &Seeded::new(1))).unwrap();
        assert_eq!(wait(password(&long).verify(&hasher, Some(&stored))), Ok(Verdict::Right));
        for other in ["a".repeat(127), "a".repeat(128), "a".repeat(72)] {
            assert_eq!(wait(password(&other).verify(&hasher, Some(&stored))), Ok(Verdict::Wrong));
        }
    }

    #[test]
    fn t36_both_spellings_of_an_accent_are_one_password() {
        let hasher = hasher();
        let stored = wait(password("árvíztűrő").hash(&hasher, &Seeded::new(1))).unwrap();
        let decomposed: String = "árvíztűrő".nfd().collect();
        assert_ne!(decomposed, "árvíztűrő");
        assert_eq!(wait(password(&decomposed).verify(&hasher, Some(&stored))), Ok(Verdict::Right));
        assert_eq!(wait(password("arvizturo").verify(&hasher, Some(&stored))), Ok(Verdict::Wrong));
    }

    #[test]
    fn an_unknown_name_has_no_right_password() {
        assert_eq!(wait(password("anything").verify(&hasher(), None)), Ok(Verdict::Wrong));
    }

    /// The web server moves the futures between its threads.
    #[test]
    fn hashing_may_cross_threads() {
        fn movable<T: Send>(future: T) -> T {
            future
        }
        let (hasher, random, password) = (hasher(), Seeded::new(1), password("anything"));
        let stored = wait(movable(password.hash(&hasher, &random))).unwrap();
        assert_eq!(wait(movable(password.verify(&hasher, Some(&stored)))), Ok(Verdict::Right));
    }

    proptest! {
        #[test]
        fn the_form_of_a_password_is_final(typed in "\\PC{1,60}") {
            if let Ok(once) = parse(&typed) {
                prop_assert_eq!(parse(&once), Ok(once.clone()));
            }
        }
    }
}
