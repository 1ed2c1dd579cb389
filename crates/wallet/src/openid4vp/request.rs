//! The signed request (OpenID4VP 1.0 section 5, RFC 9101).

mod read;
mod write;

use jose::{JwsError, SignError};
use serde_json::Value;

use super::{ClientId, VerifierMetadata};
use crate::dcql::{DcqlError, Query};
use crate::trust::ChainFault;

pub use read::RequestExpected;

/// The `typ` of the request's token (RFC 9101 section 10.8).
const REQUEST_TYP: &str = "oauth-authz-req+jwt";
/// Every wallet that is not known in advance (OpenID4VP 1.0 section 5.8).
const ANY_WALLET: &str = "https://self-issued.me/v2";

/// What a verifier asks of a wallet.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestObject {
    /// Who asks.
    pub client_id: ClientId,
    /// How and where the wallet answers.
    pub response: ResponseMode,
    /// Fresh for every request.
    pub nonce: String,
    /// Given back with the answer.
    pub state: Option<String>,
    /// What is asked for.
    pub query: Query,
    /// What the verifier understands.
    pub metadata: VerifierMetadata,
    /// Attestations about the verifier.
    pub verifier_info: Vec<VerifierInfo>,
    /// What the wallet sent when it fetched the request, given back.
    pub wallet_nonce: Option<String>,
    /// When it was made, in seconds since the epoch.
    pub issued_at: i64,
    /// When it ends, in seconds since the epoch.
    pub expires_at: i64,
}

/// How a wallet answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// `direct_post`: in clear, to this address.
    DirectPost(String),
    /// `direct_post.jwt`: encrypted, to this address.
    DirectPostJwt(String),
    /// `dc_api.jwt`: encrypted, through a browser that shows one of these origins.
    DcApiJwt(Vec<String>),
}

/// An attestation about the verifier, for wallets that understand it.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifierInfo {
    /// Its format.
    pub format: String,
    /// A text or an object.
    pub data: Value,
    /// Which credentials of the query it is about; none means all.
    pub credential_ids: Vec<String>,
}

/// The request by reference (OpenID4VP 1.0 section 5.10): what a link or a picture says. `wallet` is where the wallet
/// takes requests, without a query; the request is fetched from `request_uri`, by POST where the wallet can.
pub fn request_link(wallet: &str, client_id: &ClientId, request_uri: &str) -> String {
    let client_id = client_id.to_string();
    let parameters = [("client_id", client_id.as_str()), ("request_uri", request_uri), ("request_uri_method", "post")];
    format!("{wallet}?{}", super::form::write(&parameters))
}

/// A request cannot be made. This is a fault of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// A nonce or state that no URL carries unescaped, or too long.
    #[error("a nonce or state of the request is malformed")]
    Nonce,
    /// An encrypted answer without a key, or a key without a name.
    #[error("the request wants an encrypted answer and offers no named key")]
    Key,
    /// The library refused.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Why a wallet refuses a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// The token is malformed, of another type, or not signed by the key of its certificate.
    #[error("the request's token: {0}")]
    Token(JwsError),
    /// The certificates lead to nobody who is trusted.
    #[error("the verifier's certificates: {0}")]
    Chain(ChainFault),
    /// The verifier is not who it says, or not who the wallet was sent to.
    #[error("the verifier is another one")]
    Client,
    /// It is not for a wallet.
    #[error("the request is for somebody else")]
    Audience,
    /// It has ended.
    #[error("the request has ended")]
    Expired,
    /// A member is missing, malformed, or not what it must be.
    #[error("the request's member `{0}` is missing or malformed")]
    Member(&'static str),
    /// It wants a transaction authorised, which we do not understand (OpenID4VP 1.0 section 8.4).
    #[error("the request has transaction data")]
    TransactionData,
    /// The query is refused.
    #[error(transparent)]
    Query(#[from] DcqlError),
}

impl RequestObject {
    /// Whom a presentation is meant for that answers this request: the client identifier, or `origin:` and the
    /// origin that the browser named (OpenID4VP 1.0 section 14.1.2 and appendix A.4). Nothing if a browser
    /// handed the request over and did not name one of the expected origins.
    pub fn audience(&self, browser_origin: Option<&str>) -> Option<String> {
        match (&self.response, browser_origin) {
            (ResponseMode::DirectPost(_) | ResponseMode::DirectPostJwt(_), None) => Some(self.client_id.to_string()),
            (ResponseMode::DcApiJwt(origins), Some(origin)) => {
                origins.iter().any(|expected| expected == origin).then(|| format!("origin:{origin}"))
            }
            (ResponseMode::DirectPost(_) | ResponseMode::DirectPostJwt(_), Some(_))
            | (ResponseMode::DcApiJwt(_), None) => None,
        }
    }
}

impl ResponseMode {
    /// The value of `response_mode`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            ResponseMode::DirectPost(_) => "direct_post",
            ResponseMode::DirectPostJwt(_) => "direct_post.jwt",
            ResponseMode::DcApiJwt(_) => "dc_api.jwt",
        }
    }
}
