//! The commands that do one thing and end, on an installation.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{done, refused, run};

/// A configuration, its key and an empty database.
pub(crate) fn installation(folder: &Path) -> PathBuf {
    let config = folder.join("kapu.toml");
    fs::write(
        &config,
        r#"
            listen = "127.0.0.1:0"
            operations_listen = "127.0.0.2:0"
            cutover = "2025-01-16T00:00:00[Europe/Budapest]"
            [origins]
            kau = "https://kau.example.org"
            ugyfelkapu = "https://ugyfelkapu.example.org"
            [database]
            sqlite = "kapu.sqlite"
            [keys]
            file = "master.key"
            [mail]
            smtp = "smtp://127.0.0.1:1"
            from = "Kapu <kapu@example.org>"
        "#,
    )
    .unwrap();
    done(&["key", "init", folder.join("master.key").to_str().unwrap()]);
    config
}

const HEADER: &str = "user_names,family_name,given_name,birth_country,birth_locality,birthdate,\
                      mothers_family_name,mothers_given_name,nationalities,email";

fn row(name: &str) -> String {
    format!("{name},Minta,Anna,HU,Zalaegerszeg,1985-03-04,Teszt,Éva,HU,{name}@pelda.hu\n")
}

#[test]
fn a_configuration_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let config = installation(folder.path());
    let file = config.to_str().unwrap();
    let understood = done(&["check-config", "--config", file]);
    assert!(understood.contains("kau                https://kau.example.org\n"), "{understood}");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("[mail]", "[mial]")).unwrap();
    for command in ["check-config", "serve"] {
        let refusal = refused(&[command, "--config", file]);
        assert!(refusal.starts_with(&format!("{file} line 12: unknown field `mial`")), "{refusal}");
    }
    assert!(
        refused(&["check-config", "--config", "/nowhere/kapu.toml"]).starts_with("/nowhere/kapu.toml: cannot be read")
    );
}

#[test]
fn persons_are_imported_all_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let config = installation(folder.path());
    let (config, file) = (config.to_str().unwrap(), folder.path().join("persons.csv"));
    let path = file.to_str().unwrap();
    let import = ["person", "import", path, "--config", config];

    fs::write(&file, format!("{HEADER}\n{}{}", row("anna.minta"), row("x"))).unwrap();
    let refusal = refused(&import);
    assert_eq!(refusal, format!("{path} line 3: user_names: a user name has 4 to 64 characters"));

    // Had anything of the bad file been imported, the name would be taken now.
    fs::write(&file, format!("{HEADER}\n{}{}", row("anna.minta"), row("bela.proba"))).unwrap();
    assert_eq!(done(&import), "imported 2 persons; each gets a letter with a code to choose a password\n");

    fs::write(&file, format!("{HEADER}\n{}{}", row("cili.teszt"), row("bela.proba"))).unwrap();
    let refusal = refused(&import);
    assert!(
        refusal.starts_with(&format!("{path} line 3: a user name of this row has an account already")),
        "{refusal}"
    );

    fs::write(&file, format!("{HEADER}\n{}", row("cili.teszt"))).unwrap();
    assert!(done(&import).starts_with("imported 1 persons"));
}

#[test]
fn a_hundred_thousand_persons_are_imported() {
    let folder = tempfile::tempdir().unwrap();
    let config = installation(folder.path());
    let file = folder.path().join("persons.csv");
    let mut text = format!("{HEADER}\n");
    for number in 0..100_000 {
        let _ = write!(text, "{}", row(&format!("minta.{number}")));
    }
    fs::write(&file, text).unwrap();
    let printed = done(&["person", "import", file.to_str().unwrap(), "--config", config.to_str().unwrap()]);
    assert!(printed.starts_with("imported 100000 persons"), "{printed}");
}

