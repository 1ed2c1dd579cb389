//! A configuration is understood as a whole, or one line of it is named.

use std::fs;
use std::path::Path;

use broker::{KnownBy, Posting, TrustedWallet};
use data_encoding::BASE64;
use gateway::config::{Config, Database};
use gateway::origin::Origin;
use journey::OwnerProof;
use testkit::WalletMaker;

const EXAMPLE: &str = include_str!("../../../config/gateway.example.toml");

const SMALL: &str = r#"listen = "127.0.0.1:8080"
cutover = "2025-01-16T00:00:00[Europe/Budapest]"
[origins]
kau = "https://kau.example.org"
ugyfelkapu = "https://ugyfelkapu.example.org"
[database]
sqlite = "kapu.sqlite"
[keys]
file = "master.key"
[mail]
smtp = "smtps://mail.example.org"
from = "Kapu <kapu@example.org>"
"#;

fn read(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("conf/kapu.toml")).map_err(|error| error.to_string())
}

#[test]
fn the_example_is_a_configuration() {
    let config = read(EXAMPLE).unwrap();
    assert_eq!(config.cutover.instant().seconds(), 1_736_982_000);
    assert_eq!(config.origins.kau, Origin::parse("https://kau.example.org").unwrap());
    assert_eq!(config.key_file, Path::new("conf/master.key"));
    assert!(matches!(&config.database, Database::Sqlite(file) if file == Path::new("conf/kapu.sqlite")));
    assert_eq!(config.policy().owner_proof, OwnerProof::ContactCode);
}

