use std::collections::BTreeMap;

use super::check::{self, Limit};
use super::file::File;
use super::{CARDS, Card, Remarks};
use crate::guidance::{CardText, CodeLists, FIELDS, Moment, ORIGINAL, axis_has};
use crate::rules::Role;

const HEAD: &[&str] =
    &["title", "words", "field", "revision", "when", "needs", "reviewed_by", "acknowledge", "sources"];
const HEAD_TRANSLATED: &[&str] = &["title", "words", "revision", "translation", "reviewed_by"];
const SECTIONS: &[&str] = &["do", "why", "avoid", "tell"];

const TITLE: usize = 40;
const STEPS: Limit = Limit { section: "do", least: 3, most: 7, characters: 120, words: 16 };
const AVOID: Limit = Limit { section: "avoid", least: 1, most: 5, characters: 130, words: 22 };
const TELL: Limit = Limit { section: "tell", least: 1, most: 4, characters: 130, words: 22 };
const WHY: usize = 600;
const WORDS: std::ops::RangeInclusive<usize> = 3..=16;

/// `codes` are the organisation's own, which moments may name.
pub(super) fn read(
    id: &str,
    set: &BTreeMap<String, File>,
    codes: &CodeLists,
    remarks: &mut Remarks,
) -> Option<Card> {
    let original = set.get(ORIGINAL)?;
    let (when, level, roles) = when(original, codes, remarks);
    let mut card = Card {
        id: id.to_owned(),
        field: original.get("field").unwrap_or_default().to_owned(),
        revision: original.revision(remarks),
        when,
        level,
        roles,
        needs: check::needs(original, remarks),
        reviewed_by: original.get("reviewed_by").map(str::to_owned),
        acknowledge: original.get("acknowledge") == Some("yes"),
        sources: original.get("sources").unwrap_or_default().to_owned(),
        texts: BTreeMap::new(),
    };
    if !FIELDS.contains(&card.field.as_str()) {
        let words = format!("`field` is one of: {}", FIELDS.join(", "));
        remarks.fault(&original.path, original.line_of("field"), words);
    }
    if card.sources.is_empty() {
        remarks.fault(&original.path, 1, "names no `sources`");
    }
    for (language, file) in set {
        card.texts.insert(language.clone(), text(file, language, card.revision, remarks));
    }
    Some(card)
}

fn text(file: &File, language: &str, revision: u32, remarks: &mut Remarks) -> CardText {
    let original = language == ORIGINAL;
    file.only(if original { HEAD } else { HEAD_TRANSLATED }, SECTIONS, remarks);
    let text = CardText {
        title: file.title(TITLE, remarks),
        words: file.list("words"),
        steps: check::items(file, language, &STEPS, remarks),
        why: check::paragraphs(file, CARDS, "why", WHY, remarks),
        avoid: check::items(file, language, &AVOID, remarks),
        tell: check::items(file, language, &TELL, remarks),
        translation: file.translation(original, remarks),
        revision: file.revision(remarks),
    };
    if !WORDS.contains(&text.words.len()) {
        let words =
            format!("`words` has {}; {} to {} make it found", text.words.len(), WORDS.start(), WORDS.end());
        remarks.fault(&file.path, file.line_of("words"), words);
    }
    check::translated_revision(file, text.revision, revision, remarks);
    check::reading(file, language, &text.steps, remarks);
    text
}

pub(super) fn when(
    file: &File,
    codes: &CodeLists,
    remarks: &mut Remarks,
) -> (Vec<Moment>, Option<u8>, Vec<String>) {
    let (mut moments, mut level, mut roles) = (vec![], None, vec![]);
    for text in file.list("when") {
        let line = file.line_of("when");
        match text.parse::<Moment>() {
            Ok(moment) if moment.axis == "level" => match moment.code.parse() {
                Ok(least @ 1..=6) => level = Some(least),
                _ => remarks.fault(&file.path, line, "a level is a figure from 1 to 6"),
            },
            Ok(moment) if moment.axis == "role" => match Role::from_code(&moment.code) {
                Some(role) => roles.push(role.code().to_owned()),
                None => remarks.fault(&file.path, line, format!("`{}` is no role", moment.code)),
            },
            Ok(moment) if axis_has(&moment, codes) => moments.push(moment),
            _ => remarks.fault(&file.path, line, format!("`{text}` is no moment; see docs/PACKS.md")),
        }
    }
    if moments.is_empty() && (level.is_some() || !roles.is_empty()) {
        let words = "a level or a role alone offers nothing";
        remarks.fault(&file.path, file.line_of("when"), words);
    }
    (moments, level, roles)
}
