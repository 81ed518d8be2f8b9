use super::cargo;
use crate::process;
use crate::tools;
use crate::workspace::Workspace;
use anyhow::Result;

pub fn run(workspace: &Workspace) -> Result<()> {
    let path = process::path_with(&[tools::cargo_deny(workspace)?])?;
    let deny = |args: &[&str]| {
        process::run(
            cargo(workspace).arg("deny").args(args).env("PATH", &path).env("GIT_TERMINAL_PROMPT", "0"),
        )
    };
    deny(&["check", "--hide-inclusion-graph", "bans", "licenses", "sources"])?;
    println!("fetching the database of security advisories");
    if let Err(error) = deny(&["fetch", "db"]) {
        // Said, not passed over: a run without the network is still worth having.
        println!(
            "NOT CHECKED: security advisories. Their database could not be fetched ({error:#}). \
             Where the network allows it: cargo deny check advisories"
        );
        return Ok(());
    }
    deny(&["--offline", "check", "advisories"])
}
