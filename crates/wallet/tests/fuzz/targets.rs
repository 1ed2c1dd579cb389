//! What `fuzz/` runs: whatever somebody sends, reading it ends, and ends without a panic.

use std::sync::OnceLock;

use jose::{Algorithm, ContentEncryption, DecryptionKey, SigningKey};
use serde_json::{Map, Value, json};
use wallet::ClaimPath;
use wallet::client_attestation::{AttestationProofExpected, ClientAttestation};
use wallet::credential::PERSON_VCT;
use wallet::dcql::Query;
use wallet::openid4vci::{
    AttestationUse, AuthorizationRequest, Carriage, CredentialRequest, IssuerMetadata, ProofExpected, open_request,
    verify_key_attestation, verify_proof,
};
use wallet::openid4vp::{AnswerMode, ClientId, Posted, RequestExpected, RequestFetch, RequestLink, RequestObject};
use wallet::sd_jwt::{Held, KeyBindingExpected, PresentationExpected, verify};
use wallet::status_list::{StatusListExpected, StatusListToken};
use wallet::trust::{ChainFault, Purpose, Signer, TrustList};

const NOW: i64 = 1_767_225_600;

fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate(Algorithm::Es256).expect("a key"))
}

/// Believes everybody who signs with [`key`] and has any certificate.
fn believe(chain: &[Vec<u8>]) -> Result<Signer, ChainFault> {
    let signer = |_| Signer {
        key: key().public_jwk(),
        spki: Vec::new(),
        valid: (i64::MIN, i64::MAX),
        fingerprint: [0; 32],
        anchor: [0; 32],
        common_name: None,
        dns_names: Vec::new(),
        uris: Vec::new(),
    };
    chain.first().map(signer).ok_or(ChainFault::Malformed)
}

fn signed(typ: &str, payload: &Value) -> String {
    key().sign_with_chain(typ, &[vec![0]], payload).expect("a token")
}

/// A presentation that nobody signed.
pub(crate) fn presentation(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let expected = PresentationExpected {
        vct_values: &[],
        asked: &[],
        key_binding: KeyBindingExpected { audience: "a", nonce: "b" },
        now: NOW,
    };
    let _ = verify(&text, &expected, |_| Err(ChainFault::Unknown));
}

/// The claims and disclosures of an issuer that is trusted and means no good: JSON, then lines.
pub(crate) fn credential(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let mut lines = text.lines();
    let claims: Map<String, Value> = serde_json::from_str(lines.next().unwrap_or_default()).unwrap_or_default();
    let mut payload = json!({"vct": PERSON_VCT, "cnf": {"jwk": key().public_jwk()}});
    payload.as_object_mut().expect("an object").extend(claims);
    let mut credential = signed("dc+sd-jwt", &payload);
    credential.push('~');
    for line in lines {
        credential.push_str(line);
        credential.push('~');
    }
    if let Ok(held) = Held::receive(&credential, NOW, believe) {
        // Whatever was read can be shown, and is read again.
        let binding = KeyBindingExpected { audience: "a", nonce: "b" };
        let all: Vec<ClaimPath> =
            held.claims().keys().filter_map(|name| ClaimPath::from_json(&json!([name])).ok()).collect();
        let shown = held.present(&all, key(), &binding, NOW).expect("a presentation");
        let expected =
            PresentationExpected { vct_values: &[PERSON_VCT.to_owned()], asked: &all, key_binding: binding, now: NOW };
        let presented = verify(&shown, &expected, believe);
        assert!(shown.len() > 64 * 1024 || presented.is_ok() || held.head().vct != PERSON_VCT, "{presented:?}");
    }
}

/// A query; what is read is written and read as the same.
pub(crate) fn query(octets: &[u8]) {
    if let Ok(query) = Query::parse(octets) {
        let written = serde_json::to_vec(&query).expect("JSON");
        assert_eq!(Query::parse(&written), Ok(query));
    }
}

/// What a wallet posts, a browser hands over, or a verifier links to.
pub(crate) fn answer(octets: &[u8]) {
    let key = DecryptionKey::from_bytes(Some("k".to_owned()), &[1; 32]).expect("a key");
    let encryptions = &ContentEncryption::ALL;
    for mode in [
        AnswerMode::DirectPost,
        AnswerMode::DirectPostJwt { key: &key, encryptions },
        AnswerMode::DcApiJwt { key: &key, encryptions },
    ] {
        let _ = Posted::read(octets, &mode);
    }
    let _ = RequestFetch::read(octets);
    let text = String::from_utf8_lossy(octets);
    let _ = RequestLink::parse(&text);
    if let Some(client_id) = ClientId::parse(&text) {
        assert_eq!(client_id.to_string(), text);
    }
}

