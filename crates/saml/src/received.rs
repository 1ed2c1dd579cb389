//! A message as it came, and what it takes to believe its sender.
//!
//! The order is: [`Received::claims`] says who claims to have sent it; the caller finds that entity's
//! keys; [`Received::authenticate`] checks every signature there is and gives [`Authentic`], the only
//! thing from which a message can be read. After an enveloped signature that is the octets that were
//! hashed, and nothing that stood around them.

use xmlsec::{Document, Limits, Namespace, SignatureAlgorithm, SignatureError, VerifyingKey, XmlError};

use crate::binding::Direction;
use crate::name_id::issuer;
use crate::xml::{Element, FormError, FormFault, SAML, SAMLP};

/// A message of which nothing is proved.
#[derive(Clone, Debug)]
pub struct Received {
    direction: Direction,
    octets: Vec<u8>,
    way: Vec<Step>,
    relay_state: Option<String>,
    detached: Option<Detached>,
}

/// The signature of the binding HTTP-Redirect.
#[derive(Clone, Debug)]
pub(crate) struct Detached {
    /// What was signed, byte for byte.
    pub(crate) octets: Vec<u8>,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) signature: Vec<u8>,
}

/// A step from an element to the message within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// From a SOAP envelope to the one element of its body.
    SoapBody,
    /// From an artifact response to the message that it delivers.
    ArtifactMessage,
}

/// What a message says about itself. Nothing of it is proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Which message it is.
    pub kind: MessageKind,
    /// `ID`.
    pub id: String,
    /// `Issuer`; every message but a response must have one here.
    pub issuer: Option<String>,
    /// `InResponseTo`, of responses.
    pub in_response_to: Option<String>,
    /// Whether it carries a signature of any kind.
    pub has_signature: bool,
}

/// Which message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// `AuthnRequest`.
    AuthnRequest,
    /// `Response`.
    Response,
    /// `LogoutRequest`.
    LogoutRequest,
    /// `LogoutResponse`.
    LogoutResponse,
    /// `ArtifactResolve`.
    ArtifactResolve,
    /// `ArtifactResponse`.
    ArtifactResponse,
}

/// Whether a message without a signature is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureDemand {
    /// There must be one.
    Required,
    /// There may be none; one that is there must be good.
    IfPresent,
}

/// A message whose signatures, if it has any, are good.
#[derive(Clone, Debug)]
pub struct Authentic {
    pub(crate) octets: Vec<u8>,
    pub(crate) way: Vec<Step>,
    is_signed: bool,
}

/// Why a message is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// No XML, or not as it may be here.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Another message than the one expected here, or none of SAML's.
    #[error("this message is not expected here")]
    Kind,
    /// `Version` is not 2.0; the answer is the status `VersionMismatch` (SAML Core section 3.2.2.2).
    #[error("the message is not of SAML 2.0")]
    Version,
    /// Not as its schema or profile wants it.
    #[error(transparent)]
    Form(#[from] FormError),
    /// It must be signed and is not.
    #[error("the message is not signed")]
    Unsigned,
    /// A signature is not good.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// What is encrypted in it is not for our keys, or is not what it should be.
    #[error("the encrypted name cannot be read")]
    Decrypt,
}

impl MessageKind {
    /// All of them.
    pub const ALL: [MessageKind; 6] = [
        MessageKind::AuthnRequest,
        MessageKind::Response,
        MessageKind::LogoutRequest,
        MessageKind::LogoutResponse,
        MessageKind::ArtifactResolve,
        MessageKind::ArtifactResponse,
    ];

    /// The element's name.
    pub const fn name(self) -> &'static str {
        match self {
            MessageKind::AuthnRequest => "AuthnRequest",
            MessageKind::Response => "Response",
            MessageKind::LogoutRequest => "LogoutRequest",
            MessageKind::LogoutResponse => "LogoutResponse",
            MessageKind::ArtifactResolve => "ArtifactResolve",
            MessageKind::ArtifactResponse => "ArtifactResponse",
        }
    }

    /// The parameter that carries it.
    pub const fn direction(self) -> Direction {
        match self {
            MessageKind::AuthnRequest | MessageKind::LogoutRequest | MessageKind::ArtifactResolve => Direction::Request,
            MessageKind::Response | MessageKind::LogoutResponse | MessageKind::ArtifactResponse => Direction::Response,
        }
    }

    fn of(element: Element<'_, '_>) -> Option<Self> {
        MessageKind::ALL.into_iter().find(|kind| element.is(SAMLP, kind.name()))
    }
}

impl Received {
    pub(crate) fn new(
        direction: Direction,
        octets: Vec<u8>,
        relay_state: Option<String>,
        detached: Option<Detached>,
    ) -> Self {
        Self { direction, octets, way: Vec::new(), relay_state, detached }
    }

    pub(crate) fn within(direction: Direction, octets: Vec<u8>, way: Vec<Step>) -> Self {
        Self { direction, octets, way, relay_state: None, detached: None }
    }

