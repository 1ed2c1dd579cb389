//! Encrypted messages: the published example, another implementation in both directions (`RustCrypto`'s
//! curve, hash and cipher, put together after RFC 7518 independently of ours), and hostile ones.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes128Gcm, Aes256Gcm, KeyInit};
use data_encoding::BASE64URL_NOPAD;
use jose::{
    ContentEncryption, DecryptionKey, EncryptError, EncryptionKey, JweError, JweExpected, JwkError, Parties, decrypt,
    encrypt,
};
use proptest::prelude::*;
use rsa::sha2::{Digest, Sha256};
use serde_json::{Value, json};

const LIMIT: usize = 64 * 1024;
const ANY: JweExpected<'_> = JweExpected { encryptions: &ContentEncryption::ALL, bytes_max: LIMIT };

fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

fn decode(text: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
}

/// The other implementation's key.
struct Other(p256::SecretKey);

impl Other {
    fn new(seed: u8) -> Self {
        Self(p256::SecretKey::from_slice(&[seed; 32]).unwrap())
    }

    fn public(&self) -> Value {
        let point = p256::Sec1Point::from(self.0.public_key());
        let (x, y) = point.as_bytes()[1..].split_at(32);
        json!({"kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y)})
    }

    /// RFC 7518 section 4.6.2, written from the text.
    fn key(&self, jwk: &Value, enc: &str, apu: &[u8], apv: &[u8]) -> Vec<u8> {
        let coordinates = [decode(jwk["x"].as_str().unwrap()), decode(jwk["y"].as_str().unwrap())].concat();
        let public = p256::PublicKey::from_sec1_bytes(&[vec![4], coordinates].concat()).unwrap();
        let shared = p256::ecdh::diffie_hellman(self.0.to_nonzero_scalar(), public.as_affine());
        let bits: u32 = if enc == "A128GCM" { 128 } else { 256 };
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
        let mut input = vec![0, 0, 0, 1];
        input.extend_from_slice(shared.raw_secret_bytes());
        for field in [enc.as_bytes(), apu, apv] {
            input.extend(length(field));
            input.extend_from_slice(field);
        }
        input.extend(bits.to_be_bytes());
        Sha256::digest(&input)[..usize::try_from(bits / 8).unwrap()].to_vec()
    }

    /// A message by this implementation, under any header.
    fn encrypt(&self, to: &Value, mut header: Value, plaintext: &[u8]) -> String {
        if header.get("epk").is_none() {
            header["epk"] = self.public();
        }
        let party = |name: &str| header[name].as_str().map(decode).unwrap_or_default();
        let enc = header["enc"].as_str().unwrap_or("A256GCM").to_owned();
        let key = self.key(to, &enc, &party("apu"), &party("apv"));
        let protected = encode(header.to_string().as_bytes());
        let payload = Payload { msg: plaintext, aad: protected.as_bytes() };
        let nonce = [7; 12];
        let sealed = match key.len() {
            16 => Aes128Gcm::new_from_slice(&key).unwrap().encrypt(&nonce.into(), payload).unwrap(),
            _ => Aes256Gcm::new_from_slice(&key).unwrap().encrypt(&nonce.into(), payload).unwrap(),
        };
        let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
        format!("{protected}..{}.{}.{}", encode(&nonce), encode(ciphertext), encode(tag))
    }

    fn decrypt(&self, message: &str) -> Vec<u8> {
        let cut: Vec<&str> = message.split('.').collect();
        let [protected, "", iv, ciphertext, tag] = cut[..] else { panic!("five parts, no encrypted key") };
        let header: Value = serde_json::from_slice(&decode(protected)).unwrap();
        assert_eq!(header["alg"], "ECDH-ES");
        let party = |name: &str| header[name].as_str().map(decode).unwrap_or_default();
        let key = self.key(&header["epk"], header["enc"].as_str().unwrap(), &party("apu"), &party("apv"));
        let sealed = [decode(ciphertext), decode(tag)].concat();
        let payload = Payload { msg: &sealed, aad: protected.as_bytes() };
        let nonce: [u8; 12] = decode(iv).try_into().unwrap();
        match key.len() {
            16 => Aes128Gcm::new_from_slice(&key).unwrap().decrypt(&nonce.into(), payload).unwrap(),
            _ => Aes256Gcm::new_from_slice(&key).unwrap().decrypt(&nonce.into(), payload).unwrap(),
        }
    }
}

fn ours(kid: &str) -> DecryptionKey {
    DecryptionKey::generate(Some(kid.to_owned())).unwrap()
}

fn public(key: &DecryptionKey) -> Value {
    serde_json::to_value(key.public_key()).unwrap()
}

/// OpenID4VP 1.0 section 8.3.
const EXAMPLE: &str = "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSIsImtpZCI6ImFjIiwiZXBrIjp7Imt0eSI6IkVDIiwieCI6Im5ubVZwbTNWM2piaGNhZlFhUkJrU1ZOSGx3Wkh3dC05ck9wSnVmeVlJdWsiLCJ5IjoicjRmakRxd0p5czlxVU9QLV9iM21SNVNaRy0tQ3dPMm1pYzVWU05UWU45ZyIsImNydiI6IlAtMjU2In19..uAYcHRUSSn2X0WPX.yVzlGSYG4qbg0bq18JcUiDRw56yVnbKR8E7S7YlEtzT00RqE3Pw5oTpUG3hdLN4taHZ9gC1kwak8JOnJgQ.1wR024_3-qtAlx1oFIUpQQ";
const EXAMPLE_KEY: &str = r#"{"kty":"EC","kid":"ac","use":"enc","crv":"P-256","alg":"ECDH-ES","x":"YO4epjifD-KWeq1sL2tNmm36BhXnkJ0He-WqMYrp9Fk","y":"Hekpm0zfK7C-YccH5iBjcIXgf6YdUvNUac_0At55Okk"}"#;
const EXAMPLE_NUMBER: &str = "Et-3ce0omz8_TuZ96Df9lp0GAaaDoUnDe6X-CRO7Aww";

#[test]
fn the_example_of_openid4vp_opens() {
    let key = DecryptionKey::from_bytes(Some("ac".to_owned()), &decode(EXAMPLE_NUMBER)).unwrap();
    assert_eq!(key.public_key(), &EncryptionKey::parse(EXAMPLE_KEY.as_bytes()).unwrap());
    let opened = decrypt(&key, EXAMPLE, &ANY).unwrap();
    let payload: Value = serde_json::from_slice(&opened.plaintext).unwrap();
    assert_eq!(payload, json!({"vp_token": {"example_credential_id": ["eyJhb...YMetA"]}}));
    assert_eq!(opened.encryption, ContentEncryption::A128Gcm);
    let only_256 = JweExpected { encryptions: &[ContentEncryption::A256Gcm], ..ANY };
    assert_eq!(decrypt(&key, EXAMPLE, &only_256), Err(JweError::Algorithm));
}

#[test]
fn another_implementation_opens_ours_and_we_open_its() {
    let (key, other) = (ours("k"), Other::new(9));
    let to_other = EncryptionKey::parse(other.public().to_string().as_bytes()).unwrap();
    for encryption in ContentEncryption::ALL {
        for parties in [Parties::default(), Parties { apu: b"Alice", apv: b"Bob" }] {
            for plaintext in [b"".as_slice(), b"{}", &[0xff; 5000]] {
                let message = encrypt(&to_other, encryption, parties, plaintext).unwrap();
                assert_eq!(other.decrypt(&message), plaintext);
                let mut header = json!({"alg": "ECDH-ES", "enc": encryption.as_str(), "kid": "k", "cty": "json"});
                if !parties.apu.is_empty() {
                    header["apu"] = encode(parties.apu).into();
                    header["apv"] = encode(parties.apv).into();
                }
                let opened = decrypt(&key, &other.encrypt(&public(&key), header, plaintext), &ANY).unwrap();
                assert_eq!((opened.plaintext.as_slice(), opened.apu.as_slice()), (plaintext, parties.apu));
            }
        }
    }
}

#[test]
fn v12_what_is_encrypted_in_any_other_way_is_refused() {
    let (key, other) = (ours("k"), Other::new(9));
    let with = |header: Value| other.encrypt(&public(&key), header, b"{}");
    let off_curve = json!({"kty": "EC", "crv": "P-256", "x": encode(&[1; 32]), "y": encode(&[2; 32])});
    let mut private = other.public();
    private["d"] = "AA".into();
    let mut other_curve = other.public();
    other_curve["crv"] = "P-384".into();
    #[rustfmt::skip]
    let rows = [
        (json!({"alg": "RSA1_5", "enc": "A128GCM"}),                                JweError::Algorithm),
        (json!({"alg": "RSA-OAEP-256", "enc": "A128GCM"}),                          JweError::Algorithm),
        (json!({"alg": "dir", "enc": "A128GCM"}),                                   JweError::Algorithm),
        (json!({"alg": "ECDH-ES+A128KW", "enc": "A128GCM"}),                        JweError::Algorithm),
        (json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2_000_000}),  JweError::Algorithm),
        (json!({"alg": "none", "enc": "A128GCM"}),                                  JweError::Algorithm),
        (json!({"alg": "ecdh-es", "enc": "A128GCM"}),                               JweError::Algorithm),
        (json!({"alg": "ECDH-ES", "enc": "A128CBC-HS256"}),                         JweError::Algorithm),
        (json!({"alg": "ECDH-ES", "enc": "A192GCM"}),                               JweError::Algorithm),
        (json!({"alg": "ECDH-ES", "enc": "a128gcm"}),                               JweError::Algorithm),
        (json!({"alg": "ECDH-ES"}),                                                 JweError::Header),
        (json!({"enc": "A128GCM"}),                                                 JweError::Header),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "zip": "DEF"}),                 JweError::RefusedMember),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "crit": ["exp"]}),              JweError::RefusedMember),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "crit": []}),                   JweError::RefusedMember),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "jwk": {}}),                    JweError::RefusedMember),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "kid": "of an earlier one"}),   JweError::UnknownKey),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "kid": 7}),                     JweError::Header),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": "none"}),                JweError::EphemeralKey),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": {"kty": "oct"}}),        JweError::EphemeralKey),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": off_curve}),             JweError::EphemeralKey),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": private}),               JweError::EphemeralKey),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": other_curve}),           JweError::EphemeralKey),
        (json!({"alg": "ECDH-ES", "enc": "A128GCM", "apu": encode(&[1; 257])}),     JweError::Header),
        (json!([]),                                                                 JweError::Header),
    ];
    for (header, error) in rows {
        let message = if header.is_array() { "W10....".to_owned() } else { with(header.clone()) };
        assert_eq!(decrypt(&key, &message, &ANY), Err(error), "{header}");
    }
    let twice = encode(br#"{"alg":"dir","alg":"ECDH-ES","enc":"A128GCM"}"#);
    assert_eq!(decrypt(&key, &format!("{twice}...."), &ANY), Err(JweError::Header));
    let deep = encode("[".repeat(10_000).as_bytes());
    assert_eq!(decrypt(&key, &format!("{deep}...."), &ANY), Err(JweError::Header));
}

