//! The commands that do one thing and end.

use std::path::Path;

use anyhow::{Context as _, bail};
use broker::{Fault, Identified, NewPerson, RegisterError, Replacing, SamlOptions, TotpCode};
use jiff::tz::TimeZone;
use model::{Secret, StatedTerms, Timestamp, UserName};

use super::{MaybePlace, Place};
use crate::check::{self, Installation};
use crate::config::Config;
use crate::demo;
use crate::engine::{Engine, Settings};
use crate::import::service::{Destination, Import};
use crate::import::{self, Source};
use crate::key_file;
use crate::machine::SystemRandom;

impl Place {
    /// The installation, and what may be registered there.
    fn settings(&self) -> anyhow::Result<(Settings, Destination)> {
        match (&self.data, &self.config) {
            (Some(folder), _) => Ok((demo::settings_of(folder)?, Destination::Demo)),
            (None, Some(file)) => Ok((Settings::from(&Config::load(file)?), Destination::Production)),
            (None, None) => bail!("give --data DIR or --config FILE"),
        }
    }

    async fn start(&self) -> anyhow::Result<Engine> {
        self.settings()?.0.start().await
    }
}

pub(super) async fn import_service(place: &Place, import: Import) -> anyhow::Result<()> {
    let (settings, destination) = place.settings()?;
    let source = import.read(destination.reach()).await?;
    let Import { terms, replacing, .. } = import;
    if import::service::is_saml(&source) {
        return import_saml_service(&settings, &source, &import.options(destination)?, replacing).await;
    }
    if import.is_fetched() || import.entity.is_some() {
        bail!("an address and --entity are for SAML metadata; an OpenID Connect service is registered from a file");
    }
    if terms != StatedTerms::default() {
        bail!(
            "an OpenID Connect service states its terms in its metadata, as kapu_min_level, kapu_min_loa and \
             kapu_legal_basis"
        );
    }
    let metadata = import::service::check(&source, destination)?;
    let purposes = import.purposes()?;
    let engine = settings.start().await?;
    let registered = engine.broker.register_client(source.text().as_bytes(), purposes, replacing).await;
    let registered = registered.map_err(|error| refused(&source, error))?;
    println!("registered {}", registered.id);
    if let (None, Some(drawn)) = (&metadata.client_secret, &registered.secret) {
        println!("client_secret {} (it is not shown again)", drawn.expose());
    }
    Ok(())
}

/// Why a service is not registered, in the operator's words.
fn refused(source: &Source, error: RegisterError) -> anyhow::Error {
    match error {
        RegisterError::Metadata(reason) => {
            import::ImportError { file: source.file().to_owned(), line: None, reason }.into()
        }
        RegisterError::Known { .. } => anyhow::anyhow!("{error}; to replace its registration give --replace"),
        RegisterError::Fault(_) | RegisterError::Taken { .. } | RegisterError::OtherProtocol { .. } => error.into(),
    }
}

async fn import_saml_service(
    settings: &Settings,
    source: &Source,
    options: &SamlOptions,
    replacing: Replacing,
) -> anyhow::Result<()> {
    let engine = settings.start().await?;
    let registered = engine.broker.register_saml_service(source.text().as_bytes(), options, replacing).await;
    let registered = registered.map_err(|error| refused(source, error))?;
    println!("registered {}", registered.entity_id);
    println!("it receives {}", registered.receives.join(", "));
    if !registered.may_receive.is_empty() {
        println!("if the person ticks it, it receives {}", registered.may_receive.join(", "));
    }
    for warning in &registered.warnings {
        println!("warning: {warning}");
    }
    Ok(())
}

impl MaybePlace {
    /// For which installation something is checked.
    fn installation(self) -> anyhow::Result<Installation> {
        let MaybePlace { data, config } = self;
        if data.is_none() && config.is_none() {
            return Ok(Installation { destination: Destination::Production, single_sign_on: None });
        }
        let (settings, destination) = Place { data, config }.settings()?;
        let endpoints = web::saml_endpoints(&settings.issuer, &settings.account_origin);
        // A demo's port is known to the demo that runs alone.
        let single_sign_on = (destination == Destination::Production).then_some(endpoints.single_sign_on);
        Ok(Installation { destination, single_sign_on })
    }
}

pub(super) async fn check_service(place: MaybePlace, what: &str, metadata: Option<&Path>) -> anyhow::Result<()> {
    let now = crate::machine::SystemClock::shared().now();
    let found = check::check(what, metadata, &place.installation()?, now).await?;
    print!("{}", check::told(&found));
    if found.is_refused() {
        bail!("it would be refused");
    }
    Ok(())
}

