//! A QR code as an inline picture.

use std::fmt;

use askama::filters::HtmlSafe;

/// A QR code, drawn in units of one module. Not `Debug`: what it draws may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct QrCode {
    /// Modules on a side, the quiet zone of four on each side included.
    pub size: usize,
    /// The dark modules as the `d` of one SVG path.
    pub path: String,
}

/// The picture with `label` as its name for those who cannot see it. "Hidden" is its fate on
/// paper: the class keeps it from being printed.
pub fn hidden_qr(code: &QrCode, label: &str) -> impl HtmlSafe {
    Picture { size: code.size, path: escaped(&code.path), label: escaped(label) }
}

struct Picture {
    size: usize,
    path: String,
    label: String,
}

impl HtmlSafe for Picture {}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { size, path, label } = self;
        write!(
            f,
            "<figure class=\"qr secret\"><svg viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"{label}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>\
             <path fill=\"#000\" d=\"{path}\"/></svg></figure>"
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_name_and_stays_off_paper() {
        let code = QrCode { size: 29, path: "M4 4h7v1h-7z".into() };
        let html = hidden_qr(&code, "QR <kód>").to_string();
        assert!(html.contains("viewBox=\"0 0 29 29\"") && html.contains("aria-label=\"QR &lt;kód&gt;\""));
        assert!(html.contains("class=\"qr secret\"") && !html.contains("style="));
    }
}
