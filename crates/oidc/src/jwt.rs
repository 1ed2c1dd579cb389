//! Claims that several tokens share (RFC 7519 section 4.1).

use serde::{Deserialize, Deserializer};
use serde_json::Number;

/// Seconds since the epoch; fractions are legal on the wire and cut off (RFC 7519 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NumericDate(pub(crate) i64);

/// Beyond this no instant is meant, and a fraction still has a whole part.
const FARTHEST: f64 = 1e15;

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(deserializer)?;
        #[expect(clippy::cast_possible_truncation, reason = "within FARTHEST the whole part fits")]
        let whole = |fraction: f64| fraction.floor() as i64;
        number
            .as_i64()
            .or_else(|| number.as_f64().filter(|fraction| fraction.abs() < FARTHEST).map(whole))
            .map(NumericDate)
            .ok_or_else(|| serde::de::Error::custom("a time is out of range"))
    }
}

/// `aud`: one receiver or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    /// The receiver, when there is only one.
    pub(crate) fn single(&self) -> Option<&str> {
        match self {
            Audience::One(receiver) => Some(receiver),
            Audience::Several(receivers) => match receivers.as_slice() {
                [receiver] => Some(receiver),
                _ => None,
            },
        }
    }
}
