//! The public face on sockets, spoken to byte by byte.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use gateway::config::TrustedProxies;
use gateway::http::Front;
use gateway::http::listen::{Shutdown, serve};
use gateway::metrics::RequestCounts;
use gateway::origin::{Origin, Scheme};
use model::limits;
use testkit::SeededRandom;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const HOST: &str = "Host: kau.localhost:8080\r\n";

struct Server {
    runtime: Runtime,
    address: SocketAddr,
    end: watch::Sender<bool>,
    served: JoinHandle<()>,
    /// A request to `/waits` has begun.
    begun: Arc<Notify>,
    /// Lets it finish.
    go_on: Arc<Notify>,
}

fn start(connections: usize) -> Server {
    let runtime = Runtime::new().unwrap();
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let waits = {
        let (begun, go_on) = (begun.clone(), go_on.clone());
        move || async move {
            begun.notify_one();
            go_on.notified().await;
            "finished"
        }
    };
    let routes = Router::new()
        .route("/", get(|| async { "page" }))
        .route("/length", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/waits", get(waits));
    let front = Front::builder(
        Scheme::Http,
        TrustedProxies::default(),
        Arc::new(RequestCounts::default()),
        &SeededRandom::new(1),
    )
    .host(&Origin::of_demo(Some("kau"), 8080), routes)
    .build();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = Shutdown::channel();
    let served = runtime.spawn(serve(vec![listener], front, connections, ended));
    Server { runtime, address, end, served, begun, go_on }
}

impl Server {
    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).unwrap()
    }

    /// Sends bytes on a connection of their own and reads all answers until the server closes.
    fn converse(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).unwrap();
        read_to_end(&mut stream)
    }
}

/// Reads what arrives up to some words.
fn read_through(stream: &mut TcpStream, words: &str) {
    let (mut all, mut octet) = (Vec::new(), [0]);
    while !all.ends_with(words.as_bytes()) {
        stream.read_exact(&mut octet).unwrap();
        all.extend(octet);
    }
}

/// What arrives until the connection ends, by a reset too: the server may close on bytes that it will not read.
fn read_to_end(stream: &mut TcpStream) -> String {
    let (mut all, mut some) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut some) {
            Ok(0) => break,
            Ok(count) => all.extend_from_slice(&some[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}"),
        }
    }
    String::from_utf8(all).unwrap()
}

fn statuses(answers: &str) -> Vec<&str> {
    answers.match_indices("HTTP/1.1 ").map(|(at, _)| &answers[at + 9..at + 12]).collect()
}

#[test]
fn a_connection_serves_several_requests() {
    let server = start(10);
    let answers = server
        .converse(format!("GET / HTTP/1.1\r\n{HOST}\r\nGET / HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n").as_bytes());
    assert_eq!(statuses(&answers), ["200", "200"], "{answers}");
}

#[test]
fn w10_what_could_be_read_as_two_requests_is_refused() {
    let server = start(10);
    let smuggled = format!("GET / HTTP/1.1\r\n{HOST}\r\n");
    let length = smuggled.len();
    // RFC 9112 section 6.3 leaves it open whether both lengths together are refused, or the body is read as
    // chunked; nothing after it may be read as a request either way.
    for rest in [
        format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{smuggled}"),
    ] {
        let answers = server.converse(format!("POST /length HTTP/1.1\r\n{HOST}{rest}").as_bytes());
        assert!(matches!(statuses(&answers).as_slice(), ["200" | "400"]), "{rest}: {answers}");
    }
    #[rustfmt::skip]
    let table = [
        ("two CL",              format!("Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{smuggled}")),
        ("CL list",             format!("Content-Length: 0, {length}\r\n\r\n{smuggled}")),
        ("CL sign",             format!("Content-Length: +0\r\n\r\n{smuggled}")),
        ("CL hex",              format!("Content-Length: 0x0\r\n\r\n{smuggled}")),
        ("space before colon",  format!("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{smuggled}")),
        ("TE not last chunked", format!("Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n{smuggled}")),
        ("TE unknown",          format!("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{smuggled}")),
        ("bare CR in a value",  format!("X: a\rTransfer-Encoding: chunked\r\n\r\n{smuggled}")),
        ("NUL in a value",      format!("X: a\0b\r\n\r\n{smuggled}")),
        ("obs-fold",            format!("X: a\r\n Transfer-Encoding: chunked\r\n\r\n{smuggled}")),
        ("bad chunk size",      format!("Transfer-Encoding: chunked\r\n\r\nG\r\n\r\n{smuggled}")),
        ("chunk size overflow", format!("Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n{smuggled}")),
        ("chunk without CRLF",  format!("Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n{smuggled}")),
        ("bare LF after chunk", format!("Transfer-Encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n{smuggled}")),
    ];
    for (name, rest) in table {
        let answers = server.converse(format!("POST /length HTTP/1.1\r\n{HOST}{rest}").as_bytes());
        assert_eq!(statuses(&answers), ["400"], "{name}: {answers}");
    }
}

