//! Why a service asks for what it receives, as a client or an operator writes it: an object whose members are named
//! by data, each with a text in Hungarian and perhaps one in English.
//!
//! A wording is no part of what a person decides of: when it alone changes, nobody is asked again. What is passed on
//! is the same, and pages that come back for a better word would be agreed to unread.

use std::collections::BTreeMap;

use model::{Datum, Lang, Purpose, PurposeFault, Purposes};
use serde_json::{Map, Value};

use crate::edge::oidc::data_told_by;

/// Why purposes are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurposesError {
    /// More than [`oidc::METADATA_BYTES_MAX`] bytes.
    #[error("is longer than 64 KiB")]
    TooLarge,
    /// No JSON object, or a member named twice.
    #[error("is no JSON object that names each member once: {reason}")]
    Form {
        /// The line that is to blame, from 1, if one is.
        line: Option<u64>,
        /// In the JSON library's words.
        reason: String,
    },
    /// One member is wrong.
    #[error("{0}")]
    Member(#[from] MemberError),
}

/// What is wrong with a member.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the purpose `{path}` {fault}")]
pub struct MemberError {
    /// Its name.
    pub name: String,
    /// The same or, of a text in it, with the language: `email.hu`.
    pub path: String,
    /// What is wrong.
    pub fault: MemberFault,
}

/// What is wrong with a member; the text continues its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberFault {
    /// No datum and no claim that is passed on here has that name.
    #[error("names no datum: known are {}", Datum::ALL.map(Datum::as_str).join(", "))]
    NoDatum,
    /// It is another name of a datum that has a purpose already.
    #[error("is another name of {}, which has a purpose already", .0.as_str())]
    Twice(Datum),
    /// It is no object with texts.
    #[error("must be an object with the texts `hu` and, if there is one, `en`")]
    NoTexts,
    /// A text is no text, or the Hungarian one is not there.
    #[error("must be a text")]
    NoText,
    /// A text is refused.
    #[error(transparent)]
    Text(#[from] PurposeFault),
}

/// Reads a file of purposes.
///
/// # Errors
///
/// See [`PurposesError`]; the first fault found.
pub fn read_purposes(text: &[u8]) -> Result<Purposes, PurposesError> {
    if text.len() > oidc::METADATA_BYTES_MAX {
        return Err(PurposesError::TooLarge);
    }
    let members: Map<String, Value> = jose::json::from_slice(text).map_err(|error| {
        let line = u64::try_from(error.line()).ok().filter(|line| *line > 0);
        PurposesError::Form { line, reason: error.to_string() }
    })?;
    Ok(of_members(&members)?)
}

/// Reads the members: named by data, or by the claims that tell them. A name that tells two data stands for both, but
/// for one that is named by itself.
pub(crate) fn of_members(members: &Map<String, Value>) -> Result<Purposes, MemberError> {
    let mut single: BTreeMap<Datum, Purpose> = BTreeMap::new();
    let mut shared: BTreeMap<Datum, Purpose> = BTreeMap::new();
    for (name, texts) in members {
        let error = |fault| MemberError { name: name.clone(), path: name.clone(), fault };
        let purpose = purpose(name, texts)?;
        match data_named(name).as_slice() {
            [] => return Err(error(MemberFault::NoDatum)),
            [datum] => {
                if single.insert(*datum, purpose).is_some() {
                    return Err(error(MemberFault::Twice(*datum)));
                }
            }
            data => shared.extend(data.iter().map(|datum| (*datum, purpose.clone()))),
        }
    }
    shared.extend(single);
    Ok(shared.into_iter().collect())
}

fn data_named(name: &str) -> Vec<Datum> {
    Datum::from_name(name).map_or_else(|| data_told_by(name).to_vec(), |datum| vec![datum])
}

