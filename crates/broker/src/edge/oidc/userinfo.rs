//! UserInfo (OpenID Connect Core 1.0 section 5.3).

use idp::keys::digest_handle;
use model::Handle;
use oidc::bearer;

use super::claims::Known;
use super::stored::{self, Grant};
use super::{claims, token};
use crate::wallet::claims::Resting;
use crate::{Broker, Fault};

/// Why UserInfo is not told.
#[derive(Debug, thiserror::Error)]
pub enum UserInfoRefusal {
    /// No token, two at once, or one that is unknown, expired or revoked (RFC 6750 section 3.1).
    #[error(transparent)]
    Bearer(bearer::BearerError),
    /// It cannot be told now.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const UNKNOWN: UserInfoRefusal = UserInfoRefusal::Bearer(bearer::INVALID_TOKEN);

impl Broker {
    /// What the bearer of an access token may know of its person, as JSON. The token comes in the
    /// header or in a form body, never in the query.
    ///
    /// # Errors
    ///
    /// [`UserInfoRefusal`].
    pub async fn userinfo(&self, authorization: Option<&str>, form: Option<&str>) -> Result<String, UserInfoRefusal> {
        let bearer = bearer::token(authorization, form).map_err(UserInfoRefusal::Bearer)?;
        let handle = Handle::parse(bearer.expose()).ok_or(UNKNOWN)?;
        let token = self.store().token(&digest_handle(&handle)).await.map_err(Fault::from)?;
        let token = token.filter(|token| self.now() < token.expires_at).ok_or(UNKNOWN)?;
        let metadata = self.client_metadata(token.client.as_str()).await?.ok_or(UNKNOWN)?;
        let account = self.account(&token.person).await?;
        let grant: Grant = stored::read(&token.grant, "grant")?;
        let (scopes, named) = (token::scopes(&grant), &grant.reply.userinfo_claims);
        let from_wallet = self.open_claims(grant.from_wallet.as_deref(), Resting::Code(&token.code))?;
        let known = Known { person: &account.person, from_wallet: from_wallet.as_ref() };
        let mut told = claims::told(&known, &scopes, named, (&self.allowed(&metadata), &grant.released));
        told.insert("sub".to_owned(), grant.subject.clone().into());
        told.insert("loa".to_owned(), token::loa_uri(self, &grant).into());
        Ok(serde_json::Value::Object(told).to_string())
    }
}
