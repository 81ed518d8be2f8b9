use std::collections::BTreeSet;

use waymark_core::guidance::{Contingency, ContingencyText, ORIGINAL};

use super::lists::{items, list, quoted, set, was};
use super::{by_id, by_language, named};

pub fn changes(old: &[Contingency], new: &[Contingency]) -> Vec<String> {
    let name = |plan: &Contingency| {
        let title = plan.text(ORIGINAL).map(|(_, text)| text.title.as_str()).unwrap_or_default();
        format!("plan: {}", named(title, &plan.id, plan.texts.keys()))
    };
    by_id(old, new, |plan| &plan.id, name, plan)
}

fn plan(old: &Contingency, new: &Contingency) -> Vec<String> {
    let mut lines = vec![];
    let texts = |plan: &Contingency| plan.when.iter().map(ToString::to_string).collect::<Vec<_>>();
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let named = |all: &[String]| list(all.iter().map(String::as_str));
    lines.extend(set("when", &texts(old), &texts(new)));
    lines.extend(was("days between drills", Some(old.drill.to_string()), Some(new.drill.to_string())));
    lines.extend(was("revision", Some(old.revision.to_string()), Some(new.revision.to_string())));
    lines.extend(was("needs", old.needs.clone(), new.needs.clone()));
    lines.extend(was("reviewed by", old.reviewed_by.clone(), new.reviewed_by.clone()));
    lines.extend(was("sources", said(&old.sources), said(&new.sources)));
    lines.extend(was("roles", named(&old.roles), named(&new.roles)));
    lines.extend(was("who takes the steps", named(&old.steps), named(&new.steps)));
    let callers: BTreeSet<_> = old.calls.keys().chain(new.calls.keys()).collect();
    for caller in callers {
        let calls = |plan: &Contingency| plan.calls.get(caller).and_then(|called| named(called));
        lines.extend(was(&format!("{caller} calls"), calls(old), calls(new)));
    }
    lines.extend(by_language(&old.texts, &new.texts, |text| text.translation, texts_differ));
    lines
}

fn texts_differ(language: &str, old: &ContingencyText, new: &ContingencyText) -> Vec<String> {
    let mut lines = vec![];
    let named = |name: &str| format!("{name}, {language}");
    lines.extend(was(&named("title"), Some(quoted(&old.title)), Some(quoted(&new.title))));
    lines.extend(set(&named("found by"), &old.words, &new.words));
    lines.extend(items("trigger", language, &old.trigger, &new.trigger));
    let roles: BTreeSet<_> = old.roles.keys().chain(new.roles.keys()).collect();
    for role in roles {
        let text = |text: &ContingencyText| {
            text.roles.get(role).map(|role| quoted(&format!("{}: {}", role.name, role.does)))
        };
        lines.extend(was(&named(&format!("role {role}")), text(old), text(new)));
    }
    lines.extend(items("step", language, &old.steps, &new.steps));
    let how = |text: &ContingencyText| Some(text.translation.code().to_owned());
    lines.extend(was(&named("translation"), how(old), how(new)));
    lines
}
