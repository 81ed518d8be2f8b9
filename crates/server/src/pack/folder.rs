use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, DirEntry, File};
use std::io::{self, Read as _};
use std::path::Path;

use waymark_core::event::Stamp;
use waymark_core::guidance::author::{About, Remark, read, unreviewed};
use waymark_core::guidance::{MAX_FILES, Pack, Translation};

use super::{BUILT_IN_CARDS, PackError, count, day};

pub(super) const ABOUT: &str = "pack.md";
/// For whoever opens the folder; it is no part of the pack.
pub(super) const README: &str = "README.txt";
/// What `waymark-core` calls too large, and a little more to show that it is.
const MAX_BYTES: u64 = 200_001;

/// A pack's folder, read and looked over.
#[derive(Debug)]
pub struct Checked {
    /// None where `pack.md` does not say what the pack is.
    pub about: Option<About>,
    pub pack: Pack,
    /// By file and line.
    pub remarks: Vec<Remark>,
}

/// Reads a folder that people write and says all there is to say of it.
///
/// # Errors
/// The folder cannot be read.
pub fn check(folder: &Path, now: Stamp) -> Result<Checked, PackError> {
    let (files, mut remarks) = read_folder(folder).map_err(PackError::cannot_read(folder))?;
    let mut checked = check_files(&files, now);
    remarks.append(&mut checked.remarks);
    remarks.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
    Ok(Checked { remarks, ..checked })
}

/// As [`check`], of files that are read already.
pub(super) fn check_files(files: &BTreeMap<String, String>, now: Stamp) -> Checked {
    let (about, mut remarks) = match files.get(ABOUT) {
        Some(text) => About::read(text),
        None => (None, vec![fault(ABOUT, "is missing: it says what the pack is called")]),
    };
    let (id, version) = about.as_ref().map_or(("", 0), |about| (about.id.as_str(), about.version));
    let languages = about.as_ref().map_or(&[][..], |about| &about.languages[..]);
    let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
    let (pack, own) = read(id, version, &languages, BUILT_IN_CARDS, files);
    remarks.extend(own);
    if let Some(about) = about.as_ref().filter(|about| about.expires <= now) {
        let words = format!("has expired on {}: phones show it as old", day(about.expires));
        remarks.push(note(ABOUT, words));
    }
    let wanting = "waits for the review of a clinician, who is then named in `reviewed_by`";
    remarks.extend(unreviewed(&pack).iter().map(|path| note(path, wanting.to_owned())));
    Checked { about, pack, remarks }
}

fn fault(path: &str, words: &str) -> Remark {
    Remark { path: path.to_owned(), line: 1, fault: true, words: words.to_owned() }
}

fn note(path: &str, words: String) -> Remark {
    Remark { path: path.to_owned(), line: 1, fault: false, words }
}

impl Checked {
    pub fn faults(&self) -> usize {
        self.remarks.iter().filter(|remark| remark.fault).count()
    }

    /// How each text of the pack came about.
    fn translations(&self) -> impl Iterator<Item = Translation> {
        let Pack { cards, checklists, plans, speak, .. } = &self.pack;
        let cards = cards.iter().flat_map(|own| own.texts.values()).map(|text| text.translation);
        let speak = speak.iter().flat_map(|own| own.texts.values()).map(|text| text.translation);
        let lists = checklists.iter().flat_map(|own| own.texts.values()).map(|text| text.translation);
        let plans = plans.iter().flat_map(|own| own.texts.values()).map(|text| text.translation);
        cards.chain(lists).chain(plans).chain(speak)
    }

    /// A line for each remark, and one for the whole.
    pub fn report(&self) -> String {
        let mut text = String::new();
        for remark in &self.remarks {
            let _ = writeln!(text, "{remark}");
        }
        let machine = self.translations().filter(|how| *how == Translation::Machine).count();
        let (faults, notes) = (self.faults(), self.remarks.len() - self.faults());
        let name = self.about.as_ref().map_or("this pack", |about| &about.id);
        let Pack { cards, checklists, plans, speak, rules, .. } = &self.pack;
        let _ = write!(text, "{name}: {}", count(cards.len(), "card"));
        for (number, one) in [(checklists.len(), "checklist"), (plans.len(), "plan")] {
            let _ = write!(text, ", {}", count(number, one));
        }
        let _ = write!(text, ", {} to read out", count(speak.len(), "card"));
        let codes = rules.codes.0.values().map(Vec::len).sum();
        let _ = write!(text, ", {}, {}", count(rules.levels.len(), "level"), count(codes, "code"));
        if machine > 0 {
            let _ = write!(text, ", {} by machine that nobody has reviewed", count(machine, "translation"));
        }
        let _ = writeln!(text, "; {}, {}", count(faults, "error"), count(notes, "note"));
        text
    }
}

/// The text files of a folder and of the folders in it, by path with `/`.
fn read_folder(folder: &Path) -> io::Result<(BTreeMap<String, String>, Vec<Remark>)> {
    let mut all = Files::default();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(name) = all.name(&entry, "") else { continue };
        if entry.file_type()?.is_dir() {
            for inner in fs::read_dir(entry.path())? {
                let inner = inner?;
                let Some(path) = all.name(&inner, &format!("{name}/")) else { continue };
                if inner.file_type()?.is_dir() {
                    all.remarks.push(fault(&path, "is a folder where a pack has none"));
                } else {
                    all.take(path, &inner)?;
                }
            }
        } else if name != README {
            all.take(name, &entry)?;
        }
    }
    Ok((all.texts, all.remarks))
}

#[derive(Default)]
struct Files {
    texts: BTreeMap<String, String>,
    remarks: Vec<Remark>,
}

impl Files {
    /// The path of an entry. None for what file managers and editors leave behind, and what has no name in letters.
    fn name(&mut self, entry: &DirEntry, before: &str) -> Option<String> {
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let path = format!("{before}{}", name.to_string_lossy());
            self.remarks.push(fault(&path, "has a name that is no text"));
            return None;
        };
        (!name.starts_with('.')).then(|| format!("{before}{name}"))
    }

    fn take(&mut self, path: String, entry: &DirEntry) -> io::Result<()> {
        // What it leads to is another's, and may be anything.
        if !entry.file_type()?.is_file() {
            self.remarks.push(fault(&path, "is no file but leads to one: put the file itself here"));
            return Ok(());
        }
        // So many as phones take, in more languages than any pack has.
        if self.texts.len() > MAX_FILES * 20 {
            return Err(io::Error::other("there are too many files"));
        }
        let mut bytes = vec![];
        File::open(entry.path())?.take(MAX_BYTES).read_to_end(&mut bytes)?;
        let cut_off = bytes.len() as u64 == MAX_BYTES;
        if let Err(error) = std::str::from_utf8(&bytes)
            && !cut_off
        {
            let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
            let words = "is no text in UTF-8 from here on: save it as UTF-8";
            self.remarks.push(Remark { line, ..fault(&path, words) });
        }
        // What else there is to say of it is said as well.
        self.texts.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
