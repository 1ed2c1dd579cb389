//! How a request and its answer's answer travel: the link that leads a wallet to a request, how it fetches
//! that, and what it is told when it has answered.

use serde_json::{Value, json};

use super::{ANSWER_BYTES_MAX, AnswerFault, NONCE_BYTES_MAX, form};
use crate::sd_jwt::URI_BYTES_MAX;

/// The longest link, in bytes.
pub const LINK_BYTES_MAX: usize = 8 * 1024;

/// How a wallet fetches a request (`request_uri_method`, OpenID4VP 1.0 section 5.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchMethod {
    /// By GET.
    Get,
    /// By POST, so that it can send a nonce of its own.
    Post,
}

/// A link to a request, for a QR code or for a wallet on the same device (RFC 9101 section 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLink {
    /// The client identifier with its prefix, as the request has it.
    pub client_id: String,
    /// Where the request is.
    pub request_uri: String,
    /// How to fetch it.
    pub method: FetchMethod,
}

/// What a wallet sends to fetch a request by POST.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestFetch {
    /// To be given back in the request (`wallet_nonce`).
    pub wallet_nonce: Option<String>,
}

impl RequestLink {
    /// The link below `start`: `openid4vp://`, `haip-vp://`, or a wallet's own address.
    pub fn to_uri(&self, start: &str) -> String {
        let mut parameters = vec![("client_id", self.client_id.as_str()), ("request_uri", self.request_uri.as_str())];
        match self.method {
            FetchMethod::Get => {}
            FetchMethod::Post => parameters.push(("request_uri_method", "post")),
        }
        format!("{start}?{}", form::write(&parameters))
    }

    /// Reads a link, whatever it starts with. Nothing if it leads to no request, is longer than
    /// [`LINK_BYTES_MAX`], or names a parameter twice.
    pub fn parse(link: &str) -> Option<Self> {
        if link.len() > LINK_BYTES_MAX {
            return None;
        }
        let (_, query) = link.split_once('?')?;
        let mut parameters = form::read(query.as_bytes()).ok()?;
        let method = match parameters.get("request_uri_method").map(String::as_str) {
            None | Some("get") => FetchMethod::Get,
            Some("post") => FetchMethod::Post,
            Some(_) => return None,
        };
        let mut uri = |name| parameters.remove(name).filter(|uri| (1..=URI_BYTES_MAX).contains(&uri.len()));
        let (client_id, request_uri) = (uri("client_id")?, uri("request_uri")?);
        let is_web = request_uri.starts_with("https://") || request_uri.starts_with("http://");
        is_web.then_some(Self { client_id, request_uri, method })
    }
}

impl RequestFetch {
    /// The body of the POST.
    pub fn to_form(&self) -> String {
        let nonce = self.wallet_nonce.as_deref();
        form::write(&nonce.map(|nonce| ("wallet_nonce", nonce)).into_iter().collect::<Vec<_>>())
    }

    /// Reads the body of the POST. What the wallet says of itself (`wallet_metadata`) is not used.
    ///
    /// # Errors
    ///
    /// [`AnswerFault::TooLong`], [`AnswerFault::Form`].
    pub fn read(body: &[u8]) -> Result<Self, AnswerFault> {
        let wallet_nonce = form::read(body)?.remove("wallet_nonce");
        match &wallet_nonce {
            Some(nonce) if !(1..=NONCE_BYTES_MAX).contains(&nonce.len()) => Err(AnswerFault::Form),
            Some(_) | None => Ok(Self { wallet_nonce }),
        }
    }
}

/// What a wallet is told that posted an answer: where the person goes on, if on the same device (OpenID4VP 1.0
/// section 8.2). The address must hold a fresh random value.
pub fn post_reply(redirect_uri: Option<&str>) -> String {
    redirect_uri.map_or_else(|| json!({}), |uri| json!({"redirect_uri": uri})).to_string()
}

