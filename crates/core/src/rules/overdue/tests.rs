#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // small numbers

mod any_order;
mod vehicles;

use super::*;
use crate::event::{
    Body, CheckinMade, Event, EventId, MovementRevised, OverdueAcknowledged, OverdueRaised, OverdueResolved,
    OverdueStep, Party, PeopleState, Plan, Tried, TryResult, WatchRules,
};
use crate::testing::build::{self, MORNING};
use crate::testing::random::Random;
use crate::view::movement::Report;

/// A movement that is written down event by event; times are minutes after [`MORNING`].
struct Story {
    id: EventId,
    reports: Vec<Report>,
    count: u64,
}

fn at(minute: i64) -> Stamp {
    MORNING.plus_ms(minute * 60_000)
}

impl Story {
    fn of(plan: Plan) -> Self {
        let mut story = Self { id: EventId::new(0, [0; 10]), reports: vec![], count: 0 };
        story.id = story.tell("base", -60, -60, build::planned(plan));
        story
    }

    fn new() -> Self {
        Self::of(build::plan())
    }

    /// `author` wrote it at one minute, and it arrived at another.
    fn tell(&mut self, author: &str, happened: i64, received: i64, body: Body) -> EventId {
        self.count += 1;
        let mut unsaved = build::unsaved(author, self.count, body);
        unsaved.time = at(happened);
        let event: Event = unsaved.into_event(self.count);
        let mut record = build::arrived(event, self.count, author);
        if let Some(arrival) = &mut record.arrival {
            arrival.received = at(received);
        }
        self.reports.extend(Report::of(&record));
        record.event.id
    }

    fn heard(&mut self, author: &str, minute: i64, change: impl FnOnce(&mut CheckinMade)) -> EventId {
        let mut made = build::heard(self.id, CheckinKind::Scheduled, PeopleState::Safe);
        change(&mut made);
        self.tell(author, minute, minute, Body::CheckinMade(made))
    }

    fn acknowledged(&mut self, author: &str, minute: i64, due: i64) {
        let body = OverdueAcknowledged { movement: self.id, due: at(due), vehicles: vec![] };
        self.tell(author, minute, minute, Body::OverdueAcknowledged(body));
    }

    fn step(&mut self, author: &str, minute: i64, due: i64, automatic: bool) {
        let tried = Tried {
            stage: 2,
            to: Party::Leader,
            means: "HF".into(),
            result: TryResult::NoAnswer,
            note: None,
            automatic,
        };
        let body = OverdueStep { movement: self.id, due: at(due), vehicles: vec![], tried };
        self.tell(author, minute, minute, Body::OverdueStep(body));
    }

    fn movement(&self) -> Movement {
        Movement::fold(self.id, &self.reports).unwrap()
    }

    /// The stage, and when the next one comes in minutes.
    fn look(&self, minute: i64) -> (&'static str, Option<i64>) {
        let verdict = verdict(&self.movement(), at(minute));
        let next = verdict.first().and_then(|first| first.next);
        (verdict.stage.code(), next.map(|next| next.at.ms_since(MORNING) / 60_000))
    }

    fn due(&self) -> Option<i64> {
        dues(&self.movement()).first().map(|due| due.at.ms_since(MORNING) / 60_000)
    }
}

#[test]
fn a_convoy_that_does_not_leave_is_noticed() {
    let story = Story::new();
    assert_eq!(story.look(-10), ("none", Some(0)));
    assert_eq!(story.look(0), ("0", Some(2)));
    assert_eq!(story.look(9), ("1", Some(10)));
    assert_eq!(story.look(10), ("2", Some(15)));
}

#[test]
fn a_word_on_the_evening_before_starts_nothing() {
    let mut story = Story::new();
    story.heard("idriss", -600, |_| {});
    assert_eq!(story.due(), Some(0), "they are expected to leave, not to report");
    story.heard("idriss", -20, |made| made.checkin = CheckinKind::Departed);
    assert_eq!(story.due(), Some(40), "unless they leave early");
}

