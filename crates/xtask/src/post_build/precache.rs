//! What one release is made of, with each file's digest: written into the service worker, which
//! takes all of it or nothing, and into release.json for the tools.

use super::files::{Files, hex};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;

const RELEASE_LINE: &str = "const RELEASE = 'unbuilt';";
const FILES_LINE: &str = "const FILES = {};";
const REPORT: &str = "release.json";

/// What release.json says.
pub struct Release {
    pub id: String,
    /// Names of the files that the service worker keeps.
    pub files: Vec<String>,
}

impl Release {
    pub fn read(dist: &Path) -> Result<Self> {
        let path = dist.join(REPORT);
        let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let value: Value = serde_json::from_slice(&text).context("release.json is not JSON")?;
        let files = value["files"].as_object().context("release.json lists no files")?;
        Ok(Self {
            id: value["release"].as_str().context("release.json names no release")?.to_owned(),
            files: files.keys().map(|address| name_of(address)).collect(),
        })
    }
}

pub fn list(files: &mut Files) -> Result<()> {
    let worker = files.get("sw.js").context("public/sw.js is missing")?.clone();
    let worker = String::from_utf8(worker).context("public/sw.js is not text")?;
    let digests: serde_json::Map<String, Value> = files
        .iter()
        .filter(|(name, _)| is_kept(name))
        .map(|(name, bytes)| (address_of(name), hex(&Sha256::digest(bytes)).into()))
        .collect();
    // The worker's own text is part of the release: a new worker must never share a cache with an old one.
    let id = hex(&Sha256::digest(format!("{worker}{}", Value::Object(digests.clone()))))[..16].to_owned();
    let worker = fill(&worker, RELEASE_LINE, &format!("const RELEASE = '{id}';"))?;
    let worker = fill(&worker, FILES_LINE, &format!("const FILES = {};", Value::Object(digests.clone())))?;
    files.insert("sw.js".into(), worker.into_bytes());
    files.insert(REPORT.into(), json!({ "release": id, "files": digests }).to_string().into_bytes());
    Ok(())
}

/// Icons are the system's when it installs the app; a page in use asks for its own only.
fn is_kept(name: &str) -> bool {
    name != "sw.js" && (!name.starts_with("icons/") || name == "icons/favicon.svg")
}

fn address_of(name: &str) -> String {
    if name == "index.html" { "/".into() } else { format!("/{name}") }
}

fn name_of(address: &str) -> String {
    if address == "/" { "index.html".into() } else { address.trim_start_matches('/').into() }
}

fn fill(worker: &str, line: &str, with: &str) -> Result<String> {
    if worker.matches(line).count() != 1 {
        bail!("public/sw.js must have the line `{line}` exactly once");
    }
    Ok(worker.replace(line, with))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(index: &str) -> Files {
        let worker = format!("{RELEASE_LINE}\n{FILES_LINE}\n");
        Files::from([
            ("index.html".into(), index.into()),
            ("sw.js".into(), worker.into_bytes()),
            ("icons/favicon.svg".into(), b"svg".to_vec()),
            ("icons/a.png".into(), b"png".to_vec()),
        ])
    }

    fn worker(files: &Files) -> &str {
        std::str::from_utf8(&files["sw.js"]).unwrap()
    }

    #[test]
    fn the_worker_gets_every_kept_file_with_its_digest() {
        let mut files = built("x");
        list(&mut files).unwrap();
        let digest = hex(&Sha256::digest("x"));
        assert!(worker(&files).contains(&format!("\"/\":\"{digest}\"")), "{}", worker(&files));
        assert!(worker(&files).contains("\"/icons/favicon.svg\":"));
        assert!(!worker(&files).contains(".png") && !worker(&files).contains("/sw.js"));
    }

    #[test]
    fn another_page_is_another_release() {
        let (mut one, mut other) = (built("x"), built("y"));
        list(&mut one).unwrap();
        list(&mut other).unwrap();
        assert_ne!(worker(&one).lines().next(), worker(&other).lines().next());
    }

    #[test]
    fn a_worker_without_the_place_for_the_list_is_refused() {
        let mut files = built("x");
        files.insert("sw.js".into(), RELEASE_LINE.into());
        assert!(list(&mut files).unwrap_err().to_string().contains("const FILES"));
    }
}
