//! Base64url without padding (RFC 7515 section 2), in its one canonical form: no padding, no white
//! space, and the unused bits of the last character are zero.

use data_encoding::BASE64URL_NOPAD;

pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

pub(crate) fn append(bytes: &[u8], to: &mut String) {
    BASE64URL_NOPAD.encode_append(bytes, to);
}
