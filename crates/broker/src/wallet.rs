//! Wallets: credentials that are issued to them.

pub(crate) mod issuing;

pub use issuing::{
    CredentialIssuer, CredentialState, HeldCredential, Identified, IssuedCredential, IssuerPaths, IssuingRefusal,
    NotOffered, NotPossessed, OfferMade, OfferView, ServedStatusList, ShownToken, WalletView,
};
