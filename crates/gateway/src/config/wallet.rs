//! `[wallet]`: whose credentials wallets may show.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use broker::{KnownBy, Outbound, Posting, TrustedIssuer, Wallets};
use http::HeaderName;
use model::{Loa, limits};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::Deserialize;

use super::upstreams::LoaWord;

/// Where wallets take requests unless the file says otherwise (OpenID4VP 1.0 section 5.1).
pub const LINK: &str = "openid4vp://";
/// The most headers that say where a request comes from.
const PLACE_HEADERS_MAX: usize = 4;
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
    /// By what we are known to wallets.
    pub known_by: KnownBy,
    /// How they post what they show.
    pub posting: Posting,
    /// The headers by which a trusted proxy says where a request comes from; none means that nobody looks.
    pub place_headers: Vec<HeaderName>,
    /// The most pages that wait for a wallet at one time.
    pub watches_max: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WalletTable {
    link: Option<String>,
    #[serde(default)]
    client_id: ClientIdWord,
    #[serde(default)]
    response_mode: ResponseModeWord,
    #[serde(default)]
    place_headers: Vec<String>,
    #[serde(default)]
    issuer: Vec<IssuerTable>,
}

/// A client identifier's prefix, in the words of OpenID4VP 1.0 section 5.9.3.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClientIdWord {
    #[default]
    X509Hash,
    X509SanDns,
}

/// In the words of OpenID4VP 1.0 section 8.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
enum ResponseModeWord {
    #[default]
    #[serde(rename = "direct_post.jwt")]
    DirectPostJwt,
    #[serde(rename = "direct_post")]
    DirectPost,
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
        let (known_by, posting) = (KnownBy::default(), Posting::default());
        let (issuers, place_headers) = (Vec::new(), Vec::new());
        Self { link: link.to_owned(), issuers, known_by, posting, place_headers, watches_max: 0 }
            .among(limits::CONNECTIONS)
    }

    /// In a process that takes so many connections: pages that wait leave half of them to whoever does something.
    #[must_use]
    pub fn among(self, connections: usize) -> Self {
        Self { watches_max: connections / 2, ..self }
    }

    /// What the conductor works with.
    pub fn reached_by(self, outbound: Arc<dyn Outbound>) -> Wallets {
        let Self { link, issuers, known_by, posting, watches_max, .. } = self;
        Wallets { issuers, outbound, link, known_by, posting, watches_max }
    }
}

impl WalletTable {
    /// Checks the table; files lie in `folder`, and `own` is the issuer that is run here, if one is.
    pub(super) fn check(self, own: Option<&str>, folder: &Path) -> Result<Wallet, String> {
        let link = link_or("wallet.link", self.link, LINK)?;
        if self.issuer.len() > ISSUERS_MAX {
            return Err(format!("more than {ISSUERS_MAX} issuers of credentials"));
        }
        let mut issuers: Vec<TrustedIssuer> = Vec::new();
        for table in self.issuer {
            // Whatever is issued here is known by its place in the status list, whoever signed it: nobody else may.
            if own == Some(table.id.as_str()) {
                return Err(format!(
                    "{} is the issuer of this installation: it is believed without being named",
                    table.id
                ));
            }
            let issuer = table.check(folder)?;
            if issuers.iter().any(|other| other.id == issuer.id) {
                return Err(format!("the issuer {} is there twice", issuer.id));
            }
            issuers.push(issuer);
        }
        let known_by = match self.client_id {
            ClientIdWord::X509Hash => KnownBy::CertificateHash,
            ClientIdWord::X509SanDns => KnownBy::DnsName,
        };
        let posting = match self.response_mode {
            ResponseModeWord::DirectPostJwt => Posting::Encrypted,
            ResponseModeWord::DirectPost => Posting::InClear,
        };
        let place_headers = headers(&self.place_headers)?;
        let wallet = Wallet { issuers, known_by, posting, place_headers, ..Wallet::at(&link) };
        wallet.clone().reached_by(broker::Upstreams::none().outbound).check()?;
        Ok(wallet)
    }
}

impl IssuerTable {
    fn check(self, folder: &Path) -> Result<TrustedIssuer, String> {
        if self.id.is_empty() || self.id.len() > LINK_BYTES_MAX || self.id.contains(char::is_whitespace) {
            return Err("an issuer's id is its address, without spaces; identities are linked under it".to_owned());
        }
        let name = [self.name_hu, self.name_en];
        name.iter().try_for_each(|name| is_name(name))?;
        let loa: Loa = self.loa.into();
        Ok(TrustedIssuer { id: self.id, name, anchors: certificates_in(&folder.join(self.anchors))?, loa })
    }
}

/// Where a wallet is opened, as a file says it or by default.
pub(super) fn link_or(member: &str, stated: Option<String>, default: &str) -> Result<String, String> {
    let link = stated.unwrap_or_else(|| default.to_owned());
    let is_link = link.contains("://") && link.len() <= LINK_BYTES_MAX && !link.contains(['?', '#', ' ']);
    if is_link { Ok(link) } else { Err(format!("{member} is a scheme or an address without a query, like {default}")) }
}

/// The names of headers.
fn headers(names: &[String]) -> Result<Vec<HeaderName>, String> {
    if names.len() > PLACE_HEADERS_MAX {
        return Err(format!("wallet.place_headers has more than {PLACE_HEADERS_MAX}"));
    }
    let name =
        |name: &String| name.parse().map_err(|_| format!("wallet.place_headers: {name:?} is no name of a header"));
    names.iter().map(name).collect()
}

/// Whether a page can show a name.
pub(super) fn is_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(format!("name_hu and name_en have 1 to {NAME_CHARS_MAX} characters"));
    }
    Ok(())
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
