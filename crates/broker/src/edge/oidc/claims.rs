//! Which of a person's data a service receives, by the claims' registered names.

use model::Person;
use oidc::Scope;
use serde_json::{Map, Value, json};

/// The claims that a scope stands for (OpenID Connect Core 1.0 section 5.4; `person` is ours).
fn claims_of(scope: Scope) -> &'static [&'static str] {
    match scope {
        Scope::OpenId => &[],
        Scope::Profile => &["name", "family_name", "given_name", "birthdate"],
        Scope::Email => &["email", "email_verified"],
        Scope::Person => &[
            "name",
            "family_name",
            "given_name",
            "birthdate",
            "birth_family_name",
            "birth_given_name",
            "place_of_birth",
            "nationalities",
            "mothers_name",
        ],
    }
}

/// One claim's value; `None` for a claim that we do not keep.
fn value(person: &Person, claim: &str) -> Option<Value> {
    Some(match claim {
        "name" => json!(person.name.display(model::Lang::Hu)),
        "family_name" => json!(person.name.family),
        "given_name" => json!(person.name.given),
        "birthdate" => json!(person.birth_date),
        "email" => json!(person.email.as_str()),
        // The address was given at a counter and every code went there; a person cannot change it alone.
        "email_verified" => json!(true),
        "birth_family_name" => json!(person.birth_name.family),
        "birth_given_name" => json!(person.birth_name.given),
        "place_of_birth" => serde_json::to_value(&person.birth_place).ok()?,
        "nationalities" => json!(person.nationalities),
        "mothers_name" => json!(person.mothers_name.display(model::Lang::Hu)),
        _ => return None,
    })
}

/// The claims of `scopes` and those named one by one, as far as the registration allows them.
pub(super) fn release(person: &Person, scopes: &[Scope], named: &[String], allowed: &[Scope]) -> Map<String, Value> {
    let permitted = |claim: &str| allowed.iter().any(|scope| claims_of(*scope).contains(&claim));
    let by_scope = scopes.iter().flat_map(|scope| claims_of(*scope).iter().copied());
    by_scope
        .chain(named.iter().map(String::as_str))
        .filter(|claim| permitted(claim))
        .filter_map(|claim| Some((claim.to_owned(), value(person, claim)?)))
        .collect()
}
