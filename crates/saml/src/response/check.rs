//! What a service believes of an answer (Profiles sections 4.1.4.3 and 4.1.4.5).

use xmlsec::{
    DecryptError, DecryptionKey, Document, Limits, Namespace, SignatureAlgorithm, SignatureError, VerifyingKey,
    XmlError,
};

use crate::assertion::{Assertion, Bearer};
use crate::authn_request::issue_instant;
use crate::name_id::issuer;
use crate::received::{Authentic, MessageError, MessageKind, Received, SignatureDemand, is_signed};
use crate::xml::{Element, FormError, SAML, SAMLP};
use crate::{Status, instant};

/// The most that clocks may differ, in seconds, whatever the caller allows.
pub const CLOCK_SKEW_MAX: i64 = 180;

/// What a service expects of the answer to a request of its own. There is no other: an answer that
/// nobody asked for is refused.
#[derive(Clone, Copy, Debug)]
pub struct ResponseCheck<'a> {
    /// The identity provider's entity ID.
    pub issuer: &'a str,
    /// The identity provider's keys for signatures.
    pub keys: &'a [VerifyingKey],
    /// Our keys for encrypted assertions.
    pub decryption_keys: &'a [DecryptionKey],
    /// The address at which the answer came in.
    pub acs_url: &'a str,
    /// Our entity ID.
    pub sp_entity_id: &'a str,
    /// The `ID` of the request, which the caller found by the browser's own cookie.
    pub in_response_to: &'a str,
    /// Seconds since the epoch.
    pub now: i64,
    /// How far the two clocks may differ, in seconds; at most [`CLOCK_SKEW_MAX`] is allowed.
    pub skew: i64,
    /// The authentication contexts that will do; an empty list leaves it to the identity provider.
    pub contexts: &'a [&'a str],
    /// When the person must have been authenticated at the earliest (the request had `ForceAuthn`), in
    /// seconds since the epoch.
    pub authenticated_since: Option<i64>,
}

/// An assertion that was believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// What it says; the caller uses up its `ID`.
    pub assertion: Assertion,
    /// The same as it was signed: in canonical form, decrypted, without the signature itself.
    pub octets: String,
}

/// Why an answer is refused. The person is told nothing of it; the audit is told [`ResponseError::code`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// No XML, or not as it may be here.
    #[error(transparent)]
    Xml(XmlError),
    /// Not exactly one assertion, plain or encrypted, directly in the response.
    #[error("the response does not have exactly one assertion in its place")]
    Assertions,
    /// The assertion has no signature of its own.
    #[error("the assertion is not signed")]
    AssertionUnsigned,
    /// A signature is not good.
    #[error(transparent)]
    Signature(SignatureError),
    /// The assertion cannot be decrypted.
    #[error(transparent)]
    Decrypt(DecryptError),
    /// Of another identity provider.
    #[error("the response is of another issuer")]
    Issuer,
    /// For another service.
    #[error("the assertion is for another audience")]
    Audience,
    /// For another address.
    #[error("the assertion is for another recipient")]
    Recipient,
    /// Sent to another address.
    #[error("the response was sent to another address")]
    Destination,
    /// Before or after its time, or an instant is none.
    #[error("the response is out of its time")]
    Time,
    /// Not the answer to the request.
    #[error("the response answers another request")]
    InResponseTo,
    /// The person was authenticated otherwise than asked for.
    #[error("the authentication context is not one of those asked for")]
    Context,
    /// Not as the profile wants it.
    #[error("the response does not keep the profile: {0}")]
    Profile(MessageError),
    /// The identity provider says no. Unless the response was signed, anybody may have said it.
    #[error("the identity provider answered with a status that is not success")]
    Status(Status),
}

impl ResponseError {
    /// The word that the audit trail knows this by.
    pub const fn code(&self) -> &'static str {
        match self {
            ResponseError::Xml(error) => error.code(),
            ResponseError::Assertions => "assertions≠1",
            ResponseError::AssertionUnsigned => "assertion-unsigned",
            ResponseError::Signature(error) => error.code(),
            ResponseError::Decrypt(error) => error.code(),
            ResponseError::Issuer => "issuer",
            ResponseError::Audience => "audience",
            ResponseError::Recipient => "recipient",
            ResponseError::Destination => "destination",
            ResponseError::Time => "time",
            ResponseError::InResponseTo => "in-response-to",
            ResponseError::Context => "acr",
            ResponseError::Profile(_) => "profile",
            ResponseError::Status(_) => "status",
        }
    }
}