#[test]
fn the_example_shows_every_member_with_its_default() {
    // All that is commented out, switched on, but for the second kind of database.
    let switched_on: String = EXAMPLE
        .lines()
        .filter(|line| {
            !line.contains("postgres =")
                && !line.contains("# connections = 8 ")
                && !line.contains("root_certificates =")
        })
        .map(|line| match line.strip_prefix("# ") {
            Some(member) if member.starts_with('[') || member.split_once(" = ").is_some_and(is_member) => member,
            Some(_) | None => line,
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    let (all, few) = (read(&switched_on).unwrap(), read(EXAMPLE).unwrap());
    let differences: Vec<(String, String)> = all
        .to_string()
        .lines()
        .zip(few.to_string().lines())
        .filter(|(one, other)| one != other)
        .map(|(one, other)| (one.to_owned(), other.to_owned()))
        .collect();
    let names: Vec<&str> = differences.iter().filter_map(|(row, _)| row.split("  ").next()).collect();
    assert_eq!(names, ["dap", "hashing", "help phone"], "{differences:?}");
}

fn is_member((name, _): (&str, &str)) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    #[rustfmt::skip]
    let table: [(&str, &str, &str); 38] = [
        ("listen = \"127.0.0.1:8080\"", "listen = \"8080\"",                     "line 1: invalid socket address"),
        ("listen = \"127.0.0.1:8080\"", "",                                      "line 1: missing field `listen`"),
        ("listen =", "listne =",                                                 "line 1: unknown field `listne`"),
        ("[origins]", "debug = true\n[origins]",                                 "line 3: unknown field `debug`"),           // A07
        ("[origins]", "test_clock = \"2020-01-01T00:00:00Z\"\n[origins]",        "line 3: unknown field `test_clock`"),      // A07
        ("[mail]", "[mail]\ninsecure_smtp = true",                               "line 11: unknown field `insecure_smtp`"),  // A07
        ("[origins]", "operations_listen = \"0.0.0.0:9090\"\n[origins]",         "line 3: health and metrics are served on a loopback address only"),
        ("[origins]", "operations_listen = \"127.0.0.1:8080\"\n[origins]",       "line 3: health and metrics need an address of their own"),
        ("2025-01-16T00:00:00[", "2025-01-16T00:00:00X[",                        "line 2: the cut-over is an instant such as"),
        ("2025-01-16T00:00:00[", "2025-03-30T02:30:00[",                         "line 2: the cut-over does not exist"),
        ("https://kau.example.org", "http://kau.example.org",                    "line 4: an origin begins with https://"),
        ("https://kau.example.org", "http://kau.localhost",                      "line 4: an origin under localhost exists only in the demo"),
        ("https://ugyfelkapu.example.org", "https://ugyfelkapu.example.org/be",  "line 5: an origin has a host and perhaps a port"),
        ("https://ugyfelkapu.example.org", "https://KAU.example.org:443",        "line 5: kau and ugyfelkapu need origins of their own"),
        ("[database]", "dap = \"https://kau.example.org\"\n[dap]\ncountry = \"HU\"\n[database]",            "line 6: dap needs an origin of its own"),
        ("[database]", "dap = \"http://dap.localhost\"\n[database]",               "line 6: an origin under localhost exists only in the demo"),
        ("[database]", "dap = \"https://dap.example.org\"\n[database]",           "line 6: an issuer of credentials says which country issues"),
        ("[keys]", "[dap]\ncountry = \"HU\"\n[keys]",                             "line 8: [dap] is of an issuer of credentials, and [origins] names none"),
        ("[database]", "dap = \"https://dap.example.org\"\n[dap]\ncountry = \"hu\"\n[database]", "line 7: country is a code of ISO 3166-1"),
        ("[database]", "dap = \"https://dap.example.org\"\n[dap]\n[database]",     "line 7: missing field `country`"),
        ("[database]", "dap = \"https://dap.example.org\"\n[dap]\ncountry = \"HU\"\nkey_attestations_required = true\n[database]", "line 7: key attestations are required, and nobody's are believed"),
        ("[database]", "dap = \"https://dap.example.org\"\n[dap]\ncountry = \"HU\"\nkey_attestation_anchors = \"x.pem\"\n[database]", "line 7: anchors conf/x.pem cannot be read"),
        ("sqlite = \"kapu.sqlite\"", "",                                         "line 6: [database] names neither"),
        ("sqlite = \"kapu.sqlite\"", "sqlite = \"a\"\npostgres = \"b\"",         "line 6: [database] names both"),
        ("sqlite = \"kapu.sqlite\"", "sqlite = \"a\"\nconnections = 2",          "line 6: connections belongs to postgres"),
        ("sqlite = \"kapu.sqlite\"", "postgres = \"a\"\nconnections = 0",        "line 6: a database needs at least one connection"),
        ("sqlite = \"kapu.sqlite\"", "sqlite = \"a\"\nroot_certificates = \"b\"", "line 6: root_certificates belongs to postgres"),
        ("sqlite = \"kapu.sqlite\"", "postgres = \"host=db sslmode=disable\"",   "line 7: the address of the PostgreSQL server cannot be used: sslmode=disable is"),
        ("sqlite = \"kapu.sqlite\"", "postgres = \"host=db\"\nroot_certificates = \"b.pem\"", "line 8: the root certificates of conf/b.pem cannot be used"),
        ("smtps://mail.example.org", "mail.example.org",                         "line 11: a mail server looks like smtps://"),
        ("Kapu <kapu@example.org>", "Kapu",                                      "line 12: a sender looks like Kapu <kapu@example.org>"),
        ("[mail]", "[enrolment]\nowner_proof = \"nothing\"\n[mail]",             "line 11: unknown variant `nothing`"),
        ("[mail]", "[hashing]\nmemory_kib = 1024\n[mail]",                       "line 10: hashing takes at least memory_kib = 19456"),
        ("[mail]", "[hashing]\nmemory_kib = 99999999\n[mail]",                   "line 10: Argon2id takes 8 KiB a lane"),
        ("[mail]", "[hashing]\nthreads = 0\n[mail]",                             "line 11: invalid value: integer `0`"),
        ("[mail]", "[limits]\nconnections = 0\n[mail]",                          "line 11: connections is 1 to 1000000"),
        ("[mail]", "[limits]\ntrusted_proxies = [\"10.0.0.1/8\"]\n[mail]",       "line 11: the network's address has bits set"),
        ("[keys]", "[keys",                                                      "line 8: "),
    ];
    for (from, to, expected) in table {
        assert!(SMALL.contains(from), "{from:?}");
        let error = read(&SMALL.replacen(from, to, 1)).map(|config| config.to_string()).unwrap_err();
        assert!(error.starts_with(&format!("conf/kapu.toml {expected}")), "{to:?}: {error}");
        assert!(!error.contains('\n'), "one sentence: {error}");
    }
    read(SMALL).unwrap();
}

#[test]
fn a_file_that_is_no_configuration_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kapu.toml");
    let load = || Config::load(&file).map(drop).unwrap_err();

    assert!(load().reason.starts_with("cannot be read: "));
    fs::write(&file, b"# a\n# b\nlisten = \"\xe1\"\n").unwrap();
    assert_eq!((load().line, load().reason.as_str()), (Some(3), "is not UTF-8 text"));
    fs::write(&file, vec![b'\n'; 64 * 1024 + 1]).unwrap();
    assert_eq!(load().reason, "is larger than 65536 bytes, so it is no configuration");
    fs::write(&file, SMALL).unwrap();
    Config::load(&file).unwrap();
}

