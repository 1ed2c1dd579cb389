//! The embedded engine: the rules of both engines, and what is a file's alone.

mod conformance;

use std::path::PathBuf;

use conformance::samples::{change, world};
use conformance::{Database, done_all};
use rusqlite::Connection;
use rusqlite::types::Value;
use store::{Store, StoreConfig, StoreError};

struct File {
    path: PathBuf,
    folder: tempfile::TempDir,
}

impl Database for File {
    async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { path: folder.path().join("kapu.sqlite"), folder }
    }

    async fn try_open(&self) -> Result<Store, StoreError> {
        Store::open(&StoreConfig::Sqlite { path: self.path.clone() }).await
    }

    async fn execute(&self, sql: &str) {
        self.raw().execute_batch(sql).unwrap();
    }

    async fn dump(&self) -> Vec<String> {
        let raw = self.raw();
        let mut tables = raw
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
            .unwrap();
        let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let mut dump = Vec::new();
        for table in tables {
            let mut rows = raw.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = rows.column_count();
            let rows = rows.query_map([], |row| (0..columns).map(|n| row.get(n)).collect::<Result<Vec<Value>, _>>());
            dump.extend(rows.unwrap().map(|row| format!("{table} {:?}", row.unwrap())));
        }
        dump.sort_unstable();
        dump
    }

    async fn break_audit(&self) {
        let trigger = "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'broken'); END";
        self.execute(trigger).await;
    }
}

impl File {
    fn raw(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }
}

conformance::rules!(File);

#[tokio::test]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let file = File::empty().await;
    let store = file.open().await;
    world(&store).await;
    let mut seen = 0;
    for entry in std::fs::read_dir(file.folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
        seen += 1;
    }
    assert_eq!(seen, 3, "the file, its log and its index");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let file = File::empty().await;
    let bytes = b"This is a letter, not a database; long enough to have a header of 100 bytes. ".repeat(20);
    std::fs::write(&file.path, &bytes).unwrap();
    let error = file.try_open().await.err().unwrap();
    assert!(matches!(&error, StoreError::Damaged { file: named, .. } if *named == file.path), "{error:?}");
    assert!(error.to_string().contains("kapu.sqlite"), "{error}");
    assert!(error.to_string().contains("file is not a database"), "{error}");
    assert_eq!(std::fs::read(&file.path).unwrap(), bytes);
}

#[tokio::test]
async fn a_malformed_database_is_refused() {
    let file = File::empty().await;
    drop(file.open().await);
    let mut bytes = std::fs::read(&file.path).unwrap();
    // The first page's cells: the schema itself. The file's header stays.
    bytes[100..4096].fill(0xff);
    std::fs::write(&file.path, &bytes).unwrap();
    let error = file.try_open().await.err().unwrap();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("malformed"), "{error}");
    assert_eq!(std::fs::read(&file.path).unwrap(), bytes);
}

#[tokio::test]
async fn another_programs_database_is_refused() {
    let file = File::empty().await;
    file.execute("CREATE TABLE recipes (name TEXT)").await;
    let error = file.try_open().await.err().unwrap();
    assert!(error.to_string().contains("another program"), "{error}");
    assert_eq!(file.dump().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let file = File::empty().await;
    let path = file.folder.path().join("missing").join("kapu.sqlite");
    let error = Store::open(&StoreConfig::Sqlite { path: path.clone() }).await.err().unwrap();
    assert!(matches!(&error, StoreError::Unopened { file, .. } if *file == path), "{error:?}");
    assert!(error.to_string().contains("missing/kapu.sqlite"), "{error}");
    assert!(!path.parent().unwrap().exists());
}

#[tokio::test]
async fn a_store_that_is_dropped_has_closed_its_file() {
    let file = File::empty().await;
    let store = file.open().await;
    world(&store).await;
    drop(store);
    let left: Vec<_> = std::fs::read_dir(file.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, std::slice::from_ref(&file.path), "the log is in the file");
}

#[tokio::test]
async fn a_caller_that_stops_waiting_has_been_served() {
    let file = File::empty().await;
    let store = file.open().await;
    let before = store.audit_tail(100).await.unwrap().len();
    {
        let mut commit = Box::pin(store.commit(change()));
        // One poll sends the change to the writing thread; then the caller is gone.
        std::future::poll_fn(|context| {
            let _ = commit.as_mut().poll(context);
            std::task::Poll::Ready(())
        })
        .await;
    }
    // The thread takes changes in order, so the next answer comes after it.
    done_all(&store, []).await;
    assert_eq!(store.audit_tail(100).await.unwrap().len(), before + 2);
}
