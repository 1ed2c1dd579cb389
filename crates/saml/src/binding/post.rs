//! HTTP-POST (SAML Bindings section 3.5): the values of a form that submits itself.

use data_encoding::BASE64;

use super::parameters::Parameters;
use super::{BindingError, Direction, RELAY_STATE_BYTES_MAX};
use crate::binding::MESSAGE_BYTES_MAX;
use crate::received::Received;

/// Reads the body of a form (`application/x-www-form-urlencoded`).
///
/// # Errors
///
/// See [`BindingError`].
pub fn decode(body: &str) -> Result<Received, BindingError> {
    let parameters = Parameters::read(body)?;
    let direction = parameters.direction()?;
    let octets = parameters.base64(direction.parameter())?.ok_or(BindingError::Parameters)?;
    if octets.len() > MESSAGE_BYTES_MAX {
        return Err(BindingError::TooLarge);
    }
    Ok(Received::new(direction, octets, parameters.relay_state()?, None))
}

/// The hidden fields of the form that carries a message, as name and value. The value is to be escaped where the
/// page is written.
///
/// # Errors
///
/// [`BindingError::RelayState`].
pub fn fields(
    direction: Direction,
    message: &str,
    relay_state: Option<&str>,
) -> Result<Vec<(&'static str, String)>, BindingError> {
    let mut fields = vec![(direction.parameter(), BASE64.encode(message.as_bytes()))];
    if let Some(relay_state) = relay_state {
        if relay_state.len() > RELAY_STATE_BYTES_MAX {
            return Err(BindingError::RelayState);
        }
        fields.push(("RelayState", relay_state.to_owned()));
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<(Direction, Vec<u8>, Option<String>), BindingError> {
        let received = decode(body)?;
        Ok((received.direction(), received.octets().to_vec(), received.relay_state().map(str::to_owned)))
    }

    #[test]
    fn a_message_is_read_however_its_base64_is_broken() {
        let xml = b"<a>\xc5\xb1</a>".to_vec();
        for body in [
            "SAMLRequest=PGE%2BxbE8L2E%2B&RelayState=a%26b+c",
            "RelayState=a%26b%20c&x=1&SAMLRequest=PGE%2BxbE8%0D%0AL2E%2B%0A",
            "SAMLRequest=PGE+xbE8L2E+&RelayState=a%26b+c&lang=HU",
        ] {
            assert_eq!(read(body), Ok((Direction::Request, xml.clone(), Some("a&b c".to_owned()))), "{body}");
        }
        assert_eq!(read("SAMLResponse=PGE%2BxbE8L2E%2B"), Ok((Direction::Response, xml, None)));
    }

    #[test]
    fn what_is_no_single_message_is_refused() {
        let large = format!("SAMLResponse={}", "A".repeat(super::super::FORM_BYTES_MAX));
        let relay = format!("SAMLRequest=PGEvPg==&RelayState={}", "r".repeat(1025));
        for (body, error) in [
            ("", BindingError::Parameters),
            ("RelayState=x", BindingError::Parameters),
            ("SAMLRequest=PGEvPg==&SAMLResponse=PGEvPg==", BindingError::Parameters),
            ("SAMLRequest=PGEvPg==&SAMLart=AAQ=", BindingError::Parameters),
            ("SAMLRequest=PGEvPg==&SAMLRequest=PGEvPg==", BindingError::Repeated("SAMLRequest")),
            ("SAMLRequest=PGEvPg==&SAML%52equest=PGEvPg==", BindingError::Repeated("SAMLRequest")),
            ("SAMLRequest=PGEvPg==&RelayState=a&RelayState=a", BindingError::Repeated("RelayState")),
            ("SAMLRequest=PGEvPg", BindingError::Base64),
            ("SAMLRequest=PGEvPh==", BindingError::Base64),
            ("SAMLRequest=PGE_Pg==", BindingError::Base64),
            ("SAMLRequest=PGEvPg==&RelayState=%ff", BindingError::NotUtf8("RelayState")),
            (&large, BindingError::TooLarge),
            (&relay, BindingError::RelayState),
        ] {
            assert_eq!(read(body), Err(error), "{body:.60}");
        }
    }

    #[test]
    fn what_is_sent_is_read() {
        let fields = fields(Direction::Response, "<a>ű</a>", Some("x y")).unwrap();
        assert_eq!(fields, [("SAMLResponse", "PGE+xbE8L2E+".to_owned()), ("RelayState", "x y".to_owned())]);
        assert_eq!(super::fields(Direction::Request, "", Some(&"r".repeat(1025))), Err(BindingError::RelayState));
    }
}
