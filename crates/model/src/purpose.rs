//! Why a service asks for something of a person, in its own words (General Data Protection Regulation, article 13
//! paragraph 1 c).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Datum, Lang, limits};

/// Why a service asks for a datum, in one language or in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hu: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    en: Option<String>,
}

/// What is wrong with the text of a purpose; it continues the name of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurposeFault {
    /// Nothing but space.
    #[error("is empty")]
    Empty,
    /// More than [`limits::PURPOSE_CHARS`] characters.
    #[error("is longer than {} characters", limits::PURPOSE_CHARS)]
    TooLong,
    /// A control character, a line break among them, or one that turns the direction of what follows.
    #[error("has a control character or a line break")]
    Control,
}

impl Purpose {
    /// As an operator or a client states it: in Hungarian at least. Space around a text is dropped.
    ///
    /// # Errors
    ///
    /// [`PurposeFault`], and the language of the text that it is about.
    pub fn stated(hu: &str, en: Option<&str>) -> Result<Self, (Lang, PurposeFault)> {
        let hu = text(hu).map_err(|fault| (Lang::Hu, fault))?;
        let en = en.map(text).transpose().map_err(|fault| (Lang::En, fault))?;
        Ok(Self { hu: Some(hu), en })
    }

    /// As a description that was written for something else has it, which may be long: whatever can be shown of it.
    pub fn described(hu: Option<&str>, en: Option<&str>) -> Option<Self> {
        let shown = |text: &str| {
            let text = text.trim();
            (!text.is_empty() && !text.chars().any(is_control)).then(|| text.to_owned())
        };
        let (hu, en) = (hu.and_then(shown), en.and_then(shown));
        (hu.is_some() || en.is_some()).then_some(Self { hu, en })
    }

    /// The text in `lang` or else in the other language, and which it is in.
    pub fn said(&self, lang: Lang) -> (&str, Lang) {
        let hu = self.hu.as_deref().map(|text| (text, Lang::Hu));
        let en = self.en.as_deref().map(|text| (text, Lang::En));
        match lang {
            Lang::Hu => hu.or(en),
            Lang::En => en.or(hu),
        }
        .unwrap_or(("", lang))
    }
}

fn text(text: &str) -> Result<String, PurposeFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PurposeFault::Empty);
    }
    if text.chars().any(is_control) {
        return Err(PurposeFault::Control);
    }
    if text.chars().count() > limits::PURPOSE_CHARS {
        return Err(PurposeFault::TooLong);
    }
    Ok(text.to_owned())
}

/// Those that turn the direction of the text after them could make the page itself read otherwise (Unicode
/// Technical Report 36 section 2.2).
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Why a service asks for each datum, as far as it says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Purposes(BTreeMap<Datum, Purpose>);

impl Purposes {
    /// Why it asks for this one.
    pub fn of(&self, datum: Datum) -> Option<&Purpose> {
        self.0.get(&datum)
    }

    /// Whether it says so of none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that it says something of, in the order that pages show.
    pub fn data(&self) -> impl Iterator<Item = Datum> {
        self.0.keys().copied()
    }
}

impl FromIterator<(Datum, Purpose)> for Purposes {
    fn from_iter<I: IntoIterator<Item = (Datum, Purpose)>>(purposes: I) -> Self {
        Self(purposes.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_purpose_may_say() {
        let longest = "ő".repeat(limits::PURPOSE_CHARS);
        let longer = format!("{longest}!");
        #[rustfmt::skip]
        let table = [
            ("Ide küldjük az értesítést.", Ok("Ide küldjük az értesítést.")),
            ("  <b>nem</b> lap \"része\" ", Ok("<b>nem</b> lap \"része\"")),
            (longest.as_str(),             Ok(longest.as_str())),
            (longer.as_str(),              Err(PurposeFault::TooLong)),
            ("",                           Err(PurposeFault::Empty)),
            (" \u{a0}",                    Err(PurposeFault::Empty)),
            ("a\nb",                       Err(PurposeFault::Control)),
            ("a\u{7}b",                    Err(PurposeFault::Control)),
            ("a\u{202e}b",                 Err(PurposeFault::Control)),
            ("a\u{2066}b",                 Err(PurposeFault::Control)),
            ("a\u{2028}b",                 Err(PurposeFault::Control)),
        ];
        for (given, expected) in table {
            let hu = Purpose::stated(given, None);
            let said = hu.as_ref().map(|purpose| purpose.said(Lang::Hu).0).map_err(|(_, fault)| *fault);
            assert_eq!(said, expected, "{given:?}");
            let en = Purpose::stated("Cél", Some(given));
            assert_eq!(en.err(), expected.err().map(|fault| (Lang::En, fault)), "{given:?}");
        }
    }

    #[test]
    fn the_language_of_the_page_or_the_other_one() {
        let both = Purpose::stated("Cél", Some("Purpose")).unwrap();
        let one = Purpose::stated("Cél", None).unwrap();
        let described = |hu, en| Purpose::described(hu, en);
        let english = described(Some("a\nb"), Some("Purpose")).unwrap();
        for (purpose, hu, en) in [
            (&both, ("Cél", Lang::Hu), ("Purpose", Lang::En)),
            (&one, ("Cél", Lang::Hu), ("Cél", Lang::Hu)),
            (&english, ("Purpose", Lang::En), ("Purpose", Lang::En)),
        ] {
            assert_eq!((purpose.said(Lang::Hu), purpose.said(Lang::En)), (hu, en));
        }
        assert_eq!(described(None, Some(" ")), None);
        let purposes = Purposes::from_iter([(Datum::Email, both)]);
        assert!(purposes.of(Datum::Email).is_some() && purposes.of(Datum::BirthDate).is_none());
        assert!(!purposes.is_empty() && Purposes::default().is_empty());
    }
}
