//! Our own metadata: what services read of us.

use std::time::Duration;

use model::Clock as _;
use saml::Binding;
use saml::metadata::{Loopback, MetadataReading, Trust};
use testkit::{Installation, KAU};
use xmlsec::{Certificate, PublicKeyType};

use super::service::idp_of;

#[tokio::test]
async fn the_metadata_is_signed_and_says_what_there_is() {
    let gate = Installation::start().await;
    let xml = gate.broker.saml_metadata().unwrap();
    let entity = idp_of(&gate);
    let keys: Vec<_> = entity.idp.as_ref().unwrap().role.signing().map(|one| one.key().clone()).collect();
    let now = gate.clock.now().seconds();
    let signed = MetadataReading { loopback: Loopback::Allowed, trust: Trust::SignedBy(&keys), now };
    let read = signed.read(&xml).unwrap();
    assert!(read.is_signed && read.warnings.is_empty(), "{:?}", read.warnings);
    assert_eq!(entity.entity_id, format!("{KAU}/saml/metadata"));
    assert!(entity.valid_until.is_some_and(|until| until > now));
    let idp = entity.idp.unwrap();
    assert_eq!(idp.role.error_url.as_deref(), Some("http://ugyfelkapu.localhost:8080/segitseg"));
    for binding in [Binding::Redirect, Binding::Post] {
        assert_eq!(idp.single_sign_on(binding).unwrap().location, format!("{KAU}/saml/sso"));
    }
    assert_eq!(idp.role.ui.display_names.len(), 2);
    assert_eq!(idp.role.artifact_resolution[0].location, format!("{KAU}/saml/artifact"));
    assert!(!entity.contacts.is_empty() && !idp.want_authn_requests_signed);
}

/// The next key is published a day before it signs, and the old one is kept a day after: RSA's for everybody, and
/// after them ECDSA's.
#[tokio::test]
async fn a_successor_is_published_beside_the_key_that_signs() {
    let gate = Installation::start().await;
    for (nth, is_rsa) in [true, false].into_iter().enumerate() {
        a_key_is_rotated(&gate, nth, is_rsa).await;
    }
}

async fn a_key_is_rotated(gate: &Installation, before: usize, is_rsa: bool) {
    let keys = || {
        let idp = idp_of(gate).idp.unwrap();
        let all: Vec<_> = idp.role.signing().cloned().collect();
        let is_asked = |one: &Certificate| matches!(one.key().key_type(), PublicKeyType::Rsa { .. }) == is_rsa;
        assert!(all.is_sorted_by_key(|one| !matches!(one.key().key_type(), PublicKeyType::Rsa { .. })));
        let asked = all.iter().filter(|one| is_asked(one));
        asked.map(|certificate| idp::keys::fingerprint(certificate.der())).collect::<Vec<_>>()
    };
    let first = keys();
    assert_eq!(first.len(), 1, "after {before} rotations");
    gate.broker.rotate_keys().await.unwrap();
    let both = keys();
    assert_eq!((both.len(), &both[0]), (2, &first[0]), "the one that signs comes first");
    gate.clock.pass(Duration::from_hours(24) - Duration::from_secs(1));
    assert_eq!(keys()[0], first[0]);
    gate.clock.pass(Duration::from_secs(1));
    assert_eq!(keys(), [both[1].clone(), first[0].clone()], "promoted on the date");
    gate.clock.pass(Duration::from_hours(24));
    assert_eq!(keys(), [both[1].clone()]);
}
