//! A credential of ours signs in: as what it was issued on, and never more.

use std::time::Duration;

use broker::{AuthenticatorState, TrustedIssuer};
use data_encoding::BASE64URL_NOPAD;
use http::{Method, StatusCode};
use journey::Standing;
use mdoc::pid::Attribute;
use model::{Lang, UserName};
use serde_json::{Value, json};
use store::Op;
use testkit::wallet_box::{Form, WalletBox, called};
use testkit::{AttestedKey, Browser, Installation, Settings, UGYFELKAPU, WalletMaker};
use wallet::credential::{PERSON_DOC_TYPE, PersonClaim};
use wallet::openid4vci::{CredentialResponse, Proofs};
use wallet::openid4vp::{RequestObject, ResponseMode, transcript};
use wallet::sd_jwt::{Held, KeyBindingExpected};

use crate::phone::{ANNA, MDOC, SD_JWT, asked_by, judge, nonce, now, post_json, proof, with_token_at};
use crate::relying_party::{RelyingParty, Request, agree_if_asked, browser};

const CHOOSE: &str = "Hogyan szeretne belépni?";
const SHOWN: [PersonClaim; 4] = [
    PersonClaim::FamilyName,
    PersonClaim::GivenName,
    PersonClaim::Birthdate,
    PersonClaim::PersonalAdministrativeNumber,
];

/// A credential of ours for `key`, attested or only proved.
async fn credential(
    gate: &Installation,
    token: &str,
    form: Form,
    key: &AttestedKey,
    maker: Option<&WalletMaker>,
) -> String {
    let configuration = match form {
        Form::SdJwt => SD_JWT,
        Form::Mdoc => MDOC,
    };
    let nonce = nonce(gate).await;
    let proofs = match maker {
        Some(maker) => Proofs::Attestation(maker.attest(&WalletMaker::claims(&[key], &nonce, now(gate)))),
        None => Proofs::Jwt(vec![proof(gate, &key.signing_key(), &nonce)]),
    };
    let answer = post_json(gate, "/credential", token, &asked_by(configuration, proofs).to_json()).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    CredentialResponse::parse(&answer.body).unwrap().credentials.remove(0)
}

/// What the wallet shows of it to `request`.
fn present(gate: &Installation, form: Form, credential: &str, key: &AttestedKey, request: &RequestObject) -> String {
    let (client_id, key) = (request.client_id.to_string(), key.signing_key());
    match form {
        Form::SdJwt => {
            let held = Held::receive(credential, now(gate), judge(gate)).unwrap();
            let binding = KeyBindingExpected { audience: &client_id, nonce: &request.nonce };
            held.present(&SHOWN.map(PersonClaim::path), &key, &binding, now(gate)).unwrap()
        }
        Form::Mdoc => {
            let octets = BASE64URL_NOPAD.decode(credential.as_bytes()).unwrap();
            let document = mdoc::IssuerSigned::parse(&octets).unwrap();
            let ResponseMode::DirectPostJwt(response_uri) = &request.response else { panic!("{request:?}") };
            let thumbprint = request.metadata.encryption_keys[0].thumbprint();
            let session = transcript(&client_id, &request.nonce, Some(&thumbprint), response_uri);
            let asked = SHOWN.map(|claim| claim.attribute().asked(mdoc::Need::Required));
            assert!(asked.iter().any(|asked| asked.identifier == Attribute::FamilyName.identifier()));
            let device = mdoc::SigningKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
            BASE64URL_NOPAD.encode(&mdoc::present(&document, PERSON_DOC_TYPE, &asked, &session, &device).unwrap())
        }
    }
}

/// What the wallet of another device reads, by what is typed in its place.
async fn picture(gate: &Installation, browser: &Browser) -> String {
    let typed = browser.page().texts(".typed").concat();
    let path = format!("/wallet/kod/{}", typed.trim());
    called(&gate.app(), Method::GET, &path, None).await.body["request"].as_str().unwrap().to_owned()
}

