use std::collections::HashSet;

use super::{Chain, Item, Status, Way, newest_first};
use crate::event::form::Sector;
use crate::event::{EventId, Kind, Outcome, Stamp};
use crate::view::compliance::thing;

/// What the chain does not know, or what was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapKind {
    LossWithoutIncident,
    /// Was a threat received first? Who knew?
    IncidentWithoutThreat,
    /// Its deadline has passed, or a fortnight, and nobody has said what came of it.
    ThreatWithoutOutcome,
    /// Nobody has judged it for a day.
    ThreatNotEvaluated,
    FeedbackUnanswered,
    /// Something that should protect was found missing two days ago, and nobody has been asked to put it right.
    LackWithoutAction,
    ActionOverdue,
    /// Done for a week, and nobody else has looked.
    ActionUnverified,
}

impl GapKind {
    pub const ALL: [Self; 8] = [
        Self::LossWithoutIncident,
        Self::IncidentWithoutThreat,
        Self::ThreatWithoutOutcome,
        Self::ThreatNotEvaluated,
        Self::FeedbackUnanswered,
        Self::LackWithoutAction,
        Self::ActionOverdue,
        Self::ActionUnverified,
    ];

    /// The stable word for tests and assistive tools (`data-gap`), and the name of its words in the locales.
    pub fn code(self) -> &'static str {
        match self {
            Self::LossWithoutIncident => "loss_without_incident",
            Self::IncidentWithoutThreat => "incident_without_threat",
            Self::ThreatWithoutOutcome => "threat_without_outcome",
            Self::ThreatNotEvaluated => "threat_not_evaluated",
            Self::FeedbackUnanswered => "feedback_unanswered",
            Self::LackWithoutAction => "lack_without_action",
            Self::ActionOverdue => "action_overdue",
            Self::ActionUnverified => "action_unverified",
        }
    }

    /// In whose sector it is a failure.
    pub fn sector(self) -> Sector {
        match self {
            Self::ThreatWithoutOutcome | Self::ThreatNotEvaluated | Self::FeedbackUnanswered => {
                Sector::Community
            }
            Self::IncidentWithoutThreat | Self::LackWithoutAction => Sector::Protection,
            Self::LossWithoutIncident | Self::ActionOverdue | Self::ActionUnverified => Sector::Mitigation,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub kind: GapKind,
    pub item: EventId,
    /// Since when it is one.
    pub since: Stamp,
}

/// How threats and losses turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub threats: u32,
    pub open: u32,
    pub carried_out: u32,
    pub not_carried_out: u32,
    pub averted: u32,
    pub merged: u32,
    pub unknown: u32,
    pub incidents: u32,
    pub losses: u32,
    /// Losses that a measure averted.
    pub losses_averted: u32,
}

const DAY_MS: i64 = 86_400_000;
/// A threat without a deadline is expected to have shown by then what it was.
const THREAT_MS: i64 = 14 * DAY_MS;
/// The loop is to be closed within a week.
const ANSWER_MS: i64 = 7 * DAY_MS;
/// What is missing endangers people from the first day; two let a message cross a weekend.
const LACK_MS: i64 = 2 * DAY_MS;
const VERIFY_MS: i64 = 7 * DAY_MS;

fn lack_since(item: &Item) -> Stamp {
    item.happened().plus_ms(LACK_MS)
}

fn gap_of_lack(item: &Item, gaps: &mut Vec<Gap>) {
    gaps.push(Gap { kind: GapKind::LackWithoutAction, item: item.id, since: lack_since(item) });
}

impl Chain {
    /// Every gap at this moment, the oldest first; exercises and history from elsewhere have none.
    pub fn gaps(&self, now: Stamp) -> Vec<Gap> {
        let mut gaps = vec![];
        let mut items: Vec<&Item> = self.items().filter(|item| counts(item)).collect();
        newest_first(&mut items);
        let lacks = self.lacks_without_action(&items, now);
        for item in items.into_iter().rev() {
            self.gaps_of(item, now, &mut gaps);
            if lacks.contains(&item.id) {
                gap_of_lack(item, &mut gaps);
            }
        }
        gaps
    }

