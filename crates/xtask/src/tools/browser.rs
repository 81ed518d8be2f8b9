//! Chromium and the driver of the same version.

use super::system::{self, Packages};
use crate::process::{output_of, which};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::env;
use std::path::PathBuf;

pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// What is there, or what can be installed. `CHROMIUM` and `CHROMEDRIVER` name others.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = find() {
        return checked(browser);
    }
    system::install(&Packages {
        what: "Chromium with its driver",
        debian: &["chromium", "chromium-driver"],
        elsewhere: "Chromium (or Chrome) and the chromedriver of the same version, both on PATH, \
                    or named by the variables CHROMIUM and CHROMEDRIVER",
    })?;
    checked(find().context("Chromium was installed, but is not on PATH")?)
}

fn find() -> Option<Browser> {
    let named = |variable| env::var_os(variable).map(PathBuf::from);
    Some(Browser {
        chromium: named("CHROMIUM").or_else(|| NAMES.into_iter().find_map(which))?,
        driver: named("CHROMEDRIVER").or_else(|| which("chromedriver"))?,
    })
}

fn checked(browser: Browser) -> Result<Browser> {
    let said = |path: &PathBuf| output_of(path, &["--version"]).unwrap_or_default();
    let (chromium, driver) = (said(&browser.chromium), said(&browser.driver));
    match (major(&chromium), major(&driver)) {
        (Some(one), Some(other)) if one == other => Ok(browser),
        (Some(_), Some(_)) => bail!(
            "{} is `{chromium}`, but {} is `{driver}`: install the driver of the same version",
            browser.chromium.display(),
            browser.driver.display()
        ),
        _ => bail!(
            "{} or {} does not answer to --version: install them anew",
            browser.chromium.display(),
            browser.driver.display()
        ),
    }
}

/// The first number of what `--version` says: `Chromium 156.0.8078.73 built on…` → 156.
fn major(said: &str) -> Option<u32> {
    said.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

/// The capabilities for wasm-bindgen's test runner. No sandbox: root and containers have none to
/// give, and the pages are our own. The rest keeps the browser from calling its maker.
pub fn webdriver_capabilities(browser: &Browser) -> Value {
    json!({
        "goog:chromeOptions": {
            "binary": browser.chromium,
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version() {
        assert_eq!(major("Chromium 156.0.8078.73 built on Debian"), Some(156));
        assert_eq!(major("ChromeDriver 156.0.8078.73 (abc-refs/x@{#1})"), Some(156));
        assert_eq!(major("Google Chrome 9.1 "), Some(9));
        assert_eq!(major("no number here."), None);
    }

    #[test]
    fn the_runner_is_told_which_browser() {
        let browser = Browser { chromium: "/opt/chromium".into(), driver: "/opt/driver".into() };
        let said = webdriver_capabilities(&browser);
        assert_eq!(said["goog:chromeOptions"]["binary"], "/opt/chromium");
        assert!(said.to_string().contains("--headless"));
    }
}
