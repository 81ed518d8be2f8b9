//! The built-in standards pack as one file, out of the folder that people write.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use waymark_core::guidance::author::{About, read};
use waymark_core::guidance::{Bundle, LANGUAGES};
use waymark_core::json::Json;

pub fn built_in(workspace: &Workspace) -> Result<Vec<u8>> {
    let mut files = BTreeMap::new();
    add(&mut files, &workspace.root.join("crates/core/pack"), "")?;
    let (about, mut remarks) = About::read(files.get("pack.md").context("the built-in pack has no pack.md")?);
    let (id, version) = about.as_ref().map_or(("", 1), |about| (about.id.as_str(), about.version));
    let (pack, more) = read(id, version, &LANGUAGES, &[], &files);
    remarks.extend(more);
    let faults: Vec<_> = remarks.iter().filter(|remark| remark.fault).map(ToString::to_string).collect();
    let Some(about) = about.filter(|_| faults.is_empty()) else {
        bail!("the built-in pack has faults:\n{}", faults.join("\n"));
    };
    let bundle = Bundle { manifest: about.manifest(), pack };
    Ok(bundle.to_value().to_string().into_bytes())
}

fn add(files: &mut BTreeMap<String, String>, folder: &Path, above: &str) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add(files, &entry.path(), &format!("{name}/"))?;
        } else {
            files.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}
