use std::collections::{BTreeMap, BTreeSet};

use super::file::File;
use super::{CARDS, CHECKLISTS, PLANS, Remarks};
use crate::guidance::{ORIGINAL, Pack, Span, spans};

/// How many items a section has, and how long they are.
pub(super) struct Limit {
    pub section: &'static str,
    pub least: usize,
    pub most: usize,
    /// Of an item.
    pub characters: usize,
    /// Of a sentence.
    pub words: usize,
}

/// Every language is there, the original before all.
pub(super) fn languages(
    folder: &str,
    name: &str,
    set: &BTreeMap<String, File>,
    languages: &[&str],
    remarks: &mut Remarks,
) {
    let path = |language: &str| match folder {
        "" => format!("{name}.{language}.md"),
        folder => format!("{folder}/{name}.{language}.md"),
    };
    for language in languages {
        if !set.contains_key(*language) {
            remarks.fault(&path(language), 1, "is missing");
        }
    }
    if !languages.contains(&ORIGINAL) && !set.contains_key(ORIGINAL) {
        remarks.fault(&path(ORIGINAL), 1, "is missing: it says when the card is offered");
    }
}

/// The items of a section, within its limits.
pub(super) fn items(file: &File, language: &str, limit: &Limit, remarks: &mut Remarks) -> Vec<String> {
    let Some(section) = file.section(limit.section) else {
        remarks.fault(&file.path, 1, format!("has no heading `## {}`", limit.section));
        return vec![];
    };
    let count = section.items.len();
    if count < limit.least || count > limit.most {
        let words =
            format!("`{}` has {count} items; {} to {} are asked for", limit.section, limit.least, limit.most);
        remarks.fault(&file.path, section.line, words);
    }
    for item in &section.items {
        if !item.listed {
            remarks.fault(&file.path, item.line, "is no list item: begin it with `- ` or `1. `");
        }
        let read = as_read(&item.text);
        let length = read.chars().count();
        if length > limit.characters {
            remarks.fault(
                &file.path,
                item.line,
                format!("has {length} characters; {} are the most", limit.characters),
            );
        }
        // Translations are as long as their language makes them; the original is held to its words.
        let longest = sentences(&read).map(|sentence| sentence.split_whitespace().count()).max().unwrap_or(0);
        if language == ORIGINAL && longest > limit.words {
            remarks.fault(
                &file.path,
                item.line,
                format!("a sentence has {longest} words; {} are the most", limit.words),
            );
        }
    }
    section.items.iter().map(|item| item.text.clone()).collect()
}

/// The paragraphs of a section, together at most so many characters.
pub(super) fn paragraphs(
    file: &File,
    of: &str,
    name: &str,
    most: usize,
    remarks: &mut Remarks,
) -> Vec<String> {
    let Some(section) = file.section(name) else {
        if of == CARDS {
            remarks.fault(&file.path, 1, format!("has no heading `## {name}`"));
        }
        return vec![];
    };
    let length: usize = section.items.iter().map(|item| as_read(&item.text).chars().count()).sum();
    if length > most || length == 0 {
        remarks.fault(
            &file.path,
            section.line,
            format!("`{name}` has {length} characters; 1 to {most} are asked for"),
        );
    }
    section.items.iter().map(|item| item.text.clone()).collect()
}

/// Without marks.
fn as_read(text: &str) -> String {
    let part = |span: &Span<'_>| match span {
        Span::Plain(text) | Span::Strong(text) | Span::Card { words: text, .. } => (*text).to_owned(),
    };
    spans(text).iter().map(part).collect()
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '!', '?', ':', ';', '؟', '؛', '…']).filter(|sentence| !sentence.trim().is_empty())
}

/// Whose review is asked for.
pub(super) fn needs(file: &File, remarks: &mut Remarks) -> Option<String> {
    let needs = file.get("needs")?;
    if needs != "clinician" {
        remarks.fault(&file.path, file.line_of("needs"), "`needs` is `clinician`, or is left out");
    }
    Some(needs.to_owned())
}

pub(super) fn translated_revision(file: &File, own: u32, original: u32, remarks: &mut Remarks) {
    if own < original {
        let words = format!("translates revision {own}; the original is at {original}");
        remarks.fault(&file.path, file.line_of("revision"), words);
    } else if own > original {
        let words = format!("says it translates revision {own}; the original is at {original}");
        remarks.fault(&file.path, file.line_of("revision"), words);
    }
}

