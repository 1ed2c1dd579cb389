//! The xmlsec1 program, in both directions: it checks and decrypts what we make, and we what it makes.
//!
//! Version 1.2 of it knows neither RSA-PSS nor the newer name of OAEP; those are checked by our own tests
//! and by the vectors of the cryptographic library.

use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::BASE64;
use tempfile::TempDir;
use xmlsec::{DataCipher, Document, KeyTransport, Limits, SignatureAlgorithm, SigningKey};

use crate::algorithms::KEYS;
use crate::party::{assertion_halves, response, signed_assertion, verify_by};
use crate::{certificates, encryption};

const ID: &str = "--id-attr:ID";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion";

struct Workshop(TempDir);

impl Workshop {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, octets: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, octets).unwrap();
        path
    }

    fn pem(&self, label: &str, der: &[u8]) -> PathBuf {
        self.write(&format!("{label}.pem"), pem(label, der).as_bytes())
    }

    /// What it prints, or what it complains about.
    fn run(&self, arguments: &[&dyn AsRef<Path>]) -> Result<String, String> {
        let mut command = Command::new("xmlsec1");
        command.args(arguments.iter().map(AsRef::as_ref)).current_dir(self.0.path());
        let output = command.output().expect("Debian's xmlsec1 is installed");
        let [printed, fault] =
            [output.stdout, output.stderr].map(|octets| String::from_utf8_lossy(&octets).into_owned());
        if output.status.success() { Ok(printed) } else { Err(fault) }
    }
}

/// DER in the form of RFC 7468.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn known_to_it() -> impl Iterator<Item = &'static SigningKey> {
    KEYS.iter().filter(|key| key.algorithm() != SignatureAlgorithm::RsaPssSha256)
}

#[test]
fn it_verifies_what_we_sign() {
    for key in known_to_it() {
        let workshop = Workshop::new();
        let assertion = signed_assertion(key, "_a", "kovacs.péter");
        let public = workshop.pem("PUBLIC KEY", key.verifying_key().spki_der());
        let certificate = workshop.pem("CERTIFICATE", &certificates::of(key));
        let verify = |text: &str, option: &str, pem: &Path| {
            let document = workshop.write("signed.xml", text.as_bytes());
            workshop.run(&[&"--verify", &option, &pem, &ID, &ASSERTION, &document])
        };
        for text in
            [assertion.clone(), response(&assertion), format!("<a xmlns='urn:x' xmlns:unused='urn:y'>{assertion}</a>")]
        {
            verify(&text, "--pubkey-pem", &public).unwrap_or_else(|fault| panic!("{:?}: {fault}", key.algorithm()));
            verify(&text, "--pubkey-cert-pem", &certificate).unwrap_or_else(|fault| panic!("{fault}"));
            assert!(verify(&text.replace("kovacs", "nagy"), "--pubkey-pem", &public).is_err());
        }
    }
}

/// A template as other software has it: indented, the signature's namespace by default, a list of prefixes.
pub(crate) fn template(algorithm: SignatureAlgorithm, digest: &str) -> String {
    let (before, after) = assertion_halves("_a", "kovacs.péter");
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let (algorithm, enveloped) = (algorithm.uri(), "http://www.w3.org/2000/09/xmldsig#enveloped-signature");
    let signature = format!(
        r##"<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">
    <SignedInfo>
      <CanonicalizationMethod Algorithm="{exclusive}"/>
      <SignatureMethod Algorithm="{algorithm}"/>
      <Reference URI="#_a">
        <Transforms>
          <Transform Algorithm="{enveloped}"/>
          <Transform Algorithm="{exclusive}"><InclusiveNamespaces xmlns="{exclusive}" PrefixList="xs #default unused"/></Transform>
        </Transforms>
        <DigestMethod Algorithm="{digest}"/>
        <DigestValue/>
      </Reference>
    </SignedInfo>
    <SignatureValue/>
    <KeyInfo><KeyName>x</KeyName></KeyInfo>
  </Signature>"##
    );
    format!(
        "<?xml version=\"1.0\"?>\n<a xmlns='urn:x' xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:xsi='urn:y'>\n  \
         {before}\r\n  {signature}<b   d = 'x&#10;&apos;'\tc='&lt;' xsi:type=\"xs:string\"/><![CDATA[<&]]><!-- c --><?p i?>{after}</a>"
    )
}