    /// Whether it came as request or response.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The XML as it came.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// `RelayState`. It is input; it is given back as it came, and escaped wherever it is shown.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    pub(crate) fn detached(&self) -> Option<&Detached> {
        self.detached.as_ref()
    }

    /// Says what the message is and who claims to have sent it.
    ///
    /// # Errors
    ///
    /// See [`MessageError`].
    pub fn claims(&self) -> Result<Claims, MessageError> {
        let document = Document::parse(&self.octets, &Limits::MESSAGE)?;
        let message = located(&document, &self.way)?;
        let kind = MessageKind::of(message).ok_or(MessageError::Kind)?;
        if kind.direction() != self.direction {
            return Err(MessageError::Kind);
        }
        check_version(message)?;
        let issuer = issuer(message)?;
        if issuer.is_none() && kind != MessageKind::Response {
            return Err(message.wrong("Issuer", FormFault::Missing).into());
        }
        Ok(Claims {
            kind,
            id: message.id()?,
            issuer,
            in_response_to: message.attribute_uri("InResponseTo")?,
            has_signature: self.detached.is_some() || is_signed(message),
        })
    }

    /// Checks every signature there is with the keys of the one who claims to have sent the message.
    ///
    /// # Errors
    ///
    /// See [`MessageError`].
    pub fn authenticate(&self, keys: &[VerifyingKey], demand: SignatureDemand) -> Result<Authentic, MessageError> {
        if let Some(Detached { octets, algorithm, signature }) = &self.detached {
            xmlsec::verify_detached(*algorithm, keys, octets, signature)?;
        }
        let document = Document::parse(&self.octets, &Limits::MESSAGE)?;
        let message = located(&document, &self.way)?;
        if is_signed(message) {
            let verified = xmlsec::verify_enveloped(&document, message.0, keys, &SignatureAlgorithm::ALL)?;
            return Ok(Authentic { octets: verified.octets.into_bytes(), way: Vec::new(), is_signed: true });
        }
        let is_signed = self.detached.is_some();
        if !is_signed && demand == SignatureDemand::Required {
            return Err(MessageError::Unsigned);
        }
        Ok(Authentic { octets: self.octets.clone(), way: self.way.clone(), is_signed })
    }
}

impl Authentic {
    /// Whether a signature vouches for it.
    pub fn is_signed(&self) -> bool {
        self.is_signed
    }

    /// Reads the message with `read`, which is given its element.
    pub(crate) fn read<T>(
        &self,
        kind: MessageKind,
        read: impl FnOnce(Element<'_, '_>) -> Result<T, MessageError>,
    ) -> Result<T, MessageError> {
        let document = Document::parse(&self.octets, &Limits::MESSAGE)?;
        read(self.locate(&document, kind)?)
    }

    /// The message's element in the document that was made of its octets.
    pub(crate) fn locate<'d, 'i>(
        &self,
        document: &'d Document<'i>,
        kind: MessageKind,
    ) -> Result<Element<'d, 'i>, MessageError> {
        let message = located(document, &self.way)?;
        if MessageKind::of(message) != Some(kind) {
            return Err(MessageError::Kind);
        }
        check_version(message)?;
        Ok(message)
    }
}

impl MessageError {
    /// The word that the audit trail knows this by.
    pub const fn code(self) -> &'static str {
        match self {
            MessageError::Xml(error) => error.code(),
            MessageError::Kind => "kind",
            MessageError::Version => "version",
            MessageError::Form(_) => "profile",
            MessageError::Unsigned => "unsigned",
            MessageError::Signature(error) => error.code(),
            MessageError::Decrypt => "decrypt",
        }
    }
}

/// The message's element, found by its place alone.
fn located<'d, 'i>(document: &'d Document<'i>, way: &[Step]) -> Result<Element<'d, 'i>, MessageError> {
    let mut element = Element(document.root());
    for step in way {
        element = match step {
            Step::SoapBody => crate::binding::soap::body(element)?,
            Step::ArtifactMessage => artifact_message(element)?.ok_or(MessageError::Kind)?,
        };
    }
    Ok(element)
}

/// The message that an artifact response delivers: the one child that is none of its own (SAML Core section 3.5.2).
pub(crate) fn artifact_message<'d, 'i>(response: Element<'d, 'i>) -> Result<Option<Element<'d, 'i>>, MessageError> {
    const OWN: [(Namespace<'static>, &str); 4] =
        [(SAML, "Issuer"), (Namespace::DS, "Signature"), (SAMLP, "Extensions"), (SAMLP, "Status")];
    if !response.is(SAMLP, "ArtifactResponse") {
        return Err(MessageError::Kind);
    }
    let mut others =
        response.elements().filter(|child| !OWN.iter().any(|(namespace, name)| child.is(*namespace, name)));
    match (others.next(), others.next()) {
        (message, None) => Ok(message),
        (_, Some(second)) => Err(second.wrong("ArtifactResponse", FormFault::Repeated).into()),
    }
}

/// Whether it has a signature of its own. Where that stands and how many there are is for the verification to judge.
pub(crate) fn is_signed(element: Element<'_, '_>) -> bool {
    element.all(Namespace::DS, "Signature").next().is_some()
}

fn check_version(message: Element<'_, '_>) -> Result<(), MessageError> {
    match message.attribute_required("Version")? {
        "2.0" => Ok(()),
        _ => Err(MessageError::Version),
    }
}
