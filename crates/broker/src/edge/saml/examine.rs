//! What an integrator is told of metadata and of captured requests, by the very functions that registration and
//! single sign-on decide with.

mod advice;
mod request;

pub use request::SamlCaptured;

use model::Timestamp;
use saml::metadata::{KeyUsage, SpDescriptor, Warning};
use saml::{Attribute, Binding, NameIdFormat, date_time};
use xmlsec::{Certificate, PublicKeyType};

use super::service::{MetadataRefusal, Registrable, SamlOptions, registrable};
use super::{AnswerBinding, SIGNED_WITH, USUAL, release};

/// What was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// What it is and what is understood of it, a sentence each.
    pub sentences: Vec<String>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, from 1, if it can be said.
    pub line: Option<u32>,
    /// What, in a sentence.
    pub what: String,
    /// What to do about it, in a sentence.
    pub advice: String,
    /// What follows from it.
    pub weight: Weight,
}

/// What follows from a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It would be refused.
    Refused,
    /// It works, but should be known.
    Remark,
}

impl Examined {
    /// Whether it would be refused.
    pub fn is_refused(&self) -> bool {
        self.problems.iter().any(|problem| problem.weight == Weight::Refused)
    }

    fn say(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    fn object(&mut self, weight: Weight, line: Option<u32>, what: impl Into<String>, advice: impl Into<String>) {
        self.problems.push(Problem { line, what: what.into(), advice: advice.into(), weight });
    }
}

/// Says what SAML metadata would be registered as at that instant, and what is wrong with it.
pub fn examine_saml_metadata(xml: &[u8], options: &SamlOptions, now: Timestamp) -> Examined {
    let mut found = Examined::default();
    match registrable(xml, options, now) {
        Err(refusal) => refused(&mut found, &refusal),
        Ok(read) => registered(&mut found, &read, now),
    }
    found
}

fn refused(found: &mut Examined, refusal: &MetadataRefusal) {
    found.say("This should be SAML metadata of a service.");
    let (line, what) = advice::place(refusal);
    found.object(Weight::Refused, line, what, advice::of_metadata(refusal));
}

fn registered(found: &mut Examined, read: &Registrable, now: Timestamp) {
    let Registrable { service, receives, may_receive, warnings, .. } = read;
    let sp = &service.sp;
    found.say(format!("This is SAML metadata of the service {}.", service.entity.entity_id));
    let (hu, en) = (&service.service.name_hu, &service.service.name_en);
    found.say(format!(
        "People would see it as “{hu}” in Hungarian and “{en}” in English; it begins at {}.",
        service.service.home
    ));
    addresses(found, sp);
    keys(found, sp, now);
    names(found, sp, service.may_have_email());
    if sp.attribute_consumers.is_empty() {
        found.say(format!("It asks for no attribute by name, and would receive {}.", list(receives)));
    } else if receives.is_empty() && may_receive.is_empty() {
        found.say("Of what it asks for it would receive nothing.");
    } else if !receives.is_empty() {
        found.say(format!("Of what it asks for it would receive {}.", list(receives)));
    }
    if !may_receive.is_empty() {
        found.say(format!("It does not require {}: people tick it or do not.", list(may_receive)));
    }
    unknown_attributes(found, sp);
    found.say(if sp.authn_requests_signed {
        "Its requests must be signed: it says so by AuthnRequestsSigned."
    } else {
        "Its requests need not be signed; a signature that is there must be good."
    });
    if let Some(until) = service.entity.valid_until {
        let until = date_time(until);
        found.say(format!("It says that it is valid until {until}; once registered it is good until it is replaced."));
    }
    for warning in warnings {
        remark(found, *warning);
    }
}

fn addresses(found: &mut Examined, sp: &SpDescriptor) {
    let both = [Binding::Post, Binding::Artifact];
    let default = sp.default_consumer(&both).map(|consumer| consumer.index);
    for consumer in &sp.assertion_consumers {
        let binding = binding_name(consumer.binding);
        let which = match AnswerBinding::of(consumer.binding) {
            None => " is not used: answers go by HTTP-POST or HTTP-Artifact",
            Some(_) if default == Some(consumer.index) => " is where answers go by default",
            Some(_) => " is where answers go if a request says so",
        };
        found.say(format!("{} (index {}, {binding}){which}.", consumer.location, consumer.index));
    }
    for endpoint in &sp.role.single_logout {
        found.say(format!("{} ({}) is told of logouts.", endpoint.location, binding_name(endpoint.binding)));
    }
}

fn keys(found: &mut Examined, sp: &SpDescriptor, now: Timestamp) {
    for key in &sp.role.keys {
        let used = match key.usage {
            None => "to sign and to encrypt",
            Some(KeyUsage::Signing) => "to sign",
            Some(KeyUsage::Encryption) => "to encrypt",
        };
        for certificate in &key.certificates {
            let until = date_time(certificate.not_after());
            let time = if certificate.not_after() < now.seconds() { "expired on" } else { "good until" };
            let key = key_name(certificate);
            found.say(format!("It has a key {used}: {key}, its certificate {time} {}.", day(&until)));
        }
    }
    match sp.role.encryption() {
        Some(_) => found.say("Assertions would be encrypted to its key."),
        None => found.say("Assertions would not be encrypted: it has no RSA key to encrypt to."),
    }
    if sp.role.signing_method(&SIGNED_WITH).is_some_and(|algorithm| algorithm != USUAL) {
        found.say("Answers would be signed by ECDSA on P-256, which its alg:SigningMethod names.");
    }
    let signs = sp.role.signing().next().is_some();
    if !signs && sp.authn_requests_signed {
        let what = "AuthnRequestsSigned is true, but there is no key to check a signature with.";
        found.object(
            Weight::Remark,
            None,
            what,
            "Add a KeyDescriptor with use=\"signing\", or none of its requests is answered.",
        );
    }
    let fetches = sp.assertion_consumers.iter().any(|consumer| consumer.binding == Binding::Artifact);
    if !signs && fetches {
        let what = "An answer can be asked for by HTTP-Artifact, but there is no key that it could be fetched with.";
        found.object(
            Weight::Remark,
            None,
            what,
            "Add a KeyDescriptor with use=\"signing\": who fetches an answer signs for it.",
        );
    }
}

fn names(found: &mut Examined, sp: &SpDescriptor, may_have_email: bool) {
    let email = if may_have_email { ", emailAddress" } else { "" };
    found.say(format!("People would be named to it as a request asks: transient (the default), persistent{email}."));
    for format in &sp.role.name_id_formats {
        let unknown = match format {
            NameIdFormat::Unspecified
            | NameIdFormat::EmailAddress
            | NameIdFormat::Persistent
            | NameIdFormat::Transient => continue,
            NameIdFormat::Entity | NameIdFormat::Encrypted | NameIdFormat::Other(_) => format.uri(),
        };
        let what = format!("The NameIDFormat {unknown} is none that people are named by here.");
        found.object(
            Weight::Remark,
            None,
            what,
            "Ask for transient, persistent or emailAddress in the request's NameIDPolicy.",
        );
    }
}

fn unknown_attributes(found: &mut Examined, sp: &SpDescriptor) {
    let asked = sp.attribute_consumers.iter().flat_map(|consumer| &consumer.requested);
    for requested in asked.filter(|requested| !release::is_known(&requested.attribute.name)) {
        let Attribute { name, friendly_name, .. } = &requested.attribute;
        let friendly = friendly_name.as_ref().map(|friendly| format!(" ({friendly})")).unwrap_or_default();
        let what = format!("It asks for the attribute {name}{friendly}, which is not given here.");
        found.object(
            Weight::Remark,
            None,
            what,
            "Do without it, or ask for another by the names in the documentation.",
        );
    }
}

fn remark(found: &mut Examined, Warning { line, remark }: Warning) {
    let what = advice::sentence(&remark.to_string());
    found.object(Weight::Remark, Some(line), what, "Nothing has to be done: only the key in a certificate counts.");
}

fn binding_name(binding: Binding) -> &'static str {
    match binding {
        Binding::Redirect => "HTTP-Redirect",
        Binding::Post => "HTTP-POST",
        Binding::Artifact => "HTTP-Artifact",
        Binding::Soap => "SOAP",
    }
}

fn key_name(certificate: &Certificate) -> String {
    match certificate.key().key_type() {
        PublicKeyType::Rsa { bits } => format!("RSA of {bits} bits"),
        PublicKeyType::P256 => "ECDSA on P-256".to_owned(),
        PublicKeyType::P384 => "ECDSA on P-384".to_owned(),
    }
}

/// The date of an `xs:dateTime`.
fn day(date_time: &str) -> &str {
    date_time.split('T').next().unwrap_or(date_time)
}

fn list(names: &[&str]) -> String {
    names.join(", ")
}

#[cfg(test)]
mod tests;
