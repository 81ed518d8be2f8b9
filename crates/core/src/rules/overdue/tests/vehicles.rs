//! Each vehicle has a clock and a ladder of its own.

use super::*;

/// The stage of each vehicle's own ladder, and whether somebody is on it.
fn ladders(story: &Story, minute: i64) -> Vec<(String, &'static str, bool)> {
    let verdict = verdict(&story.movement(), at(minute));
    let words = |expected: &Expected| {
        (expected.due.silent.join("+"), expected.stage.code(), expected.acknowledged.is_some())
    };
    verdict.expected.iter().map(words).collect()
}

#[test]
fn a_vehicle_that_is_out_of_sight_is_watched_by_itself() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.heard("idriss", 30, |made| made.roll.separated = vec!["Mike 3".into()]);
    let due = dues(&story.movement()).remove(0);
    assert_eq!((due.at, due.silent), (at(60), vec!["Mike 3".to_owned()]));
    story.heard("idriss", 40, |_| {});
    assert_eq!(story.due(), Some(60), "the leader's next word is no sign of life of Mike 3");
    assert_eq!(story.movement().people().separated, ["Mike 3"]);
    story.heard("moussa", 50, |_| {});
    assert_eq!(story.due(), Some(100), "who is aboard speaks for it, and for nobody else");
    story.heard("moussa", 50, |made| made.roll.vehicles = vec!["Mike 3".into()]);
    assert_eq!(story.due(), Some(100), "both heard; Mike 2 is the one to be heard first");
    assert!(story.movement().separated.is_empty());
    story.heard("idriss", 80, |_| {});
    assert_eq!(story.due(), Some(140));
}

#[test]
fn a_second_vehicle_that_falls_silent_begins_a_ladder_of_its_own() {
    let ladder = |call: &str, stage, taken| (call.to_owned(), stage, taken);
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.heard("idriss", 15, |made| made.roll.separated = vec!["Mike 3".into()]);
    assert_eq!(ladders(&story, 71), [ladder("Mike 3", "2", false), ladder("Mike 2", "none", false)]);
    story.acknowledged("amina", 71, 60);
    assert_eq!(verdict(&story.movement(), at(72)).acknowledged().map(|by| by.name.as_str()), Some("amina"));
    // Mike 2, due at 75, does not come either: nobody is on that one, whatever is done about the first.
    assert_eq!(ladders(&story, 86), [ladder("Mike 2", "2", false), ladder("Mike 3", "2", true)]);
    assert_eq!(ladders(&story, 96), [ladder("Mike 2", "4", false), ladder("Mike 3", "2", true)]);
    let now = verdict(&story.movement(), at(96));
    assert_eq!((now.stage, now.acknowledged()), (Stage::Security, None));
    story.acknowledged("base", 97, 75);
    assert_eq!(ladders(&story, 98)[0], ladder("Mike 2", "4", true));
}

#[test]
fn what_settles_one_vehicle_settles_no_other() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.heard("idriss", 15, |made| made.roll.separated = vec!["Mike 3".into()]);
    let raised = |due, vehicle: &str| {
        let vehicles = vec![vehicle.to_owned()];
        Body::OverdueRaised(OverdueRaised { movement: story.id, due: at(due), vehicles })
    };
    let (first, second) = (raised(60, "Mike 3"), raised(75, "Mike 2"));
    story.tell("waymark", 70, 70, first);
    story.tell("waymark", 85, 85, second);
    let body = OverdueResolved {
        movement: story.id,
        due: at(75),
        vehicles: vec!["Mike 2".into()],
        how: crate::event::ResolvedHow::Contact,
        record: None,
        note: Some("seen in Farchana".into()),
        automatic: false,
    };
    story.tell("amina", 90, 90, Body::OverdueResolved(body));
    let words = dues(&story.movement());
    assert_eq!(words[0], Due { at: at(60), silent: vec!["Mike 3".into()] });
    assert_eq!(words[1], Due { at: at(150), silent: vec!["Mike 2".into()] });
    assert!(settled(&story.movement()).is_empty(), "the one is settled already, the other is still silent");
    let heard = story.heard("moussa", 100, |made| made.roll.vehicles = vec!["Mike 3".into()]);
    let expected = Settled { due: at(60), vehicles: vec!["Mike 3".into()], record: Some(heard) };
    assert_eq!(settled(&story.movement()), [expected]);
}

