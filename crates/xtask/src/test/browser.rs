use super::{cargo, count};
use crate::app::DEBUG_RUSTFLAGS;
use crate::tools::{self, browser, wasm_target};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::fs;

pub fn run(workspace: &Workspace) -> Result<()> {
    wasm_target::ensure()?;
    let runner = tools::wasm_bindgen(workspace)?.join("wasm-bindgen-test-runner");
    let browser = browser::ensure()?;
    let capabilities = workspace.state().join("webdriver.json");
    fs::create_dir_all(workspace.state()).context("cannot make a folder for the driver's settings")?;
    fs::write(&capabilities, browser::webdriver_capabilities(&browser).to_string())
        .with_context(|| format!("cannot write {}", capabilities.display()))?;
    count::run(
        cargo(workspace)
            .args(["test", "--package", "waymark", "--target", wasm_target::NAME, "--tests"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("CHROMEDRIVER", &browser.driver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "420")
            // Two cores also build and serve: the driver may be slow to come up.
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30")
            .env(DEBUG_RUSTFLAGS.0, DEBUG_RUSTFLAGS.1),
        "the app",
    )
}
