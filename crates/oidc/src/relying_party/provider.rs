//! What another provider says of itself (OpenID Connect Discovery 1.0 section 3).

use serde::Deserialize;

/// The longest document that is read, in bytes.
const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

/// A provider, as far as a relying party needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderMetadata {
    /// Its name.
    pub issuer: String,
    /// Where a sign-in begins.
    pub authorization_endpoint: String,
    /// Where a code is redeemed.
    pub token_endpoint: String,
    /// Where claims are had, if anywhere.
    pub userinfo_endpoint: Option<String>,
    /// Where its keys are.
    pub jwks_uri: String,
    /// Whether every authorization answer says who gives it (RFC 9207 section 3).
    pub names_itself: bool,
    /// How a client shows its secret.
    pub secret_by: ClientSecretBy,
}

/// How a client shows its secret at the token endpoint (OpenID Connect Core 1.0 section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientSecretBy {
    /// `client_secret_basic`, the default.
    Basic,
    /// `client_secret_post`.
    Post,
}

/// Why a provider's document is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFault {
    /// No document of the expected form.
    #[error("the provider's document is malformed or longer than 64 KiB")]
    Form,
    /// It is another's (OpenID Connect Discovery 1.0 section 4.3).
    #[error("the document names another issuer")]
    Issuer,
    /// It takes neither of the two ways of showing a secret.
    #[error("the provider takes neither client_secret_basic nor client_secret_post")]
    Authentication,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    jwks_uri: String,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl ProviderMetadata {
    /// Reads the document of the provider `issuer`, compared byte for byte. Where the addresses lead is the caller's
    /// to check before it calls them.
    ///
    /// # Errors
    ///
    /// [`ProviderFault`].
    pub fn parse(text: &[u8], issuer: &str) -> Result<Self, ProviderFault> {
        if text.len() > DOCUMENT_BYTES_MAX {
            return Err(ProviderFault::Form);
        }
        let document: Document = jose::json::from_slice(text).map_err(|_| ProviderFault::Form)?;
        if document.issuer != issuer {
            return Err(ProviderFault::Issuer);
        }
        let takes = |method: &str| {
            document
                .token_endpoint_auth_methods_supported
                .as_ref()
                .map_or(method == "client_secret_basic", |methods| methods.iter().any(|supported| supported == method))
        };
        let secret_by = match (takes("client_secret_basic"), takes("client_secret_post")) {
            (true, _) => ClientSecretBy::Basic,
            (false, true) => ClientSecretBy::Post,
            (false, false) => return Err(ProviderFault::Authentication),
        };
        Ok(Self {
            issuer: document.issuer,
            authorization_endpoint: document.authorization_endpoint,
            token_endpoint: document.token_endpoint,
            userinfo_endpoint: document.userinfo_endpoint,
            jwks_uri: document.jwks_uri,
            names_itself: document.authorization_response_iss_parameter_supported,
            secret_by,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://idp.example";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://idp.example/auth",
            "token_endpoint": "https://idp.example/token",
            "jwks_uri": "https://idp.example/jwks",
        })
    }

    fn parse(document: &Value) -> Result<ProviderMetadata, ProviderFault> {
        ProviderMetadata::parse(document.to_string().as_bytes(), ISSUER)
    }

    #[test]
    fn a_document_says_how_a_secret_is_shown_and_whether_answers_are_named() {
        let read = parse(&document()).unwrap();
        assert_eq!((read.secret_by, read.names_itself), (ClientSecretBy::Basic, false));
        let mut more = document();
        more["authorization_response_iss_parameter_supported"] = json!(true);
        #[rustfmt::skip]
        let table = [
            (json!(["client_secret_post", "client_secret_basic"]), Ok(ClientSecretBy::Basic)),
            (json!(["none", "client_secret_post"]),                Ok(ClientSecretBy::Post)),
            (json!(["private_key_jwt"]),                           Err(ProviderFault::Authentication)),
        ];
        for (methods, expected) in table {
            more["token_endpoint_auth_methods_supported"] = methods;
            assert_eq!(parse(&more).map(|read| (read.secret_by, read.names_itself)), expected.map(|by| (by, true)));
        }
    }

    #[test]
    fn o27_a_document_of_another_issuer_is_refused() {
        for other in ["https://idp.example/", "https://IDP.example", "http://idp.example"] {
            let mut document = document();
            document["issuer"] = json!(other);
            assert_eq!(parse(&document), Err(ProviderFault::Issuer), "{other}");
        }
        for missing in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
            let mut document = document();
            document.as_object_mut().unwrap().remove(missing);
            assert_eq!(parse(&document), Err(ProviderFault::Form), "{missing}");
        }
        let long = " ".repeat(DOCUMENT_BYTES_MAX + 1);
        assert_eq!(ProviderMetadata::parse(long.as_bytes(), ISSUER), Err(ProviderFault::Form));
    }
}