#[test]
fn w10_requests_that_are_none_are_refused() {
    let server = start(10);
    for bytes in [
        &b"GET / HTTP/1.1\r\nHost: kau.localhost:8080\r\nX\r\n\r\n"[..],
        b"GET /\0 HTTP/1.1\r\nHost: kau.localhost:8080\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: kau.localhost:8080\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET  /  HTTP/1.1\r\nHost: kau.localhost:8080\r\n\r\n",
    ] {
        let answers = server.converse(bytes);
        assert!(matches!(statuses(&answers).as_slice(), [] | ["400"]), "{answers}");
    }
}

#[test]
fn w08_the_host_on_the_wire() {
    let server = start(10);
    for (head, expected) in [
        ("GET / HTTP/1.1\r\nHost: kau.localhost:8080\r\nConnection: close\r\n\r\n", "200"),
        ("GET http://kau.localhost:8080/ HTTP/1.1\r\nHost: kau.localhost:8080\r\nConnection: close\r\n\r\n", "200"),
        ("GET http://evil.example/ HTTP/1.1\r\nHost: kau.localhost:8080\r\n\r\n", "421"),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421"),
        ("GET / HTTP/1.1\r\nHost: kau.localhost:8080\r\nHost: evil.example\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("GET / HTTP/1.0\r\n\r\n", "400"),
        ("CONNECT kau.localhost:8080 HTTP/1.1\r\nHost: kau.localhost:8080\r\n\r\n", "400"),
        ("OPTIONS * HTTP/1.1\r\nHost: kau.localhost:8080\r\n\r\n", "400"),
    ] {
        let answers = server.converse(head.as_bytes());
        assert_eq!(statuses(&answers.replace("HTTP/1.0 ", "HTTP/1.1 ")), [expected], "{head}: {answers}");
        assert!(!answers.contains("evil"), "{answers}");
    }
}

#[test]
fn w14_too_large_a_head_or_body_is_refused() {
    let server = start(10);
    let long = "x".repeat(17 * 1024);
    for head in [
        format!("GET / HTTP/1.1\r\n{HOST}X: {long}\r\n\r\n"),
        format!("GET /?{long} HTTP/1.1\r\n{HOST}\r\n"),
        format!("GET / HTTP/1.1\r\n{HOST}{}\r\n", "X: y\r\n".repeat(200)),
    ] {
        let answers = server.converse(head.as_bytes());
        assert!(matches!(statuses(&answers).as_slice(), ["431" | "414"]), "{answers}");
    }
    let body = "x".repeat(65_537);
    let post = format!("POST /length HTTP/1.1\r\n{HOST}Connection: close\r\nContent-Length: 65537\r\n\r\n{body}");
    assert_eq!(statuses(&server.converse(post.as_bytes())), ["413"]);
    let fits = post.replacen("65537", "65536", 1);
    let answers = server.converse(&fits.as_bytes()[..fits.len() - 1]);
    assert!(answers.ends_with("65536"), "{answers}");
}

#[test]
fn w14_an_endless_body_is_heard_out_for_a_while_and_refused() {
    let server = start(10);
    let mut stream = server.connect();
    let mut writer = stream.try_clone().unwrap();
    let sender = thread::spawn(move || {
        let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
        let head = format!("POST /length HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n");
        writer.write_all(head.as_bytes())?;
        // Ends when the server closes the connection.
        loop {
            writer.write_all(chunk.as_bytes())?;
        }
        #[expect(unreachable_code, reason = "says what the loop's errors are")]
        Ok::<(), std::io::Error>(())
    });
    let answers = read_to_end(&mut stream);
    assert_eq!(statuses(&answers), ["413"], "{answers}");
    assert!(answers.contains("connection: close"));
    assert!(sender.join().unwrap().is_err());
}

#[test]
fn connections_beyond_the_limit_wait_for_room() {
    let server = start(1);
    let mut first = server.connect();
    first.write_all(format!("GET /waits HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n").as_bytes()).unwrap();
    server.runtime.block_on(server.begun.notified());
    let mut second = server.connect();
    second.write_all(format!("GET / HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n").as_bytes()).unwrap();
    server.go_on.notify_one();
    assert!(read_to_end(&mut first).ends_with("finished"));
    assert!(read_to_end(&mut second).ends_with("page"));
}

#[test]
fn what_runs_is_finished_and_nothing_new_is_begun() {
    let server = start(10);
    let mut idle = server.connect();
    idle.write_all(format!("GET / HTTP/1.1\r\n{HOST}\r\n").as_bytes()).unwrap();
    // A connection of which nothing was read yet is closed unanswered: it is idle when it has its answer.
    read_through(&mut idle, "page");
    let mut running = server.connect();
    running.write_all(format!("GET /waits HTTP/1.1\r\n{HOST}\r\n").as_bytes()).unwrap();
    server.runtime.block_on(server.begun.notified());

    server.end.send(true).unwrap();
    assert_eq!(read_to_end(&mut idle), "", "an idle connection is closed");
    server.go_on.notify_one();
    assert!(read_to_end(&mut running).ends_with("finished"));
    server.runtime.block_on(server.served).unwrap();
    assert_eq!(TcpStream::connect(server.address).map(drop).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

/// On a clock that jumps as soon as nothing but time can happen.
fn on_a_jumping_clock(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(test);
}

/// Serves one route that answers `length` bytes.
async fn serve_large(length: usize) -> SocketAddr {
    let routes = Router::new().route("/", get(move || async move { "x".repeat(length) }));
    let front = Front::builder(Scheme::Http, TrustedProxies::default(), Arc::default(), &SeededRandom::new(1))
        .host(&Origin::of_demo(Some("kau"), 8080), routes)
        .build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (_end, ended) = Shutdown::channel();
        serve(vec![listener], front, 10, ended).await;
    });
    address
}

#[test]
fn w11_a_head_that_does_not_come_ends_the_connection() {
    on_a_jumping_clock(async {
        let address = serve_large(1).await;
        for begun in ["", "GET / HTTP/1.1\r\nHost: kau.loc"] {
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            stream.write_all(begun.as_bytes()).await.unwrap();
            let mut answers = Vec::new();
            let ended = timeout(limits::HEAD_TIME * 2, stream.read_to_end(&mut answers)).await;
            assert!(ended.is_ok(), "{begun:?}");
            assert!(!String::from_utf8(answers).unwrap().contains("200 OK"));
        }
    });
}

#[test]
fn w11_who_does_not_read_does_not_stay() {
    const LENGTH: usize = 64 * 1024 * 1024;
    on_a_jumping_clock(async {
        let address = serve_large(LENGTH).await;
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("GET / HTTP/1.1\r\n{HOST}\r\n").as_bytes()).await.unwrap();
        // Nothing is read until only the clock can go on; twenty seconds later the server has given up.
        assert!(timeout(Duration::from_secs(20), std::future::pending::<()>()).await.is_err());
        let mut answer = Vec::new();
        let _reset_or_closed = stream.read_to_end(&mut answer).await;
        assert!(answer.len() < LENGTH, "{} bytes", answer.len());
    });
}
