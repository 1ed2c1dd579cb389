//! Metadata that is fetched, and fetched again: from where, why it is believed, and how long it is good.
//!
//! What is fetched is believed because one of the pinned keys signed it or, where none is pinned, because TLS vouches
//! for the address. It changes a service's metadata alone: never what the operator said of it, nor whether it is
//! enabled.

use std::time::Duration;

use data_encoding::BASE64;
use model::{Service, ServiceId, StatedTerms, Timestamp, limits};
use saml::metadata::METADATA_BYTES_MAX;
use store::record::{ClientRecord, MetadataSourceRecord};
use store::{Change, Committed, Op};
use xmlsec::{Certificate, VerifyingKey};

use super::service::{Registrable, SamlOptions, Stored, registrable};
use crate::{Broker, Fault, RegisterError, audit};

/// Sources that are read in one go.
const BATCH: u32 = 32;
/// The most certificates that are pinned for one source: the present one, its successor, and some to spare.
const SIGNERS_MAX: usize = 8;

/// Why metadata that may be registered cannot be kept.
pub(super) const UNSTORABLE: &str = "the metadata is not UTF-8, or longer than 1 MiB in canonical form";
const UNREADABLE: Fault = Fault::Damaged("metadata source");

/// Where a service's metadata is read, and read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlSource {
    url: String,
    signers: Vec<Certificate>,
}

/// Whoever fetches documents: HTTP, in the binary; a list, in tests.
#[async_trait::async_trait]
pub trait MetadataFetcher: Send + Sync {
    /// Fetches the document at `url`, within limits of size and time.
    ///
    /// # Errors
    ///
    /// Why there is none, in words for the log.
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, String>;
}

/// How long what was fetched is good, and when it is fetched again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Freshness {
    pub(super) good_until: Timestamp,
    pub(super) due_at: Timestamp,
}

impl Freshness {
    /// By `validUntil` and `cacheDuration` (SAML Metadata section 4.3), both within our limits. It is fetched again
    /// before half of its time is over, so that a source may fail for a while.
    pub(super) fn of(valid_until: Timestamp, cache_duration: Option<i64>, now: Timestamp) -> Self {
        let good_until = valid_until.min(now + limits::METADATA_LIFE);
        let cache = cache_duration.map(|seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or_default()));
        let wait = cache.unwrap_or(limits::METADATA_REFRESH_MAX).min(good_until.since(now) / 2);
        let wait = wait.clamp(limits::METADATA_REFRESH_MIN, limits::METADATA_REFRESH_MAX);
        Self { good_until, due_at: now + wait }
    }
}

impl SamlSource {
    /// An address, and certificates in PEM (RFC 7468) one of whose keys must have signed what it gives.
    ///
    /// # Errors
    ///
    /// [`RegisterError::Metadata`] when the text holds no certificate, too many, or one whose key is not accepted.
    pub fn new(url: &str, signers: Option<&str>) -> Result<Self, RegisterError> {
        let signers = match signers {
            None => Vec::new(),
            Some(text) => pinned(text).ok_or_else(|| {
                let reason = "the certificates of the feed are no PEM with 1 to 8 certificates around RSA keys of at \
                              least 2048 bits or ECDSA keys";
                RegisterError::Metadata(reason.to_owned())
            })?,
        };
        Ok(Self { url: url.to_owned(), signers })
    }

    pub(super) fn keys(&self) -> Vec<VerifyingKey> {
        self.signers.iter().map(|certificate| certificate.key().clone()).collect()
    }

    pub(super) fn record(&self, client: ServiceId, due_at: Timestamp) -> MetadataSourceRecord {
        let signers: Vec<String> = self.signers.iter().map(|certificate| BASE64.encode(certificate.der())).collect();
        MetadataSourceRecord { client, url: self.url.clone(), signers: signers.join(" "), due_at }
    }

    fn read(record: &MetadataSourceRecord) -> Result<Self, Fault> {
        let certificate = |text: &str| Certificate::parse(&BASE64.decode(text.as_bytes()).ok()?).ok();
        let signers = record.signers.split_ascii_whitespace().map(certificate).collect::<Option<_>>();
        Ok(Self { url: record.url.clone(), signers: signers.ok_or(UNREADABLE)? })
    }
}

fn pinned(pem: &str) -> Option<Vec<Certificate>> {
    let mut parts = pem.split("-----BEGIN CERTIFICATE-----");
    parts.next();
    let certificate = |part: &str| {
        let (text, _) = part.split_once("-----END CERTIFICATE-----")?;
        let dense: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        Certificate::parse(&BASE64.decode(&dense).ok()?).ok()
    };
    let all = parts.map(certificate).collect::<Option<Vec<_>>>()?;
    (1..=SIGNERS_MAX).contains(&all.len()).then_some(all)
}

/// What reading a source again came to.
enum Read {
    Fresh {
        record: ClientRecord,
        due_at: Timestamp,
    },
    /// The last good metadata stay, for this reason.
    Failed {
        event: &'static str,
        reason: String,
    },
}

