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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use proptest::prelude::*;

    use super::*;

    /// Gives out these numbers, and fails when it is asked for more.
    struct Script(Mutex<Vec<u32>>);

    impl Script {
        fn of(numbers: &[u32]) -> Self {
            Self(Mutex::new(numbers.iter().rev().copied().collect()))
        }

        fn left(&self) -> usize {
            self.0.lock().unwrap().len()
        }
    }

    impl Random for Script {
        fn fill(&self, bytes: &mut [u8]) {
            let number = self.0.lock().unwrap().pop().expect("a number is left");
            bytes.copy_from_slice(&number.to_le_bytes());
        }
    }

    fn below(script: &Script, below: u32) -> u32 {
        let random: &dyn Random = script;
        random.below(below)
    }

    #[test]
    fn the_last_incomplete_run_is_drawn_again() {
        #[rustfmt::skip]
        let table = [
            // below        drawn                                     number   drawn again
            (1,             vec![0],                                  0,       0),
            (1,             vec![u32::MAX - 1],                       0,       0),
            (1,             vec![u32::MAX, 7],                        0,       1),
            (10,            vec![0],                                  0,       0),
            (10,            vec![4_294_967_289],                      9,       0),
            (10,            vec![4_294_967_290, 13],                  3,       1),
            (10,            vec![4_294_967_295, 4_294_967_290, 19],   9,       2),
            (1_000_000,     vec![4_293_999_999],                      999_999, 0),
            (1_000_000,     vec![4_294_967_294, 1_000_001],           1,       1),
            (1 << 31,       vec![(1 << 31) - 1],                      (1 << 31) - 1, 0),
            (1 << 31,       vec![1 << 31, 5],                         5,       1),
            (u32::MAX,      vec![u32::MAX - 1],                       u32::MAX - 1, 0),
            (u32::MAX,      vec![u32::MAX, 0],                        0,       1),
        ];
        for (range, drawn, number, again) in table {
            let script = Script::of(&drawn);
            assert_eq!(below(&script, range), number, "below {range} from {drawn:?}");
            assert_eq!(drawn.len() - script.left(), again + 1, "below {range} from {drawn:?}");
        }
    }

    #[test]
    #[should_panic(expected = "a range of at least one")]
    fn an_empty_range_has_no_number() {
        below(&Script::of(&[0]), 0);
    }

    proptest! {
        /// The accepted numbers are whole runs of the range: each result has as many that lead to it.
        #[test]
        fn no_number_is_likelier_than_another(range in 1..=u32::MAX, drawn: u32) {
            let runs = u32::MAX / range;
            let script = Script::of(&[drawn, 0]);
            let number = below(&script, range);
            prop_assert!(number < range);
            let accepted = script.left() == 1;
            prop_assert_eq!(accepted, drawn / range < runs);
            prop_assert_eq!(number, if accepted { drawn % range } else { 0 });
        }
    }
}
