//! The credentials: what a person knows and has, and how it is kept and checked.
//!
//! Passwords, authenticator codes, deletion codes, mailed codes and the keys below them. Nothing
//! here knows HTTP, SQL, a page or a protocol; the clock and randomness are parameters.

pub mod deletion_code;
mod digits;
pub mod hasher;
pub mod keys;
pub mod one_time_code;
pub mod password;
pub mod phone_digits;
pub mod pool;
pub mod qr;
pub mod seal;
pub mod totp;

#[cfg(test)]
mod testing;

pub use hasher::{HashError, Hasher, Verdict};
pub use keys::{Keys, MasterKey, Purpose};
pub use pool::{Busy, HashParameters, HashPool, Load};
