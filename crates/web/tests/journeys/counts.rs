//! How sign-ins end is counted, and of nobody in particular.

use broker::SignInOutcome::{Answered, Cancelled, CodeDiffered, Frozen, Limited, PasswordDiffered, Short};
use broker::SignInTo::{Account, Service};
use model::Method::{AuthenticatorApp, Password};
use model::{Lang, UserName};
use testkit::Browser;

use crate::kit::{
    ANNA, BELA, CODE_FIELD, NAME_FIELD, PASSWORD, PASSWORD_FIELD, WRONG, add_portal, before_the_cut_over,
    browser_with_portal, request_of_portal, sign_in, type_code, with_anna, with_enrolled_anna,
};

/// Where the person goes back to the service.
fn cancel_path(browser: &Browser) -> String {
    format!("{}/megsem", browser.page().url.path())
}

const APP: &str = "Ügyfélkapu+ hitelesítő alkalmazással";

#[tokio::test]
async fn sign_ins_to_a_service_are_counted_by_their_end() {
    let (gate, key) = with_enrolled_anna().await;
    gate.add_person(BELA, PASSWORD).await;
    add_portal(&gate).await;
    let mut browser = browser_with_portal(&gate);
    browser.visit(&request_of_portal("a")).await;
    browser.press(APP, &[]).await;
    browser.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, WRONG)]).await;
    assert_eq!(
        gate.broker.sign_ins().into_iter().collect::<Vec<_>>(),
        [((Service, Some(AuthenticatorApp), PasswordDiffered), 1)]
    );
    browser.press("Bejelentkezés", &[(NAME_FIELD, ANNA), (PASSWORD_FIELD, PASSWORD)]).await;
    let right = gate.code(&key);
    let wrong = if right == "000000" { "111111" } else { "000000" };
    browser.press("Bejelentkezés", &[(CODE_FIELD, wrong)]).await;
    browser.press("Bejelentkezés", &[(CODE_FIELD, &right)]).await;

    let mut other = browser_with_portal(&gate);
    other.visit(&request_of_portal("b")).await;
    other.press(APP, &[]).await;
    other.press("Bejelentkezés", &[(NAME_FIELD, BELA), (PASSWORD_FIELD, PASSWORD)]).await;
    assert!(other.page().url.path().ends_with("/tovabb"), "{}", other.page().url);
    let mut third = browser_with_portal(&gate);
    third.visit(&request_of_portal("c")).await;
    let links = third.page().links();
    let back = links.iter().find(|link| link.url.path() == cancel_path(&third)).expect("a way back");
    third.visit(back.url.as_str()).await;
    let ended = |outcome| ((Service, Some(AuthenticatorApp), outcome), 1);
    assert_eq!(
        gate.broker.sign_ins().into_iter().collect::<Vec<_>>(),
        [((Service, None, Cancelled), 1), ended(Answered), ended(PasswordDiffered), ended(CodeDiffered), ended(Short),]
    );
}

#[tokio::test]
async fn sign_ins_to_the_account_are_counted_too() {
    let (gate, key) = with_enrolled_anna().await;
    let mut browser = gate.browser(Lang::Hu);
    sign_in(&mut browser, ANNA, PASSWORD).await;
    type_code(&mut browser, &gate.code(&key)).await;
    let mut browser = gate.browser(Lang::Hu);
    sign_in(&mut browser, ANNA, PASSWORD).await;
    for _ in 0..5 {
        let right = gate.code(&key);
        type_code(&mut browser, if right == "000000" { "111111" } else { "000000" }).await;
    }
    let app = |outcome, count| ((Account, Some(AuthenticatorApp), outcome), count);
    assert_eq!(
        gate.broker.sign_ins().into_iter().collect::<Vec<_>>(),
        [app(Answered, 1), app(CodeDiffered, 4), app(Limited, 1)]
    );

    // With the password alone, and into an account that is frozen.
    let gate = with_anna(before_the_cut_over()).await;
    let mut browser = gate.browser(Lang::Hu);
    sign_in(&mut browser, ANNA, PASSWORD).await;
    let name = UserName::parse(ANNA).expect("a name");
    let person = gate.store.account_by_name(&name).await.expect("a store").expect("Anna").person.id;
    let audit = store::record::AuditRecord {
        at: gate.broker.now(),
        person: Some(person.clone()),
        event: "account.frozen",
        detail: String::new(),
    };
    let (from, to) = (journey::Standing::Open, journey::Standing::Frozen);
    let freeze = store::Change::new(audit).with(store::Op::SetStanding { person, from, to });
    gate.store.commit(freeze).await.expect("it is open");
    sign_in(&mut gate.browser(Lang::Hu), ANNA, PASSWORD).await;
    let alone = |outcome| ((Account, Some(Password), outcome), 1);
    assert_eq!(gate.broker.sign_ins().into_iter().collect::<Vec<_>>(), [alone(Answered), alone(Frozen)]);
    assert_eq!(gate.store.committed()["account.frozen"], 1);
}
