//! A wallet asks for credentials with its token and its proofs, and gets them (sections 7 and 8).

use jose::json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    IssuanceError, IssuanceFault, IssuerMetadata, MESSAGE_BYTES_MAX, PROOFS_MAX, ResponseEncryption, SecretText,
    TEXT_BYTES_MAX,
};

/// A request for credentials of one configuration, one for each key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRequest {
    /// Which.
    pub credential: Named,
    /// The keys.
    pub proofs: Proofs,
    /// How the answer is to be encrypted, if it is.
    pub response: Option<ResponseEncryption>,
}

/// How credentials are named (section 8.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By their configuration, which the issuer has.
    Configuration(String),
    /// By an identifier that should have come with the token; what it stands for is the issuer's to know.
    Identifier(String),
}

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriage {
    /// In clear, but for TLS.
    Clear,
    /// Encrypted.
    Encrypted,
}

/// How the keys are shown, by the proof types of appendix F.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proofs {
    /// `jwt`: proofs that they are held, each a signed token.
    Jwt(Vec<String>),
    /// `attestation`: the word of the wallet's maker on them, a signed token.
    Attestation(String),
}

/// The credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialResponse {
    /// Each as its format has it: what is binary, in base64url.
    pub credentials: Vec<String>,
    /// By which the wallet tells what became of them.
    pub notification_id: Option<SecretText>,
}

/// A nonce for proofs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonceResponse {
    /// The nonce.
    pub c_nonce: String,
}

#[derive(Serialize, Deserialize)]
struct ResponseMembers {
    credentials: Vec<One>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notification_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct One {
    credential: String,
}

impl CredentialRequest {
    /// Reads a request to the issuer of `metadata`, as it is in clear. Members that are not known are ignored.
    ///
    /// # Errors
    ///
    /// Those of section 8.3.1.2: which configuration is looked at before how the answer is to be encrypted, and that
    /// before the proofs.
    pub fn parse(body: &[u8], carriage: Carriage, metadata: &IssuerMetadata) -> Result<Self, IssuanceFault> {
        use IssuanceError::{
            InvalidCredentialRequest, InvalidEncryptionParameters, InvalidProof, UnknownCredentialConfiguration,
        };
        if body.len() > MESSAGE_BYTES_MAX {
            return Err(InvalidCredentialRequest.because("the request is too long"));
        }
        let malformed = |_| InvalidCredentialRequest.because("the request is no JSON object, or names a member twice");
        let mut members: Map<String, Value> = json::from_slice(body).map_err(malformed)?;
        let credential = match (members.remove("credential_configuration_id"), members.remove("credential_identifier"))
        {
            (Some(_), Some(_)) => {
                return Err(InvalidCredentialRequest.because("a configuration and an identifier are named at once"));
            }
            (Some(Value::String(configuration)), None) => Named::Configuration(configuration),
            (None, Some(Value::String(identifier))) => Named::Identifier(identifier),
            (Some(_), None) | (None, Some(_) | None) => {
                return Err(InvalidCredentialRequest.because("credential_configuration_id is missing or no text"));
            }
        };
        let is_known = match &credential {
            Named::Configuration(id) => metadata.credential_configurations_supported.contains_key(id),
            Named::Identifier(_) => true,
        };
        if !is_known {
            return Err(UnknownCredentialConfiguration.because("no such configuration"));
        }
        let response = match (members.get("credential_response_encryption"), carriage) {
            (None, _) => None,
            (Some(stated), Carriage::Encrypted) => Some(ResponseEncryption::read(stated)?),
            // Nobody may put another key in its place (section 8.2).
            (Some(_), Carriage::Clear) => {
                return Err(
                    InvalidEncryptionParameters.because("a request for an encrypted answer is encrypted itself")
                );
            }
        };
        let batch = metadata.batch_credential_issuance.map_or(1, |batch| batch.batch_size).min(PROOFS_MAX);
        let proofs = members.remove("proofs").ok_or(InvalidProof.because("proofs are missing"))?;
        Ok(Self { credential, proofs: Proofs::read(&proofs, batch)?, response })
    }