#[test]
fn the_ladder_is_climbed_step_by_step_to_its_end() {
    let mut story = Story::new();
    story.heard("idriss", 0, |made| made.checkin = CheckinKind::Departed);
    assert_eq!(story.due(), Some(60));
    let stages: Vec<_> =
        [59, 60, 61, 62, 69, 70, 74, 75, 80, 85, 89, 90, 5_000].map(|minute| story.look(minute).0).into();
    assert_eq!(stages, ["none", "0", "0", "1", "1", "2", "2", "3", "4", "5", "5", "exhausted", "exhausted"]);
    assert_eq!(story.look(90).1, None);
}

#[test]
fn an_acknowledgement_holds_the_ladder_and_runs_out() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.acknowledged("amina", 72, 60);
    let verdict = verdict(&story.movement(), at(73));
    assert_eq!(verdict.acknowledged().map(|by| by.name.as_str()), Some("amina"));
    // Two minutes had been climbed; half an hour later the other three follow.
    assert_eq!(story.look(100), ("2", Some(105)));
    assert_eq!(story.look(104).0, "2");
    assert_eq!(story.look(105).0, "3");
    // Whoever is on it and goes on trying holds it longer.
    story.step("amina", 95, 60, false);
    assert_eq!(story.look(124), ("2", Some(128)));
    // What the server does by itself holds nothing.
    story.step("waymark", 120, 60, true);
    assert_eq!(story.look(128).0, "3");
}

#[test]
fn a_try_alone_holds_nothing() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.step("amina", 72, 60, false);
    assert_eq!(story.look(75).0, "3");
}

#[test]
fn the_first_acknowledgement_counts_and_nobody_answers_for_themselves() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.acknowledged("hawa", 71, 60);
    assert_eq!(verdict(&story.movement(), at(72)).acknowledged(), None, "hawa is in the convoy");
    story.acknowledged("moussa_at_base", 74, 60);
    story.acknowledged("amina", 73, 60);
    let by = verdict(&story.movement(), at(80)).acknowledged().cloned();
    assert_eq!(by.map(|by| by.name), Some("amina".into()));
    // Somebody who got in on the way answers for nobody either.
    let mut story = Story::new();
    story.heard("amina", 0, |_| {});
    story.acknowledged("amina", 71, 60);
    assert_eq!(verdict(&story.movement(), at(72)).acknowledged(), None);
}

#[test]
fn a_late_check_in_settles_it_and_says_when_it_had_happened() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    let raised = OverdueRaised { movement: story.id, due: at(60), vehicles: vec![] };
    story.tell("waymark", 70, 70, Body::OverdueRaised(raised));
    assert!(settled(&story.movement()).is_empty());
    let made = build::heard(story.id, CheckinKind::Scheduled, PeopleState::Safe);
    let late = story.tell("idriss", 58, 92, Body::CheckinMade(made));
    assert_eq!(story.due(), Some(118));
    assert_eq!(story.look(92).0, "none");
    assert_eq!(settled(&story.movement()), [Settled { due: at(60), vehicles: vec![], record: Some(late) }]);
    let body = OverdueResolved {
        movement: story.id,
        due: at(60),
        vehicles: vec![],
        how: crate::event::ResolvedHow::Contact,
        record: Some(late),
        note: None,
        automatic: true,
    };
    story.tell("waymark", 92, 92, Body::OverdueResolved(body));
    assert!(settled(&story.movement()).is_empty(), "said once");
    assert_eq!(story.due(), Some(118), "the check-in speaks for itself");
}

#[test]
fn a_silence_that_somebody_settles_begins_anew() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    let by_hand = |due| OverdueResolved {
        movement: story.id,
        due: at(due),
        vehicles: vec![],
        how: crate::event::ResolvedHow::Contact,
        record: None,
        note: Some("seen in Farchana".into()),
        automatic: false,
    };
    let (other, this) = (by_hand(0), by_hand(60));
    story.tell("amina", 80, 80, Body::OverdueResolved(other));
    assert_eq!(story.due(), Some(60), "that was about another check-in");
    story.tell("hawa", 81, 81, Body::OverdueResolved(this.clone()));
    assert_eq!(story.due(), Some(60), "hawa is in the convoy");
    story.tell("amina", 82, 82, Body::OverdueResolved(this));
    assert_eq!(story.due(), Some(142));
}

