//! Characters that canonical XML writes as references (Canonical XML 1.0 section 2.3).

/// Appends the text of an element.
pub(crate) fn text(text: &str, to: &mut String) {
    append(text, to, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Appends the value of an attribute, without its quotes.
pub(crate) fn attribute(value: &str, to: &mut String) {
    append(value, to, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Copies whole runs; all that is replaced is ASCII, so each cut is between characters.
#[inline]
fn append(text: &str, to: &mut String, replacement: impl Fn(u8) -> Option<&'static str>) {
    if is_plain(text) {
        to.push_str(text);
        return;
    }
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(replacement) = replacement(byte) {
            to.push_str(&text[copied..at]);
            to.push_str(replacement);
            copied = at + 1;
        }
    }
    to.push_str(&text[copied..]);
}

/// Whether XML 1.0 can express all of a text (section 2.2).
pub(crate) fn is_writable(text: &str) -> bool {
    is_plain(text) || text.chars().all(is_expressible)
}

/// Whether it is printable ASCII of which nothing is replaced anywhere: most identifiers are, and all base64 is.
/// The greatest is asked for, where a search would stop: so many octets are looked at in one step.
fn is_plain(text: &str) -> bool {
    let is_special = |byte| !matches!(byte, b' '..=b'~') || matches!(byte, b'&' | b'<' | b'>' | b'"');
    text.bytes().map(|byte| u8::from(is_special(byte))).max() != Some(1)
}

/// Whether XML 1.0 can express a character at all (section 2.2).
pub(crate) fn is_expressible(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}
