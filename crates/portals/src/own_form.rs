//! A form that was sent from our own page by whom the page was made for.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use model::limits::BODY_BYTES;

use crate::fault::Fault;
use crate::visitor::Visitor;

/// The fields of a form that carried its visitor's token.
pub(crate) struct OwnForm(Vec<(String, String)>);

impl OwnForm {
    /// What stands in the field; empty when the form lacks it.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

impl<S: Sync> FromRequest<S> for OwnForm {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let Some(visitor) = request.extensions().get::<Visitor>().cloned() else {
            return Err(Response::builder()
                .status(StatusCode::INTERNAL_SERVER_ERROR)
                .body(Body::empty())
                .unwrap_or_default());
        };
        let (parts, body) = request.into_parts();
        let form = async {
            if is_foreign(&parts.headers) {
                return Err(Fault::ForeignForm);
            }
            let fields = fields(&parts.headers, body).await?;
            let form = OwnForm(fields);
            verify_slices_are_equal(form.field("csrf").as_bytes(), visitor.csrf().as_bytes())
                .map_err(|_| Fault::ForeignForm)?;
            Ok(form)
        };
        form.await.map_err(|fault| fault.answer(&visitor))
    }
}

/// The fields of a url-encoded form.
pub(crate) async fn fields(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, Fault> {
    let body = urlencoded(headers, body).await?;
    Ok(form_urlencoded::parse(&body).into_owned().collect())
}

/// A url-encoded form as it came.
pub(crate) async fn urlencoded(headers: &HeaderMap, body: Body) -> Result<Bytes, Fault> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Fault::NotAForm);
    }
    axum::body::to_bytes(body, BODY_BYTES).await.map_err(|_| Fault::TooLarge)
}

/// Whether the browser says that another site made it send this.
fn is_foreign(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site != "same-origin",
        None => match (headers.get(header::ORIGIN), headers.get(header::HOST)) {
            (Some(origin), Some(host)) => {
                let origin = origin.to_str().unwrap_or_default();
                origin.split_once("://").map(|(_, authority)| authority.as_bytes()) != Some(host.as_bytes())
            }
            (Some(_), None) => true,
            (None, _) => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn w05_what_another_site_makes_a_browser_send_is_foreign() {
        #[rustfmt::skip]
        let table = [
            // Sec-Fetch-Site        Origin                                      foreign
            (Some("same-origin"),   Some("http://posta.localhost:8080"),         false),
            (Some("same-origin"),   Some("null"),                                false),
            (Some("cross-site"),    Some("http://posta.localhost:8080"),         true),
            (Some("same-site"),     None,                                        true),
            (None,                  Some("null"),                                true),
            (None,                  Some("http://evil.localhost:8080"),          true),
            (None,                  Some("http://posta.localhost:8080"),         false),
            (None,                  None,                                        false),
        ];
        for (site, origin, foreign) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("posta.localhost:8080"));
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(is_foreign(&headers), foreign, "{site:?} {origin:?}");
        }
    }
}
