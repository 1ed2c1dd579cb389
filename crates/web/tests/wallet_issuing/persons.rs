//! Who is offered a credential: nobody whose authenticator is not known to be their own.

use broker::LetterContent;
use broker::{AuthenticatorState, Identified, Notice, TotpCode};
use http::StatusCode;
use model::UserName;
use testkit::{Browser, Installation, TICKED, UGYFELKAPU};
use wallet::openid4vci::{Event, Notification};

use crate::phone::{
    ANNA, PASSWORD, SD_JWT, STEP, anna, ask, holder, issue, nonce, offered, post_json, proof, redeem, request,
    signed_in, with_token_at,
};

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

/// Enrols after the cut-over, by a code mailed to the contact: level 2, `LoA` low.
pub(crate) async fn enrolled_by_contact(gate: &Installation, name: &str) -> (broker::TotpKey, Browser) {
    gate.add_person(name, PASSWORD).await;
    let mut browser = gate.browser(model::Lang::Hu);
    browser.visit(UGYFELKAPU).await;
    browser.press("Bejelentkezés", &[("Felhasználónév", name), ("Jelszó", PASSWORD)]).await;
    browser.press("Ügyfélkapu+ igénylése", &[]).await;
    browser.press("Megvan az alkalmazás, tovább", &[]).await;
    browser.press("Kód küldése", &[]).await;
    let code = gate.mailed_code().await;
    browser.press("Tovább", &[("Az e-mailben kapott kód", &code)]).await;
    let shown: String = browser.page().texts(".key").concat().split_whitespace().collect();
    let key = broker::TotpKey::from_bytes(&data_encoding::BASE32_NOPAD.decode(shown.as_bytes()).unwrap()).unwrap();
    let code = gate.code(&key);
    browser.press("Tovább", &[("Jelszó", PASSWORD), ("Hatjegyű kód az alkalmazásból", &code)]).await;
    browser.press("Befejezés", &[("A törlőkód mentéséről gondoskodtam", TICKED)]).await;
    let browser = signed_in(gate, name, &key).await;
    (key, browser)
}

