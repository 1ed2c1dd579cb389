//! The deletion code (*törlőkód*): what removes an authenticator when the phone is lost.
//!
//! Twenty digits in four groups of five. In each group four are random and the fifth is a check
//! digit by Damm's algorithm, started from the group's position; so a mistyped digit, swapped
//! neighbours and swapped groups are all named by their group before a try is spent.
//! Sixteen random digits are some 53 bits.

use std::fmt;

use model::{PersonId, Random, Secret};

use crate::digits;
use crate::hasher::{HashError, Hasher, Verdict};
use crate::{Busy, Purpose};

/// Groups of a code.
pub const GROUPS: usize = 4;
/// Digits of a group, the check digit included.
pub const GROUP_DIGITS: usize = 5;
/// Digits of a code.
pub const DIGITS: usize = GROUPS * GROUP_DIGITS;
/// The most bytes that a person may type: twenty full-width digits and their spaces fit twice.
pub const FIELD_BYTES: usize = 128;

/// The totally anti-symmetric quasigroup of order ten from H. Michael Damm, "Total anti-symmetrische
/// Quasigruppen" (Marburg 2004).
const QUASIGROUP: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// Damm's interim digit after `digits`, begun from the group's position (1 to 4). After four
/// digits it is the check digit; after five it is 0 when the check digit is right.
fn interim(position: u8, digits: &[u8]) -> u8 {
    digits.iter().fold(position, |interim, digit| QUASIGROUP[usize::from(interim)][usize::from(*digit)])
}

#[expect(clippy::cast_possible_truncation, reason = "a digit fits")]
fn random_digit(random: &dyn Random) -> u8 {
    random.below(10) as u8
}

/// A well-formed deletion code.
pub struct DeletionCode(Secret<[u8; DIGITS]>);

/// Why a text cannot be a deletion code. None of these costs a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeletionCodeError {
    /// Nothing typed, or only spaces and dashes.
    #[error("no code was typed")]
    Empty,
    /// Another number of digits than twenty: this many.
    #[error("a deletion code has {DIGITS} digits, not {0}")]
    Digits(usize),
    /// A typing error in this group, counted from 1; the first, should there be several.
    #[error("there is a typing error in group {0}")]
    Group(u8),
    /// Something else than digits, spaces and dashes.
    #[error("a deletion code holds digits only")]
    Character,
    /// Longer than [`FIELD_BYTES`].
    #[error("a deletion code has at most {FIELD_BYTES} bytes")]
    TooLong,
}

impl DeletionCode {
    /// Draws a new one.
    pub fn draw(random: &dyn Random) -> Self {
        let mut digits = [0; DIGITS];
        for (position, group) in (1..).zip(digits.chunks_exact_mut(GROUP_DIGITS)) {
            let (drawn, check) = group.split_at_mut(GROUP_DIGITS - 1);
            drawn.fill_with(|| random_digit(random));
            check[0] = interim(position, drawn);
        }
        Self(Secret::new(digits))
    }

    /// Reads what was typed: spaces, dashes and full-width digits are fine.
    ///
    /// # Errors
    ///
    /// [`DeletionCodeError`] for the page to say what is wrong, by group.
    pub fn parse(typed: &str) -> Result<Self, DeletionCodeError> {
        let digits = digits::read(typed, FIELD_BYTES).map_err(|unreadable| match unreadable {
            digits::Unreadable::TooLong => DeletionCodeError::TooLong,
            digits::Unreadable::Character => DeletionCodeError::Character,
        })?;
        let count = digits.len();
        if count == 0 {
            return Err(DeletionCodeError::Empty);
        }
        let digits: [u8; DIGITS] = digits.as_slice().try_into().map_err(|_| DeletionCodeError::Digits(count))?;
        let code = Self(Secret::new(digits));
        match (1..).zip(code.0.expose().chunks_exact(GROUP_DIGITS)).find(|(n, group)| interim(*n, group) != 0) {
            Some((position, _)) => Err(DeletionCodeError::Group(position)),
            None => Ok(code),
        }
    }

    /// The groups, to be shown.
    pub fn groups(&self) -> Secret<[String; GROUPS]> {
        let digits = self.0.expose();
        Secret::new(std::array::from_fn(|group| {
            let from = group * GROUP_DIGITS;
            digits[from..from + GROUP_DIGITS].iter().map(|digit| char::from(b'0' + digit)).collect()
        }))
    }

    /// The code as it is written: groups with a space between. [`DeletionCode::parse`] reads it
    /// back when it was sealed until the person has saved it.
    pub fn display(&self) -> Secret<String> {
        Secret::new(self.groups().expose().join(" "))
    }

    /// What is stored of it: a PHC string of Argon2id over the keyed HMAC of person and code.
    ///
    /// # Errors
    ///
    /// [`Busy`] when too much waits to be hashed.
    pub async fn hash(&self, hasher: &Hasher, random: &dyn Random, person: &PersonId) -> Result<String, Busy> {
        hasher.hash(random, Purpose::DeletionCode, &[person.as_str().as_bytes(), self.0.expose()]).await
    }

    /// Whether it is the one stored; `None` costs the same time and is always wrong.
    ///
    /// # Errors
    ///
    /// [`HashError`] when it could not be told.
    pub async fn verify(&self, hasher: &Hasher, person: &PersonId, stored: Option<&str>) -> Result<Verdict, HashError> {
        hasher.verify(stored, Purpose::DeletionCode, &[person.as_str().as_bytes(), self.0.expose()]).await
    }
}

impl fmt::Debug for DeletionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeletionCode(…)")
    }
}

#[cfg(test)]
mod tests;
