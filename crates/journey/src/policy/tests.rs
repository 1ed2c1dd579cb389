//! The cut-over as tables (`decisions.md` sections 2 and 3, `security.md` section 4.3).

use model::{Binding, Level, Loa, Method};

use super::*;
use crate::testing::{CUTOVER, JUST_BEFORE};
use crate::{Acr, Insistence};

mod by_one_method;
mod properties;

const POLICY: Policy = Policy {
    cutover: CUTOVER,
    owner_proof: OwnerProof::ContactCode,
    wallet: Availability::On,
    upstreams: Upstreams::NONE,
};

const SECOND: Duration = Duration::from_secs(1);
const MICRO: Duration = Duration::from_micros(1);
const YEAR: Duration = Duration::from_hours(365 * 24);

/// Terms of a service.
const NOTHING: ServiceTerms = ServiceTerms { min_level: None, min_loa: None, basis: model::LegalBasis::Consent };
const LEVEL_1: ServiceTerms = ServiceTerms { min_level: Some(Level::One), ..NOTHING };
const LEVEL_2: ServiceTerms = ServiceTerms { min_level: Some(Level::Two), ..NOTHING };
const LEVEL_3: ServiceTerms = ServiceTerms { min_level: Some(Level::Three), ..NOTHING };
const LOW: ServiceTerms = ServiceTerms { min_loa: Some(Loa::Low), ..NOTHING };
const SUBSTANTIAL: ServiceTerms = ServiceTerms { min_loa: Some(Loa::Substantial), ..NOTHING };
const HIGH: ServiceTerms = ServiceTerms { min_loa: Some(Loa::High), ..NOTHING };
const LEVEL_1_SUBSTANTIAL: ServiceTerms = ServiceTerms { min_loa: Some(Loa::Substantial), ..LEVEL_1 };

/// What a request asks.
fn wish(acr: Acr) -> Demand {
    Demand { acr: vec![(acr, "urn:example:asked".to_owned())], ..Demand::default() }
}

fn must(acr: Acr) -> Demand {
    Demand { insistence: Insistence::Essential, ..wish(acr) }
}

fn must_either(one: Acr, other: Acr) -> Demand {
    let acr = vec![(one, "urn:example:one".to_owned()), (other, "urn:example:other".to_owned())];
    Demand { acr, ..must(one) }
}

fn nothing() -> Demand {
    Demand::default()
}

fn sign_in(method: Method, loa: Loa, at: Timestamp) -> AuthenticationContext {
    AuthenticationContext { method, loa, at }
}

/// Open accounts, by their second factor.
fn account(second_factor: SecondFactor) -> Facts {
    Facts { standing: Standing::Open, second_factor }
}

fn enrolled(binding: Binding, usable_from: Timestamp) -> SecondFactor {
    SecondFactor::Active { binding, usable_from }
}

#[test]
fn the_cut_over_is_one_instant() {
    for (now, past) in [(CUTOVER - YEAR, false), (JUST_BEFORE, false), (CUTOVER, true), (CUTOVER + YEAR, true)] {
        assert_eq!(POLICY.cut_over(now), past, "{now:?}");
    }
}

#[test]
fn the_least_level_of_a_service() {
    #[rustfmt::skip]
    let table = [
        // the service states   before T       from T
        (NOTHING,               Level::One,    Level::Two),
        (LEVEL_1,               Level::One,    Level::Two),
        (LEVEL_2,               Level::Two,    Level::Two),
        (LEVEL_3,               Level::Three,  Level::Three),
        (SUBSTANTIAL,           Level::One,    Level::Two),
    ];
    for (terms, before, from) in table {
        assert_eq!(POLICY.least_level(CUTOVER - YEAR, &terms), before, "{terms:?}");
        assert_eq!(POLICY.least_level(JUST_BEFORE, &terms), before, "{terms:?}");
        assert_eq!(POLICY.least_level(CUTOVER, &terms), from, "{terms:?}");
        assert_eq!(POLICY.least_level(CUTOVER + YEAR, &terms), from, "{terms:?}");
    }
}

