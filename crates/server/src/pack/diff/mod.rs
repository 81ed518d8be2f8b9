//! What has changed between two versions of a pack, in words.

mod cards;
mod checklists;
mod lists;
mod plans;
mod rules;
mod speak;

use std::collections::BTreeMap;

use waymark_core::guidance::{Agreed, ORIGINAL, Translation};

use super::{Release, day};
use lists::{list, quoted, was};

/// Two versions side by side: a line for each change, those of a card set in below its title.
pub fn words(old: &Release, new: &Release) -> String {
    let mut lines = whole(old, new);
    lines.extend(cards::changes(&old.pack.cards, &new.pack.cards));
    lines.extend(checklists::changes(&old.pack.checklists, &new.pack.checklists));
    lines.extend(plans::changes(&old.pack.plans, &new.pack.plans));
    lines.extend(speak::changes(&old.pack.speak, &new.pack.speak));
    lines.extend(messages(&old.pack.messages, &new.pack.messages));
    lines.extend(rules::changes(&old.pack.rules, &new.pack.rules));
    let (from, to) = (&old.manifest, &new.manifest);
    let head = format!("{} version {}, and {} version {}\n", from.pack, from.version, to.pack, to.version);
    if lines.is_empty() {
        lines.push("nothing has changed".to_owned());
    }
    head + &lines.join("\n") + "\n"
}

fn whole(old: &Release, new: &Release) -> Vec<String> {
    let (from, to) = (&old.manifest, &new.manifest);
    let mut lines = vec![];
    let languages = from.title.keys().chain(to.title.keys().filter(|own| !from.title.contains_key(*own)));
    for language in languages {
        let title = |titles: &BTreeMap<String, String>| titles.get(language).map(|text| quoted(text));
        lines.extend(was(&format!("title, {language}"), title(&from.title), title(&to.title)));
    }
    lines.extend(was("issued", Some(day(from.issued)), Some(day(to.issued))));
    lines.extend(was("expires", Some(day(from.expires)), Some(day(to.expires))));
    let offices = |own: &[String]| (!own.is_empty()).then(|| own.join(", "));
    lines.extend(was("offices may change", offices(&from.offices), offices(&to.offices)));
    // A folder that people write has no key yet.
    if let (Some((_, old)), Some((_, new))) = (&old.signed, &new.signed) {
        lines.extend(was("signed with the key", Some(old.short()), Some(new.short())));
    }
    lines
}

type Messages = BTreeMap<String, Vec<Agreed>>;

fn messages(old: &Messages, new: &Messages) -> Vec<String> {
    let mut lines = vec![];
    for (language, now) in new {
        let Some(before) = old.get(language) else {
            lines.push(format!("messages, {language}: new"));
            continue;
        };
        let find = |all: &[Agreed], code: &str| {
            all.iter().find(|own| own.code == code).map(|own| quoted(&own.words))
        };
        let gone = before.iter().filter(|own| find(now, &own.code).is_none());
        for own in now.iter().chain(gone) {
            let name = format!("message {}, {language}", own.code);
            lines.extend(was(&name, find(before, &own.code), find(now, &own.code)));
        }
    }
    lines
        .extend(old.keys().filter(|own| !new.contains_key(*own)).map(|own| format!("messages, {own}: gone")));
    lines
}

/// What is new, what is gone, and what has changed, by identifier. `lines` says how two of them differ.
fn by_id<'a, T>(
    old: &'a [T],
    new: &'a [T],
    id: impl Fn(&T) -> &str,
    name: impl Fn(&T) -> String,
    lines: impl Fn(&T, &T) -> Vec<String>,
) -> Vec<String> {
    let find = |all: &'a [T], own: &T| all.iter().find(|other| id(other) == id(own));
    let mut all = vec![];
    for own in new.iter().filter(|own| find(old, own).is_none()) {
        all.push(format!("new: {}", name(own)));
    }
    for own in old.iter().filter(|own| find(new, own).is_none()) {
        all.push(format!("gone: {}", name(own)));
    }
    for own in new {
        let Some(before) = find(old, own) else { continue };
        let changes = lines(before, own);
        if !changes.is_empty() {
            all.push(format!("changed: {}", name(own)));
            all.extend(changes.into_iter().map(|line| format!("  {line}")));
        }
    }
    all
}

/// Languages that are new or gone, and how the texts of the others differ.
fn by_language<T>(
    old: &BTreeMap<String, T>,
    new: &BTreeMap<String, T>,
    translation: impl Fn(&T) -> Translation,
    lines: impl Fn(&str, &T, &T) -> Vec<String>,
) -> Vec<String> {
    let mut all = vec![];
    for (language, text) in new {
        match old.get(language) {
            Some(before) => all.extend(lines(language, before, text)),
            None => all.push(format!("{language}: new ({})", translation(text).code())),
        }
    }
    all.extend(old.keys().filter(|own| !new.contains_key(*own)).map(|own| format!("{own}: gone")));
    all
}

/// `Halt (halt), in en, fr`; the original first.
fn named<'a>(title: &str, id: &str, languages: impl Iterator<Item = &'a String>) -> String {
    let (first, mut rest): (Vec<&str>, Vec<&str>) =
        languages.map(String::as_str).partition(|language| *language == ORIGINAL);
    rest.sort_unstable();
    format!("{title} ({id}), in {}", list(first.into_iter().chain(rest)).unwrap_or_default())
}

#[cfg(test)]
mod tests;
