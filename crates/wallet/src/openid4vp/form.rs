//! A form that a wallet posts.

use std::collections::HashMap;

use super::{ANSWER_BYTES_MAX, ANSWER_PARAMETERS_MAX, AnswerFault};

/// The parameters of a form, each there once. Those that are not known are kept and not looked at.
pub(super) fn read(body: &[u8]) -> Result<HashMap<String, String>, AnswerFault> {
    if body.len() > ANSWER_BYTES_MAX {
        return Err(AnswerFault::TooLong);
    }
    let mut parameters = HashMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        if parameters.len() >= ANSWER_PARAMETERS_MAX
            || parameters.insert(name.into_owned(), value.into_owned()).is_some()
        {
            return Err(AnswerFault::Form);
        }
    }
    Ok(parameters)
}

/// A form of these parameters.
pub(super) fn write(parameters: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        form.append_pair(name, value);
    }
    form.finish()
}
