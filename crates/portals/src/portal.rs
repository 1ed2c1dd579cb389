//! What the portals have in common: how they look, what they ask for and receive, and how they ask Kapu.
//!
//! Each speaks its own protocol and keeps its own database; a person sees the same pages.

pub(crate) mod back_channel;
pub(crate) mod demand;
pub(crate) mod pages;
pub(crate) mod purpose;
pub(crate) mod received;
pub(crate) mod way;

/// Where a person proves by a wallet to be 18 years old.
pub(crate) const ADULT: &str = "/nagykorusag";
