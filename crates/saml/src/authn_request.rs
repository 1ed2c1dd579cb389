//! The authentication request (SAML Core section 3.4.1, Profiles section 4.1.4.1).

use crate::name_id::{NameId, NameIdFormat, issuer};
use crate::received::{Authentic, MessageError, MessageKind};
use crate::write::{Draft, Head, Signer, WriteError, attributes, flag};
use crate::xml::{Element, FormError, FormFault, SAML, SAMLP};
use crate::{ContextKind, RequestedAuthnContext};

/// A service asks for a person to be signed in.
///
/// Reading checks form alone. That the service exists, the address of the answer is one of its own and
/// the request had to be signed is the caller's to check, the first two *before* any answer may go there.
/// `Extensions`, `Scoping` and `Conditions` are passed over, as they may be (sections 3.2.1, 3.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    /// `ID`; the answer names it.
    pub id: String,
    /// `IssueInstant`, in seconds since the epoch.
    pub issue_instant: i64,
    /// `Issuer`: the service's entity ID.
    pub issuer: String,
    /// `Destination`: the address it was sent to. If it is there it must be ours (SAML Core section
    /// 3.2.1), and when the message was signed it must be there (Bindings sections 3.4.5.2, 3.5.5.2).
    pub destination: Option<String>,
    /// `ForceAuthn`: ask again, whatever session there is.
    pub force_authn: bool,
    /// `IsPassive`: show nothing.
    pub is_passive: bool,
    /// Where the answer goes.
    pub answer_to: AnswerTo,
    /// `ProtocolBinding`: how the answer goes there, as a URI that may be of no binding we know.
    pub protocol_binding: Option<String>,
    /// `AttributeConsumingServiceIndex`: which of the service's lists of attributes it asks for.
    pub attribute_consuming_service: Option<u16>,
    /// `Subject`: the person that it must be, if it is named.
    pub subject: Option<NameId>,
    /// `NameIDPolicy`: how the person is to be named.
    pub name_id_policy: Option<NameIdPolicy>,
    /// `RequestedAuthnContext`: how the person is to be authenticated.
    pub authn_context: Option<RequestedAuthnContext>,
}

/// Where the answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerTo {
    /// To the default of the service's metadata.
    Default,
    /// `AssertionConsumerServiceIndex`: to the one of that index in the service's metadata.
    Index(u16),
    /// `AssertionConsumerServiceURL`: compared byte for byte with the registered ones.
    Url(String),
}

/// How the person is to be named (section 3.4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameIdPolicy {
    /// `Format`.
    pub format: NameIdFormat,
    /// `SPNameQualifier`: whose names are asked for, if not the service's own.
    pub sp_name_qualifier: Option<String>,
    /// `AllowCreate`: whether a name may be made for this.
    pub allow_create: bool,
}

impl AuthnRequest {
    /// Reads a request.
    ///
    /// # Errors
    ///
    /// See [`MessageError`].
    pub fn read(message: &Authentic) -> Result<Self, MessageError> {
        message.read(MessageKind::AuthnRequest, |element| {
            let names = [
                (SAML, "Issuer"),
                (SAMLP, "Extensions"),
                (SAML, "Subject"),
                (SAMLP, "NameIDPolicy"),
                (SAML, "Conditions"),
                (SAMLP, "RequestedAuthnContext"),
                (SAMLP, "Scoping"),
            ];
            element.only(&names, "AuthnRequest")?;
            let policy = element.optional(SAMLP, "NameIDPolicy")?;
            let context = element.optional(SAMLP, "RequestedAuthnContext")?;
            Ok(Self {
                id: element.id()?,
                issue_instant: issue_instant(element)?,
                issuer: issuer(element)?.ok_or_else(|| element.wrong("Issuer", FormFault::Missing))?,
                destination: element.attribute_uri("Destination")?,
                force_authn: element.attribute_flag("ForceAuthn")?.unwrap_or(false),
                is_passive: element.attribute_flag("IsPassive")?.unwrap_or(false),
                answer_to: answer_to(element)?,
                protocol_binding: element.attribute_uri("ProtocolBinding")?,
                attribute_consuming_service: element.attribute_index("AttributeConsumingServiceIndex")?,
                subject: element.optional(SAML, "Subject")?.map(subject).transpose()?.flatten(),
                name_id_policy: policy.map(NameIdPolicy::read).transpose()?,
                authn_context: context.map(RequestedAuthnContext::read).transpose()?,
            })
        })
    }

