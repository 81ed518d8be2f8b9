//! The four sectors side by side: how much, how soon, what is open, what is missing.

use crate::event::form::Sector;
use crate::event::{Kind, Stamp};
use crate::order;
use crate::spelling::folded;

use super::chain::{Chain, Gap, GapKind, Item, Status, counts};

/// Which part of the chain: an area, by its name or that of a place, and a time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cut {
    /// Empty for all.
    pub area: String,
    /// What was written under this standards pack, such as `org.example@3`; empty for all.
    pub pack: String,
    pub from: Stamp,
    /// Not itself.
    pub to: Stamp,
}

/// How soon something followed on something else, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wait {
    /// Of how many.
    pub count: u32,
    /// Half of them took no longer.
    pub median: i64,
}

/// One sector within a cut.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorView {
    pub sector: Sector,
    /// Items, by the name of their form, those there are most of first.
    pub volume: Vec<(&'static str, u32)>,
    /// From the report to the first judgement or answer.
    pub judged: Wait,
    /// From the report to the first action that came of it.
    pub acted: Wait,
    /// From then to its verification.
    pub verified: Wait,
    pub open: u32,
    pub overdue: u32,
    /// How many of each kind, those that exist.
    pub gaps: Vec<(GapKind, u32)>,
    /// Items in each of [`BUCKETS`] equal parts of the time, the earliest first.
    pub trend: [u32; BUCKETS],
}

pub const BUCKETS: usize = 8;

/// From an action over its finding to its incident is two; records may refer to each other in a circle.
const STEPS: usize = 8;

impl SectorView {
    pub fn total(&self) -> u32 {
        self.volume.iter().map(|(_, count)| count).sum()
    }
}

impl Cut {
    /// Whether an item belongs to it.
    pub fn has(&self, chain: &Chain, item: &Item) -> bool {
        let at = item.happened();
        at >= self.from && at < self.to && self.is_here(chain, item)
    }

    /// Whether an item belongs to its area and its pack, whenever it happened. What names no place, such as an action, is where the item
    /// is that it came out of.
    pub fn is_here(&self, chain: &Chain, item: &Item) -> bool {
        if !self.pack.is_empty() && *item.pack != *self.pack {
            return false;
        }
        if self.area.is_empty() {
            return true;
        }
        let wanted = folded(&self.area);
        let mut at = Some(item);
        for _ in 0..STEPS {
            let Some(item) = at else { return false };
            let places = item.now.text("area").map(folded).into_iter();
            let mut places = places
                .chain(item.spot().map(|spot| folded(&spot.name)))
                .filter(|name| !name.is_empty())
                .peekable();
            if places.peek().is_some() {
                return places.any(|name| name.contains(&wanted));
            }
            at = item.first.of().and_then(|of| chain.get(of));
        }
        false
    }

    fn bucket(&self, at: Stamp) -> usize {
        let span = self.to.ms_since(self.from).max(1);
        let buckets = i64::try_from(BUCKETS).unwrap_or(1);
        usize::try_from(at.ms_since(self.from) * buckets / span).unwrap_or(0).min(BUCKETS - 1)
    }
}

/// The four sectors, in the order of the model. Volume, times and trend are of what happened in the cut; what is open,
/// overdue or missing counts as of `now`, whenever it happened.
pub fn sectors(chain: &Chain, cut: &Cut, now: Stamp) -> Vec<SectorView> {
    let gaps = chain.gaps(now);
    let mut items: Vec<&Item> =
        chain.items().filter(|item| counts(item) && cut.is_here(chain, item)).collect();
    order::sort_by_key(&mut items, |item| item.id);
    let mut views = vec![];
    for sector in Sector::FOUR {
        let own: Vec<&Item> = items.iter().copied().filter(|item| item.form.sector == sector).collect();
        views.push(view(chain, sector, &own, &gaps, cut, now));
    }
    views
}

/// What each person or base writes about the standards says nothing of how a sector performs, and would drown what does.
fn is_of_everybody(item: &Item) -> bool {
    matches!(item.form.kind, Kind::GuidanceRead | Kind::GuidanceNoted | Kind::PlanStaffed)
}

