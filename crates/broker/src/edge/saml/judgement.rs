//! The one judgement of an authentication request: whether it can be answered, where, and how the person is named.

use std::time::Duration;

use model::{NameKind, Timestamp};
use saml::{
    AnswerTo, AuthnRequest, Binding, Claims, MessageError, MessageKind, NameIdFormat, NameIdPolicy, Received,
    SignatureDemand, StatusCode, StatusReason,
};

use super::AnswerBinding;
use super::receive::{Destination, Issued, issued};
use super::service::SamlService;

/// How old a request may be: a bookmarked sign-in page or a reloaded address is begun anew at the service.
const REQUEST_LIFE: Duration = Duration::from_mins(10);

/// Why a request is not answered to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RequestFault {
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error("its Issuer is no registered service")]
    Issuer,
    #[error("the metadata of its service have expired and could not be fetched again")]
    Expired,
    #[error("its Destination is not the address that it was sent to")]
    Destination,
    #[error("it wants its answer at an address or by a binding that the service's metadata does not have")]
    Consumer,
    #[error("its IssueInstant lies in the future")]
    Future,
}

impl RequestFault {
    /// The word that the catalogue of bad inputs has for it.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Message(error) => error.code(),
            Self::Issuer => "issuer",
            Self::Expired => "metadata-expired",
            Self::Destination => "destination",
            Self::Consumer => "acs",
            Self::Future => "time",
        }
    }
}

/// What a message says of itself, if it is an authentication request.
pub(super) fn claims_of(received: &Received) -> Result<Claims, RequestFault> {
    let claims = received.claims()?;
    if claims.kind == MessageKind::AuthnRequest { Ok(claims) } else { Err(MessageError::Kind.into()) }
}

/// A request of a known service that can be answered, if it is not too late for that.
pub(super) struct Judged {
    pub(super) request: AuthnRequest,
    pub(super) consumer: String,
    pub(super) binding: AnswerBinding,
    pub(super) is_late: bool,
}

/// The one judgement of a request: whether it can be answered, and where. `here` is the address that it should have
/// been sent to, where that is known.
pub(super) fn judge(
    received: &Received,
    claims: &Claims,
    service: &SamlService,
    here: Option<&str>,
    now: Timestamp,
) -> Result<Judged, RequestFault> {
    let request = read(received, service)?;
    let said = if claims.has_signature { Destination::Required } else { Destination::IfPresent };
    let destination = request.destination.as_deref();
    // Where it is not known where it was sent to, it says so itself.
    if !said.fits(destination, here.or(destination).unwrap_or_default()) {
        return Err(RequestFault::Destination);
    }
    let (consumer, binding) = consumer(service, &request).ok_or(RequestFault::Consumer)?;
    let is_late = match issued(request.issue_instant, REQUEST_LIFE, now) {
        Issued::Ahead => return Err(RequestFault::Future),
        Issued::InTime => false,
        Issued::Late => true,
    };
    Ok(Judged { request, consumer, binding, is_late })
}

/// How the person will be named; or the status that the service gets at once.
pub(super) fn named(service: &SamlService, request: &AuthnRequest) -> Result<NameKind, (StatusCode, StatusReason)> {
    if request.force_authn && request.is_passive {
        // To ask anew without asking cannot be done (row S48).
        return Err((StatusCode::Responder, StatusReason::NoPassive));
    }
    let list = request.attribute_consuming_service;
    if list.is_some() && service.sp.attribute_consumer(list).is_none() {
        return Err((StatusCode::Requester, StatusReason::RequestUnsupported));
    }
    let policy = request.name_id_policy.as_ref();
    name_kind(service, policy).ok_or((StatusCode::Requester, StatusReason::InvalidNameIdPolicy))
}

/// Every signature that is there is good, and there is one where the service says that it signs.
fn read(received: &Received, service: &SamlService) -> Result<AuthnRequest, MessageError> {
    let demand = if service.sp.authn_requests_signed { SignatureDemand::Required } else { SignatureDemand::IfPresent };
    AuthnRequest::read(&received.authenticate(&service.keys(), demand)?)
}

/// Where the answer goes: one of the registered addresses, byte for byte, by a binding that we speak.
fn consumer(service: &SamlService, request: &AuthnRequest) -> Option<(String, AnswerBinding)> {
    let spoken = |binding: Binding| AnswerBinding::of(binding).is_some();
    let wanted = match request.protocol_binding.as_deref() {
        None => None,
        Some(uri) => Some(Binding::from_uri(uri).filter(|binding| spoken(*binding))?),
    };
    let fits = |binding: Binding| spoken(binding) && wanted.is_none_or(|wanted| wanted == binding);
    let mut registered = service.sp.assertion_consumers.iter().filter(|consumer| fits(consumer.binding));
    let found = match &request.answer_to {
        AnswerTo::Index(index) => registered.find(|consumer| consumer.index == *index)?,
        AnswerTo::Url(url) => registered.find(|consumer| consumer.location == *url)?,
        AnswerTo::Default => {
            let both = [Binding::Post, Binding::Artifact];
            let bindings: Vec<Binding> = both.into_iter().filter(|binding| fits(*binding)).collect();
            service.sp.default_consumer(&bindings)?
        }
    };
    Some((found.location.clone(), AnswerBinding::of(found.binding)?))
}

/// How the person will be named; `None` for a policy that cannot be met (Core section 3.4.1.1).
fn name_kind(service: &SamlService, policy: Option<&NameIdPolicy>) -> Option<NameKind> {
    let Some(policy) = policy else { return Some(NameKind::Transient) };
    let own = policy.sp_name_qualifier.as_deref().is_none_or(|qualifier| qualifier == service.service.id.as_str());
    if !own {
        return None;
    }
    match &policy.format {
        NameIdFormat::Unspecified | NameIdFormat::Transient => Some(NameKind::Transient),
        NameIdFormat::Persistent => Some(NameKind::Persistent),
        NameIdFormat::EmailAddress if service.may_have_email() => Some(NameKind::EmailAddress),
        NameIdFormat::EmailAddress | NameIdFormat::Entity | NameIdFormat::Encrypted | NameIdFormat::Other(_) => None,
    }
}
