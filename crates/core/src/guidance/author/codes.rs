use std::collections::BTreeMap;

use super::Remarks;
use super::file::{File, Item, Section};
use crate::event::form::Codes;
use crate::guidance::{CodeLists, OPEN, ORIGINAL, OwnCode, lists};

const HEAD: &[&str] = &["title", "revision", "sources"];
const HEAD_TRANSLATED: &[&str] = &["title", "revision", "translation", "reviewed_by"];
/// What a button holds, in characters.
const LONGEST: usize = 60;
const LONGEST_CODE: usize = 40;
/// Of a list: more are not looked through.
const MOST: usize = 40;
/// In moments it stands for all codes.
const ANY: &str = "any";

pub(super) fn read(set: &BTreeMap<String, File>, remarks: &mut Remarks) -> CodeLists {
    let known = lists();
    let names: Vec<&str> = known.iter().map(|list| list.name).collect();
    for (language, file) in set {
        let original = language == ORIGINAL;
        file.only(if original { HEAD } else { HEAD_TRANSLATED }, &names, remarks);
        file.revision(remarks);
        file.translation(original, remarks);
    }
    let mut own = CodeLists::default();
    let Some(original) = set.get(ORIGINAL) else { return own };
    for section in &original.sections {
        let Some(list) = known.iter().find(|list| list.name == section.name) else { continue };
        let codes = codes(original, section, list, remarks);
        if !codes.is_empty() {
            own.0.insert(section.name.clone(), codes);
        }
    }
    for (language, file) in set.iter().filter(|(language, _)| *language != ORIGINAL) {
        translate(&mut own, language, file, remarks);
    }
    own
}

fn codes(file: &File, section: &Section, list: &Codes, remarks: &mut Remarks) -> Vec<OwnCode> {
    let mut all: Vec<OwnCode> = vec![];
    for item in &section.items {
        let Some((code, words)) = line(file, item, remarks) else { continue };
        if let Some(fault) = wrong(code, list) {
            remarks.fault(&file.path, item.line, fault);
        }
        if all.iter().any(|own| own.code == code) {
            remarks.fault(&file.path, item.line, format!("`{code}` stands here twice"));
        }
        let words = BTreeMap::from([(ORIGINAL.to_owned(), words.to_owned())]);
        all.push(OwnCode { code: code.to_owned(), words });
    }
    if all.is_empty() || all.len() > MOST {
        let words = format!("`{}` has {} codes; 1 to {MOST} are asked for", section.name, all.len());
        remarks.fault(&file.path, section.line, words);
    }
    all
}

/// `code: words`.
fn line<'a>(file: &File, item: &'a Item, remarks: &mut Remarks) -> Option<(&'a str, &'a str)> {
    let parts = item.text.split_once(':').map(|(code, words)| (code.trim(), words.trim()));
    let Some((code, words)) = parts.filter(|(_, words)| item.listed && !words.is_empty()) else {
        remarks.fault(&file.path, item.line, "a code is `- code: words`");
        return None;
    };
    let length = words.chars().count();
    if length > LONGEST {
        remarks.fault(&file.path, item.line, format!("has {length} characters; {LONGEST} are the most"));
    }
    Some((code, words))
}

/// What keeps a code from being one of the list's, or one of the organisation's own in it.
fn wrong(code: &str, list: &Codes) -> Option<String> {
    if list.codes.contains(&code) {
        return None;
    }
    if let Some(meant) = list.codes.iter().find(|own| own.eq_ignore_ascii_case(code)) {
        return Some(format!("`{code}` is written `{meant}`"));
    }
    if !OPEN.contains(&list.name) {
        let there = list.codes.join(", ");
        return Some(format!("`{}` takes no codes of one's own, only words for: {there}", list.name));
    }
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_code = code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.len() <= LONGEST_CODE
        && code.chars().all(letter)
        && code != ANY;
    let asked = "small letters, figures and `_`, at most";
    (!is_code).then(|| format!("`{code}` is no code: {asked} {LONGEST_CODE}, a letter first"))
}

/// Takes the words of a translation, and says which are missing and which translate nothing.
fn translate(own: &mut CodeLists, language: &str, file: &File, remarks: &mut Remarks) {
    for section in &file.sections {
        let mut none = vec![];
        let codes = own.0.get_mut(&section.name).unwrap_or(&mut none);
        for item in &section.items {
            let Some((code, words)) = line(file, item, remarks) else { continue };
            let Some(meant) = codes.iter_mut().find(|own| own.code == code) else {
                let says = format!("`{code}` of `{}` does not stand in the original", section.name);
                remarks.fault(&file.path, item.line, says);
                continue;
            };
            if meant.words.insert(language.to_owned(), words.to_owned()).is_some() {
                remarks.fault(&file.path, item.line, format!("`{code}` stands here twice"));
            }
        }
    }
    for (list, codes) in &own.0 {
        let line = file.section(list).map_or(1, |section| section.line);
        for missing in codes.iter().filter(|own| !own.words.contains_key(language)) {
            remarks.fault(&file.path, line, format!("`{}` of `{list}` is not translated", missing.code));
        }
    }
}
