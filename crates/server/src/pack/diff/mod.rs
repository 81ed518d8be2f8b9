//! What has changed between two versions of a pack, in words.

mod cards;
mod checklists;
mod english;
mod lists;
mod plans;
mod rules;
mod speak;

use std::collections::BTreeMap;

use waymark_core::guidance::{Agreed, Change, ORIGINAL, Translation};

use super::{Release, day};
use lists::{in_text, one, part, plain, was};

/// All that differs between two versions.
pub fn changes(old: &Release, new: &Release) -> Vec<Change> {
    let mut all = whole(old, new);
    all.extend(cards::changes(&old.pack.cards, &new.pack.cards));
    all.extend(checklists::changes(&old.pack.checklists, &new.pack.checklists));
    all.extend(plans::changes(&old.pack.plans, &new.pack.plans));
    all.extend(speak::changes(&old.pack.speak, &new.pack.speak));
    all.extend(messages(&old.pack.messages, &new.pack.messages));
    all.extend(rules::changes(&old.pack.rules, &new.pack.rules));
    all
}

/// Two versions side by side in English: a line for each change, those of a card set in below its title.
pub fn words(old: &Release, new: &Release) -> String {
    let (from, to) = (&old.manifest, &new.manifest);
    let head = format!("{} version {}, and {} version {}\n", from.pack, from.version, to.pack, to.version);
    let changes = changes(old, new);
    if changes.is_empty() {
        return head + &english::nothing() + "\n";
    }
    changes.iter().fold(head, |text, change| {
        let indent = if change.within { "  " } else { "" };
        text + indent + &english::line(change) + "\n"
    })
}

fn whole(old: &Release, new: &Release) -> Vec<Change> {
    let (from, to) = (&old.manifest, &new.manifest);
    let mut lines = vec![];
    let languages = from.title.keys().chain(to.title.keys().filter(|own| !from.title.contains_key(*own)));
    for language in languages {
        let title = |titles: &BTreeMap<String, String>| titles.get(language).cloned();
        lines.extend(was(in_text("title", language), title(&from.title), title(&to.title)));
    }
    lines.extend(was(plain("issued"), Some(day(from.issued)), Some(day(to.issued))));
    lines.extend(was(plain("expires"), Some(day(from.expires)), Some(day(to.expires))));
    let offices = |own: &[String]| (!own.is_empty()).then(|| own.join(", "));
    lines.extend(was(plain("offices"), offices(&from.offices), offices(&to.offices)));
    // A folder that people write has no key yet.
    if let (Some((_, old)), Some((_, new))) = (&old.signed, &new.signed) {
        lines.extend(was(plain("signing_key"), Some(old.short()), Some(new.short())));
    }
    lines
}

type Messages = BTreeMap<String, Vec<Agreed>>;

fn messages(old: &Messages, new: &Messages) -> Vec<Change> {
    let mut lines = vec![];
    for (language, now) in new {
        let Some(before) = old.get(language) else {
            lines.extend(was(one("messages", language), None, Some(String::new())));
            continue;
        };
        let find =
            |all: &[Agreed], code: &str| all.iter().find(|own| own.code == code).map(|own| own.words.clone());
        let gone = before.iter().filter(|own| find(now, &own.code).is_none());
        for own in now.iter().chain(gone) {
            let what = part("message", &own.code, language);
            lines.extend(was(what, find(before, &own.code), find(now, &own.code)));
        }
    }
    for language in old.keys().filter(|own| !new.contains_key(*own)) {
        lines.extend(was(one("messages", language), Some(String::new()), None));
    }
    lines
}

/// What is new, what is gone, and what has changed, by identifier. `name` makes of one what is told of it as a whole;
/// `lines` says how two of them differ.
fn by_id<'a, T>(
    old: &'a [T],
    new: &'a [T],
    id: impl Fn(&T) -> &str,
    name: impl Fn(&T) -> Named,
    lines: impl Fn(&T, &T) -> Vec<Change>,
) -> Vec<Change> {
    let find = |all: &'a [T], own: &T| all.iter().find(|other| id(other) == id(own));
    let mut all = vec![];
    for own in new.iter().filter(|own| find(old, own).is_none()) {
        let Named { change, title } = name(own);
        all.push(Change { new: Some(title), ..change });
    }
    for own in old.iter().filter(|own| find(new, own).is_none()) {
        let Named { change, title } = name(own);
        all.push(Change { old: Some(title), ..change });
    }
    for own in new {
        let Some(before) = find(old, own) else { continue };
        let changes = lines(before, own);
        if !changes.is_empty() {
            let Named { change, title } = name(own);
            all.push(Change { old: Some(name(before).title), new: Some(title), ..change });
            all.extend(changes.into_iter().map(|change| Change { within: true, ..change }));
        }
    }
    all
}

/// Languages that are new or gone, and how the texts of the others differ.
fn by_language<T>(
    old: &BTreeMap<String, T>,
    new: &BTreeMap<String, T>,
    translation: impl Fn(&T) -> Translation,
    lines: impl Fn(&str, &T, &T) -> Vec<Change>,
) -> Vec<Change> {
    let mut all = vec![];
    let how = |text: &T| Some(translation(text).code().to_owned());
    for (language, text) in new {
        match old.get(language) {
            Some(before) => all.extend(lines(language, before, text)),
            None => all.extend(was(one("language", language), None, how(text))),
        }
    }
    for (language, text) in old.iter().filter(|(own, _)| !new.contains_key(*own)) {
        all.extend(was(one("language", language), how(text), None));
    }
    all
}

/// A whole card, checklist, plan or text to read out.
struct Named {
    change: Change,
    title: String,
}

/// Its languages with the original first.
fn named<'a>(
    what: &str,
    title: Option<String>,
    id: &str,
    languages: impl Iterator<Item = &'a String>,
) -> Named {
    let (first, mut rest): (Vec<String>, Vec<String>) =
        languages.cloned().partition(|language| language == ORIGINAL);
    rest.sort_unstable();
    let languages = first.into_iter().chain(rest).collect();
    Named { change: Change { languages, ..one(what, id) }, title: title.unwrap_or_default() }
}

#[cfg(test)]
mod tests;
