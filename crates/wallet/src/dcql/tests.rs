//! Queries that are read, refused and answered.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::credential::{PERSON_VCT, PersonClaim};

fn read(query: &Value) -> Result<Query, DcqlError> {
    Query::parse(query.to_string().as_bytes())
}

fn pid(members: &Value) -> Value {
    let mut credential = json!({"id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:eudi:pid:1"]}});
    credential.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    json!({"credentials": [credential]})
}

/// OpenID4VP 1.0 appendix D.
fn alternatives() -> Value {
    let credential = |id: &str, vct: &str, claims: Value| json!({"id": id, "format": "dc+sd-jwt", "meta": {"vct_values": [vct]}, "claims": claims});
    let names = json!([{"path": ["given_name"]}, {"path": ["family_name"]}]);
    json!({
        "credentials": [
            credential("pid", "https://credentials.example.com/identity_credential", names.clone()),
            credential("other_pid", "https://othercredentials.example/pid", names.clone()),
            credential("pid_reduced_cred_1", "https://credentials.example.com/reduced_identity_credential", names),
            credential("pid_reduced_cred_2", "https://cred.example/residence_credential", json!([{"path": ["locality"]}])),
            credential("nice_to_have", "https://company.example/company_rewards", json!([{"path": ["rewards_number"]}])),
        ],
        "credential_sets": [
            {"options": [["pid"], ["other_pid"], ["pid_reduced_cred_1", "pid_reduced_cred_2"]]},
            {"required": false, "options": [["nice_to_have"]]},
        ],
    })
}

/// Each that the holder does not have, or does not show, may be missing; what is needed may not.
#[test]
fn what_is_optional_may_be_missing_in_every_combination() {
    let more = [PersonClaim::Address, PersonClaim::PhoneNumber, PersonClaim::Sex, PersonClaim::AgeOver18];
    let needed = CredentialQuery::sd_jwt("pid", &[PERSON_VCT.to_owned()], [PersonClaim::FamilyName.path()]);
    let query = needed.with_optional(more.map(PersonClaim::path).to_vec());
    assert_eq!((query.claims.len(), query.claim_sets.len()), (5, SETS_MAX));
    let query = Query::new(vec![query], vec![]).unwrap();
    assert_eq!(read(&serde_json::to_value(&query).unwrap()).unwrap(), query);
    let values = [json!({"locality": "Győr"}), json!("+36201"), json!(2), json!({"18": true})];
    for choice in 0..16_u32 {
        let mut claims = serde_json::Map::new();
        let held: Vec<usize> = (0..4).filter(|index| choice >> index & 1 == 1).collect();
        claims.extend(held.iter().map(|index| (more[*index].name().to_owned(), values[*index].clone())));
        let answer = |claims: &serde_json::Map<String, Value>| {
            query.choose(&[Candidate { kind: CandidateKind::SdJwt(PERSON_VCT), claims }])
        };
        assert_eq!(answer(&claims), None, "nobody is without a name");
        claims.insert("family_name".to_owned(), "Minta".into());
        let expected: Vec<ClaimPath> = [PersonClaim::FamilyName]
            .into_iter()
            .chain(held.iter().map(|index| more[*index]))
            .map(PersonClaim::path)
            .collect();
        assert_eq!(answer(&claims).unwrap()[0].shown, expected, "all that there is");
    }
}

