//! The signed list (section 5.1).

use jose::{Algorithm, ExpectedChain, SignError, SigningKey, TokenType};
use serde::{Deserialize, Serialize};

use super::{Bits, LIST_AGE_MAX, LIST_AHEAD_MAX, STATUS_TOKEN_BYTES_MAX, StatusList, StatusListFault};
use crate::trust::{ChainFault, Signer};

/// The `typ` of the token.
const STATUS_LIST_TYP: &str = "statuslist+jwt";

/// A list with its issuer's word on it. Times are seconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusListToken {
    /// The address that it is for.
    pub uri: String,
    /// When it was issued.
    pub issued_at: i64,
    /// When it stops being true.
    pub expires_at: Option<i64>,
    /// How many seconds it may be kept before it is asked for again.
    pub ttl: Option<i64>,
    /// The list.
    pub list: StatusList,
}

/// What a list must be to be believed.
#[derive(Clone, Copy, Debug)]
pub struct StatusListExpected<'a> {
    /// Its address, as the credential says it.
    pub uri: &'a str,
    /// Seconds since the epoch.
    pub now: i64,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<i64>,
    status_list: Listed,
}

#[derive(Serialize, Deserialize)]
struct Listed {
    bits: u64,
    lst: String,
}

impl StatusListToken {
    /// The signed list. `chain` certifies `key`, without the trusted anchor.
    ///
    /// # Errors
    ///
    /// See [`SignError`].
    pub fn sign(&self, key: &SigningKey, chain: &[Vec<u8>]) -> Result<String, SignError> {
        let claims = Claims {
            sub: self.uri.clone(),
            iat: self.issued_at,
            exp: self.expires_at,
            ttl: self.ttl,
            status_list: Listed {
                bits: u64::from(self.list.bits().number()),
                lst: self.list.compressed().ok_or(SignError::Payload)?,
            },
        };
        key.sign_with_chain(STATUS_LIST_TYP, chain, &claims)
    }

    /// Checks a signed list; `judge` decides on its certificates.
    ///
    /// # Errors
    ///
    /// See [`StatusListFault`].
    pub fn verify(
        token: &str,
        expected: &StatusListExpected<'_>,
        judge: impl FnOnce(&[Vec<u8>]) -> Result<Signer, ChainFault>,
    ) -> Result<Self, StatusListFault> {
        let form = ExpectedChain {
            typ: TokenType::Stated(STATUS_LIST_TYP),
            algorithms: &[Algorithm::Es256],
            bytes_max: STATUS_TOKEN_BYTES_MAX,
        };
        let verified = jose::verify_by_chain(token, &form, |chain| judge(chain).map(|signer| signer.key))?;
        let claims: Claims = verified.json().map_err(StatusListFault::Token)?;
        if claims.sub != expected.uri {
            return Err(StatusListFault::Subject);
        }
        let bits = Bits::of_number(claims.status_list.bits).ok_or(StatusListFault::Bits)?;
        let read = Self {
            uri: claims.sub,
            issued_at: claims.iat,
            expires_at: claims.exp,
            ttl: claims.ttl,
            list: StatusList::inflated(bits, &claims.status_list.lst)?,
        };
        if claims.iat > expected.now.saturating_add(LIST_AHEAD_MAX) || read.fresh_until(expected.now) <= expected.now {
            return Err(StatusListFault::Time);
        }
        Ok(read)
    }

    /// Until when a list that was fetched at `fetched` may be kept: `ttl` from then, never longer than it is
    /// true, nor than [`LIST_AGE_MAX`]. One whose issuer says neither is asked for again each time.
    pub fn fresh_until(&self, fetched: i64) -> i64 {
        let longest = fetched.saturating_add(LIST_AGE_MAX);
        let by_ttl = self.ttl.map(|ttl| fetched.saturating_add(ttl.max(1)));
        match (by_ttl, self.expires_at) {
            (None, None) => fetched.saturating_add(1),
            (by_ttl, by_exp) => [by_ttl, by_exp].into_iter().flatten().fold(longest, i64::min),
        }
    }
}