impl From<XmlError> for ResponseError {
    fn from(error: XmlError) -> Self {
        ResponseError::Xml(error)
    }
}

impl From<FormError> for ResponseError {
    fn from(error: FormError) -> Self {
        MessageError::Form(error).into()
    }
}

impl From<MessageError> for ResponseError {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Xml(error) => ResponseError::Xml(error),
            MessageError::Signature(error) => ResponseError::Signature(error),
            MessageError::Form(FormError { name, .. }) if instant::NAMES.contains(&name) => ResponseError::Time,
            MessageError::Kind
            | MessageError::Version
            | MessageError::Form(_)
            | MessageError::Unsigned
            | MessageError::Decrypt => ResponseError::Profile(error),
        }
    }
}

impl ResponseCheck<'_> {
    /// Checks an answer. What is returned stands under the assertion's own signature; the caller uses up its `ID`.
    ///
    /// # Errors
    ///
    /// See [`ResponseError`].
    pub fn check(&self, received: &Received) -> Result<Assertion, ResponseError> {
        Ok(self.proved(received)?.assertion)
    }

    /// The same, with the octets that the assertion's signature covers.
    ///
    /// # Errors
    ///
    /// See [`ResponseError`].
    pub fn proved(&self, received: &Received) -> Result<Proved, ResponseError> {
        if received.detached().is_some() {
            // Profiles section 4.1.2: a response does not come by HTTP-Redirect.
            return Err(ResponseError::Profile(MessageError::Kind));
        }
        let authentic = received.authenticate(self.keys, SignatureDemand::IfPresent)?;
        let document = Document::parse(&authentic.octets, &Limits::MESSAGE)?;
        let response = authentic.locate(&document, MessageKind::Response)?;
        let assertion = only_assertion(response)?;
        let status = self.check_envelope(response, &authentic)?;
        if !status.is_success() {
            return Err(ResponseError::Status(status));
        }
        let proved = self.verified(&document, assertion.ok_or(ResponseError::Assertions)?)?;
        self.check_assertion(&proved.assertion)?;
        Ok(proved)
    }

    /// What stands around the assertion; unless the response is signed it only serves to refuse.
    fn check_envelope(&self, response: Element<'_, '_>, authentic: &Authentic) -> Result<Status, ResponseError> {
        let names = [(SAML, "Issuer"), (SAMLP, "Status"), (SAML, "Assertion"), (SAML, "EncryptedAssertion")];
        response.only(&names, "Response")?;
        response.id()?;
        if self.is_ahead(issue_instant(response)?) {
            return Err(ResponseError::Time);
        }
        match issuer(response)? {
            Some(issuer) if issuer == self.issuer => {}
            None if !authentic.is_signed() => {}
            Some(_) | None => return Err(ResponseError::Issuer),
        }
        match response.attribute("Destination") {
            Some(destination) if destination == self.acs_url => {}
            None if !authentic.is_signed() => {}
            Some(_) | None => return Err(ResponseError::Destination),
        }
        if response.attribute("InResponseTo") != Some(self.in_response_to) {
            return Err(ResponseError::InResponseTo);
        }
        Ok(Status::read(response)?)
    }

    /// The assertion as its own signature covers it, decrypted if need be.
    fn verified(&self, document: &Document<'_>, assertion: Element<'_, '_>) -> Result<Proved, ResponseError> {
        if assertion.is(SAML, "Assertion") {
            return self.read_signed(document, assertion);
        }
        let data = assertion.required(Namespace::XENC, "EncryptedData")?;
        let octets = xmlsec::decrypt(data.0, self.decryption_keys).map_err(ResponseError::Decrypt)?;
        let within = Document::parse(&octets, &Limits::MESSAGE)?;
        let root = Element(within.root());
        if !root.is(SAML, "Assertion") || assertions(root).count() != 1 {
            return Err(ResponseError::Assertions);
        }
        self.read_signed(&within, root)
    }

    fn read_signed(&self, document: &Document<'_>, assertion: Element<'_, '_>) -> Result<Proved, ResponseError> {
        if !is_signed(assertion) {
            return Err(ResponseError::AssertionUnsigned);
        }
        let verified = xmlsec::verify_enveloped(document, assertion.0, self.keys, &SignatureAlgorithm::ALL);
        let octets = verified.map_err(ResponseError::Signature)?.octets;
        let document = Document::parse(octets.as_bytes(), &Limits::MESSAGE)?;
        let assertion = Assertion::read(Element(document.root()), self.decryption_keys)?;
        Ok(Proved { assertion, octets })
    }

    fn check_assertion(&self, assertion: &Assertion) -> Result<(), ResponseError> {
        if assertion.issuer != self.issuer {
            return Err(ResponseError::Issuer);
        }
        let mut confirmed = Err(ResponseError::Recipient);
        for bearer in assertion.confirmations.iter().rev() {
            confirmed = self.check_bearer(bearer);
            if confirmed.is_ok() {
                break;
            }
        }
        confirmed?;
        let is_meant = |audiences: &Vec<String>| audiences.iter().any(|audience| audience == self.sp_entity_id);
        if assertion.audience_restrictions.is_empty() || !assertion.audience_restrictions.iter().all(is_meant) {
            return Err(ResponseError::Audience);
        }
        let authn = &assertion.authn;
        let begins = [Some(assertion.issue_instant), assertion.not_before, Some(authn.authn_instant)];
        let ends = [assertion.not_on_or_after, authn.session_not_on_or_after];
        let is_stale = self.authenticated_since.is_some_and(|since| self.is_stale(assertion, since));
        if begins.into_iter().flatten().any(|at| self.is_ahead(at))
            || ends.into_iter().flatten().any(|at| self.is_over(at))
            || is_stale
        {
            return Err(ResponseError::Time);
        }
        let class = authn.context_class.as_deref();
        if !self.contexts.is_empty() && !class.is_some_and(|class| self.contexts.contains(&class)) {
            return Err(ResponseError::Context);
        }
        Ok(())
    }

    fn check_bearer(&self, bearer: &Bearer) -> Result<(), ResponseError> {
        if bearer.recipient.as_deref() != Some(self.acs_url) {
            return Err(ResponseError::Recipient);
        }
        let is_in_time = bearer.not_on_or_after.is_some_and(|end| !self.is_over(end))
            && !bearer.not_before.is_some_and(|begin| self.is_ahead(begin));
        if !is_in_time {
            return Err(ResponseError::Time);
        }
        if bearer.in_response_to.as_deref() != Some(self.in_response_to) {
            return Err(ResponseError::InResponseTo);
        }
        Ok(())
    }

    /// Whether the person was authenticated before `since`. Spans are compared, each of one clock: clocks that differ by
    /// what is allowed refuse nobody, and lend an old proof no time.
    fn is_stale(&self, assertion: &Assertion, since: i64) -> bool {
        let proved = assertion.authn.authn_instant;
        let age = assertion.issue_instant.saturating_sub(proved);
        let elapsed = self.now.saturating_sub(since);
        // Whole seconds: each span may be one longer or shorter than it was.
        age > elapsed.saturating_add(1) || proved.saturating_add(CLOCK_SKEW_MAX) < since
    }

    fn skew(&self) -> i64 {
        self.skew.clamp(0, CLOCK_SKEW_MAX)
    }

    fn is_ahead(&self, begin: i64) -> bool {
        begin > self.now.saturating_add(self.skew())
    }

    fn is_over(&self, end: i64) -> bool {
        self.now >= end.saturating_add(self.skew())
    }
}

/// The one assertion of a response: directly in it, and no other anywhere around.
fn only_assertion<'d, 'i>(response: Element<'d, 'i>) -> Result<Option<Element<'d, 'i>>, ResponseError> {
    let mut all = assertions(Element(response.0.document().root_element()));
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(only), None) if only.0.parent() == Some(response.0) => Ok(Some(only)),
        (Some(_), _) => Err(ResponseError::Assertions),
    }
}

/// Every assertion from `root` down, plain or encrypted.
fn assertions<'d, 'i>(root: Element<'d, 'i>) -> impl Iterator<Item = Element<'d, 'i>> {
    let all = root.0.descendants().map(Element);
    all.filter(|element| element.is(SAML, "Assertion") || element.is(SAML, "EncryptedAssertion"))
}
