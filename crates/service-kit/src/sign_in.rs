//! Signing in: a request that leaves by HTTP-Redirect, and the response that is posted (SAML Profiles section 4.1).

use saml::binding::{post, redirect};
use saml::{
    AnswerTo, Assertion, Attribute, AuthnRequest, Binding, Direction, NameId, NameIdFormat, NameIdPolicy, Proved,
    Received, RequestedAuthnContext, ResponseCheck, ResponseError, attribute, subject_identifier,
};

use crate::service::CLOCK_SKEW;
use crate::{Fill, IdentityProvider, KitError, Service, draw_id};

/// How the name of the attribute with the level of assurance ends; before it stands the identity provider's origin.
const LOA_ENDING: &str = "/attributes/LevelOfAssurance";

/// What a service asks of a sign-in, and is to find in the response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignIn {
    /// The person shows who they are now, whatever session there is.
    pub force_authn: bool,
    /// The person is asked nothing.
    pub is_passive: bool,
    /// How the person is to be authenticated.
    pub context: Option<WantedContext>,
    /// How the person is to be named.
    pub name_id_format: NameIdWanted,
}

/// How the person is to be named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameIdWanted {
    /// By another name in each session.
    #[default]
    Transient,
    /// By a name that stays, for this service alone.
    Persistent,
}

/// How a person is to be authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedContext {
    /// What the identity provider is asked for.
    pub requested: RequestedAuthnContext,
    /// Every class that fulfils it. The response must name one of them; nothing is ever read as more than it says.
    pub accepted: Vec<String>,
}

/// A sign-in that has begun. Keep the request's ID and what was asked, bound to the browser that began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The request's `ID`.
    pub request_id: String,
    /// Where the browser goes, with the signed request.
    pub location: String,
    /// The request itself, as it is in that address.
    pub xml: String,
}

/// A sign-in that this browser began.
#[derive(Clone, Copy, Debug)]
pub struct Pending<'a> {
    /// The request's `ID`.
    pub request_id: &'a str,
    /// What it asked for.
    pub sign_in: &'a SignIn,
    /// When it began, in seconds since the epoch.
    pub begun: i64,
}

/// A response as a browser posted it. Nothing of it is proved.
#[derive(Clone, Debug)]
pub struct PostedResponse {
    received: Received,
    in_response_to: Option<String>,
}

/// Who signed in, and how. It is worth nothing until the caller has used up the assertion: write `assertion_id` down
/// where it can be written once only, and keep it until `use_until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The assertion's `ID`.
    pub assertion_id: String,
    /// Until when the assertion would be believed again, in seconds since the epoch.
    pub use_until: i64,
    /// The person's name, also for a logout.
    pub name_id: NameId,
    /// The session at the identity provider, for a logout.
    pub session_index: Option<String>,
    /// When the service must forget the person, in seconds since the epoch.
    pub session_not_on_or_after: Option<i64>,
    /// When the person was authenticated, in seconds since the epoch.
    pub authn_instant: i64,
    /// How the person was authenticated.
    pub context_class: Option<String>,
    /// How sure that is: Kapu's attribute `LevelOfAssurance`.
    pub loa: Option<String>,
    /// The identifier that stays for this service, of a domain that the identity provider may speak for.
    pub pairwise_id: Option<String>,
    /// All attributes.
    pub attributes: Vec<Attribute>,
    /// The assertion as it was signed, decrypted, without the signature itself.
    pub assertion: String,
}

impl SignedIn {
    /// The first value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        value(&self.attributes, |attribute| attribute.name == name)
    }
}

impl PostedResponse {
    /// Reads the body of the form that a browser posted.
    ///
    /// # Errors
    ///
    /// [`KitError::Binding`] or [`KitError::Message`] when it is no response.
    pub fn read(body: &str) -> Result<Self, KitError> {
        let received = post::decode(body)?;
        let claims = received.claims()?;
        Ok(Self { received, in_response_to: claims.in_response_to })
    }

    /// The `ID` of the request that it says it answers, by which the caller finds what is pending.
    ///
    /// # Errors
    ///
    /// [`ResponseError::InResponseTo`] when it answers nothing: such a response is never taken.
    pub fn in_response_to(&self) -> Result<&str, KitError> {
        self.in_response_to.as_deref().ok_or(KitError::Response(ResponseError::InResponseTo))
    }

    /// The response as it came, for people to look at.
    pub fn xml(&self) -> String {
        String::from_utf8_lossy(self.received.octets()).into_owned()
    }

    /// `RelayState`, which may be anybody's.
    pub fn relay_state(&self) -> Option<&str> {
        self.received.relay_state()
    }
}

