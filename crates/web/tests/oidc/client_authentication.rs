//! How a client proves itself, and what becomes of those that cannot.

use std::net::Ipv4Addr;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use http::StatusCode;
use jose::{Algorithm, SigningKey};
use model::{ServiceId, limits};
use serde_json::{Value, json};
use store::Op;
use store::record::{ClientRecord, ClientState};
use testkit::{Installation, KAU};

use crate::relying_party::{Call, Person, Proof, RelyingParty, browser, exchange, refused_here};

fn invalid_client() -> (u16, String) {
    (401, "invalid_client".to_owned())
}

#[tokio::test]
async fn o18_wrong_secrets_are_refused_and_limited_by_network_without_locking_the_client() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let request = rp.request();
    let with = |secret: &str| exchange("unknown", &request).header("authorization", &rp.basic(secret));
    let Proof::Basic(right) = &rp.proof else { panic!("a secret was registered") };
    let longer = format!("{right}0");
    for wrong in ["", "x", &right[1..], &longer, &right.to_uppercase()] {
        let answer = with(wrong).send(&gate).await;
        assert_eq!(answer.refusal(), invalid_client(), "{wrong}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Basic"), "RFC 6749 section 5.2");
    }
    let mut statuses = Vec::new();
    for n in 5..150 {
        statuses.push(with(&format!("guess {n}")).send(&gate).await.status);
    }
    let refused = statuses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert_eq!(refused + 5, limits::CLIENT_SECRET_TRIES as usize);
    assert!(statuses[refused..].iter().all(|status| *status == StatusCode::TOO_MANY_REQUESTS));
    let limited = with(right).send(&gate).await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(limited.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);

    let elsewhere = with(right).from(Ipv4Addr::new(198, 51, 100, 7).into()).send(&gate).await;
    assert_eq!(elsewhere.refusal(), (400, "invalid_grant".to_owned()), "the client is not locked");
    gate.clock.pass(limits::CLIENT_SECRET_WINDOW + Duration::from_secs(1));
    assert_eq!(with(right).send(&gate).await.refusal(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn o18_an_unknown_client_is_answered_as_a_wrong_secret() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let call = |header: &str| exchange("unknown", &rp.request()).header("authorization", header);
    let wrong = call(&rp.basic("wrong")).send(&gate).await;
    let unknown = RelyingParty { id: "ismeretlen".to_owned(), ..rp };
    let rp = &unknown;
    let nobody = exchange("unknown", &rp.request()).header("authorization", &rp.basic("wrong")).send(&gate).await;
    assert_eq!(nobody.refusal(), invalid_client());
    assert_eq!(nobody.text(), wrong.text());
    for header in ["Basic", "Basic !", "Bearer abc", "Basic YWJj", "Basic OmFiYw=="] {
        let answer = exchange("unknown", &rp.request()).header("authorization", header).send(&gate).await;
        assert_eq!(answer.refusal(), invalid_client(), "{header}");
    }
}

/// A token with these header and claims, signed by nobody or with the public key as a shared secret.
fn forged(header: &Value, claims: &Value, secret: Option<&[u8]>) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = secret.map(|secret| {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
        BASE64URL_NOPAD.encode(aws_lc_rs::hmac::sign(&key, signed.as_bytes()).as_ref())
    });
    format!("{signed}.{}", signature.unwrap_or_default())
}