impl Broker {
    /// Reads again the metadata that are due. One that cannot be had or is refused leaves the last good one in its
    /// place until that expires, and is tried again after [`limits::METADATA_REFRESH_MIN`].
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn refresh_metadata(&self, fetcher: &dyn MetadataFetcher) -> Result<(), Fault> {
        for source in self.store().metadata_sources_due(self.now(), BATCH).await? {
            let read = self.read_again(&source, fetcher).await?;
            let now = self.now();
            let (event, due_at) = match &read {
                Read::Fresh { due_at, .. } => ("metadata.refreshed", *due_at),
                Read::Failed { event, reason } => {
                    tracing::warn!(service = source.client.as_str(), %reason, "metadata stay as they were");
                    (*event, now + limits::METADATA_REFRESH_MIN)
                }
            };
            let mut told = audit(now, event);
            told.detail = format!("service={}", source.client.as_str());
            let put_off = Op::ScheduleMetadata { client: source.client, seen: source.due_at, due_at };
            let refreshed = match read {
                Read::Fresh { record, .. } => {
                    Some(Op::RefreshClient { service: record.service, metadata: record.metadata })
                }
                Read::Failed { .. } => None,
            };
            // Refused: it was imported or read again by somebody else meanwhile.
            let _: Committed = self.store().commit(Change::new(told).with(put_off).with_all(refreshed)).await?;
        }
        Ok(())
    }

    async fn read_again(&self, source: &MetadataSourceRecord, fetcher: &dyn MetadataFetcher) -> Result<Read, Fault> {
        let failed = |event, reason: String| Ok(Read::Failed { event, reason });
        let (Some(former), Ok(from)) = (self.store().client(&source.client).await?, SamlSource::read(source)) else {
            return failed("metadata.refused", UNREADABLE.to_string());
        };
        let Ok(stored) = serde_json::from_str::<Stored>(&former.metadata) else {
            return failed("metadata.refused", UNREADABLE.to_string());
        };
        let xml = match fetcher.fetch(&source.url).await {
            Ok(xml) => xml,
            Err(reason) => return failed("metadata.unreachable", reason),
        };
        let options = SamlOptions {
            terms: StatedTerms::default(),
            purposes: None,
            loopback: stored.loopback,
            entity: Some(source.client.as_str().to_owned()),
            source: Some(from),
        };
        let read = match registrable(&xml, &options, self.now()) {
            Ok(read) => read,
            Err(refusal) => return failed("metadata.refused", refusal.to_string()),
        };
        let Some((metadata, due_at)) = stored_as(&xml, &read, &options) else {
            return failed("metadata.refused", UNSTORABLE.to_owned());
        };
        let Service { terms, purposes, .. } = former.service.clone();
        let service = Service { terms, purposes, ..read.service.service };
        let record = ClientRecord { service, metadata, ..former };
        Ok(Read::Fresh { record, due_at: due_at.unwrap_or(self.now() + limits::METADATA_REFRESH_MAX) })
    }
}

/// Metadata as they rest, and when they are due again if they are fetched; `None` where [`UNSTORABLE`] says why.
pub(super) fn stored_as(xml: &[u8], read: &Registrable, options: &SamlOptions) -> Option<(String, Option<Timestamp>)> {
    // Where a signature was checked, what rests is what was hashed.
    let text = read.verified.as_deref().map_or_else(|| std::str::from_utf8(xml), Ok).ok()?;
    if text.len() > METADATA_BYTES_MAX {
        return None;
    }
    let stored = Stored {
        xml: text.to_owned(),
        loopback: options.loopback,
        entity: options.entity.clone(),
        good_until: read.freshness.map(|freshness| freshness.good_until.seconds()),
    };
    Some((serde_json::to_string(&stored).ok()?, read.freshness.map(|freshness| freshness.due_at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_are_fetched_again_within_limits_and_before_half_their_time() {
        const HOUR: u64 = 3600;
        let now = Timestamp::from_seconds(1_000_000_000);
        let hours = |count: u64| Duration::from_secs(count * HOUR);
        for (valid, cache, good, due) in [
            // Hours of: validUntil, cacheDuration, how long it is good, when it is due.
            (14 * 24, None, 14 * 24, 24),
            (14 * 24, Some(6), 14 * 24, 6),
            (14 * 24, Some(0), 14 * 24, 1),
            (14 * 24, Some(1000), 14 * 24, 24),
            (10, None, 10, 5),
            (10, Some(8), 10, 5),
            (1, None, 1, 1),
            (10_000, Some(12), 28 * 24, 12),
        ] {
            let cache = cache.map(|hours| hours * 3600);
            let expected = Freshness { good_until: now + hours(good), due_at: now + hours(due) };
            assert_eq!(Freshness::of(now + hours(valid), cache, now), expected, "{valid} {cache:?}");
        }
    }

    #[test]
    fn pinned_certificates_are_read_and_rest() {
        for bad in ["", "MIIB", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"] {
            assert!(SamlSource::new("https://feed.example/", Some(bad)).is_err(), "{bad}");
        }
        let open = SamlSource::new("https://feed.example/", None).unwrap();
        let record = open.record(ServiceId::new("a"), Timestamp::from_seconds(1));
        assert_eq!(SamlSource::read(&record).unwrap(), open);
        let damaged = MetadataSourceRecord { signers: "MIIB".to_owned(), ..record };
        assert!(SamlSource::read(&damaged).is_err());
    }
}
