//! The files that pages ask for. A name carries its content, so an answer may be kept for ever:
//! `Cache-Control: public, max-age=31536000, immutable`.

/// One file, ready to be sent.
#[derive(Debug)]
pub struct Asset {
    /// Path on every origin, beginning with `/assets/`.
    pub path: &'static str,
    /// `Content-Type`.
    pub media_type: &'static str,
    /// The file as it is.
    pub bytes: &'static [u8],
    /// The same for `Content-Encoding: gzip`; absent where the file is compressed by itself.
    pub gzip: Option<&'static [u8]>,
}

/// The asset at `path`.
pub fn find(path: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.path == path).copied()
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));
