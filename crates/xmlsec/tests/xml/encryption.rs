//! Encrypted elements: what we encrypt we decrypt, and everything else is refused alike.

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use xmlsec::{
    DataCipher, DecryptError, DecryptionKey, Document, EncryptionKey, KeyTransport, KeyType, Limits, SigningKey,
    decrypt, encrypt,
};

use crate::seeded::Seeded;

pub(crate) const PLAIN: &str =
    "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">árvíztűrő</saml:Assertion>";
const TRANSPORTS: [KeyTransport; 2] = [KeyTransport::OaepMgf1Sha1, KeyTransport::OaepSha256];
const CIPHERS: [DataCipher; 2] = [DataCipher::Aes128Gcm, DataCipher::Aes256Gcm];

/// A key of 2048 bits, which is found sooner than those that we use.
pub(crate) fn new_key() -> DecryptionKey {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    DecryptionKey::from_pkcs8_der(der.as_ref()).unwrap()
}

pub(crate) static OURS: LazyLock<DecryptionKey> = LazyLock::new(new_key);

/// The plain element encrypted to a key.
pub(crate) fn encrypted_to(key: &DecryptionKey, transport: KeyTransport, cipher: DataCipher) -> String {
    let recipient = EncryptionKey::from_spki_der(&key.spki_der().unwrap()).unwrap();
    let mut seeded = Seeded::new(7);
    let mut fill = |octets: &mut [u8]| octets.fill_with(|| seeded.next().to_le_bytes()[0]);
    encrypt(PLAIN.as_bytes(), &recipient, transport, cipher, &mut fill).unwrap()
}

pub(crate) fn decrypted(element: &str, keys: &[DecryptionKey]) -> Result<String, DecryptError> {
    let document = Document::parse(element.as_bytes(), &Limits::MESSAGE).unwrap();
    decrypt(document.root(), keys).map(|octets| String::from_utf8(octets).unwrap())
}

/// What our key makes of an element that was encrypted to it and then edited.
fn edited(from: &str, to: &str) -> Result<String, DecryptError> {
    let genuine = encrypted_to(&OURS, KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm);
    assert!(genuine.contains(from), "{from}");
    decrypted(&genuine.replacen(from, to, 1), std::slice::from_ref(&OURS))
}

#[test]
fn what_is_encrypted_is_decrypted() {
    let keys = [new_key(), DecryptionKey::from_pkcs8_der(&OURS.to_pkcs8_der().unwrap()).unwrap()];
    for transport in TRANSPORTS {
        for cipher in CIPHERS {
            let element = encrypted_to(&OURS, transport, cipher);
            assert_eq!(decrypted(&element, &keys), Ok(PLAIN.to_owned()), "{transport:?} {cipher:?}");
            assert_eq!(decrypted(&element, &keys[..1]), Err(DecryptError::Failed));
            assert_eq!(decrypted(&element, &[]), Err(DecryptError::Failed));
            let document = Document::parse(element.as_bytes(), &Limits::MESSAGE).unwrap();
            assert_eq!(xmlsec::canonical(document.root()), element);
        }
    }
}

