//! What to do about what is wrong, in plain words.

use saml::metadata::{MetadataError, MetadataFault};
use saml::{BindingError, FormFault, MessageError, StatusReason};
use xmlsec::{SignatureError, XmlError};

use super::super::judgement::RequestFault;
use super::super::service::MetadataRefusal;

/// The line of what is wrong with metadata, and the sentence without it.
pub(super) fn place(refusal: &MetadataRefusal) -> (Option<u32>, String) {
    match refusal {
        MetadataRefusal::Metadata(MetadataError::At { line, fault }) => {
            let what = match fault {
                // Begins with a name of XML's.
                MetadataFault::Form { .. } | MetadataFault::Location { .. } => format!("{fault}."),
                other => sentence(&other.to_string()),
            };
            (Some(*line), what)
        }
        other => (None, sentence(&other.to_string())),
    }
}

/// Begins with a capital and ends with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}

pub(super) fn of_metadata(refusal: &MetadataRefusal) -> &'static str {
    match refusal {
        MetadataRefusal::Entities(_) => {
            "Name the service by --entity when it is imported, or put its EntityDescriptor into a file of its own."
        }
        MetadataRefusal::NoEntity(_) => "Give the entityID as it stands in the metadata, letter by letter.",
        MetadataRefusal::NoValidUntil => {
            "Have the service publish a validUntil, or import its metadata as a file, which is not read again."
        }
        MetadataRefusal::NoService => {
            "Take the metadata of the service: this is another party's, such as an identity provider's."
        }
        MetadataRefusal::Characters => {
            "Write both in ASCII; a domain of other letters in its form that begins with xn--."
        }
        MetadataRefusal::Encryption => "Add an RSA certificate for encryption, or leave the KeyDescriptor out.",
        MetadataRefusal::NoConsumer => "Add an AssertionConsumerService with the binding HTTP-POST.",
        MetadataRefusal::SubjectId => "Require pairwise-id, or no identifier at all.",
        MetadataRefusal::Metadata(error) => match error {
            MetadataError::TooLarge => "Put the EntityDescriptor of this one service into a file of its own.",
            MetadataError::Xml(error) => of_xml(*error),
            MetadataError::Unsigned | MetadataError::Signature(_) => "Export the metadata anew from the service.",
            MetadataError::At { fault, .. } => of_fault(*fault),
        },
    }
}

fn of_fault(fault: MetadataFault) -> &'static str {
    match fault {
        MetadataFault::Form { fault, .. } => of_form(fault),
        MetadataFault::Location { .. } => {
            "Give an absolute https:// address without wildcard, fragment, user name or password; only in a demo may a \
             *.localhost address begin with http://."
        }
        MetadataFault::Key(_) => {
            "Give the service a certificate around an RSA key of at least 2048 bits, or an ECDSA key on P-256 or P-384."
        }
        MetadataFault::SignatureAlgorithm => "Sign the metadata with SHA-256 or better, or leave it unsigned.",
        MetadataFault::Expired => "Export the metadata anew, with a validUntil that lies ahead or with none.",
        MetadataFault::NoCipher => {
            "List aes256-gcm or aes128-gcm and an rsa-oaep transport as EncryptionMethod, or list none."
        }
        MetadataFault::NoRole => {
            "Add an SPSSODescriptor whose protocolSupportEnumeration has urn:oasis:names:tc:SAML:2.0:protocol."
        }
    }
}

fn of_form(fault: FormFault) -> &'static str {
    match fault {
        FormFault::Missing => "Add it, as the standard's schema wants it.",
        FormFault::Repeated => "Leave one of them.",
        FormFault::Unexpected => "Leave it out.",
        FormFault::Invalid => "Correct the value, as the standard's schema wants it.",
        FormFault::TooLong => "Shorten it.",
    }
}

fn of_xml(error: XmlError) -> &'static str {
    match error {
        XmlError::Encoding => "Save it as UTF-8.",
        XmlError::Limits => "Make it smaller: it has more than any service needs.",
        XmlError::Dtd => "Take the <!DOCTYPE …> out.",
        XmlError::Comment => "Take the comments out.",
        XmlError::ProcessingInstruction => "Take the processing instructions (<?…?>) out.",
        XmlError::Cdata => "Write the text without CDATA.",
        XmlError::Entity => "Write the character itself instead of the entity.",
        XmlError::RelativeNamespace => "Declare namespaces by absolute URIs.",
        XmlError::NotWellFormed => {
            "Copy or export it again; xmllint shows where it is broken. A web page that says something went wrong is no XML."
        }
    }
}

