//! What an issuer, and the authorization server that it is itself, tell of themselves (section 12.2, RFC 8414).

use std::collections::BTreeMap;

use jose::{EncryptionKey, SignError, SigningKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::METADATA_BYTES_MAX;
use super::encryption::{ECDH_ES, ENCRYPTIONS};

/// The `typ` of metadata that are signed.
pub const SIGNED_METADATA_TYP: &str = "openidvci-issuer-metadata+jwt";

/// The metadata of an issuer (section 12.2.4), as far as they are spoken here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IssuerMetadata {
    /// The issuer, as it calls itself.
    pub credential_issuer: String,
    /// Who gives out its tokens; itself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_servers: Option<Vec<String>>,
    /// Where credentials are asked for.
    pub credential_endpoint: String,
    /// Where nonces are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce_endpoint: Option<String>,
    /// Where the wallet tells what became of a credential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_endpoint: Option<String>,
    /// How many credentials one request may ask for; one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_credential_issuance: Option<BatchIssuance>,
    /// How credential requests may be encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_request_encryption: Option<RequestEncryption>,
    /// How the answers may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_response_encryption: Option<ResponseEncryptions>,
    /// What it is called, in each language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<Display>,
    /// What it issues, by the names that offers and requests use.
    pub credential_configurations_supported: BTreeMap<String, Configuration>,
}

/// How many credentials one request may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchIssuance {
    /// Two at least.
    pub batch_size: usize,
}

/// How credential requests may be encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestEncryption {
    /// The issuer's keys, as a set (RFC 7517 section 5).
    pub jwks: Value,
    /// How contents may be encrypted.
    pub enc_values_supported: Vec<String>,
    /// Whether they must be.
    pub encryption_required: bool,
}

/// How the answers to credential requests may be encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseEncryptions {
    /// How the key is agreed upon.
    pub alg_values_supported: Vec<String>,
    /// How contents may be encrypted.
    pub enc_values_supported: Vec<String>,
    /// Whether they must be.
    pub encryption_required: bool,
}

/// What something is called in a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Display {
    /// The name.
    pub name: String,
    /// The language (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// A kind of credential that an issuer issues.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Configuration {
    /// The format.
    pub format: String,
    /// By which scope it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The type, of SD-JWT VC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vct: Option<String>,
    /// The type, of a mobile document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctype: Option<String>,
    /// What it is signed with: names of JOSE, or numbers of COSE.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credential_signing_alg_values_supported: Vec<Value>,
    /// As what the holder's key is in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cryptographic_binding_methods_supported: Vec<String>,
    /// How the holder's key is proved.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub proof_types_supported: BTreeMap<String, ProofType>,
    /// What to show of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_metadata: Option<CredentialMetadata>,
}

/// A way to prove the holder's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofType {
    /// What it may be signed with.
    pub proof_signing_alg_values_supported: Vec<String>,
    /// What the wallet's maker must say of the key, where that is demanded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_attestations_required: Option<KeyAttestations>,
}

/// What an attestation must say of its keys; nothing in particular where both are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyAttestations {
    /// How well they must be kept: one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key_storage: Vec<String>,
    /// How well it must be made sure who uses them: one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub user_authentication: Vec<String>,
}

/// What to show of a credential.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CredentialMetadata {
    /// What it is called, in each language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<Display>,
    /// What is in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimDescription>,
}

/// A claim that a credential has (appendix B.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimDescription {
    /// Where it is; of a mobile document, its namespace and its name.
    pub path: Vec<Value>,
    /// Whether every one has it.
    #[serde(default)]
    pub mandatory: bool,
}

/// The metadata of an authorization server (RFC 8414), as far as they are spoken here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerMetadata {
    /// The server, as it calls itself.
    pub issuer: String,
    /// Where codes become tokens.
    pub token_endpoint: String,
    /// Where a person is led to who is to let a wallet have credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<String>,
    /// Where a request for that is put beforehand (RFC 9126 section 5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Whether it must be put there.
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    /// What the authorization endpoint answers with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub response_types_supported: Vec<String>,
    /// What may be asked for in detail (RFC 9396 section 10).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_details_types_supported: Vec<String>,
    /// How a code is bound to whoever asked for it (RFC 7636 section 4.2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code_challenge_methods_supported: Vec<String>,
    /// Whether answers name the server (RFC 9207 section 3).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// Which grants it knows.
    #[serde(default)]
    pub grant_types_supported: Vec<String>,
    /// How clients prove who they are.
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// What attestations of clients are signed with (Attestation-Based Client Authentication draft 07 section 10.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub client_attestation_signing_alg_values_supported: Vec<String>,
    /// What the proofs that go with them are signed with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub client_attestation_pop_signing_alg_values_supported: Vec<String>,
    /// The scopes that may be asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    /// Whether an offer is redeemed without a client's name (section 12.3).
    #[serde(rename = "pre-authorized_grant_anonymous_access_supported", default)]
    pub anonymous_access: bool,
    /// What proofs of possession of a token's key are signed with (RFC 9449 section 5.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dpop_signing_alg_values_supported: Vec<String>,
}

/// Why metadata are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// More than [`METADATA_BYTES_MAX`].
    #[error("the metadata are longer than 256 KiB")]
    TooLong,
    /// No JSON of this form, or a member named twice.
    #[error("the metadata are malformed")]
    Form,
    /// Somebody else's.
    #[error("the metadata are another issuer's")]
    Issuer,
}

