use super::*;
use crate::event::{CheckinKind, EmergencyAcknowledged, PeopleState, Position, PositionSource, Relayed};
use crate::sync::{Held, Placement};
use crate::testing::build::{self, MORNING};

struct Story {
    id: EventId,
    reports: Vec<Report>,
}

fn at(minute: i64) -> Stamp {
    MORNING.plus_ms(minute * 60_000)
}

impl Story {
    fn new() -> Self {
        let mut story = Self { id: EventId::new(0, [0; 10]), reports: vec![] };
        story.id = story.tell("base", -60, build::planned(build::plan())).id;
        story
    }

    fn tell(&mut self, author: &str, minute: i64, body: Body) -> Report {
        let count = self.reports.len() as u64 + 1;
        let mut unsaved = build::unsaved(author, count, body);
        unsaved.time = at(minute);
        let record = build::arrived(unsaved.into_event(count), count, author);
        let report = Report::of(&record).unwrap();
        self.reports.push(report.clone());
        report
    }

    fn heard(&mut self, author: &str, minute: i64, change: impl FnOnce(&mut CheckinMade)) -> Report {
        let mut made = build::heard(self.id, CheckinKind::Scheduled, PeopleState::Safe);
        change(&mut made);
        self.tell(author, minute, Body::CheckinMade(made))
    }

    fn confirmed(&mut self, author: &str, minute: i64, of: &Report) {
        let body =
            crate::event::CheckinConfirmed { record: of.id, digest: of.digest, movement: Some(self.id) };
        self.tell(author, minute, Body::CheckinConfirmed(body));
    }

    fn movement(&self) -> Movement {
        Movement::fold_here(self.id, &self.reports).unwrap()
    }
}

#[test]
fn unknown_is_a_state() {
    assert_eq!(Story::new().movement().people().state, PeopleState::Unknown);
    let lone = Movement::fold(EventId::new(1, [0; 10]), &[]);
    assert_eq!(lone, None, "no plan, no movement");
}

#[test]
fn the_worst_stands_until_somebody_answers_it() {
    let mut story = Story::new();
    let bad = story.heard("moussa", 10, |made| made.people = PeopleState::NotSafe);
    story.heard("idriss", 20, |_| {});
    let people = story.movement().people();
    assert_eq!((people.state, people.by.unwrap().name.as_str()), (PeopleState::NotSafe, "moussa"));
    assert_eq!(people.doubts.len(), 1, "idriss says otherwise, and that is shown");
    story.confirmed("moussa", 25, &bad);
    assert_eq!(story.movement().people().state, PeopleState::NotSafe, "nobody answers for themselves");
    story.confirmed("amina", 30, &bad);
    let people = story.movement().people();
    assert_eq!((people.state, people.doubts), (PeopleState::Safe, vec![]));
}

#[test]
fn whoever_said_it_may_take_it_back() {
    let mut story = Story::new();
    story.heard("moussa", 10, |made| made.people = PeopleState::NeedAssistance);
    story.heard("moussa", 20, |_| {});
    assert_eq!(story.movement().people().state, PeopleState::Safe);
}

#[test]
fn the_missing_are_named_until_they_are_found() {
    let mut story = Story::new();
    story.heard("idriss", 10, |made| {
        made.roll.missing = vec!["Hawa".into()];
        made.headcount = Some(2);
    });
    story.heard("moussa", 20, |made| made.headcount = Some(3));
    let people = story.movement().people();
    assert_eq!(people.missing, ["Hawa"]);
    assert_eq!(people.headcount.unwrap().0, 2, "the smaller count stands");
    story.heard("idriss", 30, |made| made.headcount = Some(3));
    let people = story.movement().people();
    assert!(people.missing.is_empty());
    assert_eq!(people.headcount.unwrap().0, 3);
}

#[test]
fn what_the_radio_room_writes_down_does_not_make_it_a_traveller() {
    let mut story = Story::new();
    story.heard("amina", 10, |made| {
        made.relayed = Some(Relayed { via: "HF".into(), said_by: Some("Idriss".into()) });
    });
    let movement = story.movement();
    assert!(!movement.travels(&"amina".into()));
    assert!(movement.travels(&"idriss".into()));
}

#[test]
fn duress_is_an_alarm_that_its_author_cannot_call_off() {
    let mut story = Story::new();
    let made = story.heard("idriss", 10, |made| made.duress = true);
    let over = crate::event::ResolveDraft { note: "all is well".into(), ..Default::default() };
    story.tell("idriss", 12, Body::EmergencyResolved(over.parse(made.id, Some(story.id)).unwrap()));
    let alarms = story.movement().alarms;
    assert!(alarms[0].duress && alarms[0].resolved.is_none() && alarms[0].acknowledged.is_none());
    let body = EmergencyAcknowledged { record: made.id, digest: made.digest, movement: Some(story.id) };
    story.tell("amina", 15, Body::EmergencyAcknowledged(body));
    let movement = story.movement();
    assert_eq!(movement.alarms[0].acknowledged.as_ref().unwrap().name, "amina");
    assert_eq!(
        movement.contacts[0].confirmed.as_ref().unwrap().name,
        "amina",
        "to its author, a confirmation"
    );
}

