//! Wallets that may ask for credentials by themselves: whom the operator named, and by whose word an instance is one
//! of them (`OpenID4VCI` 1.0 appendix E, `OpenID4VC` HAIP 1.0 section 4.4.1).

use ::wallet::client_attestation::{
    ATTESTATION_AHEAD_MAX, ATTESTATION_PROOF_AGE_MAX, AttestationFault, AttestationProofExpected, ClientAttestation,
};
use ::wallet::openid4vci::{IssuanceError, REDIRECT_URI_BYTES_MAX};
use ::wallet::trust::{ChainFault, Purpose, TrustList};
use idp::keys::digest_text;
use model::{Article, LegalBasis, Level, Loa, Purposes, Service, ServiceId, ServiceTerms, Timestamp};
use store::Op;

use super::{Issuer, IssuingRefusal};
use crate::{Broker, Fault};

/// The longest name of a wallet as a client, in bytes.
const CLIENT_ID_BYTES_MAX: usize = 256;
/// The most addresses of one wallet.
const REDIRECT_URIS_MAX: usize = 16;
/// Schemes of addresses that a browser acts upon itself, or that nobody's wallet has.
const NO_WALLETS: [&str; 10] =
    ["http", "javascript", "data", "blob", "file", "filesystem", "vbscript", "view-source", "about", "ftp"];

/// A wallet whose provider is believed.
#[derive(Clone, Debug)]
pub struct TrustedWallet {
    client_id: String,
    name: [String; 2],
    redirect_uris: Vec<String>,
    provider: TrustList,
}

/// What a wallet says of itself and of its key, in headers; each empty where it came more than once.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShownWallet<'a> {
    /// `OAuth-Client-Attestation`.
    pub attestation: Option<&'a str>,
    /// `OAuth-Client-Attestation-PoP`.
    pub proof: Option<&'a str>,
    /// `DPoP`.
    pub dpop: Option<&'a str>,
}

/// A wallet that proved who it is.
pub(super) struct Attested<'a> {
    pub(super) wallet: &'a TrustedWallet,
    /// The write that uses the proof up.
    pub(super) used: Op,
}

/// It did not prove who it is.
pub(super) const NOT_ATTESTED: IssuingRefusal = IssuingRefusal::Request(
    IssuanceError::InvalidClient.because("the wallet is not known here, or did not prove that it is one"),
);

impl TrustedWallet {
    /// A wallet with its name as a client, its names for people in Hungarian and in English, the addresses that answers
    /// may go to, and the certificates (DER) of whoever certifies its provider.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for the operator.
    pub fn new(
        client_id: String,
        name: [String; 2],
        redirect_uris: Vec<String>,
        anchors: &[Vec<u8>],
    ) -> Result<Self, String> {
        let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21..=0x7e));
        if !is_plain(&client_id) || client_id.len() > CLIENT_ID_BYTES_MAX {
            return Err(format!("a wallet's client_id has 1 to {CLIENT_ID_BYTES_MAX} characters of ASCII, no spaces"));
        }
        if !(1..=REDIRECT_URIS_MAX).contains(&redirect_uris.len()) {
            return Err(format!("the wallet {client_id} has 1 to {REDIRECT_URIS_MAX} redirect_uris"));
        }
        if let Some(uri) = redirect_uris.iter().find(|uri| !is_plain(uri) || !is_wallets(uri)) {
            return Err(format!(
                "the wallet {client_id} cannot be answered at {uri}: https://…, or a scheme of its own followed by ://"
            ));
        }
        let provider = TrustList::new(anchors, []).map_err(|error| format!("the wallet {client_id}: {error}"))?;
        Ok(Self { client_id, name, redirect_uris, provider })
    }

    /// Its name as a client.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Whether an answer may go there; byte for byte.
    pub(crate) fn allows_redirect(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|allowed| allowed == uri)
    }

    /// The wallet as pages and policy know those who ask for sign-ins.
    pub(crate) fn service(&self, id: ServiceId) -> Service {
        let [name_hu, name_en] = self.name.clone();
        let first = self.redirect_uris.first().map(String::as_str).unwrap_or_default();
        let authority_at = first.find("://").map_or(0, |at| at + 3);
        let end = first[authority_at..].find(['/', '?']).map_or(first.len(), |at| authority_at + at);
        Service {
            id,
            article: Article::guess(&name_hu),
            name_hu,
            name_en,
            home: first[..end].to_owned(),
            terms: ServiceTerms {
                min_level: Some(Level::Two),
                min_loa: Some(Loa::Substantial),
                basis: LegalBasis::Consent,
            },
            purposes: Purposes::default(),
        }
    }
}

/// Whether an address may be a wallet's: https, this machine, or a scheme of its own (RFC 8252 section 7).
fn is_wallets(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once("://") else { return false };
    let host = rest.split(['/', '?', ':']).next().unwrap_or_default();
    let of_this_machine = host == "localhost" || host == "127.0.0.1" || host.ends_with(".localhost");
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte));
    let is_open = !NO_WALLETS.contains(&scheme) || (scheme == "http" && of_this_machine);
    is_scheme && is_open && !host.is_empty() && !uri.contains(['#', '@', '\\']) && uri.len() <= REDIRECT_URI_BYTES_MAX
}

