//! The person credential: what the European Digital Identity Wallet calls the data of a natural person
//! (PID Rulebook of the Architecture and Reference Framework, its SD-JWT VC encoding).

use mdoc::pid::{self, Attribute};
use serde_json::Value;

use crate::ClaimPath;
use crate::sd_jwt::Disclosed;

/// The type of a person credential (PID Rulebook section 4); a deployment may configure a type that is
/// derived from it.
pub const PERSON_VCT: &str = "urn:eudi:pid:1";
/// The type of a person credential as a mobile document.
pub const PERSON_DOC_TYPE: &str = pid::DOC_TYPE;

/// A claim of the person credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonClaim {
    /// Present family name.
    FamilyName,
    /// Present given names.
    GivenName,
    /// Day of birth, as `YYYY-MM-DD`.
    Birthdate,
    /// Country, region and locality of birth, of which one at least is there.
    PlaceOfBirth,
    /// Countries, as ISO 3166-1 alpha-2 codes.
    Nationalities,
    /// Family name at birth.
    BirthFamilyName,
    /// Given names at birth.
    BirthGivenName,
    /// The number by which the issuing country knows the person, unique in it.
    PersonalAdministrativeNumber,
    /// Administrative sex, by a number of ISO/IEC 5218 or the Rulebook's additions.
    Sex,
    /// Present address, in parts.
    Address,
    /// E-mail address.
    Email,
    /// Telephone number.
    PhoneNumber,
    /// Portrait, as a `data:` URI.
    Picture,
    /// The last day on which the data may be used; not the credential's own end.
    DateOfExpiry,
    /// The day on which the data were issued.
    DateOfIssuance,
    /// Who issued the data: the name of the authority, or its country's code.
    IssuingAuthority,
    /// The country of the issuer, as ISO 3166-1 alpha-2 code.
    IssuingCountry,
    /// Its part of the country, as ISO 3166-2 code.
    IssuingJurisdiction,
    /// The number of the document that the data are from.
    DocumentNumber,
    /// Whether the person is 18 years old: the member `18` of an object of ages.
    AgeOver18,
}

/// Whether an issuer must give a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Every person credential has it (PID Rulebook sections 2.2 and 2.4).
    Mandatory,
    /// Some have it.
    Optional,
}

/// One row for each claim. Its name in other formats belongs into further columns.
#[rustfmt::skip]
const TABLE: [(PersonClaim, &str, Presence); 20] = [
    (PersonClaim::FamilyName,                   "family_name",                    Presence::Mandatory),
    (PersonClaim::GivenName,                    "given_name",                     Presence::Mandatory),
    (PersonClaim::Birthdate,                    "birthdate",                      Presence::Mandatory),
    (PersonClaim::PlaceOfBirth,                 "place_of_birth",                 Presence::Mandatory),
    (PersonClaim::Nationalities,                "nationalities",                  Presence::Mandatory),
    (PersonClaim::BirthFamilyName,              "birth_family_name",              Presence::Optional),
    (PersonClaim::BirthGivenName,               "birth_given_name",               Presence::Optional),
    (PersonClaim::PersonalAdministrativeNumber, "personal_administrative_number", Presence::Optional),
    (PersonClaim::Sex,                          "sex",                            Presence::Optional),
    (PersonClaim::Address,                      "address",                        Presence::Optional),
    (PersonClaim::Email,                        "email",                          Presence::Optional),
    (PersonClaim::PhoneNumber,                  "phone_number",                   Presence::Optional),
    (PersonClaim::Picture,                      "picture",                        Presence::Optional),
    (PersonClaim::DateOfExpiry,                 "date_of_expiry",                 Presence::Mandatory),
    (PersonClaim::DateOfIssuance,               "date_of_issuance",               Presence::Optional),
    (PersonClaim::IssuingAuthority,             "issuing_authority",              Presence::Mandatory),
    (PersonClaim::IssuingCountry,               "issuing_country",                Presence::Mandatory),
    (PersonClaim::IssuingJurisdiction,          "issuing_jurisdiction",           Presence::Optional),
    (PersonClaim::DocumentNumber,               "document_number",                Presence::Optional),
    (PersonClaim::AgeOver18,                    "age_equal_or_over",              Presence::Optional),
];

