//! Which of a person's data a service receives, by the claims' registered names.

use model::{Datum, Person, Release};
use oidc::Scope;
use serde_json::{Map, Value, json};

use super::stored::Reply;

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

/// What a claim tells, in our words; nothing for a claim that we do not keep.
fn told_by(claim: &str) -> &'static [Datum] {
    match claim {
        "name" => &[Datum::FamilyName, Datum::GivenName],
        "family_name" => &[Datum::FamilyName],
        "given_name" => &[Datum::GivenName],
        "birthdate" => &[Datum::BirthDate],
        "email" | "email_verified" => &[Datum::Email],
        "birth_family_name" | "birth_given_name" => &[Datum::BirthName],
        "place_of_birth" => &[Datum::BirthPlace],
        "nationalities" => &[Datum::Nationality],
        "mothers_name" => &[Datum::MothersName],
        _ => &[],
    }
}

/// What a request lets its service receive, as far as the registration allows it: its scopes, the claims that it
/// names one by one, and always the `sub`.
pub(super) fn data(reply: &Reply, allowed: &[Scope]) -> Release {
    let scopes = Scope::parse_list(&reply.scope).unwrap_or_default();
    let named = reply.userinfo_claims.iter().chain(&reply.id_token_claims).map(String::as_str);
    let told = passed_on(&scopes, named, allowed).flat_map(|claim| told_by(claim).iter().copied());
    told.chain([Datum::Identifier]).collect()
}

/// The claims of `scopes` and those named one by one, as far as the registration allows them.
fn passed_on<'a>(
    scopes: &'a [Scope],
    named: impl Iterator<Item = &'a str>,
    allowed: &'a [Scope],
) -> impl Iterator<Item = &'a str> {
    let permitted = |claim: &&str| allowed.iter().any(|scope| claims_of(*scope).contains(claim));
    let by_scope = scopes.iter().flat_map(|scope| claims_of(*scope).iter().copied());
    by_scope.chain(named).filter(permitted)
}

/// The claims of `scopes` and those named one by one, as far as the registration allows them and the person saw them.
pub(super) fn told(
    person: &Person,
    scopes: &[Scope],
    named: &[String],
    (allowed, seen): (&[Scope], &Release),
) -> Map<String, Value> {
    passed_on(scopes, named.iter().map(String::as_str), allowed)
        .filter(|claim| told_by(claim).iter().all(|datum| seen.has(*datum)))
        .filter_map(|claim| Some((claim.to_owned(), value(person, claim)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(scope: &str, userinfo: &[&str], id_token: &[&str]) -> Reply {
        let named = |claims: &[&str]| claims.iter().map(|claim| (*claim).to_owned()).collect();
        Reply {
            redirect_uri: "https://rp.example/cb".to_owned(),
            state: None,
            nonce: None,
            challenge: None,
            scope: scope.to_owned(),
            subject: None,
            userinfo_claims: named(userinfo),
            id_token_claims: named(id_token),
        }
    }

    #[test]
    fn what_a_request_passes_on_in_our_words() {
        use Scope::{Email, OpenId, Person, Profile};
        #[rustfmt::skip]
        let table = [
            // scope             userinfo, id_token claims              registered for         what
            ("openid",           &[][..], &[][..],                      &[OpenId, Profile][..], "identifier"),
            ("openid profile",   &[], &[],                              &[OpenId, Profile],     "birth_date family_name given_name identifier"),
            ("openid",           &["email", "shoe_size"], &[],          &[OpenId, Email],       "email identifier"),
            ("openid",           &[], &["given_name"],                  &[OpenId, Profile],     "given_name identifier"),
            ("openid",           &["email"], &["mothers_name"],         &[OpenId, Profile],     "identifier"),
            ("openid email",     &["mothers_name"], &["email"],         &[OpenId, Email, Person], "email identifier mothers_name"),
            ("openid person",    &[], &[],                              &[OpenId, Person],
             "birth_date birth_name birth_place family_name given_name identifier mothers_name nationality"),
        ];
        for (scope, userinfo, id_token, allowed, expected) in table {
            let told = data(&reply(scope, userinfo, id_token), allowed);
            assert_eq!(told.write(), expected, "{scope} {userinfo:?} {id_token:?}");
        }
    }

    #[test]
    fn no_claim_tells_what_no_page_shows() {
        for claim in Scope::ALL.into_iter().flat_map(claims_of) {
            assert!(!told_by(claim).is_empty(), "{claim}");
        }
        assert!(told_by("shoe_size").is_empty(), "nor is anything shown that is not told");
    }
}