#[tokio::test]
async fn o19_a_client_assertion_is_the_clients_fresh_and_for_us_alone() {
    let gate = Installation::start().await;
    let members = json!({"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256"});
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", members).await;
    let mut browser = browser(&gate, &[&rp]);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
    let Proof::Key(key) = &rp.proof else { panic!("a key was registered") };
    let public = serde_json::to_string(&key.public_jwk()).unwrap();

    let request = rp.request();
    browser.visit(&request.url()).await;
    let code = rp.code(&browser, &request);
    let good = rp.assertion(&gate);
    let now = good["iat"].as_i64().unwrap();
    let with = |name: &str, value: Value| {
        let mut claims = rp.assertion(&gate);
        claims[name] = value;
        rp.sign(&claims)
    };
    let without = |name: &str| {
        let mut claims = rp.assertion(&gate);
        claims.as_object_mut().unwrap().remove(name);
        rp.sign(&claims)
    };
    let stranger = SigningKey::generate(Algorithm::Es256).unwrap();
    let rsa = SigningKey::generate(Algorithm::Rs256).unwrap();
    let header = |alg: &str| json!({"alg": alg, "typ": "JWT", "kid": key.kid()});
    let table = [
        ("alg none", forged(&header("none"), &good, None)),
        ("the public key as HS256 secret", forged(&header("HS256"), &good, Some(public.as_bytes()))),
        ("a stranger's key", stranger.sign("JWT", &good).unwrap()),
        ("another algorithm", rsa.sign("JWT", &good).unwrap()),
        ("another type", key.sign("logout+jwt", &good).unwrap()),
        ("two audiences", with("aud", json!([KAU, format!("{KAU}/oidc/token")]))),
        ("another audience", with("aud", json!("https://masik.pelda.hu"))),
        ("iss is not sub", with("iss", json!("masik"))),
        ("no sub", without("sub")),
        ("no jti", without("jti")),
        ("no exp", without("exp")),
        ("expired five minutes ago", with("exp", json!(now - 300))),
        ("expires in a day", with("exp", json!(now + 86_400))),
        ("made 61 s from now", with("iat", json!(now + 61))),
        ("good in 61 s", with("nbf", json!(now + 61))),
        ("not a token", "x.y.z".to_owned()),
    ];
    for (what, assertion) in table {
        let answer = rp.assert(exchange(&code, &request), &assertion).send(&gate).await;
        assert_eq!(answer.refusal(), invalid_client(), "{what}");
    }
    let other = Call::post("/oidc/token")
        .field("grant_type", "authorization_code")
        .field("code", &code)
        .field("redirect_uri", &rp.redirect_uri)
        .field("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .field("client_assertion", &with("sub", json!("masik")));
    assert_eq!(other.clone().send(&gate).await.refusal(), invalid_client(), "sub is not the client");
    let both = other.field("client_id", &rp.id).send(&gate).await;
    assert_eq!(both.refusal(), (400, "invalid_request".to_owned()), "two clients at once");
    rp.redeem(&gate, &code, &request).await;
}

#[tokio::test]
async fn o19_a_client_assertion_is_good_once() {
    let gate = Installation::start().await;
    let rp =
        RelyingParty::register(&gate, "rp.pelda.hu", json!({"token_endpoint_auth_method": "private_key_jwt"})).await;
    let mut browser = browser(&gate, &[&rp]);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
    let request = rp.request();
    browser.visit(&request.url()).await;
    let code = rp.code(&browser, &request);
    for audience in [json!([KAU]), json!(format!("{KAU}/oidc/token"))] {
        let mut claims = rp.assertion(&gate);
        claims["aud"] = audience;
        let call = rp.assert(exchange("unknown", &request), &rp.sign(&claims));
        assert_eq!(call.send(&gate).await.refusal(), (400, "invalid_grant".to_owned()), "both names are ours");
    }

    let once = rp.sign(&rp.assertion(&gate));
    let first = rp.assert(exchange(&code, &request), &once).send(&gate).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let again = rp.request();
    browser.visit(&again.url()).await;
    let code = rp.code(&browser, &again);
    let replayed = rp.assert(exchange(&code, &again), &once).send(&gate).await;
    assert_eq!(replayed.refusal(), invalid_client(), "the same jti");
    rp.redeem(&gate, &code, &again).await;
}

#[tokio::test]
async fn keys_that_would_have_to_be_fetched_are_refused_at_registration() {
    let gate = Installation::start().await;
    let metadata = json!({
        "client_name": "x",
        "redirect_uris": ["https://rp.pelda.hu/cb"],
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": "https://rp.pelda.hu/jwks",
    });
    let refused = gate
        .broker
        .register_client(metadata.to_string().as_bytes(), None, broker::Replacing::Allowed)
        .await
        .unwrap_err();
    assert!(refused.to_string().starts_with("`jwks_uri`"), "{refused}");
}

#[tokio::test]
async fn o20_two_proofs_at_once_are_refused_even_if_both_are_right() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({})).await;
    let Proof::Basic(secret) = &rp.proof else { panic!("a secret was registered") };
    let basic = || exchange("unknown", &rp.request()).header("authorization", &rp.basic(secret));
    for call in [
        basic().field("client_id", &rp.id).field("client_secret", secret),
        rp.assert(basic(), "x.y.z"),
        rp.assert(exchange("unknown", &rp.request()), "x.y.z").field("client_secret", secret),
        basic().field("client_id", "masik"),
    ] {
        assert_eq!(call.send(&gate).await.refusal(), (400, "invalid_request".to_owned()));
    }
}

