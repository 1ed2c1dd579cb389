//! The examples of RFC 9901.

use serde_json::{Value, json};

use super::super::disclosure::{Content, Disclosure, digest_of};
use super::super::process::process;

const FAMILY_NAME: &str = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
const FRANCE: &str = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";

/// Sections 4.2.1 to 4.2.4.
#[test]
fn the_disclosures_of_rfc_9901_have_its_digests() {
    let name = Disclosure::parse(FAMILY_NAME).unwrap();
    assert_eq!(name.digest, "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
    assert!(name.content == Content::Property { name: "family_name".to_owned(), value: json!("Möbius") });
    let france = Disclosure::parse(FRANCE).unwrap();
    assert_eq!(france.digest, "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs");
    assert!(france.content == Content::Element { value: json!("FR") });
}

#[test]
fn the_disclosures_of_rfc_9901_find_their_places() {
    let payload = json!({
        "_sd": ["X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0", digest_of("a decoy")],
        "nationalities": ["DE", {"...": "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"}, "US"],
        "_sd_alg": "sha-256",
    });
    let claims = |disclosures: &[&str]| {
        let disclosures: Vec<_> = disclosures.iter().map(|text| Disclosure::parse(text).unwrap()).collect();
        Value::Object(process(payload.as_object().unwrap().clone(), &disclosures).unwrap().claims)
    };
    assert_eq!(claims(&[]), json!({"nationalities": ["DE", "US"]}));
    assert_eq!(claims(&[FRANCE]), json!({"nationalities": ["DE", "FR", "US"]}));
    let all = json!({"family_name": "Möbius", "nationalities": ["DE", "FR", "US"]});
    assert_eq!(claims(&[FAMILY_NAME, FRANCE]), all);
    assert_eq!(claims(&[FRANCE, FAMILY_NAME]), all);
}
