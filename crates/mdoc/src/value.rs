//! What an element is worth.

use std::fmt;

use ciborium::Value as Cbor;

use crate::cbor::{DATE_TIME, EMBEDDED, FULL_DATE};
use crate::time::{self, FullDate};

/// The value of a data element (ISO/IEC 18013-5 section 8.3.2.1.2.2), in the forms that documents about
/// persons use. Prints its kind only: it says something of somebody.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// Octets, as of a picture.
    Bytes(Vec<u8>),
    /// An integer.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// Nothing.
    Null,
    /// A day, in tag 1004.
    FullDate(FullDate),
    /// An instant in Unix time, in tag 0.
    DateTime(i64),
    /// CBOR in a byte string, in tag 24. Not looked into.
    Embedded(Vec<u8>),
    /// A list.
    Array(Vec<Value>),
    /// Members with names.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The day, if it is one.
    pub fn as_full_date(&self) -> Option<FullDate> {
        if let Value::FullDate(date) = self { Some(*date) } else { None }
    }

    /// The list, if it is one.
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    /// The member of this name, if it is a map that has one.
    pub fn member(&self, name: &str) -> Option<&Value> {
        let Value::Map(members) = self else { return None };
        members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Reads what the scan let pass; `None` for a date that does not exist, a number beyond 64 bits and a
    /// map with numbers as keys.
    pub(crate) fn read(cbor: &Cbor) -> Option<Self> {
        Some(match cbor {
            Cbor::Text(text) => Value::Text(text.clone()),
            Cbor::Bytes(octets) => Value::Bytes(octets.clone()),
            Cbor::Integer(integer) => Value::Integer(i64::try_from(*integer).ok()?),
            Cbor::Bool(value) => Value::Bool(*value),
            Cbor::Null => Value::Null,
            Cbor::Tag(FULL_DATE, inner) => Value::FullDate(FullDate::parse(inner.as_text()?)?),
            Cbor::Tag(DATE_TIME, inner) => Value::DateTime(time::read(inner.as_text()?)?),
            Cbor::Tag(EMBEDDED, inner) => Value::Embedded(inner.as_bytes()?.clone()),
            Cbor::Array(items) => Value::Array(items.iter().map(Value::read).collect::<Option<_>>()?),
            Cbor::Map(members) => {
                let read = |(key, value): &(Cbor, Cbor)| Some((key.as_text()?.to_owned(), Value::read(value)?));
                Value::Map(members.iter().map(read).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    /// `None` for an instant before 1970 or after 9999.
    pub(crate) fn write(&self) -> Option<Cbor> {
        let tagged = |tag, text: String| Cbor::Tag(tag, Box::new(Cbor::Text(text)));
        Some(match self {
            Value::Text(text) => Cbor::Text(text.clone()),
            Value::Bytes(octets) => Cbor::Bytes(octets.clone()),
            Value::Integer(integer) => Cbor::from(*integer),
            Value::Bool(value) => Cbor::Bool(*value),
            Value::Null => Cbor::Null,
            Value::FullDate(date) => tagged(FULL_DATE, date.to_string()),
            Value::DateTime(unix) => tagged(DATE_TIME, time::write(*unix)?),
            Value::Embedded(octets) => crate::cbor::embedded(octets.clone()),
            Value::Array(items) => Cbor::Array(items.iter().map(Value::write).collect::<Option<_>>()?),
            Value::Map(members) => {
                let write = |(key, value): &(String, Value)| Some((Cbor::Text(key.clone()), value.write()?));
                Cbor::Map(members.iter().map(write).collect::<Option<_>>()?)
            }
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Value::Text(_) => "Text(..)",
            Value::Bytes(_) => "Bytes(..)",
            Value::Integer(_) => "Integer(..)",
            Value::Bool(_) => "Bool(..)",
            Value::Null => "Null",
            Value::FullDate(_) => "FullDate(..)",
            Value::DateTime(_) => "DateTime(..)",
            Value::Embedded(_) => "Embedded(..)",
            Value::Array(_) => "Array(..)",
            Value::Map(_) => "Map(..)",
        })
    }
}

/// One element of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its namespace.
    pub namespace: String,
    /// Its identifier there.
    pub identifier: String,
    /// What it is worth.
    pub value: Value,
}

/// An element that a verifier asks for, or that a holder shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Its namespace.
    pub namespace: &'a str,
    /// Its identifier there.
    pub identifier: &'a str,
    /// Whether it may be absent.
    pub need: Need,
}

/// Whether an element may be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it the document is refused.
    Required,
    /// Without it the rest is handed out all the same.
    Optional,
}
