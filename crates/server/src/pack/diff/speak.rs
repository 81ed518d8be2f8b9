use waymark_core::guidance::{ORIGINAL, SpeakCard, SpeakLine, SpeakText};

use super::lists::{quoted, set, was};
use super::{by_id, by_language, named};

pub fn changes(old: &[SpeakCard], new: &[SpeakCard]) -> Vec<String> {
    let name = |card: &SpeakCard| {
        let title = card.text(ORIGINAL).map(|(_, text)| text.title.as_str()).unwrap_or_default();
        format!("to read out: {}", named(title, &card.id, card.texts.keys()))
    };
    by_id(old, new, |card| &card.id, name, card)
}

fn card(old: &SpeakCard, new: &SpeakCard) -> Vec<String> {
    let mut lines = vec![];
    let texts = |card: &SpeakCard| card.when.iter().map(ToString::to_string).collect::<Vec<_>>();
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    lines.extend(was("revision", Some(old.revision.to_string()), Some(new.revision.to_string())));
    lines.extend(set("when", &texts(old), &texts(new)));
    lines.extend(was("needs", old.needs.clone(), new.needs.clone()));
    lines.extend(was("sources", said(&old.sources), said(&new.sources)));
    lines.extend(by_language(&old.texts, &new.texts, |text| text.translation, texts_differ));
    lines
}

fn texts_differ(language: &str, old: &SpeakText, new: &SpeakText) -> Vec<String> {
    let mut lines = vec![];
    let named = |name: &str| format!("{name}, {language}");
    lines.extend(was(&named("title"), Some(quoted(&old.title)), Some(quoted(&new.title))));
    lines.extend(set(&named("found by"), &old.words, &new.words));
    lines.extend(was(&named("use"), Some(quoted(&old.usage)), Some(quoted(&new.usage))));
    let find = |text: &SpeakText, code: &str| text.lines.iter().find(|line| line.code == code).map(spoken);
    let gone = old.lines.iter().filter(|line| find(new, &line.code).is_none());
    for line in new.lines.iter().chain(gone) {
        let name = named(&format!("line {}", line.code));
        lines.extend(was(&name, find(old, &line.code), find(new, &line.code)));
    }
    let order = |text: &SpeakText| text.lines.iter().map(|line| line.code.clone()).collect::<Vec<_>>();
    let sorted = |text: &SpeakText| {
        let mut codes = order(text);
        codes.sort();
        codes
    };
    if order(old) != order(new) && sorted(old) == sorted(new) {
        lines.push(format!("its lines stand in another order, {language}: {}", order(new).join(", ")));
    }
    let how = |text: &SpeakText| Some(text.translation.code().to_owned());
    lines.extend(was(&named("translation"), how(old), how(new)));
    lines
}

fn spoken(line: &SpeakLine) -> String {
    let fill = line.fill.as_ref().map(|fill| format!(" | {fill}")).unwrap_or_default();
    quoted(&format!("{} | {}{fill}", line.label, line.prompt))
}
