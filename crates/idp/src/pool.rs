//! The threads that hash: Argon2id (RFC 9106) in memory that is there before the first sign-in.
//!
//! A hash takes some 20 ms of one core and 19 MiB. So there are as many threads as cores, each
//! with an arena of its own that is touched at start and used again for every hash, and a queue
//! that is short enough to be worked off while people wait. What does not fit is refused at once.

mod arena;
mod parameters;
mod queue;

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use model::{Clock, Secret};
use tokio::sync::oneshot;

use arena::Arena;
pub use parameters::{HashParameters, MEMORY_KIB_MAX, ParametersError};
use queue::{Job, Queue};

/// Bytes of a salt.
pub const SALT_BYTES: usize = 16;
/// Bytes of what is hashed: an HMAC-SHA-256 tag.
pub const INPUT_BYTES: usize = 32;
/// Bytes of a hash.
pub const HASH_BYTES: usize = 32;
/// Hashes that may wait for each thread: about what one does in [`PATIENCE`].
pub const WAITING_PER_THREAD: usize = 64;
/// How long a hash may wait to be begun.
pub const PATIENCE: Duration = Duration::from_millis(1500);
/// When somebody refused may try again; the queue is long empty by then.
pub const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Too much waits to be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too much waits to be hashed; try again in {} s", retry_after.as_secs())]
pub struct Busy {
    /// After this span there may be room.
    pub retry_after: Duration,
}

/// How much waits to be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Hashes that wait for a thread.
    pub waiting: usize,
    /// Hashes that may wait; one more is refused.
    pub capacity: usize,
}

const BUSY: Busy = Busy { retry_after: RETRY_AFTER };

/// The threads and their queue. Dropping it ends the threads after the hash that each is at;
/// what still waits is answered [`Busy`].
pub struct HashPool {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
    parameters: HashParameters,
    clock: Arc<dyn Clock>,
}

impl HashPool {
    /// Starts the threads, named `hash-0` and so on; as many as cores when `threads` is `None`.
    ///
    /// # Errors
    ///
    /// When the operating system gives no thread.
    pub fn start(
        parameters: HashParameters,
        threads: Option<NonZeroUsize>,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let threads = threads.map_or_else(thread::available_parallelism, Ok)?;
        let queue = Arc::new(Queue::with_limit(threads.get() * WAITING_PER_THREAD));
        let mut pool = Self { queue, threads: Vec::new(), parameters, clock };
        for number in 0..threads.get() {
            let (queue, clock) = (Arc::clone(&pool.queue), Arc::clone(&pool.clock));
            let thread = thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || work(&queue, Arena::for_parameters(parameters), &*clock))?;
            pool.threads.push(thread);
        }
        Ok(pool)
    }

    /// The parameters that new hashes get.
    pub fn parameters(&self) -> HashParameters {
        self.parameters
    }

    /// How much waits to be hashed now.
    pub fn load(&self) -> Load {
        Load { waiting: self.queue.len(), capacity: self.queue.capacity() }
    }

    /// Argon2id of `input` with `salt`, once its turn comes. A caller that goes away
    /// before is passed over.
    ///
    /// # Errors
    ///
    /// [`Busy`] when the queue is full, or when the hash was not begun within [`PATIENCE`].
    pub async fn hash(
        &self,
        parameters: HashParameters,
        input: Secret<[u8; INPUT_BYTES]>,
        salt: [u8; SALT_BYTES],
    ) -> Result<Secret<[u8; HASH_BYTES]>, Busy> {
        let (answer, answered) = oneshot::channel();
        let begin_before = self.clock.now() + PATIENCE;
        self.queue.push(Job { parameters, input, salt, begin_before, answer }).map_err(|_| BUSY)?;
        // The sender is dropped unanswered when the job waited too long, or the pool ends.
        answered.await.map_err(|_| BUSY)
    }
}

impl Drop for HashPool {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so on standard error; there is nothing left to end.
            let _ended = thread.join();
        }
    }
}

impl fmt::Debug for HashPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HashPool")
            .field("parameters", &self.parameters)
            .field("threads", &self.threads.len())
            .finish_non_exhaustive()
    }
}

/// What one thread does until the queue is closed.
fn work(queue: &Queue, mut arena: Arena, clock: &dyn Clock) {
    while let Some(job) = queue.pop() {
        if clock.now() > job.begin_before || job.answer.is_closed() {
            continue;
        }
        let hash = arena.hash(job.parameters, job.input.expose(), &job.salt);
        // The caller may have gone while its hash was made.
        let _gone = job.answer.send(hash);
    }
}

#[cfg(test)]
mod tests;
