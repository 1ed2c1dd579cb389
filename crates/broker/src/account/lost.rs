//! A lost or new phone: the deletion code removes the authenticator and leads to a new enrolment.

use idp::Verdict;
use idp::deletion_code::DeletionCode;
use model::{AuthenticationContext, Binding, Loa, Method, PersonId, Secret, Timestamp, limits};
use store::record::{Account, SessionKind};
use store::{Change, Committed, Issuing, Op};

use crate::attempts::{Bucket, Reservation, Reserved};
use crate::credentials::PasswordCheck;
use crate::letter::Notice;
use crate::session::SessionHandle;
use crate::{Broker, Caller, Enroller, EnrolmentSession, Fault, audit_of};

/// What became of a typed deletion code.
#[derive(Debug)]
pub enum Lost {
    /// The authenticator is removed, every session is ended, and a new enrolment has begun.
    Removed {
        /// The enrolment session.
        session: SessionHandle,
    },
    /// Name, password or code differ; which one is not told.
    Differed,
    /// Too many tries.
    Limited {
        /// From when one more is admitted.
        until: Timestamp,
    },
}

impl Broker {
    /// Takes user name, password and deletion code. A wrong password and a wrong code cost the
    /// same and are answered alike.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn lost_phone(
        &self,
        name: &str,
        typed: &Secret<String>,
        code: &DeletionCode,
        login_id: Option<String>,
        caller: &Caller,
    ) -> Result<Lost, Fault> {
        let (account, password) = match self.check_password(name, typed, caller).await? {
            PasswordCheck::Limited { until } => return Ok(Lost::Limited { until }),
            PasswordCheck::Differed { .. } => {
                // The same hash and the same number of commits as for a right password.
                let nobody = PersonId::from_stored(String::new());
                code.verify(self.hasher(), &nobody, None).await?;
                for event in ["deletion-code.unchecked", "deletion-code.differed"] {
                    self.store().commit(Change::new(crate::audit(self.now(), event))).await?;
                }
                return Ok(Lost::Differed);
            }
            PasswordCheck::Matched { account, reservation } => (account, reservation),
        };
        let person = account.person.id.clone();
        let reservation = match self.reserve("deletion-code.attempt", self.deletion_buckets(&person)).await? {
            Reserved::Admitted(reservation) => reservation,
            Reserved::Refused { until } => {
                self.commit_released(&password, || self.told(&person, "password.matched")).await?;
                return Ok(Lost::Limited { until });
            }
        };
        let stored = account.authenticator.as_ref().map(|bound| bound.deletion_hash.as_str());
        let verdict = code.verify(self.hasher(), &person, stored).await?;
        match (verdict, &account.authenticator) {
            (Verdict::Right | Verdict::RightOutdated, Some(bound)) => {
                // One that is still on hold vouches for nothing: its successor is proved and held anew.
                let held = self.now() < bound.usable_from;
                let vouched = (!held).then(|| Binding::DeletionCode(bound.binding.loa()));
                self.remove_by_code(&account, bound.id.clone(), vouched, login_id, (&password, &reservation)).await
            }
            (Verdict::Right | Verdict::RightOutdated | Verdict::Wrong, _) => {
                let fifth = reservation.left == 0;
                let change = || {
                    let change = self.told(&person, "deletion-code.differed");
                    if fifth { self.notify(change, &account, Notice::DeletionCodeTried, self.now()) } else { change }
                };
                self.commit_released(&password, change).await?;
                Ok(Lost::Differed)
            }
        }
    }

    async fn remove_by_code(
        &self,
        account: &Account,
        authenticator: String,
        vouched: Option<Binding>,
        login_id: Option<String>,
        (password, code): (&Reservation, &Reservation),
    ) -> Result<Lost, Fault> {
        let now = self.now();
        let person = account.person.id.clone();
        let context = AuthenticationContext { method: Method::Password, loa: Loa::Low, at: now };
        let (record, session) = self.draw_session(SessionKind::Enrolment, account, context, login_id);
        let enroller = Enroller::Enrolment(EnrolmentSession::just_begun(record.clone()));
        let change = || {
            let change = Change::new(audit_of(now, &person, "deletion-code.used"))
                .with(Op::RemoveAuthenticator { authenticator: authenticator.clone() })
                // They stand on the proof by the authenticator that is gone, and whoever has the phone may have it too.
                .with(Op::UnlinkAllOf { person: person.clone() })
                .with(Op::Issuing(Issuing::RevokeAllOf { person: person.clone(), at: now }))
                .with(Op::EndSessionsOf { person: person.clone(), except: None })
                .with(Op::RaiseEpoch { person: person.clone() })
                .with(Op::StartSession(record.clone()))
                .with(self.begin_op(&enroller, account, vouched));
            self.notify(change, account, Notice::DeletionCodeUsed, now)
        };
        let both = password.and(code);
        match self.commit_released(&both, change).await? {
            Committed::Done => {
                self.wake_delivery();
                Ok(Lost::Removed { session })
            }
            // Used at the same time elsewhere: it works once.
            Committed::Refused(_) => Ok(Lost::Differed),
        }
    }

    fn deletion_buckets(&self, person: &PersonId) -> Vec<Bucket> {
        vec![
            Bucket {
                key: self.bucket_key("deletion-code-day", &[person.as_str()]),
                limit: limits::DELETION_CODE_TRIES,
                window: limits::DELETION_CODE_WINDOW,
            },
            Bucket {
                key: self.bucket_key("deletion-code-year", &[person.as_str()]),
                limit: limits::DELETION_CODE_YEAR_TRIES,
                window: limits::DELETION_CODE_YEAR,
            },
        ]
    }
}
