//! The wallet's side.

use jose::{Algorithm, ChainError, ExpectedChain, TokenType};
use serde_json::{Map, Value};

use super::{ANY_WALLET, REQUEST_TYP, RequestFault, RequestObject, ResponseMode, VerifierInfo};
use crate::dcql::Query;
use crate::openid4vp::{ClientId, NONCE_BYTES_MAX, ORIGINS_MAX, REQUEST_BYTES_MAX, VerifierMetadata, is_url_safe};
use crate::sd_jwt::URI_BYTES_MAX;
use crate::trust::{ChainFault, Signer};

/// What a request must be to be answered.
#[derive(Clone, Copy, Debug)]
pub struct RequestExpected<'a> {
    /// The `client_id` of the link that led to it; nothing where a browser handed it over.
    pub client_id: Option<&'a str>,
    /// What was sent along to fetch it.
    pub wallet_nonce: Option<&'a str>,
    /// Seconds since the epoch.
    pub now: i64,
}

impl RequestObject {
    /// Checks a request and says whose certificate signed it; `judge` decides on that. Members that are not
    /// known are ignored (OpenID4VP 1.0 section 5).
    ///
    /// # Errors
    ///
    /// The first [`RequestFault`].
    pub fn verify(
        token: &str,
        expected: &RequestExpected<'_>,
        judge: impl FnOnce(&[Vec<u8>]) -> Result<Signer, ChainFault>,
    ) -> Result<(Self, Signer), RequestFault> {
        let form = ExpectedChain {
            typ: TokenType::Stated(REQUEST_TYP),
            algorithms: &[Algorithm::Es256],
            bytes_max: REQUEST_BYTES_MAX,
        };
        let mut signer = None;
        let verified = jose::verify_by_chain(token, &form, |chain| {
            let judged = judge(chain)?;
            let key = judged.key.clone();
            signer = Some(judged);
            Ok(key)
        })
        .map_err(|error| match error {
            ChainError::Token(error) => RequestFault::Token(error),
            ChainError::Chain(fault) => RequestFault::Chain(fault),
        })?;
        let signer = signer.ok_or(RequestFault::Chain(ChainFault::Unknown))?;
        let claims: Map<String, Value> = verified.json().map_err(RequestFault::Token)?;
        if claims.contains_key("transaction_data") {
            return Err(RequestFault::TransactionData);
        }
        let request = Self::read(&claims, expected)?;
        if !request.client_id.is_of(&signer) {
            return Err(RequestFault::Client);
        }
        Ok((request, signer))
    }

    fn read(claims: &Map<String, Value>, expected: &RequestExpected<'_>) -> Result<Self, RequestFault> {
        let client_id = required(claims, "client_id", URI_BYTES_MAX)?;
        if expected.client_id.is_some_and(|led_to| led_to != client_id) {
            return Err(RequestFault::Client);
        }
        let client_id = ClientId::parse(client_id).ok_or(RequestFault::Client)?;
        if required(claims, "response_type", NONCE_BYTES_MAX)? != "vp_token" {
            return Err(RequestFault::Member("response_type"));
        }
        let response = response(claims)?;
        match &response {
            ResponseMode::DirectPost(uri) | ResponseMode::DirectPostJwt(uri) => {
                if optional(claims, "aud", URI_BYTES_MAX).ok().flatten() != Some(ANY_WALLET) {
                    return Err(RequestFault::Audience);
                }
                if !client_id.may_receive_at(uri) {
                    return Err(RequestFault::Client);
                }
            }
            ResponseMode::DcApiJwt(_) => {}
        }
        let nonce = required(claims, "nonce", NONCE_BYTES_MAX)?;
        let state = optional(claims, "state", NONCE_BYTES_MAX)?;
        if ![Some(nonce), state].into_iter().flatten().all(is_url_safe) {
            return Err(RequestFault::Member("nonce"));
        }
        let wallet_nonce = optional(claims, "wallet_nonce", NONCE_BYTES_MAX)?;
        if expected.wallet_nonce.is_some() && wallet_nonce != expected.wallet_nonce {
            return Err(RequestFault::Member("wallet_nonce"));
        }
        let time = |name| match claims.get(name) {
            None => Ok(None),
            Some(time) => crate::sd_jwt::instant(time).map(Some).ok_or(RequestFault::Member(name)),
        };
        let expires_at = time("exp")?.unwrap_or(i64::MAX);
        if expires_at <= expected.now {
            return Err(RequestFault::Expired);
        }
        Ok(Self {
            client_id,
            response,
            nonce: nonce.to_owned(),
            state: state.map(str::to_owned),
            query: Query::from_json(claims.get("dcql_query").ok_or(RequestFault::Member("dcql_query"))?)?,
            metadata: metadata(claims)?,
            verifier_info: verifier_info(claims)?,
            wallet_nonce: wallet_nonce.map(str::to_owned),
            issued_at: time("iat")?.unwrap_or(expected.now),
            expires_at,
        })
    }
}