#[test]
fn the_buttons_of_the_sign_in_page() {
    use Offer::{Absent as GONE, BelowService as LESS, Offered as YES};
    let password = || Acr::Method(Method::Password);
    let app = || Acr::Method(Method::AuthenticatorApp);
    let wallet = || Acr::Method(Method::Wallet);
    #[rustfmt::skip]
    let table = [
        // terms               the request asks                  before T: password, app, wallet   from T
        (NOTHING,              nothing(),                         [YES,  YES,  YES],                [GONE, YES,  YES]),
        (LEVEL_1,              nothing(),                         [YES,  YES,  YES],                [GONE, YES,  YES]),
        (LEVEL_2,              nothing(),                         [LESS, YES,  YES],                [GONE, YES,  YES]),
        (LEVEL_3,              nothing(),                         [LESS, LESS, YES],                [GONE, LESS, YES]),
        (LOW,                  nothing(),                         [YES,  YES,  YES],                [GONE, YES,  YES]),
        (SUBSTANTIAL,          nothing(),                         [LESS, YES,  YES],                [GONE, YES,  YES]),
        (HIGH,                 nothing(),                         [LESS, LESS, YES],                [GONE, LESS, YES]),
        (LEVEL_1_SUBSTANTIAL,  nothing(),                         [LESS, YES,  YES],                [GONE, YES,  YES]),
        (NOTHING,              wish(wallet()),                    [YES,  YES,  YES],                [GONE, YES,  YES]),
        (NOTHING,              wish(Acr::Loa(Loa::High)),         [YES,  YES,  YES],                [GONE, YES,  YES]),
        (NOTHING,              must(password()),                  [YES,  YES,  YES],                [GONE, YES,  YES]),
        (NOTHING,              must(app()),                       [LESS, YES,  YES],                [GONE, YES,  YES]),
        (NOTHING,              must(wallet()),                    [LESS, LESS, YES],                [GONE, LESS, YES]),
        (NOTHING,              must(Acr::MultiFactor),            [LESS, YES,  YES],                [GONE, YES,  YES]),
        (NOTHING,              must(Acr::Loa(Loa::Low)),          [YES,  YES,  YES],                [GONE, YES,  YES]),
        (NOTHING,              must(Acr::Loa(Loa::Substantial)),  [LESS, YES,  YES],                [GONE, YES,  YES]),
        (NOTHING,              must(Acr::Loa(Loa::High)),         [LESS, LESS, YES],                [GONE, LESS, YES]),
        (NOTHING,              must(Acr::ServiceMinimum),         [YES,  YES,  YES],                [GONE, YES,  YES]),
        (NOTHING,              must_either(wallet(), app()),      [LESS, YES,  YES],                [GONE, YES,  YES]),
        (LEVEL_2,              must(password()),                  [LESS, YES,  YES],                [GONE, YES,  YES]),
        (LEVEL_3,              must(Acr::ServiceMinimum),         [LESS, LESS, YES],                [GONE, LESS, YES]),
    ];
    for (terms, demand, before, from) in table {
        for (now, expected) in [(JUST_BEFORE, before), (CUTOVER, from)] {
            let offers = [Method::Password, Method::AuthenticatorApp, Method::Wallet]
                .map(|method| POLICY.offer(now, &terms, &demand, method));
            assert_eq!(offers, expected, "{terms:?} {demand:?} {now:?}");
            assert!(POLICY.satisfiable(now, &terms, &demand), "with a wallet: {terms:?} {demand:?} {now:?}");
        }
    }
}

#[test]
fn an_essential_request_for_nothing_that_we_know_can_not_be_met() {
    let unknown = Demand { acr: Vec::new(), ..must(Acr::ServiceMinimum) };
    for now in [JUST_BEFORE, CUTOVER] {
        assert!(!POLICY.satisfiable(now, &NOTHING, &unknown));
        for method in Method::ALL {
            assert_ne!(POLICY.offer(now, &NOTHING, &unknown, method), Offer::Offered, "{method:?}");
            assert!(POLICY.admit(now, &NOTHING, &unknown, &sign_in(method, Loa::High, now)).is_err(), "{method:?}");
        }
    }
}

