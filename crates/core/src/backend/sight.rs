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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::script;
    use crate::event::{CheckinKind, EmergencyStep, Party, PeopleState, Tried, TryResult};
    use crate::rules::Role;
    use crate::testing::build;

    fn step_of(event: &Event) -> Event {
        let tried = Tried {
            stage: 1,
            to: Party::Leader,
            means: "HF".into(),
            result: TryResult::NoAnswer,
            note: None,
            automatic: false,
        };
        let body = Body::EmergencyStep(EmergencyStep { record: event.id, movement: None, tried });
        build::unsaved("base", 90, body).into_event(1)
    }

    /// The numbers of those that this person is shown.
    fn shown(events: &[Event], user: &str, role: Role) -> Vec<usize> {
        let records = events.iter().map(|event| Record::own(event.clone())).collect();
        let who = Session { user: user.into(), role, ..script::session() };
        let kept = sift(records, &who);
        let at = |record: &Record| events.iter().position(|event| event.id == record.event.id);
        kept.iter().filter_map(at).collect()
    }

    #[test]
    fn sources_and_what_refers_to_them_are_for_security() {
        let mut source =
            build::unsaved("amina", 1, build::checkin_body(PeopleState::Safe, "source")).into_event(1);
        source.extensions.insert("protected".into(), true.into());
        let about = build::unsaved("sec", 2, build::confirmation_of(&source)).into_event(1);
        let again = build::unsaved("sec", 3, build::confirmation_of(&about)).into_event(2);
        // In the order in which nothing can be told from what came before.
        let events = [again, about, source];
        assert_eq!(shown(&events, "base", Role::Manager), Vec::<usize>::new());
        assert_eq!(shown(&events, "other", Role::Security), [0, 1, 2]);
        assert_eq!(shown(&events, "amina", Role::Traveller), [1, 2], "what is said about one's own");
    }

    #[test]
    fn an_answer_to_what_is_not_known_here_is_shown() {
        let mine = build::checkin(1);
        let answer = build::unsaved("base", 2, build::confirmation_of(&mine)).into_event(1);
        assert_eq!(shown(std::slice::from_ref(&answer), "d1", Role::Traveller), [0], "of an earlier page");
        assert_eq!(shown(&[mine, answer], "hawa", Role::Traveller), Vec::<usize>::new(), "of somebody else");
    }

    #[test]
    fn a_movement_is_shown_to_whom_its_plan_names_or_where_that_is_not_known() {
        let plan = build::unsaved("planner", 1, build::planned(build::plan())).into_event(1);
        let heard = Body::CheckinMade(build::heard(plan.id, CheckinKind::Departed, PeopleState::Safe));
        let checkin = build::unsaved("idriss", 2, heard).into_event(1);
        let both = [plan, checkin.clone()];
        assert_eq!(shown(&both, "hawa", Role::Traveller), [0, 1]);
        assert_eq!(shown(&both, "amina", Role::Traveller), Vec::<usize>::new());
        assert_eq!(shown(&[checkin], "amina", Role::Traveller), [0]);
    }

    #[test]
    fn what_is_tried_about_an_emergency_is_for_those_who_watch() {
        let raised = build::unsaved("d1", 1, build::emergency_body()).into_event(1);
        let step = step_of(&raised);
        for events in [vec![step.clone()], vec![raised, step]] {
            let last = events.len() - 1;
            assert!(!shown(&events, "d1", Role::Traveller).contains(&last));
            assert!(!shown(&events, "hawa", Role::Traveller).contains(&last));
            assert!(shown(&events, "amina", Role::Manager).contains(&last));
        }
    }

    #[test]
    fn another_organisations_records_are_not_shown() {
        let mut event = build::checkin(1);
        event.source.org = "other".into();
        assert_eq!(shown(&[event], "d1", Role::Central), Vec::<usize>::new());
    }
}