/// The members of a request by a verifier that is trusted and means no good.
pub(crate) fn request(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let expected = RequestExpected { client_id: None, wallet_nonce: None, now: NOW };
    let _ = RequestObject::verify(&text, &expected, believe);
    if let Ok(payload) = serde_json::from_slice::<Value>(octets) {
        let _ = RequestObject::verify(&signed("oauth-authz-req+jwt", &payload), &expected, believe);
    }
}

/// What wallets send to an issuer, and what they read of one.
pub(crate) fn issuing(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let key = DecryptionKey::from_bytes(Some("k".to_owned()), &[1; 32]).expect("a key");
    let _ = open_request(&text, std::slice::from_ref(&key));
    let details: String = form_urlencoded::byte_serialize(octets).collect();
    let asked = "response_type=code&client_id=a&redirect_uri=b&code_challenge=c&code_challenge_method=S256";
    if let Ok(read) = AuthorizationRequest::parse(&format!("{asked}&authorization_details={details}")) {
        assert!(!read.details.is_empty());
    }
    let metadata = br#"{"credential_issuer":"a","credential_endpoint":"b","batch_credential_issuance":{"batch_size":2},"credential_configurations_supported":{"pid":{"format":"dc+sd-jwt"}}}"#;
    let metadata = IssuerMetadata::parse(metadata, "a").expect("metadata");
    for carriage in [Carriage::Clear, Carriage::Encrypted] {
        if let Ok(request) = CredentialRequest::parse(octets, carriage, &metadata) {
            let written = request.to_json();
            assert_eq!(CredentialRequest::parse(written.as_bytes(), carriage, &metadata), Ok(request));
        }
    }
    if let Ok(read) = IssuerMetadata::parse(octets, "a") {
        assert_eq!(IssuerMetadata::parse(read.to_json().as_bytes(), "a"), Ok(read));
    }
    let expected = ProofExpected { issuer: "a", now: NOW };
    let _ = verify_proof(&text, &expected, believe);
}

/// The claims of an attestation, or of a proof, by somebody who is trusted and means no good.
pub(crate) fn key_attestation(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let _ = verify_key_attestation(&text, AttestationUse::Alone, NOW, believe);
    let Ok(claims) = serde_json::from_slice::<Value>(octets) else { return };
    for how in [AttestationUse::Alone, AttestationUse::WithProof] {
        if let Ok(attested) = verify_key_attestation(&signed("key-attestation+jwt", &claims), how, NOW, believe) {
            assert!(!attested.keys.is_empty() && !attested.nonce.is_empty());
            let _ = attested.resists_high();
        }
    }
    let proof = key().sign_with_own_key("openid4vci-proof+jwt", &claims).expect("a token");
    let _ = verify_proof(&proof, &ProofExpected { issuer: "a", now: NOW }, believe);
}

/// The claims of a wallet's attestation, and on the next line those of its instance's proof, by a provider who is
/// trusted and means no good.
pub(crate) fn client_attestation(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let _ = ClientAttestation::verify(&text, NOW, believe);
    let (attested, proved) = text.split_once('\n').unwrap_or((&text, ""));
    let Ok(claims) = serde_json::from_str::<Map<String, Value>>(attested) else { return };
    let mut payload = json!({"cnf": {"jwk": key().public_jwk()}});
    payload.as_object_mut().expect("an object").extend(claims);
    let token = signed("oauth-client-attestation+jwt", &payload);
    let Ok(attestation) = ClientAttestation::verify(&token, NOW, believe) else { return };
    assert!(!attestation.client_id.is_empty());
    let expected = AttestationProofExpected { server: "a", now: NOW };
    let _ = attestation.verify_proof(proved, &expected);
    let Ok(claims) = serde_json::from_str::<Value>(proved) else { return };
    let proof = key().sign("oauth-client-attestation-pop+jwt", &claims).expect("a token");
    if let Ok(jti) = attestation.verify_proof(&proof, &expected) {
        assert!(!jti.is_empty() && attestation.instance == key().public_jwk());
    }
}

/// A compressed list by an issuer that is trusted and means no good.
pub(crate) fn status_list(octets: &[u8]) {
    let lst = data_encoding::BASE64URL_NOPAD.encode(octets);
    let claims = json!({"sub": "a", "iat": NOW, "status_list": {"bits": 2, "lst": lst}});
    let expected = StatusListExpected { uri: "a", now: NOW };
    if let Ok(read) = StatusListToken::verify(&signed("statuslist+jwt", &claims), &expected, believe) {
        let _ = read.list.status(u64::from(u32::MAX));
        let _ = read.list.status(0);
    }
}

/// Certificates.
pub(crate) fn certificates(octets: &[u8]) {
    let certificate = octets.to_vec();
    let chain = [certificate.clone(), certificate.clone()];
    if let Ok(list) = TrustList::new(std::slice::from_ref(&certificate), []) {
        let _ = list.check(&chain, Purpose::Credentials, NOW);
    }
    let none = TrustList::new(&[], []).expect("no anchor is bad");
    assert!(none.check(&chain, Purpose::Requests, NOW).is_err());
}
