//! The command line.

mod commands;

use std::convert::Infallible;
use std::path::PathBuf;
use std::process::ExitCode;

use broker::Replacing;
use clap::{Args, Parser, Subcommand};
use model::{LegalBasis, Level, Loa, Secret, StatedTerms};

use crate::config::{Config, Cutover, load_upstreams};
use crate::demo::{self, ListenOn};
use crate::{import, log, serve};

/// A gate between people and services: sign-in with two factors, for all of them.
#[derive(Debug, Parser)]
#[command(name = "kapu", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves everything on this machine, with made-up persons, to be tried out.
    Demo {
        /// A loopback address and a port; port 0 picks a free one.
        #[arg(long, value_name = "ADDR", default_value_t = ListenOn::default())]
        listen: ListenOn,
        /// The folder that keeps the demo's data between runs; made when missing.
        #[arg(long, value_name = "DIR", default_value = demo::DATA)]
        data: PathBuf,
        /// An empty PostgreSQL database for the gateway's data: a URL, or host=… user=… dbname=…; the folder
        /// remembers it. Without it they are in a SQLite file in the folder.
        #[arg(long, value_name = "ADDRESS", value_parser = secret)]
        database: Option<Secret<String>>,
        /// From when a password alone is not enough.
        #[arg(long, value_name = "INSTANT", default_value = Cutover::DEMO)]
        cutover: Cutover,
        /// A file with [[upstream]] tables, as in an installation's configuration: other identity providers to sign
        /// in by, also on this machine by http.
        #[arg(long, value_name = "FILE")]
        upstreams: Option<PathBuf>,
    },
    /// Serves an installation.
    Serve {
        /// The configuration.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Says what is understood of a configuration, or which line of it is wrong.
    CheckConfig {
        /// The configuration.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Registers services.
    #[command(subcommand)]
    Service(ServiceCommand),
    /// Imports and unfreezes persons.
    #[command(subcommand)]
    Person(PersonCommand),
    /// Makes and rotates keys.
    #[command(subcommand)]
    Key(KeyCommand),
}

#[derive(Debug, Subcommand)]
enum ServiceCommand {
    /// Registers a service, from OpenID Connect client metadata (JSON) or SAML metadata (XML).
    Import {
        /// The metadata: a file, or an address of SAML metadata, which are then fetched again and need a validUntil.
        #[arg(value_name = "FILE|URL")]
        what: String,
        /// The entityID of the service, where SAML metadata have several entities.
        #[arg(long, value_name = "ID")]
        entity: Option<String>,
        /// The certificates (PEM) one of whose keys must sign what the address gives, now and later.
        #[arg(long, value_name = "FILE")]
        feed_cert: Option<PathBuf>,
        /// Replaces the registration of a service that is registered already. What is switched off stays so, and so do
        /// terms that are not stated anew.
        #[arg(long)]
        replace: bool,
        /// The least level of a SAML service: 1, 2 or 3; absent means 1 before the cut-over and 2 from it.
        #[arg(long, value_parser = level)]
        min_level: Option<Level>,
        /// The least level of assurance of a SAML service: low, substantial or high; absent means any.
        #[arg(long, value_parser = loa)]
        min_loa: Option<Loa>,
        /// The law requires what a SAML service receives: people are told of it, and asked nothing.
        #[arg(long)]
        by_law: bool,
        /// People are asked to agree to what a SAML service receives, as they are where nothing else was said before.
        #[arg(long, conflicts_with = "by_law")]
        by_consent: bool,
        /// A JSON file that says what the service wants each datum for: {"email": {"hu": "…", "en": "…"}, …}. Pages show
        /// it beside the datum. It stays until another is given.
        #[arg(long, value_name = "FILE")]
        purposes: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Says in plain words what metadata would be registered as, or what a captured SAML request asks for, and what is
    /// wrong with it. Nothing is registered.
    ///
    /// It ends with 1 when something would be refused. Without --data or --config it is judged as for an installation
    /// whose addresses are not known.
    Check {
        /// A file or an https address with SAML metadata or OpenID Connect client metadata; or a captured request: the
        /// address or query with `SAMLRequest=…`, or a file with it, with its base64 or with its XML.
        #[arg(value_name = "FILE|URL")]
        what: String,
        /// The metadata of the service that the request comes from.
        #[arg(long, value_name = "FILE")]
        metadata: Option<PathBuf>,
        #[command(flatten)]
        place: MaybePlace,
    },
}

#[derive(Debug, Subcommand)]
enum PersonCommand {
    /// Gives people an account, from CSV or JSON. One bad row means that nobody is imported.
    #[command(after_help = columns())]
    Import {
        /// The persons.
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Opens a frozen account again, and mails a code to choose a new password.
    ///
    /// The former password becomes void, and the second factor has to be requested anew. An account that waits
    /// for its password gets another code: the last one may have run out after five days.
    Unfreeze {
        /// The user name.
        user: String,
        #[command(flatten)]
        place: Place,
    },
    /// Writes down that a clerk saw the person with the phone in hand: the authenticator app in use is theirs.
    ///
    /// From then on a sign-in with it is of level of assurance substantial, and the person may ask for a credential in a
    /// wallet. It speaks for this one app: another one that takes its place is not better for it.
    Identify {
        /// The user name.
        user: String,
        /// The code that the person's app shows now. Ask for it: whoever knew the password may have set up another app.
        /// Without it the app is theirs by your word alone, and no credential that follows from it is worth high.
        #[arg(long, value_name = "CODE", value_parser = secret)]
        code: Option<Secret<String>>,
        #[command(flatten)]
        place: Place,
    },
    /// Revokes all credentials in a person's wallets. They are told of it by a letter.
    RevokeWallet {
        /// The user name.
        user: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Makes the file of a new master key.
    Init {
        /// The file; it must not exist.
        file: PathBuf,
    },
    /// Publishes new signing keys; they sign 24 hours later.
    Rotate {
        #[command(flatten)]
        place: Place,
    },
}

/// Which installation a command is for.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Place {
    /// The data folder of a demo.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration of an installation.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Which installation a command is for, if that matters.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct MaybePlace {
    /// The data folder of a demo: services of this machine are good.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration of an installation.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// A word that may hold a password.
#[expect(clippy::unnecessary_wraps, reason = "what clap asks of a parser")]
fn secret(word: &str) -> Result<Secret<String>, Infallible> {
    Ok(Secret::new(word.to_owned()))
}

/// What `kapu person import --help` says of the columns.
fn columns() -> String {
    format!(
        "Columns of CSV (with a header, separated by commas or semicolons), and members of JSON:\n{}",
        import::person::table()
    )
}

impl Cli {
    /// Does what was asked, and says on standard error in one line why it could not.
    pub fn run(self) -> ExitCode {
        log::start(match &self.command {
            Command::Demo { .. } | Command::Serve { .. } => tracing::Level::INFO,
            Command::CheckConfig { .. } | Command::Service(_) | Command::Person(_) | Command::Key(_) => {
                tracing::Level::WARN
            }
        });
        let done = tokio::runtime::Runtime::new().map_err(anyhow::Error::from).and_then(|runtime| {
            let done = runtime.block_on(self.command.run());
            // What still runs was given its time.
            runtime.shutdown_background();
            done
        });
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("kapu: {}", format!("{error:#}").replace('\n', " "));
                ExitCode::FAILURE
            }
        }
    }
}

impl Command {
    async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Demo { listen, data, database, cutover, upstreams } => {
                let upstreams = upstreams.map_or(Ok(Vec::new()), |file| load_upstreams(&file))?;
                demo::run(&listen, &data, database, cutover, upstreams).await
            }
            Command::Serve { config } => serve::run(&Config::load(&config)?).await,
            Command::CheckConfig { config } => {
                print!("{}", Config::load(&config)?);
                Ok(())
            }
            Command::Service(ServiceCommand::Import {
                what,
                entity,
                feed_cert,
                replace,
                min_level,
                min_loa,
                by_law,
                by_consent,
                purposes,
                place,
            }) => {
                let basis = match (by_law, by_consent) {
                    (true, _) => Some(LegalBasis::Law),
                    (false, true) => Some(LegalBasis::Consent),
                    (false, false) => None,
                };
                let replacing = if replace { Replacing::Allowed } else { Replacing::Refused };
                let terms = StatedTerms { min_level, min_loa, basis };
                let import = import::service::Import { what, entity, feed_cert, terms, purposes, replacing };
                commands::import_service(&place, import).await
            }
            Command::Service(ServiceCommand::Check { what, metadata, place }) => {
                commands::check_service(place, &what, metadata.as_deref()).await
            }
            Command::Person(PersonCommand::Import { file, place }) => commands::import_persons(&place, &file).await,
            Command::Person(PersonCommand::Unfreeze { user, place }) => commands::unfreeze(&place, &user).await,
            Command::Person(PersonCommand::Identify { user, code, place }) => {
                commands::identify(&place, &user, code.as_ref()).await
            }
            Command::Person(PersonCommand::RevokeWallet { user, place }) => {
                commands::revoke_wallet(&place, &user).await
            }
            Command::Key(KeyCommand::Init { file }) => commands::make_key(&file),
            Command::Key(KeyCommand::Rotate { place }) => commands::rotate_keys(&place).await,
        }
    }
}

