//! Checking what a person typed: the one way to a password and to a code.

use std::net::IpAddr;

use data_encoding::{BASE64, HEXLOWER};
use idp::password::Password;
use idp::seal::{SealedFor, open};
use idp::{Purpose, Verdict, totp};
use journey::{TotpAdmission, TotpAttempts};
use model::{Lang, Network, PersonId, Secret, Timestamp, UserName, limits};
use store::record::{Account, Authenticator, AuthenticatorState};
use store::{Change, Committed, Op};

use crate::attempts::{Bucket, Reservation, Reserved, put_attempts};
use crate::letter::Notice;
use crate::wallet::presenting::Place;
use crate::{Broker, DeviceCookie, Fault, audit_of};

/// Who asks, as far as a request tells.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The peer's address.
    pub address: IpAddr,
    /// The cookie of a known device.
    pub device: Option<DeviceCookie>,
    /// The language of the page.
    pub lang: Lang,
    /// Where that is, as far as the operator's proxy says it.
    pub place: Place,
}

/// What became of a typed password.
#[derive(Debug)]
pub(crate) enum PasswordCheck {
    /// It is the account's. The reservation is to be released in the next commit.
    Matched { account: Box<Account>, reservation: Reservation },
    /// It is not, or there is no such account: the same answer for both.
    Differed { left: u32 },
    /// Too many were tried.
    Limited { until: Timestamp },
}

/// What became of a typed authenticator code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CodeCheck {
    /// It matched, its step is used up, and the change that came with it is committed.
    Matched,
    /// It matched a step that was used before.
    Reused,
    /// It did not match; `in_row` wrong ones since the last success or wait.
    Differed { in_row: u32 },
    /// It did not match and was one too many, or it was not even checked: wait.
    Wait { until: Timestamp },
    /// The authenticator is frozen.
    Frozen,
    /// The change that came with it did not apply: somebody else was faster.
    Stale,
}

impl Broker {
    /// Checks a typed user name and password.
    ///
    /// The attempt is reserved first; then a name that does not exist costs the same hash and the
    /// same writes as one that does.
    pub(crate) async fn check_password(
        &self,
        typed_name: &str,
        typed: &Secret<String>,
        caller: &Caller,
    ) -> Result<PasswordCheck, Fault> {
        let account = match UserName::parse(typed_name) {
            Ok(name) => self.store().account_by_name(&name).await?,
            Err(_) => None,
        };
        let buckets = self.password_buckets(typed_name, account.as_ref(), caller);
        let reservation = match self.reserve("password.attempt", buckets).await? {
            Reserved::Admitted(reservation) => reservation,
            Reserved::Refused { until } => return Ok(PasswordCheck::Limited { until }),
        };
        let stored = account.as_ref().and_then(|account| account.password.as_deref());
        let verdict = match Password::parse(typed) {
            Ok(password) => password.verify(self.hasher(), stored).await?,
            // Nobody's password, at the same cost.
            Err(_) => unusable().verify(self.hasher(), None).await?,
        };
        match (verdict, account) {
            (Verdict::RightOutdated, Some(account)) => {
                let account = Box::new(self.hash_anew(account, typed).await?);
                Ok(PasswordCheck::Matched { account, reservation })
            }
            (Verdict::Right, Some(account)) => Ok(PasswordCheck::Matched { account: Box::new(account), reservation }),
            (Verdict::Right | Verdict::RightOutdated | Verdict::Wrong, _) => {
                Ok(PasswordCheck::Differed { left: reservation.left })
            }
        }
    }

    /// Replaces a hash that was made with other parameters than are configured now, so that no account
    /// stays cheaper, or is told apart by the time its check takes.
    async fn hash_anew(&self, account: Account, typed: &Secret<String>) -> Result<Account, Fault> {
        let Ok(password) = Password::parse(typed) else { return Ok(account) };
        let hash = password.hash(self.hasher(), self.random()).await?;
        let now = self.now();
        let person = account.person.id.clone();
        let change = Change::new(audit_of(now, &person, "password.hashed-anew")).with(Op::SetPassword {
            person,
            seen: account.password.clone(),
            hash: hash.clone(),
            at: now,
        });
        Ok(match self.store().commit(change).await? {
            Committed::Done => Account { password: Some(hash), ..account },
            // Changed or hashed anew at the same time.
            Committed::Refused(_) => account,
        })
    }

