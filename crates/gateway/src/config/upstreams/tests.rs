//! Tables of other identity providers are understood, or the one that is wrong is named with its line.

use super::*;

const OIDC: &str = r#"
[[upstream]]
id = "bme"
name_hu = "Műegyetem"
name_en = "University"
protocol = "oidc"
issuer = "https://idp.bme.example"
client_id = "kapu"
client_secret_file = "bme.secret"
level = 2
loa = "substantial"
contexts = ["https://refeds.org/profile/mfa"]
[upstream.attributes]
family_name = "family_name"
"#;

/// Reads a file in a folder that has a secret beside it.
fn read(text: &str, at: UpstreamsAt) -> Result<Vec<Upstream>, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kapu.toml");
    fs::write(folder.path().join("bme.secret"), "s3cret\n").unwrap();
    fs::write(folder.path().join("empty.secret"), "\n").unwrap();
    fs::write(folder.path().join("idp.xml"), "<EntityDescriptor/>").unwrap();
    let tables: UpstreamsFile = super::super::read::parsed(text, &file).map_err(|error| error.to_string())?;
    upstreams(tables.upstream, at, &file, text).map_err(|error| {
        let whole = error.to_string();
        whole.strip_prefix(file.to_str().unwrap()).unwrap_or(&whole).trim().to_owned()
    })
}

#[test]
fn a_table_is_read_with_its_secret() {
    let read = read(OIDC, UpstreamsAt::Public).unwrap();
    let [upstream] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!((upstream.id.as_str(), upstream.level, upstream.loa), ("bme", Level::Two, Loa::Substantial));
    assert_eq!(upstream.attributes.family_name.as_deref(), Some("family_name"));
    let UpstreamProtocol::OpenIdConnect { issuer, client_id, client_secret } = &upstream.protocol else { panic!() };
    assert_eq!((issuer.as_str(), client_id.as_str()), ("https://idp.bme.example", "kapu"));
    assert_eq!(client_secret.expose(), "s3cret", "without the end of its line");
    assert!(!format!("{upstream:?}").contains("s3cret"));
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let http = "http://idp.localhost:9000";
    #[rustfmt::skip]
    let table = [
        ("\"bme\"",                        "\"B M E\"",            "line 3: an upstream's id is"),
        ("\"University\"",                 "\"\"",                 "line 3: name_hu and name_en have"),
        ("level = 2",                      "level = 4",            "line 3: level is 1, 2 or 3"),
        ("\"substantial\"",                "\"high\"",             "line 3: a sign-in at level 2 is never more than substantial"),
        ("https://refeds.org/profile/mfa", "a b",                  "line 3: contexts are at most"),
        ("https://idp.bme.example",        "idp",                  "line 3: issuer is no URL"),
        ("https://idp.bme.example",        http,                   "line 3: an issuer begins with https://"),
        ("https://idp.bme.example",        "https://a.example?b",  "line 3: an issuer has no user, query or fragment"),
        ("client_id = \"kapu\"",           "",                     "line 3: an upstream that speaks oidc has a client_id"),
        ("bme.secret",                     "none.secret",          "line 3: client_secret_file"),
        ("bme.secret",                     "empty.secret",         "line 3: client_secret_file"),
        ("level = 2",                      "level = 2\nmetadata = \"idp.xml\"", "line 3: oidc has issuer"),
        ("\"oidc\"",                       "\"saml\"",             "line 3: oidc has issuer"),
    ];
    for (from, to, reason) in table {
        let told = read(&OIDC.replace(from, to), UpstreamsAt::Public).unwrap_err();
        assert!(told.starts_with(reason), "{to}: {told}");
    }
    let unknown = read(&OIDC.replace("level", "levle"), UpstreamsAt::Public).unwrap_err();
    assert!(unknown.contains("unknown field `levle`"), "{unknown}");
    assert!(read(&OIDC.replace("https://idp.bme.example", http), UpstreamsAt::PublicAndDemo).is_ok());
    let twice = format!("{OIDC}{}", OIDC.replace("\"bme\"", "\"other\""));
    assert!(read(&twice, UpstreamsAt::Public).unwrap_err().contains("is there twice"));
    let saml =
        OIDC.replace("\"oidc\"", "\"saml\"").replace("issuer = \"https://idp.bme.example\"", "metadata = \"idp.xml\"");
    let saml = saml.replace("client_id = \"kapu\"", "").replace("client_secret_file = \"bme.secret\"", "");
    let told = read(&saml, UpstreamsAt::Public).unwrap_err();
    assert!(told.starts_with("line 3:") && told.contains("the metadata"), "{told}");
}
