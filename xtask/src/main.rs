//! Tasks of the workspace: `cargo xtask tidy`.

mod tidy;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask tidy    hold the tree against the rules of ARCHITECTURE.md and deny.toml";

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("tidy") if arguments.len() == 1 => tidy::run(),
        Some(_) | None => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}
