//! CBOR within limits: one narrow form in, the same form out.
//!
//! What [`check`] lets pass is what ISO/IEC 18013-5 and the EUDI PID Rulebook (section 3.1.1) allow:
//! definite lengths, every number and length as short as can be (three of the four rules of RFC 7049
//! section 3.9). So a value that was read is written again octet for octet.

mod scan;

use ciborium::Value;

/// How much one CBOR item may hold. Byte strings are not looked into: what is embedded in one is
/// checked by itself when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets in all.
    pub bytes: usize,
    /// Items in all: numbers, strings, arrays, maps and tags, keys included.
    pub items: usize,
    /// Arrays, maps and tags inside one another; the outermost has depth 1.
    pub depth: usize,
}

impl Limits {
    /// A `DeviceResponse` or an `IssuerSigned`: a portrait fits in, and some hundred elements.
    pub const MESSAGE: Limits = Limits { bytes: 128 * 1024, items: 4_096, depth: 16 };
}

/// A date and time in text (RFC 8949 section 3.4.1).
pub(crate) const DATE_TIME: u64 = 0;
/// CBOR in a byte string (RFC 8949 section 3.4.5.1).
pub(crate) const EMBEDDED: u64 = 24;
/// A date in text (RFC 8943 section 1.1).
pub(crate) const FULL_DATE: u64 = 1004;

/// Why octets are refused before anything is read from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// More octets, items or levels than [`Limits`] allow.
    #[error("the CBOR is larger, longer or deeper than allowed")]
    Limits,
    /// A length beyond what is there.
    #[error("a CBOR length goes beyond the end")]
    Length,
    /// A string, array or map of indefinite length.
    #[error("a CBOR item has an indefinite length")]
    Indefinite,
    /// A number or length that is not written as short as can be.
    #[error("a CBOR number is not written in its shortest form")]
    NotShortest,
    /// A key that a map has twice.
    #[error("a CBOR map has a key twice")]
    DuplicateKey,
    /// A key that is neither text nor an integer.
    #[error("a CBOR map has a key that is neither text nor an integer")]
    Key,
    /// A tag other than 0, 24 and 1004, or one of them on something else than it is for.
    #[error("the CBOR has a tag that is not accepted")]
    Tag,
    /// A float, `undefined`, or another simple value than false, true and null.
    #[error("the CBOR has a simple value or a float")]
    Simple,
    /// Text that is no UTF-8.
    #[error("a CBOR text is no UTF-8")]
    Encoding,
    /// Reserved additional information (RFC 8949 section 3).
    #[error("the CBOR is not well-formed")]
    NotWellFormed,
    /// Octets after the item.
    #[error("octets follow the CBOR item")]
    Trailing,
}

/// Whether `octets` are one CBOR item of the narrow form, within `limits`. Takes time in proportion to
/// what is there, whatever the lengths in it promise, and memory in proportion to the keys it has read.
///
/// # Errors
///
/// The first fault found; see [`CborError`].
pub fn check(octets: &[u8], limits: &Limits) -> Result<(), CborError> {
    scan::Scan::new(octets, limits).run()
}

/// Reads one item that [`check`] let pass.
pub(crate) fn read(octets: &[u8], limits: &Limits) -> Result<Value, CborError> {
    check(octets, limits)?;
    // Twice the depth: the library takes a level of its own for each tag.
    ciborium::de::from_reader_with_recursion_limit(octets, 2 * limits.depth + 2).map_err(|_| CborError::NotWellFormed)
}

/// Writes `value`.
pub(crate) fn write(value: &Value) -> Vec<u8> {
    let mut octets = Vec::new();
    // Into memory, and a `Value` has nothing that cannot be written.
    ciborium::into_writer(value, &mut octets).expect("a vector takes every value");
    octets
}

/// `#6.24(bstr)`: `octets` embedded as they are.
pub(crate) fn embedded(octets: Vec<u8>) -> Value {
    Value::Tag(EMBEDDED, Box::new(Value::Bytes(octets)))
}

/// What is embedded in `#6.24(bstr)`.
pub(crate) fn embedded_in(value: &Value) -> Option<&[u8]> {
    match value.as_tag()? {
        (EMBEDDED, inner) => inner.as_bytes().map(Vec::as_slice),
        _ => None,
    }
}

/// The member `key` of a map with text keys.
pub(crate) fn member<'v>(map: &'v Value, key: &str) -> Option<&'v Value> {
    map.as_map()?.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
}

/// A map with text keys.
pub(crate) fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
}
