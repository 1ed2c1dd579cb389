//! No document opens a file or a socket, whatever it refers to (row S35 of the bad inputs): the
//! system calls are watched by `strace` while documents are read that ask for it in every way that XML knows.

use std::process::Command;
use std::sync::LazyLock;

use data_encoding::BASE64;
use saml::binding::{post, soap};
use saml::metadata::{Loopback, MetadataReading, Trust};
use saml::{AuthnRequest, Direction, LogoutRequest, ResponseCheck, SignatureDemand};
use xmlsec::{DecryptionKey, KeyType, SigningKey, VerifyingKey};

const READER: &str = "hostile_documents_are_read";
/// Files that are not there; asking for one leaves a mark in the list of calls.
const MARKS: [&str; 3] = ["/kapu-reading-begins", "/kapu-reading-ends", "/kapu-watching-ends"];
const TARGETS: [&str; 2] = ["file:///etc/hostname", "http://127.0.0.1:9/kapu"];
const NOW: i64 = 1_800_000_000;

static RSA: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::Rsa2048).unwrap());

/// An enveloped signature over `reference`, which is nobody's.
fn signature(reference: &str, transform: &str, key: &str) -> String {
    format!(
        "<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>\
         <ds:Reference URI=\"{reference}\"><ds:Transforms>{transform}</ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>AAAA</ds:DigestValue>\
         </ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue>{key}</ds:Signature>"
    )
}

/// Documents that refer to `target`.
fn documents(target: &str) -> Vec<String> {
    let names = "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"";
    let head = "ID=\"_a\" Version=\"2.0\" IssueInstant=\"2027-01-15T08:00:00Z\"";
    let message = |attributes: &str, content: &str| -> Vec<String> {
        ["AuthnRequest", "Response", "LogoutRequest"]
            .map(|kind| {
                format!(
                    "<samlp:{kind} {names} {head} {attributes}><saml:Issuer>https://a.example</saml:Issuer>{content}</samlp:{kind}>"
                )
            })
            .to_vec()
    };
    let xslt = format!(
        "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><xsl:stylesheet version=\"1.0\" \
         xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:include href=\"{target}\"/><xsl:template match=\"/\">\
         <xsl:copy-of select=\"document('{target}')\"/></xsl:template></xsl:stylesheet></ds:Transform>"
    );
    let xpath = format!(
        "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>document('{target}')</ds:XPath></ds:Transform>"
    );
    let retrieval = format!(
        "<ds:KeyInfo><ds:RetrievalMethod URI=\"{target}\" Type=\"http://www.w3.org/2000/09/xmldsig#X509Data\"/></ds:KeyInfo>"
    );
    let encrypted = format!(
        "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>\
         <saml:EncryptedAssertion><xenc:EncryptedData Type=\"http://www.w3.org/2001/04/xmlenc#Element\">\
         <xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"/>{retrieval}<xenc:CipherData>\
         <xenc:CipherReference URI=\"{target}\"/></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>"
    );
    let schema = format!(
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:oasis:names:tc:SAML:2.0:protocol {target}\""
    );
    let included =
        format!("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"{target}\" parse=\"text\"/>");
    let mut all = [
        message(&schema, ""),
        message(&format!("xml:base=\"{target}\""), ""),
        message("", &included),
        message("", &signature(target, "", "")),
        message("", &signature("#_a", &xslt, "")),
        message("", &signature("#_a", &xpath, "")),
        message("", &signature("#_a", "", &retrieval)),
        message("", &encrypted),
    ]
    .concat();
    for plain in message("", "") {
        all.push(format!("<!DOCTYPE a SYSTEM \"{target}\">{plain}"));
        all.push(format!("<?xml-stylesheet href=\"{target}\"?>{plain}"));
        all.push(format!("<!DOCTYPE a [<!ENTITY % p SYSTEM \"{target}\"> %p;]>{plain}"));
        let entity = plain.replace("https://a.example", "&e;");
        all.push(format!("<!DOCTYPE a [<!ENTITY e SYSTEM \"{target}\">]>{entity}"));
    }
    all.push(format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" {names} entityID=\"{target}\" ID=\"_a\">{}\
         <md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" index=\"0\" Location=\"{target}\"/>\
         </md:SPSSODescriptor><md:AdditionalMetadataLocation namespace=\"urn:x\">{target}</md:AdditionalMetadataLocation>\
         </md:EntityDescriptor>",
        signature(target, &xslt, &retrieval),
    ));
    all
}

