//! Person identification data: the words of the EUDI PID Rulebook (annex 3.01 of the Architecture and
//! Reference Framework), sections 2 and 3.1, after Commission Implementing Regulation (EU) 2024/2977.

use std::fmt;

use crate::response::Presented;
use crate::value::{Asked, Element, Need, Value};

/// The type of document.
pub const DOC_TYPE: &str = "eu.europa.ec.eudi.pid.1";
/// The namespace of its elements. A state's own go into one of its own, as `eu.europa.ec.eudi.pid.hu.1`.
pub const NAMESPACE: &str = "eu.europa.ec.eudi.pid.1";

/// Characters of a text (rulebook section 3.1.1).
pub const TEXT_CHARACTERS_MAX: usize = 150;

/// An attribute, by its data identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// Present family name.
    FamilyName,
    /// Present given name.
    GivenName,
    /// Day of birth.
    BirthDate,
    /// Where the person was born: country, region or locality.
    PlaceOfBirth,
    /// Nationalities, one at least.
    Nationality,
    /// The whole address.
    ResidentAddress,
    /// Country of the address.
    ResidentCountry,
    /// State, county or region of the address.
    ResidentState,
    /// Town of the address.
    ResidentCity,
    /// Post code of the address.
    ResidentPostalCode,
    /// Street of the address.
    ResidentStreet,
    /// House number of the address.
    ResidentHouseNumber,
    /// The number by which the issuing state knows the person.
    PersonalAdministrativeNumber,
    /// A picture of the person, in JPEG.
    Portrait,
    /// Family name at birth.
    FamilyNameBirth,
    /// Given name at birth.
    GivenNameBirth,
    /// Sex, by the numbers of the rulebook.
    Sex,
    /// E-mail address.
    EmailAddress,
    /// Mobile phone number.
    MobilePhoneNumber,
    /// When the data lapse by an authority's word.
    ExpiryDate,
    /// Who issued the data.
    IssuingAuthority,
    /// The state in which they were issued.
    IssuingCountry,
    /// The number of the document.
    DocumentNumber,
    /// The part of the state in which they were issued.
    IssuingJurisdiction,
    /// When they were issued by an authority's word.
    IssuanceDate,
    /// Whether the person is 18 years old.
    AgeOver18,
    /// Age in years.
    AgeInYears,
    /// Year of birth.
    AgeBirthYear,
    /// The address of the trust anchor.
    TrustAnchor,
}

/// What the value of an attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text of at most [`TEXT_CHARACTERS_MAX`].
    Text,
    /// The code of a country (ISO 3166-1 alpha-2).
    Country,
    /// A list of such codes, one at least.
    Countries,
    /// A day.
    FullDate,
    /// A day or an instant.
    Date,
    /// A map with at least one of `country`, `region` and `locality`.
    Place,
    /// A number that is not negative.
    Unsigned,
    /// Yes or no.
    Bool,
    /// Octets.
    Bytes,
}

/// Whether every document has an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Every one.
    Mandatory,
    /// Some.
    Optional,
}

/// The value of an attribute is of another kind than the rulebook has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the value of {} is of another kind", .0.identifier())]
pub struct WrongKind(pub Attribute);

use Attribute as A;
use Presence::{Mandatory, Optional};

