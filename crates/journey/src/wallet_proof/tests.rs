//! What a presentation proves, as tables, and what it never proves.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::testing::{CUTOVER, anna, bela, binding, loa};

const BOUND: Timestamp = CUTOVER;
const BEFORE: Timestamp = Timestamp::from_micros(CUTOVER.micros() - 1);

fn proof(loa: Loa, ground: ProofGround) -> WalletProof {
    WalletProof { person: anna(), loa, ground }
}

fn issued(provenance: Binding, at: Timestamp) -> ProofGround {
    ProofGround::Issued { provenance, at }
}

fn open(second_factor: SecondFactor) -> Facts {
    Facts { standing: Standing::Open, second_factor }
}

fn active(binding: Binding) -> Facts {
    open(SecondFactor::Active { binding, usable_from: BOUND })
}

/// An account for which the aim makes sense, with an authenticator that was bound at [`BOUND`].
fn needing(aim: ProofAim) -> Facts {
    match aim {
        ProofAim::Enrolment => open(SecondFactor::Inactive),
        ProofAim::Lift => active(Binding::ContactCode),
        ProofAim::Unfreeze => open(SecondFactor::Frozen),
    }
}

#[test]
fn what_stands_on_the_authenticator_says_nothing_for_it() {
    let inherited = Binding::LiveFactor(Loa::Substantial);
    let (no, yes) = (Err(Unproved::OwnWord), Ok(()));
    #[rustfmt::skip]
    let table = [
        // ground                             enrolment  lift  unfreeze
        (ProofGround::Link,                   [no,       no,   no]),
        (issued(Binding::Clerk, BEFORE),      [yes,      yes,  yes]),
        (issued(Binding::Clerk, BOUND),       [yes,      no,   yes]),
        (issued(Binding::ClerkWord, BOUND),   [yes,      no,   yes]),
        (issued(Binding::PostedCode, BOUND),  [yes,      no,   yes]),
        (issued(Binding::Wallet, BOUND),      [yes,      no,   yes]),
        (issued(inherited, BEFORE),           [yes,      yes,  yes]),
        (issued(inherited, BOUND),            [yes,      no,   no]),
        (issued(Binding::ContactCode, BOUND), [yes,      no,   no]),
    ];
    for (ground, expected) in table {
        for (aim, expected) in ProofAim::ALL.into_iter().zip(expected) {
            let shown = proof(Loa::Substantial, ground).proves(aim, &anna(), &needing(aim), Some(BOUND));
            assert_eq!(shown, expected, "{ground:?} {aim:?}");
        }
    }
}

#[test]
fn without_an_authenticator_nobody_knows_which_one_spoke() {
    let frozen = Facts { standing: Standing::Frozen, second_factor: SecondFactor::None };
    let inherited = issued(Binding::LiveFactor(Loa::Substantial), BEFORE);
    for (ground, expected) in [
        (issued(Binding::Clerk, BEFORE), Ok(())),
        (inherited, Err(Unproved::OwnWord)),
        (ProofGround::Link, Err(Unproved::OwnWord)),
    ] {
        let shown = proof(Loa::Substantial, ground).proves(ProofAim::Unfreeze, &anna(), &frozen, None);
        assert_eq!(shown, expected, "{ground:?}");
    }
    // A link counts for as much as it stood on.
    for (loa, expected) in [(Loa::Low, Err(Unproved::TooWeak)), (Loa::Substantial, Ok(()))] {
        let nothing = open(SecondFactor::None);
        assert_eq!(proof(loa, ProofGround::Link).proves(ProofAim::Enrolment, &anna(), &nothing, None), expected);
    }
}

#[test]
fn what_each_is_for() {
    let frozen = |second_factor| Facts { standing: Standing::Frozen, second_factor };
    let (low, sure) = (active(Binding::ContactCode), active(Binding::Clerk));
    #[rustfmt::skip]
    let table = [
        // account                          enrolment  lift   unfreeze
        (open(SecondFactor::None),          [true,     false, false]),
        (open(SecondFactor::Inactive),      [true,     false, false]),
        (low,                               [false,    true,  false]),
        (sure,                              [false,    false, false]),
        (open(SecondFactor::Frozen),        [false,    false, true]),
        (frozen(SecondFactor::None),        [false,    false, true]),
        (frozen(low.second_factor),         [false,    false, true]),
    ];
    for (facts, expected) in table {
        for (aim, expected) in ProofAim::ALL.into_iter().zip(expected) {
            let shown = proof(Loa::High, issued(Binding::Clerk, BEFORE)).proves(aim, &anna(), &facts, Some(BOUND));
            assert_eq!(shown, if expected { Ok(()) } else { Err(Unproved::NotNeeded) }, "{facts:?} {aim:?}");
        }
    }
}

fn ground() -> impl Strategy<Value = ProofGround> {
    let issued = (binding(), -2_i64..=2)
        .prop_map(|(provenance, offset)| issued(provenance, Timestamp::from_micros(BOUND.micros() + offset)));
    prop_oneof![Just(ProofGround::Link), issued]
}

proptest! {
    #[test]
    fn nothing_weak_and_nothing_of_somebody_else_proves_anything(
        loa in loa(),
        ground in ground(),
        aim in select(ProofAim::ALL.to_vec()),
        bound_at in proptest::option::of(Just(BOUND)),
    ) {
        let shown = proof(loa, ground);
        prop_assert_eq!(shown.proves(aim, &bela(), &needing(aim), bound_at), Err(Unproved::SomebodyElse));
        if loa < Loa::Substantial {
            prop_assert_eq!(shown.proves(aim, &anna(), &needing(aim), bound_at), Err(Unproved::TooWeak));
        }
        // Nothing that is newer than the authenticator, or linked by it, lifts it.
        let lifted = shown.proves(ProofAim::Lift, &anna(), &needing(ProofAim::Lift), Some(BOUND)).is_ok();
        let is_independent = match ground {
            ProofGround::Link => false,
            ProofGround::Issued { at, .. } => at < BOUND,
        };
        prop_assert!(!lifted || is_independent);
        let stored = serde_json::to_string(&shown).unwrap();
        prop_assert_eq!(serde_json::from_str::<WalletProof>(&stored).unwrap(), shown);
    }
}
