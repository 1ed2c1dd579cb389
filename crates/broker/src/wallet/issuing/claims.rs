//! What a credential says of its person: the mandatory attributes of the PID Rulebook, the names at birth, and the
//! number by which it names the person.

use ::wallet::ClaimPath;
use ::wallet::credential::{PersonClaim, Presence};
use ::wallet::openid4vci::ClaimDescription;
use data_encoding::HEXLOWER;
use idp::{Keys, Purpose};
use journey::Disclosure;
use mdoc::FullDate;
use mdoc::pid::{Attribute, PlaceOfBirth};
use model::{Datum, LegalBasis, Person, PersonId, Release};
use serde_json::{Map, Value, json};

use crate::Fault;

/// How much of a keyed digest the number of a person is.
const NUMBER_BYTES: usize = 12;

/// What is said besides the person's own data.
pub(super) struct About<'a> {
    /// The person's number.
    pub(super) number: &'a str,
    /// Who issues.
    pub(super) authority: &'a str,
    /// The country that issues.
    pub(super) country: &'a str,
    /// The day of issuance, as `YYYY-MM-DD`.
    pub(super) issued: &'a str,
    /// The last day.
    pub(super) expires: &'a str,
}

/// The claims of an SD-JWT VC that the person may show or not, in the table's order.
const CLAIMS: [PersonClaim; 13] = [
    PersonClaim::FamilyName,
    PersonClaim::GivenName,
    PersonClaim::Birthdate,
    PersonClaim::PlaceOfBirth,
    PersonClaim::Nationalities,
    PersonClaim::BirthFamilyName,
    PersonClaim::BirthGivenName,
    PersonClaim::PersonalAdministrativeNumber,
    PersonClaim::AgeOver18,
    PersonClaim::DateOfExpiry,
    PersonClaim::DateOfIssuance,
    PersonClaim::IssuingAuthority,
    PersonClaim::IssuingCountry,
];

/// The elements of a mobile document, likewise.
const ELEMENTS: [Attribute; 13] = [
    Attribute::FamilyName,
    Attribute::GivenName,
    Attribute::BirthDate,
    Attribute::PlaceOfBirth,
    Attribute::Nationality,
    Attribute::FamilyNameBirth,
    Attribute::GivenNameBirth,
    Attribute::PersonalAdministrativeNumber,
    Attribute::AgeOver18,
    Attribute::ExpiryDate,
    Attribute::IssuanceDate,
    Attribute::IssuingAuthority,
    Attribute::IssuingCountry,
];

/// The number by which credentials name a person: random to everybody else, and the same for all of a person's
/// credentials.
pub(super) fn number_of(keys: &Keys, person: &PersonId) -> String {
    let mac = keys.mac(Purpose::AdministrativeNumber, &[person.as_str().as_bytes()]);
    HEXLOWER.encode(&mac[..NUMBER_BYTES])
}

pub(super) fn sd_jwt_claims() -> Vec<ClaimDescription> {
    let describe = |claim: PersonClaim| ClaimDescription {
        path: claim.path().to_json(),
        mandatory: claim.presence() == Presence::Mandatory,
    };
    CLAIMS.map(describe).to_vec()
}

pub(super) fn mdoc_claims() -> Vec<ClaimDescription> {
    let describe = |attribute: Attribute| ClaimDescription {
        path: vec![json!(mdoc::pid::NAMESPACE), json!(attribute.identifier())],
        mandatory: attribute.presence() == mdoc::pid::Presence::Mandatory,
    };
    ELEMENTS.map(describe).to_vec()
}

/// Where the claims are that may be shown or not: all that speak of the person.
pub(super) fn disclosable() -> [ClaimPath; CLAIMS.len()] {
    CLAIMS.map(PersonClaim::path)
}

/// The claims of an SD-JWT VC.
pub(super) fn of(person: &Person, about: &About<'_>) -> Result<Map<String, Value>, Fault> {
    let mut claims = Map::new();
    for claim in CLAIMS {
        claims.insert(claim.name().to_owned(), value(person, about, claim)?);
    }
    Ok(claims)
}

/// What of it tells who somebody is, as pages show it before a wallet has it; what follows of it
/// ([`Broker::is_adult`](crate::Broker::is_adult)) is no datum of an account.
pub(crate) fn disclosure() -> Disclosure {
    let told = [
        Datum::FamilyName,
        Datum::GivenName,
        Datum::BirthName,
        Datum::BirthDate,
        Datum::BirthPlace,
        Datum::Nationality,
        Datum::Identifier,
    ];
    Disclosure::new(&told.into_iter().collect(), &Release::default(), LegalBasis::Consent)
}

