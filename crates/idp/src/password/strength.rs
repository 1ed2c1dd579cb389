//! What a new password must be.
//!
//! Length first (NIST SP 800-63B-4 section 3.1.1.2: no rules of composition), then nothing that
//! everybody tries: the name, the service's own words, and what falls apart into a few common parts.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use model::UserName;
use model::limits::PASSWORD_CHARS_MIN;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use super::Password;

/// Why a new password is refused, for the page to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Fewer than [`PASSWORD_CHARS_MIN`] characters.
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    /// It contains the user name, or a part of it of four letters or more.
    #[error("a password does not contain the user name")]
    UserName,
    /// It contains the name of the service or the word for "password".
    #[error("a password does not contain the name of the service or the word password")]
    ServiceWord,
    /// Little is left of it but common words, years, and runs or repetitions of characters.
    #[error("a password is not made of common words and sequences")]
    Predictable,
}

/// Words of this service, folded. Whoever guesses starts with them.
const SERVICE_WORDS: [&str; 4] = ["kapu", "jelszo", "password", "belepes"];

/// Parts of a password, each counted once, that it needs at least: see [`parts`].
const PARTS_MIN: usize = 6;

/// The least length of a part of the user name, and of a run, that is looked for.
const NAME_PART_MIN: usize = 4;
const RUN_MIN: usize = 3;

/// Common words, folded, one a line.
static COMMON_WORDS: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("common_words.txt").lines().filter(|line| !line.is_empty()).collect());

/// Sequences of keys; each is looked for in both directions.
const SEQUENCES: [&str; 8] = [
    "0123456789",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
];

/// Judges a new password of the account `user_name`.
///
/// # Errors
///
/// The first [`Weakness`], in the order of the enum.
pub fn judge(password: &Password, user_name: &UserName) -> Result<(), Weakness> {
    let password = password.0.expose();
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(Weakness::TooShort);
    }
    let folded = fold(password);
    let plain = unmasked(&folded);
    let readings = [&folded, &plain];
    let contains = |word: &str| readings.iter().any(|reading| reading.contains(word));
    if name_parts(user_name).any(contains) {
        return Err(Weakness::UserName);
    }
    if SERVICE_WORDS.into_iter().any(contains) {
        return Err(Weakness::ServiceWord);
    }
    if readings.into_iter().any(|reading| parts(reading) < PARTS_MIN) {
        return Err(Weakness::Predictable);
    }
    Ok(())
}

/// The name itself and those of its parts that are long enough to tell.
fn name_parts(user_name: &UserName) -> impl Iterator<Item = &str> {
    let name = user_name.as_str();
    std::iter::once(name).chain(name.split(['.', '_', '-']).filter(|part| part.len() >= NAME_PART_MIN))
}

/// Lower case without accents.
fn fold(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect())
}

/// With the letters that digits and signs commonly stand for.
fn unmasked(folded: &str) -> Zeroizing<String> {
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    Zeroizing::new(folded.chars().map(letter).collect())
}

/// How many different parts a text falls into. A common word, a year, a run of neighbouring keys
/// and a repeated character are one part each; so is every character that belongs to none.
fn parts(folded: &str) -> usize {
    let mut different = BTreeSet::new();
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let length = [common_word(rest), year(rest), run(rest), repetition(rest)].into_iter().max();
        let (part, after) = rest.split_at(length.unwrap_or(0).max(first.len_utf8()));
        different.insert(part);
        rest = after;
    }
    different.len()
}

/// Bytes of the longest common word that `text` begins with; 0 when with none.
fn common_word(text: &str) -> usize {
    let longest = COMMON_WORDS.iter().filter(|word| text.starts_with(**word)).map(|word| word.len()).max();
    longest.unwrap_or(0)
}

/// 4 when `text` begins with a year of a life.
fn year(text: &str) -> usize {
    let digits = text.bytes().take(4).filter(u8::is_ascii_digit).count();
    if digits == 4 && (text.starts_with("19") || text.starts_with("20")) { 4 } else { 0 }
}

