//! What a wallet says of its holder beyond who that is: the data that no account holds. They are asked for because a
//! service asks for them, shown on the page of consent, told with that one answer, and kept nowhere.

use std::collections::BTreeMap;

use ::wallet::credential::PersonClaim;
use ::wallet::openid4vp::Presentation;
use data_encoding::BASE64;
use idp::seal::SealedFor;
use model::{Datum, HandleDigest, Release, limits};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Broker, Fault};

/// Values that a wallet gave, and whose word they are.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WalletClaims {
    /// The issuer, by its name here.
    issuer: String,
    /// In the form in which services receive them.
    values: BTreeMap<Datum, Value>,
}

impl std::fmt::Debug for WalletClaims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("WalletClaims").field(&self.data().write()).finish()
    }
}

impl WalletClaims {
    /// What of `asked` a presentation says. What has another form than the rulebook gives it, or is longer than we
    /// pass on, counts as not given: nobody's sign-in hangs on it.
    pub(crate) fn read(issuer: &str, asked: &Release, presentation: &Presentation) -> Self {
        let said = |datum| {
            let (claim, form) = source_of(datum)?;
            Some((datum, form(presentation.value(claim)?)?))
        };
        Self { issuer: issuer.to_owned(), values: asked.iter().filter_map(said).collect() }
    }

    /// Which data they are.
    pub fn data(&self) -> Release {
        self.values.keys().copied().collect()
    }

    /// A datum's value, as services receive it.
    pub fn value(&self, datum: Datum) -> Option<&Value> {
        self.values.get(&datum)
    }

    /// The issuer of the credential, by its name here.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Those that may be passed on.
    pub(crate) fn within(&self, release: &Release) -> Option<Self> {
        let values = self.values.iter().filter(|(datum, _)| release.has(**datum));
        let values: BTreeMap<_, _> = values.map(|(datum, value)| (*datum, value.clone())).collect();
        (!values.is_empty()).then(|| Self { issuer: self.issuer.clone(), values })
    }
}

/// A credential's value in the form of OpenID Connect; none where it has another form than the rulebook gives it.
type Form = fn(&Value) -> Option<Value>;

/// The claim of a person credential that says a datum, and how services receive that; none for what accounts hold.
fn source_of(datum: Datum) -> Option<(PersonClaim, Form)> {
    match datum {
        Datum::Address => Some((PersonClaim::Address, address)),
        Datum::PhoneNumber => Some((PersonClaim::PhoneNumber, text)),
        Datum::Gender => Some((PersonClaim::Sex, gender)),
        Datum::AgeOver18 => Some((PersonClaim::AgeOver18, |said| said.as_bool().map(Value::Bool))),
        Datum::FamilyName
        | Datum::GivenName
        | Datum::BirthName
        | Datum::BirthDate
        | Datum::BirthPlace
        | Datum::MothersName
        | Datum::Nationality
        | Datum::Email
        | Datum::Identifier => None,
    }
}

/// The claim of a person credential that says a datum; none for what accounts hold.
pub(crate) fn claim_of(datum: Datum) -> Option<PersonClaim> {
    source_of(datum).map(|(claim, _)| claim)
}

/// The members of an address (OpenID Connect Core 1.0 section 5.1.1), and the one that the PID Rulebook adds.
const ADDRESS: [&str; 7] =
    ["formatted", "street_address", "house_number", "locality", "region", "postal_code", "country"];

