//! Services as they were last read, so that their metadata need not be read at every request.
//!
//! What rests is asked for at every request all the same: a service that was read is good only for the very record that it
//! was read from, so that a change, by whomever, counts at once.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use model::ServiceId;
use store::record::ClientRecord;

use super::service::SamlService;

/// How many are kept: when there are more, it is begun anew.
const KEPT_MAX: usize = 512;

#[derive(Clone)]
struct Kept {
    record: Arc<ClientRecord>,
    service: SamlService,
}

/// The services, by their entity IDs.
#[derive(Default)]
pub(crate) struct KeptServices(ArcSwap<HashMap<ServiceId, Kept>>);

impl KeptServices {
    /// The service as it was read from this very record.
    pub(super) fn get(&self, record: &ClientRecord) -> Option<SamlService> {
        let all = self.0.load();
        let kept = all.get(&record.service.id).filter(|kept| *kept.record == *record)?;
        Some(kept.service.clone())
    }

    /// Keeps what was read from a record.
    pub(super) fn keep(&self, record: ClientRecord, service: SamlService) {
        let kept = Kept { record: Arc::new(record), service };
        self.0.rcu(|all| {
            let mut all = if all.len() < KEPT_MAX { HashMap::clone(all) } else { HashMap::new() };
            all.insert(kept.record.service.id.clone(), kept.clone());
            all
        });
    }
}

#[cfg(test)]
mod tests {
    use model::{Article, Purposes, Service, ServiceTerms};
    use store::record::{ClientState, Protocol};

    use super::*;

    fn record(id: &str, metadata: &str) -> ClientRecord {
        let service = Service {
            id: ServiceId::new(id),
            article: Article::A,
            name_hu: "Minta".to_owned(),
            name_en: "Sample".to_owned(),
            home: "https://sp.example/".to_owned(),
            terms: ServiceTerms::default(),
            purposes: Purposes::default(),
        };
        ClientRecord { service, protocol: Protocol::Saml, metadata: metadata.to_owned(), state: ClientState::Enabled }
    }

    fn read(record: &ClientRecord) -> SamlService {
        let service = record.service.clone();
        SamlService { service, entity: Arc::default(), sp: Arc::default(), good_until: None }
    }

    #[test]
    fn a_service_is_good_for_the_record_that_it_was_read_from() {
        let kept = KeptServices::default();
        let first = record("a", "1");
        assert!(kept.get(&first).is_none());
        let made = read(&first);
        kept.keep(first.clone(), made.clone());
        assert!(kept.get(&first).is_some_and(|again| Arc::ptr_eq(&again.sp, &made.sp)));
        // Its metadata, its terms and its state.
        let mut stricter = first.clone();
        stricter.service.terms.min_level = Some(model::Level::Two);
        let disabled = ClientRecord { state: ClientState::Disabled, ..first.clone() };
        for changed in [record("a", "2"), stricter, disabled, record("b", "1")] {
            assert!(kept.get(&changed).is_none(), "{changed:?}");
        }
        let second = record("a", "2");
        kept.keep(second.clone(), read(&second));
        assert!(kept.get(&second).is_some() && kept.get(&first).is_none());
    }

    #[test]
    fn no_more_are_kept_than_the_limit_says() {
        let kept = KeptServices::default();
        for nth in 0..=KEPT_MAX {
            let record = record(&format!("sp{nth}"), "1");
            kept.keep(record.clone(), read(&record));
        }
        assert_eq!(kept.0.load().len(), 1);
    }
}
