//! Targets for fuzzing as plain functions, each run here on a small corpus that is changed at random.
//! None may panic, and what is read must read the same again in canonical form.

use xmlsec::{Document, Limits, Node};

use crate::party::{PARTNER, genuine, verify};
use crate::seeded::Seeded;
use crate::targets::{decrypting, keys_and_certificates, reading};
use crate::{certificates, encryption};

const ROUNDS: usize = 20_000;
fn verifying(octets: &[u8]) {
    for limits in [Limits::MESSAGE, Limits::METADATA] {
        let Ok(document) = Document::parse(octets, &limits) else { continue };
        for element in document.root().descendants().filter(Node::is_element) {
            if let Ok(verified) = verify(&document, element) {
                assert!(verified.octets.contains(">kovacs.peter<"));
            }
        }
    }
}

/// Changes, removes, doubles or inserts a few octets.
fn changed(octets: &[u8], words: &[&[u8]], seeded: &mut Seeded) -> Vec<u8> {
    let mut octets = octets.to_vec();
    for _ in 0..=seeded.below(4) {
        let at = seeded.below(octets.len());
        let length = 1 + seeded.below((octets.len() - at).min(40));
        match seeded.below(5) {
            0 => octets[at] = seeded.next().to_le_bytes()[0],
            1 => drop(octets.drain(at..at + length)),
            2 => {
                let copy = octets[at..at + length].to_vec();
                let to = seeded.below(octets.len());
                octets.splice(to..to, copy);
            }
            3 => octets[at] ^= 1 << seeded.below(8),
            _ => drop(octets.splice(at..at, seeded.pick(words).iter().copied())),
        }
        if octets.is_empty() {
            octets.push(b'<');
        }
    }
    octets
}

const WORDS: [&[u8]; 22] = [
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?x ",
    b"?>",
    b"<a>",
    b"</a>",
    b"<a/>",
    b" xmlns=''",
    b" xmlns:a='urn:a'",
    b" a:b=''",
    b"&amp;",
    b"&#13;",
    b"&#x",
    b";",
    b"\r\n",
    b"'",
    b"\"",
    b"<",
    b">",
    b"\xc5\x91",
];

fn run(corpus: &[&[u8]], target: fn(&[u8]), seed: u64) {
    let mut seeded = Seeded::new(seed);
    for round in 0..ROUNDS {
        let octets = corpus[round % corpus.len()];
        target(octets);
        target(&changed(octets, &WORDS, &mut seeded));
    }
}

const DOCUMENTS: [&str; 4] = [
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a:b xmlns:a='urn:a' c=\"&quot;\" a:d='&#10;'><e xmlns='urn:e'/>&lt;ő</a:b>",
    "<a xmlns='urn:1'><b xmlns=''><c xmlns='urn:1' xmlns:d='urn:2' d:e='' xml:lang='hu'/></b><!-- x --><?y z?><![CDATA[<]]></a>",
    "<x:a xmlns:x='urn:x' xmlns:y='urn:x'><y:a y:b='1' c='2'>\r\n\t</y:a><x:a xmlns:x='urn:z'/></x:a>",
    "<a b='&amp;&lt;&gt;&apos;&#9;&#xD;'> &amp;&lt;&gt;&quot;&#13; </a>",
];

#[test]
fn canonical_form_reads_as_itself() {
    let genuine = genuine();
    let corpus: Vec<&[u8]> = DOCUMENTS.iter().map(|text| text.as_bytes()).chain([genuine.as_bytes()]).collect();
    run(&corpus, reading, 1);
}

#[test]
fn no_changed_message_is_accepted_for_another() {
    let genuine = genuine();
    run(&[genuine.as_bytes()], verifying, 2);
}

#[test]
fn no_changed_ciphertext_breaks_anything() {
    let cipher = (xmlsec::KeyTransport::OaepSha256, xmlsec::DataCipher::Aes128Gcm);
    let encrypted = encryption::encrypted_to(&encryption::OURS, cipher.0, cipher.1);
    run(&[encrypted.as_bytes()], decrypting, 3);
}

#[test]
fn no_changed_certificate_breaks_anything() {
    let certificate = certificates::of(&PARTNER);
    run(&[&certificate, PARTNER.verifying_key().spki_der()], keys_and_certificates, 4);
}
