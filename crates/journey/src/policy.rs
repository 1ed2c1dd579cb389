//! The cut-over as a pure function: (policy, instant, service, request, account) → what is allowed.

use std::time::Duration;

use model::{AuthenticationContext, Binding, Level, Loa, Method, ServiceTerms, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Demand;

/// How an enrolment after the cut-over proves that the account is the enroller's
/// (`security.md` section 4.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerProof {
    /// The seed's literal flow: the password alone.
    None,
    /// A code mailed to the registered contact.
    #[default]
    ContactCode,
    /// The same, and the new authenticator signs in only after 72 hours.
    ContactCodeWithHold,
}

/// Whether a method exists in this installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// It can be used.
    On,
    /// It is shown as not available yet.
    NotYet,
    /// It is not shown.
    #[default]
    Off,
}

/// The rules of this installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// T: from this instant a password alone opens nothing but enrolment.
    pub cutover: Timestamp,
    /// How an enrolment from T proves its owner.
    pub owner_proof: OwnerProof,
    /// The wallet.
    pub wallet: Availability,
    /// The other identity providers whose sign-ins are taken.
    pub upstreams: Upstreams,
}

/// At which levels sign-ins of other identity providers are taken, and the best that is ever said of them there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upstreams([Option<Loa>; 3]);

impl Upstreams {
    /// None.
    pub const NONE: Self = Self([None; 3]);

    /// The best level of assurance that is said of a sign-in at `level`, if any is taken.
    pub fn best(self, level: Level) -> Option<Loa> {
        self.0[usize::from(level.number() - 1)]
    }
}

impl FromIterator<(Level, Loa)> for Upstreams {
    fn from_iter<I: IntoIterator<Item = (Level, Loa)>>(upstreams: I) -> Self {
        let mut best = Self::NONE;
        for (level, loa) in upstreams {
            let known = &mut best.0[usize::from(level.number() - 1)];
            *known = (*known).max(Some(loa.min(level.best_loa())));
        }
        best
    }
}

/// Whether an account may be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In use.
    Open,
    /// Closed by its owner's "not me" or by an operator, until it is unfrozen.
    Frozen,
}

/// The state of an account's second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Never enrolled, or removed.
    None,
    /// Usable from `usable_from`.
    Active {
        /// How it was bound.
        binding: Binding,
        /// The end of a hold; long past where there is none.
        usable_from: Timestamp,
    },
    /// Switched off by its owner.
    Inactive,
    /// Closed by too many wrong codes.
    Frozen,
}

/// What the policy needs to know of an account whose password matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Open or frozen.
    pub standing: Standing,
    /// The second factor.
    pub second_factor: SecondFactor,
}

/// How the sign-in page shows a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A button.
    Offered,
    /// A text: not available yet.
    NotYet,
    /// A text: the service asks for more.
    BelowService,
    /// Not at all: it does not exist here, or the date has passed.
    Absent,
}

/// Why a sign-in does not suffice for a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortfall {
    /// A password alone, where two factors are needed and none is enrolled.
    NotEnrolled,
    /// The second factor is switched off.
    Inactive,
    /// The second factor is held until the instant.
    Held(Timestamp),
    /// The account or its second factor is frozen.
    Frozen,
    /// The sign-in's level of assurance is below what is asked.
    WeakProvenance,
    /// The method's level is below what is asked.
    LowLevel,
    /// The sign-in is older than the request accepts.
    Stale,
    /// The identity that was to be linked speaks of somebody else than the account.
    SomebodyElse,
    /// What was shown would be sure enough, but not on the way by another device.
    CrossDevice,
}

/// Where a right password leads at the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// To the code.
    AskCode,
    /// Straight in, with the password alone (before the cut-over only).
    Enter,
    /// Nowhere, for this reason.
    Short(Shortfall),
}

impl Policy {
    /// Whether the cut-over has come.
    pub fn cut_over(&self, now: Timestamp) -> bool {
        now >= self.cutover
    }

    /// The least level that opens a service at `now`: what it states, but never 1 from the cut-over.
    pub fn least_level(&self, now: Timestamp, terms: &ServiceTerms) -> Level {
        let floor = if self.cut_over(now) { Level::Two } else { Level::One };
        terms.min_level.unwrap_or(floor).max(floor)
    }

    /// How the sign-in page shows `method` to somebody on the way to a service.
    pub fn offer(&self, now: Timestamp, terms: &ServiceTerms, demand: &Demand, method: Method) -> Offer {
        let suffices = method.level() >= self.least_level(now, terms)
            && terms.min_loa.is_none_or(|loa| crate::Acr::Loa(loa).reachable_by(method))
            && demand.reachable_by(method);
        let shown = |availability| match (availability, suffices) {
            (Availability::Off, _) => Offer::Absent,
            (Availability::NotYet, _) => Offer::NotYet,
            (Availability::On, true) => Offer::Offered,
            (Availability::On, false) => Offer::BelowService,
        };
        match method {
            _ if !demand.admits(method) => Offer::Absent,
            Method::Password if self.cut_over(now) => Offer::Absent,
            Method::Password | Method::AuthenticatorApp => shown(Availability::On),
            Method::EmailedCode | Method::Passkey => shown(Availability::Off),
            Method::Wallet => shown(self.wallet),
            Method::Upstream(level) => match self.upstreams.best(level) {
                Some(best) => self.offer_upstream(now, terms, demand, level, best),
                None => Offer::Absent,
            },
        }
    }

