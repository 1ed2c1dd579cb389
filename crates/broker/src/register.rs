//! What an operator puts in: services and persons.

use data_encoding::HEXLOWER;
use idp::deletion_code::DeletionCode;
use idp::totp::Key;
use journey::Standing;
use model::{
    Article, Binding, Lang, LegalBasis, Level, Person, Purposes, Secret, Service, ServiceId, ServiceTerms, StatedTerms,
    Timestamp, UserName,
};
use oidc::{AuthMethod, ClientKeys, ClientMetadata, NameArticle};
use serde_json::{Map, Value};
use store::record::{Account, Authenticator, AuthenticatorState, ClientRecord, ClientState, Protocol};
use store::{Change, Committed, Op};

use crate::credentials::key_place;
use crate::edge::oidc::loa_of;
use crate::{Broker, Fault, audit, audit_of, purposes};

/// Why something could not be registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The store cannot be used.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The identifier or user name of the entry at this index (from 0) is taken.
    #[error("entry {index}: the user name is taken")]
    Taken {
        /// Which entry.
        index: usize,
    },
    /// The service is registered, and its registration was not to be replaced.
    #[error("{id} is registered already")]
    Known {
        /// Which.
        id: String,
    },
    /// The service is registered as one that speaks another protocol.
    #[error("{id} is registered as a service of another protocol, and stays so")]
    OtherProtocol {
        /// Which.
        id: String,
    },
    /// The metadata cannot be used here.
    #[error("{0}")]
    Metadata(String),
}

/// Whether a registration may take the place of a former one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacing {
    /// Who is registered stays as registered.
    Refused,
    /// A service is registered anew. What is switched off stays so, and so do terms that are not stated.
    Allowed,
}

/// What a registration states of a service besides what its protocol needs. What is not stated stays as it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statement {
    /// What it demands.
    pub(crate) terms: StatedTerms,
    /// Why it asks for what it receives.
    pub(crate) purposes: Option<Purposes>,
}

/// A client that was registered.
#[derive(Debug)]
pub struct Registered {
    /// Its identifier.
    pub id: String,
    /// Its secret, given or drawn; stored as a keyed digest only.
    pub secret: Option<Secret<String>>,
}

/// Somebody to be given an account.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Who.
    pub person: Person,
    /// By what names.
    pub user_names: Vec<UserName>,
    /// In what language letters are written.
    pub lang: Lang,
    /// A password hash (a PHC string of ours) brought along; without one an activation code is mailed.
    pub password: Option<String>,
}

/// A client that can be registered.
#[derive(Debug)]
pub struct RegistrableClient {
    /// Its metadata.
    pub metadata: ClientMetadata,
    /// Why it asks for what it receives, if it says so (`kapu_purposes`).
    pub purposes: Option<Purposes>,
}

/// The one judgement of OpenID Connect client metadata: it is registered if this gives it.
///
/// # Errors
///
/// [`RegisterError::Metadata`] with the member and what is wrong.
pub fn registrable_client(text: &[u8]) -> Result<RegistrableClient, RegisterError> {
    let metadata = ClientMetadata::parse(text).map_err(|error| RegisterError::Metadata(error.to_string()))?;
    if matches!(metadata.keys, Some(ClientKeys::At(_))) {
        let reason = "`jwks_uri` cannot be used: keys are not fetched; register them as `jwks`";
        return Err(RegisterError::Metadata(reason.to_owned()));
    }
    let purposes = metadata.purposes.as_ref().map(purposes::of_members).transpose();
    let purposes = purposes.map_err(|fault| RegisterError::Metadata(format!("`kapu_purposes`: {fault}")))?;
    Ok(RegistrableClient { metadata, purposes })
}

