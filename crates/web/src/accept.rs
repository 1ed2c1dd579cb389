//! What a caller would rather have (RFC 9110 section 12.5.1).

use axum::http::{HeaderMap, header};

/// How much a media type is wanted, in thousandths: by the most specific range that it falls into. Whoever says nothing
/// takes everything.
pub(crate) fn quality(headers: &HeaderMap, media_type: &str) -> u16 {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let of_type = media_type.split('/').next().unwrap_or_default();
    let (mut best, mut is_said) = (None, false);
    for range in lines.flat_map(|line| line.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        is_said |= !name.is_empty();
        let specificity = if name.eq_ignore_ascii_case(media_type) {
            3
        } else if name.strip_suffix("/*").is_some_and(|of| of.eq_ignore_ascii_case(of_type)) {
            2
        } else if name == "*/*" {
            1
        } else {
            continue;
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let found = (specificity, weight.map_or(1000, thousandths));
        best = best.max(Some(found));
    }
    best.map_or(if is_said { 0 } else { 1000 }, |(_, quality)| quality)
}

/// A weight (section 12.4.2); of what is none, nothing.
fn thousandths(weight: &str) -> u16 {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = rest.len() <= 3 && rest.bytes().all(|octet| octet.is_ascii_digit());
    match whole {
        "1" if digits => 1000,
        "0" if digits => format!("{rest:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn how_much_a_type_is_wanted() {
        #[rustfmt::skip]
        let table: [(&[&'static str], u16, u16); 13] = [
            (&[],                                               1000, 1000),
            (&[""],                                             1000, 1000),
            (&["application/jwt"],                              1000, 0),
            (&["application/json"],                             0,    1000),
            (&["*/*"],                                          1000, 1000),
            (&["text/html"],                                    0,    0),
            (&["APPLICATION/JWT;q=0.9, application/json;q=0.5"], 900, 500),
            (&["application/jwt;q=0.25", "application/*"],      250,  1000),
            (&["*/*;q=0.1, application/jwt"],                   1000, 100),
            (&["application/jwt;q=0, */*"],                     0,    1000),
            (&["application/jwt;q=2"],                          0,    0),
            (&["application/jwt;q=0.1234"],                     0,    0),
            (&["application/jwt; charset=x; Q=0.7"],            700,  0),
        ];
        for (lines, jwt, json) in table {
            let lines = lines.iter().map(|line| (header::ACCEPT, HeaderValue::from_static(line)));
            let headers: HeaderMap = lines.collect();
            let wanted = ["application/jwt", "application/json"].map(|media_type| quality(&headers, media_type));
            assert_eq!(wanted, [jwt, json], "{headers:?}");
        }
    }
}
