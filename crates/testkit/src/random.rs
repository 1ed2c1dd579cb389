//! Randomness that is the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{Context, SHA256};
use model::Random;

/// A random source whose whole sequence follows from its seed.
///
/// Each 32 bytes are the SHA-256 of seed and counter, so the values are as evenly spread as real
/// ones. Threads that draw at once share one sequence, in the order in which they came.
pub struct SeededRandom {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededRandom {
    /// A source of its own for each `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for block in bytes.chunks_mut(32) {
            let mut context = Context::new(&SHA256);
            context.update(&self.seed.to_be_bytes());
            context.update(&self.drawn.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            block.copy_from_slice(&context.finish().as_ref()[..block.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(random: &dyn Random) -> [u8; 48] {
        random.bytes()
    }

    #[test]
    fn one_seed_gives_one_sequence() {
        let (a, b) = (SeededRandom::new(1), SeededRandom::new(1));
        assert_eq!(draw(&a), draw(&b));
        assert_eq!(draw(&a), draw(&b));
    }

    #[test]
    fn draws_and_seeds_differ() {
        let random = SeededRandom::new(1);
        let first = draw(&random);
        assert_ne!(first, draw(&random));
        assert_ne!(first, draw(&SeededRandom::new(2)));
    }
}
