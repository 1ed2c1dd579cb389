//! What an issuer refuses, in the words of the standards.

use serde_json::json;

/// An error code of the issuer's endpoints. The standard that defines it is beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IssuanceError {
    /// RFC 6749 section 5.2: a token request that is none.
    InvalidRequest,
    /// RFC 6749 section 5.2: the code or the transaction code is wrong, used up or has lapsed.
    InvalidGrant,
    /// RFC 6749 section 5.2.
    UnsupportedGrantType,
    /// RFC 6749 section 5.2: the client is not known, or did not prove who it is.
    InvalidClient,
    /// RFC 6749 section 4.1.2.1, told where the request is pushed (RFC 9126 section 2.3).
    UnsupportedResponseType,
    /// The same: no scope that is known.
    InvalidScope,
    /// RFC 9396 section 5, told there too: details of a type or a configuration that is not known.
    InvalidAuthorizationDetails,
    /// RFC 9449 section 5: a proof of possession is not what it should be, or was used before.
    InvalidDpopProof,
    /// `OpenID4VCI` 1.0 section 8.3.1.2: a credential request that is none.
    InvalidCredentialRequest,
    /// The same: no such configuration, or none that the token is good for.
    UnknownCredentialConfiguration,
    /// The same.
    UnknownCredentialIdentifier,
    /// The same: a proof is missing or wrong.
    InvalidProof,
    /// The same: the nonce of a proof is not one of ours, was used, or has lapsed.
    InvalidNonce,
    /// The same: an answer was to be encrypted in a way that is not spoken here.
    InvalidEncryptionParameters,
    /// The same: for good.
    CredentialRequestDenied,
    /// `OpenID4VCI` 1.0 section 11.3.
    InvalidNotificationId,
    /// The same.
    InvalidNotificationRequest,
}

/// A refusal and why, for the wallet's maker to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct IssuanceFault {
    /// The code.
    pub code: IssuanceError,
    /// Why: our own words, without a quotation mark or a backslash.
    pub description: &'static str,
}

impl IssuanceError {
    /// All of them.
    pub const ALL: [IssuanceError; 17] = [
        IssuanceError::InvalidRequest,
        IssuanceError::InvalidGrant,
        IssuanceError::UnsupportedGrantType,
        IssuanceError::InvalidClient,
        IssuanceError::UnsupportedResponseType,
        IssuanceError::InvalidScope,
        IssuanceError::InvalidAuthorizationDetails,
        IssuanceError::InvalidDpopProof,
        IssuanceError::InvalidCredentialRequest,
        IssuanceError::UnknownCredentialConfiguration,
        IssuanceError::UnknownCredentialIdentifier,
        IssuanceError::InvalidProof,
        IssuanceError::InvalidNonce,
        IssuanceError::InvalidEncryptionParameters,
        IssuanceError::CredentialRequestDenied,
        IssuanceError::InvalidNotificationId,
        IssuanceError::InvalidNotificationRequest,
    ];

    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            IssuanceError::InvalidRequest => "invalid_request",
            IssuanceError::InvalidGrant => "invalid_grant",
            IssuanceError::UnsupportedGrantType => "unsupported_grant_type",
            IssuanceError::InvalidClient => "invalid_client",
            IssuanceError::UnsupportedResponseType => "unsupported_response_type",
            IssuanceError::InvalidScope => "invalid_scope",
            IssuanceError::InvalidAuthorizationDetails => "invalid_authorization_details",
            IssuanceError::InvalidDpopProof => "invalid_dpop_proof",
            IssuanceError::InvalidCredentialRequest => "invalid_credential_request",
            IssuanceError::UnknownCredentialConfiguration => "unknown_credential_configuration",
            IssuanceError::UnknownCredentialIdentifier => "unknown_credential_identifier",
            IssuanceError::InvalidProof => "invalid_proof",
            IssuanceError::InvalidNonce => "invalid_nonce",
            IssuanceError::InvalidEncryptionParameters => "invalid_encryption_parameters",
            IssuanceError::CredentialRequestDenied => "credential_request_denied",
            IssuanceError::InvalidNotificationId => "invalid_notification_id",
            IssuanceError::InvalidNotificationRequest => "invalid_notification_request",
        }
    }

    /// The code with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        IssuanceError::ALL.into_iter().find(|error| error.as_str() == name)
    }

    /// Whether it is said of who asks, and not of what is asked for: 401 (RFC 6749 section 5.2).
    pub fn is_of_client(self) -> bool {
        self == IssuanceError::InvalidClient
    }

    /// This, and why.
    pub const fn because(self, description: &'static str) -> IssuanceFault {
        IssuanceFault { code: self, description }
    }
}

impl IssuanceFault {
    /// The body of the answer.
    pub fn to_json(&self) -> String {
        json!({"error": self.code.as_str(), "error_description": self.description}).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_a_name_of_its_own() {
        for error in IssuanceError::ALL {
            assert_eq!(IssuanceError::from_name(error.as_str()), Some(error));
        }
        assert_eq!(IssuanceError::from_name("server_error"), None);
        let told = IssuanceError::InvalidProof.because("no proof").to_json();
        assert_eq!(told, r#"{"error":"invalid_proof","error_description":"no proof"}"#);
    }
}
