//! The members of a registration, each taken once and named when it is wrong.

use jose::Algorithm;
use serde_json::{Map, Value};

use super::{METADATA_BYTES_MAX, MetadataError, MetadataFault, URIS_MAX};
use crate::WebUri;

pub(super) struct Members(Map<String, Value>);

pub(super) fn wrong(member: &str, fault: MetadataFault) -> MetadataError {
    MetadataError::Member { member: member.to_owned(), fault }
}

impl Members {
    pub(super) fn read(text: &[u8]) -> Result<Self, MetadataError> {
        if text.len() > METADATA_BYTES_MAX {
            return Err(MetadataError::TooLarge);
        }
        jose::json::from_slice(text).map(Self).map_err(|error| MetadataError::Form(error.to_string()))
    }

    /// `null` counts as left out.
    pub(super) fn value(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, name: &str, chars_max: usize) -> Result<Option<String>, MetadataError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text))
                if !text.trim().is_empty()
                    && text.chars().count() <= chars_max
                    && !text.chars().any(char::is_control) =>
            {
                Ok(Some(text))
            }
            Some(_) => Err(wrong(name, MetadataFault::Expected("a text of a reasonable length"))),
        }
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, MetadataError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(wrong(name, MetadataFault::Expected("true or false"))),
        }
    }

    pub(super) fn object(&mut self, name: &str) -> Result<Option<Map<String, Value>>, MetadataError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(members)),
            Some(_) => Err(wrong(name, MetadataFault::Expected("an object"))),
        }
    }

    pub(super) fn number(&mut self, name: &str) -> Result<Option<u32>, MetadataError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        number.map(Some).ok_or_else(|| wrong(name, MetadataFault::Expected("a whole number below 2^32")))
    }

    pub(super) fn one_of<T: Copy>(&mut self, name: &str, known: &[(&str, T)]) -> Result<Option<T>, MetadataError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let found = known.iter().find(|(word, _)| value == *word);
        found.map(|(_, meaning)| Some(*meaning)).ok_or_else(|| wrong(name, MetadataFault::Expected("a known word")))
    }

    /// An array of known words, in the order of `known`.
    pub(super) fn several_of(
        &mut self,
        name: &str,
        known: &[&'static str],
    ) -> Result<Vec<&'static str>, MetadataError> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(words)) if words.iter().all(|word| known.iter().any(|known| word == known)) => {
                Ok(known.iter().copied().filter(|known| words.iter().any(|word| word == known)).collect())
            }
            Some(_) => Err(wrong(name, MetadataFault::Expected("an array of known words"))),
        }
    }

    pub(super) fn algorithm(&mut self, name: &str) -> Result<Option<Algorithm>, MetadataError> {
        self.one_of(name, &Algorithm::ALL.map(|algorithm| (algorithm.as_str(), algorithm)))
            .map_err(|_| wrong(name, MetadataFault::Expected("ES256, RS256 or PS256")))
    }

    pub(super) fn uri(&mut self, name: &str) -> Result<Option<WebUri>, MetadataError> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => uri(name, &value).map(Some),
        }
    }

    pub(super) fn uris(&mut self, name: &str) -> Result<Vec<WebUri>, MetadataError> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(uris)) if uris.len() <= URIS_MAX => uris.iter().map(|value| uri(name, value)).collect(),
            Some(_) => Err(wrong(name, MetadataFault::Expected("an array of at most 64 URLs"))),
        }
    }

    /// An array that, if it is there, holds one word alone.
    pub(super) fn only(&mut self, name: &str, word: &str, why: &'static str) -> Result<(), MetadataError> {
        match self.value(name) {
            None => Ok(()),
            Some(Value::Array(words)) if words.iter().all(|value| value == word) => Ok(()),
            Some(_) => Err(wrong(name, MetadataFault::Unsupported(why))),
        }
    }

    pub(super) fn refuse(&mut self, name: &str, what: &'static str) -> Result<(), MetadataError> {
        self.value(name).map_or(Ok(()), |_| Err(wrong(name, MetadataFault::Unsupported(what))))
    }

    pub(super) fn refuse_unknown_of_ours(&self) -> Result<(), MetadataError> {
        let unknown = self.0.keys().find(|name| name.starts_with("kapu_"));
        unknown.map_or(Ok(()), |name| Err(wrong(name, MetadataFault::Unknown)))
    }
}

fn uri(name: &str, value: &Value) -> Result<WebUri, MetadataError> {
    let text = value.as_str().ok_or_else(|| wrong(name, MetadataFault::Expected("a URL")))?;
    WebUri::parse(text).map_err(|fault| wrong(name, fault.into()))
}
