//! `kapu serve`.

use std::fs;
use std::io::BufRead as _;
use std::net::SocketAddr;

use crate::commands::installation;
use crate::process::{Serving, get};

/// An installation that is served.
pub(crate) struct Server {
    pub(crate) process: Serving,
    pub(crate) address: SocketAddr,
    pub(crate) operations: SocketAddr,
}

pub(crate) fn start(config: &str) -> Server {
    let mut process = Serving::start(&["serve", "--config", config]);
    let mut line = String::new();
    assert_ne!(process.log.read_line(&mut line).unwrap(), 0, "it ended");
    let log: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
    let at = |member: &str| log[member].as_str().unwrap_or_else(|| panic!("{line}")).parse().unwrap();
    Server { address: at("listen_on"), operations: at("operations_on"), process }
}

#[test]
fn an_installation_is_served_and_watched() {
    let folder = tempfile::tempdir().unwrap();
    let config = installation(folder.path());
    let mut server = start(config.to_str().unwrap());

    let page = get(server.address, "ugyfelkapu.example.org", "/");
    assert!(matches!(page.status(), "200" | "303"), "{}", page.head);
    assert!(page.header("strict-transport-security").is_some(), "{}", page.head);
    let discovery = get(server.address, "kau.example.org", "/.well-known/openid-configuration");
    assert!(discovery.body.contains("\"issuer\":\"https://kau.example.org\""), "{}", discovery.body);
    // Nothing of the demo is there.
    for host in ["localhost", "kau.localhost", "telefon.example.org", "posta.localhost", "evil.example"] {
        assert_eq!(get(server.address, host, "/").status(), "421", "{host}");
    }

    let watch = |path| get(server.operations, "127.0.0.2", path);
    assert_eq!((watch("/health/live").status(), watch("/health/ready").body.as_str()), ("200", "ready\n"));
    let metrics = watch("/metrics").body;
    for row in [
        "kapu_requests_total{host=\"kau.example.org\",route=\"/.well-known/openid-configuration\",status=\"2xx\"} 1\n",
        "kapu_requests_total{host=\"none\",route=\"none\",status=\"4xx\"} 5\n",
        "kapu_build_info{version=\"",
        "kapu_hash_queue 0\n",
        "kapu_deliveries_waiting 0\n",
        "kapu_deliveries_oldest_seconds 0\n",
        "kapu_changes_total{event=\"key.made\"} ",
    ] {
        assert!(metrics.contains(row), "{row} in {metrics}");
    }
    let told: Vec<_> = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    assert_eq!(told, documented(), "docs/metrics.md");
    for path in ["/health/live", "/metrics"] {
        assert_eq!(get(server.address, "kau.example.org", path).status(), "404", "{path} is not public");
    }
    assert_eq!(server.process.end("-TERM"), (Some(0), String::new()));
}

#[test]
fn a_damaged_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let config = installation(folder.path());
    fs::write(folder.path().join("kapu.sqlite"), "this is no database".repeat(1000)).unwrap();
    let refusal = crate::process::refused(&["serve", "--config", config.to_str().unwrap()]);
    assert!(refusal.contains("kapu.sqlite"), "{refusal}");
}

/// Name and kind of each metric, as the table in `docs/metrics.md` has them.
fn documented() -> Vec<String> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/metrics.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `kapu_"));
    rows.map(|row| {
        row.split('|').map(|cell| cell.trim().trim_matches('`')).skip(1).take(2).collect::<Vec<_>>().join(" ")
    })
    .collect()
}
