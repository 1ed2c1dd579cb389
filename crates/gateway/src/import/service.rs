//! Services, from OpenID Connect client metadata (RFC 7591) or SAML metadata.

use std::path::{Path, PathBuf};

use broker::{PurposesError, Replacing, SamlOptions, SamlSource, read_purposes};
use model::{Purposes, StatedTerms};
use oidc::{ClientKeys, ClientMetadata, WebUri};

use super::{ImportError, Source};
use crate::deliver::{Reach, fetch};

impl Destination {
    /// How far is gone for it.
    pub fn reach(self) -> Reach {
        match self {
            Destination::Demo => Reach::PublicAndDemo,
            Destination::Production => Reach::Public,
        }
    }
}

/// Where a registration is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A production installation: nothing of it leads to this machine.
    Production,
    /// A demo's data folder: services may live on `*.localhost`.
    Demo,
}

/// What an operator asks to be registered.
#[derive(Debug)]
pub struct Import {
    /// A file, or an address of SAML metadata.
    pub what: String,
    /// Which entity of it.
    pub entity: Option<String>,
    /// The file with the certificates whose keys sign what the address gives.
    pub feed_cert: Option<PathBuf>,
    /// What the operator demands.
    pub terms: StatedTerms,
    /// The file that says why the service asks for what it receives.
    pub purposes: Option<PathBuf>,
    /// Whether a former registration is replaced.
    pub replacing: Replacing,
}

impl Import {
    /// What there is to be registered, wherever it is.
    ///
    /// # Errors
    ///
    /// When it cannot be had.
    pub async fn read(&self, reach: Reach) -> anyhow::Result<Source> {
        let named = Path::new(&self.what);
        if !self.is_fetched() {
            anyhow::ensure!(self.feed_cert.is_none(), "--feed-cert is for metadata that are fetched: give an address");
            return Ok(Source::read(named)?);
        }
        let document = fetch(reach, &self.what).await;
        let document = document.map_err(|reason| ImportError { file: named.to_owned(), line: None, reason })?;
        Ok(Source::from_bytes(named, document)?)
    }

    /// The same for the broker.
    ///
    /// # Errors
    ///
    /// When the certificates or the purposes cannot be read.
    pub fn options(&self, destination: Destination) -> anyhow::Result<SamlOptions> {
        let purposes = self.purposes()?;
        let pinned = self.feed_cert.as_deref().map(Source::read).transpose()?;
        let source = if self.is_fetched() {
            Some(SamlSource::new(&self.what, pinned.as_ref().map(Source::text))?)
        } else {
            None
        };
        let loopback = destination == Destination::Demo;
        Ok(SamlOptions { terms: self.terms, purposes, loopback, entity: self.entity.clone(), source })
    }

    /// Why the service asks for what it receives, as far as the operator says so.
    ///
    /// # Errors
    ///
    /// What is wrong with the file, and in which line.
    pub fn purposes(&self) -> Result<Option<Purposes>, ImportError> {
        self.purposes.as_deref().map(|file| purposes(&Source::read(file)?)).transpose()
    }

    /// Whether it is an address, and neither a file nor in one.
    pub fn is_fetched(&self) -> bool {
        self.what.starts_with("https://") || self.what.starts_with("http://")
    }
}

/// Reads a file that says why a service asks for each datum.
fn purposes(source: &Source) -> Result<Purposes, ImportError> {
    read_purposes(source.text().as_bytes()).map_err(|error| {
        let line = match &error {
            PurposesError::TooLarge => None,
            PurposesError::Form { line, .. } => *line,
            // The first place with that name, unless the file writes it with escapes.
            PurposesError::Member(member) => source.line_of(&format!("\"{}\"", member.name)),
        };
        ImportError { file: source.file().to_owned(), line, reason: error.to_string() }
    })
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
    fn what_is_wrong_with_purposes_is_said_with_its_line() {
        let read = |text: &str| {
            let source = Source::from_bytes(Path::new("purposes.json"), text.as_bytes().to_vec()).unwrap();
            purposes(&source).map(|purposes| purposes.data().count()).map_err(|error| error.to_string())
        };
        assert_eq!(
            read("{\"email\": {\"hu\": \"Értesítés\"},\n \"name\": {\"hu\": \"Név\", \"en\": \"Name\"}}"),
            Ok(3)
        );
        for (text, expected) in [
            ("{\n\n,}", "purposes.json line 3: is no JSON object that names each member once"),
            ("[]", "purposes.json: is no JSON object"),
            (
                "{\"email\": {\"hu\": \"a\"},\n\"cipo\": {\"hu\": \"b\"}}",
                "purposes.json line 2: the purpose `cipo` names no datum",
            ),
            ("{\n\n\"email\": {\"hu\": \"\\u0007\"}}", "purposes.json line 3: the purpose `email.hu` has a control"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.starts_with(expected), "{text}: {refused}");
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
