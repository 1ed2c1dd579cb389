//! The wallet's answer.

use jose::{ContentEncryption, EncryptError, EncryptionKey, Parties};
use serde_json::{Value, json};

use super::{RequestObject, ResponseMode, VpToken, form};

/// What a wallet answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The presentations, by the ids of the query.
    pub vp_token: VpToken,
}

/// An answer cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The verifier wants an encrypted answer, and offers nothing that we can encrypt with.
    #[error("the verifier offers no key and encryption of ours")]
    NoKey,
    /// The library refused.
    #[error(transparent)]
    Encrypt(#[from] EncryptError),
}

impl Answer {
    /// The body of the post to `request`'s address, or the JSON text for the browser that handed it over.
    ///
    /// # Errors
    ///
    /// See [`AnswerError`].
    pub fn post(&self, request: &RequestObject) -> Result<String, AnswerError> {
        match &request.response {
            ResponseMode::DirectPost(_) => {
                let vp_token = json!(self.vp_token).to_string();
                let mut parameters = vec![("vp_token", vp_token.as_str())];
                if let Some(state) = &request.state {
                    parameters.push(("state", state));
                }
                Ok(form::write(&parameters))
            }
            ResponseMode::DirectPostJwt(_) => Ok(form::write(&[("response", &self.encrypted(request)?)])),
            ResponseMode::DcApiJwt(_) => Ok(json!({"response": self.encrypted(request)?}).to_string()),
        }
    }

    fn encrypted(&self, request: &RequestObject) -> Result<String, AnswerError> {
        let (key, encryption) = offered(request).ok_or(AnswerError::NoKey)?;
        let mut members = json!({"vp_token": self.vp_token});
        if let Some(state) = &request.state {
            members["state"] = Value::from(state.as_str());
        }
        Ok(jose::encrypt(key, encryption, Parties::default(), members.to_string().as_bytes())?)
    }
}

/// The verifier's first key, and the strongest of its encryptions.
fn offered(request: &RequestObject) -> Option<(&EncryptionKey, ContentEncryption)> {
    let offered = |encryption: &ContentEncryption| request.metadata.encryptions.contains(encryption);
    let encryption = [ContentEncryption::A256Gcm, ContentEncryption::A128Gcm].into_iter().find(offered)?;
    Some((request.metadata.encryption_keys.first()?, encryption))
}
