use super::Remarks;
use super::file::{File, Item};
use crate::event::{AreaLevel, WatchRules};
use crate::rules::levels::{Levels, check, rules_of};

const HEAD: &[&str] = &["title", "revision", "sources"];
const NAMES: [&str; 5] = ["interval", "grace", "prompt", "step", "hold"];
const FORM: &str = "a level is `- 5 | interval 30 | grace 5 | prompt 2 | step 5 | hold 20`, in minutes";

pub(super) fn read(file: &File, remarks: &mut Remarks) -> Levels {
    file.only(HEAD, &["levels"], remarks);
    file.revision(remarks);
    let mut levels = Levels::new();
    let items = file.section("levels").map(|section| section.items.as_slice()).unwrap_or_default();
    if items.is_empty() {
        remarks.fault(&file.path, 1, "has no levels under `## levels`");
    }
    for item in items {
        let (figure, rest) = item.text.split_once('|').unwrap_or((&item.text, ""));
        let Some(level) = level(figure) else {
            remarks.fault(
                &file.path,
                item.line,
                format!("`{}` is no level from 1 to 6; {FORM}", figure.trim()),
            );
            continue;
        };
        let Some(rules) = minutes(file, item, rest, remarks) else { continue };
        if let Err(fault) = check(&rules) {
            remarks.fault(&file.path, item.line, fault.to_string());
        }
        if levels.insert(level.clone(), rules).is_some() {
            remarks.fault(&file.path, item.line, format!("level {} stands here twice", figure.trim()));
        }
    }
    if levels.values().all(|rules| check(rules).is_ok()) {
        looser(file, &levels, remarks);
    }
    levels
}

/// 1 to 6 in the United Nations Security Level System.
fn level(figure: &str) -> Option<&'static AreaLevel> {
    let figure: usize = figure.trim().parse().ok()?;
    AreaLevel::ALL.get(figure.checked_sub(1)?)
}

/// Each of [`NAMES`] once.
fn minutes(file: &File, item: &Item, text: &str, remarks: &mut Remarks) -> Option<WatchRules> {
    let mut values = [None; NAMES.len()];
    for part in text.split('|').map(str::trim) {
        let (name, value) = part.split_once(' ').unwrap_or((part, ""));
        let at = NAMES.iter().position(|own| *own == name);
        let value: Option<u32> = value.trim().parse().ok();
        let (Some(at), Some(value)) = (at, value) else {
            remarks.fault(&file.path, item.line, format!("`{part}` is not understood; {FORM}"));
            return None;
        };
        if values[at].replace(value).is_some() {
            remarks.fault(&file.path, item.line, format!("`{name}` stands here twice"));
        }
    }
    let missing: Vec<&str> =
        NAMES.iter().zip(values).filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        remarks.fault(&file.path, item.line, format!("does not say: {}", missing.join(", ")));
    }
    let [Some(interval), Some(grace), Some(prompt), Some(step), Some(hold)] = values else { return None };
    Some(WatchRules { interval, grace, prompt, step, hold })
}

/// Who goes where it is worse is asked for no later.
fn looser(file: &File, levels: &Levels, remarks: &mut Remarks) {
    let none = Levels::new();
    let mut figures = 1..;
    for pair in AreaLevel::ALL.windows(2) {
        let ([milder, worse], Some(figure)) = (pair, figures.next()) else { continue };
        let late = |level| {
            let rules = rules_of(level, &none, levels);
            rules.interval + rules.grace
        };
        if late(worse) > late(milder) {
            let words = format!(
                "on level {} people are overdue after {} minutes, on level {figure} after {} already",
                figure + 1,
                late(worse),
                late(milder)
            );
            remarks.note(&file.path, file.section("levels").map_or(1, |section| section.line), words);
        }
    }
}
