//! Synthetic persons, the cut-over's instant and arbitrary values, for the tests.

use std::time::Duration;

use model::{
    AuthenticationContext, Binding, Datum, LegalBasis, Level, Loa, Method, PersonId, Release, ServiceTerms, Timestamp,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::{
    Acr, Availability, Demand, Disclosure, Facts, Insistence, OwnerProof, Policy, SecondFactor, Shortfall, Standing,
    Upstreams,
};

/// 2025-01-16 00:00 in Budapest.
pub(crate) const CUTOVER: Timestamp = Timestamp::from_seconds(1_736_982_000);

/// The last instant before the cut-over.
pub(crate) const JUST_BEFORE: Timestamp = Timestamp::from_micros(CUTOVER.micros() - 1);

pub(crate) fn anna() -> PersonId {
    PersonId::from_stored("anna".to_owned())
}

pub(crate) fn bela() -> PersonId {
    PersonId::from_stored("bela".to_owned())
}

pub(crate) fn person() -> impl Strategy<Value = PersonId> {
    select(vec![anna(), bela()])
}

/// An instant from a month before the cut-over to a month after it, often right beside it.
pub(crate) fn instant() -> impl Strategy<Value = Timestamp> {
    let month = i64::try_from(Duration::from_hours(30 * 24).as_micros()).unwrap();
    let offset = prop_oneof![-month..=month, -2_i64..=2];
    offset.prop_map(|micros| Timestamp::from_micros(CUTOVER.micros() + micros))
}

pub(crate) fn level() -> impl Strategy<Value = Level> {
    select(vec![Level::One, Level::Two, Level::Three])
}

pub(crate) fn loa() -> impl Strategy<Value = Loa> {
    select(vec![Loa::Low, Loa::Substantial, Loa::High])
}

pub(crate) fn method() -> impl Strategy<Value = Method> {
    select(Method::ALL.to_vec())
}

pub(crate) fn binding() -> impl Strategy<Value = Binding> {
    prop_oneof![
        select(vec![
            Binding::Password,
            Binding::ContactCode,
            Binding::Wallet,
            Binding::Clerk,
            Binding::ClerkWord,
            Binding::PostedCode,
        ]),
        loa().prop_map(Binding::LiveFactor),
        loa().prop_map(Binding::DeletionCode),
    ]
}

pub(crate) fn terms() -> impl Strategy<Value = ServiceTerms> {
    (option::of(level()), option::of(loa())).prop_map(|(min_level, min_loa)| ServiceTerms {
        min_level,
        min_loa,
        ..ServiceTerms::default()
    })
}

pub(crate) fn release() -> impl Strategy<Value = Release> {
    subsequence(Datum::ALL.to_vec(), 0..=Datum::ALL.len()).prop_map(Release::from_iter)
}

pub(crate) fn disclosure() -> impl Strategy<Value = Disclosure> {
    let asked = (release(), release(), select(vec![LegalBasis::Consent, LegalBasis::Law]));
    (asked, option::of(release())).prop_map(|((required, wished, basis), given)| {
        Disclosure::new(&required, &wished, basis).given_by_wallet(given)
    })
}

pub(crate) fn acr() -> impl Strategy<Value = Acr> {
    prop_oneof![
        method().prop_map(Acr::Method),
        loa().prop_map(Acr::Loa),
        Just(Acr::MultiFactor),
        Just(Acr::ServiceMinimum),
    ]
}

/// A request that asks nothing of the sign-in's age.
pub(crate) fn ageless_demand() -> impl Strategy<Value = Demand> {
    let acr = proptest::collection::vec(acr().prop_map(|acr| (acr, format!("urn:example:{acr:?}"))), 0..4);
    let insistence = select(vec![Insistence::Voluntary, Insistence::Essential]);
    (acr, insistence).prop_map(|(acr, insistence)| Demand { acr, insistence, ..Demand::default() })
}

pub(crate) fn demand() -> impl Strategy<Value = Demand> {
    let age = select(vec![0, 1, 3600]).prop_map(Duration::from_secs);
    (ageless_demand(), option::of(age), option::of(instant())).prop_map(|(demand, max_age, not_before)| Demand {
        max_age,
        not_before,
        ..demand
    })
}

pub(crate) fn context() -> impl Strategy<Value = AuthenticationContext> {
    (method(), loa(), instant()).prop_map(|(method, loa, at)| AuthenticationContext { method, loa, at })
}

pub(crate) fn second_factor() -> impl Strategy<Value = SecondFactor> {
    prop_oneof![
        Just(SecondFactor::None),
        Just(SecondFactor::Inactive),
        Just(SecondFactor::Frozen),
        (binding(), instant()).prop_map(|(binding, usable_from)| SecondFactor::Active { binding, usable_from }),
    ]
}

pub(crate) fn facts() -> impl Strategy<Value = Facts> {
    let standing = prop_oneof![4 => Just(Standing::Open), 1 => Just(Standing::Frozen)];
    (standing, second_factor()).prop_map(|(standing, second_factor)| Facts { standing, second_factor })
}

pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    let owner_proof = select(vec![OwnerProof::None, OwnerProof::ContactCode, OwnerProof::ContactCodeWithHold]);
    let wallet = select(vec![Availability::On, Availability::NotYet, Availability::Off]);
    let upstreams = proptest::collection::vec((level(), loa()), 0..3).prop_map(Upstreams::from_iter);
    (owner_proof, wallet, upstreams).prop_map(|(owner_proof, wallet, upstreams)| Policy {
        cutover: CUTOVER,
        owner_proof,
        wallet,
        upstreams,
    })
}

pub(crate) fn shortfall() -> impl Strategy<Value = Shortfall> {
    prop_oneof![
        select(vec![
            Shortfall::NotEnrolled,
            Shortfall::Inactive,
            Shortfall::Frozen,
            Shortfall::WeakProvenance,
            Shortfall::LowLevel,
            Shortfall::Stale,
            Shortfall::SomebodyElse,
            Shortfall::CrossDevice,
        ]),
        instant().prop_map(Shortfall::Held),
    ]
}
