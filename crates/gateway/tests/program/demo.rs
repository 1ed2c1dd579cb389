//! `kapu demo`.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use gateway::demo::DemoAccount;
use testkit::postgres;

use crate::process::{Serving, done, get, refused, run};

pub(crate) struct Demo {
    process: Serving,
    pub(crate) address: SocketAddr,
}

impl Demo {
    pub(crate) fn start(data: &Path, options: &[&str]) -> Self {
        let words = [&["demo", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()], options].concat();
        let mut process = Serving::start(&words);
        let line = process.line();
        let port = line.strip_prefix("ready http://localhost:").and_then(|rest| rest.strip_suffix('/'));
        let port: u16 = port.unwrap_or_else(|| panic!("{line}")).parse().unwrap();
        Self { process, address: ([127, 0, 0, 1], port).into() }
    }

    pub(crate) fn host(&self, name: &str) -> String {
        format!("{name}.localhost:{}", self.address.port())
    }

    fn get(&self, name: &str, path: &str) -> crate::process::Answer {
        get(self.address, &self.host(name), path)
    }

    /// Ends it, and holds it to having printed nothing but the line that it was ready.
    pub(crate) fn end(mut self, signal: &str) {
        assert_eq!(self.process.end(signal), (Some(0), String::new()));
    }
}

pub(crate) fn accounts(data: &Path) -> Vec<DemoAccount> {
    serde_json::from_slice(&fs::read(data.join("demo-accounts.json")).unwrap()).unwrap()
}

#[test]
fn the_demo_serves_keeps_its_data_and_ends_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let demo = Demo::start(&data, &[]);

    let made = accounts(&data);
    assert_eq!(made.len(), 8);
    assert_eq!(made.iter().filter(|account| account.totp_secret.is_some()).count(), 3);
    for name in ["demo-accounts.json", "master.key"] {
        assert_eq!(fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);

    let index = get(demo.address, &format!("localhost:{}", demo.address.port()), "/");
    assert_eq!(index.status(), "200");
    for account in &made {
        assert!(index.body.contains(&account.username) && index.body.contains(&account.password), "{account:?}");
    }
    let issuer = format!("http://{}", demo.host("kau"));
    let discovery = demo.get("kau", "/.well-known/openid-configuration");
    let discovery: serde_json::Value = serde_json::from_str(&discovery.body).unwrap();
    assert_eq!(discovery["issuer"], issuer);
    for name in ["ugyfelkapu", "dap", "magyarorszag", "kenyszi", "telefon", "posta"] {
        assert_eq!(demo.get(name, "/").status(), "200", "{name}");
    }
    for name in ["evil", "dap2", "127.0.0.1"] {
        assert_eq!(demo.get(name, "/").status(), "421", "{name}");
    }
    // The portals find Kapu by HTTP, at the port of this run.
    for portal in ["magyarorszag", "kenyszi"] {
        let begun = demo.get(portal, "/belepes");
        assert!(begun.header("location").is_some_and(|to| to.starts_with(&issuer)), "{}", begun.head);
    }
    // Kapu knows the service: its sign-in page shows.
    let begun = demo.get("kenyszi", "/belepes");
    let request = begun.header("location").and_then(|to| to.strip_prefix(&issuer)).unwrap();
    assert_eq!(demo.get("kau", request).status(), "303", "{request}");
    demo.end("-TERM");

    let again = Demo::start(&data, &["--cutover", "2040-01-01T00:00:00[Europe/Budapest]"]);
    assert_eq!(accounts(&data), made);
    let begun = again.get("magyarorszag", "/belepes");
    let issuer = format!("http://{}", again.host("kau"));
    assert!(begun.header("location").is_some_and(|to| to.starts_with(&issuer)), "{}", begun.head);
    again.end("-INT");
}

