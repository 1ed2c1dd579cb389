//! Reads a QR code for browsers that cannot do it themselves.

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

/// The side of a picture, in pixels.
const SIDE: usize = 352;
/// Two pixels in an octet, each with 16 shades of grey: below the limit of every body.
const PICTURE_BYTES: usize = SIDE * SIDE / 2;

/// `POST /tarca/kep`: the first QR code in a picture, as text; 204 where none is seen.
pub(super) async fn read(request: Request<Body>) -> Response {
    let Ok(picture) = axum::body::to_bytes(request.into_body(), PICTURE_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if picture.len() != PICTURE_BYTES {
        return StatusCode::BAD_REQUEST.into_response();
    }
    // Looking takes milliseconds, and its end by a fault would be an empty picture as well.
    match tokio::task::spawn_blocking(move || text_in(&picture)).await {
        Ok(Some(text)) => text.into_response(),
        Ok(None) | Err(_) => StatusCode::NO_CONTENT.into_response(),
    }
}

fn text_in(picture: &[u8]) -> Option<String> {
    let shade = |x: usize, y: usize| {
        let pixel = y.min(SIDE - 1) * SIDE + x.min(SIDE - 1);
        let two = picture.get(pixel / 2).copied().unwrap_or_default();
        u16::from(if pixel.is_multiple_of(2) { two >> 4 } else { two & 0x0F }) * 0x11
    };
    // Twice as large, with what lies between two points between their shades: the reader misses codes whose points
    // are three pixels wide.
    let enlarged = |x: usize, y: usize| {
        let ([left, right], [above, below]) = ([x / 2, x.div_ceil(2)], [y / 2, y.div_ceil(2)]);
        let around = shade(left, above) + shade(right, above) + shade(left, below) + shade(right, below);
        u8::try_from(around / 4).unwrap_or(u8::MAX)
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(2 * SIDE, 2 * SIDE, enlarged);
    image.detect_grids().iter().find_map(|grid| Some(grid.decode().ok()?.1))
}