fn response(claims: &Map<String, Value>) -> Result<ResponseMode, RequestFault> {
    let uri = || {
        let uri = required(claims, "response_uri", URI_BYTES_MAX)?;
        let is_web = uri.starts_with("https://") || uri.starts_with("http://");
        // OpenID4VP 1.0 section 8.2: both addresses would be a contradiction.
        if !is_web || uri.contains('#') || claims.contains_key("redirect_uri") {
            return Err(RequestFault::Member("response_uri"));
        }
        Ok(uri.to_owned())
    };
    match required(claims, "response_mode", NONCE_BYTES_MAX)? {
        "direct_post" => uri().map(ResponseMode::DirectPost),
        "direct_post.jwt" => uri().map(ResponseMode::DirectPostJwt),
        "dc_api.jwt" => {
            let fault = RequestFault::Member("expected_origins");
            let origins = claims.get("expected_origins").and_then(Value::as_array).ok_or(fault)?;
            if !(1..=ORIGINS_MAX).contains(&origins.len()) {
                return Err(fault);
            }
            let origin = |origin: &Value| origin.as_str().map(str::to_owned).ok_or(fault);
            Ok(ResponseMode::DcApiJwt(origins.iter().map(origin).collect::<Result<_, _>>()?))
        }
        _ => Err(RequestFault::Member("response_mode")),
    }
}

fn metadata(claims: &Map<String, Value>) -> Result<VerifierMetadata, RequestFault> {
    VerifierMetadata::from_json(claims.get("client_metadata").ok_or(RequestFault::Member("client_metadata"))?)
}

fn verifier_info(claims: &Map<String, Value>) -> Result<Vec<VerifierInfo>, RequestFault> {
    let fault = RequestFault::Member("verifier_info");
    let Some(listed) = claims.get("verifier_info") else { return Ok(Vec::new()) };
    let listed = listed.as_array().filter(|listed| (1..=ORIGINS_MAX).contains(&listed.len())).ok_or(fault)?;
    let info = |info: &Value| {
        let ids = match info.get("credential_ids") {
            None => Some(Vec::new()),
            Some(ids) => ids.as_array()?.iter().map(|id| id.as_str().map(str::to_owned)).collect(),
        };
        let data = info.get("data").filter(|data| data.is_string() || data.is_object())?;
        let format = info.get("format")?.as_str()?.to_owned();
        Some(VerifierInfo { format, data: data.clone(), credential_ids: ids? })
    };
    listed.iter().map(|listed| info(listed).ok_or(fault)).collect()
}

fn optional<'a>(
    claims: &'a Map<String, Value>,
    name: &'static str,
    bytes_max: usize,
) -> Result<Option<&'a str>, RequestFault> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.len() <= bytes_max => Ok(Some(text)),
        Some(_) => Err(RequestFault::Member(name)),
    }
}

fn required<'a>(claims: &'a Map<String, Value>, name: &'static str, bytes_max: usize) -> Result<&'a str, RequestFault> {
    optional(claims, name, bytes_max)?.ok_or(RequestFault::Member(name))
}
