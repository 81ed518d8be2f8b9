//! What each view of the chain costs, and how it grows with the number of records.

use std::hint::black_box;
use std::time::{Duration, Instant};

use waymark_core::event::{Body, Digest, EventId, Plan, Stamp, UserId};
use waymark_core::json::Json as _;
use waymark_core::rules::go_no_go::{Question, Window, outlook};
use waymark_core::testing::random::Random;
use waymark_core::view::Chain;
use waymark_core::view::chain::Said;
use waymark_core::view::community::{messages, stakeholders, unanswered};
use waymark_core::view::movement::By;
use waymark_core::view::places::known_places;
use waymark_core::view::sectors::{Cut, sectors};

use crate::mix::{self, DAY_MS, Row};
use crate::words::PEOPLE;

/// Views of one item are taken of so many items.
const ITEMS: usize = 60;
/// A whole view is worked out so many times at most, and for so long.
const ROUNDS: usize = 9;
const LONG_ENOUGH: Duration = Duration::from_millis(700);
/// From here on it is said to grow faster than the number of records.
const FASTER: f64 = 1.15;

/// What one size cost: names with microseconds, medians.
pub struct Costs {
    pub forms: usize,
    times: Vec<(&'static str, f64)>,
}

pub fn costs(size: usize, now: Stamp) -> Costs {
    let all = said(size, now);
    let mut chain = Chain::default();
    let mut times = vec![];
    let fold = median((0..3).map(|_| {
        let all = all.clone();
        // Giving the earlier one back is not part of it.
        chain = Chain::default();
        timed(|| {
            for said in all {
                chain.take(said);
            }
        })
    }));
    times.push(("fold of all forms, newest first", fold));
    times.push(("one of them once more", again(&mut chain, &all)));
    whole(&chain, now, &mut times);
    single(&chain, &mut times);
    Costs { forms: all.len(), times }
}

/// The forms of the mix, as a phone that reads the newest first gets them.
fn said(size: usize, now: Stamp) -> Vec<Said> {
    let mut all: Vec<Said> = mix::mix(size, now).iter().filter_map(one).collect();
    all.sort_by_key(|said| (std::cmp::Reverse(said.by.at), said.id));
    all
}

fn one(row: &Row) -> Option<Said> {
    let Ok(Body::Filled(filled)) = Body::read(&row.kind, &row.data) else { return None };
    let name = PEOPLE[row.who].to_owned();
    let by = By { user: UserId(name.to_lowercase()), name, at: row.at };
    let received = Some(row.at.plus_ms(60_000));
    let digest = Digest::of_json(&row.data);
    Some(Said {
        id: row.id,
        digest,
        by,
        received,
        exercise: false,
        protected: false,
        pack: "builtin@1".into(),
        filled: *filled,
    })
}

/// As when a record comes through the feed.
fn again(chain: &mut Chain, all: &[Said]) -> f64 {
    let mut random = Random(3);
    median((0..500).map(|_| {
        let said = all[random.below(all.len())].clone();
        timed(|| drop(black_box(chain.take(said))))
    }))
}

fn whole(chain: &Chain, now: Stamp, times: &mut Vec<(&'static str, f64)>) {
    let cut = Cut { from: now.plus_ms(-90 * DAY_MS), to: now, ..Cut::default() };
    let here = Cut { area: "Farchana".to_owned(), ..cut.clone() };
    let plan = Plan::from_value(&mix::plan(3, now)).expect("a plan");
    let mut add = |name, work: &dyn Fn()| times.push((name, rounds(work)));
    add("gaps()", &|| drop(black_box(chain.gaps(now))));
    add("tally(), all of the time", &|| {
        black_box(chain.tally(Stamp(0), now, &|_| true));
    });
    add("sectors(), 90 days", &|| drop(black_box(sectors(chain, &cut, now))));
    add("sectors(), 90 days of one area", &|| drop(black_box(sectors(chain, &here, now))));
    add("known_places() and outlook(), 6 legs", &|| {
        let places = known_places(&mut [&plan].into_iter(), chain);
        let question =
            Question { plan: &plan, exercise: false, places: &places, now, window: Window::default() };
        drop(black_box(outlook(chain, &question)));
    });
    add("of_form(\"threat\")", &|| drop(black_box(chain.of_form("threat"))));
    add("stakeholders()", &|| drop(black_box(stakeholders(chain))));
    add("unanswered()", &|| drop(black_box(unanswered(chain))));
    add("messages()", &|| drop(black_box(messages(chain))));
}

fn single(chain: &Chain, times: &mut Vec<(&'static str, f64)>) {
    let mut ids: Vec<EventId> = chain.of_form("threat").iter().map(|item| item.id).collect();
    ids.extend(chain.of_form("incident").iter().filter(|item| !item.is_external()).map(|item| item.id));
    let mut random = Random(5);
    let drawn: Vec<EventId> = (0..ITEMS).map(|_| ids[random.below(ids.len())]).collect();
    let of_each = |work: &dyn Fn(EventId)| median(drawn.iter().map(|id| timed(|| work(*id))));
    let mut add = |name, work: &dyn Fn(EventId)| times.push((name, of_each(work)));
    add("suggestions() of an item", &|id| drop(black_box(chain.suggestions(id, 5))));
    add("drawing() of an item", &|id| drop(black_box(chain.drawing(id))));
    add("story() of an item", &|id| drop(black_box(chain.story(id))));
    add("open_actions() of an item", &|id| drop(black_box(chain.open_actions(id))));
    add("edges() of an item", &|id| drop(black_box(chain.edges(id))));
    add("clone of an item", &|id| drop(black_box(chain.get(id).cloned())));
}

fn rounds(work: &dyn Fn()) -> f64 {
    let begun = Instant::now();
    let mut times = vec![];
    while times.len() < ROUNDS && (times.len() < 3 || begun.elapsed() < LONG_ENOUGH) {
        times.push(timed(work));
    }
    median(times)
}

/// Microseconds.
fn timed(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64() * 1e6
}

fn median(times: impl IntoIterator<Item = f64>) -> f64 {
    let mut times: Vec<f64> = times.into_iter().collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A row for each view, microseconds for each size, and by which power of the number of forms it grows from the
/// smallest to the largest.
pub fn print(sizes: &[usize], all: &[Costs]) {
    let heads: Vec<String> =
        sizes.iter().zip(all).map(|(size, costs)| format!("{size} ({} forms)", costs.forms)).collect();
    println!("| µs, median | {} | grows with the power | |", heads.join(" | "));
    println!("|---|{}---:|---|", "---:|".repeat(sizes.len()));
    let [first, .., last] = all else { return println!("(a single size shows no growth)") };
    let span = (last.forms as f64 / first.forms as f64).ln();
    for (at, (name, _)) in first.times.iter().enumerate() {
        let times: Vec<f64> = all.iter().map(|costs| costs.times[at].1).collect();
        let power = (last.times[at].1 / first.times[at].1).ln() / span;
        let times: Vec<String> = times.iter().map(|time| figure(*time)).collect();
        let faster = if power > FASTER { "**faster than linearly**" } else { "" };
        println!("| {name} | {} | {power:.2} | {faster} |", times.join(" | "));
    }
}

fn figure(time: f64) -> String {
    if time < 10.0 { format!("{time:.1}") } else { format!("{time:.0}") }
}