#[test]
fn what_is_understood_is_told_without_secrets() {
    let text = SMALL
        .replace("smtps://mail.example.org", "smtps://kapu:canary-mail@mail.example.org")
        .replace("sqlite = \"kapu.sqlite\"", "postgres = \"host=db user=kapu password=canary-db\"");
    let config = read(&text).unwrap();
    let told = format!("{config}{config:?}");
    assert!(told.contains("mail.example.org:465 (TLS, with a password)") && told.contains("PostgreSQL, 8 connections"));
    assert!(!told.contains("canary"), "{told}");
}

#[test]
fn wallets_may_ask_where_a_table_names_them() {
    let issuer = "dap = \"https://dap.example.org\"\n[dap]\ncountry = \"HU\"\n[database]";
    let small = SMALL.replace("[database]", issuer);
    assert!(read(&small).unwrap().issuing.unwrap().wallets.is_empty());
    let wallet = "[[dap.wallet]]\nclient_id = \"https://wallet.example\"\nname_hu = \"a\"\nname_en = \"b\"\n";
    let with = |rest: &str| read(&format!("{small}{wallet}{rest}")).unwrap_err();
    let uris = "redirect_uris = [\"wallet://cb\"]\n";
    let refused = with(&format!("{uris}anchors = \"none.pem\"\n"));
    assert!(refused.contains("line 7") && refused.contains("none.pem cannot be read"), "{refused}");
    assert!(with(&format!("{uris}anchors = \"none.pem\"\nloa = \"high\"\n")).contains("loa"));
    assert!(with(uris).contains("anchors"));
}

#[test]
fn a_table_of_a_wallet_is_read_as_the_wallet_that_may_ask() {
    let folder = tempfile::tempdir().unwrap();
    let anchor = BASE64.encode(&WalletMaker::new().terms().anchors[0]);
    let anchor = format!("-----BEGIN CERTIFICATE-----\n{anchor}\n-----END CERTIFICATE-----\n");
    fs::write(folder.path().join("provider.pem"), anchor).unwrap();
    let file = folder.path().join("kapu.toml");
    let issuer = "dap = \"https://dap.example.org\"\n[dap]\ncountry = \"HU\"\n[database]";
    let wallet = |client_id: &str| {
        format!(
            "[[dap.wallet]]\nclient_id = \"{client_id}\"\nname_hu = \"Minta tárca\"\nname_en = \"Sample wallet\"\n\
             redirect_uris = [\"https://wallet.example.org/issued\", \"sample-wallet://issued\"]\n\
             anchors = \"provider.pem\"\n"
        )
    };
    let load = |wallets: &[&str]| {
        let tables: String = wallets.iter().map(|client_id| wallet(client_id)).collect();
        fs::write(&file, SMALL.replace("[database]", issuer) + &tables).unwrap();
        Config::load(&file).map_err(|error| error.to_string())
    };
    let config = load(&["https://wallet.example.org", "other-wallet"]).unwrap();
    assert!(config.to_string().contains("https://wallet.example.org\n"), "{config}");
    let issuing = config.issuing.unwrap();
    let named: Vec<&str> = issuing.wallets.iter().map(TrustedWallet::client_id).collect();
    assert_eq!(named, ["https://wallet.example.org", "other-wallet"]);
    // The issuer takes them as they are.
    let issuer = issuing.clone().at_its_addresses();
    assert_eq!(format!("{:?}", issuer.wallets), format!("{:?}", issuing.wallets));
    let told = format!("{:?}", issuer.wallets[0]);
    for part in ["Minta tárca", "Sample wallet", "https://wallet.example.org/issued", "sample-wallet://issued"] {
        assert!(told.contains(part), "{told}");
    }
    assert!(load(&["other-wallet", "other-wallet"]).unwrap_err().contains("there twice"));
}

