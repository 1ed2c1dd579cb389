//! Wallets that ask by themselves, and their providers. Attestations and proofs are made by `p256` and `serde_json`
//! alone, so that nothing of what reads them writes them.

use std::sync::atomic::{AtomicU32, Ordering};

use broker::TrustedWallet;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::Method;
use jose::SigningKey;
use p256::ecdsa::signature::Signer as _;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData,
    SignatureAlgorithm,
};
use serde_json::{Value, json};
use testkit::{DAP, Installation};
use wallet::dpop::{DpopExpected, sign_dpop};
use wallet::openid4vci::{SecretText, TokenGrant, TokenRequest};

use crate::phone::{Answer, call, holder, now};

/// RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A key of somebody else's making.
pub(crate) struct Pen(p256::ecdsa::SigningKey);

impl Pen {
    pub(crate) fn new(seed: u8) -> Self {
        Self(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    fn point(&self) -> Vec<u8> {
        self.0.verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }

    pub(crate) fn jwk(&self) -> Value {
        let point = self.point();
        let (x, y) = (BASE64URL_NOPAD.encode(&point[1..33]), BASE64URL_NOPAD.encode(&point[33..]));
        json!({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let [header, claims] = [header, claims].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
        let signed = format!("{header}.{claims}");
        let signature: p256::ecdsa::Signature = self.0.sign(signed.as_bytes());
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes()))
    }
}

/// The proof that an instance holds its key.
pub(crate) fn proof(instance: &Pen, claims: &Value) -> String {
    instance.sign(&json!({"typ": "oauth-client-attestation-pop+jwt", "alg": "ES256"}), claims)
}

/// The public key of a [`Pen`], to be certified.
struct Certified(Vec<u8>);

impl PublicKeyData for Certified {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

/// A wallet, as one of its instances has it.
pub(crate) struct Wallet {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) provider: Pen,
    pub(crate) instance: Pen,
    pub(crate) dpop_key: SigningKey,
    chain: Vec<Vec<u8>>,
    anchor: Vec<u8>,
    drawn: AtomicU32,
}

/// What is sent along with a request, to be changed by a test.
pub(crate) struct Sent {
    pub(crate) attestation: Option<String>,
    pub(crate) proof: Option<String>,
    pub(crate) dpop: Option<String>,
}

impl Wallet {
    /// The `seed`th wallet.
    pub(crate) fn new(seed: u8) -> Self {
        let (provider, instance) = (Pen::new(seed), Pen::new(100 + seed));
        let params = |name: &str| {
            let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            params.not_before = rcgen::date_time_ymd(2024, 1, 1);
            params.not_after = rcgen::date_time_ymd(2036, 1, 1);
            params
        };
        let mut authority = params("Wallet providers");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let of_authority = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let anchor = authority.self_signed(&of_authority).unwrap().der().to_vec();
        let mut own = params("Wallet provider");
        own.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let signed = own.signed_by(&Certified(provider.point()), &Issuer::new(authority, of_authority)).unwrap();
        Self {
            client_id: format!("https://wallet-{seed}.example"),
            redirect_uri: format!("wallet-{seed}://issued?from=dap"),
            provider,
            instance,
            dpop_key: holder(),
            chain: vec![signed.der().to_vec()],
            anchor,
            drawn: AtomicU32::new(0),
        }
    }

    /// As an operator configures it.
    pub(crate) fn trusted(&self) -> TrustedWallet {
        let name = ["Minta tárca".to_owned(), "Sample wallet".to_owned()];
        let redirect_uris = vec!["https://wallet.example/cb".to_owned(), self.redirect_uri.clone()];
        TrustedWallet::new(self.client_id.clone(), name, redirect_uris, std::slice::from_ref(&self.anchor)).unwrap()
    }

    fn draw(&self) -> String {
        format!("jti-{}", self.drawn.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn attestation_claims(&self, gate: &Installation) -> Value {
        json!({
            "iss": "https://provider.example", "sub": self.client_id, "exp": now(gate) + 3600,
            "cnf": {"jwk": self.instance.jwk()},
        })
    }

    pub(crate) fn attestation(&self, claims: &Value) -> String {
        let x5c: Vec<String> = self.chain.iter().map(|der| BASE64.encode(der)).collect();
        self.provider.sign(&json!({"typ": "oauth-client-attestation+jwt", "alg": "ES256", "x5c": x5c}), claims)
    }

    pub(crate) fn proof_claims(&self, gate: &Installation) -> Value {
        json!({"iss": self.client_id, "aud": DAP, "jti": self.draw(), "iat": now(gate)})
    }

    pub(crate) fn dpop(&self, gate: &Installation, key: &SigningKey, path: &str, token: Option<&str>) -> String {
        let uri = format!("{DAP}{path}");
        let request = DpopExpected { method: "POST", uri: &uri, access_token: token, now: now(gate) };
        sign_dpop(key, &request, &self.draw()).unwrap()
    }

    /// What a good wallet sends along.
    pub(crate) fn sent(&self, gate: &Installation, path: &str) -> Sent {
        Sent {
            attestation: Some(self.attestation(&self.attestation_claims(gate))),
            proof: Some(proof(&self.instance, &self.proof_claims(gate))),
            dpop: (path == "/token").then(|| self.dpop(gate, &self.dpop_key, path, None)),
        }
    }

    /// The parameters of a good request.
    pub(crate) fn request(&self, scope: &str) -> Vec<(&'static str, String)> {
        vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.client_id.clone()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("state", "st&ate".to_owned()),
            ("code_challenge", CHALLENGE.to_owned()),
            ("code_challenge_method", "S256".to_owned()),
            ("scope", scope.to_owned()),
        ]
    }

    /// The name of a good request that was pushed.
    pub(crate) async fn pushed(&self, gate: &Installation, scope: &str) -> String {
        let answer = post(gate, "/par", &self.sent(gate, "/par"), &form(&self.request(scope))).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (201, Some("no-store")), "{answer:?}");
        assert_eq!(answer.json()["expires_in"], 60);
        answer.json()["request_uri"].as_str().unwrap().to_owned()
    }

    pub(crate) fn token_request(&self, code: &str) -> TokenRequest {
        let grant = TokenGrant::AuthorizationCode {
            code: SecretText::new(code.to_owned()),
            redirect_uri: self.redirect_uri.clone(),
            code_verifier: SecretText::new(VERIFIER.to_owned()),
        };
        TokenRequest { grant, client_id: Some(self.client_id.clone()) }
    }

    pub(crate) async fn redeem(&self, gate: &Installation, code: &str) -> Answer {
        post(gate, "/token", &self.sent(gate, "/token"), &self.token_request(code).write()).await
    }

    /// Asks for credentials with a bound token.
    pub(crate) async fn ask(&self, gate: &Installation, token: &str, (of_type, body): (&str, &str)) -> Answer {
        let authorization = format!("DPoP {token}");
        let dpop = self.dpop(gate, &self.dpop_key, "/credential", Some(token));
        let headers = [("content-type", of_type), ("authorization", authorization.as_str()), ("dpop", dpop.as_str())];
        call(gate, (Method::POST, "/credential"), &headers, body).await
    }
}

/// Where the person's browser goes.
pub(crate) fn authorize(client_id: &str, request_uri: &str) -> String {
    format!("{DAP}/authorize?{}", form(&[("client_id", client_id.to_owned()), ("request_uri", request_uri.to_owned())]))
}

pub(crate) fn form(parameters: &[(&str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

pub(crate) async fn post(gate: &Installation, path: &str, sent: &Sent, body: &str) -> Answer {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend(sent.attestation.as_deref().map(|value| ("OAuth-Client-Attestation", value)));
    headers.extend(sent.proof.as_deref().map(|value| ("OAuth-Client-Attestation-PoP", value)));
    headers.extend(sent.dpop.as_deref().map(|value| ("DPoP", value)));
    call(gate, (Method::POST, path), &headers, body).await
}
