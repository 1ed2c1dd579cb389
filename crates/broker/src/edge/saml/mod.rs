//! The SAML edge: we are the identity provider. Requests become demands, outcomes become responses.

mod answer;
mod artifact;
mod examine;
mod judgement;
mod kept;
mod keys;
mod logout;
mod metadata;
mod receive;
mod release;
mod request;
mod service;
mod source;

pub use artifact::SoapRefusal;
pub use examine::{Examined, Problem, SamlCaptured, Weight, examine_saml_metadata};
pub(crate) use kept::KeptServices;
pub(crate) use keys::{SIGNED_WITH, SamlKey, USUAL};
pub use logout::SamlLogout;
pub(crate) use logout::{Asker, SessionName, SoapOrder};
pub(crate) use metadata::ServedMetadata;
pub use request::{SamlReceived, SamlRequest};
pub use service::{SamlOptions, SamlRegistered};
pub use source::{MetadataFetcher, SamlSource};

use data_encoding::HEXLOWER;
use model::NameKind;
use saml::{Binding, NameIdFormat};
use serde::{Deserialize, Serialize};

use crate::Broker;

/// The public addresses of the identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlEndpoints {
    /// Its entity ID, which is also the address of its metadata.
    pub entity_id: String,
    /// Takes authentication requests, by HTTP-Redirect and HTTP-POST.
    pub single_sign_on: String,
    /// Takes logout messages, by HTTP-Redirect and HTTP-POST.
    pub single_logout: String,
    /// Takes logout requests, by SOAP.
    pub single_logout_soap: String,
    /// Gives the answers that artifacts stand for, by SOAP.
    pub artifact_resolution: String,
    /// What is told of it.
    pub about: SamlAbout,
}

/// What the metadata says to people, each in Hungarian and in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlAbout {
    /// What the identity provider is called.
    pub name: [String; 2],
    /// What it is, in a sentence.
    pub description: [String; 2],
    /// Who runs it.
    pub organization: [String; 2],
    /// Where people find help, as `errorURL`.
    pub help: String,
}

/// The paths of the endpoints below the broker's origin, each beginning with a slash.
#[derive(Clone, Copy, Debug)]
pub struct SamlPaths {
    /// The metadata.
    pub metadata: &'static str,
    /// Single sign-on.
    pub single_sign_on: &'static str,
    /// Single logout through the browser.
    pub single_logout: &'static str,
    /// Single logout by SOAP.
    pub single_logout_soap: &'static str,
    /// Artifact resolution.
    pub artifact_resolution: &'static str,
}

impl SamlEndpoints {
    /// The endpoints below an origin, by our own paths.
    pub fn new(origin: &str, paths: &SamlPaths, about: SamlAbout) -> Self {
        let at = |path: &str| format!("{origin}{path}");
        Self {
            entity_id: at(paths.metadata),
            single_sign_on: at(paths.single_sign_on),
            single_logout: at(paths.single_logout),
            single_logout_soap: at(paths.single_logout_soap),
            artifact_resolution: at(paths.artifact_resolution),
            about,
        }
    }
}

/// What is needed to build the answer to an authentication request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reply {
    /// The request's `ID`.
    request: String,
    /// Where the answer goes: one of the service's registered addresses.
    consumer: String,
    binding: AnswerBinding,
    relay_state: Option<String>,
    name: NameKind,
    /// The service's list of attributes that was asked for, if not the default one.
    attributes: Option<u16>,
    /// The name of the person that the request is about; nobody else may be answered for.
    subject: Option<String>,
}

/// How an answer travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AnswerBinding {
    Post,
    Artifact,
}

impl AnswerBinding {
    fn of(binding: Binding) -> Option<Self> {
        match binding {
            Binding::Post => Some(Self::Post),
            Binding::Artifact => Some(Self::Artifact),
            Binding::Redirect | Binding::Soap => None,
        }
    }
}

/// The format of a kind of name.
fn format_of(kind: NameKind) -> NameIdFormat {
    match kind {
        NameKind::Transient => NameIdFormat::Transient,
        NameKind::Persistent => NameIdFormat::Persistent,
        NameKind::EmailAddress => NameIdFormat::EmailAddress,
    }
}

impl Broker {
    /// The public addresses of the identity provider.
    pub fn saml_endpoints(&self) -> &SamlEndpoints {
        &self.0.parts.saml
    }

    /// An `ID` for a message: an `xs:ID` may not begin with a digit (SAML Core section 1.3.4 wants 128 bits).
    fn draw_message_id(&self) -> String {
        format!("_{}", HEXLOWER.encode(&self.random().bytes::<16>()))
    }
}
