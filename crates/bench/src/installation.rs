//! A `kapu serve` of its own: configuration, key, one registered service, and people.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use idp::{Keys, MasterKey};

use crate::http::{Connection, Request, Response};
use crate::population;
use crate::process::Program;

/// The broker's origin, which is also the issuer. TLS is ended before the gateway.
pub(crate) const KAU: &str = "https://kau.bench.example";
/// The origin of the account's pages.
pub(crate) const UGYFELKAPU: &str = "https://ugyfelkapu.bench.example";
/// The origin of the credential issuer.
pub(crate) const DAP: &str = "https://dap.bench.example";
/// Where the service's answers go.
pub(crate) const REDIRECT_URI: &str = "https://portal.bench.example/callback";
/// The service.
pub(crate) const CLIENT_ID: &str = "bench-portal";
/// Its secret: this installation ends with the run.
pub(crate) const CLIENT_SECRET: &str = "a-secret-that-is-known-to-everybody";
/// Discovery.
pub(crate) const DISCOVERY: &str = "/.well-known/openid-configuration";

pub(crate) const MASTER_KEY: [u8; 32] = [7; 32];
/// A start that takes longer failed.
const START: Duration = Duration::from_mins(1);
/// How often a starting gateway is asked.
const ASK_EVERY: Duration = Duration::from_millis(1);

/// A folder with everything that a gateway needs.
pub(crate) struct Installation {
    kapu: PathBuf,
    folder: PathBuf,
    address: SocketAddr,
    people: u64,
}

/// One that serves.
pub(crate) struct Running {
    pub(crate) program: Program,
    pub(crate) address: SocketAddr,
}

impl Installation {
    /// Makes the folder: the program itself makes the schema and registers the service, then `people` are
    /// written into its database.
    pub(crate) async fn make(kapu: &Path, folder: PathBuf, people: u64) -> anyhow::Result<Self> {
        Box::pin(Self::configured(kapu, folder, people, "")).await
    }

    /// The same with `more` behind its configuration.
    pub(crate) async fn configured(kapu: &Path, folder: PathBuf, people: u64, more: &str) -> anyhow::Result<Self> {
        fs::create_dir(&folder)?;
        let (address, operations) = (free_address()?, free_address()?);
        let config = format!(
            "listen = \"{address}\"\noperations_listen = \"{operations}\"\ncutover = \"2025-01-16T00:00:00[Europe/Budapest]\"\n\
             [origins]\nkau = \"{KAU}\"\nugyfelkapu = \"{UGYFELKAPU}\"\ndap = \"{DAP}\"\n[dap]\ncountry = \"HU\"\n[database]\nsqlite = \"kapu.sqlite\"\n\
             [keys]\nfile = \"master.key\"\n[mail]\nsmtp = \"smtp://127.0.0.1:1\"\nfrom = \"Kapu <kapu@bench.example>\"\n{more}"
        );
        fs::write(folder.join("kapu.toml"), config)?;
        let mut key = File::options().write(true).create_new(true).mode(0o600).open(folder.join("master.key"))?;
        key.write_all(MasterKey::from_bytes(MASTER_KEY).to_file().expose().as_bytes())?;
        let service = serde_json::json!({
            "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "client_name": "Mérőportál",
            "redirect_uris": [REDIRECT_URI], "id_token_signed_response_alg": "ES256",
            "token_endpoint_auth_method": "client_secret_basic",
        });
        fs::write(folder.join("service.json"), service.to_string())?;
        let made = Self { kapu: kapu.to_owned(), folder, address, people };
        made.register("service.json")?;
        let keys = Keys::new(&MasterKey::from_bytes(MASTER_KEY));
        population::fill(&made.database(), &keys, people).await?;
        Ok(made)
    }

    /// Registers a service from SAML metadata.
    pub(crate) fn register_saml(&self, metadata: &str) -> anyhow::Result<()> {
        fs::write(self.folder.join("service.xml"), metadata)?;
        self.register("service.xml")
    }

    fn register(&self, file: &str) -> anyhow::Result<()> {
        let mut command = Command::new(&self.kapu);
        command.args(["service", "import", file, "--config", "kapu.toml"]).current_dir(&self.folder);
        let output = command.stdout(Stdio::null()).output().context("kapu")?;
        ensure!(output.status.success(), "kapu service import: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// The database file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("kapu.sqlite")
    }

    /// How many people it has.
    pub(crate) fn people(&self) -> u64 {
        self.people
    }

    /// Starts it by `command`, a command for its program, and waits for its first discovery answer.
    pub(crate) async fn start(&self, mut command: Command) -> anyhow::Result<Running> {
        command.args(["serve", "--config", "kapu.toml"]).current_dir(&self.folder);
        let program = Program::start(command, &self.folder.join("log"))?;
        let running = Running { program, address: self.address };
        running.answered().await.with_context(|| {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            format!("kapu serve does not answer; its log:\n{log}")
        })?;
        Ok(running)
    }

    /// The program.
    pub(crate) fn kapu(&self) -> &Path {
        &self.kapu
    }
}

impl Running {
    /// Waits for the first answer.
    async fn answered(&self) -> anyhow::Result<()> {
        let mut ticks = tokio::time::interval(ASK_EVERY);
        let asking = async {
            loop {
                ticks.tick().await;
                if let Ok(mut connection) = Connection::open(self.address).await {
                    let response = connection.exchange(&get(KAU, DISCOVERY)).await?;
                    ensure!(response.status == 200, "discovery answers {}", response.status);
                    return Ok(());
                }
            }
        };
        tokio::time::timeout(START, asking).await.context("no answer in time")?
    }

    /// The answer to one GET at one of its origins.
    pub(crate) async fn get(&self, origin: &str, path: &str) -> anyhow::Result<Response> {
        let response = Connection::open(self.address).await?.exchange(&get(origin, path)).await?;
        ensure!(response.status == 200, "{path} answers {}", response.status);
        Ok(response)
    }

    /// The path of the key set, as discovery names it.
    pub(crate) async fn key_set(&self) -> anyhow::Result<String> {
        let document: serde_json::Value = serde_json::from_slice(&self.get(KAU, DISCOVERY).await?.body)?;
        let path = document["jwks_uri"].as_str().and_then(|uri| uri.strip_prefix(KAU));
        Ok(path.context("jwks_uri")?.to_owned())
    }
}

/// A GET by a service.
pub(crate) fn get(origin: &str, path: &str) -> Vec<u8> {
    Request { origin, path, cookies: "", more: "", form: None }.bytes()
}

/// A port that nobody listens on at the moment.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
