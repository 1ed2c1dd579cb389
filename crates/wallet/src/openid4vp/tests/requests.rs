//! Requests that a wallet answers, and those that it does not.

use jose::{Algorithm, JwsError};

use super::*;
use crate::dcql::DcqlError;
use crate::trust::ChainFault;

fn read(world: &World, token: &str, wallet_nonce: Option<&str>) -> Result<RequestObject, RequestFault> {
    let client_id = world.client_id().to_string();
    let expected = RequestExpected { client_id: Some(&client_id), wallet_nonce, now: NOW };
    RequestObject::verify(token, &expected, judge_requests(&world.verifiers.trusted())).map(|(request, _)| request)
}

#[test]
fn a_request_is_read_as_it_was_written() {
    let world = World::new();
    for way in [Way::Clear, Way::Encrypted, Way::Browser] {
        let request = RequestObject {
            verifier_info: vec![VerifierInfo {
                format: "jwt".to_owned(),
                data: "eyJ…".into(),
                credential_ids: vec!["pid".to_owned()],
            }],
            metadata: VerifierMetadata { formats: vec![Format::SdJwt, Format::Mdoc], ..world.request(way).metadata },
            ..world.request(way)
        };
        assert_eq!(world.fetched(&request), request);
    }
}

#[test]
fn a_request_says_what_the_standard_says() {
    let world = World::new();
    let token = world.request(Way::Encrypted).sign(&world.verifier.key, &world.verifier.chain).unwrap();
    let part = |at: usize| {
        let part = token.split('.').nth(at).unwrap();
        serde_json::from_slice::<Value>(&data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
    };
    let (header, payload) = (part(0), part(1));
    assert_eq!((&header["typ"], &header["alg"]), (&json!("oauth-authz-req+jwt"), &json!("ES256")));
    assert_eq!(header["x5c"].as_array().unwrap().len(), 1);
    let leaf = data_encoding::BASE64.decode(header["x5c"][0].as_str().unwrap().as_bytes()).unwrap();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &leaf);
    let hash = data_encoding::BASE64URL_NOPAD.encode(hash.as_ref());
    let key = serde_json::to_value(world.key.public_key()).unwrap();
    assert_eq!(
        payload,
        json!({
            "client_id": format!("x509_hash:{hash}"), "aud": "https://self-issued.me/v2",
            "iat": NOW, "exp": NOW + 120,
            "response_type": "vp_token", "response_mode": "direct_post.jwt",
            "response_uri": "https://kapu.example/dap/answer/1", "nonce": NONCE, "state": "a-state",
            "dcql_query": {"credentials": [{
                "id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:eudi:pid:1"]},
                "claims": [{"path": ["family_name"]}, {"path": ["given_name"]}, {"path": ["personal_administrative_number"]}],
            }]},
            "client_metadata": {
                "jwks": {"keys": [key]},
                "encrypted_response_enc_values_supported": ["A128GCM", "A256GCM"],
                "vp_formats_supported": {"dc+sd-jwt": {"sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"]}},
            },
        })
    );
    assert_eq!((&key["use"], &key["alg"], &key["kid"]), (&json!("enc"), &json!("ECDH-ES"), &json!("transaction")));
}

#[test]
fn v13_oid4vp_1final_verifier_request_uri_fetched_twice() {
    let world = World::new();
    let request = world.request(Way::Encrypted);
    let fetched = [(); 2].map(|()| request.sign(&world.verifier.key, &world.verifier.chain).unwrap());
    let [first, second] = fetched.map(|token| read(&world, &token, None).unwrap());
    assert_eq!((first.nonce.as_str(), &first), (NONCE, &second));
}

#[test]
fn a_presentation_is_meant_for_who_asked() {
    let world = World::new();
    let us = world.client_id().to_string();
    let (post, browser) = (world.request(Way::Encrypted), world.request(Way::Browser));
    assert_eq!(post.audience(None), Some(us));
    assert_eq!(post.audience(Some("https://kapu.example")), None);
    assert_eq!(browser.audience(Some("https://kapu.example")).as_deref(), Some("origin:https://kapu.example"));
    assert_eq!(browser.audience(Some("https://evil.example")), None);
    assert_eq!(browser.audience(None), None);
}

#[test]
fn v14_oid4vp_1final_verifier_request_uri_method_post() {
    let world = World::new();
    let request = |wallet_nonce: Option<&str>| {
        let request = RequestObject { wallet_nonce: wallet_nonce.map(str::to_owned), ..world.request(Way::Encrypted) };
        request.sign(&world.verifier.key, &world.verifier.chain).unwrap()
    };
    let echoed = read(&world, &request(Some("of-the-wallet")), Some("of-the-wallet")).unwrap();
    assert_eq!(echoed.wallet_nonce.as_deref(), Some("of-the-wallet"));
    for other in [None, Some("another")] {
        let fault = read(&world, &request(other), Some("of-the-wallet"));
        assert_eq!(fault, Err(RequestFault::Member("wallet_nonce")));
    }
}

