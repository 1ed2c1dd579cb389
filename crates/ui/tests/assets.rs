//! The assets as they are sent.

use std::io::Read as _;

use flate2::read::GzDecoder;
use ui::assets;

#[test]
fn a_name_carries_its_content_and_is_found() {
    for asset in assets::ALL {
        let (_, rest) = asset.path.split_once('.').expect("a name has a hash");
        let (hash, _) = rest.split_once('.').expect("a hash has an ending after it");
        assert!(hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{}", asset.path);
        assert_eq!(assets::find(asset.path).map(|found| found.bytes), Some(asset.bytes));
    }
    assert!(assets::find("/assets/base.css").is_none());
}

#[test]
fn the_compressed_form_is_the_same_file() {
    for asset in assets::ALL {
        let Some(gzip) = asset.gzip else { continue };
        let mut plain = Vec::new();
        GzDecoder::new(gzip).read_to_end(&mut plain).expect("gzip reads back");
        assert_eq!(plain, asset.bytes, "{}", asset.path);
        assert!(gzip.len() < asset.bytes.len());
    }
}

#[test]
fn the_script_of_the_wallets_page_is_small() {
    assert!(assets::WALLET.bytes.len() <= 2048, "{} bytes", assets::WALLET.bytes.len());
}

#[test]
fn the_style_sheet_names_only_our_files_and_every_font() {
    let css = std::str::from_utf8(assets::STYLE.bytes).expect("CSS is UTF-8");
    assert!(!css.contains("data:") && !css.contains("http:") && !css.contains("@import"));
    let named: Vec<_> = css.split("url(").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let fonts = [&assets::TEXT_FONT, &assets::HUNGARIAN_FONT, &assets::MONO_FONT].map(|font| font.path);
    assert_eq!(named, fonts);
}
