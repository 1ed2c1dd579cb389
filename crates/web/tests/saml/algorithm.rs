//! What answers are signed with: RSA, or ECDSA for a service whose metadata names it.

use data_encoding::BASE64;
use model::{Clock as _, Lang};
use saml::binding::redirect;
use saml::metadata::{Endpoint, SigningMethod};
use saml::{Binding, Direction, LogoutRequest};
use testkit::{Browser, Installation, KAU};
use xmlsec::{PublicKeyType, SignatureAlgorithm};

use super::service::{KEYS, Person, Service, by_redirect, idp_of};

const ECDSA: &str = "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"";
const RSA: &str = "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"";

fn service(host: &str, methods: &[SignatureAlgorithm]) -> Service {
    let mut service = Service::usual(host);
    let role = &mut service.sp().role;
    role.signing_methods = methods.iter().map(|method| SigningMethod::any_size(*method)).collect();
    role.single_logout =
        vec![Endpoint { binding: Binding::Redirect, location: format!("https://{host}/slo"), response_location: None }];
    service
}

/// The XML that is posted to a service.
fn posted(service: &Service, browser: &Browser) -> String {
    String::from_utf8(BASE64.decode(service.posted(browser)[0].1.as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_service_that_names_ecdsa_first_is_answered_by_it() {
    let gate = Installation::start().await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let (ecdsa, rsa) = (SignatureAlgorithm::EcdsaSha256, SignatureAlgorithm::RsaSha256);
    let table: [(&str, &[SignatureAlgorithm], [&str; 2]); 4] = [
        ("egy.pelda.hu", &[], [RSA, ECDSA]),
        ("ketto.pelda.hu", &[rsa, ecdsa], [RSA, ECDSA]),
        ("harom.pelda.hu", &[ecdsa, rsa], [ECDSA, RSA]),
        ("negy.pelda.hu", &[ecdsa], [ECDSA, RSA]),
    ];
    for (host, methods, [used, unused]) in table {
        let service = service(host, methods).register(&gate).await;
        let mut browser = gate.browser(Lang::Hu);
        browser.visit(&by_redirect(&service.request(&gate, "_a"), None, None)).await;
        anna.sign_in(&gate, &mut browser).await;
        let xml = posted(&service, &browser);
        assert_eq!(xml.matches(used).count(), 2, "assertion and response: {xml}");
        assert_eq!(xml.matches(unused).count(), 0, "{xml}");
        let assertion = service.answer(&gate, &browser, "_a").unwrap();

        // The answer to its logout is signed likewise.
        let request = LogoutRequest {
            id: "_l".to_owned(),
            issue_instant: gate.clock.now().seconds(),
            destination: Some(format!("{KAU}/saml/slo")),
            not_on_or_after: None,
            reason: None,
            name_id: assertion.name_id,
            session_indexes: Vec::new(),
            is_asynchronous: false,
            issuer: service.id().to_owned(),
        };
        let xml = request.write(None).unwrap();
        let to = format!("{KAU}/saml/slo");
        browser.visit(&redirect::encode(&to, Direction::Request, &xml, None, Some(&KEYS.signing)).unwrap()).await;
        let answered = format!("{} {}", browser.page().html(), browser.page().url);
        let name = if used == ECDSA { "ecdsa-sha256" } else { "rsa-sha256" };
        assert!(answered.contains(&format!("%23{name}")), "{answered}");
    }
}

/// Nodes share the certificate although ECDSA signs at random, and a service that knows it may compare it.
#[tokio::test]
async fn the_certificate_in_an_answer_is_the_one_in_the_metadata_of_every_node() {
    let gate = Installation::start().await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let service = service("sp.pelda.hu", &[SignatureAlgorithm::EcdsaSha256]).register(&gate).await;
    let idp = idp_of(&gate);
    gate.broker.reload_keys().await.unwrap();
    let mut browser = gate.browser(Lang::Hu);
    browser.visit(&by_redirect(&service.request(&gate, "_a"), None, None)).await;
    anna.sign_in(&gate, &mut browser).await;
    let xml = posted(&service, &browser);
    let idp = idp.idp.unwrap();
    let published = idp.role.signing().find(|one| one.key().key_type() == PublicKeyType::P256).unwrap();
    assert_eq!(xml.matches(&BASE64.encode(published.der())).count(), 2);
}
