//! How wallets may be asked and may answer: what an operator chooses, and what the place of a request is.

use serde::{Deserialize, Serialize};
use wallet::openid4vp::{AnswerMode, ClientId, ResponseMode};
use wallet::trust::fingerprint;

use super::{Asked, ENCRYPTIONS, Presenting};
use crate::{Broker, Fault};
use jose::DecryptionKey;
use store::record::{Carrier, PresentationRecord};

/// By what a verifier is known to wallets (OpenID4VP 1.0 section 5.9.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KnownBy {
    /// `x509_hash`: the hash of its certificate. The only one of HAIP 1.0.
    #[default]
    CertificateHash,
    /// `x509_san_dns`: its host, which its certificate names.
    DnsName,
}

/// How wallets post what they show (OpenID4VP 1.0 section 8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Posting {
    /// `direct_post.jwt`: encrypted to a key of the request. The only one of HAIP 1.0.
    #[default]
    Encrypted,
    /// `direct_post`: in clear, inside of TLS.
    InClear,
}

/// Where a request came from, as the operator's proxy says it: a value for each header of the configuration, country or
/// network operator for example.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(pub Vec<Option<String>>);

impl Place {
    /// Whether both are known in some respect, and are not the same there (`security.md` P41).
    pub fn differs(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|pair| matches!(pair, (Some(one), Some(other)) if one != other))
    }
}

impl KnownBy {
    /// The client identifier of a verifier with this certificate, at this host.
    pub(super) fn client_id(self, certificate: &[u8], host: &str) -> ClientId {
        match self {
            KnownBy::CertificateHash => ClientId::X509Hash(fingerprint(certificate)),
            KnownBy::DnsName => ClientId::X509SanDns(host.to_ascii_lowercase()),
        }
    }
}

impl Presenting {
    /// How a request wants to be answered.
    pub(super) fn answer_mode<'a>(&self, carrier: Carrier, key: &'a DecryptionKey) -> AnswerMode<'a> {
        let encryptions = &ENCRYPTIONS;
        match (carrier, self.wallets.posting) {
            (Carrier::Browser, _) => AnswerMode::DcApiJwt { key, encryptions },
            (Carrier::Link | Carrier::Qr, Posting::Encrypted) => AnswerMode::DirectPostJwt { key, encryptions },
            (Carrier::Link | Carrier::Qr, Posting::InClear) => AnswerMode::DirectPost,
        }
    }
}

impl Broker {
    /// The same, as the request says it.
    pub(super) fn response_mode(&self, record: &PresentationRecord) -> Result<ResponseMode, Fault> {
        Ok(match (record.carrier, self.presenting()?.wallets.posting) {
            (Carrier::Browser, _) => ResponseMode::DcApiJwt(vec![self.endpoints().issuer.clone()]),
            (Carrier::Link | Carrier::Qr, Posting::Encrypted) => {
                ResponseMode::DirectPostJwt(self.response_uri(&record.id))
            }
            (Carrier::Link | Carrier::Qr, Posting::InClear) => ResponseMode::DirectPost(self.response_uri(&record.id)),
        })
    }

    /// Whom an answer must be meant for: through a browser its origin (OpenID4VP 1.0 appendix A.4), for signed requests too.
    pub(super) fn answer_audience(&self, carrier: Carrier) -> Result<String, Fault> {
        Ok(match carrier {
            Carrier::Browser => format!("origin:{}", self.endpoints().issuer),
            Carrier::Link | Carrier::Qr => self.presenting()?.key.client_id().to_string(),
        })
    }

    /// Whether an answer to what was shown as a picture comes from elsewhere than where that was shown. The person
    /// of a picture in a mail or on another page is as a rule not where whoever began is.
    pub(super) fn is_elsewhere(record: &PresentationRecord, asked: &Asked, place: &Place) -> bool {
        match record.carrier {
            Carrier::Qr => asked.place.differs(place),
            Carrier::Link | Carrier::Browser => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p41_places_differ_where_both_are_known() {
        let place = |values: &[&str]| {
            Place(values.iter().map(|value| (!value.is_empty()).then(|| (*value).to_owned())).collect())
        };
        for (one, other, differs) in [
            (&["HU", "AS1"][..], &["HU", "AS1"][..], false),
            (&["HU", "AS1"], &["HU", "AS2"], true),
            (&["HU", "AS1"], &["SK", "AS1"], true),
            (&["HU", ""], &["HU", "AS2"], false),
            (&["", ""], &["HU", "AS2"], false),
            (&["HU"], &[], false),
            (&[], &[], false),
        ] {
            assert_eq!(place(one).differs(&place(other)), differs, "{one:?} {other:?}");
        }
    }
}
