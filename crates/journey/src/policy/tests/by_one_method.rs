//! A request that names the one method by which it may be done.

use super::*;

#[test]
fn where_one_method_is_asked_for_no_other_will_do_be_it_stronger() {
    let by = |method| Demand { by: Some(method), ..nothing() };
    for now in [JUST_BEFORE, CUTOVER] {
        for method in [Method::AuthenticatorApp, Method::Wallet] {
            for other in Method::ALL {
                let offer = POLICY.offer(now, &SUBSTANTIAL, &by(method), other);
                assert_eq!(offer, if other == method { Offer::Offered } else { Offer::Absent }, "{other:?}");
                let admitted = POLICY.admit(now, &NOTHING, &by(method), &sign_in(other, Loa::High, now));
                assert_eq!(admitted.is_ok(), other == method, "{other:?}");
            }
        }
        let elsewhere = POLICY.offer_upstream(now, &NOTHING, &by(Method::AuthenticatorApp), Level::Three, Loa::High);
        assert_eq!(elsewhere, Offer::Absent);
        let facts = account(SecondFactor::None);
        let alone = POLICY.after_password(now, &NOTHING, &by(Method::AuthenticatorApp), &facts);
        assert_eq!(alone, Passage::Short(Shortfall::NotEnrolled));
    }
}
