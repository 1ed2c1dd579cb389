//! Which of a person's data a service receives, by the claims' registered names.

use journey::{Disclosure, Login};
use model::{Datum, LegalBasis, Person, Release};
use oidc::{ClientMetadata, Scope};
use serde_json::{Map, Value, json};

use super::stored::Reply;
use crate::{Broker, Fault, WalletClaims};

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

/// What a registration allows a client to ask for.
pub(super) struct Allowed<'a> {
    scopes: &'a [Scope],
    /// Claims that only a wallet can give; none where wallets are not asked.
    of_wallet: &'a [&'static str],
}

impl Allowed<'_> {
    fn permits(&self, claim: &str) -> bool {
        self.scopes.iter().any(|scope| claims_of(*scope).contains(&claim)) || self.of_wallet.contains(&claim)
    }
}

/// What there is to tell.
pub(super) struct Known<'a> {
    /// Of whom.
    pub(super) person: &'a Person,
    /// What a wallet gave for the one answer.
    pub(super) from_wallet: Option<&'a WalletClaims>,
}

impl Known<'_> {
    fn value(&self, claim: &str) -> Option<Value> {
        match data_told_by(claim) {
            [datum] if datum.is_from_wallet() => self.from_wallet?.value(*datum).cloned(),
            _ => value(self.person, claim),
        }
    }
}

impl Broker {
    /// What a client may ask for here.
    pub(super) fn allowed<'a>(&self, metadata: &'a ClientMetadata) -> Allowed<'a> {
        let of_wallet = if self.has_wallets() { metadata.wallet_claims.as_slice() } else { &[] };
        Allowed { scopes: &metadata.scopes, of_wallet }
    }

    /// What a request's client would like to have from a wallet.
    pub(in crate::edge) async fn oidc_wished_of_wallet(&self, reply: &Reply, login: &Login) -> Result<Release, Fault> {
        let (metadata, service) = self.registered(reply, login).await?;
        Ok(asked(reply, &self.allowed(&metadata), service.terms.basis).optional().from_wallet())
    }
}

/// What a claim tells, in our words; nothing for a claim that we do not keep.
pub(crate) fn data_told_by(claim: &str) -> &'static [Datum] {
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
        "address" => &[Datum::Address],
        "phone_number" => &[Datum::PhoneNumber],
        "gender" => &[Datum::Gender],
        "age_over_18" => &[Datum::AgeOver18],
        _ => &[],
    }
}

/// What a request asks for its service, as far as the registration allows it.
pub(super) fn asked(reply: &Reply, allowed: &Allowed<'_>, basis: LegalBasis) -> Disclosure {
    let (required, wished) = data(reply, allowed);
    Disclosure::new(&required, &wished, basis)
}

/// What a request requires: its scopes, each as a whole, the claims that it calls essential, and always the `sub`;
/// and what it would like to have: the claims that it names besides (OpenID Connect Core 1.0 section 5.5.1 calls them
/// voluntary).
fn data(reply: &Reply, allowed: &Allowed<'_>) -> (Release, Release) {
    let scopes = Scope::parse_list(&reply.scope).unwrap_or_default();
    let of = |scopes: &[Scope], named: &[&[String]]| -> Release {
        let named = named.iter().copied().flatten().map(String::as_str);
        passed_on(scopes, named, allowed).flat_map(|claim| data_told_by(claim).iter().copied()).collect()
    };
    let required = of(&scopes, &[&reply.essential_claims]).with(&Release::from_iter([Datum::Identifier]));
    (required, of(&[], &[&reply.userinfo_claims, &reply.id_token_claims]))
}

/// The claims of `scopes` and those named one by one, as far as the registration allows them.
fn passed_on<'a>(
    scopes: &'a [Scope],
    named: impl Iterator<Item = &'a str>,
    allowed: &'a Allowed<'a>,
) -> impl Iterator<Item = &'a str> {
    let permitted = |claim: &&str| allowed.permits(claim);
    let by_scope = scopes.iter().flat_map(|scope| claims_of(*scope).iter().copied());
    by_scope.chain(named).filter(permitted)
}

/// The claims of `scopes` and those named one by one, as far as the registration allows them and the person saw them.
pub(super) fn told(
    known: &Known<'_>,
    scopes: &[Scope],
    named: &[String],
    (allowed, seen): (&Allowed<'_>, &Release),
) -> Map<String, Value> {
    passed_on(scopes, named.iter().map(String::as_str), allowed)
        .filter(|claim| data_told_by(claim).iter().all(|datum| seen.has(*datum)))
        .filter_map(|claim| Some((claim.to_owned(), known.value(claim)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(scope: &str, userinfo: &[&str], id_token: &[&str], essential: &[&str]) -> Reply {
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
            essential_claims: named(essential),
        }
    }

    #[test]
    fn what_a_request_passes_on_in_our_words() {
        use Scope::{Email, OpenId, Person, Profile};
        #[rustfmt::skip]
        let table = [
            // scope             userinfo, id_token, essential claims        registered for          what it requires, and would like
            ("openid",           &[][..], &[][..], &[][..],                  &[OpenId, Profile][..], "identifier", ""),
            ("openid profile",   &[], &[], &[],                              &[OpenId, Profile],     "birth_date family_name given_name identifier", ""),
            ("openid",           &["email", "shoe_size"], &[], &[],          &[OpenId, Email],       "identifier", "email"),
            ("openid",           &["email", "shoe_size"], &[], &["email"],   &[OpenId, Email],       "email identifier", "email"),
            ("openid",           &[], &["given_name"], &[],                  &[OpenId, Profile],     "identifier", "given_name"),
            ("openid",           &["name"], &["family_name"], &["family_name"], &[OpenId, Profile],  "family_name identifier", "family_name given_name"),
            ("openid",           &["email"], &["mothers_name"], &["email"],  &[OpenId, Profile],     "identifier", ""),
            ("openid email",     &["mothers_name"], &["email"], &[],         &[OpenId, Email, Person], "email identifier", "email mothers_name"),
            ("openid",           &["address"], &["gender"], &[],             &[OpenId],              "identifier", "address"),
            ("openid person",    &[], &[], &[],                              &[OpenId, Person],
             "birth_date birth_name birth_place family_name given_name identifier mothers_name nationality", ""),
        ];
        for (scope, userinfo, id_token, essential, allowed, required, wished) in table {
            let allowed = Allowed { scopes: allowed, of_wallet: &["address"] };
            let (one, other) = data(&reply(scope, userinfo, id_token, essential), &allowed);
            assert_eq!(
                (one.write().as_str(), other.write().as_str()),
                (required, wished),
                "{scope} {userinfo:?} {id_token:?}"
            );
        }
    }

    #[test]
    fn no_claim_tells_what_no_page_shows() {
        for claim in Scope::ALL.into_iter().flat_map(claims_of) {
            assert!(!data_told_by(claim).is_empty(), "{claim}");
        }
        for claim in oidc::discovery::WALLET_CLAIMS {
            assert!(matches!(data_told_by(claim), [datum] if datum.is_from_wallet()), "{claim}");
        }
        assert!(data_told_by("shoe_size").is_empty(), "nor is anything shown that is not told");
    }
}
