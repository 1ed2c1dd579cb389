//! What an operator may choose: the client identifier, how answers are posted, the link, and places that must agree.

use std::time::Duration;

use axum::{Extension, Router};
use broker::{KnownBy, Place, Posting};
use http::StatusCode;
use model::Lang;
use testkit::wallet_box::{Form, parameter};
use testkit::{Browser, WalletBox};
use wallet::openid4vp::ResponseMode;
use web::ClientPlace;

use super::world::{FAILED, World};

#[tokio::test]
async fn each_client_identifier_and_each_way_of_answering_signs_in() {
    for known_by in [KnownBy::CertificateHash, KnownBy::DnsName] {
        for posting in [Posting::Encrypted, Posting::InClear] {
            let mut world = World::chosen(|wallets| {
                wallets.known_by = known_by;
                wallets.posting = posting;
            })
            .await;
            for form in Form::ALL {
                world.browser.forget_cookies();
                world.ask().await;
                let client_id = parameter(&world.link(), "client_id");
                match known_by {
                    KnownBy::CertificateHash => assert!(client_id.starts_with("x509_hash:"), "{client_id}"),
                    KnownBy::DnsName => assert_eq!(client_id, "x509_san_dns:kau.localhost"),
                }
                let request = world.wallet.fetch(&world.app(), &world.link(), world.now()).await;
                let is_clear = matches!(request.response, ResponseMode::DirectPost(_));
                assert_eq!(
                    (is_clear, is_clear),
                    (posting == Posting::InClear, request.metadata.encryption_keys.is_empty())
                );
                world.go_on().await;
                world.gate.clock.pass(Duration::from_secs(1));
                world.browser.press("Új ábra kérése", &[]).await;
                world.approve_here(form).await;
                world.answered().await;
            }
        }
    }
}

#[tokio::test]
async fn v12_an_answer_in_the_other_way_is_refused() {
    for posting in [Posting::Encrypted, Posting::InClear] {
        let mut world = World::chosen(|wallets| wallets.posting = posting).await;
        for form in Form::ALL {
            world.browser.forget_cookies();
            world.ask().await;
            let (app, link, now) = (world.app(), world.link(), world.now());
            let request = world.wallet.fetch(&app, &link, now).await;
            let mut other = request.clone();
            other.response = match &request.response {
                ResponseMode::DirectPost(uri) => {
                    let key = jose::DecryptionKey::generate(Some("1".to_owned())).unwrap();
                    other.metadata.encryption_keys = vec![key.public_key().clone()];
                    other.metadata.encryptions = jose::ContentEncryption::ALL.to_vec();
                    ResponseMode::DirectPostJwt(uri.clone())
                }
                ResponseMode::DirectPostJwt(uri) => ResponseMode::DirectPost(uri.clone()),
                ResponseMode::DcApiJwt(_) => panic!("{request:?}"),
            };
            // What the device signed is for the way that was asked for; it is posted in the other one.
            let shown = world.wallet.present(&request, form, now);
            let posted = WalletBox::post(&app, &request, &WalletBox::body(&other, &[(form, shown)])).await;
            assert_eq!(posted.status, StatusCode::BAD_REQUEST, "{posting:?} {form:?}");
            assert_eq!(world.go_on().await.h1(), FAILED);
        }
    }
}

#[tokio::test]
async fn a_link_begins_as_the_operator_says() {
    for link in ["openid4vp://", "haip-vp://", "https://tarca.example.org/keres"] {
        let mut world = World::chosen(|wallets| link.clone_into(&mut wallets.link)).await;
        world.ask().await;
        assert!(world.link().starts_with(&format!("{link}?client_id=x509_hash%3A")), "{}", world.link());
        assert!(world.picture().await.starts_with(&format!("{link}?client_id=x509_hash%3A")));
        world.approve_here(Form::SdJwt).await;
        world.answered().await;
    }
}

/// The gateway as it is reached from somewhere.
fn from(app: Router, place: &[Option<&str>]) -> Router {
    let place = place.iter().map(|value| value.map(str::to_owned)).collect();
    Router::new().fallback_service(app).layer(Extension(ClientPlace(Place(place))))
}

#[tokio::test]
async fn p41_an_approval_from_elsewhere_is_refused() {
    let home = [Some("HU"), Some("AS1")];
    for (there, is_taken) in [
        ([Some("HU"), Some("AS1")], true),
        ([Some("HU"), None], true),
        ([None, None], true),
        ([Some("RO"), Some("AS1")], false),
        ([Some("HU"), Some("AS2")], false),
        ([None, Some("AS2")], false),
    ] {
        let mut world = World::start().await;
        world.browser = Browser::new(from(world.app(), &home), Lang::Hu);
        world.ask().await;
        let (away, picture) = (from(world.app(), &there), world.picture().await);
        let posted = world.wallet.approve(&away, &picture, Form::SdJwt, world.now()).await;
        assert_eq!(posted.status == StatusCode::OK, is_taken, "{there:?}: {}", posted.text);
        if !is_taken {
            assert_eq!(world.told("wallet.elsewhere").await, ["carrier=qr"]);
            assert_eq!(world.go_on().await.h1(), "Máshonnan jött a jóváhagyás");
            world.browser.press("Új ábra kérése", &[]).await;
            assert!(world.browser.page().text().contains("A tárcája ezen a készüléken van"));
        }
    }
    // On the same device the browser comes back itself: there is nothing to be compared.
    let mut world = World::start().await;
    world.browser = Browser::new(from(world.app(), &home), Lang::Hu);
    world.ask().await;
    let (away, link) = (from(world.app(), &[Some("RO")]), world.link());
    let posted = world.wallet.approve(&away, &link, Form::SdJwt, world.now()).await;
    world.browser.visit(&posted.redirect_uri()).await;
    assert_eq!(world.browser.page().h1(), super::world::SIGNED_IN);
}

#[test]
fn an_authority_is_of_one_issuer() {
    let mut wallets = WalletBox::new().wallets();
    assert_eq!(wallets.check(), Ok(()));
    let anchor = wallets.issuers[0].anchors[0].clone();
    wallets.issuers[0].anchors.push(anchor);
    assert_eq!(wallets.check(), Ok(()), "twice of one issuer is once");
    let other = broker::TrustedIssuer { id: "https://masik.pelda.hu".to_owned(), ..wallets.issuers[0].clone() };
    wallets.issuers.push(other);
    assert!(wallets.check().unwrap_err().contains("https://masik.pelda.hu have an anchor in common"));
}
