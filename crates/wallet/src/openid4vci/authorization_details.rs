//! Credentials that are asked for by the names of their configurations, in place of scopes (section 5.1.1, RFC 9396), and
//! the names by which the token's answer lets them be fetched (section 6.2).

use jose::json;
use serde::{Deserialize, Serialize};

use super::{IssuanceError, IssuanceFault, OFFERED_MAX, TEXT_BYTES_MAX};

/// The type of what is asked for here.
pub const CREDENTIAL_DETAILS: &str = "openid_credential";
/// The longest parameter, in bytes.
const DETAILS_BYTES_MAX: usize = 8 * 1024;

/// What a token is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedDetails {
    #[serde(rename = "type")]
    of_type: String,
    credential_configuration_id: String,
    credential_identifiers: Vec<String>,
}

#[derive(Deserialize)]
struct AskedDetails {
    #[serde(rename = "type")]
    of_type: String,
    credential_configuration_id: Option<String>,
}

impl GrantedDetails {
    /// One credential of a configuration, by its identifier.
    pub fn new(configuration: &str, identifier: &str) -> Self {
        Self {
            of_type: CREDENTIAL_DETAILS.to_owned(),
            credential_configuration_id: configuration.to_owned(),
            credential_identifiers: vec![identifier.to_owned()],
        }
    }

    /// The configuration, and the identifiers of the credentials of it.
    pub fn credentials(&self) -> (&str, &[String]) {
        (&self.credential_configuration_id, &self.credential_identifiers)
    }
}

/// The configurations that are asked for, each once. `claims` and `locations` are not looked at: a credential is
/// issued as a whole, and by one issuer.
pub(super) fn read(text: &str) -> Result<Vec<String>, IssuanceFault> {
    let invalid = |description| IssuanceError::InvalidAuthorizationDetails.because(description);
    if text.len() > DETAILS_BYTES_MAX {
        return Err(invalid("authorization_details are too long"));
    }
    let malformed = |_| invalid("authorization_details are no array of objects with a type");
    let asked: Vec<AskedDetails> = json::from_slice(text.as_bytes()).map_err(malformed)?;
    if !(1..=OFFERED_MAX).contains(&asked.len()) {
        return Err(invalid("authorization_details ask for nothing, or for too much"));
    }
    let mut configurations = Vec::new();
    for details in asked {
        if details.of_type != CREDENTIAL_DETAILS {
            return Err(invalid("authorization_details have the type openid_credential"));
        }
        let named = details.credential_configuration_id.filter(|id| (1..=TEXT_BYTES_MAX).contains(&id.len()));
        let named = named.ok_or(invalid("credential_configuration_id is missing"))?;
        if !configurations.contains(&named) {
            configurations.push(named);
        }
    }
    Ok(configurations)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_details_ask_for() {
        let one = |id: &str| json!({"type": "openid_credential", "credential_configuration_id": id});
        let many: Vec<Value> = (0..17).map(|number| one(&number.to_string())).collect();
        let mut more = one("a");
        more["claims"] = json!([{"path": ["family_name"]}]);
        more["locations"] = json!(["https://i.example"]);
        #[rustfmt::skip]
        let table = [
            (json!([one("a")]),                              Some(vec!["a"])),
            (json!([one("a"), one("b"), one("a")]),          Some(vec!["a", "b"])),
            (json!([more]),                                  Some(vec!["a"])),
            (json!([]),                                      None),
            (json!(many),                                    None),
            (one("a"),                                       None),
            (json!([{"type": "openid_credential"}]),         None),
            (json!([one("")]),                               None),
            (json!([one(&"a".repeat(1025))]),                None),
            (json!([{"credential_configuration_id": "a"}]),  None),
            (json!([one("a"), {"type": "payment_initiation"}]), None),
            (json!([{"type": "openid_credential", "credential_configuration_id": 1}]), None),
        ];
        for (asked, expected) in table {
            let found = read(&asked.to_string()).ok();
            assert_eq!(found.as_deref().map(|ids| ids.iter().map(String::as_str).collect()), expected, "{asked}");
        }
        for text in ["", "[", "[{\"type\":\"openid_credential\",\"type\":\"x\"}]", &"[".repeat(9000)] {
            assert_eq!(read(text).unwrap_err().code, IssuanceError::InvalidAuthorizationDetails, "{text:.20}");
        }
    }

    #[test]
    fn what_a_token_is_good_for_is_written_as_it_is_read() {
        let granted = GrantedDetails::new("pid", "pid-1");
        let written = serde_json::to_value(&granted).unwrap();
        let expected = json!({
            "type": "openid_credential", "credential_configuration_id": "pid", "credential_identifiers": ["pid-1"],
        });
        assert_eq!(written, expected);
        let read: GrantedDetails = serde_json::from_value(written).unwrap();
        assert_eq!(read.credentials(), ("pid", &["pid-1".to_owned()][..]));
    }
}
