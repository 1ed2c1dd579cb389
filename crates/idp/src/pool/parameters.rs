//! The cost of a hash.

use argon2::{Algorithm, Argon2, Params, Version};

use super::HASH_BYTES;

/// The most memory of one hash, in KiB: a larger figure in a stored hash is refused, not tried.
pub const MEMORY_KIB_MAX: u32 = 256 * 1024;
const PASSES_MAX: u32 = 16;
const LANES_MAX: u32 = 8;

/// The cost of a hash: Argon2id version 19, RFC 9106 section 3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashParameters {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Parameters that Argon2 does not know or that cost more than is allowed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "Argon2id takes 8 KiB a lane to {MEMORY_KIB_MAX} KiB of memory, 1 to {PASSES_MAX} passes, 1 to {LANES_MAX} lanes"
)]
pub struct ParametersError;

impl HashParameters {
    /// Checks them.
    ///
    /// # Errors
    ///
    /// [`ParametersError`] outside the limits that it names.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, ParametersError> {
        let known = (1..=LANES_MAX).contains(&lanes)
            && (1..=PASSES_MAX).contains(&passes)
            && (8 * lanes..=MEMORY_KIB_MAX).contains(&memory_kib);
        known.then_some(Self { memory_kib, passes, lanes }).ok_or(ParametersError)
    }

    /// Memory in KiB.
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// Lanes, which are filled one after the other here.
    pub fn lanes(self) -> u32 {
        self.lanes
    }

    /// Blocks of 1 KiB that the hash works in.
    pub(super) fn blocks(self) -> usize {
        self.params().block_count()
    }

    pub(super) fn argon2(self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params())
    }

    fn params(self) -> Params {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(HASH_BYTES))
            .expect("the limits of the constructor lie within Argon2's own")
    }
}

impl Default for HashParameters {
    /// 19 MiB, two passes, one lane: what OWASP's password storage cheat sheet asks for at least.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}
