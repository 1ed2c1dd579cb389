//! What goes into a statement and comes out of it: one form for both engines.

use std::fmt;

use model::{HandleDigest, PersonId, ServiceId, Timestamp, UserName};
use serde::{Serialize, de::DeserializeOwned};

use crate::StoreError;
use crate::code::Coded;

/// A value of one of the three column types, or none.
#[derive(Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// Shows the type only: a value may be a secret's digest or a letter.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Value::Null => "Null",
            Value::Integer(_) => "Integer(…)",
            Value::Text(_) => "Text(…)",
            Value::Blob(_) => "Blob(…)",
        })
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Value::Integer(number.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Value::Blob(bytes)
    }
}

impl From<Timestamp> for Value {
    fn from(instant: Timestamp) -> Self {
        Value::Integer(instant.micros())
    }
}

impl From<&HandleDigest> for Value {
    fn from(digest: &HandleDigest) -> Self {
        digest.as_str().into()
    }
}

impl From<&PersonId> for Value {
    fn from(person: &PersonId) -> Self {
        person.as_str().into()
    }
}

impl From<&ServiceId> for Value {
    fn from(service: &ServiceId) -> Self {
        service.as_str().into()
    }
}

impl From<&UserName> for Value {
    fn from(name: &UserName) -> Self {
        name.as_str().into()
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// The JSON of one of our own values.
pub(crate) fn json(value: &impl Serialize) -> Value {
    Value::Text(serde_json::to_string(value).expect("what we keep has named fields and finite numbers"))
}

/// A row's columns, taken in the order in which the statement names them.
pub(crate) struct Row {
    what: &'static str,
    columns: std::vec::IntoIter<Value>,
}

impl Row {
    /// A row of `what`, as an [`StoreError::Unreadable`] will call it.
    pub(crate) fn new(what: &'static str, columns: Vec<Value>) -> Self {
        Self { what, columns: columns.into_iter() }
    }

    /// The error that this row deserves.
    pub(crate) fn unreadable(&self) -> StoreError {
        StoreError::Unreadable { what: self.what }
    }

    pub(crate) fn optional_integer(&mut self) -> Result<Option<i64>, StoreError> {
        match self.columns.next() {
            Some(Value::Integer(number)) => Ok(Some(number)),
            Some(Value::Null) => Ok(None),
            Some(Value::Text(_) | Value::Blob(_)) | None => Err(self.unreadable()),
        }
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.columns.next() {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            Some(Value::Integer(_) | Value::Blob(_)) | None => Err(self.unreadable()),
        }
    }

    pub(crate) fn blob(&mut self) -> Result<Vec<u8>, StoreError> {
        match self.columns.next() {
            Some(Value::Blob(bytes)) => Ok(bytes),
            Some(Value::Null | Value::Integer(_) | Value::Text(_)) | None => Err(self.unreadable()),
        }
    }

    pub(crate) fn integer(&mut self) -> Result<i64, StoreError> {
        self.optional_integer()?.ok_or_else(|| self.unreadable())
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.optional_text()?.ok_or_else(|| self.unreadable())
    }

    pub(crate) fn count(&mut self) -> Result<u32, StoreError> {
        u32::try_from(self.integer()?).map_err(|_| self.unreadable())
    }

    pub(crate) fn instant(&mut self) -> Result<Timestamp, StoreError> {
        self.integer().map(Timestamp::from_micros)
    }

    pub(crate) fn optional_instant(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.optional_integer()?.map(Timestamp::from_micros))
    }

    pub(crate) fn digest(&mut self) -> Result<HandleDigest, StoreError> {
        self.text().map(HandleDigest::from_stored)
    }

    pub(crate) fn person(&mut self) -> Result<PersonId, StoreError> {
        self.text().map(PersonId::from_stored)
    }

    pub(crate) fn service(&mut self) -> Result<ServiceId, StoreError> {
        self.text().map(ServiceId::new)
    }

    pub(crate) fn user_name(&mut self) -> Result<UserName, StoreError> {
        UserName::parse(&self.text()?).map_err(|_| self.unreadable())
    }

    /// One of our own enumerations.
    pub(crate) fn coded<T: Coded>(&mut self) -> Result<T, StoreError> {
        let code = self.text()?;
        T::from_code(&code).ok_or_else(|| self.unreadable())
    }

    /// A value that rests as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let text = self.text()?;
        serde_json::from_str(&text).map_err(|_| self.unreadable())
    }
}
