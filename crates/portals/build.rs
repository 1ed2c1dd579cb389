//! Turns `text/` into methods, and the files of the phone's wallet into a table.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    catalogue::build()?;
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("assets/telefon");
    println!("cargo::rerun-if-changed={}", folder.display());
    let source = table(&scripts(&folder)?)?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("wallet_files.rs"), source)?;
    Ok(())
}

/// The modules, in the order of their names; the folder holds nothing else that is served.
fn scripts(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut scripts = entries.collect::<Result<Vec<_>, _>>()?;
    scripts.retain(|path| path.extension().is_some_and(|ending| ending == "js"));
    scripts.sort();
    Ok(scripts)
}

/// Modules name each other as neighbours, so it is their folder's name that carries their content: another
/// content, another name (FNV-1a, 64 bits).
fn table(scripts: &[PathBuf]) -> Result<String, Box<dyn std::error::Error>> {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut rows = String::new();
    for path in scripts {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a script's name is no text")?;
        for byte in name.bytes().chain(fs::read(path)?) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        writeln!(rows, "    ({name:?}, include_str!({:?})),", path.to_string_lossy())?;
    }
    Ok(format!(
        "/// Of the modules' content.\npub(super) const VERSION: &str = \"{hash:016x}\";\n\
         /// Name and content of every module.\npub(super) const FILES: &[(&str, &str)] = &[\n{rows}];\n"
    ))
}
