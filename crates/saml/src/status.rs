//! What became of a request (SAML Core section 3.2.2).

use xmlsec::Writer;

use crate::xml::{Element, FormError, FormFault, SAMLP};

/// The longest status message that is kept, in characters; a longer one is cut.
pub const STATUS_MESSAGE_CHARS_MAX: usize = 512;

/// The top-level status code (section 3.2.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusCode {
    /// It was done.
    Success,
    /// It was not, and the sender of the request could change that.
    Requester,
    /// It was not, and the responder is why.
    Responder,
    /// The request is of another version of SAML.
    VersionMismatch,
}

/// The second-level status code (section 3.2.2.2): why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusReason {
    /// The person was not signed in.
    AuthnFailed,
    /// An attribute's name or value is not understood.
    InvalidAttrNameOrValue,
    /// The kind of name asked for is not given.
    InvalidNameIdPolicy,
    /// The authentication context asked for cannot be met.
    NoAuthnContext,
    /// None of the identity providers in question can be reached.
    NoAvailableIdp,
    /// The person cannot be signed in without being asked.
    NoPassive,
    /// None of the identity providers in question is known.
    NoSupportedIdp,
    /// Not every participant of the session was signed out.
    PartialLogout,
    /// The request may not be handed on.
    ProxyCountExceeded,
    /// The responder does not want to.
    RequestDenied,
    /// The responder does not know how to.
    RequestUnsupported,
    /// The request's version is no longer spoken.
    RequestVersionDeprecated,
    /// The request's version is not spoken yet.
    RequestVersionTooHigh,
    /// The request's version is too old.
    RequestVersionTooLow,
    /// The resource of the request is not known.
    ResourceNotRecognized,
    /// There would be more answers than can be given.
    TooManyResponses,
    /// The attribute profile is not known.
    UnknownAttrProfile,
    /// The person of the request is not known.
    UnknownPrincipal,
    /// The binding asked for cannot be used.
    UnsupportedBinding,
}

/// A status with its reason and a text for whoever runs the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The top-level code.
    pub code: StatusCode,
    /// The second-level code. When read, one that is not known is left out.
    pub reason: Option<StatusReason>,
    /// `StatusMessage`. When read, it is input: it is never shown as ours.
    pub message: Option<String>,
}

impl StatusCode {
    /// All of them.
    pub const ALL: [StatusCode; 4] =
        [StatusCode::Success, StatusCode::Requester, StatusCode::Responder, StatusCode::VersionMismatch];

    /// The URI on the wire.
    pub const fn uri(self) -> &'static str {
        match self {
            StatusCode::Success => "urn:oasis:names:tc:SAML:2.0:status:Success",
            StatusCode::Requester => "urn:oasis:names:tc:SAML:2.0:status:Requester",
            StatusCode::Responder => "urn:oasis:names:tc:SAML:2.0:status:Responder",
            StatusCode::VersionMismatch => "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch",
        }
    }

    /// The code with that URI.
    pub fn from_uri(uri: &str) -> Option<Self> {
        StatusCode::ALL.into_iter().find(|code| code.uri() == uri)
    }
}

impl StatusReason {
    /// All of them.
    pub const ALL: [StatusReason; 19] = [
        StatusReason::AuthnFailed,
        StatusReason::InvalidAttrNameOrValue,
        StatusReason::InvalidNameIdPolicy,
        StatusReason::NoAuthnContext,
        StatusReason::NoAvailableIdp,
        StatusReason::NoPassive,
        StatusReason::NoSupportedIdp,
        StatusReason::PartialLogout,
        StatusReason::ProxyCountExceeded,
        StatusReason::RequestDenied,
        StatusReason::RequestUnsupported,
        StatusReason::RequestVersionDeprecated,
        StatusReason::RequestVersionTooHigh,
        StatusReason::RequestVersionTooLow,
        StatusReason::ResourceNotRecognized,
        StatusReason::TooManyResponses,
        StatusReason::UnknownAttrProfile,
        StatusReason::UnknownPrincipal,
        StatusReason::UnsupportedBinding,
    ];

