//! One disclosure: what opens one digest (RFC 9901 section 4.2).

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::SdJwtFault;

/// The names that no claim may have (RFC 9901 section 5.3, step 3.c): they are the format's own.
pub(super) const FORMAT_NAMES: [&str; 2] = ["_sd", "..."];

/// A disclosure, as it travels and as it reads.
#[derive(Clone, PartialEq)]
pub(super) struct Disclosure {
    /// The text that is hashed and sent.
    pub(super) text: String,
    pub(super) digest: String,
    pub(super) content: Content,
}

/// What a disclosure opens.
#[derive(Clone, PartialEq)]
pub(super) enum Content {
    /// A member of an object.
    Property { name: String, value: Value },
    /// An item of an array.
    Element { value: Value },
}

impl Disclosure {
    /// Reads one.
    pub(super) fn parse(text: &str) -> Result<Self, SdJwtFault> {
        let decoded = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| SdJwtFault::Disclosure)?;
        let parts: Vec<Value> = jose::json::from_slice(&decoded).map_err(|_| SdJwtFault::Disclosure)?;
        let content = match <[Value; 3]>::try_from(parts) {
            Ok([Value::String(_), Value::String(name), value]) => {
                if FORMAT_NAMES.contains(&name.as_str()) {
                    return Err(SdJwtFault::ReservedName);
                }
                Content::Property { name, value }
            }
            Ok(_) => return Err(SdJwtFault::Disclosure),
            Err(parts) => match <[Value; 2]>::try_from(parts) {
                Ok([Value::String(_), value]) => Content::Element { value },
                Ok(_) | Err(_) => return Err(SdJwtFault::Disclosure),
            },
        };
        Ok(Self { text: text.to_owned(), digest: digest_of(text), content })
    }

    /// Makes one for a member of an object.
    pub(super) fn property(salt: [u8; super::SALT_BYTES], name: &str, value: Value) -> Self {
        let text = encoded(&json!([BASE64URL_NOPAD.encode(&salt), name, value]));
        Self { digest: digest_of(&text), text, content: Content::Property { name: name.to_owned(), value } }
    }

    /// Makes one for an item of an array.
    pub(super) fn element(salt: [u8; super::SALT_BYTES], value: Value) -> Self {
        let text = encoded(&json!([BASE64URL_NOPAD.encode(&salt), value]));
        Self { digest: digest_of(&text), text, content: Content::Element { value } }
    }
}

fn encoded(parts: &Value) -> String {
    BASE64URL_NOPAD.encode(parts.to_string().as_bytes())
}

/// The digest of a text, in base64url: of a disclosure (RFC 9901 section 4.2.3), of a presentation (section
/// 4.3.1), or of a salt that stands for nothing (section 4.2.5).
pub(super) fn digest_of(text: &str) -> String {
    BASE64URL_NOPAD.encode(digest(&SHA256, text.as_bytes()).as_ref())
}
