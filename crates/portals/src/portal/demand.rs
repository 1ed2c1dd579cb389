//! What a portal asks of a sign-in, and why nobody may have been signed in.

/// What the portal asks of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Whatever the person's session at Kapu gives.
    Ordinary,
    /// The factors shown now.
    Fresh,
    /// Level of assurance *substantial* or better.
    Substantial,
    /// Whether the person is 18 years old, by their wallet.
    Adult,
}

impl Demand {
    pub(crate) const ALL: [Demand; 4] = [Demand::Ordinary, Demand::Fresh, Demand::Substantial, Demand::Adult];

    /// The name in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Demand::Ordinary => "ordinary",
            Demand::Fresh => "fresh",
            Demand::Substantial => "substantial",
            Demand::Adult => "adult",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Demand::ALL.into_iter().find(|demand| demand.as_str() == name)
    }
}

/// Why nobody was signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The person gave up at Kapu.
    Cancelled,
    /// The sign-in could not be as high as asked for.
    NotEnough,
    /// Kapu would have had to ask the person something.
    Interaction,
    /// Kapu says that it cannot now.
    Busy,
    /// Kapu does not accept what the portal sent.
    Refused,
    /// The answer belongs to no sign-in of this browser.
    Stale,
    /// The answer is not what Kapu would say.
    Implausible,
    /// Kapu does not answer.
    Unreachable,
}

impl Failure {
    const ALL: [Failure; 8] = [
        Failure::Cancelled,
        Failure::NotEnough,
        Failure::Interaction,
        Failure::Busy,
        Failure::Refused,
        Failure::Stale,
        Failure::Implausible,
        Failure::Unreachable,
    ];

    /// What the page is called in its address.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Failure::Cancelled => "megszakitva",
            Failure::NotEnough => "nem-eleg",
            Failure::Interaction => "kerdes",
            Failure::Busy => "foglalt",
            Failure::Refused => "elutasitva",
            Failure::Stale => "lejart",
            Failure::Implausible => "hibas-valasz",
            Failure::Unreachable => "nem-erheto-el",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Failure::ALL.into_iter().find(|failure| failure.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for demand in Demand::ALL {
            assert_eq!(Demand::from_name(demand.as_str()), Some(demand));
        }
        for failure in Failure::ALL {
            assert_eq!(Failure::from_name(failure.as_str()), Some(failure));
        }
        assert_eq!(Failure::from_name("megszakítva"), None);
    }
}
