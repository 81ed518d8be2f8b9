//! The browser tests of tests/e2e, and the environment they and the benchmarks run in.

use super::backends;
use crate::process;
use crate::tools::browser::{self, Browser};
use crate::tools::node;
use crate::workspace::Workspace;
use crate::{app, server};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Environment {
    app: PathBuf,
    server: PathBuf,
    browser: Browser,
}

impl Environment {
    /// For the scripts of `folder`, which says itself what packages it needs.
    pub fn prepare(workspace: &Workspace, folder: &Path, profile: server::Profile) -> Result<Self> {
        if !folder.join("package.json").is_file() {
            bail!("{} has no package.json: there is nothing to run", folder.display());
        }
        node::ensure()?;
        node::install_packages(folder)?;
        Ok(Self {
            browser: browser::ensure()?,
            app: app::build(workspace, app::Profile::Release)?,
            server: server::build(workspace, profile)?,
        })
    }

    pub fn apply(&self, command: &mut Command) {
        command
            .env("WAYMARK_APP", &self.app)
            .env("WAYMARK_SERVER", &self.server)
            .env("CHROMIUM", &self.browser.chromium)
            .env("CHROMEDRIVER", &self.browser.driver);
    }
}

pub fn run(workspace: &Workspace) -> Result<()> {
    // The app as people get it; the server as the native tests have built it already.
    let python = backends::prepare(workspace)?;
    let environment = Environment::prepare(workspace, &workspace.end_to_end(), server::Profile::Debug)?;
    let mut command = Command::new("npx");
    command.args(["--no-install", "playwright", "test"]).current_dir(workspace.end_to_end());
    environment.apply(&mut command);
    process::run(command.env(backends::PYTHON, python))
}
