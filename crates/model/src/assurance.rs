//! Methods, levels and levels of assurance: what happened, and how sure it is whose factor it was.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How a person signed in. The order is the one total order of strength: [`Method::ALL`], weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// *Ügyfélkapu*: user name and password.
    Password,
    /// *Ügyfélkapu+* with a code sent by e-mail. Off by default.
    EmailedCode,
    /// *Ügyfélkapu+*: password and authenticator app.
    AuthenticatorApp,
    /// A passkey. Not offered yet.
    Passkey,
    /// *DÁP mobilalkalmazás*: a presentation from a wallet.
    Wallet,
    /// The sign-in of another identity provider, which counts as this level: the weakest method of it.
    Upstream(Level),
}

impl PartialOrd for Method {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Method {
    fn cmp(&self, other: &Self) -> Ordering {
        self.strength().cmp(&other.strength())
    }
}

impl Method {
    /// All methods, weakest first.
    pub const ALL: [Method; 8] = [
        Method::Upstream(Level::One),
        Method::Password,
        Method::Upstream(Level::Two),
        Method::EmailedCode,
        Method::AuthenticatorApp,
        Method::Passkey,
        Method::Upstream(Level::Three),
        Method::Wallet,
    ];

    /// Its level, and its place among the methods of that level.
    const fn strength(self) -> (Level, u8) {
        let place = match self {
            Method::Upstream(_) => 0,
            Method::Password | Method::EmailedCode | Method::Wallet => 1,
            Method::AuthenticatorApp => 2,
            Method::Passkey => 3,
        };
        (self.level(), place)
    }

    /// What happened: one factor, two factors, a wallet.
    pub const fn level(self) -> Level {
        match self {
            Method::Password => Level::One,
            Method::EmailedCode | Method::AuthenticatorApp | Method::Passkey => Level::Two,
            Method::Wallet => Level::Three,
            Method::Upstream(level) => level,
        }
    }

    /// The name in our database, cookies and forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Password => "password",
            Method::EmailedCode => "emailed_code",
            Method::AuthenticatorApp => "authenticator_app",
            Method::Passkey => "passkey",
            Method::Wallet => "wallet",
            Method::Upstream(Level::One) => "upstream_1",
            Method::Upstream(Level::Two) => "upstream_2",
            Method::Upstream(Level::Three) => "upstream_3",
        }
    }

    /// The method with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Method::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

/// What happened at a sign-in, from one factor to a wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// A password alone.
    One,
    /// Two factors.
    Two,
    /// A wallet.
    Three,
}

impl Level {
    /// 1, 2 or 3.
    pub const fn number(self) -> u8 {
        match self {
            Level::One => 1,
            Level::Two => 2,
            Level::Three => 3,
        }
    }

    /// The best level of assurance that a sign-in at it can have.
    pub const fn best_loa(self) -> Loa {
        match self {
            Level::One => Loa::Low,
            Level::Two => Loa::Substantial,
            Level::Three => Loa::High,
        }
    }

    /// The level with that number.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Level::One),
            2 => Some(Level::Two),
            3 => Some(Level::Three),
            _ => None,
        }
    }
}

/// Level of assurance, in the words of (EU) 2015/1502: how sure it is that the factor is its owner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Loa {
    /// One factor, or two of which the second was bound by the first alone.
    Low,
    /// Two factors whose binding was proved by something else than the password.
    Substantial,
    /// A certified key.
    High,
}

impl Loa {
    /// `low`, `substantial` or `high`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Loa::Low => "low",
            Loa::Substantial => "substantial",
            Loa::High => "high",
        }
    }

    /// The level with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Loa::Low, Loa::Substantial, Loa::High].into_iter().find(|loa| loa.as_str() == name)
    }
}

/// How an authenticator was bound to its person: its provenance.
///
/// Stored with the authenticator, and never improved by something that it vouched for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// By the password alone (before the cut-over, or by the seed's literal flow).
    Password,
    /// By the password and a code mailed to the registered contact.
    ContactCode,
    /// By a live code of the authenticator that it replaced; carries that one's own assurance.
    LiveFactor(Loa),
    /// By the deletion code of the authenticator that it replaced; carries that one's own assurance.
    DeletionCode(Loa),
    /// By a wallet's presentation of a credential that is substantial.
    Wallet,
    /// By a clerk's identification, and the code that it showed at that moment.
    Clerk,
    /// By a clerk's identification alone: it is the person's by that clerk's word, and nobody checked its code.
    ClerkWord,
    /// By a code sent to the registered postal address.
    PostedCode,
}

