//! What the issuer tells of itself: nothing that does not work.

use std::collections::BTreeMap;

use ::wallet::client_attestation::{ATTESTATION_ALGORITHMS, ATTESTED_CLIENT};
use ::wallet::credential::PERSON_VCT;
use ::wallet::dpop::DPOP_ALGORITHMS;
use ::wallet::openid4vci::{
    AUTHORIZATION_CODE, BatchIssuance, CREDENTIAL_DETAILS, ClaimDescription, Configuration, CredentialMetadata,
    Display, IssuerMetadata, KeyAttestations, MDOC_FORMAT, PRE_AUTHORIZED_CODE, ProofType, RequestEncryption,
    ResponseEncryptions, SD_JWT_FORMAT, ServerMetadata,
};
use jose::{Algorithm, DecryptionKey};
use model::limits;
use serde_json::{Value, json};
use store::record::CredentialFormat;

use super::{CredentialIssuer, KeyAttestationTerms, claims};

/// ES256 by its number in COSE (RFC 9053 section 2.1).
const COSE_ES256: i64 = -7;

/// The name of a format's configuration, and of its scope.
pub(super) const fn configuration_id(format: CredentialFormat) -> &'static str {
    match format {
        CredentialFormat::SdJwt => "pid-sd-jwt",
        CredentialFormat::Mdoc => "pid-mdoc",
    }
}

/// The formats, in the order in which they are offered.
pub(super) const FORMATS: [CredentialFormat; 2] = [CredentialFormat::SdJwt, CredentialFormat::Mdoc];

/// The format with that configuration.
pub(crate) fn format_of(configuration: &str) -> Option<CredentialFormat> {
    FORMATS.into_iter().find(|format| configuration_id(*format) == configuration)
}

/// The metadata, where `opener` opens encrypted requests.
pub(super) fn of(config: &CredentialIssuer, opener: Option<&DecryptionKey>) -> IssuerMetadata {
    let at = |path: &str| format!("{}{path}", config.origin);
    let configurations = FORMATS.map(|format| (configuration_id(format).to_owned(), configuration(config, format)));
    IssuerMetadata {
        credential_issuer: config.origin.clone(),
        authorization_servers: None,
        credential_endpoint: at(config.paths.credential),
        nonce_endpoint: Some(at(config.paths.nonce)),
        notification_endpoint: Some(at(config.paths.notification)),
        batch_credential_issuance: Some(BatchIssuance { batch_size: limits::CREDENTIAL_BATCH }),
        credential_request_encryption: Some(RequestEncryption::to(opener.map(DecryptionKey::public_key))),
        credential_response_encryption: Some(ResponseEncryptions::offered()),
        display: display(&config.name),
        credential_configurations_supported: BTreeMap::from(configurations),
    }
}

pub(super) fn server(config: &CredentialIssuer) -> ServerMetadata {
    let at = |path: &str| format!("{}{path}", config.origin);
    let offers = ServerMetadata {
        issuer: config.origin.clone(),
        token_endpoint: at(config.paths.token),
        grant_types_supported: vec![PRE_AUTHORIZED_CODE.to_owned()],
        token_endpoint_auth_methods_supported: vec!["none".to_owned()],
        scopes_supported: FORMATS.map(|format| configuration_id(format).to_owned()).to_vec(),
        anonymous_access: true,
        dpop_signing_alg_values_supported: names(DPOP_ALGORITHMS),
        ..ServerMetadata::default()
    };
    if config.wallets.is_empty() {
        return offers;
    }
    ServerMetadata {
        authorization_endpoint: Some(at(config.paths.authorize)),
        pushed_authorization_request_endpoint: Some(at(config.paths.push)),
        require_pushed_authorization_requests: true,
        response_types_supported: vec!["code".to_owned()],
        grant_types_supported: [AUTHORIZATION_CODE, PRE_AUTHORIZED_CODE].map(str::to_owned).to_vec(),
        authorization_details_types_supported: vec![CREDENTIAL_DETAILS.to_owned()],
        code_challenge_methods_supported: vec!["S256".to_owned()],
        authorization_response_iss_parameter_supported: true,
        token_endpoint_auth_methods_supported: ["none", ATTESTED_CLIENT].map(str::to_owned).to_vec(),
        client_attestation_signing_alg_values_supported: names(ATTESTATION_ALGORITHMS),
        client_attestation_pop_signing_alg_values_supported: names(ATTESTATION_ALGORITHMS),
        ..offers
    }
}

fn names<const COUNT: usize>(algorithms: [Algorithm; COUNT]) -> Vec<String> {
    algorithms.map(|algorithm| algorithm.as_str().to_owned()).to_vec()
}

fn display([hu, en]: &[String; 2]) -> Vec<Display> {
    let display = |name: &String, locale: &str| Display { name: name.clone(), locale: Some(locale.to_owned()) };
    vec![display(hu, "hu"), display(en, "en")]
}

fn configuration(config: &CredentialIssuer, format: CredentialFormat) -> Configuration {
    let (name, vct, doctype, signed_with, binding, claims): (_, _, _, Value, _, Vec<ClaimDescription>) = match format {
        CredentialFormat::SdJwt => {
            let claims = claims::sd_jwt_claims();
            (SD_JWT_FORMAT, Some(PERSON_VCT), None, json!(Algorithm::Es256.as_str()), "jwk", claims)
        }
        CredentialFormat::Mdoc => {
            let claims = claims::mdoc_claims();
            (MDOC_FORMAT, None, Some(mdoc::pid::DOC_TYPE), json!(COSE_ES256), "cose_key", claims)
        }
    };
    Configuration {
        format: name.to_owned(),
        scope: Some(configuration_id(format).to_owned()),
        vct: vct.map(str::to_owned),
        doctype: doctype.map(str::to_owned),
        credential_signing_alg_values_supported: vec![signed_with],
        cryptographic_binding_methods_supported: vec![binding.to_owned()],
        proof_types_supported: proof_types(&config.key_attestations),
        credential_metadata: Some(CredentialMetadata { display: display(&config.credential), claims }),
    }
}

/// An attestation can only stand alone where somebody's word on keys counts.
fn proof_types(terms: &KeyAttestationTerms) -> BTreeMap<String, ProofType> {
    let proof = ProofType {
        proof_signing_alg_values_supported: vec![Algorithm::Es256.as_str().to_owned()],
        key_attestations_required: terms.required.then(KeyAttestations::default),
    };
    let alone = (!terms.anchors.is_empty()).then(|| ("attestation".to_owned(), proof.clone()));
    [("jwt".to_owned(), proof)].into_iter().chain(alone).collect()
}
