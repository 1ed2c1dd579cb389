//! What a service receives of a person, in our words: whatever protocol it speaks.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Something of a person that a service may receive. The order is the one that pages show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// The family name in use.
    FamilyName,
    /// The given name in use.
    GivenName,
    /// The name at birth.
    BirthName,
    /// The date of birth.
    BirthDate,
    /// The place of birth.
    BirthPlace,
    /// The mother's name at birth.
    MothersName,
    /// The nationalities.
    Nationality,
    /// The e-mail address.
    Email,
    /// The present address, from a wallet.
    Address,
    /// The telephone number, from a wallet.
    PhoneNumber,
    /// The administrative sex, from a wallet.
    Gender,
    /// Whether the person is 18 years old, from a wallet.
    #[serde(rename = "age_over_18")]
    AgeOver18,
    /// An opaque name by which the service knows the person again.
    Identifier,
}

/// How a service is told who somebody is (`decisions.md` section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// By an opaque name, another one for each single sign-on session.
    Transient,
    /// By an opaque name that stays, another one for each service: a `sub` too.
    Persistent,
    /// By the e-mail address.
    EmailAddress,
}

impl Datum {
    /// All of them.
    pub const ALL: [Datum; 13] = [
        Datum::FamilyName,
        Datum::GivenName,
        Datum::BirthName,
        Datum::BirthDate,
        Datum::BirthPlace,
        Datum::MothersName,
        Datum::Nationality,
        Datum::Email,
        Datum::Address,
        Datum::PhoneNumber,
        Datum::Gender,
        Datum::AgeOver18,
        Datum::Identifier,
    ];

    /// The name under which it rests.
    pub const fn as_str(self) -> &'static str {
        match self {
            Datum::FamilyName => "family_name",
            Datum::GivenName => "given_name",
            Datum::BirthName => "birth_name",
            Datum::BirthDate => "birth_date",
            Datum::BirthPlace => "birth_place",
            Datum::MothersName => "mothers_name",
            Datum::Nationality => "nationality",
            Datum::Email => "email",
            Datum::Address => "address",
            Datum::PhoneNumber => "phone_number",
            Datum::Gender => "gender",
            Datum::AgeOver18 => "age_over_18",
            Datum::Identifier => "identifier",
        }
    }

    /// Whether no account holds it: only a wallet can give it, and only for the one answer.
    pub const fn is_from_wallet(self) -> bool {
        match self {
            Datum::Address | Datum::PhoneNumber | Datum::Gender | Datum::AgeOver18 => true,
            Datum::FamilyName
            | Datum::GivenName
            | Datum::BirthName
            | Datum::BirthDate
            | Datum::BirthPlace
            | Datum::MothersName
            | Datum::Nationality
            | Datum::Email
            | Datum::Identifier => false,
        }
    }

    /// The datum with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|datum| datum.as_str() == name)
    }
}

/// A set of data that a service receives. It rests as its names in order, separated by one space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Release(BTreeSet<Datum>);

/// A text is no list of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no list of data")]
pub struct ReleaseError;

impl Release {
    /// Reads what [`Release::write`] wrote.
    ///
    /// # Errors
    ///
    /// [`ReleaseError`] for a name that is not known.
    pub fn read(text: &str) -> Result<Self, ReleaseError> {
        text.split_whitespace().map(|name| Datum::from_name(name).ok_or(ReleaseError)).collect()
    }

    /// The names in the order of the alphabet, separated by one space.
    pub fn write(&self) -> String {
        let mut names: Vec<_> = self.0.iter().map(|datum| datum.as_str()).collect();
        names.sort_unstable();
        names.join(" ")
    }

    /// The data, in the order that pages show.
    pub fn iter(&self) -> impl Iterator<Item = Datum> {
        self.0.iter().copied()
    }

    /// Whether it holds nothing that tells who somebody is: at most an opaque identifier.
    pub fn tells_nothing(&self) -> bool {
        self.iter().all(|datum| datum == Datum::Identifier)
    }

    /// Whether a datum is in it.
    pub fn has(&self, datum: Datum) -> bool {
        self.0.contains(&datum)
    }

    /// Those of it that only a wallet can give.
    #[must_use]
    pub fn from_wallet(&self) -> Self {
        self.iter().filter(|datum| datum.is_from_wallet()).collect()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of it is in `other`.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// This and `other` together.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).copied().collect())
    }

    /// This but for what is in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).copied().collect())
    }
}

impl FromIterator<Datum> for Release {
    fn from_iter<I: IntoIterator<Item = Datum>>(data: I) -> Self {
        Self(data.into_iter().collect())
    }
}

impl From<Release> for String {
    fn from(release: Release) -> Self {
        release.write()
    }
}

impl TryFrom<String> for Release {
    type Error = ReleaseError;

    fn try_from(text: String) -> Result<Self, ReleaseError> {
        Self::read(&text)
    }
}

/// Why a service may receive what it receives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// The person agrees to it, and may withdraw that.
    #[default]
    Consent,
    /// The law requires it: the person is told, and is asked nothing.
    Law,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use super::*;

    fn release() -> impl Strategy<Value = Release> {
        subsequence(Datum::ALL.to_vec(), 0..=Datum::ALL.len()).prop_map(Release::from_iter)
    }

    #[test]
    fn what_tells_who_somebody_is() {
        use Datum::{Email, FamilyName, Identifier};
        #[rustfmt::skip]
        let table: [(&[Datum], &str, bool); 4] = [
            (&[],                              "",                             true),
            (&[Identifier],                    "identifier",                   true),
            (&[Identifier, Email],             "email identifier",             false),
            (&[Identifier, FamilyName, Email], "email family_name identifier", false),
        ];
        for (data, text, nothing) in table {
            let release: Release = data.iter().copied().collect();
            assert_eq!((release.write().as_str(), release.tells_nothing()), (text, nothing));
        }
        let email: Release = [Datum::Email].into_iter().collect();
        assert!(email.has(Datum::Email) && !email.has(Datum::Identifier));
        assert_eq!(Release::read("email shoe_size"), Err(ReleaseError));
    }

    proptest! {
        #[test]
        fn a_set_reads_back_as_it_was_written(release in release()) {
            prop_assert_eq!(Release::read(&release.write()), Ok(release.clone()));
            prop_assert_eq!(Release::try_from(String::from(release.clone())), Ok(release));
        }

        #[test]
        fn sets_are_put_together_and_taken_apart(one in release(), other in release()) {
            let (both, rest) = (one.with(&other), one.without(&other));
            prop_assert!(one.is_within(&both) && other.is_within(&both));
            prop_assert!(both.iter().all(|datum| one.has(datum) || other.has(datum)));
            prop_assert!(rest.iter().all(|datum| one.has(datum) && !other.has(datum)));
            prop_assert_eq!(rest.with(&other), both);
            prop_assert_eq!(rest.is_empty(), one.is_within(&other));
        }

        #[test]
        fn a_datum_rests_under_its_name(release in release()) {
            for datum in release.iter() {
                prop_assert_eq!(Datum::from_name(datum.as_str()), Some(datum));
            }
        }
    }
}
