//! Signing in to the account's own pages.

use idp::keys::digest_handle;
use idp::totp;
use journey::{Demand, Event, Login, SecondFactor, Stage, Standing, advance};
use model::{AuthenticationContext, Binding, Handle, Loa, Method, Secret, ServiceId, Timestamp, limits};
use store::record::{Account, LoginRecord, SessionKind, Versioned};
use store::{Change, Committed, Op};

use crate::credentials::{CodeCheck, PasswordCheck};
use crate::session::SessionHandle;
use crate::{Broker, Caller, DeviceCookie, Fault, audit_of};

/// The account's own pages as the "service" of a sign-in: they ask for no protocol's answer.
const OWN_PAGES: &str = "ugyfelkapu";

/// What became of a sign-in on the account's own pages.
#[derive(Debug)]
pub enum AccountSignIn {
    /// Signed in: a full session, or from the cut-over with the password alone an enrolment session.
    SignedIn {
        /// The session.
        session: SessionHandle,
        /// The cookie that makes the device known, after both factors.
        device: Option<DeviceCookie>,
        /// The broker's sign-in that the person came from.
        login_id: Option<String>,
    },
    /// The password matched; a code is needed.
    AskCode {
        /// Names the sign-in in the address of the page for the code.
        id: String,
    },
    /// Name or password differ.
    PasswordDiffered {
        /// How many more tries there are.
        left: u32,
    },
    /// The code differs; how often in a row.
    CodeDiffered {
        /// Wrong codes since the last success or wait.
        in_row: u32,
    },
    /// The code was used before.
    CodeReused,
    /// Too many tries.
    Limited {
        /// From when one more is admitted.
        until: Timestamp,
    },
    /// Too many wrong codes: back to the password, and wait.
    StartOver {
        /// From when a code is checked again.
        until: Timestamp,
    },
    /// The account, or its authenticator, is frozen.
    Frozen,
}

