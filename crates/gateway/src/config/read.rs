//! From the file to a [`Config`], or to the line that is wrong and why.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use journey::OwnerProof;
use model::{Secret, limits};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::StoreError;

use super::issuing::IssuingTable;
use super::upstreams::{UpstreamTable, UpstreamsAt, upstreams};
use super::values::{Cutover, Hashing, LoaScheme, MailAddress, SmtpServer};
use super::wallet::WalletTable;
use super::{Config, Database, Mail, Origins, TrustedProxies};

/// The largest configuration file, in bytes.
const FILE_BYTES: u64 = 64 * 1024;
/// Connections to a database server, unless the file says otherwise.
pub const DATABASE_CONNECTIONS: usize = 8;

/// What is wrong with a configuration file.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {reason}", file.display(), line.map(|line| format!(" line {line}")).unwrap_or_default())]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong, in one sentence.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    listen: SocketAddr,
    #[serde(default = "operations_listen")]
    operations_listen: Loopback,
    cutover: Cutover,
    origins: Origins,
    database: DatabaseTable,
    keys: KeysTable,
    mail: MailTable,
    #[serde(default)]
    enrolment: EnrolmentTable,
    #[serde(default)]
    hashing: HashingTable,
    #[serde(default)]
    limits: LimitsTable,
    #[serde(default)]
    assurance: AssuranceTable,
    #[serde(default)]
    help: HelpTable,
    #[serde(default)]
    upstream: Vec<UpstreamTable>,
    wallet: Option<WalletTable>,
    dap: Option<IssuingTable>,
}

#[derive(Deserialize)]
#[serde(try_from = "SocketAddr")]
struct Loopback(SocketAddr);

impl TryFrom<SocketAddr> for Loopback {
    type Error = &'static str;

    fn try_from(address: SocketAddr) -> Result<Self, Self::Error> {
        let loopback = address.ip().to_canonical().is_loopback();
        loopback.then_some(Self(address)).ok_or("health and metrics are served on a loopback address only")
    }
}

