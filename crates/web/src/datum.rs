//! What is kept of a person, as pages write it.

use model::{Datum, Lang, Person, Place};
use serde_json::{Map, Value};

use crate::moment;
use crate::pages::Text;

/// A datum's value in the page's language; `None` for what no account holds.
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
        // Only a wallet knows them, but for the last.
        Datum::Address | Datum::PhoneNumber | Datum::Gender | Datum::AgeOver18 | Datum::Identifier => return None,
    })
}

/// What a wallet gave, in the form in which services receive it: all of it.
pub(crate) fn wallet_value(said: &Value, lang: Lang) -> String {
    let t = Text::of(lang);
    match said {
        Value::Bool(true) => t.data_yes().to_owned(),
        Value::Bool(false) => t.data_no().to_owned(),
        Value::Object(address) => address_line(address, lang),
        Value::String(text) => match text.as_str() {
            "male" => t.data_gender_male().to_owned(),
            "female" => t.data_gender_female().to_owned(),
            "other" => t.data_gender_other().to_owned(),
            text => text.to_owned(),
        },
        Value::Null | Value::Number(_) | Value::Array(_) => said.to_string(),
    }
}

/// An address in one line, each of its parts once.
fn address_line(address: &Map<String, Value>, lang: Lang) -> String {
    const ORDER: [&str; 7] =
        ["formatted", "postal_code", "locality", "street_address", "house_number", "region", "country"];
    let mut line = String::new();
    for name in ORDER {
        let Some(part) = address.get(name).and_then(Value::as_str) else { continue };
        let part = part.lines().collect::<Vec<_>>().join(", ");
        let part = if name == "country" { country(&part, lang) } else { &part };
        if !line.contains(part) {
            line.push_str(if line.is_empty() { "" } else { ", " });
            line.push_str(part);
        }
    }
    line
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
