//! A folder of files, held in memory.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Path inside the folder, with `/` between its parts, and content.
pub type Files = BTreeMap<String, Vec<u8>>;

pub fn load(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    add(&mut files, folder, "")?;
    Ok(files)
}

/// What is served as it is: everything of public/ but the page (Trunk's) and the styles (bundled).
pub fn load_public(folder: &Path) -> Result<Files> {
    let mut files = load(folder)?;
    files.retain(|name, _| name != "index.html" && !has_ending(name, &["css"]));
    Ok(files)
}

fn add(files: &mut Files, folder: &Path, prefix: &str) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            bail!("{} has a name that no address can have", path.display());
        };
        if name.starts_with('.') {
            continue;
        }
        let inside = format!("{prefix}{name}");
        if path.is_dir() {
            add(files, &path, &format!("{inside}/"))?;
        } else {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.insert(inside, bytes);
        }
    }
    Ok(())
}

/// Makes the folder hold these files and no others.
pub fn replace(folder: &Path, files: &Files) -> Result<()> {
    crate::process::remove_dir(folder)?;
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Whether the name ends in one of these, given without their dot.
pub fn has_ending(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_bytes_as_hex() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
    }

    #[test]
    fn a_folder_survives_the_way_out_and_in() {
        let folder = std::env::temp_dir().join(format!("waymark-files-{}", std::process::id()));
        let files = Files::from([("a.js".into(), b"1".to_vec()), ("icons/b.svg".into(), b"2".to_vec())]);
        replace(&folder, &files).unwrap();
        assert_eq!(load(&folder).unwrap(), files);
        fs::remove_dir_all(&folder).unwrap();
    }
}