impl Broker {
    /// Signs in with user name and password; `browser` is the visitor's cookie, `login_id` the
    /// broker's sign-in that the person came from.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn sign_in(
        &self,
        name: &str,
        typed: &Secret<String>,
        browser: &Handle,
        login_id: Option<String>,
        caller: &Caller,
    ) -> Result<AccountSignIn, Fault> {
        self.counted_own(Method::Password, self.take_own_password(name, typed, browser, login_id, caller).await)
    }

    async fn take_own_password(
        &self,
        name: &str,
        typed: &Secret<String>,
        browser: &Handle,
        login_id: Option<String>,
        caller: &Caller,
    ) -> Result<AccountSignIn, Fault> {
        let (account, reservation) = match self.check_password(name, typed, caller).await? {
            PasswordCheck::Matched { account, reservation } => (account, reservation),
            PasswordCheck::Differed { left } => return Ok(AccountSignIn::PasswordDiffered { left }),
            PasswordCheck::Limited { until } => return Ok(AccountSignIn::Limited { until }),
        };
        let now = self.now();
        let person = account.person.id.clone();
        let told = |event| Change::new(audit_of(now, &person, event));
        match (account.standing, account.facts().second_factor) {
            (Standing::Frozen, _) | (_, SecondFactor::Frozen) => {
                self.commit_released(&reservation, || told("signin.frozen")).await?;
                Ok(AccountSignIn::Frozen)
            }
            (Standing::Open, SecondFactor::Active { usable_from, .. }) if now >= usable_from => {
                let record = self.own_login(&account, browser, login_id);
                let id = record.id.clone();
                self.commit_released(&reservation, || told("password.matched").with(Op::BeginLogin(record.clone())))
                    .await?;
                Ok(AccountSignIn::AskCode { id })
            }
            (Standing::Open, SecondFactor::None | SecondFactor::Inactive | SecondFactor::Active { .. }) => {
                let kind = if self.policy().cut_over(now) { SessionKind::Enrolment } else { SessionKind::Account };
                let context = AuthenticationContext { method: Method::Password, loa: Loa::Low, at: now };
                let (record, session) = self.draw_session(kind, &account, context, login_id.clone());
                let change = || told("session.started").with(Op::StartSession(record.clone()));
                match self.commit_released(&reservation, change).await? {
                    Committed::Done => Ok(AccountSignIn::SignedIn { session, device: None, login_id }),
                    // Frozen at this very moment.
                    Committed::Refused(_) => Ok(AccountSignIn::Frozen),
                }
            }
        }
    }

    /// A sign-in to the account's own pages that awaits its code.
    fn own_login(&self, account: &Account, browser: &Handle, login_id: Option<String>) -> LoginRecord {
        let now = self.now();
        let expires_at = now + limits::CODE_AFTER_PASSWORD;
        let login = Login {
            service: ServiceId::new(OWN_PAGES),
            demand: Demand::default(),
            reply_to: login_id.unwrap_or_default(),
            session: None,
            name_hint: None,
            linking: None,
            stage: Stage::AwaitingCode {
                person: account.person.id.clone(),
                user_name: account.user_name.as_str().to_owned(),
                until: expires_at,
            },
            expires_at,
        };
        LoginRecord { id: self.draw_login_id(), browser: digest_handle(browser), login }
    }

    /// A sign-in of this browser on the account's own pages, not one on the way to a service.
    async fn find_own_login(&self, id: &str, browser: &Handle) -> Result<Versioned<LoginRecord>, Fault> {
        let found = self.find_login(id, browser).await?;
        if found.value.login.service.as_str() == OWN_PAGES { Ok(found) } else { Err(Fault::NoJourney) }
    }

    /// Whether a sign-in on the account's own pages awaits its code in this browser.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] when none does, [`Fault::Over`] when its time is up.
    pub async fn awaits_code(&self, id: &str, browser: &Handle) -> Result<(), Fault> {
        let found = self.find_own_login(id, browser).await?;
        match found.value.login.stage {
            Stage::AwaitingCode { .. } if self.now() < found.value.login.expires_at => Ok(()),
            Stage::AwaitingCode { .. }
            | Stage::Open
            | Stage::Short { .. }
            | Stage::AwaitingConsent { .. }
            | Stage::SignedIn { .. }
            | Stage::Refused(_)
            | Stage::Answered => Err(Fault::Over),
        }
    }

    /// Takes the code that completes a sign-in on the account's own pages.
    ///
    /// # Errors
    ///
    /// [`Fault`] when no sign-in awaits one or it cannot be told now.
    pub async fn sign_in_code(&self, id: &str, browser: &Handle, code: &totp::Code) -> Result<AccountSignIn, Fault> {
        self.counted_own(Method::AuthenticatorApp, self.take_own_code(id, browser, code).await)
    }

    async fn take_own_code(&self, id: &str, browser: &Handle, code: &totp::Code) -> Result<AccountSignIn, Fault> {
        let found = self.find_own_login(id, browser).await?;
        let login = found.value.login;
        let Stage::AwaitingCode { person, user_name, .. } = login.stage.clone() else { return Err(Fault::Over) };
        let now = self.now();
        if now >= login.expires_at {
            return Err(Fault::Over);
        }
        let mut account = self.account(&person).await?;
        if let Ok(name) = model::UserName::parse(&user_name) {
            account.user_name = name;
        }
        let (Some(authenticator), Standing::Open) = (account.authenticator.clone(), account.standing) else {
            return Ok(AccountSignIn::Frozen);
        };
        if !matches!(account.facts().second_factor, SecondFactor::Active { usable_from, .. } if now >= usable_from) {
            // Switched off, frozen or replaced since the password: the password decides anew.
            return Err(Fault::Over);
        }
        let context = app_context(authenticator.binding, now);
        let login_id = (!login.reply_to.is_empty()).then(|| login.reply_to.clone());
        let (record, session) = self.draw_session(SessionKind::Account, &account, context, login_id.clone());
        let stage =
            advance(login.stage.clone(), Event::Matched { person: person.clone(), context }, login.expires_at, now);
        let stage = advance(stage, Event::Answered, login.expires_at, now);
        let finished = Login { stage, ..login };
        let change = || {
            Change::new(audit_of(now, &person, "session.started"))
                .with(Op::ReplaceLogin { id: id.to_owned(), seen: found.version, login: finished.clone() })
                .with(Op::StartSession(record.clone()))
        };
        Ok(match self.check_code(&account, &authenticator, code, None, change).await? {
            CodeCheck::Matched => {
                let device = Some(self.make_device_known(&person, account.epoch));
                AccountSignIn::SignedIn { session, device, login_id }
            }
            CodeCheck::Reused => AccountSignIn::CodeReused,
            CodeCheck::Differed { in_row } => AccountSignIn::CodeDiffered { in_row },
            CodeCheck::Wait { until } => {
                self.end_own_login(id, found.version, &finished).await?;
                AccountSignIn::StartOver { until }
            }
            CodeCheck::Frozen => AccountSignIn::Frozen,
            CodeCheck::Stale => return Err(Fault::Over),
        })
    }

    /// Too many wrong codes: the password has to be given again.
    async fn end_own_login(&self, id: &str, seen: store::record::Version, login: &Login) -> Result<(), Fault> {
        let over = Login { stage: Stage::Refused(journey::Refusal::Cancelled), ..login.clone() };
        let change = Change::new(crate::audit(self.now(), "code.startover")).with(Op::ReplaceLogin {
            id: id.to_owned(),
            seen,
            login: over,
        });
        let _: Committed = self.store().commit(change).await?;
        Ok(())
    }
}

/// What a sign-in with password and authenticator app may claim.
pub(crate) fn app_context(binding: Binding, now: Timestamp) -> AuthenticationContext {
    AuthenticationContext { method: Method::AuthenticatorApp, loa: binding.loa(), at: now }
}