    /// The URI on the wire.
    pub const fn uri(self) -> &'static str {
        match self {
            StatusReason::AuthnFailed => "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed",
            StatusReason::InvalidAttrNameOrValue => "urn:oasis:names:tc:SAML:2.0:status:InvalidAttrNameOrValue",
            StatusReason::InvalidNameIdPolicy => "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy",
            StatusReason::NoAuthnContext => "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext",
            StatusReason::NoAvailableIdp => "urn:oasis:names:tc:SAML:2.0:status:NoAvailableIDP",
            StatusReason::NoPassive => "urn:oasis:names:tc:SAML:2.0:status:NoPassive",
            StatusReason::NoSupportedIdp => "urn:oasis:names:tc:SAML:2.0:status:NoSupportedIDP",
            StatusReason::PartialLogout => "urn:oasis:names:tc:SAML:2.0:status:PartialLogout",
            StatusReason::ProxyCountExceeded => "urn:oasis:names:tc:SAML:2.0:status:ProxyCountExceeded",
            StatusReason::RequestDenied => "urn:oasis:names:tc:SAML:2.0:status:RequestDenied",
            StatusReason::RequestUnsupported => "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported",
            StatusReason::RequestVersionDeprecated => "urn:oasis:names:tc:SAML:2.0:status:RequestVersionDeprecated",
            StatusReason::RequestVersionTooHigh => "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooHigh",
            StatusReason::RequestVersionTooLow => "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooLow",
            StatusReason::ResourceNotRecognized => "urn:oasis:names:tc:SAML:2.0:status:ResourceNotRecognized",
            StatusReason::TooManyResponses => "urn:oasis:names:tc:SAML:2.0:status:TooManyResponses",
            StatusReason::UnknownAttrProfile => "urn:oasis:names:tc:SAML:2.0:status:UnknownAttrProfile",
            StatusReason::UnknownPrincipal => "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal",
            StatusReason::UnsupportedBinding => "urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding",
        }
    }

    /// The reason with that URI.
    pub fn from_uri(uri: &str) -> Option<Self> {
        StatusReason::ALL.into_iter().find(|reason| reason.uri() == uri)
    }
}

impl Status {
    /// It was done.
    pub const SUCCESS: Status = Status { code: StatusCode::Success, reason: None, message: None };

    /// It was not done.
    pub const fn refused(code: StatusCode, reason: StatusReason) -> Self {
        Self { code, reason: Some(reason), message: None }
    }

    /// Whether it was done.
    pub fn is_success(&self) -> bool {
        self.code == StatusCode::Success
    }
    /// The `Status` of a response.
    pub(crate) fn read(response: Element<'_, '_>) -> Result<Self, FormError> {
        let status = response.required(SAMLP, "Status")?;
        let code = status.required(SAMLP, "StatusCode")?;
        let top = StatusCode::from_uri(&code.uri_in("Value")?);
        let reason = code.optional(SAMLP, "StatusCode")?.map(|second| second.uri_in("Value")).transpose()?;
        let message = status.optional(SAMLP, "StatusMessage")?.map(|text| text.text("StatusMessage")).transpose()?;
        Ok(Self {
            code: top.ok_or_else(|| code.wrong("StatusCode", FormFault::Invalid))?,
            reason: reason.and_then(|uri| StatusReason::from_uri(&uri)),
            message: message.map(|text| text.chars().take(STATUS_MESSAGE_CHARS_MAX).collect()),
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        writer.start(SAMLP, "Status").start(SAMLP, "StatusCode").attribute("Value", self.code.uri());
        if let Some(reason) = self.reason {
            writer.start(SAMLP, "StatusCode").attribute("Value", reason.uri()).end();
        }
        writer.end();
        if let Some(message) = &self.message {
            writer.leaf(SAMLP, "StatusMessage", message);
        }
        writer.end();
    }
}