#[test]
fn a_clerk_identifies_and_revokes() {
    let folder = tempfile::tempdir().unwrap();
    let config = installation(folder.path());
    let file = folder.path().join("persons.csv");
    fs::write(&file, format!("{HEADER}\n{}", row("minta.anna"))).unwrap();
    let config = config.to_str().unwrap();
    done(&["person", "import", file.to_str().unwrap(), "--config", config]);
    let identify = |user| ["person", "identify", user, "--config", config];
    assert_eq!(refused(&identify("minta.bela")), "there is no user minta.bela");
    assert_eq!(refused(&identify("minta.anna")), "minta.anna uses no authenticator app; it has to be set up first");
    let with_code = ["person", "identify", "minta.anna", "--code", "12345", "--config", config];
    assert!(refused(&with_code).starts_with("the code has six digits"));
    assert_eq!(
        done(&["person", "revoke-wallet", "minta.anna", "--config", config]),
        "revoked 0 credentials of minta.anna\n"
    );
    assert_eq!(refused(&["person", "revoke-wallet", "minta.bela", "--config", config]), "there is no user minta.bela");
}

#[test]
fn a_service_of_this_machine_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let config = installation(folder.path());
    let file = folder.path().join("service.json");
    let import = ["service", "import", file.to_str().unwrap(), "--config", config.to_str().unwrap()];
    fs::write(&file, r#"{"client_name": "Próba", "redirect_uris": ["http://proba.localhost:4000/"]}"#).unwrap();
    assert!(refused(&import).contains("leads to the asking machine by http://proba.localhost:4000/"));
    fs::write(&file, r#"{"client_id": "proba", "client_name": "Próba", "redirect_uris": ["https://proba.example/"]}"#)
        .unwrap();
    assert!(done(&import).starts_with("registered proba\nclient_secret "));
    assert_eq!(refused(&import), "proba is registered already; to replace its registration give --replace");
    let replace = [&import[..], &["--replace"]].concat();
    assert!(done(&replace).starts_with("registered proba\nclient_secret "));
    fs::write(&file, "<EntityDescriptor/>").unwrap();
    assert!(refused(&import).contains("line 1: EntityDescriptor is missing"));
}

#[test]
fn a_service_is_checked_and_nothing_is_registered() {
    let folder = tempfile::tempdir().unwrap();
    let config = installation(folder.path());
    let file = folder.path().join("sp.xml");
    let check = ["service", "check", file.to_str().unwrap(), "--config", config.to_str().unwrap()];
    let good = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://sp.example/saml\">\n\
                <SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n\
                <AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" index=\"0\" \
                Location=\"https://sp.example/acs\"/>\n</SPSSODescriptor></EntityDescriptor>";
    fs::write(&file, good).unwrap();
    let told = done(&check);
    assert!(told.starts_with("This is SAML metadata of the service https://sp.example/saml.\n"), "{told}");
    assert!(told.ends_with("\nNothing is wrong with it.\n"), "{told}");

    fs::write(&file, good.replace("https://sp.example/acs", "http://sp.example/acs")).unwrap();
    let output = run(&check);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        told.contains("\nrefused: line 3: Location must begin with https://.\n  Give an absolute https://"),
        "{told}"
    );

    // A request as it was copied from the browser, beside metadata that does not fit it.
    let request = "https://kau.example.org/saml/sso?SAMLRequest=%21";
    let output = run(&["service", "check", request]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("refused: The message is no base64.\n  Encode the message in base64"), "{told}");

    fs::write(&file, r#"{"client_name": "Próba", "redirect_uris": ["https://proba.example/"]}"#).unwrap();
    assert!(done(&check).contains("Answers would go to https://proba.example/.\n"));
    fs::write(&file, r#"{"client_name": "Próba", "redirect_uris": ["http://proba.localhost/"]}"#).unwrap();
    assert_eq!(run(&check).status.code(), Some(1));
    assert!(refused(&["service", "check", "/nowhere/sp.xml"]).starts_with("/nowhere/sp.xml: cannot be read"));
    assert_eq!(refused(&["service", "check", "http://sp.example/"]), "http://sp.example/: only https is called");
}

#[test]
fn a_key_is_needed_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let config = installation(folder.path());
    let (config, key) = (config.to_str().unwrap(), folder.path().join("master.key"));
    let path = key.to_str().unwrap();
    done(&["key", "rotate", "--config", config]);
    assert_eq!(refused(&["key", "init", path]), format!("{path} exists already, and a master key is never replaced"));

    fs::remove_file(&key).unwrap();
    let refusal = refused(&["serve", "--config", config]);
    assert_eq!(refusal, format!("there is no master key at {path}; make one with: kapu key init {path}"));
    done(&["key", "init", path]);
    let refusal = refused(&["serve", "--config", config]);
    assert!(refusal.starts_with("the database does not go with the master key in "), "{refusal}");
}
