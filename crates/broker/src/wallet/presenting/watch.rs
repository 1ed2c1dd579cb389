//! Browsers that wait for what a wallet does. They ask nothing of the store by themselves: a node that moves a request
//! wakes those who wait for it, and one look a second finds, for all of them together, what another node moved.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use idp::keys::digest_handle;
use model::{Handle, HandleDigest, Network, Timestamp, limits};
use store::record::{PresentationRecord, PresentationStage};
use tokio::sync::watch;

use super::WalletStep;
use crate::login::LoginView;
use crate::{Broker, Caller, Fault};

/// Who waits, on this node.
#[derive(Clone, Default)]
pub(super) struct Watches(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    logins: HashMap<String, Watched>,
    networks: HashMap<Network, usize>,
    open: usize,
    is_over: bool,
}

/// A sign-in that somebody waits for.
struct Watched {
    wake: watch::Sender<()>,
    /// How many wait.
    open: usize,
    /// What the last look found of its requests.
    stages: HashMap<String, PresentationStage>,
    /// When something of it lapses next.
    lapses_at: Option<Timestamp>,
}

/// One who waits. Dropping it makes room for another.
struct Seat {
    watches: Watches,
    login: String,
    network: Network,
    woken: watch::Receiver<()>,
}

/// What there is to see of a sign-in by wallet, whenever that may have changed.
pub struct WalletWatch {
    broker: Broker,
    browser: HandleDigest,
    seat: Seat,
    is_new: bool,
    is_over: bool,
}

impl std::fmt::Debug for WalletWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WalletWatch").field("login", &self.seat.login).finish_non_exhaustive()
    }
}

impl Watches {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets one more wait, if there is room in all and in its network.
    fn enter(&self, login: &str, network: Network, most: usize) -> Option<Seat> {
        let mut waiting = self.waiting();
        let of_network = waiting.networks.get(&network).copied().unwrap_or(0);
        if waiting.is_over || waiting.open >= most || of_network >= limits::WALLET_STREAMS_NETWORK {
            return None;
        }
        waiting.open += 1;
        waiting.networks.insert(network.clone(), of_network + 1);
        let watched = waiting.logins.entry(login.to_owned()).or_insert_with(|| Watched {
            wake: watch::Sender::new(()),
            open: 0,
            stages: HashMap::new(),
            lapses_at: None,
        });
        watched.open += 1;
        let woken = watched.wake.subscribe();
        Some(Seat { watches: self.clone(), login: login.to_owned(), network, woken })
    }

    fn leave(&self, login: &str, network: &Network) {
        let mut waiting = self.waiting();
        waiting.open = waiting.open.saturating_sub(1);
        if let Some(open) = waiting.networks.get_mut(network) {
            *open -= 1;
            if *open == 0 {
                waiting.networks.remove(network);
            }
        }
        if let Some(watched) = waiting.logins.get_mut(login) {
            watched.open -= 1;
            if watched.open == 0 {
                waiting.logins.remove(login);
            }
        }
    }

    /// Wakes those who wait for a sign-in.
    pub(super) fn wake(&self, login: &str) {
        if let Some(watched) = self.waiting().logins.get(login) {
            watched.wake.send_replace(());
        }
    }

    fn lapses_at(&self, login: &str, at: Option<Timestamp>) {
        if let Some(watched) = self.waiting().logins.get_mut(login) {
            watched.lapses_at = at;
        }
    }

