//! The code that a person's consent became turns into a token: for the wallet that asked, at the address that it named,
//! with the verifier and the key that it has.

use ::wallet::openid4vci::{IssuanceError, IssuanceFault, SecretText};
use idp::keys::digest_handle;
use model::{Handle, limits};
use oidc::{CodeChallenge, pkce_matches};
use store::record::{CodeRecord, IssuingTokenRecord};
use store::{Change, Committed, Issuing, Op};

use super::IssuingRefusal;
use super::clients::{Attested, NOT_ATTESTED};
use super::possession::{Possession, USED_BEFORE};
use super::token::answer;
use crate::edge::oidc::stored;
use crate::edge::openid4vci::Grant;
use crate::{Broker, Fault, audit_of};

/// What a token request shows besides the code.
pub(super) struct Shown<'a> {
    pub(super) attested: Option<Attested<'a>>,
    pub(super) possession: Option<Possession>,
    pub(super) redirect_uri: &'a str,
    pub(super) code_verifier: &'a SecretText,
}

const UNKNOWN: IssuanceFault = IssuanceError::InvalidGrant.because("the code is unknown, used or has lapsed");

impl Broker {
    /// Redeems a code (RFC 6749 section 4.1.3).
    pub(super) async fn redeem_code(&self, code: &SecretText, shown: Shown<'_>) -> Result<String, IssuingRefusal> {
        let Attested { wallet, used } = shown.attested.ok_or(NOT_ATTESTED)?;
        // HAIP 1.0 section 4.4: no token of this grant is whoever's who has it.
        let missing = IssuanceError::InvalidDpopProof.because("a proof of possession is missing");
        let possession = shown.possession.ok_or(missing)?;
        let handle = Handle::parse(code.expose()).ok_or(UNKNOWN)?;
        let code = self.store().code(&digest_handle(&handle)).await.map_err(Fault::from)?.ok_or(UNKNOWN)?;
        if code.client != self.wallet_service_id(wallet)? {
            return Err(UNKNOWN.into());
        }
        let grant: Grant = stored::read(&code.grant, "grant")?;
        let refused = |description| IssuingRefusal::from(IssuanceError::InvalidGrant.because(description));
        if shown.redirect_uri != grant.reply.redirect_uri {
            return Err(refused("the redirect_uri is not that of the request"));
        }
        if grant.reply.dpop_jkt.as_ref().is_some_and(|stated| *stated != possession.thumbprint) {
            return Err(refused("the code is bound to another key"));
        }
        let now = self.now();
        let challenge = CodeChallenge::parse(&grant.reply.challenge).ok_or(Fault::Damaged("grant"))?;
        if !pkce_matches(&challenge, shown.code_verifier.expose()) {
            // A wrong verifier burns the code.
            if code.spent_at.is_none() {
                self.revoke_code(&code.digest, now).await?;
            }
            return Err(refused("the code_verifier does not match"));
        }
        if code.spent_at.is_some() {
            // Its wallet proved itself and holds the verifier: somebody else had the code too.
            self.revoke_code(&code.digest, now).await?;
            return Err(UNKNOWN.into());
        }
        if now >= code.expires_at {
            return Err(UNKNOWN.into());
        }
        self.spend_code(&code, &grant, used, possession).await
    }

    async fn spend_code(
        &self,
        code: &CodeRecord,
        grant: &Grant,
        used: Op,
        possession: Possession,
    ) -> Result<String, IssuingRefusal> {
        let now = self.now();
        let token = Handle::draw(self.random());
        let record = IssuingTokenRecord {
            digest: digest_handle(&token),
            person: code.person.clone(),
            ground: grant.ground(),
            holder: Some(possession.thumbprint),
            remaining: limits::CREDENTIALS_A_TOKEN,
            expires_at: now + limits::ACCESS_TOKEN,
            code: Some(code.digest.clone()),
            scope: Some(grant.reply.configurations().collect::<Vec<_>>().join(" ")),
        };
        let change = Change::new(audit_of(now, &code.person, "credential-code.redeemed"))
            .with(used)
            .with(possession.used)
            .with(Op::SpendCode { digest: code.digest.clone(), client: code.client.clone(), at: now })
            .with(Op::Issuing(Issuing::IssueToken(record)));
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => Ok(answer(&token, true, Some(&grant.reply))),
            Committed::Refused(0) => Err(NOT_ATTESTED),
            Committed::Refused(1) => Err(USED_BEFORE.into()),
            Committed::Refused(_) => {
                // Spent since it was read: a second use like any other.
                self.revoke_code(&code.digest, now).await?;
                Err(UNKNOWN.into())
            }
        }
    }
}
