//! Another implementation, `sd-jwt-payload`, in both directions.

use sd_jwt_payload::{SdJwt, SdJwtBuilder, Sha256Hasher};
use serde_json::{Map, Value, json};

use super::*;

/// Without the claims that ours adds or that time changes.
fn bare(mut claims: Map<String, Value>) -> Value {
    claims.remove("cnf");
    claims.remove("_sd_alg");
    Value::Object(claims)
}

#[test]
fn another_implementation_reads_what_we_issue_and_show() {
    let world = World::new();
    let theirs = SdJwt::parse(&world.pid()).unwrap();
    assert_eq!(theirs.disclosures().len(), 7);
    assert_eq!(bare(theirs.into_disclosed_object(&Sha256Hasher::new()).unwrap()), claims());
    let shown = world.show(&[json!(["family_name"]), json!(["nationalities", 1])]);
    let theirs = SdJwt::parse(&shown).unwrap();
    let bound = theirs.key_binding_jwt().unwrap().claims();
    assert_eq!((bound.aud.as_str(), bound.nonce.as_str(), bound.iat), (AUDIENCE, binding().nonce, NOW));
    let seen = bare(theirs.into_disclosed_object(&Sha256Hasher::new()).unwrap());
    assert_eq!(
        (&seen["family_name"], &seen["nationalities"], seen.get("given_name")),
        (&json!("Minta"), &json!(["RO"]), None)
    );
}

#[test]
fn we_read_what_another_implementation_hides() {
    let world = World::new();
    let mut issued = claims();
    issued["cnf"] = world.cnf();
    let builder = SdJwtBuilder::new(issued).unwrap();
    let hidden = ["/place_of_birth/locality", "/place_of_birth", "/nationalities/0", "/family_name", "/given_name"];
    let builder = hidden.iter().fold(builder, |builder, path| builder.make_concealable(path).unwrap());
    let builder = builder.add_decoys("", 3).unwrap().add_decoys("/nationalities", 2).unwrap();
    let theirs = futures_ready(builder.finish(&Unsigned, "ES256")).unwrap();
    let payload = serde_json::to_value(theirs.claims()).unwrap();
    let disclosures: Vec<String> =
        theirs.disclosures().iter().map(|disclosure| disclosure.as_str().to_owned()).collect();
    let disclosures: Vec<&str> = disclosures.iter().map(String::as_str).collect();
    let shown = world.forged(&payload, &disclosures);
    let credential = &shown[..=shown.rfind('~').unwrap()];
    assert_eq!(bare(world.held(credential).claims().clone()), claims());
    assert!(world.verify(&shown, &[]).is_ok());
}

/// Their builder wants a signature at once; ours is put in its place.
struct Unsigned;

#[async_trait::async_trait]
impl sd_jwt_payload::JwsSigner for Unsigned {
    type Error = std::convert::Infallible;

    async fn sign(&self, _: &Map<String, Value>, _: &Map<String, Value>) -> Result<Vec<u8>, Self::Error> {
        Ok(vec![0; 64])
    }
}

/// The value of a future that waits for nothing.
fn futures_ready<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("it waits for nothing"),
    }
}