#[test]
fn another_identity_provider_is_a_button_as_far_as_its_level_and_its_assurance_go() {
    use Offer::{Absent as GONE, BelowService as LESS, Offered as YES};
    #[rustfmt::skip]
    let table = [
        // level       the most said      terms         the request asks               before T, from T
        (Level::One,   Loa::Low,          NOTHING,      nothing(),                        [YES,  GONE]),
        (Level::One,   Loa::Low,          LEVEL_2,      nothing(),                        [LESS, GONE]),
        (Level::Two,   Loa::Low,          NOTHING,      nothing(),                        [YES,  YES]),
        (Level::Two,   Loa::Low,          LEVEL_3,      nothing(),                        [LESS, LESS]),
        (Level::Two,   Loa::Low,          SUBSTANTIAL,  nothing(),                        [LESS, LESS]),
        (Level::Two,   Loa::Substantial,  SUBSTANTIAL,  nothing(),                        [YES,  YES]),
        (Level::Two,   Loa::Low,          NOTHING,      must(Acr::Loa(Loa::Substantial)), [LESS, LESS]),
        (Level::Two,   Loa::Substantial,  NOTHING,      must(Acr::Loa(Loa::Substantial)), [YES,  YES]),
        (Level::Two,   Loa::Substantial,  NOTHING,      must(Acr::Method(Method::AuthenticatorApp)), [LESS, LESS]),
        (Level::Three, Loa::Substantial,  LEVEL_3,      must(Acr::MultiFactor),           [YES,  YES]),
        (Level::Three, Loa::Substantial,  HIGH,         nothing(),                        [LESS, LESS]),
    ];
    for (level, best, terms, demand, expected) in table {
        let offers = [JUST_BEFORE, CUTOVER].map(|now| POLICY.offer_upstream(now, &terms, &demand, level, best));
        assert_eq!(offers, expected, "{level:?} {best:?} {terms:?} {demand:?}");
        let policy = Policy { upstreams: [(level, best)].into_iter().collect(), ..POLICY };
        let offers = [JUST_BEFORE, CUTOVER].map(|now| policy.offer(now, &terms, &demand, Method::Upstream(level)));
        assert_eq!(offers, expected, "{level:?} {best:?} {terms:?} {demand:?}");
        assert_eq!(POLICY.offer(CUTOVER, &terms, &demand, Method::Upstream(level)), GONE, "there is none");
    }
}

#[test]
fn the_wallet_is_shown_as_far_as_it_exists() {
    #[rustfmt::skip]
    let table = [
        // wallet                shown          a service of level 3 can be entered
        (Availability::On,       Offer::Offered, true),
        (Availability::NotYet,   Offer::NotYet,  false),
        (Availability::Off,      Offer::Absent,  false),
    ];
    for (wallet, offer, satisfiable) in table {
        let policy = Policy { wallet, ..POLICY };
        for now in [JUST_BEFORE, CUTOVER] {
            assert_eq!(policy.offer(now, &LEVEL_3, &nothing(), Method::Wallet), offer, "{wallet:?}");
            assert_eq!(policy.satisfiable(now, &LEVEL_3, &nothing()), satisfiable, "{wallet:?}");
            assert!(policy.satisfiable(now, &LEVEL_2, &nothing()), "{wallet:?}");
            for method in [Method::EmailedCode, Method::Passkey] {
                assert_eq!(policy.offer(now, &NOTHING, &nothing(), method), Offer::Absent, "{method:?}");
            }
        }
    }
}