fn view(chain: &Chain, sector: Sector, items: &[&Item], gaps: &[Gap], cut: &Cut, now: Stamp) -> SectorView {
    let mut view = SectorView {
        sector,
        volume: vec![],
        judged: Wait::default(),
        acted: Wait::default(),
        verified: Wait::default(),
        open: 0,
        overdue: 0,
        gaps: vec![],
        trend: [0; BUCKETS],
    };
    let (mut judged, mut acted, mut verified) = (vec![], vec![], vec![]);
    for item in items {
        let open = item.is_open();
        view.open += u32::from(open);
        let late = open && item.status() != Status::Done && item.deadline().is_some_and(|due| due < now);
        view.overdue += u32::from(late);
        if !cut.has(chain, item) || is_of_everybody(item) {
            continue;
        }
        add(&mut view.volume, item.form.name);
        view.trend[cut.bucket(item.happened())] += 1;
        let progress = item.progress();
        let since = |at: Stamp| at.ms_since(progress.reported).max(0);
        judged.extend(progress.judged.map(since));
        let first = chain.out_of(item.id).into_iter().find(|other| other.form.kind == Kind::ActionOpened);
        let Some(action) = first.or((item.form.kind == Kind::ActionOpened).then_some(*item)) else {
            continue;
        };
        let steps = action.progress();
        if action.id != item.id {
            acted.push(since(steps.reported));
        }
        verified.extend(steps.ended.map(|at| at.ms_since(steps.reported).max(0)));
    }
    (view.judged, view.acted, view.verified) = (wait(judged), wait(acted), wait(verified));
    view.gaps = gaps_here(chain, cut, gaps);
    view.gaps.retain(|(kind, _)| kind.sector() == sector);
    order::sort_by_key(&mut view.volume, |(name, count)| (std::cmp::Reverse(*count), *name));
    view
}

/// How many gaps of each kind there are where the cut is, those that exist.
pub fn gaps_here(chain: &Chain, cut: &Cut, gaps: &[Gap]) -> Vec<(GapKind, u32)> {
    let mut all = vec![];
    for kind in GapKind::ALL {
        let here =
            |gap: &&Gap| gap.kind == kind && chain.get(gap.item).is_some_and(|item| cut.is_here(chain, item));
        let count = u32::try_from(gaps.iter().filter(here).count()).unwrap_or(u32::MAX);
        if count > 0 {
            all.push((kind, count));
        }
    }
    all
}

/// The level of each area as it was last rated, the latest first.
pub fn levels(chain: &Chain) -> Vec<&Item> {
    latest_of_areas(chain.of_form("level"))
}

/// The first item of each area; one spelling or another is one area.
pub fn latest_of_areas(items: Vec<&Item>) -> Vec<&Item> {
    let mut areas: Vec<String> = vec![];
    let mut latest = vec![];
    for item in items {
        let area = folded(item.now.text("area").unwrap_or_default());
        if !areas.contains(&area) {
            areas.push(area);
            latest.push(item);
        }
    }
    latest
}

