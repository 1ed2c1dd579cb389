//! The words of a registration that stand for one of a few things.

/// How a client authenticates at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthMethod {
    /// `client_secret_basic`, the default.
    ClientSecretBasic,
    /// `client_secret_post`.
    ClientSecretPost,
    /// `private_key_jwt`.
    PrivateKeyJwt,
    /// `none`: a public client.
    None,
}

/// What keeps a stolen code from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PkceRule {
    /// The client always sends an S256 challenge.
    S256,
    /// It may leave it out, and then sends a nonce. Only for confidential clients.
    Nonce,
}

/// Why a client may receive what it receives of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LegalBasis {
    /// `consent`: the person agrees to it.
    Consent,
    /// `law`: the law requires it; the person is told, and is asked nothing.
    Law,
}

/// Which `sub` a client sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectType {
    /// Another one in each sector.
    Pairwise,
    /// The same one everywhere.
    Public,
}

/// The Hungarian definite article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameArticle {
    /// Before a consonant.
    A,
    /// Before a vowel.
    Az,
}

impl AuthMethod {
    pub(super) const NAMES: [(&str, AuthMethod); 4] = [
        ("client_secret_basic", AuthMethod::ClientSecretBasic),
        ("client_secret_post", AuthMethod::ClientSecretPost),
        ("private_key_jwt", AuthMethod::PrivateKeyJwt),
        ("none", AuthMethod::None),
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            AuthMethod::ClientSecretBasic => "client_secret_basic",
            AuthMethod::ClientSecretPost => "client_secret_post",
            AuthMethod::PrivateKeyJwt => "private_key_jwt",
            AuthMethod::None => "none",
        }
    }
}

impl LegalBasis {
    pub(super) const NAMES: [(&str, LegalBasis); 2] = [("consent", LegalBasis::Consent), ("law", LegalBasis::Law)];
}

impl SubjectType {
    pub(super) const NAMES: [(&str, SubjectType); 2] =
        [("pairwise", SubjectType::Pairwise), ("public", SubjectType::Public)];
}