#[test]
fn a_verifier_is_who_its_certificate_says() {
    let world = World::new();
    let sign = |client_id: ClientId| {
        RequestObject { client_id, ..world.request(Way::Encrypted) }
            .sign(&world.verifier.key, &world.verifier.chain)
            .unwrap()
    };
    let read_as = |client_id: &ClientId| {
        let led_to = client_id.to_string();
        let expected = RequestExpected { client_id: Some(&led_to), wallet_nonce: None, now: NOW };
        let trusted = world.verifiers.trusted();
        RequestObject::verify(&sign(client_id.clone()), &expected, judge_requests(&trusted)).map(|(request, signer)| {
            assert_eq!(signer.common_name.as_deref(), Some("Kapu"));
            request.client_id
        })
    };
    let name = ClientId::X509SanDns("kapu.example".to_owned());
    for own in [world.client_id(), name] {
        assert_eq!(read_as(&own), Ok(own.clone()));
    }
    let others = [ClientId::X509Hash([7; 32]), ClientId::X509SanDns("other.example".to_owned())];
    for other in others {
        assert_eq!(read_as(&other), Err(RequestFault::Client), "{other}");
    }
    // Led to by the link of another verifier.
    assert_eq!(read(&world, &sign(ClientId::X509SanDns("kapu.example".to_owned())), None), Err(RequestFault::Client));
    // A verifier that is known by its host has answers sent there only.
    let elsewhere = RequestObject {
        client_id: ClientId::X509SanDns("kapu.example".to_owned()),
        response: ResponseMode::DirectPostJwt("https://other.example/answer".to_owned()),
        ..world.request(Way::Encrypted)
    };
    let token = elsewhere.sign(&world.verifier.key, &world.verifier.chain).unwrap();
    let expected = RequestExpected { client_id: None, wallet_nonce: None, now: NOW };
    let fault = RequestObject::verify(&token, &expected, judge_requests(&world.verifiers.trusted())).err();
    assert_eq!(fault, Some(RequestFault::Client));
    // An issuer's certificate is none for requests.
    let token = world.request(Way::Clear).sign(&world.issuer.key, &world.issuer.chain).unwrap();
    let fault = RequestObject::verify(&token, &expected, judge_requests(&world.issuers.trusted())).err();
    assert_eq!(fault, Some(RequestFault::Chain(ChainFault::Usage)));
    let stranger = World::new();
    let token = stranger.request(Way::Clear).sign(&stranger.verifier.key, &stranger.verifier.chain).unwrap();
    assert_eq!(read(&world, &token, None), Err(RequestFault::Chain(ChainFault::Unknown)));
}

#[test]
fn a_client_id_has_one_form() {
    let hash = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
    for good in [hash, "x509_san_dns:client.example.org"] {
        assert_eq!(ClientId::parse(good).unwrap().to_string(), good);
    }
    for bad in [
        "",
        "x509_hash",
        "x509_hash:",
        "x509_hash:AAAA",
        &format!("{hash}A"),
        &format!("{hash}="),
        "x509_san_dns:",
        "x509_san_dns:A.example",
        "x509_san_dns:a/b",
        "redirect_uri:https://a.example",
        "https://a.example",
        "a",
        "X509_HASH:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk",
    ] {
        assert_eq!(ClientId::parse(bad), None, "{bad}");
    }
}