fn add(volume: &mut Vec<(&'static str, u32)>, name: &'static str) {
    match volume.iter_mut().find(|(known, _)| *known == name) {
        Some((_, count)) => *count += 1,
        None => volume.push((name, 1)),
    }
}

fn wait(mut spans: Vec<i64>) -> Wait {
    order::sort(&mut spans);
    let count = u32::try_from(spans.len()).unwrap_or(u32::MAX);
    Wait { count, median: spans.get(spans.len().saturating_sub(1) / 2).copied().unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::event::EventId;
    use crate::testing::build::{self, MORNING};
    use crate::view::chain::Said;
    use crate::view::movement::Report;

    const HOUR: u64 = 3_600;

    fn write(chain: &mut Chain, n: u64, by: &str, form: &str, data: &Value) -> EventId {
        let event = build::unsaved(by, n, build::filled(form, data)).into_event(n);
        let id = event.id;
        chain.take(Said::of(Report::of(&build::arrived(event, n, by)).unwrap()).unwrap());
        id
    }

    #[test]
    fn the_four_sectors_count_what_is_theirs() {
        let mut chain = Chain::default();
        let place = json!({"name": "Adré"});
        let threat = write(&mut chain, 0, "guard", "threat", &json!({"words": "a", "place": place}));
        let evaluation = json!({"record": threat.to_string(), "source": "B"});
        write(&mut chain, 6 * HOUR, "amina", "evaluation", &evaluation);
        let action = json!({"action": "protection_upgrade", "what": "w", "owner": {"name": "I", "user": "idriss"},
            "due": "2026-07-14T12:00:00Z", "of": threat.to_string()});
        let action = write(&mut chain, 8 * HOUR, "amina", "action", &action);
        let done = json!({"record": action.to_string(), "evidence": "e"});
        write(&mut chain, 9 * HOUR, "idriss", "done", &done);
        let holds = json!({"record": action.to_string(), "holds": "yes"});
        write(&mut chain, 10 * HOUR, "amina", "verified", &holds);
        write(&mut chain, 1, "amina", "risk", &json!({"what": "r", "area": "Mongo"}));
        let cut = Cut { from: MORNING, to: MORNING.plus_ms(7 * 86_400_000), ..Cut::default() };
        let all = sectors(&chain, &cut, MORNING.plus_ms(6 * 86_400_000));
        assert_eq!(all.iter().map(|one| one.sector).collect::<Vec<_>>(), Sector::FOUR);
        assert_eq!(all.iter().map(SectorView::total).collect::<Vec<_>>(), [1, 1, 0, 1]);
        let community = &all[1];
        let hours = |wait: Wait| (wait.count, wait.median / 3_600_000);
        assert_eq!((hours(community.judged), hours(community.acted)), ((1, 6), (1, 8)));
        assert_eq!((hours(community.verified), community.open), ((1, 2), 1));
        let there = Cut { area: "ADRE".into(), ..cut };
        assert_eq!(
            sectors(&chain, &there, MORNING).iter().map(SectorView::total).collect::<Vec<_>>(),
            [0, 1, 0, 1],
            "an action is where its threat is"
        );
        let since = Cut { from: MORNING.plus_ms(86_400_000), ..there };
        let later = &sectors(&chain, &since, MORNING)[1];
        assert_eq!((later.total(), later.open), (0, 1), "what is open is so whenever it began");
    }

    #[test]
    fn what_was_written_under_other_standards_is_another_cut() {
        let mut chain = Chain::default();
        let mut under = |n: u64, pack: &str, form: &str, data: serde_json::Value| {
            let mut event = build::unsaved("amina", n, build::filled(form, &data)).into_event(n);
            event.pack = pack.to_owned();
            chain.take(Said::of(Report::of(&build::arrived(event, n, "Amina")).unwrap()).unwrap());
        };
        under(1, "org.acme@1", "risk", json!({"what": "r"}));
        under(2, "org.acme@2", "risk", json!({"what": "s"}));
        under(3, "org.acme@2", "lack", json!({"what": "No lock"}));
        under(4, "org.acme@2", "reading", json!({"title": "Fire", "card": "fire", "revision": 1}));
        let totals = |pack: &str| {
            let cut = Cut {
                pack: pack.to_owned(),
                from: MORNING,
                to: MORNING.plus_ms(86_400_000),
                ..Cut::default()
            };
            sectors(&chain, &cut, MORNING).iter().map(SectorView::total).collect::<Vec<_>>()
        };
        assert_eq!(totals(""), [2, 0, 1, 0], "readings are no figure of a sector");
        assert_eq!(totals("org.acme@1"), [1, 0, 0, 0]);
        assert_eq!(totals("org.acme@2"), [1, 0, 1, 0]);
        assert_eq!(chain.packs(), ["org.acme@1", "org.acme@2"]);
    }

    #[test]
    fn an_empty_chain_has_empty_sectors_and_no_division_by_nothing() {
        let all = sectors(&Chain::default(), &Cut::default(), MORNING);
        assert!(all.iter().all(|view| view.total() == 0 && view.judged == Wait::default()));
    }
}