#[test]
fn v12_what_is_encrypted_to_an_earlier_ephemeral_key_does_not_open() {
    let (old, new) = (ours("k"), ours("k"));
    let message = encrypt(old.public_key(), ContentEncryption::A256Gcm, Parties::default(), b"{}").unwrap();
    assert!(decrypt(&old, &message, &ANY).is_ok());
    assert_eq!(decrypt(&new, &message, &ANY), Err(JweError::Sealed));
}

#[test]
fn a_message_in_any_but_its_one_form_is_refused() {
    let key = ours("k");
    let message = encrypt(key.public_key(), ContentEncryption::A128Gcm, Parties::default(), b"{\"a\":1}").unwrap();
    let parts: Vec<&str> = message.split('.').collect();
    let [header, _, iv, text, tag] = parts[..] else { panic!("five parts") };
    let long = "A".repeat(1024 * 1024);
    let rows = [
        (String::new(), JweError::Form),
        (format!("{header}.{text}.{tag}"), JweError::Form),
        (format!("{message}."), JweError::Form),
        (format!("{header}.AAAA.{iv}.{text}.{tag}"), JweError::Form),
        (format!("{header}=..{iv}.{text}.{tag}"), JweError::Encoding),
        (format!("{header}..{iv}AAAA.{text}.{tag}"), JweError::Encoding),
        (format!("{header}...{text}.{tag}"), JweError::Encoding),
        (format!("{header}..{iv}.{text}."), JweError::Encoding),
        (format!("{header}..{iv}.{text}.{}", &tag[..16]), JweError::Encoding),
        (format!("{header}..{iv}..{tag}"), JweError::Sealed),
        (format!("{message}\n"), JweError::Encoding),
        (format!("{header}..{iv}.{long}.{tag}"), JweError::TooLong),
        (long.clone(), JweError::TooLong),
    ];
    for (message, error) in rows {
        assert_eq!(decrypt(&key, &message, &ANY), Err(error), "{message:.80}");
    }
    let long_party = Parties { apu: &[0; 257], apv: b"" };
    assert_eq!(encrypt(key.public_key(), ContentEncryption::A128Gcm, long_party, b""), Err(EncryptError::Party));
}