fn operations_listen() -> Loopback {
    Loopback(SocketAddr::from(([127, 0, 0, 1], 9090)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatabaseMembers {
    sqlite: Option<PathBuf>,
    postgres: Option<String>,
    connections: Option<usize>,
    root_certificates: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(try_from = "DatabaseMembers")]
struct DatabaseTable(Database);

impl TryFrom<DatabaseMembers> for DatabaseTable {
    type Error = &'static str;

    fn try_from(members: DatabaseMembers) -> Result<Self, Self::Error> {
        if members.postgres.is_none() && members.root_certificates.is_some() {
            return Err("root_certificates belongs to postgres; a SQLite file needs none");
        }
        match (members.sqlite, members.postgres, members.connections) {
            (Some(_), Some(_), _) => Err("[database] names both sqlite and postgres; keep one of them"),
            (None, None, _) => Err("[database] names neither sqlite = \"FILE\" nor postgres = \"ADDRESS\""),
            (Some(_), None, Some(_)) => Err("connections belongs to postgres; a SQLite file needs none"),
            (None, Some(_), Some(0)) => Err("a database needs at least one connection"),
            (Some(file), None, None) => Ok(Self(Database::Sqlite(file))),
            (None, Some(address), connections) => Ok(Self(Database::Postgres {
                address: Secret::new(address),
                connections: connections.unwrap_or(DATABASE_CONNECTIONS),
                root_certificates: members.root_certificates,
            })),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysTable {
    file: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailTable {
    smtp: SmtpServer,
    from: MailAddress,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct EnrolmentTable {
    owner_proof: OwnerProof,
}

#[derive(Default, Deserialize)]
#[serde(try_from = "Hashing")]
struct HashingTable(Hashing);

impl TryFrom<Hashing> for HashingTable {
    type Error = String;

    fn try_from(hashing: Hashing) -> Result<Self, String> {
        let least = Hashing::default();
        if hashing.memory_kib < least.memory_kib || hashing.passes < least.passes {
            return Err(format!(
                "hashing takes at least memory_kib = {} and passes = {}; less is quickly guessed",
                least.memory_kib, least.passes
            ));
        }
        idp::HashParameters::new(hashing.memory_kib, hashing.passes, 1).map_err(|error| error.to_string())?;
        Ok(Self(hashing))
    }
}

#[derive(Deserialize)]
#[serde(try_from = "usize")]
struct Connections(usize);

impl Default for Connections {
    fn default() -> Self {
        Self(limits::CONNECTIONS)
    }
}

impl TryFrom<usize> for Connections {
    type Error = &'static str;

    fn try_from(connections: usize) -> Result<Self, Self::Error> {
        (1..=1_000_000).contains(&connections).then_some(Self(connections)).ok_or("connections is 1 to 1000000")
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LimitsTable {
    connections: Connections,
    trusted_proxies: TrustedProxies,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AssuranceTable {
    loa_scheme: LoaScheme,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HelpTable {
    phone: Option<String>,
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    ///
    /// The first [`ConfigError`].
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        Self::parse(&text_of(file)?, file)
    }

    /// Checks the text of a file; `file` names it in errors, and relative paths start in its folder.
    ///
    /// # Errors
    ///
    /// The first [`ConfigError`].
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let read: ConfigFile = parsed(text, file)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let (wallet_table, issuing_table) = (read.wallet, read.dap);
        let mut config = Self {
            listen: read.listen,
            operations_listen: read.operations_listen.0,
            origins: read.origins,
            cutover: read.cutover,
            database: match read.database.0 {
                Database::Sqlite(path) => Database::Sqlite(folder.join(path)),
                Database::Postgres { address, connections, root_certificates } => {
                    let root_certificates = root_certificates.map(|file| folder.join(file));
                    Database::Postgres { address, connections, root_certificates }
                }
            },
            key_file: folder.join(read.keys.file),
            mail: Mail { smtp: read.mail.smtp, from: read.mail.from },
            owner_proof: read.enrolment.owner_proof,
            hashing: read.hashing.0,
            connections: read.limits.connections.0,
            trusted_proxies: read.limits.trusted_proxies,
            loa_scheme: read.assurance.loa_scheme,
            help_phone: read.help.phone,
            upstreams: upstreams(read.upstream, UpstreamsAt::Public, file, text)?,
            wallet: None,
            issuing: None,
        };
        let blame = |member: &str, reason: String| ConfigError {
            file: file.to_owned(),
            line: text.lines().position(|line| line.trim_start().starts_with(member)).map(|index| index + 1),
            reason,
        };
        let origin = config.origins.dap.as_ref().map(ToString::to_string);
        let wallet = wallet_table.map(|table| table.check(origin.as_deref(), folder)).transpose();
        let wallet = wallet.map_err(|reason| blame("[wallet", reason))?;
        config.wallet = wallet.map(|wallet| wallet.among(config.connections));
        config.issuing = match (origin, issuing_table) {
            (None, None) => None,
            (Some(origin), Some(table)) => Some(table.check(origin, folder).map_err(|reason| blame("[dap", reason))?),
            (Some(_), None) => {
                let reason = "an issuer of credentials says which country issues: [dap] country = \"HU\"";
                return Err(blame("dap", reason.to_owned()));
            }
            (None, Some(_)) => {
                return Err(blame("[dap", "[dap] is of an issuer of credentials, and [origins] names none".to_owned()));
            }
        };
        config.agrees_with_itself().map_err(|(member, reason)| blame(member, reason.to_owned()))?;
        config.database.place().check().map_err(|error| match error {
            StoreError::Roots { .. } => blame("root_certificates", error.to_string()),
            other => blame("postgres", other.to_string()),
        })?;
        Ok(config)
    }

    /// What no single member can know: the member to blame, and why.
    fn agrees_with_itself(&self) -> Result<(), (&'static str, &'static str)> {
        if self.origins.kau == self.origins.ugyfelkapu {
            return Err(("ugyfelkapu", "kau and ugyfelkapu need origins of their own: their cookies must not meet"));
        }
        if self.trusted_proxies.is_empty()
            && self.wallet.as_ref().is_some_and(|wallet| !wallet.place_headers.is_empty())
        {
            return Err((
                "place_headers",
                "place_headers are a trusted proxy's, and limits.trusted_proxies names none",
            ));
        }
        if let Some(dap) = &self.origins.dap
            && [&self.origins.kau, &self.origins.ugyfelkapu].contains(&dap)
        {
            return Err(("dap", "dap needs an origin of its own: wallets call it, and no session is to be met there"));
        }
        if self.operations_listen == self.listen {
            return Err(("operations_listen", "health and metrics need an address of their own"));
        }
        Ok(())
    }
}

/// The text of a configuration file.
pub(super) fn text_of(file: &Path) -> Result<String, ConfigError> {
    let fault = |reason: String| ConfigError { file: file.to_owned(), line: None, reason };
    let size = fs::metadata(file).map_err(|error| fault(format!("cannot be read: {error}")))?.len();
    if size > FILE_BYTES {
        return Err(fault(format!("is larger than {FILE_BYTES} bytes, so it is no configuration")));
    }
    let bytes = fs::read(file).map_err(|error| fault(format!("cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
        ConfigError { file: file.to_owned(), line: Some(line), reason: "is not UTF-8 text".to_owned() }
    })
}

/// The members of a file, or the line that is wrong.
pub(super) fn parsed<T: DeserializeOwned>(text: &str, file: &Path) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| ConfigError {
        file: file.to_owned(),
        line: error.span().map(|span| line_of(text.as_bytes(), span.start)),
        reason: error.message().replace('\n', "; "),
    })
}

/// The line, from 1, of the byte at `offset`.
fn line_of(text: &[u8], offset: usize) -> usize {
    1 + text.iter().take(offset).filter(|byte| **byte == b'\n').count()
}
