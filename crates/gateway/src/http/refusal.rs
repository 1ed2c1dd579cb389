//! The small page of a refusal that is made before any page of ours is asked.

use askama::Template;
use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use model::Lang;

use crate::text::Text;

/// Both languages, since nothing is known of the person; no link, no style, no word of the request.
#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    hu: Words,
    en: Words,
    reference: String,
}

struct Words {
    heading: &'static str,
    advice: &'static str,
    reference_label: &'static str,
}

impl Words {
    fn of(status: StatusCode, lang: Lang) -> Self {
        let text = Text::of(lang);
        let (heading, advice) = match status {
            StatusCode::MISDIRECTED_REQUEST => (text.misdirected_heading(), text.misdirected_advice()),
            StatusCode::PAYLOAD_TOO_LARGE => (text.too_large_heading(), text.too_large_advice()),
            StatusCode::REQUEST_TIMEOUT => (text.too_slow_heading(), text.too_slow_advice()),
            StatusCode::INTERNAL_SERVER_ERROR => (text.ours_heading(), text.ours_advice()),
            _ => (text.bad_request_heading(), text.bad_request_advice()),
        };
        Self { heading, advice, reference_label: text.reference_label() }
    }
}

/// The page for `status`; `reference` is what stands in the log.
pub(super) fn refuse(status: StatusCode, reference: &impl ToString) -> Response {
    let page = RefusalPage {
        hu: Words::of(status, Lang::Hu),
        en: Words::of(status, Lang::En),
        reference: reference.to_string(),
    };
    // Without its words an answer is still an answer.
    let mut response = Response::new(Body::from(page.render().unwrap_or_default()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
