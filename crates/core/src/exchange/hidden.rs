//! What may not be known: the items that an audience may not read, and whatever refers to them.

use std::collections::BTreeSet;

use super::Audience;
use crate::event::{EventId, UserId};
use crate::rules::Role;
use crate::rules::visibility::{Facts, Viewer, may_see};

/// What decides whether an item, or a link, may be known.
pub(super) struct Known {
    /// Its own id and those of the records that it was folded from.
    pub ids: Vec<EventId>,
    /// Everything that one of them refers to.
    pub references: Vec<EventId>,
    pub protected: bool,
    /// Whoever it is for wrote it, or has to do it.
    pub own: bool,
}

/// Adds to `hidden` every id of what the audience may not read, of what refers to it, and of what refers to that.
pub(super) fn spread(hidden: &mut BTreeSet<EventId>, all: &[Known], audience: Audience) {
    for known in all.iter().filter(|known| !may_read(known, audience)) {
        hidden.extend(&known.ids);
    }
    loop {
        let before = hidden.len();
        for known in all {
            if known.ids.iter().chain(&known.references).any(|id| hidden.contains(id)) {
                hidden.extend(&known.ids);
            }
        }
        if hidden.len() == before {
            return;
        }
    }
}

/// Whether nothing of the organisation is kept from it.
pub(super) fn sees_all(audience: Audience) -> bool {
    matches!(audience, Audience::Organisation(Role::Security | Role::Central))
}

pub(super) fn sees_own_only(audience: Audience) -> bool {
    matches!(audience, Audience::Organisation(role) if !role.watches())
}

/// By the rule that the server decides by. Areas were its business: a phone holds nothing of another's.
fn may_read(known: &Known, audience: Audience) -> bool {
    may_read_as(audience, known.own, known.protected)
}

pub(super) fn may_read_as(audience: Audience, own: bool, protected: bool) -> bool {
    let Audience::Organisation(role) = audience else { return !protected };
    let viewer = Viewer { org: "own".into(), user: "reader".into(), role, areas: vec![] };
    let author = if own { viewer.user.clone() } else { UserId::from("other") };
    let facts = Facts {
        org: &viewer.org,
        author: &author,
        protected,
        subject_author: None,
        tells_of_others: false,
        addressed: false,
        for_all_staff: false,
        crew: false,
        kept_from_crew: false,
        areas: &[],
    };
    may_see(&viewer, &facts)
}