#[test]
fn closed_by_mistake_it_is_watched_again_from_where_it_was() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    let raised = OverdueRaised { movement: story.id, due: at(60), vehicles: vec![] };
    story.tell("waymark", 70, 70, Body::OverdueRaised(raised));
    story.tell("amina", 71, 71, build::closed(story.id));
    assert_eq!((story.due(), story.look(500).0), (None, "none"));
    let noticed = OverdueResolved {
        movement: story.id,
        due: at(60),
        vehicles: vec![],
        how: crate::event::ResolvedHow::Mistake,
        record: None,
        note: None,
        automatic: true,
    };
    story.tell("waymark", 71, 71, Body::OverdueResolved(noticed));
    let again = MovementRevised { movement: story.id, replaces: story.id, plan: build::plan() };
    story.tell("amina", 73, 73, Body::MovementRevised(Box::new(again)));
    assert_eq!((story.due(), story.look(75).0), (Some(60), "3"));
    story.tell("amina", 80, 80, build::closed(story.id));
    assert_eq!(story.due(), None);
}

#[test]
fn an_older_plan_that_arrives_late_does_not_close_it_again() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.tell("amina", 20, 20, build::closed(story.id));
    let revised = || MovementRevised { movement: story.id, replaces: story.id, plan: build::plan() };
    let (again, older) = (revised(), revised());
    story.tell("amina", 25, 25, Body::MovementRevised(Box::new(again)));
    story.tell("idriss", 10, 40, Body::MovementRevised(Box::new(older)));
    assert_eq!(story.due(), Some(60), "the older one is in force, and the movement open");
}

#[test]
fn a_plan_written_before_the_closing_opens_nothing() {
    let mut story = Story::new();
    story.tell("amina", 20, 20, build::closed(story.id));
    let late = MovementRevised { movement: story.id, replaces: story.id, plan: build::plan() };
    story.tell("idriss", 10, 90, Body::MovementRevised(Box::new(late)));
    assert_eq!(story.due(), None);
}

#[test]
fn whoever_a_plan_leaves_behind_may_answer_again() {
    let mut story = Story::new();
    story.heard("moussa", 0, |_| {});
    assert!(story.movement().travels(&"moussa".into()));
    let mut plan = build::plan();
    plan.vehicles[1].people.clear();
    let without = MovementRevised { movement: story.id, replaces: story.id, plan };
    story.tell("base", 10, 10, Body::MovementRevised(Box::new(without)));
    assert!(!story.movement().travels(&"moussa".into()));
    story.heard("moussa", 20, |_| {});
    assert!(story.movement().travels(&"moussa".into()), "they are on the road after all");
    // Somebody whom no plan ever named is not left behind by one.
    story.heard("amina", 5, |_| {});
    assert!(story.movement().travels(&"amina".into()));
}

#[test]
fn a_phone_of_the_convoy_takes_nobody_out_of_it() {
    let mut story = Story::new();
    story.heard("moussa", 0, |_| {});
    let mut plan = build::plan();
    plan.vehicles[1].people.clear();
    let without = MovementRevised { movement: story.id, replaces: story.id, plan };
    story.tell("moussa", 10, 10, Body::MovementRevised(Box::new(without)));
    let movement = story.movement();
    assert!(movement.travels(&"moussa".into()) && movement.ever_travelled(&"moussa".into()));
}

#[test]
fn who_is_left_behind_has_not_answered_for_the_time_before() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.acknowledged("moussa", 71, 60);
    let mut plan = build::plan();
    plan.vehicles[1].people.clear();
    let without = MovementRevised { movement: story.id, replaces: story.id, plan };
    story.tell("base", 72, 72, Body::MovementRevised(Box::new(without)));
    assert_eq!(verdict(&story.movement(), at(73)).acknowledged(), None);
    story.acknowledged("moussa", 74, 60);
    assert!(verdict(&story.movement(), at(75)).acknowledged().is_some());
    assert!(story.movement().ever_travelled(&"moussa".into()), "for a sign of duress it counts");
}

