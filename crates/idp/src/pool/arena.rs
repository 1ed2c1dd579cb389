//! The memory of one hashing thread.

use argon2::Block;
use model::Secret;

use super::{HASH_BYTES, HashParameters};

/// Memory that is allocated and touched once and used for hash after hash: fresh pages for each
/// would cost up to 2.5 times the hash itself.
///
/// It is not wiped between hashes, since that would cost a tenth of each; what it holds is made
/// from a keyed HMAC and says less of a password than the stored hash.
pub(super) struct Arena(Vec<Block>);

impl Arena {
    pub(super) fn for_parameters(parameters: HashParameters) -> Self {
        let mut blocks = vec![Block::new(); parameters.blocks()];
        // Writing is what makes the pages real.
        for block in &mut blocks {
            block.as_mut().fill(1);
        }
        Self(blocks)
    }

    /// Argon2id. A stored hash that needs more memory makes the arena grow, once and for good.
    pub(super) fn hash(&mut self, parameters: HashParameters, input: &[u8], salt: &[u8]) -> Secret<[u8; HASH_BYTES]> {
        let blocks = parameters.blocks();
        if self.0.len() < blocks {
            self.0.resize(blocks, Block::new());
        }
        let mut hash = [0; HASH_BYTES];
        parameters
            .argon2()
            .hash_password_into_with_memory(input, salt, &mut hash, &mut self.0[..blocks])
            .expect("the lengths are constants, the memory was just measured");
        Secret::new(hash)
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    /// From the test program of the reference implementation (P-H-C/phc-winner-argon2, `src/test.c`,
    /// version 0x13, Argon2id).
    #[test]
    fn argon2id_gives_the_values_of_the_reference_implementation() {
        #[rustfmt::skip]
        let table = [
            (    256, 2, 1, "password",      "somesalt", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
            (    256, 2, 2, "password",      "somesalt", "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
            ( 65_536, 2, 1, "password",      "somesalt", "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
            ( 65_536, 1, 1, "password",      "somesalt", "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98"),
            ( 65_536, 2, 1, "differentpassword", "somesalt", "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde"),
            ( 65_536, 2, 1, "password",      "diffsalt", "bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c"),
        ];
        // The arena is reused and grows on the way, and neither shows.
        let mut arena = Arena::for_parameters(HashParameters::new(8, 1, 1).unwrap());
        for (memory_kib, passes, lanes, password, salt, hash) in table {
            let parameters = HashParameters::new(memory_kib, passes, lanes).unwrap();
            let made = arena.hash(parameters, password.as_bytes(), salt.as_bytes());
            assert_eq!(HEXLOWER.encode(made.expose()), hash, "{parameters:?} {password} {salt}");
        }
    }

    /// RFC 9106 section 5.3. Secret and associated data are not used here; the library knows them.
    #[test]
    fn argon2id_gives_the_value_of_rfc_9106() {
        use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};

        let params = ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(AssociatedData::new(&[4; 12]).unwrap())
            .output_len(32)
            .build()
            .unwrap();
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut tag = [0; 32];
        argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
        assert_eq!(HEXLOWER.encode(&tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    /// Minor page faults of this thread so far: field 10 of `stat`, `proc_pid_stat(5)`.
    #[cfg(target_os = "linux")]
    fn page_faults() -> u64 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        let after_name = &stat[stat.rfind(')').unwrap() + 2..];
        after_name.split(' ').nth(7).unwrap().parse().unwrap()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_hash_finds_its_memory_in_place() {
        let parameters = HashParameters::default();
        let mut arena = Arena::for_parameters(parameters);
        // The first hash brings in the code and the stack.
        arena.hash(HashParameters::new(8, 1, 1).unwrap(), &[1; 32], &[2; 16]);
        let before = page_faults();
        arena.hash(parameters, &[1; 32], &[2; 16]);
        // 19 MiB afresh would be 4,864 pages of 4 KiB, or 10 huge ones.
        let faults = page_faults() - before;
        assert!(faults < 10, "{faults} page faults");
    }
}
