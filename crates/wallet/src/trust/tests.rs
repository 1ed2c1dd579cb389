//! Chains that are believed, and those that are not.

use jose::SigningKey;
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SanType};

use super::*;
use crate::samples::{Authority, NOW, authority_params, params, reader_params, signer_params};

fn check(list: &TrustList, chain: &[Vec<u8>]) -> Result<Signer, ChainFault> {
    list.check(chain, Purpose::Credentials, NOW)
}

fn with(mut params: CertificateParams, change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    change(&mut params);
    params
}

fn fingerprint(der: &[u8]) -> Fingerprint {
    certificate::fingerprint(der)
}

#[test]
fn a_chain_to_an_anchor_says_who_signed() {
    let anchor = Authority::new("IACA");
    let certified = anchor.certify(&signer_params("Issuer"));
    let signer = check(&anchor.trusted(), &certified.chain).unwrap();
    assert_eq!(signer.key, certified.key.public_jwk());
    assert_eq!(signer.common_name.as_deref(), Some("Issuer"));
    assert_eq!(signer.uris, ["https://issuer.example"]);
    assert_eq!((signer.fingerprint, signer.anchor), (fingerprint(&certified.chain[0]), fingerprint(&anchor.der)));
    let below = anchor.authority(authority_params("Below"));
    let certified = below.certify(&signer_params("Issuer"));
    let chain = [certified.chain[0].clone(), below.der];
    assert!(check(&anchor.trusted(), &chain).is_ok());
    assert_eq!(check(&anchor.trusted(), &chain[..1]), Err(ChainFault::Unknown));
}

#[test]
fn v06_an_issuer_that_is_not_trusted_is_refused() {
    let [anchor, other] = ["IACA", "IACA"].map(Authority::new);
    let certified = other.certify(&signer_params("Issuer"));
    assert_eq!(check(&anchor.trusted(), &certified.chain), Err(ChainFault::Unknown));
    let both = TrustList::new(&[anchor.der.clone(), other.der.clone()], []).unwrap();
    assert_eq!(check(&both, &certified.chain).map(|signer| signer.anchor), Ok(fingerprint(&other.der)));
    assert_eq!(check(&TrustList::new(&[], []).unwrap(), &certified.chain), Err(ChainFault::Unknown));
}

#[test]
fn v06_the_anchor_itself_does_not_belong_into_the_chain() {
    let anchor = Authority::new("IACA");
    let certified = anchor.certify(&signer_params("Issuer"));
    let chain = [certified.chain[0].clone(), anchor.der.clone()];
    assert_eq!(check(&anchor.trusted(), &chain), Err(ChainFault::AnchorInChain));
    assert_eq!(check(&anchor.trusted(), std::slice::from_ref(&anchor.der)), Err(ChainFault::AnchorInChain));
}

#[test]
fn v06_what_is_expired_or_revoked_is_refused() {
    let anchor = Authority::new("IACA");
    let below = anchor.authority(authority_params("Below"));
    let certified = below.certify(&signer_params("Issuer"));
    let chain = [certified.chain[0].clone(), below.der.clone()];
    for (der, what) in [(&anchor.der, "anchor"), (&below.der, "between"), (&certified.chain[0], "signer")] {
        let list = TrustList::new(std::slice::from_ref(&anchor.der), [fingerprint(der)]).unwrap();
        assert_eq!(check(&list, &chain), Err(ChainFault::Revoked), "{what}");
    }
    let list = anchor.trusted();
    // 2027-01-01 and 2025-01-01, both seconds included.
    let (begin, end) = (1_735_689_600, 1_798_761_600);
    for (now, result) in [
        (begin, Ok(())),
        (begin - 1, Err(ChainFault::Early)),
        (end, Ok(())),
        (end + 1, Err(ChainFault::Expired)),
        (-1, Err(ChainFault::Early)),
    ] {
        assert_eq!(list.check(&chain, Purpose::Credentials, now).map(|_| ()), result, "{now}");
    }
    let expired = with(authority_params("IACA"), |params| params.not_after = rcgen::date_time_ymd(2025, 12, 31));
    let expired = Authority::of(expired, KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap());
    let certified = expired.certify(&signer_params("Issuer"));
    assert_eq!(check(&expired.trusted(), &certified.chain), Err(ChainFault::Expired));
}

