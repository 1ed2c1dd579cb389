//! Wallets: credentials that are issued to them, and those that are shown to us.

pub(crate) mod issuing;
pub(crate) mod presenting;

pub use issuing::{
    CredentialIssuer, CredentialState, HeldCredential, Identified, IssuedCredential, IssuerPaths, IssuingRefusal,
    NotOffered, NotPossessed, OfferMade, OfferView, ServedStatusList, ShownToken, WalletView,
};
