//! Store, keys, hash pool and conductor, put together: what every command and both servers work with.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use broker::{Broker, OidcEndpoints, Outbound, Parts, Upstream, Upstreams};
use idp::{HashParameters, HashPool, Hasher, Keys};
use journey::Policy;
use model::{Clock, Random};
use store::{Store, StoreConfig};

use crate::config::{Config, Hashing, Issuing, LoaScheme, Wallet};
use crate::deliver::{Reach, UpstreamClient};
use crate::key_file;
use crate::machine::{SystemClock, SystemRandom};

/// What an installation is made of.
pub struct Settings {
    /// Where things rest.
    pub store: StoreConfig,
    /// The file of the master key.
    pub key_file: PathBuf,
    /// The rules.
    pub policy: Policy,
    /// The issuer: the broker's origin.
    pub issuer: String,
    /// The account pages' origin.
    pub account_origin: String,
    /// The credential issuer, if there is one.
    pub issuing: Option<Issuing>,
    /// Which names the levels of assurance have in answers.
    pub loa_scheme: LoaScheme,
    /// What a hash costs.
    pub hashing: Hashing,
    /// The other identity providers whose sign-ins are taken.
    pub upstreams: Vec<Upstream>,
    /// Whose credentials wallets may show; none where wallets are not asked.
    pub wallet: Option<Wallet>,
    /// How far other machines may be that are called.
    pub reach: Reach,
}

/// An installation, ready to work. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    /// The conductor.
    pub broker: Broker,
    /// Where things rest.
    pub store: Store,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub random: Arc<dyn Random>,
}

impl From<&Config> for Settings {
    fn from(config: &Config) -> Self {
        Self {
            store: config.database.place(),
            key_file: config.key_file.clone(),
            policy: config.policy(),
            issuer: config.origins.kau.to_string(),
            account_origin: config.origins.ugyfelkapu.to_string(),
            issuing: config.issuing.clone(),
            loa_scheme: config.loa_scheme,
            hashing: config.hashing,
            upstreams: config.upstreams.clone(),
            wallet: config.wallet.clone(),
            reach: Reach::Public,
        }
    }
}

impl Settings {
    /// The keys, from their file.
    fn keys(&self) -> anyhow::Result<Arc<Keys>> {
        Ok(Arc::new(Keys::new(&key_file::read(&self.key_file)?)))
    }

    /// A hash pool of its own with these settings, and the hasher on it.
    ///
    /// # Errors
    ///
    /// When the key file is not in order, or there is no thread.
    pub fn hasher(&self) -> anyhow::Result<Hasher> {
        let parameters = HashParameters::new(self.hashing.memory_kib, self.hashing.passes, 1)?;
        let pool = HashPool::start(parameters, self.hashing.threads, SystemClock::shared())
            .context("the threads that hash cannot be started")?;
        Ok(Hasher::new(pool, self.keys()?, &SystemRandom))
    }

    /// Opens the database, brings it up to date, and starts.
    ///
    /// # Errors
    ///
    /// What is not in order, and where.
    pub async fn start(&self) -> anyhow::Result<Engine> {
        let (clock, random) = (SystemClock::shared(), SystemRandom::shared());
        let hasher = self.hasher()?;
        let store = Store::open(&self.store).await?;
        let loa_scheme = match self.loa_scheme {
            LoaScheme::NotNotified => broker::LoaScheme::NotNotified,
            LoaScheme::Notified => broker::LoaScheme::Notified,
        };
        let outbound: Arc<dyn Outbound> = Arc::new(UpstreamClient::new(self.reach)?);
        let parts = Parts {
            store: store.clone(),
            keys: self.keys()?,
            hasher,
            policy: self.policy,
            endpoints: OidcEndpoints::new(&self.issuer, &web::ENDPOINT_PATHS, loa_scheme),
            saml: web::saml_endpoints(&self.issuer, &self.account_origin),
            credential_issuer: self.issuing.clone().map(Issuing::at_its_addresses),
            upstreams: Upstreams { providers: self.upstreams.clone(), outbound: outbound.clone() },
            wallets: self.wallet.clone().map(|wallet| wallet.reached_by(outbound)),
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
        };
        let broker = Broker::start(parts)
            .await
            .with_context(|| format!("the database does not go with the master key in {}", self.key_file.display()))?;
        Ok(Engine { broker, store, clock, random })
    }
}
