//! Reading digits as people type and paste them.

use zeroize::Zeroizing;

/// Why a text holds no digits to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Longer than the field's limit.
    TooLong,
    /// Something else than digits, spaces and dashes.
    Character,
}

/// The digits of `typed`, from 0 to 9: ASCII or full-width, with white space and dashes of any
/// kind between them. Nothing else is forgiven, so that no text means two codes.
pub(crate) fn read(typed: &str, bytes_max: usize) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let typed = symbols(typed, bytes_max)?;
    let mut digits = Zeroizing::new(Vec::with_capacity(typed.len()));
    for symbol in typed.iter() {
        let value = symbol.to_digit(10).ok_or(Unreadable::Character)?;
        digits.push(u8::try_from(value).map_err(|_| Unreadable::Character)?);
    }
    Ok(digits)
}

/// The characters of `typed` without white space and dashes, full-width forms made ASCII.
pub(crate) fn symbols(typed: &str, bytes_max: usize) -> Result<Zeroizing<Vec<char>>, Unreadable> {
    if typed.len() > bytes_max {
        return Err(Unreadable::TooLong);
    }
    let mut symbols = Zeroizing::new(Vec::with_capacity(typed.len()));
    symbols.extend(typed.chars().filter(|c| !is_separator(*c)).map(narrow));
    Ok(symbols)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_dash(c)
}

/// The general category `Pd` of Unicode, and the minus sign that some phones type for a hyphen.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2212}'
                | '\u{2e17}'
                | '\u{2e1a}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{2e40}'
                | '\u{2e5d}'
                | '\u{301c}'
                | '\u{3030}'
                | '\u{30a0}'
                | '\u{fe31}'
                | '\u{fe32}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
                | '\u{10ead}'
    )
}

/// The ASCII character that a full-width form (U+FF01 to U+FF5E) is the wide one of.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digits(typed: &str) -> Result<Vec<u8>, Unreadable> {
        read(typed, 64).map(|digits| digits.to_vec())
    }

    #[test]
    fn what_people_type() {
        let code = Ok(vec![1, 2, 3, 4, 5, 6]);
        #[rustfmt::skip]
        let table = [
            ("123456",                     code.clone()),
            ("123 456",                    code.clone()),
            (" 123\u{a0}456\r\n",          code.clone()), // no-break space
            ("123-456",                    code.clone()),
            ("12\u{2013}34\u{2014}56",     code.clone()), // en and em dash
            ("123\u{2212}456",             code.clone()), // minus
            ("\u{ff11}\u{ff12}\u{ff13}\u{3000}\u{ff14}\u{ff15}\u{ff16}", code), // full width
            ("",                           Ok(vec![])),
            (" - ",                        Ok(vec![])),
            ("\u{661}\u{662}\u{663}",      Err(Unreadable::Character)), // Arabic-Indic
            ("\u{6f1}\u{6f2}\u{6f3}",      Err(Unreadable::Character)), // extended Arabic-Indic
            ("+12345",                     Err(Unreadable::Character)),
            ("\u{ff0b}12345",              Err(Unreadable::Character)), // full-width plus
            ("12345a",                     Err(Unreadable::Character)),
            ("\u{2460}2345",               Err(Unreadable::Character)), // circled one
            ("12\u{0}345",                 Err(Unreadable::Character)),
        ];
        for (typed, expected) in table {
            assert_eq!(digits(typed), expected, "{typed:?}");
        }
        assert_eq!(digits(&"1".repeat(64)).map(|d| d.len()), Ok(64));
        assert_eq!(digits(&"1".repeat(65)), Err(Unreadable::TooLong));
        assert_eq!(digits(&" ".repeat(10 * 1024)), Err(Unreadable::TooLong));
    }

    proptest! {
        #[test]
        fn digits_are_read_in_their_order(code in "[0-9]{1,15}", gaps in proptest::collection::vec("[ \\-]{0,2}", 15)) {
            let typed: String = code.chars().zip(&gaps).flat_map(|(digit, gap)| gap.chars().chain([digit])).collect();
            let expected: Vec<u8> = code.bytes().map(|b| b - b'0').collect();
            prop_assert_eq!(digits(&typed), Ok(expected));
        }

        #[test]
        fn nothing_but_digits_comes_out(typed in "\\PC{0,40}") {
            if let Ok(digits) = digits(&typed) {
                prop_assert!(digits.iter().all(|d| *d < 10));
            }
        }
    }
}
