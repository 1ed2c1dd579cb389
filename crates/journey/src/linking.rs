//! Connecting the identity that another identity provider knows a person by with the person's account.

use model::Person;
use serde::{Deserialize, Serialize};

/// An identity that waits for one proof by the account's owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linking {
    /// Whose word it is.
    #[serde(default)]
    pub source: IdentitySource,
    /// The identity provider or issuer of credentials, by its name in this installation's configuration.
    pub upstream: String,
    /// The identity provider, as it names itself: an issuer or an entity ID.
    pub issuer: String,
    /// The person, as it names them.
    pub subject: String,
    /// What it says of the person.
    pub stated: Stated,
}

/// Whose word an identity is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentitySource {
    /// Another identity provider's.
    #[default]
    Upstream,
    /// The issuer's of a credential that a wallet showed.
    Wallet,
}

/// What another identity provider says of a person, as far as it was asked. It is never taken over an account's own
/// data: the owner recognises the identity by it, and what speaks of somebody else is not linked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// The family name.
    pub family_name: Option<String>,
    /// The given name.
    pub given_name: Option<String>,
    /// The date of birth, as `YYYY-MM-DD`.
    pub birth_date: Option<String>,
}

/// The identity speaks of somebody else than the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkFault;

impl Stated {
    /// Whether nothing of it speaks of somebody else. Names agree by their letters, whatever their case and the space
    /// between them, with the name in use or the name at birth; a date to the day.
    ///
    /// # Errors
    ///
    /// [`LinkFault`]. What was not stated contradicts nothing.
    pub fn agrees_with(&self, person: &Person) -> Result<(), LinkFault> {
        let agrees = |stated: &Option<String>, own: [&str; 2]| {
            stated.as_deref().is_none_or(|stated| own.into_iter().any(|own| folded(own) == folded(stated)))
        };
        let all = agrees(&self.family_name, [&person.name.family, &person.birth_name.family])
            && agrees(&self.given_name, [&person.name.given, &person.birth_name.given])
            && self.birth_date.as_deref().is_none_or(|stated| stated == person.birth_date);
        if all { Ok(()) } else { Err(LinkFault) }
    }
}

fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use model::{Email, PersonId, PersonName, Place};

    use super::*;

    fn anna() -> Person {
        let name = |family: &str| PersonName { family: family.to_owned(), given: "Anna Mária".to_owned() };
        Person {
            id: PersonId::from_stored("anna".to_owned()),
            name: name("Kovács"),
            birth_name: name("Árvai"),
            birth_place: Place { country: "HU".to_owned(), region: None, locality: "Győr".to_owned() },
            birth_date: "1958-03-05".to_owned(),
            mothers_name: name("Próba"),
            nationalities: vec![],
            email: Email::parse("anna@pelda.hu").unwrap(),
        }
    }

    #[test]
    fn what_speaks_of_somebody_else_is_not_linked() {
        #[rustfmt::skip]
        let table = [
            // family,         given,               born,               agrees
            (None,             None,                None,               true),
            (Some("Kovács"),   Some("Anna Mária"),  Some("1958-03-05"), true),
            (Some("KOVÁCS"),   Some("anna  mária"), None,               true),
            (Some("Árvai"),    None,                None,               true),
            (Some("Kovacs"),   None,                None,               false),
            (Some("Kovács"),   Some("Anna"),        None,               false),
            (None,             None,                Some("1958-03-06"), false),
            (Some(""),         None,                None,               false),
        ];
        for (family, given, born, agrees) in table {
            let [family_name, given_name, birth_date] = [family, given, born].map(|text| text.map(str::to_owned));
            let stated = Stated { family_name, given_name, birth_date };
            assert_eq!(stated.agrees_with(&anna()).is_ok(), agrees, "{stated:?}");
        }
    }
}
