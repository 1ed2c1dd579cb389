//! Wallets: credentials that are shown to us.

pub(crate) mod presenting;