impl PersonClaim {
    /// All of them.
    pub fn all() -> impl Iterator<Item = PersonClaim> {
        TABLE.iter().map(|(claim, ..)| *claim)
    }

    /// Its name in an SD-JWT VC; of a member of an object the object's.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Where it is in an SD-JWT VC.
    pub fn path(self) -> ClaimPath {
        let names = [self.name(), "18"];
        ClaimPath::of_names(if self == PersonClaim::AgeOver18 { &names } else { &names[..1] })
    }

    /// The attribute that says the same in a mobile document.
    pub const fn attribute(self) -> Attribute {
        match self {
            PersonClaim::FamilyName => Attribute::FamilyName,
            PersonClaim::GivenName => Attribute::GivenName,
            PersonClaim::Birthdate => Attribute::BirthDate,
            PersonClaim::PlaceOfBirth => Attribute::PlaceOfBirth,
            PersonClaim::Nationalities => Attribute::Nationality,
            PersonClaim::BirthFamilyName => Attribute::FamilyNameBirth,
            PersonClaim::BirthGivenName => Attribute::GivenNameBirth,
            PersonClaim::PersonalAdministrativeNumber => Attribute::PersonalAdministrativeNumber,
            PersonClaim::Sex => Attribute::Sex,
            PersonClaim::Address => Attribute::ResidentAddress,
            PersonClaim::Email => Attribute::EmailAddress,
            PersonClaim::PhoneNumber => Attribute::MobilePhoneNumber,
            PersonClaim::Picture => Attribute::Portrait,
            PersonClaim::DateOfExpiry => Attribute::ExpiryDate,
            PersonClaim::DateOfIssuance => Attribute::IssuanceDate,
            PersonClaim::IssuingAuthority => Attribute::IssuingAuthority,
            PersonClaim::IssuingCountry => Attribute::IssuingCountry,
            PersonClaim::IssuingJurisdiction => Attribute::IssuingJurisdiction,
            PersonClaim::DocumentNumber => Attribute::DocumentNumber,
            PersonClaim::AgeOver18 => Attribute::AgeOver18,
        }
    }

    /// Where it is in a mobile document.
    pub fn mdoc_path(self) -> ClaimPath {
        ClaimPath::of_names(&[pid::NAMESPACE, self.attribute().identifier()])
    }

    /// Whether an issuer must give it.
    pub fn presence(self) -> Presence {
        self.row().2
    }

    /// Its value in what was shown, if it was asked for by [`PersonClaim::path`].
    pub fn value(self, disclosed: &Disclosed) -> Option<&Value> {
        disclosed.values(&self.path()).first()
    }

    /// Its value, if that is a text.
    pub fn text(self, disclosed: &Disclosed) -> Option<&str> {
        self.value(disclosed).and_then(Value::as_str)
    }

    fn row(self) -> &'static (PersonClaim, &'static str, Presence) {
        // The rows are in the order of the variants; a test holds that.
        &TABLE[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_claim_has_its_own_row_and_name() {
        for (index, claim) in PersonClaim::all().enumerate() {
            assert_eq!((claim as usize, claim.row().0), (index, claim));
            assert_eq!(PersonClaim::all().filter(|other| other.name() == claim.name()).count(), 1);
        }
        assert_eq!(PersonClaim::AgeOver18 as usize + 1, TABLE.len());
    }

    #[test]
    fn a_claim_is_read_from_what_was_shown() {
        let claims = json!({"family_name": "Minta", "nationalities": ["HU"]});
        let asked = [PersonClaim::FamilyName.path(), PersonClaim::Nationalities.path(), PersonClaim::Email.path()];
        let disclosed = Disclosed::select(claims.as_object().unwrap(), &asked);
        assert_eq!(PersonClaim::FamilyName.text(&disclosed), Some("Minta"));
        assert_eq!(PersonClaim::Nationalities.value(&disclosed), Some(&json!(["HU"])));
        assert_eq!(PersonClaim::Nationalities.text(&disclosed), None);
        assert_eq!(PersonClaim::Email.value(&disclosed), None);
    }
}