impl Service {
    /// Begins a sign-in.
    ///
    /// # Errors
    ///
    /// [`KitError::Unusable`], or when the request cannot be written.
    pub fn sign_in(
        &self,
        idp: &IdentityProvider,
        sign_in: &SignIn,
        relay_state: Option<&str>,
        now: i64,
        fill: Fill<'_>,
    ) -> Result<Started, KitError> {
        let endpoint = idp.role.single_sign_on(Binding::Redirect);
        let endpoint = endpoint.ok_or(KitError::Unusable("address for authentication requests"))?;
        let format = match sign_in.name_id_format {
            NameIdWanted::Transient => NameIdFormat::Transient,
            NameIdWanted::Persistent => NameIdFormat::Persistent,
        };
        let request = AuthnRequest {
            id: draw_id(fill),
            issue_instant: now,
            issuer: self.config.entity_id.clone(),
            destination: Some(endpoint.location.clone()),
            force_authn: sign_in.force_authn,
            is_passive: sign_in.is_passive,
            answer_to: AnswerTo::Url(self.config.acs_url.clone()),
            protocol_binding: Some(Binding::Post.uri().to_owned()),
            attribute_consuming_service: None,
            subject: None,
            name_id_policy: Some(NameIdPolicy { format, sp_name_qualifier: None, allow_create: true }),
            authn_context: sign_in.context.as_ref().map(|context| context.requested.clone()),
        };
        // By this binding the signature is the address's, not the message's (Bindings section 3.4.4.1).
        let xml = request.write(None)?;
        let key = Some(self.config.keys.signing());
        let location = redirect::encode(&endpoint.location, Direction::Request, &xml, relay_state, key)?;
        Ok(Started { request_id: request.id, location, xml })
    }

    /// Takes the response to a sign-in of this browser.
    ///
    /// # Errors
    ///
    /// [`KitError::Response`]: the response is not to be believed, or says no ([`ResponseError::Status`]).
    /// [`KitError::Scope`].
    pub fn take_response(
        &self,
        idp: &IdentityProvider,
        posted: &PostedResponse,
        pending: &Pending<'_>,
        now: i64,
    ) -> Result<SignedIn, KitError> {
        let Pending { request_id, sign_in, begun } = *pending;
        // Whoever wants a context and says of none that it will do gets no more than what was asked for.
        let accepted = sign_in.context.iter().flat_map(|context| {
            if context.accepted.is_empty() { &context.requested.references } else { &context.accepted }
        });
        let check = ResponseCheck {
            issuer: idp.entity_id(),
            keys: &idp.keys,
            decryption_keys: &self.config.keys.decryption,
            acs_url: &self.config.acs_url,
            sp_entity_id: &self.config.entity_id,
            in_response_to: request_id,
            now,
            skew: CLOCK_SKEW,
            contexts: &accepted.map(String::as_str).collect::<Vec<_>>(),
            authenticated_since: sign_in.force_authn.then_some(begun),
        };
        signed_in(idp, check.proved(&posted.received)?)
    }
}

fn signed_in(idp: &IdentityProvider, proved: Proved) -> Result<SignedIn, KitError> {
    let Proved { assertion, octets } = proved;
    let Assertion { id, name_id, confirmations, authn, attributes, .. } = assertion;
    let (pairwise, _) = attribute::names::PAIRWISE_ID;
    let pairwise_id = value(&attributes, |attribute| attribute.name == pairwise).map(str::to_owned);
    if let Some(identifier) = &pairwise_id
        && !subject_identifier::scope_of(identifier).is_some_and(|scope| idp.role.has_scope(scope))
    {
        return Err(KitError::Scope);
    }
    // Any of its confirmations would do, so it is used up for as long as the last one.
    let until = confirmations.iter().filter_map(|bearer| bearer.not_on_or_after).max().unwrap_or(i64::MAX);
    Ok(SignedIn {
        assertion_id: id,
        use_until: until.saturating_add(CLOCK_SKEW),
        name_id,
        session_index: authn.session_index,
        session_not_on_or_after: authn.session_not_on_or_after,
        authn_instant: authn.authn_instant,
        context_class: authn.context_class,
        loa: value(&attributes, |attribute| attribute.name.ends_with(LOA_ENDING)).map(str::to_owned),
        pairwise_id,
        attributes,
        assertion: octets,
    })
}

fn value(attributes: &[Attribute], is_meant: impl Fn(&Attribute) -> bool) -> Option<&str> {
    attributes.iter().find(|attribute| is_meant(attribute))?.values.first().map(String::as_str)
}