impl Broker {
    /// Registers an OpenID Connect client from its metadata. An identifier and a secret that are needed and absent
    /// are drawn. `purposes` are what the operator states instead of `kapu_purposes`.
    ///
    /// # Errors
    ///
    /// [`RegisterError::Metadata`] with the member and what is wrong, and when purposes are stated twice;
    /// [`RegisterError::Known`] and [`RegisterError::OtherProtocol`].
    pub async fn register_client(
        &self,
        text: &[u8],
        purposes: Option<Purposes>,
        replacing: Replacing,
    ) -> Result<Registered, RegisterError> {
        let RegistrableClient { metadata, purposes: own } = registrable_client(text)?;
        let purposes = match (purposes, own) {
            (Some(_), Some(_)) => {
                let reason = "`kapu_purposes` states the purposes, and so does the operator; one of them is enough";
                return Err(RegisterError::Metadata(reason.to_owned()));
            }
            (stated, own) => stated.or(own),
        };
        let mut members: Map<String, Value> =
            serde_json::from_slice(text).map_err(|error| RegisterError::Metadata(error.to_string()))?;
        let drawn = || HEXLOWER.encode(&self.random().bytes::<32>());
        let id = metadata.client_id.clone().unwrap_or_else(|| HEXLOWER.encode(&self.random().bytes::<16>()));
        let secret = match (metadata.auth_method, &metadata.client_secret) {
            (AuthMethod::PrivateKeyJwt | AuthMethod::None, _) => None,
            (AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost, Some(secret)) => {
                Some(Secret::new(secret.expose().to_owned()))
            }
            (AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost, None) => Some(Secret::new(drawn())),
        };
        members.insert("client_id".to_owned(), id.clone().into());
        if let Some(secret) = &secret {
            members.insert("client_secret".to_owned(), self.client_secret_digest(&id, secret.expose()).into());
        }
        let service = service_of(&id, &metadata);
        let record = ClientRecord {
            service,
            protocol: Protocol::OpenIdConnect,
            metadata: Value::Object(members).to_string(),
            state: ClientState::Enabled,
        };
        let stated = Statement { terms: stated_terms(&metadata), purposes };
        self.register("client.registered", record, stated, replacing, []).await?;
        Ok(Registered { id, secret })
    }