fn here(position: Position) -> (Option<Here>, Line) {
    let mut story = Story::new();
    story.heard("idriss", 60, |made| made.position = position);
    let line = story.movement().line(at(90));
    (line.here.clone(), line)
}

#[test]
fn the_odometer_alone_places_a_convoy() {
    let (here, line) = here(Position::Odometer { km: 60.0 });
    let here = here.unwrap();
    assert_eq!((here.along, here.km), (Some(0.4), Some(60.0)));
    assert_eq!(here.source, Source::Reported(PositionSource::Odometer));
    assert_eq!(line.stops.iter().map(|stop| stop.passed).collect::<Vec<_>>(), [true, false, false]);
    // Half an hour later, at the planned pace of 90 km in two hours.
    assert!((line.guess.unwrap() - 0.55).abs() < 1e-9);
    assert_eq!(line.stops[1].planned, Some(at(120)));
}

#[test]
fn a_figure_too_many_is_no_arrival() {
    let (found, line) = here(Position::Odometer { km: 9_999.0 });
    assert_eq!(found.unwrap().along, None);
    assert!(line.stops.iter().skip(1).all(|stop| !stop.passed));
}

#[test]
fn names_and_code_names_place_it_too() {
    let (found, line) = here(Position::Waypoint { name: " farchana".into() });
    assert_eq!(found.unwrap().along, Some(0.6));
    assert_eq!(line.stops[1].actual, Some(at(60)));
    let (found, _) = here(Position::CodeName { name: "Baker".into() });
    assert_eq!(found.unwrap().along, Some(0.0));
    let (found, line) = here(Position::Landmark { name: "two palms".into() });
    assert_eq!(found.unwrap().along, None, "shown in words, drawn nowhere");
    assert_eq!(line.guess, None);
    let (found, _) = here(Position::None);
    assert_eq!(found, None);
}

#[test]
fn a_gps_position_is_put_on_the_line_or_says_how_far_off_it_is() {
    let mut plan = build::plan();
    plan.legs[1].to.at = Some((13.466_48, 22.198_75));
    let mut story = Story { id: EventId::new(0, [0; 10]), reports: vec![] };
    story.id = story.tell("base", -60, build::planned(plan)).id;
    let mut gps = |minute, lat, lon| {
        story.heard("idriss", minute, |made| {
            made.position = Position::Gps { lat, lon, accuracy: 9.0, fixed: at(minute) };
        });
        story.movement().line(at(minute)).here.unwrap()
    };
    let half_way = gps(10, 13.647_8, 21.515_6);
    assert!((half_way.along.unwrap() - 0.5).abs() < 0.01, "{half_way:?}");
    assert_eq!(half_way.off_line_km, None);
    let astray = gps(20, 14.4, 21.5);
    assert!(astray.off_line_km.is_some_and(|km| (70.0..100.0).contains(&km)), "{astray:?}");
    let home = gps(30, 13.829, 20.832);
    assert_eq!(home.along, Some(0.0));
}

#[test]
fn late_at_one_place_is_expected_later_at_the_next() {
    let mut story = Story::new();
    story.heard("idriss", 5, |made| made.checkin = CheckinKind::Departed);
    story.heard("idriss", 150, |made| {
        made.checkin = CheckinKind::Waypoint;
        made.position = Position::Waypoint { name: "Farchana".into() };
    });
    let line = story.movement().line(at(151));
    assert_eq!(line.stops[0].actual, Some(at(5)));
    assert_eq!((line.stops[2].planned, line.stops[2].expected), (Some(at(200)), Some(at(230))));
    story.heard("idriss", 240, |made| made.checkin = CheckinKind::Arrived);
    let line = story.movement().line(at(400));
    assert_eq!(line.here.unwrap().along, Some(1.0));
    assert_eq!(line.guess, None, "who has arrived does not drive on");
    assert!(line.stops.iter().all(|stop| stop.passed));
}

#[test]
fn a_line_without_distances_or_times_is_drawn_in_even_steps() {
    let mut plan = build::plan();
    plan.legs[0].km = None;
    plan.legs[1].minutes = None;
    let mut story = Story { id: EventId::new(0, [0; 10]), reports: vec![] };
    story.id = story.tell("base", -60, build::planned(plan)).id;
    let line = story.movement().line(at(0));
    assert_eq!(line.stops.iter().map(|stop| stop.along).collect::<Vec<_>>(), [0.0, 0.5, 1.0]);
    assert_eq!(line.stops[2].planned, None);
    assert_eq!(line.here, None);
}

