//! A mobile document that was shown (`mso_mdoc`, OpenID4VP 1.0 appendix B.2).

use data_encoding::BASE64URL_NOPAD;
use mdoc::pid::{self, Attribute};
use mdoc::{Asked, Document, Element, ExpectedIssuer, MdocError, Need, SessionTranscript, VerifyingKey};
use serde_json::{Map, Value};

use super::{AnswerExpected, AnswerFault, AnswerMode};
use crate::claim_path::PathStep;
use crate::dcql::CredentialQuery;
use crate::sd_jwt::{Disclosed, StatusReference};
use crate::trust::{ChainFault, Signer};

/// A document that its holder showed to us, now. Whether it was withdrawn since is still to be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct PresentedDocument {
    /// Whose key signed it.
    pub signer: Signer,
    /// What it says, of what was asked for, below its name spaces.
    pub disclosed: Disclosed,
    /// Where to ask whether it is still good.
    pub status: Option<StatusReference>,
}

/// The session that a device signs for: whoever asked by `client_id`, with `nonce`, to be answered at `response_uri`
/// in clear or encrypted to the key with this thumbprint (OpenID4VP 1.0 appendix B.2.6.1).
pub fn transcript(
    client_id: &str,
    nonce: &str,
    thumbprint: Option<&[u8; 32]>,
    response_uri: &str,
) -> SessionTranscript {
    SessionTranscript::openid4vp(client_id, nonce, thumbprint, response_uri)
}

impl AnswerExpected<'_> {
    fn transcript(&self) -> SessionTranscript {
        match &self.mode {
            AnswerMode::DirectPost => transcript(self.audience, self.nonce, None, self.response_uri),
            AnswerMode::DirectPostJwt { key, .. } => {
                let thumbprint = key.public_key().thumbprint();
                transcript(self.audience, self.nonce, Some(&thumbprint), self.response_uri)
            }
            AnswerMode::DcApiJwt { key, .. } => {
                let origin = self.audience.strip_prefix("origin:").unwrap_or(self.audience);
                let thumbprint = key.public_key().thumbprint();
                SessionTranscript::openid4vp_dc_api(origin, self.nonce, Some(&thumbprint))
            }
        }
    }

    /// Checks a document: its certificates by `judge`, the issuer's signature and digests, and the device's for this
    /// very session. Elements that nobody asked for are hashed, and dropped unread.
    pub(super) fn document(
        &self,
        credential: &CredentialQuery,
        doc_type: &str,
        text: &str,
        judge: &impl Fn(&[Vec<u8>]) -> Result<Signer, ChainFault>,
    ) -> Result<PresentedDocument, AnswerFault> {
        let octets = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| AnswerFault::VpToken)?;
        let document = Document::parse(&octets)?;
        let chain: Vec<Vec<u8>> = document.issuer_signed().x5chain()?.into_iter().map(<[u8]>::to_vec).collect();
        let signer = judge(&chain).map_err(AnswerFault::Chain)?;
        let key = VerifyingKey::from_spki_der(&signer.spki).map_err(|_| AnswerFault::Chain(ChainFault::Key))?;
        let paths = credential.paths();
        let asked: Vec<Asked<'_>> = paths.iter().filter_map(|path| asked(path.steps())).collect();
        let expected = mdoc::Expected {
            issuer: ExpectedIssuer { doc_type, key: &key, at: self.now },
            transcript: &self.transcript(),
            elements: &asked,
        };
        let presented = document.verify(&expected)?;
        let (from, until) = signer.valid;
        if !(from..=until).contains(&presented.validity().signed) {
            return Err(AnswerFault::Document(MdocError::NotYetValid));
        }
        let claims = claims(presented.elements())?;
        credential.claims_shown(|path| path.select(&claims)).ok_or(AnswerFault::Claims)?;
        let status = presented.status().map(|status| StatusReference { uri: status.uri.clone(), index: status.index });
        Ok(PresentedDocument { signer, disclosed: Disclosed::select(&claims, &paths), status })
    }
}

/// An element is asked for by its name space and its identifier (OpenID4VP 1.0 section 7.2).
fn asked(steps: &[PathStep]) -> Option<Asked<'_>> {
    let [PathStep::Name(namespace), PathStep::Name(identifier)] = steps else { return None };
    Some(Asked { namespace, identifier, need: Need::Optional })
}

/// The elements below their name spaces. A datum of a person that is of another kind than the rulebook has it is none.
fn claims(elements: &[Element]) -> Result<Map<String, Value>, AnswerFault> {
    let mut claims = Map::new();
    for Element { namespace, identifier, value } in elements {
        let attribute = (namespace == pid::NAMESPACE).then(|| Attribute::from_identifier(identifier)).flatten();
        if attribute.is_some_and(|attribute| !attribute.kind().admits(value)) {
            return Err(AnswerFault::Claims);
        }
        let of_namespace = claims.entry(namespace.as_str()).or_insert_with(|| Map::new().into());
        of_namespace[identifier.as_str()] = json(value);
    }
    Ok(claims)
}

/// A value as JSON: octets in base64url, a day as `YYYY-MM-DD`, an instant in seconds; what is embedded is not looked into.
fn json(value: &mdoc::Value) -> Value {
    match value {
        mdoc::Value::Text(text) => text.as_str().into(),
        mdoc::Value::Bytes(octets) => BASE64URL_NOPAD.encode(octets).into(),
        mdoc::Value::Integer(number) | mdoc::Value::DateTime(number) => (*number).into(),
        mdoc::Value::Bool(truth) => (*truth).into(),
        mdoc::Value::FullDate(day) => day.to_string().into(),
        mdoc::Value::Null | mdoc::Value::Embedded(_) => Value::Null,
        mdoc::Value::Array(items) => items.iter().map(json).collect(),
        mdoc::Value::Map(members) => {
            members.iter().map(|(name, value)| (name.clone(), json(value))).collect::<Map<_, _>>().into()
        }
    }
}
