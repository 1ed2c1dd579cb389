//! The targets of `fuzz/`, each run on a small corpus that is changed at random, the same in every run.

mod targets;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

const ROUNDS: usize = 3_000;

const WORDS: [&[u8]; 20] = [
    b"\"_sd\":[]",
    b"{\"...\":\"a\"}",
    b"[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":",
    b"null",
    b"-1",
    b"1e308",
    b"\"\"",
    b",",
    b"~",
    b".",
    b"=",
    b"&",
    b"%ff",
    b"%00",
    b"\n",
    b"\xff",
    b"\x30\x82\xff\xff",
    b"\x30\x80",
    b"\x06\x00",
];

/// `SplitMix64` (Steele, Lea and Flood 2014).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % below
    }
}

/// Changes, removes, doubles or inserts a few octets.
fn changed(octets: &[u8], seeded: &mut Seeded) -> Vec<u8> {
    let mut octets = octets.to_vec();
    for _ in 0..=seeded.below(3) {
        let at = seeded.below(octets.len());
        let length = 1 + seeded.below((octets.len() - at).min(40));
        match seeded.below(4) {
            0 => octets[at] ^= 1 << seeded.below(8),
            1 => drop(octets.drain(at..at + length)),
            2 => {
                let copy = octets[at..at + length].to_vec();
                let to = seeded.below(octets.len());
                octets.splice(to..to, copy);
            }
            _ => drop(octets.splice(at..at, WORDS[seeded.below(WORDS.len())].iter().copied())),
        }
        if octets.is_empty() {
            octets.push(b'{');
        }
    }
    octets
}

fn run(corpus: &[&[u8]], target: fn(&[u8]), seed: u64) {
    let mut seeded = Seeded(seed);
    for round in 0..ROUNDS {
        let octets = corpus[round % corpus.len()];
        target(octets);
        target(&changed(octets, &mut seeded));
    }
    // What is deep, long, or both.
    for hostile in ["[".repeat(10_000), "{\"a\":".repeat(10_000), "~".repeat(1024 * 1024), "a.".repeat(512 * 1024)] {
        target(hostile.as_bytes());
    }
}

const DISCLOSURE: &str = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
const ITEM: &str = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";

#[test]
fn no_presentation_breaks_anything() {
    let text = format!("eyJhbGciOiJFUzI1NiIsInR5cCI6ImRjK3NkLWp3dCJ9.e30.AAAA~{DISCLOSURE}~{ITEM}~a.b.c");
    run(&[text.as_bytes()], targets::presentation, 1);
}

#[test]
fn no_credential_breaks_anything() {
    let text = format!(
        "{{\"_sd\":[\"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0\"],\"a\":[{{\"...\":\
         \"w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs\"}}],\"exp\":1900000000,\"status\":\
         {{\"status_list\":{{\"idx\":0,\"uri\":\"https://a.example\"}}}}}}\n{DISCLOSURE}\n{ITEM}"
    );
    run(&[text.as_bytes()], targets::credential, 2);
}

#[test]
fn no_query_breaks_anything() {
    let text = "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"b\"]},\"claims\":\
        [{\"id\":\"c\",\"path\":[\"d\",null,0],\"values\":[\"e\",1,true]}],\"claim_sets\":[[\"c\"]]}],\"credential_sets\":\
        [{\"options\":[[\"a\"]],\"required\":false}]}";
    run(&[text.as_bytes()], targets::query, 3);
}

