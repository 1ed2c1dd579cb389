//! A service: a portal that people sign in to through the broker.

use serde::{Deserialize, Serialize};

use crate::{Lang, LegalBasis, Level, Loa, Purposes};

/// The identifier of a service: an OpenID Connect `client_id` or a SAML entity id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ServiceId(String);

impl ServiceId {
    /// Takes the identifier as registered; compared byte for byte.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The Hungarian definite article before a name: "a KENYSZI", "az ePapír".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Article {
    /// Before a consonant.
    A,
    /// Before a vowel.
    Az,
}

impl Article {
    /// The article that fits how `name` begins. A guess for names read letter by letter
    /// (an "MTA" is "az"); the registration may say otherwise.
    pub fn guess(name: &str) -> Self {
        match name.chars().next().map(|c| c.to_lowercase().next().unwrap_or(c)) {
            Some('a' | 'á' | 'e' | 'é' | 'i' | 'í' | 'o' | 'ó' | 'ö' | 'ő' | 'u' | 'ú' | 'ü' | 'ű') => {
                Article::Az
            }
            _ => Article::A,
        }
    }

    /// `a` or `az`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Article::A => "a",
            Article::Az => "az",
        }
    }
}

/// What a service demands of a sign-in, and why it may be told of the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceTerms {
    /// The least level; absent means 1 before the cut-over and 2 from it.
    pub min_level: Option<Level>,
    /// The least level of assurance; absent means any.
    pub min_loa: Option<Loa>,
    /// Why it may receive what it receives of a person.
    #[serde(default)]
    pub basis: LegalBasis,
}

/// Those of a service's terms that a registration states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatedTerms {
    /// The least level.
    pub min_level: Option<Level>,
    /// The least level of assurance.
    pub min_loa: Option<Loa>,
    /// Why it may receive what it receives of a person.
    pub basis: Option<LegalBasis>,
}

impl StatedTerms {
    /// The terms from now on. What is not stated stays as it was, so that nothing is ever asked less by an omission.
    pub fn over(self, former: ServiceTerms) -> ServiceTerms {
        ServiceTerms {
            min_level: self.min_level.or(former.min_level),
            min_loa: self.min_loa.or(former.min_loa),
            basis: self.basis.unwrap_or(former.basis),
        }
    }
}

/// What the pages and the policy need to know of a service, whatever protocol it speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Who it is.
    pub id: ServiceId,
    /// Its name in Hungarian.
    pub name_hu: String,
    /// Its name in English.
    pub name_en: String,
    /// The article before the Hungarian name.
    pub article: Article,
    /// Where it begins: an absolute URL that people may be sent back to.
    pub home: String,
    /// What it demands.
    pub terms: ServiceTerms,
    /// Why it asks for what it receives of a person, as far as that was registered.
    #[serde(default, skip_serializing_if = "Purposes::is_empty")]
    pub purposes: Purposes,
}

impl Service {
    /// The name in `lang`.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Hu => &self.name_hu,
            Lang::En => &self.name_en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles() {
        #[rustfmt::skip]
        let table = [
            ("KENYSZI",             "a"),
            ("Magyarorszag.hu",     "a"),
            ("levelezési tárhely",  "a"),
            ("Cégkapu",             "a"),
            ("Yettel",              "a"),
            ("ePapír",              "az"),
            ("Ügyfélkapu",          "az"),
            ("Államkincstár",       "az"),
            ("Észak",               "az"),
            ("Írásbeli",            "az"),
            ("Óvoda",               "az"),
            ("Önkormányzat",        "az"),
            ("Őrség",               "az"),
            ("Út",                  "az"),
            ("űrlap",               "az"),
            ("iskola",              "az"),
            ("",                    "a"),
            (" eper",               "a"),
        ];
        for (name, article) in table {
            assert_eq!(Article::guess(name).as_str(), article, "{name:?}");
        }
    }

    #[test]
    fn a_service_is_named_in_the_language_of_the_page() {
        let service = Service {
            id: ServiceId::new("https://tarhely.example"),
            name_hu: "levelezési tárhely".to_owned(),
            name_en: "mail storage".to_owned(),
            article: Article::guess("levelezési tárhely"),
            home: "https://tarhely.example/".to_owned(),
            terms: ServiceTerms::default(),
            purposes: Purposes::default(),
        };
        assert_eq!(service.name(Lang::Hu), "levelezési tárhely");
        assert_eq!(service.name(Lang::En), "mail storage");
        assert_eq!(service.id.as_str(), "https://tarhely.example");
        let nothing = ServiceTerms { min_level: None, min_loa: None, basis: LegalBasis::Consent };
        assert_eq!(service.terms, nothing, "nothing is demanded unless stated");
    }
}
