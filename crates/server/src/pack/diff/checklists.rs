use std::collections::BTreeSet;

use waymark_core::guidance::{CheckItem, Checklist, ChecklistText, ORIGINAL};

use super::lists::{quoted, set, was};
use super::{by_id, by_language, named};

pub fn changes(old: &[Checklist], new: &[Checklist]) -> Vec<String> {
    let name = |list: &Checklist| {
        let title = list.text(ORIGINAL).map(|(_, text)| text.title.as_str()).unwrap_or_default();
        format!("checklist: {}", named(title, &list.id, list.texts.keys()))
    };
    by_id(old, new, |list| &list.id, name, checklist)
}

fn checklist(old: &Checklist, new: &Checklist) -> Vec<String> {
    let mut lines = vec![];
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    lines.extend(was("about", said(&old.of), said(&new.of)));
    lines.extend(was("holds for days", Some(old.days.to_string()), Some(new.days.to_string())));
    lines.extend(was("revision", Some(old.revision.to_string()), Some(new.revision.to_string())));
    lines.extend(was("needs", old.needs.clone(), new.needs.clone()));
    lines.extend(was("reviewed by", old.reviewed_by.clone(), new.reviewed_by.clone()));
    lines.extend(was("sources", said(&old.sources), said(&new.sources)));
    lines.extend(points(&old.items, &new.items));
    lines.extend(by_language(&old.texts, &new.texts, |text| text.translation, texts_differ));
    lines
}

/// Which points there are, whether they must be met, and their order.
fn points(old: &[CheckItem], new: &[CheckItem]) -> Vec<String> {
    let mut lines = vec![];
    let find = |all: &[CheckItem], code: &str| {
        let must = |item: &CheckItem| if item.must { "must be met" } else { "should be met" };
        all.iter().find(|item| item.code == code).map(|item| must(item).to_owned())
    };
    let gone = old.iter().filter(|item| find(new, &item.code).is_none());
    for item in new.iter().chain(gone) {
        lines.extend(was(&format!("point {}", item.code), find(old, &item.code), find(new, &item.code)));
    }
    let order = |all: &[CheckItem], others: &[CheckItem]| {
        let both = all.iter().filter(|item| find(others, &item.code).is_some());
        both.map(|item| item.code.clone()).collect::<Vec<_>>()
    };
    if order(old, new) != order(new, old) {
        lines.push(format!("its points stand in another order: {}", order(new, old).join(", ")));
    }
    lines
}

fn texts_differ(language: &str, old: &ChecklistText, new: &ChecklistText) -> Vec<String> {
    let mut lines = vec![];
    let named = |name: &str| format!("{name}, {language}");
    lines.extend(was(&named("title"), Some(quoted(&old.title)), Some(quoted(&new.title))));
    lines.extend(set(&named("found by"), &old.words, &new.words));
    let codes: BTreeSet<_> = old.items.keys().chain(new.items.keys()).collect();
    for code in codes {
        let text = |all: &ChecklistText| all.items.get(code).map(|text| quoted(text));
        lines.extend(was(&named(&format!("point {code}")), text(old), text(new)));
    }
    let how = |text: &ChecklistText| Some(text.translation.code().to_owned());
    lines.extend(was(&named("translation"), how(old), how(new)));
    lines
}