#[test]
fn two_vehicles_missed_at_one_moment_are_settled_each_by_itself() {
    let mut story = Story::new();
    story.heard("idriss", 0, |made| made.roll.separated = vec!["Mike 3".into()]);
    for vehicle in ["Mike 2", "Mike 3"] {
        let vehicles = vec![vehicle.to_owned()];
        let body = OverdueRaised { movement: story.id, due: at(60), vehicles };
        story.tell("waymark", 70, 70, Body::OverdueRaised(body));
    }
    story.heard("idriss", 80, |made| made.roll.vehicles = vec!["Mike 2".into(), "Mike 3".into()]);
    let open = |story: &Story| -> Vec<_> {
        settled(&story.movement()).into_iter().flat_map(|settled| settled.vehicles).collect()
    };
    assert_eq!(open(&story), ["Mike 2", "Mike 3"]);
    let body = OverdueResolved {
        movement: story.id,
        due: at(60),
        vehicles: vec!["Mike 2".into()],
        how: crate::event::ResolvedHow::Contact,
        record: None,
        note: None,
        automatic: true,
    };
    story.tell("waymark", 81, 81, Body::OverdueResolved(body));
    assert_eq!(open(&story), ["Mike 3"]);
}

#[test]
fn a_vehicle_that_is_missed_is_not_forgotten_with_the_plan() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.heard("idriss", 30, |made| made.roll.separated = vec!["Mike 3".into()]);
    let mut plan = build::plan();
    plan.vehicles[1].call_sign = "Mike 3A".into();
    let renamed = MovementRevised { movement: story.id, replaces: story.id, plan };
    story.tell("idriss", 35, 35, Body::MovementRevised(Box::new(renamed)));
    story.heard("idriss", 50, |_| {});
    assert_eq!(dues(&story.movement())[0], Due { at: at(60), silent: vec!["Mike 3".into()] });
    assert_eq!(story.movement().people().separated, ["Mike 3"]);
    let by = |author: &str, story: &mut Story| {
        let body = OverdueResolved {
            movement: story.id,
            due: at(60),
            vehicles: vec!["Mike 3".into()],
            how: crate::event::ResolvedHow::Mistake,
            record: None,
            note: Some("it is Mike 3A now".into()),
            automatic: false,
        };
        story.tell(author, 70, 70, Body::OverdueResolved(body));
    };
    by("idriss", &mut story);
    assert_eq!(story.movement().separated, ["Mike 3"], "nobody in the convoy says so");
    by("amina", &mut story);
    assert!(story.movement().separated.is_empty());
    assert!(dues(&story.movement()).iter().all(|due| !due.silent.contains(&"Mike 3".to_owned())));
}

#[test]
fn one_moment_of_two_vehicles_is_two_silences() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.heard("idriss", 15, |made| made.roll.separated = vec!["Mike 3".into()]);
    let body = OverdueAcknowledged { movement: story.id, due: at(75), vehicles: vec!["Mike 3".into()] };
    story.tell("amina", 86, 86, Body::OverdueAcknowledged(body));
    assert_eq!(
        verdict(&story.movement(), at(87)).acknowledged(),
        None,
        "Mike 2 was due then, and not Mike 3"
    );
}

#[test]
fn what_speaks_for_others_settles_nothing() {
    let mut story = Story::new();
    story.heard("idriss", 0, |_| {});
    story.heard("idriss", 15, |made| made.roll.separated = vec!["Mike 3".into()]);
    let vehicles = vec!["Mike 3".to_owned()];
    let raised = OverdueRaised { movement: story.id, due: at(60), vehicles: vehicles.clone() };
    story.tell("waymark", 70, 70, Body::OverdueRaised(raised));
    story.heard("idriss", 80, |_| {});
    story.tell("amina", 90, 90, build::closed(story.id));
    assert_eq!(settled(&story.movement()), [Settled { due: at(60), vehicles, record: None }]);
}

#[test]
fn a_vehicle_that_comes_along_is_expected_from_then_on() {
    let mut story = Story::new();
    story.heard("idriss", 0, |made| made.roll.vehicles = vec!["Mike 2".into(), "Mike 3".into()]);
    let mut plan = build::plan();
    plan.vehicles.push(crate::event::Vehicle { call_sign: "Mike 4".into(), plate: None, people: vec![] });
    let body = MovementRevised { movement: story.id, replaces: story.id, plan };
    story.tell("base", 40, 40, Body::MovementRevised(Box::new(body)));
    assert_eq!(story.due(), Some(60));
    story.heard("idriss", 50, |made| made.roll.vehicles = vec!["Mike 2".into(), "Mike 3".into()]);
    assert_eq!(story.due(), Some(100), "an hour after it was named");
}
