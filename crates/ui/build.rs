//! Turns `text/` into methods, and `assets/` into a table whose names carry their content.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;

/// In the order in which they are embedded: the style sheet names the fonts, so it comes last.
const FILES: [(&str, &str, &str); 7] = [
    ("icon.svg", "image/svg+xml", "ICON"),
    ("fonts/ahn.woff2", "font/woff2", "TEXT_FONT"),
    ("fonts/ahn-hu.woff2", "font/woff2", "HUNGARIAN_FONT"),
    ("fonts/ahm.woff2", "font/woff2", "MONO_FONT"),
    ("submit.js", "text/javascript; charset=utf-8", "SUBMIT"),
    ("wallet.js", "text/javascript; charset=utf-8", "WALLET"),
    ("base.css", "text/css; charset=utf-8", "STYLE"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    catalogue::build()?;
    let assets = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("assets");
    println!("cargo::rerun-if-changed={}", assets.display());
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut source = String::new();
    let mut table = Vec::new();
    let mut names: Vec<(&str, String)> = Vec::new();
    for (file, media_type, constant) in FILES {
        let mut bytes = fs::read(assets.join(file))?;
        if file == "base.css" {
            bytes = with_hashed_names(String::from_utf8(bytes)?, &names).into_bytes();
        }
        let path = hashed_name(file, &bytes)?;
        let place = out.join(file.replace('/', "-"));
        fs::write(&place, &bytes)?;
        let gzip = if media_type.starts_with("font/") { None } else { Some(compress(&place, &bytes)?) };
        let gzip =
            gzip.map_or("None".to_owned(), |place| format!("Some(include_bytes!({:?}))", place.to_string_lossy()));
        let place = place.to_string_lossy();
        writeln!(
            source,
            "/// `{file}`.\npub static {constant}: Asset = Asset {{ path: {path:?}, media_type: {media_type:?}, bytes: include_bytes!({place:?}), gzip: {gzip} }};"
        )?;
        table.push(format!("&{constant}"));
        names.push((file, path));
    }
    let (count, table) = (table.len(), table.join(", "));
    writeln!(source, "/// Every asset.\npub static ALL: [&Asset; {count}] = [{table}];")?;
    fs::write(out.join("assets.rs"), source)?;
    Ok(())
}

fn with_hashed_names(mut css: String, names: &[(&str, String)]) -> String {
    for (file, path) in names {
        css = css.replace(&format!("url({file})"), &format!("url({path})"));
    }
    css
}

/// `/assets/base.0123456789abcdef.css`: another content, another name (FNV-1a, 64 bits).
fn hashed_name(file: &str, bytes: &[u8]) -> Result<String, String> {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let name = file.rsplit('/').next().unwrap_or(file);
    let (stem, ending) = name.rsplit_once('.').ok_or("an asset has an ending")?;
    Ok(format!("/assets/{stem}.{hash:016x}.{ending}"))
}

fn compress(place: &Path, bytes: &[u8]) -> std::io::Result<PathBuf> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    let place = PathBuf::from(format!("{}.gz", place.display()));
    fs::write(&place, encoder.finish()?)?;
    Ok(place)
}