/// The reading level of the steps by LIX (C. H. Björnsson 1968: words in a sentence and per cent of words with more than
/// six letters), which is made for languages with this alphabet. Under 30 reads like a children's book, 40 like a novel.
const LIX_MOST: [(&str, f64); 3] = [("en", 42.0), ("fr", 52.0), ("es", 52.0)];

pub(super) fn reading(file: &File, language: &str, steps: &[String], remarks: &mut Remarks) {
    let Some((_, most)) = LIX_MOST.iter().find(|(own, _)| *own == language) else { return };
    let text: Vec<String> = steps.iter().map(|step| as_read(step)).collect();
    let words: Vec<&str> = text.iter().flat_map(|step| step.split_whitespace()).collect();
    let count: usize = text.iter().map(|step| sentences(step).count()).sum();
    let letters = |word: &&&str| word.chars().filter(|c| c.is_alphabetic()).count() > 6;
    let long = words.iter().filter(letters).count();
    if words.is_empty() || count == 0 {
        return;
    }
    #[allow(clippy::cast_precision_loss)] // some hundreds
    let (words, count, long) = (words.len() as f64, count as f64, long as f64);
    let lix = words / count + 100.0 * long / words;
    if lix > *most {
        let line = file.section("do").map_or(1, |section| section.line);
        let says = format!("reads at LIX {lix:.0}; {most:.0} is the most: shorter sentences, shorter words");
        remarks.fault(&file.path, line, says);
    }
}

/// Links lead to cards that are there, and to no card that one has come from alone.
pub(super) fn links(
    pack: &Pack,
    sets: &BTreeMap<(String, String), BTreeMap<String, File>>,
    known: &[&str],
    remarks: &mut Remarks,
) {
    let ids: BTreeSet<&str> =
        pack.cards.iter().map(|card| card.id.as_str()).chain(known.iter().copied()).collect();
    for ((folder, name), set) in sets {
        for file in set.values() {
            let items = file.sections.iter().flat_map(|section| &section.items);
            for item in items {
                for span in spans(&item.text) {
                    let Span::Card { id, .. } = span else { continue };
                    if !ids.contains(id) {
                        remarks.fault(
                            &file.path,
                            item.line,
                            format!("leads to a card that is not there: {id}"),
                        );
                    } else if folder == CARDS && id == name {
                        remarks.fault(&file.path, item.line, "leads to itself");
                    }
                }
                // What is no mark of ours is shown as it stands: probably not what was meant.
                if item.text.contains("](") && !item.text.contains("](card:") {
                    remarks.note(
                        &file.path,
                        item.line,
                        "has a link that is shown as text: only cards can be linked",
                    );
                }
                if item.text.contains('<') && item.text.contains('>') {
                    remarks.note(&file.path, item.line, "has HTML, which is shown as text");
                }
            }
        }
    }
}

/// A card of the pack that this one extends is seen no more, in any language.
pub(super) fn replaced(pack: &Pack, known: &[&str], remarks: &mut Remarks) {
    for card in pack.cards.iter().filter(|card| known.contains(&card.id.as_str())) {
        let languages: Vec<&str> = card.texts.keys().map(String::as_str).collect();
        let words = format!(
            "stands in the place of the built-in card, which is shown no more; languages: {}",
            languages.join(", ")
        );
        remarks.note(&format!("{CARDS}/{}.{ORIGINAL}.md", card.id), 1, words);
    }
}

/// The original of each text of a pack that lacks something only a person can give, as a path in its folder.
pub fn unreviewed(pack: &Pack) -> Vec<String> {
    let Pack { cards, checklists, plans, .. } = pack;
    let cards = cards.iter().map(|own| (CARDS, &own.id, &own.needs, &own.reviewed_by));
    let lists = checklists.iter().map(|own| (CHECKLISTS, &own.id, &own.needs, &own.reviewed_by));
    let plans = plans.iter().map(|own| (PLANS, &own.id, &own.needs, &own.reviewed_by));
    let all = cards.chain(lists).chain(plans);
    let wanting = all.filter(|(.., needs, reviewed)| needs.is_some() && reviewed.is_none());
    wanting.map(|(folder, id, ..)| format!("{folder}/{id}.{ORIGINAL}.md")).collect()
}
