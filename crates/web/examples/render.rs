//! Writes every sample page to a folder, one file a state and language, with the assets beside
//! them: `cargo run -p web --example render -- FOLDER`.

use std::path::PathBuf;
use std::{env, fs};

mod samples;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = env::args_os().nth(1).map(PathBuf::from).ok_or("usage: render FOLDER")?;
    fs::create_dir_all(folder.join("assets"))?;
    for asset in ui::assets::ALL {
        fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes)?;
    }
    for lang in [ui::Lang::Hu, ui::Lang::En] {
        for sample in samples::all(lang)? {
            fs::write(folder.join(format!("{}-{}.html", sample.name, lang.tag())), sample.html)?;
        }
    }
    Ok(())
}
