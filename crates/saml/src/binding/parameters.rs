//! The parameters of the browser's bindings, raw: a signature is over the bytes as they came.

use percent_encoding::percent_decode_str;

use super::{Direction, FORM_BYTES_MAX, RELAY_STATE_BYTES_MAX};

/// Why what came is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// Longer than [`FORM_BYTES_MAX`], or the message longer than [`super::MESSAGE_BYTES_MAX`].
    #[error("the message is too large")]
    TooLarge,
    /// A parameter of SAML's is there twice, or its name is written with escapes.
    #[error("the parameter {0} is given twice or written in an unusual way")]
    Repeated(&'static str),
    /// A parameter is missing, or two are there of which each excludes the other.
    #[error("the parameters do not make one message")]
    Parameters,
    /// An escape or a byte that is no UTF-8.
    #[error("the parameter {0} is not UTF-8")]
    NotUtf8(&'static str),
    /// No base64.
    #[error("the message is no base64")]
    Base64,
    /// No raw DEFLATE stream that ends where the data end, or one that grows beyond all measure.
    #[error("the message is no DEFLATE stream of a reasonable size")]
    Inflate,
    /// `SAMLEncoding` names another encoding than DEFLATE.
    #[error("the encoding is not supported")]
    Encoding,
    /// `SigAlg` names no algorithm that is accepted, or `Signature` is no base64.
    #[error("the signature algorithm is not accepted")]
    Algorithm,
    /// Longer than [`RELAY_STATE_BYTES_MAX`].
    #[error("the relay state is longer than 80 bytes")]
    RelayState,
    /// No type-4 artifact.
    #[error("the artifact is not one of type 4")]
    Artifact,
}

impl BindingError {
    /// The word for the audit.
    pub const fn code(self) -> &'static str {
        match self {
            BindingError::TooLarge => "limits",
            BindingError::Repeated(_) | BindingError::Algorithm => "redirect-sig",
            BindingError::Parameters => "parameters",
            BindingError::NotUtf8(_) | BindingError::Base64 | BindingError::Encoding => "encoding",
            BindingError::Inflate => "inflate",
            BindingError::RelayState => "relay-state",
            BindingError::Artifact => "artifact",
        }
    }
}

/// The names that mean something to SAML; all others are ignored.
const NAMES: [&str; 7] =
    ["SAMLRequest", "SAMLResponse", "SAMLart", "SAMLEncoding", "RelayState", "SigAlg", "Signature"];

/// SAML's parameters of one query or form, each at most once, undecoded.
pub(super) struct Parameters<'a> {
    values: [Option<&'a str>; NAMES.len()],
}

impl<'a> Parameters<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, BindingError> {
        if text.len() > FORM_BYTES_MAX {
            return Err(BindingError::TooLarge);
        }
        let mut values = [None; NAMES.len()];
        for pair in text.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let meant = percent_decode_str(name).decode_utf8_lossy();
            let Some(index) = NAMES.iter().position(|known| *known == meant) else { continue };
            if NAMES[index] != name || values[index].replace(value).is_some() {
                return Err(BindingError::Repeated(NAMES[index]));
            }
        }
        Ok(Self { values })
    }

    /// The value as it came.
    pub(super) fn raw(&self, name: &'static str) -> Option<&'a str> {
        NAMES.iter().position(|known| *known == name).and_then(|index| self.values[index])
    }

    /// The value decoded as of a form, where `+` is a space.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, BindingError> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let spaced = raw.replace('+', " ");
        let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| BindingError::NotUtf8(name))?;
        Ok(Some(decoded.into_owned()))
    }

    /// The base64 value decoded; a `+` that was not escaped is a `+`, since base64 has no space.
    pub(super) fn base64(&self, name: &'static str) -> Result<Option<Vec<u8>>, BindingError> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        base64(&percent_decode_str(raw).collect::<Vec<u8>>()).map(Some)
    }

    pub(super) fn relay_state(&self) -> Result<Option<String>, BindingError> {
        let relay_state = self.text("RelayState")?;
        if relay_state.as_ref().is_some_and(|text| text.len() > RELAY_STATE_BYTES_MAX) {
            return Err(BindingError::RelayState);
        }
        Ok(relay_state)
    }

    /// Which message is there: exactly one.
    pub(super) fn direction(&self) -> Result<Direction, BindingError> {
        let present = |name| self.raw(name).is_some();
        match (present("SAMLRequest"), present("SAMLResponse"), present("SAMLart")) {
            (true, false, false) => Ok(Direction::Request),
            (false, true, false) => Ok(Direction::Response),
            _ => Err(BindingError::Parameters),
        }
    }
}

/// Decodes base64 that may be broken into lines (RFC 2045 section 6.8).
pub(super) fn base64(text: &[u8]) -> Result<Vec<u8>, BindingError> {
    let dense: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    data_encoding::BASE64.decode(&dense).map_err(|_| BindingError::Base64)
}
