//! Reads what people write, as docs/PACKS.md describes it, and says what is missing or wrong, by file and line.

mod about;
mod card;
mod check;
mod checklist;
mod codes;
mod contingency;
mod file;
mod levels;
mod messages;
mod signing;
mod speak;

use std::collections::BTreeMap;
use std::fmt;

pub use about::About;
pub use check::unreviewed;
pub use signing::{public_key, read_secret, secret_text, sign};

use super::{Card, Pack, SpeakCard};
use file::File;

/// Something that keeps a pack from being signed, or that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// As in the folder, with `/`.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    pub fault: bool,
    pub words: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.fault { "error" } else { "note" };
        write!(f, "{}:{}: {kind}: {}", self.path, self.line, self.words)
    }
}

/// What has been found so far.
#[derive(Debug, Default)]
struct Remarks(Vec<Remark>);

impl Remarks {
    fn fault(&mut self, path: &str, line: usize, words: impl Into<String>) {
        self.0.push(Remark { path: path.to_owned(), line, fault: true, words: words.into() });
    }

    fn note(&mut self, path: &str, line: usize, words: impl Into<String>) {
        self.0.push(Remark { path: path.to_owned(), line, fault: false, words: words.into() });
    }
}

/// The files of a pack's folder by path, read in order; with all there is to remark. What has faults is left out.
///
/// `id` and `version` are those of the pack; `languages` are asked to be complete; `known` are the cards of the pack
/// that this one extends, which links may lead to.
pub fn read(
    id: &str,
    version: u32,
    languages: &[&str],
    known: &[&str],
    files: &BTreeMap<String, String>,
) -> (Pack, Vec<Remark>) {
    let mut remarks = Remarks::default();
    let mut sets: BTreeMap<(String, String), BTreeMap<String, File>> = BTreeMap::new();
    let mut pack = Pack { id: id.to_owned(), version, ..Pack::default() };
    for (path, text) in files {
        if path == LEVELS {
            let file = File::read(path, text, &mut remarks);
            pack.rules.levels = file.map(|file| levels::read(&file, &mut remarks)).unwrap_or_default();
            continue;
        }
        let Some((folder, name, language)) = parts(path) else {
            if path != ABOUT {
                remarks.fault(path, 1, "is no file of a pack: FOLDER/NAME.LANGUAGE.md is asked for");
            }
            continue;
        };
        if let Some(file) = File::read(path, text, &mut remarks) {
            let set = sets.entry((folder.to_owned(), name.to_owned())).or_default();
            set.insert(language.to_owned(), file);
        }
    }
    for ((folder, name), set) in &sets {
        check::languages(folder, name, set, languages, &mut remarks);
        match folder.as_str() {
            CARDS => pack.cards.extend(card::read(name, set, &pack.rules.codes, &mut remarks)),
            CHECKLISTS => pack.checklists.extend(checklist::read(name, set, &mut remarks)),
            PLANS => pack.plans.extend(contingency::read(name, set, &pack.rules.codes, &mut remarks)),
            SPEAK => pack.speak.extend(speak::read(name, set, &pack.rules.codes, &mut remarks)),
            // They come before whatever names them: the top of the folder is read first.
            _ if name == CODES => pack.rules.codes = codes::read(set, &mut remarks),
            _ if name == MESSAGES => pack.messages = messages::read(set, &mut remarks),
            _ => {
                for file in set.values() {
                    remarks.fault(&file.path, 1, format!("there is no such part of a pack: {folder}/{name}"));
                }
            }
        }
    }
    check::replaced(&pack, known, &mut remarks);
    check::links(&pack, &sets, known, &mut remarks);
    (pack, remarks.0)
}

const ABOUT: &str = "pack.md";
const CARDS: &str = "cards";
const SPEAK: &str = "speak";
const CHECKLISTS: &str = "checklists";
const PLANS: &str = "plans";
const MESSAGES: &str = "messages";
const CODES: &str = "codes";
/// Minutes are the same in every language.
const LEVELS: &str = "levels.md";

/// Folder (empty at the top), name and language of `cards/checkpoint.en.md`.
fn parts(path: &str) -> Option<(&str, &str, &str)> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (name, language) = file.strip_suffix(".md")?.rsplit_once('.')?;
    let known_folder = matches!(folder, "" | CARDS | SPEAK | CHECKLISTS | PLANS);
    (known_folder && super::inline::is_id(name) && is_language(language)).then_some((folder, name, language))
}

fn is_language(text: &str) -> bool {
    (2..=8).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests;