#[tokio::test]
async fn a_client_proves_itself_in_no_other_way_than_it_registered() {
    let gate = Installation::start().await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    for (host, method) in [
        ("basic.pelda.hu", "client_secret_basic"),
        ("post.pelda.hu", "client_secret_post"),
        ("kulcs.pelda.hu", "private_key_jwt"),
        ("nyilvanos.pelda.hu", "none"),
    ] {
        let rp = RelyingParty::register(&gate, host, json!({"token_endpoint_auth_method": method})).await;
        let mut browser = browser(&gate, &[&rp]);
        let request = rp.request();
        browser.visit(&request.url()).await;
        anna.sign_in(&gate, &mut browser).await;
        let code = rp.code(&browser, &request);
        let secret = match &rp.proof {
            Proof::Basic(secret) | Proof::Post(secret) => secret,
            Proof::Key(_) | Proof::Nothing => "a secret that was never registered",
        };
        let call = || exchange(&code, &request);
        for (other, proved) in [
            ("client_secret_basic", call().header("authorization", &rp.basic(secret))),
            ("client_secret_post", call().field("client_id", &rp.id).field("client_secret", secret)),
            ("none", call().field("client_id", &rp.id)),
        ] {
            if other != method {
                assert_eq!(proved.send(&gate).await.refusal(), invalid_client(), "{other} for {method}");
            }
        }
        rp.redeem(&gate, &code, &request).await;
    }
}

#[tokio::test]
async fn a_public_client_must_send_a_challenge() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({"token_endpoint_auth_method": "none"})).await;
    let mut browser = browser(&gate, &[&rp]);
    let bare = rp.request().without_pkce();
    browser.visit(&bare.url()).await;
    assert_eq!(rp.error(&browser, &bare), "invalid_request");
}

#[tokio::test]
async fn a_disabled_client_is_refused_everywhere() {
    let gate = Installation::start().await;
    let rp = RelyingParty::register(&gate, "rp.pelda.hu", json!({"token_endpoint_auth_method": "none"})).await;
    let mut browser = browser(&gate, &[&rp]);
    let anna = Person::enrolled(&gate, "minta.anna").await;
    let tokens = rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await;
    let request = rp.request();
    browser.visit(&request.url()).await;
    let code = rp.code(&browser, &request);
    let waiting = rp.request().set("prompt", "login");
    browser.visit(&waiting.url()).await;

    let record = gate.store.client(&ServiceId::new(rp.id.clone())).await.unwrap().unwrap();
    gate.write(Op::ReplaceClient(ClientRecord { state: ClientState::Disabled, ..record })).await;

    assert_eq!(rp.redemption(&gate, &code, &request).await.refusal(), invalid_client());
    let userinfo = Call::get("/oidc/userinfo").bearer(&tokens.access_token).header("origin", &rp.origin);
    let userinfo = userinfo.send(&gate).await;
    assert_eq!(userinfo.status, StatusCode::UNAUTHORIZED);
    assert_eq!(userinfo.header("access-control-allow-origin"), None);
    browser.reload().await;
    assert_eq!(browser.page().status, StatusCode::NOT_FOUND, "the sign-in under way ends");
    browser.visit(&rp.request().url()).await;
    refused_here(&browser, "a disabled client");
}
