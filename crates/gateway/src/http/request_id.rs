//! A name for every request, for the log and for the phone.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use model::Random;

/// Names a request in the log, and to the person who met a fault: 16 hexadecimal digits, no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Where they come from: a random start, so that two processes do not name alike, and a count.
#[derive(Debug)]
pub(super) struct RequestIds {
    start: u64,
    count: AtomicU64,
}

impl RequestIds {
    pub(super) fn new(random: &dyn Random) -> Self {
        Self { start: u64::from_be_bytes(random.bytes()), count: AtomicU64::new(0) }
    }

    pub(super) fn next(&self) -> RequestId {
        // An odd factor, so that neighbours look different and none is named twice.
        let count = self.count.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        RequestId(self.start.wrapping_add(count))
    }
}
