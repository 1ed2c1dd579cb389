//! What is kept of a person, as pages write it.

use model::{Datum, Lang, Person, Place};

use crate::moment;

/// A datum's value in the page's language; `None` for what is made for one service and is not kept.
pub(crate) fn value(datum: Datum, person: &Person, lang: Lang) -> Option<String> {
    Some(match datum {
        Datum::FamilyName => person.name.family.clone(),
        Datum::GivenName => person.name.given.clone(),
        Datum::BirthName => person.birth_name.display(lang),
        Datum::BirthDate => moment::day(&person.birth_date, lang),
        Datum::BirthPlace => place(&person.birth_place),
        Datum::MothersName => person.mothers_name.display(lang),
        Datum::Nationality => person.nationalities.join(", "),
        Datum::Email => person.email.as_str().to_owned(),
        Datum::Identifier => return None,
    })
}

/// "Győr, Győr-Moson-Sopron (HU)".
pub(crate) fn place(place: &Place) -> String {
    let region = place.region.as_ref().map(|region| format!(", {region}")).unwrap_or_default();
    format!("{}{region} ({})", place.locality, place.country)
}
