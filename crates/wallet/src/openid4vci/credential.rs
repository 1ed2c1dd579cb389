//! A wallet asks for credentials with its token and its proofs, and gets them (sections 7 and 8).

use jose::json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{IssuanceError, IssuanceFault, IssuerMetadata, MESSAGE_BYTES_MAX, PROOFS_MAX, SecretText, TEXT_BYTES_MAX};

/// A request for credentials of one configuration, one for each proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRequest {
    /// The configuration.
    pub configuration: String,
    /// The proofs, each a signed token.
    pub proofs: Vec<String>,
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
    /// Reads a request to the issuer of `metadata`. Members that are not known are ignored.
    ///
    /// # Errors
    ///
    /// Those of section 8.3.1.2: which configuration is looked at before how the answer is to be encrypted, and that
    /// before the proofs.
    pub fn parse(body: &[u8], metadata: &IssuerMetadata) -> Result<Self, IssuanceFault> {
        use IssuanceError::{
            InvalidCredentialRequest, InvalidEncryptionParameters, InvalidProof, UnknownCredentialConfiguration,
            UnknownCredentialIdentifier,
        };
        if body.len() > MESSAGE_BYTES_MAX {
            return Err(InvalidCredentialRequest.because("the request is too long"));
        }
        let malformed = |_| InvalidCredentialRequest.because("the request is no JSON object, or names a member twice");
        let mut members: Map<String, Value> = json::from_slice(body).map_err(malformed)?;
        let configuration =
            match (members.remove("credential_configuration_id"), members.remove("credential_identifier")) {
                (Some(_), Some(_)) => {
                    return Err(InvalidCredentialRequest.because("a configuration and an identifier are named at once"));
                }
                (Some(Value::String(configuration)), None) => configuration,
                (None, Some(Value::String(_))) => {
                    return Err(UnknownCredentialIdentifier.because("no identifier was given out with the token"));
                }
                (Some(_), None) | (None, Some(_) | None) => {
                    return Err(InvalidCredentialRequest.because("credential_configuration_id is missing or no text"));
                }
            };
        if !metadata.credential_configurations_supported.contains_key(&configuration) {
            return Err(UnknownCredentialConfiguration.because("no such configuration"));
        }
        if members.contains_key("credential_response_encryption") {
            return Err(InvalidEncryptionParameters.because("answers are not encrypted beyond TLS here"));
        }
        let batch = metadata.batch_credential_issuance.map_or(1, |batch| batch.batch_size).min(PROOFS_MAX);
        let proofs = members.remove("proofs").ok_or(InvalidProof.because("proofs are missing"))?;
        let proofs = proofs.as_object().filter(|proofs| proofs.len() == 1).and_then(|proofs| proofs.get("jwt"));
        let proofs =
            proofs.and_then(Value::as_array).ok_or(InvalidProof.because("proofs are an object with jwt alone"))?;
        if !(1..=batch).contains(&proofs.len()) {
            return Err(InvalidProof.because("no proof, or more than a batch"));
        }
        let proofs = proofs.iter().map(|proof| proof.as_str().map(str::to_owned)).collect::<Option<_>>();
        Ok(Self { configuration, proofs: proofs.ok_or(InvalidProof.because("a proof is no text"))? })
    }

    /// The body of the request.
    pub fn to_json(&self) -> String {
        json!({"credential_configuration_id": self.configuration, "proofs": {"jwt": self.proofs}}).to_string()
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
    use super::*;

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
            UnknownCredentialIdentifier,
        };
        let proofs = json!({"jwt": ["a.b.c"]});
        let with = |proofs: Value| json!({"credential_configuration_id": "pid", "proofs": proofs});
        let mut encrypted = with(proofs.clone());
        encrypted["credential_response_encryption"] = json!({"jwk": {}, "enc": "A128GCM"});
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
            (with(json!({"attestation": ["a"]})),                              Err(InvalidProof)),
            (with(json!({"jwt": ["a"], "attestation": ["a"]})),                Err(InvalidProof)),
            (with(json!([])),                                                  Err(InvalidProof)),
            (json!({"credential_configuration_id": "pid"}),                    Err(InvalidProof)),
            (json!({"credential_configuration_id": "pid", "proof": {"jwt": "a"}}), Err(InvalidProof)),
            (json!({"credential_configuration_id": "other", "proofs": proofs}), Err(UnknownCredentialConfiguration)),
            (json!({"credential_configuration_id": 1, "proofs": proofs}),      Err(InvalidCredentialRequest)),
            (json!({"credential_identifier": "pid", "proofs": proofs}),        Err(UnknownCredentialIdentifier)),
            (json!({"credential_identifier": "pid", "credential_configuration_id": "pid", "proofs": proofs}),
             Err(InvalidCredentialRequest)),
            (json!({"format": "dc+sd-jwt", "vct": "x", "proofs": proofs}),     Err(InvalidCredentialRequest)),
            (encrypted,                                                        Err(InvalidEncryptionParameters)),
            (json!([]),                                                        Err(InvalidCredentialRequest)),
            (json!("pid"),                                                     Err(InvalidCredentialRequest)),
        ];
        for (request, expected) in table {
            let read = CredentialRequest::parse(request.to_string().as_bytes(), &metadata());
            assert_eq!(read.map(|read| read.proofs.len()).map_err(|fault| fault.code), expected, "{request}");
        }
        for text in ["", "{", r#"{"credential_configuration_id":"pid","credential_configuration_id":"pid"}"#] {
            let read = CredentialRequest::parse(text.as_bytes(), &metadata());
            assert_eq!(read.map_err(|fault| fault.code), Err(InvalidCredentialRequest), "{text}");
        }
        let long = vec![b' '; MESSAGE_BYTES_MAX + 1];
        assert!(CredentialRequest::parse(&long, &metadata()).is_err());
    }

    #[test]
    fn what_either_side_writes_the_other_reads() {
        let request = CredentialRequest { configuration: "pid".to_owned(), proofs: vec!["a.b.c".to_owned()] };
        assert_eq!(CredentialRequest::parse(request.to_json().as_bytes(), &metadata()), Ok(request));
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