    fn password_buckets(&self, typed_name: &str, account: Option<&Account>, caller: &Caller) -> Vec<Bucket> {
        let known = account.zip(caller.device.as_ref()).and_then(|(account, cookie)| {
            self.known_device(cookie, &account.person.id, account.epoch).map(|id| (account, id))
        });
        if let Some((account, device)) = known {
            return vec![Bucket {
                key: self.bucket_key("password-device", &[account.person.id.as_str(), device]),
                limit: limits::KNOWN_DEVICE_TRIES,
                window: limits::KNOWN_DEVICE_WINDOW,
            }];
        }
        // A name that is no account has counters of its own, or the counting would tell.
        let folded = typed_name.trim().to_ascii_lowercase();
        let subject = account.map_or(folded.as_str(), |account| account.person.id.as_str());
        vec![
            Bucket {
                key: self.bucket_key("password-network", &[subject, Network::of(caller.address).as_str()]),
                limit: limits::PASSWORD_TRIES,
                window: limits::PASSWORD_WINDOW,
            },
            Bucket {
                key: self.bucket_key("password", &[subject]),
                limit: limits::PASSWORD_LONG_TRIES,
                window: limits::PASSWORD_LONG_WINDOW,
            },
        ]
    }

    /// A counter's name: a keyed digest, so that the table tells nothing of who tried what.
    pub(crate) fn bucket_key(&self, kind: &str, parts: &[&str]) -> String {
        let mut all = vec![kind.as_bytes()];
        all.extend(parts.iter().map(|part| part.as_bytes()));
        HEXLOWER.encode(&self.keys().mac(Purpose::Throttle, &all))
    }

    /// Checks a typed code of an authenticator in state `state`, and commits `change` with it.
    ///
    /// A code costs no slow hash, so the reservation, the use of the step and what follows from
    /// them are one commit: nothing is told before it is durable.
    pub(crate) async fn check_code(
        &self,
        account: &Account,
        authenticator: &Authenticator,
        code: &totp::Code,
        reservation: Option<&Reservation>,
        change: impl Fn() -> Change,
    ) -> Result<CodeCheck, Fault> {
        let key = self.open_authenticator(authenticator)?;
        let bucket = self.bucket_key("totp", &[account.person.id.as_str()]);
        loop {
            let now = self.now();
            let (seen, attempts): (_, TotpAttempts) = self.attempts(&bucket).await?;
            match attempts.admission(now) {
                TotpAdmission::Admitted => {}
                TotpAdmission::Wait(until) => return Ok(CodeCheck::Wait { until }),
                TotpAdmission::Frozen => return Ok(CodeCheck::Frozen),
            }
            let lapse = now + limits::TOTP_YEAR;
            let Some(step) = key.matched_step(code, now) else {
                match self.count_wrong_code(account, authenticator, (bucket.clone(), seen), &attempts).await? {
                    Some(check) => return Ok(check),
                    None => continue,
                }
            };
            if step <= authenticator.last_step {
                return Ok(CodeCheck::Reused);
            }
            let right = || {
                // Written although nothing may have been wrong before: the write is the proof that no wrong
                // code was counted since the counter was read (row T11).
                let counted = put_attempts(bucket.clone(), seen, &attempts.after_right(), lapse);
                [Op::UseStep { authenticator: authenticator.id.clone(), state: authenticator.state, step }, counted]
            };
            // The use of the step comes first: what follows may change the authenticator's state.
            let with_use = || change().preceded_by(right());
            let committed = match reservation {
                Some(reservation) => self.commit_released(reservation, with_use).await?,
                None => self.store().commit(with_use()).await?,
            };
            match committed {
                Committed::Done => return Ok(CodeCheck::Matched),
                Committed::Refused(0) => return Ok(CodeCheck::Reused),
                // The counter moved: somebody tries at the same time.
                Committed::Refused(1) => {}
                Committed::Refused(_) => return Ok(CodeCheck::Stale),
            }
        }
    }

