use std::process::ExitCode;

use clap::Parser as _;
use waymark_server::command::Command;

#[tokio::main]
async fn main() -> ExitCode {
    match Command::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("waymark-server: {error}");
            ExitCode::FAILURE
        }
    }
}