#[test]
fn the_content_key_may_stand_beside() {
    let element = encrypted_to(&OURS, KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm);
    let begin = element.find("<xenc:EncryptedKey>").unwrap();
    let end = element.find("</xenc:EncryptedKey>").unwrap() + "</xenc:EncryptedKey>".len();
    let key = element[begin..end].replace("<xenc:EncryptedKey>", "<xenc:EncryptedKey xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">");
    let without = element.replace(&element[begin..end], "<ds:RetrievalMethod URI=\"#x\"/>");
    for beside in [format!("<a>{without}{key}</a>"), format!("<a>{}{key}</a>", without.replace("<ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:RetrievalMethod URI=\"#x\"/></ds:KeyInfo>", ""))] {
        let document = Document::parse(beside.as_bytes(), &Limits::MESSAGE).unwrap();
        let opened = decrypt(document.root().first_element_child().unwrap(), std::slice::from_ref(&OURS));
        assert_eq!(opened, Ok(PLAIN.as_bytes().to_vec()));
    }
    assert_eq!(decrypted(&without, std::slice::from_ref(&OURS)), Err(DecryptError::Form));
    let many = format!("<a>{without}{}</a>", key.repeat(5));
    let document = Document::parse(many.as_bytes(), &Limits::MESSAGE).unwrap();
    assert_eq!(decrypt(document.root().first_element_child().unwrap(), &[]), Err(DecryptError::Form));
}

#[test]
fn s33_and_s34_other_algorithms_are_refused_before_anything_is_decrypted() {
    let ours = ["http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"];
    for (from, others) in [
        (
            ours[0],
            [
                "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
                "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
                "",
                ours[1],
            ],
        ),
        (
            ours[1],
            ["http://www.w3.org/2001/04/xmlenc#rsa-1_5", "http://www.w3.org/2001/04/xmlenc#kw-aes256", "", ours[0]],
        ),
        (
            "http://www.w3.org/2000/09/xmldsig#sha1",
            ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#md5", "", "sha1"],
        ),
    ] {
        for other in others {
            assert_eq!(edited(from, other), Err(DecryptError::Algorithm), "{other}");
        }
    }
    // The newer name with the older digest, a label, and a parameter of the cipher.
    assert_eq!(edited(ours[1], "http://www.w3.org/2009/xmlenc11#rsa-oaep"), Err(DecryptError::Algorithm));
    let label = "<xenc:OAEPparams>AAAA</xenc:OAEPparams><ds:DigestMethod ";
    assert_eq!(edited("<ds:DigestMethod ", label), Err(DecryptError::Algorithm));
    let size = "gcm\"><xenc:KeySize>128</xenc:KeySize></xenc:EncryptionMethod>";
    assert_eq!(edited("gcm\"></xenc:EncryptionMethod>", size), Err(DecryptError::Algorithm));
    let newer = encrypted_to(&OURS, KeyTransport::OaepSha256, DataCipher::Aes256Gcm);
    for (from, to) in [("mgf1sha256", "mgf1sha1"), ("xmlenc#sha256", "xmlenc#sha512"), ("xenc11:MGF", "xenc11:Mgf")] {
        let keys = std::slice::from_ref(&*OURS);
        assert_eq!(decrypted(&newer.replace(from, to), keys), Err(DecryptError::Algorithm), "{to}");
    }
    // No digest named means SHA-1.
    let digest = "<ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"></ds:DigestMethod>";
    assert_eq!(edited(digest, ""), Ok(PLAIN.to_owned()));
    // Decided by the words alone: no key is needed for the refusal.
    let cbc =
        encrypted_to(&OURS, KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm).replace("aes256-gcm", "aes256-cbc");
    assert_eq!(decrypted(&cbc, &[]), Err(DecryptError::Algorithm));
}

#[test]
fn s33_every_changed_ciphertext_is_the_same_to_the_sender() {
    let genuine = encrypted_to(&OURS, KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm);
    let values: Vec<(usize, usize)> = genuine
        .match_indices("<xenc:CipherValue>")
        .map(|(at, tag)| (at + tag.len(), at + genuine[at..].find("</xenc:CipherValue>").unwrap()))
        .collect();
    let mut seeded = Seeded::new(33);
    for round in 0..1_000 {
        let (begin, end) = values[usize::from(round % 10 == 0)];
        let (begin, end) = if round % 10 == 0 { (begin, end) } else { values[1] };
        let mut octets = data_encoding::BASE64.decode(&genuine.as_bytes()[begin..end]).unwrap();
        let at = seeded.below(octets.len());
        octets[at] ^= 1 << seeded.below(8);
        if seeded.one_in(10) {
            octets.truncate(seeded.below(octets.len()));
        }
        if octets.is_empty() {
            continue;
        }
        let changed = format!("{}{}{}", &genuine[..begin], data_encoding::BASE64.encode(&octets), &genuine[end..]);
        assert_eq!(decrypted(&changed, std::slice::from_ref(&OURS)), Err(DecryptError::Failed));
    }
}

/// A content key that we could not decrypt is none, not even one of zeros.
#[test]
fn what_failed_to_decrypt_is_no_key() {
    let recipient = EncryptionKey::from_spki_der(&OURS.spki_der().unwrap()).unwrap();
    for cipher in CIPHERS {
        let zeros = &mut |octets: &mut [u8]| octets.fill(0);
        let element = encrypt(PLAIN.as_bytes(), &recipient, KeyTransport::OaepMgf1Sha1, cipher, zeros).unwrap();
        assert_eq!(decrypted(&element, std::slice::from_ref(&OURS)), Ok(PLAIN.to_owned()));
        let begin = element.find("<xenc:CipherValue>").unwrap() + "<xenc:CipherValue>".len();
        let end = element.find("</xenc:CipherValue>").unwrap();
        let forged = format!("{}{}{}", &element[..begin], data_encoding::BASE64.encode(&[1; 256]), &element[end..]);
        assert_eq!(decrypted(&forged, std::slice::from_ref(&OURS)), Err(DecryptError::Failed));
    }
}

#[test]
fn other_forms_are_refused() {
    for (from, to) in [
        ("<xenc:CipherValue>", "<xenc:CipherValue>?"),
        ("<xenc:CipherValue>", "<xenc:CipherValue><x/>"),
        ("<xenc:CipherValue>", "<xenc:CipherValue></xenc:CipherValue><xenc:CipherValue>"),
        ("<xenc:CipherData>", "<xenc:CipherData/><xenc:CipherData>"),
        ("xenc:EncryptedData ", "xenc:EncryptedData xmlns:xenc=\"urn:x\" x="),
    ] {
        let genuine = encrypted_to(&OURS, KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm);
        let edited = genuine.replacen(from, to, 1);
        if let Ok(document) = Document::parse(edited.as_bytes(), &Limits::MESSAGE) {
            assert_eq!(decrypt(document.root(), std::slice::from_ref(&OURS)), Err(DecryptError::Form), "{to}");
        }
    }
    let reference = "<xenc:CipherData><xenc:CipherReference URI=\"https://evil.example/\"/></xenc:CipherData>";
    let genuine = encrypted_to(&OURS, KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm);
    let begin = genuine.rfind("<xenc:CipherData>").unwrap();
    let end = genuine.rfind("</xenc:EncryptedData>").unwrap();
    let elsewhere = format!("{}{reference}{}", &genuine[..begin], &genuine[end..]);
    assert_eq!(decrypted(&elsewhere, std::slice::from_ref(&OURS)), Err(DecryptError::Form));
    assert_eq!(decrypted("<a/>", std::slice::from_ref(&OURS)), Err(DecryptError::Form));
}

#[test]
fn only_rsa_is_encrypted_to() {
    let p256 = SigningKey::generate(KeyType::P256).unwrap();
    assert!(EncryptionKey::from_spki_der(p256.verifying_key().spki_der()).is_err());
    assert!(DecryptionKey::from_pkcs8_der(&p256.to_pkcs8_der().unwrap()).is_err());
}
