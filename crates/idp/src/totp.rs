//! Codes of an authenticator app: TOTP (RFC 6238) on HOTP (RFC 4226).
//!
//! SHA-1, six digits, thirty seconds: the widespread apps ignore other parameters without a word.

use std::fmt;

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use model::limits::CODE_FIELD_BYTES;
use model::{Random, Secret, Timestamp, UserName};

use crate::digits;
use crate::keys::same;

/// Seconds of a time step (RFC 6238 section 4.1, *X*).
pub const STEP_SECONDS: i64 = 30;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Bytes of a key: the length that RFC 4226 section 4 (R6) recommends.
pub const KEY_BYTES: usize = 20;
/// Steps before and after the present one whose codes are accepted (RFC 6238 section 5.2).
pub const WINDOW_STEPS: i64 = 1;
/// Steps before and after the present one that are looked at to explain a wrong code at set-up.
pub const DRIFT_STEPS: i64 = 20;
/// Whose code it is, as the apps show it; both the label's prefix and the `issuer` parameter.
pub const ISSUER: &str = "Kapu";

/// The number of the time step that `now` lies in: 30-second steps since the epoch.
pub fn step_at(now: Timestamp) -> i64 {
    now.seconds().div_euclid(STEP_SECONDS)
}

/// What the app calls the entry: `Kapu:kovacs.anna`, from the second enrolment `Kapu:kovacs.anna (2)`.
///
/// `enrolment` counts the person's enrolments from 1: apps overwrite an entry of the same label.
pub fn label(user_name: &UserName, enrolment: u32) -> String {
    let user = user_name.as_str();
    if enrolment > 1 { format!("{ISSUER}:{user} ({enrolment})") } else { format!("{ISSUER}:{user}") }
}

/// The key that Kapu and one authenticator app share. 160 random bits.
pub struct Key(Secret<[u8; KEY_BYTES]>);

/// A stored key has the wrong length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an authenticator's key has {KEY_BYTES} bytes")]
pub struct KeyError;

impl Key {
    /// Draws a new one.
    pub fn draw(random: &dyn Random) -> Self {
        Self(Secret::new(random.bytes()))
    }

    /// From the bytes that [`Key::expose`] gave.
    ///
    /// # Errors
    ///
    /// [`KeyError`] unless they are [`KEY_BYTES`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        Ok(Self(Secret::new(bytes.try_into().map_err(|_| KeyError)?)))
    }

    /// The bytes, to be sealed.
    pub fn expose(&self) -> &[u8] {
        self.0.expose()
    }

    /// The key as a person types it: upper-case base32 (RFC 4648 section 6) without padding.
    pub fn base32(&self) -> Secret<String> {
        Secret::new(BASE32_NOPAD.encode(self.0.expose()))
    }

    /// [`Key::base32`] in groups of four with a space between.
    pub fn base32_in_groups(&self) -> Secret<String> {
        let text = self.base32();
        let mut grouped = String::with_capacity(text.expose().len() * 5 / 4);
        for (i, c) in text.expose().chars().enumerate() {
            if i > 0 && i % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(c);
        }
        Secret::new(grouped)
    }

    /// The `otpauth:` URI for the app, as QR code and as link.
    ///
    /// A user name holds only characters that RFC 3986 leaves unescaped, so nothing in the
    /// [`label`] can add a parameter.
    pub fn otpauth_uri(&self, user_name: &UserName, enrolment: u32) -> Secret<String> {
        let label = label(user_name, enrolment).replace(' ', "%20");
        let key = self.base32();
        let key = key.expose();
        Secret::new(format!(
            "otpauth://totp/{label}?secret={key}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
        ))
    }

    /// The step within the window around `now` whose code `code` is; the latest, should two agree.
    ///
    /// A step may be used once: the caller stores it, and accepts only one later than the last stored.
    pub fn matched_step(&self, code: &Code, now: Timestamp) -> Option<i64> {
        let present = step_at(now);
        let mut matched = None;
        // Every step is computed and compared, so that the time does not tell which was near.
        for step in present - WINDOW_STEPS..=present + WINDOW_STEPS {
            if self.makes(code, step) {
                matched = Some(step);
            }
        }
        matched
    }

    /// How wrong the phone's clock is, when `code` is right for a step outside the window but
    /// within [`DRIFT_STEPS`]. Only to explain a wrong code at set-up, where the person holds the
    /// key anyway: at a sign-in it would tell a guesser that a code was near.
    pub fn drift(&self, code: &Code, now: Timestamp) -> Option<Drift> {
        let present = step_at(now);
        (WINDOW_STEPS + 1..=DRIFT_STEPS).find_map(|steps| {
            let minutes = (steps * STEP_SECONDS).unsigned_abs().div_ceil(60);
            if self.makes(code, present - steps) {
                Some(Drift { minutes, direction: Direction::Slow })
            } else if self.makes(code, present + steps) {
                Some(Drift { minutes, direction: Direction::Fast })
            } else {
                None
            }
        })
    }

    /// The code of one step: for a test or a demo that plays the phone.
    pub fn code_of_step(&self, step: i64) -> Option<Code> {
        let number = hotp(Algorithm::Sha1, self.0.expose(), u64::try_from(step).ok()?, 1_000_000);
        Some(Code(Secret::new(decimal(number))))
    }

    fn makes(&self, code: &Code, step: i64) -> bool {
        self.code_of_step(step).is_some_and(|right| same(right.0.expose(), code.0.expose()))
    }
}