/// Gives the document to everything that reads documents, and says whether it was read as a request to its end.
fn read(xml: &str, keys: &[VerifyingKey], decryption_keys: &[DecryptionKey]) -> bool {
    let mut is_read = false;
    for trust in [Trust::Bearer, Trust::SignedBy(keys)] {
        let _refused = MetadataReading { loopback: Loopback::Allowed, trust, now: NOW }.read(xml.as_bytes());
    }
    for direction in [Direction::Request, Direction::Response] {
        let value = BASE64.encode(xml.as_bytes()).replace('+', "%2B");
        let posted = post::decode(&format!("{}={value}", direction.parameter())).expect("a form with a message");
        let by_soap = soap::decode(direction, soap::envelope(xml).into_bytes());
        for received in [Some(posted), by_soap.ok()].into_iter().flatten() {
            let _claims = received.claims();
            if let Ok(authentic) = received.authenticate(keys, SignatureDemand::IfPresent) {
                is_read |= AuthnRequest::read(&authentic).is_ok();
                let _logout = LogoutRequest::read(&authentic, decryption_keys);
            }
            let check = ResponseCheck {
                issuer: "https://a.example",
                keys,
                decryption_keys,
                acs_url: "https://sp.example/acs",
                sp_entity_id: "https://sp.example",
                in_response_to: "_r",
                now: NOW,
                skew: 0,
                contexts: &[],
                authenticated_since: None,
            };
            assert!(check.check(&received).is_err());
        }
    }
    is_read
}

#[test]
fn hostile_documents_are_read() {
    let documents: Vec<String> = TARGETS.into_iter().flat_map(documents).collect();
    let keys = [RSA.verifying_key().clone()];
    let decryption_keys = [DecryptionKey::from_pkcs8_der(&RSA.to_pkcs8_der().unwrap()).unwrap()];
    let read_all = || documents.iter().filter(|xml| read(xml, &keys, &decryption_keys)).count();
    // What libraries look up once is looked up before. Some are harmless enough to be read to their end.
    assert!(read_all() > 0);
    let mark = |mark: &str| assert!(std::fs::metadata(mark).is_err());
    mark(MARKS[0]);
    let read_again = read_all();
    mark(MARKS[1]);
    assert!(read_again > 0);
    // A call that must be seen, or nothing is.
    drop(std::net::UdpSocket::bind("127.0.0.1:0").unwrap());
    mark(MARKS[2]);
}

#[test]
fn no_document_opens_a_file_or_a_socket() {
    let calls = tempfile::NamedTempFile::new().unwrap();
    let watched = Command::new("strace")
        .args(["-f", "-e", "trace=%file,%network", "-o"])
        .arg(calls.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", READER])
        .output()
        .expect("strace is installed (./test does it)");
    assert!(watched.status.success(), "{}", String::from_utf8_lossy(&watched.stderr));
    let calls = std::fs::read_to_string(calls.path()).unwrap();
    let at = MARKS.map(|mark| calls.lines().position(|call| call.contains(mark)).expect("each mark is seen"));
    let between = |from: usize, to: usize| calls.lines().take(to).skip(from + 1).collect::<Vec<_>>();
    assert_eq!(between(at[0], at[1]), Vec::<&str>::new());
    assert!(between(at[1], at[2]).iter().any(|call| call.contains("socket(")), "a socket is seen:\n{calls}");
}
