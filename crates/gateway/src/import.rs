//! What an operator brings in files: persons, services. Read and checked as a whole, so that one bad
//! entry means that nothing is imported.

pub mod person;
pub mod service;
mod source;

use std::path::PathBuf;

pub use source::{FILE_BYTES, Source};

/// What is wrong with an imported file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {reason}", file.display(), line.map(|line| format!(" line {line}")).unwrap_or_default())]
pub struct ImportError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, where one is to blame.
    pub line: Option<u64>,
    /// What is wrong, in one sentence.
    pub reason: String,
}
