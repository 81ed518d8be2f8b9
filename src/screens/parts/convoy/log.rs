use leptos::prelude::*;
use waymark_core::event::Stamp;
use waymark_core::rules::escalation::NextStep;
use waymark_core::rules::overdue::Expected;
use waymark_core::view::Movement;
use waymark_core::view::movement::{By, Closing, Entry, LogEntry};

use super::{Convoy, words};
use crate::i18n::{I18n, intl};
use crate::say;
use crate::ui::{live, time};

/// One line of what happened, or of what comes next.
struct Told {
    at: Stamp,
    what: String,
    more: String,
    ahead: bool,
}

/// A check-in that came later than this after it happened is worth a line of its own.
const LATE_MS: i64 = 5 * 60_000;

/// What happened when a check-in did not come, in order, and what comes next by itself.
#[component]
pub fn Log(convoy: Convoy) -> impl IntoView {
    let Convoy { i18n, .. } = convoy;
    let lines = move || {
        let told = told(convoy);
        if told.is_empty() {
            return view! { <p class="soft">{words!(i18n, board.log_empty)}</p> }.into_any();
        }
        let line = |told: Told| {
            view! {
                <li data-ahead=told.ahead.then_some("")>
                    <time>{convoy.moment(told.at.0)}</time>
                    <div>
                        <strong>{told.what}</strong>
                        <small>{told.more}</small>
                    </div>
                </li>
            }
            .into_any()
        };
        view! { <ol class="log">{told.into_iter().map(line).collect::<Vec<_>>()}</ol> }.into_any()
    };
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, board.ladder)}</h2>
            {live(lines)}
        </section>
    }
    .into_any()
}

fn told(convoy: Convoy) -> Vec<Told> {
    let now = convoy.now.get();
    convoy.movement.with(|movement| {
        convoy.verdict.with(|verdict| {
            let mut dues: Vec<Stamp> = movement.log.iter().map(|entry| entry.due).collect();
            dues.extend(verdict.due().map(|expected| expected.due.at));
            waymark_core::order::sort(&mut dues);
            dues.dedup_by(|one, other| waymark_core::rules::overdue::is_same_due(*one, *other));
            let mut told: Vec<Told> =
                dues.iter().flat_map(|due| due_lines(convoy, movement, *due, now)).collect();
            told.extend(movement.log.iter().map(|entry| entry_line(convoy, entry)));
            if let Some(first) = dues.first() {
                told.extend(late_lines(convoy, movement, *first));
            }
            told.extend(movement.reopened.iter().flat_map(|pair| reopened_lines(convoy, pair)));
            waymark_core::order::sort_by_key(&mut told, |told| told.at);
            let next = |expected: &Expected| Some((expected.next?, expected.due.silent.join(", ")));
            let mut ahead: Vec<(NextStep, String)> = verdict.due().filter_map(next).collect();
            waymark_core::order::sort_by_key(&mut ahead, |(next, _)| next.at);
            told.extend(ahead.into_iter().map(|(next, vehicles)| next_line(convoy, next, vehicles)));
            told
        })
    })
}

fn due_lines(convoy: Convoy, movement: &Movement, due: Stamp, now: Stamp) -> Vec<Told> {
    let i18n = convoy.i18n;
    let rules = movement.plan.plan.watch;
    let after = |count: u32| due.plus_ms(i64::from(count) * 60_000);
    let line = |at, what, more| Told { at, what, more, ahead: false };
    let lines = [
        line(due, say!(i18n, board.due), String::new()),
        line(
            after(rules.prompt.min(rules.grace)),
            say!(i18n, board.prompted),
            say!(i18n, board.prompted_text),
        ),
        line(after(rules.grace), say!(i18n, board.went_overdue), String::new()),
    ];
    let raised = |line: &Told| {
        // Somebody has written it down, with a name.
        line.at == after(rules.grace)
            && movement.log.iter().any(|entry| entry.due == due && entry.entry == Entry::Raised)
    };
    lines.into_iter().filter(|line| line.at <= now && !raised(line)).collect()
}

fn entry_line(convoy: Convoy, entry: &LogEntry) -> Told {
    let i18n = convoy.i18n;
    let name = &entry.by.name;
    let (what, more) = entry_words(i18n, entry, name);
    // Which vehicles, where it is not all of them.
    let vehicles = Some(entry.vehicles.join(", ")).filter(|names| !names.is_empty());
    let more = vehicles.into_iter().chain([more]).filter(|words| !words.is_empty());
    Told { at: entry.by.at, what, more: more.collect::<Vec<_>>().join(" · "), ahead: false }
}

fn entry_words(i18n: I18n, entry: &LogEntry, name: &str) -> (String, String) {
    match &entry.entry {
        Entry::Raised => (say!(i18n, board.went_overdue), say!(i18n, board.raised_by, name = name)),
        Entry::Acknowledged => (say!(i18n, station.on_it_by, name = name), String::new()),
        Entry::Step(tried) => words::tried_words(i18n, tried, name),
        Entry::Resolved { by_checkin: true, .. } => {
            (say!(i18n, board.settled_by_checkin), say!(i18n, board.noted_by, name = name))
        }
        Entry::Resolved { how, note, .. } => {
            let what = say!(i18n, board.settled, name = name, how = words::how(i18n, how));
            (what, note.as_ref().map(|note| format!("“{note}”")).unwrap_or_default())
        }
    }
}

/// It was closed, and somebody took that back.
fn reopened_lines(convoy: Convoy, (closing, by): &(Closing, By)) -> [Told; 2] {
    let i18n = convoy.i18n;
    let how = words::ending(i18n, &closing.ending);
    let closed = say!(i18n, board.was_closed, name = closing.by.name, how = how);
    let note = closing.note.as_ref().map(|note| format!("“{note}”")).unwrap_or_default();
    let opened = say!(i18n, board.was_opened, name = by.name);
    [
        Told { at: closing.by.at, what: closed, more: note, ahead: false },
        Told { at: by.at, what: opened, more: String::new(), ahead: false },
    ]
}

/// Check-ins that had happened long before they arrived, once one was missed.
fn late_lines(convoy: Convoy, movement: &Movement, since: Stamp) -> Vec<Told> {
    let line = |contact: &waymark_core::view::movement::Contact| {
        let late = |at: &Stamp| at.ms_since(contact.by.at) > LATE_MS && *at >= since;
        let received = contact.received.filter(late)?;
        let (arrived, happened) = (convoy.moment(received.0), convoy.moment(contact.by.at.0));
        Some(Told {
            at: received,
            what: say!(convoy.i18n, board.late_check_in, name = contact.by.name),
            more: say!(convoy.i18n, board.late_times, arrived = arrived, happened = happened),
            ahead: false,
        })
    };
    movement.contacts.iter().filter_map(line).collect()
}

fn next_line(convoy: Convoy, next: NextStep, vehicles: String) -> Told {
    let i18n = convoy.i18n;
    let left = next.at.ms_since(convoy.now.get()).max(0);
    let span = time::span(intl(i18n), left);
    let what = match next.stage.number() {
        Some(6) => say!(i18n, board.end_in, span = span),
        Some(number @ 2..) => say!(i18n, board.step_in, number = u32::from(number).to_string(), span = span),
        _ => say!(i18n, board.prompt_in, span = span),
    };
    let parties = next.stage.parties().iter().map(|party| words::party(i18n, party));
    let parties = parties.collect::<Vec<_>>().join(", ");
    let more = [vehicles, parties].into_iter().filter(|words| !words.is_empty());
    Told { at: next.at, what, more: more.collect::<Vec<_>>().join(" · "), ahead: true }
}
