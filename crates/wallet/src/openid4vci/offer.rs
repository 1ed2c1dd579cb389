//! The issuer's offer (section 4.1): as JSON, and as a link that carries it or says where it is.

use jose::json;
use serde::{Deserialize, Serialize};

use super::{OFFER_BYTES_MAX, OFFERED_MAX, PRE_AUTHORIZED_CODE, SecretText, TEXT_BYTES_MAX};

/// What wallets listen to that have told no address of their own (section 12.1.1).
pub const OFFER_SCHEME: &str = "openid-credential-offer://";
/// The longest address of an offer, in bytes.
const OFFER_URI_BYTES_MAX: usize = 2048;

/// What an issuer offers. Whoever reads one knows no more than that somebody says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialOffer {
    /// The issuer, as it calls itself.
    pub issuer: String,
    /// Of which configurations.
    pub configurations: Vec<String>,
    /// The code by which the person was recognised already, if the offer has one.
    pub pre_authorized: Option<PreAuthorized>,
}

/// A code for somebody whom the issuer knows already (section 4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreAuthorized {
    /// The code.
    pub code: SecretText,
    /// What the person has to type besides, if anything.
    pub transaction_code: Option<TransactionCode>,
}

/// What the person is to type, having got it in another way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionCode {
    /// `numeric` (which is meant by its absence) or `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_mode: Option<String>,
    /// How long it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
    /// Where the person finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A link from which a wallet gets an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferLink {
    /// It carries the offer.
    Value(CredentialOffer),
    /// It says where the offer is.
    Reference(String),
}

/// Why an offer or a link is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// More than [`OFFER_BYTES_MAX`], or an address of more than 2048 bytes.
    #[error("the offer is too long")]
    TooLong,
    /// No JSON of this form, or a member named twice.
    #[error("the offer is malformed")]
    Form,
    /// No configuration, more than [`OFFERED_MAX`], or one twice.
    #[error("the offer names no configurations, too many, or one twice")]
    Configurations,
    /// A link with neither an offer nor its address, or both.
    #[error("the link has neither an offer nor its address, or both")]
    Link,
}

#[derive(Serialize, Deserialize)]
struct Members {
    credential_issuer: String,
    credential_configuration_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Grants::is_empty")]
    grants: Grants,
}

#[derive(Default, Serialize, Deserialize)]
struct Grants {
    #[serde(
        rename = "urn:ietf:params:oauth:grant-type:pre-authorized_code",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pre_authorized: Option<PreAuthorizedMembers>,
}

#[derive(Serialize, Deserialize)]
struct PreAuthorizedMembers {
    #[serde(rename = "pre-authorized_code")]
    code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tx_code: Option<TransactionCode>,
}

impl Grants {
    fn is_empty(&self) -> bool {
        self.pre_authorized.is_none()
    }
}

impl CredentialOffer {
    /// The offer as its endpoint serves it.
    pub fn to_json(&self) -> String {
        let pre_authorized = self.pre_authorized.as_ref().map(|grant| PreAuthorizedMembers {
            code: grant.code.expose().to_owned(),
            tx_code: grant.transaction_code.clone(),
        });
        let members = Members {
            credential_issuer: self.issuer.clone(),
            credential_configuration_ids: self.configurations.clone(),
            grants: Grants { pre_authorized },
        };
        serde_json::to_string(&members).unwrap_or_default()
    }

    /// Reads an offer. Members that are not known are ignored.
    ///
    /// # Errors
    ///
    /// See [`OfferError`].
    pub fn parse(text: &[u8]) -> Result<Self, OfferError> {
        if text.len() > OFFER_BYTES_MAX {
            return Err(OfferError::TooLong);
        }
        let members: Members = json::from_slice(text).map_err(|_| OfferError::Form)?;
        let configurations = members.credential_configuration_ids;
        let is_twice = |(index, id): (usize, &String)| configurations[..index].contains(id);
        if !(1..=OFFERED_MAX).contains(&configurations.len()) || configurations.iter().enumerate().any(is_twice) {
            return Err(OfferError::Configurations);
        }
        let pre_authorized = match members.grants.pre_authorized {
            Some(grant) if !(1..=TEXT_BYTES_MAX).contains(&grant.code.len()) => return Err(OfferError::Form),
            grant => {
                grant.map(|grant| PreAuthorized { code: SecretText::new(grant.code), transaction_code: grant.tx_code })
            }
        };
        Ok(Self { issuer: members.credential_issuer, configurations, pre_authorized })
    }
}

impl OfferLink {
    /// The link for wallets that listen at `wallet`: [`OFFER_SCHEME`], or an https address of one's own.
    pub fn write(&self, wallet: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        match self {
            OfferLink::Value(offer) => query.append_pair("credential_offer", &offer.to_json()),
            OfferLink::Reference(uri) => query.append_pair("credential_offer_uri", uri),
        };
        // A blank is written as %20: what is no form knows no plus sign.
        let query = query.finish().replace('+', "%20");
        let separator = if wallet.contains('?') { '&' } else { '?' };
        format!("{wallet}{separator}{query}")
    }

