//! What a verifier understands (`client_metadata`, OpenID4VP 1.0 sections 5.1 and 11.1).

use jose::{ContentEncryption, EncryptionKey, JwkError, SET_KEYS_MAX};
use serde_json::{Map, Value, json};

use super::RequestFault;

/// A format of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `dc+sd-jwt`, signed with ES256 by issuer and holder.
    SdJwt,
    /// `mso_mdoc`, signed with ES256 by issuer and device.
    Mdoc,
}

/// What a verifier understands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VerifierMetadata {
    /// The keys that an answer may be encrypted to; each has a `kid`.
    pub encryption_keys: Vec<EncryptionKey>,
    /// How an answer may be encrypted; `A128GCM` where nothing is said.
    pub encryptions: Vec<ContentEncryption>,
    /// The formats that it checks.
    pub formats: Vec<Format>,
}

/// The COSE number of ES256 (RFC 9053 section 2.1).
const COSE_ES256: i64 = -7;

impl Format {
    const ALL: [Format; 2] = [Format::SdJwt, Format::Mdoc];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::SdJwt => "dc+sd-jwt",
            Format::Mdoc => "mso_mdoc",
        }
    }

    /// The two members that list algorithms, and ours in them (OpenID4VP 1.0 appendices B.2.2 and B.3.4).
    fn algorithms(self) -> ([&'static str; 2], Value) {
        match self {
            Format::SdJwt => (["sd-jwt_alg_values", "kb-jwt_alg_values"], "ES256".into()),
            Format::Mdoc => (["issuerauth_alg_values", "deviceauth_alg_values"], COSE_ES256.into()),
        }
    }
}

impl VerifierMetadata {
    pub(super) fn to_json(&self) -> Value {
        let mut formats = Map::new();
        for format in &self.formats {
            let (members, algorithm) = format.algorithms();
            let members: Map<_, _> = members.into_iter().map(|name| (name.to_owned(), json!([algorithm]))).collect();
            formats.insert(format.as_str().to_owned(), members.into());
        }
        let mut metadata = json!({"vp_formats_supported": formats});
        if !self.encryption_keys.is_empty() {
            metadata["jwks"] = json!({"keys": self.encryption_keys});
            let names = self.encryptions.iter().map(|encryption| encryption.as_str());
            metadata["encrypted_response_enc_values_supported"] = names.collect();
        }
        metadata
    }

    /// Reads what the wallet can use of it: keys, encryptions and formats of other kinds are left out.
    pub(super) fn from_json(metadata: &Value) -> Result<Self, RequestFault> {
        let fault = RequestFault::Member("client_metadata");
        let members = metadata.as_object().ok_or(fault)?;
        let mut read = Self::default();
        if let Some(jwks) = members.get("jwks") {
            let keys = jwks.get("keys").and_then(Value::as_array).filter(|keys| keys.len() <= SET_KEYS_MAX);
            for key in keys.ok_or(fault)? {
                match EncryptionKey::from_members(key.as_object().ok_or(fault)?) {
                    // Its algorithm must be stated there, or it is not for encryption.
                    Ok(found) if key.get("alg").is_some() => read.encryption_keys.push(found),
                    Ok(_) | Err(JwkError::Foreign) => {}
                    Err(_) => return Err(fault),
                }
            }
        }
        read.encryptions = match members.get("encrypted_response_enc_values_supported") {
            None => vec![ContentEncryption::A128Gcm],
            Some(names) => {
                let names = names.as_array().ok_or(fault)?;
                names.iter().filter_map(Value::as_str).filter_map(ContentEncryption::from_name).collect()
            }
        };
        let formats = members.get("vp_formats_supported").and_then(Value::as_object).ok_or(fault)?;
        read.formats = Format::ALL.into_iter().filter(|format| is_supported(formats, *format)).collect();
        Ok(read)
    }
}

/// A format is understood if ours is among its algorithms, or if it names none.
fn is_supported(formats: &Map<String, Value>, format: Format) -> bool {
    let (names, ours) = format.algorithms();
    formats.get(format.as_str()).is_some_and(|members| {
        names.iter().all(|name| {
            let listed = members.get(*name);
            listed.is_none_or(|listed| listed.as_array().is_some_and(|listed| listed.contains(&ours)))
        })
    })
}
