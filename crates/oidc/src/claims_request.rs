//! The `claims` parameter (OpenID Connect Core 1.0 section 5.5).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The longest `claims` parameter, in bytes.
pub const CLAIMS_BYTES_MAX: usize = 8 * 1024;
/// The most claims of each of its two members, and the most values of one claim.
pub const CLAIMS_MAX: usize = 64;

/// Single claims that a client asks for, by name (with a language tag, if one is asked for).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsRequest {
    /// From the UserInfo endpoint.
    pub userinfo: BTreeMap<String, ClaimRequest>,
    /// In the ID token.
    pub id_token: BTreeMap<String, ClaimRequest>,
}

/// How one claim is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimRequest {
    /// Whether the client says that it cannot do without.
    pub essential: bool,
    /// The values that it wants, the dearest first; empty for any.
    pub values: Vec<Value>,
}

impl ClaimsRequest {
    /// Reads the parameter. Members that are not known are ignored, as the section says.
    ///
    /// Nothing comes back when it is too large, no JSON, names a member twice or is of another form.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > CLAIMS_BYTES_MAX {
            return None;
        }
        let members: Map<String, Value> = jose::json::from_slice(text.as_bytes()).ok()?;
        Some(Self { userinfo: claims(members.get("userinfo"))?, id_token: claims(members.get("id_token"))? })
    }
}

fn claims(member: Option<&Value>) -> Option<BTreeMap<String, ClaimRequest>> {
    match member {
        None | Some(Value::Null) => Some(BTreeMap::new()),
        Some(Value::Object(claims)) if claims.len() <= CLAIMS_MAX => {
            claims.iter().map(|(name, request)| Some((name.clone(), ClaimRequest::parse(request)?))).collect()
        }
        Some(_) => None,
    }
}

impl ClaimRequest {
    fn parse(request: &Value) -> Option<Self> {
        let members = match request {
            Value::Null => return Some(Self::default()),
            Value::Object(members) => members,
            _ => return None,
        };
        let essential = match members.get("essential") {
            None => false,
            Some(essential) => essential.as_bool()?,
        };
        let mut values: Vec<Value> = members.get("value").into_iter().cloned().collect();
        match members.get("values") {
            None => {}
            Some(Value::Array(several)) if several.len() <= CLAIMS_MAX => values.extend(several.iter().cloned()),
            Some(_) => return None,
        }
        Some(Self { essential, values })
    }

    /// The values that are texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(Value::as_str)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The example of section 5.5, with `acr` of section 5.5.1.1.
    #[test]
    fn the_example_of_the_standard_is_read() {
        let text = r#"{
            "userinfo": {"given_name": {"essential": true}, "nickname": null, "http://example.info/claims/groups": null},
            "id_token": {"auth_time": {"essential": true},
                         "acr": {"essential": true, "values": ["urn:a", "urn:b"]},
                         "sub": {"value": "248289761001"}},
            "verified_claims": {}
        }"#;
        let request = ClaimsRequest::parse(text).unwrap();
        assert_eq!(request.userinfo["nickname"], ClaimRequest::default());
        assert!(request.userinfo["given_name"].essential);
        assert_eq!(request.id_token["acr"].texts().collect::<Vec<_>>(), ["urn:a", "urn:b"]);
        assert_eq!(request.id_token["sub"], ClaimRequest { essential: false, values: vec![json!("248289761001")] });
    }

    #[test]
    fn an_empty_request_asks_for_nothing() {
        for text in ["{}", r#"{"userinfo":{}}"#, r#"{"userinfo":null,"id_token":null}"#] {
            assert_eq!(ClaimsRequest::parse(text), Some(ClaimsRequest::default()), "{text}");
        }
    }

    #[test]
    fn o36_claims_that_are_deep_long_or_of_another_form_are_refused() {
        let deep = format!(r#"{{"userinfo":{{"a":{}1{}}}}}"#, r#"{"value":"#.repeat(10_000), "}".repeat(10_000));
        let deep_but_short = format!(r#"{{"x":{}{}}}"#, "[".repeat(500), "]".repeat(500));
        let many: Value = (0..65).map(|n| (format!("c{n}"), Value::Null)).collect::<Map<_, _>>().into();
        let many = json!({"id_token": many}).to_string();
        assert!(ClaimsRequest::parse(&format!("{{}}{}", " ".repeat(CLAIMS_BYTES_MAX - 2))).is_some());
        assert!(ClaimsRequest::parse(&format!("{{}}{}", " ".repeat(CLAIMS_BYTES_MAX - 1))).is_none());
        let values = json!({"id_token": {"acr": {"values": vec!["x"; 65]}}}).to_string();
        for bad in [
            "",
            "null",
            "[]",
            "x",
            r#"{"userinfo":1}"#,
            r#"{"userinfo":{"a":true}}"#,
            r#"{"id_token":{"a":{"essential":"yes"}}}"#,
            r#"{"id_token":{"acr":{"values":"x"}}}"#,
            r#"{"id_token":{"a":null,"a":null}}"#,
            &deep,
            &deep_but_short,
            &many,
            &values,
        ] {
            assert_eq!(ClaimsRequest::parse(bad), None, "{bad:.60}");
        }
    }
}