fn value(person: &Person, about: &About<'_>, claim: PersonClaim) -> Result<Value, Fault> {
    Ok(match claim {
        PersonClaim::FamilyName => json!(person.name.family),
        PersonClaim::GivenName => json!(person.name.given),
        PersonClaim::Birthdate => json!(person.birth_date),
        PersonClaim::PlaceOfBirth => {
            serde_json::to_value(&person.birth_place).map_err(|_| Fault::Damaged("place of birth"))?
        }
        PersonClaim::Nationalities => json!(person.nationalities),
        PersonClaim::BirthFamilyName => json!(person.birth_name.family),
        PersonClaim::BirthGivenName => json!(person.birth_name.given),
        PersonClaim::PersonalAdministrativeNumber => json!(about.number),
        PersonClaim::AgeOver18 => json!({"18": is_adult(person, about.issued)?}),
        PersonClaim::Email => json!(person.email.as_str()),
        PersonClaim::DateOfExpiry => json!(about.expires),
        PersonClaim::DateOfIssuance => json!(about.issued),
        PersonClaim::IssuingAuthority => json!(about.authority),
        PersonClaim::IssuingCountry => json!(about.country),
        // None of these is kept.
        PersonClaim::Sex
        | PersonClaim::Address
        | PersonClaim::PhoneNumber
        | PersonClaim::Picture
        | PersonClaim::IssuingJurisdiction
        | PersonClaim::DocumentNumber => return Err(Fault::Damaged("claim of a credential")),
    })
}

/// Whether the person is 18 years old on a day, `YYYY-MM-DD`: that of issuance.
pub(super) fn is_adult(person: &Person, on: &str) -> Result<bool, Fault> {
    is_18(&person.birth_date, on).ok_or(Fault::Damaged("day of birth for a credential"))
}

/// Whether who was born on a day is 18 years old on another. Days are texts in their order; who was born on a leap day
/// has the birthday of a common year on 1 March.
fn is_18(born: &str, on: &str) -> Option<bool> {
    let (year, day) = born.split_at_checked(4)?;
    let year: u16 = year.parse().ok()?;
    Some(format!("{:04}{day}", year + 18).as_str() <= on)
}

/// The elements of a mobile document.
pub(super) fn elements(person: &Person, about: &About<'_>) -> Result<Vec<mdoc::Element>, Fault> {
    const UNFIT: Fault = Fault::Damaged("person's data for a mobile document");
    let day = |text: &str| FullDate::parse(text).map(mdoc::Value::FullDate).ok_or(UNFIT);
    let place = PlaceOfBirth {
        country: Some(person.birth_place.country.clone()),
        region: person.birth_place.region.clone(),
        locality: Some(person.birth_place.locality.clone()),
    };
    let nationalities = person.nationalities.iter().map(|code| code.as_str().into()).collect();
    let values: [mdoc::Value; ELEMENTS.len()] = [
        person.name.family.as_str().into(),
        person.name.given.as_str().into(),
        day(&person.birth_date)?,
        place.to_value(),
        mdoc::Value::Array(nationalities),
        person.birth_name.family.as_str().into(),
        person.birth_name.given.as_str().into(),
        about.number.into(),
        mdoc::Value::Bool(is_adult(person, about.issued)?),
        day(about.expires)?,
        day(about.issued)?,
        about.authority.into(),
        about.country.into(),
    ];
    let made = ELEMENTS.into_iter().zip(values).map(|(attribute, value)| attribute.element(value));
    made.collect::<Result<_, _>>().map_err(|_| UNFIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_18_is_so_from_the_birthday_on() {
        for (born, on, is_reached) in [
            ("2007-11-26", "2025-11-25", false),
            ("2007-11-25", "2025-11-25", true),
            ("2007-11-24", "2025-11-25", true),
            ("2008-02-29", "2026-02-28", false),
            ("2008-02-29", "2026-03-01", true),
            ("1958-03-05", "2026-01-01", true),
            ("2026-01-01", "2026-01-01", false),
        ] {
            assert_eq!(is_18(born, on), Some(is_reached), "{born} on {on}");
        }
        assert_eq!(is_18("5. 3. 1958", "2026-01-01"), None);
    }
}
