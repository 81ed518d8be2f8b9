use std::collections::BTreeSet;

use waymark_core::event::{AreaLevel, WatchRules};
use waymark_core::guidance::{Change, CodeLists, OwnCode, Rules};

use super::lists::{list, one, part, was};

pub fn changes(old: &Rules, new: &Rules) -> Vec<Change> {
    let mut lines = vec![];
    for (level, figure) in AreaLevel::ALL.iter().zip(1..) {
        let which = format!("{figure} ({})", level.code());
        let (before, now) = (old.levels.get(level).map(minutes), new.levels.get(level).map(minutes));
        for (at, what) in MINUTES.iter().enumerate() {
            let said = |all: Option<[u32; 5]>| all.map(|all| all[at].to_string());
            lines.extend(was(one(what, &which), said(before), said(now)));
        }
    }
    let names: BTreeSet<&String> = old.codes.0.keys().chain(new.codes.0.keys()).collect();
    for name in names {
        let all = |lists: &CodeLists| lists.0.get(name).cloned().unwrap_or_default();
        lines.extend(codes(name, &all(&old.codes), &all(&new.codes)));
    }
    lines
}

/// In the order of [`minutes`].
const MINUTES: [&str; 5] = ["level_interval", "level_grace", "level_prompt", "level_step", "level_hold"];

fn minutes(rules: &WatchRules) -> [u32; 5] {
    let WatchRules { interval, grace, prompt, step, hold } = *rules;
    [interval, grace, prompt, step, hold]
}

/// Words by code and language, and the order in which codes can be chosen.
fn codes(name: &str, old: &[OwnCode], new: &[OwnCode]) -> Vec<Change> {
    let mut lines = vec![];
    let find = |all: &[OwnCode], code: &str| all.iter().find(|own| own.code == code).cloned();
    let gone = old.iter().filter(|own| find(new, &own.code).is_none());
    for own in new.iter().chain(gone) {
        let (before, now) = (find(old, &own.code), find(new, &own.code));
        let languages = [&before, &now].into_iter().flatten().flat_map(|own| own.words.keys());
        for language in languages.collect::<BTreeSet<_>>() {
            let words = |own: &Option<OwnCode>| own.as_ref()?.words.get(language).cloned();
            let which = format!("{name}:{}", own.code);
            lines.extend(was(part("code", &which, language), words(&before), words(&now)));
        }
    }
    let order = |all: &[OwnCode], others: &[OwnCode]| {
        let both = all.iter().filter(|own| find(others, &own.code).is_some());
        list(both.map(|own| own.code.as_str()))
    };
    lines.extend(was(one("code_order", name), order(old, new), order(new, old)));
    lines
}
