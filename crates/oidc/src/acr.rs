//! Authentication context class references: how a client says which sign-in it wants, and how we
//! say which one happened (`acr`, `acr_values`; OpenID Connect Core 1.0 sections 2 and 5.5.1.1).

/// A value of `acr` that is understood. What each demands is the caller's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AcrValue {
    /// *Ügyfélkapu*: the password.
    Password,
    /// *Ügyfélkapu+* with an e-mailed code.
    EmailedCode,
    /// *Ügyfélkapu+* with an authenticator app.
    AuthenticatorApp,
    /// *DÁP mobilalkalmazás*: a wallet.
    Wallet,
    /// A level of assurance of (EU) 2015/1502, or better.
    Loa(LoaScheme, LoaLevel),
    /// SAML 2.0's word for "a password over TLS"; here the service's minimum or more.
    PasswordProtectedTransport,
    /// SAML 2.0's word for "a password"; here the service's minimum or more.
    PasswordClass,
    /// SAML 2.0's word for "whatever"; here the service's minimum or more.
    Unspecified,
    /// SAML 2.0's word for a code that depends on the time.
    TimeSyncToken,
    /// REFEDS MFA profile: two factors.
    RefedsMfa,
}

/// Whether a level of assurance is that of a scheme notified under (EU) 910/2014.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoaScheme {
    /// Not notified, the default.
    NotNotified,
    /// Notified.
    Notified,
}

/// The level itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoaLevel {
    /// `low`.
    Low,
    /// `substantial`.
    Substantial,
    /// `high`.
    High,
}

impl LoaLevel {
    /// `low`, `substantial` or `high`.
    pub const fn as_str(self) -> &'static str {
        match self {
            LoaLevel::Low => "low",
            LoaLevel::Substantial => "substantial",
            LoaLevel::High => "high",
        }
    }

    /// The level with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [LoaLevel::Low, LoaLevel::Substantial, LoaLevel::High].into_iter().find(|level| level.as_str() == name)
    }
}

impl AcrValue {
    /// All of them.
    pub const ALL: [AcrValue; 15] = [
        AcrValue::Password,
        AcrValue::EmailedCode,
        AcrValue::AuthenticatorApp,
        AcrValue::Wallet,
        AcrValue::Loa(LoaScheme::NotNotified, LoaLevel::Low),
        AcrValue::Loa(LoaScheme::NotNotified, LoaLevel::Substantial),
        AcrValue::Loa(LoaScheme::NotNotified, LoaLevel::High),
        AcrValue::Loa(LoaScheme::Notified, LoaLevel::Low),
        AcrValue::Loa(LoaScheme::Notified, LoaLevel::Substantial),
        AcrValue::Loa(LoaScheme::Notified, LoaLevel::High),
        AcrValue::PasswordProtectedTransport,
        AcrValue::PasswordClass,
        AcrValue::Unspecified,
        AcrValue::TimeSyncToken,
        AcrValue::RefedsMfa,
    ];

    /// The URI on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            AcrValue::Password => "urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:uidpwd",
            AcrValue::EmailedCode => "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:email",
            AcrValue::AuthenticatorApp => "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp",
            AcrValue::Wallet => "urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr",
            AcrValue::Loa(LoaScheme::NotNotified, LoaLevel::Low) => "http://eidas.europa.eu/NotNotified/LoA/low",
            AcrValue::Loa(LoaScheme::NotNotified, LoaLevel::Substantial) => {
                "http://eidas.europa.eu/NotNotified/LoA/substantial"
            }
            AcrValue::Loa(LoaScheme::NotNotified, LoaLevel::High) => "http://eidas.europa.eu/NotNotified/LoA/high",
            AcrValue::Loa(LoaScheme::Notified, LoaLevel::Low) => "http://eidas.europa.eu/LoA/low",
            AcrValue::Loa(LoaScheme::Notified, LoaLevel::Substantial) => "http://eidas.europa.eu/LoA/substantial",
            AcrValue::Loa(LoaScheme::Notified, LoaLevel::High) => "http://eidas.europa.eu/LoA/high",
            AcrValue::PasswordProtectedTransport => "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
            AcrValue::PasswordClass => "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
            AcrValue::Unspecified => "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
            AcrValue::TimeSyncToken => "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken",
            AcrValue::RefedsMfa => "https://refeds.org/profile/mfa",
        }
    }

    /// The value with that URI, compared byte for byte.
    pub fn parse(uri: &str) -> Option<Self> {
        AcrValue::ALL.into_iter().find(|value| value.as_str() == uri)
    }
}

/// Which sign-in a client asks for. Values that are not understood are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestedContext {
    /// Nothing is asked for: the service's minimum.
    Any,
    /// One of these, the first the dearest, if it can be.
    Preferred(Vec<AcrValue>),
    /// One of these or `unmet_authentication_requirements`. An empty list cannot be met.
    Essential(Vec<AcrValue>),
}

#[cfg(test)]
mod tests {
    use super::AcrValue;

    #[test]
    fn each_value_has_one_uri_and_is_found_by_it_alone() {
        for value in AcrValue::ALL {
            assert_eq!(AcrValue::parse(value.as_str()), Some(value));
            assert_eq!(AcrValue::parse(&value.as_str().to_uppercase()), None);
            assert_eq!(AcrValue::parse(&format!("{}/", value.as_str())), None);
        }
        assert_eq!(AcrValue::parse(""), None);
    }
}
