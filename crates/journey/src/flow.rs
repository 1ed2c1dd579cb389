//! How sure a sign-in is, by the way on which it came to the browser.

use model::{AuthenticationContext, Loa, ServiceTerms, Timestamp};

use crate::{Demand, Policy, Shortfall};

/// The way from where a person shows who they are to the browser that signs in (OpenID4VP 1.0 sections 3.1 and 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The browser itself is led there and back, or carries the messages and vouches for whose page it shows.
    SameDevice,
    /// A picture, or what is typed in its place, is read by another device.
    CrossDevice,
}

impl Flow {
    /// The level of assurance of a sign-in by what is worth `loa` in itself.
    ///
    /// Across devices *substantial* at most (`security.md` P41). A picture can be passed on to somebody who then reads
    /// the digits out, and *high* has to withstand an attacker of a high potential (Commission Implementing Regulation
    /// (EU) 2015/1502, annex, 2.3.1). It holds for every service: none says whether it is asked for an administrator's
    /// work or for a change of contact.
    pub fn loa(self, loa: Loa) -> Loa {
        match self {
            Flow::SameDevice => loa,
            Flow::CrossDevice => loa.min(Loa::Substantial),
        }
    }
}

impl Policy {
    /// What may be said at `now` of a finished sign-in that came by `flow`, of what is worth `context` in itself.
    ///
    /// # Errors
    ///
    /// What is missing, as [`Policy::admit`]; [`Shortfall::CrossDevice`] when the way alone is.
    pub fn admit_by(
        &self,
        flow: Flow,
        now: Timestamp,
        terms: &ServiceTerms,
        demand: &Demand,
        context: &AuthenticationContext,
    ) -> Result<AuthenticationContext, Shortfall> {
        let said = AuthenticationContext { loa: flow.loa(context.loa), ..*context };
        match self.admit(now, terms, demand, &said) {
            Ok(()) => Ok(said),
            Err(_) if self.admit(now, terms, demand, context).is_ok() => Err(Shortfall::CrossDevice),
            Err(shortfall) => Err(shortfall),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Level, Method};
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{context, demand, instant, policy, terms};
    use crate::{Acr, Availability, Insistence, OwnerProof, Upstreams};

    const NOW: Timestamp = crate::testing::CUTOVER;

    #[test]
    fn p41_across_devices_nothing_is_more_than_substantial() {
        use Loa::{High, Low, Substantial};
        #[rustfmt::skip]
        let table = [
            // in itself   same device  cross device
            (Low,          Low,         Low),
            (Substantial,  Substantial, Substantial),
            (High,         High,        Substantial),
        ];
        for (loa, same, cross) in table {
            assert_eq!([Flow::SameDevice, Flow::CrossDevice].map(|flow| flow.loa(loa)), [same, cross], "{loa:?}");
        }
    }

    #[test]
    fn p41_what_a_service_is_told_or_the_person_where_the_way_is_not_enough() {
        use Loa::{High, Substantial};
        let policy = Policy {
            cutover: NOW,
            owner_proof: OwnerProof::ContactCode,
            wallet: Availability::On,
            upstreams: Upstreams::NONE,
        };
        let least = |min_loa| (ServiceTerms { min_loa, ..ServiceTerms::default() }, Demand::default());
        let asked = |acr, insistence| {
            let demand = Demand { acr: vec![(acr, String::new())], insistence, ..Demand::default() };
            (ServiceTerms::default(), demand)
        };
        let high = Acr::Loa(Loa::High);
        let said = |loa| Ok(AuthenticationContext { method: Method::Wallet, loa, at: NOW });
        let (weak, way) = (Err(Shortfall::WeakProvenance), Err(Shortfall::CrossDevice));
        #[rustfmt::skip]
        let table = [
            // the service                              worth        same device        cross device
            (least(None),                               High,        said(High),        said(Substantial)),
            (least(None),                               Substantial, said(Substantial), said(Substantial)),
            (least(Some(Substantial)),                  High,        said(High),        said(Substantial)),
            (least(Some(High)),                         High,        said(High),        way),
            (least(Some(High)),                         Substantial, weak,              weak),
            (asked(high, Insistence::Essential),        High,        said(High),        way),
            (asked(high, Insistence::Essential),        Substantial, weak,              weak),
            (asked(high, Insistence::Voluntary),        High,        said(High),        said(Substantial)),
        ];
        for ((terms, demand), loa, same, cross) in table {
            let context = AuthenticationContext { method: Method::Wallet, loa, at: NOW };
            for (flow, expected) in [(Flow::SameDevice, same), (Flow::CrossDevice, cross)] {
                let admitted = policy.admit_by(flow, NOW, &terms, &demand, &context);
                assert_eq!(admitted, expected, "{terms:?} {demand:?} {loa:?} {flow:?}");
            }
        }
        assert_eq!(Method::Wallet.level(), Level::Three);
    }

    proptest! {
        #[test]
        fn p41_no_answer_says_high_across_devices(
            policy in policy(), now in instant(), terms in terms(), demand in demand(), context in context(),
        ) {
            let admitted = |flow| policy.admit_by(flow, now, &terms, &demand, &context);
            if let Ok(said) = admitted(Flow::CrossDevice) {
                prop_assert!(said.loa <= Loa::Substantial && said.loa <= context.loa);
                prop_assert!(policy.admit(now, &terms, &demand, &said).is_ok());
            }
            prop_assert_eq!(
                admitted(Flow::SameDevice),
                policy.admit(now, &terms, &demand, &context).map(|()| context)
            );
        }
    }
}
