//! The end of single sign-on: which services are told by the outbox, which through the browser, and what became
//! of each. From here nobody knows who asked for it, nor in which language.

use std::slice::from_ref;

use idp::keys::digest_handle;
use model::{Handle, Service, ServiceId, limits};
use serde::{Deserialize, Serialize};
use store::record::{AuditRecord, LogoutRecord, Protocol, SessionKind, SessionRecord, Version};
use store::{Change, Committed, Op};

use crate::edge::Onward;
use crate::edge::saml::{Asker, SessionName};
use crate::session::AccountSession;
use crate::{Broker, Fault, audit, audit_of, is_login_id};

/// How often a session is read that services join while it is to end.
const TRIES: usize = 4;

/// The services of a session that ended, and where the browser goes when each of them was told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Round {
    pub(crate) members: Vec<Member>,
    pub(crate) then: Then,
}

/// A name under which a service took part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) client: ServiceId,
    pub(crate) told: Told,
}

/// How a service is told, and how far that has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// By this delivery.
    Outbox(String),
    /// Through the browser, when its turn comes.
    Waits(SessionName),
    /// The browser was sent there with the request of this `ID`. What is not answered stays so.
    Asked { request: String },
    /// It says that it signed the person out.
    SignedOut,
    /// It says that it could not.
    Failed,
    /// It says that it knows nobody of that name.
    Unknown,
    /// There is no way to tell it.
    Untellable,
}

/// Where the browser goes at last.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Then {
    /// Nowhere: our own page is the end.
    Stay,
    /// To an address that a client registered.
    Go { client: ServiceId, location: String },
    /// To the service that asked, with an answer.
    Answer(Asker),
}

/// How services can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// By the outbox, and through the browser that is here.
    Browser,
    /// By the outbox alone.
    Outbox,
}

/// For whom a session ends.
pub(crate) struct Ending<'a> {
    /// The browser that is here.
    pub(crate) browser: &'a Handle,
    /// The service that asked and has ended its own session: it is not told.
    pub(crate) asker: Option<&'a ServiceId>,
    /// Where the browser goes at last.
    pub(crate) then: Then,
    /// Written before all else; if it is refused, nothing ends.
    pub(crate) first: Option<Op>,
}

/// A session that was ended.
pub(crate) struct Closed {
    pub(crate) round: Round,
    /// Names the round, where the browser has to go through it.
    pub(crate) id: Option<String>,
}

/// What became of a service, for the person. What is known by several names is in the last of their states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceState {
    /// It confirmed that it signed the person out.
    SignedOut,
    /// It is being told by us.
    Told,
    /// It did not take what we told it yet, and is told again for a day.
    Retried,
    /// The browser was there, and no answer came back.
    Silent,
    /// It says that it could not sign the person out.
    Failed,
    /// It cannot be told.
    Untellable,
    /// Its turn comes.
    Waits,
}

/// A sign-out that goes through the browser, for its page.
#[derive(Debug)]
pub struct RoundView {
    /// The services and what became of each.
    pub services: Vec<(Service, ServiceState)>,
    /// What comes next.
    pub next: RoundNext,
}

/// What comes next in a sign-out that goes through the browser.
#[derive(Debug)]
pub enum RoundNext {
    /// This service is told.
    Tell(Service),
    /// Back to the service that asked.
    Return(Service),
    /// Nothing.
    Nothing,
}

/// A step of a sign-out that goes through the browser.
#[derive(Debug)]
pub enum RoundStep {
    /// To a service, with a message.
    Onward {
        /// Which.
        service: Service,
        /// How the message travels.
        onward: Onward,
        /// Whether it is told to sign the person out, or waits for our answer.
        is_told: bool,
    },
    /// Nothing is to be done, or another tab has just done it: the page says what is true now.
    Look,
}

impl ServiceState {
    /// Whether the person is signed out there, as far as it depends on us.
    pub fn is_well(self) -> bool {
        match self {
            ServiceState::SignedOut | ServiceState::Told => true,
            ServiceState::Retried
            | ServiceState::Waits
            | ServiceState::Silent
            | ServiceState::Failed
            | ServiceState::Untellable => false,
        }
    }
}

impl Round {
    /// Whether the person has to see it, or a service to be told through the browser.
    fn needs_page(&self) -> bool {
        let is_answer = match self.then {
            Then::Answer(_) => true,
            Then::Stay | Then::Go { .. } => false,
        };
        self.members.iter().any(|member| match member.told {
            Told::Waits(_) => true,
            // A service that asked might not show what we tell it.
            Told::Untellable => is_answer,
            Told::Outbox(_) | Told::Asked { .. } | Told::SignedOut | Told::Failed | Told::Unknown => false,
        })
    }