pub(super) fn of_binding(error: BindingError) -> &'static str {
    match error {
        BindingError::TooLarge => "Send a smaller message: 256 KiB are read.",
        BindingError::Repeated(_) => "Send each parameter once, its name written without escapes.",
        BindingError::Parameters => {
            "Send exactly one of SAMLRequest and SAMLResponse, and SigAlg and Signature together or neither."
        }
        BindingError::NotUtf8(_) => "Write the parameter in UTF-8, percent-encoded.",
        BindingError::Base64 => {
            "Encode the message in base64 (not base64url) with its padding, then percent-encode it."
        }
        BindingError::Inflate => {
            "By HTTP-Redirect, compress the message with raw DEFLATE (no zlib or gzip head) before base64; by HTTP-POST, \
             do not compress it."
        }
        BindingError::Encoding => "Leave SAMLEncoding out: DEFLATE is the only encoding.",
        BindingError::Algorithm => "Sign with rsa-sha256 or better, or with ecdsa-sha256; SHA-1 is not taken.",
        BindingError::RelayState => "Send a RelayState of at most 1024 bytes: a key to what the service keeps itself.",
        BindingError::Artifact => "Send an artifact of type 4.",
    }
}

pub(super) fn of_request(fault: &RequestFault) -> &'static str {
    match fault {
        RequestFault::Issuer => "Register the service first, under this very entityID.",
        RequestFault::Expired => {
            "Let the address that the metadata is fetched from answer again, with a later validUntil."
        }
        RequestFault::Destination => {
            "Send the request to the SingleSignOnService of our metadata and name that address as Destination; a signed \
             request must name it."
        }
        RequestFault::Consumer => {
            "Name an AssertionConsumerService of the metadata, byte for byte or by its index, or none; the binding must be \
             HTTP-POST or HTTP-Artifact, as registered there."
        }
        RequestFault::Future => "Set the clock of the service: three minutes of difference are tolerated.",
        RequestFault::Message(error) => of_message(*error),
    }
}

fn of_message(error: MessageError) -> &'static str {
    match error {
        MessageError::Xml(error) => of_xml(error),
        MessageError::Kind => "Send an AuthnRequest, as SAMLRequest.",
        MessageError::Version => "Send Version=\"2.0\".",
        MessageError::Form(error) => of_form(error.fault),
        MessageError::Unsigned => "Sign the requests, as the metadata promises, or register metadata that does not.",
        MessageError::Decrypt => "Send the name in the clear: there is no key to encrypt a request to.",
        MessageError::Signature(error) => of_signature(error),
    }
}

fn of_signature(error: SignatureError) -> &'static str {
    match error {
        SignatureError::Key => {
            "Sign with the key in the registered metadata, or register the new one. By HTTP-Redirect the signature is over \
             the query as it is sent: SAMLRequest, RelayState, SigAlg."
        }
        SignatureError::Digest => "Send what was signed: something changed it afterwards, such as a reformatting.",
        SignatureError::Algorithm | SignatureError::DigestAlgorithm => {
            "Sign with rsa-sha256 or better, or with ecdsa-sha256; SHA-1 is not taken."
        }
        SignatureError::Transform | SignatureError::Canonicalization | SignatureError::PrefixList => {
            "Use enveloped-signature and exclusive canonicalization without comments, and no other transform."
        }
        SignatureError::Unsigned
        | SignatureError::Position
        | SignatureError::NotRootOfTrust
        | SignatureError::Object
        | SignatureError::SignedInfo
        | SignatureError::Namespace
        | SignatureError::Form
        | SignatureError::Id
        | SignatureError::IdNamespace
        | SignatureError::DuplicateId
        | SignatureError::Reference
        | SignatureError::Empty => {
            "Put one Signature right after the Issuer, whose one Reference is to the ID of the message."
        }
    }
}

/// What the service is told at once, and what to do.
pub(super) fn of_status(reason: StatusReason) -> (&'static str, &'static str) {
    match reason {
        StatusReason::NoPassive => (
            "It wants a person to sign in anew (ForceAuthn) and to see nothing (IsPassive), which cannot both be.",
            "Leave one of the two out.",
        ),
        StatusReason::RequestUnsupported => (
            "Its AttributeConsumingServiceIndex is none of the metadata's.",
            "Leave it out, or name an index of the registered metadata.",
        ),
        StatusReason::InvalidNameIdPolicy => (
            "Its NameIDPolicy cannot be met.",
            "Ask for transient or persistent without an SPNameQualifier of another; emailAddress is for services whose \
             metadata has that NameIDFormat or asks for the e-mail address.",
        ),
        _ => ("It is answered by a refusal.", "See the status of the answer."),
    }
}
