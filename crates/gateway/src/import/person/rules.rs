//! What has to be true of a person, whichever way it is written.

use jiff::civil::Date;
use model::{Email, Lang, Person, PersonId, PersonName, Place, Random, UserName};
use unicode_normalization::UnicodeNormalization as _;

use super::countries::is_country;
use super::{Entry, ImportedPerson, List};

/// The most characters of a name or a place.
const NAME_CHARS: usize = 150;
/// The most user names of one person.
const USER_NAMES: usize = 8;
/// The most nationalities of one person.
const NATIONALITIES: usize = 8;
/// Nobody alive was born before.
const EARLIEST_BIRTH: &str = "1890-01-01";

/// The person, or the first rule that is broken.
pub(super) fn check(line: u64, entry: &Entry, today: &str, random: &dyn Random) -> Result<ImportedPerson, String> {
    let user_names = user_names(&entry.user_names)?;
    let name = PersonName {
        family: required("family_name", &entry.family_name)?,
        given: required("given_name", &entry.given_name)?,
    };
    let birth_name = PersonName {
        family: optional("birth_family_name", &entry.birth_family_name)?.unwrap_or_else(|| name.family.clone()),
        given: optional("birth_given_name", &entry.birth_given_name)?.unwrap_or_else(|| name.given.clone()),
    };
    let birth_place = Place {
        country: country("birth_country", &entry.birth_country)?,
        region: optional("birth_region", &entry.birth_region)?,
        locality: required("birth_locality", &entry.birth_locality)?,
    };
    let birth_date = birthdate(&entry.birthdate, today)?;
    let mothers_name = PersonName {
        family: required("mothers_family_name", &entry.mothers_family_name)?,
        given: required("mothers_given_name", &entry.mothers_given_name)?,
    };
    let person = Person {
        id: PersonId::draw(random),
        name,
        birth_name,
        birth_place,
        birth_date,
        mothers_name,
        nationalities: nationalities(&entry.nationalities)?,
        email: email(&entry.email)?,
    };
    Ok(ImportedPerson { line, person, user_names, lang: language(&entry.language)? })
}

fn user_names(list: &List) -> Result<Vec<UserName>, String> {
    if !(1..=USER_NAMES).contains(&list.0.len()) {
        return Err(format!("user_names: a person has 1 to {USER_NAMES} user names"));
    }
    list.0.iter().map(|name| UserName::parse(name).map_err(|error| format!("user_names: {error}"))).collect()
}

/// A name or a place, trimmed and in NFC; `None` when there is nothing.
fn optional(member: &str, text: &str) -> Result<Option<String>, String> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > NAME_CHARS {
        return Err(format!("{member}: has more than {NAME_CHARS} characters"));
    }
    if let Some(character) = text.chars().find(|character| is_unseen(*character)) {
        return Err(format!("{member}: has the character U+{:04X}, which cannot be seen", u32::from(character)));
    }
    if !text.chars().any(char::is_alphabetic) {
        return Err(format!("{member}: has no letter"));
    }
    Ok(Some(text))
}

fn required(member: &str, text: &str) -> Result<String, String> {
    optional(member, text)?.ok_or_else(|| format!("{member}: is missing"))
}

/// What a reader does not see but a comparison does, or what turns the direction of what follows:
/// controls, line separators, zero-width and bidirectional characters, private use, noncharacters.
fn is_unseen(character: char) -> bool {
    let number = u32::from(character);
    character.is_control()
        || matches!(number,
            0x00ad | 0x034f | 0x061c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
            | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xfe00..=0xfe0f
            | 0xfeff | 0xffa0 | 0xfff0..=0xfffd | 0xe_0000..=0x10_ffff)
        || number & 0xfffe == 0xfffe
}

fn country(member: &str, text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err(format!("{member}: is missing")),
        code if is_country(code) => Ok(code.to_owned()),
        _ => Err(format!("{member}: is no ISO 3166-1 country such as HU")),
    }
}

fn nationalities(list: &List) -> Result<Vec<String>, String> {
    if !(1..=NATIONALITIES).contains(&list.0.len()) {
        return Err(format!("nationalities: a person has 1 to {NATIONALITIES} nationalities, such as HU"));
    }
    list.0.iter().map(|code| country("nationalities", code)).collect()
}

fn birthdate(text: &str, today: &str) -> Result<String, String> {
    let date = text.trim();
    if date.is_empty() {
        return Err("birthdate: is missing".to_owned());
    }
    let fits = |(index, byte): (usize, u8)| if index == 4 || index == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    if date.len() != 10 || !date.bytes().enumerate().all(fits) {
        return Err("birthdate: is not written YYYY-MM-DD".to_owned());
    }
    if date.parse::<Date>().is_err() {
        return Err("birthdate: there is no such day".to_owned());
    }
    // Of this form the order of texts is the order of days.
    if date < EARLIEST_BIRTH || date > today {
        return Err(format!("birthdate: lies before {EARLIEST_BIRTH} or after today"));
    }
    Ok(date.to_owned())
}

fn email(text: &str) -> Result<Email, String> {
    if text.trim().is_empty() {
        return Err("email: is missing".to_owned());
    }
    Email::parse(text).map_err(|error| format!("email: {error}"))
}

fn language(text: &str) -> Result<Lang, String> {
    match text.trim() {
        "" | "hu" => Ok(Lang::Hu),
        "en" => Ok(Lang::En),
        _ => Err("language: is neither hu nor en".to_owned()),
    }
}
