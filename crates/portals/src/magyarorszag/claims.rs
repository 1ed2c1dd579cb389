//! What Kapu says of a person, and what the portal keeps of it.

use model::{Lang, PersonName};
use openidconnect::core::CoreGenderClaim;
use openidconnect::{AdditionalClaims, IdTokenClaims, LocalizedClaim, UserInfoClaims};
use serde::{Deserialize, Serialize};

/// The claims that `openidconnect` does not know: Kapu's `loa`, the session, and those of `OpenID`
/// Connect for Identity Assurance Claims Registration 1.0.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct PersonClaims {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) loa: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place_of_birth: Option<PlaceOfBirth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nationalities: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mothers_name: Option<String>,
}

impl AdditionalClaims for PersonClaims {}

/// Where a person was born.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct PlaceOfBirth {
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locality: Option<String>,
}

impl PlaceOfBirth {
    /// Town, region and country, as far as they are known.
    fn words(&self) -> Option<String> {
        let parts: Vec<&str> =
            [&self.locality, &self.region, &self.country].into_iter().filter_map(Option::as_deref).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// A name as it came: in its two parts, or whole.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) enum Name {
    Parts(PersonName),
    Whole(String),
}

impl Name {
    fn of(family: Option<String>, given: Option<String>, whole: Option<String>) -> Option<Self> {
        match (family, given) {
            (Some(family), Some(given)) => Some(Name::Parts(PersonName { family, given })),
            (family, given) => whole.or(family).or(given).map(Name::Whole),
        }
    }

    /// The name in the order of the language.
    pub(super) fn display(&self, lang: Lang) -> String {
        match self {
            Name::Parts(name) => name.display(lang),
            Name::Whole(name) => name.clone(),
        }
    }
}

/// All that the portal received at a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Received {
    pub(super) subject: String,
    pub(super) name: Option<Name>,
    pub(super) birth_name: Option<Name>,
    pub(super) birth_place: Option<String>,
    pub(super) birth_date: Option<String>,
    pub(super) mothers_name: Option<String>,
    pub(super) nationalities: Vec<String>,
    pub(super) email: Option<String>,
    pub(super) acr: Option<String>,
    pub(super) amr: Vec<String>,
    pub(super) loa: Option<String>,
    /// Seconds since the epoch.
    pub(super) auth_time: Option<i64>,
    pub(super) sid: Option<String>,
}

impl Received {
    /// Joins the two sources; what `UserInfo` says of a person is newer than the ID token. How the
    /// person signed in, only the ID token can say.
    pub(super) fn join(
        id_token: &IdTokenClaims<PersonClaims, CoreGenderClaim>,
        user_info: &UserInfoClaims<PersonClaims, CoreGenderClaim>,
    ) -> Self {
        let (old, new) = (id_token.additional_claims(), user_info.additional_claims());
        let either = |pick: fn(&PersonClaims) -> Option<String>| pick(new).or_else(|| pick(old));
        Self {
            subject: id_token.subject().as_str().to_owned(),
            name: Name::of(
                localized(user_info.family_name().or(id_token.family_name())),
                localized(user_info.given_name().or(id_token.given_name())),
                localized(user_info.name().or(id_token.name())),
            ),
            birth_name: Name::of(
                either(|claims| claims.birth_family_name.clone()),
                either(|claims| claims.birth_given_name.clone()),
                None,
            ),
            birth_place: either(|claims| claims.place_of_birth.as_ref()?.words()),
            birth_date: user_info.birthdate().or(id_token.birthdate()).map(|date| date.as_str().to_owned()),
            mothers_name: either(|claims| claims.mothers_name.clone()),
            nationalities: new.nationalities.clone().or_else(|| old.nationalities.clone()).unwrap_or_default(),
            email: user_info.email().or(id_token.email()).map(|email| email.as_str().to_owned()),
            acr: id_token.auth_context_ref().map(|acr| acr.as_str().to_owned()),
            amr: id_token.auth_method_refs().into_iter().flatten().map(|amr| amr.as_str().to_owned()).collect(),
            loa: old.loa.clone(),
            auth_time: id_token.auth_time().map(|time| time.timestamp()),
            sid: old.sid.clone(),
        }
    }