impl RequestEncryption {
    /// The ways that are spoken here, to one of these keys; nobody must.
    pub fn to<'k>(keys: impl IntoIterator<Item = &'k EncryptionKey>) -> Self {
        let keys: Vec<Value> = keys.into_iter().filter_map(|key| serde_json::to_value(key).ok()).collect();
        Self { jwks: json!({"keys": keys}), enc_values_supported: encryptions(), encryption_required: false }
    }
}

impl ResponseEncryptions {
    /// The ways that are spoken here; nobody must.
    pub fn offered() -> Self {
        Self {
            alg_values_supported: vec![ECDH_ES.to_owned()],
            enc_values_supported: encryptions(),
            encryption_required: false,
        }
    }
}

fn encryptions() -> Vec<String> {
    ENCRYPTIONS.map(|encryption| encryption.as_str().to_owned()).to_vec()
}

impl IssuerMetadata {
    /// The document.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The document, signed (section 12.2.3). `chain` certifies `key`, without the trusted anchor.
    ///
    /// # Errors
    ///
    /// See [`SignError`].
    pub fn sign(&self, key: &SigningKey, chain: &[Vec<u8>], issued_at: i64) -> Result<String, SignError> {
        #[derive(Serialize)]
        struct Signed<'a> {
            sub: &'a str,
            iat: i64,
            #[serde(flatten)]
            metadata: &'a IssuerMetadata,
        }
        let signed = Signed { sub: &self.credential_issuer, iat: issued_at, metadata: self };
        key.sign_with_chain(SIGNED_METADATA_TYP, chain, &signed)
    }

    /// Reads the metadata that were found for `issuer`.
    ///
    /// # Errors
    ///
    /// See [`MetadataError`].
    pub fn parse(text: &[u8], issuer: &str) -> Result<Self, MetadataError> {
        let read: Self = parse(text)?;
        if read.credential_issuer == issuer { Ok(read) } else { Err(MetadataError::Issuer) }
    }
}

impl ServerMetadata {
    /// The document.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the metadata that were found for `issuer`.
    ///
    /// # Errors
    ///
    /// See [`MetadataError`].
    pub fn parse(text: &[u8], issuer: &str) -> Result<Self, MetadataError> {
        let read: Self = parse(text)?;
        if read.issuer == issuer { Ok(read) } else { Err(MetadataError::Issuer) }
    }
}

fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, MetadataError> {
    if text.len() > METADATA_BYTES_MAX {
        return Err(MetadataError::TooLong);
    }
    jose::json::from_slice(text).map_err(|_| MetadataError::Form)
}

/// Where a document about `issuer` is: its name goes between host and path (section 12.2.2, RFC 8414 section 3.1).
pub fn well_known(issuer: &str, name: &str) -> String {
    let after_scheme = issuer.find("://").map_or(0, |at| at + 3);
    let path_at = issuer[after_scheme..].find('/').map_or(issuer.len(), |at| after_scheme + at);
    let (origin, path) = issuer.split_at(path_at);
    format!("{origin}/.well-known/{name}{}", path.strip_suffix('/').unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_metadata_are() {
        #[rustfmt::skip]
        let table = [
            ("https://issuer.example.com",         "https://issuer.example.com/.well-known/openid-credential-issuer"),
            ("https://issuer.example.com/tenant",  "https://issuer.example.com/.well-known/openid-credential-issuer/tenant"),
            ("http://dap.localhost:8080",          "http://dap.localhost:8080/.well-known/openid-credential-issuer"),
            ("https://issuer.example.com/",        "https://issuer.example.com/.well-known/openid-credential-issuer"),
        ];
        for (issuer, expected) in table {
            assert_eq!(well_known(issuer, "openid-credential-issuer"), expected);
        }
    }

    #[test]
    fn metadata_are_those_of_whom_they_were_asked_for() {
        let text = json!({
            "credential_issuer": "https://i.example",
            "credential_endpoint": "https://i.example/credential",
            "batch_credential_issuance": {"batch_size": 2},
            "credential_configurations_supported": {
                "a": {"format": crate::openid4vci::SD_JWT_FORMAT, "vct": "urn:x", "unknown": 1, "credential_signing_alg_values_supported": ["ES256"]},
                "b": {"format": "mso_mdoc", "doctype": "x.y", "credential_signing_alg_values_supported": [-7]},
            },
            "unknown": [],
        });
        let text = text.to_string();
        let read = IssuerMetadata::parse(text.as_bytes(), "https://i.example").unwrap();
        assert_eq!(read.credential_configurations_supported["a"].vct.as_deref(), Some("urn:x"));
        assert_eq!(IssuerMetadata::parse(read.to_json().as_bytes(), "https://i.example").as_ref(), Ok(&read));
        assert_eq!(IssuerMetadata::parse(text.as_bytes(), "https://i.example/"), Err(MetadataError::Issuer));
        assert_eq!(IssuerMetadata::parse(b"{}", "https://i.example"), Err(MetadataError::Form));
        let long = vec![b' '; METADATA_BYTES_MAX + 1];
        assert_eq!(IssuerMetadata::parse(&long, "https://i.example"), Err(MetadataError::TooLong));
    }

    #[test]
    fn a_server_that_knows_no_offer_is_read_too() {
        let text = br#"{"issuer":"https://i.example","token_endpoint":"https://i.example/token"}"#;
        let read = ServerMetadata::parse(text, "https://i.example").unwrap();
        assert!(!read.anonymous_access && read.grant_types_supported.is_empty());
        assert_eq!(ServerMetadata::parse(read.to_json().as_bytes(), "https://i.example"), Ok(read));
        assert_eq!(ServerMetadata::parse(text, "https://j.example"), Err(MetadataError::Issuer));
    }
}
