//! Services, from OpenID Connect client metadata (RFC 7591) or SAML metadata.

use oidc::{ClientKeys, ClientMetadata, WebUri};

use super::{ImportError, Source};

/// Where a registration is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A production installation: nothing of it leads to this machine.
    Production,
    /// A demo's data folder: services may live on `*.localhost`.
    Demo,
}

/// Whether a file is SAML metadata and not client metadata.
pub fn is_saml(source: &Source) -> bool {
    source.text().trim_start().starts_with('<')
}

/// Checks the metadata of a service, all of it, before anything is written. The text of the file is then
/// what is registered.
///
/// # Errors
///
/// What is wrong with it.
pub fn check(source: &Source, destination: Destination) -> Result<ClientMetadata, ImportError> {
    let fault = |reason: String| ImportError { file: source.file().to_owned(), line: None, reason };
    let text = source.text();
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        return Err(source.fault(error.line() as u64, "is no JSON"));
    }
    let metadata = ClientMetadata::parse(text.as_bytes()).map_err(|error| fault(error.to_string()))?;
    match (destination, local(&metadata)) {
        (Destination::Production, Some(uri)) => {
            Err(fault(format!("leads to the asking machine by {}, which only a demo may do", uri.as_str())))
        }
        (Destination::Production, None) | (Destination::Demo, _) => Ok(metadata),
    }
}

/// An address of the registration that leads to this machine.
fn local(metadata: &ClientMetadata) -> Option<&WebUri> {
    let keys = match &metadata.keys {
        Some(ClientKeys::At(uri)) => Some(uri),
        Some(ClientKeys::Inline(_)) | None => None,
    };
    metadata
        .redirect_uris
        .iter()
        .chain(&metadata.post_logout_redirect_uris)
        .chain(&metadata.client_uri)
        .chain(&metadata.backchannel_logout_uri)
        .chain(keys)
        .find(|uri| uri.is_local_demo())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(text: &str, destination: Destination) -> Result<(), String> {
        let source = Source::from_bytes(Path::new("service.json"), text.as_bytes().to_vec()).unwrap();
        check(&source, destination).map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn a_service_of_this_machine_belongs_to_a_demo() {
        let public = r#"{"client_name": "Próba", "redirect_uris": ["https://proba.example/vissza"]}"#;
        assert_eq!(read(public, Destination::Production), Ok(()));
        for local in ["http://proba.localhost:4000/x", "https://proba.localhost/x", "http://127.0.0.1:4000/x"] {
            let members = [
                public.replace("https://proba.example/vissza", local),
                public.replace('{', &format!("{{\"client_uri\": \"{local}\", ")),
                public.replace('{', &format!("{{\"backchannel_logout_uri\": \"{local}\", ")),
                public.replace('{', &format!("{{\"post_logout_redirect_uris\": [\"{local}\"], ")),
            ];
            for text in members {
                let refused = read(&text, Destination::Production).unwrap_err();
                assert!(refused.starts_with("service.json: leads to the asking machine by http"), "{refused}");
                assert_eq!(read(&text, Destination::Demo), Ok(()), "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_registration_is_refused() {
        for (text, expected) in [
            ("{\n\"client_name\": \"a\"\n,}", "service.json line 3: is no JSON"),
            ("{\"client_name\": \"a\"}", "service.json: `redirect_uris` "),
            (
                "{\"client_name\": \"a\", \"redirect_uris\": [\"http://proba.example/\"]}",
                "service.json: `redirect_uris` must begin with https://",
            ),
            (
                "{\"client_name\": \"a\", \"redirect_uris\": [\"https://proba.example/\"], \"kapu_min_levl\": 2}",
                "service.json: `kapu_min_levl` ",
            ),
        ] {
            let refused = read(text, Destination::Demo).unwrap_err();
            assert!(refused.starts_with(expected), "{text}: {refused}");
        }
    }
}
