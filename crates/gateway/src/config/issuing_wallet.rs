//! `[[dap.wallet]]`: which wallets may ask for credentials by themselves.

use std::path::{Path, PathBuf};

use broker::TrustedWallet;
use serde::Deserialize;

use super::wallet::{certificates_in, is_name};

/// The most wallets.
const WALLETS_MAX: usize = 64;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssuingWalletTable {
    client_id: String,
    name_hu: String,
    name_en: String,
    redirect_uris: Vec<String>,
    anchors: PathBuf,
}

/// Checks the tables; files lie in `folder`.
pub(super) fn wallets(tables: Vec<IssuingWalletTable>, folder: &Path) -> Result<Vec<TrustedWallet>, String> {
    if tables.len() > WALLETS_MAX {
        return Err(format!("more than {WALLETS_MAX} wallets"));
    }
    let mut wallets: Vec<TrustedWallet> = Vec::new();
    for table in tables {
        let wallet = table.check(folder)?;
        if wallets.iter().any(|other| other.client_id() == wallet.client_id()) {
            return Err(format!("the wallet {} is there twice", wallet.client_id()));
        }
        wallets.push(wallet);
    }
    Ok(wallets)
}

impl IssuingWalletTable {
    fn check(self, folder: &Path) -> Result<TrustedWallet, String> {
        let name = [self.name_hu, self.name_en];
        name.iter().try_for_each(|name| is_name(name))?;
        TrustedWallet::new(self.client_id, name, self.redirect_uris, &certificates_in(&folder.join(self.anchors))?)
    }
}
