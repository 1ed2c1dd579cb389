//! The messages between an issuer and a wallet: `OpenID4VCI` 1.0.
//!
//! | message | issuer | wallet |
//! |---|---|---|
//! | offer | [`CredentialOffer::to_json`], [`OfferLink::write`] | [`OfferLink::parse`], [`CredentialOffer::parse`] |
//! | metadata | [`IssuerMetadata::to_json`], [`ServerMetadata::to_json`] | [`IssuerMetadata::parse`], [`ServerMetadata::parse`] |
//! | authorization | [`AuthorizationRequest::parse`], [`PushedResponse::to_json`], [`PushedReference::parse`] | whoever writes the wallet |
//! | token | [`TokenRequest::parse`], [`TokenResponse::to_json`] | [`TokenRequest::write`], [`TokenResponse::parse`] |
//! | nonce | [`NonceResponse::to_json`] | [`NonceResponse::parse`] |
//! | credential | [`CredentialRequest::parse`], [`verify_proof`], [`verify_key_attestation`], [`CredentialResponse::to_json`] | [`CredentialRequest::to_json`], [`sign_proof`], [`CredentialResponse::parse`] |
//! | notification | [`Notification::parse`] | [`Notification::to_json`] |
//!
//! Credential requests and their answers may be encrypted beyond TLS (section 10): [`open_request`],
//! [`ResponseEncryption::seal`]. What an issuer refuses it says by an [`IssuanceError`].

mod authorization;
mod authorization_details;
mod credential;
mod encryption;
mod error;
mod form;
mod key_attestation;
mod metadata;
mod notification;
mod offer;
mod proof;
mod secret;
mod token;

pub use authorization::{AuthorizationRequest, PushedReference, PushedResponse};
pub use authorization_details::{CREDENTIAL_DETAILS, GrantedDetails};
pub use credential::{Carriage, CredentialRequest, CredentialResponse, Named, NonceResponse, Proofs};
pub use encryption::{ENCRYPTIONS, ResponseEncryption, open_request};
pub use error::{IssuanceError, IssuanceFault};
pub use key_attestation::{AttestationUse, KeyAttestation, KeyAttestationFault, verify_key_attestation};
pub use metadata::{
    BatchIssuance, ClaimDescription, Configuration, CredentialMetadata, Display, IssuerMetadata, KeyAttestations,
    MetadataError, ProofType, RequestEncryption, ResponseEncryptions, SIGNED_METADATA_TYP, ServerMetadata, well_known,
};
pub use notification::{Event, Notification};
pub use offer::{CredentialOffer, OFFER_SCHEME, OfferError, OfferLink, PreAuthorized, TransactionCode};
pub use proof::{Proof, ProofExpected, ProofFault, sign_proof, verify_proof};
pub use secret::SecretText;
pub use token::{TokenGrant, TokenRequest, TokenResponse};

/// The grant type of an offer that was made to a person who is known already (section 4.1.1).
pub const PRE_AUTHORIZED_CODE: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
/// The grant type of a code that a person's consent became (RFC 6749 section 4.1.3).
pub const AUTHORIZATION_CODE: &str = "authorization_code";
/// The format of SD-JWT VC (appendix A.3).
pub const SD_JWT_FORMAT: &str = "dc+sd-jwt";
/// The format of mobile documents (appendix A.2).
pub const MDOC_FORMAT: &str = "mso_mdoc";

/// The longest offer, in bytes of its JSON.
pub const OFFER_BYTES_MAX: usize = 16 * 1024;
/// The longest metadata, in bytes.
pub const METADATA_BYTES_MAX: usize = 256 * 1024;
/// The longest request or answer, in bytes.
pub const MESSAGE_BYTES_MAX: usize = 512 * 1024;
/// The most configurations of one offer.
pub const OFFERED_MAX: usize = 16;
/// The most parameters of a request to the authorization server.
pub const PARAMETERS_MAX: usize = 32;
/// The longest address that an answer goes to, in bytes.
pub const REDIRECT_URI_BYTES_MAX: usize = 2048;
/// The longest code, token, nonce or identifier, in bytes.
pub const TEXT_BYTES_MAX: usize = 1024;
/// The most proofs of one request that are read; an issuer announces no more as its batch.
pub const PROOFS_MAX: usize = 16;
/// The most keys of one attestation that are read.
pub const ATTESTED_KEYS_MAX: usize = 16;
/// How long ago a proof may have been made, in seconds.
pub const PROOF_AGE_MAX: i64 = 300;
/// How far the wallet's clock may be ahead of ours, in seconds.
pub const PROOF_AHEAD_MAX: i64 = 60;
