//! Wallet: the target `issuing`.
#![no_main]

#[path = "../../crates/wallet/tests/fuzz/targets.rs"]
#[allow(dead_code)]
mod targets;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| targets::issuing(octets));
