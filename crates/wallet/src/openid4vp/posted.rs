//! What a wallet posted, opened.

use jose::{ContentEncryption, DecryptionKey, JweExpected};
use serde_json::{Map, Value};

use super::{ANSWER_BYTES_MAX, AnswerFault, AnswerMode, VpToken, WalletRefusal, form};

/// What a wallet posted: nothing of it is checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posted {
    /// Presentations.
    Presentations {
        /// Them.
        vp_token: VpToken,
        /// The request's `state`, as the wallet gives it back.
        state: Option<String>,
    },
    /// A refusal.
    Refused {
        /// Why.
        refusal: WalletRefusal,
        /// The request's `state`, as the wallet gives it back.
        state: Option<String>,
    },
}

impl Posted {
    /// Reads the body of a post (OpenID4VP 1.0 sections 8.2 and 8.3), or the JSON that a browser hands over
    /// (appendix A.4). A refusal may come in clear where presentations may not.
    ///
    /// # Errors
    ///
    /// The first [`AnswerFault`].
    pub fn read(body: &[u8], mode: &AnswerMode<'_>) -> Result<Self, AnswerFault> {
        match mode {
            AnswerMode::DirectPost => Self::in_clear(body),
            AnswerMode::DirectPostJwt { key, encryptions } => {
                let parameters = form::read(body)?;
                match parameters.get("response") {
                    Some(message) => Self::opened(message, key, encryptions),
                    None => Self::refused_in_clear(&parameters),
                }
            }
            AnswerMode::DcApiJwt { key, encryptions } => {
                let members = json(body)?;
                match members.get("response") {
                    Some(Value::String(message)) => Self::opened(message, key, encryptions),
                    Some(_) => Err(AnswerFault::Form),
                    None => match Self::in_members(&members)? {
                        refused @ Posted::Refused { .. } => Ok(refused),
                        Posted::Presentations { .. } => Err(AnswerFault::Unencrypted),
                    },
                }
            }
        }
    }

    fn in_clear(body: &[u8]) -> Result<Self, AnswerFault> {
        let parameters = form::read(body)?;
        let state = parameters.get("state").cloned();
        if let Some(refusal) = WalletRefusal::in_parameters(&parameters) {
            return Ok(Posted::Refused { refusal, state });
        }
        let text = parameters.get("vp_token").ok_or(AnswerFault::Form)?;
        let value: Value = jose::json::from_slice(text.as_bytes()).map_err(|_| AnswerFault::VpToken)?;
        Ok(Posted::Presentations { vp_token: VpToken::from_json(&value)?, state })
    }

    fn refused_in_clear(parameters: &std::collections::HashMap<String, String>) -> Result<Self, AnswerFault> {
        let state = parameters.get("state").cloned();
        match WalletRefusal::in_parameters(parameters) {
            Some(refusal) => Ok(Posted::Refused { refusal, state }),
            None if parameters.contains_key("vp_token") => Err(AnswerFault::Unencrypted),
            None => Err(AnswerFault::Form),
        }
    }

    fn opened(message: &str, key: &DecryptionKey, encryptions: &[ContentEncryption]) -> Result<Self, AnswerFault> {
        let expected = JweExpected { encryptions, bytes_max: ANSWER_BYTES_MAX };
        let opened = jose::decrypt(key, message, &expected).map_err(AnswerFault::Encryption)?;
        Self::in_members(&json(&opened.plaintext)?)
    }

    fn in_members(members: &Map<String, Value>) -> Result<Self, AnswerFault> {
        let text = |name: &str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(AnswerFault::Form),
        };
        let state = text("state")?.map(str::to_owned);
        if let Some(error) = text("error")? {
            return Ok(Posted::Refused { refusal: WalletRefusal::read(error, text("error_description")?), state });
        }
        let vp_token = VpToken::from_json(members.get("vp_token").ok_or(AnswerFault::Form)?)?;
        Ok(Posted::Presentations { vp_token, state })
    }
}

fn json(text: &[u8]) -> Result<Map<String, Value>, AnswerFault> {
    if text.len() > ANSWER_BYTES_MAX {
        return Err(AnswerFault::TooLong);
    }
    jose::json::from_slice(text).map_err(|_| AnswerFault::Form)
}
