//! A person chooses another identity provider: the request to it.

use data_encoding::BASE64URL_NOPAD;
use idp::Purpose;
use idp::keys::digest_handle;
use journey::Offer;
use model::{Handle, Lang, Timestamp, limits};
use store::record::{AuditRecord, UpstreamRequestRecord};
use store::{Change, Committed, Op};

use super::{Asked, Resting, Upstream, UpstreamProtocol};
use crate::login::LoginView;
use crate::{Broker, Fault, audit};

/// Another identity provider on the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamView {
    /// Names it in forms.
    pub id: String,
    /// What it is called, in Hungarian and in English.
    pub name: [String; 2],
    /// How it is shown; never [`Offer::Absent`].
    pub offer: Offer,
}

/// What became of the choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskedUpstream {
    /// The browser goes there.
    Go {
        /// The address with the request.
        location: String,
    },
    /// It cannot be used now; the other methods can.
    Down,
}

/// What is asked of a sign-in elsewhere.
pub(super) struct Wanted<'a> {
    pub(super) handle: &'a Handle,
    pub(super) asked: &'a Asked,
    /// The longest accepted age of the sign-in, in seconds.
    pub(super) max_age: u64,
    pub(super) lang: Lang,
}

impl Broker {
    /// The other identity providers as they are shown on the way to a service.
    pub(crate) fn offered_upstreams(&self, offer: impl Fn(&Upstream) -> Offer) -> Vec<UpstreamView> {
        let views = self.upstreams().providers.iter().map(|upstream| UpstreamView {
            id: upstream.id.clone(),
            name: upstream.name.clone(),
            offer: offer(upstream),
        });
        views.filter(|view| view.offer != Offer::Absent).collect()
    }

    /// Begins a sign-in at another identity provider.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when it is not offered.
    pub async fn ask_upstream(
        &self,
        view: &LoginView,
        id: &str,
        browser: &Handle,
        lang: Lang,
    ) -> Result<AskedUpstream, Fault> {
        let upstream = self.upstream(id).ok_or(Fault::Stale)?;
        if !view.upstreams.iter().any(|shown| shown.id == id && shown.offer == Offer::Offered) {
            return Err(Fault::Stale);
        }
        let now = self.now();
        let demand = view.demand();
        let max_age = demand.max_age.unwrap_or(limits::SESSION_TOTAL).min(limits::SESSION_TOTAL);
        let anew = demand.not_before.is_some();
        let mut asked = Asked {
            upstream: upstream.id.clone(),
            login: view.id.clone(),
            browser: digest_handle(browser),
            begun: now,
            anew,
            authenticated_since: if anew { now } else { now - max_age },
            request_id: None,
        };
        let handle = Handle::draw(self.random());
        let wanted = Wanted { handle: &handle, asked: &asked, max_age: max_age.as_secs(), lang };
        let location = match &upstream.protocol {
            UpstreamProtocol::OpenIdConnect { client_id, .. } => {
                self.oidc_request(upstream, client_id, &wanted).await.map(|location| (location, None))
            }
            UpstreamProtocol::Saml { .. } => {
                self.saml_request(upstream, &wanted)?.map(|(location, request_id)| (location, Some(request_id)))
            }
        };
        let Ok((location, request_id)) = location else { return Ok(AskedUpstream::Down) };
        asked.request_id = request_id;
        let request = Resting::Asked(asked).write()?;
        let expires_at = now + limits::UPSTREAM_REQUEST;
        let record = UpstreamRequestRecord { digest: digest_handle(&handle), request, expires_at };
        let change = Change::new(upstream_audit(now, "upstream.asked", upstream)).with(Op::PutUpstreamRequest(record));
        match self.store().commit(change).await? {
            Committed::Done => Ok(AskedUpstream::Go { location }),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }

    /// Something that only we can say of a request's handle: nothing of it need be kept.
    pub(super) fn derived(&self, what: &str, handle: &Handle) -> String {
        let parts = [what.as_bytes(), handle.expose().as_bytes()];
        BASE64URL_NOPAD.encode(&self.keys().mac(Purpose::UpstreamRequest, &parts))
    }

    /// An address of ours for a provider.
    pub(super) fn upstream_address(&self, upstream: &Upstream, end: &str) -> String {
        format!("{}/upstream/{}/{end}", self.endpoints().issuer, upstream.id)
    }
}

/// An audit record about a provider and nobody yet.
pub(super) fn upstream_audit(at: Timestamp, event: &'static str, upstream: &Upstream) -> AuditRecord {
    AuditRecord { detail: format!("upstream={}", upstream.id), ..audit(at, event) }
}
