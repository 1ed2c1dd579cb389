//! Wallet: the target `client_attestation`.
#![no_main]

#[path = "../../crates/wallet/tests/fuzz/targets.rs"]
#[allow(dead_code)]
mod targets;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| targets::client_attestation(octets));
