//! `cargo xtask serve`: builds what is needed and becomes the server.

use crate::workspace::Workspace;
use crate::{app, server};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::fs;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

#[derive(Args)]
pub struct Options {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    /// Where the server keeps its data [default: target/xtask/serve-demo; with --no-demo: target/xtask/serve-data]
    #[arg(long)]
    data: Option<PathBuf>,
    #[command(flatten)]
    profile: ProfileFlags,
    #[command(flatten)]
    demo: DemoFlags,
}

#[derive(Args)]
struct ProfileFlags {
    /// Optimised builds: what people get (the default)
    #[arg(long, conflicts_with = "debug")]
    release: bool,
    /// Unoptimised builds: quicker to build, larger and slower to run
    #[arg(long)]
    debug: bool,
}

#[derive(Args)]
struct DemoFlags {
    /// With a demo organisation and its enrolment codes (the default)
    #[arg(long, conflicts_with = "no_demo")]
    demo: bool,
    /// Without the demo organisation
    #[arg(long)]
    no_demo: bool,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    // Before minutes of building, what would only fail after them.
    check_port(options.addr)?;
    let data = data_folder(workspace, options)?;
    let (app, server) = if options.profile.debug {
        (app::build(workspace, app::Profile::Debug)?, server::build(workspace, server::Profile::Debug)?)
    } else {
        (app::build(workspace, app::Profile::Release)?, server::build(workspace, server::Profile::Release)?)
    };
    println!("==> starting the server; its data is in {}; Ctrl-C ends it", data.display());
    let mut command = Command::new(&server);
    command.arg("serve").arg("--addr").arg(options.addr.to_string());
    command.arg("--data").arg(&data).arg("--app").arg(&app);
    if !options.demo.no_demo {
        command.arg("--demo");
    }
    hand_over(command).with_context(|| format!("cannot run {}", server.display()))
}

fn check_port(addr: SocketAddr) -> Result<()> {
    match TcpListener::bind(addr) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "{addr} is in use by another program. End that one, or choose another port: \
             cargo xtask serve --addr {}",
            SocketAddr::new(addr.ip(), addr.port().checked_add(1).unwrap_or(8080))
        ),
        Err(error) => Err(error).with_context(|| format!("cannot listen on {addr}")),
    }
}

fn data_folder(workspace: &Workspace, options: &Options) -> Result<PathBuf> {
    let data = options.data.clone().unwrap_or_else(|| {
        workspace.state().join(if options.demo.no_demo { "serve-data" } else { "serve-demo" })
    });
    fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
    Ok(data)
}

/// Becomes the server, so that Ctrl-C and every other signal reach it and nothing else.
#[cfg(unix)]
fn hand_over(mut command: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn hand_over(mut command: Command) -> Result<ExitCode> {
    let status = command.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_a_way_out() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let error = check_port(taken.local_addr().unwrap()).unwrap_err().to_string();
        assert!(error.contains("is in use") && error.contains("--addr 127.0.0.1:"), "{error}");
    }
}
