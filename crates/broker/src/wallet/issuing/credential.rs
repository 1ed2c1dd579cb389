//! A token and proofs of keys become credentials. What is issued commits with its place in the status list, with the
//! nonce used up and with its share of the token, before it is answered.

use ::wallet::credential::PERSON_VCT;
use ::wallet::openid4vci::{
    Carriage, CredentialRequest, CredentialResponse, IssuanceError, Named, ResponseEncryption, SecretText, open_request,
};
use ::wallet::sd_jwt;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use idp::keys::digest_handle;
use journey::Standing;
use model::{Handle, Timestamp, limits};
use store::record::{Account, CredentialFormat, IssuedRecord, IssuingTokenRecord, StatusPlace};
use store::{Change, Committed, Issuing, Op};

use super::claims::{self, About};
use super::day::{day_of, midnight};
use super::ground::of_credential;
use super::key::IssuerKeys;
use super::key_proof::Holder;
use super::metadata::format_of;
use super::possession::GoodToken;
use super::{Issuer, IssuingRefusal, NotPossessed, ShownToken};
use crate::edge::oidc::stored;
use crate::edge::openid4vci::Grant;
use crate::letter::Notice;
use crate::{Broker, Fault, audit_of};

/// How often places are drawn again: at most a quarter of a list is given, so a batch of four is free once in four
/// draws at least.
const DRAWS_MAX: usize = 64;
/// Digests that stand for nothing in each object, so that their number tells less.
const DECOYS: usize = 2;

const UNWRITABLE: Fault = Fault::Damaged("credential to be issued");

/// What was asked for, after every check that needs no write.
struct Asked {
    format: CredentialFormat,
    holders: Vec<Holder>,
    /// The writes that use the nonces up.
    nonces: Vec<Op>,
}

/// From when until when credentials are good: whole days, so that they do not tell by their seconds which of them
/// belong together.
#[derive(Clone, Copy)]
struct Days {
    from: i64,
    until: i64,
}

/// The body of an answer.
#[derive(Debug)]
pub enum CredentialAnswer {
    /// In clear.
    Json(String),
    /// Encrypted, as the wallet wanted it.
    Jwt(String),
}

impl Broker {
    /// Takes a credential request (`OpenID4VCI` 1.0 section 8) and gives the body of the answer.
    ///
    /// # Errors
    ///
    /// [`IssuingRefusal`], in the words of section 8.3.1.
    pub async fn issue_credentials(
        &self,
        shown: &ShownToken<'_>,
        carriage: Carriage,
        body: &[u8],
    ) -> Result<CredentialAnswer, IssuingRefusal> {
        let issuer = self.issuer()?;
        let GoodToken { record: token, used } = self.issuing_token(shown, issuer.config.paths.credential).await?;
        let request = Self::read_request(issuer, carriage, body)?;
        let format = self.named(&request.credential, &token).await?;
        let asked = self.examine(issuer, format, &request).await?;
        if token.scope.as_ref().is_some_and(|scope| !scope.split(' ').any(|id| format_of(id) == Some(asked.format))) {
            let description = "the token is for another configuration";
            return Err(IssuanceError::UnknownCredentialConfiguration.because(description).into());
        }
        let denied = |description| IssuingRefusal::from(IssuanceError::CredentialRequestDenied.because(description));
        let account = self.account(&token.person).await?;
        if account.standing != Standing::Open {
            return Err(denied("the account is closed"));
        }
        let notification = Handle::draw(self.random());
        for _ in 0..DRAWS_MAX {
            let places = self.draw_places(asked.holders.len()).await?;
            let records = self.records(&asked, &token, &notification, &places);
            let credentials = self.sign_all(issuer, &asked, &account, &places)?;
            let notification_id = Some(SecretText::new(notification.expose().to_owned()));
            let response = CredentialResponse { credentials, notification_id };
            let answer = answered(&response, request.response.as_ref())?;
            let change = self.issued(&asked, &token, &account, records).preceded_by(used.clone());
            let proofs = usize::from(used.is_some());
            match self.store().commit(change).await.map_err(Fault::from)? {
                Committed::Done => {
                    self.wake_delivery();
                    return Ok(answer);
                }
                Committed::Refused(index) if index < proofs => return Err(NotPossessed::Proof.into()),
                Committed::Refused(index) if index < proofs + asked.nonces.len() => {
                    return Err(IssuanceError::InvalidNonce.because("the nonce was used before").into());
                }
                Committed::Refused(index) if index == proofs + asked.nonces.len() => {
                    return Err(denied("the token is good for no more credentials"));
                }
                // A place was given already, or the account was frozen at this very moment.
                Committed::Refused(_) if self.account(&token.person).await?.standing == Standing::Open => {}
                Committed::Refused(_) => return Err(denied("the account is closed")),
            }
        }
        Err(Fault::Busy { retry_after: 1 }.into())
    }