/// About how far the phone's clock is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Whole minutes, rounded up.
    pub minutes: u64,
    /// Which way.
    pub direction: Direction,
}

/// Which way a clock is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It shows a time that is past.
    Slow,
    /// It shows a time to come.
    Fast,
}

/// Six digits that somebody typed: well formed, not yet known to be right.
pub struct Code(Secret<[u8; DIGITS]>);

/// Why a text cannot be a code. None of these costs a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing typed, or only spaces and dashes.
    #[error("no code was typed")]
    Empty,
    /// Another number of digits than six: this many.
    #[error("a code has 6 digits, not {0}")]
    Digits(usize),
    /// Something else than digits, spaces and dashes.
    #[error("a code holds digits only")]
    Character,
    /// Longer than [`CODE_FIELD_BYTES`].
    #[error("a code has at most {CODE_FIELD_BYTES} bytes")]
    TooLong,
}

impl Code {
    /// Reads what was typed: spaces, dashes and full-width digits are fine.
    ///
    /// # Errors
    ///
    /// [`CodeError`] when it is not six digits.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        let digits = digits::read(typed, CODE_FIELD_BYTES).map_err(|unreadable| match unreadable {
            digits::Unreadable::TooLong => CodeError::TooLong,
            digits::Unreadable::Character => CodeError::Character,
        })?;
        match digits.len() {
            0 => Err(CodeError::Empty),
            count => Ok(Self(Secret::new(digits.as_slice().try_into().map_err(|_| CodeError::Digits(count))?))),
        }
    }

    /// Draws one at random, each equally likely.
    pub(crate) fn draw(random: &dyn Random) -> Self {
        Self(Secret::new(decimal(random.below(1_000_000))))
    }

    /// The digits as text, for the letter that carries them.
    pub fn expose(&self) -> Secret<String> {
        Secret::new(self.0.expose().iter().map(|digit| char::from(b'0' + digit)).collect())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// The decimal digits of a number, most significant first.
fn decimal(mut number: u32) -> [u8; DIGITS] {
    let mut digits = [0; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = (number % 10) as u8;
        number /= 10;
    }
    digits
}

/// The hash below the code. The product uses SHA-1; the others exist for the standard's vectors.
#[derive(Clone, Copy, Debug)]
enum Algorithm {
    Sha1,
    #[cfg(test)]
    Sha256,
    #[cfg(test)]
    Sha512,
}

/// RFC 4226 section 5.3: the HMAC of the counter, truncated, modulo a power of ten.
fn hotp(algorithm: Algorithm, key: &[u8], counter: u64, modulus: u32) -> u32 {
    let algorithm = match algorithm {
        Algorithm::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        #[cfg(test)]
        Algorithm::Sha256 => hmac::HMAC_SHA256,
        #[cfg(test)]
        Algorithm::Sha512 => hmac::HMAC_SHA512,
    };
    let tag = hmac::sign(&hmac::Key::new(algorithm, key), &counter.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[tag.len() - 1] & 0xf);
    let word = tag[offset..offset + 4].iter().fold(0, |word: u32, byte| word << 8 | u32::from(*byte));
    (word & 0x7fff_ffff) % modulus
}

#[cfg(test)]
mod tests;