fn address(said: &Value) -> Option<Value> {
    let members: Map<String, Value> = match said {
        // A mobile document has it in one text.
        Value::String(_) => Map::from_iter([("formatted".to_owned(), text(said)?)]),
        Value::Object(members) => {
            let member = |name: &str| Some((name.to_owned(), text(members.get(name)?)?));
            ADDRESS.into_iter().filter_map(member).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
    };
    (!members.is_empty()).then(|| members.into())
}

/// ISO/IEC 5218 and the rulebook's further numbers; 0 and 9 say nothing.
fn gender(said: &Value) -> Option<Value> {
    match said.as_u64()? {
        1 => Some("male".into()),
        2 => Some("female".into()),
        3 => Some("other".into()),
        4 => Some("inter".into()),
        5 => Some("diverse".into()),
        6 => Some("open".into()),
        _ => None,
    }
}

/// A text that says something, in lines.
fn text(said: &Value) -> Option<Value> {
    let text = said.as_str()?;
    let is_fit = !text.trim().is_empty()
        && text.chars().count() <= limits::WALLET_CLAIM_CHARS
        && !text.chars().any(|letter| letter.is_control() && letter != '\n');
    is_fit.then(|| text.into())
}

/// Where such values rest, sealed.
#[derive(Clone, Copy)]
pub(crate) enum Resting<'a> {
    /// With a sign-in that waits for its person's consent.
    Login(&'a str),
    /// With a code and its access token.
    Code(&'a HandleDigest),
}

impl Resting<'_> {
    fn place(&self) -> SealedFor<'_> {
        let (table, owner) = match self {
            Resting::Login(id) => ("login", *id),
            Resting::Code(digest) => ("code", digest.as_str()),
        };
        SealedFor { table, owner, purpose: "what a wallet gave" }
    }
}

impl Broker {
    pub(crate) fn seal_claims(&self, claims: &WalletClaims, resting: Resting<'_>) -> Result<String, Fault> {
        let plain = serde_json::to_vec(claims).map_err(|_| Fault::Damaged("claims of a wallet to be stored"))?;
        Ok(BASE64.encode(&idp::seal::seal(self.keys(), self.random(), &resting.place(), &plain)))
    }

    pub(crate) fn open_claims(
        &self,
        sealed: Option<&str>,
        resting: Resting<'_>,
    ) -> Result<Option<WalletClaims>, Fault> {
        const UNREADABLE: Fault = Fault::Damaged("stored claims of a wallet");
        let Some(sealed) = sealed else { return Ok(None) };
        let sealed = BASE64.decode(sealed.as_bytes()).map_err(|_| UNREADABLE)?;
        let plain = idp::seal::open(self.keys(), &resting.place(), &sealed)?;
        serde_json::from_slice(plain.expose()).map(Some).map_err(|_| UNREADABLE)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_services_are_told_of_what_a_credential_says() {
        use Datum::{Address, AgeOver18, Gender, PhoneNumber};
        let most = "é".repeat(limits::WALLET_CLAIM_CHARS);
        let whole = json!({"formatted": "Fő utca 1.\nGyőr", "street_address": "Fő utca", "house_number": "1.",
            "locality": "Győr", "region": "GYMS", "postal_code": "9021", "country": "HU"});
        #[rustfmt::skip]
        let table = [
            (Address, whole.clone(), Some(whole)),
            (Address, json!("Fő utca 1., Győr"), Some(json!({"formatted": "Fő utca 1., Győr"}))),
            (Address, json!({"locality": "Győr", "floor": "2", "country": {"code": "HU"}, "region": ""}), Some(json!({"locality": "Győr"}))),
            (Address, json!({"floor": "2"}), None),
            (Address, json!({}), None),
            (Address, json!(["Győr"]), None),
            (Address, json!(most), Some(json!({"formatted": most}))),
            (Address, json!(format!("{most}é")), None),
            (PhoneNumber, json!("+36 20 555"), Some(json!("+36 20 555"))),
            (PhoneNumber, json!("+36\u{7}"), None),
            (PhoneNumber, json!(" "), None),
            (PhoneNumber, json!(3620), None),
            (Gender, json!(1), Some(json!("male"))),
            (Gender, json!(6), Some(json!("open"))),
            (Gender, json!(0), None),
            (Gender, json!(9), None),
            (Gender, json!(-1), None),
            (Gender, json!("1"), None),
            (AgeOver18, json!(false), Some(json!(false))),
            (AgeOver18, json!("true"), None),
            // What the account holds no wallet says.
            (Datum::Email, json!("a@b.example"), None),
        ];
        for (datum, said, expected) in table {
            let told = source_of(datum).and_then(|(_, form)| form(&said));
            assert_eq!(told, expected, "{datum:?} {said}");
        }
        for datum in Datum::ALL {
            assert_eq!(claim_of(datum).is_some(), datum.is_from_wallet());
        }
    }
}
