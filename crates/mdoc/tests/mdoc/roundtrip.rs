//! The narrow form is the one form: what our scan lets pass, the library reads and writes again octet for
//! octet, so that what was signed can be read, cut down and shown without keeping a copy beside.

use ciborium::Value;
use mdoc::cbor::{CborError, Limits, check};
use proptest::prelude::*;

use crate::forge::encoded;
use crate::party::{PARTY, response};
use crate::targets::reading_cbor;

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
        any::<String>().prop_map(|text| Value::Tag(1004, Box::new(text.into()))),
        prop::collection::vec(any::<u8>(), 0..30).prop_map(|octets| Value::Tag(24, Box::new(Value::Bytes(octets)))),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        let keys = prop_oneof![any::<String>().prop_map(Value::from), any::<i64>().prop_map(Value::from)];
        let member = (keys, inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..8).prop_map(Value::Array),
            prop::collection::vec(member, 0..8).prop_map(Value::Map),
        ]
    })
}

/// Whether a map in it has a key twice.
fn has_twice(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_twice),
        Value::Map(members) => {
            let is_twice = |at: usize| members[..at].iter().any(|(key, _)| *key == members[at].0);
            (0..members.len()).any(is_twice) || members.iter().any(|(_, value)| has_twice(value))
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn what_another_writer_writes_passes_unless_a_key_is_there_twice(value in any_value()) {
        let octets = encoded(&value);
        let expected = if has_twice(&value) { Err(CborError::DuplicateKey) } else { Ok(()) };
        prop_assert_eq!(check(&octets, &Limits::MESSAGE), expected);
    }

    #[test]
    fn what_passes_is_written_again_octet_for_octet(octets in prop::collection::vec(any::<u8>(), 0..40)) {
        reading_cbor(&octets);
    }

    #[test]
    fn what_was_changed_is_refused_or_still_of_the_one_form(at in any::<prop::sample::Index>(), octet: u8) {
        for mut octets in [response(), PARTY.issued.clone()] {
            let at = at.index(octets.len());
            octets[at] = octet;
            reading_cbor(&octets);
        }
    }
}
