//! A natural person and the identification data the gateway keeps.

use serde::{Deserialize, Serialize};

use crate::PersonId;

/// A name in its two parts. Hungarian pages show the family name first, English pages last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    /// Family name.
    pub family: String,
    /// Given name or names.
    pub given: String,
}

impl PersonName {
    /// The name as written in `lang`.
    pub fn display(&self, lang: crate::Lang) -> String {
        match lang {
            crate::Lang::Hu => format!("{} {}", self.family, self.given),
            crate::Lang::En => format!("{} {}", self.given, self.family),
        }
    }
}

/// A place of birth, as OpenID Connect for Identity Assurance writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: String,
    /// Region or county; may be absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Town.
    pub locality: String,
}

/// A person with the four natural identification data, nationality and contact e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Ours alone.
    pub id: PersonId,
    /// The name in use.
    pub name: PersonName,
    /// The name at birth.
    pub birth_name: PersonName,
    /// Where the person was born.
    pub birth_place: Place,
    /// `YYYY-MM-DD`; checked to be a real day when imported.
    pub birth_date: String,
    /// The mother's name at birth.
    pub mothers_name: PersonName,
    /// ISO 3166-1 alpha-2 codes, at least one.
    pub nationalities: Vec<String>,
    /// Where notices and codes go.
    pub email: Email,
}

/// An e-mail address in the form that we send to: one `@`, no white space or control
/// characters, a dot in the domain or the domain `localhost`, at most 254 bytes (RFC 5321 section 4.5.3.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email(String);

/// The text is no e-mail address that we could send to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail address looks like name@example.org")]
pub struct EmailError;

impl Email {
    /// Checks the form; nothing is folded, since only the receiving host may say what is equal.
    ///
    /// # Errors
    ///
    /// [`EmailError`] when the form is wrong.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
        let plain = text.bytes().all(|b| b.is_ascii_graphic() && !b"<>()[]\\,;:\"".contains(&b));
        let dotted =
            domain == "localhost" || (domain.contains('.') && domain.split('.').all(|label| !label.is_empty()));
        if text.len() > 254 || local.is_empty() || local.len() > 64 || local.contains('@') || !plain || !dotted {
            return Err(EmailError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as shown to somebody who has not proved to be its owner: `k•••@p•••.hu`.
    /// The number of dots says nothing of the length.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let first = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
        let ending = domain.rsplit_once('.').map(|(_, ending)| format!(".{ending}")).unwrap_or_default();
        format!("{}•••@{}•••{ending}", first(local), first(domain))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses() {
        let longest_local = "a".repeat(64) + "@pelda.hu";
        let longest = format!("anna@{}.hu", "a".repeat(254 - "anna@.hu".len()));
        for good in ["anna@pelda.hu", "a.b+c@x.example", "anna@localhost", "O'Brien@pelda.hu", &longest_local, &longest]
        {
            assert_eq!(Email::parse(good).unwrap().as_str(), good);
            assert_eq!(
                Email::parse(&format!(" {good}\r\n")).unwrap().as_str(),
                good,
                "white space around it is dropped"
            );
        }
        let (long_local, long) = (format!("a{longest_local}"), longest.replace('@', "a@"));
        #[rustfmt::skip]
        let bad = [
            "", "@", "anna", "@pelda.hu", "anna@", "a@b", "a@.", "a@.hu", "a@b.", "a@b..hu", "a@b@c.hu",
            "a b@c.hu", "a\r\n@b.hu", "a@b.hu\r\nBcc: c@d.hu", "a@b.hu,c@d.hu", "a@b.hu;c@d.hu", "<a@b.hu>", "\"a\"@b.hu",
            "a\\@b.hu", "a@[192.0.2.1]", "a:b@c.hu", "ann\u{e1}@pelda.hu", "anna@p\u{e9}lda.hu", "a\0@b.hu",
            &long_local, &long,
        ];
        for bad in bad {
            assert_eq!(Email::parse(bad), Err(EmailError), "{bad:?}");
        }
    }

    #[test]
    fn the_case_of_an_address_is_kept() {
        assert_eq!(Email::parse("Anna@Pelda.HU").unwrap().as_str(), "Anna@Pelda.HU");
    }

    #[test]
    fn a_name_stands_in_the_order_of_its_language() {
        let name = PersonName { family: "Kov\u{e1}cs".to_owned(), given: "Anna M\u{e1}ria".to_owned() };
        assert_eq!(name.display(crate::Lang::Hu), "Kov\u{e1}cs Anna M\u{e1}ria");
        assert_eq!(name.display(crate::Lang::En), "Anna M\u{e1}ria Kov\u{e1}cs");
    }

    #[test]
    fn a_mask_hides_all_but_first_letters() {
        assert_eq!(Email::parse("kovacs.anna@pelda.hu").unwrap().masked(), "k•••@p•••.hu");
        assert_eq!(Email::parse("a@b.hu").unwrap().masked(), "a•••@b•••.hu");
        assert_eq!(Email::parse("anna@posta.pelda.hu").unwrap().masked(), "a•••@p•••.hu");
        assert_eq!(Email::parse("anna@localhost").unwrap().masked(), "a•••@l•••");
    }

    proptest! {
        #[test]
        fn what_is_an_address_is_one_line_and_reads_back_as_itself(text in "[ -~\\r\\n\\t]{0,12}@?[a-z.@ ]{0,12}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(email.as_str().bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(email.as_str().matches('@').count(), 1);
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }

        #[test]
        fn a_mask_tells_nothing_of_the_length(first in "[a-z]", rest in "[a-z]{0,20}", domain in "[a-z]{0,20}") {
            let email = Email::parse(&format!("{first}{rest}@p{domain}.hu")).unwrap();
            prop_assert_eq!(email.masked(), format!("{first}•••@p•••.hu"));
        }
    }
}