    /// Wakes those for whom something has moved or lapsed.
    fn compare(&self, moved: Vec<(String, String, PresentationStage)>, now: Timestamp) {
        let mut waiting = self.waiting();
        for (login, request, stage) in moved {
            if let Some(watched) = waiting.logins.get_mut(&login)
                && watched.stages.insert(request, stage) != Some(stage)
            {
                watched.wake.send_replace(());
            }
        }
        for watched in waiting.logins.values_mut() {
            if watched.lapses_at.take_if(|at| *at <= now).is_some() {
                watched.wake.send_replace(());
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.watches.leave(&self.login, &self.network);
    }
}

impl Broker {
    /// Lets the browser that began wait for what becomes of its sign-in (row V16).
    ///
    /// # Errors
    ///
    /// [`Fault::TooMany`] when too many wait already, in all or in its network (row V19).
    pub fn watch_wallet(&self, view: &LoginView, browser: &Handle, caller: &Caller) -> Result<WalletWatch, Fault> {
        let presenting = self.presenting()?;
        let network = Network::of(caller.address);
        let most = presenting.wallets.watches_max;
        let seat = presenting.watches.enter(&view.id, network, most);
        let until = self.now() + limits::PRESENTATION_PICTURE;
        let seat = seat.ok_or(Fault::TooMany { until })?;
        Ok(WalletWatch { broker: self.clone(), browser: digest_handle(browser), seat, is_new: true, is_over: false })
    }

    /// The one look at the store for all who wait. To be called once a second.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn look_for_wallets(&self) -> Result<(), Fault> {
        let Ok(presenting) = self.presenting() else { return Ok(()) };
        if presenting.watches.waiting().open == 0 {
            return Ok(());
        }
        let now = self.now();
        let moved = self.store().moved_presentations(now).await?;
        presenting.watches.compare(moved, now);
        Ok(())
    }

    /// How many browsers wait for a wallet at this node.
    pub fn wallet_watches(&self) -> usize {
        self.presenting().map_or(0, |presenting| presenting.watches.waiting().open)
    }

    /// Ends all waiting, for good.
    pub fn end_wallet_watches(&self) {
        if let Ok(presenting) = self.presenting() {
            let mut waiting = presenting.watches.waiting();
            waiting.is_over = true;
            waiting.logins.clear();
        }
    }
}

impl WalletWatch {
    /// What there is to see: at once, and then whenever it may have changed. Nothing when no more will come.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn next(&mut self) -> Result<Option<WalletStep>, Fault> {
        if self.is_over || !std::mem::take(&mut self.is_new) && self.seat.woken.changed().await.is_err() {
            return Ok(None);
        }
        self.seat.woken.mark_unchanged();
        // In a box, since what waits would else keep the room of a look (11 KiB) for as long as it waits.
        Box::pin(self.look()).await.map(Some)
    }

    async fn look(&mut self) -> Result<WalletStep, Fault> {
        let now = self.broker.now();
        let found = self.broker.own_presentations(&self.seat.login, &self.browser, now).await?;
        let lapses_at = found.iter().map(|record| lapses_at(record, now)).min();
        self.is_over = lapses_at.is_none();
        self.seat.watches.lapses_at(&self.seat.login, lapses_at);
        self.broker.step_of(found, now)
    }
}

/// When there is next something else to see of a request by time alone.
fn lapses_at(record: &PresentationRecord, now: Timestamp) -> Timestamp {
    match record.stage {
        PresentationStage::Waiting if now < record.shown_until => record.shown_until,
        _ => record.expires_at,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn network(number: u32) -> Network {
        Network::of(Ipv4Addr::from_bits(number << 8).into())
    }

    #[test]
    fn v19_so_many_wait_in_all_and_in_a_network() {
        let watches = Watches::default();
        let most = limits::WALLET_STREAMS_NETWORK + 1;
        let mut seats: Vec<_> =
            (1..most).map(|nth| watches.enter(&nth.to_string(), network(1), most).unwrap()).collect();
        assert!(watches.enter("one more", network(1), most).is_none());
        seats.push(watches.enter("elsewhere", network(2), most).unwrap());
        assert!(watches.enter("one more", network(3), most).is_none());
        seats.swap_remove(0);
        assert!(watches.enter("one more", network(1), most).is_some());
        drop(seats);
        let waiting = watches.waiting();
        assert_eq!((waiting.open, waiting.logins.len(), waiting.networks.len()), (0, 0, 0));
    }

    #[test]
    fn one_look_wakes_whoever_waits_for_what_moved_or_lapsed_once() {
        let watches = Watches::default();
        let mut seats = ["a", "b", "c"].map(|login| watches.enter(login, network(1), 9).unwrap());
        watches.lapses_at("b", Some(NOW + limits::PRESENTATION));
        let moved = || vec![("a".to_owned(), "1".to_owned(), PresentationStage::Fetched)];
        let mut woken = || {
            seats.each_mut().map(|seat| {
                let woken = seat.woken.has_changed().unwrap();
                seat.woken.mark_unchanged();
                woken
            })
        };
        watches.compare(moved(), NOW);
        assert_eq!(woken(), [true, false, false]);
        watches.compare(moved(), NOW);
        assert_eq!(woken(), [false; 3]);
        watches.compare(moved(), NOW + limits::PRESENTATION);
        assert_eq!(woken(), [false, true, false]);
        watches.compare(moved(), NOW + limits::PRESENTATION);
        assert_eq!(woken(), [false; 3]);
        watches.wake("c");
        assert_eq!(woken(), [false, false, true]);
    }
}
