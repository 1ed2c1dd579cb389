//! A wallet fetches the signed request, by GET or by POST with a nonce of its own (OpenID4VP 1.0 section 5.10).

use model::limits;
use serde_json::json;
use store::record::{Carrier, PresentationRecord, PresentationStage};
use store::{Committed, PresentingOp};
use wallet::openid4vp::{Format, NONCE_BYTES_MAX, RequestObject, ResponseMode, VerifierInfo, VerifierMetadata};

use super::{Asked, ENCRYPTIONS};
use crate::{Broker, Caller, Fault};

/// Why a wallet is not given a request.
#[derive(Debug)]
pub enum RequestRefusal {
    /// Nothing has such a name.
    Unknown,
    /// It was answered, or its time is up: a new picture is to be asked for.
    Gone,
    /// The wallet's nonce is no nonce.
    WalletNonce,
    /// Something of ours.
    Fault(Fault),
}

impl<F: Into<Fault>> From<F> for RequestRefusal {
    fn from(fault: F) -> Self {
        RequestRefusal::Fault(fault.into())
    }
}

/// How the attestation about the service is called. Wallets that do not know it ignore it.
const SERVICE_INFO: &str = "urn:kapu:verifier-info:service";

impl Broker {
    /// The signed request, the same however often it is fetched, until it is answered.
    ///
    /// # Errors
    ///
    /// [`RequestRefusal`].
    pub async fn wallet_request(
        &self,
        id: &str,
        wallet_nonce: Option<&str>,
        caller: &Caller,
    ) -> Result<String, RequestRefusal> {
        self.presenting()?;
        self.admit_wallet_call(caller)?;
        if !wallet_nonce.is_none_or(is_nonce) {
            return Err(RequestRefusal::WalletNonce);
        }
        if !crate::is_login_id(id) {
            return Err(RequestRefusal::Unknown);
        }
        // What is forgotten is told as what has lapsed: a new picture is to be asked for.
        let record = self.store().presentation(id).await?.ok_or(RequestRefusal::Gone)?;
        if record.carrier == Carrier::Browser {
            return Err(RequestRefusal::Unknown);
        }
        let now = self.now();
        if now >= record.expires_at || self.is_login_over(&record.login).await? {
            return Err(RequestRefusal::Gone);
        }
        match record.stage {
            PresentationStage::Waiting if now >= record.shown_until => return Err(RequestRefusal::Gone),
            PresentationStage::Waiting => {
                let fetched = PresentingOp::Move {
                    id: record.id.clone(),
                    from: PresentationStage::Waiting,
                    to: PresentationStage::Fetched,
                    at: now,
                };
                // Whoever was faster has fetched the same.
                let _: Committed = self.move_presentation(&record, fetched, "wallet.fetched").await?;
            }
            PresentationStage::Fetched => {}
            PresentationStage::Judging
            | PresentationStage::Answered
            | PresentationStage::Digits
            | PresentationStage::Done
            | PresentationStage::Refused
            | PresentationStage::Elsewhere
            | PresentationStage::Failed => return Err(RequestRefusal::Gone),
        }
        Ok(self.signed_request(&record, wallet_nonce)?)
    }

    pub(super) fn signed_request(
        &self,
        record: &PresentationRecord,
        wallet_nonce: Option<&str>,
    ) -> Result<String, Fault> {
        let presenting = self.presenting()?;
        let asked: Asked = self.unseal(record)?;
        let response = self.response_mode(record)?;
        let request = RequestObject {
            client_id: presenting.key.client_id().clone(),
            nonce: asked.nonce.clone(),
            state: match &response {
                ResponseMode::DirectPost(_) | ResponseMode::DirectPostJwt(_) => Some(asked.state.clone()),
                // The browser knows which request an answer is to.
                ResponseMode::DcApiJwt(_) => None,
            },
            query: asked.query()?,
            metadata: VerifierMetadata {
                encryption_keys: match &response {
                    ResponseMode::DirectPost(_) => Vec::new(),
                    ResponseMode::DirectPostJwt(_) | ResponseMode::DcApiJwt(_) => {
                        vec![asked.decryption_key()?.public_key().clone()]
                    }
                },
                encryptions: ENCRYPTIONS.to_vec(),
                formats: vec![Format::SdJwt, Format::Mdoc],
            },
            verifier_info: vec![self.service_info(record, &asked)],
            wallet_nonce: wallet_nonce.map(str::to_owned),
            issued_at: record.began_at.seconds(),
            expires_at: (record.began_at + limits::PRESENTATION).seconds(),
            response,
        };
        let (key, chain) = (presenting.key.key(), presenting.key.chain());
        request.sign(key, chain).map_err(|_| Fault::Damaged("request to a wallet"))
    }

    /// For whom, for what, when and how: what the person sees in the wallet (`security.md` P41).
    fn service_info(&self, record: &PresentationRecord, asked: &Asked) -> VerifierInfo {
        let carrier = match record.carrier {
            Carrier::Link => "same_device",
            Carrier::Qr => "cross_device",
            Carrier::Browser => "browser",
        };
        let data = json!({
            "service": words(&asked.service),
            "purpose": words(&asked.purpose),
            "verifier": self.endpoints().issuer,
            "carrier": carrier,
            "asked_at": record.began_at.seconds(),
        });
        VerifierInfo { format: SERVICE_INFO.to_owned(), data, credential_ids: Vec::new() }
    }

    /// Where the answer is posted.
    pub(super) fn response_uri(&self, id: &str) -> String {
        self.wallet_address(&format!("response/{id}"))
    }
}

/// Whether a text is one that a URL carries unescaped.
fn is_nonce(text: &str) -> bool {
    (1..=NONCE_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// A text in both languages, as claims of OpenID4VCI's displays have it.
fn words([hu, en]: &[String; 2]) -> serde_json::Value {
    json!([{"lang": "hu", "value": hu}, {"lang": "en", "value": en}])
}
