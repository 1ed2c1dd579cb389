//! How enumerations rest: as the short texts that the tables' CHECK constraints list.

use journey::Standing;
use model::{Lang, LegalBasis, Loa, Method, NameKind};

use crate::record::{
    AuthenticatorState, Carrier, ClientState, CredentialFormat, IssuerKeyRole, OutboxKind, PresentationStage, Protocol,
    SessionKind, UpstreamKeyPurpose,
};

/// An enumeration that rests as a short text.
pub(crate) trait Coded: Copy + 'static {
    /// All values.
    const ALL: &'static [Self];

    /// The text of this one.
    fn code(self) -> &'static str;

    /// The value with that text.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }
}

impl Coded for Standing {
    const ALL: &'static [Self] = &[Self::Open, Self::Frozen];

    fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Frozen => "frozen",
        }
    }
}

impl Coded for AuthenticatorState {
    const ALL: &'static [Self] = &[Self::Active, Self::Inactive, Self::Frozen];

    fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Frozen => "frozen",
        }
    }
}

impl Coded for SessionKind {
    const ALL: &'static [Self] = &[Self::Account, Self::Enrolment, Self::SingleSignOn];

    fn code(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Enrolment => "enrolment",
            Self::SingleSignOn => "single_sign_on",
        }
    }
}

impl Coded for NameKind {
    const ALL: &'static [Self] = &[Self::Transient, Self::Persistent, Self::EmailAddress];

    fn code(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::Persistent => "persistent",
            Self::EmailAddress => "email_address",
        }
    }
}

impl Coded for Protocol {
    const ALL: &'static [Self] = &[Self::OpenIdConnect, Self::Saml];

    fn code(self) -> &'static str {
        match self {
            Self::OpenIdConnect => "openid_connect",
            Self::Saml => "saml",
        }
    }
}

impl Coded for ClientState {
    const ALL: &'static [Self] = &[Self::Enabled, Self::Disabled];

    fn code(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }
}

impl Coded for OutboxKind {
    const ALL: &'static [Self] = &[Self::Mail, Self::BackChannelLogout];

    fn code(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::BackChannelLogout => "back_channel_logout",
        }
    }
}

impl Coded for UpstreamKeyPurpose {
    const ALL: &'static [Self] = &[Self::Signing, Self::Decryption];

    fn code(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Decryption => "decryption",
        }
    }
}

impl Coded for CredentialFormat {
    const ALL: &'static [Self] = &[Self::SdJwt, Self::Mdoc];

    fn code(self) -> &'static str {
        self.as_str()
    }
}

impl Coded for IssuerKeyRole {
    const ALL: &'static [Self] = &[Self::Anchor, Self::Signer];

    fn code(self) -> &'static str {
        match self {
            Self::Anchor => "anchor",
            Self::Signer => "signer",
        }
    }
}

impl Coded for Method {
    const ALL: &'static [Self] = &Method::ALL;

    fn code(self) -> &'static str {
        self.as_str()
    }
}

impl Coded for Loa {
    const ALL: &'static [Self] = &[Self::Low, Self::Substantial, Self::High];

    fn code(self) -> &'static str {
        self.as_str()
    }
}

impl Coded for LegalBasis {
    const ALL: &'static [Self] = &[Self::Consent, Self::Law];

    fn code(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Law => "law",
        }
    }
}

impl Coded for Lang {
    const ALL: &'static [Self] = &[Self::Hu, Self::En];

    fn code(self) -> &'static str {
        self.tag()
    }
}

impl Coded for Carrier {
    const ALL: &'static [Self] = &[Self::Link, Self::Qr, Self::Browser];

    fn code(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Qr => "qr",
            Self::Browser => "browser",
        }
    }
}

impl Coded for PresentationStage {
    const ALL: &'static [Self] = &[
        Self::Waiting,
        Self::Fetched,
        Self::Judging,
        Self::Answered,
        Self::Digits,
        Self::Done,
        Self::Refused,
        Self::Elsewhere,
        Self::Failed,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Fetched => "fetched",
            Self::Judging => "judging",
            Self::Answered => "answered",
            Self::Digits => "digits",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Elsewhere => "elsewhere",
            Self::Failed => "failed",
        }
    }
}