impl Binding {
    /// How sure it is that the authenticator is its owner's. Something inherited is never better
    /// than what it was inherited from.
    pub const fn loa(self) -> Loa {
        match self {
            Binding::Password | Binding::ContactCode => Loa::Low,
            Binding::LiveFactor(of) | Binding::DeletionCode(of) => of,
            Binding::Wallet | Binding::Clerk | Binding::ClerkWord | Binding::PostedCode => Loa::Substantial,
        }
    }

    /// Whether somebody else than the person's own factors said whose the authenticator is.
    pub const fn is_of_others(self) -> bool {
        match self {
            Binding::Wallet | Binding::Clerk | Binding::ClerkWord | Binding::PostedCode => true,
            Binding::Password | Binding::ContactCode | Binding::LiveFactor(_) | Binding::DeletionCode(_) => false,
        }
    }
}

/// What a finished sign-in may say of itself. An answer never says more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationContext {
    /// What happened.
    pub method: Method,
    /// How sure it is whose factor it was.
    pub loa: Loa,
    /// When the last factor was shown.
    pub at: Timestamp,
}

impl AuthenticationContext {
    /// The method's level.
    pub const fn level(&self) -> Level {
        self.method.level()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_methods_agrees_with_their_levels() {
        for pair in Method::ALL.windows(2) {
            assert!(pair[0] < pair[1] && pair[0].level() <= pair[1].level());
        }
    }

    #[test]
    fn methods_levels_and_names() {
        #[rustfmt::skip]
        let table = [
            (Method::Upstream(Level::One),   1, "upstream_1"),
            (Method::Password,               1, "password"),
            (Method::Upstream(Level::Two),   2, "upstream_2"),
            (Method::EmailedCode,            2, "emailed_code"),
            (Method::AuthenticatorApp,       2, "authenticator_app"),
            (Method::Passkey,                2, "passkey"),
            (Method::Upstream(Level::Three), 3, "upstream_3"),
            (Method::Wallet,                 3, "wallet"),
        ];
        assert_eq!(table.map(|(method, ..)| method), Method::ALL);
        for (method, level, name) in table {
            assert_eq!((method.level().number(), method.as_str()), (level, name));
            assert_eq!(Method::from_name(name), Some(method));
            assert_eq!(Level::from_number(i64::from(level)), Some(method.level()));
        }
        for unknown in ["", "Password", "sms"] {
            assert_eq!(Method::from_name(unknown), None, "{unknown:?}");
        }
        for unknown in [i64::MIN, -1, 0, 4, 257, i64::MAX] {
            assert_eq!(Level::from_number(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn levels_of_assurance_and_their_names() {
        assert!(Loa::Low < Loa::Substantial && Loa::Substantial < Loa::High);
        for (loa, name) in [(Loa::Low, "low"), (Loa::Substantial, "substantial"), (Loa::High, "high")] {
            assert_eq!((loa.as_str(), Loa::from_name(name)), (name, Some(loa)));
        }
        for unknown in ["", "Low", "none"] {
            assert_eq!(Loa::from_name(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn how_sure_a_binding_is() {
        #[rustfmt::skip]
        let table = [
            (Binding::Password,                        Loa::Low),
            (Binding::ContactCode,                     Loa::Low),
            (Binding::LiveFactor(Loa::Low),            Loa::Low),
            (Binding::LiveFactor(Loa::Substantial),    Loa::Substantial),
            (Binding::DeletionCode(Loa::Low),          Loa::Low),
            (Binding::DeletionCode(Loa::Substantial),  Loa::Substantial),
            (Binding::Wallet,                          Loa::Substantial),
            (Binding::Clerk,                           Loa::Substantial),
            (Binding::PostedCode,                      Loa::Substantial),
            (Binding::ClerkWord,                       Loa::Substantial),
        ];
        for (binding, loa) in table {
            assert_eq!(binding.loa(), loa, "{binding:?}");
        }
    }

    #[test]
    fn whose_word_a_binding_is() {
        for others in [Binding::Wallet, Binding::Clerk, Binding::ClerkWord, Binding::PostedCode] {
            assert!(others.is_of_others(), "{others:?}");
        }
        let substantial = Loa::Substantial;
        for own in [Binding::Password, Binding::ContactCode, Binding::LiveFactor(substantial)] {
            assert!(!own.is_of_others(), "{own:?}");
        }
        assert!(!Binding::DeletionCode(substantial).is_of_others());
    }

    #[test]
    fn provenance_is_inherited_and_never_lifted() {
        assert_eq!(Binding::LiveFactor(Binding::ContactCode.loa()).loa(), Loa::Low);
        assert_eq!(Binding::DeletionCode(Binding::Clerk.loa()).loa(), Loa::Substantial);
    }
}
