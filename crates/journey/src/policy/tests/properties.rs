//! What holds for every service, request, account and instant.

use proptest::prelude::*;

use super::*;
use crate::testing::{ageless_demand, context, demand, facts, instant, policy, terms};

/// The best that a method can prove (`decisions.md` section 2).
fn best(policy: Policy, method: Method) -> Loa {
    match method {
        Method::Password | Method::EmailedCode => Loa::Low,
        Method::AuthenticatorApp | Method::Passkey => Loa::Substantial,
        Method::Wallet => Loa::High,
        Method::Upstream(level) => policy.upstreams.best(level).unwrap_or(Loa::Low),
    }
}

/// Whether a request is met, written the long way.
fn met(demand: &Demand, context: &AuthenticationContext) -> bool {
    demand.insistence == Insistence::Voluntary
        || demand.acr.iter().any(|(acr, _)| match acr {
            Acr::Method(least) => context.method >= *least,
            Acr::Loa(least) => context.loa >= *least,
            Acr::MultiFactor => context.level() != Level::One,
            Acr::ServiceMinimum => true,
        })
}

proptest! {
    #[test]
    fn from_the_cut_over_no_path_enters_with_one_factor(
        policy in policy(), terms in terms(), demand in demand(), facts in facts(),
        now in instant(), context in context(),
    ) {
        prop_assume!(now >= CUTOVER);
        prop_assert_ne!(policy.after_password(now, &terms, &demand, &facts), Passage::Enter);
        prop_assert_eq!(policy.offer(now, &terms, &demand, Method::Password), Offer::Absent);
        let one_factor = AuthenticationContext { method: Method::Password, ..context };
        prop_assert!(policy.admit(now, &terms, &demand, &one_factor).is_err());
    }

    #[test]
    fn an_enrolled_account_is_always_asked_for_its_code(
        policy in policy(), terms in terms(), demand in demand(), now in instant(),
        binding in crate::testing::binding(), held in 0_u64..1_000_000,
    ) {
        let usable_from = now - Duration::from_micros(held);
        let facts = account(enrolled(binding, usable_from));
        prop_assert_eq!(policy.after_password(now, &terms, &demand, &facts), Passage::AskCode);
    }

    #[test]
    fn a_frozen_account_leads_nowhere(
        policy in policy(), terms in terms(), demand in demand(), facts in facts(), now in instant(),
    ) {
        let frozen = Facts { standing: Standing::Frozen, ..facts };
        let passage = policy.after_password(now, &terms, &demand, &frozen);
        prop_assert_eq!(passage, Passage::Short(Shortfall::Frozen));
    }

    #[test]
    fn what_is_admitted_meets_every_condition_and_what_is_not_lacks_one(
        policy in policy(), terms in terms(), demand in demand(), now in instant(), context in context(),
    ) {
        let level = context.level() >= policy.least_level(now, &terms);
        let loa = terms.min_loa.is_none_or(|least| context.loa >= least);
        let fresh = demand.max_age.is_none_or(|age| context.at + age >= now)
            && demand.not_before.is_none_or(|earliest| context.at >= earliest);
        let expected = level && loa && met(&demand, &context) && fresh;
        prop_assert_eq!(policy.admit(now, &terms, &demand, &context).is_ok(), expected);
    }

    #[test]
    fn who_may_enter_with_the_password_is_admitted_with_it(
        policy in policy(), terms in terms(), demand in ageless_demand(), facts in facts(), now in instant(),
    ) {
        if policy.after_password(now, &terms, &demand, &facts) == Passage::Enter {
            let context = sign_in(Method::Password, Loa::Low, now);
            prop_assert_eq!(policy.admit(now, &terms, &demand, &context), Ok(()));
        }
    }

    #[test]
    fn a_method_is_offered_when_its_best_sign_in_would_be_admitted_and_only_then(
        policy in policy(), terms in terms(), demand in ageless_demand(), now in instant(),
    ) {
        let exists = |method| match method {
            Method::Password | Method::AuthenticatorApp => true,
            Method::EmailedCode | Method::Passkey => false,
            Method::Wallet => policy.wallet == Availability::On,
            Method::Upstream(level) => policy.upstreams.best(level).is_some(),
        };
        let mut any = false;
        for method in Method::ALL {
            let admitted = policy.admit(now, &terms, &demand, &sign_in(method, best(policy, method), now)).is_ok();
            let offered = policy.offer(now, &terms, &demand, method) == Offer::Offered;
            prop_assert_eq!(offered, exists(method) && admitted, "{:?}", method);
            any |= offered;
        }
        prop_assert_eq!(policy.satisfiable(now, &terms, &demand), any);
    }

    #[test]
    fn a_stronger_sign_in_is_never_refused_where_a_weaker_one_is_admitted(
        policy in policy(), terms in terms(), demand in demand(), now in instant(),
        weak in context(), strong in context(),
    ) {
        prop_assume!(strong.method >= weak.method && strong.loa >= weak.loa);
        let strong = AuthenticationContext { at: weak.at, ..strong };
        if policy.admit(now, &terms, &demand, &weak).is_ok() {
            prop_assert_eq!(policy.admit(now, &terms, &demand, &strong), Ok(()));
        }
    }

    #[test]
    fn a_later_answer_demands_no_less(
        policy in policy(), terms in terms(), demand in demand(), context in context(),
        one in instant(), other in instant(),
    ) {
        let (earlier, later) = (one.min(other).max(context.at), one.max(other).max(context.at));
        prop_assert!(policy.least_level(earlier, &terms) <= policy.least_level(later, &terms));
        if policy.admit(later, &terms, &demand, &context).is_ok() {
            prop_assert_eq!(policy.admit(earlier, &terms, &demand, &context), Ok(()));
        }
    }
}