/// Bytes of the run of neighbouring keys, either way, that `text` begins with; 0 when shorter than [`RUN_MIN`].
fn run(text: &str) -> usize {
    let along =
        |sequence: &mut dyn Iterator<Item = char>| sequence.zip(text.chars()).take_while(|(a, b)| a == b).count();
    let Some(first) = text.chars().next() else { return 0 };
    let longest = SEQUENCES.into_iter().map(|sequence| {
        let forth = along(&mut sequence.chars().skip_while(|c| *c != first));
        forth.max(along(&mut sequence.chars().rev().skip_while(|c| *c != first)))
    });
    longest.max().filter(|length| *length >= RUN_MIN).unwrap_or(0)
}

/// Bytes of the repetition of one character that `text` begins with; 0 when it is not repeated.
fn repetition(text: &str) -> usize {
    let first = text.chars().next();
    let count = text.chars().take_while(|c| Some(*c) == first).count();
    if count > 1 { count * first.map_or(0, char::len_utf8) } else { 0 }
}

#[cfg(test)]
mod tests {
    use model::Secret;

    use super::*;

    fn judged(typed: &str) -> Result<(), Weakness> {
        let password = Password::parse(&Secret::new(typed.to_owned())).unwrap();
        judge(&password, &UserName::parse("kovacs.anna-bp").unwrap())
    }

    #[test]
    fn t36_new_passwords() {
        #[rustfmt::skip]
        let table = [
            ("xK4-mQ9vTr2",             Err(Weakness::TooShort)),  // 11
            ("xK4-mQ9vTr2w",            Ok(())),                   // 12
            ("piros cipellő táncol",    Ok(())),
            ("        ",                Err(Weakness::TooShort)),
            ("            ",            Err(Weakness::Predictable)),
            ("aaaaaaaaaaaa",            Err(Weakness::Predictable)),
            ("abababababab",            Err(Weakness::Predictable)),
            ("abcabcabcabc",            Err(Weakness::Predictable)),
            ("123456789012",            Err(Weakness::Predictable)),
            ("987654321098",            Err(Weakness::Predictable)),
            ("qwertzuiop123",           Err(Weakness::Predictable)),
            ("QWERTYuiop[]",            Err(Weakness::Predictable)),
            ("asdfghjkl2024",           Err(Weakness::Predictable)),
            ("Budapest2024!",           Err(Weakness::Predictable)),
            ("Szeretlek1234",           Err(Weakness::Predictable)),
            ("szerelem1986!",           Err(Weakness::Predictable)),
            ("Szép Balaton 1",          Err(Weakness::Predictable)),
            ("iloveyou1234!",           Err(Weakness::Predictable)),
            ("Jelszó123456",            Err(Weakness::ServiceWord)),
            ("j3lsz0-t1tk0s-x",         Err(Weakness::ServiceWord)),
            ("P@ssw0rd-hgzT2",          Err(Weakness::ServiceWord)),
            ("Ugyfelkapu2025",          Err(Weakness::ServiceWord)),
            ("Ügyfélkapu+2025",         Err(Weakness::ServiceWord)),
            ("xK4-kovacs-mQ9v",         Err(Weakness::UserName)),
            ("xK4-KOVÁCS-mQ9v",         Err(Weakness::UserName)),
            ("xK4-k0v4cs-mQ9v",         Err(Weakness::UserName)),
            ("xK4-Anna-mQ9vTr",         Err(Weakness::UserName)),
            ("xK4-bp-mQ9vTr2w",         Ok(())),                   // two letters tell nothing
        ];
        for (typed, expected) in table {
            assert_eq!(judged(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn the_list_is_folded_and_without_doubles() {
        let lines: Vec<_> = include_str!("common_words.txt").lines().collect();
        assert!(lines.len() > 300, "{} words", lines.len());
        assert!(lines.is_sorted_by(|one, next| one < next), "in order, each once");
        for line in lines {
            assert!(line.len() > 2 && *fold(line) == *line && !line.contains(' '), "{line:?}");
        }
    }

    #[test]
    fn a_random_password_passes() {
        use crate::testing::Seeded;
        use model::Random;
        let random: &dyn Random = &Seeded::new(1);
        for _ in 0..2000 {
            let typed: String =
                (0..16).map(|_| char::from(b"abcdefghijkmnpqrstuvwxyz23456789"[random.below(32) as usize])).collect();
            assert_eq!(judged(&typed), Ok(()), "{typed}");
        }
    }
}
