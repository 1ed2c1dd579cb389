//! What tests need and the product never has: a clock that a test moves, repeatable randomness,
//! a person at a browser, and a PostgreSQL server of one's own.
//!
//! A development dependency only. Nothing here waits, retries or stands for a part of the product;
//! and since a test's failure is a panic that says what was missing, so is every failure here.

mod browser;
mod clock;
mod installation;
pub mod postgres;
mod random;
pub mod wallet_box;
mod wallet_maker;
mod writes;

pub use browser::{Browser, Link, Page, TICKED, UNTICKED};
pub use clock::VirtualClock;
pub use installation::{Answers, CUTOVER, DAP, Delivered, Installation, KAU, Settings, UGYFELKAPU};
pub use random::SeededRandom;
pub use wallet_box::WalletBox;
pub use wallet_maker::{AttestedKey, WalletMaker};