/// Where the person goes on, as a verifier told it.
///
/// # Errors
///
/// [`AnswerFault::TooLong`]; [`AnswerFault::Form`] for anything but an object with an address on the web or
/// none.
pub fn read_post_reply(text: &[u8]) -> Result<Option<String>, AnswerFault> {
    if text.len() > ANSWER_BYTES_MAX {
        return Err(AnswerFault::TooLong);
    }
    let reply: Value = jose::json::from_slice(text).map_err(|_| AnswerFault::Form)?;
    match reply.as_object().ok_or(AnswerFault::Form)?.get("redirect_uri") {
        None => Ok(None),
        Some(Value::String(uri)) if uri.starts_with("https://") || uri.starts_with("http://") => Ok(Some(uri.clone())),
        Some(_) => Err(AnswerFault::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_its_request() {
        for method in [FetchMethod::Get, FetchMethod::Post] {
            let link = RequestLink {
                client_id: "x509_hash:Uvo3".to_owned(),
                request_uri: "https://kapu.example/dap/request/a?b=c&d".to_owned(),
                method,
            };
            assert_eq!(RequestLink::parse(&link.to_uri("openid4vp://")), Some(link));
        }
        // OpenID4VP 1.0 section 8.2.
        let example = "https://wallet.example.com?client_id=https%3A%2F%2Fclient.example.org%2Fcb\
            &request_uri=https%3A%2F%2Fclient.example.org%2F567545564";
        let link = RequestLink::parse(example).unwrap();
        assert_eq!((link.client_id.as_str(), link.method), ("https://client.example.org/cb", FetchMethod::Get));
        assert_eq!(link.request_uri, "https://client.example.org/567545564");
        let long = format!("a?client_id=b&request_uri=https://{}", "a".repeat(LINK_BYTES_MAX));
        for bad in [
            "",
            "openid4vp://",
            "a?client_id=b",
            "a?request_uri=https://c",
            "a?client_id=b&request_uri=javascript:c",
            "a?client_id=b&client_id=b&request_uri=https://c",
            "a?client_id=b&request_uri=https://c&request_uri_method=POST",
            &long,
        ] {
            assert_eq!(RequestLink::parse(bad), None, "{bad:.100}");
        }
    }

    #[test]
    fn v14_a_wallet_sends_its_nonce_along() {
        let fetch = RequestFetch { wallet_nonce: Some("a&b".to_owned()) };
        assert_eq!(RequestFetch::read(fetch.to_form().as_bytes()), Ok(fetch));
        assert_eq!(RequestFetch::read(b"wallet_metadata=%7B%7D"), Ok(RequestFetch::default()));
        assert_eq!(RequestFetch::read(b""), Ok(RequestFetch::default()));
        let long = format!("wallet_nonce={}", "a".repeat(NONCE_BYTES_MAX + 1));
        for bad in ["wallet_nonce=", "wallet_nonce=a&wallet_nonce=a", &long] {
            assert_eq!(RequestFetch::read(bad.as_bytes()), Err(AnswerFault::Form), "{bad:.40}");
        }
    }

    #[test]
    fn a_person_goes_on_where_the_verifier_says() {
        for uri in [None, Some("https://kapu.example/dap#response_code=a")] {
            assert_eq!(read_post_reply(post_reply(uri).as_bytes()), Ok(uri.map(str::to_owned)));
        }
        assert_eq!(read_post_reply(br#"{"other":1}"#), Ok(None));
        for bad in ["", "[]", r#"{"redirect_uri":1}"#, r#"{"redirect_uri":"javascript:a"}"#] {
            assert_eq!(read_post_reply(bad.as_bytes()), Err(AnswerFault::Form), "{bad}");
        }
        assert_eq!(read_post_reply(&vec![b' '; ANSWER_BYTES_MAX + 1]), Err(AnswerFault::TooLong));
    }
}
