//! Everything that rests: the one crate that knows SQL.
//!
//! It decides nothing. Reads give values ([`record`]); writes are values ([`change`]) that commit
//! with their audit record and their outgoing deliveries, or not at all. One text of each SQL
//! statement serves SQLite and PostgreSQL; `tests/conformance` says what both must do alike.

pub mod change;
mod code;
mod error;
mod issuing;
mod linked;
mod migration;
mod plan;
mod postgres;
mod presenting;
mod read;
pub mod record;
mod sqlite;
mod statements;
mod store;
mod tally;
mod value;

pub use change::{Change, Committed, Issuing, Op, PresentingOp};
pub use error::StoreError;
pub use store::{Store, StoreConfig};