    /// The body of the request.
    pub fn to_json(&self) -> String {
        let proofs = match &self.proofs {
            Proofs::Jwt(proofs) => json!({"jwt": proofs}),
            Proofs::Attestation(attestation) => json!({"attestation": [attestation]}),
        };
        let mut members = match &self.credential {
            Named::Configuration(id) => json!({"credential_configuration_id": id, "proofs": proofs}),
            Named::Identifier(id) => json!({"credential_identifier": id, "proofs": proofs}),
        };
        if let Some(ResponseEncryption { key, encryption }) = &self.response {
            members["credential_response_encryption"] = json!({"jwk": key, "enc": encryption.as_str()});
        }
        members.to_string()
    }
}

impl Proofs {
    /// Reads `proofs`; no more of a type than `batch`.
    fn read(stated: &Value, batch: usize) -> Result<Self, IssuanceFault> {
        let invalid = |description| IssuanceError::InvalidProof.because(description);
        let types = stated.as_object().filter(|types| types.len() == 1).and_then(|types| types.iter().next());
        let (proof_type, listed) = types.ok_or(invalid("proofs are an object with one type"))?;
        let listed = listed.as_array().ok_or(invalid("the proofs of a type are an array"))?;
        let listed = listed.iter().map(|proof| proof.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
        let mut listed = listed.ok_or(invalid("a proof is no text"))?;
        match proof_type.as_str() {
            "jwt" if (1..=batch).contains(&listed.len()) => Ok(Proofs::Jwt(listed)),
            "jwt" => Err(invalid("no proof, or more than a batch")),
            "attestation" => match (listed.pop(), listed.pop()) {
                (Some(attestation), None) => Ok(Proofs::Attestation(attestation)),
                _ => Err(invalid("there is one attestation")),
            },
            _ => Err(invalid("proofs of that type are not taken")),
        }
    }
}

impl CredentialResponse {
    /// The body of the answer.
    pub fn to_json(&self) -> String {
        let members = ResponseMembers {
            credentials: self.credentials.iter().map(|credential| One { credential: credential.clone() }).collect(),
            notification_id: self.notification_id.as_ref().map(|id| id.expose().to_owned()),
        };
        serde_json::to_string(&members).unwrap_or_default()
    }

    /// Reads an answer; `None` when it is none, or has no credential.
    pub fn parse(text: &[u8]) -> Option<Self> {
        if text.len() > MESSAGE_BYTES_MAX {
            return None;
        }
        let read: ResponseMembers = json::from_slice(text).ok()?;
        let credentials: Vec<String> = read.credentials.into_iter().map(|one| one.credential).collect();
        let notification_id = read.notification_id.map(SecretText::new);
        (1..=PROOFS_MAX).contains(&credentials.len()).then_some(Self { credentials, notification_id })
    }
}

impl NonceResponse {
    /// The body of the answer.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads an answer; `None` when it is none.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let read: Self = json::from_slice(text).ok()?;
        (1..=TEXT_BYTES_MAX).contains(&read.c_nonce.len()).then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use jose::{ContentEncryption, DecryptionKey, EncryptionKey};

    use super::super::open_request;
    use super::*;

    fn jwk() -> Value {
        serde_json::to_value(DecryptionKey::from_bytes(None, &[1; 32]).unwrap().public_key()).unwrap()
    }

    fn read(request: &Value, carriage: Carriage) -> Result<CredentialRequest, IssuanceFault> {
        CredentialRequest::parse(request.to_string().as_bytes(), carriage, &metadata())
    }

    fn metadata() -> IssuerMetadata {
        let text = json!({
            "credential_issuer": "https://i.example",
            "credential_endpoint": "https://i.example/credential",
            "batch_credential_issuance": {"batch_size": 2},
            "credential_configurations_supported": {"pid": {"format": "dc+sd-jwt"}},
        });
        IssuerMetadata::parse(text.to_string().as_bytes(), "https://i.example").unwrap()
    }