    /// Reads a link, whatever stands before its query.
    ///
    /// # Errors
    ///
    /// See [`OfferError`].
    pub fn parse(link: &str) -> Result<Self, OfferError> {
        if link.len() > 4 * OFFER_BYTES_MAX {
            return Err(OfferError::TooLong);
        }
        let (_, query) = link.split_once('?').ok_or(OfferError::Link)?;
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        let mut found = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let link = match &*name {
                "credential_offer" => OfferLink::Value(CredentialOffer::parse(value.as_bytes())?),
                "credential_offer_uri" if value.len() > OFFER_URI_BYTES_MAX => return Err(OfferError::TooLong),
                "credential_offer_uri" => OfferLink::Reference(value.into_owned()),
                _ => continue,
            };
            if found.replace(link).is_some() {
                return Err(OfferError::Link);
            }
        }
        found.ok_or(OfferError::Link)
    }
}

/// The name of the grant in JSON is the grant type's own.
const _: () = assert!(PRE_AUTHORIZED_CODE.len() == 52);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn offer() -> CredentialOffer {
        let transaction_code = TransactionCode {
            input_mode: Some("numeric".to_owned()),
            length: Some(6),
            description: Some("A levelben: hat számjegy".to_owned()),
        };
        CredentialOffer {
            issuer: "https://dap.example".to_owned(),
            configurations: vec!["pid-sd-jwt".to_owned(), "pid-mdoc".to_owned()],
            pre_authorized: Some(PreAuthorized {
                code: SecretText::new("c0de+/ =".to_owned()),
                transaction_code: Some(transaction_code),
            }),
        }
    }

    #[test]
    fn an_offer_has_the_standards_members() {
        let told: Value = serde_json::from_str(&offer().to_json()).unwrap();
        let grant = &told["grants"][PRE_AUTHORIZED_CODE];
        assert_eq!(told["credential_issuer"], "https://dap.example");
        assert_eq!(told["credential_configuration_ids"], json!(["pid-sd-jwt", "pid-mdoc"]));
        assert_eq!((&grant["pre-authorized_code"], &grant["tx_code"]["length"]), (&json!("c0de+/ ="), &json!(6)));
    }

    #[test]
    fn an_offer_is_read_back_from_any_link() {
        let reference = OfferLink::Reference("https://dap.example/offer/ab?x=1&y=é".to_owned());
        for link in [OfferLink::Value(offer()), reference] {
            for wallet in [OFFER_SCHEME, "https://wallet.example/offer", "https://wallet.example/?lang=hu"] {
                let written = link.write(wallet);
                assert!(written.is_ascii() && !written.contains(['+', ' ']), "{written}");
                assert_eq!(OfferLink::parse(&written), Ok(link.clone()), "{written}");
            }
        }
        assert!(!format!("{:?}", offer()).contains("c0de"), "a code is not printed");
    }

    #[test]
    fn what_is_no_offer() {
        use OfferError::{Configurations, Form, TooLong};
        let with = |ids: Value| json!({"credential_issuer": "https://i.example", "credential_configuration_ids": ids});
        let mut empty_code = with(json!(["a"]));
        empty_code["grants"] = json!({PRE_AUTHORIZED_CODE: {"pre-authorized_code": ""}});
        let mut other_grant = with(json!(["a"]));
        other_grant["grants"] = json!({"authorization_code": {"issuer_state": "s"}});
        let twice = r#"{"credential_issuer":"a","credential_issuer":"b","credential_configuration_ids":["a"]}"#;
        #[rustfmt::skip]
        let table = [
            (with(json!(["a"])).to_string(),           Ok(())),
            (other_grant.to_string(),                  Ok(())),
            (with(json!([])).to_string(),              Err(Configurations)),
            (with(json!(["a", "a"])).to_string(),      Err(Configurations)),
            (with(json!(vec!["a"; 17])).to_string(),   Err(Configurations)),
            (with(json!("a")).to_string(),             Err(Form)),
            (empty_code.to_string(),                   Err(Form)),
            (twice.to_owned(),                         Err(Form)),
            ("{}".to_owned(),                          Err(Form)),
            (String::new(),                            Err(Form)),
            (" ".repeat(OFFER_BYTES_MAX + 1),          Err(TooLong)),
        ];
        for (text, expected) in table {
            assert_eq!(CredentialOffer::parse(text.as_bytes()).map(drop), expected, "{text:.80}");
        }
    }

    #[test]
    fn what_is_no_link_to_an_offer() {
        let uri = "credential_offer_uri=https%3A%2F%2Fi.example%2Fo";
        for (link, expected) in [
            (format!("openid-credential-offer://?{uri}"), Ok(())),
            (format!("openid-credential-offer://?other=1&{uri}#part"), Ok(())),
            (format!("openid-credential-offer://?{uri}&{uri}"), Err(OfferError::Link)),
            (format!("{}&{uri}", OfferLink::Value(offer()).write(OFFER_SCHEME)), Err(OfferError::Link)),
            ("openid-credential-offer://".to_owned(), Err(OfferError::Link)),
            ("openid-credential-offer://?credential_offer=x".to_owned(), Err(OfferError::Form)),
            (format!("x://?credential_offer_uri={}", "a".repeat(2049)), Err(OfferError::TooLong)),
            ("a".repeat(5 * OFFER_BYTES_MAX), Err(OfferError::TooLong)),
        ] {
            assert_eq!(OfferLink::parse(&link).map(drop), expected, "{link:.80}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_readers_fail_otherwise_than_by_an_error(text: String) {
            let _outcome = CredentialOffer::parse(text.as_bytes());
            let _outcome = OfferLink::parse(&text);
        }
    }
}
