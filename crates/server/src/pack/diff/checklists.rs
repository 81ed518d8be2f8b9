use std::collections::BTreeSet;

use waymark_core::guidance::{Change, CheckItem, Checklist, ChecklistText, ORIGINAL};

use super::lists::{in_text, one, part, plain, set, was};
use super::{by_id, by_language, named};

pub fn changes(old: &[Checklist], new: &[Checklist]) -> Vec<Change> {
    let name = |list: &Checklist| {
        let title = list.text(ORIGINAL).map(|(_, text)| text.title.clone());
        named("checklist", title, &list.id, list.texts.keys())
    };
    by_id(old, new, |list| &list.id, name, checklist)
}

fn checklist(old: &Checklist, new: &Checklist) -> Vec<Change> {
    let mut lines = vec![];
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    lines.extend(was(plain("about"), said(&old.of), said(&new.of)));
    lines.extend(was(plain("days"), Some(old.days.to_string()), Some(new.days.to_string())));
    lines.extend(was(plain("revision"), Some(old.revision.to_string()), Some(new.revision.to_string())));
    lines.extend(was(plain("needs"), old.needs.clone(), new.needs.clone()));
    lines.extend(was(plain("reviewed_by"), old.reviewed_by.clone(), new.reviewed_by.clone()));
    lines.extend(was(plain("sources"), said(&old.sources), said(&new.sources)));
    lines.extend(points(&old.items, &new.items));
    lines.extend(by_language(&old.texts, &new.texts, |text| text.translation, texts_differ));
    lines
}

/// Which points there are, whether they must be met, and their order.
fn points(old: &[CheckItem], new: &[CheckItem]) -> Vec<Change> {
    let mut lines = vec![];
    let find = |all: &[CheckItem], code: &str| {
        let must = |item: &CheckItem| if item.must { "must" } else { "should" };
        all.iter().find(|item| item.code == code).map(|item| must(item).to_owned())
    };
    let gone = old.iter().filter(|item| find(new, &item.code).is_none());
    for item in new.iter().chain(gone) {
        lines.extend(was(one("point", &item.code), find(old, &item.code), find(new, &item.code)));
    }
    let order = |all: &[CheckItem], others: &[CheckItem]| {
        let both = all.iter().filter(|item| find(others, &item.code).is_some());
        both.map(|item| item.code.clone()).collect::<Vec<_>>().join(", ")
    };
    lines.extend(was(plain("point_order"), Some(order(old, new)), Some(order(new, old))));
    lines
}

fn texts_differ(language: &str, old: &ChecklistText, new: &ChecklistText) -> Vec<Change> {
    let mut lines = vec![];
    lines.extend(was(in_text("title", language), Some(old.title.clone()), Some(new.title.clone())));
    lines.extend(set(in_text("found_by", language), &old.words, &new.words));
    let codes: BTreeSet<_> = old.items.keys().chain(new.items.keys()).collect();
    for code in codes {
        let said = |all: &ChecklistText| all.items.get(code).cloned();
        lines.extend(was(part("point", code, language), said(old), said(new)));
    }
    let how = |text: &ChecklistText| Some(text.translation.code().to_owned());
    lines.extend(was(in_text("translation", language), how(old), how(new)));
    lines
}
