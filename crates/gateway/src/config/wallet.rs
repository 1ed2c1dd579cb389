//! `[wallet]`: whose credentials wallets may show.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use broker::{Outbound, TrustedIssuer, Wallets};
use model::Loa;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::Deserialize;

use super::upstreams::LoaWord;

/// Where wallets take requests unless the file says otherwise (OpenID4VP 1.0 section 5.1).
pub const LINK: &str = "openid4vp://";
/// The most issuers.
const ISSUERS_MAX: usize = 64;
/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 60;
/// The longest link, in bytes: it is part of a picture.
const LINK_BYTES_MAX: usize = 200;
/// The largest file of certificates, in bytes.
const ANCHORS_BYTES_MAX: u64 = 256 * 1024;

/// Whose credentials are taken, and where wallets are.
#[derive(Clone, Debug)]
pub struct Wallet {
    /// Where a wallet takes requests.
    pub link: String,
    /// The issuers.
    pub issuers: Vec<TrustedIssuer>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WalletTable {
    link: Option<String>,
    #[serde(default)]
    issuer: Vec<IssuerTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerTable {
    id: String,
    name_hu: String,
    name_en: String,
    anchors: PathBuf,
    #[serde(default)]
    loa: LoaWord,
}

impl Wallet {
    /// One without issuers of others.
    pub fn at(link: &str) -> Self {
        Self { link: link.to_owned(), issuers: Vec::new() }
    }

    /// What the conductor works with.
    pub fn reached_by(self, outbound: Arc<dyn Outbound>) -> Wallets {
        Wallets { issuers: self.issuers, outbound, link: self.link }
    }
}

impl WalletTable {
    /// Checks the table; files lie in `folder`.
    pub(super) fn check(self, folder: &Path) -> Result<Wallet, String> {
        let link = self.link.unwrap_or_else(|| LINK.to_owned());
        let is_link = link.contains("://") && link.len() <= LINK_BYTES_MAX && !link.contains(['?', '#', ' ']);
        if !is_link {
            return Err(format!("wallet.link is a scheme or an address without a query, like {LINK}"));
        }
        if self.issuer.len() > ISSUERS_MAX {
            return Err(format!("more than {ISSUERS_MAX} issuers of credentials"));
        }
        let mut issuers: Vec<TrustedIssuer> = Vec::new();
        for table in self.issuer {
            let issuer = table.check(folder)?;
            if issuers.iter().any(|other| other.id == issuer.id) {
                return Err(format!("the issuer {} is there twice", issuer.id));
            }
            issuers.push(issuer);
        }
        let wallet = Wallet { link, issuers };
        wallet.clone().reached_by(broker::Upstreams::none().outbound).check()?;
        Ok(wallet)
    }
}

impl IssuerTable {
    fn check(self, folder: &Path) -> Result<TrustedIssuer, String> {
        if self.id.is_empty() || self.id.len() > LINK_BYTES_MAX || self.id.contains(char::is_whitespace) {
            return Err("an issuer's id is its address, without spaces; identities are linked under it".to_owned());
        }
        for name in [&self.name_hu, &self.name_en] {
            if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX {
                return Err(format!("name_hu and name_en have 1 to {NAME_CHARS_MAX} characters"));
            }
        }
        let loa: Loa = self.loa.into();
        let anchors = certificates_in(&folder.join(self.anchors))?;
        Ok(TrustedIssuer { id: self.id, name: [self.name_hu, self.name_en], anchors, loa })
    }
}

/// The certificates of a file of anchors, in DER; one at least.
pub(super) fn certificates_in(file: &Path) -> Result<Vec<Vec<u8>>, String> {
    let unreadable = |error: std::io::Error| format!("anchors {} cannot be read: {error}", file.display());
    if fs::metadata(file).map_err(unreadable)?.len() > ANCHORS_BYTES_MAX {
        return Err(format!("anchors {} is larger than {ANCHORS_BYTES_MAX} bytes", file.display()));
    }
    let text = fs::read_to_string(file).map_err(unreadable)?;
    let anchors = certificates(&text).filter(|found| !found.is_empty());
    anchors.ok_or_else(|| format!("anchors {} has no certificates in PEM", file.display()))
}

/// The certificates of a PEM file (RFC 7468 section 5.1), in DER.
fn certificates(text: &str) -> Option<Vec<Vec<u8>>> {
    CertificateDer::pem_slice_iter(text.as_bytes()).map(|read| read.ok().map(|found| found.to_vec())).collect()
}
