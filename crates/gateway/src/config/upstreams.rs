//! `[[upstream]]`: other identity providers whose sign-ins are taken, in `kapu.toml` and in a demo's file of its own.

use std::fs;
use std::path::{Path, PathBuf};

use broker::{AttributeNames, Upstream, UpstreamProtocol};
use model::{Clock as _, Level, Loa, Secret};
use serde::Deserialize;
use url::Url;

use super::ConfigError;
use crate::machine::SystemClock;
use crate::origin::is_localhost_name;

/// The most providers.
const UPSTREAMS_MAX: usize = 16;
/// The most contexts of one.
const CONTEXTS_MAX: usize = 16;
/// The longest identifier, in bytes.
const ID_BYTES_MAX: usize = 32;
/// The longest name, in characters: it is a button.
const NAME_CHARS_MAX: usize = 60;
/// The largest file with metadata, in bytes.
const METADATA_BYTES_MAX: u64 = 1024 * 1024;
/// The largest file with a secret, in bytes.
const SECRET_BYTES_MAX: u64 = 4096;

/// One table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UpstreamTable {
    id: String,
    name_hu: String,
    name_en: String,
    protocol: ProtocolWord,
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret_file: Option<PathBuf>,
    metadata: Option<PathBuf>,
    level: i64,
    #[serde(default)]
    loa: LoaWord,
    #[serde(default)]
    contexts: Vec<String>,
    #[serde(default)]
    attributes: AttributesTable,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ProtocolWord {
    Oidc,
    Saml,
}

/// The most that is said of a sign-in, unless the file says otherwise: nothing sure.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LoaWord {
    #[default]
    Low,
    Substantial,
    High,
}

