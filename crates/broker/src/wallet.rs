//! Wallets: credentials that are issued to them, and those that are shown to us.

pub(crate) mod claims;
pub(crate) mod issuing;
pub(crate) mod presenting;
mod status_lists;

use data_encoding::BASE64;

pub use claims::WalletClaims;
pub use issuing::{
    Carriage, CredentialAnswer, CredentialIssuer, CredentialState, HeldCredential, Identified, IssuedCredential,
    IssuerPaths, IssuingRefusal, KeyAttestationTerms, NotOffered, NotPossessed, OfferMade, OfferView, ServedStatusList,
    ShownToken, ShownWallet, TrustedWallet, WalletView,
};

/// A certificate in PEM (RFC 7468 section 5.1).
fn pem(der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + "-----END CERTIFICATE-----\n"
}
