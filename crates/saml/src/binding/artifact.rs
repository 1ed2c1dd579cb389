//! HTTP-Artifact (SAML Bindings section 3.6): a reference that is redeemed over SOAP.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use data_encoding::BASE64;

use super::parameters::{Parameters, base64};
use super::{BindingError, RELAY_STATE_BYTES_MAX};

/// The one type that SAML 2.0 defines (section 3.6.4).
const TYPE_CODE: [u8; 2] = [0, 4];
/// Two bytes of type, two of endpoint, twenty of source, twenty of handle.
const BYTES: usize = 44;

/// An artifact of type `0x0004`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Artifact {
    /// The index of the issuer's artifact resolution service.
    pub endpoint_index: u16,
    /// Who issued it: the SHA-1 of its entity ID, as the standard says. It is a name, not a proof.
    pub source_id: [u8; 20],
    /// What the message is found by: 160 random bits, used once.
    pub message_handle: [u8; 20],
}

/// An artifact as a browser brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedArtifact {
    /// The artifact.
    pub artifact: Artifact,
    /// `RelayState`.
    pub relay_state: Option<String>,
}

impl Artifact {
    /// An artifact of the entity. `message_handle` is random.
    pub fn new(entity_id: &str, endpoint_index: u16, message_handle: [u8; 20]) -> Self {
        Self { endpoint_index, source_id: source_id(entity_id), message_handle }
    }

    /// Reads the base64 text.
    ///
    /// # Errors
    ///
    /// [`BindingError::Artifact`].
    pub fn parse(text: &str) -> Result<Self, BindingError> {
        let bytes = base64(text.as_bytes()).ok().filter(|bytes| bytes.len() == BYTES && bytes[..2] == TYPE_CODE);
        let bytes = bytes.ok_or(BindingError::Artifact)?;
        let twenty = |from: usize| bytes[from..from + 20].try_into().map_err(|_| BindingError::Artifact);
        Ok(Self {
            endpoint_index: u16::from_be_bytes([bytes[2], bytes[3]]),
            source_id: twenty(4)?,
            message_handle: twenty(24)?,
        })
    }

    /// Writes the base64 text.
    pub fn print(&self) -> String {
        let index = self.endpoint_index.to_be_bytes();
        BASE64.encode(&[&TYPE_CODE[..], &index, &self.source_id, &self.message_handle].concat())
    }

    /// Whether the entity issued it, or says so.
    pub fn is_of(&self, entity_id: &str) -> bool {
        self.source_id == source_id(entity_id)
    }

    /// The parameters that carry it, as name and value, to be escaped where they are written.
    ///
    /// # Errors
    ///
    /// [`BindingError::RelayState`].
    pub fn fields(&self, relay_state: Option<&str>) -> Result<Vec<(&'static str, String)>, BindingError> {
        let mut fields = vec![("SAMLart", self.print())];
        if let Some(relay_state) = relay_state {
            if relay_state.len() > RELAY_STATE_BYTES_MAX {
                return Err(BindingError::RelayState);
            }
            fields.push(("RelayState", relay_state.to_owned()));
        }
        Ok(fields)
    }
}

/// Whether a query or form carries an artifact, not a message.
pub fn is_artifact(parameters: &str) -> bool {
    Parameters::read(parameters).is_ok_and(|parameters| parameters.raw("SAMLart").is_some())
}

/// Reads the query of a redirect or the body of a form.
///
/// # Errors
///
/// See [`BindingError`].
pub fn decode(parameters: &str) -> Result<ReceivedArtifact, BindingError> {
    let parameters = Parameters::read(parameters)?;
    if parameters.raw("SAMLRequest").or(parameters.raw("SAMLResponse")).is_some() {
        return Err(BindingError::Parameters);
    }
    // Base64 knows no space: one stands for a `+` that was not escaped.
    let text = parameters.text("SAMLart")?.ok_or(BindingError::Parameters)?.replace(' ', "+");
    Ok(ReceivedArtifact { artifact: Artifact::parse(&text)?, relay_state: parameters.relay_state()? })
}

fn source_id(entity_id: &str) -> [u8; 20] {
    let mut id = [0; 20];
    id.copy_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, entity_id.as_bytes()).as_ref());
    id
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_artifact_is_a_name_of_its_issuer_and_a_handle() {
        let artifact = Artifact::new("https://idp.example/saml", 1, [7; 20]);
        // printf %s https://idp.example/saml | sha1sum
        assert_eq!(data_encoding::HEXLOWER.encode(&artifact.source_id), "bf11af81dfda37feb2307aea993c7fe7c27cb7eb");
        assert!(artifact.is_of("https://idp.example/saml") && !artifact.is_of("https://idp.example/saml/"));
        let text = artifact.print();
        assert!(text.starts_with("AAQAA") && text.len() == 60, "{text}");
        assert_eq!(Artifact::parse(&text), Ok(artifact));
        let query = format!("SAMLart={}&RelayState=x", text.replace('+', "%2B").replace('=', "%3D"));
        assert!(is_artifact(&query));
        assert_eq!(decode(&query), Ok(ReceivedArtifact { artifact, relay_state: Some("x".to_owned()) }));
    }

    #[test]
    fn what_is_no_artifact_of_type_four_is_refused() {
        let text = Artifact::new("https://idp.example", 0, [0; 20]).print();
        for bad in ["", "AAQ=", "AAEAAA==", &text[4..], &format!("{text}AAAA"), &text.replacen("AAQ", "AAE", 1)] {
            assert_eq!(Artifact::parse(bad), Err(BindingError::Artifact), "{bad}");
        }
        assert_eq!(decode("RelayState=x"), Err(BindingError::Parameters));
        assert_eq!(decode(&format!("SAMLart={text}&SAMLart={text}")), Err(BindingError::Repeated("SAMLart")));
        assert_eq!(decode(&format!("SAMLart={text}&SAMLResponse=PGEvPg==")), Err(BindingError::Parameters));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(endpoint_index: u16, source_id: [u8; 20], message_handle: [u8; 20]) {
            let artifact = Artifact { endpoint_index, source_id, message_handle };
            prop_assert_eq!(Artifact::parse(&artifact.print()), Ok(artifact));
            // As a browser sends it when the sender forgot to escape it.
            prop_assert_eq!(decode(&format!("SAMLart={}", artifact.print())).map(|read| read.artifact), Ok(artifact));
        }
    }
}
