//! What an entity can check, and what is therefore signed with.

use xmlsec::SignatureAlgorithm::{EcdsaSha256, EcdsaSha384, RsaSha256, RsaSha512};

use super::*;

const OURS: [(SignatureAlgorithm, u16); 2] = [(RsaSha256, 2048), (EcdsaSha256, 256)];

fn sized(algorithm: SignatureAlgorithm, min_key_size: Option<u16>, max_key_size: Option<u16>) -> SigningMethod {
    SigningMethod { min_key_size, max_key_size, ..SigningMethod::any_size(algorithm) }
}

#[test]
fn the_first_that_both_have_is_signed_with() {
    let any = SigningMethod::any_size;
    let foreign = SigningMethod { algorithm: "http://example.org/of-tomorrow".to_owned(), ..any(EcdsaSha256) };
    let table = [
        (vec![], None),
        (vec![foreign.clone(), any(EcdsaSha384), any(RsaSha512)], None),
        (vec![foreign, any(EcdsaSha384), any(EcdsaSha256), any(RsaSha256)], Some(EcdsaSha256)),
        (vec![any(RsaSha256), any(EcdsaSha256)], Some(RsaSha256)),
        (vec![sized(EcdsaSha256, Some(256), Some(256)), any(RsaSha256)], Some(EcdsaSha256)),
        (vec![sized(EcdsaSha256, Some(257), None), any(RsaSha256)], Some(RsaSha256)),
        (vec![sized(EcdsaSha256, None, Some(255)), any(RsaSha256)], Some(RsaSha256)),
        (vec![sized(RsaSha256, Some(3072), None)], None),
    ];
    for (signing_methods, expected) in table {
        let role = Role { signing_methods, ..Role::default() };
        assert_eq!(role.signing_method(&OURS), expected, "{:?}", role.signing_methods);
    }
}

#[test]
fn an_entity_speaks_for_a_role_that_lists_nothing() {
    let at_role = EntityDescriptor {
        attributes: Vec::new(),
        sp: sp().sp.map(|sp| SpDescriptor {
            role: Role { signing_methods: vec![sized(RsaSha256, Some(2048), Some(4096))], ..sp.role },
            ..sp
        }),
        ..sp()
    };
    let xml = at_role.write("_1", None).unwrap();
    assert_eq!(read(&xml).unwrap().entities, std::slice::from_ref(&at_role));
    let of_entity = "<md:Extensions><alg:SigningMethod xmlns:alg=\"urn:oasis:names:tc:SAML:metadata:algsupport\" \
                     Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/></md:Extensions>";
    let methods = |xml: &str| read(xml).unwrap().entities.remove(0).sp.unwrap().role.signing_methods;
    let both = xml.replace("<md:SPSSODescriptor", &format!("{of_entity}<md:SPSSODescriptor"));
    assert_eq!(methods(&both), at_role.sp.unwrap().role.signing_methods);
    let xml = sp_without_extensions().replace("<md:SPSSODescriptor", &format!("{of_entity}<md:SPSSODescriptor"));
    assert_eq!(methods(&xml), [SigningMethod::any_size(EcdsaSha256)]);
    let no_number = xml.replace("Algorithm=", "MinKeySize=\"many\" Algorithm=");
    let refused = read(&no_number).unwrap_err();
    assert!(refused.to_string().contains("MinKeySize"), "{refused}");
}

fn sp_without_extensions() -> String {
    EntityDescriptor { attributes: Vec::new(), ..sp() }.write("_1", None).unwrap()
}
