//! `cargo xtask bench`: builds what is shipped, and what measures it, and measures.

use std::process::{Command, ExitCode};

use anyhow::{Context as _, ensure};

/// Builds the gateway by itself, so that nothing of the benchmark is in it, and runs the benchmark beside it.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let root = &crate::workspace()?;
    let cargo = |first: &[&str], more: &[String]| {
        let mut command = Command::new("cargo");
        command.args(first).args(more).current_dir(root).status().context("cargo")
    };
    let built = cargo(&["build", "--release", "--locked", "--package", "gateway"], &[])?;
    ensure!(built.success(), "the gateway is not built");
    let measured = cargo(&["run", "--release", "--locked", "--package", "bench", "--"], arguments)?;
    Ok(if measured.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
