//! What the provider says of itself (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2).

use jose::Algorithm;
use serde::Serialize;

use crate::{AcrValue, AuthMethod, Prompt, Scope};

/// The path of the document, after the issuer (OpenID Connect Discovery 1.0 section 4).
pub const PATH: &str = "/.well-known/openid-configuration";

/// Claims that may be in an ID token or in the UserInfo answer.
pub const CLAIMS: [&str; 23] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "sid",
    "at_hash",
    "loa",
    "name",
    "family_name",
    "given_name",
    "birthdate",
    "email",
    "email_verified",
    "birth_family_name",
    "birth_given_name",
    "place_of_birth",
    "nationalities",
    "mothers_name",
];

/// Claims that only a wallet can give, where wallets are asked: `address`, `phone_number` and `gender` of OpenID Connect Core
/// 1.0 section 5.1, and `age_over_18`, which no specification of OpenID Connect names, as the PID Rulebook and ISO/IEC
/// 18013-5 have it.
pub const WALLET_CLAIMS: [&str; 4] = ["address", "phone_number", "gender", "age_over_18"];

/// Where everything is. Absolute URLs; the issuer has no trailing slash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Endpoints {
    /// Our name, compared byte for byte by clients.
    pub issuer: String,
    /// Where a sign-in begins.
    pub authorization_endpoint: String,
    /// Where a code is redeemed.
    pub token_endpoint: String,
    /// Where claims are had.
    pub userinfo_endpoint: String,
    /// Where our public keys are.
    pub jwks_uri: String,
    /// Where a sign-out begins (RP-Initiated Logout 1.0 section 2.1).
    pub end_session_endpoint: String,
}

/// The document. Every member is true of this provider, and what a client would assume wrongly when
/// it is absent is stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the standard's own members")]
pub struct Document {
    #[serde(flatten)]
    endpoints: Endpoints,
    scopes_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 1],
    subject_types_supported: [&'static str; 2],
    id_token_signing_alg_values_supported: [&'static str; 3],
    token_endpoint_auth_methods_supported: [&'static str; 4],
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 3],
    code_challenge_methods_supported: [&'static str; 1],
    acr_values_supported: Vec<&'static str>,
    prompt_values_supported: Vec<&'static str>,
    display_values_supported: [&'static str; 1],
    claim_types_supported: [&'static str; 1],
    claims_supported: Vec<&'static str>,
    ui_locales_supported: [&'static str; 2],
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    authorization_response_iss_parameter_supported: bool,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
}

impl Document {
    /// The document of a provider that can reach the contexts `acr_values`.
    pub fn new(endpoints: Endpoints, acr_values: &[AcrValue]) -> Self {
        // RS256 first: OpenID Connect Discovery 1.0 section 3 demands it, and some clients take the first.
        let algorithms = [Algorithm::Rs256, Algorithm::Es256, Algorithm::Ps256].map(Algorithm::as_str);
        Self {
            endpoints,
            scopes_supported: Scope::ALL.map(Scope::as_str).into(),
            response_types_supported: ["code"],
            response_modes_supported: ["query"],
            grant_types_supported: ["authorization_code"],
            subject_types_supported: ["pairwise", "public"],
            id_token_signing_alg_values_supported: algorithms,
            token_endpoint_auth_methods_supported: [
                AuthMethod::ClientSecretBasic,
                AuthMethod::ClientSecretPost,
                AuthMethod::PrivateKeyJwt,
                AuthMethod::None,
            ]
            .map(AuthMethod::as_str),
            token_endpoint_auth_signing_alg_values_supported: algorithms,
            code_challenge_methods_supported: ["S256"],
            acr_values_supported: acr_values.iter().map(|value| value.as_str()).collect(),
            prompt_values_supported: Prompt::ALL.map(Prompt::as_str).into(),
            display_values_supported: ["page"],
            claim_types_supported: ["normal"],
            claims_supported: CLAIMS.into(),
            ui_locales_supported: ["hu", "en"],
            claims_parameter_supported: true,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
        }
    }

    /// The same of a provider that asks wallets.
    #[must_use]
    pub fn with_wallet_claims(mut self) -> Self {
        self.claims_supported.extend(WALLET_CLAIMS);
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document() -> Value {
        let at = |path: &str| format!("https://kau.example{path}");
        let endpoints = Endpoints {
            issuer: at(""),
            authorization_endpoint: at("/authorize"),
            token_endpoint: at("/token"),
            userinfo_endpoint: at("/userinfo"),
            jwks_uri: at("/jwks"),
            end_session_endpoint: at("/end-session"),
        };
        serde_json::to_value(Document::new(endpoints, &[AcrValue::Password, AcrValue::AuthenticatorApp])).unwrap()
    }

    /// `oidcc-discovery-endpoint-verification` and the logout plans' own.
    #[test]
    fn the_document_has_what_the_conformance_suite_looks_for() {
        let document = document();
        for required in [
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "end_session_endpoint",
            "response_types_supported",
            "subject_types_supported",
            "id_token_signing_alg_values_supported",
            "scopes_supported",
            "claims_supported",
        ] {
            assert!(!document[required].is_null(), "{required}");
        }
        let contains = |member: &str, word: &str| document[member].as_array().unwrap().contains(&json!(word));
        assert!(contains("id_token_signing_alg_values_supported", "RS256"));
        assert!(contains("scopes_supported", "openid"));
        assert!(contains("code_challenge_methods_supported", "S256"));
        assert!(contains("token_endpoint_auth_methods_supported", "private_key_jwt"));
        assert!(contains("acr_values_supported", "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp"));
        assert_eq!(document["backchannel_logout_supported"], true);
        assert_eq!(document["backchannel_logout_session_supported"], true);
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
        assert_eq!(document["request_parameter_supported"], false);
        assert_eq!(document["request_uri_parameter_supported"], false, "absent would mean true");
    }

    #[test]
    fn nothing_unsigned_or_symmetric_is_offered() {
        let text = document().to_string();
        for word in ["HS256", "\"none\",\"", "plain", "implicit", "token id_token"] {
            let offered = text.replace("\"prompt_values_supported\":[\"none\",", "").contains(word);
            assert!(!offered, "{word}");
        }
        assert_eq!(document()["id_token_signing_alg_values_supported"], json!(["RS256", "ES256", "PS256"]));
    }
}