/// What opens the wallet of the same device.
async fn wallet_link(browser: &mut Browser, request: &Request) -> String {
    browser.visit(&request.url()).await;
    browser.press("DÁP mobilalkalmazással", &[]).await;
    let links = browser.page().links();
    links.into_iter().find(|link| link.words == "Megnyitás a mobiltárcában").unwrap().url.to_string()
}

/// The wallet approves what it reads under the link, and says where it leads.
async fn approve(gate: &Installation, link: &str, form: Form, credential: &str, key: &AttestedKey) -> String {
    let app = gate.app();
    let fetched = testkit::wallet_box::fetched(&app, link, None).await;
    let object = WalletBox::check(&app, link, &fetched.text, None, now(gate)).await;
    let body = WalletBox::body(&object, &[(form, present(gate, form, credential, key, &object))]);
    WalletBox::post(&app, &object, &body).await.redirect_uri()
}

/// The wallet of another device approves what the browser shows, and the digits of its page are typed.
async fn approve_there(gate: &Installation, browser: &mut Browser, form: Form, credential: &str, key: &AttestedKey) {
    let link = picture(gate, browser).await;
    let mut phone = gate.browser(Lang::Hu);
    phone.visit(&approve(gate, &link, form, credential, key).await).await;
    let digits = phone.page().texts(".phone span").concat();
    browser.press("Jóváhagytam, tovább", &[]).await;
    browser.press("Bejelentkezés", &[("Négy számjegy", &digits)]).await;
}

/// What the portal is told at the end: the claims of the ID token.
async fn told(gate: &Installation, portal: &RelyingParty, browser: &mut Browser, request: &Request) -> Value {
    agree_if_asked(browser).await;
    browser.follow_refresh().await;
    let code = portal.code(browser, request);
    Value::Object(portal.redeem(gate, &code, request).await.claims)
}

/// Signs in at the portal by the wallet of the same device, and gives the claims of the ID token.
async fn sign_in(gate: &Installation, portal: &RelyingParty, form: Form, credential: &str, key: &AttestedKey) -> Value {
    sign_in_in(&mut browser(gate, &[portal]), gate, portal, (form, credential, key)).await
}

/// The same in a certain browser.
async fn sign_in_in(
    browser: &mut Browser,
    gate: &Installation,
    portal: &RelyingParty,
    (form, credential, key): (Form, &str, &AttestedKey),
) -> Value {
    let request = portal.request();
    let link = wallet_link(browser, &request).await;
    browser.visit(&approve(gate, &link, form, credential, key).await).await;
    told(gate, portal, browser, &request).await
}