    /// Whether a service is still to be told, or to answer.
    pub(crate) fn is_open(&self) -> bool {
        self.members.iter().any(|member| matches!(member.told, Told::Waits(_) | Told::Asked { .. }))
    }

    fn read(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(|_| Fault::Damaged("sign-out"))
    }

    fn write(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|_| Fault::Damaged("sign-out to be stored"))
    }
}

impl Broker {
    /// Ends a single sign-on session and tells whoever took part; `None` when the first write was refused.
    pub(crate) async fn close(&self, session: &SessionRecord, ending: Ending<'_>) -> Result<Option<Closed>, Fault> {
        let Ending { browser, asker, then, first } = ending;
        let digest = || session.digest.clone();
        let expected = usize::from(first.is_some());
        for _ in 0..TRIES {
            // What joins after this was read is not in the round: then it is read again.
            let known = self.store().participations(&session.digest).await?;
            let count = u32::try_from(known.len()).unwrap_or(u32::MAX);
            let members = self.members(from_ref(session), asker, Reach::Browser).await?;
            let round = Round { members, then: then.clone() };
            let now = self.now();
            let mut change = Change::new(audit_of(now, &session.person, "session.ended"))
                .with_all(first.clone())
                .with(Op::ExpectParticipations { session: digest(), count })
                .with_all(asker.map(|asker| Op::Leave { session: digest(), client: asker.clone() }))
                .with(Op::EndSession { digest: digest() });
            let id = round.needs_page().then(|| self.draw_login_id());
            if let Some(id) = &id {
                let (browser, expires_at) = (digest_handle(browser), now + limits::SIGN_OUT_ROUND);
                let record = LogoutRecord { id: id.clone(), browser, round: round.write()?, expires_at };
                change = change.with(Op::BeginLogout(record));
            }
            match self.store().commit(change).await? {
                Committed::Done => {
                    self.wake_delivery();
                    return Ok(Some(Closed { round, id }));
                }
                Committed::Refused(index) if index == expected => {}
                Committed::Refused(_) => return Ok(None),
            }
        }
        // Somebody else ended it, or services join as fast as they are read.
        Err(Fault::Stale)
    }

    /// Ends all single sign-on sessions of a person, wherever they are; the account's own session stays.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be done now.
    pub async fn sign_out_everywhere(&self, session: &AccountSession) -> Result<Vec<(Service, ServiceState)>, Fault> {
        let (now, person) = (self.now(), session.person());
        let stands =
            |one: &SessionRecord| one.kind == SessionKind::SingleSignOn && one.idle_until > now && one.ends_at > now;
        let sessions = self.store().sessions_of(person).await?.into_iter().filter(stands).collect::<Vec<_>>();
        // Another browser's services are not reached through this one.
        let members = self.members(&sessions, None, Reach::Outbox).await?;
        let change = Change::new(audit_of(now, person, "sessions.ended"))
            .with(Op::EndSessionsOfKind { person: person.clone(), kind: SessionKind::SingleSignOn });
        let _: Committed = self.store().commit(change).await?;
        self.wake_delivery();
        self.services(&members).await
    }

    /// The services of sessions, each under every name that it knows, and how each is told.
    pub(crate) async fn members(
        &self,
        sessions: &[SessionRecord],
        except: Option<&ServiceId>,
        reach: Reach,
    ) -> Result<Vec<Member>, Fault> {
        let mut members: Vec<Member> = Vec::new();
        for session in sessions {
            for participation in self.store().participations(&session.digest).await? {
                let client = &participation.client;
                let Some(record) = self.enabled_client(client).await? else { continue };
                if Some(client) == except {
                    continue;
                }
                let told = match (&participation.logout, record.protocol, reach) {
                    (Some(draft), _, _) => Told::Outbox(draft.id.clone()),
                    (None, Protocol::Saml, Reach::Browser) => {
                        let name = self.name_through_browser(&participation).await?;
                        name.map_or(Told::Untellable, Told::Waits)
                    }
                    (None, Protocol::Saml, Reach::Outbox) | (None, Protocol::OpenIdConnect, _) => Told::Untellable,
                };
                members.push(Member { client: client.clone(), told });
            }
        }
        members.sort_by(|a, b| a.client.as_str().cmp(b.client.as_str()));
        Ok(members)
    }

