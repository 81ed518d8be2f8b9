use super::{Chain, Item, newest_first};
use crate::event::{Kind, Stamp};
use crate::order;

/// Why somebody who judges reports is to look at one now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Press {
    /// Somebody needs help, and nobody has done anything about it as far as is known here.
    Help,
    /// What sets a moment that is ahead, or has just passed.
    Deadline,
    /// A threat that nobody has judged, or a warning or a rumour that nobody has answered.
    Unjudged,
}

const DAY_MS: i64 = 86_400_000;
/// What nobody has looked at for longer is a gap, and stands among those.
const FRESH_MS: i64 = 7 * DAY_MS;

impl Chain {
    /// What presses at this moment: who needs help first, then the nearest deadline, then the newest; no exercises.
    pub fn pressing(&self, now: Stamp) -> Vec<(Press, &Item)> {
        let mut items: Vec<&Item> = self.items().filter(|item| !item.exercise && item.is_open()).collect();
        newest_first(&mut items);
        let mut all = vec![];
        for item in items {
            all.extend(self.press(item, now).map(|press| (press, item)));
        }
        let nearest = |press: Press, item: &Item| item.deadline().filter(|_| press == Press::Deadline);
        order::sort_by_key(&mut all, |(press, item)| (*press, nearest(*press, item)));
        all
    }

    fn press(&self, item: &Item, now: Stamp) -> Option<Press> {
        let fresh = now.ms_since(item.by.at) < FRESH_MS;
        let deadline = item.now.moment("deadline").is_some_and(|at| now.ms_since(at) < DAY_MS);
        match item.form.kind {
            Kind::IncidentReported
                if fresh && item.now.yes("critical") && self.out_of(item.id).is_empty() =>
            {
                Some(Press::Help)
            }
            Kind::ThreatReported | Kind::CommunityHeard if deadline => Some(Press::Deadline),
            Kind::ThreatReported if fresh && item.evaluations().is_empty() => Some(Press::Unjudged),
            Kind::CommunityHeard
                if fresh && matches!(item.now.text("feedback"), Some("warning" | "rumour")) =>
            {
                Some(Press::Unjudged)
            }
            _ => None,
        }
    }
}
