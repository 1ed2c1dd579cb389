//! Tasks of the workspace: `cargo xtask tidy`, `cargo xtask bench`.

mod bench;
mod tidy;

use std::process::ExitCode;

use anyhow::Context as _;

const USAGE: &str = "\
usage: cargo xtask tidy              hold the tree against the rules of ARCHITECTURE.md and deny.toml
       cargo xtask bench [--quick]   measure the release build beside the limits of crates/bench/budget.toml";

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("tidy") if arguments.len() == 1 => tidy::run(),
        Some("bench") => bench::run(&arguments[1..]),
        Some(_) | None => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}

/// The workspace's folder. Cargo says it when the task runs; a program from the cache may have been built
/// in another checkout.
fn workspace() -> anyhow::Result<std::path::PathBuf> {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").context("run this as `cargo xtask`")?;
    let root = std::path::Path::new(&own).parent().context("xtask lies in the workspace")?;
    Ok(root.to_owned())
}