#[test]
fn t14_where_a_right_password_leads() {
    use Passage::{AskCode, Enter, Short};
    use Shortfall::{Frozen, Held, Inactive, NotEnrolled};
    let (long_ago, later) = (CUTOVER - YEAR, CUTOVER + YEAR);
    #[rustfmt::skip]
    let table = [
        // second factor                          before T, level 1   before T, more        from T, whatever the service states
        (SecondFactor::None,                      Enter,              Short(NotEnrolled),   Short(NotEnrolled)),
        (enrolled(Binding::Password, long_ago),   AskCode,            AskCode,              AskCode),
        (enrolled(Binding::Clerk, long_ago),      AskCode,            AskCode,              AskCode),
        (enrolled(Binding::ContactCode, later),   Enter,              Short(Held(later)),   Short(Held(later))),
        (SecondFactor::Inactive,                  Enter,              Short(Inactive),      Short(Inactive)),
        (SecondFactor::Frozen,                    Short(Frozen),      Short(Frozen),        Short(Frozen)),
    ];
    for (factor, before, before_more, from) in table {
        let open = account(factor);
        for (terms, demand) in [
            (NOTHING, nothing()),
            (LEVEL_1, nothing()),
            (LOW, nothing()),
            (NOTHING, wish(Acr::MultiFactor)),
            (NOTHING, must(Acr::Method(Method::Password))),
        ] {
            assert_eq!(POLICY.after_password(JUST_BEFORE, &terms, &demand, &open), before, "{factor:?} {terms:?}");
            assert_eq!(POLICY.after_password(CUTOVER, &terms, &demand, &open), from, "{factor:?} {terms:?}");
        }
        for (terms, demand) in [
            (LEVEL_2, nothing()),
            (LEVEL_3, nothing()),
            (SUBSTANTIAL, nothing()),
            (HIGH, nothing()),
            (NOTHING, must(Acr::MultiFactor)),
            (LEVEL_1, must(Acr::Loa(Loa::Substantial))),
        ] {
            assert_eq!(POLICY.after_password(JUST_BEFORE, &terms, &demand, &open), before_more, "{factor:?} {terms:?}");
            assert_eq!(POLICY.after_password(CUTOVER, &terms, &demand, &open), from, "{factor:?} {terms:?}");
        }
        let frozen = Facts { standing: Standing::Frozen, second_factor: factor };
        for now in [JUST_BEFORE, CUTOVER] {
            assert_eq!(POLICY.after_password(now, &NOTHING, &nothing(), &frozen), Short(Frozen), "{factor:?}");
        }
    }
}

#[test]
fn a_hold_ends_at_its_instant() {
    let ends = CUTOVER + YEAR;
    let held = account(enrolled(Binding::ContactCode, ends));
    let passage = |now| POLICY.after_password(now, &NOTHING, &nothing(), &held);
    assert_eq!(passage(ends - MICRO), Passage::Short(Shortfall::Held(ends)));
    assert_eq!(passage(ends), Passage::AskCode);
}