pub(super) async fn import_persons(place: &Place, file: &Path) -> anyhow::Result<()> {
    let (settings, _) = place.settings()?;
    let source = Source::read(file)?;
    let today = today(crate::machine::SystemClock::shared().now())?;
    let persons = import::person::read(&source, &today, &SystemRandom)?;
    let lines: Vec<u64> = persons.iter().map(|person| person.line).collect();
    let persons: Vec<NewPerson> = persons
        .into_iter()
        .map(|read| NewPerson { person: read.person, user_names: read.user_names, lang: read.lang, password: None })
        .collect();
    let engine = settings.start().await?;
    match engine.broker.register_persons(&persons).await {
        Ok(()) => {}
        Err(RegisterError::Taken { index }) => {
            let line = lines.get(index).copied();
            let reason = "a user name of this row has an account already; nobody was imported".to_owned();
            bail!(import::ImportError { file: file.to_owned(), line, reason });
        }
        Err(other) => return Err(other.into()),
    }
    println!("imported {} persons; each gets a letter with a code to choose a password", persons.len());
    Ok(())
}

/// The present day in Hungary, as `YYYY-MM-DD`.
fn today(now: Timestamp) -> anyhow::Result<String> {
    let zone = TimeZone::get("Europe/Budapest")?;
    Ok(jiff::Timestamp::from_microsecond(now.micros())?.to_zoned(zone).date().to_string())
}

/// Opens the account again; its password becomes void.
pub(super) async fn unfreeze(place: &Place, user: &str) -> anyhow::Result<()> {
    let name = UserName::parse(user).with_context(|| format!("{user:?} is no user name"))?;
    let engine = place.start().await?;
    match engine.broker.unfreeze(&name).await {
        Ok(()) => println!(
            "{} is open and has no password; a letter with a code to choose a new one is on its way",
            name.as_str()
        ),
        Err(Fault::NoSession) => bail!("there is no user {}", name.as_str()),
        Err(Fault::Stale) => println!("{} is not frozen", name.as_str()),
        Err(fault) => return Err(fault.into()),
    }
    Ok(())
}

/// A clerk identified the person.
pub(super) async fn identify(place: &Place, user: &str, code: Option<&Secret<String>>) -> anyhow::Result<()> {
    let name = UserName::parse(user).with_context(|| format!("{user:?} is no user name"))?;
    let code = code.map(|code| TotpCode::parse(code.expose())).transpose().context("the code has six digits")?;
    let engine = place.start().await?;
    match engine.broker.identify(&name, code.as_ref()).await {
        Ok(Identified::Done) => {
            let word = if code.is_some() { "" } else { " by your word (without --code no credential is worth high)" };
            println!("{} is identified; the authenticator app in use is theirs{word}", name.as_str());
        }
        Ok(Identified::Already) => println!("{} was identified before", name.as_str()),
        Ok(Identified::NoSecondFactor) => {
            bail!("{} uses no authenticator app; it has to be set up first", name.as_str())
        }
        Ok(Identified::CodeDiffered) => bail!("the app of {} shows another code now", name.as_str()),
        Err(Fault::NoSession) => bail!("there is no user {}", name.as_str()),
        Err(fault) => return Err(fault.into()),
    }
    Ok(())
}

/// Revokes what is in the person's wallets.
pub(super) async fn revoke_wallet(place: &Place, user: &str) -> anyhow::Result<()> {
    let name = UserName::parse(user).with_context(|| format!("{user:?} is no user name"))?;
    let engine = place.start().await?;
    match engine.broker.revoke_credentials_of(&name).await {
        Ok(count) => println!("revoked {count} credentials of {}", name.as_str()),
        Err(Fault::NoSession) => bail!("there is no user {}", name.as_str()),
        Err(fault) => return Err(fault.into()),
    }
    Ok(())
}

pub(super) fn make_key(file: &Path) -> anyhow::Result<()> {
    key_file::make(file, &SystemRandom)?;
    println!("made {}; keep a copy of it apart from the database", file.display());
    Ok(())
}

pub(super) async fn rotate_keys(place: &Place) -> anyhow::Result<()> {
    let engine = place.start().await?;
    engine.broker.rotate_keys().await?;
    println!("new signing keys are published; they sign in 24 hours");
    Ok(())
}
