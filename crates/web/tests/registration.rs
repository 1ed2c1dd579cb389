//! A registration that takes the place of another takes nothing else with it.

use broker::{RegisterError, Replacing, SamlOptions, read_purposes};
use model::{Datum, Lang, LegalBasis, Level, ServiceId, ServiceTerms, StatedTerms};
use store::Op;
use store::record::{ClientRecord, ClientState, Protocol};
use testkit::Installation;

const ID: &str = "https://sp.pelda.hu/saml";

/// The metadata of a service that calls itself so.
fn metadata(name: &str) -> String {
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{ID}\">\
         <SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" index=\"0\" \
         Location=\"https://sp.pelda.hu/acs\"/><AttributeConsumingService index=\"0\">\
         <ServiceName xml:lang=\"hu\">{name}</ServiceName></AttributeConsumingService>\
         </SPSSODescriptor></EntityDescriptor>"
    )
}

async fn register(
    gate: &Installation,
    name: &str,
    terms: StatedTerms,
    replacing: Replacing,
) -> Result<ClientRecord, RegisterError> {
    let options = SamlOptions { terms, ..SamlOptions::default() };
    gate.broker.register_saml_service(metadata(name).as_bytes(), &options, replacing).await?;
    Ok(registered(gate).await)
}

async fn registered(gate: &Installation) -> ClientRecord {
    gate.store.client(&ServiceId::new(ID)).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_service_is_replaced_only_when_that_is_said_and_keeps_its_state_and_its_terms() {
    let gate = Installation::start().await;
    let strict = StatedTerms { min_level: Some(Level::Two), basis: Some(LegalBasis::Law), ..StatedTerms::default() };
    let first = register(&gate, "Egy", strict, Replacing::Refused).await.unwrap();
    let again = register(&gate, "Ketto", StatedTerms::default(), Replacing::Refused).await;
    assert!(matches!(again, Err(RegisterError::Known { id }) if id == ID));
    assert_eq!(registered(&gate).await, first);

    gate.write(Op::ReplaceClient(ClientRecord { state: ClientState::Disabled, ..first })).await;
    let replaced = register(&gate, "Ketto", StatedTerms::default(), Replacing::Allowed).await.unwrap();
    assert_eq!(replaced.service.name_hu, "Ketto");
    assert_eq!(replaced.state, ClientState::Disabled, "what is switched off stays so");
    let kept = ServiceTerms { min_level: Some(Level::Two), basis: LegalBasis::Law, ..ServiceTerms::default() };
    assert_eq!(replaced.service.terms, kept);
    let stated = StatedTerms { min_level: Some(Level::One), basis: Some(LegalBasis::Consent), min_loa: None };
    let replaced = register(&gate, "Ketto", stated, Replacing::Allowed).await.unwrap();
    assert_eq!(replaced.service.terms, stated.over(ServiceTerms::default()), "what is stated holds");
}

#[tokio::test]
async fn a_service_never_changes_its_protocol() {
    let gate = Installation::start().await;
    let client = serde_json::json!({"client_id": ID, "client_name": "x", "redirect_uris": ["https://sp.pelda.hu/cb"]});
    let text = client.to_string();
    gate.broker.register_client(text.as_bytes(), None, Replacing::Refused).await.unwrap();
    let other = register(&gate, "Egy", StatedTerms::default(), Replacing::Allowed).await;
    assert!(matches!(other, Err(RegisterError::OtherProtocol { id }) if id == ID));
    assert_eq!(registered(&gate).await.protocol, Protocol::OpenIdConnect);

    let again = gate.broker.register_client(text.as_bytes(), None, Replacing::Refused).await;
    assert!(matches!(again, Err(RegisterError::Known { id }) if id == ID));
}

/// A client's metadata, with these purposes or without a word of them.
fn client(purposes: Option<serde_json::Value>) -> String {
    let mut client =
        serde_json::json!({"client_id": ID, "client_name": "x", "redirect_uris": ["https://sp.pelda.hu/cb"]});
    if let Some(purposes) = purposes {
        client["kapu_purposes"] = purposes;
    }
    client.to_string()
}

#[tokio::test]
async fn purposes_are_stated_once_and_stay_until_others_are() {
    let gate = Installation::start().await;
    let of = |hu: &str| serde_json::json!({"email": {"hu": hu}});
    let by_operator = |hu: &str| Some(read_purposes(of(hu).to_string().as_bytes()).unwrap());
    for (own, operator, expected) in [
        (None, None, None),
        (Some(of("A kliens szava")), None, Some("A kliens szava")),
        (None, None, Some("A kliens szava")),
        (None, by_operator("Az üzemeltető szava"), Some("Az üzemeltető szava")),
        (None, None, Some("Az üzemeltető szava")),
        (Some(serde_json::json!({})), None, None),
    ] {
        let text = client(own);
        gate.broker.register_client(text.as_bytes(), operator, Replacing::Allowed).await.unwrap();
        let registered = registered(&gate).await.service.purposes;
        let said = registered.of(Datum::Email).map(|purpose| purpose.said(Lang::Hu).0);
        assert_eq!(said, expected, "{text}");
    }
    let twice = client(Some(of("A kliens szava")));
    let refused = gate.broker.register_client(twice.as_bytes(), by_operator("Másik"), Replacing::Allowed).await;
    assert!(refused.unwrap_err().to_string().contains("one of them is enough"));
}

#[tokio::test]
async fn a_purpose_that_cannot_be_shown_is_refused_by_its_name() {
    let gate = Installation::start().await;
    let long = "ő".repeat(model::limits::PURPOSE_CHARS + 1);
    for (purposes, expected) in [
        (serde_json::json!({"cipomeret": {"hu": "Cipő"}}), "`kapu_purposes`: the purpose `cipomeret` names no datum"),
        (serde_json::json!({"email": {"en": "Notices"}}), "`kapu_purposes`: the purpose `email.hu` must be a text"),
        (serde_json::json!({"email": {"hu": long}}), "`kapu_purposes`: the purpose `email.hu` is longer than 200"),
        (
            serde_json::json!({"email": {"hu": "Cél", "en": "a\u{202e}b"}}),
            "`kapu_purposes`: the purpose `email.en` has a control character",
        ),
        (serde_json::json!("Cél"), "`kapu_purposes` must be an object"),
    ] {
        let text = client(Some(purposes));
        let refused = gate.broker.register_client(text.as_bytes(), None, Replacing::Allowed).await.unwrap_err();
        assert!(refused.to_string().starts_with(expected), "{refused}");
    }
    assert!(gate.store.clients().await.unwrap().is_empty(), "nothing is registered");
}
