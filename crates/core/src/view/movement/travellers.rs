use std::collections::{BTreeMap, BTreeSet};

use super::{Contact, Report, Version};
use crate::event::{Plan, Stamp, UserId};

/// Who travels, and since when somebody does no longer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Travellers {
    /// Named by any plan, or by their own check-ins.
    pub all: BTreeSet<UserId>,
    /// Left out by the plan in force, which somebody who stays behind wrote after they were last heard.
    pub left_behind: BTreeMap<UserId, Stamp>,
}

impl Travellers {
    pub fn of(plan: &Version, contacts: &[Contact], reports: &[&Report]) -> Self {
        let own = || contacts.iter().filter(|contact| contact.made.relayed.is_none());
        let mut all = BTreeSet::new();
        for plan in reports.iter().filter_map(|report| report.body.plan()) {
            all.extend(plan.crew());
        }
        all.extend(own().map(|contact| contact.by.user.clone()));
        // A phone of the convoy takes nobody out of it.
        if all.contains(&plan.by.user) {
            return Self { all, left_behind: BTreeMap::new() };
        }
        let aboard = plan.plan.crew();
        let named: BTreeSet<UserId> =
            reports.iter().filter_map(|report| report.body.plan()).flat_map(Plan::crew).collect();
        let heard_since =
            |user: &UserId| own().any(|contact| contact.by.user == *user && contact.by.at >= plan.by.at);
        let left = named.iter().filter(|user| !aboard.contains(user) && !heard_since(user));
        Self { left_behind: left.map(|user| (user.clone(), plan.by.at)).collect(), all }
    }

    pub fn travelled_at(&self, user: &UserId, at: Stamp) -> bool {
        self.all.contains(user) && self.left_behind.get(user).is_none_or(|since| at < *since)
    }
}
