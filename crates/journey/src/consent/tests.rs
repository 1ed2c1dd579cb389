//! When a person is asked, and what is passed on afterwards.

use model::Datum::{self, BirthDate, Email, FamilyName, Identifier};
use model::LegalBasis::{self, Consent, Law};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::testing::{disclosure, release};

fn set(data: &[Datum]) -> Release {
    data.iter().copied().collect()
}

fn asked(basis: LegalBasis, required: &[Datum], optional: &[Datum]) -> Disclosure {
    Disclosure::new(&set(required), &set(optional), basis)
}

fn known(basis: LegalBasis, required: &[Datum], chosen: &[Datum], withheld: &[Datum]) -> Decision {
    Decision { required: set(required), chosen: set(chosen), withheld: set(withheld), basis }
}

#[test]
fn when_a_person_is_asked() {
    let agreed = || Some(known(Consent, &[FamilyName, Email], &[], &[]));
    let seen = || Some(known(Law, &[FamilyName, Email], &[], &[]));
    let parts = |basis| Some(known(basis, &[FamilyName], &[Email], &[BirthDate]));
    #[rustfmt::skip]
    let table = [
        // now                                                     known before    when due  anew
        (asked(Consent, &[], &[]),                                 None,           false,    false),
        (asked(Consent, &[Identifier], &[]),                       None,           false,    false),
        (asked(Consent, &[], &[Identifier]),                       None,           false,    false),
        (asked(Law,     &[Identifier], &[]),                       agreed(),       false,    false),
        (asked(Consent, &[FamilyName, Email], &[]),                None,           true,     true),
        (asked(Law,     &[FamilyName, Email], &[]),                None,           true,     true),
        (asked(Consent, &[FamilyName, Email], &[]),                agreed(),       false,    true),
        (asked(Consent, &[Email], &[]),                            agreed(),       false,    true),
        (asked(Consent, &[Email, Identifier], &[]),                agreed(),       false,    true),
        (asked(Consent, &[FamilyName, Email, BirthDate], &[]),     agreed(),       true,     true),
        (asked(Consent, &[FamilyName, BirthDate], &[]),            agreed(),       true,     true),
        (asked(Law,     &[FamilyName, Email], &[]),                seen(),         false,    true),
        (asked(Law,     &[FamilyName, BirthDate], &[]),            seen(),         true,     true),
        (asked(Law,     &[FamilyName], &[]),                       agreed(),       true,     true),
        (asked(Consent, &[FamilyName], &[]),                       seen(),         true,     true),
        // What may be chosen: ticked and withheld are both known, and nothing else is.
        (asked(Consent, &[Identifier], &[Email]),                  None,           true,     true),
        (asked(Consent, &[FamilyName], &[Email, BirthDate]),       parts(Consent), false,    true),
        (asked(Consent, &[], &[BirthDate]),                        parts(Consent), false,    true),
        (asked(Consent, &[FamilyName], &[Datum::MothersName]),     parts(Consent), true,     true),
        // What was withheld is required now.
        (asked(Consent, &[FamilyName, BirthDate], &[]),            parts(Consent), true,     true),
        (asked(Law,     &[FamilyName, BirthDate], &[]),            parts(Law),     true,     true),
        // Agreed to, with a choice or without one; but what the law requires is another thing than what was chosen.
        (asked(Consent, &[FamilyName, Email], &[]),                parts(Consent), false,    true),
        (asked(Consent, &[], &[FamilyName]),                       parts(Consent), false,    true),
        (asked(Law,     &[FamilyName], &[Email, BirthDate]),       parts(Law),     false,    true),
        (asked(Law,     &[FamilyName, Email], &[]),                parts(Law),     true,     true),
        (asked(Law,     &[], &[FamilyName]),                       parts(Law),     true,     true),
        (asked(Law,     &[FamilyName], &[Email]),                  parts(Consent), true,     true),
        (asked(Consent, &[], &[Email]),                            parts(Law),     true,     true),
    ];
    for (now, known, when_due, anew) in table {
        assert_eq!(now.is_due(known.as_ref(), Asking::WhenDue), when_due, "{now:?} after {known:?}");
        assert_eq!(now.is_due(known.as_ref(), Asking::Anew), anew, "{now:?} after {known:?}");
        assert_eq!(now.is_due(known.as_ref(), Asking::EachTime), anew, "{now:?} after {known:?}");
    }
}

