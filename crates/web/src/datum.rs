//! What is kept of a person, as pages write it.

use model::{Datum, Lang, Person, Place};

use crate::moment;
use crate::pages::Text;

/// A datum's value in the page's language; `None` for what is made for one service and is not kept.
pub(crate) fn value(datum: Datum, person: &Person, lang: Lang) -> Option<String> {
    Some(match datum {
        Datum::FamilyName => person.name.family.clone(),
        Datum::GivenName => person.name.given.clone(),
        Datum::BirthName => person.birth_name.display(lang),
        Datum::BirthDate => moment::day(&person.birth_date, lang),
        Datum::BirthPlace => place(&person.birth_place, lang),
        Datum::MothersName => person.mothers_name.display(lang),
        Datum::Nationality => countries(&person.nationalities, lang),
        Datum::Email => person.email.as_str().to_owned(),
        Datum::Identifier => return None,
    })
}

/// "Győr, Győr-Moson-Sopron (Magyarország)".
pub(crate) fn place(place: &Place, lang: Lang) -> String {
    let region = place.region.as_ref().map(|region| format!(", {region}")).unwrap_or_default();
    format!("{}{region} ({})", place.locality, country(&place.country, lang))
}

/// "Magyarország, SK".
pub(crate) fn countries(codes: &[String], lang: Lang) -> String {
    let countries: Vec<_> = codes.iter().map(|code| country(code, lang)).collect();
    countries.join(", ")
}

/// A country by its code of two letters (ISO 3166-1), which is what is shown of those that we have no name for.
fn country(code: &str, lang: Lang) -> &str {
    match code {
        "HU" => Text::of(lang).country_hungary(),
        code => code,
    }
}
