//! `kapu service check`: tells an integrator what is wrong with metadata or a captured request. What is decided is
//! decided by the functions that register services and answer requests.

mod client;
mod given;

use std::fmt::Write as _;
use std::path::Path;

use broker::{Examined, Problem, SamlOptions, Weight, examine_saml_metadata};
use model::Timestamp;

use crate::deliver::fetch;
use crate::import::service::Destination;
use crate::import::{ImportError, Source};
use given::Given;

/// For which installation it is checked.
#[derive(Clone, Debug)]
pub struct Installation {
    /// What may be registered there.
    pub destination: Destination,
    /// Where it takes requests, if that is known.
    pub single_sign_on: Option<String>,
}

impl Installation {
    fn options(&self) -> SamlOptions {
        SamlOptions { loopback: self.destination == Destination::Demo, ..SamlOptions::default() }
    }
}

/// Examines a file, an address, or the text of a request; a request together with its service's metadata.
///
/// # Errors
///
/// When there is nothing to be examined.
pub async fn check(what: &str, metadata: Option<&Path>, at: &Installation, now: Timestamp) -> anyhow::Result<Examined> {
    let source = source(what, at).await?;
    let beside = metadata.map(Source::read).transpose()?;
    Ok(examine(&source, beside.as_ref(), at, now))
}

/// Examines what was read.
pub fn examine(source: &Source, metadata: Option<&Source>, at: &Installation, now: Timestamp) -> Examined {
    match Given::of(source.text()) {
        Given::SamlMetadata => examine_saml_metadata(source.text().as_bytes(), &at.options(), now),
        Given::ClientMetadata => client::examine(source, at.destination),
        Given::Request(captured) => {
            let options = at.options();
            let metadata = metadata.map(|metadata| (metadata.text().as_bytes(), &options));
            captured.as_saml().examine(metadata, at.single_sign_on.as_deref(), now)
        }
        Given::Unknown => Examined {
            sentences: vec!["This is nothing that is known here.".to_owned()],
            problems: vec![Problem {
                line: None,
                what: "It is neither XML, nor JSON, nor a SAML request as an address, a query, a form or base64."
                    .to_owned(),
                advice: "Give metadata of a service, or the whole address that a browser was sent to.".to_owned(),
                weight: Weight::Refused,
            }],
        },
    }
}

/// The text to examine, wherever it is.
async fn source(what: &str, at: &Installation) -> anyhow::Result<Source> {
    let named = Path::new(what);
    if given::is_request(what) {
        return Ok(Source::from_bytes(Path::new("the request"), what.as_bytes().to_vec())?);
    }
    if !what.starts_with("https://") && !what.starts_with("http://") {
        return Ok(Source::read(named)?);
    }
    let document = fetch(at.destination.reach(), what).await;
    let document = document.map_err(|reason| ImportError { file: named.to_owned(), line: None, reason })?;
    Ok(Source::from_bytes(named, document)?)
}

/// What was found out, as it is printed.
pub fn told(found: &Examined) -> String {
    let mut text = String::new();
    for sentence in &found.sentences {
        let _ = writeln!(text, "{sentence}");
    }
    for Problem { line, what, advice, weight } in &found.problems {
        let weight = match weight {
            Weight::Refused => "refused",
            Weight::Remark => "note",
        };
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let _ = writeln!(text, "\n{weight}: {place}{what}\n  {advice}");
    }
    if found.problems.is_empty() {
        text += "\nNothing is wrong with it.\n";
    }
    text
}