    /// How the person signed in.
    pub(super) fn way(&self) -> Way {
        let by_acr = self.acr.as_deref().and_then(Way::from_method_uri);
        by_acr.unwrap_or_else(|| Way::from_amr(&self.amr))
    }
}

/// The claim without a language tag, or else the first.
fn localized<T: std::ops::Deref<Target = String>>(claim: Option<&LocalizedClaim<T>>) -> Option<String> {
    let claim = claim?;
    claim.get(None).or_else(|| claim.iter().next().map(|(_, value)| value)).map(|value| (**value).clone())
}

/// How a person signed in, as far as the answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Password,
    EmailedCode,
    AuthenticatorApp,
    Passkey,
    Wallet,
    Unknown,
}

impl Way {
    /// From an `acr` that names the method. An `acr` that was asked for names something else.
    fn from_method_uri(acr: &str) -> Option<Self> {
        match acr {
            "urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:uidpwd" => Some(Way::Password),
            "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:email" => Some(Way::EmailedCode),
            "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp" => Some(Way::AuthenticatorApp),
            "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr" => Some(Way::Wallet),
            acr if acr.ends_with("/methods/passkey") => Some(Way::Passkey),
            _ => None,
        }
    }

    /// From the factors (RFC 8176).
    fn from_amr(amr: &[String]) -> Self {
        let has = |method: &str| amr.iter().any(|value| value == method);
        if has("pwd") && has("otp") && has("mfa") {
            Way::AuthenticatorApp
        } else if has("pwd") && has("otp") {
            Way::EmailedCode
        } else if has("pwd") {
            Way::Password
        } else {
            Way::Unknown
        }
    }

    /// The level: one factor, two, or a wallet.
    pub(super) const fn level(self) -> Option<u8> {
        match self {
            Way::Password => Some(1),
            Way::EmailedCode | Way::AuthenticatorApp | Way::Passkey => Some(2),
            Way::Wallet => Some(3),
            Way::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_read_from_acr_and_else_from_amr() {
        let substantial = "http://eidas.europa.eu/NotNotified/LoA/substantial";
        #[rustfmt::skip]
        let table: [(Option<&str>, &[&str], Way); 9] = [
            (Some("urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:uidpwd"), &["pwd"],               Way::Password),
            (Some("urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp"),   &["pwd", "otp", "mfa"], Way::AuthenticatorApp),
            (Some("urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:email"),  &["pwd", "otp"],        Way::EmailedCode),
            (Some("urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr"),    &["swk", "user", "mfa"], Way::Wallet),
            (Some("http://kau.localhost:8080/methods/passkey"),      &["swk", "user", "mfa"], Way::Passkey),
            (Some(substantial),                                      &["pwd", "otp", "mfa"], Way::AuthenticatorApp),
            (Some(substantial),                                      &["pwd", "otp"],        Way::EmailedCode),
            (Some(substantial),                                      &["swk", "user"],       Way::Unknown),
            (None,                                                   &["pwd"],               Way::Password),
        ];
        for (acr, amr, way) in table {
            let amr = amr.iter().map(ToString::to_string).collect();
            let received = Received { acr: acr.map(ToOwned::to_owned), amr, ..nobody() };
            assert_eq!(received.way(), way, "{received:?}");
        }
    }

    #[test]
    fn a_name_in_parts_has_an_order_and_a_whole_one_has_not() {
        let some = |text: &str| Some(text.to_owned());
        let parts = Name::of(some("Kovács"), some("Anna"), some("ignored")).unwrap();
        assert_eq!((parts.display(Lang::Hu), parts.display(Lang::En)), ("Kovács Anna".into(), "Anna Kovács".into()));
        let whole = Name::of(None, some("Anna"), some("Kovács Anna")).unwrap();
        assert_eq!(whole.display(Lang::En), "Kovács Anna");
        assert_eq!(Name::of(None, None, None), None);
    }

    fn nobody() -> Received {
        Received {
            subject: String::new(),
            name: None,
            birth_name: None,
            birth_place: None,
            birth_date: None,
            mothers_name: None,
            nationalities: Vec::new(),
            email: None,
            acr: None,
            amr: Vec::new(),
            loa: None,
            auth_time: None,
            sid: None,
        }
    }
}
