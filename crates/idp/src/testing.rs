//! What the tests of this crate share: a seeded source of bytes and a clock that stands still.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use model::{Clock, Random, Timestamp};

use crate::{HashParameters, HashPool, Hasher, Keys, MasterKey};

/// Reproducible bytes (`SplitMix64`), good enough to spread a test and nothing more.
pub(crate) struct Seeded(AtomicU64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let drawn = (mixed ^ (mixed >> 31)).to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

/// A clock that stands still until a test moves it.
pub(crate) struct StillClock(AtomicI64);

impl StillClock {
    pub(crate) fn new() -> Self {
        Self(AtomicI64::new(Timestamp::from_seconds(1_736_500_000).micros()))
    }

    pub(crate) fn pass(&self, span: std::time::Duration) {
        self.0.fetch_add(i64::try_from(span.as_micros()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// The least memory Argon2 allows: for tests that are not about the cost.
pub(crate) fn cheap() -> HashParameters {
    HashParameters::new(8, 1, 1).unwrap()
}

pub(crate) fn keys(byte: u8) -> Keys {
    Keys::new(&MasterKey::from_bytes([byte; 32]))
}

pub(crate) fn pool(parameters: HashParameters) -> HashPool {
    HashPool::start(parameters, NonZeroUsize::new(1), Arc::new(StillClock::new())).unwrap()
}

pub(crate) fn hasher() -> Hasher {
    Hasher::new(pool(cheap()), Arc::new(keys(7)), &Seeded::new(1))
}

/// Runs a future to its end.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    static RUNTIME: LazyLock<tokio::runtime::Runtime> =
        LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap());
    RUNTIME.block_on(future)
}
