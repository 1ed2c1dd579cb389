//! A wallet asks by the names of configurations, in place of scopes or beside them (`OpenID4VCI` 1.0 section 5.1.1, RFC
//! 9396), and fetches by the identifiers that come with the token.

use http::StatusCode;
use serde_json::{Value, json};
use wallet::openid4vci::{CredentialResponse, Named, Proofs, TokenResponse};

use crate::by_consent::{World, parameter, returned, sign_in, token_of};
use crate::phone::{ANNA, Answer, MDOC, SD_JWT, STEP, asked_by, get, holder, nonce, proof};
use crate::wallet::{authorize, form, post};

fn one(configuration: &str) -> Value {
    json!({"type": "openid_credential", "credential_configuration_id": configuration})
}

impl World {
    /// The request of the first wallet, with these details and this scope, if any.
    fn asking(&self, details: &Value, scope: Option<&str>) -> String {
        let mut request = self.wallets[0].request(scope.unwrap_or_default());
        request.push(("authorization_details", details.to_string()));
        form(&request)
    }

    async fn push(&self, request: &str) -> Answer {
        post(&self.gate, "/par", &self.wallets[0].sent(&self.gate, "/par"), request).await
    }

    /// The token of a request that the person allows, and what the page said.
    async fn token_for(&mut self, request: &str) -> (TokenResponse, String) {
        self.gate.clock.pass(STEP);
        let pushed = self.push(request).await;
        assert_eq!(pushed.status, StatusCode::CREATED, "{pushed:?}");
        let request_uri = pushed.json()["request_uri"].as_str().unwrap().to_owned();
        self.browser.visit(&authorize(&self.wallets[0].client_id, &request_uri)).await;
        sign_in(&self.gate, &mut self.browser, ANNA, &self.key).await;
        let shown = self.browser.page().text();
        self.browser.press("Engedélyezem", &[]).await;
        let code = parameter(&returned(&self.browser), "code").unwrap();
        (token_of(&self.wallets[0].redeem(&self.gate, &code).await), shown)
    }

    async fn fetch(&self, token: &TokenResponse, credential: Named) -> Answer {
        let proofs = Proofs::Jwt(vec![proof(&self.gate, &holder(), &nonce(&self.gate).await)]);
        let mut asked = asked_by(SD_JWT, proofs);
        asked.credential = credential;
        let body = asked.to_json();
        self.wallets[0].ask(&self.gate, token.access_token.expose(), ("application/json", &body)).await
    }
}

fn identifier(id: &str) -> Named {
    Named::Identifier(id.to_owned())
}

fn configuration(id: &str) -> Named {
    Named::Configuration(id.to_owned())
}

fn refused(code: &str) -> (u16, String) {
    (400, code.to_owned())
}

#[tokio::test]
async fn what_is_asked_for_in_detail_is_fetched_by_its_identifier() {
    let mut world = World::start().await;
    for (format, other) in [(SD_JWT, MDOC), (MDOC, SD_JWT)] {
        let (token, shown) = world.token_for(&world.asking(&json!([one(format)]), None)).await;
        assert_eq!(token.scope, None, "none was asked for");
        let [details] = &token.details[..] else { panic!("{token:?}") };
        let (named, [id]) = details.credentials() else { panic!("{details:?}") };
        assert_eq!(named, format);
        assert_eq!(["(SD-JWT)", "(mdoc)"].map(|name| shown.contains(name)), [format == SD_JWT, format == MDOC]);
        let answer = world.fetch(&token, identifier(id)).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert_eq!(CredentialResponse::parse(&answer.body).unwrap().credentials.len(), 1);
        let unknown = refused("unknown_credential_identifier");
        assert_eq!(world.fetch(&token, identifier(other)).await.refusal(), unknown);
        assert_eq!(world.fetch(&token, identifier("pid")).await.refusal(), unknown);
        let unknown = refused("unknown_credential_configuration");
        assert_eq!(world.fetch(&token, configuration(other)).await.refusal(), unknown);
    }
}

#[tokio::test]
async fn a_scope_beside_it_is_told_as_a_scope() {
    let mut world = World::start().await;
    let request = world.asking(&json!([one(SD_JWT)]), Some(MDOC));
    let (token, shown) = world.token_for(&request).await;
    assert!(shown.contains("(SD-JWT)") && shown.contains("(mdoc)"), "{shown}");
    assert_eq!((token.scope.as_deref(), token.details.len()), (Some(MDOC), 1));
    assert_eq!(world.fetch(&token, identifier(SD_JWT)).await.status, StatusCode::OK);
    assert_eq!(world.fetch(&token, configuration(MDOC)).await.status, StatusCode::OK);
    // No identifier came for what was asked for by its scope.
    let unknown = refused("unknown_credential_identifier");
    assert_eq!(world.fetch(&token, identifier(MDOC)).await.refusal(), unknown);
    let (by_scope, _) = world.token_for(&form(&world.wallets[0].request(SD_JWT))).await;
    assert!(by_scope.details.is_empty());
    assert_eq!(world.fetch(&by_scope, identifier(SD_JWT)).await.refusal(), unknown);
}

#[tokio::test]
async fn details_that_are_not_understood_are_refused() {
    let world = World::start().await;
    let told = get(&world.gate, "/.well-known/oauth-authorization-server").await.json();
    assert_eq!(told["authorization_details_types_supported"], json!(["openid_credential"]));
    for details in [
        json!([]),
        json!([one("other")]),
        json!([one(SD_JWT), one("other")]),
        json!([one(SD_JWT), {"type": "payment_initiation"}]),
        json!([{"type": "openid_credential"}]),
        one(SD_JWT),
    ] {
        for scope in [None, Some(SD_JWT)] {
            let answer = world.push(&world.asking(&details, scope)).await;
            assert_eq!(answer.refusal(), refused("invalid_authorization_details"), "{details}");
        }
    }
    // Whose offer it came from is not asked: our offers do not name any (section 5.1.3).
    let request = format!("{}&issuer_state=x", world.asking(&json!([one(SD_JWT)]), None));
    assert_eq!(world.push(&request).await.status, StatusCode::CREATED);
}