#[test]
fn what_is_required_is_no_choice_and_an_identifier_never_is() {
    let now = asked(Consent, &[FamilyName], &[FamilyName, Email, Identifier]);
    assert_eq!((now.required(), now.optional()), (&set(&[FamilyName, Identifier]), &set(&[Email])));
    assert!(!now.tells_nothing() && asked(Law, &[], &[Identifier]).tells_nothing());
}

#[test]
fn what_a_page_decides() {
    let now = asked(Law, &[FamilyName], &[Email, BirthDate]);
    assert_eq!(now.decided(&set(&[Email])), Ok(known(Law, &[FamilyName], &[Email], &[BirthDate])));
    assert_eq!(now.decided(&set(&[])), Ok(known(Law, &[FamilyName], &[], &[Email, BirthDate])));
    for not_offered in [FamilyName, Datum::MothersName, Identifier] {
        assert_eq!(now.decided(&set(&[Email, not_offered])), Err(NotOffered));
    }
}

#[test]
fn what_only_a_wallet_can_give_is_a_choice_shown_each_time() {
    use Datum::{Address, Gender};
    let asked =
        |given: Option<&[Datum]>| asked(Consent, &[FamilyName, Address], &[Gender]).given_by_wallet(given.map(set));
    let is_due = |now: &Disclosure, known: &Decision| now.is_due(Some(known), Asking::WhenDue);
    let before = || known(Consent, &[FamilyName], &[], &[]);
    // Not asked yet; asked, and refused; given in part.
    let (unasked, refused, given) = (asked(None), asked(Some(&[])), asked(Some(&[Address])));
    assert_eq!((unasked.required(), unasked.optional()), (&set(&[FamilyName]), &set(&[Address, Gender])));
    assert_eq!(
        [&unasked, &refused, &given].map(Disclosure::obtainable),
        [set(&[Address, Gender]), set(&[Address, Gender]), set(&[Gender])]
    );
    assert_eq!([&unasked, &refused, &given].map(|now| is_due(now, &before())), [true, false, true]);
    // Only what was given has a box.
    assert_eq!(unasked.decided(&set(&[Address])), Err(NotOffered));
    assert_eq!(given.decided(&set(&[Gender])), Err(NotOffered));
    let decided = given.decided(&set(&[Address])).unwrap();
    assert_eq!(decided, known(Consent, &[FamilyName], &[Address], &[Gender]));
    assert_eq!(given.told(Some(&decided)), set(&[FamilyName, Address]));
    // Afterwards nobody is asked again without values, and nothing is told of them; with values everybody is.
    assert!(!is_due(&unasked, &decided));
    assert_eq!(unasked.told(Some(&decided)), set(&[FamilyName]));
    assert!(is_due(&given, &decided.forgetting(&given.given())));
}

#[test]
fn a_page_decides_of_what_it_shows_and_leaves_the_rest() {
    let before = known(Consent, &[FamilyName], &[Email], &[BirthDate]);
    #[rustfmt::skip]
    let table = [
        // the page's decision                              what is remembered
        (known(Consent, &[Datum::MothersName], &[], &[]),   known(Consent, &[FamilyName, Datum::MothersName], &[Email], &[BirthDate])),
        (known(Consent, &[], &[BirthDate], &[Email]),       known(Consent, &[FamilyName], &[BirthDate], &[Email])),
        (known(Consent, &[BirthDate], &[], &[FamilyName]),  known(Consent, &[BirthDate], &[Email], &[FamilyName])),
        // What was agreed to is nothing that the law requires, nor the other way round.
        (known(Law, &[FamilyName], &[], &[]),               known(Law, &[FamilyName], &[], &[])),
    ];
    for (decided, remembered) in table {
        assert_eq!(decided.clone().over(Some(&before)), remembered, "{decided:?}");
        assert_eq!(decided.clone().over(None), decided);
    }
}

#[test]
fn what_was_passed_on_and_is_withheld_is_taken_back() {
    let before = known(Consent, &[FamilyName], &[Email], &[BirthDate]);
    #[rustfmt::skip]
    let table = [
        (known(Consent, &[FamilyName], &[Email], &[]),      false),
        (known(Consent, &[Email], &[], &[BirthDate]),       false),
        (known(Consent, &[], &[], &[Datum::MothersName]),   false),
        (known(Consent, &[FamilyName], &[], &[Email]),      true),
        (known(Consent, &[], &[Email], &[FamilyName]),      true),
    ];
    for (decision, takes_back) in table {
        assert_eq!(decision.takes_back(&before), takes_back, "{decision:?}");
    }
}

