use std::collections::BTreeMap;

use super::check::{self, Limit};
use super::file::File;
use super::{Remarks, card};
use crate::guidance::{CodeLists, Contingency, ContingencyText, ORIGINAL, RoleText};

const HEAD: &[&str] = &["title", "words", "when", "drill", "revision", "needs", "reviewed_by", "sources"];
const HEAD_TRANSLATED: &[&str] = &["title", "words", "revision", "translation", "reviewed_by"];
const SECTIONS: &[&str] = &["trigger", "roles", "steps", "calls"];
const TITLE: usize = 50;
const LONGEST: usize = 130;
const TRIGGER: Limit = Limit { section: "trigger", least: 1, most: 6, characters: 130, words: 24 };

/// What a plan says in one language, and what is the same in all.
struct Read {
    roles: Vec<String>,
    steps: Vec<String>,
    calls: BTreeMap<String, Vec<String>>,
    text: ContingencyText,
}

/// As of cards.
pub(super) fn read(
    id: &str,
    set: &BTreeMap<String, File>,
    codes: &CodeLists,
    remarks: &mut Remarks,
) -> Option<Contingency> {
    let original = set.get(ORIGINAL)?;
    let drill = original.get("drill").and_then(|text| text.parse().ok()).filter(|days| *days > 0);
    if drill.is_none() {
        remarks.fault(
            &original.path,
            original.line_of("drill"),
            "`drill` is how many days lie between two drills",
        );
    }
    let (when, ..) = card::when(original, codes, remarks);
    let first = text(original, ORIGINAL, remarks);
    called(original, &first, remarks);
    let mut plan = Contingency {
        id: id.to_owned(),
        when,
        drill: drill.unwrap_or(180),
        revision: original.revision(remarks),
        needs: check::needs(original, remarks),
        reviewed_by: original.get("reviewed_by").map(str::to_owned),
        sources: original.get("sources").unwrap_or_default().to_owned(),
        roles: first.roles,
        steps: first.steps,
        calls: first.calls,
        texts: [(ORIGINAL.to_owned(), first.text)].into(),
    };
    for (language, file) in set.iter().filter(|(language, _)| *language != ORIGINAL) {
        let own = text(file, language, remarks);
        check::translated_revision(file, own.text.revision, plan.revision, remarks);
        if own.roles != plan.roles || own.steps != plan.steps || own.calls != plan.calls {
            remarks.fault(&file.path, 1, "its roles, steps or calls are others than those of the original");
        }
        plan.texts.insert(language.clone(), own.text);
    }
    Some(plan)
}

fn text(file: &File, language: &str, remarks: &mut Remarks) -> Read {
    let original = language == ORIGINAL;
    file.only(if original { HEAD } else { HEAD_TRANSLATED }, SECTIONS, remarks);
    let mut text = ContingencyText {
        title: file.title(TITLE, remarks),
        words: file.list("words"),
        trigger: check::items(file, language, &TRIGGER, remarks),
        translation: file.translation(original, remarks),
        revision: file.revision(remarks),
        ..ContingencyText::default()
    };
    let (mut roles, mut steps, mut calls) = (vec![], vec![], BTreeMap::new());
    for (line, parts) in rows(file, "roles", '|', 3, remarks) {
        let [code, name, does] = parts.as_slice() else { continue };
        limit(file, line, does, remarks);
        let role = RoleText { name: name.clone(), does: does.clone() };
        if text.roles.insert(code.clone(), role).is_some() {
            remarks.fault(&file.path, line, format!("`{code}` stands here twice"));
        }
        roles.push(code.clone());
    }
    for (line, parts) in rows(file, "steps", '|', 2, remarks) {
        let [code, step] = parts.as_slice() else { continue };
        limit(file, line, step, remarks);
        if !roles.contains(code) {
            remarks.fault(&file.path, line, format!("`{code}` is no role of this plan"));
        }
        steps.push(code.clone());
        text.steps.push(step.clone());
    }
    for (line, parts) in rows(file, "calls", '>', 2, remarks) {
        let [from, whom] = parts.as_slice() else { continue };
        let called: Vec<String> = whom.split([',', '،']).map(|code| code.trim().to_owned()).collect();
        for code in called.iter().chain([from]) {
            if !roles.contains(code) {
                remarks.fault(&file.path, line, format!("`{code}` is no role of this plan"));
            }
        }
        calls.insert(from.clone(), called);
    }
    Read { roles, steps, calls, text }
}

/// Everybody but the first is called, and by one alone: a role that two call is one that each leaves to the other.
fn called(file: &File, read: &Read, remarks: &mut Remarks) {
    for (at, role) in read.roles.iter().enumerate() {
        let count = read.calls.values().flatten().filter(|called| *called == role).count();
        let line = file.section("calls").map_or(1, |section| section.line);
        match (at, count) {
            (0, 0) | (1.., 1) => {}
            (0, _) => remarks.fault(&file.path, line, format!("`{role}` begins, and nobody calls it")),
            _ => remarks.fault(&file.path, line, format!("`{role}` is called by {count}; one is asked for")),
        }
    }
}

fn limit(file: &File, line: usize, text: &str, remarks: &mut Remarks) {
    if text.chars().count() > LONGEST {
        remarks.fault(&file.path, line, format!("has more than {LONGEST} characters"));
    }
}

/// The items of a section, each in so many parts.
fn rows(
    file: &File,
    name: &str,
    apart: char,
    parts: usize,
    remarks: &mut Remarks,
) -> Vec<(usize, Vec<String>)> {
    let Some(section) = file.section(name) else {
        remarks.fault(&file.path, 1, format!("has no heading `## {name}`"));
        return vec![];
    };
    let mut all = vec![];
    for item in &section.items {
        let split: Vec<String> = item.text.split(apart).map(|part| part.trim().to_owned()).collect();
        if split.len() == parts {
            all.push((item.line, split));
        } else {
            remarks.fault(
                &file.path,
                item.line,
                format!("has {} parts between `{apart}`; {parts} are asked for", split.len()),
            );
        }
    }
    all
}
