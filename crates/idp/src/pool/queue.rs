//! The queue before the hashing threads: first come, first served, with a limit.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use model::{Secret, Timestamp};
use tokio::sync::oneshot;

use super::{HASH_BYTES, HashParameters, INPUT_BYTES, SALT_BYTES};

/// One hash to be made.
pub(super) struct Job {
    pub(super) parameters: HashParameters,
    pub(super) input: Secret<[u8; INPUT_BYTES]>,
    pub(super) salt: [u8; SALT_BYTES],
    /// Not worth beginning afterwards: its caller is told to come back.
    pub(super) begin_before: Timestamp,
    pub(super) answer: oneshot::Sender<Secret<[u8; HASH_BYTES]>>,
}

/// No room, or closed.
#[derive(Debug)]
pub(super) struct Full;

pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    limit: usize,
}

struct State {
    waiting: VecDeque<Job>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    Closed,
}

impl Queue {
    pub(super) fn with_limit(limit: usize) -> Self {
        let state = State { waiting: VecDeque::with_capacity(limit), phase: Phase::Open };
        Self { state: Mutex::new(state), changed: Condvar::new(), limit }
    }

    pub(super) fn push(&self, job: Job) -> Result<(), Full> {
        let mut state = self.lock();
        if state.phase == Phase::Closed || state.waiting.len() >= self.limit {
            return Err(Full);
        }
        state.waiting.push_back(job);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// How many jobs wait.
    pub(super) fn len(&self) -> usize {
        self.lock().waiting.len()
    }

    /// How many may wait.
    pub(super) fn capacity(&self) -> usize {
        self.limit
    }

    /// The next job, waiting for one; `None` once the queue is closed.
    pub(super) fn pop(&self) -> Option<Job> {
        let mut state = self
            .changed
            .wait_while(self.lock(), |state| state.phase == Phase::Open && state.waiting.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        match state.phase {
            Phase::Open => state.waiting.pop_front(),
            Phase::Closed => None,
        }
    }

    /// Lets nothing in any more and forgets what waits.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.phase = Phase::Closed;
        state.waiting.clear();
        drop(state);
        self.changed.notify_all();
    }

    /// No code here panics while it holds the lock, so a poisoned one is still whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
