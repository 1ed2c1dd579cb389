//! Everything that rests: the one crate that knows SQL.
//!
//! It decides nothing. Reads give values ([`record`]); writes are values ([`change`]) that commit
//! with their audit record and their outgoing deliveries, or not at all. One text of each SQL
//! statement serves SQLite and PostgreSQL; [`conformance`] says what both must do alike.

pub mod change;
pub mod record;

pub use change::{Change, Committed, Op};
