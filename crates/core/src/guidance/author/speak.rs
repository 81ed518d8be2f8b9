use std::collections::BTreeMap;

use super::file::File;
use super::{Remarks, SPEAK, SpeakCard, check};
use crate::guidance::{CodeLists, Moment, ORIGINAL, SpeakLine, SpeakText, axis_has};

const HEAD: &[&str] = &["title", "words", "revision", "when", "needs", "sources"];
const HEAD_TRANSLATED: &[&str] = &["title", "words", "revision", "translation", "reviewed_by"];
const FILLS: [&str; 8] = ["who", "position", "time", "people", "vehicle", "movement", "kind", "phone"];

const TITLE: usize = 40;
const USE: usize = 220;
const PROMPT: usize = 110;

/// As of cards.
pub(super) fn read(
    id: &str,
    set: &BTreeMap<String, File>,
    codes: &CodeLists,
    remarks: &mut Remarks,
) -> Option<SpeakCard> {
    let original = set.get(ORIGINAL)?;
    let mut when = vec![];
    for text in original.list("when") {
        match text.parse::<Moment>() {
            Ok(moment) if axis_has(&moment, codes) => when.push(moment),
            _ => remarks.fault(&original.path, original.line_of("when"), format!("`{text}` is no moment")),
        }
    }
    let mut card = SpeakCard {
        id: id.to_owned(),
        revision: original.revision(remarks),
        when,
        needs: original.get("needs").map(str::to_owned),
        sources: original.get("sources").unwrap_or_default().to_owned(),
        texts: BTreeMap::new(),
    };
    let line_codes = |text: &SpeakText| {
        text.lines.iter().map(|line| (line.code.clone(), line.fill.clone())).collect::<Vec<_>>()
    };
    let first = text(original, ORIGINAL, remarks);
    for (language, file) in set.iter().filter(|(language, _)| *language != ORIGINAL) {
        let own = text(file, language, remarks);
        if line_codes(&own) != line_codes(&first) {
            remarks.fault(&file.path, 1, "its lines have other codes or fills than those of the original");
        }
        check::translated_revision(file, own.revision, card.revision, remarks);
        card.texts.insert(language.clone(), own);
    }
    card.texts.insert(ORIGINAL.to_owned(), first);
    Some(card)
}

fn text(file: &File, language: &str, remarks: &mut Remarks) -> SpeakText {
    let original = language == ORIGINAL;
    file.only(if original { HEAD } else { HEAD_TRANSLATED }, &["use", "lines"], remarks);
    let listed = file.section("lines").map(|section| section.items.clone()).unwrap_or_default();
    if listed.is_empty() {
        remarks.fault(&file.path, 1, "has no lines to read out under `## lines`");
    }
    let mut lines: Vec<SpeakLine> = vec![];
    for entry in listed {
        let parts: Vec<&str> = entry.text.split('|').map(str::trim).collect();
        let (code, spoken, prompt, known) = match parts.as_slice() {
            [code, spoken, prompt] => (code, spoken, prompt, None),
            [code, spoken, prompt, known] if FILLS.contains(known) => {
                (code, spoken, prompt, Some((*known).to_owned()))
            }
            _ => {
                remarks.fault(
                    &file.path,
                    entry.line,
                    "a line is `- code | Label | what belongs there | fill`",
                );
                continue;
            }
        };
        if lines.iter().any(|line| line.code == *code) {
            remarks.fault(&file.path, entry.line, format!("`{code}` stands here twice"));
        }
        if prompt.chars().count() > PROMPT {
            remarks.fault(&file.path, entry.line, format!("has more than {PROMPT} characters"));
        }
        lines.push(SpeakLine {
            code: (*code).to_owned(),
            label: (*spoken).to_owned(),
            prompt: (*prompt).to_owned(),
            fill: known,
        });
    }
    SpeakText {
        title: file.title(TITLE, remarks),
        words: file.list("words"),
        usage: check::paragraphs(file, SPEAK, "use", USE, remarks).join(" "),
        lines,
        translation: file.translation(original, remarks),
        revision: file.revision(remarks),
    }
}
