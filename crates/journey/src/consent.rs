//! What a service receives of a person, and whether the person is to see it first.

use model::{Datum, LegalBasis, Release};
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
    /// In any case, and what is decided is good for this once: nothing of it is remembered.
    EachTime,
}

/// What a service asks for and why: what a person is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// What it cannot do without. It rests under its former name: a sign-in may begin at one node and end at a newer one.
    #[serde(rename = "release")]
    required: Release,
    /// What it would like to have: each is passed on only if the person ticks it. No part of what is required.
    #[serde(default)]
    optional: Release,
    /// What of it a wallet gave for this very sign-in, if one was asked; what only a wallet can give is told of nothing else.
    #[serde(default)]
    given: Option<Release>,
    /// Why it receives what is required. What is optional is the person's own choice, whatever the law requires.
    basis: LegalBasis,
}

/// What a person decided on a page, and on those before it: what is remembered of a service.
///
/// No datum is in two of its sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was shown as required: agreed to or, where the law requires it, seen.
    pub required: Release,
    /// What could be ticked, and was.
    pub chosen: Release,
    /// What could be ticked, and was not: it is not passed on, and not asked for again.
    pub withheld: Release,
    /// Why the required is passed on.
    pub basis: LegalBasis,
}

/// Something was ticked that the page did not offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOffered;

/// How a service asks for a datum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

impl Disclosure {
    /// What a service requires, and what it would like to have besides. An opaque identifier tells nothing, so that it
    /// is never a choice. What only a wallet can give always is one: not everybody has a wallet.
    pub fn new(required: &Release, wished: &Release, basis: LegalBasis) -> Self {
        let identifier = Release::from_iter([Datum::Identifier]);
        let named = wished.without(&wished.without(&identifier));
        let of_wallet = required.from_wallet();
        let required = required.without(&of_wallet).with(&named);
        let optional = wished.with(&of_wallet).without(&required);
        Self { required, optional, given: None, basis }
    }

    /// The same, where a wallet was asked in this very sign-in and gave so much; nothing if it was not asked.
    #[must_use]
    pub fn given_by_wallet(self, given: Option<Release>) -> Self {
        Self { given, ..self }
    }

    /// What a wallet gave.
    pub fn given(&self) -> Release {
        self.given.as_ref().map(|given| self.optional.without(&self.optional.without(given))).unwrap_or_default()
    }

    /// What a wallet could give and has not given.
    pub fn obtainable(&self) -> Release {
        self.optional.from_wallet().without(&self.given())
    }

    /// What the service cannot do without.
    pub fn required(&self) -> &Release {
        &self.required
    }

    /// What the person may let it have besides.
    pub fn optional(&self) -> &Release {
        &self.optional
    }

    /// Why it receives what is required.
    pub fn basis(&self) -> LegalBasis {
        self.basis
    }

    /// Whether it asks for nothing that tells who somebody is.
    pub fn tells_nothing(&self) -> bool {
        self.required.tells_nothing() && self.optional.is_empty()
    }

    /// Whether the person is to see it before the service is answered; `known` is what the person decided before.
    ///
    /// A part of what is known is not shown again: a service that asks for less now and for the same again later
    /// would only teach people not to read. What was withheld is known too, until it is required.
    pub fn is_due(&self, known: Option<&Decision>, asking: Asking) -> bool {
        if self.tells_nothing() {
            return false;
        }
        if matches!(asking, Asking::Anew | Asking::EachTime) {
            return true;
        }
        // Whoever gave less to the wallet's question was asked by it.
        let was_asked = |datum: Datum| datum.is_from_wallet() && self.given.is_some() && !self.is_given(datum);
        let is_decided = |known: &Decision, datum| {
            known.passes(datum, Need::Optional, self.basis) || known.withholds(datum, self.basis)
        };
        let is_known = |datum| was_asked(datum) || known.is_some_and(|known| is_decided(known, datum));
        !self.required.is_within(&self.told(known)) || !self.optional.iter().all(is_known)
    }

    /// What of it may be passed on after what the person decided: what was shown as required, and what was ticked. What
    /// only a wallet can give is, where it gave it.
    pub fn told(&self, known: Option<&Decision>) -> Release {
        let passes = |datum: Datum, need| {
            datum == Datum::Identifier || known.is_some_and(|known| known.passes(datum, need, self.basis))
        };
        let required = self.required.iter().filter(|datum| passes(*datum, Need::Required));
        let optional = self.optional.iter().filter(|datum| !datum.is_from_wallet() || self.is_given(*datum));
        required.chain(optional.filter(|datum| passes(*datum, Need::Optional))).collect()
    }

    fn is_given(&self, datum: Datum) -> bool {
        self.given.as_ref().is_some_and(|given| given.has(datum))
    }

    /// What it means to go on from the page that shows it with these data ticked.
    ///
    /// # Errors
    ///
    /// [`NotOffered`] when something is ticked that the page had no box for.
    pub fn decided(&self, ticked: &Release) -> Result<Decision, NotOffered> {
        if !ticked.is_within(&self.optional.without(&self.obtainable())) {
            return Err(NotOffered);
        }
        Ok(Decision {
            required: self.required.clone(),
            chosen: ticked.clone(),
            withheld: self.optional.without(ticked),
            basis: self.basis,
        })
    }
}

impl Decision {
    /// What is remembered once this was decided where `known` was known. What the page showed is as it says now; what
    /// it did not show stays, unless the basis changed: what was seen because of a law is nothing that was agreed to.
    #[must_use]
    pub fn over(self, known: Option<&Decision>) -> Self {
        let Some(known) = known.filter(|known| known.basis == self.basis) else { return self };
        let shown = self.required.with(&self.chosen).with(&self.withheld);
        Self {
            required: self.required.with(&known.required.without(&shown)),
            chosen: self.chosen.with(&known.chosen.without(&shown)),
            withheld: self.withheld.with(&known.withheld.without(&shown)),
            basis: self.basis,
        }
    }

    /// The same, where these data are to be decided anew: they come from a wallet, and nobody saw them yet.
    #[must_use]
    pub fn forgetting(self, data: &Release) -> Self {
        let Self { required, chosen, withheld, basis } = self;
        Self { required: required.without(data), chosen: chosen.without(data), withheld: withheld.without(data), basis }
    }

    /// Whether it withholds something that `known` let pass: so much of that is withdrawn.
    pub fn takes_back(&self, known: &Decision) -> bool {
        self.withheld.iter().any(|datum| known.required.has(datum) || known.chosen.has(datum))
    }

    /// Whether it holds something that the person chose, and may choose otherwise: what the law requires is none.
    pub fn is_choice(&self) -> bool {
        match self.basis {
            LegalBasis::Consent => true,
            LegalBasis::Law => !self.chosen.is_empty() || !self.withheld.is_empty(),
        }
    }

    fn passes(&self, datum: Datum, need: Need, basis: LegalBasis) -> bool {
        let is_of_its_set = match (need, basis) {
            // Agreed to is agreed to, whether there was a choice or not.
            (Need::Required | Need::Optional, LegalBasis::Consent) => {
                self.required.has(datum) || self.chosen.has(datum)
            }
            // What the law begins or ceases to require is to be seen as that.
            (Need::Required, LegalBasis::Law) => self.required.has(datum),
            (Need::Optional, LegalBasis::Law) => self.chosen.has(datum),
        };
        basis == self.basis && is_of_its_set
    }

    fn withholds(&self, datum: Datum, basis: LegalBasis) -> bool {
        basis == self.basis && self.withheld.has(datum)
    }
}

#[cfg(test)]
mod tests;