    #[test]
    fn what_a_credential_request_is() {
        use IssuanceError::{
            InvalidCredentialRequest, InvalidEncryptionParameters, InvalidProof, UnknownCredentialConfiguration,
        };
        let proofs = json!({"jwt": ["a.b.c"]});
        let with = |proofs: Value| json!({"credential_configuration_id": "pid", "proofs": proofs});
        let mut encrypted = with(proofs.clone());
        encrypted["credential_response_encryption"] = json!({"jwk": jwk(), "enc": "A128GCM"});
        let mut unknown = with(proofs.clone());
        unknown["issuer_state"] = json!(1);
        #[rustfmt::skip]
        let table = [
            (with(proofs.clone()),                                             Ok(1)),
            (unknown,                                                          Ok(1)),
            (with(json!({"jwt": ["a", "b"]})),                                 Ok(2)),
            (with(json!({"jwt": ["a", "b", "c"]})),                            Err(InvalidProof)),
            (with(json!({"jwt": []})),                                         Err(InvalidProof)),
            (with(json!({"jwt": "a"})),                                        Err(InvalidProof)),
            (with(json!({"jwt": [1]})),                                        Err(InvalidProof)),
            (with(json!({"attestation": ["a"]})),                              Ok(1)),
            (with(json!({"attestation": ["a", "b"]})),                         Err(InvalidProof)),
            (with(json!({"attestation": []})),                                 Err(InvalidProof)),
            (with(json!({"attestation": "a"})),                                Err(InvalidProof)),
            (with(json!({"di_vp": ["a"]})),                                    Err(InvalidProof)),
            (with(json!({})),                                                  Err(InvalidProof)),
            (with(json!({"jwt": ["a"], "attestation": ["a"]})),                Err(InvalidProof)),
            (with(json!([])),                                                  Err(InvalidProof)),
            (json!({"credential_configuration_id": "pid"}),                    Err(InvalidProof)),
            (json!({"credential_configuration_id": "pid", "proof": {"jwt": "a"}}), Err(InvalidProof)),
            (json!({"credential_configuration_id": "other", "proofs": proofs}), Err(UnknownCredentialConfiguration)),
            (json!({"credential_configuration_id": 1, "proofs": proofs}),      Err(InvalidCredentialRequest)),
            (json!({"credential_identifier": "any", "proofs": proofs}),        Ok(1)),
            (json!({"credential_identifier": 1, "proofs": proofs}),            Err(InvalidCredentialRequest)),
            (json!({"credential_identifier": "pid", "credential_configuration_id": "pid", "proofs": proofs}),
             Err(InvalidCredentialRequest)),
            (json!({"format": "dc+sd-jwt", "vct": "x", "proofs": proofs}),     Err(InvalidCredentialRequest)),
            (encrypted,                                                        Err(InvalidEncryptionParameters)),
            (json!([]),                                                        Err(InvalidCredentialRequest)),
            (json!("pid"),                                                     Err(InvalidCredentialRequest)),
        ];
        for (request, expected) in table {
            let count = read(&request, Carriage::Clear).map(|read| match read.proofs {
                Proofs::Jwt(proofs) => proofs.len(),
                Proofs::Attestation(_) => 1,
            });
            assert_eq!(count.map_err(|fault| fault.code), expected, "{request}");
        }
        for text in ["", "{", r#"{"credential_configuration_id":"pid","credential_configuration_id":"pid"}"#] {
            let read = CredentialRequest::parse(text.as_bytes(), Carriage::Clear, &metadata());
            assert_eq!(read.map_err(|fault| fault.code), Err(InvalidCredentialRequest), "{text}");
        }
        let long = vec![b' '; MESSAGE_BYTES_MAX + 1];
        assert!(CredentialRequest::parse(&long, Carriage::Clear, &metadata()).is_err());
    }

    #[test]
    fn how_an_answer_may_be_encrypted() {
        let without = |name: &str| {
            let mut key = jwk();
            key.as_object_mut().unwrap().remove(name);
            key
        };
        let with = |name: &str, value: Value| {
            let mut key = jwk();
            key[name] = value;
            key
        };
        let no = Err(IssuanceError::InvalidEncryptionParameters);
        #[rustfmt::skip]
        let table = [
            (json!({"jwk": jwk(), "enc": "A128GCM"}),                                    Ok(ContentEncryption::A128Gcm)),
            (json!({"jwk": jwk(), "enc": "A256GCM", "alg": "ECDH-ES"}),                  Ok(ContentEncryption::A256Gcm)),
            (json!({"jwk": jwk(), "enc": "A256GCM", "alg": "UNSUPPORTED_ALG"}),          no),
            (json!({"jwk": jwk(), "enc": "A128CBC-HS256"}),                              no),
            (json!({"jwk": jwk()}),                                                      no),
            (json!({"jwk": jwk(), "enc": "A128GCM", "zip": "DEF"}),                      no),
            (json!({"enc": "A128GCM"}),                                                  no),
            (json!({"jwk": without("alg"), "enc": "A128GCM"}),                           no),
            (json!({"jwk": without("x"), "enc": "A128GCM"}),                             no),
            (json!({"jwk": with("alg", json!("ECDH-ES+A128KW")), "enc": "A128GCM"}),     no),
            (json!({"jwk": with("use", json!("sig")), "enc": "A128GCM"}),                no),
            (json!({"jwk": with("d", json!("AA")), "enc": "A128GCM"}),                   no),
            (json!({"jwk": with("crv", json!("P-384")), "enc": "A128GCM"}),              no),
            (json!("A128GCM"),                                                           no),
        ];
        for (stated, expected) in table {
            let request = json!({
                "credential_configuration_id": "pid", "proofs": {"jwt": ["a"]}, "credential_response_encryption": stated,
            });
            let encryption = read(&request, Carriage::Encrypted).map(|read| read.response.unwrap().encryption);
            assert_eq!(encryption.map_err(|fault| fault.code), expected, "{stated}");
            let in_clear = read(&request, Carriage::Clear).map(drop);
            assert_eq!(in_clear.map_err(|fault| fault.code), Err(IssuanceError::InvalidEncryptionParameters));
        }
    }

