//! Assertions (SAML Core section 2.3.3) as the web browser profile has them (Profiles section 4.1.4.2).

mod read;

use xmlsec::Writer;

use crate::name_id::NameId;
use crate::write::{Draft, Signer, WriteError, attributes};
use crate::xml::SAML;
use crate::{Attribute, instant};

/// The one method of confirmation: whoever brings it is the person (Profiles section 3.3).
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// One identity provider says of one person how they were authenticated, and who they are.
///
/// All instants are seconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// `ID`: used once, until the last confirmation has expired.
    pub id: String,
    /// `IssueInstant`.
    pub issue_instant: i64,
    /// `Issuer`: the identity provider's entity ID.
    pub issuer: String,
    /// `NameID`: the person.
    pub name_id: NameId,
    /// `SubjectConfirmation` of the method *bearer*; others are left out when read.
    pub confirmations: Vec<Bearer>,
    /// `NotBefore` of the conditions.
    pub not_before: Option<i64>,
    /// `NotOnOrAfter` of the conditions.
    pub not_on_or_after: Option<i64>,
    /// `AudienceRestriction`: a reader must be among the audiences of each (Core section 2.5.1.4).
    pub audience_restrictions: Vec<Vec<String>>,
    /// `AuthnStatement`.
    pub authn: AuthnStatement,
    /// `AttributeStatement`; without attributes there is none.
    pub attributes: Vec<Attribute>,
}

/// Where, until when and for which request the assertion may be brought (Core section 2.4.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// `Recipient`: the address it is sent to.
    pub recipient: Option<String>,
    /// `InResponseTo`: the request.
    pub in_response_to: Option<String>,
    /// `NotBefore`, which the profile forbids.
    pub not_before: Option<i64>,
    /// `NotOnOrAfter`, which the profile demands.
    pub not_on_or_after: Option<i64>,
}

/// How and when the person was authenticated (Core section 2.7.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnStatement {
    /// `AuthnInstant`.
    pub authn_instant: i64,
    /// `SessionIndex`: what a logout names.
    pub session_index: Option<String>,
    /// `SessionNotOnOrAfter`: when the service is to forget the person.
    pub session_not_on_or_after: Option<i64>,
    /// `AuthnContextClassRef`. When read it may be missing; then nothing is known.
    pub context_class: Option<String>,
    /// `AuthenticatingAuthority`: who authenticated the person, if another did, nearest to the person first.
    pub authorities: Vec<String>,
}

impl Assertion {
    /// Writes the assertion.
    ///
    /// # Errors
    ///
    /// See [`WriteError`].
    pub fn write(&self, signer: Option<&Signer<'_>>) -> Result<String, WriteError> {
        let mut writer = Writer::new();
        writer.start(SAML, "Assertion").attribute("ID", &self.id).attribute("Version", "2.0");
        writer.attribute("IssueInstant", &instant::print(self.issue_instant)).leaf(SAML, "Issuer", &self.issuer);
        let mut draft = Draft::after_issuer(writer, &self.id);
        self.write_subject(&mut draft.writer);
        self.write_conditions(&mut draft.writer);
        self.authn.write(&mut draft.writer);
        if !self.attributes.is_empty() {
            draft.writer.start(SAML, "AttributeStatement");
            for attribute in &self.attributes {
                attribute.write(&mut draft.writer);
            }
            draft.writer.end();
        }
        draft.finish(signer)
    }

    fn write_subject(&self, writer: &mut Writer<'_>) {
        writer.start(SAML, "Subject");
        self.name_id.write(writer);
        for bearer in &self.confirmations {
            writer.start(SAML, "SubjectConfirmation").attribute("Method", BEARER);
            writer.start(SAML, "SubjectConfirmationData");
            let instants = [bearer.not_before, bearer.not_on_or_after].map(|at| at.map(instant::print));
            let data = [
                ("NotBefore", instants[0].as_deref()),
                ("NotOnOrAfter", instants[1].as_deref()),
                ("Recipient", bearer.recipient.as_deref()),
                ("InResponseTo", bearer.in_response_to.as_deref()),
            ];
            attributes(writer, &data);
            writer.end().end();
        }
        writer.end();
    }

    fn write_conditions(&self, writer: &mut Writer<'_>) {
        let instants = [self.not_before, self.not_on_or_after].map(|at| at.map(instant::print));
        writer.start(SAML, "Conditions");
        attributes(writer, &[("NotBefore", instants[0].as_deref()), ("NotOnOrAfter", instants[1].as_deref())]);
        for audiences in &self.audience_restrictions {
            writer.start(SAML, "AudienceRestriction");
            for audience in audiences {
                writer.leaf(SAML, "Audience", audience);
            }
            writer.end();
        }
        writer.end();
    }
}

impl AuthnStatement {
    fn write(&self, writer: &mut Writer<'_>) {
        let until = self.session_not_on_or_after.map(instant::print);
        writer.start(SAML, "AuthnStatement").attribute("AuthnInstant", &instant::print(self.authn_instant));
        let session = [("SessionIndex", self.session_index.as_deref()), ("SessionNotOnOrAfter", until.as_deref())];
        attributes(writer, &session);
        writer.start(SAML, "AuthnContext");
        if let Some(class) = &self.context_class {
            writer.leaf(SAML, "AuthnContextClassRef", class);
        }
        for authority in &self.authorities {
            writer.leaf(SAML, "AuthenticatingAuthority", authority);
        }
        writer.end().end();
    }
}
