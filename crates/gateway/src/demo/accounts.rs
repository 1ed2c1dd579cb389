//! What one needs to be one of the demo's persons.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use model::{Lang, Random};
use portals::index::DemoPerson;
use serde::{Deserialize, Serialize};

use super::persons::PERSONS;
use crate::text::Text;

/// A person of the demo, as `demo-accounts.json` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// The user name.
    pub username: String,
    /// The password, or the one to choose when the account is activated.
    pub password: String,
    /// The name as displayed in Hungarian.
    pub name: String,
    /// The contact e-mail.
    pub email: String,
    /// The key of the authenticator app that is set up already, in base32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
    /// The deletion code that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_code: Option<String>,
    /// What is special about the person.
    pub note: String,
}

impl DemoAccount {
    /// The person as the index page shows it.
    pub(super) fn for_index(&self) -> DemoPerson {
        let known = PERSONS.iter().find(|person| person.username == self.username);
        let note = |lang| known.map_or_else(|| self.note.clone(), |person| (person.note)(Text::of(lang)).to_owned());
        DemoPerson {
            username: self.username.clone(),
            password: self.password.clone(),
            name: self.name.clone(),
            email: self.email.clone(),
            totp_secret: self.totp_secret.clone(),
            deletion_code: self.deletion_code.clone(),
            note_hu: note(Lang::Hu),
            note_en: note(Lang::En),
        }
    }
}

/// Reads `demo-accounts.json`.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<DemoAccount>> {
    let text = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is damaged", file.display()))
}

/// A password that is easy to read aloud and to type: `bad-lem-tor-kuz-47`, some 46 bits.
pub(super) fn draw_password(random: &dyn Random) -> String {
    const CONSONANTS: &[u8] = b"bdgklmnprtvz";
    const VOWELS: &[u8] = b"aeiou";
    let letter = |letters: &[u8]| {
        let count = u32::try_from(letters.len()).unwrap_or(1);
        char::from(letters[random.below(count) as usize])
    };
    let mut password = String::new();
    for _ in 0..4 {
        password.extend([letter(CONSONANTS), letter(VOWELS), letter(CONSONANTS), '-']);
    }
    password.extend([letter(b"0123456789"), letter(b"0123456789")]);
    password
}

#[cfg(test)]
mod tests {
    use idp::password::{Password, judge};
    use model::{Secret, UserName};
    use testkit::SeededRandom;

    use super::*;

    #[test]
    fn a_drawn_password_is_good_enough_to_be_chosen() {
        let random = SeededRandom::new(1);
        for _ in 0..1000 {
            let drawn = draw_password(&random);
            let password = Password::parse(&Secret::new(drawn.clone())).unwrap();
            for person in &PERSONS {
                let name = UserName::parse(person.username).unwrap();
                assert_eq!(judge(&password, &name), Ok(()), "{drawn}");
            }
        }
    }
}
