//! A wallet that does not answer (OpenID4VP 1.0 section 8.5).

use std::collections::HashMap;

use super::{DESCRIPTION_CHARS_MAX, form};

/// Why a wallet does not answer, by the words of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalCode {
    /// The person did not agree, has no such credential, or was not recognised.
    AccessDenied,
    /// The request is malformed, or the verifier is not who it says.
    InvalidRequest,
    /// The verifier's metadata contradict what the wallet knows.
    InvalidClient,
    /// The scope is not known.
    InvalidScope,
    /// No format of the request is one of the wallet's.
    VpFormatsNotSupported,
    /// `request_uri_method` is neither of both.
    InvalidRequestUriMethod,
    /// Transaction data that the wallet does not understand.
    InvalidTransactionData,
    /// There is no wallet.
    WalletUnavailable,
    /// A word that is none of the standard's.
    Other,
}

/// A wallet's refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletRefusal {
    /// Why.
    pub code: RefusalCode,
    /// What the wallet says of it, if anything: for the log alone, escaped and short. What people read is a
    /// fixed text for the code.
    pub for_log: Option<String>,
}

impl RefusalCode {
    const NAMES: [(RefusalCode, &'static str); 8] = [
        (RefusalCode::AccessDenied, "access_denied"),
        (RefusalCode::InvalidRequest, "invalid_request"),
        (RefusalCode::InvalidClient, "invalid_client"),
        (RefusalCode::InvalidScope, "invalid_scope"),
        (RefusalCode::VpFormatsNotSupported, "vp_formats_not_supported"),
        (RefusalCode::InvalidRequestUriMethod, "invalid_request_uri_method"),
        (RefusalCode::InvalidTransactionData, "invalid_transaction_data"),
        (RefusalCode::WalletUnavailable, "wallet_unavailable"),
    ];

    /// The value of `error`.
    pub fn as_str(self) -> &'static str {
        let named = RefusalCode::NAMES.into_iter().find(|(code, _)| *code == self);
        named.map_or("invalid_request", |(_, name)| name)
    }

    /// The code of this name.
    pub fn of_name(name: &str) -> Self {
        RefusalCode::NAMES.into_iter().find(|(_, known)| *known == name).map_or(RefusalCode::Other, |(code, _)| code)
    }
}

impl WalletRefusal {
    /// A refusal with nothing to add.
    pub fn of(code: RefusalCode) -> Self {
        Self { code, for_log: None }
    }

    pub(super) fn read(error: &str, description: Option<&str>) -> Self {
        let code = RefusalCode::of_name(error);
        let unknown = (code == RefusalCode::Other).then_some(error);
        let said = unknown.into_iter().chain(description).collect::<Vec<_>>().join(": ");
        let escaped: String = said.chars().flat_map(char::escape_default).take(DESCRIPTION_CHARS_MAX).collect();
        Self { code, for_log: (!escaped.is_empty()).then_some(escaped) }
    }

    pub(super) fn in_parameters(parameters: &HashMap<String, String>) -> Option<Self> {
        let description = parameters.get("error_description").map(String::as_str);
        parameters.get("error").map(|error| Self::read(error, description))
    }

    /// The body of the post that tells it to the verifier.
    pub fn post(&self, state: Option<&str>) -> String {
        let mut parameters = vec![("error", self.code.as_str())];
        if let Some(state) = state {
            parameters.push(("state", state));
        }
        form::write(&parameters)
    }
}