    fn read_request(issuer: &Issuer, carriage: Carriage, body: &[u8]) -> Result<CredentialRequest, IssuingRefusal> {
        let opened = match carriage {
            Carriage::Clear => None,
            Carriage::Encrypted => {
                let message = std::str::from_utf8(body).unwrap_or_default().trim_ascii();
                Some(open_request(message, &issuer.keys.load().openers)?)
            }
        };
        Ok(CredentialRequest::parse(opened.as_deref().unwrap_or(body), carriage, &issuer.metadata())?)
    }

    /// Which credential is named. Identifiers are good with the token that they came with (section 8.2).
    async fn named(&self, named: &Named, token: &IssuingTokenRecord) -> Result<CredentialFormat, IssuingRefusal> {
        let identifier = match named {
            Named::Configuration(id) => {
                let unknown = IssuanceError::UnknownCredentialConfiguration.because("no such configuration");
                return Ok(format_of(id).ok_or(unknown)?);
            }
            Named::Identifier(identifier) => identifier,
        };
        let unknown = IssuanceError::UnknownCredentialIdentifier.because("no such identifier came with the token");
        let code = token.code.as_ref().ok_or(unknown)?;
        let code = self.store().code(code).await.map_err(Fault::from)?.ok_or(unknown)?;
        let grant: Grant = stored::read(&code.grant, "grant")?;
        let given = grant.reply.details.iter().find(|given| *given == identifier);
        Ok(given.and_then(|given| format_of(given)).ok_or(unknown)?)
    }

    async fn examine(
        &self,
        issuer: &Issuer,
        format: CredentialFormat,
        request: &CredentialRequest,
    ) -> Result<Asked, IssuingRefusal> {
        let shown = self.shown_keys(issuer, &request.proofs).await?;
        let unknown = IssuanceError::InvalidNonce.because("a nonce is not one of ours, or has lapsed");
        let nonces: Option<Vec<Op>> = shown.nonces.iter().map(|nonce| self.use_nonce(nonce)).collect();
        Ok(Asked { format, holders: shown.holders, nonces: nonces.ok_or(unknown)? })
    }

    fn days(&self) -> Days {
        let from = midnight(self.now());
        let life = i64::try_from(limits::CREDENTIAL_LIFE.as_secs()).unwrap_or(i64::MAX);
        Days { from, until: from + life }
    }

    fn records(
        &self,
        asked: &Asked,
        token: &IssuingTokenRecord,
        notification: &Handle,
        places: &[StatusPlace],
    ) -> Vec<IssuedRecord> {
        let (now, until) = (self.now(), self.days().until);
        let record = |(holder, status): (&Holder, &StatusPlace)| IssuedRecord {
            id: HEXLOWER.encode(&self.random().bytes::<16>()),
            person: token.person.clone(),
            format: asked.format,
            status: *status,
            ground: of_credential(token.ground, holder.resists_high),
            holder: holder.key.thumbprint(),
            notification: digest_handle(notification),
            notified: None,
            issued_at: now,
            expires_at: Timestamp::from_seconds(until),
            revoked_at: None,
        };
        asked.holders.iter().zip(places).map(record).collect()
    }

    /// The change that writes down what is issued. The owner is told once for each offer.
    fn issued(
        &self,
        asked: &Asked,
        token: &IssuingTokenRecord,
        account: &Account,
        records: Vec<IssuedRecord>,
    ) -> Change {
        let now = self.now();
        let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
        let share = Issuing::UseToken { digest: token.digest.clone(), count, at: now };
        let mut audit = audit_of(now, &token.person, "credential.issued");
        let loa = records.iter().map(|record| record.ground.loa).min().unwrap_or(token.ground.loa).as_str();
        let attested = asked.holders.iter().filter(|holder| holder.resists_high).count();
        let holder = records.first().map_or("", |record| record.holder.as_str());
        let format = asked.format.as_str();
        audit.detail = format!("format={format} count={count} attested={attested} loa={loa} holder={holder}");
        let change = Change::new(audit)
            .with_all(asked.nonces.iter().cloned())
            .with(Op::Issuing(share))
            .with_all(records.into_iter().map(|record| Op::Issuing(Issuing::Add(record))));
        if token.remaining == limits::CREDENTIALS_A_TOKEN {
            self.notify(change, account, Notice::CredentialIssued, now)
        } else {
            change
        }
    }