    /// How the sign-in page shows another identity provider, whose sign-in counts as `level` and of which no more than
    /// `best` is ever said.
    pub fn offer_upstream(
        &self,
        now: Timestamp,
        terms: &ServiceTerms,
        demand: &Demand,
        level: Level,
        best: Loa,
    ) -> Offer {
        let method = Method::Upstream(level);
        if level == Level::One && self.cut_over(now) || !demand.admits(method) {
            return Offer::Absent;
        }
        let context = |loa| AuthenticationContext { method, loa, at: now };
        let suffices = level >= self.least_level(now, terms)
            && terms.min_loa.is_none_or(|loa| loa <= best)
            // Linked at its worst, or at its best.
            && [Loa::Low, best].into_iter().any(|loa| demand.met_by(&context(loa)));
        if suffices { Offer::Offered } else { Offer::BelowService }
    }

    /// Whether any method that exists here could satisfy the request.
    pub fn satisfiable(&self, now: Timestamp, terms: &ServiceTerms, demand: &Demand) -> bool {
        Method::ALL.into_iter().any(|method| self.offer(now, terms, demand, method) == Offer::Offered)
    }

    /// Where a right password leads, on the way to a service.
    ///
    /// An enrolled account is always asked for its code, also by the password button: an
    /// exception for a service never lowers an account that has two factors.
    pub fn after_password(&self, now: Timestamp, terms: &ServiceTerms, demand: &Demand, facts: &Facts) -> Passage {
        let alone = || self.offer(now, terms, demand, Method::Password) == Offer::Offered;
        match (facts.standing, facts.second_factor) {
            (Standing::Frozen, _) | (_, SecondFactor::Frozen) => Passage::Short(Shortfall::Frozen),
            (Standing::Open, SecondFactor::Active { usable_from, .. }) if now >= usable_from => Passage::AskCode,
            (Standing::Open, _) if alone() => Passage::Enter,
            (Standing::Open, SecondFactor::Active { usable_from, .. }) => Passage::Short(Shortfall::Held(usable_from)),
            (Standing::Open, SecondFactor::None) => Passage::Short(Shortfall::NotEnrolled),
            (Standing::Open, SecondFactor::Inactive) => Passage::Short(Shortfall::Inactive),
        }
    }

    /// Whether a finished sign-in may be answered to a service at `now`.
    ///
    /// Asked for every answer at the moment it is issued, so that a sign-in begun before the
    /// cut-over and finished after it is judged by the rules that hold when it finishes.
    ///
    /// # Errors
    ///
    /// What is missing.
    pub fn admit(
        &self,
        now: Timestamp,
        terms: &ServiceTerms,
        demand: &Demand,
        context: &AuthenticationContext,
    ) -> Result<(), Shortfall> {
        if context.level() < self.least_level(now, terms) {
            return Err(match context.method {
                Method::Password => Shortfall::NotEnrolled,
                Method::EmailedCode
                | Method::AuthenticatorApp
                | Method::Passkey
                | Method::Wallet
                | Method::Upstream(_) => Shortfall::LowLevel,
            });
        }
        if terms.min_loa.is_some_and(|loa| context.loa < loa) {
            return Err(Shortfall::WeakProvenance);
        }
        if !demand.met_by(context) {
            return Err(if demand.reachable_by(context.method) {
                Shortfall::WeakProvenance
            } else {
                Shortfall::LowLevel
            });
        }
        if !demand.fresh_enough(context, now) {
            return Err(Shortfall::Stale);
        }
        Ok(())
    }

    /// What a new authenticator's provenance is when nothing better than the password or a
    /// contact code vouched for it.
    pub fn unaided_binding(&self, now: Timestamp) -> Binding {
        match (self.cut_over(now), self.owner_proof) {
            (false, _) | (true, OwnerProof::None) => Binding::Password,
            (true, OwnerProof::ContactCode | OwnerProof::ContactCodeWithHold) => Binding::ContactCode,
        }
    }

    /// Whether an enrolment that nothing better vouches for must confirm the registered contact.
    pub fn contact_code_needed(&self, now: Timestamp) -> bool {
        self.unaided_binding(now) == Binding::ContactCode
    }

    /// From when an authenticator bound so may sign in.
    pub fn usable_from(&self, now: Timestamp, binding: Binding) -> Timestamp {
        match (self.owner_proof, binding) {
            (OwnerProof::ContactCodeWithHold, Binding::ContactCode) => now + HOLD,
            (
                OwnerProof::ContactCodeWithHold,
                Binding::Password
                | Binding::LiveFactor(_)
                | Binding::DeletionCode(_)
                | Binding::Wallet
                | Binding::Clerk
                | Binding::ClerkWord
                | Binding::PostedCode,
            )
            | (OwnerProof::None | OwnerProof::ContactCode, _) => now,
        }
    }
}

/// How long an authenticator bound by a contact code waits under [`OwnerProof::ContactCodeWithHold`].
const HOLD: Duration = Duration::from_hours(72);

impl SecondFactor {
    /// What a sign-in with it may claim.
    pub fn loa(self) -> Loa {
        match self {
            SecondFactor::Active { binding, .. } => binding.loa(),
            SecondFactor::None | SecondFactor::Inactive | SecondFactor::Frozen => Loa::Low,
        }
    }
}

#[cfg(test)]
mod tests;
