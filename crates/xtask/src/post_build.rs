//! What happens to Trunk's output before it is a release: styles in one file, names by content,
//! the service worker's list, compressed copies. All in memory, from one set of files to another.

mod compress;
mod files;
mod names;
mod pack;
mod precache;
mod sections;
mod style;
mod wasm_opt;

pub use compress::{brotli, gzip};
pub use files::{Files, hex};
pub use precache::Release;

use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::env;
use std::path::PathBuf;

pub fn run(workspace: &Workspace) -> Result<()> {
    let folder = |name: &str| {
        env::var_os(name).map(PathBuf::from).with_context(|| format!("{name} is not set: Trunk calls this"))
    };
    let staging = folder("TRUNK_STAGING_DIR")?;
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");

    let mut files = files::load(&staging)?;
    files.extend(files::load_public(&workspace.root.join("public"))?);
    files.insert("waymark.css".into(), style::bundle(workspace)?.into_bytes());
    files.insert("pack.json".into(), pack::built_in(workspace)?);
    if release {
        wasm_opt::run(&mut files)?;
        sections::strip(&mut files)?;
    }
    let files = finish(files)?;
    files::replace(&staging, &compress::with_copies(files, release)?)
}

/// The pure part: names by content, then the list of what belongs to this release.
fn finish(files: Files) -> Result<Files> {
    let mut files = names::by_content(files)?;
    precache::list(&mut files)?;
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built() -> Files {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        Files::from([
            file(
                "index.html",
                r#"<script src="/boot.js"></script><script type="module" src="/start.js"></script>"#,
            ),
            file("boot.js", "register('/sw.js')"),
            file("start.js", "import init from '/waymark.js'; init('/waymark_bg.wasm')"),
            file("waymark.js", "import './snippets/a/inline0.js'; new URL('waymark_bg.wasm', x)"),
            file("waymark_bg.wasm", "\0asm"),
            file("snippets/a/inline0.js", "export const one = 1"),
            file("sw.js", "const RELEASE = 'unbuilt';\nconst FILES = {};\n"),
            file("icons/favicon.svg", "<svg/>"),
            file("icons/icon-192.png", "png"),
        ])
    }

    fn index(files: &Files) -> String {
        String::from_utf8(files["index.html"].clone()).unwrap()
    }

    #[test]
    fn a_change_in_the_glue_changes_every_name_above_it_and_the_release() {
        let before = finish(built()).unwrap();
        let mut changed = built();
        changed
            .insert("waymark.js".into(), b"import './snippets/a/inline0.js'; 2; 'waymark_bg.wasm'".to_vec());
        let after = finish(changed).unwrap();
        assert_ne!(index(&before), index(&after), "start.js names the glue, the page names start.js");
        let wasm = |files: &Files| files.keys().find(|name| name.contains("_bg-")).cloned();
        assert_eq!(wasm(&before), wasm(&after), "the wasm did not change");
        assert_ne!(before["sw.js"], after["sw.js"]);
    }

    #[test]
    fn the_same_input_gives_the_same_release() {
        assert_eq!(finish(built()).unwrap(), finish(built()).unwrap());
    }

    #[test]
    fn every_reference_in_the_output_is_to_a_file_that_is_there() {
        let files = finish(built()).unwrap();
        for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with("js") || name.ends_with("html")) {
            let text = String::from_utf8_lossy(bytes);
            for found in text.split(['"', '\'']).filter(|word| word.starts_with("/assets/")) {
                assert!(files.contains_key(found.trim_start_matches('/')), "{name} names {found}");
            }
        }
    }
}
