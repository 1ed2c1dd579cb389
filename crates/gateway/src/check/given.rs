//! What a text is: metadata, or a request in one of the ways in which people capture it.

use broker::SamlCaptured;
use data_encoding::BASE64;
use percent_encoding::percent_decode_str;

/// The parameters that carry a message.
const PARAMETERS: [&str; 2] = ["SAMLRequest=", "SAMLResponse="];

/// What it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Given {
    SamlMetadata,
    ClientMetadata,
    Request(Captured),
    Unknown,
}

/// A request, in the form of one of the two bindings.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Captured {
    Query(String),
    Form(String),
}

impl Captured {
    pub(super) fn as_saml(&self) -> SamlCaptured<'_> {
        match self {
            Captured::Query(text) => SamlCaptured::Query(text),
            Captured::Form(text) => SamlCaptured::Form(text),
        }
    }
}

/// Whether it is the text of a request and no name of a file.
pub(super) fn is_request(text: &str) -> bool {
    PARAMETERS.iter().any(|parameter| text.contains(parameter))
}

impl Given {
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        if text.starts_with('{') {
            return Given::ClientMetadata;
        }
        if text.starts_with('<') {
            return if is_message(text) { Given::Request(form_of(text.as_bytes())) } else { Given::SamlMetadata };
        }
        if is_request(text) {
            // A query, with the address before it or not.
            let query = text.split_once('?').map_or(text, |(_, query)| query);
            let query = query.split('#').next().unwrap_or(query);
            return Given::Request(by_its_content(query.to_owned()));
        }
        let dense: String = text.split_whitespace().collect();
        match BASE64.decode(percent_decode_str(&dense).collect::<Vec<u8>>().as_slice()) {
            Ok(octets) if !octets.is_empty() => Given::Request(by_its_content(format!("SAMLRequest={dense}"))),
            Ok(_) | Err(_) => Given::Unknown,
        }
    }
}

/// Whether the root element is one of the protocol's, and not of metadata. That the name is a message's is judged
/// by who reads it.
fn is_message(xml: &str) -> bool {
    let root = xml.split('<').find(|part| part.starts_with(|first: char| first.is_alphabetic() || first == '_'));
    let name = root.unwrap_or_default().split(|end: char| end.is_whitespace() || end == '>' || end == '/').next();
    let local = name.unwrap_or_default().rsplit(':').next().unwrap_or_default();
    local.ends_with("Request") || local.ends_with("Response") || local == "ArtifactResolve"
}

fn form_of(xml: &[u8]) -> Captured {
    Captured::Form(format!("SAMLRequest={}", BASE64.encode(xml).replace('+', "%2B")))
}

/// What is compressed was in an address, what is XML at once was in a form.
fn by_its_content(parameters: String) -> Captured {
    let values = parameters.split('&').filter_map(|pair| {
        let name = PARAMETERS.into_iter().find(|name| pair.starts_with(name))?;
        let dense: Vec<u8> =
            percent_decode_str(&pair[name.len()..]).filter(|byte| !byte.is_ascii_whitespace()).collect();
        BASE64.decode(&dense).ok()
    });
    let is_xml = values.into_iter().any(|octets| octets.trim_ascii_start().starts_with(b"<"));
    if is_xml { Captured::Form(parameters) } else { Captured::Query(parameters) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_its_beginning_and_a_request_by_its_content() {
        let query = |text: &str| Given::Request(Captured::Query(text.to_owned()));
        let form = |text: &str| Given::Request(Captured::Form(text.to_owned()));
        for (text, expected) in [
            ("  {\"client_name\": \"a\"}", Given::ClientMetadata),
            ("<?xml version=\"1.0\"?>\n<!-- a --><md:EntityDescriptor entityID=\"a\"/>", Given::SamlMetadata),
            ("<html>", Given::SamlMetadata),
            ("<samlp:AuthnRequest ID=\"a\"/>", form("SAMLRequest=PHNhbWxwOkF1dGhuUmVxdWVzdCBJRD0iYSIvPg==")),
            (
                "https://kau.example/saml/sso?SAMLRequest=q1YqSVayqlYqzUtML1WyUqoFAA%3D%3D&RelayState=a?b#c",
                query("SAMLRequest=q1YqSVayqlYqzUtML1WyUqoFAA%3D%3D&RelayState=a?b"),
            ),
            ("SAMLRequest=PGEv%0D%0APg%3D%3D&RelayState=a", form("SAMLRequest=PGEv%0D%0APg%3D%3D&RelayState=a")),
            ("PGEv\nPg==\n", form("SAMLRequest=PGEvPg==")),
            ("q1YqSVayqlYqzUtML1WyUqoFAA==", query("SAMLRequest=q1YqSVayqlYqzUtML1WyUqoFAA==")),
            ("hello, world", Given::Unknown),
            ("", Given::Unknown),
        ] {
            assert_eq!(Given::of(text), expected, "{text}");
        }
    }
}
