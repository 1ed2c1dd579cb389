//! `kapu`: the program.

use std::process::ExitCode;

use clap::Parser as _;
use gateway::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
