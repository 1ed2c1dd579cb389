//! A maker of wallets, who attests the keys in them, and such a key: by `p256` and `rcgen`, so that nothing of what reads
//! it here has written it.

use broker::KeyAttestationTerms;
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use jose::{Algorithm, SigningKey};
use p256::ecdsa::signature::Signer as _;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use serde_json::{Map, Value, json};

/// A key in a wallet's keystore.
pub struct AttestedKey(p256::ecdsa::SigningKey);

/// Whoever says how the keys of wallets are kept.
#[derive(Clone)]
pub struct WalletMaker {
    key: p256::ecdsa::SigningKey,
    chain: Vec<Vec<u8>>,
    anchor: Vec<u8>,
}

impl AttestedKey {
    /// The key of a number.
    ///
    /// # Panics
    ///
    /// For zero.
    pub fn new(number: u8) -> Self {
        Self(p256::ecdsa::SigningKey::from_slice(&[number; 32]).expect("a number below the order"))
    }

    /// Its public half.
    pub fn jwk(&self) -> Value {
        let point = self.0.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        json!({"kty": "EC", "crv": "P-256", "x": BASE64URL_NOPAD.encode(x), "y": BASE64URL_NOPAD.encode(y)})
    }

    /// The same key, for whoever shows credentials by it.
    ///
    /// # Panics
    ///
    /// Never.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_pkcs8(Algorithm::Es256, &pkcs8(&self.0)).expect("a key")
    }

    /// A proof with these claims, whose header has `more` beside.
    ///
    /// # Panics
    ///
    /// When `more` is no object.
    pub fn prove(&self, more: &Value, claims: &Value) -> String {
        let mut header =
            Map::from_iter([("alg".to_owned(), "ES256".into()), ("typ".to_owned(), "openid4vci-proof+jwt".into())]);
        header.extend(more.as_object().expect("an object").clone());
        signed(&self.0, &header.into(), claims)
    }
}

impl Default for WalletMaker {
    fn default() -> Self {
        Self::new()
    }
}

impl WalletMaker {
    /// One with an authority of its own.
    ///
    /// # Panics
    ///
    /// When no key can be made.
    pub fn new() -> Self {
        let params = |name: &str| {
            let mut params = CertificateParams::new(Vec::<String>::new()).expect("parameters");
            params.distinguished_name.push(DnType::CommonName, name);
            params.not_before = rcgen::date_time_ymd(2024, 1, 1);
            params.not_after = rcgen::date_time_ymd(2036, 1, 1);
            params
        };
        let of_authority = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
        // Another number for each maker: its authority's key is drawn.
        let number = wallet::trust::fingerprint(of_authority.serialized_der());
        let key = p256::ecdsa::SigningKey::from_slice(&number).expect("a number below the order");
        let own = KeyPair::try_from(pkcs8(&key).as_slice()).expect("a key");
        let mut authority = params("Wallets");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let anchor = authority.self_signed(&of_authority).expect("a certificate").der().to_vec();
        let mut signer = params("Maker of wallets");
        signer.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let certified = signer.signed_by(&own, &Issuer::new(authority, of_authority)).expect("a certificate");
        Self { key, chain: vec![certified.der().to_vec()], anchor }
    }

    /// What an operator configures who believes this maker.
    pub fn terms(&self) -> KeyAttestationTerms {
        KeyAttestationTerms { anchors: vec![self.anchor.clone()], required: false }
    }

    /// The claims of an attestation that says of `keys` that they are kept well, at `now` and with an issuer's nonce.
    pub fn claims(keys: &[&AttestedKey], nonce: &str, now: i64) -> Value {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        json!({
            "iss": "https://wallets.pelda.hu", "iat": now, "exp": now + 600, "nonce": nonce, "attested_keys": keys,
            "key_storage": ["iso_18045_high"], "user_authentication": ["iso_18045_high"],
        })
    }

    /// An attestation of these claims.
    pub fn attest(&self, claims: &Value) -> String {
        let x5c: Vec<String> = self.chain.iter().map(|der| BASE64.encode(der)).collect();
        // Makers name their key beside its certificate.
        signed(&self.key, &json!({"alg": "ES256", "typ": "key-attestation+jwt", "kid": "1", "x5c": x5c}), claims)
    }

    /// The list that says which of its attestations it withdrew: the entries of these numbers.
    ///
    /// # Panics
    ///
    /// Never.
    pub fn status_list(&self, uri: &str, withdrawn: &[u64], now: i64) -> String {
        use wallet::status_list::{Bits, Status, StatusList, StatusListToken};
        let mut list = StatusList::new(Bits::One, 64).expect("a short list");
        for index in withdrawn {
            list.set(*index, Status::Revoked).expect("an entry");
        }
        let (uri, expires_at) = (uri.to_owned(), Some(now + 60));
        let token = StatusListToken { uri, issued_at: now, expires_at, ttl: Some(60), list };
        let key = SigningKey::from_pkcs8(Algorithm::Es256, &pkcs8(&self.key));
        token.sign(&key.expect("a key"), &self.chain).expect("a list")
    }
}

fn signed(key: &p256::ecdsa::SigningKey, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature: p256::ecdsa::Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes()))
}

/// The key in DER (RFC 5958 section 2, RFC 5915 section 3).
fn pkcs8(key: &p256::ecdsa::SigningKey) -> Vec<u8> {
    const BEFORE: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420";
    const BETWEEN: &str = "a144034200";
    let part = |digits: &str| HEXLOWER.decode(digits.as_bytes()).expect("digits");
    let point = key.verifying_key().to_sec1_point(false);
    [&part(BEFORE), &key.to_bytes()[..], &part(BETWEEN), point.as_bytes()].concat()
}