#[test]
fn a_drill_measures_how_soon_somebody_is_on_it() {
    let mut story = Story::new();
    let (movement, due) = (story.id, at(60));
    story.heard("idriss", 0, |_| {});
    story.tell(
        "waymark",
        70,
        Body::OverdueRaised(crate::event::OverdueRaised { movement, due, vehicles: vec![] }),
    );
    let response = |story: &Story| story.movement().responses().pop().unwrap();
    assert_eq!((response(&story).from, response(&story).took_ms), (at(70), None));
    let on_it = crate::event::OverdueAcknowledged { movement, due, vehicles: vec![] };
    story.tell("hawa", 71, Body::OverdueAcknowledged(on_it.clone()));
    assert_eq!(response(&story).took_ms, None, "hawa is in the convoy");
    story.tell("amina", 74, Body::OverdueAcknowledged(on_it));
    assert_eq!(response(&story).took_ms, Some(4 * 60_000));
    let raised = story.tell("idriss", 80, build::emergency_body());
    let last = story.movement().responses().pop().unwrap();
    assert_eq!((last.to, last.took_ms), (Call::Alarm { record: raised.id }, None));
}

#[test]
fn whoever_holds_the_phone_does_not_end_an_emergency() {
    let mut story = Story::new();
    let raised = story.tell("idriss", 10, build::emergency_body());
    let over = |story: &mut Story, author: &str, minute| {
        let draft = crate::event::ResolveDraft { note: "a mistake".into(), ..Default::default() };
        let movement = Some(story.id);
        story.tell(author, minute, Body::EmergencyResolved(draft.parse(raised.id, movement).unwrap()));
    };
    over(&mut story, "idriss", 11);
    over(&mut story, "hawa", 12);
    let movement = story.movement();
    assert_eq!(movement.open_alarms().count(), 1, "called off from within the convoy");
    assert_eq!(movement.alarms[0].called_off.as_ref().unwrap().name, "idriss");
    let on_it = |story: &Story| EmergencyAcknowledged {
        record: raised.id,
        digest: raised.digest,
        movement: Some(story.id),
    };
    let body = on_it(&story);
    story.tell("hawa", 13, Body::EmergencyAcknowledged(body));
    assert_eq!(story.movement().alarms[0].acknowledged, None, "hawa is in it herself");
    let body = on_it(&story);
    story.tell("amina", 14, Body::EmergencyAcknowledged(body));
    assert_eq!(story.movement().open_alarms().count(), 0, "somebody at the base has taken note");
}

/// The last record is on the phone that wrote it, and nowhere else.
fn unsent(story: &mut Story) {
    let last = story.reports.last_mut().unwrap();
    (last.received, last.told) = (None, false);
}

/// It has come to the base since.
fn sent(story: &mut Story, minute: i64) {
    let last = story.reports.last_mut().unwrap();
    (last.received, last.told) = (Some(at(minute)), true);
}

#[test]
fn the_base_counts_by_what_has_reached_it() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    assert_eq!(story.movement().at_base, AtBase::Alike);
    story.heard("idriss", 40, |_| {});
    unsent(&mut story);
    assert_eq!(story.movement().at_base, AtBase::By(at(60)), "the interval runs from what it has heard");
    // Sooner than it would have to be says the same to everybody.
    story.reports.pop();
    story.heard("idriss", 40, |made| made.next_in = Some(20));
    unsent(&mut story);
    assert_eq!(story.movement().at_base, AtBase::Alike);
    sent(&mut story, 50);
    story.heard("idriss", 50, |made| made.next_in = Some(5));
    unsent(&mut story);
    assert_eq!(
        story.movement().at_base,
        AtBase::By(at(60)),
        "nor does it know of a promise to be heard soon"
    );
}

#[test]
fn the_base_counts_on_where_a_closing_has_not_reached_it() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    let closed = build::closed(story.id);
    story.tell("idriss", 30, closed);
    unsent(&mut story);
    assert_eq!(story.movement().at_base, AtBase::By(at(60)));
    sent(&mut story, 31);
    assert_eq!(story.movement().at_base, AtBase::Alike);
    let (movement, replaces, plan) = (story.id, story.id, build::plan());
    let body = crate::event::MovementRevised { movement, replaces, plan };
    story.tell("idriss", 40, Body::MovementRevised(Box::new(body)));
    unsent(&mut story);
    assert_eq!(story.movement().at_base, AtBase::Nobody, "opened again, and nobody there knows");
}

#[test]
fn nobody_is_expected_where_no_plan_has_arrived() {
    let mut story = Story::new();
    unsent(&mut story);
    assert_eq!(story.movement().at_base, AtBase::NoPlan);
    story.heard("idriss", 5, |_| {});
    assert_eq!(story.movement().at_base, AtBase::NoPlan, "a check-in alone is no plan");
}

/// The leader handed the plan over before it was sent: the driver's phone received it, and the base did not.
#[test]
fn what_came_by_hand_has_told_the_base_nothing() {
    let planned = build::unsaved("leader", 1, build::planned(build::plan())).into_event(1);
    let held = |record, placement| Held { record, mine: false, placement };
    let given = crate::carry::record_of(planned.clone(), "Leader", at(1));
    let told = |held: &Held| Report::held(held, "Idriss").unwrap().told;
    assert!(!told(&held(given, Placement::Backend { acknowledged: None })));
    let read = build::arrived(planned, 7, "Leader");
    assert!(told(&held(read, Placement::Backend { acknowledged: None })));
}
