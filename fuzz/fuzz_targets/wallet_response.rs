//! A wallet's answer: the target of that name.
#![no_main]

#[path = "../../crates/mdoc/tests/mdoc/targets.rs"]
#[allow(dead_code)]
mod targets;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| targets::responding(octets));
