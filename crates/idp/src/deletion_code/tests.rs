//! The deletion code, by exhaustion.

use proptest::prelude::*;

use super::*;
use crate::testing::{Seeded, hasher, wait};

/// All groups that are right at a position: every four digits with their check digit.
fn right_groups(position: u8) -> impl Iterator<Item = [u8; GROUP_DIGITS]> {
    (0..10_000_u16).map(move |number| {
        let [a, b, c, d] = [1000, 100, 10, 1].map(|place| u8::try_from(number / place % 10).unwrap());
        [a, b, c, d, interim(position, &[a, b, c, d])]
    })
}

#[test]
fn t28_every_wrong_digit_in_every_group_is_noticed() {
    for position in 1..=4 {
        for group in right_groups(position) {
            assert_eq!(interim(position, &group), 0, "{group:?}");
            for place in 0..GROUP_DIGITS {
                for digit in (0..10).filter(|digit| *digit != group[place]) {
                    let mut mistyped = group;
                    mistyped[place] = digit;
                    assert_ne!(interim(position, &mistyped), 0, "{group:?} typed {mistyped:?}");
                }
            }
        }
    }
}

#[test]
fn t28_every_swap_of_neighbours_in_every_group_is_noticed() {
    for position in 1..=4 {
        for group in right_groups(position) {
            for place in 1..GROUP_DIGITS {
                let mut swapped = group;
                swapped.swap(place - 1, place);
                assert_eq!(interim(position, &swapped) == 0, swapped == group, "{group:?} typed {swapped:?}");
            }
        }
    }
}

#[test]
fn t28_a_group_is_right_at_its_own_position_only() {
    for position in 1..=4 {
        for group in right_groups(position) {
            for other in (1..=4).filter(|other| *other != position) {
                assert_ne!(interim(other, &group), 0, "{group:?} moved from {position} to {other}");
            }
        }
    }
}

/// The worked example in Damm's thesis and in the literature: the check digit of 572 is 4.
#[test]
fn the_quasigroup_is_damm_s() {
    assert_eq!(interim(0, &[5, 7, 2]), 4);
    assert_eq!(interim(0, &[5, 7, 2, 4]), 0);
}

fn digits_of(code: &DeletionCode) -> Vec<char> {
    code.display().expose().chars().filter(char::is_ascii_digit).collect()
}

fn parse(digits: &[char]) -> Result<String, DeletionCodeError> {
    let typed: String = digits.iter().collect();
    DeletionCode::parse(&typed).map(|code| code.display().expose().clone())
}

#[test]
fn t27_how_a_code_may_be_typed() {
    let code = DeletionCode::draw(&Seeded::new(1));
    let shown = code.display();
    let shown = shown.expose();
    let wide = |text: &str| -> String {
        text.chars().map(|c| c.to_digit(10).map_or('\u{3000}', |d| char::from_u32(0xff10 + d).unwrap())).collect()
    };
    let typings = [
        shown.clone(),
        shown.replace(' ', ""),
        shown.replace(' ', "-"),
        shown.replace(' ', " – "),
        wide(shown),
        format!(" {shown}\r\n"),
    ];
    for typed in typings {
        assert_eq!(DeletionCode::parse(&typed).unwrap().display().expose(), shown, "{typed:?}");
    }
}

#[test]
fn what_cannot_be_a_code() {
    use DeletionCodeError::{Character, Digits, Empty, TooLong};
    #[rustfmt::skip]
    let table = [
        (String::new(),              Empty),
        (" - ".to_owned(),           Empty),
        ("1".repeat(19),             Digits(19)),
        ("1".repeat(21),             Digits(21)),
        ("1234a 12345".to_owned(),   Character),
        ("١".repeat(20),             Character),
        ("1".repeat(129),            TooLong),
    ];
    for (typed, error) in table {
        assert_eq!(DeletionCode::parse(&typed).unwrap_err(), error, "{typed:?}");
    }
}

#[test]
fn a_code_is_right_for_its_person_only() {
    let (hasher, random) = (hasher(), Seeded::new(1));
    let code = DeletionCode::draw(&random);
    let [anna, bela] = ["anna", "bela"].map(|id| PersonId::from_stored(id.to_owned()));
    let stored = wait(code.hash(&hasher, &random, &anna)).unwrap();
    assert_eq!(wait(code.verify(&hasher, &anna, Some(&stored))), Ok(Verdict::Right));
    assert_eq!(wait(code.verify(&hasher, &bela, Some(&stored))), Ok(Verdict::Wrong));
    assert_eq!(wait(code.verify(&hasher, &anna, None)), Ok(Verdict::Wrong));
    let other = DeletionCode::draw(&random);
    assert_eq!(wait(other.verify(&hasher, &anna, Some(&stored))), Ok(Verdict::Wrong));
    assert!(!stored.contains(code.display().expose()));
}

#[test]
fn every_digit_is_drawn_at_every_random_place() {
    let random = Seeded::new(1);
    let codes: Vec<_> = (0..200).map(|_| digits_of(&DeletionCode::draw(&random))).collect();
    for place in 0..DIGITS {
        for digit in '0'..='9' {
            assert!(codes.iter().any(|code| code[place] == digit), "{digit} at {place}");
        }
    }
}

proptest! {
    #[test]
    fn t28_a_wrong_digit_names_its_group(seed: u64, place in 0..DIGITS, add in 1_u32..10) {
        let mut digits = digits_of(&DeletionCode::draw(&Seeded::new(seed)));
        prop_assert!(parse(&digits).is_ok());
        let digit = (digits[place].to_digit(10).unwrap() + add) % 10;
        digits[place] = char::from_digit(digit, 10).unwrap();
        let group = u8::try_from(place / GROUP_DIGITS + 1).unwrap();
        prop_assert_eq!(parse(&digits), Err(DeletionCodeError::Group(group)));
    }

    #[test]
    fn t28_swapped_neighbours_name_their_group(seed: u64, place in 1..DIGITS) {
        let mut digits = digits_of(&DeletionCode::draw(&Seeded::new(seed)));
        prop_assume!(digits[place - 1] != digits[place]);
        digits.swap(place - 1, place);
        // Across a gap both groups are wrong, and the first is named.
        let group = u8::try_from((place - 1) / GROUP_DIGITS + 1).unwrap();
        prop_assert_eq!(parse(&digits), Err(DeletionCodeError::Group(group)));
    }

    #[test]
    fn t28_swapped_groups_name_the_first(seed: u64, one in 0..GROUPS, other in 0..GROUPS) {
        prop_assume!(one < other);
        let code = DeletionCode::draw(&Seeded::new(seed));
        let mut groups = code.groups().expose().clone();
        groups.swap(one, other);
        let typed: Vec<char> = groups.concat().chars().collect();
        prop_assert_eq!(parse(&typed), Err(DeletionCodeError::Group(u8::try_from(one + 1).unwrap())));
    }
}
