//! What a service receives of a person, and whether the person is to see it first.

use model::{LegalBasis, Release};
use serde::{Deserialize, Serialize};

/// When a person is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asking {
    /// The first time, and when more is passed on than was agreed to.
    #[default]
    WhenDue,
    /// In any case.
    Anew,
}

/// What a service receives and why: what a person is shown, and what a person was shown before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// What.
    pub release: Release,
    /// Why.
    pub basis: LegalBasis,
}

impl Disclosure {
    /// Whether the person is to see it before the service is answered; `known` is what the person agreed to, or saw.
    ///
    /// A part of what is known is not shown again: a service that asks for less now and for the same again later
    /// would only teach people not to read.
    pub fn is_due(&self, known: Option<&Disclosure>, asking: Asking) -> bool {
        if self.release.tells_nothing() {
            return false;
        }
        match (asking, known) {
            (Asking::Anew, _) | (Asking::WhenDue, None) => true,
            (Asking::WhenDue, Some(known)) => {
                known.basis != self.basis || !self.release.tells_no_more_than(&known.release)
            }
        }
    }

    /// What is known once the person agreed to this, or saw it. What was agreed to is nothing that was seen.
    #[must_use]
    pub fn after(&self, known: Option<&Disclosure>) -> Disclosure {
        match known {
            Some(known) if known.basis == self.basis => {
                Disclosure { release: self.release.with(&known.release), basis: self.basis }
            }
            Some(_) | None => self.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Datum::{self, BirthDate, Email, FamilyName, Identifier};
    use model::LegalBasis::{Consent, Law};
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::testing::disclosure;

    fn shown(basis: LegalBasis, data: &[Datum]) -> Disclosure {
        Disclosure { release: data.iter().copied().collect(), basis }
    }

    #[test]
    fn when_a_person_is_asked() {
        let agreed = || Some(shown(Consent, &[FamilyName, Email]));
        let seen = || Some(shown(Law, &[FamilyName, Email]));
        #[rustfmt::skip]
        let table = [
            // now                                          known before  when due  anew
            (shown(Consent, &[]),                           None,         false,    false),
            (shown(Consent, &[Identifier]),                 None,         false,    false),
            (shown(Law,     &[Identifier]),                 agreed(),     false,    false),
            (shown(Consent, &[FamilyName, Email]),          None,         true,     true),
            (shown(Law,     &[FamilyName, Email]),          None,         true,     true),
            (shown(Consent, &[FamilyName, Email]),          agreed(),     false,    true),
            (shown(Consent, &[Email]),                      agreed(),     false,    true),
            (shown(Consent, &[Email, Identifier]),          agreed(),     false,    true),
            (shown(Consent, &[FamilyName, Email, BirthDate]), agreed(),   true,     true),
            (shown(Consent, &[FamilyName, BirthDate]),      agreed(),     true,     true),
            (shown(Law,     &[FamilyName, Email]),          seen(),       false,    true),
            (shown(Law,     &[FamilyName, BirthDate]),      seen(),       true,     true),
            (shown(Law,     &[FamilyName]),                 agreed(),     true,     true),
            (shown(Consent, &[FamilyName]),                 seen(),       true,     true),
        ];
        for (now, known, when_due, anew) in table {
            assert_eq!(now.is_due(known.as_ref(), Asking::WhenDue), when_due, "{now:?} after {known:?}");
            assert_eq!(now.is_due(known.as_ref(), Asking::Anew), anew, "{now:?} after {known:?}");
        }
    }

    #[test]
    fn what_was_seen_is_not_agreed_to() {
        let seen = shown(Law, &[FamilyName, Email]);
        let now = shown(Consent, &[BirthDate]);
        assert_eq!(now.after(Some(&seen)), now);
        let agreed = shown(Consent, &[Email]);
        assert_eq!(now.after(Some(&agreed)), shown(Consent, &[BirthDate, Email]));
    }

    proptest! {
        #[test]
        fn nobody_is_asked_twice_for_the_same(now in disclosure(), known in option::of(disclosure())) {
            let after = now.after(known.as_ref());
            prop_assert!(!now.is_due(Some(&after), Asking::WhenDue));
            if let Some(known) = known.filter(|known| known.basis == now.basis) {
                prop_assert!(!known.is_due(Some(&after), Asking::WhenDue), "nor for what was agreed to before");
            }
        }

        #[test]
        fn nothing_is_passed_on_unseen(
            now in disclosure(), known in option::of(disclosure()), asking in select(vec![Asking::WhenDue, Asking::Anew]),
        ) {
            let unseen = known.as_ref().is_none_or(|known| !now.release.tells_no_more_than(&known.release));
            prop_assert!(now.is_due(known.as_ref(), asking) || !unseen || now.release.tells_nothing());
        }
    }
}