    /// Writes the request.
    ///
    /// # Errors
    ///
    /// See [`WriteError`].
    pub fn write(&self, signer: Option<&Signer<'_>>) -> Result<String, WriteError> {
        let (index, url) = match &self.answer_to {
            AnswerTo::Default => (None, None),
            AnswerTo::Index(index) => (Some(index.to_string()), None),
            AnswerTo::Url(url) => (None, Some(url.as_str())),
        };
        let attribute_index = self.attribute_consuming_service.map(|index| index.to_string());
        let head = Head {
            name: "AuthnRequest",
            id: &self.id,
            issue_instant: self.issue_instant,
            destination: self.destination.as_deref(),
            in_response_to: None,
            issuer: &self.issuer,
        };
        let own = [
            ("ForceAuthn", flag(self.force_authn)),
            ("IsPassive", flag(self.is_passive)),
            ("AssertionConsumerServiceIndex", index.as_deref()),
            ("AssertionConsumerServiceURL", url),
            ("ProtocolBinding", self.protocol_binding.as_deref()),
            ("AttributeConsumingServiceIndex", attribute_index.as_deref()),
        ];
        let mut draft = Draft::begin(&head, &own);
        let writer = &mut draft.writer;
        if let Some(subject) = &self.subject {
            writer.start(SAML, "Subject");
            subject.write(writer);
            writer.end();
        }
        if let Some(policy) = &self.name_id_policy {
            writer.start(SAMLP, "NameIDPolicy").attribute("Format", policy.format.uri());
            let qualifier = policy.sp_name_qualifier.as_deref();
            attributes(writer, &[("SPNameQualifier", qualifier), ("AllowCreate", flag(policy.allow_create))]);
            writer.end();
        }
        if let Some(context) = &self.authn_context {
            let name = match context.kind {
                ContextKind::Class => "AuthnContextClassRef",
                ContextKind::Declaration => "AuthnContextDeclRef",
            };
            writer.start(SAMLP, "RequestedAuthnContext").attribute("Comparison", context.comparison.as_str());
            for reference in &context.references {
                writer.leaf(SAML, name, reference);
            }
            writer.end();
        }
        draft.finish(signer)
    }
}

impl NameIdPolicy {
    fn read(element: Element<'_, '_>) -> Result<Self, FormError> {
        Ok(Self {
            format: NameIdFormat::read(element)?,
            sp_name_qualifier: element.attribute_uri("SPNameQualifier")?,
            allow_create: element.attribute_flag("AllowCreate")?.unwrap_or(false),
        })
    }
}

/// `IssueInstant`, which every message has.
pub(crate) fn issue_instant(element: Element<'_, '_>) -> Result<i64, FormError> {
    element.attribute_instant("IssueInstant")?.ok_or_else(|| element.wrong("IssueInstant", FormFault::Missing))
}

fn answer_to(element: Element<'_, '_>) -> Result<AnswerTo, FormError> {
    let url = element.attribute_uri("AssertionConsumerServiceURL")?;
    match (element.attribute_index("AssertionConsumerServiceIndex")?, url) {
        (None, None) => Ok(AnswerTo::Default),
        (Some(index), None) => Ok(AnswerTo::Index(index)),
        (None, Some(url)) => Ok(AnswerTo::Url(url)),
        (Some(_), Some(_)) => Err(element.wrong("AssertionConsumerServiceIndex", FormFault::Unexpected)),
    }
}

/// The name in a `Subject`, which may also hold confirmations alone. An encrypted one would not be honoured, and
/// section 3.4.1.4 does not let it be passed over.
fn subject(element: Element<'_, '_>) -> Result<Option<NameId>, FormError> {
    element.only(&[(SAML, "NameID"), (SAML, "SubjectConfirmation")], "Subject")?;
    element.optional(SAML, "NameID")?.map(NameId::read).transpose()
}

#[cfg(test)]
mod tests;
