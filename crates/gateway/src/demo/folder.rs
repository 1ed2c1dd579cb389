//! The folder that keeps a demo.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use journey::{Availability, OwnerProof, Policy};
use store::StoreConfig;

use crate::config::{Cutover, Hashing, LoaScheme};
use crate::engine::Settings;
use crate::origin::Origin;

/// Where a demo is kept unless `--data` says otherwise.
pub const DATA: &str = "kapu-demo";

const DATABASE: &str = "kapu.sqlite";
const KEY: &str = "master.key";
const ACCOUNTS: &str = "demo-accounts.json";
/// Written before the database is filled and renamed after, so that a start that was cut off is known.
const ACCOUNTS_DRAFT: &str = "demo-accounts.json.new";

/// The folder of a demo.
#[derive(Debug)]
pub struct Folder(PathBuf);

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
    /// Opens the folder, or makes it for its owner only.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("the folder {} cannot be made", path.display()))?;
        Ok(Self(path.to_owned()))
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
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
    pub(super) fn settings(&self, cutover: Cutover, kau: &Origin) -> Settings {
        let policy =
            Policy { cutover: cutover.instant(), owner_proof: OwnerProof::default(), wallet: Availability::NotYet };
        Settings {
            store: StoreConfig::Sqlite { path: self.file(DATABASE) },
            key_file: self.key(),
            policy,
            issuer: kau.to_string(),
            loa_scheme: LoaScheme::default(),
            hashing: Hashing::default(),
        }
    }

    /// How far the demo in it was made.
    ///
    /// # Errors
    ///
    /// When a part is missing, or something else lies there that is not ours to touch.
    pub(super) fn stage(&self) -> anyhow::Result<Stage> {
        let (accounts, draft) = (self.accounts().exists(), self.accounts_draft().exists());
        let (database, key) = (self.file(DATABASE).exists(), self.key().exists());
        match (accounts, draft, database, key) {
            (true, _, true, true) => Ok(Stage::Made),
            (false, true, _, _) => Ok(Stage::CutOff),
            (false, false, false, false) => Ok(Stage::Empty),
            (true, _, _, _) => bail!(
                "the demo in {} lacks {}; remove the folder to begin anew",
                self.0.display(),
                if database { KEY } else { DATABASE }
            ),
            (false, false, _, _) => bail!(
                "{} holds {} but no {ACCOUNTS}, so it is no demo's; give --data another folder",
                self.0.display(),
                if database { DATABASE } else { KEY }
            ),
        }
    }

    /// Removes what a start that was cut off had made.
    pub(super) fn clear(&self) -> anyhow::Result<()> {
        let database = ["", "-wal", "-shm"].map(|ending| format!("{DATABASE}{ending}"));
        for name in database.iter().map(String::as_str).chain([KEY, ACCOUNTS_DRAFT]) {
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
    let folder = Folder(data.to_owned());
    if !data.is_dir() || folder.stage()? != Stage::Made {
        bail!("there is no demo in {}; start one with: kapu demo --data {}", data.display(), data.display());
    }
    // A command asks neither for the date nor for the port.
    Ok(folder.settings(Cutover::parse(Cutover::DEMO)?, &Origin::of_demo(Some("kau"), 8080)))
}
