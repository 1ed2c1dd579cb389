//! TLS to a PostgreSQL server: encrypted, to whom it is meant for, or not at all.

use std::error::Error as _;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::thread;

use store::{Store, StoreConfig, StoreError};
use testkit::postgres::Server;

async fn open(address: String, roots: Option<PathBuf>) -> Result<(), StoreError> {
    let store = Store::open(&StoreConfig::Postgres { url: address.into(), connections: 1, roots }).await?;
    store.probe().await
}

/// All that an error says, its causes included.
fn told(error: &StoreError) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        told = format!("{told}: {deeper}");
        cause = deeper.source();
    }
    told
}

#[tokio::test]
async fn a_server_is_known_by_its_certificate() {
    let server = Server::with_tls();
    let (port, name, authority) = (server.port(), server.new_database(), server.authority());
    let address =
        |host: &str, more: &str| format!("host={host} hostaddr=127.0.0.1 port={port} user=kapu dbname={name}{more}");

    // The server lets nobody in without TLS, so whoever is in came by it.
    let refused = open(address("localhost", ""), None).await.unwrap_err();
    assert!(told(&refused).contains("no encryption"), "{}", told(&refused));
    open(address("localhost", ""), Some(authority.clone())).await.unwrap();
    open(address("localhost", " sslmode=require"), Some(authority.clone())).await.unwrap();

    let stranger = open(address("localhost", " sslmode=require"), None).await.unwrap_err();
    assert!(told(&stranger).contains("certificate"), "this machine does not know who vouches: {}", told(&stranger));
    for other in ["db.example.org", "127.0.0.1"] {
        let other = open(address(other, ""), Some(authority.clone())).await.unwrap_err();
        assert!(told(&other).contains("not valid for name"), "{}", told(&other));
    }
}

#[tokio::test]
async fn a_server_without_tls_is_told_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 8];
        stream.read_exact(&mut asked).unwrap();
        // "No TLS here": somebody on the way can say so, too.
        stream.write_all(b"N").unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        rest
    });
    let address = format!("host=localhost hostaddr=127.0.0.1 port={port} user=kapu password=secret sslmode=require");
    let error = open(address, None).await.unwrap_err();
    assert!(told(&error).contains("server does not support TLS"), "{}", told(&error));
    assert_eq!(heard.join().unwrap(), b"", "neither a name nor a password");
}
