use waymark_core::guidance::{Change, ORIGINAL, SpeakCard, SpeakLine, SpeakText};

use super::lists::{in_text, part, plain, set, was};
use super::{by_id, by_language, named};

pub fn changes(old: &[SpeakCard], new: &[SpeakCard]) -> Vec<Change> {
    let name = |card: &SpeakCard| {
        let title = card.text(ORIGINAL).map(|(_, text)| text.title.clone());
        named("speak", title, &card.id, card.texts.keys())
    };
    by_id(old, new, |card| &card.id, name, card)
}

fn card(old: &SpeakCard, new: &SpeakCard) -> Vec<Change> {
    let mut lines = vec![];
    let texts = |card: &SpeakCard| card.when.iter().map(ToString::to_string).collect::<Vec<_>>();
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    lines.extend(was(plain("revision"), Some(old.revision.to_string()), Some(new.revision.to_string())));
    lines.extend(set(plain("when"), &texts(old), &texts(new)));
    lines.extend(was(plain("needs"), old.needs.clone(), new.needs.clone()));
    lines.extend(was(plain("sources"), said(&old.sources), said(&new.sources)));
    lines.extend(by_language(&old.texts, &new.texts, |text| text.translation, texts_differ));
    lines
}

fn texts_differ(language: &str, old: &SpeakText, new: &SpeakText) -> Vec<Change> {
    let mut lines = vec![];
    lines.extend(was(in_text("title", language), Some(old.title.clone()), Some(new.title.clone())));
    lines.extend(set(in_text("found_by", language), &old.words, &new.words));
    lines.extend(was(in_text("use", language), Some(old.usage.clone()), Some(new.usage.clone())));
    let find = |text: &SpeakText, code: &str| text.lines.iter().find(|line| line.code == code).map(spoken);
    let gone = old.lines.iter().filter(|line| find(new, &line.code).is_none());
    for line in new.lines.iter().chain(gone) {
        lines.extend(was(part("line", &line.code, language), find(old, &line.code), find(new, &line.code)));
    }
    let order = |text: &SpeakText| text.lines.iter().map(|line| line.code.clone()).collect::<Vec<_>>();
    let sorted = |text: &SpeakText| {
        let mut codes = order(text);
        codes.sort();
        codes
    };
    if sorted(old) == sorted(new) {
        let said = |text: &SpeakText| Some(order(text).join(", "));
        lines.extend(was(in_text("line_order", language), said(old), said(new)));
    }
    let how = |text: &SpeakText| Some(text.translation.code().to_owned());
    lines.extend(was(in_text("translation", language), how(old), how(new)));
    lines
}

fn spoken(line: &SpeakLine) -> String {
    let fill = line.fill.as_ref().map(|fill| format!(" | {fill}")).unwrap_or_default();
    format!("{} | {}{fill}", line.label, line.prompt)
}