/// The table of the rulebook's section 3.1.1, in its order.
const TABLE: [(Attribute, &str, Kind, Presence); 29] = [
    (A::FamilyName, "family_name", Kind::Text, Mandatory),
    (A::GivenName, "given_name", Kind::Text, Mandatory),
    (A::BirthDate, "birth_date", Kind::FullDate, Mandatory),
    (A::PlaceOfBirth, "place_of_birth", Kind::Place, Mandatory),
    (A::Nationality, "nationality", Kind::Countries, Mandatory),
    (A::ResidentAddress, "resident_address", Kind::Text, Optional),
    (A::ResidentCountry, "resident_country", Kind::Country, Optional),
    (A::ResidentState, "resident_state", Kind::Text, Optional),
    (A::ResidentCity, "resident_city", Kind::Text, Optional),
    (A::ResidentPostalCode, "resident_postal_code", Kind::Text, Optional),
    (A::ResidentStreet, "resident_street", Kind::Text, Optional),
    (A::ResidentHouseNumber, "resident_house_number", Kind::Text, Optional),
    (A::PersonalAdministrativeNumber, "personal_administrative_number", Kind::Text, Optional),
    (A::Portrait, "portrait", Kind::Bytes, Optional),
    (A::FamilyNameBirth, "family_name_birth", Kind::Text, Optional),
    (A::GivenNameBirth, "given_name_birth", Kind::Text, Optional),
    (A::Sex, "sex", Kind::Unsigned, Optional),
    (A::EmailAddress, "email_address", Kind::Text, Optional),
    (A::MobilePhoneNumber, "mobile_phone_number", Kind::Text, Optional),
    (A::ExpiryDate, "expiry_date", Kind::Date, Mandatory),
    (A::IssuingAuthority, "issuing_authority", Kind::Text, Mandatory),
    (A::IssuingCountry, "issuing_country", Kind::Country, Mandatory),
    (A::DocumentNumber, "document_number", Kind::Text, Optional),
    (A::IssuingJurisdiction, "issuing_jurisdiction", Kind::Text, Optional),
    (A::IssuanceDate, "issuance_date", Kind::Date, Optional),
    (A::AgeOver18, "age_over_18", Kind::Bool, Optional),
    (A::AgeInYears, "age_in_years", Kind::Unsigned, Optional),
    (A::AgeBirthYear, "age_birth_year", Kind::Unsigned, Optional),
    (A::TrustAnchor, "trust_anchor", Kind::Text, Optional),
];

impl Attribute {
    /// All of them, in the rulebook's order.
    pub fn all() -> impl Iterator<Item = Attribute> {
        TABLE.iter().map(|(attribute, ..)| *attribute)
    }

    /// The attribute with this element identifier.
    pub fn from_identifier(identifier: &str) -> Option<Attribute> {
        TABLE.iter().find(|(_, stated, ..)| *stated == identifier).map(|(attribute, ..)| *attribute)
    }

    const fn row(self) -> &'static (Attribute, &'static str, Kind, Presence) {
        // A test holds that the table is in the order of the enum.
        &TABLE[self as usize]
    }

    /// Its element identifier in [`NAMESPACE`].
    pub const fn identifier(self) -> &'static str {
        self.row().1
    }

    /// What its value is.
    pub const fn kind(self) -> Kind {
        self.row().2
    }

    /// Whether every document has it.
    pub const fn presence(self) -> Presence {
        self.row().3
    }

    /// How it is asked for.
    pub const fn asked(self, need: Need) -> Asked<'static> {
        Asked { namespace: NAMESPACE, identifier: self.identifier(), need }
    }

    /// The element that an issuer makes of it.
    ///
    /// # Errors
    ///
    /// [`WrongKind`].
    pub fn element(self, value: Value) -> Result<Element, WrongKind> {
        if !self.kind().admits(&value) {
            return Err(WrongKind(self));
        }
        Ok(Element { namespace: NAMESPACE.to_owned(), identifier: self.identifier().to_owned(), value })
    }

    /// Its value in what was shown, if it was asked for and is there.
    ///
    /// # Errors
    ///
    /// [`WrongKind`].
    pub fn of(self, presented: &Presented) -> Result<Option<&Value>, WrongKind> {
        match presented.value(NAMESPACE, self.identifier()) {
            Some(value) if !self.kind().admits(value) => Err(WrongKind(self)),
            found => Ok(found),
        }
    }
}

