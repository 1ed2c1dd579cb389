//! The binary's parts: configuration, wiring, the public face, imports, the demo.
//!
//! Nothing here decides who may sign in. What the other crates are given as parameters, the clock,
//! randomness, the network, comes from here.

pub mod check;
pub mod cli;
pub mod config;
pub mod deliver;
pub mod demo;
pub mod engine;
pub mod http;
pub mod import;
pub mod key_file;
pub mod log;
pub mod machine;
pub mod metrics;
pub mod operations;
pub mod origin;
pub mod serve;
pub mod text;
pub mod workers;
