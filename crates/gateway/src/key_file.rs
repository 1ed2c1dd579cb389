//! The file of the master key.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use idp::MasterKey;
use model::Random;

/// What is wrong with the file of the master key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is none.
    #[error("there is no master key at {}; make one with: kapu key init {}", .0.display(), .0.display())]
    Missing(PathBuf),
    /// There is one already, and it is not replaced.
    #[error("{} exists already, and a master key is never replaced", .0.display())]
    Exists(PathBuf),
    /// Others than its owner may read or write it.
    #[error("{} may be read or written by others; close it with: chmod 600 {}", .0.display(), .0.display())]
    Open(PathBuf),
    /// It holds something else.
    #[error("{} holds no master key: it is one line of 64 hexadecimal digits", .0.display())]
    Content(PathBuf),
    /// It cannot be read or written.
    #[error("{} cannot be used: {source}", file.display())]
    Unusable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Reads the master key; nobody but its owner may be able to.
///
/// # Errors
///
/// [`KeyFileError`] says what to do.
pub fn read(file: &Path) -> Result<MasterKey, KeyFileError> {
    let unusable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => KeyFileError::Missing(file.to_owned()),
        _ => KeyFileError::Unusable { file: file.to_owned(), source },
    };
    let permissions = fs::metadata(file).map_err(unusable)?.permissions();
    if permissions.mode() & 0o077 != 0 {
        return Err(KeyFileError::Open(file.to_owned()));
    }
    let content = zeroize::Zeroizing::new(fs::read(file).map_err(unusable)?);
    MasterKey::from_file(&content).map_err(|_| KeyFileError::Content(file.to_owned()))
}

/// Draws a master key and writes it to a new file that only its owner may read.
///
/// # Errors
///
/// [`KeyFileError`] when there is a file already, or it cannot be written.
pub fn make(file: &Path, random: &dyn Random) -> Result<MasterKey, KeyFileError> {
    let key = MasterKey::draw(random);
    private_file(file, key.to_file().expose().as_bytes()).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists(file.to_owned()),
        _ => KeyFileError::Unusable { file: file.to_owned(), source },
    })?;
    Ok(key)
}

/// Writes a new file that only its owner may read; it is on the disk when this returns.
///
/// # Errors
///
/// When there is one already, or it cannot be written.
pub fn private_file(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    made.write_all(content)?;
    made.sync_all()?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use testkit::SeededRandom;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        let random = SeededRandom::new(1);
        assert!(matches!(read(&file), Err(KeyFileError::Missing(_))));
        let made = make(&file, &random).unwrap();
        assert!(matches!(make(&file, &random), Err(KeyFileError::Exists(_))));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read(&file).unwrap().to_file().expose(), made.to_file().expose());

        for mode in [0o640, 0o604, 0o620, 0o666] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(read(&file), Err(KeyFileError::Open(_))), "{mode:o}");
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&file, "0123").unwrap();
        assert!(matches!(read(&file), Err(KeyFileError::Content(_))));
    }
}
