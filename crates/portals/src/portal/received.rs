//! What a portal received of a person at a sign-in, whichever protocol it came by.

use model::{Lang, PersonName, Timestamp};
use serde::{Deserialize, Serialize};

use super::way::Way;

/// A person's session at a portal.
pub(crate) struct Session {
    pub(crate) received: Received,
    /// When it ends if nobody uses it.
    pub(crate) until: Timestamp,
}

/// A name as it came: in its two parts, or whole.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Name {
    Parts(PersonName),
    Whole(String),
}

impl Name {
    pub(crate) fn of(family: Option<String>, given: Option<String>, whole: Option<String>) -> Option<Self> {
        match (family, given) {
            (Some(family), Some(given)) => Some(Name::Parts(PersonName { family, given })),
            (family, given) => whole.or(family).or(given).map(Name::Whole),
        }
    }

    /// The name in the order of the language.
    pub(crate) fn display(&self, lang: Lang) -> String {
        match self {
            Name::Parts(name) => name.display(lang),
            Name::Whole(name) => name.clone(),
        }
    }
}

/// All that the portal received at a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Received {
    pub(crate) subject: String,
    pub(crate) name: Option<Name>,
    pub(crate) birth_name: Option<Name>,
    pub(crate) birth_place: Option<String>,
    pub(crate) birth_date: Option<String>,
    pub(crate) mothers_name: Option<String>,
    pub(crate) nationalities: Vec<String>,
    pub(crate) email: Option<String>,
    /// Whether the person is 18 years old, if a wallet said so.
    #[serde(default)]
    pub(crate) is_adult: Option<bool>,
    pub(crate) acr: Option<String>,
    pub(crate) amr: Vec<String>,
    pub(crate) loa: Option<String>,
    /// Seconds since the epoch.
    pub(crate) auth_time: Option<i64>,
    pub(crate) sid: Option<String>,
}

impl Received {
    /// How the person signed in.
    pub(crate) fn way(&self) -> Way {
        let by_acr = self.acr.as_deref().and_then(Way::from_method_uri);
        by_acr.unwrap_or_else(|| Way::from_amr(&self.amr))
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
            is_adult: None,
            acr: None,
            amr: Vec::new(),
            loa: None,
            auth_time: None,
            sid: None,
        }
    }
}
