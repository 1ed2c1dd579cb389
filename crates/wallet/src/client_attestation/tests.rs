//! What is no attestation of a wallet, and no proof of one, as tables.

use rcgen::ExtendedKeyUsagePurpose;
use serde_json::{Value, json};

use super::*;
use crate::samples::{Authority, Certified, NOW, holder, params};
use crate::trust::Purpose;

const CLIENT: &str = "https://wallet.example";
const SERVER: &str = "https://dap.example";

struct World {
    authority: Authority,
    provider: Certified,
    instance: jose::SigningKey,
}

impl World {
    fn new() -> Self {
        let authority = Authority::new("Wallet providers");
        let provider = authority.certify(&params("Wallet provider"));
        Self { authority, provider, instance: holder() }
    }

    fn claims(&self) -> Value {
        json!({
            "iss": "https://provider.example", "sub": CLIENT, "iat": NOW - 10, "exp": NOW + 60,
            "cnf": {"jwk": self.instance.public_jwk()}, "wallet_name": "Tárca",
        })
    }

    fn attested(&self, claims: &Value) -> String {
        self.provider.key.sign_with_chain(ATTESTATION_TYP, &self.provider.chain, claims).unwrap()
    }

    fn verify(&self, token: &str) -> Result<ClientAttestation, AttestationFault> {
        let trusted = self.authority.trusted();
        ClientAttestation::verify(token, NOW, |chain| trusted.check(chain, Purpose::Attestations, NOW))
    }
}