    /// What was noticed to be missing, and checklists with points that are not met, of which nobody has made an action. Of one
    /// house, car or person the last checklist counts.
    fn lacks_without_action(&self, newest_first: &[&Item], now: Stamp) -> HashSet<EventId> {
        let mut seen: HashSet<(&str, String, String)> = HashSet::new();
        let mut found = HashSet::new();
        for item in newest_first {
            let lacks = match item.form.kind {
                Kind::GapRaised => true,
                Kind::ChecklistCompleted => seen.insert(thing(item)) && !item.now.list("gaps").is_empty(),
                _ => false,
            };
            let acted = || self.out_of(item.id).iter().any(|other| other.form.kind == Kind::ActionOpened);
            if lacks && lack_since(item) <= now && !acted() {
                found.insert(item.id);
            }
        }
        found
    }

    fn gaps_of(&self, item: &Item, now: Stamp, gaps: &mut Vec<Gap>) {
        let mut gap = |kind, since: Stamp| {
            if since <= now {
                gaps.push(Gap { kind, item: item.id, since });
            }
        };
        let happened = item.happened();
        match item.form.kind {
            Kind::LossRecorded if !averted(item) && !self.came_of(item, &Kind::IncidentReported) => {
                gap(GapKind::LossWithoutIncident, happened);
            }
            Kind::IncidentReported
                if !item.is_answered_no() && !self.came_of(item, &Kind::ThreatReported) =>
            {
                gap(GapKind::IncidentWithoutThreat, happened);
            }
            Kind::ThreatReported if item.is_open() => {
                let deadline = item.now.moment("deadline").map(|at| at.plus_ms(DAY_MS));
                gap(GapKind::ThreatWithoutOutcome, deadline.unwrap_or(happened.plus_ms(THREAT_MS)));
                if item.evaluations().is_empty() {
                    gap(GapKind::ThreatNotEvaluated, item.progress().reported.plus_ms(DAY_MS));
                }
            }
            Kind::CommunityHeard if item.is_open() => {
                gap(GapKind::FeedbackUnanswered, happened.plus_ms(ANSWER_MS));
            }
            Kind::ActionOpened => match (item.status(), item.deadline(), item.done()) {
                (Status::Open, Some(due), _) => gap(GapKind::ActionOverdue, due),
                (Status::Done, _, Some(done)) => {
                    gap(GapKind::ActionUnverified, done.by.at.plus_ms(VERIFY_MS));
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Whether something of this kind caused it, that had happened before.
    fn came_of(&self, item: &Item, kind: &Kind) -> bool {
        let caused = |other: &&Item| other.form.kind == *kind && other.happened() <= item.latest();
        self.causes(item.id).iter().any(caused)
    }

    /// How threats and losses turned out that happened from `from` on and before `to`.
    pub fn tally(&self, from: Stamp, to: Stamp, wanted: &dyn Fn(&Item) -> bool) -> Tally {
        let mut tally = Tally::default();
        for item in self.items() {
            let at = item.happened();
            if !counts(item) || at < from || at >= to || !wanted(item) {
                continue;
            }
            match item.form.kind {
                Kind::ThreatReported => tally.count_threat(item),
                Kind::IncidentReported => tally.incidents += 1,
                Kind::LossRecorded if averted(item) => tally.losses_averted += 1,
                Kind::LossRecorded => tally.losses += 1,
                _ => {}
            }
        }
        tally
    }

    /// What has to be verified before an incident can be closed: actions that came of it, or of what came of it.
    pub fn open_actions(&self, incident: EventId) -> Vec<&Item> {
        let mut open = self.along(incident, Way::Forth);
        open.retain(|item| item.form.kind == Kind::ActionOpened && item.is_open());
        open
    }
}

impl Tally {
    fn count_threat(&mut self, item: &Item) {
        self.threats += 1;
        let count = match item.outcome() {
            None => &mut self.open,
            Some(Outcome::CarriedOut) => &mut self.carried_out,
            Some(Outcome::NotCarriedOut) => &mut self.not_carried_out,
            Some(Outcome::Averted) => &mut self.averted,
            Some(Outcome::Merged) => &mut self.merged,
            Some(Outcome::Unknown | Outcome::Other(_)) => &mut self.unknown,
        };
        *count += 1;
    }
}

impl Item {
    /// Whether whoever closed it said that no threat had been received.
    fn is_answered_no(&self) -> bool {
        self.end().is_some_and(|end| end.filled.text("warned") == Some("no"))
    }
}

/// Exercises and history from elsewhere are in no figure.
pub(crate) fn counts(item: &Item) -> bool {
    !item.exercise && !item.is_external()
}

fn averted(item: &Item) -> bool {
    item.now.text("loss") == Some("none_averted")
}
