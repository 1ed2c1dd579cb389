//! `[dap]`: what the issuer of credentials says of itself, and whose word on wallets' keys counts.

use std::path::{Path, PathBuf};

use broker::{CredentialIssuer, KeyAttestationTerms, TrustedWallet};
use serde::Deserialize;

use super::issuing_wallet::{IssuingWalletTable, wallets};
use super::wallet::{certificates_in, link_or};

/// Where wallets take offers unless the file says otherwise (`OpenID4VCI` 1.0 section 12.1.1).
pub const OFFER_LINK: &str = "openid-credential-offer://";

/// The issuer of credentials for wallets.
#[derive(Clone, Debug)]
pub struct Issuing {
    /// Its origin.
    pub origin: String,
    /// Where a wallet takes offers.
    pub link: String,
    /// The country that issues, by its code in ISO 3166-1.
    pub country: String,
    /// Whose word on wallets' keys counts.
    pub key_attestations: KeyAttestationTerms,
    /// The wallets that may ask for credentials by themselves.
    pub wallets: Vec<TrustedWallet>,
}

impl Issuing {
    /// The same with its addresses and what it is called.
    pub fn at_its_addresses(self) -> CredentialIssuer {
        web::credential_issuer(&self.origin, self.link, &self.country, self.key_attestations, self.wallets)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssuingTable {
    link: Option<String>,
    country: String,
    key_attestation_anchors: Option<PathBuf>,
    #[serde(default)]
    key_attestations_required: bool,
    #[serde(default)]
    wallet: Vec<IssuingWalletTable>,
}

impl IssuingTable {
    /// Checks the table of the issuer at `origin`; files lie in `folder`.
    pub(super) fn check(self, origin: String, folder: &Path) -> Result<Issuing, String> {
        let is_code = self.country.len() == 2 && self.country.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_code {
            return Err("country is a code of ISO 3166-1 with two capital letters, like \"HU\"".to_owned());
        }
        let anchors = self.key_attestation_anchors.map(|file| certificates_in(&folder.join(file))).transpose()?;
        let key_attestations =
            KeyAttestationTerms { anchors: anchors.unwrap_or_default(), required: self.key_attestations_required };
        key_attestations.check()?;
        let wallets = wallets(self.wallet, folder)?;
        let link = link_or("dap.link", self.link, OFFER_LINK)?;
        Ok(Issuing { origin, link, country: self.country, key_attestations, wallets })
    }
}