    /// Writes a wrong code down; `None` when the counter moved meanwhile.
    async fn count_wrong_code(
        &self,
        account: &Account,
        authenticator: &Authenticator,
        (bucket, seen): (String, Option<store::record::Version>),
        attempts: &TotpAttempts,
    ) -> Result<Option<CodeCheck>, Fault> {
        let now = self.now();
        let after = attempts.after_wrong(now);
        let mut change = Change::new(audit_of(now, &account.person.id, "code.differed")).with(put_attempts(
            bucket,
            seen,
            &after,
            now + limits::TOTP_YEAR,
        ));
        let check = match after.admission(now) {
            TotpAdmission::Admitted => CodeCheck::Differed { in_row: after.in_row() },
            TotpAdmission::Wait(until) => CodeCheck::Wait { until },
            TotpAdmission::Frozen => {
                // Whoever tries holds the password: nothing of this account stays open.
                change = change
                    .with(Op::SetAuthenticatorState {
                        authenticator: authenticator.id.clone(),
                        from: authenticator.state,
                        to: AuthenticatorState::Frozen,
                        at: now,
                    })
                    .with(Op::EndSessionsOf { person: account.person.id.clone(), except: None });
                change = self.notify(change, account, Notice::AuthenticatorFrozen, now);
                CodeCheck::Frozen
            }
        };
        Ok(match self.store().commit(change).await? {
            Committed::Done => Some(check),
            Committed::Refused(0) => None,
            // The authenticator was switched or removed meanwhile.
            Committed::Refused(_) => Some(CodeCheck::Stale),
        })
    }

    /// The write that forgets what was counted in a row against a person's former authenticator: the
    /// new one is not to be frozen by it. The year's count stays.
    pub(crate) async fn clear_wrong_codes(&self, person: &PersonId) -> Result<Option<Op>, Fault> {
        let bucket = self.bucket_key("totp", &[person.as_str()]);
        let (seen, attempts): (_, TotpAttempts) = self.attempts(&bucket).await?;
        let lapse = self.now() + limits::TOTP_YEAR;
        Ok(seen.map(|seen| put_attempts(bucket, Some(seen), &attempts.after_right(), lapse)))
    }

    /// Opens an authenticator's key.
    pub(crate) fn open_authenticator(&self, authenticator: &Authenticator) -> Result<totp::Key, Fault> {
        self.open_key(&authenticator.person, &authenticator.sealed_key)
    }

    /// Opens a sealed authenticator key of a person.
    pub(crate) fn open_key(&self, person: &PersonId, sealed: &[u8]) -> Result<totp::Key, Fault> {
        let bytes = open(self.keys(), &key_place(person), sealed)?;
        totp::Key::from_bytes(bytes.expose()).map_err(|_| Fault::Damaged("authenticator key"))
    }

    /// Seals something of a person as text.
    pub(crate) fn seal_text(&self, place: &SealedFor<'_>, plain: &[u8]) -> String {
        BASE64.encode(&idp::seal::seal(self.keys(), self.random(), place, plain))
    }

    /// Opens what [`Broker::seal_text`] made.
    pub(crate) fn open_text(&self, place: &SealedFor<'_>, sealed: &str) -> Result<Secret<Vec<u8>>, Fault> {
        let bytes = BASE64.decode(sealed.as_bytes()).map_err(|_| Fault::Damaged("sealed value"))?;
        Ok(open(self.keys(), place, &bytes)?)
    }
}

/// What stands for a text that no password can be: it is never right.
fn unusable() -> Password {
    Password::parse(&Secret::new("-".to_owned())).unwrap_or_else(|_| unreachable!("a hyphen is a password's character"))
}

/// Where an authenticator's key rests, pending or bound: the same, so that binding moves it as it is.
pub(crate) fn key_place(person: &PersonId) -> SealedFor<'_> {
    SealedFor { table: "authenticator", owner: person.as_str(), purpose: "key" }
}
