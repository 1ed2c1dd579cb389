//! The verifier's side.

use jose::SigningKey;
use serde_json::{Map, Value, json};

use super::{ANY_WALLET, REQUEST_TYP, RequestError, RequestObject, ResponseMode, VerifierInfo};
use crate::openid4vp::is_url_safe;

impl RequestObject {
    /// The signed request. `chain` certifies `key`, the verifier's own certificate first and without the
    /// trusted anchor.
    ///
    /// # Errors
    ///
    /// See [`RequestError`].
    pub fn sign(&self, key: &SigningKey, chain: &[Vec<u8>]) -> Result<String, RequestError> {
        let carried = [Some(&self.nonce), self.state.as_ref()];
        if !carried.into_iter().flatten().all(|text| is_url_safe(text)) {
            return Err(RequestError::Nonce);
        }
        let keys = &self.metadata.encryption_keys;
        let is_encrypted = match self.response {
            ResponseMode::DirectPost(_) => false,
            ResponseMode::DirectPostJwt(_) | ResponseMode::DcApiJwt(_) => true,
        };
        let has_key = !keys.is_empty() && !self.metadata.encryptions.is_empty();
        if is_encrypted && !has_key || keys.iter().any(|key| key.kid().is_none()) {
            return Err(RequestError::Key);
        }
        Ok(key.sign_with_chain(REQUEST_TYP, chain, &self.claims())?)
    }

    fn claims(&self) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        set("client_id", self.client_id.to_string().into());
        set("aud", ANY_WALLET.into());
        set("iat", self.issued_at.into());
        set("exp", self.expires_at.into());
        set("response_type", "vp_token".into());
        set("response_mode", self.response.as_str().into());
        match &self.response {
            ResponseMode::DirectPost(uri) | ResponseMode::DirectPostJwt(uri) => {
                set("response_uri", uri.as_str().into());
            }
            ResponseMode::DcApiJwt(origins) => {
                set("expected_origins", json!(origins));
            }
        }
        set("nonce", self.nonce.as_str().into());
        set("dcql_query", json!(self.query));
        set("client_metadata", self.metadata.to_json());
        for (name, value) in [("state", &self.state), ("wallet_nonce", &self.wallet_nonce)] {
            if let Some(value) = value {
                set(name, value.as_str().into());
            }
        }
        if !self.verifier_info.is_empty() {
            set("verifier_info", self.verifier_info.iter().map(VerifierInfo::to_json).collect());
        }
        claims
    }
}

impl VerifierInfo {
    fn to_json(&self) -> Value {
        let mut members = json!({"format": self.format, "data": self.data});
        if !self.credential_ids.is_empty() {
            members["credential_ids"] = json!(self.credential_ids);
        }
        members
    }
}
