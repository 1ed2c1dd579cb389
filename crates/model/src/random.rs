//! Randomness as a parameter.

/// A cryptographically secure source of random bytes.
///
/// An implementation must not return when it has none: it aborts, it never weakens.
pub trait Random: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Random + '_ {
    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A number from `0` to `below - 1`, each equally likely.
    ///
    /// # Panics
    ///
    /// When `below` is zero.
    pub fn below(&self, below: u32) -> u32 {
        assert!(below > 0, "a range of at least one");
        // Rejection keeps the last, incomplete run of the range from favouring low numbers.
        let limit = u32::MAX - u32::MAX % below;
        loop {
            let drawn = u32::from_le_bytes(self.bytes());
            if drawn < limit {
                return drawn % below;
            }
        }
    }
}
