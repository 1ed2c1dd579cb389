//! What is said when something cannot be done: no codes, no blame, what to do next.

use askama::Template;
use ui::{Frame, Page};

use super::{ServiceName, Texts as _};

/// One page for every refusal that is not about a form.
#[derive(Template)]
#[template(path = "fault/fault.html")]
pub struct FaultPage {
    /// The frame.
    pub frame: Frame,
    /// What happened.
    pub fault: Fault,
    /// Where to go on.
    pub onward: Option<ui::Link>,
    /// What to say on the phone; stands in the log as well.
    pub reference: Option<String>,
}

/// What happened, as far as the person is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A service that we do not know sent the person (400).
    UnknownService,
    /// A known service sent a faulty request (400).
    FaultyRequest {
        /// The service.
        service: ServiceName,
    },
    /// The service's request was answered before, or is too old (410).
    RequestOver {
        /// The service.
        service: ServiceName,
        /// Where it begins.
        home: String,
    },
    /// The sign-in is over or was never begun in this browser (400, 410).
    TransactionOver,
    /// The session ended for want of use (401).
    SessionOver {
        /// Minutes without use.
        minutes: u32,
    },
    /// The picture or the deletion code is not shown again (410).
    Gone,
    /// A "not me" link was used, has run out or never was (410).
    LinkOver,
    /// Another window has begun or finished the same enrolment (409).
    Overtaken,
    /// The form was not made for this browser, or cookies are off (403).
    ForeignForm,
    /// the password alone opens the request of Ügyfélkapu+ only (403).
    EnrolmentOnly,
    /// The proof of a moment ago is too old (403).
    ProofTooOld,
    /// No such page (404).
    NotFound,
    /// A page that cannot be asked so (405).
    WrongMethod,
    /// Too much was sent (413).
    TooLarge,
    /// No page of ours has this address (421).
    Misdirected,
    /// Too many wrong tries; what was done so far is kept (429).
    TooManyTries {
        /// Clock time: "14:35".
        until: String,
    },
    /// Too many requests at once (429, 503).
    Busy,
    /// Our fault (500).
    Internal,
    /// Not available for a while (503).
    Unavailable,
}

impl Page for FaultPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        let t = self.t();
        match self.fault {
            Fault::UnknownService => t.fault_unknown_service(),
            Fault::FaultyRequest { .. } => t.fault_request(),
            Fault::RequestOver { .. } => t.fault_request_over(),
            Fault::TransactionOver => t.fault_transaction(),
            Fault::SessionOver { .. } => t.fault_session(),
            Fault::Gone => t.fault_gone(),
            Fault::LinkOver => t.fault_link(),
            Fault::Overtaken => t.fault_overtaken(),
            Fault::ForeignForm => t.fault_form(),
            Fault::EnrolmentOnly => t.fault_enrolment_only(),
            Fault::ProofTooOld => t.fault_proof(),
            Fault::NotFound => t.fault_not_found(),
            Fault::WrongMethod => t.fault_method(),
            Fault::TooLarge => t.fault_too_large(),
            Fault::Misdirected => t.fault_misdirected(),
            Fault::TooManyTries { .. } => t.fault_tries(),
            Fault::Busy => t.fault_busy(),
            Fault::Internal => t.fault_internal(),
            Fault::Unavailable => t.fault_unavailable(),
        }
        .into()
    }
}

impl FaultPage {
    /// What to do.
    fn advice(&self) -> String {
        let t = self.t();
        let fixed = match &self.fault {
            Fault::FaultyRequest { service } => return t.fault_request_advice(service.the_first(self.frame.lang)),
            Fault::RequestOver { service, .. } => {
                return t.fault_request_over_advice(service.the_first(self.frame.lang));
            }
            Fault::SessionOver { minutes } => return t.fault_session_advice(minutes),
            Fault::TooManyTries { until } => return t.fault_tries_advice(until),
            Fault::UnknownService => t.fault_unknown_service_advice(),
            Fault::TransactionOver => t.fault_transaction_advice(),
            Fault::Gone => t.fault_gone_advice(),
            Fault::LinkOver => t.fault_link_advice(),
            Fault::Overtaken => t.fault_overtaken_advice(),
            Fault::ForeignForm => t.fault_form_advice(),
            Fault::EnrolmentOnly => t.fault_enrolment_only_advice(),
            Fault::ProofTooOld => t.fault_proof_advice(),
            Fault::NotFound => t.fault_not_found_advice(),
            Fault::WrongMethod => t.fault_method_advice(),
            Fault::TooLarge => t.fault_too_large_advice(),
            Fault::Misdirected => t.fault_misdirected_advice(),
            Fault::Busy => t.fault_busy_advice(),
            Fault::Internal => t.fault_internal_advice(),
            Fault::Unavailable => t.fault_unavailable_advice(),
        };
        fixed.into()
    }
}
