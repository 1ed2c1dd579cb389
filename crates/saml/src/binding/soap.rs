//! SOAP 1.1 envelopes (SAML Bindings section 3.2).

use crate::binding::{BindingError, Direction, MESSAGE_BYTES_MAX};
use crate::received::{MessageError, Received, Step};
use crate::xml::{Element, FormFault, SOAP};

/// The header that a request carries (section 3.2.2.1).
pub const SOAP_ACTION: &str = "http://www.oasis-open.org/committees/security";
/// The media type of an envelope.
pub const MEDIA_TYPE: &str = "text/xml; charset=utf-8";

/// Takes the body of an HTTP request or response. That it is an envelope is seen when it is read.
///
/// # Errors
///
/// [`BindingError::TooLarge`].
pub fn decode(direction: Direction, octets: Vec<u8>) -> Result<Received, BindingError> {
    if octets.len() > MESSAGE_BYTES_MAX {
        return Err(BindingError::TooLarge);
    }
    Ok(Received::within(direction, octets, vec![Step::SoapBody]))
}

/// Puts a message into an envelope. `message` is XML that this crate wrote.
pub fn envelope(message: &str) -> String {
    let uri = SOAP.uri;
    format!("<soap:Envelope xmlns:soap=\"{uri}\"><soap:Body>{message}</soap:Body></soap:Envelope>")
}

/// The envelope that says that a request could not be read (SOAP 1.1 section 4.4). The text is ours, and ASCII
/// without markup.
pub fn fault(fault: Fault, text: &'static str) -> String {
    let code = match fault {
        Fault::Client => "soap:Client",
        Fault::Server => "soap:Server",
    };
    envelope(&format!("<soap:Fault><faultcode>{code}</faultcode><faultstring>{text}</faultstring></soap:Fault>"))
}

/// Who is at fault (SOAP 1.1 section 4.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The sender of the request.
    Client,
    /// We.
    Server,
}

/// The one element of the body. Headers are passed over, but for one that must be understood: none is.
pub(crate) fn body<'d, 'i>(envelope: Element<'d, 'i>) -> Result<Element<'d, 'i>, MessageError> {
    if !envelope.is(SOAP, "Envelope") {
        return Err(MessageError::Kind);
    }
    if let Some(header) = envelope.optional(SOAP, "Header")? {
        let compels = |child: &Element<'_, '_>| child.attribute_of(SOAP, "mustUnderstand").is_some_and(|v| v != "0");
        if let Some(child) = header.elements().find(compels) {
            return Err(child.wrong("Header", FormFault::Unexpected).into());
        }
    }
    let body = envelope.required(SOAP, "Body")?;
    let mut messages = body.elements();
    match (messages.next(), messages.next()) {
        (Some(message), None) => Ok(message),
        (None, _) => Err(body.wrong("Body", FormFault::Missing).into()),
        (_, Some(second)) => Err(second.wrong("Body", FormFault::Repeated).into()),
    }
}