#[test]
fn no_plan_takes_a_convoy_out_of_the_watch() {
    let mut plan = build::plan();
    plan.watch =
        WatchRules { interval: u32::MAX, grace: u32::MAX, prompt: 0, step: u32::MAX, hold: u32::MAX };
    let mut story = Story::of(plan);
    story.heard("idriss", 0, |_| {});
    assert_eq!(story.due(), Some(12 * 60));
    assert!(verdict(&story.movement(), at(14 * 60)).stage.is_overdue());
    // Nor does a later departure, once they are on the road.
    let plan = Plan { depart: at(3_000), ..build::plan() };
    let body = MovementRevised { movement: story.id, replaces: story.id, plan };
    story.tell("idriss", 10, 10, Body::MovementRevised(Box::new(body)));
    assert_eq!(story.due(), Some(60));
}

#[test]
fn a_convoy_says_when_it_will_be_heard_next() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.heard("idriss", 30, |made| {
        made.checkin = CheckinKind::Halted;
        made.next_in = Some(180);
    });
    assert_eq!(story.due(), Some(210));
    story.heard("idriss", 40, |made| made.next_in = Some(u32::MAX));
    assert_eq!(story.due(), Some(40 + 36 * 60), "nobody puts themselves out of the watch");
}

#[test]
fn a_night_across_midnight_lasts_until_they_go_on() {
    let mut plan = build::plan();
    plan.legs[0].overnight_until = Some(at(14 * 60));
    let mut story = Story::of(plan);
    story.heard("idriss", 120, |made| made.checkin = CheckinKind::Overnight);
    assert_eq!(story.due(), Some(14 * 60));
    assert_eq!(story.movement().plan.plan.timetable()[2], Some(at(14 * 60 + 80)));
}

#[test]
fn the_watch_ends_when_somebody_closes_it_and_not_before() {
    let mut story = Story::new();
    story.heard("idriss", 200, |made| made.checkin = CheckinKind::Arrived);
    assert_eq!(story.due(), Some(260), "arrived is not out of the car");
    let body = build::closed(story.id);
    story.tell("idriss", 210, 210, body);
    assert_eq!(story.due(), None);
    assert_eq!(story.look(9_999), ("none", None));
    // What comes in later changes nothing.
    story.heard("hawa", 205, |_| {});
    story.heard("hawa", 300, |_| {});
    assert_eq!(story.due(), None);
}

#[test]
fn a_clock_from_the_future_does_not_put_off_the_watch() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    let made = build::heard(story.id, CheckinKind::Scheduled, PeopleState::Safe);
    story.tell("idriss", 600, 30, Body::CheckinMade(made));
    assert_eq!(story.due(), Some(90), "it has not happened after it was received");
}

#[test]
fn a_plan_revised_by_two_people_keeps_both() {
    let mut story = Story::new();
    let revise = |story: &mut Story, author: &str, happened, received, replaces, name: &str| {
        let plan = Plan { name: name.into(), ..build::plan() };
        let body = MovementRevised { movement: story.id, replaces, plan };
        story.tell(author, happened, received, Body::MovementRevised(Box::new(body)))
    };
    let first = story.id;
    revise(&mut story, "amina", -30, -10, first, "Later by the server");
    let early = revise(&mut story, "idriss", -29, -20, first, "Earlier by the server");
    let movement = story.movement();
    assert_eq!(movement.plan.plan.name, "Later by the server");
    assert_eq!(movement.others.iter().map(|version| version.id).collect::<Vec<_>>(), [early]);
    let current = movement.plan.id;
    revise(&mut story, "amina", -5, -5, current, "Both read");
    let movement = story.movement();
    assert_eq!(movement.plan.plan.name, "Both read");
    assert!(movement.others.is_empty(), "whoever wrote this has seen the other");
}

#[test]
fn rules_of_nothing_do_not_stop_the_clock() {
    let mut plan = build::plan();
    plan.watch = WatchRules { interval: 0, grace: 0, prompt: 0, step: 0, hold: 0 };
    plan.vehicles.clear();
    plan.legs.clear();
    plan.headcount = 0;
    let mut story = Story::of(plan);
    story.heard("idriss", 0, |_| {});
    assert_eq!(story.look(0).0, "2");
    assert_eq!(story.look(4).0, "exhausted", "a step has at least a minute");
    story.movement().line(at(5));
}