impl From<LoaWord> for Loa {
    fn from(word: LoaWord) -> Self {
        match word {
            LoaWord::Low => Loa::Low,
            LoaWord::Substantial => Loa::Substantial,
            LoaWord::High => Loa::High,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AttributesTable {
    family_name: Option<String>,
    given_name: Option<String>,
    birth_date: Option<String>,
}

/// Where providers may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpstreamsAt {
    /// By https alone.
    Public,
    /// Also by http on this machine, by names under `localhost`.
    PublicAndDemo,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpstreamsFile {
    #[serde(default)]
    upstream: Vec<UpstreamTable>,
}

/// Reads the file that a demo is given: the same tables as in `kapu.toml`, and nothing else.
///
/// # Errors
///
/// The first [`ConfigError`].
pub fn load_upstreams(file: &Path) -> Result<Vec<Upstream>, ConfigError> {
    let text = super::read::text_of(file)?;
    let read: UpstreamsFile = super::read::parsed(&text, file)?;
    upstreams(read.upstream, UpstreamsAt::PublicAndDemo, file, &text)
}

/// Checks the tables of a file.
pub(super) fn upstreams(
    tables: Vec<UpstreamTable>,
    at: UpstreamsAt,
    file: &Path,
    text: &str,
) -> Result<Vec<Upstream>, ConfigError> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut read: Vec<Upstream> = Vec::new();
    for table in tables {
        let line = format!("id = \"{}\"", table.id);
        let blame = |reason: String| ConfigError {
            file: file.to_owned(),
            line: text.lines().position(|found| found.trim_start().starts_with(&line)).map(|index| index + 1),
            reason,
        };
        let upstream = table.check(at, folder).map_err(blame)?;
        let known = |other: &Upstream| other.id == upstream.id || other.issuer() == upstream.issuer();
        if read.iter().any(known) {
            return Err(blame(format!("upstream {} is there twice, by its id or by who it is", upstream.id)));
        }
        if read.len() == UPSTREAMS_MAX {
            return Err(blame(format!("more than {UPSTREAMS_MAX} upstreams fit no sign-in page")));
        }
        read.push(upstream);
    }
    Ok(read)
}

impl UpstreamTable {
    fn check(self, at: UpstreamsAt, folder: &Path) -> Result<Upstream, String> {
        let is_token = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.id.is_empty() || self.id.len() > ID_BYTES_MAX || !self.id.bytes().all(is_token) {
            return Err(format!("an upstream's id is 1 to {ID_BYTES_MAX} small letters, digits and hyphens"));
        }
        for name in [&self.name_hu, &self.name_en] {
            if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX {
                return Err(format!("name_hu and name_en have 1 to {NAME_CHARS_MAX} characters"));
            }
        }
        let level = Level::from_number(self.level).ok_or("level is 1, 2 or 3")?;
        let loa: Loa = self.loa.into();
        if loa > level.best_loa() {
            let best = level.best_loa().as_str();
            return Err(format!("a sign-in at level {} is never more than {best}", level.number()));
        }
        let is_context = |context: &String| !context.is_empty() && !context.contains(char::is_whitespace);
        if self.contexts.len() > CONTEXTS_MAX || !self.contexts.iter().all(is_context) {
            return Err(format!("contexts are at most {CONTEXTS_MAX} URIs without spaces"));
        }
        let AttributesTable { family_name, given_name, birth_date } = self.attributes;
        let of_the_other = match self.protocol {
            ProtocolWord::Oidc => self.metadata.is_some(),
            ProtocolWord::Saml => {
                self.issuer.is_some() || self.client_id.is_some() || self.client_secret_file.is_some()
            }
        };
        if of_the_other {
            return Err("oidc has issuer, client_id and client_secret_file; saml has metadata alone".to_owned());
        }
        let protocol = match self.protocol {
            ProtocolWord::Oidc => {
                let issuer = self.issuer.ok_or("an upstream that speaks oidc has an issuer")?;
                check_issuer(&issuer, at)?;
                let client_id = self.client_id.ok_or("an upstream that speaks oidc has a client_id")?;
                let file = self.client_secret_file.ok_or("an upstream that speaks oidc has a client_secret_file")?;
                UpstreamProtocol::OpenIdConnect { issuer, client_id, client_secret: secret(&folder.join(file))? }
            }
            ProtocolWord::Saml => {
                let file = folder.join(self.metadata.ok_or("an upstream that speaks saml has a metadata file")?);
                let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", file.display());
                if fs::metadata(&file).map_err(unreadable)?.len() > METADATA_BYTES_MAX {
                    return Err(format!("{} is larger than {METADATA_BYTES_MAX} bytes", file.display()));
                }
                let metadata = fs::read(&file).map_err(unreadable)?;
                UpstreamProtocol::saml(metadata, at == UpstreamsAt::PublicAndDemo, SystemClock.now())
                    .map_err(|error| format!("{}: {error}", file.display()))?
            }
        };
        Ok(Upstream {
            id: self.id,
            name: [self.name_hu, self.name_en],
            level,
            loa,
            contexts: self.contexts,
            attributes: AttributeNames { family_name, given_name, birth_date },
            protocol,
        })
    }
}

/// An issuer is an https URL without query and fragment (OpenID Connect Discovery 1.0 section 3).
fn check_issuer(issuer: &str, at: UpstreamsAt) -> Result<(), String> {
    let url = Url::parse(issuer).map_err(|_| "issuer is no URL")?;
    let here = url.host_str().is_some_and(is_localhost_name);
    let safe = match at {
        UpstreamsAt::Public => url.scheme() == "https",
        UpstreamsAt::PublicAndDemo => url.scheme() == "https" || (url.scheme() == "http" && here),
    };
    if !safe {
        return Err("an issuer begins with https://; in the demo also with http:// under localhost".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err("an issuer has no user, query or fragment".to_owned());
    }
    Ok(())
}

fn secret(file: &Path) -> Result<Secret<String>, String> {
    let unreadable = |error: std::io::Error| format!("client_secret_file {} cannot be read: {error}", file.display());
    if fs::metadata(file).map_err(unreadable)?.len() > SECRET_BYTES_MAX {
        return Err(format!("client_secret_file {} is larger than a secret", file.display()));
    }
    let text = Secret::new(fs::read_to_string(file).map_err(unreadable)?);
    match text.expose().trim() {
        "" => Err(format!("client_secret_file {} is empty", file.display())),
        secret => Ok(Secret::new(secret.to_owned())),
    }
}

#[cfg(test)]
mod tests;