    /// What became of services, each once, for the person.
    pub(crate) async fn services(&self, members: &[Member]) -> Result<Vec<(Service, ServiceState)>, Fault> {
        let mut services: Vec<(Service, ServiceState)> = Vec::new();
        for member in members {
            let is_ended = |one: &Member| one.client == member.client && matches!(one.told, Told::SignedOut);
            let state = match &member.told {
                Told::Outbox(id) => match self.store().delivery(id).await? {
                    Some(state) if state.delivered_at.is_some() => ServiceState::SignedOut,
                    Some(state) if state.tries > 0 => ServiceState::Retried,
                    Some(_) | None => ServiceState::Told,
                },
                Told::Waits(_) => ServiceState::Waits,
                Told::Asked { .. } => ServiceState::Silent,
                Told::SignedOut => ServiceState::SignedOut,
                Told::Unknown if members.iter().any(is_ended) => ServiceState::SignedOut,
                Told::Failed | Told::Unknown => ServiceState::Failed,
                Told::Untellable => ServiceState::Untellable,
            };
            match services.iter_mut().find(|(service, _)| service.id == member.client) {
                // What is worst is what the person has to know.
                Some((_, known)) => *known = state.max(*known),
                None => services.extend(self.service(&member.client).await?.map(|service| (service, state))),
            }
        }
        Ok(services)
    }

    /// A sign-out of this browser that goes through it.
    pub(crate) async fn round(&self, id: &str, browser: &Handle) -> Result<(Version, Round), Fault> {
        if !is_login_id(id) {
            return Err(Fault::NoJourney);
        }
        let found = self.store().logout(id, self.now()).await?.ok_or(Fault::NoJourney)?;
        if found.value.browser != digest_handle(browser) {
            return Err(Fault::NoJourney);
        }
        Ok((found.version, Round::read(&found.value.round)?))
    }

    /// The last sign-out of this browser that services are still to be told of, or to answer.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn open_round(&self, browser: &Handle) -> Result<Option<String>, Fault> {
        let found = self.store().last_logout_of(&digest_handle(browser), self.now()).await?;
        let Some(record) = found.map(|found| found.value) else { return Ok(None) };
        Ok(Round::read(&record.round)?.is_open().then_some(record.id))
    }

    /// Writes how far a round has come, if nobody else did meanwhile.
    pub(crate) async fn replace_round(
        &self,
        id: &str,
        seen: Version,
        round: &Round,
        event: &'static str,
        client: &ServiceId,
    ) -> Result<Committed, Fault> {
        let detail = format!("service={}", client.as_str());
        let change = Change::new(AuditRecord { detail, ..audit(self.now(), event) });
        let replace = Op::ReplaceLogout { id: id.to_owned(), seen, round: round.write()? };
        Ok(self.store().commit(change.with(replace)).await?)
    }

    /// What is true now of a sign-out that goes through the browser.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] when this browser has none of that name.
    pub async fn view_round(&self, id: &str, browser: &Handle) -> Result<RoundView, Fault> {
        let (_, round) = self.round(id, browser).await?;
        let services = self.services(&round.members).await?;
        let waits = services.iter().find(|(_, state)| *state == ServiceState::Waits);
        let next = match (waits, &round.then) {
            (Some((service, _)), _) => RoundNext::Tell(service.clone()),
            (None, Then::Go { client, .. } | Then::Answer(Asker { service: client, .. })) => {
                self.service(client).await?.map_or(RoundNext::Nothing, RoundNext::Return)
            }
            (None, Then::Stay) => RoundNext::Nothing,
        };
        Ok(RoundView { services, next })
    }

    /// Goes on with a sign-out that goes through the browser: to the next service, or back to the one that asked.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] when this browser has none of that name.
    pub async fn step_round(&self, id: &str, browser: &Handle) -> Result<RoundStep, Fault> {
        let (seen, mut round) = self.round(id, browser).await?;
        for member in &mut round.members {
            let Told::Waits(name) = &member.told else { continue };
            let client = member.client.clone();
            let asked = self.ask_through_browser(&client, name, id).await?;
            let (told, step) = match asked {
                Some((request, service, onward)) => {
                    (Told::Asked { request }, RoundStep::Onward { service, onward, is_told: true })
                }
                // It was registered anew meanwhile, without an address for this.
                None => (Told::Untellable, RoundStep::Look),
            };
            member.told = told;
            return match self.replace_round(id, seen, &round, "logout.asked", &client).await? {
                Committed::Done => Ok(step),
                Committed::Refused(_) => Ok(RoundStep::Look),
            };
        }
        let back = match &round.then {
            Then::Stay => None,
            Then::Go { client, location } => {
                self.service(client).await?.map(|service| (service, Onward::Location(location.clone())))
            }
            Then::Answer(asker) => {
                let services = self.services(&round.members).await?;
                let is_whole = services.iter().all(|(_, state)| state.is_well());
                self.answer_through_browser(asker, is_whole).await?
            }
        };
        Ok(back.map_or(RoundStep::Look, |(service, onward)| RoundStep::Onward { service, onward, is_told: false }))
    }
}
