//! The first start of a demo: keys, database, persons. A later start reads what the first one made.

use std::fs;

use anyhow::Context as _;
use broker::{AuthenticatorState, DeletionCode, NewPerson, TotpKey};
use idp::Hasher;
use idp::password::Password;
use journey::Standing;
use model::{Binding, Lang, Random, Secret, UserName};
use store::record::AuditRecord;
use store::{Change, Op};

use super::accounts::{self, DemoAccount, draw_password};
use super::folder::{Folder, Stage};
use super::persons::{Invented, PERSONS, State};
use crate::engine::{Engine, Settings};
use crate::key_file::{self, private_file};
use crate::machine::SystemRandom;
use crate::text::Text;

/// Starts the installation of a demo, after making it if this is the first time.
pub(super) async fn start(folder: &Folder, settings: &Settings) -> anyhow::Result<(Engine, Vec<DemoAccount>)> {
    match folder.stage()? {
        Stage::Made => return Ok((settings.start().await?, accounts::read(&folder.accounts())?)),
        Stage::CutOff => folder.clear()?,
        Stage::Empty => {}
    }
    let drawn = draw()?;
    let accounts: Vec<DemoAccount> = drawn.iter().map(|drawn| drawn.account.clone()).collect();
    let draft = folder.accounts_draft();
    let text = serde_json::to_vec_pretty(&accounts)?;
    private_file(&draft, &text).with_context(|| format!("{} cannot be written", draft.display()))?;
    folder.note_server()?;
    key_file::make(&folder.key(), &SystemRandom)?;
    let mut started = settings.start().await;
    if folder.is_on_server() {
        started = started.context("a demo begins with a key of its own, so on an empty database");
    }
    let engine = started?;
    fill(&engine, &settings.hasher()?, &drawn).await?;
    fs::rename(&draft, folder.accounts()).context("the accounts of the demo cannot be written")?;
    Ok((engine, accounts))
}

/// What is drawn for a person.
struct Drawn {
    invented: &'static Invented,
    new: NewPerson,
    authenticator: Option<(TotpKey, DeletionCode)>,
    account: DemoAccount,
}

fn draw() -> anyhow::Result<Vec<Drawn>> {
    PERSONS.iter().map(|invented| draw_one(invented, &SystemRandom)).collect()
}

fn draw_one(invented: &'static Invented, random: &dyn Random) -> anyhow::Result<Drawn> {
    let person = invented.person(random)?;
    let authenticator = match invented.state {
        State::Enrolled | State::Identified | State::Inactive => {
            Some((TotpKey::draw(random), DeletionCode::draw(random)))
        }
        State::Password | State::NotActivated | State::Frozen => None,
    };
    let account = DemoAccount {
        username: invented.username.to_owned(),
        password: draw_password(random),
        name: person.name.display(Lang::Hu),
        email: person.email.as_str().to_owned(),
        totp_secret: authenticator.as_ref().map(|(key, _)| key.base32().expose().clone()),
        deletion_code: authenticator.as_ref().map(|(_, code)| code.display().expose().clone()),
        note: (invented.note)(Text::of(Lang::En)).to_owned(),
    };
    let user_names = vec![UserName::parse(invented.username)?];
    let new = NewPerson { person, user_names, lang: Lang::Hu, password: None };
    Ok(Drawn { invented, new, authenticator, account })
}

/// Puts the persons into the database.
async fn fill(engine: &Engine, hasher: &Hasher, drawn: &[Drawn]) -> anyhow::Result<()> {
    use AuthenticatorState::{Active, Inactive};
    let mut persons = Vec::with_capacity(drawn.len());
    for one in drawn {
        let mut new = one.new.clone();
        if one.invented.state != State::NotActivated {
            let password = Password::parse(&Secret::new(one.account.password.clone()))?;
            new.password = Some(password.hash(hasher, &SystemRandom).await?);
        }
        persons.push(new);
    }
    engine.broker.register_persons(&persons).await?;
    for one in drawn {
        let name = &one.new.user_names[0];
        match (one.invented.state, &one.authenticator) {
            (State::Enrolled, Some((key, code))) => {
                engine.broker.seed_authenticator(name, key, code, Active, Binding::Password).await?;
            }
            (State::Identified, Some((key, code))) => {
                engine.broker.seed_authenticator(name, key, code, Active, Binding::Clerk).await?;
            }
            (State::Inactive, Some((key, code))) => {
                engine.broker.seed_authenticator(name, key, code, Inactive, Binding::Password).await?;
            }
            (State::Frozen, _) => freeze(engine, one).await?,
            (State::Password | State::NotActivated | State::Enrolled | State::Identified | State::Inactive, _) => {}
        }
    }
    Ok(())
}

async fn freeze(engine: &Engine, one: &Drawn) -> anyhow::Result<()> {
    let person = one.new.person.id.clone();
    let audit = AuditRecord {
        at: engine.clock.now(),
        person: Some(person.clone()),
        event: "account.frozen",
        detail: "by=demo".to_owned(),
    };
    let freeze = Op::SetStanding { person, from: Standing::Open, to: Standing::Frozen };
    engine.store.commit(Change::new(audit).with(freeze)).await?;
    Ok(())
}