fn purpose(name: &str, texts: &Value) -> Result<Purpose, MemberError> {
    let error = |path: String, fault| MemberError { name: name.to_owned(), path, fault };
    let at = |lang: Lang| format!("{name}.{}", lang.tag());
    let Value::Object(texts) = texts else { return Err(error(name.to_owned(), MemberFault::NoTexts)) };
    if texts.keys().any(|key| ![Lang::Hu.tag(), Lang::En.tag()].contains(&key.as_str())) {
        return Err(error(name.to_owned(), MemberFault::NoTexts));
    }
    let text = |lang: Lang| match texts.get(lang.tag()) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(error(at(lang), MemberFault::NoText)),
    };
    let hu = text(Lang::Hu)?.ok_or_else(|| error(at(Lang::Hu), MemberFault::NoText))?;
    Purpose::stated(hu, text(Lang::En)?).map_err(|(lang, fault)| error(at(lang), fault.into()))
}

#[cfg(test)]
mod tests {
    use model::limits;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Vec<(Datum, String)>, String> {
        let purposes = read_purposes(text.as_bytes()).map_err(|error| error.to_string())?;
        let said = |datum| purposes.of(datum).map(|purpose| (datum, purpose.said(Lang::En).0.to_owned()));
        Ok(Datum::ALL.into_iter().filter_map(said).collect())
    }

    #[test]
    fn data_are_named_by_themselves_and_by_claims() {
        let of = |pairs: &[(Datum, &str)]| Ok(pairs.iter().map(|(datum, text)| (*datum, (*text).to_owned())).collect());
        for (text, expected) in [
            (json!({}), of(&[])),
            (json!({"email": {"hu": "Értesítés", "en": "Notices"}}), of(&[(Datum::Email, "Notices")])),
            (json!({"birthdate": {"hu": "Kor", "en": null}}), of(&[(Datum::BirthDate, "Kor")])),
            (
                json!({"name": {"hu": "Megszólítás"}, "given_name": {"hu": "Keresztnév"}}),
                of(&[(Datum::FamilyName, "Megszólítás"), (Datum::GivenName, "Keresztnév")]),
            ),
        ] {
            assert_eq!(read(&text.to_string()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_purpose_is_refused_by_its_name() {
        let long = "a".repeat(limits::PURPOSE_CHARS + 1);
        for (text, expected) in [
            (json!({"shoe_size": {"hu": "Cipő"}}), "the purpose `shoe_size` names no datum: known are family_name, "),
            (json!({"email": "Cél"}), "the purpose `email` must be an object"),
            (json!({"email": {"hu": "Cél", "de": "Zweck"}}), "the purpose `email` must be an object"),
            (json!({"email": {"en": "Purpose"}}), "the purpose `email.hu` must be a text"),
            (json!({"email": {"hu": 5}}), "the purpose `email.hu` must be a text"),
            (json!({"email": {"hu": " "}}), "the purpose `email.hu` is empty"),
            (json!({"email": {"hu": long}}), "the purpose `email.hu` is longer than 200 characters"),
            (json!({"email": {"hu": "Cél", "en": "a\nb"}}), "the purpose `email.en` has a control character"),
            (
                json!({"birthdate": {"hu": "Cél"}, "birth_date": {"hu": "Cél"}}),
                "the purpose `birthdate` is another name of birth_date, which has a purpose already",
            ),
            (json!([]), "is no JSON object"),
        ] {
            let refused = read(&text.to_string()).unwrap_err();
            assert!(refused.starts_with(expected), "{text}: {refused}");
        }
        for text in ["{", "{\"email\": {\"hu\": \"a\"}, \"email\": {\"hu\": \"b\"}}"] {
            assert!(read(text).unwrap_err().starts_with("is no JSON object that names each member once: "), "{text}");
        }
        let spaced = format!("{{}}{}", " ".repeat(oidc::METADATA_BYTES_MAX));
        assert_eq!(read(&spaced).unwrap_err(), "is longer than 64 KiB");
    }
}
