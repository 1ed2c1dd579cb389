//! A verifier and a wallet that speak with each other, and what goes wrong between them.
//!
//! The names of the conformance suite's modules are in the names of the tests. Not here:
//! `oid4vp-1final-verifier-invalid-session-transcript`, which is about mdoc.

mod answers;
mod requests;

use jose::{ContentEncryption, DecryptionKey, SigningKey};
use serde_json::{Value, json};

use super::*;
use crate::ClaimPath;
use crate::credential::{PERSON_VCT, PersonClaim};
use crate::dcql::{Candidate, CandidateKind, CredentialQuery, Query};
use crate::samples::{Authority, Certified, NOW, holder, judge, reader_params, salts, signer_params};
use crate::sd_jwt::{Held, Issuance, KeyBindingExpected, issue};
use crate::trust::{Purpose, TrustList};

const NONCE: &str = "n-0S6_WzA2Mj";
const ENCRYPTIONS: [ContentEncryption; 2] = ContentEncryption::ALL;

/// Authorities, an issuer, a verifier with its key for one transaction, and a person with a wallet.
struct World {
    issuers: Authority,
    issuer: Certified,
    verifiers: Authority,
    verifier: Certified,
    key: DecryptionKey,
    holder: SigningKey,
}

/// How the verifier asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Clear,
    Encrypted,
    Browser,
}

impl World {
    fn new() -> Self {
        let [issuers, verifiers] = ["Issuers", "Verifiers"].map(Authority::new);
        let (issuer, verifier) = (issuers.certify(&signer_params("Issuer")), verifiers.certify(&reader_params("Kapu")));
        let key = DecryptionKey::generate(Some("transaction".to_owned())).unwrap();
        Self { issuers, issuer, verifiers, verifier, key, holder: holder() }
    }

    fn client_id(&self) -> ClientId {
        let trusted = self.verifiers.trusted();
        ClientId::X509Hash(trusted.check(&self.verifier.chain, Purpose::Requests, NOW).unwrap().fingerprint)
    }

    fn request(&self, way: Way) -> RequestObject {
        let uri = "https://kapu.example/dap/answer/1".to_owned();
        RequestObject {
            client_id: self.client_id(),
            response: match way {
                Way::Clear => ResponseMode::DirectPost(uri),
                Way::Encrypted => ResponseMode::DirectPostJwt(uri),
                Way::Browser => ResponseMode::DcApiJwt(vec!["https://kapu.example".to_owned()]),
            },
            nonce: NONCE.to_owned(),
            state: Some("a-state".to_owned()),
            query: query(),
            metadata: VerifierMetadata {
                encryption_keys: vec![self.key.public_key().clone()],
                encryptions: ENCRYPTIONS.to_vec(),
                formats: vec![Format::SdJwt],
            },
            verifier_info: vec![],
            wallet_nonce: None,
            issued_at: NOW,
            expires_at: NOW + 120,
        }
    }

    /// The wallet fetches and checks the request.
    fn fetched(&self, request: &RequestObject) -> RequestObject {
        let token = request.sign(&self.verifier.key, &self.verifier.chain).unwrap();
        let client_id = self.client_id().to_string();
        let expected = RequestExpected { client_id: Some(&client_id), wallet_nonce: None, now: NOW };
        RequestObject::verify(&token, &expected, judge_requests(&self.verifiers.trusted())).unwrap().0
    }

    fn held(&self, claims: &Value) -> Held {
        let holder = self.holder.public_jwk();
        let claims = claims.as_object().unwrap().clone();
        let disclosable = ["family_name", "given_name", "birthdate", "personal_administrative_number"];
        let disclosable: Vec<ClaimPath> = disclosable
            .iter()
            .filter(|name| claims.contains_key(**name))
            .map(|name| ClaimPath::of_names(&[name]))
            .collect();
        let issuance = Issuance { claims, disclosable: &disclosable, decoys: 1, holder: &holder };
        let credential = issue(issuance, &self.issuer.key, &self.issuer.chain, &mut salts()).unwrap();
        Held::receive(&credential, NOW, judge(&self.issuers.trusted())).unwrap()
    }

    fn pid(&self) -> Held {
        self.held(&claims())
    }

    /// The wallet chooses and shows.
    fn presentation(&self, request: &RequestObject) -> String {
        let held = self.pid();
        let candidate = Candidate { kind: CandidateKind::SdJwt(&held.head().vct), claims: held.claims() };
        let choices = request.query.choose(&[candidate]).unwrap();
        let audience = audience(request);
        let binding = KeyBindingExpected { audience: &audience, nonce: &request.nonce };
        held.present(&choices[0].shown, &self.holder, &binding, NOW).unwrap()
    }

    /// The verifier judges what was posted to it.
    fn judged(&self, request: &RequestObject, body: &str) -> Result<Outcome, AnswerFault> {
        self.judged_by(request, body, &self.key)
    }

    fn judged_by(&self, request: &RequestObject, body: &str, key: &DecryptionKey) -> Result<Outcome, AnswerFault> {
        let audience = audience(request);
        let encryptions = &ENCRYPTIONS;
        let expected = AnswerExpected {
            mode: match request.response {
                ResponseMode::DirectPost(_) => AnswerMode::DirectPost,
                ResponseMode::DirectPostJwt(_) => AnswerMode::DirectPostJwt { key, encryptions },
                ResponseMode::DcApiJwt(_) => AnswerMode::DcApiJwt { key, encryptions },
            },
            audience: &audience,
            response_uri: "https://kapu.example/dap/answer/1",
            nonce: &request.nonce,
            state: request.state.as_deref(),
            query: &request.query,
            now: NOW,
        };
        verify_answer(body.as_bytes(), &expected, judge(&self.issuers.trusted()))
    }

    /// What is wrong with these presentations, posted encrypted.
    fn fault(&self, presentations: &[&str]) -> Option<AnswerFault> {
        let request = self.request(Way::Encrypted);
        self.judged(&request, &post(&request, presentations)).err()
    }
}

/// What the wallet posts.
fn post(request: &RequestObject, presentations: &[&str]) -> String {
    let presentations = presentations.iter().map(|one| (*one).to_owned()).collect();
    Answer { vp_token: VpToken::new(vec![("pid".to_owned(), presentations)]) }.post(request).unwrap()
}

fn judge_requests(list: &TrustList) -> impl Fn(&[Vec<u8>]) -> Result<crate::trust::Signer, crate::trust::ChainFault> {
    move |chain| list.check(chain, Purpose::Requests, NOW)
}

fn audience(request: &RequestObject) -> String {
    let origin = match &request.response {
        ResponseMode::DirectPost(_) | ResponseMode::DirectPostJwt(_) => None,
        ResponseMode::DcApiJwt(_) => Some("https://kapu.example"),
    };
    request.audience(origin).unwrap()
}

fn query() -> Query {
    let claims = [PersonClaim::FamilyName, PersonClaim::GivenName, PersonClaim::PersonalAdministrativeNumber];
    let claims = claims.map(PersonClaim::path);
    Query::new(vec![CredentialQuery::sd_jwt("pid", &[PERSON_VCT.to_owned()], claims)], vec![]).unwrap()
}

fn claims() -> Value {
    json!({
        "vct": PERSON_VCT, "iss": "https://issuer.example", "exp": NOW + 1000,
        "family_name": "Minta", "given_name": "Anna", "birthdate": "1980-05-01",
        "personal_administrative_number": "7A-1",
        "status": {"status_list": {"idx": 412, "uri": "https://issuer.example/status/1"}},
    })
}
