//! Messages that a relying party sends.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64, BASE64URL_NOPAD};

use super::{ClientSecretBy, ProviderMetadata};
use crate::Credential;
use crate::form::with_query;

/// An authentication request by the code flow, with PKCE.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The client.
    pub client_id: &'a str,
    /// Where the answer comes.
    pub redirect_uri: &'a str,
    /// `openid` and more, separated by spaces.
    pub scope: &'a str,
    /// What the answer brings back.
    pub state: &'a str,
    /// What the ID token brings back.
    pub nonce: &'a str,
    /// What redeems the code; its challenge alone is sent (RFC 7636 section 4.2).
    pub verifier: &'a str,
    /// The contexts that are asked for.
    pub acr_values: &'a [String],
    /// The longest accepted age of the sign-in, in seconds. Asked for always: it obliges the provider to say when that
    /// was (OpenID Connect Core 1.0 section 3.1.2.1).
    pub max_age: u64,
    /// Whether the person must sign in anew.
    pub anew: bool,
    /// The language of the pages.
    pub ui_locales: &'a str,
}

impl Outgoing<'_> {
    /// The address with the request.
    pub fn location(&self, provider: &ProviderMetadata) -> String {
        let challenge = BASE64URL_NOPAD.encode(digest(&SHA256, self.verifier.as_bytes()).as_ref());
        let (acr_values, max_age) = (self.acr_values.join(" "), self.max_age.to_string());
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("scope", self.scope),
            ("state", self.state),
            ("nonce", self.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("max_age", &max_age),
            ("ui_locales", self.ui_locales),
        ];
        if self.anew {
            parameters.push(("prompt", "login"));
        }
        if !acr_values.is_empty() {
            parameters.push(("acr_values", &acr_values));
        }
        with_query(&provider.authorization_endpoint, &parameters)
    }
}

/// The redemption of a code (OpenID Connect Core 1.0 section 3.1.3.1).
#[derive(Clone, Copy, Debug)]
pub struct CodeRedemption<'a> {
    /// The client.
    pub client_id: &'a str,
    /// Its secret.
    pub client_secret: &'a str,
    /// As in the request.
    pub redirect_uri: &'a str,
    /// The code.
    pub code: &'a Credential,
    /// As in the request.
    pub verifier: &'a str,
}

impl CodeRedemption<'_> {
    /// The header `Authorization`, if the secret is shown there, and the form.
    pub fn write(&self, by: ClientSecretBy) -> (Option<Credential>, Credential) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", self.code.expose())
            .append_pair("redirect_uri", self.redirect_uri)
            .append_pair("code_verifier", self.verifier);
        let authorization = match by {
            ClientSecretBy::Basic => {
                // RFC 6749 section 2.3.1: each is encoded as in a form first.
                let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", encoded(self.client_id), encoded(self.client_secret));
                Some(Credential::new(format!("Basic {}", BASE64.encode(pair.as_bytes()))))
            }
            ClientSecretBy::Post => {
                form.append_pair("client_id", self.client_id).append_pair("client_secret", self.client_secret);
                None
            }
        };
        (authorization, Credential::new(form.finish()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_carries_the_challenge_and_not_the_verifier() {
        let provider = ProviderMetadata {
            issuer: "https://idp.example".to_owned(),
            authorization_endpoint: "https://idp.example/auth?tenant=1".to_owned(),
            token_endpoint: String::new(),
            userinfo_endpoint: None,
            jwks_uri: String::new(),
            names_itself: true,
            secret_by: ClientSecretBy::Basic,
        };
        let outgoing = Outgoing {
            client_id: "kapu",
            redirect_uri: "https://kau.example/upstream/a/callback",
            scope: "openid",
            state: "s",
            nonce: "n",
            // RFC 7636 appendix B.
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            acr_values: &["a".to_owned(), "b".to_owned()],
            max_age: 60,
            anew: true,
            ui_locales: "hu",
        };
        let location = outgoing.location(&provider);
        assert!(location.starts_with("https://idp.example/auth?tenant=1&response_type=code&"), "{location}");
        for part in [
            "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
            "redirect_uri=https%3A%2F%2Fkau.example%2Fupstream%2Fa%2Fcallback",
            "&max_age=60",
            "&prompt=login",
            "&acr_values=a+b",
        ] {
            assert!(location.contains(part), "{part} in {location}");
        }
        assert!(!location.contains(outgoing.verifier));
    }

    #[test]
    fn a_secret_is_shown_in_one_place() {
        let code = Credential::new("c".to_owned());
        let redemption =
            CodeRedemption { client_id: "a b", client_secret: "s:%", redirect_uri: "r", code: &code, verifier: "v" };
        let (authorization, form) = redemption.write(ClientSecretBy::Basic);
        assert_eq!(authorization.unwrap().expose(), format!("Basic {}", BASE64.encode(b"a+b:s%3A%25")));
        assert!(!form.expose().contains("client_secret"));
        let (authorization, form) = redemption.write(ClientSecretBy::Post);
        assert!(authorization.is_none() && form.expose().ends_with("&client_id=a+b&client_secret=s%3A%25"));
    }
}
