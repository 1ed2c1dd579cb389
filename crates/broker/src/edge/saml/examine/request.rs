//! A captured request.

use saml::binding::{post, redirect};
use saml::{
    AnswerTo, AuthnRequest, BindingError, Claims, MessageError, NameIdFormat, Received, SignatureDemand, date_time,
};

use super::{Examined, Weight, advice, binding_name};
use crate::edge::saml::AnswerBinding;
use crate::edge::saml::judgement::{Judged, RequestFault, claims_of, judge, named};
use crate::edge::saml::service::{SamlOptions, SamlService, registrable};
use model::{NameKind, Timestamp};

/// A request as it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamlCaptured<'a> {
    /// The raw query of an address (HTTP-Redirect).
    Query(&'a str),
    /// The body of a form (HTTP-POST).
    Form(&'a str),
}

impl SamlCaptured<'_> {
    /// Says what the request is, and what is wrong with it at that instant. `metadata` is that of the service which
    /// should have sent it, `here` our single sign-on address; without them less can be judged.
    pub fn examine(self, metadata: Option<(&[u8], &SamlOptions)>, here: Option<&str>, now: Timestamp) -> Examined {
        let mut found = Examined::default();
        let received = match self.read() {
            Ok(received) => received,
            Err(error) => {
                found.say("This should be a SAML request.");
                let what = advice::sentence(&error.to_string());
                found.object(Weight::Refused, None, what, advice::of_binding(error));
                return found;
            }
        };
        let way = match self {
            SamlCaptured::Query(_) => "HTTP-Redirect",
            SamlCaptured::Form(_) => "HTTP-POST",
        };
        let claims = match claims_of(&received) {
            Ok(claims) => claims,
            Err(fault) => {
                found.say(format!("This is a message of SAML by {way}."));
                refused(&mut found, &fault);
                return found;
            }
        };
        let issuer = claims.issuer.as_deref().unwrap_or("nobody");
        let signed = if claims.has_signature { "with a signature" } else { "without a signature" };
        found.say(format!("This is an AuthnRequest by {way}, {signed}, that says it comes from {issuer}."));
        match metadata {
            Some((xml, options)) => {
                with_metadata(&mut found, &received, &claims, (xml, options), here, now);
            }
            None => without_metadata(&mut found, &received, &claims),
        }
        found
    }

    fn read(self) -> Result<Received, BindingError> {
        match self {
            SamlCaptured::Query(query) => redirect::decode(query),
            SamlCaptured::Form(form) => post::decode(form),
        }
    }
}

fn with_metadata(
    found: &mut Examined,
    received: &Received,
    claims: &Claims,
    (xml, options): (&[u8], &SamlOptions),
    here: Option<&str>,
    now: Timestamp,
) {
    let service = match registrable(xml, options, now) {
        Ok(read) => read.service,
        Err(refusal) => {
            let (line, what) = advice::place(&refusal);
            let what = format!("The metadata beside it would be refused: {what}");
            found.object(Weight::Refused, line, what, advice::of_metadata(&refusal));
            return;
        }
    };
    if claims.issuer.as_deref() != Some(service.service.id.as_str()) {
        let what = format!("Its Issuer is not the service of the metadata, {}.", service.service.id.as_str());
        found.object(Weight::Refused, None, what, advice::of_request(&RequestFault::Issuer));
        return;
    }
    match judge(received, claims, &service, here, now) {
        Err(fault) => refused(found, &fault),
        Ok(judged) => understood(found, received, claims, &service, &judged),
    }
}

fn understood(found: &mut Examined, received: &Received, claims: &Claims, service: &SamlService, judged: &Judged) {
    if claims.has_signature {
        found.say("Its signature is good, by a key of the metadata.");
    }
    let Judged { request, consumer, binding, is_late } = judged;
    let by = match binding {
        AnswerBinding::Post => "HTTP-POST",
        AnswerBinding::Artifact => "HTTP-Artifact",
    };
    found.say(format!("Its answer would go to {consumer} by {by}, as the metadata has it."));
    asks(found, received, request);
    match named(service, request) {
        Ok(kind) => {
            let kind = match kind {
                NameKind::Transient => "a transient name, another one each time",
                NameKind::Persistent => "a persistent name, which no other service gets",
                NameKind::EmailAddress => "the e-mail address",
            };
            found.say(format!("The person would be named by {kind}."));
        }
        Err((_, reason)) => {
            let (what, advice) = advice::of_status(reason);
            found.object(Weight::Refused, None, what, advice);
        }
    }
    if *is_late {
        let what = "It is older than 13 minutes: sent now it would not be answered.";
        let advice =
            "Nothing has to be done for a request that was captured earlier; otherwise look at the service's clock.";
        found.object(Weight::Remark, None, what, advice);
    }
}

fn without_metadata(found: &mut Examined, received: &Received, claims: &Claims) {
    if claims.has_signature {
        found.say("With the service's metadata (--metadata) its signature can be checked and the rest of it read.");
        return;
    }
    let read = received.authenticate(&[], SignatureDemand::IfPresent);
    match read.and_then(|message| AuthnRequest::read(&message)) {
        Err(error) => refused(found, &error.into()),
        Ok(request) => {
            match &request.answer_to {
                AnswerTo::Default => found.say("Its answer would go to the default address of the service's metadata."),
                AnswerTo::Index(index) => {
                    found
                        .say(format!("Its answer would go to the address of index {index} in the service's metadata."));
                }
                AnswerTo::Url(url) => found.say(format!("Its answer would go to {url}, if that is registered.")),
            }
            asks(found, received, &request);
            if let Some(policy) = &request.name_id_policy
                && policy.format != NameIdFormat::Unspecified
            {
                found.say(format!("It asks for a name of the format {}.", policy.format.uri()));
            }
            found.say("Whether the service may ask like this can be said with its metadata (--metadata).");
        }
    }
}

/// What it asks for, whoever may ask.
fn asks(found: &mut Examined, received: &Received, request: &AuthnRequest) {
    let AuthnRequest { id, issue_instant, destination, .. } = request;
    let to = destination.as_ref().map(|to| format!(" for {to}")).unwrap_or_default();
    found.say(format!("It was made at {}{to}, with the ID {id}.", date_time(*issue_instant)));
    if request.force_authn {
        found.say("The person would have to sign in anew (ForceAuthn).");
    }
    if request.is_passive {
        found.say("The person would see nothing: it is answered from a session, or by a refusal (IsPassive).");
    }
    if let Some(context) = &request.authn_context {
        let (how, which) = (context.comparison.as_str(), context.references.join(", "));
        found.say(format!("It demands an authentication context ({how}): {which}."));
    }
    if let Some(binding) = request.protocol_binding.as_deref().and_then(saml::Binding::from_uri) {
        found.say(format!("It asks to be answered by {}.", binding_name(binding)));
    }
    if request.subject.is_some() {
        found.say("It names the person that it must be (Subject).");
    }
    if let Some(state) = received.relay_state() {
        found.say(format!("Its RelayState has {} bytes and is given back as it came.", state.len()));
    }
}

fn refused(found: &mut Examined, fault: &RequestFault) {
    let (line, what) = match fault {
        RequestFault::Message(MessageError::Form(error)) => {
            (Some(error.line), format!("{} {}.", error.name, error.fault))
        }
        other => (None, advice::sentence(&other.to_string())),
    };
    found.object(Weight::Refused, line, what, advice::of_request(fault));
}
