//! The name a person types to sign in.

use serde::{Deserialize, Serialize};

/// The name a person types to sign in.
///
/// Invariant: 4 to 64 characters of `a-z 0-9 . _ -`, lower case, first a letter, at least three
/// different. Two names that differ only in case are the same name, so the one constructor folds
/// case and nothing after it needs to ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UserName(String);

/// Why a text is no user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserNameError {
    /// Shorter than 4 or longer than 64 characters.
    #[error("a user name has 4 to 64 characters")]
    Length,
    /// Does not start with a letter.
    #[error("a user name starts with a letter a to z")]
    Start,
    /// Holds another character than `a-z 0-9 . _ -`.
    #[error("a user name holds letters a to z, digits, dot, hyphen and underscore only")]
    Character,
    /// Fewer than three different characters.
    #[error("a user name has at least three different characters")]
    Variety,
}

impl UserName {
    /// Reads what was typed; white space around it is dropped, case is folded.
    ///
    /// # Errors
    ///
    /// The first rule broken, in the order of [`UserNameError`].
    pub fn parse(typed: &str) -> Result<Self, UserNameError> {
        let name = typed.trim().to_ascii_lowercase();
        if !(4..=64).contains(&name.chars().count()) {
            return Err(UserNameError::Length);
        }
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(UserNameError::Start);
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) {
            return Err(UserNameError::Character);
        }
        let first = name.chars().next();
        let second = name.chars().find(|c| Some(*c) != first);
        if !name.chars().any(|c| Some(c) != first && Some(c) != second) {
            return Err(UserNameError::Variety);
        }
        Ok(Self(name))
    }

    /// The folded name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names() {
        use UserNameError::*;
        #[rustfmt::skip]
        let table = [
            ("kovacs.anna",       Ok("kovacs.anna")),
            (" Kovacs.ANNA\t",    Ok("kovacs.anna")),
            ("abc",               Err(Length)),
            ("1abc",              Err(Start)),
            (".abc",              Err(Start)),
            ("aaaa",              Err(Variety)),
            ("abab",              Err(Variety)),
            ("abca",              Ok("abca")),
            ("kovács",            Err(Character)),
            ("аdmin",             Err(Start)),      // Cyrillic a
            ("admin\u{202e}x",    Err(Character)),  // right-to-left override
            ("of\u{fb01}ce",      Err(Character)),  // ligature fi
            ("a:b?secret=X",      Err(Character)),
        ];
        for (typed, expected) in table {
            let name = UserName::parse(typed);
            assert_eq!(name.as_ref().map(UserName::as_str), expected.as_ref().copied(), "{typed:?}");
        }
        assert_eq!(UserName::parse(&"abc".repeat(22)), Err(Length));
    }

    proptest! {
        #[test]
        fn a_name_reads_back_as_itself(typed in "\\PC{0,80}") {
            if let Ok(name) = UserName::parse(&typed) {
                prop_assert_eq!(UserName::parse(name.as_str()), Ok(name));
            }
        }
    }
}