#[test]
fn no_answer_breaks_anything() {
    let header = BASE64URL_NOPAD.encode(
        br#"{"alg":"ECDH-ES","enc":"A128GCM","kid":"k","apu":"YQ","epk":{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}}"#,
    );
    let encrypted = format!("response={header}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
    run(
        &[
            encrypted.as_bytes(),
            b"vp_token=%7B%22a%22%3A%5B%22b%7Ec%22%5D%7D&state=d",
            b"error=access_denied&error_description=a&state=b",
            br#"{"response":"a.b.c.d.e"}"#,
            b"openid4vp://?client_id=x509_san_dns%3Aa&request_uri=https%3A%2F%2Fb&request_uri_method=post",
            b"x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk",
        ],
        targets::answer,
        4,
    );
}

#[test]
fn no_request_breaks_anything() {
    let text = "{\"client_id\":\"x509_san_dns:a\",\"aud\":\"https://self-issued.me/v2\",\"response_type\":\"vp_token\",\
        \"response_mode\":\"direct_post.jwt\",\"response_uri\":\"https://a\",\"nonce\":\"n\",\"state\":\"s\",\"dcql_query\":\
        {\"credentials\":[{\"id\":\"a\",\"format\":\"mso_mdoc\",\"meta\":{\"doctype_value\":\"b\"}}]},\"client_metadata\":\
        {\"jwks\":{\"keys\":[]},\"vp_formats_supported\":{\"mso_mdoc\":{\"issuerauth_alg_values\":[-7]}}},\"verifier_info\":\
        [{\"format\":\"jwt\",\"data\":{}}]}";
    run(&[text.as_bytes()], targets::request, 5);
}

#[test]
fn no_list_breaks_anything() {
    let published = BASE64URL_NOPAD.decode(b"eNo76fITAAPfAgc").unwrap();
    run(&[&published], targets::status_list, 6);
}

#[test]
fn no_request_for_a_credential_breaks_anything() {
    let key = r#"{"kty":"EC","crv":"P-256","alg":"ECDH-ES","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}"#;
    let request = format!(
        "{{\"credential_configuration_id\":\"pid\",\"proofs\":{{\"jwt\":[\"a.b.c\",\"d\"]}},\
         \"credential_response_encryption\":{{\"jwk\":{key},\"enc\":\"A256GCM\"}}}}"
    );
    let metadata = format!(
        "{{\"credential_issuer\":\"a\",\"credential_endpoint\":\"b\",\"credential_request_encryption\":{{\"jwks\":\
         {{\"keys\":[{key}]}},\"enc_values_supported\":[\"A128GCM\"],\"encryption_required\":false}},\
         \"credential_configurations_supported\":{{\"pid\":{{\"format\":\"mso_mdoc\",\"proof_types_supported\":\
         {{\"attestation\":{{\"proof_signing_alg_values_supported\":[\"ES256\"],\"key_attestations_required\":{{}}}}}}}}}}}}"
    );
    let header = BASE64URL_NOPAD.encode(
        br#"{"alg":"ECDH-ES","enc":"A128GCM","kid":"k","epk":{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}}"#,
    );
    let encrypted = format!("{header}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
    let details =
        br#"[{"type":"openid_credential","credential_configuration_id":"pid","claims":[{"path":["a",null]}]}]"#;
    run(&[request.as_bytes(), metadata.as_bytes(), encrypted.as_bytes(), details], targets::issuing, 8);
}

#[test]
fn no_attestation_breaks_anything() {
    let text = r#"{"iat":1767225600,"exp":1767225700,"nonce":"n","aud":"a","attested_keys":[{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}],"key_storage":["iso_18045_high"],"user_authentication":["iso_18045_high"],"status":{"status_list":{"idx":0,"uri":"https://a.example"}}}"#;
    run(&[text.as_bytes()], targets::key_attestation, 9);
}

#[test]
fn no_attestation_of_a_wallet_breaks_anything() {
    let text = "{\"sub\":\"https://a.example\",\"iss\":\"b\",\"iat\":1767225600,\"nbf\":1767225600,\"exp\":1767225700.5}\n\
        {\"iss\":\"https://a.example\",\"aud\":[\"a\",\"b\"],\"jti\":\"j\",\"iat\":1767225600,\"exp\":1767225700}";
    let bound = r#"{"sub":"c","exp":1767225700,"cnf":{"jwk":{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}}}"#;
    run(&[text.as_bytes(), bound.as_bytes()], targets::client_attestation, 10);
}

#[test]
fn no_certificate_breaks_anything() {
    let certificate = certificate();
    run(&[&certificate], targets::certificates, 7);
}

/// An authority's, with an extension of each kind that is read.
fn certificate() -> Vec<u8> {
    let mut params = rcgen::CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Constrained(1));
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let der = params.self_signed(&key).unwrap().der().to_vec();
    assert!(HEXLOWER.encode(&der).contains("551d11"));
    der
}