#[test]
fn commands_work_on_a_demo_that_serves() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let place = data.to_str().unwrap();
    assert!(refused(&["key", "rotate", "--data", place]).starts_with("there is no demo in "));
    let demo = Demo::start(data, &[]);

    assert_eq!(
        done(&["person", "unfreeze", "ALNEV.adam", "--data", place]),
        "alnev.adam is open and has no password; a letter with a code to choose a new one is on its way\n"
    );
    assert_eq!(done(&["person", "unfreeze", "pelda.petra", "--data", place]), "pelda.petra is not frozen\n");
    assert_eq!(refused(&["person", "unfreeze", "nobody.here", "--data", place]), "there is no user nobody.here");
    assert!(refused(&["person", "unfreeze", "x", "--data", place]).contains("a user name has 4 to 64 characters"));

    let service = data.join("service.json");
    fs::write(
        &service,
        r#"{"client_id": "proba", "client_name": "Próba", "redirect_uris": ["http://proba.localhost:4000/vissza"]}"#,
    )
    .unwrap();
    let printed = done(&["service", "import", service.to_str().unwrap(), "--data", place]);
    let secret = printed
        .strip_prefix("registered proba\nclient_secret ")
        .and_then(|rest| rest.strip_suffix(" (it is not shown again)\n"));
    assert_eq!(secret.map(str::len), Some(64), "{printed}");
    let asked = "/oidc/authorize?client_id=proba&response_type=code&scope=openid\
                 &redirect_uri=http%3A%2F%2Fproba.localhost%3A4000%2Fvissza&state=s\
                 &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let discovery: serde_json::Value =
        serde_json::from_str(&demo.get("kau", "/.well-known/openid-configuration").body).unwrap();
    let endpoint = discovery["authorization_endpoint"].as_str().unwrap();
    let path = endpoint.strip_prefix(&format!("http://{}", demo.host("kau"))).unwrap();
    let answer = demo.get("kau", &asked.replacen("/oidc/authorize", path, 1));
    assert!(matches!(answer.status(), "200" | "303"), "the service is known: {}", answer.head);

    // From an address, metadata need a validUntil, which KENYSZI does not state.
    let kenyszi = format!("http://{}/saml/metadata", demo.host("kenyszi"));
    let refusal = refused(&["service", "import", &kenyszi, "--replace", "--data", place]);
    assert_eq!(refusal, format!("{kenyszi}: the metadata is fetched and says of the entity no validUntil"));
    let feed = served_once(
        r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:proba" validUntil="2090-01-01T00:00:00Z">
        <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService index="0"
        Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example/acs"/></SPSSODescriptor></EntityDescriptor>"#,
    );
    let printed = done(&["service", "import", &feed, "--entity", "urn:proba", "--data", place]);
    assert!(printed.starts_with("registered urn:proba\n"), "{printed}");

    assert_eq!(done(&["key", "rotate", "--data", place]), "new signing keys are published; they sign in 24 hours\n");
    demo.end("-TERM");
}

#[test]
fn the_demo_keeps_its_data_on_a_server() {
    let server = postgres::Server::shared();
    let address = server.database();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let place = data.to_str().unwrap();
    Demo::start(data, &["--database", &address]).end("-TERM");
    let made = accounts(data);
    assert!(!data.join("kapu.sqlite").exists());
    assert_eq!(fs::metadata(data.join("kapu.postgres")).unwrap().permissions().mode() & 0o777, 0o600);

    // The folder knows the server: for a later start, and for the commands.
    let again = Demo::start(data, &[]);
    assert_eq!(accounts(data), made);
    assert!(done(&["person", "unfreeze", "alnev.adam", "--data", place]).starts_with("alnev.adam is open "));
    again.end("-TERM");

    let start = |data: &str, address: &str| {
        refused(&["demo", "--listen", "127.0.0.1:0", "--data", data, "--database", address])
    };
    assert!(start(place, &server.database()).contains("keeps its data on another database"));
    // Another demo would not know the key.
    let other = folder.path().join("other");
    let refusal = start(other.to_str().unwrap(), &address);
    assert!(refusal.starts_with("a demo begins with a key of its own, so on an empty database: "), "{refusal}");
    Demo::start(&other, &["--database", &server.database()]).end("-TERM");
}

#[test]
fn a_demo_does_not_move_to_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    Demo::start(data, &[]).end("-TERM");
    let words = ["demo", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap(), "--database", "host=/nowhere"];
    assert!(refused(&words).contains("keeps its data on another database"));
}

#[test]
fn a_first_start_that_was_cut_off_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    fs::write(data.join("demo-accounts.json.new"), "[{\"userna").unwrap();
    fs::write(data.join("kapu.sqlite"), "half").unwrap();
    fs::write(data.join("master.key"), "half").unwrap();
    Demo::start(data, &[]).end("-TERM");
    assert_eq!(accounts(data).len(), 8);
    assert!(!data.join("demo-accounts.json.new").exists());
}

#[test]
fn what_is_no_demo_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let start = || refused(&["demo", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
    fs::write(data.join("kapu.sqlite"), "somebody's").unwrap();
    let refusal = start();
    assert!(refusal.contains("holds kapu.sqlite but no demo-accounts.json"), "{refusal}");
    assert_eq!(fs::read(data.join("kapu.sqlite")).unwrap(), b"somebody's");

    fs::write(data.join("demo-accounts.json"), "[]").unwrap();
    assert!(start().contains("lacks master.key"));
    fs::write(data.join("master.key"), "0").unwrap();
    fs::set_permissions(data.join("master.key"), fs::Permissions::from_mode(0o600)).unwrap();
    assert!(start().contains("holds no master key"));
}

#[test]
fn the_demo_is_for_this_machine_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080", "8080"] {
        let output = run(&["demo", "--listen", address]);
        assert_eq!(output.status.code(), Some(2), "{address}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("127.0.0.1:8080"), "{address}");
    }
}

#[test]
fn a_port_in_use_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let refusal = refused(&["demo", "--listen", &address, "--data", data.to_str().unwrap()]);
    assert_eq!(refusal, format!("{address} is in use; pick another port with --listen 127.0.0.1:0"));
    assert!(!data.exists(), "nothing was made");
}

/// The address of a document that is served once.
fn served_once(document: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://feed.localhost:{}/metadata", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = BufReader::new(stream.try_clone().unwrap()).lines();
        while asked.next().is_some_and(|line| !line.unwrap().is_empty()) {}
        let length = document.len();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{document}").unwrap();
    });
    address
}
