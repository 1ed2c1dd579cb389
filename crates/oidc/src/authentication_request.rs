//! The authentication request.

use crate::form::Parameters;
use crate::{AcrValue, ClaimsRequest, CodeChallenge, Credential, ErrorCode, OAuthError, RequestedContext, Scope};

/// The longest `state`, in bytes.
pub const STATE_BYTES_MAX: usize = 1024;
/// The longest `nonce`, in characters.
pub const NONCE_CHARS_MAX: usize = 512;
/// The longest `login_hint`, in characters; a longer one is ignored.
pub const LOGIN_HINT_CHARS_MAX: usize = 256;
/// The most words of `acr_values` and `ui_locales`.
const WORDS_MAX: usize = 32;

/// An authentication request at the authorization endpoint.
///
/// OpenID Connect Core 1.0 section 3.1.2.1; RFC 6749 section 4.1.1; RFC 7636 section 4.3. Only the
/// code flow is spoken, and the answer goes into the query.
///
/// Reading checks form alone. Whether the client may leave out the code challenge, or must send a
/// nonce then, is its registration's to say.
#[derive(Clone, Debug)]
pub struct AuthenticationRequest {
    /// What is asked for; `openid` is among it.
    pub scopes: Vec<Scope>,
    /// Returned in the ID token. At most [`NONCE_CHARS_MAX`] characters.
    pub nonce: Option<String>,
    /// The S256 challenge. Other methods are refused.
    pub code_challenge: Option<CodeChallenge>,
    /// How the person may be asked; each word once.
    pub prompt: Vec<Prompt>,
    /// The longest accepted age of the last active sign-in, in seconds. `0` means: ask again.
    pub max_age: Option<u32>,
    /// Language tags (BCP 47), the dearest first. Not checked.
    pub ui_locales: Vec<String>,
    /// An ID token of ours that says who is expected. Not checked; see [`crate::IdTokenHint`].
    pub id_token_hint: Option<Credential>,
    /// What to write into the field of the user name. At most [`LOGIN_HINT_CHARS_MAX`] characters;
    /// it is input, and is escaped wherever it is shown.
    pub login_hint: Option<String>,
    /// `acr_values`, the dearest first, without those that are not understood.
    pub acr_values: Vec<AcrValue>,
    /// The `claims` parameter.
    pub claims: ClaimsRequest,
}

/// One word of `prompt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Prompt {
    /// Show nothing; answer at once. Stands alone.
    None,
    /// Sign in afresh.
    Login,
    /// Ask for consent.
    Consent,
    /// Ask which account.
    SelectAccount,
}

/// A request whose sender and return address can be read, though the rest may be wrong.
///
/// The caller finds the client and compares the redirect URI with the registered ones *first*; only
/// then may [`LocatedRequest::request`]'s error go there (RFC 6749 section 4.1.2.1).
#[derive(Clone, Debug)]
pub struct LocatedRequest {
    /// Who asks. Not checked.
    pub client_id: String,
    /// Where the answer should go. Not checked.
    pub redirect_uri: String,
    /// Returned unread. At most [`STATE_BYTES_MAX`] bytes.
    pub state: Option<String>,
    /// The request, or the error for the redirect URI.
    pub request: Result<AuthenticationRequest, OAuthError>,
}

/// It cannot be read who asks or where the answer should go: the person is told on a page of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Longer than [`crate::FORM_BYTES_MAX`] or with more than [`crate::FORM_PARAMETERS_MAX`] parameters.
    #[error("the request is too large")]
    TooLarge,
    /// Not UTF-8.
    #[error("the request is not UTF-8")]
    NotUtf8,
    /// `client_id` or `redirect_uri` is missing or empty.
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    /// `client_id` or `redirect_uri` is given twice.
    #[error("the parameter {0} is given twice")]
    Repeated(&'static str),
}

impl Prompt {
    /// All of them.
    pub const ALL: [Prompt; 4] = [Prompt::None, Prompt::Login, Prompt::Consent, Prompt::SelectAccount];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Prompt::None => "none",
            Prompt::Login => "login",
            Prompt::Consent => "consent",
            Prompt::SelectAccount => "select_account",
        }
    }

    fn parse_list(text: &str) -> Option<Vec<Self>> {
        let mut prompt = Vec::new();
        for word in words(text) {
            let known = Prompt::ALL.into_iter().find(|known| known.as_str() == word)?;
            if !prompt.contains(&known) {
                prompt.push(known);
            }
        }
        (!prompt.contains(&Prompt::None) || prompt.len() == 1).then_some(prompt)
    }
}

