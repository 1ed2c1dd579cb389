//! `cargo xtask bench`: starts the release build of `kapu`, drives it over loopback, and holds it against what
//! the same work costs bare, in the same run. Only ratios of one run mean anything.

mod bare;
mod budget;
mod http;
mod installation;
mod machine;
mod measure;
mod population;
mod process;
mod rounds;
mod saml_service;
mod sample;
mod sign_in;
mod table;
mod wallet;
mod xml;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use clap::{Parser, Subcommand};

use bare::Protocol;
use budget::Budget;
use installation::Installation;
use machine::Cores;
use measure::Run;
use table::{Row, Verdict};

/// Measures `kapu` beside the limits of the same work.
#[derive(Parser)]
struct Arguments {
    /// The program; by default `kapu` beside this one.
    #[arg(long)]
    kapu: Option<PathBuf>,
    /// Few rounds and fewer accounts: every row, but little certainty.
    #[arg(long)]
    quick: bool,
    /// Only these parts, separated by commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    #[command(subcommand)]
    child: Option<Child>,
}

/// What can be measured by itself.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Row 1.
    Documents,
    /// Rows 5, 7, 8, 16.
    SignIns,
    /// Rows 9 to 11, SAML metadata, and XML: signatures, canonical form, bombs.
    Saml,
    /// Presentations of wallets, and status lists.
    Wallet,
    /// Row 13: commits of a sign-in.
    Commits,
    /// Row 14, idle.
    Memory,
    /// Row 14, hash pool full.
    Saturation,
    /// Pages that wait for a wallet.
    Waiting,
    /// Row 15.
    Starts,
    /// Rows 14 and 15 of the demo.
    Demo,
    /// Pages and program.
    Sizes,
}

/// The limits run as children of this program.
#[derive(Subcommand)]
enum Child {
    /// Serves the answers of a file by bare routes.
    #[command(hide = true)]
    ServeAnswers {
        /// The file.
        file: PathBuf,
        /// A copy of a gateway's database, to be written as a sign-in writes it.
        database: Option<PathBuf>,
        /// The language of that sign-in.
        #[arg(long, default_value = "oidc")]
        protocol: Protocol,
    },
    /// Does the work of verifiers and issuers, without anything around it.
    #[command(hide = true, subcommand)]
    Wallet(wallet::Work),
    /// Does work on XML, without anything around it.
    #[command(hide = true, subcommand)]
    Xml(xml::Work),
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    match &arguments.child {
        Some(Child::ServeAnswers { file, database, protocol }) => bare::serve(file, database.as_deref(), *protocol)?,
        Some(Child::Wallet(work)) => work.run()?,
        Some(Child::Xml(work)) => work.run()?,
        None => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let mut rows = runtime.block_on(measure_all(&arguments))?;
            print!("{}", table::render(&mut rows));
            let missed = rows.iter().filter(|row| row.verdict == Verdict::Missed).count();
            let open = rows.iter().filter(|row| matches!(row.verdict, Verdict::Open(_))).count();
            println!("\n{} rows: {missed} missed, {open} not judged", rows.len());
            return Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the build put this program.
fn folder_of_build() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.parent().context("this program lies in a folder")?.to_owned())
}

/// The gateway that is measured.
fn program(arguments: &Arguments, beside: &Path) -> anyhow::Result<PathBuf> {
    let kapu = arguments.kapu.clone().unwrap_or_else(|| beside.join("kapu"));
    ensure!(kapu.is_file(), "{} is not there; build it: cargo build --release -p gateway", kapu.display());
    Ok(kapu.canonicalize()?)
}

async fn measure_all(arguments: &Arguments) -> anyhow::Result<Vec<Row>> {
    let budget = Budget::read()?;
    let protocol = if arguments.quick { &budget.quick } else { &budget.protocol };
    let beside = folder_of_build()?;
    let kapu = program(arguments, &beside)?;
    // On the disk of the build, not in memory: commits must meet a real one.
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(&beside)?;
    let cores = Cores::look()?;
    let wants = |part: Part| arguments.only.is_empty() || arguments.only.contains(&part);
    println!("{}\n{}\n", cores.told(), if arguments.quick { "quick: the figures say little" } else { "full run" });

    let run = Run { protocol, goals: &budget.goals, cores: &cores, folder: folder.path() };
    eprintln!("making {} accounts", protocol.accounts_few);
    let few = Box::pin(Installation::make(&kapu, folder.path().join("few"), protocol.accounts_few)).await?;
    let mut rows = Vec::new();
    let begin = |part: &str| eprintln!("measuring {part}");
    if wants(Part::Documents) {
        begin("discovery and key set");
        rows.extend(measure::documents(&run, &few).await?);
    }
    if [Part::SignIns, Part::Starts, Part::Memory].into_iter().any(wants) {
        eprintln!("making {} accounts", protocol.accounts_many);
        let many = Box::pin(Installation::make(&kapu, folder.path().join("many"), protocol.accounts_many)).await?;
        if wants(Part::Starts) {
            begin("starts");
            rows.extend(measure::starts(&run, &many).await?);
        }
        if wants(Part::Memory) {
            begin("idle memory");
            rows.extend(measure::memory(&run, &many).await?);
        }
        if wants(Part::SignIns) {
            begin("sign-ins");
            rows.extend(measure::sign_ins(&run, &few, &many).await?);
        }
    }
    if wants(Part::Saml) {
        begin("SAML");
        let fresh = Box::pin(Installation::make(&kapu, folder.path().join("saml"), protocol.accounts_few)).await?;
        rows.extend(measure::saml(&run, &fresh).await?);
        rows.extend(measure::xml(&run).await?);
    }
    if wants(Part::Wallet) {
        begin("wallets");
        let fresh = Box::pin(Installation::make(&kapu, folder.path().join("wallet"), protocol.accounts_few)).await?;
        rows.extend(measure::wallet(&run, &fresh).await?);
    }
    if wants(Part::Commits) {
        begin("commits");
        let fresh = Box::pin(Installation::make(&kapu, folder.path().join("commits"), protocol.accounts_few)).await?;
        rows.extend(measure::commits(&run, &fresh).await?);
    }
    if wants(Part::Sizes) {
        begin("sizes");
        rows.extend(measure::sizes(&run, &few).await?);
    }
    if wants(Part::Demo) {
        begin("the demo");
        rows.extend(measure::demo(&run, &kapu).await?);
    }
    if wants(Part::Saturation) {
        begin("the hash pool full");
        rows.extend(measure::saturation(&run, &few).await?);
    }
    if wants(Part::Waiting) {
        begin("pages that wait");
        rows.extend(measure::waiting(&run, &kapu).await?);
    }
    Ok(rows)
}