#[test]
fn v06_a_certificate_for_something_else_is_refused() {
    let anchor = Authority::new("IACA");
    let list = anchor.trusted();
    let result = |params: &CertificateParams| check(&list, &anchor.certify(params).chain).map(|_| ());
    let with_usages = |usages: Vec<ExtendedKeyUsagePurpose>| {
        result(&with(signer_params("Issuer"), |params| params.extended_key_usages = usages))
    };
    let other = |oid: &[u64]| ExtendedKeyUsagePurpose::Other(oid.to_vec());
    assert_eq!(with_usages(vec![]), Ok(()));
    assert_eq!(with_usages(vec![other(&[1, 3, 6, 1, 5, 5, 7, 3, 36])]), Ok(()));
    assert_eq!(with_usages(vec![ExtendedKeyUsagePurpose::ServerAuth]), Err(ChainFault::Usage));
    assert_eq!(with_usages(vec![ExtendedKeyUsagePurpose::Any]), Err(ChainFault::Usage));
    assert_eq!(result(&reader_params("Reader")), Err(ChainFault::Usage));
    let reader = anchor.certify(&reader_params("Reader"));
    assert!(list.check(&reader.chain, Purpose::Requests, NOW).is_ok());
    let issuer = anchor.certify(&signer_params("Issuer"));
    assert_eq!(list.check(&issuer.chain, Purpose::Requests, NOW), Err(ChainFault::Usage));
    let key_usages = vec![KeyUsagePurpose::KeyAgreement];
    assert_eq!(result(&with(signer_params("Issuer"), |params| params.key_usages = key_usages)), Err(ChainFault::Usage));
    assert_eq!(result(&with(signer_params("Issuer"), |params| params.key_usages = vec![])), Ok(()));
}

#[test]
fn v06_who_may_not_sign_certificates_certifies_nobody() {
    let anchor = Authority::new("IACA");
    let list = anchor.trusted();
    let below = |params: CertificateParams| {
        let between = anchor.authority(params);
        let certified = between.certify(&signer_params("Issuer"));
        check(&list, &[certified.chain[0].clone(), between.der]).map(|_| ())
    };
    assert_eq!(below(authority_params("Below")), Ok(()));
    assert_eq!(below(signer_params("Another issuer")), Err(ChainFault::Constraints));
    let key_usages = vec![KeyUsagePurpose::DigitalSignature];
    assert_eq!(
        below(with(authority_params("Below"), |params| params.key_usages = key_usages)),
        Err(ChainFault::Constraints)
    );
    let narrow = with(authority_params("Narrow"), |params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)));
    let narrow = anchor.authority(narrow);
    let lower = narrow.authority(authority_params("Lower"));
    let certified = lower.certify(&signer_params("Issuer"));
    let chain = [certified.chain[0].clone(), lower.der, narrow.der];
    assert_eq!(check(&list, &chain), Err(ChainFault::Constraints));
    let as_signer = anchor.certify(&with(authority_params("Authority"), |params| {
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign];
    }));
    assert_eq!(check(&list, &as_signer.chain), Err(ChainFault::Constraints));
}

#[test]
fn an_anchor_is_an_authority() {
    let issuer = Authority::new("IACA").certify(&signer_params("Issuer"));
    assert_eq!(TrustList::new(&issuer.chain, []).err(), Some(TrustError::Anchor(1)));
    let anchor = Authority::new("IACA").der;
    for damaged in [vec![], vec![0x30], anchor[..anchor.len() - 1].to_vec(), [anchor.as_slice(), &[0]].concat()] {
        assert_eq!(TrustList::new(&[anchor.clone(), damaged], []).err(), Some(TrustError::Anchor(2)));
    }
    assert_eq!(TrustList::new(&vec![anchor; ANCHORS_MAX + 1], []).err(), Some(TrustError::TooMany));
}

#[test]
fn a_key_that_signs_no_credential_is_refused() {
    let anchor = Authority::new("IACA");
    let other = anchor.authority(signer_params("P-384"));
    assert_eq!(check(&anchor.trusted(), &[other.der]), Err(ChainFault::Key));
}

#[test]
fn an_authority_may_sign_with_rsa() {
    let pkcs8 = SigningKey::generate(jose::Algorithm::Rs256).unwrap().to_pkcs8().unwrap();
    let anchor = Authority::of(authority_params("RSA"), KeyPair::try_from(pkcs8.as_slice()).unwrap());
    let certified = anchor.certify(&signer_params("Issuer"));
    assert!(check(&anchor.trusted(), &certified.chain).is_ok());
}

#[test]
fn v06_an_issuer_is_called_as_its_certificate_says() {
    let anchor = Authority::new("IACA");
    let signer = |names: Vec<SanType>| {
        let certified = anchor.certify(&with(params("Issuer"), |params| params.subject_alt_names = names));
        check(&anchor.trusted(), &certified.chain).unwrap()
    };
    let named = signer(vec![
        SanType::URI("https://a.example/pid".try_into().unwrap()),
        SanType::DnsName("B.example".try_into().unwrap()),
    ]);
    for (issuer, may) in [
        ("https://a.example/pid", true),
        ("https://a.example", false),
        ("https://b.example", true),
        ("https://b.example:8443/x?y#z", true),
        ("https://b.example.evil", false),
        ("https://b.example@evil.example", false),
        ("http://b.example", false),
        ("b.example", false),
        ("", false),
    ] {
        assert_eq!(named.may_be_called(issuer), may, "{issuer}");
    }
    assert!(signer(vec![]).may_be_called("https://anything.example"));
}

#[test]
fn a_changed_certificate_is_refused() {
    let anchor = Authority::new("IACA");
    let list = anchor.trusted();
    let certified = anchor.certify(&signer_params("Issuer"));
    for at in 0..certified.chain[0].len() {
        let mut changed = certified.chain[0].clone();
        changed[at] ^= 1;
        assert!(check(&list, &[changed]).is_err(), "byte {at}");
    }
}