    #[test]
    fn an_encrypted_request_opens_by_the_keys_of_the_metadata_alone() {
        let key = |kid: &str| DecryptionKey::generate(Some(kid.to_owned())).unwrap();
        let (old, new, other) = (key("1"), key("2"), key("2"));
        let sealed = |key: &DecryptionKey| {
            let response = ResponseEncryption { key: key.public_key().clone(), encryption: ContentEncryption::A256Gcm };
            response.seal("{}").unwrap()
        };
        let (to_old, to_new, to_other) = (sealed(&old), sealed(&new), sealed(&other));
        let keys = [new, old];
        let opened = |message: &str| open_request(message, &keys).map_err(|fault| fault.code);
        for message in [&to_old, &to_new] {
            assert_eq!(opened(message), Ok(b"{}".to_vec()));
        }
        let compressed = {
            let header = br#"{"alg":"ECDH-ES","enc":"A128GCM","zip":"DEF","epk":{}}"#;
            to_new.replacen(to_new.split('.').next().unwrap(), &data_encoding::BASE64URL_NOPAD.encode(header), 1)
        };
        let mut changed = to_new.clone();
        changed.replace_range(changed.len() - 8.., "AAAAAAAA");
        for message in [&to_other, &compressed, &changed, "", "{}", "a.b.c", "a.b.c.d.e"] {
            assert_eq!(opened(message), Err(IssuanceError::InvalidEncryptionParameters), "{message:.60}");
        }
        assert!(open_request(&compressed, &keys).unwrap_err().description.contains("zip"));
    }

    #[test]
    fn what_either_side_writes_the_other_reads() {
        let key = EncryptionKey::parse(jwk().to_string().as_bytes()).unwrap();
        let encryption = ResponseEncryption { key, encryption: ContentEncryption::A128Gcm };
        let (jwt, attestation) = (Proofs::Jwt(vec!["a.b.c".to_owned()]), Proofs::Attestation("a.b.c".to_owned()));
        let (configuration, identifier) = (Named::Configuration("pid".to_owned()), Named::Identifier("any".to_owned()));
        for (proofs, credential) in [(jwt, configuration), (attestation, identifier)] {
            for (response, carriage) in
                [(None, Carriage::Clear), (None, Carriage::Encrypted), (Some(encryption.clone()), Carriage::Encrypted)]
            {
                let request = CredentialRequest { credential: credential.clone(), proofs: proofs.clone(), response };
                let written = request.to_json();
                assert_eq!(CredentialRequest::parse(written.as_bytes(), carriage, &metadata()), Ok(request));
            }
        }
        let response = CredentialResponse {
            credentials: vec!["x~".to_owned(), "y~".to_owned()],
            notification_id: Some(SecretText::new("n".to_owned())),
        };
        assert_eq!(CredentialResponse::parse(response.to_json().as_bytes()), Some(response));
        assert_eq!(CredentialResponse::parse(br#"{"credentials":[]}"#), None);
        assert_eq!(CredentialResponse::parse(br#"{"transaction_id":"t","interval":5}"#), None);
        let nonce = NonceResponse { c_nonce: "n".to_owned() };
        assert_eq!(NonceResponse::parse(nonce.to_json().as_bytes()), Some(nonce));
        assert_eq!(NonceResponse::parse(br#"{"c_nonce":""}"#), None);
    }
}
