//! The parameters of a request to the authorization server.

use std::collections::HashMap;

use super::{IssuanceError, IssuanceFault, PARAMETERS_MAX, SecretText};

/// The longest request, in bytes.
const REQUEST_BYTES_MAX: usize = 16 * 1024;

/// The parameters of one request, each name once (RFC 6749 section 3.1).
pub(super) struct Parameters(HashMap<String, SecretText>);

impl Parameters {
    pub(super) fn read(text: &str) -> Result<Self, IssuanceFault> {
        let invalid = |description| IssuanceError::InvalidRequest.because(description);
        if text.len() > REQUEST_BYTES_MAX {
            return Err(invalid("the request is too long"));
        }
        let mut parameters = HashMap::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            if parameters.len() == PARAMETERS_MAX {
                return Err(invalid("the request has too many parameters"));
            }
            if parameters.insert(name.into_owned(), SecretText::new(value.into_owned())).is_some() {
                return Err(invalid("a parameter is given more than once"));
            }
        }
        Ok(Self(parameters))
    }

    /// A value; one that is empty counts as left out.
    pub(super) fn take(&mut self, name: &str) -> Option<SecretText> {
        self.0.remove(name).filter(|value| !value.expose().is_empty())
    }

    pub(super) fn take_text(&mut self, name: &str) -> Option<String> {
        self.take(name).map(|value| value.expose().to_owned())
    }
}
