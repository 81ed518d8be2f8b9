use super::{Entry, Movement};
use crate::event::{EventId, Stamp, minutes};

/// What somebody had to answer, and how long that took: what a drill measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub to: Call,
    /// When it called for somebody.
    pub from: Stamp,
    /// Milliseconds until the first person was on it; `None` as long as nobody is.
    pub took_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// The check-in that was due then.
    Overdue {
        due: Stamp,
    },
    Alarm {
        record: EventId,
    },
}

impl Movement {
    /// How soon people were on what went wrong, oldest first. An overdue counts from the end of the grace.
    pub fn responses(&self) -> Vec<Response> {
        let mut all: Vec<Response> = self
            .alarms
            .iter()
            .map(|alarm| Response {
                to: Call::Alarm { record: alarm.id },
                from: alarm.by.at,
                took_ms: alarm.acknowledged.as_ref().map(|by| by.at.ms_since(alarm.by.at).max(0)),
            })
            .collect();
        let mut seen: Vec<Stamp> = vec![];
        for raised in self.log.iter().filter(|entry| entry.entry == Entry::Raised) {
            if seen.iter().any(|due| crate::rules::overdue::is_same_due(*due, raised.due)) {
                continue;
            }
            seen.push(raised.due);
            let from = raised.due.plus_ms(minutes(self.plan.plan.watch.grace));
            let first = self.log.iter().find(|entry| {
                entry.entry == Entry::Acknowledged
                    && crate::rules::overdue::is_same_due(entry.due, raised.due)
                    && !self.travelled_at(&entry.by.user, entry.by.at)
            });
            all.push(Response {
                to: Call::Overdue { due: raised.due },
                from,
                took_ms: first.map(|entry| entry.by.at.ms_since(from).max(0)),
            });
        }
        crate::order::sort_by_key(&mut all, |response| response.from);
        all
    }
}