#[test]
fn what_can_be_chosen_otherwise() {
    #[rustfmt::skip]
    let table = [
        (known(Consent, &[FamilyName], &[], &[]), true),
        (known(Law, &[FamilyName], &[], &[]),     false),
        (known(Law, &[], &[Email], &[]),          true),
        (known(Law, &[], &[], &[Email]),          true),
    ];
    for (decision, is_choice) in table {
        assert_eq!(decision.is_choice(), is_choice, "{decision:?}");
    }
}

/// Pages of one service, each with what the person would tick.
fn pages() -> impl Strategy<Value = Vec<(Disclosure, Release)>> {
    let page = (disclosure(), release()).prop_map(|(shown, wanted)| {
        let offered = shown.optional().without(&shown.obtainable());
        let ticked = offered.iter().filter(|datum| wanted.has(*datum)).collect();
        (shown, ticked)
    });
    vec(page, 0..6)
}

fn remembered(pages: &[(Disclosure, Release)]) -> Option<Decision> {
    pages.iter().fold(None, |known, (shown, ticked)| Some(shown.decided(ticked).unwrap().over(known.as_ref())))
}

proptest! {
    #[test]
    fn nobody_is_asked_twice_for_the_same(pages in pages()) {
        let known = remembered(&pages);
        if let Some((shown, ticked)) = pages.last() {
            prop_assert!(!shown.is_due(known.as_ref(), Asking::WhenDue));
            prop_assert_eq!(&shown.told(known.as_ref()), &shown.required().with(ticked));
        }
    }

    #[test]
    fn nothing_is_passed_on_unseen_or_unticked(pages in pages(), now in disclosure()) {
        let told = now.told(remembered(&pages).as_ref());
        prop_assert!(told.is_within(&now.required().with(now.optional())), "nor what was not asked for");
        for datum in told.iter().filter(|datum| *datum != Identifier) {
            // The last page that showed it let it pass, and was of the same basis as all since.
            let last = pages.iter().rev().find(|(shown, _)| shown.required().has(datum) || shown.optional().has(datum));
            let (shown, ticked) = last.expect("it was shown");
            prop_assert!(shown.required().has(datum) || ticked.has(datum));
            let since = pages.iter().rev().take_while(|page| *page != last.unwrap());
            prop_assert!(since.chain(last).all(|(page, _)| page.basis() == now.basis()));
            // What the law requires and what is chosen never stand for each other.
            prop_assert!(now.basis() == Consent || shown.required().has(datum) == now.required().has(datum));
        }
    }

    #[test]
    fn what_is_not_due_is_passed_on_whole_but_for_what_was_withheld(pages in pages(), now in disclosure()) {
        let known = remembered(&pages);
        if !now.is_due(known.as_ref(), Asking::WhenDue) {
            let withheld = known.as_ref().map(|known| known.withheld.clone()).unwrap_or_default();
            let expected = now.required().with(&now.optional().without(&withheld).without(&now.obtainable()));
            prop_assert_eq!(now.told(known.as_ref()), expected);
        }
    }

    #[test]
    fn no_datum_is_remembered_in_two_ways(pages in pages()) {
        if let Some(Decision { required, chosen, withheld, .. }) = remembered(&pages) {
            for (one, other) in [(&required, &chosen), (&required, &withheld), (&chosen, &withheld)] {
                prop_assert_eq!(&one.without(other), one);
            }
        }
    }

    #[test]
    fn what_is_asked_anew_is_shown_unless_it_tells_nothing(
        now in disclosure(), pages in pages(), asking in select(vec![Asking::WhenDue, Asking::Anew]),
    ) {
        let known = remembered(&pages);
        prop_assert!(!now.tells_nothing() || !now.is_due(known.as_ref(), asking));
        let is_open = !now.required().tells_nothing() || now.given.is_none() || *now.optional() != now.obtainable();
        prop_assert!(now.tells_nothing() || now.is_due(known.as_ref(), Asking::Anew));
        prop_assert!(now.tells_nothing() || !is_open || now.is_due(None, asking));
    }

    #[test]
    fn a_page_reads_back_as_it_was_stored(now in disclosure()) {
        let stored = serde_json::to_string(&now).unwrap();
        prop_assert_eq!(serde_json::from_str::<Disclosure>(&stored).unwrap(), now);
    }
}
