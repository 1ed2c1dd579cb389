//! SAML: the target of that name.
#![no_main]

#[path = "../../crates/saml/tests/fuzz/targets.rs"]
#[allow(dead_code)]
mod targets;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| targets::form(octets));