/// A request whose members are changed, or left out where they are null.
fn changed(world: &World, change: &Value) -> Option<RequestFault> {
    let token = world.request(Way::Encrypted).sign(&world.verifier.key, &world.verifier.chain).unwrap();
    let payload = data_encoding::BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
    let mut payload: Value = serde_json::from_slice(&payload).unwrap();
    let members = payload.as_object_mut().unwrap();
    members.extend(change.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
    let token = world.verifier.key.sign_with_chain("oauth-authz-req+jwt", &world.verifier.chain, &payload).unwrap();
    read(world, &token, None).err()
}

#[test]
fn a_request_that_asks_otherwise_is_refused() {
    use RequestFault::{Audience, Client, Expired, Member, TransactionData};
    let world = World::new();
    let foreign = json!({"kty": "OKP", "crv": "X25519", "x": "AA", "alg": "ECDH-ES", "kid": "b"});
    let damaged = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "alg": "ECDH-ES", "kid": "c"});
    let metadata = |key: Value| json!({"client_metadata": {"jwks": {"keys": [key]}, "vp_formats_supported": {}}});
    #[rustfmt::skip]
    let rows = [
        (json!({}),                                             None),
        (json!({"unknown": 1, "iss": "anybody"}),               None),
        (metadata(foreign),                                     None),
        (json!({"exp": null, "iat": null}),                     None),
        (json!({"exp": NOW}),                                   Some(Expired)),
        (json!({"exp": "soon"}),                                Some(Member("exp"))),
        (json!({"aud": "https://wallet.example"}),              Some(Audience)),
        (json!({"aud": null}),                                  Some(Audience)),
        (json!({"aud": ["https://self-issued.me/v2"]}),         Some(Audience)),
        (json!({"transaction_data": ["e30"]}),                  Some(TransactionData)),
        (json!({"transaction_data": []}),                       Some(TransactionData)),
        (json!({"client_id": null}),                            Some(Member("client_id"))),
        (json!({"client_id": "x509_hash:other"}),               Some(Client)),
        (json!({"response_type": "code"}),                      Some(Member("response_type"))),
        (json!({"response_type": "vp_token id_token"}),         Some(Member("response_type"))),
        (json!({"response_mode": "fragment"}),                  Some(Member("response_mode"))),
        (json!({"response_mode": "dc_api.jwt"}),                Some(Member("expected_origins"))),
        (json!({"response_uri": null}),                         Some(Member("response_uri"))),
        (json!({"response_uri": "javascript:alert(1)"}),        Some(Member("response_uri"))),
        (json!({"response_uri": "https://a.example/#a"}),       Some(Member("response_uri"))),
        (json!({"redirect_uri": "https://a.example/"}),         Some(Member("response_uri"))),
        (json!({"nonce": null}),                                Some(Member("nonce"))),
        (json!({"nonce": ""}),                                  Some(Member("nonce"))),
        (json!({"nonce": "a b"}),                               Some(Member("nonce"))),
        (json!({"nonce": "a".repeat(NONCE_BYTES_MAX + 1)}),     Some(Member("nonce"))),
        (json!({"state": "<"}),                                 Some(Member("nonce"))),
        (json!({"client_metadata": null}),                      Some(Member("client_metadata"))),
        (json!({"client_metadata": {}}),                        Some(Member("client_metadata"))),
        (metadata(damaged),                                     Some(Member("client_metadata"))),
        (json!({"verifier_info": []}),                          Some(Member("verifier_info"))),
        (json!({"verifier_info": [{"format": "jwt"}]}),         Some(Member("verifier_info"))),
        (json!({"dcql_query": null}),                           Some(Member("dcql_query"))),
        (json!({"dcql_query": {}}),                             Some(RequestFault::Query(DcqlError::Member("credentials")))),
    ];
    for (change, fault) in rows {
        assert_eq!(changed(&world, &change), fault, "{change}");
    }
}

#[test]
fn a_request_of_another_type_or_size_is_refused() {
    let world = World::new();
    let sign = |typ: &str| world.verifier.key.sign_with_chain(typ, &world.verifier.chain, &json!({})).unwrap();
    assert_eq!(read(&world, &sign("JWT"), None), Err(RequestFault::Token(JwsError::Type)));
    let bare = world.verifier.key.sign("oauth-authz-req+jwt", &json!({})).unwrap();
    assert_eq!(read(&world, &bare, None), Err(RequestFault::Token(JwsError::Header)));
    let other = SigningKey::generate(Algorithm::Es256).unwrap();
    let other = world.request(Way::Clear).sign(&other, &world.verifier.chain).unwrap();
    assert_eq!(read(&world, &other, None), Err(RequestFault::Token(JwsError::Signature)));
    let long = "a".repeat(1024 * 1024);
    assert_eq!(read(&world, &long, None), Err(RequestFault::Token(JwsError::TooLong)));
}

#[test]
fn a_request_that_nobody_could_answer_is_not_made() {
    let world = World::new();
    let sign = |request: RequestObject| request.sign(&world.verifier.key, &world.verifier.chain).err();
    let request = world.request(Way::Encrypted);
    let nonce = RequestObject { nonce: "a b".to_owned(), ..request.clone() };
    assert_eq!(sign(nonce), Some(RequestError::Nonce));
    let no_key = RequestObject { metadata: VerifierMetadata::default(), ..request.clone() };
    assert_eq!(sign(no_key.clone()), Some(RequestError::Key));
    let answer = Answer { vp_token: VpToken::new(vec![]) };
    assert_eq!(answer.post(&no_key), Err(AnswerError::NoKey));
    let nameless = VerifierMetadata {
        encryption_keys: vec![DecryptionKey::generate(None).unwrap().public_key().clone()],
        ..request.metadata.clone()
    };
    assert_eq!(sign(RequestObject { metadata: nameless, ..request }), Some(RequestError::Key));
}