impl Kind {
    /// Whether `value` is of this kind.
    pub fn admits(self, value: &Value) -> bool {
        match self {
            Kind::Text => value.as_text().is_some_and(is_short),
            Kind::Country => value.as_text().is_some_and(is_country),
            Kind::Countries => value.as_array().is_some_and(|codes| {
                !codes.is_empty() && codes.iter().all(|code| code.as_text().is_some_and(is_country))
            }),
            Kind::FullDate => matches!(value, Value::FullDate(_)),
            Kind::Date => matches!(value, Value::FullDate(_) | Value::DateTime(_)),
            Kind::Place => PlaceOfBirth::read(value).is_some(),
            Kind::Unsigned => matches!(value, Value::Integer(number) if *number >= 0),
            Kind::Bool => matches!(value, Value::Bool(_)),
            Kind::Bytes => matches!(value, Value::Bytes(_)),
        }
    }
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= TEXT_CHARACTERS_MAX
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// A place of birth (rulebook section 3.1.5): one of the three at least.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PlaceOfBirth {
    /// The code of the country (ISO 3166-1 alpha-2).
    pub country: Option<String>,
    /// State, province, district or local area.
    pub region: Option<String>,
    /// Municipality, town or village.
    pub locality: Option<String>,
}

impl PlaceOfBirth {
    /// Reads the value of [`Attribute::PlaceOfBirth`]; `None` when it is of another form, or says nothing.
    /// Members that the rulebook does not know are not read.
    pub fn read(value: &Value) -> Option<Self> {
        let member = |name| match value.member(name) {
            Some(member) => member.as_text().map(|text| Some(text.to_owned())),
            None => Some(None),
        };
        let place = Self { country: member("country")?, region: member("region")?, locality: member("locality")? };
        let is_known = place.country.as_deref().is_none_or(is_country);
        (is_known && place != Self::default()).then_some(place)
    }

    /// The value that says so.
    pub fn to_value(&self) -> Value {
        let members = [("country", &self.country), ("region", &self.region), ("locality", &self.locality)];
        let stated = members.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.as_deref()?.into())));
        Value::Map(stated.collect())
    }
}

impl fmt::Debug for PlaceOfBirth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlaceOfBirth(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FullDate;

    #[test]
    fn the_table_is_in_the_order_of_the_attributes_and_names_each_once() {
        for (at, (attribute, identifier, ..)) in TABLE.iter().enumerate() {
            assert_eq!(*attribute as usize, at);
            assert_eq!(attribute.identifier(), *identifier);
            assert_eq!(Attribute::from_identifier(identifier), Some(*attribute));
        }
        assert_eq!(Attribute::from_identifier("location_status"), None);
        let mandatory = Attribute::all().filter(|attribute| attribute.presence() == Mandatory);
        assert_eq!(mandatory.count(), 8);
    }

    #[test]
    fn a_value_of_another_kind_is_refused() {
        let date = || Value::FullDate(FullDate::new(1985, 3, 14).unwrap());
        let place = |name: &str, value: Value| Value::Map(vec![(name.to_owned(), value)]);
        let good = [
            (A::FamilyName, "Kovács".into()),
            (A::FamilyName, Value::Text("á".repeat(150))),
            (A::BirthDate, date()),
            (A::ExpiryDate, date()),
            (A::ExpiryDate, Value::DateTime(0)),
            (A::Nationality, Value::Array(vec!["HU".into(), "RO".into()])),
            (A::PlaceOfBirth, place("locality", "Szeged".into())),
            (A::Sex, Value::Integer(2)),
        ];
        for (attribute, value) in good {
            assert!(attribute.element(value).is_ok(), "{attribute:?}");
        }
        let bad = [
            (A::FamilyName, Value::Null),
            (A::FamilyName, Value::Text("á".repeat(151))),
            (A::BirthDate, "1985-03-14".into()),
            (A::BirthDate, Value::DateTime(0)),
            (A::Nationality, "HU".into()),
            (A::Nationality, Value::Array(vec![])),
            (A::Nationality, Value::Array(vec!["hu".into()])),
            (A::IssuingCountry, "Hungary".into()),
            (A::PlaceOfBirth, "Szeged".into()),
            (A::PlaceOfBirth, place("city", "Szeged".into())),
            (A::PlaceOfBirth, place("country", "Hungary".into())),
            (A::PlaceOfBirth, place("region", Value::Null)),
            (A::Sex, Value::Integer(-1)),
        ];
        for (attribute, value) in bad {
            assert_eq!(attribute.element(value), Err(WrongKind(attribute)));
        }
    }
}