#[tokio::test]
async fn a_credential_on_an_attested_key_signs_in_as_high_and_any_other_as_substantial() {
    let (maker, wallet) = (WalletMaker::new(), WalletBox::new());
    for form in Form::ALL {
        let settings =
            Settings { key_attestations: maker.terms(), wallets: Some(wallet.wallets()), ..Settings::default() };
        let (gate, _, _, token) = with_token_at(settings).await;
        let portal = RelyingParty::register(&gate, "portal.pelda.hu", json!({})).await;
        let (attested, bare) = (AttestedKey::new(1), AttestedKey::new(2));
        let high = credential(&gate, &token, form, &attested, Some(&maker)).await;
        let claims = sign_in(&gate, &portal, form, &high, &attested).await;
        assert_eq!(claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/high");
        assert_eq!(claims["amr"], json!(["hwk", "user", "mfa"]));
        let substantial = credential(&gate, &token, form, &bare, None).await;
        let claims = sign_in(&gate, &portal, form, &substantial, &bare).await;
        assert_eq!(claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/substantial");
        assert_eq!(claims["amr"], json!(["swk", "user", "mfa"]));
    }
}

#[tokio::test]
async fn p41_across_devices_even_an_attested_key_is_substantial_at_most() {
    let (maker, wallet) = (WalletMaker::new(), WalletBox::new());
    let settings = Settings { key_attestations: maker.terms(), wallets: Some(wallet.wallets()), ..Settings::default() };
    let (gate, _, _, token) = with_token_at(settings).await;
    let portal = RelyingParty::register(&gate, "portal.pelda.hu", json!({})).await;
    let strict = RelyingParty::register(&gate, "szigoru.pelda.hu", json!({"kapu_min_loa": "high"})).await;
    for form in Form::ALL {
        let key = AttestedKey::new(1);
        let high = credential(&gate, &token, form, &key, Some(&maker)).await;
        let mut browser = browser(&gate, &[&portal, &strict]);
        let request = portal.request();
        wallet_link(&mut browser, &request).await;
        approve_there(&gate, &mut browser, form, &high, &key).await;
        let claims = told(&gate, &portal, &mut browser, &request).await;
        assert_eq!(claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/substantial");
        assert_eq!(claims["acr"], "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr");

        // Its session is no more either; and who needs more is told how.
        let request = strict.request();
        wallet_link(&mut browser, &request).await;
        approve_there(&gate, &mut browser, form, &high, &key).await;
        let page = browser.page();
        assert_eq!(page.h1(), "Lépjen be a telefonján", "{}", page.text());
        assert!(page.text().contains("azon a telefonon, amelyen a tárcája van"), "{}", page.text());
        let claims = sign_in(&gate, &strict, form, &high, &key).await;
        assert_eq!(claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/high");
    }
}

#[tokio::test]
async fn whoever_signed_in_by_a_credential_is_so_no_longer_when_it_is_revoked() {
    for by_clerk in [true, false] {
        let settings = Settings { wallets: Some(WalletBox::new().wallets()), ..Settings::default() };
        let (gate, _, mut owner, token) = with_token_at(settings).await;
        let portal = RelyingParty::register(&gate, "portal.pelda.hu", json!({})).await;
        let key = AttestedKey::new(1);
        let stolen = credential(&gate, &token, Form::SdJwt, &key, None).await;
        let mut thief = browser(&gate, &[&portal]);
        sign_in_in(&mut thief, &gate, &portal, (Form::SdJwt, &stolen, &key)).await;
        thief.visit(&portal.request().url()).await;
        assert_ne!(thief.page().h1(), CHOOSE, "single sign-on");
        if by_clerk {
            gate.broker.revoke_credentials_of(&UserName::parse(ANNA).unwrap()).await.unwrap();
        } else {
            owner.visit(&format!("{UGYFELKAPU}/tarca")).await;
            let button = owner.page().buttons().into_iter().find(|words| words.starts_with("Visszavonás")).unwrap();
            owner.press(&button, &[]).await;
            assert_eq!(owner.page().url.path(), "/tarca", "whoever revokes stays signed in");
        }
        assert_eq!(thief.visit(&portal.request().url()).await.h1(), CHOOSE, "{by_clerk}");
    }
}

#[tokio::test]
async fn what_we_issued_needs_no_link_and_opens_the_account_while_its_authenticator_is_off() {
    let wallet = WalletBox::new();
    let (gate, _, _, token) = with_token_at(Settings { wallets: Some(wallet.wallets()), ..Settings::default() }).await;
    let portal = RelyingParty::register(&gate, "portal.pelda.hu", json!({})).await;
    let key = AttestedKey::new(1);
    let own = credential(&gate, &token, Form::SdJwt, &key, None).await;
    gate.switch(ANNA, AuthenticatorState::Inactive).await;
    let claims = sign_in(&gate, &portal, Form::SdJwt, &own, &key).await;
    assert_eq!(claims["loa"], "http://eidas.europa.eu/NotNotified/LoA/substantial");

    let person = gate.store.account_by_name(&UserName::parse(ANNA).unwrap()).await.unwrap().unwrap().person.id;
    gate.write(Op::SetStanding { person, from: Standing::Open, to: Standing::Frozen }).await;
    let mut browser = browser(&gate, &[&portal]);
    let link = wallet_link(&mut browser, &portal.request()).await;
    browser.visit(&approve(&gate, &link, Form::SdJwt, &own, &key).await).await;
    assert_eq!(browser.page().h1(), "A fiókját zároltuk");
}

#[tokio::test]
async fn a_credential_revoked_after_it_was_shown_signs_nobody_in() {
    let settings = Settings { wallets: Some(WalletBox::new().wallets()), ..Settings::default() };
    let (gate, _, _, token) = with_token_at(settings).await;
    let portal = RelyingParty::register(&gate, "portal.pelda.hu", json!({})).await;
    let key = AttestedKey::new(1);
    let credential = credential(&gate, &token, Form::SdJwt, &key, None).await;
    let mut browser = browser(&gate, &[&portal]);
    let link = wallet_link(&mut browser, &portal.request()).await;
    let back = approve(&gate, &link, Form::SdJwt, &credential, &key).await;
    gate.broker.revoke_credentials_of(&UserName::parse(ANNA).unwrap()).await.unwrap();
    assert_eq!(browser.visit(&back).await.status, StatusCode::CONFLICT);
    assert_eq!(browser.visit(&portal.request().url()).await.h1(), CHOOSE);
}

/// A credential of ours and one of another issuer, of the same person by all that they say.
#[tokio::test]
async fn v20_credentials_of_two_issuers_are_refused() {
    let mut foreign = WalletBox::new();
    let settings = Settings { wallets: Some(foreign.wallets()), ..Settings::default() };
    let (gate, _, _, token) = with_token_at(settings).await;
    foreign.set_clock(gate.clock.clone());
    let key = AttestedKey::new(1);
    let own = credential(&gate, &token, Form::SdJwt, &key, None).await;
    let person = gate.store.account_by_name(&UserName::parse(ANNA).unwrap()).await.unwrap().unwrap().person.id;
    foreign.claims["personal_administrative_number"] = gate.broker.administrative_number(&person).into();
    let portal = RelyingParty::register(&gate, "portal.pelda.hu", json!({})).await;
    for (with_own, status) in [(true, StatusCode::BAD_REQUEST), (false, StatusCode::OK)] {
        let (app, mut browser) = (gate.app(), browser(&gate, &[&portal]));
        let link = wallet_link(&mut browser, &portal.request()).await;
        let request = foreign.fetch(&app, &link, now(&gate)).await;
        let mut shown = vec![(Form::Mdoc, foreign.present(&request, Form::Mdoc, now(&gate)))];
        if with_own {
            shown.push((Form::SdJwt, present(&gate, Form::SdJwt, &own, &key, &request)));
        }
        assert_eq!(WalletBox::post(&app, &request, &WalletBox::body(&request, &shown)).await.status, status);
    }
}

#[tokio::test]
async fn v07_the_list_of_another_issuer_says_nothing_of_a_credential() {
    let (wallet, other) = (WalletBox::new(), WalletBox::new());
    let mut wallets = wallet.wallets();
    let another = TrustedIssuer { id: "https://masik.pelda.hu".to_owned(), ..other.wallets().issuers.remove(0) };
    wallets.issuers.push(another);
    let gate = Installation::with(Settings { wallets: Some(wallets), ..Settings::default() }).await;
    wallet.set_clock(gate.clock.clone());
    let portal = RelyingParty::register(&gate, "portal.pelda.hu", json!({})).await;
    for form in Form::ALL {
        for (signer, status) in [(&other, StatusCode::BAD_REQUEST), (&wallet, StatusCode::OK)] {
            gate.clock.pass(Duration::from_mins(1));
            wallet.let_list_be_signed_by(signer);
            let mut browser = browser(&gate, &[&portal]);
            let link = wallet_link(&mut browser, &portal.request()).await;
            let posted = wallet.approve(&gate.app(), &link, form, now(&gate)).await;
            assert_eq!(posted.status, status, "{form:?}");
        }
    }
}