    fn sign_all(
        &self,
        issuer: &Issuer,
        asked: &Asked,
        account: &Account,
        places: &[StatusPlace],
    ) -> Result<Vec<String>, Fault> {
        let keys = issuer.keys.load();
        let days = self.days();
        let number = claims::number_of(self.keys(), &account.person.id);
        let (first_day, last_day) = (day_of(days.from), day_of(days.until));
        let [authority, _] = &issuer.config.name;
        let country = &issuer.config.country;
        let about = About { number: &number, authority, country, issued: &first_day, expires: &last_day };
        let sign = |(holder, place): (&Holder, &StatusPlace)| {
            let bound = (&holder.key, *place);
            match asked.format {
                CredentialFormat::SdJwt => self.sign_sd_jwt((issuer, &keys), account, &about, days, bound),
                CredentialFormat::Mdoc => self.sign_mdoc((issuer, &keys), account, &about, days, bound),
            }
        };
        asked.holders.iter().zip(places).map(sign).collect()
    }

    fn sign_sd_jwt(
        &self,
        (issuer, keys): (&Issuer, &IssuerKeys),
        account: &Account,
        about: &About<'_>,
        days: Days,
        (holder, place): (&jose::Jwk, StatusPlace),
    ) -> Result<String, Fault> {
        let mut claims = claims::of(&account.person, about)?;
        let status = serde_json::json!({"uri": issuer.status_uri(place.list), "idx": place.place});
        claims.insert("iss".to_owned(), issuer.config.origin.clone().into());
        claims.insert("vct".to_owned(), PERSON_VCT.into());
        claims.insert("iat".to_owned(), days.from.into());
        claims.insert("exp".to_owned(), days.until.into());
        claims.insert("status".to_owned(), serde_json::json!({"status_list": status}));
        let disclosable = claims::disclosable();
        let issuance = sd_jwt::Issuance { claims, disclosable: &disclosable, decoys: DECOYS, holder };
        let mut salts = || self.random().bytes();
        sd_jwt::issue(issuance, &keys.signer, &keys.chain, &mut salts).map_err(|_| UNWRITABLE)
    }

    fn sign_mdoc(
        &self,
        (issuer, keys): (&Issuer, &IssuerKeys),
        account: &Account,
        about: &About<'_>,
        days: Days,
        (holder, place): (&jose::Jwk, StatusPlace),
    ) -> Result<String, Fault> {
        let (x, y) = holder.p256_coordinates().ok_or(UNWRITABLE)?;
        let device_key = mdoc::VerifyingKey::from_coordinates(mdoc::Algorithm::Es256, x, y).map_err(|_| UNWRITABLE)?;
        let elements = claims::elements(&account.person, about)?;
        let status = mdoc::StatusReference { index: place.place.into(), uri: issuer.status_uri(place.list) };
        let chain: Vec<&[u8]> = keys.chain.iter().map(Vec::as_slice).collect();
        let issuance = mdoc::Issuance {
            doc_type: mdoc::pid::DOC_TYPE,
            elements: &elements,
            device_key: &device_key,
            validity: mdoc::Validity { signed: days.from, from: days.from, until: days.until },
            status: Some(&status),
            x5chain: &chain,
        };
        let document = mdoc::issue(&issuance, &keys.document_signer, &mut |octets| self.random().fill(octets));
        Ok(BASE64URL_NOPAD.encode(&document.map_err(|_| UNWRITABLE)?))
    }
}

fn answered(response: &CredentialResponse, encryption: Option<&ResponseEncryption>) -> Result<CredentialAnswer, Fault> {
    let json = response.to_json();
    match encryption {
        None => Ok(CredentialAnswer::Json(json)),
        Some(encryption) => Ok(CredentialAnswer::Jwt(encryption.seal(&json).map_err(|_| UNWRITABLE)?)),
    }
}
