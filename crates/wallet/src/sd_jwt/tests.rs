//! Credentials that are shown, and the presentations that are refused.

mod hostile;
mod other;
mod published;

use jose::SigningKey;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::ClaimPath;
use crate::samples::{Authority, Certified, NOW, holder, judge, salts, signer_params};

const VCT: &str = "urn:eudi:pid:1";
const AUDIENCE: &str = "x509_hash:verifier";

/// An issuer, a holder, and what passes between them.
struct World {
    anchor: Authority,
    issuer: Certified,
    holder: SigningKey,
}

impl World {
    fn new() -> Self {
        let anchor = Authority::new("IACA");
        let issuer = anchor.certify(&signer_params("Issuer"));
        Self { anchor, issuer, holder: holder() }
    }

    fn issue(&self, claims: &Value, disclosable: &[Value]) -> String {
        let disclosable: Vec<ClaimPath> = disclosable.iter().map(path).collect();
        let claims = claims.as_object().unwrap().clone();
        let holder = self.holder.public_jwk();
        let issuance = Issuance { claims, disclosable: &disclosable, decoys: 2, holder: &holder };
        issue(issuance, &self.issuer.key, &self.issuer.chain, &mut salts()).unwrap()
    }

    fn pid(&self) -> String {
        self.issue(&claims(), &disclosable())
    }

    fn held(&self, credential: &str) -> Held {
        Held::receive(credential, NOW, judge(&self.anchor.trusted())).unwrap()
    }

    fn show(&self, shown: &[Value]) -> String {
        let shown: Vec<ClaimPath> = shown.iter().map(path).collect();
        self.held(&self.pid()).present(&shown, &self.holder, &binding(), NOW).unwrap()
    }

    fn verify(&self, presentation: &str, asked: &[Value]) -> Result<Presented, SdJwtFault> {
        self.verify_at(presentation, asked, NOW)
    }

    fn verify_at(&self, presentation: &str, asked: &[Value], now: i64) -> Result<Presented, SdJwtFault> {
        let asked: Vec<ClaimPath> = asked.iter().map(path).collect();
        let vct_values = [VCT.to_owned()];
        let expected = PresentationExpected { vct_values: &vct_values, asked: &asked, key_binding: binding(), now };
        verify(presentation, &expected, judge(&self.anchor.trusted()))
    }

    /// Any payload signed by the issuer, with these disclosures, bound by the holder.
    fn forged(&self, payload: &Value, disclosures: &[&str]) -> String {
        let mut text = self.issuer.key.sign_with_chain(CREDENTIAL_TYP, &self.issuer.chain, payload).unwrap();
        text.push('~');
        for disclosure in disclosures {
            text += disclosure;
            text.push('~');
        }
        self.bound(&text)
    }

    fn bound(&self, presented: &str) -> String {
        format!("{presented}{}", key_binding::sign(presented, &self.holder, &binding(), NOW).unwrap())
    }

    fn cnf(&self) -> Value {
        json!({"jwk": self.holder.public_jwk()})
    }
}

fn binding() -> KeyBindingExpected<'static> {
    KeyBindingExpected { audience: AUDIENCE, nonce: "n-0S6_WzA2Mj" }
}

fn path(json: &Value) -> ClaimPath {
    ClaimPath::from_json(json).unwrap()
}

fn claims() -> Value {
    json!({
        "vct": VCT, "iss": "https://issuer.example", "iat": NOW - 1000, "exp": NOW + 1000,
        "family_name": "Minta", "given_name": "Anna", "birthdate": "1980-05-01",
        "place_of_birth": {"country": "HU", "locality": "Győr"}, "nationalities": ["HU", "RO"],
        "status": {"status_list": {"idx": 412, "uri": "https://issuer.example/status/1"}},
    })
}

fn disclosable() -> Vec<Value> {
    vec![
        json!(["family_name"]),
        json!(["given_name"]),
        json!(["birthdate"]),
        json!(["place_of_birth"]),
        json!(["place_of_birth", "locality"]),
        json!(["nationalities", null]),
    ]
}