#[test]
fn offers_open_the_wallet_that_the_table_says() {
    let issuer = |more: &str| {
        SMALL.replace(
            "[database]",
            &format!("dap = \"https://dap.example.org\"\n[dap]\ncountry = \"HU\"\n{more}[database]"),
        )
    };
    let link = |more: &str| read(&issuer(more)).map(|config| config.issuing.unwrap().at_its_addresses().link);
    assert_eq!(link("").as_deref(), Ok(gateway::config::OFFER_LINK));
    for own in ["haip-vci://", "https://tarca.example.org/ajanlat"] {
        let more = format!("link = \"{own}\"\n");
        assert_eq!(link(&more).as_deref(), Ok(own));
        assert!(read(&issuer(&more)).unwrap().to_string().contains(&format!("offers to {own}")));
    }
    for wrong in ["tarca", "https://tarca.example.org/?a=b", "https://tarca.example.org/#a"] {
        let refused = link(&format!("link = \"{wrong}\"\n")).unwrap_err();
        assert!(refused.contains("line 7: dap.link is a scheme or an address without a query"), "{refused}");
    }
}

#[test]
fn wallets_are_asked_where_a_table_says_so() {
    assert!(read(SMALL).unwrap().wallet.is_none());
    let plain = read(&format!("{SMALL}[wallet]\n")).unwrap();
    assert_eq!(plain.wallet.as_ref().map(|wallet| wallet.link.as_str()), Some(gateway::config::LINK));
    assert!(plain.to_string().contains("openid4vp://"));
    let own = read(&format!("{SMALL}[wallet]\nlink = \"https://tarca.example.org/keres\"\n")).unwrap();
    assert_eq!(own.wallet.map(|wallet| wallet.link).as_deref(), Some("https://tarca.example.org/keres"));
    for link in ["tarca", "https://tarca.example.org/?a=b", "https://tarca.example.org/a b"] {
        let refused = read(&format!("{SMALL}[wallet]\nlink = \"{link}\"\n")).unwrap_err();
        assert!(refused.contains("line 13") && refused.contains("without a query"), "{refused}");
    }
    let issuer =
        "[[wallet.issuer]]\nid = \"https://pid.example\"\nname_hu = \"a\"\nname_en = \"b\"\nanchors = \"none.pem\"\n";
    let refused = read(&format!("{SMALL}[wallet]\n{issuer}")).unwrap_err();
    assert!(refused.contains("none.pem cannot be read"), "{refused}");
    // Whoever is named like the issuer that is run here would be believed as that.
    let dap = "dap = \"https://dap.example.org\"\n[dap]\ncountry = \"HU\"\n[database]";
    let own = issuer.replace("https://pid.example", "https://dap.example.org");
    let refused = read(&format!("{}[wallet]\n{own}", SMALL.replace("[database]", dap))).unwrap_err();
    assert!(refused.contains("https://dap.example.org is the issuer of this installation"), "{refused}");
}

#[test]
fn an_operator_says_how_wallets_know_us_and_answer() {
    let chosen = read(&format!("{SMALL}[wallet]\nclient_id = \"x509_san_dns\"\nresponse_mode = \"direct_post\"\n"));
    let chosen = chosen.unwrap();
    let wallet = chosen.wallet.as_ref().unwrap();
    assert_eq!((wallet.known_by, wallet.posting), (KnownBy::DnsName, Posting::InClear));
    assert!(chosen.to_string().contains("x509_san_dns, direct_post"), "{chosen}");
    let plain = read(&format!("{SMALL}[wallet]\n[limits]\nconnections = 100\n")).unwrap().wallet.unwrap();
    assert_eq!((plain.known_by, plain.posting), (KnownBy::CertificateHash, Posting::Encrypted));
    assert_eq!((plain.watches_max, plain.place_headers.len()), (50, 0), "half of the connections are for others");
    for wrong in ["client_id = \"redirect_uri\"", "response_mode = \"fragment\"", "response_mode = \"direct_post_jwt\""]
    {
        assert!(read(&format!("{SMALL}[wallet]\n{wrong}\n")).is_err(), "{wrong}");
    }
}

#[test]
fn p41_places_are_compared_where_a_trusted_proxy_says_them() {
    let told = "[wallet]\nplace_headers = [\"X-Country\", \"X-ASN\"]\n";
    let refused = read(&format!("{SMALL}{told}")).unwrap_err();
    assert!(refused.contains("trusted_proxies names none"), "{refused}");
    let trusted = "[limits]\ntrusted_proxies = [\"192.0.2.7\"]\n";
    let wallet = read(&format!("{SMALL}{trusted}{told}")).unwrap().wallet.unwrap();
    assert_eq!(wallet.place_headers, ["x-country", "x-asn"]);
    let refused = read(&format!("{SMALL}{trusted}[wallet]\nplace_headers = [\"X Country\"]\n")).unwrap_err();
    assert!(refused.contains("no name of a header"), "{refused}");
}