#[test]
fn a_key_is_stored_and_read_again_and_never_printed() {
    let key = ours("k");
    let bytes = key.to_bytes().unwrap();
    let again = DecryptionKey::from_bytes(Some("k".to_owned()), &bytes).unwrap();
    assert_eq!((bytes.len(), again.public_key()), (32, key.public_key()));
    assert_eq!(format!("{key:?}"), r#"DecryptionKey { public: EncryptionKey { kid: Some("k"), .. }, .. }"#);
    for bad in [[0; 32].as_slice(), &[0xff; 32], &[1; 31], &[]] {
        assert!(DecryptionKey::from_bytes(None, bad).is_err());
    }
}

#[test]
fn a_public_key_for_anything_else_is_told_apart_from_a_bad_one() {
    let good = public(&ours("k"));
    assert_eq!(good["alg"], "ECDH-ES");
    let with = |member: &str, value: Value| {
        let mut key = good.clone();
        key[member] = value;
        EncryptionKey::parse(key.to_string().as_bytes()).map(|_| ())
    };
    assert_eq!(with("unknown", json!(1)), Ok(()));
    #[rustfmt::skip]
    let rows = [
        ("use", json!("sig"),               JwkError::Foreign),
        ("alg", json!("ECDH-ES+A256KW"),    JwkError::Foreign),
        ("kty", json!("OKP"),               JwkError::Foreign),
        ("crv", json!("P-384"),             JwkError::Foreign),
        ("d",   json!("AA"),                JwkError::Private),
        ("x",   json!(encode(&[1; 31])),    JwkError::Member("x")),
        ("y",   json!(encode(&[1; 32])),    JwkError::OffCurve),
        ("kid", json!("k".repeat(257)),     JwkError::Member("kid")),
        ("kid", json!(1),                   JwkError::Form),
    ];
    for (member, value, error) in rows {
        assert_eq!(with(member, value.clone()), Err(error), "{member}: {value}");
    }
}

proptest! {
    #[test]
    fn what_is_encrypted_opens_again(
        plaintext in prop::collection::vec(any::<u8>(), 0..2000),
        apu in prop::collection::vec(any::<u8>(), 0..=256),
        apv in prop::collection::vec(any::<u8>(), 0..=256),
        encryption in prop::sample::select(&ContentEncryption::ALL),
    ) {
        let key = ours("k");
        let message = encrypt(key.public_key(), encryption, Parties { apu: &apu, apv: &apv }, &plaintext).unwrap();
        let opened = decrypt(&key, &message, &ANY).unwrap();
        prop_assert_eq!((opened.plaintext, opened.apu, opened.apv), (plaintext, apu, apv));
    }

    #[test]
    fn a_changed_message_does_not_open(at in any::<prop::sample::Index>(), byte in 0_u8..128) {
        let key = ours("k");
        let message = encrypt(key.public_key(), ContentEncryption::A256Gcm, Parties::default(), b"{\"a\":1}").unwrap();
        let mut changed = message.clone().into_bytes();
        let at = at.index(changed.len());
        prop_assume!(changed[at] != byte);
        changed[at] = byte;
        prop_assert!(decrypt(&key, &String::from_utf8(changed).unwrap(), &ANY).is_err());
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}", parts in prop::collection::vec("[A-Za-z0-9_-]{0,40}", 5)) {
        let key = ours("k");
        prop_assert!(decrypt(&key, &text, &ANY).is_err());
        prop_assert!(decrypt(&key, &parts.join("."), &ANY).is_err());
    }
}
