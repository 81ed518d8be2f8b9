use std::collections::BTreeSet;

use waymark_core::guidance::{Change, Contingency, ContingencyText, ORIGINAL};

use super::lists::{in_text, items, list, one, part, plain, set, was};
use super::{by_id, by_language, named};

pub fn changes(old: &[Contingency], new: &[Contingency]) -> Vec<Change> {
    let name = |plan: &Contingency| {
        let title = plan.text(ORIGINAL).map(|(_, text)| text.title.clone());
        named("plan", title, &plan.id, plan.texts.keys())
    };
    by_id(old, new, |plan| &plan.id, name, plan)
}

fn plan(old: &Contingency, new: &Contingency) -> Vec<Change> {
    let mut lines = vec![];
    let texts = |plan: &Contingency| plan.when.iter().map(ToString::to_string).collect::<Vec<_>>();
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let named = |all: &[String]| list(all.iter().map(String::as_str));
    lines.extend(set(plain("when"), &texts(old), &texts(new)));
    lines.extend(was(plain("drill"), Some(old.drill.to_string()), Some(new.drill.to_string())));
    lines.extend(was(plain("revision"), Some(old.revision.to_string()), Some(new.revision.to_string())));
    lines.extend(was(plain("needs"), old.needs.clone(), new.needs.clone()));
    lines.extend(was(plain("reviewed_by"), old.reviewed_by.clone(), new.reviewed_by.clone()));
    lines.extend(was(plain("sources"), said(&old.sources), said(&new.sources)));
    lines.extend(was(plain("plan_roles"), named(&old.roles), named(&new.roles)));
    lines.extend(was(plain("takers"), named(&old.steps), named(&new.steps)));
    let callers: BTreeSet<_> = old.calls.keys().chain(new.calls.keys()).collect();
    for caller in callers {
        let calls = |plan: &Contingency| plan.calls.get(caller).and_then(|called| named(called));
        lines.extend(was(one("calls", caller), calls(old), calls(new)));
    }
    lines.extend(by_language(&old.texts, &new.texts, |text| text.translation, texts_differ));
    lines
}

fn texts_differ(language: &str, old: &ContingencyText, new: &ContingencyText) -> Vec<Change> {
    let mut lines = vec![];
    lines.extend(was(in_text("title", language), Some(old.title.clone()), Some(new.title.clone())));
    lines.extend(set(in_text("found_by", language), &old.words, &new.words));
    lines.extend(items("trigger", language, &old.trigger, &new.trigger));
    let roles: BTreeSet<_> = old.roles.keys().chain(new.roles.keys()).collect();
    for role in roles {
        let said =
            |text: &ContingencyText| text.roles.get(role).map(|role| format!("{}: {}", role.name, role.does));
        lines.extend(was(part("role", role, language), said(old), said(new)));
    }
    lines.extend(items("step", language, &old.steps, &new.steps));
    let how = |text: &ContingencyText| Some(text.translation.code().to_owned());
    lines.extend(was(in_text("translation", language), how(old), how(new)));
    lines
}