#[test]
fn the_example_of_alternatives_is_answered_as_openid4vp_says() {
    let query = read(&alternatives()).unwrap();
    assert_eq!(serde_json::to_value(&query).unwrap(), alternatives());
    let names = json!({"given_name": "Anna", "family_name": "Minta"});
    let held = |claims: &Value, vct: &'static str| (vct, claims.as_object().unwrap().clone());
    let other = held(&names, "https://othercredentials.example/pid");
    let reduced = held(&names, "https://credentials.example.com/reduced_identity_credential");
    let residence = held(&json!({"locality": "Győr"}), "https://cred.example/residence_credential");
    let rewards = held(&json!({"rewards_number": 1}), "https://company.example/company_rewards");
    let answer = |held: &[&(&'static str, serde_json::Map<String, Value>)]| {
        let candidates: Vec<Candidate<'_>> =
            held.iter().map(|(vct, claims)| Candidate { kind: CandidateKind::SdJwt(vct), claims }).collect();
        query.choose(&candidates).map(|choices| choices.into_iter().map(|choice| choice.id).collect::<Vec<_>>())
    };
    let ids = |ids: &[&str]| Some(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    assert_eq!(answer(&[&residence, &other]), ids(&["other_pid"]));
    assert_eq!(answer(&[&reduced]), None);
    assert_eq!(answer(&[&reduced, &residence]), ids(&["pid_reduced_cred_1", "pid_reduced_cred_2"]));
    assert_eq!(answer(&[&other, &rewards]), ids(&["other_pid", "nice_to_have"]));
    assert_eq!(answer(&[&rewards]), None);
    assert_eq!(answer(&[]), None);
}

/// OpenID4VP 1.0 appendix D.
#[test]
fn the_first_set_of_claims_that_is_there_is_shown() {
    let query = read(&pid(&json!({
        "claims": [
            {"id": "a", "path": ["last_name"]}, {"id": "b", "path": ["postal_code"]},
            {"id": "c", "path": ["locality"]}, {"id": "d", "path": ["region"]},
            {"id": "e", "path": ["date_of_birth"]},
        ],
        "claim_sets": [["a", "c", "d", "e"], ["a", "b", "e"]],
    })))
    .unwrap();
    let shown = |claims: &Value| {
        let claims = claims.as_object().unwrap();
        let paths = query.credentials()[0].claims_shown(|path| path.select(claims))?;
        Some(json!(paths))
    };
    let (name, day, code) = ("last_name", "date_of_birth", "postal_code");
    assert_eq!(shown(&json!({name: 1, day: 2, code: 3})), Some(json!([[name], [code], [day]])));
    let all = json!({name: 1, day: 2, code: 3, "locality": 4, "region": 5});
    assert_eq!(shown(&all), Some(json!([[name], ["locality"], ["region"], [day]])));
    assert_eq!(shown(&json!({name: 1, day: 2})), None);
}

#[test]
fn v20_a_claim_with_another_value_does_not_answer() {
    let query = read(&pid(&json!({"claims": [
        {"path": ["last_name"], "values": ["Doe"]}, {"path": ["age"], "values": [18, 19]}, {"path": ["ok"], "values": [true]},
        {"path": ["nationalities", null], "values": ["HU"]},
    ]})))
    .unwrap();
    let answers =
        |claims: Value| query.credentials()[0].claims_shown(|path| path.select(claims.as_object().unwrap())).is_some();
    let claims =
        |name: Value, age: Value, of: Value| json!({"last_name": name, "age": age, "ok": true, "nationalities": of});
    assert!(answers(claims(json!("Doe"), json!(19), json!(["RO", "HU"]))));
    assert!(!answers(claims(json!("doe"), json!(19), json!(["HU"]))));
    assert!(!answers(claims(json!("Doe"), json!("19"), json!(["HU"]))));
    assert!(!answers(claims(json!("Doe"), json!(18), json!(["RO"]))));
    assert!(!answers(claims(json!("Doe"), json!(18), json!([]))));
}

#[test]
fn ours_is_what_we_read() {
    let claims = [PersonClaim::FamilyName, PersonClaim::GivenName].map(PersonClaim::path);
    let ours = CredentialQuery::sd_jwt("pid", &[PERSON_VCT.to_owned()], claims);
    let query = Query::new(vec![ours], vec![]).unwrap();
    let json = serde_json::to_value(&query).unwrap();
    assert_eq!(json, pid(&json!({"claims": [{"path": ["family_name"]}, {"path": ["given_name"]}]})));
    assert_eq!(read(&json), Ok(query));
    let mdoc = json!({"credentials": [{
        "id": "mdl", "format": "mso_mdoc", "meta": {"doctype_value": "org.iso.18013.5.1.mDL"}, "multiple": true,
        "claims": [{"path": ["org.iso.18013.5.1", "family_name"]}],
    }]});
    let query = read(&mdoc).unwrap();
    assert_eq!(query.credentials()[0].kind, CredentialKind::Mdoc("org.iso.18013.5.1.mDL".to_owned()));
    assert_eq!(serde_json::to_value(&query).unwrap(), mdoc);
}

#[test]
fn a_malformed_query_is_refused() {
    use DcqlError::{Format, Id, Member, TooLarge, Unbound};
    let many = |count: usize| (0..count).map(|at| json!({"path": [at.to_string()]})).collect::<Vec<_>>();
    #[rustfmt::skip]
    let rows = [
        (json!([]),                                                                 Member("dcql_query")),
        (json!({}),                                                                 Member("credentials")),
        (json!({"credentials": []}),                                                Member("credentials")),
        (json!({"credentials": {}}),                                                Member("credentials")),
        (json!({"credentials": vec![1; CREDENTIALS_MAX + 1]}),                      TooLarge("credentials")),
        (pid(&json!({"id": ""})),                                                   Id),
        (pid(&json!({"id": "a b"})),                                                Id),
        (pid(&json!({"id": "é"})),                                                  Id),
        (pid(&json!({"id": "a".repeat(ID_BYTES_MAX + 1)})),                         Id),
        (pid(&json!({"id": 1})),                                                    Member("id")),
        (pid(&json!({"format": "ldp_vc"})),                                         Format),
        (pid(&json!({"format": "vc+sd-jwt"})),                                      Format),
        (pid(&json!({"format": "mso_mdoc"})),                                       Member("doctype_value")),
        (pid(&json!({"meta": {}})),                                                 Member("vct_values")),
        (pid(&json!({"meta": {"vct_values": []}})),                                 Member("vct_values")),
        (pid(&json!({"meta": {"vct_values": [""]}})),                               Member("meta")),
        (pid(&json!({"require_cryptographic_holder_binding": false})),              Unbound),
        (pid(&json!({"multiple": "yes"})),                                          Member("multiple")),
        (pid(&json!({"claims": []})),                                               Member("claims")),
        (pid(&json!({"claims": many(CLAIMS_MAX + 1)})),                             TooLarge("claims")),
        (pid(&json!({"claims": [{"path": []}]})),                                   Member("path")),
        (pid(&json!({"claims": [{}]})),                                             Member("path")),
        (pid(&json!({"claims": [{"path": ["a"], "values": [1.5]}]})),               Member("values")),
        (pid(&json!({"claims": [{"path": ["a"], "values": [{}]}]})),                Member("values")),
        (pid(&json!({"claims": [{"path": ["a"], "id": "x"}, {"path": ["b"], "id": "x"}]})), Id),
        (pid(&json!({"claims": [{"path": ["a"]}], "claim_sets": [["x"]]})),         Id),
        (pid(&json!({"claims": [{"path": ["a"], "id": "x"}], "claim_sets": [["y"]]})), Id),
        (pid(&json!({"claims": [{"path": ["a"], "id": "x"}, {"path": ["b"]}], "claim_sets": [["x"]]})), Id),
        (pid(&json!({"claims": [{"path": ["a"], "id": "x"}], "claim_sets": [[]]})), Member("claim_sets")),
        (pid(&json!({"claim_sets": [["x"]]})),                                      Id),
    ];
    for (query, error) in rows {
        assert_eq!(read(&query), Err(error), "{query:.200}");
    }
    let mut query = alternatives();
    query["credential_sets"][0]["options"][0][0] = "nobody".into();
    assert_eq!(read(&query), Err(Id));
    query["credential_sets"] = json!([{"options": []}]);
    assert_eq!(read(&query), Err(Member("options")));
    for text in ["{".repeat(10_000), "[".repeat(QUERY_BYTES_MAX), r#"{"credentials":1,"credentials":2}"#.to_owned()] {
        assert_eq!(Query::parse(text.as_bytes()), Err(Member("dcql_query")));
    }
    assert_eq!(Query::parse(&vec![b' '; 1024 * 1024]), Err(TooLarge("dcql_query")));
}

proptest! {
    #[test]
    fn any_change_of_a_query_is_read_without_a_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut text = alternatives().to_string().into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        if let Ok(query) = Query::parse(&text) {
            prop_assert_eq!(Query::parse(&serde_json::to_vec(&query).unwrap()).unwrap(), query);
        }
    }
}