#[test]
fn oid4vp_1final_verifier_happy_flow() {
    let world = World::new();
    let asked = [json!(["family_name"]), json!(["place_of_birth", "locality"]), json!(["nationalities", null])];
    let presented = world.verify(&world.show(&asked), &asked).unwrap();
    assert_eq!(presented.disclosed.text(&path(&asked[0])), Some("Minta"));
    assert_eq!(presented.disclosed.text(&path(&asked[1])), Some("Győr"));
    assert_eq!(presented.disclosed.values(&path(&asked[2])), [json!("HU"), json!("RO")]);
    let head = presented.head;
    assert_eq!((head.vct.as_str(), head.iss.as_deref()), (VCT, Some("https://issuer.example")));
    assert_eq!((head.issued_at, head.expires_at), (Some(NOW - 1000), Some(NOW + 1000)));
    let status = StatusReference { uri: "https://issuer.example/status/1".to_owned(), index: 412 };
    assert_eq!(head.status, Some(status));
    assert_eq!(head.holder.thumbprint(), world.holder.public_jwk().thumbprint());
    assert_eq!(head.signer.common_name.as_deref(), Some("Issuer"));
}

#[test]
fn oid4vp_1final_verifier_minimal_cnf_jwk() {
    let world = World::new();
    let jwk = crate::samples::minimal(&world.holder.public_jwk());
    let payload = json!({"vct": VCT, "family_name": "Minta", "cnf": {"jwk": jwk}});
    assert!(world.verify(&world.forged(&payload, &[]), &[]).is_ok());
}

#[test]
fn a_holder_shows_what_is_asked_and_no_more() {
    let world = World::new();
    let everything =
        [json!(["family_name"]), json!(["birthdate"]), json!(["place_of_birth"]), json!(["nationalities"])];
    for (shown, disclosures) in [
        (vec![], 0),
        (vec![json!(["family_name"])], 1),
        (vec![json!(["place_of_birth", "country"])], 1),
        (vec![json!(["place_of_birth", "locality"])], 2),
        (vec![json!(["place_of_birth"])], 2),
        (vec![json!(["nationalities", 0])], 1),
        (vec![json!(["nationalities", null])], 2),
        (vec![json!(["nationalities"]), json!(["given_name"])], 3),
        (vec![json!(["nobody has this"])], 0),
    ] {
        let presentation = world.show(&shown);
        assert_eq!(presentation.matches('~').count(), 1 + disclosures, "{shown:?}");
        let presented = world.verify(&presentation, &everything).unwrap();
        assert_eq!(presented.disclosed.text(&path(&everything[1])), None, "{shown:?}");
    }
    let held = world.held(&world.pid());
    assert_eq!(held.claims()["place_of_birth"], claims()["place_of_birth"]);
    assert_eq!(held.present(&[], &holder(), &binding(), NOW), Err(PresentError::OtherKey));
    assert!(!format!("{held:?}").contains("Minta"));
    let bound = Held::receive(&world.show(&[]), NOW, judge(&world.anchor.trusted())).err();
    assert_eq!(bound, Some(SdJwtFault::AlreadyBound));
}

#[test]
fn v20_what_nobody_asked_for_is_dropped_unread() {
    let world = World::new();
    let shown = [json!(["family_name"]), json!(["given_name"]), json!(["birthdate"])];
    let asked = json!(["given_name"]);
    let disclosed = world.verify(&world.show(&shown), std::slice::from_ref(&asked)).unwrap().disclosed;
    assert_eq!(disclosed.paths().collect::<Vec<_>>(), [&path(&asked)]);
    assert_eq!(disclosed.values(&path(&json!(["family_name"]))), [] as [Value; 0]);
    assert!(!format!("{disclosed:?}").contains("Anna"));
}

