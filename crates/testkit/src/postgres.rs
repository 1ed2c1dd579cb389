//! A PostgreSQL server of one's own.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The script that keeps the server running while its standard input stays open.
const KEEPER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/postgres.sh");

/// The server that the tests of this process share while one of them holds it.
static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());

/// A PostgreSQL server in a temporary folder, reached by a socket in that folder.
///
/// Stopped and removed when dropped, and also when this process is killed. It does not sync to disk.
pub struct Server {
    keeper: Child,
    folder: PathBuf,
    port: u16,
    databases: AtomicU32,
}

/// PostgreSQL's own port, which names its socket.
const PORT: u16 = 5432;

impl Server {
    /// Starts a server: two or three seconds of a core.
    ///
    /// # Panics
    ///
    /// When PostgreSQL is not installed or does not start; standard error says why.
    pub fn start() -> Self {
        Self::kept(&[], PORT)
    }

    /// Starts a server that is also reached as `localhost` at [`Server::port`], by TLS only.
    ///
    /// # Panics
    ///
    /// As [`Server::start`].
    pub fn with_tls() -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let port = free.expect("a free port").port();
        Self::kept(&[&port.to_string()], port)
    }

    fn kept(words: &[&str], port: u16) -> Self {
        let mut keeper = Command::new("sh")
            .arg(KEEPER)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("sh {KEEPER}: {error}"));
        let mut folder = String::new();
        let output = keeper.stdout.take().expect("standard output is piped");
        BufReader::new(output).read_line(&mut folder).expect("the keeper's output is text");
        assert!(folder.ends_with('\n'), "PostgreSQL did not start");
        Self { keeper, folder: PathBuf::from(folder.trim_end()), port, databases: AtomicU32::new(0) }
    }

    /// The server that other tests of this process use at the moment, or else a new one.
    ///
    /// # Panics
    ///
    /// As [`Server::start`].
    pub fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start());
            *shared = Arc::downgrade(&server);
            server
        })
    }

    /// Makes an empty database and says how to connect to it, in libpq's words:
    /// `host=… port=… user=kapu dbname=…`.
    ///
    /// # Panics
    ///
    /// When the server refuses.
    pub fn database(&self) -> String {
        format!("host={} port={} user=kapu dbname={}", self.folder.display(), self.port, self.new_database())
    }

    /// Makes an empty database and says its name.
    ///
    /// # Panics
    ///
    /// When the server refuses.
    pub fn new_database(&self) -> String {
        let name = format!("kapu_{}", self.databases.fetch_add(1, Ordering::SeqCst) + 1);
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        name
    }

    /// The port of a server with TLS.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Who vouches for a server with TLS: a PEM file.
    pub fn authority(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The folder that holds the server's socket.
    pub fn socket_folder(&self) -> &Path {
        &self.folder
    }

    fn sql(&self, database: &str, statement: &str) {
        let status = Command::new("psql")
            .args(["--quiet", "--no-psqlrc", "--username=kapu", "--set=ON_ERROR_STOP=1"])
            .arg(format!("--host={}", self.folder.display()))
            .arg(format!("--port={}", self.port))
            .args(["--dbname", database, "--command", statement])
            .status()
            .unwrap_or_else(|error| panic!("psql: {error}"));
        assert!(status.success(), "psql: {statement}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A line, or the end of the keeper's input, is its sign to stop.
        if let Some(mut input) = self.keeper.stdin.take() {
            let _ = input.write_all(b"\n");
        }
        let _ = self.keeper.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_gives_databases_and_leaves_nothing_behind() {
        let server = Server::start();
        let folder = server.socket_folder().to_owned();
        assert_ne!(server.database(), server.database());
        server.sql("kapu_2", "CREATE TABLE t (n bigint)");
        assert!(folder.join("data").is_dir());
        drop(server);
        assert!(!folder.exists());
    }

    #[test]
    fn tests_of_one_process_share_a_server_while_they_hold_it() {
        let one = Server::shared();
        let folder = one.socket_folder().to_owned();
        assert_eq!(Server::shared().socket_folder(), folder);
        drop(one);
        assert_ne!(Server::shared().socket_folder(), folder);
    }
}
