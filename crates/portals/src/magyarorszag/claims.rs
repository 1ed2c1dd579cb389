//! What Kapu says of a person, and what the portal keeps of it.

use openidconnect::core::CoreGenderClaim;
use openidconnect::{AdditionalClaims, IdTokenClaims, LocalizedClaim, UserInfoClaims};
use serde::{Deserialize, Serialize};

use crate::portal::received::{Name, Received};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    age_over_18: Option<bool>,
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

/// Joins the two sources; what `UserInfo` says of a person is newer than the ID token. How the
/// person signed in, only the ID token can say.
pub(super) fn join(
    id_token: &IdTokenClaims<PersonClaims, CoreGenderClaim>,
    user_info: &UserInfoClaims<PersonClaims, CoreGenderClaim>,
) -> Received {
    let (old, new) = (id_token.additional_claims(), user_info.additional_claims());
    let either = |pick: fn(&PersonClaims) -> Option<String>| pick(new).or_else(|| pick(old));
    Received {
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
        is_adult: new.age_over_18.or(old.age_over_18),
        email: user_info.email().or(id_token.email()).map(|email| email.as_str().to_owned()),
        acr: id_token.auth_context_ref().map(|acr| acr.as_str().to_owned()),
        amr: id_token.auth_method_refs().into_iter().flatten().map(|amr| amr.as_str().to_owned()).collect(),
        loa: old.loa.clone(),
        auth_time: id_token.auth_time().map(|time| time.timestamp()),
        sid: old.sid.clone(),
    }
}

/// The claim without a language tag, or else the first.
fn localized<T: std::ops::Deref<Target = String>>(claim: Option<&LocalizedClaim<T>>) -> Option<String> {
    let claim = claim?;
    claim.get(None).or_else(|| claim.iter().next().map(|(_, value)| value)).map(|value| (**value).clone())
}
