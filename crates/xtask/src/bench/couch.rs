//! A PouchDB server to measure beside: express-pouchdb on `LevelDB`, as its defaults are.

use crate::tools::node;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Ends when this is dropped.
pub struct Peer {
    child: Child,
    address: String,
}

impl Peer {
    /// Starts one with its databases in a new folder.
    pub fn start(workspace: &Workspace, folder: &Path) -> Result<Self> {
        let bench = workspace.root.join("tests/bench");
        node::ensure()?;
        node::install_packages(&bench)?;
        fs::create_dir(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut command = Command::new("node");
        command.arg("lib/couch.mjs").arg(folder).current_dir(&bench).stdout(Stdio::piped());
        let child = command.spawn().context("cannot start the PouchDB server")?;
        let mut peer = Self { child, address: String::new() };
        let output = peer.child.stdout.take().context("no output to read")?;
        BufReader::new(output).read_line(&mut peer.address)?;
        peer.address.truncate(peer.address.trim_end().len());
        if !peer.address.starts_with("http") {
            bail!("the PouchDB server did not start");
        }
        Ok(peer)
    }

    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the PouchDB server was not seen to stop: {error}");
        }
    }
}