#[test]
fn which_sign_in_may_be_answered() {
    use Shortfall::{LowLevel, NotEnrolled, WeakProvenance};
    const OK: Result<(), Shortfall> = Ok(());
    const NONE: Result<(), Shortfall> = Err(NotEnrolled);
    const WEAK: Result<(), Shortfall> = Err(WeakProvenance);
    const LESS: Result<(), Shortfall> = Err(LowLevel);
    let method = |method| must(Acr::Method(method));
    #[rustfmt::skip]
    let table = [
        // Columns: password alone; app bound by password or contact code; app bound by something better; wallet.
        // terms               the request asks                  before T                     from T
        (NOTHING,              nothing(),                         [OK,   OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (LEVEL_1,              nothing(),                         [OK,   OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (LEVEL_2,              nothing(),                         [NONE, OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (LEVEL_3,              nothing(),                         [NONE, LESS, LESS, OK],      [NONE, LESS, LESS, OK]),
        (LOW,                  nothing(),                         [OK,   OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (SUBSTANTIAL,          nothing(),                         [WEAK, WEAK, OK,   OK],      [NONE, WEAK, OK,   OK]),
        (HIGH,                 nothing(),                         [WEAK, WEAK, WEAK, WEAK],    [NONE, WEAK, WEAK, WEAK]),
        (LEVEL_1_SUBSTANTIAL,  nothing(),                         [WEAK, WEAK, OK,   OK],      [NONE, WEAK, OK,   OK]),
        (NOTHING,              wish(Acr::Method(Method::Wallet)), [OK,   OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (NOTHING,              method(Method::Password),          [OK,   OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (NOTHING,              method(Method::AuthenticatorApp),  [LESS, OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (NOTHING,              method(Method::Wallet),            [LESS, LESS, LESS, OK],      [NONE, LESS, LESS, OK]),
        (NOTHING,              must(Acr::MultiFactor),            [LESS, OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (NOTHING,              must(Acr::Loa(Loa::Low)),          [OK,   OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (NOTHING,              must(Acr::Loa(Loa::Substantial)),  [LESS, WEAK, OK,   OK],      [NONE, WEAK, OK,   OK]),
        (NOTHING,              must(Acr::Loa(Loa::High)),         [LESS, LESS, LESS, WEAK],    [NONE, LESS, LESS, WEAK]),
        (NOTHING,              must(Acr::ServiceMinimum),         [OK,   OK,   OK,   OK],      [NONE, OK,   OK,   OK]),
        (SUBSTANTIAL,          method(Method::AuthenticatorApp),  [WEAK, WEAK, OK,   OK],      [NONE, WEAK, OK,   OK]),
    ];
    for (terms, demand, before, from) in table {
        for (now, expected) in [(JUST_BEFORE, before), (CUTOVER, from)] {
            let sign_ins = [
                sign_in(Method::Password, Loa::Low, now),
                sign_in(Method::AuthenticatorApp, Binding::ContactCode.loa(), now),
                sign_in(Method::AuthenticatorApp, Binding::Clerk.loa(), now),
                sign_in(Method::Wallet, Loa::Substantial, now),
            ];
            let got = sign_ins.map(|context| POLICY.admit(now, &terms, &demand, &context));
            assert_eq!(got, expected, "{terms:?} {demand:?} {now:?}");
        }
    }
}

#[test]
fn a_sign_in_may_be_as_old_as_the_request_accepts() {
    let at = CUTOVER + YEAR;
    let context = sign_in(Method::AuthenticatorApp, Loa::Low, at);
    let at_most = |age| Demand { max_age: Some(age), ..nothing() };
    let not_before = |instant| Demand { not_before: Some(instant), ..nothing() };
    let minute = Duration::from_mins(1);
    #[rustfmt::skip]
    let table = [
        // asked                    answered at               admitted
        (nothing(),                 at + YEAR,                true),
        (at_most(minute),           at + minute,              true),
        (at_most(minute),           at + minute + MICRO,      false),
        (at_most(Duration::ZERO),   at,                       true),
        (at_most(Duration::ZERO),   at + MICRO,               false),
        (not_before(at),            at + minute,              true),
        (not_before(at + MICRO),    at + minute,              false),
    ];
    for (demand, now, admitted) in table {
        let expected = if admitted { Ok(()) } else { Err(Shortfall::Stale) };
        assert_eq!(POLICY.admit(now, &NOTHING, &demand, &context), expected, "{demand:?} {now:?}");
    }
}

#[test]
fn a14_begun_with_one_factor_at_23_59_59_and_finished_at_00_00_01_is_refused() {
    let (began, ends) = (CUTOVER - SECOND, CUTOVER + SECOND);
    let anna = account(SecondFactor::None);
    assert_eq!(POLICY.after_password(began, &NOTHING, &nothing(), &anna), Passage::Enter);
    let one_factor = sign_in(Method::Password, Loa::Low, began);
    assert_eq!(POLICY.admit(began, &NOTHING, &nothing(), &one_factor), Ok(()));
    assert_eq!(POLICY.admit(JUST_BEFORE, &NOTHING, &nothing(), &one_factor), Ok(()));
    assert_eq!(POLICY.admit(CUTOVER, &NOTHING, &nothing(), &one_factor), Err(Shortfall::NotEnrolled));
    assert_eq!(POLICY.admit(ends, &LEVEL_1, &nothing(), &one_factor), Err(Shortfall::NotEnrolled));
    assert_eq!(POLICY.after_password(ends, &NOTHING, &nothing(), &anna), Passage::Short(Shortfall::NotEnrolled));
    let two_factors = sign_in(Method::AuthenticatorApp, Loa::Low, began);
    assert_eq!(POLICY.admit(ends, &NOTHING, &nothing(), &two_factors), Ok(()));
}

#[test]
fn how_an_enrolment_proves_its_owner() {
    use OwnerProof::{ContactCode, ContactCodeWithHold, None};
    #[rustfmt::skip]
    let table = [
        // enrolment.owner_proof   before T                  from T
        (None,                     Binding::Password,        Binding::Password),
        (ContactCode,              Binding::Password,        Binding::ContactCode),
        (ContactCodeWithHold,      Binding::Password,        Binding::ContactCode),
    ];
    for (owner_proof, before, from) in table {
        let policy = Policy { owner_proof, ..POLICY };
        for (now, binding) in [(JUST_BEFORE, before), (CUTOVER, from)] {
            assert_eq!(policy.unaided_binding(now), binding, "{owner_proof:?} {now:?}");
            assert_eq!(policy.contact_code_needed(now), binding == Binding::ContactCode, "{owner_proof:?} {now:?}");
            assert_eq!(binding.loa(), Loa::Low, "nothing that the password alone leads to is more");
        }
    }
    assert_eq!(OwnerProof::default(), ContactCode);
}

#[test]
fn from_when_a_new_authenticator_signs_in() {
    use OwnerProof::{ContactCode, ContactCodeWithHold, None};
    const AT_ONCE: Duration = Duration::ZERO;
    const HELD: Duration = Duration::from_hours(72);
    #[rustfmt::skip]
    let table = [
        // bound by                                 none      contact code   contact code with hold
        (Binding::Password,                         [AT_ONCE, AT_ONCE,       AT_ONCE]),
        (Binding::ContactCode,                      [AT_ONCE, AT_ONCE,       HELD]),
        (Binding::LiveFactor(Loa::Low),             [AT_ONCE, AT_ONCE,       AT_ONCE]),
        (Binding::LiveFactor(Loa::Substantial),     [AT_ONCE, AT_ONCE,       AT_ONCE]),
        (Binding::DeletionCode(Loa::Low),           [AT_ONCE, AT_ONCE,       AT_ONCE]),
        (Binding::Wallet,                           [AT_ONCE, AT_ONCE,       AT_ONCE]),
        (Binding::Clerk,                            [AT_ONCE, AT_ONCE,       AT_ONCE]),
        (Binding::PostedCode,                       [AT_ONCE, AT_ONCE,       AT_ONCE]),
        (Binding::ClerkWord,                        [AT_ONCE, AT_ONCE,       AT_ONCE]),
    ];
    for (binding, waits) in table {
        for (owner_proof, wait) in [None, ContactCode, ContactCodeWithHold].into_iter().zip(waits) {
            let policy = Policy { owner_proof, ..POLICY };
            assert_eq!(policy.usable_from(CUTOVER, binding), CUTOVER + wait, "{owner_proof:?} {binding:?}");
        }
    }
}

#[test]
fn what_a_sign_in_with_the_second_factor_may_claim() {
    #[rustfmt::skip]
    let table = [
        (SecondFactor::None,                                               Loa::Low),
        (SecondFactor::Inactive,                                           Loa::Low),
        (SecondFactor::Frozen,                                             Loa::Low),
        (enrolled(Binding::Password, CUTOVER),                             Loa::Low),
        (enrolled(Binding::ContactCode, CUTOVER),                          Loa::Low),
        (enrolled(Binding::LiveFactor(Loa::Low), CUTOVER),                 Loa::Low),
        (enrolled(Binding::LiveFactor(Loa::Substantial), CUTOVER),         Loa::Substantial),
        (enrolled(Binding::DeletionCode(Loa::Low), CUTOVER),               Loa::Low),
        (enrolled(Binding::DeletionCode(Loa::Substantial), CUTOVER),       Loa::Substantial),
        (enrolled(Binding::Wallet, CUTOVER),                               Loa::Substantial),
        (enrolled(Binding::Clerk, CUTOVER),                                Loa::Substantial),
        (enrolled(Binding::PostedCode, CUTOVER),                           Loa::Substantial),
        (enrolled(Binding::ClerkWord, CUTOVER),                            Loa::Substantial),
    ];
    for (factor, loa) in table {
        assert_eq!(factor.loa(), loa, "{factor:?}");
    }
}