impl AuthenticationRequest {
    /// Reads the query of a GET or the body of a POST. Unknown parameters are ignored, as RFC 6749
    /// section 3.1 says they must be.
    ///
    /// # Errors
    ///
    /// [`AddressError`], to be shown on a page of ours and nowhere else.
    pub fn parse(query: &str) -> Result<LocatedRequest, AddressError> {
        let mut parameters = Parameters::read(query).map_err(|error| match error {
            crate::form::FormError::TooLarge => AddressError::TooLarge,
            crate::form::FormError::NotUtf8 => AddressError::NotUtf8,
        })?;
        let mut address = |name: &'static str| {
            if parameters.is_repeated(name) {
                return Err(AddressError::Repeated(name));
            }
            parameters.take(name).ok_or(AddressError::Missing(name))
        };
        let (client_id, redirect_uri) = (address("client_id")?, address("redirect_uri")?);
        let state = parameters.take("state").filter(|_| !parameters.is_repeated("state"));
        let too_long = state.as_ref().is_some_and(|state| state.len() > STATE_BYTES_MAX);
        let request = if too_long {
            Err(OAuthError::invalid_request("state is longer than 1024 bytes"))
        } else {
            Self::from_parameters(parameters)
        };
        Ok(LocatedRequest { client_id, redirect_uri, state: state.filter(|_| !too_long), request })
    }

    fn from_parameters(mut parameters: Parameters) -> Result<Self, OAuthError> {
        if parameters.any_repeated() {
            return Err(OAuthError::invalid_request("a parameter is given more than once"));
        }
        refuse_unsupported(&mut parameters)?;
        let scope = parameters.take("scope").unwrap_or_default();
        let scopes = Scope::parse_list(&scope).filter(|scopes| scopes.contains(&Scope::OpenId)).ok_or(
            OAuthError::new(ErrorCode::InvalidScope, "scope must contain openid, be ASCII and at most 1024 bytes long"),
        )?;
        let nonce = parameters.take("nonce");
        if nonce.as_ref().is_some_and(|nonce| nonce.chars().count() > NONCE_CHARS_MAX) {
            return Err(OAuthError::invalid_request("nonce is longer than 512 characters"));
        }
        Ok(Self {
            scopes,
            nonce,
            code_challenge: code_challenge(&mut parameters)?,
            prompt: Prompt::parse_list(&parameters.take("prompt").unwrap_or_default()).ok_or(
                OAuthError::invalid_request("prompt knows none, login, consent, select_account, and none stands alone"),
            )?,
            max_age: max_age(&mut parameters)?,
            ui_locales: words(&parameters.take("ui_locales").unwrap_or_default())
                .take(WORDS_MAX)
                .map(str::to_owned)
                .collect(),
            id_token_hint: parameters.take_credential("id_token_hint"),
            login_hint: parameters.take("login_hint").filter(|hint| hint.chars().count() <= LOGIN_HINT_CHARS_MAX),
            acr_values: acr_values(&parameters.take("acr_values").unwrap_or_default())?,
            claims: match parameters.take("claims") {
                None => ClaimsRequest::default(),
                Some(text) => ClaimsRequest::parse(&text).ok_or(OAuthError::invalid_request(
                    "claims is not the JSON object of OpenID Connect Core section 5.5, or too large",
                ))?,
            },
        })
    }

    /// Which sign-in is asked for. An `acr` claim with values is stronger than `acr_values`; it
    /// obliges only when it is essential (OpenID Connect Core 1.0 section 5.5.1.1).
    pub fn requested_context(&self) -> RequestedContext {
        match self.claims.id_token.get("acr").filter(|acr| !acr.values.is_empty()) {
            Some(acr) => {
                let values = acr.texts().filter_map(AcrValue::parse).collect();
                if acr.essential { RequestedContext::Essential(values) } else { RequestedContext::Preferred(values) }
            }
            None if self.acr_values.is_empty() => RequestedContext::Any,
            None => RequestedContext::Preferred(self.acr_values.clone()),
        }
    }

    /// The one `sub` that the answer may be about, if the client names it in `claims` (OpenID
    /// Connect Core 1.0 section 5.5.1).
    pub fn requested_subject(&self) -> Option<&str> {
        self.claims.id_token.get("sub")?.texts().next()
    }

    /// Whether `prompt` contains `word`.
    pub fn asks_to(&self, word: Prompt) -> bool {
        self.prompt.contains(&word)
    }
}

/// What this provider does not do is said before anything else, so that it is always said alike.
fn refuse_unsupported(parameters: &mut Parameters) -> Result<(), OAuthError> {
    for (name, code, description) in [
        ("request", ErrorCode::RequestNotSupported, "request objects are not supported"),
        ("request_uri", ErrorCode::RequestUriNotSupported, "request_uri is not supported"),
        ("registration", ErrorCode::RegistrationNotSupported, "registration in the request is not supported"),
    ] {
        if parameters.take(name).is_some() {
            return Err(OAuthError::new(code, description));
        }
    }
    if parameters.take("response_type").as_deref() != Some("code") {
        let description = "response_type must be code";
        return Err(OAuthError::new(ErrorCode::UnsupportedResponseType, description));
    }
    match parameters.take("response_mode").as_deref() {
        None | Some("query") => Ok(()),
        Some(_) => Err(OAuthError::invalid_request("response_mode must be query or absent")),
    }
}

fn code_challenge(parameters: &mut Parameters) -> Result<Option<CodeChallenge>, OAuthError> {
    let (challenge, method) = (parameters.take("code_challenge"), parameters.take("code_challenge_method"));
    match (challenge, method.as_deref()) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) => CodeChallenge::parse(&challenge)
            .map(Some)
            .ok_or(OAuthError::invalid_request("code_challenge must be 43 characters of base64url")),
        (Some(_), Some(_) | None) => Err(OAuthError::invalid_request("code_challenge_method must be S256")),
        (None, Some(_)) => Err(OAuthError::invalid_request("code_challenge is missing")),
    }
}

fn max_age(parameters: &mut Parameters) -> Result<Option<u32>, OAuthError> {
    let Some(text) = parameters.take("max_age") else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if digits => Ok(Some(seconds)),
        Ok(_) | Err(_) => Err(OAuthError::invalid_request("max_age must be a whole number of seconds below 2^32")),
    }
}

fn acr_values(text: &str) -> Result<Vec<AcrValue>, OAuthError> {
    if words(text).count() > WORDS_MAX {
        return Err(OAuthError::invalid_request("acr_values has more than 32 values"));
    }
    Ok(words(text).filter_map(AcrValue::parse).collect())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests;