impl Issuer {
    fn wallet(&self, client_id: &str) -> Option<&TrustedWallet> {
        self.config.wallets.iter().find(|wallet| wallet.client_id == client_id)
    }

    fn service_id(&self, wallet: &TrustedWallet) -> ServiceId {
        // No service of others has a name below our own origin.
        ServiceId::new(format!("{}#{}", self.config.origin, wallet.client_id))
    }
}

impl Broker {
    /// The wallet with that name as a client.
    pub(crate) fn wallet_client(&self, client_id: &str) -> Option<&TrustedWallet> {
        self.0.issuer.as_ref()?.wallet(client_id)
    }

    /// The wallet that asks for a sign-in under that name.
    pub(crate) fn wallet_of_service(&self, id: &ServiceId) -> Option<&TrustedWallet> {
        let issuer = self.0.issuer.as_ref()?;
        let (origin, client_id) = id.as_str().split_once('#')?;
        if origin == issuer.config.origin { issuer.wallet(client_id) } else { None }
    }

    /// The same, as pages and policy know it.
    pub(crate) fn wallet_service(&self, id: &ServiceId) -> Option<Service> {
        Some(self.wallet_of_service(id)?.service(id.clone()))
    }

    /// The name under which a wallet asks for sign-ins.
    pub(crate) fn wallet_service_id(&self, wallet: &TrustedWallet) -> Result<ServiceId, Fault> {
        Ok(self.issuer()?.service_id(wallet))
    }

    /// The wallet that a request is from, if it says so in headers; `client_id` is whom its body names. Of one whose
    /// provider is nobody's here nothing is known.
    pub(super) fn attested<'i>(
        &self,
        issuer: &'i Issuer,
        shown: &ShownWallet<'_>,
        client_id: Option<&str>,
    ) -> Result<Option<Attested<'i>>, IssuingRefusal> {
        let (attestation, proof) = match (shown.attestation, shown.proof) {
            (None, None) => return Ok(None),
            (attestation, proof) => (attestation.unwrap_or_default(), proof.unwrap_or_default()),
        };
        let now = self.now().seconds();
        let mut vouched = Vec::new();
        let judged = ClientAttestation::verify(attestation, now, |chain| {
            let mut signer = Err(ChainFault::Unknown);
            for wallet in &issuer.config.wallets {
                match (wallet.provider.check(chain, Purpose::Attestations, now), &signer) {
                    (Ok(found), _) => {
                        vouched.push(wallet);
                        signer = Ok(found);
                    }
                    (Err(fault), Err(ChainFault::Unknown)) => signer = Err(fault),
                    (Err(_), _) => {}
                }
            }
            signer
        });
        let expected = AttestationProofExpected { server: &issuer.config.origin, now };
        let proved = judged.and_then(|found| {
            let wallet = vouched.iter().find(|wallet| wallet.client_id == found.client_id);
            let wallet = wallet.filter(|wallet| client_id.is_none_or(|named| named == wallet.client_id));
            let wallet = wallet.ok_or(AttestationFault::Client)?;
            Ok((*wallet, found.instance.thumbprint(), found.verify_proof(proof, &expected)?))
        });
        match proved {
            Ok((wallet, instance, jti)) => {
                let digest = digest_text(&format!("{instance}\n{jti}"));
                let until = now + ATTESTATION_PROOF_AGE_MAX + ATTESTATION_AHEAD_MAX + 1;
                let expires_at = Timestamp::from_seconds(until);
                Ok(Some(Attested { wallet, used: Op::UseOnce { kind: "attestation_proof", digest, expires_at } }))
            }
            Err(AttestationFault::Chain(ChainFault::Unknown)) => Ok(None),
            Err(fault) => {
                tracing::info!(%fault, "a wallet did not prove who it is");
                Err(NOT_ATTESTED)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_wallet_can_be_answered() {
        #[rustfmt::skip]
        let table = [
            ("https://wallet.example/cb",            true),
            ("https://wallet.example/cb?x=1",        true),
            ("eu.europa.ec.euidi://authorization",   true),
            ("haip-wallet://cb",                     true),
            ("http://localhost:8080/cb",             true),
            ("http://telefon.localhost:8080/cb",     true),
            ("http://wallet.example/cb",             false),
            ("http://localhost.example/cb",          false),
            ("http://localhost@wallet.example/cb",   false),
            ("https://wallet.example/cb#x",          false),
            ("https://user@wallet.example/cb",       false),
            ("https:///cb",                          false),
            ("https:wallet.example",                 false),
            ("javascript://x/%0aalert(1)",           false),
            ("JavaScript://x/%0aalert(1)",           false),
            ("data://text/html,x",                   false),
            ("wallet:cb",                            false),
            ("://cb",                                false),
            ("",                                     false),
        ];
        for (uri, expected) in table {
            assert_eq!(is_wallets(uri), expected, "{uri}");
        }
        assert!(!is_wallets(&format!("https://wallet.example/{}", "a".repeat(REDIRECT_URI_BYTES_MAX))));
    }
}
