//! OpenID Connect client metadata.

use broker::{Examined, Problem, RegistrableClient, Weight, registrable_client};
use model::Datum;
use oidc::{AuthMethod, ClientKeys, PkceRule, WebUri};

use crate::import::service::{self, Destination};
use crate::import::{ImportError, Source};

pub(super) fn examine(source: &Source, destination: Destination) -> Examined {
    let checked = service::check(source, destination).map_err(|ImportError { line, reason, .. }| (line, reason));
    let registrable =
        checked.and_then(|_| registrable_client(source.text().as_bytes()).map_err(|error| (None, error.to_string())));
    match registrable {
        Ok(client) => Examined { sentences: understood(&client), problems: Vec::new() },
        Err((line, reason)) => Examined {
            sentences: vec!["This should be OpenID Connect client metadata (RFC 7591).".to_owned()],
            problems: vec![Problem {
                line: line.and_then(|line| u32::try_from(line).ok()),
                advice: advice(&reason).to_owned(),
                what: format!("It {reason}.").replacen("It `", "The member `", 1),
                weight: Weight::Refused,
            }],
        },
    }
}

/// What to do about a reason.
fn advice(reason: &str) -> &'static str {
    if reason.starts_with("is no JSON") {
        "Correct the text: a member or a bracket is missing, or a comma is too much."
    } else if reason.starts_with("leads to") {
        "Register addresses of the public network; services of this machine belong to a demo (--data)."
    } else {
        "Correct the member, or leave it out if it is not needed."
    }
}

fn understood(client: &RegistrableClient) -> Vec<String> {
    let RegistrableClient { metadata, purposes } = client;
    let uris = |uris: &[WebUri]| uris.iter().map(WebUri::as_str).collect::<Vec<_>>().join(", ");
    let id =
        metadata.client_id.as_deref().map_or("a client_id that is drawn".to_owned(), |id| format!("client_id {id}"));
    let mut said = vec![
        format!("This is OpenID Connect client metadata; it would be registered under {id}."),
        format!("People would see it as “{}” in Hungarian and “{}” in English.", metadata.name_hu, metadata.name_en),
        format!("Answers would go to {}.", uris(&metadata.redirect_uris)),
        match (metadata.auth_method, &metadata.client_secret) {
            (AuthMethod::None, _) => "It is a public client: it proves nothing at the token endpoint.".to_owned(),
            (AuthMethod::PrivateKeyJwt, _) => "It proves who it is by a signature (private_key_jwt).".to_owned(),
            (AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost, Some(_)) => {
                "It proves who it is by the client_secret that stands there.".to_owned()
            }
            (AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost, None) => {
                "It proves who it is by a client_secret, which is drawn and shown once.".to_owned()
            }
        },
        match metadata.pkce {
            PkceRule::S256 => "Its requests must carry a PKCE challenge (S256).".to_owned(),
            PkceRule::Nonce => "Its requests must carry a PKCE challenge (S256) or a nonce.".to_owned(),
        },
        format!("Its ID tokens would be signed with {}.", metadata.id_token_alg.as_str()),
    ];
    let scopes: Vec<&str> = metadata.scopes.iter().map(|scope| scope.as_str()).collect();
    said.push(format!("It may ask for the scopes {}.", scopes.join(" ")));
    if !metadata.wallet_claims.is_empty() {
        said.push(format!("It may ask people's wallets for {}.", metadata.wallet_claims.join(", ")));
    }
    if let Some(purposes) = purposes.as_ref().filter(|purposes| !purposes.is_empty()) {
        let data: Vec<&str> = purposes.data().map(Datum::as_str).collect();
        said.push(format!("People are told why it asks for: {}.", data.join(", ")));
    }
    if let Some(ClientKeys::Inline(keys)) = &metadata.keys {
        said.push(format!("It has {} public keys.", keys.keys().len()));
    }
    if let Some(level) = metadata.min_level {
        said.push(format!("It demands the level {level} at least."));
    }
    if let Some(uri) = &metadata.backchannel_logout_uri {
        said.push(format!("{} is told of logouts.", uri.as_str()));
    }
    if !metadata.post_logout_redirect_uris.is_empty() {
        said.push(format!("After a logout people may be sent to {}.", uris(&metadata.post_logout_redirect_uris)));
    }
    said
}