#[tokio::test]
async fn a_sign_in_of_level_2_by_contact_provenance_gets_no_credential() {
    let gate = Installation::start().await;
    let (key, mut browser) = enrolled_by_contact(&gate, ANNA).await;
    let page = browser.visit(&format!("{UGYFELKAPU}/tarca")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Menjen be egy ügyfélszolgálatra"), "{}", page.text());
    assert!(page.fields().is_empty(), "there is no form: {:?}", page.fields());
    // A form that was made by hand is refused all the same.
    let identified = Installation::start().await;
    drop(identified);
    gate.deliver().await;
    let session = session_of(&gate, &browser).await;
    gate.clock.pass(STEP);
    let code = TotpCode::parse(&gate.code(&key)).unwrap();
    let caller = broker::Caller {
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        device: None,
        lang: model::Lang::Hu,
        place: broker::Place::default(),
    };
    let typed = model::Secret::new(PASSWORD.to_owned());
    let made = gate.broker.offer_credentials(&session, &typed, &code, &caller).await.unwrap();
    assert!(matches!(made, broker::OfferMade::Not(broker::NotOffered::NotAssured)), "{made:?}");
    assert!(gate.deliver().await.letters.is_empty());

    // After a clerk has seen the person and the app, there is an offer.
    assert_eq!(gate.broker.identify(&name(ANNA), Some(&code)).await.unwrap(), Identified::Done);
    ask(&gate, &key, &mut browser).await;
}

async fn session_of(gate: &Installation, browser: &Browser) -> broker::AccountSession {
    let cookie = browser.cookie(UGYFELKAPU, "__Host-account").expect("the cookie of a full session");
    gate.broker.account_session(&model::Handle::parse(&cookie).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_clerk_vouches_for_the_app_that_the_person_shows() {
    let gate = Installation::start().await;
    let any = TotpCode::parse("123456").unwrap();
    assert!(gate.broker.identify(&name(ANNA), None).await.is_err(), "there is no such person");
    gate.add_person(ANNA, PASSWORD).await;
    assert_eq!(gate.broker.identify(&name(ANNA), Some(&any)).await.unwrap(), Identified::NoSecondFactor);
    let (key, _) = gate.enrol(ANNA).await;
    let wrong = TotpCode::parse(&gate.code_after(&key, 10)).unwrap();
    assert_eq!(gate.broker.identify(&name(ANNA), Some(&wrong)).await.unwrap(), Identified::CodeDiffered);
    let right = TotpCode::parse(&gate.code(&key)).unwrap();
    assert_eq!(gate.broker.identify(&name(ANNA), Some(&right)).await.unwrap(), Identified::Done);
    assert_eq!(gate.broker.identify(&name(ANNA), Some(&right)).await.unwrap(), Identified::Already);
    let told: Vec<_> = gate.deliver().await.letters.into_iter().map(|(letter, _)| letter.content).collect();
    let identified = |content: &LetterContent| {
        matches!(content, LetterContent::Notice { notice: Notice::PersonIdentified, not_me: Some(_) })
    };
    assert_eq!(told.iter().filter(|content| identified(content)).count(), 1, "{told:?}");
    let account = gate.store.account_by_name(&name(ANNA)).await.unwrap().unwrap();
    let audit = gate.store.audit_of(&account.person.id, 20).await.unwrap();
    assert!(audit.iter().any(|entry| entry.event == "person.identified" && entry.detail == "by=clerk code=matched"));
    // What takes the app's place is not better for it.
    let (other, code) = (broker::TotpKey::draw(gate.broker.random()), broker::DeletionCode::draw(gate.broker.random()));
    gate.broker
        .seed_authenticator(&name(ANNA), &other, &code, AuthenticatorState::Active, model::Binding::Password)
        .await
        .unwrap();
    let mut browser = signed_in(&gate, ANNA, &other).await;
    assert!(browser.visit(&format!("{UGYFELKAPU}/tarca")).await.text().contains("ügyfélszolgálat"));
}

#[tokio::test]
async fn a_clerks_word_without_a_code_is_worth_less_until_there_is_one() {
    let gate = Installation::start().await;
    gate.add_person(ANNA, PASSWORD).await;
    let (key, _) = gate.enrol(ANNA).await;
    let binding = async || {
        let account = gate.store.account_by_name(&name(ANNA)).await.unwrap().unwrap();
        account.authenticator.unwrap().binding
    };
    assert_eq!(gate.broker.identify(&name(ANNA), None).await.unwrap(), Identified::Done);
    assert_eq!(binding().await, model::Binding::ClerkWord);
    assert_eq!(gate.broker.identify(&name(ANNA), None).await.unwrap(), Identified::Already);
    gate.identify(ANNA, &key).await;
    assert_eq!(binding().await, model::Binding::Clerk);
    // What was checked is not made less by a word.
    assert_eq!(gate.broker.identify(&name(ANNA), None).await.unwrap(), Identified::Already);
    assert_eq!(binding().await, model::Binding::Clerk);
}

#[tokio::test]
async fn who_is_not_signed_in_sees_nothing() {
    let (gate, ..) = anna().await;
    let mut browser = gate.browser(model::Lang::Hu);
    let page = browser.visit(&format!("{UGYFELKAPU}/tarca")).await;
    assert_eq!(page.url.path(), "/");
}

#[tokio::test]
async fn the_deletion_code_and_not_me_revoke_what_is_in_the_wallet() {
    for by_letter in ["not me", "deletion code"] {
        let gate = Installation::start().await;
        let person = gate.add_person(ANNA, PASSWORD).await;
        let (key, deletion_code) = gate.enrol(ANNA).await;
        gate.identify(ANNA, &key).await;
        let mut browser = signed_in(&gate, ANNA, &key).await;
        let (offer, mailed) = offered(&gate, &key, &mut browser).await;
        let token = redeem(&gate, &offer, &mailed).await;
        issue(&gate, &token, SD_JWT, &holder()).await;
        let letters = gate.deliver().await.letters;
        let not_me = letters.iter().rev().find_map(|(letter, _)| match &letter.content {
            LetterContent::Notice { notice: Notice::CredentialIssued, not_me } => not_me.clone(),
            _ => None,
        });
        if by_letter == "not me" {
            gate.broker.not_me(&model::Handle::parse(&not_me.unwrap()).unwrap()).await.unwrap();
        } else {
            let mut elsewhere = gate.browser(model::Lang::Hu);
            elsewhere.visit(&format!("{UGYFELKAPU}/elveszett")).await;
            let code = deletion_code.display().expose().clone();
            let fields = [("Felhasználónév", ANNA), ("Jelszó", PASSWORD), ("Törlőkód", code.as_str())];
            let button = elsewhere.page().buttons().last().cloned().unwrap();
            elsewhere.press(&button, &fields).await;
        }
        let credentials = gate.store.credentials_of(&person).await.unwrap();
        assert!(credentials.iter().all(|credential| credential.revoked_at.is_some()), "{by_letter}");
        assert_eq!(credentials.len(), 1);
        let answer = crate::phone::post_json(&gate, "/credential", &token, "{}").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{by_letter}: the token is gone too");
    }
}

#[tokio::test]
async fn what_its_owner_revokes_is_not_had_again_by_the_same_token() {
    let (gate, _, mut owner, token) = with_token_at(testkit::Settings::default()).await;
    issue(&gate, &token, SD_JWT, &holder()).await;
    owner.visit(&format!("{UGYFELKAPU}/tarca")).await;
    let button = owner.page().buttons().into_iter().find(|words| words.starts_with("Visszavonás")).unwrap();
    owner.press(&button, &[]).await;
    let proofs = vec![proof(&gate, &holder(), &nonce(&gate).await)];
    let answer = post_json(&gate, "/credential", &token, &request(SD_JWT, proofs)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{:?}", answer.body);
}

#[tokio::test]
async fn nobody_notifies_of_another_persons_credentials() {
    const BELA: &str = "szabo.bela1";
    let (gate, _, _, token) = with_token_at(testkit::Settings::default()).await;
    gate.add_person(BELA, PASSWORD).await;
    let (key, _) = gate.enrol(BELA).await;
    gate.broker.identify(&name(BELA), None).await.unwrap();
    let mut browser = signed_in(&gate, BELA, &key).await;
    let (offer, mailed) = offered(&gate, &key, &mut browser).await;
    let of_bela = redeem(&gate, &offer, &mailed).await;
    let issued = issue(&gate, &token, SD_JWT, &holder()).await;
    let deleted = Notification { id: issued.notification_id.unwrap(), event: Event::Deleted }.to_json();
    let refusal = post_json(&gate, "/notification", &of_bela, &deleted).await.refusal();
    assert_eq!(refusal, (400, "invalid_notification_id".to_owned()));
    assert_eq!(post_json(&gate, "/notification", &token, &deleted).await.status, StatusCode::NO_CONTENT);
}
