//! Many at once: limits admit exactly as many as they say, and what is used once is used once.

use axum::body::Body;
use broker::TotpKey;
use http::Request;
use model::{Lang, Secret};
use store::StoreConfig;
use testkit::postgres::Server;
use testkit::{Installation, Settings, UGYFELKAPU};

use crate::kit::{
    ANNA, Form, PASSWORD, STEP, at_once, audited, sign_in, signed_in, statuses, with_anna, with_enrolled_anna,
};

/// Forms for a code of so many sign-ins of one person, each in a browser of its own.
async fn awaiting_a_code(gate: &Installation, count: usize) -> Vec<Form> {
    let mut forms = Vec::new();
    for _ in 0..count {
        let mut browser = gate.browser(Lang::Hu);
        sign_in(&mut browser, ANNA, PASSWORD).await;
        forms.push(Form::of(&browser));
    }
    forms
}

fn with_code(forms: &[Form], code: &str) -> Vec<Request<Body>> {
    forms.iter().map(|form| form.filled(&[("kod", code)])).collect()
}

/// Two nodes on one PostgreSQL.
async fn two_nodes(server: &Server) -> [Installation; 2] {
    let url = server.database();
    let node = async |seed| {
        let store = StoreConfig::Postgres { url: Secret::new(url.clone()), connections: 8, roots: None };
        Installation::with(Settings { store: Some(store), seed, ..Settings::default() }).await
    };
    [node(1).await, node(2).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn p07_a_thousand_wrong_passwords_at_once_admit_exactly_ten() {
    let gate = with_anna(Settings::default()).await;
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(UGYFELKAPU).await;
    let form = Form::of(&browser);
    for name in [ANNA, "nincs.ilyen"] {
        let guesses = (0..1000).map(|n| form.filled(&[("nev", name), ("jelszo", &format!("talalgatas-{n}"))]));
        let answers = at_once(&[&gate], guesses.collect()).await;
        assert_eq!(statuses(&answers), [(422, 10), (429, 990)].into(), "{name}");
    }
    assert_eq!(sign_in(&mut browser, ANNA, PASSWORD).await.status, 429, "the right one is not looked at either");
}

#[tokio::test(flavor = "multi_thread")]
async fn p07_two_nodes_admit_exactly_ten_together() {
    let server = Server::shared();
    let [a, b] = two_nodes(&server).await;
    a.add_person(ANNA, PASSWORD).await;
    let mut browser = a.browser(Lang::Hu);
    browser.visit(UGYFELKAPU).await;
    let form = Form::of(&browser);
    let guesses = (0..200).map(|n| form.filled(&[("nev", ANNA), ("jelszo", &format!("talalgatas-{n}"))]));
    let answers = at_once(&[&a, &b], guesses.collect()).await;
    assert_eq!(statuses(&answers), [(422, 10), (429, 190)].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn t04_a_code_used_64_times_at_once_signs_in_once() {
    let (gate, key) = with_enrolled_anna().await;
    let forms = awaiting_a_code(&gate, 64).await;
    let answers = at_once(&[&gate], with_code(&forms, &gate.code(&key))).await;
    assert_eq!(statuses(&answers), [(303, 1), (422, 63)].into());
    assert_eq!(audited(&gate, "session.started").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn t04_a_code_used_64_times_at_once_on_two_nodes_signs_in_once() {
    let server = Server::shared();
    let [a, b] = two_nodes(&server).await;
    a.add_person(ANNA, PASSWORD).await;
    let (key, _): (TotpKey, _) = a.enrol(ANNA).await;
    let forms = awaiting_a_code(&a, 64).await;
    let answers = at_once(&[&a, &b], with_code(&forms, &a.code(&key))).await;
    assert_eq!(statuses(&answers), [(303, 1), (422, 63)].into());
    assert_eq!(audited(&b, "session.started").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn t04_one_form_sent_64_times_signs_in_once() {
    let (gate, key) = with_enrolled_anna().await;
    let forms = awaiting_a_code(&gate, 1).await;
    let code = gate.code(&key);
    let same = (0..64).map(|_| forms[0].filled(&[("kod", &code)])).collect();
    let answers = at_once(&[&gate], same).await;
    assert_eq!(statuses(&answers)[&303], 1);
    assert_eq!(audited(&gate, "session.started").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn t05_a_code_does_not_both_sign_in_and_switch_off() {
    for round in 0..8 {
        let gate = with_anna(Settings { seed: round, ..Settings::default() }).await;
        let (key, _) = gate.enrol(ANNA).await;
        let mut inside = signed_in(&gate, ANNA, &key).await;
        inside.visit("/aktivalas").await;
        gate.clock.pass(STEP);
        let code = gate.code(&key);
        let switch_off = Form::of(&inside).filled(&[("tett", "inaktivalas"), ("jelszo", PASSWORD), ("kod", &code)]);
        let sign_in = awaiting_a_code(&gate, 1).await[0].filled(&[("kod", &code)]);
        let both = if round % 2 == 0 { vec![switch_off, sign_in] } else { vec![sign_in, switch_off] };
        at_once(&[&gate], both).await;
        let signed_in = audited(&gate, "session.started").await - 1;
        let switched_off = audited(&gate, "authenticator.inactivated").await;
        assert_eq!(signed_in + switched_off, 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t11_of_a_thousand_wrong_codes_at_once_at_most_five_are_evaluated() {
    let (gate, key) = with_enrolled_anna().await;
    let forms = awaiting_a_code(&gate, 10).await;
    let wrong = |n: i64| gate.code_after(&key, 100 + n);
    let guesses = (0..1000).zip(forms.iter().cycle()).map(|(n, form)| form.filled(&[("kod", &wrong(n))]));
    let answers = at_once(&[&gate], guesses.collect()).await;
    let counted = statuses(&answers);
    assert_eq!(counted.get(&422), Some(&4), "the fifth begins the wait: {counted:?}");
    assert_eq!(audited(&gate, "code.differed").await, 5);
    assert!(counted.keys().all(|status| [422, 429, 410].contains(status)), "{counted:?}");
}

/// The first code ever typed has no counter yet: a right one behind wrong ones must not slip past.
#[tokio::test(flavor = "multi_thread")]
async fn t11_a_right_code_behind_a_thousand_wrong_ones_is_not_evaluated() {
    let (gate, key) = with_enrolled_anna().await;
    let forms = awaiting_a_code(&gate, 10).await;
    let wrong = |n: i64| gate.code_after(&key, 100 + n);
    let mut guesses: Vec<Request<Body>> =
        (0..999).zip(forms.iter().cycle()).map(|(n, form)| form.filled(&[("kod", &wrong(n))])).collect();
    guesses.push(forms[0].filled(&[("kod", &gate.code(&key))]));
    let answers = at_once(&[&gate], guesses).await;
    assert_eq!(statuses(&answers).get(&303), None);
    assert_eq!(audited(&gate, "session.started").await, 0);
}
