//! The demo's persons. All of them are made up, and their family names say so.

use model::{Email, EmailError, Person, PersonId, PersonName, Place, Random};

use crate::text::Text;

/// A person of the demo.
pub(super) struct Invented {
    pub(super) username: &'static str,
    family: &'static str,
    given: &'static str,
    birth_family: &'static str,
    locality: &'static str,
    birthdate: &'static str,
    mother: (&'static str, &'static str),
    /// How far the account has come.
    pub(super) state: State,
    /// What is special about the person.
    pub(super) note: fn(Text) -> &'static str,
}

/// How far an account has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It has a password.
    Password,
    /// It has an authenticator as well.
    Enrolled,
    /// It has one, and a clerk saw that it is its owner's.
    Identified,
    /// It has one that is switched off.
    Inactive,
    /// A code to activate it was mailed.
    NotActivated,
    /// It was frozen.
    Frozen,
}

/// The persons, in the order of the index page.
pub(super) const PERSONS: [Invented; 8] = [
    Invented {
        username: "proba.piroska",
        family: "Próba",
        given: "Piroska",
        birth_family: "Minta",
        locality: "Zalaegerszeg",
        birthdate: "1979-05-14",
        mother: ("Teszt", "Ilona"),
        state: State::Password,
        note: |text| text.person_social_worker(),
    },
    Invented {
        username: "minta.mihaly",
        family: "Minta",
        given: "Mihály",
        birth_family: "Minta",
        locality: "Debrecen",
        birthdate: "1966-11-02",
        mother: ("Próba", "Erzsébet"),
        state: State::Password,
        note: |text| text.person_representative(),
    },
    Invented {
        username: "teszt.teodora",
        family: "Teszt",
        given: "Teodóra",
        birth_family: "Teszt",
        locality: "Szeged",
        birthdate: "1951-02-27",
        mother: ("Képzelt", "Rozália"),
        state: State::Password,
        note: |text| text.person_pensioner(),
    },
    Invented {
        username: "kitalalt.karoly",
        family: "Kitalált",
        given: "Károly",
        birth_family: "Kitalált",
        locality: "Győr",
        birthdate: "1990-08-09",
        mother: ("Példa", "Zsuzsanna"),
        state: State::Identified,
        note: |text| text.person_enrolled(),
    },
    Invented {
        username: "pelda.petra",
        family: "Példa",
        given: "Petra",
        birth_family: "Fiktív",
        locality: "Pécs",
        birthdate: "1984-12-30",
        mother: ("Minta", "Katalin"),
        state: State::Enrolled,
        note: |text| text.person_company(),
    },
    Invented {
        username: "kepzelt.kalman",
        family: "Képzelt",
        given: "Kálmán",
        birth_family: "Képzelt",
        locality: "Miskolc",
        birthdate: "1972-03-19",
        mother: ("Kitalált", "Margit"),
        state: State::Inactive,
        note: |text| text.person_inactive(),
    },
    Invented {
        username: "fiktiv.fanni",
        family: "Fiktív",
        given: "Fanni",
        birth_family: "Fiktív",
        locality: "Budapest",
        birthdate: "2001-06-21",
        mother: ("Próba", "Ágnes"),
        state: State::NotActivated,
        note: |text| text.person_not_activated(),
    },
    Invented {
        username: "alnev.adam",
        family: "Álnév",
        given: "Ádám",
        birth_family: "Álnév",
        locality: "Sopron",
        birthdate: "1988-10-05",
        mother: ("Teszt", "Mária"),
        state: State::Frozen,
        note: |text| text.person_frozen(),
    },
];

impl Invented {
    /// The person as the database has it.
    pub(super) fn person(&self, random: &dyn Random) -> Result<Person, EmailError> {
        let name = |family: &str, given: &str| PersonName { family: family.to_owned(), given: given.to_owned() };
        Ok(Person {
            id: PersonId::draw(random),
            name: name(self.family, self.given),
            birth_name: name(self.birth_family, self.given),
            birth_place: Place { country: "HU".to_owned(), region: None, locality: self.locality.to_owned() },
            birth_date: self.birthdate.to_owned(),
            mothers_name: name(self.mother.0, self.mother.1),
            nationalities: vec!["HU".to_owned()],
            email: Email::parse(&format!("{}@pelda.hu", self.username))?,
        })
    }
}
