//! The folder that keeps a demo.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use journey::{Availability, OwnerProof, Policy};
use model::Secret;
use store::StoreConfig;

use crate::config::{self, Cutover, Hashing, LoaScheme};
use crate::deliver::Reach;
use crate::engine::Settings;
use crate::key_file::private_file;
use crate::origin::Origin;

/// Where a demo is kept unless `--data` says otherwise.
pub const DATA: &str = "kapu-demo";

const DATABASE: &str = "kapu.sqlite";
/// In place of that file: the address of a PostgreSQL server, for the next start and the commands beside it.
const SERVER: &str = "kapu.postgres";
const KEY: &str = "master.key";
const ACCOUNTS: &str = "demo-accounts.json";
/// Written before the database is filled and renamed after, so that a start that was cut off is known.
const ACCOUNTS_DRAFT: &str = "demo-accounts.json.new";

/// The folder of a demo.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The address of the PostgreSQL server that keeps the gateway's data in place of a file here.
    server: Option<Secret<String>>,
}

/// How far a demo was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Not at all.
    Empty,
    /// Its first start was cut off: what there is, nobody has used.
    CutOff,
    /// Whole.
    Made,
}

impl Folder {
    /// Opens the folder, or makes it for its owner only. `server` says where the data of a new demo go.
    ///
    /// # Errors
    ///
    /// When it cannot be made, or a demo in it keeps its data somewhere else.
    pub fn open(path: &Path, server: Option<Secret<String>>) -> anyhow::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("the folder {} cannot be made", path.display()))?;
        let kept = Self::of_demo(path)?;
        let Some(server) = server else { return Ok(kept) };
        let same = kept.server.as_ref().is_some_and(|kept| kept.expose() == server.expose());
        if kept.accounts().exists() && !same {
            bail!("the demo in {} keeps its data on another database; give --data another folder", path.display());
        }
        Ok(Self { server: Some(server), ..kept })
    }

    /// The folder as the last start left it.
    fn of_demo(path: &Path) -> anyhow::Result<Self> {
        let mut folder = Self { path: path.to_owned(), server: None };
        let file = folder.file(SERVER);
        if file.exists() {
            let address = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            folder.server = Some(Secret::new(address.trim_end().to_owned()));
        }
        Ok(folder)
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The accounts of the demo's persons.
    pub fn accounts(&self) -> PathBuf {
        self.file(ACCOUNTS)
    }

    pub(super) fn accounts_draft(&self) -> PathBuf {
        self.file(ACCOUNTS_DRAFT)
    }

    pub(super) fn key(&self) -> PathBuf {
        self.file(KEY)
    }

    /// The installation in the folder.
    pub(super) fn settings(&self, cutover: Cutover, kau: &Origin, ugyfelkapu: &Origin) -> Settings {
        let (owner_proof, wallet) = (OwnerProof::default(), Availability::NotYet);
        let policy = Policy { cutover: cutover.instant(), owner_proof, wallet, upstreams: journey::Upstreams::NONE };
        let store = match &self.server {
            None => StoreConfig::Sqlite { path: self.file(DATABASE) },
            Some(address) => {
                StoreConfig::Postgres { url: address.clone(), connections: config::DATABASE_CONNECTIONS, roots: None }
            }
        };
        Settings {
            store,
            key_file: self.key(),
            policy,
            issuer: kau.to_string(),
            account_origin: ugyfelkapu.to_string(),
            // A command beside the demo does not know the port, and issues nothing.
            issuing: None,
            loa_scheme: LoaScheme::default(),
            hashing: Hashing::default(),
            upstreams: Vec::new(),
            wallet: None,
            reach: Reach::PublicAndDemo,
        }
    }

    /// Whether a PostgreSQL server keeps the data.
    pub(super) fn is_on_server(&self) -> bool {
        self.server.is_some()
    }

    /// Notes the server's address, for its owner only since it may hold a password.
    pub(super) fn note_server(&self) -> anyhow::Result<()> {
        let Some(address) = &self.server else { return Ok(()) };
        let file = self.file(SERVER);
        private_file(&file, format!("{}\n", address.expose()).as_bytes())
            .with_context(|| format!("{} cannot be written", file.display()))
    }

    /// How far the demo in it was made.
    ///
    /// # Errors
    ///
    /// When a part is missing, or something else lies there that is not ours to touch.
    pub(super) fn stage(&self) -> anyhow::Result<Stage> {
        let (accounts, draft) = (self.accounts().exists(), self.accounts_draft().exists());
        let found = [DATABASE, SERVER].into_iter().find(|name| self.file(name).exists());
        let (database, key) = (found.is_some(), self.key().exists());
        match (accounts, draft, database, key) {
            (true, _, true, true) => Ok(Stage::Made),
            (false, true, _, _) => Ok(Stage::CutOff),
            (false, false, false, false) => Ok(Stage::Empty),
            (true, _, _, _) => bail!(
                "the demo in {} lacks {}; remove the folder to begin anew",
                self.path.display(),
                if database { KEY } else { DATABASE }
            ),
            (false, false, _, _) => bail!(
                "{} holds {} but no {ACCOUNTS}, so it is no demo's; give --data another folder",
                self.path.display(),
                found.unwrap_or(KEY)
            ),
        }
    }

    /// Removes what a start that was cut off had made.
    pub(super) fn clear(&self) -> anyhow::Result<()> {
        let database = ["", "-wal", "-shm"].map(|ending| format!("{DATABASE}{ending}"));
        for name in database.iter().map(String::as_str).chain([SERVER, KEY, ACCOUNTS_DRAFT]) {
            let file = self.file(name);
            if file.exists() {
                fs::remove_file(&file).with_context(|| format!("{} cannot be removed", file.display()))?;
            }
        }
        Ok(())
    }
}

/// The installation in the folder of a demo, for a command beside it.
///
/// # Errors
///
/// When there is no demo.
pub fn settings_of(data: &Path) -> anyhow::Result<Settings> {
    let folder = Folder::of_demo(data)?;
    if !data.is_dir() || folder.stage()? != Stage::Made {
        bail!("there is no demo in {}; start one with: kapu demo --data {}", data.display(), data.display());
    }
    // A command asks neither for the date nor for the port.
    let origin = |name| Origin::of_demo(Some(name), 8080);
    Ok(folder.settings(Cutover::parse(Cutover::DEMO)?, &origin("kau"), &origin("ugyfelkapu")))
}
