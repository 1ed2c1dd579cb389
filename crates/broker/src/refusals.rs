//! What anybody can have made at a cost of ours is counted by network: refusals that are signed, or kept, and calls about
//! wallets.
//!
//! Each costs a signature, and one by artifact a commit. A service may well ask for many (it looks whether somebody is
//! signed in), so the count is of this process alone and costs no write.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use model::{Network, Timestamp, limits};

use crate::{Broker, Caller, Fault};

/// The calls of the present window.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<Window>);

#[derive(Debug, Default)]
struct Window {
    ends_at: Option<Timestamp>,
    counts: HashMap<Network, u32>,
}

/// How many a network may have.
#[derive(Clone, Copy)]
struct Most {
    calls: u32,
    window: Duration,
}

const REFUSALS: Most = Most { calls: limits::SIGNED_REFUSALS, window: limits::SIGNED_REFUSALS_WINDOW };
const WALLET_CALLS: Most = Most { calls: limits::WALLET_CALLS, window: limits::WALLET_CALLS_WINDOW };

impl Refusals {
    /// Counts one more. `Err` when the network has had all of them, or too many networks came, until that instant.
    fn admit(&self, network: Network, now: Timestamp, most: Most) -> Result<(), Timestamp> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ends_at = match window.ends_at {
            Some(ends_at) if now < ends_at => ends_at,
            Some(_) | None => {
                let ends_at = now + most.window;
                *window = Window { ends_at: Some(ends_at), counts: HashMap::new() };
                ends_at
            }
        };
        let networks = window.counts.len();
        match window.counts.get_mut(&network) {
            Some(count) if *count >= most.calls => return Err(ends_at),
            Some(count) => *count += 1,
            None if networks >= limits::SIGNED_REFUSALS_NETWORKS => return Err(ends_at),
            None => drop(window.counts.insert(network, 1)),
        }
        Ok(())
    }
}

impl Broker {
    /// Counts a refusal that is about to be signed for whoever asks.
    ///
    /// # Errors
    ///
    /// [`Fault::TooMany`].
    pub(crate) fn admit_refusal(&self, caller: &Caller) -> Result<(), Fault> {
        let network = Network::of(caller.address);
        self.0.refusals.admit(network, self.now(), REFUSALS).map_err(|until| Fault::TooMany { until })
    }

    /// Counts a call about a wallet, a person's or a wallet's own (row V19).
    ///
    /// # Errors
    ///
    /// [`Fault::TooMany`].
    pub fn admit_wallet_call(&self, caller: &Caller) -> Result<(), Fault> {
        let network = Network::of(caller.address);
        self.0.wallet_calls.admit(network, self.now(), WALLET_CALLS).map_err(|until| Fault::TooMany { until })
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn network(number: u32) -> Network {
        Network::of(IpAddr::V4(Ipv4Addr::from_bits(number << 8)))
    }

    #[test]
    fn a_network_has_so_many_in_a_window_and_another_has_its_own() {
        let refusals = Refusals::default();
        let end = NOW + limits::SIGNED_REFUSALS_WINDOW;
        for _ in 0..limits::SIGNED_REFUSALS {
            assert_eq!(refusals.admit(network(1), NOW, REFUSALS), Ok(()));
        }
        let late = NOW + limits::SIGNED_REFUSALS_WINDOW - Duration::from_micros(1);
        assert_eq!(refusals.admit(network(1), late, REFUSALS), Err(end));
        assert_eq!(refusals.admit(network(2), late, REFUSALS), Ok(()));
        assert_eq!(refusals.admit(network(1), end, REFUSALS), Ok(()));
    }

    #[test]
    fn so_many_networks_are_counted() {
        let refusals = Refusals::default();
        let all = u32::try_from(limits::SIGNED_REFUSALS_NETWORKS).unwrap();
        assert!((0..all).all(|number| refusals.admit(network(number), NOW, REFUSALS).is_ok()));
        let end = NOW + limits::SIGNED_REFUSALS_WINDOW;
        assert_eq!(refusals.admit(network(all), NOW, REFUSALS), Err(end));
        assert_eq!(refusals.admit(network(0), NOW, REFUSALS), Ok(()), "who is counted goes on");
    }
}
