//! The nouns of the gateway: persons, services, methods, levels, handles, secrets and time.
//!
//! Nothing here does input or output, reads a clock or draws a random number; both are
//! parameters, as the traits [`Clock`] and [`Random`]. The `serde` derives describe how a
//! value rests in our own database, never a protocol's wire format.

mod assurance;
mod handle;
pub mod limits;
mod network;
mod person;
mod purpose;
mod random;
mod release;
mod secret;
mod service;
mod time;
mod user_name;

pub use assurance::{AuthenticationContext, Binding, Level, Loa, Method};
pub use handle::{Handle, HandleDigest, PersonId};
pub use network::Network;
pub use person::{Email, EmailError, Person, PersonName, Place};
pub use purpose::{Purpose, PurposeFault, Purposes};
pub use random::Random;
pub use release::{Datum, LegalBasis, NameKind, Release, ReleaseError};
pub use secret::Secret;
pub use service::{Article, Service, ServiceId, ServiceTerms, StatedTerms};
pub use time::{Clock, Timestamp};
pub use user_name::{UserName, UserNameError};

/// The language of a page or a letter. Hungarian first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Hungarian, the default.
    #[default]
    Hu,
    /// English.
    En,
}

impl Lang {
    /// The BCP 47 tag, as in `<html lang>` and `ui_locales`.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Hu => "hu",
            Lang::En => "en",
        }
    }

    /// The language whose tag, or whose tag's primary subtag, is `tag`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next().unwrap_or_default() {
            t if t.eq_ignore_ascii_case("hu") => Some(Lang::Hu),
            t if t.eq_ignore_ascii_case("en") => Some(Lang::En),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn languages_and_their_tags() {
        #[rustfmt::skip]
        let table = [
            ("hu",       Some(Lang::Hu)),
            ("hu-HU",    Some(Lang::Hu)),
            ("HU",       Some(Lang::Hu)),
            ("en",       Some(Lang::En)),
            ("en-GB",    Some(Lang::En)),
            ("EN-us",    Some(Lang::En)),
            ("de",       None),
            ("hun",      None),
            ("h",        None),
            ("",         None),
            ("-hu",      None),
            (" hu",      None),
        ];
        for (tag, lang) in table {
            assert_eq!(Lang::from_tag(tag), lang, "{tag:?}");
        }
        for lang in [Lang::Hu, Lang::En] {
            assert_eq!(Lang::from_tag(lang.tag()), Some(lang));
        }
        assert_eq!(Lang::default(), Lang::Hu);
    }
}
