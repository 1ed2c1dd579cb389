//! How a person signed in.

/// How a person signed in, as far as the answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Password,
    EmailedCode,
    AuthenticatorApp,
    Passkey,
    Wallet,
    Unknown,
}

impl Way {
    /// From an `acr` that names the method. An `acr` that was asked for names something else.
    pub(crate) fn from_method_uri(acr: &str) -> Option<Self> {
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
    pub(crate) fn from_amr(amr: &[String]) -> Self {
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
    pub(crate) const fn level(self) -> Option<u8> {
        match self {
            Way::Password => Some(1),
            Way::EmailedCode | Way::AuthenticatorApp | Way::Passkey => Some(2),
            Way::Wallet => Some(3),
            Way::Unknown => None,
        }
    }
}