#[test]
fn we_verify_what_it_signs() {
    let digests = [
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    ];
    for key in known_to_it() {
        for digest in digests {
            let workshop = Workshop::new();
            let private = workshop.pem("PRIVATE KEY", &key.to_pkcs8_der().unwrap());
            let template = workshop.write("template.xml", template(key.algorithm(), digest).as_bytes());
            let signed = workshop.run(&[&"--sign", &"--privkey-pem", &private, &ID, &ASSERTION, &template]).unwrap();
            let document = Document::parse(signed.as_bytes(), &Limits::METADATA).unwrap();
            let element = document.root().first_element_child().unwrap();
            let verified = verify_by(key, &document, element).unwrap_or_else(|code| panic!("{code}: {signed}"));
            assert!(verified.octets.contains("kovacs.péter") && !verified.octets.contains("<!--"));
            assert!(verified.octets.starts_with("<saml:Assertion xmlns=\"urn:x\" xmlns:saml="), "by #default");
            let tampered = signed.replace("kovacs", "nagy");
            let document = Document::parse(tampered.as_bytes(), &Limits::METADATA).unwrap();
            assert_eq!(verify_by(key, &document, document.root().first_element_child().unwrap()), Err("digest"));
        }
    }
}

const CIPHERS: [(DataCipher, &str); 2] = [(DataCipher::Aes128Gcm, "aes-128"), (DataCipher::Aes256Gcm, "aes-256")];

#[test]
fn it_decrypts_what_we_encrypt() {
    for (cipher, _) in CIPHERS {
        let workshop = Workshop::new();
        let encrypted = encryption::encrypted_to(&encryption::OURS, KeyTransport::OaepMgf1Sha1, cipher);
        let private = workshop.pem("PRIVATE KEY", &encryption::OURS.to_pkcs8_der().unwrap());
        let document = workshop.write("encrypted.xml", format!("<a>{encrypted}</a>").as_bytes());
        let plain = workshop.run(&[&"--decrypt", &"--privkey-pem", &private, &document]).unwrap();
        // It writes references where we write letters.
        let document = Document::parse(plain.as_bytes(), &Limits::MESSAGE).unwrap();
        assert_eq!(xmlsec::canonical(document.root()), format!("<a>{}</a>", encryption::PLAIN));
    }
}

#[test]
fn we_decrypt_what_it_encrypts() {
    for (cipher, session_key) in CIPHERS {
        let workshop = Workshop::new();
        let template = encryption::encrypted_to(&encryption::OURS, KeyTransport::OaepMgf1Sha1, cipher);
        // What we made, its values taken out again.
        let mut parts = template.split("<xenc:CipherValue>");
        let head = parts.next().unwrap().to_owned();
        let empty = parts
            .map(|part| part.split_once('<').unwrap().1)
            .fold(head, |text, part| format!("{text}<xenc:CipherValue><{part}"));
        let public = workshop.pem("PUBLIC KEY", &encryption::OURS.spki_der().unwrap());
        let template = workshop.write("template.xml", empty.as_bytes());
        let data = workshop.write("data.xml", "<x>ő &amp; ű</x>".as_bytes());
        let arguments: [&dyn AsRef<Path>; 8] =
            [&"--encrypt", &"--pubkey-pem", &public, &"--session-key", &session_key, &"--xml-data", &data, &template];
        let encrypted = workshop.run(&arguments).unwrap();
        let plain = encryption::decrypted(&encrypted, std::slice::from_ref(&encryption::OURS)).unwrap();
        assert!(plain.ends_with("<x>ő &amp; ű</x>"), "{plain}");
    }
}