#[test]
fn v07_a_credential_out_of_its_time_is_refused() {
    let world = World::new();
    for (change, error) in [
        (json!({"exp": NOW + 1}), None),
        (json!({"exp": NOW}), Some(SdJwtFault::Expired)),
        (json!({"exp": NOW - 1}), Some(SdJwtFault::Expired)),
        (json!({"exp": 0.5}), Some(SdJwtFault::Expired)),
        (json!({"nbf": NOW + ISSUER_AHEAD_MAX}), None),
        (json!({"nbf": NOW + ISSUER_AHEAD_MAX + 1}), Some(SdJwtFault::Early)),
        (json!({"exp": "tomorrow"}), Some(SdJwtFault::Claim("exp"))),
        (json!({"status": {}}), Some(SdJwtFault::Claim("status"))),
        (json!({"status": {"other_mechanism": {}}}), Some(SdJwtFault::Claim("status"))),
        (
            json!({"status": {"status_list": {"idx": -1, "uri": "https://a.example"}}}),
            Some(SdJwtFault::Claim("status")),
        ),
        (json!({"vct": "urn:eudi:pid:2"}), Some(SdJwtFault::Type)),
        (json!({"vct": 1}), Some(SdJwtFault::Claim("vct"))),
        (json!({"cnf": {}}), Some(SdJwtFault::Claim("cnf"))),
        (json!({"cnf": {"jwk": {"kty": "oct", "k": "AA"}}}), Some(SdJwtFault::Claim("cnf"))),
    ] {
        let mut payload = json!({"vct": VCT, "cnf": world.cnf()});
        payload.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(world.verify(&world.forged(&payload, &[]), &[]).err(), error, "{change}");
    }
}

#[test]
fn v06_an_issuer_with_another_name_than_its_certificates_is_refused() {
    let world = World::new();
    let payload = json!({"vct": VCT, "cnf": world.cnf(), "iss": "https://other.example"});
    assert_eq!(world.verify(&world.forged(&payload, &[]), &[]), Err(SdJwtFault::IssuerName));
}

#[test]
fn what_is_issued_wrongly_is_not_signed() {
    let world = World::new();
    let holder = world.holder.public_jwk();
    let result = |claims: Value, disclosable: &[Value]| {
        let disclosable: Vec<ClaimPath> = disclosable.iter().map(path).collect();
        let claims: Map<String, Value> = serde_json::from_value(claims).unwrap();
        let issuance = Issuance { claims, disclosable: &disclosable, decoys: 0, holder: &holder };
        issue(issuance, &world.issuer.key, &world.issuer.chain, &mut salts()).map(|_| ())
    };
    assert_eq!(result(json!({"a": 1}), &[json!(["b"])]), Err(IssueError::NoSuchClaim));
    assert_eq!(result(json!({"vct": "v"}), &[json!(["vct"])]), Err(IssueError::ReservedName));
    for reserved in [json!({"_sd": []}), json!({"a": {"...": "b"}}), json!({"_sd_alg": "md5"})] {
        assert_eq!(result(reserved, &[]), Err(IssueError::ReservedName));
    }
    let many = json!({"a": vec![1; DISCLOSURES_MAX + 1]});
    assert_eq!(result(many, &[json!(["a", null])]), Err(IssueError::TooLarge));
    let deep = (0..DEPTH_MAX).fold(json!(1), |inner, _| json!([inner]));
    assert_eq!(result(json!({"a": deep}), &[]), Err(IssueError::TooLarge));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any byte changed is refused, or makes no difference.
    #[test]
    fn v04_a_changed_presentation_is_refused(at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f) {
        let world = World::new();
        let asked = [json!(["family_name"]), json!(["nationalities", null])];
        let presentation = world.show(&asked);
        let mut changed = presentation.clone().into_bytes();
        let at = at.index(changed.len());
        prop_assume!(changed[at] != byte);
        changed[at] = byte;
        let changed = String::from_utf8(changed).unwrap();
        if let Ok(presented) = world.verify(&changed, &asked) {
            prop_assert_eq!(presented, world.verify(&presentation, &asked).unwrap());
        }
    }

    /// Whatever is hidden and shown, a verifier sees the claims as they were issued, or not at all.
    #[test]
    fn what_is_shown_is_what_was_issued(hidden in prop::sample::subsequence(disclosable(), 0..=6), shown in prop::sample::subsequence(disclosable(), 0..=6)) {
        let world = World::new();
        let credential = world.issue(&claims(), &hidden);
        let shown_paths: Vec<ClaimPath> = shown.iter().map(path).collect();
        let presentation = world.held(&credential).present(&shown_paths, &world.holder, &binding(), NOW).unwrap();
        let presented = world.verify(&presentation, &shown).unwrap();
        for path in &shown_paths {
            let issued: Vec<Value> = path.select(claims().as_object().unwrap()).into_iter().cloned().collect();
            prop_assert_eq!(presented.disclosed.values(path), issued);
        }
    }
}