    /// Writes a registration with its stated terms, and what goes with it: a new one, or in place of a former one.
    pub(crate) async fn register(
        &self,
        event: &'static str,
        mut record: ClientRecord,
        stated: Statement,
        replacing: Replacing,
        beside: impl IntoIterator<Item = Op>,
    ) -> Result<(), RegisterError> {
        let former = self.store().client(&record.service.id).await.map_err(Fault::from)?;
        let id = record.service.id.as_str().to_owned();
        let (terms, purposes) =
            former.as_ref().map(|former| (former.service.terms, former.service.purposes.clone())).unwrap_or_default();
        record.service.terms = stated.terms.over(terms);
        record.service.purposes = stated.purposes.unwrap_or(purposes);
        let op = match former {
            None => Op::AddClient(record),
            Some(_) if replacing == Replacing::Refused => return Err(RegisterError::Known { id }),
            Some(former) if former.protocol != record.protocol => return Err(RegisterError::OtherProtocol { id }),
            Some(former) => Op::ReplaceClient(ClientRecord { state: former.state, ..record }),
        };
        let change = Change::new(audit(self.now(), event)).with(op).with_all(beside);
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => Ok(()),
            // It was registered at this very moment.
            Committed::Refused(_) => Err(RegisterError::Known { id }),
        }
    }

    /// Adds persons, all or none, and mails each an activation code.
    ///
    /// # Errors
    ///
    /// [`RegisterError::Taken`] names the entry whose user name exists.
    pub async fn register_persons(&self, persons: &[NewPerson]) -> Result<(), RegisterError> {
        let now = self.now();
        let mut change = Change::new(audit(now, "persons.registered"));
        let mut entry_of_op = Vec::new();
        for (index, new) in persons.iter().enumerate() {
            let before = change.len();
            change = self.register_one(change, new, now);
            entry_of_op.extend(std::iter::repeat_n(index, change.len() - before));
        }
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => {
                self.wake_delivery();
                Ok(())
            }
            Committed::Refused(op) => Err(RegisterError::Taken { index: entry_of_op.get(op).copied().unwrap_or(0) }),
        }
    }

    fn register_one(&self, change: Change, new: &NewPerson, now: Timestamp) -> Change {
        let person = new.person.id.clone();
        let mut change = change.with(Op::AddPerson { person: Box::new(new.person.clone()), lang: new.lang, at: now });
        for name in &new.user_names {
            change = change.with(Op::AddUserName { name: name.clone(), person: person.clone() });
        }
        if let Some(hash) = &new.password {
            return change.with(Op::SetPassword { person, seen: None, hash: hash.clone(), at: now });
        }
        let Some(user_name) = new.user_names.first().cloned() else { return change };
        let account = Account {
            person: new.person.clone(),
            user_name,
            standing: Standing::Open,
            password: None,
            epoch: 0,
            enrolments: 0,
            lang: new.lang,
            authenticator: None,
        };
        let (activation, letter) = self.draw_activation(&account, now);
        change.with(Op::PutActivation(activation)).deliver(letter)
    }

    /// Binds an authenticator that was set up elsewhere, as it is said to be bound: for the demonstration's persons and
    /// for tests.
    ///
    /// # Errors
    ///
    /// [`Fault::NoSession`] when there is no such user name.
    pub async fn seed_authenticator(
        &self,
        name: &UserName,
        key: &Key,
        deletion_code: &DeletionCode,
        state: AuthenticatorState,
        binding: Binding,
    ) -> Result<(), Fault> {
        let account = self.store().account_by_name(name).await?.ok_or(Fault::NoSession)?;
        let now = self.now();
        let person = account.person.id.clone();
        let authenticator = Authenticator {
            id: HEXLOWER.encode(&self.random().bytes::<16>()),
            sealed_key: idp::seal::seal(self.keys(), self.random(), &key_place(&person), key.expose()),
            state,
            last_step: 0,
            binding,
            usable_from: now,
            nth: account.enrolments + 1,
            bound_at: now,
            changed_at: now,
            deletion_hash: deletion_code.hash(self.hasher(), self.random(), &person).await?,
            person,
        };
        let change = Change::new(audit_of(now, &account.person.id, "authenticator.seeded"))
            .with(Op::BindAuthenticator(authenticator));
        self.store().commit(change).await?;
        Ok(())
    }

    /// The service with this identifier, if it is registered and enabled.
    pub(crate) async fn service(&self, id: &ServiceId) -> Result<Option<Service>, Fault> {
        match self.wallet_service(id) {
            Some(wallet) => Ok(Some(wallet)),
            None => Ok(self.enabled_client(id).await?.map(|record| record.service)),
        }
    }

    /// The one place that says whether a client may be used.
    pub(crate) async fn enabled_client(&self, id: &ServiceId) -> Result<Option<ClientRecord>, Fault> {
        let record = self.store().client(id).await?;
        Ok(record.filter(|record| record.state == ClientState::Enabled))
    }

    /// A digest to store in place of a client secret: secrets are random, so no slow hash is needed.
    pub(crate) fn client_secret_digest(&self, client: &str, secret: &str) -> String {
        let parts: [&[u8]; 2] = [client.as_bytes(), secret.as_bytes()];
        HEXLOWER.encode(&self.keys().mac(idp::Purpose::ClientSecret, &parts))
    }
}

/// What pages and policy need to know of a client.
fn service_of(id: &str, metadata: &ClientMetadata) -> Service {
    let article = match metadata.name_article {
        Some(NameArticle::Az) => Article::Az,
        Some(NameArticle::A) => Article::A,
        None => Article::guess(&metadata.name_hu),
    };
    // Without a page of its own a service begins at the origin of its first answer address.
    let home = metadata.client_uri.as_ref().or(metadata.redirect_uris.first());
    Service {
        id: ServiceId::new(id),
        name_hu: metadata.name_hu.clone(),
        name_en: metadata.name_en.clone(),
        article,
        home: home.map(|uri| uri.as_str().to_owned()).unwrap_or_default(),
        terms: ServiceTerms::default(),
        purposes: Purposes::default(),
    }
}

fn stated_terms(metadata: &ClientMetadata) -> StatedTerms {
    StatedTerms {
        min_level: metadata.min_level.and_then(|level| Level::from_number(i64::from(level))),
        min_loa: metadata.min_loa.map(loa_of),
        basis: metadata.legal_basis.map(|basis| match basis {
            oidc::LegalBasis::Consent => LegalBasis::Consent,
            oidc::LegalBasis::Law => LegalBasis::Law,
        }),
    }
}
