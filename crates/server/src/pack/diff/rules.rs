use std::collections::BTreeSet;

use waymark_core::event::{AreaLevel, WatchRules};
use waymark_core::guidance::{CodeLists, OwnCode, Rules};

use super::lists::{list, quoted, was};

pub fn changes(old: &Rules, new: &Rules) -> Vec<String> {
    let mut lines = vec![];
    for (level, figure) in AreaLevel::ALL.iter().zip(1..) {
        let name = format!("level {figure} ({})", level.code());
        match (old.levels.get(level), new.levels.get(level)) {
            (Some(before), Some(now)) => {
                for ((part, before), (_, now)) in minutes(before).into_iter().zip(minutes(now)) {
                    let said = |count: u32| Some(count.to_string());
                    lines.extend(was(&format!("{name}, minutes of {part}"), said(before), said(now)));
                }
            }
            (before, now) => lines.extend(was(&name, before.map(whole), now.map(whole))),
        }
    }
    let names: BTreeSet<&String> = old.codes.0.keys().chain(new.codes.0.keys()).collect();
    for name in names {
        let all = |lists: &CodeLists| lists.0.get(name).cloned().unwrap_or_default();
        lines.extend(codes(name, &all(&old.codes), &all(&new.codes)));
    }
    lines
}

fn minutes(rules: &WatchRules) -> [(&'static str, u32); 5] {
    let WatchRules { interval, grace, prompt, step, hold } = *rules;
    [("interval", interval), ("grace", grace), ("prompt", prompt), ("step", step), ("hold", hold)]
}

fn whole(rules: &WatchRules) -> String {
    minutes(rules).map(|(part, count)| format!("{part} {count}")).join(", ")
}

/// Words by code and language, and the order in which codes can be chosen.
fn codes(name: &str, old: &[OwnCode], new: &[OwnCode]) -> Vec<String> {
    let mut lines = vec![];
    let find = |all: &[OwnCode], code: &str| all.iter().find(|own| own.code == code).cloned();
    let gone = old.iter().filter(|own| find(new, &own.code).is_none());
    for own in new.iter().chain(gone) {
        let (before, now) = (find(old, &own.code), find(new, &own.code));
        let languages = [&before, &now].into_iter().flatten().flat_map(|own| own.words.keys());
        for language in languages.collect::<BTreeSet<_>>() {
            let words = |own: &Option<OwnCode>| own.as_ref()?.words.get(language).map(|text| quoted(text));
            lines.extend(was(
                &format!("code {} of {name}, {language}", own.code),
                words(&before),
                words(&now),
            ));
        }
    }
    let order = |all: &[OwnCode], others: &[OwnCode]| {
        let both = all.iter().filter(|own| find(others, &own.code).is_some());
        list(both.map(|own| own.code.as_str()))
    };
    if order(old, new) != order(new, old) {
        let order = order(new, old).unwrap_or_default();
        lines.push(format!("codes of {name} stand in another order: {order}"));
    }
    lines
}