fn level(text: &str) -> Result<Level, String> {
    let known = [("1", Level::One), ("2", Level::Two), ("3", Level::Three)];
    known.into_iter().find(|(name, _)| *name == text).map(|(_, level)| level).ok_or("1, 2 or 3".to_owned())
}

fn loa(text: &str) -> Result<Loa, String> {
    let known = [Loa::Low, Loa::Substantial, Loa::High];
    known.into_iter().find(|loa| loa.as_str() == text).ok_or("low, substantial or high".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_command_is_for_one_installation() {
        for (words, good) in [
            (&["kapu", "service", "import", "a.json", "--data", "d"][..], true),
            (&["kapu", "service", "import", "a.json", "--config", "k.toml"], true),
            (&["kapu", "service", "import", "a.xml", "--by-law", "--min-level", "2", "--data", "d"], true),
            (&["kapu", "service", "import", "a.xml", "--replace", "--by-consent", "--data", "d"], true),
            (&["kapu", "service", "import", "a.xml", "--by-law", "--by-consent", "--data", "d"], false),
            (&["kapu", "service", "import", "a.xml", "--purposes", "p.json", "--data", "d"], true),
            (
                &[
                    "kapu",
                    "service",
                    "import",
                    "https://feed.example/",
                    "--entity",
                    "a",
                    "--feed-cert",
                    "b",
                    "--data",
                    "d",
                ],
                true,
            ),
            (&["kapu", "service", "import", "a.json"], false),
            (&["kapu", "service", "import", "a.json", "--data", "d", "--config", "k.toml"], false),
            (&["kapu", "service", "check", "a.xml"], true),
            (&["kapu", "service", "check", "https://sp.example/metadata", "--data", "d"], true),
            (&["kapu", "service", "check", "SAMLRequest=x", "--metadata", "a.xml", "--config", "k.toml"], true),
            (&["kapu", "service", "check", "a.xml", "--data", "d", "--config", "k.toml"], false),
            (&["kapu", "key", "rotate", "--data", "d"], true),
            (&["kapu", "person", "identify", "minta.anna", "--data", "d"], true),
            (&["kapu", "person", "identify", "minta.anna", "--code", "123456", "--config", "k.toml"], true),
            (&["kapu", "person", "identify", "--data", "d"], false),
            (&["kapu", "person", "revoke-wallet", "minta.anna", "--data", "d"], true),
            (&["kapu", "demo", "--listen", "127.0.0.1:0", "--data", "d", "--cutover", "2030-01-01T00:00:00Z"], true),
            (&["kapu", "demo", "--database", "host=/run/postgresql user=kapu dbname=kapu"], true),
            (&["kapu", "demo", "--listen", "0.0.0.0:8080"], false),
            (&["kapu", "demo", "--cutover", "tomorrow"], false),
            (&["kapu", "serve"], false),
        ] {
            assert_eq!(Cli::try_parse_from(words).is_ok(), good, "{words:?}");
        }
    }

    #[test]
    fn help_names_every_column() {
        let help = Cli::try_parse_from(["kapu", "person", "import", "--help"]).unwrap_err().to_string();
        for column in import::person::COLUMNS {
            assert!(help.contains(column.name), "{}", column.name);
        }
    }
}
