use std::collections::BTreeMap;

use super::Remarks;
use super::check;
use super::file::File;
use crate::guidance::{CheckItem, Checklist, ChecklistText, ORIGINAL, SUBJECTS};

const HEAD: &[&str] = &["title", "words", "of", "days", "revision", "needs", "reviewed_by", "sources"];
const HEAD_TRANSLATED: &[&str] = &["title", "words", "revision", "translation", "reviewed_by"];
const TITLE: usize = 50;
const LONGEST: usize = 120;
const ITEMS: std::ops::RangeInclusive<usize> = 3..=24;

pub(super) fn read(id: &str, set: &BTreeMap<String, File>, remarks: &mut Remarks) -> Option<Checklist> {
    let original = set.get(ORIGINAL)?;
    let of = original.get("of").unwrap_or_default().to_owned();
    if !SUBJECTS.contains(&of.as_str()) {
        remarks.fault(
            &original.path,
            original.line_of("of"),
            format!("`of` is one of: {}", SUBJECTS.join(", ")),
        );
    }
    let days = original.get("days").and_then(|text| text.parse().ok()).filter(|days| *days > 0);
    if days.is_none() {
        remarks.fault(
            &original.path,
            original.line_of("days"),
            "`days` is for how many days it holds: 1 or more",
        );
    }
    let mut list = Checklist {
        id: id.to_owned(),
        of,
        days: days.unwrap_or(1),
        revision: original.revision(remarks),
        needs: check::needs(original, remarks),
        reviewed_by: original.get("reviewed_by").map(str::to_owned),
        sources: original.get("sources").unwrap_or_default().to_owned(),
        ..Checklist::default()
    };
    for (language, file) in set {
        let (items, text) = text(file, language, remarks);
        check::translated_revision(file, text.revision, list.revision, remarks);
        if language == ORIGINAL {
            list.items = items;
        } else if set.get(ORIGINAL).map(codes).is_some_and(|own| own != codes(file)) {
            remarks.fault(
                &file.path,
                1,
                "its items have other codes, order or `!` than those of the original",
            );
        }
        list.texts.insert(language.clone(), text);
    }
    Some(list)
}

/// What stands before the bar of each item.
fn codes(file: &File) -> Vec<String> {
    let items = file.section("items").map(|section| section.items.as_slice()).unwrap_or_default();
    items.iter().filter_map(|item| Some(item.text.split_once('|')?.0.trim().to_owned())).collect()
}

fn text(file: &File, language: &str, remarks: &mut Remarks) -> (Vec<CheckItem>, ChecklistText) {
    let original = language == ORIGINAL;
    file.only(if original { HEAD } else { HEAD_TRANSLATED }, &["items"], remarks);
    let mut items: Vec<CheckItem> = vec![];
    let mut words = BTreeMap::new();
    for item in file.section("items").map(|section| section.items.as_slice()).unwrap_or_default() {
        let Some((code, text)) = item.text.split_once('|') else {
            remarks.fault(&file.path, item.line, "an item is `- code | what is looked at`");
            continue;
        };
        let (code, must) = match code.trim().strip_suffix('!') {
            Some(code) => (code.trim().to_owned(), true),
            None => (code.trim().to_owned(), false),
        };
        let text = text.trim().to_owned();
        if text.chars().count() > LONGEST {
            remarks.fault(&file.path, item.line, format!("has more than {LONGEST} characters"));
        }
        if words.insert(code.clone(), text).is_some() {
            remarks.fault(&file.path, item.line, format!("`{code}` stands here twice"));
        }
        items.push(CheckItem { code, must });
    }
    if !ITEMS.contains(&items.len()) {
        let says = format!("has {} items; {} to {} are asked for", items.len(), ITEMS.start(), ITEMS.end());
        remarks.fault(&file.path, 1, says);
    }
    let text = ChecklistText {
        title: file.title(TITLE, remarks),
        words: file.list("words"),
        items: words,
        translation: file.translation(original, remarks),
        revision: file.revision(remarks),
    };
    (items, text)
}
