//! What a phone keeps of a feed that does not keep apart what is for whom.
//!
//! This is for tidiness, and no protection: whoever holds the password of such a database can read all of it without this
//! app. What is not known here (who wrote a record of an earlier page, who travels) is taken for a reason to show: an
//! answer that nobody sees is worse than one too many.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::{Body, Event, EventId, Plan, Record, UserId};
use crate::rules::ingest::{
    addressee, area_of, is_for_all_staff, is_kept_from_crew, movement, references, subject_record,
};
use crate::rules::visibility::{Facts, Viewer, may_see};
use crate::sync::Session;

/// Those of `records` that [`crate::rules::visibility`] lets this person see, as far as these records tell.
pub(super) fn sift(records: Vec<Record>, session: &Session) -> Vec<Record> {
    let known = Known::of(&records);
    let viewer = Viewer {
        org: session.org.clone(),
        user: session.user.clone(),
        role: session.role,
        areas: session.areas.clone(),
    };
    records.into_iter().filter(|record| known.shows(&record.event, &viewer)).collect()
}

/// What the records of a page say of each other.
struct Known {
    authors: BTreeMap<EventId, UserId>,
    protected: BTreeSet<EventId>,
    /// Whom the plans name, by movement.
    crews: BTreeMap<EventId, BTreeSet<UserId>>,
}

impl Known {
    fn of(records: &[Record]) -> Self {
        let mut known = Self { authors: BTreeMap::new(), protected: BTreeSet::new(), crews: BTreeMap::new() };
        for Record { event, .. } in records {
            known.authors.insert(event.id, event.author.clone());
            if event.is_protected() {
                known.protected.insert(event.id);
            }
            let (id, plan) = match event.body() {
                Ok(Body::MovementPlanned(planned)) => (event.id, planned.plan),
                Ok(Body::MovementRevised(revised)) => (revised.movement, revised.plan),
                _ => continue,
            };
            known.crews.entry(id).or_default().extend(named(&plan));
        }
        loop {
            let before = known.protected.len();
            for Record { event, .. } in records {
                if references(event).iter().any(|id| known.protected.contains(id)) {
                    known.protected.insert(event.id);
                }
            }
            if known.protected.len() == before {
                return known;
            }
        }
    }

    fn shows(&self, event: &Event, viewer: &Viewer) -> bool {
        let kept_from_crew = is_kept_from_crew(event);
        // Those who watch are called by what the crew is not to have on its phones.
        let if_unknown = !(kept_from_crew && viewer.role.watches());
        let subject_author = subject_record(event).and_then(|subject| match self.authors.get(&subject) {
            Some(author) => Some(author),
            None => if_unknown.then_some(&viewer.user),
        });
        let crew = movement(event)
            .is_some_and(|id| self.crews.get(&id).map_or(if_unknown, |named| named.contains(&viewer.user)));
        let others = |id: &EventId| {
            self.protected.contains(id) && self.authors.get(id).is_some_and(|author| *author != viewer.user)
        };
        let areas: Vec<String> = area_of(event, &[]).into_iter().collect();
        may_see(
            viewer,
            &Facts {
                org: &event.source.org,
                author: &event.author,
                protected: self.protected.contains(&event.id),
                subject_author,
                tells_of_others: references(event).iter().any(others),
                addressed: addressee(event).as_ref() == Some(&viewer.user),
                for_all_staff: is_for_all_staff(event),
                crew,
                kept_from_crew,
                areas: &areas,
            },
        )
    }
}

fn named(plan: &Plan) -> impl Iterator<Item = UserId> {
    let aboard = plan.vehicles.iter().flat_map(|vehicle| &vehicle.people);
    let people = aboard.chain(&plan.on_foot).chain(&plan.leader);
    people.filter_map(|person| person.user.clone())
}
