//! A file as text, or what is wrong with its encoding.

use std::fs;
use std::path::{Path, PathBuf};

use super::ImportError;

/// The largest imported file, in bytes: some million persons.
pub const FILE_BYTES: u64 = 512 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A file that was read and is UTF-8 text.
#[derive(Debug)]
pub struct Source {
    file: PathBuf,
    text: String,
}

impl Source {
    /// Reads a file. A byte order mark at its beginning is dropped.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is too large or is no UTF-8; the encoding that it seems to have is named.
    pub fn read(file: &Path) -> Result<Self, ImportError> {
        let fault = |line: Option<u64>, reason: String| ImportError { file: file.to_owned(), line, reason };
        let size = fs::metadata(file).map_err(|error| fault(None, format!("cannot be read: {error}")))?.len();
        if size > FILE_BYTES {
            return Err(fault(None, format!("is larger than {} MiB; import it in parts", FILE_BYTES / 1024 / 1024)));
        }
        let bytes = fs::read(file).map_err(|error| fault(None, format!("cannot be read: {error}")))?;
        Self::from_bytes(file, bytes)
    }

    /// The same for bytes that were read already; `file` names them in errors.
    ///
    /// # Errors
    ///
    /// When they are no UTF-8.
    pub fn from_bytes(file: &Path, mut bytes: Vec<u8>) -> Result<Self, ImportError> {
        let fault =
            |line: Option<u64>, reason: &str| ImportError { file: file.to_owned(), line, reason: reason.to_owned() };
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(fault(None, "is UTF-16; save it as UTF-8 (in Excel: \"CSV UTF-8\")"));
        }
        if bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { file: file.to_owned(), text }),
            Err(error) => {
                let line = line_at(error.as_bytes(), error.utf8_error().valid_up_to());
                Err(fault(
                    Some(line),
                    "is not UTF-8, perhaps Windows-1250 or ISO 8859-2; save it as UTF-8 (in Excel: \"CSV UTF-8\")",
                ))
            }
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The line, from 1, in which `words` first stand.
    pub(super) fn line_of(&self, words: &str) -> Option<u64> {
        self.text.find(words).map(|offset| line_at(self.text.as_bytes(), offset))
    }

    /// What is wrong at a line.
    pub(super) fn fault(&self, line: u64, reason: impl Into<String>) -> ImportError {
        ImportError { file: self.file.clone(), line: Some(line), reason: reason.into() }
    }
}

/// The line, from 1, of the byte at `offset`.
pub(super) fn line_at(text: &[u8], offset: usize) -> u64 {
    1 + text.iter().take(offset).filter(|byte| **byte == b'\n').count() as u64
}