fn proof_claims() -> Value {
    json!({"iss": CLIENT, "aud": SERVER, "jti": "j-1", "iat": NOW})
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

#[test]
fn an_attestation_tells_wallet_and_key() {
    let world = World::new();
    let found = world.verify(&world.attested(&world.claims())).unwrap();
    assert_eq!((found.client_id.as_str(), found.instance.thumbprint().as_str()), (CLIENT, world.instance.kid()));
    let proof = world.instance.sign(PROOF_TYP, &proof_claims()).unwrap();
    let expected = AttestationProofExpected { server: SERVER, now: NOW };
    assert_eq!(found.verify_proof(&proof, &expected), Ok("j-1".to_owned()));
}

#[test]
fn what_an_attestation_must_say() {
    use AttestationFault::{Attestation, Client, Key, Time};
    let world = World::new();
    let good = || world.claims();
    let private = json!({"jwk": {"kty": "EC", "crv": "P-256", "d": "AA", "x": "AA", "y": "AA"}});
    let malformed = Err(Attestation(JwsError::Payload));
    #[rustfmt::skip]
    let table = [
        (good(),                                        Ok(())),
        (with(good(), "nbf", json!(NOW + 60)),          Ok(())),
        (with(good(), "exp", json!(NOW + 1)),           Ok(())),
        (with(good(), "iss", json!(null)),              Ok(())),
        (with(good(), "exp", json!(NOW)),               Err(Time)),
        (with(good(), "exp", json!(null)),              Err(Time)),
        (with(good(), "exp", json!("soon")),            malformed),
        (with(good(), "nbf", json!(NOW + 61)),          Err(Time)),
        (with(good(), "sub", json!(null)),              Err(Client)),
        (with(good(), "sub", json!("")),                Err(Client)),
        (with(good(), "sub", json!("c".repeat(257))),   Err(Client)),
        (with(good(), "sub", json!(["c"])),             malformed),
        (with(good(), "cnf", json!(null)),              Err(Key)),
        (with(good(), "cnf", json!({})),                Err(Key)),
        (with(good(), "cnf", json!({"kid": "k"})),      Err(Key)),
        (with(good(), "cnf", json!({"jwk": {"kty": "oct", "k": "AA"}})), Err(Key)),
        (with(good(), "cnf", private),                  Err(Key)),
        (with(good(), "cnf", json!("k")),               malformed),
    ];
    for (claims, expected) in table {
        assert_eq!(world.verify(&world.attested(&claims)).map(drop), expected, "{claims}");
    }
}

#[test]
fn whose_word_an_attestation_is() {
    use AttestationFault::{Attestation, Chain};
    let world = World::new();
    let claims = world.claims();
    let Certified { key, chain } = &world.provider;
    let other = World::new();
    let long = with(claims.clone(), "padding", json!("p".repeat(ATTESTATION_BYTES_MAX)));
    let mut forged = world.attested(&claims);
    forged.replace_range(forged.len() - 8.., "AAAAAAAA");
    let with_anchor = [chain.clone(), vec![world.authority.der.clone()]].concat();
    let mut for_servers = params("A server");
    for_servers.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let server = world.authority.certify(&for_servers);
    let mut expired = params("Of last year");
    expired.not_after = rcgen::date_time_ymd(2025, 12, 1);
    let expired = world.authority.certify(&expired);
    let sign = |Certified { key, chain }: &Certified| key.sign_with_chain(ATTESTATION_TYP, chain, &claims).unwrap();
    #[rustfmt::skip]
    let table = [
        (forged,                                                            Attestation(JwsError::Signature)),
        (key.sign_with_chain(ATTESTATION_TYP, &other.provider.chain, &claims).unwrap(), Chain(ChainFault::Unknown)),
        (sign(&other.provider),                                             Chain(ChainFault::Unknown)),
        (sign(&server),                                                     Chain(ChainFault::Usage)),
        (sign(&expired),                                                    Chain(ChainFault::Expired)),
        (key.sign_with_chain(ATTESTATION_TYP, &with_anchor, &claims).unwrap(), Chain(ChainFault::AnchorInChain)),
        (key.sign_with_chain("jwt", chain, &claims).unwrap(),               Attestation(JwsError::Type)),
        (key.sign_with_chain(PROOF_TYP, chain, &claims).unwrap(),           Attestation(JwsError::Type)),
        (key.sign_with_chain(ATTESTATION_TYP, &[], &claims).unwrap(),       Attestation(JwsError::Header)),
        (key.sign(ATTESTATION_TYP, &claims).unwrap(),                       Attestation(JwsError::Header)),
        (key.sign_with_own_key(ATTESTATION_TYP, &claims).unwrap(),          Attestation(JwsError::RefusedMember)),
        (world.attested(&long),                                             Attestation(JwsError::TooLong)),
        (world.attested(&json!([])),                                        Attestation(JwsError::Payload)),
        ("x".to_owned(),                                                    Attestation(JwsError::Form)),
        (String::new(),                                                     Attestation(JwsError::Form)),
    ];
    for (token, fault) in table {
        assert_eq!(world.verify(&token), Err(fault), "{token:.60}");
    }
}

#[test]
fn what_a_proof_must_say() {
    use AttestationFault::{Audience, Jti, Proof, ProofClient, ProofTime};
    let world = World::new();
    let attestation = world.verify(&world.attested(&world.claims())).unwrap();
    let expected = AttestationProofExpected { server: SERVER, now: NOW };
    let good = proof_claims;
    let malformed = Err(Proof(JwsError::Payload));
    #[rustfmt::skip]
    let table = [
        (good(),                                                  Ok(())),
        (with(good(), "iss", json!(null)),                        Ok(())),
        (with(good(), "aud", json!([SERVER, "https://b.example"])), Ok(())),
        (with(good(), "challenge", json!("c")),                   Ok(())),
        (with(good(), "iat", json!(NOW - ATTESTATION_PROOF_AGE_MAX)), Ok(())),
        (with(good(), "iat", json!(NOW + ATTESTATION_AHEAD_MAX)), Ok(())),
        (with(good(), "exp", json!(NOW + 1)),                     Ok(())),
        (with(good(), "iat", json!(NOW - ATTESTATION_PROOF_AGE_MAX - 1)), Err(ProofTime)),
        (with(good(), "iat", json!(NOW + ATTESTATION_AHEAD_MAX + 1)), Err(ProofTime)),
        (with(good(), "nbf", json!(NOW + 61)),                    Err(ProofTime)),
        (with(good(), "exp", json!(NOW)),                         Err(ProofTime)),
        (with(good(), "iat", json!(null)),                        malformed),
        (with(good(), "iss", json!("https://b.example")),         Err(ProofClient)),
        (with(good(), "aud", json!("https://b.example")),         Err(Audience)),
        (with(good(), "aud", json!("https://dap.example/")),      Err(Audience)),
        (with(good(), "aud", json!("https://dap.example/token")), Err(Audience)),
        (with(good(), "aud", json!([])),                          Err(Audience)),
        (with(good(), "aud", json!(null)),                        malformed),
        (with(good(), "jti", json!("")),                          Err(Jti)),
        (with(good(), "jti", json!("j".repeat(257))),             Err(Jti)),
        (with(good(), "jti", json!(null)),                        malformed),
    ];
    for (claims, outcome) in table {
        let proof = world.instance.sign(PROOF_TYP, &claims).unwrap();
        assert_eq!(attestation.verify_proof(&proof, &expected).map(drop), outcome, "{claims}");
    }
    let refused = |proof: &str| attestation.verify_proof(proof, &expected).unwrap_err();
    assert_eq!(refused(&holder().sign(PROOF_TYP, &good()).unwrap()), Proof(JwsError::Signature));
    assert_eq!(refused(&world.instance.sign("jwt", &good()).unwrap()), Proof(JwsError::Type));
    assert_eq!(refused(&world.instance.sign_with_own_key(PROOF_TYP, &good()).unwrap()), Proof(JwsError::RefusedMember));
    assert_eq!(refused(""), Proof(JwsError::Form));
}
