//! `kapu.toml`: what an operator decides, read and checked as a whole before anything starts.
//!
//! There is no default for what only the operator can know, no unknown member, and no member that
//! weakens: a clock for tests or a switch for debugging does not exist in any build.

mod explain;
mod issuing;
mod issuing_wallet;
mod proxies;
mod read;
mod upstreams;
mod values;
mod wallet;

use std::net::SocketAddr;
use std::path::PathBuf;

use broker::Upstream;
use journey::{OwnerProof, Policy};
use model::Secret;
use serde::Deserialize;
use store::StoreConfig;

use crate::origin::Origin;
pub use issuing::{Issuing, OFFER_LINK};
pub use proxies::{NetworkError, TrustedProxies};
pub use read::{ConfigError, DATABASE_CONNECTIONS};
pub use upstreams::{UpstreamsAt, load_upstreams};
pub use values::{Cutover, CutoverError, Hashing, LoaScheme, MailAddress, SmtpServer, SmtpServerError, Transport};
pub use wallet::{LINK, Wallet};

/// A whole configuration, checked.
#[derive(Debug)]
pub struct Config {
    /// Where people and services are served; TLS is ended before it.
    pub listen: SocketAddr,
    /// Where health and metrics are served: a loopback address.
    pub operations_listen: SocketAddr,
    /// The public addresses.
    pub origins: Origins,
    /// T: from when a password alone opens nothing but enrolment.
    pub cutover: Cutover,
    /// Where things rest.
    pub database: Database,
    /// The file of the master key.
    pub key_file: PathBuf,
    /// How letters go out.
    pub mail: Mail,
    /// How an enrolment after the cut-over proves its owner.
    pub owner_proof: OwnerProof,
    /// What a hash costs.
    pub hashing: Hashing,
    /// Connections open at one time.
    pub connections: usize,
    /// Whose word on a client's address is taken.
    pub trusted_proxies: TrustedProxies,
    /// Which names the levels of assurance have in answers.
    pub loa_scheme: LoaScheme,
    /// The help line's number as people write it.
    pub help_phone: Option<String>,
    /// The other identity providers whose sign-ins are taken.
    pub upstreams: Vec<Upstream>,
    /// Whose credentials wallets may show; none where wallets are not asked.
    pub wallet: Option<Wallet>,
    /// The issuer of credentials for wallets; without it none are issued.
    pub issuing: Option<Issuing>,
}

/// The public addresses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origins {
    /// The broker and its protocols.
    pub kau: Origin,
    /// The account's own pages.
    pub ugyfelkapu: Origin,
    /// The issuer of credentials for wallets; without it none are issued.
    pub dap: Option<Origin>,
}

/// Where things rest.
#[derive(Debug)]
pub enum Database {
    /// One file of this machine.
    Sqlite(PathBuf),
    /// A server.
    Postgres {
        /// Its address in libpq's words or as a URL; may hold a password.
        address: Secret<String>,
        /// How many connections to it are kept.
        connections: usize,
        /// Who vouches for it; without one, whom this machine trusts.
        root_certificates: Option<PathBuf>,
    },
}

impl Database {
    /// The same for the store.
    pub fn place(&self) -> StoreConfig {
        match self {
            Database::Sqlite(path) => StoreConfig::Sqlite { path: path.clone() },
            Database::Postgres { address, connections, root_certificates } => StoreConfig::Postgres {
                url: address.clone(),
                connections: *connections,
                roots: root_certificates.clone(),
            },
        }
    }
}

/// How letters go out.
#[derive(Debug)]
pub struct Mail {
    /// The server that takes them.
    pub smtp: SmtpServer,
    /// Whom they come from.
    pub from: MailAddress,
}

impl Config {
    /// The rules of this installation.
    pub fn policy(&self) -> Policy {
        // The conductor adds the other identity providers, which it is given.
        let (wallet, upstreams) = (journey::Availability::NotYet, journey::Upstreams::NONE);
        Policy { cutover: self.cutover.instant(), owner_proof: self.owner_proof, wallet, upstreams }
    }
}
