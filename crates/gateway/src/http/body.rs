//! A request's body, whole and within its limits before anybody looks at it.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use model::limits;
use tokio::time::timeout;

/// What is too large is still read this far, in bytes, so that its sender hears the answer: who closes on
/// a sender cuts off the own words too.
const HEARD_OUT: usize = 1024 * 1024;

/// Takes a body in: at most [`limits::BODY_BYTES`] in [`limits::BODY_TIME`], and not compressed.
///
/// Every form and message of ours is small, so it is read here once, for all routes alike, also for
/// those that would not have looked at it.
///
/// # Errors
///
/// 413, 408 or 415; 400 when the connection broke or the framing was wrong.
pub(super) async fn take(headers: &HeaderMap, body: Body) -> Result<Body, StatusCode> {
    if body.is_end_stream() {
        return Ok(body);
    }
    let too_large = body.size_hint().lower() > limits::BODY_BYTES as u64;
    if too_large && headers.contains_key(header::EXPECT) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let taken = timeout(limits::BODY_TIME, read(body)).await.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT))?;
    if headers.get_all(header::CONTENT_ENCODING).iter().any(|coding| coding != "identity") {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    Ok(Body::from(taken))
}

async fn read(mut body: Body) -> Result<Bytes, StatusCode> {
    let mut taken = BytesMut::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| StatusCode::BAD_REQUEST)?.into_data() else { continue };
        length += data.len();
        if length > HEARD_OUT {
            break;
        }
        if length <= limits::BODY_BYTES {
            taken.extend_from_slice(&data);
        }
    }
    if length > limits::BODY_BYTES { Err(StatusCode::PAYLOAD_TOO_LARGE) } else { Ok(taken.freeze()) }
}
