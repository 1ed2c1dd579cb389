//! A registration that takes the place of another takes nothing else with it.

use broker::{RegisterError, Replacing, SamlOptions};
use model::{Clock as _, LegalBasis, Level, ServiceId, ServiceTerms, StatedTerms};
use store::record::{AuditRecord, ClientRecord, ClientState, Protocol};
use store::{Change, Op};
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

    let told = AuditRecord { at: gate.clock.now(), person: None, event: "test", detail: String::new() };
    let off = Op::ReplaceClient(ClientRecord { state: ClientState::Disabled, ..first });
    gate.store.commit(Change::new(told).with(off)).await.unwrap();
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
    gate.broker.register_client(text.as_bytes(), Replacing::Refused).await.unwrap();
    let other = register(&gate, "Egy", StatedTerms::default(), Replacing::Allowed).await;
    assert!(matches!(other, Err(RegisterError::OtherProtocol { id }) if id == ID));
    assert_eq!(registered(&gate).await.protocol, Protocol::OpenIdConnect);

    let again = gate.broker.register_client(text.as_bytes(), Replacing::Refused).await;
    assert!(matches!(again, Err(RegisterError::Known { id }) if id == ID));
}
