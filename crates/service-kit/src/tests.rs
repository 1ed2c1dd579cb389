//! The kit beside an identity provider of its own.

mod answers;
mod logout;
mod provider;

use saml::binding::redirect;
use saml::metadata::{EntityDescriptor, Loopback, MetadataReading, Trust};
use saml::{AuthnRequest, Binding, SignatureDemand};

use super::*;
use provider::{ACS, IDP, NOW, fill, idp, idp_entity, service};

#[test]
fn a_service_describes_itself_and_signs_that() {
    let service = service();
    let xml = service.metadata(&mut fill).unwrap();
    let keys = [service.config.keys.signing().verifying_key().clone()];
    let reading = MetadataReading { loopback: Loopback::Refused, trust: Trust::SignedBy(&keys), now: NOW };
    let read = reading.read(xml.as_bytes()).unwrap();
    assert!(read.is_signed && read.warnings.is_empty(), "{:?}", read.warnings);
    let entity = &read.entities[0];
    assert_eq!(SubjectIdRequirement::of(entity), Some(SubjectIdRequirement::PairwiseId));
    let sp = entity.sp.as_ref().unwrap();
    assert_eq!(sp.default_consumer(&[Binding::Post]).unwrap().location, ACS);
    assert!(sp.role.encryption().is_some());
    let requested: Vec<_> = sp.attribute_consumers[0].requested.iter().collect();
    assert_eq!(requested.len(), 2);
    assert!(requested[0].is_required && !requested[1].is_required);
    assert!(requested.iter().all(|asked| asked.attribute.values.is_empty()));
}

#[test]
fn a_request_is_signed_by_the_address_that_carries_it() {
    let (service, idp) = (service(), idp());
    let context = WantedContext { requested: RequestedAuthnContext::exact(&["urn:a"]), accepted: vec!["urn:a".into()] };
    let sign_in = SignIn {
        force_authn: true,
        is_passive: false,
        context: Some(context.clone()),
        name_id_format: NameIdWanted::Persistent,
    };
    let started = service.sign_in(&idp, &sign_in, Some("there"), NOW, &mut fill).unwrap();
    let (address, query) = started.location.split_once('?').unwrap();
    assert_eq!(address, "https://idp.example/sso");
    let received = redirect::decode(query).unwrap();
    assert_eq!(received.relay_state(), Some("there"));
    let keys = [service.config.keys.signing().verifying_key().clone()];
    let request = AuthnRequest::read(&received.authenticate(&keys, SignatureDemand::Required).unwrap()).unwrap();
    assert_eq!(request.id, started.request_id);
    assert_eq!(request.destination.as_deref(), Some(address));
    assert_eq!((request.force_authn, request.is_passive, request.issue_instant), (true, false, NOW));
    assert_eq!(request.name_id_policy.unwrap().format, NameIdFormat::Persistent);
    assert_eq!(request.authn_context, Some(context.requested));
    let long = "r".repeat(saml::binding::RELAY_STATE_BYTES_MAX + 1);
    let refused = service.sign_in(&idp, &sign_in, Some(&long), NOW, &mut fill);
    assert_eq!(refused.unwrap_err().code(), "ours");
}

#[test]
fn identifiers_are_names_and_differ() {
    let mut next = 0;
    let mut fill = |octets: &mut [u8]| {
        next += 1;
        octets.fill(next);
    };
    let ids = [draw_id(&mut fill), draw_id(&mut fill)];
    assert_eq!(ids[0], format!("_{}", "01".repeat(16)));
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn metadata_is_read_again_when_it_says_so_and_believed_until_it_ends() {
    let read = |entity: &EntityDescriptor, now| {
        IdentityProvider::read(entity.write("_m", None).unwrap().as_bytes(), IDP, Loopback::Refused, now)
    };
    let entity = |cache, until| EntityDescriptor { cache_duration: cache, valid_until: until, ..idp_entity() };
    #[rustfmt::skip]
    let table = [
        // cacheDuration   validUntil         due after   valid for
        (None,             None,              3600,       86_400),
        (Some(600),        Some(NOW + 7200),  600,        7200),
        (Some(0),          Some(NOW + 7200),  60,         7200),
        (Some(1_000_000),  None,              3600,       86_400),
        (Some(600),        Some(NOW + 100),   100,        100),
    ];
    for (cache, until, due, valid) in table {
        let idp = read(&entity(cache, until), NOW).unwrap();
        assert_eq!((idp.read_at(), idp.entity_id()), (NOW, IDP));
        assert!(!idp.is_due(NOW + due - 1) && idp.is_due(NOW + due), "{cache:?} {until:?}");
        assert!(idp.is_valid(NOW + valid - 1) && !idp.is_valid(NOW + valid), "{cache:?} {until:?}");
    }
    assert_eq!(read(&entity(None, Some(NOW)), NOW).unwrap_err().code(), "metadata");
    assert!(!may_ask_again(NOW, NOW + 59) && may_ask_again(NOW, NOW + 60));
}

#[test]
fn metadata_that_is_of_no_use_is_refused() {
    let mut no_key = idp_entity();
    no_key.idp.as_mut().unwrap().role.keys.clear();
    let mut no_address = idp_entity();
    no_address.idp.as_mut().unwrap().single_sign_on.clear();
    let other = EntityDescriptor { entity_id: "https://other.example".into(), ..idp_entity() };
    let xml = service().metadata(&mut fill).unwrap();
    for (what, xml) in [
        ("no key", no_key.write("_m", None).unwrap()),
        ("no address", no_address.write("_m", None).unwrap()),
        ("another", other.write("_m", None).unwrap()),
        ("a service", xml),
        ("nothing", String::new()),
    ] {
        let refused = IdentityProvider::read(xml.as_bytes(), IDP, Loopback::Refused, NOW);
        assert_eq!(refused.unwrap_err().code(), "metadata", "{what}");
    }
    assert!(idp().has_logout());
    let mut silent = idp_entity();
    silent.idp.as_mut().unwrap().role.single_logout.clear();
    let silent = IdentityProvider::read(silent.write("_m", None).unwrap().as_bytes(), IDP, Loopback::Refused, NOW);
    assert!(!silent.unwrap().has_logout());
}

#[test]
fn keys_rest_and_are_read_again() {
    let signing = StoredKey::draw(KeyType::P256, "sp.example", NOW, &mut fill).unwrap();
    // A key to decrypt is RSA.
    assert!(matches!(ServiceKeys::read(&signing, &signing), Err(KitError::Key(_))));
    let damaged = StoredKey { private_key: vec![0; 8].into(), ..signing.clone() };
    assert!(matches!(ServiceKeys::read(&damaged, &signing), Err(KitError::Key(_))));
    let long = StoredKey::draw(KeyType::P256, &"a".repeat(65), NOW, &mut fill);
    assert!(matches!(long, Err(KitError::Certificate(_))));
}
